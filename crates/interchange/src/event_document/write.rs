//! From what the domain knows to YAML, in the order in which people read, without what is absent.

mod agenda;
mod directory;
mod follow_up;

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use domain::availability::Window;
use domain::event_document::{
    DelegationEntry, EventDocument, GroupEntry, ParticipantEntry, PartyKey, RoleEntry,
};
use domain::time::EventTime;
use domain::{Key, LanguageTag, LocalizedText, Word};

use super::leaf::{Line, LocalTime, OneOf, Passage, Written};
use super::wire;

/// Writes a document as YAML, as [`read`](super::read) reads it. Its language is that of its title.
pub fn write(document: &EventDocument) -> String {
    let writing = Writing {
        language: document.title.main_language(),
        day: (document.time.starts_on == document.time.ends_on).then_some(document.time.starts_on),
    };
    // Nothing in a document can fail to be spelled, and a string takes all that is written to it.
    serde_saphyr::to_string(&writing.event(document)).unwrap_or_default()
}

struct Writing<'a> {
    language: &'a LanguageTag,
    day: Option<NaiveDate>,
}

impl Writing<'_> {
    fn event(&self, document: &EventDocument) -> wire::Event {
        wire::Event {
            key: Written(document.key.clone()),
            kind: word(document.kind),
            status: word(document.status),
            cancellation_reason: passage(document.cancellation_reason.as_ref()),
            visibility: word(document.visibility),
            language: Written(self.language.clone()),
            title: self.text(&document.title, Line),
            alternative_titles: lines(&document.alternative_titles),
            theme: document
                .theme
                .as_ref()
                .map(|theme| self.text(theme, Passage)),
            topics: lines(&document.topics),
            locality: line(document.locality.as_ref()),
            time: self.event_time(&document.time),
            venue: value(document.venue.as_ref()),
            room: value(document.room.as_ref()),
            capacity: document.capacity,
            room_change_minutes: document.room_change_minutes,
            parent: value(document.parent.as_ref()),
            series: document.series.as_ref().map(|series| wire::Series {
                key: Written(series.key.clone()),
                title: self.text(&series.title, Line),
            }),
            venues: document
                .venues
                .iter()
                .map(|entry| self.venue(entry))
                .collect(),
            organizations: document
                .organizations
                .iter()
                .map(|entry| self.organization(entry))
                .collect(),
            people: document.people.iter().map(directory::person).collect(),
            roles: document.roles.iter().map(role).collect(),
            groups: document.groups.iter().map(group).collect(),
            participants: document
                .participants
                .iter()
                .map(|entry| self.participant(entry))
                .collect(),
            appearances: document
                .appearances
                .iter()
                .map(agenda::appearance)
                .collect(),
            tracks: document.tracks.iter().map(agenda::track).collect(),
            agenda: document.agenda.iter().map(|item| self.item(item)).collect(),
            releases: document
                .releases
                .iter()
                .map(|entry| self.release(entry))
                .collect(),
            awards: document
                .awards
                .iter()
                .map(|entry| self.award(entry))
                .collect(),
            letters: document.letters.iter().map(follow_up::letter).collect(),
            resolutions: document
                .resolutions
                .iter()
                .map(agenda::resolution)
                .collect(),
            action_items: document
                .action_items
                .iter()
                .map(follow_up::action_item)
                .collect(),
            reports: document.reports.iter().map(follow_up::report).collect(),
        }
    }

    fn event_time(&self, time: &EventTime) -> wire::Time {
        wire::Time {
            time_zone: Written(time.zone),
            starts_on: Written(time.starts_on),
            ends_on: (time.ends_on != time.starts_on).then_some(Written(time.ends_on)),
            day_part: word(time.day_part),
            starts_at: self.time(time.starts_at),
            ends_at: self.time(time.ends_at),
        }
    }

    fn windows(&self, windows: &[Window]) -> Vec<wire::Window> {
        let local = |time| Written(LocalTime::short(time, self.day));
        let windows = windows.iter().map(|window| wire::Window {
            starts_at: local(window.starts_at),
            ends_at: local(window.ends_at),
        });
        windows.collect()
    }

    fn participant(&self, participant: &ParticipantEntry) -> wire::Participant {
        wire::Participant {
            person: Written(participant.person.clone()),
            category: word(participant.category),
            status: word(participant.status),
            representing: value(participant.representing.as_ref()),
            on_behalf_of: participant.on_behalf_of.as_ref().map(party),
            printed_name: line(participant.printed_name.as_ref()),
            printed_posts: participant.printed_posts.as_deref().map(lines),
            availability: self.windows(&participant.availability),
        }
    }

    fn time(&self, time: Option<NaiveDateTime>) -> Option<Written<LocalTime>> {
        time.map(|time| Written(LocalTime::short(time, self.day)))
    }

    /// In the shortest form that loses nothing: one text in the language of the document is just
    /// that, and the main language is named where nothing else tells it.
    fn text<T>(&self, text: &LocalizedText, leaf: fn(String) -> T) -> wire::Text<T> {
        let main = text.main_language();
        let alone = text.texts().len() == 1;
        if alone && main == self.language {
            return wire::Text::Plain(leaf(text.main_text().to_owned()));
        }
        let texts = text.texts().iter();
        wire::Text::ByLanguage {
            main: (!alone && main != self.language).then(|| main.clone()),
            texts: texts
                .map(|(tag, text)| (tag.to_string(), leaf(text.clone())))
                .collect(),
        }
    }
}

