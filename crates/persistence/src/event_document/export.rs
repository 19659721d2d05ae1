//! Writing an event down: everything that belongs to it, and what of the directory it speaks of.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use domain::access::{Actor, Denied, Permission};
use domain::appearance::{Appearance, Appearing};
use domain::award::Award;
use domain::event::{Event, EventStatus};
use domain::event_document::{
    ActionItemEntry, AppearanceEntry, AppearingKey, AwardEntry, DelegationEntry, EventDocument,
    GroupEntry, ItemEntry, LetterEntry, ParticipantEntry, ReleaseEntry, ReportEntry,
    ResolutionEntry, RoleEntry, TrackEntry,
};
use domain::id::{
    AgendaItemId, AppointmentLetterId, EventId, EventOrganizationId, ParticipantGroupId, TrackId,
};
use domain::organization::Party;
use domain::participant::{DelegateRole, ParticipantGroup};
use domain::release::{Recurrence, Release};
use domain::{Key, Slug};
use sea_orm::{ConnectionTrait, EntityTrait};

use super::directory::{Directory, Scope, key};
use crate::ceremony;
use crate::column::DbId;
use crate::entity::agenda::{agenda_item, appearance, release, track};
use crate::entity::ceremony::appointment_letter;
use crate::entity::event::event;
use crate::entity::follow_up::{report, resolution};
use crate::entity::participation::{event_organization, participant, participant_group};
use crate::error::{Error, Fault};
use crate::follow_up;
use crate::owned::{self, Of, Owned};
use crate::store::Store;

const WRITING_DOWN: Actor = Actor::System {
    reason: "writes an event down",
};

impl Store {
    /// Writes an event down as a document. It holds what only organisers may see, so only they
    /// may have it.
    pub async fn export_event(
        &self,
        actor: &Actor,
        id: EventId,
    ) -> Result<EventDocument, Error<std::convert::Infallible>> {
        let tx = self.snapshot().await?;
        let row = event::Entity::find_by_id(DbId(id)).one(tx.on()).await?;
        let event = row.ok_or(Denied::NotFound)?.event()?;
        actor.may(Permission::EventImport, event.workspace_id)?;
        let document = export(tx.on(), event, Scope::default()).await?;
        tx.commit().await?;
        Ok(document)
    }
}

/// The rows of an event, all of them.
struct Parts {
    roles: Vec<event_organization::Model>,
    groups: Vec<ParticipantGroup>,
    participants: Vec<participant::Model>,
    tracks: Vec<track::Model>,
    items: Vec<agenda_item::Model>,
    appearances: Vec<Appearance>,
    releases: Vec<Release>,
    awards: Vec<Award>,
    letters: Vec<domain::appointment_letter::AppointmentLetter>,
    resolutions: Vec<resolution::Model>,
    action_items: Vec<domain::action_item::ActionItem>,
    reports: Vec<report::Model>,
}

async fn all<E: Owned>(on: &impl ConnectionTrait, event: EventId) -> Result<Vec<E::Model>, Fault> {
    owned::rows::<E>(
        on,
        &WRITING_DOWN,
        Permission::EventImport,
        Of::Events(vec![event]),
    )
    .await
}

impl Parts {
    async fn load(on: &impl ConnectionTrait, event: EventId) -> Result<Self, Fault> {
        let appearances = all::<appearance::Entity>(on, event).await?;
        let letters = all::<appointment_letter::Entity>(on, event).await?;
        let groups = all::<participant_group::Entity>(on, event).await?;
        let releases = all::<release::Entity>(on, event).await?;
        Ok(Self {
            roles: all::<event_organization::Entity>(on, event).await?,
            groups: groups.into_iter().map(ParticipantGroup::from).collect(),
            participants: all::<participant::Entity>(on, event).await?,
            tracks: all::<track::Entity>(on, event).await?,
            items: all::<agenda_item::Entity>(on, event).await?,
            appearances: appearances
                .into_iter()
                .map(appearance::Model::appearance)
                .collect::<Result<_, _>>()?,
            releases: releases.into_iter().map(Release::from).collect(),
            awards: ceremony::awards(on, &WRITING_DOWN, Of::Events(vec![event])).await?,
            letters: ceremony::letters(on, letters).await?,
            resolutions: all::<resolution::Entity>(on, event).await?,
            action_items: follow_up::action_items(on, &WRITING_DOWN, Of::Events(vec![event]))
                .await?,
            reports: all::<report::Entity>(on, event).await?,
        })
    }

