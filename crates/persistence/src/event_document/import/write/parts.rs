//! Writing what belongs to the event itself: who takes part, the agenda, awards, letters, and
//! what remains of it.

/// Rows by their keys, and the ids that the keys stand for.
macro_rules! keyed {
    ($writing:ident, $on:ident, $table:ident) => {{
        let rows = all::<$table::Entity>($writing, $on).await?;
        let mut by_key = Vec::with_capacity(rows.len());
        for row in rows {
            by_key.push((key(row.external_id.as_ref(), row.id.0)?, row));
        }
        by_key
    }};
}

/// The id of a keyed row: its own, or a new one.
macro_rules! own_or_new {
    ($writing:ident, $existing:expr) => {
        match $existing {
            Some(row) => row.id,
            None => DbId($writing.store.mint()?),
        }
    };
}

/// The key that a row is stored with: its own, even if none; for a new row the document's.
macro_rules! stored_key {
    ($existing:expr, $entry:expr) => {
        match $existing {
            Some(row) => row.external_id.clone(),
            None => Some(Spelled($entry.key.clone())),
        }
    };
}

mod agenda;
mod follow_up;
mod participation;

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::Key;
use domain::appearance::{AppearanceRole, Appearing};
use domain::event_document::{EventDocument, OrganizationEntry, PersonEntry};
use domain::event_organization::EventOrganizationRole;
use domain::id::{AgendaItemId, AwardId, OrganizationId, PersonId, kind};
use domain::organization::Party;
use domain::person::held_on;
use domain::problem::Path;
use domain::text::{LINE, line};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{Writing, place};
use crate::column::DbId;
use crate::entity::agenda::{agenda_item, appearance, release, track};
use crate::entity::ceremony::{
    appointment_letter, award, award_grantor, award_recipient, letter_issuer,
};
use crate::entity::directory::{membership, party};
use crate::entity::follow_up::{action_item, action_item_responsible, report, resolution};
use crate::entity::participation::{event_organization, participant, participant_group};
use crate::error::Fault;
use crate::event_document::directory::key;
use crate::event_document::sync::{Ledger, Rest, Table, insert_all};
use crate::owned::{self, Of, Owned};
use crate::record::{Record, ids};

type Keyed<E> = Table<Key, E>;
type AppearanceKey = (Option<AgendaItemId>, Appearing, AppearanceRole);

/// The rows that belong to the event.
pub(super) struct Parts {
    roles: Table<(OrganizationId, EventOrganizationRole), event_organization::Entity>,
    groups: Keyed<participant_group::Entity>,
    participants: Table<PersonId, participant::Entity>,
    tracks: Keyed<track::Entity>,
    items: Keyed<agenda_item::Entity>,
    appearances: Table<AppearanceKey, appearance::Entity>,
    releases: Keyed<release::Entity>,
    awards: Keyed<award::Entity>,
    grantors: Links<kind::Award>,
    recipients: Table<(AwardId, Party), award_recipient::Entity>,
    /// Who had got each award, in order, before the document.
    recipients_before: HashMap<AwardId, Vec<Party>>,
    /// How many releases, awards and resolutions were named so far: their places in the event.
    named: Named,
    letters: Keyed<appointment_letter::Entity>,
    issuers: Links<kind::AppointmentLetter>,
    resolutions: Keyed<resolution::Entity>,
    action_items: Keyed<action_item::Entity>,
    responsible: Links<kind::ActionItem>,
    reports: Keyed<report::Entity>,
}

/// The organizations that stand in order beside one row each: grantors, issuers, responsible.
struct Links<K> {
    name: &'static str,
    existing: HashMap<domain::Id<K>, Vec<OrganizationId>>,
    /// The lists that are to be otherwise.
    wanted: Vec<(domain::Id<K>, Vec<OrganizationId>)>,
}

impl<K> Links<K> {
    fn new(
        name: &'static str,
        rows: impl IntoIterator<Item = (domain::Id<K>, OrganizationId)>,
    ) -> Self {
        let mut existing: HashMap<_, Vec<_>> = HashMap::new();
        for (owner, organization) in rows {
            existing.entry(owner).or_default().push(organization);
        }
        Self {
            name,
            existing,
            wanted: Vec::new(),
        }
    }

    /// The list of something that goes.
    fn gone(&mut self, owner: domain::Id<K>) -> Record {
        let before = self.existing.remove(&owner).unwrap_or_default();
        Record::from_iter([(self.name.to_owned(), ids(&before))])
    }

