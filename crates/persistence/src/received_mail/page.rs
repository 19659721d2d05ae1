//! Reading mail that came in, and what it says as a column holds it.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::access::{Actor, Permission};
use domain::id::{EventId, ReceivedMailId, WorkspaceId};
use domain::received_mail::{
    ProposedTime, ReceivedMail, ReceivedMailFacts, ReceivedMailKind, ReceivedMailOutcome,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};
use serde_json::{Value as JsonValue, json};
use uuid::Uuid;

use crate::column::{AsJson, DbId, Spelled};
use crate::directory::sort_key;
use crate::entity::received_mail;
use crate::error::Fault;
use crate::page::{Direction, Keyset, Page, PageError, PageRequest, SortKey, SortKind};
use crate::participation::first_of_each;
use crate::record::Written;
use crate::sight;
use crate::store::Store;

/// Whose mail is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReceivedMailOf {
    /// All that concerns a workspace.
    Workspace(WorkspaceId),
    /// What concerns an event.
    Event(EventId),
}

/// Which mails. What is left out restricts nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ReceivedMailFilter {
    /// Of which something of this became.
    pub outcomes: Option<Vec<ReceivedMailOutcome>>,
    /// Of these kinds.
    pub kinds: Option<Vec<ReceivedMailKind>>,
}

/// A page of the mail of one thing; pages of several alike are read at once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReceivedMailPageOf {
    /// Whose.
    pub of: ReceivedMailOf,
    /// Which mails.
    pub filter: ReceivedMailFilter,
    /// Which page.
    pub page: PageRequest,
}

impl ReceivedMailOf {
    fn column(self) -> received_mail::Column {
        match self {
            Self::Workspace(_) => received_mail::Column::WorkspaceId,
            Self::Event(_) => received_mail::Column::EventId,
        }
    }

    fn uuid(self) -> Uuid {
        match self {
            Self::Workspace(id) => id.uuid(),
            Self::Event(id) => id.uuid(),
        }
    }

    /// Which of such a row says whose it is.
    fn of_row(self, row: &received_mail::Model) -> Uuid {
        let id = match self {
            Self::Workspace(_) => row.workspace_id.map(|id| id.0.uuid()),
            Self::Event(_) => row.event_id.map(|id| id.0.uuid()),
        };
        id.unwrap_or_default()
    }
}

type Alike<'a> = (
    std::mem::Discriminant<ReceivedMailOf>,
    &'a ReceivedMailFilter,
    &'a PageRequest,
);

impl Store {
    /// Pages of mail that came in, the latest first, as far as the actor may read it. Pages that differ in
    /// the thing alone are read in one statement.
    pub async fn received_mail_pages(
        &self,
        actor: &Actor,
        wanted: &[ReceivedMailPageOf],
    ) -> Result<HashMap<ReceivedMailPageOf, Result<Page<ReceivedMail>, PageError>>, Fault> {
        let mut alike: HashMap<Alike<'_>, Vec<ReceivedMailOf>> = HashMap::new();
        for one in wanted {
            let key = (std::mem::discriminant(&one.of), &one.filter, &one.page);
            alike.entry(key).or_default().push(one.of);
        }
        let mut pages = HashMap::new();
        for ((_, filter, page), all) in alike {
            let Some(any) = all.first().copied() else {
                continue;
            };
            let key = |of| ReceivedMailPageOf {
                of,
                filter: filter.clone(),
                page: page.clone(),
            };
            let latest_first = SortKey {
                direction: Direction::Descending,
                ..sort_key(received_mail::Column::Id, SortKind::Uuid)
            };
            let keyset = match Keyset::new(page, vec![latest_first], &("received mail", filter)) {
                Ok(keyset) => keyset,
                Err(refused) => {
                    pages.extend(all.into_iter().map(|of| (key(of), Err(refused))));
                    continue;
                }
            };
            let which = mail_of(actor, &all, filter).add(keyset.condition());
            let rows: Vec<received_mail::Model> =
                first_of_each(self, received_mail::Entity, any.column(), which, &keyset).await?;
            let mut rows_of: HashMap<Uuid, Vec<_>> = HashMap::new();
            for row in rows {
                rows_of.entry(any.of_row(&row)).or_default().push(row);
            }
            for of in all {
                let rows = rows_of.remove(&of.uuid()).unwrap_or_default();
                let values = |row: &received_mail::Model| vec![row.id.0.uuid().to_string()];
                pages.insert(key(of), Ok(keyset.page(rows, values, ReceivedMail::from)));
            }
        }
        Ok(pages)
    }

