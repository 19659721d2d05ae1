//! The agenda, from what is written to what the domain knows.

use domain::event_document::{
    AppearanceEntry, AppearingKey, AwardEntry, ItemEntry, ReleaseEntry, ResolutionEntry, TrackEntry,
};
use domain::link::Link;
use domain::problem::Path;

use super::{Lowering, each, line, lines, party, value, values};
use crate::event_document::wire;

impl Lowering {
    pub(super) fn item(&mut self, item: wire::Item, at: &Path) -> ItemEntry {
        ItemEntry {
            key: item.key.0,
            kind: item.kind.0,
            title: self.optional_text(item.title, &at.at("title")),
            subtitle: self.optional_text(item.subtitle, &at.at("subtitle")),
            summary: self.optional_text(item.r#abstract, &at.at("abstract")),
            language: value(item.language),
            starts_at: self.time(item.starts_at, &at.at("startsAt")),
            ends_at: self.time(item.ends_at, &at.at("endsAt")),
            room: value(item.room),
            track: value(item.track),
            expected_audience: item.expected_audience,
            url: line(item.url),
            links: item.links.into_iter().map(link).collect(),
            attachments: item.attachments.into_iter().map(link).collect(),
            appearances: appearances(item.appearances),
            releases: each(item.releases, &at.at("releases"), |entry, at| {
                self.release(entry, at)
            }),
            awards: each(item.awards, &at.at("awards"), |entry, at| {
                self.award(entry, at)
            }),
            resolutions: item.resolutions.into_iter().map(resolution).collect(),
            items: each(item.items, &at.at("items"), |entry, at| {
                self.item(entry, at)
            }),
        }
    }

    pub(super) fn release(&mut self, release: wire::Release, at: &Path) -> ReleaseEntry {
        ReleaseEntry {
            key: release.key.0,
            title: self.text(release.title, &at.at("title")),
            kind: line(release.kind),
            url: line(release.url),
            recurring: release.recurring,
        }
    }

    pub(super) fn award(&mut self, award: wire::Award, at: &Path) -> AwardEntry {
        AwardEntry {
            key: award.key.0,
            kind: award.kind.0,
            title: self.text(award.title, &at.at("title")),
            level: line(award.level),
            citation: self.optional_text(award.citation, &at.at("citation")),
            grantors: values(award.grantors),
            recipients: award.recipients.into_iter().map(party).collect(),
        }
    }
}

/// The schema has seen to it that each names exactly one who appears.
pub(super) fn appearances(appearances: Vec<wire::Appearance>) -> Vec<AppearanceEntry> {
    let entry = |appearance: wire::Appearance| {
        let person = appearance.person.map(|key| AppearingKey::Person(key.0));
        let organization = appearance
            .organization
            .map(|key| AppearingKey::Organization(key.0));
        let group = appearance.group.map(|key| AppearingKey::Group(key.0));
        Some(AppearanceEntry {
            role: appearance.role.0,
            who: person.or(organization).or(group)?,
            on_behalf_of: appearance.on_behalf_of.map(party),
            printed_name: line(appearance.printed_name),
            printed_posts: appearance.printed_posts.map(lines),
        })
    };
    appearances.into_iter().filter_map(entry).collect()
}

fn link(link: wire::Link) -> Link {
    Link {
        url: link.url.0.0,
        title: line(link.title),
        kind: line(link.kind),
    }
}

pub(super) fn track(track: wire::Track) -> TrackEntry {
    TrackEntry {
        key: track.key.0,
        name: track.name.0.0,
        color: line(track.color),
    }
}

pub(super) fn resolution(resolution: wire::Resolution) -> ResolutionEntry {
    ResolutionEntry {
        key: resolution.key.0,
        text: resolution.text.0.0,
    }
}
