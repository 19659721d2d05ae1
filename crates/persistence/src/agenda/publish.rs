//! Publishing agendas: a version is frozen, and whoever it concerns is told, in one transaction.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use domain::access::{Actor, Permission};
use domain::agenda::edit::AgendaPublishRefused;
use domain::agenda::{Agenda, AgendaDiff, AgendaVersion, PersonalChange};
use domain::event::EventState;
use domain::id::{AgendaVersionId, EventId, PersonId, kind};
use domain::message::MessageKind;
use domain::refusal::{IllegalState, Refusals};
use domain::text::passage;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
};

use super::merged::Merged;
use super::rows::{AgendaRows, event_row, rows_of};
use super::version::{Versions, freeze};
use crate::column::{DbId, Spelled};
use crate::entity::agenda::agenda_version;
use crate::entity::event::event;
use crate::entity::message::{delivery, message};
use crate::error::{Error, Fault};
use crate::operation::{Effect, Operation, Refused, Retry};
use crate::sight;
use crate::store::Store;

/// What is to be published, and how.
#[derive(Debug, Clone)]
pub struct AgendaPublish {
    /// The event.
    pub event: EventId,
    /// The revision of the agenda that the caller has seen.
    pub expected_revision: i32,
    /// What is said of it.
    pub comment: Option<String>,
    /// Who is told.
    pub notify: Notify,
    /// Whether it happens, or is only tried.
    pub effect: Effect,
}

/// Who is told of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notify {
    /// Each person for whom something is otherwise.
    Concerned,
    /// Nobody.
    Nobody,
}

/// What was published, or would be.
#[derive(Debug, Clone)]
pub struct Publication {
    /// The version; none where it was only tried.
    pub version: Option<Arc<AgendaVersion>>,
    /// The agenda as it was published before; an empty one, if it never was.
    pub before: Arc<Agenda>,
    /// The agenda that is published.
    pub after: Arc<Agenda>,
    /// What is otherwise.
    pub diff: Arc<AgendaDiff>,
    /// Who is told, and what.
    pub notices: BTreeMap<PersonId, Vec<PersonalChange>>,
}

/// On whose behalf what was published before there were versions is frozen.
const UPGRADE: Actor = Actor::System {
    reason: "bringing the database to the shape of this program",
};

impl Publication {
    fn of(
        version: Option<Arc<AgendaVersion>>,
        before: Arc<Agenda>,
        after: Arc<Agenda>,
        notify: Notify,
    ) -> Self {
        let diff = before.diff(&after);
        let notices = match notify {
            Notify::Concerned => diff.notices(&before, &after),
            Notify::Nobody => BTreeMap::new(),
        };
        Self {
            version,
            before,
            after,
            diff: Arc::new(diff),
            notices,
        }
    }
}

impl Store {
    /// Publishes the agenda as it is as the next version, and puts into the outbox what each person is
    /// to be told whom it concerns.
    pub async fn publish_agenda(
        &self,
        actor: &Actor,
        publish: AgendaPublish,
        retry: Option<&Retry>,
    ) -> Result<Publication, Refused<AgendaPublishRefused>> {
        let name = "agendaPublish";
        let mut operation = self
            .operate_in(actor, name, Permission::EventPublish, publish.event)
            .await?;
        let again = operation.answered_one(retry).await?;
        if let Some(id) = again {
            drop(operation);
            return Ok(self.publication(id).await?);
        }
        let mut refusals = Refusals::default();
        operation.expect_revision(publish.expected_revision, &mut refusals)?;
        let comment = publish.comment.as_deref().map(passage).transpose();
        let comment = match comment {
            Ok(comment) => comment,
            Err(why) => {
                refusals.invalid("comment", why);
                None
            }
        };
        let event = operation.event()?.clone();
        if event.status.0 == EventState::Cancelled {
            let message = "the event was called off: its agenda is not published any more";
            refusals.say("eventId", IllegalState(message.to_owned()));
        }
        refusals.refuse_if_any()?;

        let rows = rows_of(operation.on(), event).await?;
        let before = match rows.event.agenda_version {
            Some(number) => operation.content(publish.event, number).await?,
            None => nothing_yet(&rows)?,
        };
        // As everybody is going to read it: what the organisers plan with is left out.
        let lost = || Fault::inconsistent("agenda_version", "content", publish.event.uuid());
        let after = AgendaRows::read(&rows.written()).ok_or_else(lost)?;
        let after = Arc::new(after.agenda()?);
        let mut publication = Publication::of(None, before, after, publish.notify);
        if publish.effect == Effect::Rehearse {
            return Ok(publication);
        }
        let version = operation.freeze_agenda(&rows, comment).await?;
        let agendas = (publication.before.as_ref(), publication.after.as_ref());
        operation
            .tell_of_version(&rows.event, &version, agendas, &publication.notices)
            .await?;
        operation
            .finish(Effect::Apply, &[version.id.uuid()])
            .await?;
        publication.version = Some(Arc::new(version));
        Ok(publication)
    }

