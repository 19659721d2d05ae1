//! Loading many things at once: each request has loaders of its own, with its own actor, so that
//! nothing read for one reader is ever shown to another.

mod credential;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;

use async_graphql::dataloader::{DataLoader, HashMapCache, Loader};
use async_graphql::runtime::{TokioSpawner, TokioTimer};
use domain::access::Actor;
use domain::id::{
    AccountId, ActionItemId, AgendaItemId, AgendaVersionId, AppearanceId, AppointmentLetterId,
    AuditEntryId, AwardId, AwardRecipientId, CredentialId, DeliveryId, EventId,
    EventOrganizationId, InvitationId, JobId, LetterheadId, MailTemplateId, MembershipId,
    MessageId, OperationId, OrganizationId, PaperTemplateId, ParticipantGroupId, ParticipantId,
    PersonId, PostId, ReceivedMailId, ReleaseId, ReportId, ResolutionId, RoomId, SeriesId,
    SuppressionId, TrackId, VenueId, WorkspaceId,
};
use domain::message::DeliveryState;
use persistence::{
    AuditFilter, AuditOf, AuditPageOf, CredentialFilter, CredentialsOf, DeliveriesOf,
    DeliveryFilter, Fault, LettersOf, MessageFilter, MessagesOf, Of, Page, PageError,
    ParticipantFilter, ParticipantsOf, PublishedAgenda, ReceivedMailFilter, ReceivedMailOf,
    ReceivedMailPageOf, Store, SuppressionsOf, Versions,
};

pub(crate) use credential::{BadgeOf, CredentialFor, NextNumberOf};

/// The loaders of one request.
pub(crate) type Loaders = DataLoader<Load, HashMapCache>;

/// What loaders load with.
#[derive(Debug)]
pub(crate) struct Load {
    store: Store,
    actor: Arc<Actor>,
}

/// Makes the loaders of one request.
pub(crate) fn loaders(store: Store, actor: Arc<Actor>) -> Loaders {
    DataLoader::with_cache(
        Load { store, actor },
        TokioSpawner::current(),
        TokioTimer::default(),
        HashMapCache::default(),
    )
}

/// A fault that several waiting fields share.
#[derive(Debug, Clone, thiserror::Error)]
#[error(transparent)]
pub(crate) struct Shared(Arc<Fault>);

impl From<Fault> for Shared {
    fn from(fault: Fault) -> Self {
        Self(Arc::new(fault))
    }
}

/// Things by their ids.
macro_rules! by_id {
    ($($id:ident => $thing:ty, |$load:ident, $keys:ident| $read:expr);+ $(;)?) => {$(
        impl Loader<$id> for Load {
            type Value = Arc<$thing>;
            type Error = Shared;
            async fn load(&self, $keys: &[$id]) -> Result<HashMap<$id, Self::Value>, Shared> {
                let $load = self;
                Ok($read.await?.into_iter().map(|thing| (thing.id, Arc::new(thing))).collect())
            }
        }
    )+};
}

