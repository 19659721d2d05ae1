//! Entries that the tests print.

use chrono::{DateTime, Utc};
use domain::time::TimeZone;

use crate::{Attendee, Entry, KnownAnswer, Organizer, Role, Status, When};

pub(super) fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(super) fn zone(name: &str) -> TimeZone {
    name.parse().unwrap()
}

pub(super) fn span(name: &str, starts_at: &str, ends_at: &str) -> When {
    When::Span {
        zone: zone(name),
        starts_at: starts_at.parse().unwrap(),
        ends_at: ends_at.parse().unwrap(),
    }
}

/// An entry of which the least is known.
pub(super) fn entry(when: When) -> Entry {
    Entry {
        uid: "agi_0198f00000007000800000000000000a@example.org".to_owned(),
        sequence: 0,
        created: None,
        last_modified: moment("2026-03-01T08:30:00Z"),
        status: Status::Confirmed,
        when,
        language: None,
        summary: "Opening".to_owned(),
        description: None,
        location: None,
        position: None,
        url: None,
        categories: Vec::new(),
        conference: None,
        organizer: Organizer {
            name: None,
            address: "office@example.org".to_owned(),
            sent_by: None,
        },
    }
}

pub(super) fn attendee() -> Attendee {
    Attendee {
        name: Some("Ada Example".to_owned()),
        address: "ada@example.org".to_owned(),
        role: Role::Required,
        answer: KnownAnswer::Awaited,
    }
}
