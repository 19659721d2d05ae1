//! The people on stage. They stand in the directory that all events of a workspace share.

use std::collections::{BTreeMap, BTreeSet};

use domain::agenda::AgendaItemKind;
use domain::appearance::AppearanceRole;
use domain::event_document::{AppearanceEntry, AppearingKey, ItemEntry, PersonEntry};
use domain::{Key, Slug};

use super::texts::Texts;
use crate::schedule::oddity::{OddityKind, quoted};
use crate::schedule::{Event, Person, Schedule, key, kind};

/// The people of a schedule.
pub(super) struct People {
    /// Each once, in the order in which they come.
    pub(super) entries: Vec<PersonEntry>,
    places: BTreeMap<Key, usize>,
    /// The guids of those who go by their id elsewhere in the schedule.
    guids: BTreeMap<String, Key>,
    /// Who was told to have another name, and which.
    other_names: BTreeSet<(Key, String)>,
    slug: Slug,
}

impl People {
    pub(super) fn of(schedule: &Schedule, slug: &Slug) -> Self {
        let mut guids = BTreeMap::new();
        for person in schedule.events.iter().flat_map(|event| &event.persons) {
            let guid = person.guid.as_deref().and_then(key::of_guid);
            if let (Some(id), Some(guid)) = (&person.id, guid) {
                guids.entry(id.clone()).or_insert(guid);
            }
        }
        Self {
            entries: Vec::new(),
            places: BTreeMap::new(),
            guids,
            other_names: BTreeSet::new(),
            slug: slug.clone(),
        }
    }

    /// Who appears at an event.
    pub(super) fn appearances(
        &mut self,
        event: &Event,
        item: AgendaItemKind,
        texts: &mut Texts,
    ) -> Vec<AppearanceEntry> {
        let id = event.name();
        let mut appearances: Vec<AppearanceEntry> = Vec::new();
        for person in &event.persons {
            let Some(name) = person.name.as_deref() else {
                let kind = OddityKind::PersonWithoutName;
                let message = "a person has no name, and is left out";
                texts
                    .oddities
                    .add(kind, &person.place, id.as_deref(), message);
                continue;
            };
            let Some(name) = texts.line(name, &person.place, id.as_deref()) else {
                continue;
            };
            let Some(key) = self.key(person, &name, id.as_deref(), texts) else {
                continue;
            };
            let role = role(person, item, id.as_deref(), texts);
            let who = AppearingKey::Person(key);
            if appearances
                .iter()
                .any(|one| one.who == who && one.role == role)
            {
                let message = format!("{} stands here twice", quoted(&name));
                let kind = OddityKind::PersonTwice;
                texts
                    .oddities
                    .add(kind, &person.place, id.as_deref(), message);
                continue;
            }
            appearances.push(AppearanceEntry {
                role,
                who,
                on_behalf_of: None,
                // The schedule is what is printed.
                printed_name: Some(name),
                printed_posts: None,
            });
        }
        appearances
    }

    /// The key of a person, who is added to the others if they are new.
    fn key(
        &mut self,
        person: &Person,
        name: &str,
        event: Option<&str>,
        texts: &mut Texts,
    ) -> Option<Key> {
        let around = format!("{}-person", self.slug);
        let guid = person.guid.as_deref().and_then(key::of_guid);
        let by_id = person.id.as_deref();
        let guid = guid.or_else(|| self.guids.get(by_id?).cloned());
        let by_id = by_id.and_then(key::of_id);
        let by_id = by_id.and_then(|id| key::within(&around, &id));
        let nameless = guid.is_none() && by_id.is_none();
        let by_name = || key::within(&around, &key::of_name(name)?);
        let key = guid.or(by_id).or_else(by_name)?;
        if let Some(place) = self.places.get(&key) {
            let known = self.entries.get(*place).map(|entry| entry.name.as_str());
            if known != Some(name) && self.other_names.insert((key.clone(), name.to_owned())) {
                let message = format!(
                    "{} is called {} elsewhere",
                    quoted(name),
                    quoted(known.unwrap_or_default())
                );
                let kind = OddityKind::PersonNamesDiffer;
                texts.oddities.add(kind, &person.place, event, message);
            }
            return Some(key);
        }
        if nameless {
            let message = format!(
                "{} has neither guid nor id, and goes by the name",
                quoted(name)
            );
            let kind = OddityKind::PersonWithoutId;
            texts.oddities.add(kind, &person.place, event, message);
        }
        self.places.insert(key.clone(), self.entries.len());
        self.entries.push(PersonEntry {
            key: key.clone(),
            name: name.to_owned(),
            transcription: None,
            further_names: BTreeMap::new(),
            email: None,
            telephone: None,
            language: None,
            posts: Vec::new(),
        });
        Some(key)
    }

    /// The names of people by their keys.
    pub(super) fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        let entries = self.entries.iter();
        entries.map(|entry| (entry.key.as_str(), entry.name.as_str()))
    }
}

/// What a person does: what is said, else what people do at such an event.
fn role(
    person: &Person,
    item: AgendaItemKind,
    event: Option<&str>,
    texts: &mut Texts,
) -> AppearanceRole {
    if let Some(written) = &person.role {
        if let Some(role) = kind::role(written) {
            return role;
        }
        let kind = OddityKind::RoleUnknown;
        let message = format!("the role {} is not known: a speaker", quoted(written));
        texts.oddities.add(kind, &person.place, event, message);
    }
    if item == AgendaItemKind::Keynote {
        AppearanceRole::KeynoteSpeaker
    } else {
        AppearanceRole::Speaker
    }
}

/// The keys of the people at an item.
pub(super) fn keys(item: &ItemEntry) -> impl Iterator<Item = &str> {
    item.appearances.iter().filter_map(|one| match &one.who {
        AppearingKey::Person(key) => Some(key.as_str()),
        AppearingKey::Organization(_) | AppearingKey::Group(_) => None,
    })
}
