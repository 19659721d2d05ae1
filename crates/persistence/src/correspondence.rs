//! Reading what is told to people: messages, their mails, and the addresses that take none.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use domain::Id;
use domain::access::{Actor, Permission};
use domain::id::{DeliveryId, EventId, MessageId, SuppressionId, WorkspaceId, kind};
use domain::message::{Delivery, DeliveryState, Message, MessageKind, MessageState, Suppression};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::column::{DbId, Spelled};
use crate::directory::sort_key;
use crate::entity::message::{delivery, message, suppression};
use crate::error::Fault;
use crate::page::{Direction, Keyset, Page, PageError, PageRequest, SortKey, SortKind};
use crate::participation::first_of_each;
use crate::sight;
use crate::store::Store;

/// Which messages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct MessageFilter {
    /// Of one of these kinds.
    pub kind: Option<Vec<MessageKind>>,
    /// In one of these states.
    pub state: Option<Vec<MessageState>>,
}

/// A page of the messages of one event; pages of several events alike are read at once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MessagesOf {
    /// The event.
    pub event: EventId,
    /// Which of them.
    pub filter: MessageFilter,
    /// Which page.
    pub page: PageRequest,
}

/// Which mails.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct DeliveryFilter {
    /// In one of these states.
    pub state: Option<Vec<DeliveryState>>,
}

/// A page of the mails of one message; pages of several messages alike are read at once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DeliveriesOf {
    /// The message.
    pub message: MessageId,
    /// Which of them.
    pub filter: DeliveryFilter,
    /// Which page.
    pub page: PageRequest,
}

/// A page of the addresses that take no mail of one workspace.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SuppressionsOf {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Which page.
    pub page: PageRequest,
}

