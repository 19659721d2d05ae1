//! What stands in somebody's calendar: an event, or one item of its agenda.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use domain::LanguageTag;
use domain::time::{DayPart, EventTime, TimeZone};

/// An entry of a calendar (VEVENT; RFC 5545, 3.6.1), as it is for everyone. Who is asked to come stands
/// beside it, in an [`Attendee`].
///
/// A text may hold anything; control characters are dropped where it is printed, and a blank one is
/// left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// By what it is known for ever, in mails, feeds and downloads alike (UID; RFC 7986, 5.3).
    pub uid: String,
    /// Raised when time, place or status change (SEQUENCE; RFC 5546, 2.1.4).
    pub sequence: u32,
    /// When it was first written down (CREATED; RFC 5545, 3.8.7.1).
    pub created: Option<DateTime<Utc>>,
    /// When anything about it was changed last (LAST-MODIFIED; RFC 5545, 3.8.7.3).
    pub last_modified: DateTime<Utc>,
    /// How sure it is.
    pub status: Status,
    /// When it is.
    pub when: When,
    /// The language of its texts (RFC 5545, 3.2.10).
    pub language: Option<LanguageTag>,
    /// What it is called (SUMMARY).
    pub summary: String,
    /// What there is to know, perhaps in several paragraphs (DESCRIPTION).
    pub description: Option<String>,
    /// Where, in words (LOCATION).
    pub location: Option<String>,
    /// Where, on the earth (GEO; RFC 5545, 3.8.1.6).
    pub position: Option<Position>,
    /// The page that tells more (URL).
    pub url: Option<String>,
    /// Its strands and kinds (CATEGORIES).
    pub categories: Vec<String>,
    /// Where to join it from afar (CONFERENCE; RFC 7986, 5.11).
    pub conference: Option<Conference>,
    /// Who convenes it, and hears of the answers (ORGANIZER). A calendar object that is sent or
    /// published has one, always (RFC 5546, 3.2).
    pub organizer: Organizer,
}

impl Entry {
    /// How it is sent to those who are asked to come. What is called off is never asked for: it is
    /// taken back.
    pub fn method(&self) -> Method {
        match self.status {
            Status::Tentative | Status::Confirmed => Method::Request,
            Status::Cancelled => Method::Cancel,
        }
    }
}

/// What a message does (METHOD; RFC 5546, 1.4): also the `method` of its media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Asks to come, or tells those asked what is otherwise.
    Request,
    /// Takes it back.
    Cancel,
}

impl Method {
    /// The word, as it stands in the object and in the media type.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        }
    }
}

/// How sure an entry is (STATUS; RFC 5545, 3.8.1.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// May take place.
    Tentative,
    /// Takes place.
    Confirmed,
    /// Called off, for everyone or for the one that it is sent to.
    Cancelled,
}

/// When an entry is, exactly as far as it is known.
///
/// No hour is ever guessed: a calendar that shows one is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// From one time to another, by the clocks of a zone.
    Span {
        /// Whose clocks.
        zone: TimeZone,
        /// When it begins.
        starts_at: NaiveDateTime,
        /// When it ends. What does not end later than it begins is told as [`When::Onset`].
        ends_at: NaiveDateTime,
    },
    /// From a time on; nobody knows until when. It has a DTSTART alone, so that by the letter (RFC
    /// 5545, 3.6.1) it ends when it begins: calendars show it at the right hour and as short as they
    /// can, and it blocks nothing. A length that was made up would move other appointments.
    Onset {
        /// Whose clocks.
        zone: TimeZone,
        /// When it begins.
        starts_at: NaiveDateTime,
    },
    /// On a day, or on several: an entry for the whole day that does not make anyone busy
    /// (TRANSP:TRANSPARENT; RFC 5545, 3.8.2.7). What makes them busy are the sessions.
    Days {
        /// The first.
        first: NaiveDate,
        /// The last; the first, if it is one day.
        last: NaiveDate,
    },
    /// In a part of a day: as [`When::Days`], and title and description name the part, in the reader's
    /// language.
    DayPart {
        /// The first day.
        first: NaiveDate,
        /// The last; the first, if it is one day.
        last: NaiveDate,
        /// Which part.
        part: DayPart,
    },
}

impl When {
    /// When an event is. Over several days it is an entry for whole days, even where the hours of its
    /// beginning and end are known: else it would seem to go on through the nights. A night that
    /// goes over midnight is no such thing.
    pub fn of_event(time: &EventTime) -> Self {
        let (first, last, zone) = (time.starts_on, time.ends_on, time.zone);
        let is_short = |start: NaiveDateTime, end: NaiveDateTime| {
            zone.instant(end) - zone.instant(start) < chrono::TimeDelta::days(1)
        };
        match (time.starts_at, time.ends_at, time.day_part) {
            (Some(starts_at), Some(ends_at), _)
                if first == last || is_short(starts_at, ends_at) =>
            {
                Self::Span {
                    zone,
                    starts_at,
                    ends_at,
                }
            }
            (Some(starts_at), None, _) if first == last => Self::Onset { zone, starts_at },
            (None, _, Some(part)) => Self::DayPart { first, last, part },
            (Some(_), _, _) | (None, _, None) => Self::Days { first, last },
        }
    }