fn role(role: &RoleEntry) -> wire::Role {
    wire::Role {
        organization: Written(role.organization.clone()),
        role: OneOf(role.role),
        printed_name: line(role.printed_name.as_ref()),
        delegation: role.delegation.as_ref().map(delegation),
    }
}

fn delegation(delegation: &DelegationEntry) -> wire::Delegation {
    wire::Delegation {
        quota: delegation.quota,
        head: value(delegation.head.as_ref()),
        liaison: value(delegation.liaison.as_ref()),
        due_at: value(delegation.due_at.as_ref()),
        returned_at: value(delegation.returned_at.as_ref()),
        delegates: keys(&delegation.delegates),
    }
}

fn group(group: &GroupEntry) -> wire::Group {
    wire::Group {
        key: Written(group.key.clone()),
        description: Written(Passage(group.description.clone())),
        expected_count: group.expected_count,
        organization: value(group.organization.as_ref()),
    }
}

fn party(party: &PartyKey) -> wire::Party {
    match party {
        PartyKey::Person(key) => wire::Party::Person(Written(key.clone())),
        PartyKey::Organization(key) => wire::Party::Organization(Written(key.clone())),
    }
}

fn names(names: &BTreeMap<LanguageTag, String>) -> wire::Names {
    let names = names.iter();
    wire::Names(
        names
            .map(|(tag, name)| (tag.to_string(), Written(Line(name.clone()))))
            .collect(),
    )
}

fn value<T: Clone>(value: Option<&T>) -> Option<Written<T>> {
    value.cloned().map(Written)
}

fn keys(keys: &[Key]) -> Vec<Written<Key>> {
    keys.iter().cloned().map(Written).collect()
}

fn line(text: Option<&String>) -> Option<Written<Line>> {
    text.map(|text| Written(Line(text.clone())))
}

fn lines(texts: &[String]) -> Vec<Written<Line>> {
    texts
        .iter()
        .map(|text| Written(Line(text.clone())))
        .collect()
}

fn passage(text: Option<&String>) -> Option<Written<Passage>> {
    text.map(|text| Written(Passage(text.clone())))
}

fn word<T: Word>(word: Option<T>) -> Option<OneOf<T>> {
    word.map(OneOf)
}
