//! The outbox: notices are put into it with the change that they tell of, in the same transaction.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use domain::agenda::{Agenda, AgendaItem, AgendaVersion, PersonalChange};
use domain::appearance::Appearance;
use domain::id::PersonId;
use domain::outbox::{OutboxKind, OutboxState};
use serde_json::{Value, json};

use crate::column::{AsJson, DbId, Spelled};
use crate::entity::event::event;
use crate::entity::outbox::outbox;
use crate::error::Fault;
use crate::event_document::insert_all;
use crate::operation::Operation;

impl Operation<'_> {
    /// Puts into the outbox what each person is to be told of a version: one notice, with all that is
    /// otherwise for them.
    pub(crate) async fn enqueue_notices(
        &self,
        event: &event::Model,
        version: &AgendaVersion,
        (before, after): (&Agenda, &Agenda),
        notices: &BTreeMap<PersonId, Vec<PersonalChange>>,
    ) -> Result<(), Fault> {
        let now = self.now();
        let mut rows = Vec::with_capacity(notices.len());
        for (person, changes) in notices {
            let changes: Vec<_> = changes
                .iter()
                .map(|change| change_told(change, before, after))
                .collect();
            rows.push(outbox::Model {
                id: DbId(self.mint()?),
                workspace_id: event.workspace_id,
                event_id: Some(event.id),
                kind: Spelled(OutboxKind::AgendaChanged),
                person_id: DbId(*person),
                agenda_version_id: Some(DbId(version.id)),
                payload: json!({
                    "version": version.number,
                    "comment": version.comment,
                    "timeZone": after.event().time.zone.to_string(),
                    "changes": changes,
                }),
                state: Spelled(OutboxState::Queued),
                created_at: now,
                available_at: now,
                attempts: 0,
                claimed_until: None,
                message_id: None,
                last_error: None,
            });
        }
        insert_all::<outbox::Entity>(self.on(), rows).await
    }
}

/// One thing that is otherwise for somebody, whole: what is sent later must not depend on what becomes
/// of the draft until then.
fn change_told(change: &PersonalChange, before: &Agenda, after: &Agenda) -> Value {
    json!({
        "itemId": change.item_id.map(|id| id.to_string()),
        "kinds": words(&change.kinds),
        "aspects": words(&change.aspects),
        "before": side(change, &change.before, before),
        "after": side(change, &change.after, after),
    })
}

fn words(words: &[impl ToString]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}

/// How it is, or was, for them; nothing where they were not concerned.
fn side(change: &PersonalChange, theirs: &[Appearance], agenda: &Agenda) -> Value {
    if theirs.is_empty() {
        return Value::Null;
    }
    let appearances: Vec<_> = theirs
        .iter()
        .map(|one| json!({ "role": one.role.to_string(), "printedName": one.printed_name }))
        .collect();
    let item = change.item_id.and_then(|id| agenda.item(id));
    json!({
        "appearances": appearances,
        "item": item.map(|item| item_told(item, agenda)),
    })
}

fn item_told(item: &AgendaItem, agenda: &Agenda) -> Value {
    let room = item.room_id.and_then(|id| agenda.room(id));
    let parent = item.parent_id.and_then(|id| agenda.item(id));
    let instant = |time: Option<NaiveDateTime>| {
        let instant = time.map(|local| agenda.instant(local));
        instant.map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
    };
    let local =
        |time: Option<NaiveDateTime>| time.map(|time| time.format("%Y-%m-%dT%H:%M:%S").to_string());
    json!({
        "kind": item.kind.to_string(),
        "title": item.title.as_ref().map(AsJson::to_json),
        "startsAtLocal": local(item.starts_at),
        "endsAtLocal": local(item.ends_at),
        "startsAt": instant(item.starts_at),
        "endsAt": instant(item.ends_at),
        "room": room.map(|room| json!({ "id": room.id.to_string(), "name": room.name })),
        "parent": parent.map(|item| json!({
            "id": item.id.to_string(),
            "title": item.title.as_ref().map(AsJson::to_json),
        })),
    })
}
