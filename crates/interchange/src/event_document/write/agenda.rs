//! The agenda, as it is written.

use domain::event_document::{
    AppearanceEntry, AppearingKey, AwardEntry, ItemEntry, ReleaseEntry, ResolutionEntry, TrackEntry,
};
use domain::link::Link;

use super::{Writing, keys, line, lines, party, value};
use crate::event_document::leaf::{Line, OneOf, Passage, Written};
use crate::event_document::wire;

impl Writing<'_> {
    pub(super) fn item(&self, item: &ItemEntry) -> wire::Item {
        wire::Item {
            key: Written(item.key.clone()),
            kind: OneOf(item.kind),
            title: item.title.as_ref().map(|title| self.text(title, Line)),
            subtitle: item
                .subtitle
                .as_ref()
                .map(|subtitle| self.text(subtitle, Line)),
            r#abstract: item
                .summary
                .as_ref()
                .map(|summary| self.text(summary, Passage)),
            language: value(item.language.as_ref()),
            starts_at: self.time(item.starts_at),
            ends_at: self.time(item.ends_at),
            room: value(item.room.as_ref()),
            track: value(item.track.as_ref()),
            expected_audience: item.expected_audience,
            url: line(item.url.as_ref()),
            links: item.links.iter().map(link).collect(),
            attachments: item.attachments.iter().map(link).collect(),
            appearances: item.appearances.iter().map(appearance).collect(),
            releases: item
                .releases
                .iter()
                .map(|release| self.release(release))
                .collect(),
            awards: item.awards.iter().map(|award| self.award(award)).collect(),
            resolutions: item.resolutions.iter().map(resolution).collect(),
            items: item.items.iter().map(|item| self.item(item)).collect(),
        }
    }

    pub(super) fn release(&self, release: &ReleaseEntry) -> wire::Release {
        wire::Release {
            key: Written(release.key.clone()),
            title: self.text(&release.title, Line),
            kind: line(release.kind.as_ref()),
            url: line(release.url.as_ref()),
            recurring: release.recurring,
        }
    }

    pub(super) fn award(&self, award: &AwardEntry) -> wire::Award {
        wire::Award {
            key: Written(award.key.clone()),
            kind: OneOf(award.kind),
            title: self.text(&award.title, Line),
            level: line(award.level.as_ref()),
            citation: award
                .citation
                .as_ref()
                .map(|citation| self.text(citation, Passage)),
            grantors: keys(&award.grantors),
            recipients: award.recipients.iter().map(party).collect(),
        }
    }
}

pub(super) fn appearance(appearance: &AppearanceEntry) -> wire::Appearance {
    let (mut person, mut organization, mut group) = (None, None, None);
    match &appearance.who {
        AppearingKey::Person(key) => person = value(Some(key)),
        AppearingKey::Organization(key) => organization = value(Some(key)),
        AppearingKey::Group(key) => group = value(Some(key)),
    }
    wire::Appearance {
        role: OneOf(appearance.role),
        person,
        organization,
        group,
        on_behalf_of: appearance.on_behalf_of.as_ref().map(party),
        printed_name: line(appearance.printed_name.as_ref()),
        printed_posts: appearance.printed_posts.as_deref().map(lines),
    }
}

fn link(link: &Link) -> wire::Link {
    wire::Link {
        url: Written(Line(link.url.clone())),
        title: line(link.title.as_ref()),
        kind: line(link.kind.as_ref()),
    }
}

pub(super) fn track(track: &TrackEntry) -> wire::Track {
    wire::Track {
        key: Written(track.key.clone()),
        name: Written(Line(track.name.clone())),
        color: line(track.color.as_ref()),
    }
}

pub(super) fn resolution(resolution: &ResolutionEntry) -> wire::Resolution {
    wire::Resolution {
        key: Written(resolution.key.clone()),
        text: Written(Passage(resolution.text.clone())),
    }
}