    /// What of the directory the rows refer to.
    fn add_to(&self, scope: &mut Scope) {
        let organizations = &mut scope.organizations.ids;
        let people = &mut scope.people.ids;
        let mut party = |who: Party| match who {
            Party::Person(id) => drop(people.insert(id)),
            Party::Organization(id) => drop(organizations.insert(id)),
        };
        for appearance in &self.appearances {
            match appearance.who {
                Appearing::Person(id) => party(Party::Person(id)),
                Appearing::Organization(id) => party(Party::Organization(id)),
                Appearing::Group(_) => {}
            }
            appearance.on_behalf_of.into_iter().for_each(&mut party);
        }
        for row in &self.participants {
            party(Party::Person(row.person_id.0));
            row.representing_id
                .into_iter()
                .for_each(|id| party(Party::Organization(id.0)));
            row.on_behalf_of_person_id
                .into_iter()
                .for_each(|id| party(Party::Person(id.0)));
            let organization = row.on_behalf_of_organization_id;
            if let Some(id) = organization {
                party(Party::Organization(id.0));
            }
        }
        for row in &self.roles {
            party(Party::Organization(row.organization_id.0));
            row.liaison_id
                .into_iter()
                .for_each(|id| party(Party::Person(id.0)));
        }
        for group in &self.groups {
            group
                .organization_id
                .into_iter()
                .for_each(|id| party(Party::Organization(id)));
        }
        for award in &self.awards {
            award
                .grantors
                .iter()
                .for_each(|id| party(Party::Organization(*id)));
            award.recipients.iter().for_each(|one| party(one.recipient));
        }
        for letter in &self.letters {
            party(Party::Person(letter.appointee_id));
            party(Party::Organization(letter.body_id));
            letter
                .issuers
                .iter()
                .for_each(|id| party(Party::Organization(*id)));
        }
        for item in &self.action_items {
            item.set_by_id
                .into_iter()
                .for_each(|id| party(Party::Person(id)));
            item.responsible
                .iter()
                .for_each(|id| party(Party::Organization(*id)));
        }
        scope.rooms.extend(
            self.items
                .iter()
                .filter_map(|item| item.room_id)
                .map(|id| id.0),
        );
    }
}

/// Writes an event down, with what else of the directory is in `scope`.
pub(crate) async fn export(
    on: &impl ConnectionTrait,
    event: Event,
    mut scope: Scope,
) -> Result<EventDocument, Fault> {
    let parts = Parts::load(on, event.id).await?;
    parts.add_to(&mut scope);
    scope.venues.ids.extend(event.venue_id);
    scope.rooms.extend(event.room_id);
    scope.series.ids.extend(event.series_id);
    scope.organizations.ids.extend(founded(on, event.id).await?);
    let directory = Directory::load(on, event.workspace_id, &scope).await?;
    let parent = match event.parent_id {
        Some(id) => event::Entity::find_by_id(DbId(id))
            .one(on)
            .await?
            .map(|row| row.slug.0),
        None => None,
    };
    Writer::new(&parts, &directory)?.document(event, parent)
}

async fn founded(
    on: &impl ConnectionTrait,
    event: EventId,
) -> Result<Vec<domain::id::OrganizationId>, Fault> {
    use sea_orm::{ColumnTrait, QueryFilter};

    use crate::entity::directory::organization;
    let rows = organization::Entity::find()
        .filter(organization::Column::FoundingEventId.eq(DbId(event)))
        .all(on)
        .await?;
    Ok(rows.into_iter().map(|row| row.id.0).collect())
}

/// Turns rows into entries, ids into keys.
struct Writer<'a> {
    parts: &'a Parts,
    directory: &'a Directory,
    rooms: HashMap<domain::id::RoomId, Key>,
    tracks: HashMap<TrackId, Key>,
    groups: HashMap<ParticipantGroupId, Key>,
    letters: BTreeMap<AppointmentLetterId, Key>,
    items_below: ByOwner<'a, AgendaItemId, agenda_item::Model>,
    appearances_at: ByOwner<'a, AgendaItemId, Appearance>,
    releases_at: ByOwner<'a, AgendaItemId, Release>,
    awards_at: ByOwner<'a, AgendaItemId, Award>,
    resolutions_at: ByOwner<'a, AgendaItemId, resolution::Model>,
    delegates_of: ByOwner<'a, EventOrganizationId, participant::Model>,
}

/// Rows by what they belong to, if anything, in their order.
type ByOwner<'a, K, T> = HashMap<Option<K>, Vec<&'a T>>;