    /// The list as it is and as it is to be.
    fn should_be(&mut self, owner: domain::Id<K>, list: Vec<OrganizationId>) -> Rest {
        let before = self.existing.remove(&owner).unwrap_or_default();
        let rest = (
            Record::from_iter([(self.name.to_owned(), ids(&before))]),
            Record::from_iter([(self.name.to_owned(), ids(&list))]),
        );
        if before != list {
            self.wanted.push((owner, list));
        }
        rest
    }
}

async fn all<E: Owned>(
    writing: &Writing<'_>,
    on: &impl ConnectionTrait,
) -> Result<Vec<E::Model>, Fault> {
    let actor = domain::access::Actor::System {
        reason: "imports an event",
    };
    let of = Of::Events(vec![writing.event_id]);
    owned::rows::<E>(on, &actor, domain::access::Permission::EventImport, of).await
}

/// How many things of a kind were named so far.
#[derive(Default)]
struct Named {
    releases: usize,
    awards: usize,
    resolutions: usize,
}

/// The place of the next one.
fn next(named: &mut usize) -> i32 {
    let position = place(*named);
    *named += 1;
    position
}

/// What of the document is looked up again and again.
struct Lookup<'a> {
    people: HashMap<&'a Key, &'a PersonEntry>,
    organizations: HashMap<&'a Key, &'a OrganizationEntry>,
    groups: HashMap<&'a Key, &'a str>,
    first_day: NaiveDate,
}

impl<'a> Lookup<'a> {
    fn of(document: &'a EventDocument) -> Self {
        Self {
            people: document
                .people
                .iter()
                .map(|entry| (&entry.key, entry))
                .collect(),
            organizations: document
                .organizations
                .iter()
                .map(|entry| (&entry.key, entry))
                .collect(),
            groups: document
                .groups
                .iter()
                .map(|one| (&one.key, one.description.as_str()))
                .collect(),
            first_day: document.time.starts_on,
        }
    }

    fn person_name(&self, key: &Key) -> String {
        self.people
            .get(key)
            .map(|entry| entry.name.clone())
            .unwrap_or_default()
    }

    /// The titles of the posts that a person held when the event began.
    fn person_posts(&self, key: &Key) -> Vec<String> {
        let posts = self.people.get(key).map_or(&[][..], |entry| &entry.posts);
        let held = posts
            .iter()
            .filter(|post| held_on(post.since, post.until, self.first_day));
        held.map(|post| post.title.clone()).collect()
    }

    fn organization_name(&self, key: &Key) -> String {
        self.organizations
            .get(key)
            .map(|entry| entry.name.main_text().to_owned())
            .unwrap_or_default()
    }

    /// A name is a line; who a group is may be told in a passage.
    fn group_name(&self, key: &Key) -> String {
        let description = self.groups.get(key).copied().unwrap_or_default();
        line(description).unwrap_or_else(|_passage| {
            let words: Vec<_> = description.split_whitespace().collect();
            let name: String = words.join(" ").chars().take(LINE).collect();
            name.trim_end().to_owned()
        })
    }
}

impl Parts {
    pub(super) async fn prepare(
        writing: &mut Writing<'_>,
        on: &impl ConnectionTrait,
        document: &EventDocument,
    ) -> Result<Self, Fault> {
        let mut parts = Self::load(writing, on).await?;
        let lookup = Lookup::of(document);
        parts.roles(writing, document, &lookup)?;
        parts.groups(writing, document)?;
        parts.participants(writing, document, &lookup)?;
        parts.tracks(writing, document)?;
        parts.appearances(writing, None, &document.appearances, &lookup)?;
        parts.items(
            writing,
            None,
            &document.agenda,
            &Path::root().at("agenda"),
            &lookup,
        )?;
        parts.releases(writing, None, &document.releases)?;
        parts.awards(writing, None, &document.awards)?;
        parts.resolutions(writing, None, &document.resolutions)?;
        parts.letters(writing, document)?;
        parts.action_items(writing, document)?;
        parts.reports(writing, document)?;
        parts.nothing_else();
        parts.invited_stay(writing, on).await?;
        Ok(parts)
    }

