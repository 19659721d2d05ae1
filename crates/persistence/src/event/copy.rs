//! Making an event after another: next year's begins with what this one was.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use domain::access::{Actor, Permission};
use domain::action_item::ActionItemState;
use domain::agenda::{AgendaItem, AgendaItemKind};
use domain::appearance::AppearanceRole;
use domain::availability::Availability;
use domain::event::{Event, EventCopyRefused, EventStatus};
use domain::id::{AgendaItemId, EventId, kind};
use domain::patch::TextDraft;
use domain::text::{LINE, line};
use domain::{LocalizedText, Patch, Refusals};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::column::{DbId, Json, Spelled};
use crate::entity::agenda::{agenda_item, appearance, track};
use crate::entity::directory::organization;
use crate::entity::event::event;
use crate::entity::follow_up::{action_item, action_item_responsible};
use crate::entity::participation::{event_organization, participant, participant_group};
use crate::error::Fault;
use crate::operation::{Effect, Operation, Refused, Retry};
use crate::store::Store;

/// What is taken over from an event besides what is said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventPart {
    /// The organizations with their roles, without delegations.
    Organizations,
    /// The groups whom nobody has named.
    Groups,
    /// The agenda: tracks and items, each as much later as the event.
    Agenda,
    /// Who appears, on what is taken over; and so the participants that they are.
    Appearances,
    /// What is still to be done, as a briefing at the end of the agenda, item by item.
    OpenActionItems,
}

/// An event that is to be made after another.
#[derive(Debug, Clone)]
pub struct EventCopy {
    /// After which.
    pub source: EventId,
    /// Its name in addresses.
    pub slug: String,
    /// What it is called; as the other, if nothing is said.
    pub title: Patch<TextDraft>,
    /// Its first day. All other times are as much later.
    pub starts_on: NaiveDate,
    /// What is taken over.
    pub parts: Vec<EventPart>,
}

impl Store {
    /// Makes a draft after another event.
    pub async fn copy_event(
        &self,
        actor: &Actor,
        copy: EventCopy,
        effect: Effect,
        retry: Option<&Retry>,
    ) -> Result<EventId, Refused<EventCopyRefused>> {
        let name = "eventCopy";
        let (mut operation, source) = self
            .operate_on::<event::Entity, _>(actor, name, Permission::EventEdit, copy.source)
            .await?;
        if let Some(before) = operation.answered_one(retry).await? {
            return Ok(before);
        }
        let mut refusals = Refusals::default();
        let id = operation.mint()?;
        let source = source.event()?;
        let by = copy.starts_on - source.time.starts_on;
        let mut event = Event {
            id,
            version: 1,
            status: EventStatus::Draft,
            agenda_revision: 0,
            agenda_version: None,
            ..source
        };
        event.time.starts_on = copy.starts_on;
        event.time.ends_on = later_day(event.time.ends_on, by);
        event.time.starts_at = event.time.starts_at.and_then(|time| later(time, by));
        event.time.ends_at = event.time.ends_at.and_then(|time| later(time, by));
        refusals.checked("startsOn", event.time.check());
        let wrong = refusals.len();
        refusals.set("slug", Patch::Set(copy.slug), &mut event.slug, |text| {
            text.parse()
        });
        let is_slug = refusals.len() == wrong;
        refusals.text("title", copy.title, &mut event.title, line);
        let main_title = event.title.clone();
        let row = event::Model::of(event, self.now());
        // In place of a slug that is none stands that of the source, which is taken of course.
        if is_slug {
            operation
                .claim::<event::Entity, _>(&row, &mut refusals)
                .await?;
        }
        refusals.refuse_if_any()?;
        operation.insert::<event::Entity>(row).await?;
        let mut copying = Copying {
            from: copy.source,
            to: id,
            by,
            parts: copy.parts,
            groups: HashMap::new(),
            items: HashMap::new(),
        };
        copying.organizations(&mut operation).await?;
        copying.groups(&mut operation).await?;
        copying.agenda(&mut operation).await?;
        copying.appearances(&mut operation).await?;
        copying
            .open_action_items(&mut operation, &main_title)
            .await?;
        operation.finish(effect, &[id.uuid()]).await?;
        Ok(id)
    }
}

