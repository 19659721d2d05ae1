//! What a mail tells, as it was when it was put down: it is written later, and must not depend on what
//! becomes of the draft until then.

use chrono::{DateTime, NaiveDateTime, Utc};
use domain::LocalizedText;
use domain::agenda::{Agenda, AgendaItem, AgendaItemKind, ItemChangeKind, PersonalChange};
use domain::appearance::{Appearance, AppearanceRole};
use serde_json::{Value, json};

use crate::column::AsJson;
use crate::record::Written;

/// What a mail tells besides what is so when it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// In the organiser's own words: what they say besides, or why something is cancelled.
    pub note: Option<String>,
    /// Until when they are asked to answer.
    pub answer_by: Option<DateTime<Utc>>,
    /// Whether an entry is at another time or place.
    pub moved: bool,
    /// What is otherwise for them.
    pub changes: Vec<ToldChange>,
}

/// One thing that is otherwise for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldChange {
    /// What has become of it for them.
    pub kinds: Vec<ItemChangeKind>,
    /// How it was for them; nothing, where they were not concerned.
    pub before: Option<ToldPart>,
    /// How it is for them.
    pub after: Option<ToldPart>,
}

/// What somebody has to do with something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldPart {
    /// As what they appear.
    pub roles: Vec<AppearanceRole>,
    /// On which item; none for the whole event.
    pub item: Option<ToldItem>,
}

/// An item, as it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldItem {
    /// What kind.
    pub kind: AgendaItemKind,
    /// What it is called.
    pub title: Option<LocalizedText>,
    /// When it begins, by the clocks of the event.
    pub starts_at: Option<NaiveDateTime>,
    /// When it ends.
    pub ends_at: Option<NaiveDateTime>,
    /// The room, by its name.
    pub room: Option<String>,
}

impl Told {
    /// What was put down for a mail.
    pub(crate) fn read(payload: &Value) -> Self {
        let text = |name: &str| payload.get(name).and_then(Value::as_str);
        let note = text("note").or_else(|| text("comment"));
        let note = note.or_else(|| text("reason"));
        let answer_by = payload.get("answerBy").cloned().unwrap_or_default();
        let changes = payload.get("changes").and_then(Value::as_array);
        Self {
            note: note.map(str::to_owned),
            moved: payload.get("moved").and_then(Value::as_bool) == Some(true),
            answer_by: <Option<DateTime<Utc>> as Written>::read(answer_by).flatten(),
            changes: changes
                .into_iter()
                .flatten()
                .filter_map(read_change)
                .collect(),
        }
    }
}

fn read_change(change: &Value) -> Option<ToldChange> {
    Some(ToldChange {
        kinds: read_words(change.get("kinds")?)?,
        before: read_part(change.get("before")?)?,
        after: read_part(change.get("after")?)?,
    })
}

fn read_words<T: std::str::FromStr>(words: &Value) -> Option<Vec<T>> {
    let each = words.as_array()?.iter();
    each.map(|word| word.as_str()?.parse().ok()).collect()
}

#[expect(
    clippy::option_option,
    reason = "what is not there, and what cannot be read"
)]
fn read_part(part: &Value) -> Option<Option<ToldPart>> {
    if part.is_null() {
        return Some(None);
    }
    let appearances = part.get("appearances")?.as_array()?.iter();
    let roles = appearances.map(|one| one.get("role")?.as_str()?.parse().ok());
    let item = part.get("item").filter(|item| !item.is_null());
    Some(Some(ToldPart {
        roles: roles.collect::<Option<_>>()?,
        item: match item {
            Some(item) => Some(read_item(item)?),
            None => None,
        },
    }))
}

fn read_item(item: &Value) -> Option<ToldItem> {
    let local = |name: &str| {
        let text = item.get(name)?.as_str()?;
        NaiveDateTime::parse_from_str(text, LOCAL).ok()
    };
    let title = item.get("title").filter(|title| !title.is_null());
    Some(ToldItem {
        kind: item.get("kind")?.as_str()?.parse().ok()?,
        title: title.and_then(|title| AsJson::from_json(title.clone())),
        starts_at: local("startsAtLocal"),
        ends_at: local("endsAtLocal"),
        room: item
            .get("room")
            .and_then(|room| room.get("name"))
            .and_then(Value::as_str)
            .map(str::to_owned),
    })
}

/// How a time by the clocks of an event is put down.
const LOCAL: &str = "%Y-%m-%dT%H:%M:%S";

/// One thing that is otherwise for somebody, whole: what is sent later must not depend on what becomes
/// of the draft until then.
pub(crate) fn change_told(change: &PersonalChange, before: &Agenda, after: &Agenda) -> Value {
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
    let place = agenda.takes_place(item);
    let room = place.room_id.and_then(|id| agenda.room(id));
    let parent = item.parent_id.and_then(|id| agenda.item(id));
    let instant = |time: Option<NaiveDateTime>| {
        let instant = time.map(|local| agenda.instant(local));
        instant.map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
    };
    let local = |time: Option<NaiveDateTime>| time.map(|time| time.format(LOCAL).to_string());
    json!({
        "kind": item.kind.to_string(),
        "title": item.title.as_ref().map(AsJson::to_json),
        "startsAtLocal": local(place.starts_at),
        "endsAtLocal": local(place.ends_at),
        "startsAt": instant(place.starts_at),
        "endsAt": instant(place.ends_at),
        "room": room.map(|room| json!({ "id": room.id.to_string(), "name": room.name })),
        "parent": parent.map(|item| json!({
            "id": item.id.to_string(),
            "title": item.title.as_ref().map(AsJson::to_json),
        })),
    })
}