by_id! {
    AccountId => domain::account::Account, |load, ids| load.store.accounts(&load.actor, ids);
    WorkspaceId => domain::workspace::Workspace, |load, ids| load.store.workspaces(&load.actor, ids);
    EventId => domain::event::Event, |load, ids| load.store.events(&load.actor, ids);
    SeriesId => domain::event::Series, |load, ids| load.store.series(&load.actor, ids);
    VenueId => domain::venue::Venue, |load, ids| load.store.venues(&load.actor, ids);
    RoomId => domain::venue::Room, |load, ids| load.store.rooms(&load.actor, ids);
    OrganizationId => domain::organization::Organization,
        |load, ids| load.store.organizations(&load.actor, ids);
    PersonId => domain::person::Person, |load, ids| load.store.people(&load.actor, ids);
    PostId => domain::person::Post, |load, ids| load.store.posts(&load.actor, ids);
    ReceivedMailId => domain::received_mail::ReceivedMail,
        |load, ids| load.store.received_mail(&load.actor, ids);
    AuditEntryId => domain::audit::AuditEntry,
        |load, ids| load.store.audit_entries(&load.actor, ids);
    MembershipId => domain::organization::Membership,
        |load, ids| load.store.memberships(&load.actor, ids);
    EventOrganizationId => domain::event_organization::EventOrganization,
        |load, ids| load.store.event_organizations(&load.actor, Of::Ids(ids.to_vec()));
    ParticipantId => domain::participant::Participant,
        |load, ids| load.store.participants(&load.actor, ids.to_vec());
    ParticipantGroupId => domain::participant::ParticipantGroup,
        |load, ids| load.store.participant_groups(&load.actor, Of::Ids(ids.to_vec()));
    AgendaVersionId => domain::agenda::AgendaVersion,
        |load, ids| load.store.agenda_versions(&load.actor, &Versions::Ids(ids.to_vec()));
    TrackId => domain::agenda::Track, |load, ids| load.store.tracks(&load.actor, Of::Ids(ids.to_vec()));
    AppearanceId => domain::appearance::Appearance,
        |load, ids| load.store.appearances(&load.actor, Of::Ids(ids.to_vec()));
    ReleaseId => domain::release::Release,
        |load, ids| load.store.releases(&load.actor, Of::Ids(ids.to_vec()));
    AwardId => domain::award::Award, |load, ids| load.store.awards(&load.actor, Of::Ids(ids.to_vec()));
    AwardRecipientId => domain::award::AwardRecipient,
        |load, ids| load.store.award_recipients(&load.actor, ids.to_vec());
    AppointmentLetterId => domain::appointment_letter::AppointmentLetter,
        |load, ids| load.store.appointment_letters(&load.actor, Of::Ids(ids.to_vec()));
    ResolutionId => domain::resolution::Resolution,
        |load, ids| load.store.resolutions(&load.actor, Of::Ids(ids.to_vec()));
    ActionItemId => domain::action_item::ActionItem,
        |load, ids| load.store.action_items(&load.actor, Of::Ids(ids.to_vec()));
    ReportId => domain::report::Report, |load, ids| load.store.reports(&load.actor, Of::Ids(ids.to_vec()));
    InvitationId => domain::invitation::Invitation,
        |load, ids| load.store.invitations_by_id(&load.actor, ids);
    MessageId => domain::message::Message, |load, ids| load.store.messages(&load.actor, ids);
    DeliveryId => domain::message::Delivery, |load, ids| load.store.deliveries(&load.actor, ids);
    MailTemplateId => domain::mail_template::MailTemplate,
        |load, ids| load.store.mail_templates(&load.actor, ids);
    LetterheadId => domain::letterhead::Letterhead,
        |load, ids| load.store.letterheads(&load.actor, ids);
    PaperTemplateId => domain::letterhead::PaperTemplate,
        |load, ids| load.store.paper_templates(&load.actor, ids);
    CredentialId => domain::credential::Credential,
        |load, ids| load.store.credentials(&load.actor, ids);
    JobId => persistence::Job, |load, ids| load.store.jobs(&load.actor, ids);
    SuppressionId => domain::message::Suppression,
        |load, ids| load.store.suppressions(&load.actor, ids);
}

/// Lists, by what they belong to.
macro_rules! lists {
    ($(
        $(#[$meta:meta])*
        $list:ident($owner:ty) => $thing:ty, |$load:ident, $keys:ident| $read:expr, |$one:ident| $of:expr
    );+ $(;)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) struct $list(pub(crate) $owner);

        impl Loader<$list> for Load {
            type Value = Vec<Arc<$thing>>;
            type Error = Shared;
            async fn load(&self, keys: &[$list]) -> Result<HashMap<$list, Self::Value>, Shared> {
                let $load = self;
                let $keys: Vec<$owner> = keys.iter().map(|key| key.0).collect();
                let mut lists: HashMap<_, _> = keys.iter().map(|key| (*key, Vec::new())).collect();
                for thing in $read.await? {
                    let $one = &thing;
                    let owner: Option<$owner> = $of;
                    if let Some(list) = owner.and_then(|owner| lists.get_mut(&$list(owner))) {
                        list.push(Arc::new(thing));
                    }
                }
                Ok(lists)
            }
        }
    )+};
}