    /// When an item of an agenda is, by the clocks of its event's zone. An item without a time has no
    /// place in a calendar.
    pub fn of_item(
        zone: TimeZone,
        starts_at: Option<NaiveDateTime>,
        ends_at: Option<NaiveDateTime>,
    ) -> Option<Self> {
        let starts_at = starts_at?;
        Some(match ends_at {
            Some(ends_at) => Self::Span {
                zone,
                starts_at,
                ends_at,
            },
            None => Self::Onset { zone, starts_at },
        })
    }
}

/// A place on the earth, in degrees (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// North of the equator.
    pub latitude: f64,
    /// East of Greenwich.
    pub longitude: f64,
}

/// Where to join from afar (RFC 7986, 5.11).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conference {
    /// The address: `https:`, `tel:`, `xmpp:`.
    pub url: String,
    /// What it is, for people.
    pub label: Option<String>,
}

/// Who convenes (RFC 5545, 3.8.4.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organizer {
    /// What they are called.
    pub name: Option<String>,
    /// Where answers go: the From or Reply-To of the mail.
    pub address: String,
    /// The address of the one who acts for them, if someone does (SENT-BY; RFC 5545, 3.2.18).
    pub sent_by: Option<String>,
}

/// Who is asked to come (RFC 5545, 3.8.4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendee {
    /// What they are called.
    pub name: Option<String>,
    /// Their address.
    pub address: String,
    /// What they do there.
    pub role: Role,
    /// What is known of their answer.
    pub answer: KnownAnswer,
}

/// What an attendee does there (ROLE; RFC 5545, 3.2.16).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Chairs it.
    Chair,
    /// Is needed.
    Required,
    /// May come.
    Optional,
    /// Is told of it.
    Informed,
}

/// What we know of an attendee's answer when we write to them (PARTSTAT; RFC 5545, 3.2.12). Who is not
/// sure yet is asked for an answer (RSVP; RFC 5545, 3.2.17), who is, is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownAnswer {
    /// None yet.
    Awaited,
    /// Perhaps.
    Tentative,
    /// They come.
    Accepted,
    /// They do not come.
    Declined,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(days: (&str, &str), times: (Option<&str>, Option<&str>)) -> EventTime {
        EventTime {
            zone: "Europe/Berlin".parse().unwrap(),
            starts_on: days.0.parse().unwrap(),
            ends_on: days.1.parse().unwrap(),
            day_part: None,
            starts_at: times.0.map(|time| time.parse().unwrap()),
            ends_at: times.1.map(|time| time.parse().unwrap()),
        }
    }

    #[test]
    fn an_event_is_as_exact_as_it_is_known() {
        let is_days = |time: &EventTime| matches!(When::of_event(time), When::Days { .. });
        let start = Some("2026-05-14T09:00:00");
        let one_day = ("2026-05-14", "2026-05-14");
        assert!(is_days(&event(one_day, (None, None))));
        let onset = When::of_event(&event(one_day, (start, None)));
        assert!(matches!(onset, When::Onset { .. }));
        let span = When::of_event(&event(one_day, (start, Some("2026-05-15T01:00:00"))));
        assert!(matches!(span, When::Span { .. }));

        let mut part = event(one_day, (None, None));
        part.day_part = Some(DayPart::Evening);
        assert!(matches!(When::of_event(&part), When::DayPart { .. }));
        part.starts_at = event(one_day, (start, None)).starts_at;
        assert!(matches!(When::of_event(&part), When::Onset { .. }));
    }

    #[test]
    fn days_are_not_filled_with_nights() {
        let days = ("2026-05-14", "2026-05-16");
        let start = Some("2026-05-14T09:00:00");
        let whole = When::Days {
            first: days.0.parse().unwrap(),
            last: days.1.parse().unwrap(),
        };
        assert_eq!(When::of_event(&event(days, (start, None))), whole);
        assert_eq!(
            When::of_event(&event(days, (start, Some("2026-05-16T17:00:00")))),
            whole
        );
        let night = ("2026-05-14", "2026-05-15");
        let night = event(
            night,
            (Some("2026-05-14T22:00:00"), Some("2026-05-15T04:00:00")),
        );
        assert!(matches!(When::of_event(&night), When::Span { .. }));
    }

    #[test]
    fn an_item_without_a_time_is_no_entry() {
        let zone = TimeZone::UTC;
        assert_eq!(When::of_item(zone, None, None), None);
        let starts_at = "2026-05-14T09:00:00".parse().unwrap();
        assert_eq!(
            When::of_item(zone, Some(starts_at), None),
            Some(When::Onset { zone, starts_at })
        );
    }
}
