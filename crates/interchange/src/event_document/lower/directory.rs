//! Places, organizations and people, from what is written to what the domain knows.

use domain::event_document::{
    MembershipEntry, OrganizationEntry, PersonEntry, PostEntry, RoomEntry, VenueEntry,
};
use domain::problem::Path;

use super::{Lowering, each, line, lines, party, passage, value, word};
use crate::event_document::leaf::Line;
use crate::event_document::wire;

impl Lowering {
    pub(super) fn venue(&mut self, venue: wire::Venue, at: &Path) -> VenueEntry {
        VenueEntry {
            key: venue.key.0,
            name: venue.name.0.0,
            address: passage(venue.address),
            rooms: each(venue.rooms, &at.at("rooms"), |entry, at| {
                self.room(entry, at)
            }),
        }
    }

    fn room(&mut self, room: wire::Room, at: &Path) -> RoomEntry {
        RoomEntry {
            key: room.key.0,
            name: room.name.0.0,
            floor: line(room.floor),
            capacity: room.capacity,
            accessibility: passage(room.accessibility),
            availability: self.windows(room.availability, &at.at("availability")),
        }
    }

    pub(super) fn organization(
        &mut self,
        entry: wire::Organization,
        at: &Path,
    ) -> OrganizationEntry {
        OrganizationEntry {
            key: entry.key.0,
            kind: word(entry.kind),
            name: self.text(entry.name, &at.at("name")),
            aliases: lines(entry.aliases),
            parent: value(entry.parent),
            protocol_order: entry.protocol_order,
            founded_here: entry.founded_here,
            level: line(entry.level),
            goals: lines(entry.goals),
            memberships: entry.memberships.into_iter().map(membership).collect(),
        }
    }

    pub(super) fn person(&mut self, entry: wire::Person, at: &Path) -> PersonEntry {
        let names = entry.further_names.0.into_iter();
        let names = names.map(|(tag, name)| (tag, Line(name.0.0))).collect();
        PersonEntry {
            key: entry.key.0,
            name: entry.name.0.0,
            transcription: line(entry.transcription),
            further_names: self.by_language(names, &at.at("furtherNames")),
            email: line(entry.email),
            telephone: line(entry.telephone),
            language: value(entry.language),
            posts: entry.posts.into_iter().map(post).collect(),
        }
    }
}

fn membership(membership: wire::Membership) -> MembershipEntry {
    MembershipEntry {
        member: party(membership.member),
        post: line(membership.post),
        since: value(membership.since),
        until: value(membership.until),
        letter: value(membership.letter),
    }
}

fn post(post: wire::Post) -> PostEntry {
    PostEntry {
        title: post.title.0.0,
        organization: value(post.organization),
        since: value(post.since),
        until: value(post.until),
    }
}