lists! {
    /// The organizations of an event with their roles.
    RolesOf(EventId) => domain::event_organization::EventOrganization,
        |load, ids| load.store.event_organizations(&load.actor, Of::Events(ids)), |one| Some(one.event_id);
    /// The groups at an event.
    GroupsOf(EventId) => domain::participant::ParticipantGroup,
        |load, ids| load.store.participant_groups(&load.actor, Of::Events(ids)), |one| Some(one.event_id);
    /// Who appears at an event, on items and on the whole.
    AppearancesOf(EventId) => domain::appearance::Appearance,
        |load, ids| load.store.appearances(&load.actor, Of::Events(ids)), |one| Some(one.event_id);
    /// What is made public at an event.
    ReleasesOf(EventId) => domain::release::Release,
        |load, ids| load.store.releases(&load.actor, Of::Events(ids)), |one| Some(one.event_id);
    /// What is awarded at an event.
    AwardsOf(EventId) => domain::award::Award,
        |load, ids| load.store.awards(&load.actor, Of::Events(ids)), |one| Some(one.event_id);
    /// What an event decided.
    ResolutionsOf(EventId) => domain::resolution::Resolution,
        |load, ids| load.store.resolutions(&load.actor, Of::Events(ids)), |one| Some(one.event_id);
    /// What is to be done after an event.
    ActionItemsOf(EventId) => domain::action_item::ActionItem,
        |load, ids| load.store.action_items(&load.actor, Of::Events(ids)), |one| Some(one.event_id);
    /// How an event was reported.
    ReportsOf(EventId) => domain::report::Report,
        |load, ids| load.store.reports(&load.actor, Of::Events(ids)), |one| Some(one.event_id);
    /// The versions of an agenda that were published.
    AgendaVersionsOf(EventId) => domain::agenda::AgendaVersion,
        |load, ids| load.store.agenda_versions(&load.actor, &Versions::All(ids)), |one| Some(one.event_id);
    /// What an operation did to agendas.
    EntriesOf(OperationId) => domain::audit::AuditEntry,
        |load, ids| load.store.agenda_revision_entries(&load.actor, &ids), |one| Some(one.operation_id);
    /// What was founded at an event.
    FoundedAt(EventId) => domain::organization::Organization,
        |load, ids| load.store.organizations_founded_at(&load.actor, &ids), |one| one.founding_event_id;
    /// The rooms of a venue.
    RoomsOf(VenueId) => domain::venue::Room,
        |load, ids| load.store.rooms_of_venues(&load.actor, &ids), |one| one.venue_id;
    /// The posts of a person.
    PostsOf(PersonId) => domain::person::Post,
        |load, ids| load.store.posts_of(&load.actor, &ids), |one| Some(one.person_id);
    /// The members of a body.
    MembershipsOf(OrganizationId) => domain::organization::Membership,
        |load, ids| load.store.memberships_of(&load.actor, &ids), |one| Some(one.organization_id);
    /// The delegates of a delegation.
    DelegatesOf(EventOrganizationId) => domain::participant::Participant,
        |load, ids| load.store.delegates(&load.actor, &ids), |one| one.delegation_id;
    /// What a workspace has put in place of our templates.
    TemplatesOf(WorkspaceId) => domain::mail_template::MailTemplate,
        |load, ids| load.store.mail_templates_of(&load.actor, &ids), |one| Some(one.workspace_id);
    /// What a workspace has put in place of our templates of papers.
    PaperTemplatesOf(WorkspaceId) => domain::letterhead::PaperTemplate,
        |load, ids| load.store.paper_templates_of(&load.actor, &ids), |one| Some(one.workspace_id);
    /// What stands in the calendar of a participant.
    InvitationsOf(ParticipantId) => domain::invitation::Invitation,
        |load, ids| load.store.invitations(&load.actor, &ids), |one| Some(one.participant_id);
}

/// The agenda of an event as the reader knows it, loaded whole: the draft for those who edit it, what was
/// published last for all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct AgendaOf(pub(crate) EventId);

impl Loader<AgendaOf> for Load {
    type Value = Arc<domain::agenda::Agenda>;
    type Error = Shared;
    async fn load(&self, keys: &[AgendaOf]) -> Result<HashMap<AgendaOf, Self::Value>, Shared> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let agendas = self.store.agendas(&self.actor, &ids).await?;
        Ok(agendas
            .into_iter()
            .map(|one| (AgendaOf(one.event().id), one))
            .collect())
    }
}

