//! From what is written to what the domain knows: languages, times and states find their meaning.

mod agenda;
mod directory;
mod follow_up;

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use domain::availability::Window;
use domain::event_document::{
    DelegationEntry, EventDocument, GroupEntry, ParticipantEntry, PartyKey, RoleEntry, SeriesEntry,
};
use domain::problem::{Path, Problem, ProblemCode};
use domain::text::TextError;
use domain::time::EventTime;
use domain::{Key, LanguageTag, LocalizedText, Word};

use super::leaf::{Leaf, Line, LocalTime, OneOf, Passage, Written};
use super::wire;

/// The document in the words of the domain, and what in it makes no sense; something harmless
/// stands in the place of that. `language_unknown`: its language was told to be wrong before.
pub(super) fn lower(event: wire::Event, language_unknown: bool) -> (EventDocument, Vec<Problem>) {
    let root = Path::root();
    let mut lowering = Lowering {
        language: event.language.0.clone(),
        language_unknown,
        day: only_day(&event.time),
        problems: Vec::new(),
    };
    let document = lowering.event(event, &root);
    (document, lowering.problems)
}

/// The day of an event that lasts one day.
fn only_day(time: &wire::Time) -> Option<NaiveDate> {
    let first = time.starts_on.0;
    time.ends_on
        .as_ref()
        .is_none_or(|last| last.0 == first)
        .then_some(first)
}

struct Lowering {
    language: LanguageTag,
    language_unknown: bool,
    day: Option<NaiveDate>,
    problems: Vec<Problem>,
}

impl Lowering {
    fn event(&mut self, event: wire::Event, root: &Path) -> EventDocument {
        let title = self.text(event.title, &root.at("title"));
        let theme = self.optional_text(event.theme, &root.at("theme"));
        let time = self.event_time(event.time, &root.at("time"));
        let series = event.series.map(|series| SeriesEntry {
            key: series.key.0,
            title: self.text(series.title, &root.at("series").at("title")),
        });
        let venues = each(event.venues, &root.at("venues"), |entry, at| {
            self.venue(entry, at)
        });
        let organizations = each(
            event.organizations,
            &root.at("organizations"),
            |entry, at| self.organization(entry, at),
        );
        let people = each(event.people, &root.at("people"), |entry, at| {
            self.person(entry, at)
        });
        let participants = each(event.participants, &root.at("participants"), |entry, at| {
            self.participant(entry, at)
        });
        let agenda = each(event.agenda, &root.at("agenda"), |entry, at| {
            self.item(entry, at)
        });
        let releases = each(event.releases, &root.at("releases"), |entry, at| {
            self.release(entry, at)
        });
        let awards = each(event.awards, &root.at("awards"), |entry, at| {
            self.award(entry, at)
        });
        let letters = each(event.letters, &root.at("letters"), |entry, at| {
            self.letter(entry, at)
        });
        let reports = each(event.reports, &root.at("reports"), |entry, at| {
            self.report(entry, at)
        });
        EventDocument {
            key: event.key.0,
            kind: word(event.kind),
            status: word(event.status),
            cancellation_reason: passage(event.cancellation_reason),
            visibility: word(event.visibility),
            title,
            alternative_titles: lines(event.alternative_titles),
            theme,
            topics: lines(event.topics),
            locality: line(event.locality),
            time,
            venue: value(event.venue),
            room: value(event.room),
            capacity: event.capacity,
            room_change_minutes: event.room_change_minutes,
            parent: value(event.parent),
            series,
            venues,
            organizations,
            people,
            roles: event.roles.into_iter().map(role).collect(),
            groups: event.groups.into_iter().map(group).collect(),
            participants,
            appearances: agenda::appearances(event.appearances),
            tracks: event.tracks.into_iter().map(agenda::track).collect(),
            agenda,
            releases,
            awards,
            letters,
            resolutions: event
                .resolutions
                .into_iter()
                .map(agenda::resolution)
                .collect(),
            action_items: event
                .action_items
                .into_iter()
                .map(follow_up::action_item)
                .collect(),
            reports,
        }
    }

    fn event_time(&mut self, time: wire::Time, at: &Path) -> EventTime {
        EventTime {
            zone: time.time_zone.0,
            starts_on: time.starts_on.0,
            ends_on: value(time.ends_on).unwrap_or(time.starts_on.0),
            day_part: word(time.day_part),
            starts_at: self.time(time.starts_at, &at.at("startsAt")),
            ends_at: self.time(time.ends_at, &at.at("endsAt")),
        }
    }

    /// A time whose day may be left out where only one is possible.
    fn time(&mut self, time: Option<Written<LocalTime>>, at: &Path) -> Option<NaiveDateTime> {
        match (time?.0, self.day) {
            (LocalTime::On(time), _) => Some(time),
            (LocalTime::Clock(time), Some(day)) => Some(day.and_time(time)),
            (LocalTime::Clock(time), None) => {
                let time = time.format("%H:%M");
                let message = format!(
                    "must be written with its day, such as 2024-05-14T{time}: the event lasts several days"
                );
                self.problems.push(Problem::invalid(at, message));
                None
            }
        }
    }