fn by_owner<K: Eq + Hash, T>(rows: &[T], owner: impl Fn(&T) -> Option<K>) -> ByOwner<'_, K, T> {
    let mut by_owner: ByOwner<'_, K, T> = HashMap::new();
    for row in rows {
        by_owner.entry(owner(row)).or_default().push(row);
    }
    by_owner
}

fn of<'a, K: Copy + Eq + Hash, T>(
    rows: &ByOwner<'a, K, T>,
    owner: Option<K>,
) -> impl Iterator<Item = &'a T> {
    rows.get(&owner).into_iter().flatten().copied()
}

impl<'a> Writer<'a> {
    fn new(parts: &'a Parts, directory: &'a Directory) -> Result<Self, Fault> {
        let tracks = parts.tracks.iter();
        let tracks = tracks.map(|row| Ok((row.id.0, key(row.external_id.as_ref(), row.id.0)?)));
        let groups = parts
            .groups
            .iter()
            .map(|group| Ok((group.id, own_key(group.external_id.as_ref(), group.id)?)));
        let letters = parts.letters.iter();
        let letters =
            letters.map(|letter| Ok((letter.id, own_key(letter.external_id.as_ref(), letter.id)?)));
        Ok(Self {
            rooms: directory.room_keys()?,
            tracks: tracks.collect::<Result<_, Fault>>()?,
            groups: groups.collect::<Result<_, Fault>>()?,
            letters: letters.collect::<Result<_, Fault>>()?,
            items_below: by_owner(&parts.items, |row| row.parent_id.map(|id| id.0)),
            appearances_at: by_owner(&parts.appearances, |one| one.item_id),
            releases_at: by_owner(&parts.releases, |one| one.item_id),
            awards_at: by_owner(&parts.awards, |one| one.item_id),
            resolutions_at: by_owner(&parts.resolutions, |row| row.item_id.map(|id| id.0)),
            delegates_of: by_owner(&parts.participants, |row| row.delegation_id.map(|id| id.0)),
            parts,
            directory,
        })
    }

    fn document(&self, event: Event, parent: Option<Slug>) -> Result<EventDocument, Fault> {
        let cancellation_reason = match &event.status {
            EventStatus::Cancelled { reason, .. } => reason.clone(),
            EventStatus::Draft | EventStatus::Published { .. } | EventStatus::Concluded { .. } => {
                None
            }
        };
        let venues = self.directory.venue_entries()?;
        let venue = event.venue_id.and_then(|id| self.directory.venues.get(&id));
        Ok(EventDocument {
            key: event.slug,
            kind: Some(event.kind),
            status: Some(event.status.state()),
            cancellation_reason,
            visibility: Some(event.visibility),
            title: event.title,
            alternative_titles: event.alternative_titles,
            theme: event.theme,
            topics: event.topics,
            locality: event.locality,
            time: event.time,
            venue: venue
                .map(|row| key(row.external_id.as_ref(), row.id.0))
                .transpose()?,
            room: event.room_id.and_then(|id| self.rooms.get(&id).cloned()),
            capacity: event.capacity,
            room_change_minutes: event.room_change_minutes,
            parent,
            series: match event.series_id {
                Some(id) => self.directory.series_entry(id)?,
                None => None,
            },
            venues,
            organizations: self
                .directory
                .organization_entries(Some(event.id), &self.letters)?,
            people: self.directory.person_entries()?,
            roles: self.roles()?,
            groups: self.group_entries()?,
            participants: self.participants()?,
            appearances: self.appearances(None)?,
            tracks: self.track_entries()?,
            agenda: self.items(None, 0)?,
            releases: self.releases(None)?,
            awards: self.awards(None)?,
            letters: self.letter_entries()?,
            resolutions: self.resolutions(None)?,
            action_items: self.action_items()?,
            reports: self.reports()?,
        })
    }

    fn roles(&self) -> Result<Vec<RoleEntry>, Fault> {
        let roles = self.parts.roles.iter().map(|row| {
            let mut delegates = Vec::new();
            let mut head = None;
            for one in of(&self.delegates_of, Some(row.id.0)) {
                let person = self.directory.person_key(one.person_id.0)?;
                match one.delegate_role.map(|role| role.0) {
                    Some(DelegateRole::Head) => head = Some(person),
                    Some(DelegateRole::Delegate) | None => delegates.push(person),
                }
            }
            let delegation = (row.has_delegation != 0).then_some(());
            let liaison = row
                .liaison_id
                .map(|id| self.directory.person_key(id.0))
                .transpose()?;
            Ok(RoleEntry {
                organization: self.directory.organization_key(row.organization_id.0)?,
                role: row.role.0,
                printed_name: Some(row.printed_name.clone()),
                delegation: delegation.map(|()| DelegationEntry {
                    quota: row.quota,
                    head,
                    liaison,
                    due_at: row.due_at,
                    returned_at: row.returned_at,
                    delegates,
                }),
            })
        });
        roles.collect()
    }