/// The agenda of an event as it was published with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct AgendaNumbered(pub(crate) EventId, pub(crate) i32);

impl Loader<AgendaNumbered> for Load {
    type Value = PublishedAgenda;
    type Error = Shared;
    async fn load(
        &self,
        keys: &[AgendaNumbered],
    ) -> Result<HashMap<AgendaNumbered, PublishedAgenda>, Shared> {
        let which = Versions::Numbered(keys.iter().map(|key| (key.0, key.1)).collect());
        let published = self.store.published_agendas(&self.actor, &which).await?;
        Ok(published
            .into_iter()
            .map(|one| {
                (
                    AgendaNumbered(one.version.event_id, one.version.number),
                    one,
                )
            })
            .collect())
    }
}

/// Who was told of a version of an agenda.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct NotifiedOf(pub(crate) AgendaVersionId);

impl Loader<NotifiedOf> for Load {
    type Value = Arc<HashSet<PersonId>>;
    type Error = Shared;
    async fn load(&self, keys: &[NotifiedOf]) -> Result<HashMap<NotifiedOf, Self::Value>, Shared> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let mut told: HashMap<_, HashSet<_>> = HashMap::new();
        for (version, person) in self.store.notified(&self.actor, &ids).await? {
            told.entry(NotifiedOf(version)).or_default().insert(person);
        }
        Ok(told
            .into_iter()
            .map(|(key, told)| (key, Arc::new(told)))
            .collect())
    }
}

/// What an account is called that has changed an agenda.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct EditorNamed(pub(crate) AccountId);

impl Loader<EditorNamed> for Load {
    type Value = Arc<str>;
    type Error = Shared;
    async fn load(
        &self,
        keys: &[EditorNamed],
    ) -> Result<HashMap<EditorNamed, Self::Value>, Shared> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let names = self.store.editors(&self.actor, &ids).await?.into_iter();
        Ok(names
            .map(|(id, name)| (EditorNamed(id), name.into()))
            .collect())
    }
}

/// The changes of an agenda behind a revision, so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct RevisionsOf(pub(crate) EventId, pub(crate) i32, pub(crate) u32);

impl Loader<RevisionsOf> for Load {
    type Value = Vec<Arc<domain::agenda::AgendaRevision>>;
    type Error = Shared;
    async fn load(
        &self,
        keys: &[RevisionsOf],
    ) -> Result<HashMap<RevisionsOf, Self::Value>, Shared> {
        let wanted: Vec<_> = keys.iter().map(|key| (key.0, key.1, key.2)).collect();
        let found = self.store.agenda_revisions(&self.actor, &wanted).await?;
        let of = |key: &RevisionsOf| {
            let these = found.get(&(key.0, key.1, key.2));
            let these = these.into_iter().flatten();
            these.cloned().map(Arc::new).collect()
        };
        Ok(keys.iter().map(|key| (*key, of(key))).collect())
    }
}

/// The event that an agenda item belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct EventOfItem(pub(crate) AgendaItemId);

impl Loader<EventOfItem> for Load {
    type Value = EventId;
    type Error = Shared;
    async fn load(&self, keys: &[EventOfItem]) -> Result<HashMap<EventOfItem, EventId>, Shared> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let events = self.store.events_of_items(&self.actor, &ids).await?;
        Ok(events
            .into_iter()
            .map(|(item, event)| (EventOfItem(item), event))
            .collect())
    }
}

/// The places of those who wait for a place at an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct WaitlistOf(pub(crate) EventId);

impl Loader<WaitlistOf> for Load {
    type Value = Arc<HashMap<ParticipantId, i32>>;
    type Error = Shared;
    async fn load(&self, keys: &[WaitlistOf]) -> Result<HashMap<WaitlistOf, Self::Value>, Shared> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let positions = Arc::new(self.store.waitlist_positions(&self.actor, &ids).await?);
        Ok(keys
            .iter()
            .map(|key| (*key, Arc::clone(&positions)))
            .collect())
    }
}