    async fn load(writing: &mut Writing<'_>, on: &impl ConnectionTrait) -> Result<Self, Fault> {
        let groups = keyed!(writing, on, participant_group);
        let tracks = keyed!(writing, on, track);
        let items = keyed!(writing, on, agenda_item);
        let awards = keyed!(writing, on, award);
        let action_items = keyed!(writing, on, action_item);
        let letters = keyed!(writing, on, appointment_letter);
        writing
            .ids
            .groups
            .extend(groups.iter().map(|(key, row)| (key.clone(), row.id.0)));
        writing
            .ids
            .tracks
            .extend(tracks.iter().map(|(key, row)| (key.clone(), row.id.0)));
        writing
            .ids
            .items
            .extend(items.iter().map(|(key, row)| (key.clone(), row.id.0)));

        let grantors = award_grantor::Entity::find()
            .filter(award_grantor::Column::AwardId.is_in(awards.iter().map(|(_, row)| row.id)))
            .order_by_asc(award_grantor::Column::Position)
            .all(on)
            .await?;
        let issuers = letter_issuer::Entity::find()
            .filter(letter_issuer::Column::LetterId.is_in(letters.iter().map(|(_, row)| row.id)))
            .order_by_asc(letter_issuer::Column::Position)
            .all(on)
            .await?;
        let responsible = action_item_responsible::Entity::find()
            .filter(
                action_item_responsible::Column::ActionItemId
                    .is_in(action_items.iter().map(|(_, row)| row.id)),
            )
            .order_by_asc(action_item_responsible::Column::Position)
            .all(on)
            .await?;
        let roles = all::<event_organization::Entity>(writing, on).await?;
        let participants = all::<participant::Entity>(writing, on).await?;
        let recipients = all::<award_recipient::Entity>(writing, on).await?;
        let mut recipients_before: HashMap<AwardId, Vec<Party>> = HashMap::new();
        for row in &recipients {
            if let Some(who) = party(row.person_id, row.organization_id) {
                recipients_before
                    .entry(row.award_id.0)
                    .or_default()
                    .push(who);
            }
        }
        let mut appearances = Vec::new();
        for row in all::<appearance::Entity>(writing, on).await? {
            let one = row.clone().appearance()?;
            appearances.push(((one.item_id, one.who, one.role), row));
        }
        Ok(Self {
            roles: Table::new(
                roles
                    .into_iter()
                    .map(|row| ((row.organization_id.0, row.role.0), row)),
            ),
            groups: Table::new(groups),
            participants: Table::new(participants.into_iter().map(|row| (row.person_id.0, row))),
            tracks: Table::new(tracks),
            items: Table::new(items),
            appearances: Table::new(appearances),
            releases: Table::new(keyed!(writing, on, release)),
            awards: Table::new(awards),
            grantors: Links::new(
                "grantors",
                grantors
                    .into_iter()
                    .map(|row| (row.award_id.0, row.organization_id.0)),
            ),
            recipients: Table::new(recipients.into_iter().filter_map(|row| {
                let who = party(row.person_id, row.organization_id)?;
                Some(((row.award_id.0, who), row))
            })),
            recipients_before,
            named: Named::default(),
            letters: Table::new(letters),
            issuers: Links::new(
                "issuers",
                issuers
                    .into_iter()
                    .map(|row| (row.letter_id.0, row.organization_id.0)),
            ),
            resolutions: Table::new(keyed!(writing, on, resolution)),
            action_items: Table::new(action_items),
            responsible: Links::new(
                "responsible",
                responsible
                    .into_iter()
                    .map(|row| (row.action_item_id.0, row.organization_id.0)),
            ),
            reports: Table::new(keyed!(writing, on, report)),
        })
    }

    fn nothing_else(&mut self) {
        self.roles.nothing_else();
        self.groups.nothing_else();
        self.participants.nothing_else();
        self.tracks.nothing_else();
        self.items.nothing_else();
        self.appearances.nothing_else();
        self.releases.nothing_else();
        let (grantors, recipients) = (&mut self.grantors, &mut self.recipients_before);
        self.awards.nothing_else_with(|row| {
            let mut rest = grantors.gone(row.id.0);
            let got = recipients.remove(&row.id.0).unwrap_or_default();
            rest.insert("recipients".to_owned(), crate::record::parties(&got));
            rest
        });
        self.recipients.nothing_else();
        let issuers = &mut self.issuers;
        self.letters.nothing_else_with(|row| issuers.gone(row.id.0));
        self.resolutions.nothing_else();
        let responsible = &mut self.responsible;
        self.action_items
            .nothing_else_with(|row| responsible.gone(row.id.0));
        self.reports.nothing_else();
    }

    /// Whether the agenda will be otherwise than it was.
    pub(super) fn agenda_changes(&self) -> bool {
        self.tracks.has_changes()
            || self.groups.has_changes()
            || self.items.has_changes()
            || self.appearances.has_changes()
            || self.releases.has_changes()
            || self.awards.has_changes()
            || self.recipients.has_changes()
            || !self.grantors.wanted.is_empty()
    }

