//! From a schedule to an event document: what its texts mean, and what has no place.

mod item;
mod people;
mod places;
mod texts;
mod when;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::event::EventKind;
use domain::event_document::{EventDocument, ItemEntry};
use domain::problem::{Path, Problem};
use domain::text::LINE;
use domain::time::EventTime;
use domain::{LanguageTag, Slug};

use super::conflict::{Slot, Where, conflicts};
use super::oddity::{Oddities, OddityKind, Place, quoted};
use super::time::Moment;
use super::{Choices, Lowered, Schedule, impossible, key, time};

/// Makes an event document of a schedule. `oddities` are those that were found when it was read.
pub fn lower(
    schedule: &Schedule,
    choices: &Choices,
    mut oddities: Oddities,
) -> Result<Lowered, Vec<Problem>> {
    let problems = too_many(schedule);
    if !problems.is_empty() {
        return Err(problems);
    }
    let language = texts::language(schedule, choices, &mut oddities);
    let mut texts = texts::Texts::new(oddities, language.clone());
    let conference = &schedule.conference;
    let place = Place::Whole;
    let title = texts.localized(&conference.title, &language, LINE, &place, None);
    let slug = slug(
        schedule,
        choices,
        title.as_ref().map(domain::LocalizedText::main_text),
    );
    let clocks = when::Clocks::of(schedule, choices, &mut texts.oddities);
    let mut problems = Vec::new();
    if title.is_none() {
        problems.push(impossible("has no title of the conference"));
    } else if slug.is_none() {
        problems.push(Problem::invalid(
            &Path::root().at("slug"),
            "cannot be made of the acronym or the title: say which it is to be",
        ));
    }
    let times: Vec<_> = schedule
        .events
        .iter()
        .map(|event| clocks.times(event, &mut texts.oddities))
        .collect();
    let time = event_time(schedule, &clocks, &times, &mut texts.oddities);
    if time.is_none() {
        problems.push(impossible("has no day whose date can be read"));
    }
    let (Some(title), Some(slug), Some(time)) = (title, slug, time) else {
        return Err(problems);
    };

    let places = places::Places::of(schedule, &slug, title.main_text(), &mut texts);
    let mut people = people::People::of(schedule, &slug);
    let mut items = item::Items::default();
    for (event, time) in schedule.events.iter().zip(times) {
        items.add(event, time, &places, &mut people, &mut texts, conference);
    }
    let mut agenda = items.sorted(&places);
    overlaps(&agenda, &places, &people, &mut texts.oddities);

    let subtitle = texts.localized(&conference.subtitle, &language, LINE, &place, None);
    let description = texts.passage(&conference.description, &[], &language, &place, None);
    let mut keywords = Vec::new();
    for keyword in &conference.keywords {
        keywords.extend(texts.line(keyword, &place, None));
    }
    let locality = conference.city.as_deref();
    let document = EventDocument {
        kind: Some(EventKind::Conference),
        alternative_titles: Vec::new(),
        theme: texts::joined(subtitle, description),
        topics: keywords,
        locality: locality.and_then(|city| texts.line(city, &place, None)),
        venue: places.venue.as_ref().map(|venue| venue.key.clone()),
        venues: places.venue.into_iter().collect(),
        people: people.entries,
        tracks: places.tracks,
        agenda: agenda.drain(..).map(|(_, item)| item).collect(),
        key: slug,
        title,
        time,
        status: None,
        cancellation_reason: None,
        visibility: None,
        room: None,
        capacity: None,
        room_change_minutes: None,
        parent: None,
        series: None,
        organizations: Vec::new(),
        roles: Vec::new(),
        groups: Vec::new(),
        participants: Vec::new(),
        appearances: Vec::new(),
        releases: Vec::new(),
        awards: Vec::new(),
        letters: Vec::new(),
        resolutions: Vec::new(),
        action_items: Vec::new(),
        reports: Vec::new(),
    };
    Ok(Lowered {
        document,
        oddities: texts.oddities,
    })
}

/// The most entries of a kind: as many as an event document has.
const MOST: usize = 10_000;

/// What there is too much of. Looked at first, so that nothing that follows takes long.
fn too_many(schedule: &Schedule) -> Vec<Problem> {
    let events = schedule.events.iter();
    let links = |event: &super::Event| event.links.len() + event.attachments.len();
    [
        ("rooms", schedule.rooms.len()),
        ("tracks", schedule.tracks.len()),
        ("days", schedule.days.len()),
        ("events", schedule.events.len()),
        (
            "persons",
            events.clone().map(|event| event.persons.len()).sum(),
        ),
        ("links and attachments", events.map(links).sum()),
    ]
    .into_iter()
    .filter(|(_, count)| *count > MOST)
    .map(|(noun, _)| impossible(format!("has more than {MOST} {noun}")))
    .collect()
}