impl Loader<ParticipantsOf> for Load {
    type Value = Result<Page<domain::participant::Participant>, PageError>;
    type Error = Shared;
    async fn load(
        &self,
        keys: &[ParticipantsOf],
    ) -> Result<HashMap<ParticipantsOf, Self::Value>, Shared> {
        Ok(self.store.participants_pages(&self.actor, keys).await?)
    }
}

impl Loader<LettersOf> for Load {
    type Value = Result<Page<domain::appointment_letter::AppointmentLetter>, PageError>;
    type Error = Shared;
    async fn load(&self, keys: &[LettersOf]) -> Result<HashMap<LettersOf, Self::Value>, Shared> {
        Ok(self.store.letters_pages(&self.actor, keys).await?)
    }
}

/// How many participants of a kind an event has.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct ParticipantCount(pub(crate) EventId, pub(crate) ParticipantFilter);

impl Loader<ParticipantCount> for Load {
    type Value = u64;
    type Error = Shared;
    async fn load(
        &self,
        keys: &[ParticipantCount],
    ) -> Result<HashMap<ParticipantCount, u64>, Shared> {
        let mut alike: HashMap<&ParticipantFilter, Vec<EventId>> = HashMap::new();
        for key in keys {
            alike.entry(&key.1).or_default().push(key.0);
        }
        let mut counts: HashMap<_, _> = keys.iter().map(|key| (key.clone(), 0)).collect();
        for (filter, events) in alike {
            let found = self
                .store
                .participants_counts(&self.actor, filter, &events)
                .await?;
            counts.extend(
                found
                    .into_iter()
                    .map(|(id, count)| (ParticipantCount(id, filter.clone()), count)),
            );
        }
        Ok(counts)
    }
}

/// How many letters an event has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct LetterCount(pub(crate) EventId);

impl Loader<LetterCount> for Load {
    type Value = u64;
    type Error = Shared;
    async fn load(&self, keys: &[LetterCount]) -> Result<HashMap<LetterCount, u64>, Shared> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = self.store.letters_counts(&self.actor, &ids).await?;
        let count = |key: &LetterCount| found.get(&key.0).copied().unwrap_or_default();
        Ok(keys.iter().map(|key| (*key, count(key))).collect())
    }
}

/// Pages of what is told to people.
macro_rules! pages {
    ($($of:ident => $thing:ty, $read:ident);+ $(;)?) => {$(
        impl Loader<$of> for Load {
            type Value = Result<Page<$thing>, PageError>;
            type Error = Shared;
            async fn load(&self, keys: &[$of]) -> Result<HashMap<$of, Self::Value>, Shared> {
                Ok(self.store.$read(&self.actor, keys).await?)
            }
        }
    )+};
}

pages! {
    MessagesOf => domain::message::Message, messages_pages;
    DeliveriesOf => domain::message::Delivery, deliveries_pages;
    SuppressionsOf => domain::message::Suppression, suppressions_pages;
    CredentialsOf => domain::credential::Credential, credentials_pages;
}

/// How many of such a list there are, restricted by a filter.
macro_rules! counts {
    ($( $(#[$meta:meta])* $count:ident($owner:ty, $filter:ty) => $read:ident );+ $(;)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub(crate) struct $count(pub(crate) $owner, pub(crate) $filter);

        impl Loader<$count> for Load {
            type Value = u64;
            type Error = Shared;
            async fn load(&self, keys: &[$count]) -> Result<HashMap<$count, u64>, Shared> {
                let mut alike: HashMap<&$filter, Vec<$owner>> = HashMap::new();
                for key in keys {
                    alike.entry(&key.1).or_default().push(key.0);
                }
                let mut counts: HashMap<_, _> = keys.iter().map(|key| (key.clone(), 0)).collect();
                for (filter, owners) in alike {
                    let found = self.store.$read(&self.actor, filter, &owners).await?;
                    let found = found.into_iter();
                    counts.extend(found.map(|(id, count)| ($count(id, filter.clone()), count)));
                }
                Ok(counts)
            }
        }
    )+};
}

counts! {
    /// How many messages an event has.
    MessageCount(EventId, MessageFilter) => messages_counts;
    /// How much was issued at an event.
    CredentialCount(EventId, CredentialFilter) => credentials_counts;
    /// How many mails a message has.
    DeliveryCount(MessageId, DeliveryFilter) => deliveries_counts;
}

/// What is known for writing a mail that is not written yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Unwritten(pub(crate) DeliveryId);

impl Loader<Unwritten> for Load {
    type Value = Arc<persistence::Outgoing>;
    type Error = Shared;
    async fn load(&self, keys: &[Unwritten]) -> Result<HashMap<Unwritten, Self::Value>, Shared> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = self.store.unwritten(&self.actor, &ids).await?;
        Ok(found
            .into_iter()
            .map(|one| (Unwritten(one.delivery.id), Arc::new(one)))
            .collect())
    }
}