impl Store {
    /// Messages by id, as far as the actor sees them.
    pub async fn messages(&self, actor: &Actor, ids: &[MessageId]) -> Result<Vec<Message>, Fault> {
        let rows = message::Entity::find()
            .filter(message::Column::Id.is_in(ids.iter().copied().map(DbId)))
            .filter(messages_seen(actor))
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(Message::from).collect())
    }

    /// Mails by id, as far as the actor sees them.
    pub async fn deliveries(
        &self,
        actor: &Actor,
        ids: &[DeliveryId],
    ) -> Result<Vec<Delivery>, Fault> {
        let rows = delivery::Entity::find()
            .filter(delivery::Column::Id.is_in(ids.iter().copied().map(DbId)))
            .filter(deliveries_seen(actor))
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(Delivery::from).collect())
    }

    /// Addresses that take no mail by id, as far as the actor sees them.
    pub async fn suppressions(
        &self,
        actor: &Actor,
        ids: &[SuppressionId],
    ) -> Result<Vec<Suppression>, Fault> {
        let rows = suppression::Entity::find()
            .filter(suppression::Column::Id.is_in(ids.iter().copied().map(DbId)))
            .filter(suppressions_seen(actor))
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(Suppression::from).collect())
    }

    /// Pages of messages, the latest first. Pages that differ in the event alone are read in one
    /// statement.
    pub async fn messages_pages(
        &self,
        actor: &Actor,
        wanted: &[MessagesOf],
    ) -> Result<HashMap<MessagesOf, Result<Page<Message>, PageError>>, Fault> {
        let list = Lists::<message::Entity> {
            owner: message::Column::EventId,
            id: message::Column::Id,
            direction: Direction::Descending,
            ids: |row: &message::Model| (row.event_id.0.uuid(), row.id.0.uuid()),
        };
        let mut pages = HashMap::new();
        let each = wanted
            .iter()
            .map(|one| ((&one.filter, &one.page), one.event));
        for ((filter, page), events) in alike(each) {
            let which = messages_seen(actor).add(messages_like(filter));
            let mut found: Pages<Message> = list
                .pages(self, &events, (page, &("messages", filter)), which)
                .await?;
            for event in events {
                let of = MessagesOf {
                    event,
                    filter: filter.clone(),
                    page: page.clone(),
                };
                pages.insert(of, taken(&mut found, event));
            }
        }
        Ok(pages)
    }

    /// How many messages events have.
    pub async fn messages_counts(
        &self,
        actor: &Actor,
        filter: &MessageFilter,
        events: &[EventId],
    ) -> Result<HashMap<EventId, u64>, Fault> {
        let which = messages_seen(actor).add(messages_like(filter));
        counts::<message::Entity, _>(self, message::Column::EventId, events, which).await
    }

    /// Pages of mails, in the order in which they were written. Pages that differ in the message alone
    /// are read in one statement.
    pub async fn deliveries_pages(
        &self,
        actor: &Actor,
        wanted: &[DeliveriesOf],
    ) -> Result<HashMap<DeliveriesOf, Result<Page<Delivery>, PageError>>, Fault> {
        let list = Lists::<delivery::Entity> {
            owner: delivery::Column::MessageId,
            id: delivery::Column::Id,
            direction: Direction::Ascending,
            ids: |row: &delivery::Model| (row.message_id.0.uuid(), row.id.0.uuid()),
        };
        let mut pages = HashMap::new();
        let each = wanted
            .iter()
            .map(|one| ((&one.filter, &one.page), one.message));
        for ((filter, page), messages) in alike(each) {
            let which = deliveries_seen(actor).add(deliveries_like(filter));
            let mut found: Pages<Delivery> = list
                .pages(self, &messages, (page, &("deliveries", filter)), which)
                .await?;
            for message in messages {
                let of = DeliveriesOf {
                    message,
                    filter: filter.clone(),
                    page: page.clone(),
                };
                pages.insert(of, taken(&mut found, message));
            }
        }
        Ok(pages)
    }

    /// How many mails messages have.
    pub async fn deliveries_counts(
        &self,
        actor: &Actor,
        filter: &DeliveryFilter,
        messages: &[MessageId],
    ) -> Result<HashMap<MessageId, u64>, Fault> {
        let which = deliveries_seen(actor).add(deliveries_like(filter));
        counts::<delivery::Entity, _>(self, delivery::Column::MessageId, messages, which).await
    }

    /// How many mails of messages are in each state: of those in which there are any.
    pub async fn delivery_states(
        &self,
        actor: &Actor,
        messages: &[MessageId],
    ) -> Result<HashMap<MessageId, BTreeMap<DeliveryState, u64>>, Fault> {
        use delivery::Column;
        let rows: Vec<(DbId<kind::Message>, Spelled<DeliveryState>, i64)> =
            delivery::Entity::find()
                .select_only()
                .columns([Column::MessageId, Column::State])
                .column_as(Column::Id.count(), "how_many")
                .filter(deliveries_seen(actor))
                .filter(Column::MessageId.is_in(messages.iter().copied().map(DbId)))
                .group_by(Column::MessageId)
                .group_by(Column::State)
                .into_tuple()
                .all(self.read())
                .await?;
        let mut counts: HashMap<_, BTreeMap<_, _>> = HashMap::new();
        for (message, state, count) in rows {
            let of = counts.entry(message.0).or_default();
            of.insert(state.0, u64::try_from(count).unwrap_or_default());
        }
        Ok(counts)
    }

    /// Pages of addresses that take no mail, the latest first. Pages that differ in the workspace alone
    /// are read in one statement.
    pub async fn suppressions_pages(
        &self,
        actor: &Actor,
        wanted: &[SuppressionsOf],
    ) -> Result<HashMap<SuppressionsOf, Result<Page<Suppression>, PageError>>, Fault> {
        let list = Lists::<suppression::Entity> {
            owner: suppression::Column::WorkspaceId,
            id: suppression::Column::Id,
            direction: Direction::Descending,
            ids: |row: &suppression::Model| (row.workspace_id.0.uuid(), row.id.0.uuid()),
        };
        let mut pages = HashMap::new();
        let each = wanted.iter().map(|one| (&one.page, one.workspace));
        for (page, workspaces) in alike(each) {
            let which = suppressions_seen(actor);
            let mut found: Pages<Suppression> = list
                .pages(self, &workspaces, (page, &"suppressions"), which)
                .await?;
            for workspace in workspaces {
                let of = SuppressionsOf {
                    workspace,
                    page: page.clone(),
                };
                pages.insert(of, taken(&mut found, workspace));
            }
        }
        Ok(pages)
    }

    /// How many addresses that take no mail workspaces have.
    pub async fn suppressions_counts(
        &self,
        actor: &Actor,
        workspaces: &[WorkspaceId],
    ) -> Result<HashMap<WorkspaceId, u64>, Fault> {
        let owner = suppression::Column::WorkspaceId;
        let which = suppressions_seen(actor);
        counts::<suppression::Entity, _>(self, owner, workspaces, which).await
    }
}

fn messages_seen(actor: &Actor) -> Condition {
    let sight = actor.sight(Permission::ParticipantRead);
    sight::in_workspaces(&sight, message::Column::WorkspaceId)
}