    fn group_entries(&self) -> Result<Vec<GroupEntry>, Fault> {
        let groups = self.parts.groups.iter().map(|group| {
            let organization = group
                .organization_id
                .map(|id| self.directory.organization_key(id));
            Ok(GroupEntry {
                key: own_key(group.external_id.as_ref(), group.id)?,
                description: group.description.clone(),
                expected_count: group.expected_count,
                organization: organization.transpose()?,
            })
        });
        groups.collect()
    }

    fn participants(&self) -> Result<Vec<ParticipantEntry>, Fault> {
        let participants = self.parts.participants.iter().map(|row| {
            let representing = row.representing_id;
            let representing = representing.map(|id| self.directory.organization_key(id.0));
            let on_behalf_of = crate::entity::directory::party(
                row.on_behalf_of_person_id,
                row.on_behalf_of_organization_id,
            );
            Ok(ParticipantEntry {
                person: self.directory.person_key(row.person_id.0)?,
                category: Some(row.category.0),
                status: Some(row.status.0),
                representing: representing.transpose()?,
                on_behalf_of: on_behalf_of
                    .map(|who| self.directory.party_key(who))
                    .transpose()?,
                printed_name: Some(row.printed_name.clone()),
                printed_posts: Some(row.printed_posts.0.clone()),
                availability: row.availability.0.windows().to_vec(),
            })
        });
        participants.collect()
    }

    fn appearances(&self, item: Option<AgendaItemId>) -> Result<Vec<AppearanceEntry>, Fault> {
        let here = of(&self.appearances_at, item);
        let entries = here.map(|one| {
            Ok(AppearanceEntry {
                role: one.role,
                who: match one.who {
                    Appearing::Person(id) => AppearingKey::Person(self.directory.person_key(id)?),
                    Appearing::Organization(id) => {
                        AppearingKey::Organization(self.directory.organization_key(id)?)
                    }
                    Appearing::Group(id) => AppearingKey::Group(match self.groups.get(&id) {
                        Some(key) => key.clone(),
                        None => {
                            return Err(Fault::inconsistent(
                                "appearance",
                                "group_id",
                                one.id.uuid(),
                            ));
                        }
                    }),
                },
                on_behalf_of: one
                    .on_behalf_of
                    .map(|who| self.directory.party_key(who))
                    .transpose()?,
                printed_name: Some(one.printed_name.clone()),
                printed_posts: Some(one.printed_posts.clone()),
            })
        });
        entries.collect()
    }

    fn track_entries(&self) -> Result<Vec<TrackEntry>, Fault> {
        let tracks = self.parts.tracks.iter().map(|row| {
            Ok(TrackEntry {
                key: key(row.external_id.as_ref(), row.id.0)?,
                name: row.name.clone(),
                color: row.color.clone(),
            })
        });
        tracks.collect()
    }

    fn items(&self, parent: Option<AgendaItemId>, depth: usize) -> Result<Vec<ItemEntry>, Fault> {
        // No tree is deeper than it has items: a circle, which no use case makes, ends here.
        if depth > self.parts.items.len() {
            return Ok(Vec::new());
        }
        let here = of(&self.items_below, parent);
        let entries = here.map(|row| {
            let id = Some(row.id.0);
            Ok(ItemEntry {
                key: key(row.external_id.as_ref(), row.id.0)?,
                kind: row.kind.0,
                title: row.title.as_ref().map(|title| title.0.clone()),
                subtitle: row.subtitle.as_ref().map(|subtitle| subtitle.0.clone()),
                summary: row.summary.as_ref().map(|summary| summary.0.clone()),
                language: row.language.as_ref().map(|language| language.0.clone()),
                starts_at: row.starts_at,
                ends_at: row.ends_at,
                room: row.room_id.and_then(|id| self.rooms.get(&id.0).cloned()),
                track: row.track_id.and_then(|id| self.tracks.get(&id.0).cloned()),
                expected_audience: row.expected_audience,
                url: row.url.clone(),
                links: row.links.0.clone(),
                attachments: row.attachments.0.clone(),
                appearances: self.appearances(id)?,
                releases: self.releases(id)?,
                awards: self.awards(id)?,
                resolutions: self.resolutions(id)?,
                items: self.items(id, depth + 1)?,
            })
        });
        entries.collect()
    }