    /// How many mails came in for things.
    pub async fn received_mail_counts(
        &self,
        actor: &Actor,
        wanted: &[(ReceivedMailOf, ReceivedMailFilter)],
    ) -> Result<HashMap<(ReceivedMailOf, ReceivedMailFilter), u64>, Fault> {
        let mut alike: HashMap<_, Vec<ReceivedMailOf>> = HashMap::new();
        for (of, filter) in wanted {
            let key = (std::mem::discriminant(of), filter);
            alike.entry(key).or_default().push(*of);
        }
        let mut counts: HashMap<_, _> = wanted.iter().map(|one| (one.clone(), 0)).collect();
        for ((_, filter), all) in alike {
            let Some(any) = all.first().copied() else {
                continue;
            };
            let rows: Vec<(Uuid, i64)> = received_mail::Entity::find()
                .select_only()
                .column(any.column())
                .column_as(received_mail::Column::Id.count(), "how_many")
                .filter(mail_of(actor, &all, filter))
                .group_by(any.column())
                .into_tuple()
                .all(self.read())
                .await?;
            let found: HashMap<_, _> = rows.into_iter().collect();
            for of in all {
                let count = found.get(&of.uuid()).copied().unwrap_or_default();
                let count = u64::try_from(count).unwrap_or_default();
                counts.insert((of, filter.clone()), count);
            }
        }
        Ok(counts)
    }

    /// Mails that came in by id, as far as the actor may read them.
    pub async fn received_mail(
        &self,
        actor: &Actor,
        ids: &[ReceivedMailId],
    ) -> Result<Vec<ReceivedMail>, Fault> {
        let rows = received_mail::Entity::find()
            .filter(received_mail::Column::Id.is_in(ids.iter().copied().map(DbId)))
            .filter(readable(actor))
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(ReceivedMail::from).collect())
    }
}

/// Mail says who takes part. What stands in it besides is for who may see how to reach them, too.
fn readable(actor: &Actor) -> Condition {
    sight::in_workspaces(
        &actor.sight(Permission::ParticipantRead),
        received_mail::Column::WorkspaceId,
    )
}

/// The mail of things of one sort.
fn mail_of(actor: &Actor, of: &[ReceivedMailOf], filter: &ReceivedMailFilter) -> Condition {
    let mut condition = readable(actor);
    if let Some(any) = of.first() {
        condition = condition.add(any.column().is_in(of.iter().map(|of| of.uuid())));
    }
    if let Some(outcomes) = &filter.outcomes {
        let outcomes = outcomes.iter().copied().map(Spelled);
        condition = condition.add(received_mail::Column::Outcome.is_in(outcomes));
    }
    if let Some(kinds) = &filter.kinds {
        let kinds = kinds.iter().copied().map(Spelled);
        condition = condition.add(received_mail::Column::Kind.is_in(kinds));
    }
    condition
}

impl AsJson for ReceivedMailFacts {
    fn to_json(&self) -> JsonValue {
        let proposed = self.proposed.map(|time| match time {
            ProposedTime::Hours { starts_at, ends_at } => json!({
                "startsAt": starts_at.write(),
                "endsAt": ends_at.map(|at| at.write()),
            }),
            ProposedTime::Days { starts_on, ends_on } => json!({
                "startsOn": starts_on.write(),
                "endsOn": ends_on.map(|on| on.write()),
            }),
        });
        json!({
            "answer": self.answer.map(|answer| answer.to_string()),
            "attendee": self.attendee,
            "text": self.text,
            "proposed": proposed,
            "delegatedTo": self.delegated_to,
            "diagnostic": self.diagnostic,
        })
    }

    fn from_json(mut json: JsonValue) -> Option<Self> {
        let answer = match text(&json, "answer") {
            Some(word) => Some(word.parse().ok()?),
            None => None,
        };
        let proposed = match json.get_mut("proposed").map(JsonValue::take) {
            None | Some(JsonValue::Null) => None,
            Some(mut time) => Some(proposed_from(&mut time)?),
        };
        let delegated_to = json.get_mut("delegatedTo").map(JsonValue::take);
        Some(Self {
            answer,
            attendee: text(&json, "attendee"),
            text: text(&json, "text"),
            proposed,
            delegated_to: Vec::from_json(delegated_to?)?,
            diagnostic: text(&json, "diagnostic"),
        })
    }
}

fn proposed_from(time: &mut JsonValue) -> Option<ProposedTime> {
    if time.get("startsOn").is_some() {
        return Some(ProposedTime::Days {
            starts_on: read::<NaiveDate>(time, "startsOn")?,
            ends_on: read(time, "endsOn")?,
        });
    }
    Some(ProposedTime::Hours {
        starts_at: read(time, "startsAt")?,
        ends_at: read(time, "endsAt")?,
    })
}

fn text(json: &JsonValue, name: &str) -> Option<String> {
    json.get(name)?.as_str().map(str::to_owned)
}

fn read<T: Written>(json: &mut JsonValue, name: &str) -> Option<T> {
    T::read(json.get_mut(name).map(JsonValue::take).unwrap_or_default())
}