/// The slug: the one that was chosen, else the acronym, else made of the title.
fn slug(schedule: &Schedule, choices: &Choices, title: Option<&str>) -> Option<Slug> {
    let acronym = schedule.conference.acronym.as_deref();
    choices
        .slug
        .clone()
        .or_else(|| acronym.and_then(key::slug))
        .or_else(|| title.and_then(key::slug))
}

/// When the conference takes place: on all days that it, its days or its events name.
fn event_time(
    schedule: &Schedule,
    clocks: &when::Clocks,
    times: &[when::Times],
    oddities: &mut Oddities,
) -> Option<EventTime> {
    let conference = &schedule.conference;
    let (start, end) = (conference.start.as_deref(), conference.end.as_deref());
    let (start, end) = (start.and_then(time::moment), end.and_then(time::moment));
    let first = start.and_then(|start| clocks.date(start));
    let last = end.and_then(|end| clocks.date(end));
    // An event stands on a day, also if it begins in the small hours after it.
    let lived: Vec<NaiveDate> = clocks
        .days()
        .chain(
            times
                .iter()
                .filter_map(|one| one.day.or(one.starts_at.map(|at| at.date()))),
        )
        .collect();
    let all = || first.iter().chain(&last).chain(&lived).copied();
    let (starts_on, ends_on) = (all().min()?, all().max()?);
    if first.is_some_and(|first| first > starts_on) || last.is_some_and(|last| last < ends_on) {
        oddities.add(
            OddityKind::DaysContradict,
            &Place::Whole,
            None,
            format!("the conference says other days than {starts_on} to {ends_on}, which its events need"),
        );
    }
    let clock = |moment: Option<Moment>, day: NaiveDate| {
        let local = moment.and_then(|moment| clocks.local(moment));
        local.filter(|local| local.date() == day)
    };
    let starts_at = clock(start, starts_on);
    let ends_at = clock(end, ends_on).filter(|end| starts_at.is_some_and(|start| start <= *end));
    let mut time = EventTime {
        zone: clocks.zone,
        starts_on,
        ends_on,
        day_part: None,
        starts_at,
        ends_at,
    };
    // In the hour that the clocks show twice an end may seem to come before the beginning.
    if time.check().is_err() {
        time.ends_at = None;
    }
    Some(time)
}

/// Notes what is at two places at once, and what is in one room at once.
fn overlaps(
    agenda: &[(item::Source, ItemEntry)],
    places: &places::Places,
    people: &people::People,
    oddities: &mut Oddities,
) {
    let timed: Vec<_> = agenda
        .iter()
        .filter_map(|(source, item)| Some((source, item, item.starts_at?, item.ends_at?)))
        .collect();
    let slots: Vec<Slot<'_>> = timed
        .iter()
        .map(|(_, item, starts_at, ends_at)| Slot {
            room: item.room.as_ref().map(domain::Key::as_str),
            people: people::keys(item).collect(),
            starts_at: *starts_at,
            ends_at: *ends_at,
        })
        .collect();
    let names: BTreeMap<&str, &str> = places.names().chain(people.names()).collect();
    for conflict in conflicts(&slots) {
        let (Some(first), Some(second)) = (timed.get(conflict.first), timed.get(conflict.second))
        else {
            continue;
        };
        let (kind, key, verb) = match conflict.shared {
            Where::Room(key) => (OddityKind::RoomOverlap, key, "is used"),
            Where::Person(key) => (OddityKind::PersonInTwoPlaces, key, "is busy"),
        };
        let name = quoted(names.get(key).copied().unwrap_or(key));
        let message = format!(
            "begins at {} where {name} {verb} until {} by event {}",
            second.2, first.3, first.0.id
        );
        oddities.add(kind, &second.0.place, Some(&second.0.id), message);
    }
}

/// The language of the texts of an event: its own, else that of all.
fn language_of(written: Option<&str>, all: &LanguageTag) -> (Option<LanguageTag>, LanguageTag) {
    let own: Option<LanguageTag> = written.and_then(|tag| tag.trim().parse().ok());
    let texts = own.clone().unwrap_or_else(|| all.clone());
    (own, texts)
}