    pub(super) async fn write(
        &mut self,
        on: &impl ConnectionTrait,
        ledger: &mut Ledger<'_>,
    ) -> Result<(), Fault> {
        self.roles.write(on, ledger).await?;
        self.groups.write(on, ledger).await?;
        self.participants.write(on, ledger).await?;
        self.tracks.write(on, ledger).await?;
        self.items.write(on, ledger).await?;
        self.appearances.write(on, ledger).await?;
        self.releases.write(on, ledger).await?;
        self.awards.write(on, ledger).await?;
        self.recipients.write(on, ledger).await?;
        self.letters.write(on, ledger).await?;
        self.resolutions.write(on, ledger).await?;
        self.action_items.write(on, ledger).await?;
        self.reports.write(on, ledger).await?;
        self.write_links(on).await
    }

    async fn write_links(&mut self, on: &impl ConnectionTrait) -> Result<(), Fault> {
        let wanted = std::mem::take(&mut self.grantors.wanted);
        let owners = wanted.iter().map(|(id, _)| DbId(*id)).collect::<Vec<_>>();
        if !owners.is_empty() {
            let these = award_grantor::Column::AwardId.is_in(owners);
            award_grantor::Entity::delete_many()
                .filter(these)
                .exec(on)
                .await?;
        }
        let rows = linked(wanted).map(|(owner, position, organization_id)| award_grantor::Model {
            award_id: owner,
            position,
            organization_id,
        });
        insert_all::<award_grantor::Entity>(on, rows.collect()).await?;

        let wanted = std::mem::take(&mut self.issuers.wanted);
        let owners = wanted.iter().map(|(id, _)| DbId(*id)).collect::<Vec<_>>();
        if !owners.is_empty() {
            let these = letter_issuer::Column::LetterId.is_in(owners);
            letter_issuer::Entity::delete_many()
                .filter(these)
                .exec(on)
                .await?;
        }
        let rows = linked(wanted).map(|(owner, position, organization_id)| letter_issuer::Model {
            letter_id: owner,
            position,
            organization_id,
        });
        insert_all::<letter_issuer::Entity>(on, rows.collect()).await?;

        let wanted = std::mem::take(&mut self.responsible.wanted);
        let owners = wanted.iter().map(|(id, _)| DbId(*id)).collect::<Vec<_>>();
        if !owners.is_empty() {
            let these = action_item_responsible::Column::ActionItemId.is_in(owners);
            action_item_responsible::Entity::delete_many()
                .filter(these)
                .exec(on)
                .await?;
        }
        let rows = linked(wanted).map(|(owner, position, organization_id)| {
            action_item_responsible::Model {
                action_item_id: owner,
                position,
                organization_id,
            }
        });
        insert_all::<action_item_responsible::Entity>(on, rows.collect()).await
    }

    pub(super) async fn delete(
        &mut self,
        on: &impl ConnectionTrait,
        ledger: &mut Ledger<'_>,
    ) -> Result<(), Fault> {
        self.reports.delete(on, ledger).await?;
        self.action_items.delete(on, ledger).await?;
        self.resolutions.delete(on, ledger).await?;
        if !self.letters.leftovers().is_empty() {
            // A membership outlives the letter that it rested on.
            let rested = membership::Column::LetterId.is_in(self.letters.leftovers());
            let rested = membership::Entity::find().filter(rested).all(on).await?;
            let mut memberships = Table::<_, membership::Entity>::new(
                rested.iter().map(|row| (row.id.0, row.clone())),
            );
            for row in rested {
                let key = row.id.0;
                memberships.should_be(
                    &key,
                    membership::Model {
                        letter_id: None,
                        ..row
                    },
                );
            }
            memberships.write(on, ledger).await?;
        }
        self.letters.delete(on, ledger).await?;
        self.recipients.delete(on, ledger).await?;
        self.awards.delete(on, ledger).await?;
        self.releases.delete(on, ledger).await?;
        self.appearances.delete(on, ledger).await?;
        self.items.delete(on, ledger).await?;
        self.tracks.delete(on, ledger).await?;
        self.participants.delete(on, ledger).await?;
        self.groups.delete(on, ledger).await?;
        self.roles.delete(on, ledger).await
    }
}

/// The rows of a link table.
fn linked<K>(
    wanted: Vec<(domain::Id<K>, Vec<OrganizationId>)>,
) -> impl Iterator<Item = (DbId<K>, i32, DbId<kind::Organization>)> {
    wanted.into_iter().flat_map(|(owner, list)| {
        let list = list.into_iter().enumerate();
        list.map(move |(index, organization)| (DbId(owner), place(index), DbId(organization)))
    })
}
