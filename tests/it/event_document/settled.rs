//! What an event is once a document has been imported, said independently of the store: every value
//! that a document may leave open, filled in by the rules of `docs/event-documents.md`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use domain::Key;
use domain::action_item::{ActionItemState, ActionItemStatus};
use domain::appearance::AppearanceRole;
use domain::appointment_letter::LetterStatus;
use domain::event::{EventKind, EventState, EventStatus, EventVisibility};
use domain::event_document::{
    AppearanceEntry, AppearingKey, EventDocument, ItemEntry, ParticipantEntry, ReleaseEntry,
};
use domain::organization::OrganizationKind;
use domain::participant::{ParticipantCategory, ParticipantState, ParticipantStatus};
use domain::person::held_on;

/// What is there once `document` is all that is to be there, and `before` was there until then.
pub(super) fn settled(document: EventDocument, before: Option<&EventDocument>) -> EventDocument {
    let names = Names::of(&document);
    let frozen = before.map(Frozen::of).unwrap_or_default();
    let mut settled = document;

    let state_before = before.and_then(|before| before.status);
    let state = settled.status.or(state_before).unwrap_or(EventState::Draft);
    settled.status = Some(state);
    settled.cancellation_reason = match (state, before) {
        (EventState::Cancelled, Some(before)) if state_before == Some(state) => {
            before.cancellation_reason.clone()
        }
        (EventState::Cancelled, _) => settled.cancellation_reason,
        _ => None,
    };
    settled.kind.get_or_insert(EventKind::Other);
    // Nothing is shown to everybody because a document forgot to say that it is not.
    let visibility_before = before.and_then(|before| before.visibility);
    settled
        .visibility
        .get_or_insert(visibility_before.unwrap_or(EventVisibility::Public));
    for one in &mut settled.organizations {
        one.kind.get_or_insert(OrganizationKind::Other);
        one.founded_here = one.founded_here.filter(|founded| *founded);
    }

    settled.participants = participants(&settled, &names, &frozen);
    let order: BTreeMap<Key, usize> = settled
        .participants
        .iter()
        .enumerate()
        .map(|(place, one)| (one.person.clone(), place))
        .collect();
    for role in &mut settled.roles {
        let before = frozen
            .roles
            .get(&(role.organization.clone(), role.role.to_string()));
        role.printed_name.get_or_insert_with(|| match before {
            Some(name) => name.clone(),
            None => names.organizations[&role.organization].clone(),
        });
        // Delegates stand in the order of the participants, which is that of protocol.
        if let Some(delegation) = &mut role.delegation {
            delegation.delegates.sort_by_key(|person| order[person]);
        }
    }

    appearances(&mut settled.appearances, None, &names, &frozen);
    items(&mut settled.agenda, &names, &frozen);
    releases(&mut settled.releases);
    for letter in &mut settled.letters {
        letter.status.get_or_insert_with(|| {
            frozen
                .letters
                .get(&letter.key)
                .cloned()
                .unwrap_or(LetterStatus::Draft)
        });
    }
    for action in &mut settled.action_items {
        action.recurring = action.recurring.filter(|recurring| *recurring);
        action.status.get_or_insert_with(|| {
            frozen
                .action_items
                .get(&action.key)
                .copied()
                .unwrap_or(ActionItemState::Open)
        });
    }
    settled
}

/// The part of a document that is the event's own. (The directory belongs to the workspace.)
pub(super) fn own(document: &EventDocument) -> EventDocument {
    EventDocument {
        venues: Vec::new(),
        organizations: Vec::new(),
        people: Vec::new(),
        ..document.clone()
    }
}

/// The bodies that a document says were founded at its event.
pub(super) fn founded(document: &EventDocument) -> BTreeSet<Key> {
    let founded = document
        .organizations
        .iter()
        .filter(|one| one.founded_here == Some(true));
    founded.map(|one| one.key.clone()).collect()
}

/// Where a document asks for a step that its state machine does not allow, as paths in it.
pub(super) fn forbidden_steps(
    document: &EventDocument,
    before: &EventDocument,
) -> BTreeSet<String> {
    let now = DateTime::<Utc>::UNIX_EPOCH;
    let at = Some(now);
    let mut forbidden = BTreeSet::new();
    if let (Some(from), Some(to)) = (before.status, document.status) {
        let from = match from {
            EventState::Draft => EventStatus::Draft,
            EventState::Published => EventStatus::Published { at: now },
            EventState::Concluded => EventStatus::Concluded {
                published_at: now,
                at: now,
            },
            EventState::Cancelled => EventStatus::Cancelled {
                published_at: None,
                at: now,
                reason: None,
            },
        };
        if from.reach(to, now, None).is_err() {
            forbidden.insert("status".to_owned());
        }
    }
    for (place, one) in document.participants.iter().enumerate() {
        let from = before
            .participants
            .iter()
            .find(|known| known.person == one.person);
        if let (Some(from), Some(to)) = (from.and_then(|known| known.status), one.status)
            && ParticipantStatus::new(from, at).reach(to, at).is_err()
        {
            forbidden.insert(format!("participants[{place}].status"));
        }
    }
    for (place, one) in document.letters.iter().enumerate() {
        let from = before.letters.iter().find(|known| known.key == one.key);
        if let (Some(from), Some(to)) = (from.and_then(|known| known.status.clone()), &one.status)
            && from.reach(to).is_err()
        {
            forbidden.insert(format!("letters[{place}].status"));
        }
    }
    for (place, one) in document.action_items.iter().enumerate() {
        let from = before
            .action_items
            .iter()
            .find(|known| known.key == one.key);
        if let (Some(from), Some(to)) = (from.and_then(|known| known.status), one.status)
            && ActionItemStatus::new(from, at).reach(to, at).is_err()
        {
            forbidden.insert(format!("actionItems[{place}].status"));
        }
    }
    forbidden
}

