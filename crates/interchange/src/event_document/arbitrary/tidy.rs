//! Takes out of a random document what no document may say: the same thing twice.

use std::collections::BTreeSet;

use domain::Key;
use domain::event::EventState;
use domain::event_document::{
    AppearanceEntry, AppearingKey, AwardEntry, EventDocument, ItemEntry, PartyKey, ReleaseEntry,
    ResolutionEntry,
};
use domain::event_organization::EventOrganizationRole;

pub(super) fn tidy(mut document: EventDocument) -> EventDocument {
    if document.parent.as_ref() == Some(&document.key) {
        document.parent = None;
    }
    if document.status != Some(EventState::Cancelled) {
        document.cancellation_reason = None;
    }
    // Letters need somebody to appoint; without them nothing rests on one.
    if document.letters.is_empty() {
        let organizations = document.organizations.iter_mut();
        for membership in organizations.flat_map(|organization| &mut organization.memberships) {
            membership.letter = None;
        }
    }
    for organization in &mut document.organizations {
        once(&mut organization.memberships, |one| {
            (one.member.clone(), one.post.clone(), one.since)
        });
    }
    for person in &mut document.people {
        once(&mut person.posts, |post| {
            (post.title.clone(), post.organization.clone(), post.since)
        });
    }
    participation(&mut document);
    appearances(&mut document.appearances);

    let mut seen = Seen::default();
    seen.releases(&mut document.releases);
    seen.awards(&mut document.awards);
    seen.resolutions(&mut document.resolutions);
    seen.items(&mut document.agenda);
    once(&mut document.action_items, |entry| entry.key.clone());
    once(&mut document.reports, |entry| entry.key.clone());
    document
}

fn participation(document: &mut EventDocument) {
    once(&mut document.roles, |role| {
        (role.organization.clone(), role.role)
    });
    for role in &mut document.roles {
        if role.role != EventOrganizationRole::Attending {
            role.delegation = None;
        }
    }
    let mut delegates = BTreeSet::new();
    for delegation in document
        .roles
        .iter_mut()
        .filter_map(|role| role.delegation.as_mut())
    {
        delegation
            .head
            .take_if(|head| !delegates.insert(head.clone()));
        delegation
            .delegates
            .retain(|delegate| delegates.insert(delegate.clone()));
    }
    once(&mut document.participants, |participant| {
        participant.person.clone()
    });
    for participant in &mut document.participants {
        let person = PartyKey::Person(participant.person.clone());
        participant.on_behalf_of.take_if(|whom| *whom == person);
    }
}

fn appearances(appearances: &mut Vec<AppearanceEntry>) {
    once(appearances, |appearance| {
        (appearance.who.clone(), appearance.role)
    });
    for appearance in appearances {
        let same = match (&appearance.who, &appearance.on_behalf_of) {
            (AppearingKey::Person(who), Some(PartyKey::Person(whom)))
            | (AppearingKey::Organization(who), Some(PartyKey::Organization(whom))) => who == whom,
            _ => false,
        };
        if same {
            appearance.on_behalf_of = None;
        }
    }
}

fn once<T, K: Ord>(entries: &mut Vec<T>, key: impl Fn(&T) -> K) {
    let mut seen = BTreeSet::new();
    entries.retain(|entry| seen.insert(key(entry)));
}

/// The keys that were used in the agenda, whose things are told apart in the whole event.
#[derive(Default)]
struct Seen {
    items: BTreeSet<Key>,
    releases: BTreeSet<Key>,
    awards: BTreeSet<Key>,
    resolutions: BTreeSet<Key>,
}

impl Seen {
    fn items(&mut self, items: &mut Vec<ItemEntry>) {
        items.retain(|item| self.items.insert(item.key.clone()));
        for item in items {
            appearances(&mut item.appearances);
            self.releases(&mut item.releases);
            self.awards(&mut item.awards);
            self.resolutions(&mut item.resolutions);
            self.items(&mut item.items);
        }
    }

    fn releases(&mut self, releases: &mut Vec<ReleaseEntry>) {
        releases.retain(|release| self.releases.insert(release.key.clone()));
    }

    fn awards(&mut self, awards: &mut Vec<AwardEntry>) {
        awards.retain(|award| self.awards.insert(award.key.clone()));
        for award in awards {
            once(&mut award.recipients, PartyKey::clone);
        }
    }

    fn resolutions(&mut self, resolutions: &mut Vec<ResolutionEntry>) {
        resolutions.retain(|resolution| self.resolutions.insert(resolution.key.clone()));
    }
}
