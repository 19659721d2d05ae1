//! Places, organizations and people, as they are written.

use domain::event_document::{
    MembershipEntry, OrganizationEntry, PersonEntry, PostEntry, RoomEntry, VenueEntry,
};

use super::{Writing, line, lines, names, party, passage, value, word};
use crate::event_document::leaf::{Line, Written};
use crate::event_document::wire;

impl Writing<'_> {
    pub(super) fn venue(&self, venue: &VenueEntry) -> wire::Venue {
        wire::Venue {
            key: Written(venue.key.clone()),
            name: Written(Line(venue.name.clone())),
            address: passage(venue.address.as_ref()),
            rooms: venue.rooms.iter().map(|room| self.room(room)).collect(),
        }
    }

    fn room(&self, room: &RoomEntry) -> wire::Room {
        wire::Room {
            key: Written(room.key.clone()),
            name: Written(Line(room.name.clone())),
            floor: line(room.floor.as_ref()),
            capacity: room.capacity,
            accessibility: passage(room.accessibility.as_ref()),
            availability: self.windows(&room.availability),
        }
    }

    pub(super) fn organization(&self, entry: &OrganizationEntry) -> wire::Organization {
        wire::Organization {
            key: Written(entry.key.clone()),
            kind: word(entry.kind),
            name: self.text(&entry.name, Line),
            aliases: lines(&entry.aliases),
            parent: value(entry.parent.as_ref()),
            protocol_order: entry.protocol_order,
            founded_here: entry.founded_here,
            level: line(entry.level.as_ref()),
            goals: lines(&entry.goals),
            memberships: entry.memberships.iter().map(membership).collect(),
        }
    }
}

fn membership(membership: &MembershipEntry) -> wire::Membership {
    wire::Membership {
        member: party(&membership.member),
        post: line(membership.post.as_ref()),
        since: value(membership.since.as_ref()),
        until: value(membership.until.as_ref()),
        letter: value(membership.letter.as_ref()),
    }
}

pub(super) fn person(person: &PersonEntry) -> wire::Person {
    wire::Person {
        key: Written(person.key.clone()),
        name: Written(Line(person.name.clone())),
        transcription: line(person.transcription.as_ref()),
        further_names: names(&person.further_names),
        email: line(person.email.as_ref()),
        telephone: line(person.telephone.as_ref()),
        language: value(person.language.as_ref()),
        posts: person.posts.iter().map(post).collect(),
    }
}

fn post(post: &PostEntry) -> wire::Post {
    wire::Post {
        title: Written(Line(post.title.clone())),
        organization: value(post.organization.as_ref()),
        since: value(post.since.as_ref()),
        until: value(post.until.as_ref()),
    }
}