    fn windows(&mut self, windows: Vec<wire::Window>, list: &Path) -> Vec<Window> {
        let windows = each(windows, list, |window, at| {
            let starts_at = self.time(Some(window.starts_at), &at.at("startsAt"));
            let ends_at = self.time(Some(window.ends_at), &at.at("endsAt"));
            Some(Window {
                starts_at: starts_at?,
                ends_at: ends_at?,
            })
        });
        windows.into_iter().flatten().collect()
    }

    fn participant(&mut self, participant: wire::Participant, at: &Path) -> ParticipantEntry {
        ParticipantEntry {
            person: participant.person.0,
            category: word(participant.category),
            status: word(participant.status),
            representing: value(participant.representing),
            on_behalf_of: participant.on_behalf_of.map(party),
            printed_name: line(participant.printed_name),
            printed_posts: participant.printed_posts.map(lines),
            availability: self.windows(participant.availability, &at.at("availability")),
        }
    }

    fn optional_text<T: Leaf>(
        &mut self,
        text: Option<wire::Text<T>>,
        at: &Path,
    ) -> Option<LocalizedText> {
        text.map(|text| self.text(text, at))
    }

    fn text<T: Leaf>(&mut self, text: wire::Text<T>, at: &Path) -> LocalizedText {
        let (main, texts) = match text {
            wire::Text::Plain(text) => {
                return LocalizedText::single(self.language.clone(), text.spell());
            }
            wire::Text::ByLanguage { main, texts } => (main, self.by_language(texts, at)),
        };
        let named = main.is_some();
        let first = texts.keys().next().cloned();
        let alone = texts.len() == 1 || self.language_unknown;
        let main = main.unwrap_or_else(|| self.language.clone());
        let main = match first {
            // One text has no other main language; and what was told is not told again.
            Some(first) if !named && alone && !texts.contains_key(&main) => first,
            _ => main,
        };
        LocalizedText::new(main.clone(), texts).unwrap_or_else(|_: TextError| {
            let message = if named {
                format!("must have a text in `{main}`, which `main` names")
            } else {
                format!(
                    "has no text in `{main}`, the language of the document: add one, or name the main \
                     language with `main: …`"
                )
            };
            self.problems.push(Problem::invalid(at, message));
            LocalizedText::single(main, "…")
        })
    }

    /// Tags in their customary case, each once.
    fn by_language<T: Leaf>(
        &mut self,
        texts: BTreeMap<String, T>,
        at: &Path,
    ) -> BTreeMap<LanguageTag, String> {
        let mut by_language = BTreeMap::new();
        for (written, text) in texts {
            // The schema has let language tags through alone.
            let Ok(tag) = LanguageTag::parse(&written) else {
                continue;
            };
            if by_language
                .insert(tag.clone(), text.spell().into_owned())
                .is_some()
            {
                self.problems.push(Problem {
                    code: ProblemCode::AlreadyExists,
                    path: at.at(written).0,
                    message: format!("is given twice: it is the same language tag as `{tag}`"),
                });
            }
        }
        by_language
    }
}

fn role(role: wire::Role) -> RoleEntry {
    RoleEntry {
        organization: role.organization.0,
        role: role.role.0,
        printed_name: line(role.printed_name),
        delegation: role.delegation.map(|delegation| DelegationEntry {
            quota: delegation.quota,
            head: value(delegation.head),
            liaison: value(delegation.liaison),
            due_at: value(delegation.due_at),
            returned_at: value(delegation.returned_at),
            delegates: values(delegation.delegates),
        }),
    }
}

fn group(group: wire::Group) -> GroupEntry {
    GroupEntry {
        key: group.key.0,
        description: group.description.0.0,
        expected_count: group.expected_count,
        organization: value(group.organization),
    }
}

fn party(party: wire::Party) -> PartyKey {
    match party {
        wire::Party::Person(key) => PartyKey::Person(key.0),
        wire::Party::Organization(key) => PartyKey::Organization(key.0),
    }
}

/// Reads the entries of a list, each with its path.
fn each<T, U>(entries: Vec<T>, list: &Path, mut read: impl FnMut(T, &Path) -> U) -> Vec<U> {
    entries
        .into_iter()
        .enumerate()
        .map(|(index, entry)| read(entry, &list.at(index)))
        .collect()
}

fn value<T>(written: Option<Written<T>>) -> Option<T> {
    written.map(|written| written.0)
}

fn values(written: Vec<Written<Key>>) -> Vec<Key> {
    written.into_iter().map(|written| written.0).collect()
}

fn line(written: Option<Written<Line>>) -> Option<String> {
    written.map(|written| written.0.0)
}

fn lines(written: Vec<Written<Line>>) -> Vec<String> {
    written.into_iter().map(|written| written.0.0).collect()
}

fn passage(written: Option<Written<Passage>>) -> Option<String> {
    written.map(|written| written.0.0)
}

fn word<T: Word>(written: Option<OneOf<T>>) -> Option<T> {
    written.map(|written| written.0)
}