fn later(time: NaiveDateTime, by: TimeDelta) -> Option<NaiveDateTime> {
    time.checked_add_signed(by)
}

fn later_day(day: NaiveDate, by: TimeDelta) -> NaiveDate {
    day.checked_add_signed(by).unwrap_or(NaiveDate::MAX)
}

/// The rows of a table that belong to an event, in order.
macro_rules! rows_of {
    ($operation:expr, $table:ident, $event:expr) => {
        $table::Entity::find()
            .filter($table::Column::EventId.eq(DbId($event)))
            .order_by_asc($table::Column::Position)
            .order_by_asc($table::Column::Id)
            .all($operation.on())
            .await?
    };
}

struct Copying {
    from: EventId,
    to: EventId,
    by: TimeDelta,
    parts: Vec<EventPart>,
    groups: HashMap<DbKey<kind::ParticipantGroup>, DbId<kind::ParticipantGroup>>,
    items: HashMap<AgendaItemId, AgendaItemId>,
}

type DbKey<K> = domain::Id<K>;

impl Copying {
    fn has(&self, part: EventPart) -> bool {
        self.parts.contains(&part)
    }

    async fn organizations(&self, operation: &mut Operation<'_>) -> Result<(), Fault> {
        if !self.has(EventPart::Organizations) {
            return Ok(());
        }
        let mut rows = Vec::new();
        for row in rows_of!(operation, event_organization, self.from) {
            rows.push(event_organization::Model {
                id: DbId(operation.mint()?),
                event_id: DbId(self.to),
                version: 1,
                has_delegation: 0,
                quota: None,
                liaison_id: None,
                due_at: None,
                returned_at: None,
                ..row
            });
        }
        operation
            .insert_all::<event_organization::Entity>(rows)
            .await
    }

    async fn groups(&mut self, operation: &mut Operation<'_>) -> Result<(), Fault> {
        if !self.has(EventPart::Groups) {
            return Ok(());
        }
        let mut rows = Vec::new();
        for row in rows_of!(operation, participant_group, self.from) {
            let id = DbId(operation.mint()?);
            self.groups.insert(row.id.0, id);
            rows.push(participant_group::Model {
                id,
                event_id: DbId(self.to),
                version: 1,
                ..row
            });
        }
        operation
            .insert_all::<participant_group::Entity>(rows)
            .await
    }

    async fn agenda(&mut self, operation: &mut Operation<'_>) -> Result<(), Fault> {
        if !self.has(EventPart::Agenda) {
            return Ok(());
        }
        let mut tracks = HashMap::new();
        let mut rows = Vec::new();
        for row in rows_of!(operation, track, self.from) {
            let id = DbId(operation.mint()?);
            tracks.insert(row.id.0, id);
            rows.push(track::Model {
                id,
                event_id: DbId(self.to),
                version: 1,
                ..row
            });
        }
        operation.insert_all::<track::Entity>(rows).await?;
        let items = rows_of!(operation, agenda_item, self.from);
        for row in &items {
            self.items.insert(row.id.0, operation.mint()?);
        }
        let mut rows = Vec::new();
        for row in items {
            let Some(id) = self.items.get(&row.id.0) else {
                continue;
            };
            let under = row.parent_id.and_then(|parent| self.items.get(&parent.0));
            rows.push(agenda_item::Model {
                id: DbId(*id),
                event_id: DbId(self.to),
                version: 1,
                parent_id: under.copied().map(DbId),
                track_id: row.track_id.and_then(|track| tracks.get(&track.0)).copied(),
                starts_at: row.starts_at.and_then(|time| later(time, self.by)),
                ends_at: row.ends_at.and_then(|time| later(time, self.by)),
                ..row
            });
        }
        operation.insert_tree(rows).await
    }