pub(crate) fn deliveries_seen(actor: &Actor) -> Condition {
    let sight = actor.sight(Permission::ParticipantRead);
    sight::in_workspaces(&sight, delivery::Column::WorkspaceId)
}

fn suppressions_seen(actor: &Actor) -> Condition {
    let sight = actor.sight(Permission::ContactRead);
    sight::in_workspaces(&sight, suppression::Column::WorkspaceId)
}

fn messages_like(filter: &MessageFilter) -> Condition {
    use message::Column;
    let kinds = filter.kind.as_ref().map(|all| {
        let all = all.iter().copied().map(Spelled);
        Column::Kind.is_in(all)
    });
    let states = filter.state.as_ref().map(|all| {
        let all = all.iter().copied().map(Spelled);
        Column::State.is_in(all)
    });
    Condition::all().add_option(kinds).add_option(states)
}

fn deliveries_like(filter: &DeliveryFilter) -> Condition {
    let states = filter.state.as_ref().map(|all| {
        let all = all.iter().copied().map(Spelled);
        delivery::Column::State.is_in(all)
    });
    Condition::all().add_option(states)
}

/// What is asked of several alike, by what is asked.
pub(crate) fn alike<A: Eq + Hash, O>(wanted: impl Iterator<Item = (A, O)>) -> HashMap<A, Vec<O>> {
    let mut alike: HashMap<A, Vec<O>> = HashMap::new();
    for (asked, owner) in wanted {
        alike.entry(asked).or_default().push(owner);
    }
    alike
}

/// The pages of several lists, by whose they are; or why there are none.
pub(crate) type Pages<T> = Result<HashMap<Uuid, Page<T>>, PageError>;

/// The page of one of them.
pub(crate) fn taken<K, T>(pages: &mut Pages<T>, owner: Id<K>) -> Result<Page<T>, PageError> {
    let nothing = || Page {
        items: Vec::new(),
        has_next: false,
        has_previous: false,
    };
    match pages {
        Ok(pages) => Ok(pages.remove(&owner.uuid()).unwrap_or_else(nothing)),
        Err(refused) => Err(*refused),
    }
}

/// Lists of rows, each of which belongs to something, in the order of their ids.
pub(crate) struct Lists<E: EntityTrait> {
    /// What says whose a row is.
    pub(crate) owner: E::Column,
    pub(crate) id: E::Column,
    pub(crate) direction: Direction,
    /// Whose a row is, and its own id.
    pub(crate) ids: fn(&E::Model) -> (Uuid, Uuid),
}

impl<E: EntityTrait> Lists<E> {
    /// A page of each list, in one statement.
    pub(crate) async fn pages<K, T: From<E::Model>>(
        &self,
        store: &Store,
        owners: &[Id<K>],
        (page, scope): (&PageRequest, &impl std::fmt::Debug),
        which: Condition,
    ) -> Result<Pages<T>, Fault> {
        let key = SortKey {
            direction: self.direction,
            ..sort_key(self.id, SortKind::Uuid)
        };
        let keyset = match Keyset::new(page, vec![key], scope) {
            Ok(keyset) => keyset,
            Err(refused) => return Ok(Err(refused)),
        };
        let which = which
            .add(self.owner.is_in(owners.iter().map(|id| id.uuid())))
            .add(keyset.condition());
        let rows = first_of_each(store, E::default(), self.owner, which, &keyset).await?;
        let mut rows_of: HashMap<Uuid, Vec<_>> = HashMap::new();
        for row in rows {
            rows_of.entry((self.ids)(&row).0).or_default().push(row);
        }
        let page = |rows| keyset.page(rows, |row| vec![(self.ids)(row).1.to_string()], T::from);
        Ok(Ok(owners
            .iter()
            .map(|id| {
                let rows = rows_of.remove(&id.uuid()).unwrap_or_default();
                (id.uuid(), page(rows))
            })
            .collect()))
    }
}

/// How many rows belong to each of some things.
pub(crate) async fn counts<E: EntityTrait, K>(
    store: &Store,
    owner: E::Column,
    owners: &[Id<K>],
    which: Condition,
) -> Result<HashMap<Id<K>, u64>, Fault> {
    let rows: Vec<(Uuid, i64)> = E::find()
        .select_only()
        .column(owner)
        .column_as(owner.count(), "how_many")
        .filter(which)
        .filter(owner.is_in(owners.iter().map(|id| id.uuid())))
        .group_by(owner)
        .into_tuple()
        .all(store.read())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(owner, count)| {
            (
                Id::from_uuid(owner),
                u64::try_from(count).unwrap_or_default(),
            )
        })
        .collect())
}