/// Every keyed thing that is the event's own, by noun and key.
pub(super) fn things(document: &EventDocument) -> BTreeSet<(&'static str, String)> {
    let mut things = BTreeSet::new();
    let mut add = |noun: &'static str, keys: Vec<String>| {
        things.extend(keys.into_iter().map(|key| (noun, key)));
    };
    let text = |key: &Key| key.to_string();
    let roles = document.roles.iter();
    add(
        "role",
        roles
            .map(|one| format!("{} {}", one.role, one.organization))
            .collect(),
    );
    add(
        "group",
        document.groups.iter().map(|one| text(&one.key)).collect(),
    );
    add("participant", everyone(document).iter().map(text).collect());
    add(
        "track",
        document.tracks.iter().map(|one| text(&one.key)).collect(),
    );
    add(
        "letter",
        document.letters.iter().map(|one| text(&one.key)).collect(),
    );
    add(
        "action item",
        document
            .action_items
            .iter()
            .map(|one| text(&one.key))
            .collect(),
    );
    add(
        "report",
        document.reports.iter().map(|one| text(&one.key)).collect(),
    );
    add(
        "release",
        document.releases.iter().map(|one| text(&one.key)).collect(),
    );
    add(
        "award",
        document.awards.iter().map(|one| text(&one.key)).collect(),
    );
    add(
        "resolution",
        document
            .resolutions
            .iter()
            .map(|one| text(&one.key))
            .collect(),
    );
    let mut open: Vec<&ItemEntry> = document.agenda.iter().collect();
    while let Some(item) = open.pop() {
        add("item", vec![text(&item.key)]);
        add(
            "release",
            item.releases.iter().map(|one| text(&one.key)).collect(),
        );
        add(
            "award",
            item.awards.iter().map(|one| text(&one.key)).collect(),
        );
        add(
            "resolution",
            item.resolutions.iter().map(|one| text(&one.key)).collect(),
        );
        open.extend(&item.items);
    }
    things
}

/// Those who take part: those listed, then heads and delegates, then those who appear.
pub(super) fn everyone(document: &EventDocument) -> Vec<Key> {
    fn appearing(appearances: &[AppearanceEntry]) -> impl Iterator<Item = Key> {
        appearances.iter().filter_map(|one| match &one.who {
            AppearingKey::Person(key) => Some(key.clone()),
            AppearingKey::Organization(_) | AppearingKey::Group(_) => None,
        })
    }
    fn of_items(items: &[ItemEntry], all: &mut Vec<Key>) {
        for item in items {
            all.extend(appearing(&item.appearances));
            of_items(&item.items, all);
        }
    }
    let listed = document.participants.iter();
    let mut all: Vec<Key> = listed.map(|one| one.person.clone()).collect();
    for delegation in document
        .roles
        .iter()
        .filter_map(|role| role.delegation.as_ref())
    {
        all.extend(delegation.head.clone());
        all.extend(delegation.delegates.iter().cloned());
    }
    all.extend(appearing(&document.appearances));
    of_items(&document.agenda, &mut all);
    let mut seen = BTreeSet::new();
    all.retain(|person| seen.insert(person.clone()));
    all
}

fn participants(document: &EventDocument, names: &Names, frozen: &Frozen) -> Vec<ParticipantEntry> {
    let mut sent_by = BTreeMap::new();
    for role in &document.roles {
        let delegation = role.delegation.iter();
        let people = delegation.flat_map(|one| one.head.iter().chain(&one.delegates));
        sent_by.extend(people.map(|person| (person, &role.organization)));
    }
    let listed: BTreeMap<_, _> = document
        .participants
        .iter()
        .map(|one| (&one.person, one))
        .collect();
    let everyone = everyone(document).into_iter().map(|person| {
        let listed = listed.get(&person).copied();
        let before = frozen.participants.get(&person);
        let printed_name = listed.and_then(|one| one.printed_name.clone());
        let printed_posts = listed.and_then(|one| one.printed_posts.clone());
        let status = listed.and_then(|one| one.status);
        let representing = listed.and_then(|one| one.representing.clone());
        ParticipantEntry {
            category: listed
                .and_then(|one| one.category)
                .or(Some(ParticipantCategory::Regular)),
            status: status
                .or(before.map(|(status, ..)| *status))
                .or(Some(ParticipantState::Listed)),
            representing: representing.or_else(|| sent_by.get(&person).copied().cloned()),
            on_behalf_of: listed.and_then(|one| one.on_behalf_of.clone()),
            printed_name: printed_name
                .or_else(|| before.map(|(_, name, _)| name.clone()))
                .or_else(|| Some(names.people[&person].0.clone())),
            printed_posts: printed_posts
                .or_else(|| before.map(|(.., posts)| posts.clone()))
                .or_else(|| Some(names.people[&person].1.clone())),
            availability: listed
                .map(|one| one.availability.clone())
                .unwrap_or_default(),
            person,
        }
    });
    everyone.collect()
}