    async fn appearances(&self, operation: &mut Operation<'_>) -> Result<(), Fault> {
        if !self.has(EventPart::Appearances) {
            return Ok(());
        }
        let mut rows = Vec::new();
        let mut appearing = std::collections::HashSet::new();
        for row in rows_of!(operation, appearance, self.from) {
            let item_id = match row.item_id {
                None => None,
                Some(item) => match self.items.get(&item.0) {
                    Some(item) => Some(DbId(*item)),
                    None => continue,
                },
            };
            let group_id = match row.group_id {
                None => None,
                Some(group) => match self.groups.get(&group.0) {
                    Some(group) => Some(*group),
                    None => continue,
                },
            };
            appearing.extend(row.person_id.map(|id| id.0));
            rows.push(appearance::Model {
                id: DbId(operation.mint()?),
                event_id: DbId(self.to),
                version: 1,
                item_id,
                group_id,
                ..row
            });
        }
        operation.insert_all::<appearance::Entity>(rows).await?;
        let mut listed = Vec::new();
        let participants = rows_of!(operation, participant, self.from).into_iter();
        let participants = participants.filter(|row| appearing.contains(&row.person_id.0));
        for (position, row) in (0..).zip(participants) {
            listed.push(participant::Model {
                id: DbId(operation.mint()?),
                event_id: DbId(self.to),
                version: 1,
                status: Spelled(domain::participant::ParticipantState::Listed),
                status_since: None,
                delegation_id: None,
                delegate_role: None,
                // When they are there in another year, nobody has said.
                availability: Json(Availability::default()),
                link_generation: 1,
                answered_through: None,
                answer_by: None,
                position,
                ..row
            });
        }
        operation.insert_all::<participant::Entity>(listed).await
    }

    async fn open_action_items(
        &self,
        operation: &mut Operation<'_>,
        title: &LocalizedText,
    ) -> Result<(), Fault> {
        if !self.has(EventPart::OpenActionItems) {
            return Ok(());
        }
        let open: Vec<_> = rows_of!(operation, action_item, self.from)
            .into_iter()
            .filter(|row| {
                matches!(
                    row.status.0,
                    ActionItemState::Open | ActionItemState::InProgress
                )
            })
            .collect();
        if open.is_empty() {
            return Ok(());
        }
        let of_open =
            action_item_responsible::Column::ActionItemId.is_in(open.iter().map(|row| row.id));
        let responsible = action_item_responsible::Entity::find()
            .filter(of_open)
            .order_by_asc(action_item_responsible::Column::Position)
            .all(operation.on())
            .await?;
        let organizations = operation
            .known::<organization::Entity>(responsible.iter().map(|row| row.organization_id.0))
            .await?;
        let language = title.main_language();
        let top = sea_orm::Condition::all()
            .add(agenda_item::Column::EventId.eq(DbId(self.to)))
            .add(agenda_item::Column::ParentId.is_null());
        let mut briefing = AgendaItem::unknown(operation.mint()?, self.to);
        briefing.kind = AgendaItemKind::Briefing;
        briefing.position = operation.last_place::<agenda_item::Entity>(top).await?;
        let workspace = operation.workspace();
        let mut items = vec![agenda_item::Model::of(workspace, briefing.clone())];
        let mut presenting = Vec::new();
        for (position, row) in (0..).zip(open) {
            let words: Vec<_> = row.description.split_whitespace().collect();
            let said: String = words.join(" ").chars().take(LINE).collect();
            let item = AgendaItem {
                kind: AgendaItemKind::Briefing,
                title: Some(LocalizedText::single(language.clone(), said)),
                parent_id: Some(briefing.id),
                position,
                ..AgendaItem::unknown(operation.mint()?, self.to)
            };
            let those = responsible
                .iter()
                .filter(|one| one.action_item_id == row.id);
            for (position, one) in (0..).zip(those) {
                let known = organizations.get(&one.organization_id.0);
                presenting.push(appearance::Model {
                    id: DbId(operation.mint()?),
                    workspace_id: DbId(workspace),
                    event_id: DbId(self.to),
                    version: 1,
                    item_id: Some(DbId(item.id)),
                    role: Spelled(AppearanceRole::Presenter),
                    position,
                    person_id: None,
                    organization_id: Some(one.organization_id),
                    group_id: None,
                    on_behalf_of_person_id: None,
                    on_behalf_of_organization_id: None,
                    printed_name: known
                        .map(|row| row.name.0.main_text().to_owned())
                        .unwrap_or_default(),
                    printed_posts: Json(Vec::new()),
                });
            }
            items.push(agenda_item::Model::of(workspace, item));
        }
        operation.insert_tree(items).await?;
        operation.insert_all::<appearance::Entity>(presenting).await
    }
}