    /// What was published as a version, as it was told then.
    async fn publication(&self, id: AgendaVersionId) -> Result<Publication, Fault> {
        let gone = || Fault::inconsistent("agenda_version", "id", id.uuid());
        let which = Versions::Ids(vec![id]);
        let after = self.contents(self.all_heads(&which).await?).await?.pop();
        let after = after.ok_or_else(gone)?;
        let before = Versions::Numbered(vec![(
            after.version.event_id,
            after.version.number.saturating_sub(1),
        )]);
        let before = self.contents(self.all_heads(&before).await?).await?.pop();
        let before = before.map_or_else(
            || Arc::new(Agenda::empty(after.agenda.event().clone())),
            |one| one.agenda,
        );
        let told = message::Entity::find()
            .filter(message::Column::AgendaVersionId.eq(DbId(id)))
            .count(self.read())
            .await?;
        let notify = if told > 0 {
            Notify::Concerned
        } else {
            Notify::Nobody
        };
        Ok(Publication::of(
            Some(after.version),
            before,
            after.agenda,
            notify,
        ))
    }

    /// Who was told of versions: the people whom each concerned, for who may see who takes part.
    pub async fn notified(
        &self,
        actor: &Actor,
        versions: &[AgendaVersionId],
    ) -> Result<Vec<(AgendaVersionId, PersonId)>, Fault> {
        let query = Query::select()
            .column((message::Entity, message::Column::AgendaVersionId))
            .column((delivery::Entity, delivery::Column::PersonId))
            .from(delivery::Entity)
            .inner_join(
                message::Entity,
                Expr::col((message::Entity, message::Column::Id))
                    .equals((delivery::Entity, delivery::Column::MessageId)),
            )
            .cond_where(message::Column::AgendaVersionId.is_in(versions.iter().copied().map(DbId)))
            .cond_where(delivery::Column::Kind.eq(Spelled(MessageKind::AgendaChanged)))
            .cond_where(sight::in_workspaces(
                &actor.sight(Permission::ParticipantRead),
                message::Column::WorkspaceId,
            ))
            .take();
        let mut told = Vec::new();
        for row in self.read().query_all(&query).await? {
            let version: DbId<kind::AgendaVersion> = row.try_get_by_index(0)?;
            let person: DbId<kind::Person> = row.try_get_by_index(1)?;
            told.push((version.0, person.0));
        }
        Ok(told)
    }

    /// Freezes the agendas of events that were published before there were versions of agendas.
    pub(crate) async fn freeze_what_was_published(&self) -> Result<(), Fault> {
        let events: Vec<DbId<domain::id::kind::Event>> = event::Entity::find()
            .select_only()
            .column(event::Column::Id)
            .filter(event::Column::PublishedAt.is_not_null())
            .filter(event::Column::AgendaVersion.is_null())
            .into_tuple()
            .all(self.read())
            .await?;
        for id in events {
            let begun = self
                .operate_in::<Infallible>(&UPGRADE, "agendaFreeze", Permission::EventPublish, id.0)
                .await;
            let mut operation = match begun {
                Ok(operation) => operation,
                // It is gone by now.
                Err(Error::Denied(_)) => continue,
                Err(Error::Fault(fault)) => return Err(fault),
                Err(Error::Refused(never)) => match never {},
            };
            // Another node may have done it while this one waited: then there is nothing to do.
            operation.freeze_first_agenda(id.0).await?;
            operation.finish(Effect::Apply, &[]).await?;
        }
        Ok(())
    }
}

fn nothing_yet(rows: &AgendaRows) -> Result<Arc<Agenda>, Fault> {
    let event = rows.event.clone().event()?;
    Ok(Arc::new(Agenda::empty(event)))
}

impl Operation<'_> {
    /// What stood in a version. Those who have become one since are one: for them nothing is otherwise.
    pub(crate) async fn content(&self, event: EventId, number: i32) -> Result<Arc<Agenda>, Fault> {
        let row = agenda_version::Entity::find()
            .filter(agenda_version::Column::EventId.eq(DbId(event)))
            .filter(agenda_version::Column::Number.eq(number))
            .one(self.on())
            .await?;
        let lost = || Fault::inconsistent("agenda_version", "number", event.uuid());
        let mut rows = AgendaRows::read(&row.ok_or_else(lost)?.content).ok_or_else(lost)?;
        let merged = Merged::of(self.on(), self.workspace()).await?;
        merged.rename(&mut rows);
        Ok(Arc::new(rows.agenda()?))
    }

    /// Freezes the agenda as the next version. The log has it as what the event shows.
    async fn freeze_agenda(
        &mut self,
        rows: &AgendaRows,
        comment: Option<String>,
    ) -> Result<AgendaVersion, Fault> {
        let (store, actor, id) = (self.store(), self.actor(), self.operation_id());
        let version = freeze(store, self.on(), actor, id, rows, comment).await?;
        let shown = event::Model {
            agenda_version: Some(version.number),
            ..rows.event.clone()
        };
        self.noted::<event::Entity>(&rows.event, &shown)?;
        Ok(version)
    }

    /// Freezes the agenda of an event that is announced, if none of it was published so far: from
    /// now on, it is shown.
    pub(crate) async fn freeze_first_agenda(&mut self, event: EventId) -> Result<(), Fault> {
        let row = event_row(self.on(), event).await?;
        if row.published_at.is_some() && row.agenda_version.is_none() {
            let rows = rows_of(self.on(), row).await?;
            self.freeze_agenda(&rows, None).await?;
        }
        Ok(())
    }
}