fn items(items_here: &mut [ItemEntry], names: &Names, frozen: &Frozen) {
    for item in items_here {
        appearances(&mut item.appearances, Some(&item.key), names, frozen);
        releases(&mut item.releases);
        items(&mut item.items, names, frozen);
    }
}

fn releases(releases: &mut [ReleaseEntry]) {
    for release in releases {
        release.recurring = release.recurring.filter(|recurring| *recurring);
    }
}

fn appearances(
    appearances: &mut [AppearanceEntry],
    item: Option<&Key>,
    names: &Names,
    frozen: &Frozen,
) {
    for one in appearances {
        let before =
            frozen
                .appearances
                .get(&(item.cloned(), one.who.clone(), one.role.to_string()));
        let (name, posts) = match before {
            Some(before) => before.clone(),
            None => match &one.who {
                AppearingKey::Person(key) => names.people[key].clone(),
                AppearingKey::Organization(key) => (names.organizations[key].clone(), Vec::new()),
                AppearingKey::Group(key) => (names.groups[key].clone(), Vec::new()),
            },
        };
        one.printed_name.get_or_insert(name);
        one.printed_posts.get_or_insert(posts);
    }
}

/// What people and things are called in a document, and the posts people hold on the first day.
struct Names {
    people: BTreeMap<Key, (String, Vec<String>)>,
    organizations: BTreeMap<Key, String>,
    groups: BTreeMap<Key, String>,
}

impl Names {
    fn of(document: &EventDocument) -> Self {
        let first_day: NaiveDate = document.time.starts_on;
        let people = document.people.iter().map(|one| {
            let held = one
                .posts
                .iter()
                .filter(|post| held_on(post.since, post.until, first_day));
            let held = held.map(|post| post.title.clone()).collect();
            (one.key.clone(), (one.name.clone(), held))
        });
        let organizations = document.organizations.iter();
        let groups = document.groups.iter();
        Self {
            people: people.collect(),
            organizations: organizations
                .map(|one| (one.key.clone(), one.name.main_text().to_owned()))
                .collect(),
            groups: groups
                .map(|one| (one.key.clone(), as_a_line(&one.description)))
                .collect(),
        }
    }
}

/// A passage of several lines is printed as one.
fn as_a_line(passage: &str) -> String {
    if passage.contains(['\n', '\t']) {
        passage.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        passage.to_owned()
    }
}

type Printed = (String, Vec<String>);

/// What was settled before, and stays where nobody says otherwise.
#[derive(Default)]
struct Frozen {
    roles: BTreeMap<(Key, String), String>,
    participants: BTreeMap<Key, (ParticipantState, String, Vec<String>)>,
    appearances: BTreeMap<(Option<Key>, AppearingKey, String), Printed>,
    letters: BTreeMap<Key, LetterStatus>,
    action_items: BTreeMap<Key, ActionItemState>,
}

impl Frozen {
    /// Of what was exported, and so leaves nothing open.
    fn of(before: &EventDocument) -> Self {
        let mut frozen = Self::default();
        for one in &before.roles {
            let name = one.printed_name.clone().expect("a printed name");
            frozen
                .roles
                .insert((one.organization.clone(), one.role.to_string()), name);
        }
        for one in &before.participants {
            let settled = (
                one.status.expect("a status"),
                one.printed_name.clone().expect("a printed name"),
                one.printed_posts.clone().expect("printed posts"),
            );
            frozen.participants.insert(one.person.clone(), settled);
        }
        for one in &before.letters {
            let status = one.status.clone().expect("a status");
            frozen.letters.insert(one.key.clone(), status);
        }
        for one in &before.action_items {
            frozen
                .action_items
                .insert(one.key.clone(), one.status.expect("a status"));
        }
        let mut appear = |item: Option<&Key>, appearances: &[AppearanceEntry]| {
            for one in appearances {
                let role: AppearanceRole = one.role;
                let printed = (
                    one.printed_name.clone().expect("a printed name"),
                    one.printed_posts.clone().expect("printed posts"),
                );
                frozen
                    .appearances
                    .insert((item.cloned(), one.who.clone(), role.to_string()), printed);
            }
        };
        appear(None, &before.appearances);
        let mut open: Vec<&ItemEntry> = before.agenda.iter().collect();
        while let Some(item) = open.pop() {
            appear(Some(&item.key), &item.appearances);
            open.extend(&item.items);
        }
        frozen
    }
}