/// How many addresses of a workspace take no mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SuppressionCount(pub(crate) WorkspaceId);

impl Loader<SuppressionCount> for Load {
    type Value = u64;
    type Error = Shared;
    async fn load(
        &self,
        keys: &[SuppressionCount],
    ) -> Result<HashMap<SuppressionCount, u64>, Shared> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = self.store.suppressions_counts(&self.actor, &ids).await?;
        let count = |key: &SuppressionCount| found.get(&key.0).copied().unwrap_or_default();
        Ok(keys.iter().map(|key| (*key, count(key))).collect())
    }
}

/// How many mails of a message have come how far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct StatesOf(pub(crate) MessageId);

impl Loader<StatesOf> for Load {
    type Value = Arc<BTreeMap<DeliveryState, u64>>;
    type Error = Shared;
    async fn load(&self, keys: &[StatesOf]) -> Result<HashMap<StatesOf, Self::Value>, Shared> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = self.store.delivery_states(&self.actor, &ids).await?;
        let found = found.into_iter();
        Ok(found
            .map(|(id, states)| (StatesOf(id), Arc::new(states)))
            .collect())
    }
}

impl Loader<AuditPageOf> for Load {
    type Value = Result<Page<domain::audit::AuditEntry>, PageError>;
    type Error = Shared;
    async fn load(
        &self,
        keys: &[AuditPageOf],
    ) -> Result<HashMap<AuditPageOf, Self::Value>, Shared> {
        Ok(self.store.audit_pages(&self.actor, keys).await?)
    }
}

/// How many entries a log has.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct AuditCount(pub(crate) AuditOf, pub(crate) AuditFilter);

impl Loader<AuditCount> for Load {
    type Value = u64;
    type Error = Shared;
    async fn load(&self, keys: &[AuditCount]) -> Result<HashMap<AuditCount, u64>, Shared> {
        let wanted: Vec<_> = keys.iter().map(|key| (key.0, key.1.clone())).collect();
        let counts = self.store.audit_counts(&self.actor, &wanted).await?;
        Ok(counts
            .into_iter()
            .map(|((of, filter), count)| (AuditCount(of, filter), count))
            .collect())
    }
}

impl Loader<ReceivedMailPageOf> for Load {
    type Value = Result<Page<domain::received_mail::ReceivedMail>, PageError>;
    type Error = Shared;
    async fn load(
        &self,
        keys: &[ReceivedMailPageOf],
    ) -> Result<HashMap<ReceivedMailPageOf, Self::Value>, Shared> {
        Ok(self.store.received_mail_pages(&self.actor, keys).await?)
    }
}

/// How many mails came in for something.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct ReceivedMailCount(pub(crate) ReceivedMailOf, pub(crate) ReceivedMailFilter);

impl Loader<ReceivedMailCount> for Load {
    type Value = u64;
    type Error = Shared;
    async fn load(
        &self,
        keys: &[ReceivedMailCount],
    ) -> Result<HashMap<ReceivedMailCount, u64>, Shared> {
        let wanted: Vec<_> = keys.iter().map(|key| (key.0, key.1.clone())).collect();
        let counts = self
            .store
            .received_mail_counts(&self.actor, &wanted)
            .await?;
        Ok(counts
            .into_iter()
            .map(|((of, filter), count)| (ReceivedMailCount(of, filter), count))
            .collect())
    }
}

/// What a list is looked up by.
pub(crate) trait ListKey: Send + Sync + Hash + Eq + Clone + 'static {}
impl<K: Send + Sync + Hash + Eq + Clone + 'static> ListKey for K {}