    fn releases(&self, item: Option<AgendaItemId>) -> Result<Vec<ReleaseEntry>, Fault> {
        let here = of(&self.releases_at, item);
        let entries = here.map(|one| {
            Ok(ReleaseEntry {
                key: own_key(one.external_id.as_ref(), one.id)?,
                title: one.title.clone(),
                kind: one.kind.clone(),
                url: one.url.clone(),
                recurring: recurring(one.recurrence),
            })
        });
        entries.collect()
    }

    fn awards(&self, item: Option<AgendaItemId>) -> Result<Vec<AwardEntry>, Fault> {
        let here = of(&self.awards_at, item);
        let entries = here.map(|one| {
            let grantors = one
                .grantors
                .iter()
                .map(|id| self.directory.organization_key(*id));
            let recipients = one
                .recipients
                .iter()
                .map(|one| self.directory.party_key(one.recipient));
            Ok(AwardEntry {
                key: own_key(one.external_id.as_ref(), one.id)?,
                kind: one.kind,
                title: one.title.clone(),
                level: one.level.clone(),
                citation: one.citation.clone(),
                grantors: grantors.collect::<Result<_, _>>()?,
                recipients: recipients.collect::<Result<_, _>>()?,
            })
        });
        entries.collect()
    }

    fn letter_entries(&self) -> Result<Vec<LetterEntry>, Fault> {
        let letters = self.parts.letters.iter().map(|letter| {
            let issuers = letter
                .issuers
                .iter()
                .map(|id| self.directory.organization_key(*id));
            Ok(LetterEntry {
                key: own_key(letter.external_id.as_ref(), letter.id)?,
                appointee: self.directory.person_key(letter.appointee_id)?,
                body: self.directory.organization_key(letter.body_id)?,
                post: letter.post.clone(),
                since: letter.since,
                until: letter.until,
                issuers: issuers.collect::<Result<_, _>>()?,
                signatory: letter.signatory.clone(),
                number: letter.number.clone(),
                status: Some(letter.status.clone()),
            })
        });
        letters.collect()
    }

    fn resolutions(&self, item: Option<AgendaItemId>) -> Result<Vec<ResolutionEntry>, Fault> {
        let here = of(&self.resolutions_at, item);
        let entries = here.map(|row| {
            Ok(ResolutionEntry {
                key: key(row.external_id.as_ref(), row.id.0)?,
                text: row.text.clone(),
            })
        });
        entries.collect()
    }

    fn action_items(&self) -> Result<Vec<ActionItemEntry>, Fault> {
        let items = self.parts.action_items.iter().map(|item| {
            let responsible = item
                .responsible
                .iter()
                .map(|id| self.directory.organization_key(*id));
            Ok(ActionItemEntry {
                key: own_key(item.external_id.as_ref(), item.id)?,
                description: item.description.clone(),
                status: Some(item.status.state()),
                progress: item.progress.clone(),
                set_by: item
                    .set_by_id
                    .map(|id| self.directory.person_key(id))
                    .transpose()?,
                responsible: responsible.collect::<Result<_, _>>()?,
                due_on: item.due_on,
                recurring: recurring(item.recurrence),
            })
        });
        items.collect()
    }

    fn reports(&self) -> Result<Vec<ReportEntry>, Fault> {
        let reports = self.parts.reports.iter().map(|row| {
            Ok(ReportEntry {
                key: key(row.external_id.as_ref(), row.id.0)?,
                title: row.title.clone(),
                publisher: row.publisher.clone(),
                published_on: row.published_on,
                published_at: row.published_at,
                language: row.language.0.clone(),
                url: row.url.clone(),
                credits: row.credits.0.clone(),
                key_figures: row.key_figures.0.clone(),
                documents_cited: row.documents_cited.0.clone(),
            })
        });
        reports.collect()
    }
}

/// A document says only what is so: `recurring: true`, or nothing.
fn recurring(recurrence: Recurrence) -> Option<bool> {
    recurrence.is_recurring().then_some(true)
}

fn own_key<K: domain::id::Kind>(
    external_id: Option<&Key>,
    id: domain::Id<K>,
) -> Result<Key, Fault> {
    match external_id {
        Some(key) => Ok(key.clone()),
        None => key(None, id),
    }
}
