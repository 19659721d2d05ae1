//! What the audit log tells, told again from the beginning, against what is there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use tests::{Client, TestApp};

/// A thing, member by member.
pub type Record = Map<String, Value>;

/// The tables of what people make, change and remove.
const TABLES: &[&str] = &[
    "series",
    "venue",
    "room",
    "organization",
    "person",
    "post",
    "membership",
    "event",
    "event_organization",
    "participant",
    "participant_group",
    "track",
    "agenda_item",
    "appearance",
    "release",
    "award",
    "award_recipient",
    "appointment_letter",
    "resolution",
    "action_item",
    "report",
    "message",
    "suppression",
    "mail_template",
    "letterhead",
    "paper_template",
    "credential",
];

/// The lists that other tables keep: of which thing, and as which member.
const LISTS: &[(&str, &str, &str)] = &[
    ("award_grantor", "award_id", "grantors"),
    ("letter_issuer", "letter_id", "issuers"),
    ("action_item_responsible", "action_item_id", "responsible"),
];

/// What follows from other members is not told.
const DERIVED: &[&str] = &[
    "workspaceId",
    "searchText",
    "sortName",
    "sortTitle",
    "agendaRevision",
    "updatedAt",
];

/// An entry of the log.
#[derive(Debug)]
pub struct Entry {
    pub operation: String,
    pub action: String,
    pub object: String,
    pub before: Record,
    pub after: Record,
}

/// The whole log of a workspace, oldest first.
pub async fn log(owner: &Client<'_>, workspace: &str) -> Vec<Entry> {
    let operation = "query($slug: String!, $after: String) { workspace(slug: $slug) {
        auditLog(first: 100, after: $after) {
            nodes { operation action objectId changes { field before after } }
            pageInfo { hasNextPage endCursor } } } }";
    let mut entries = Vec::new();
    let mut after = Value::Null;
    loop {
        let answer = owner
            .ask(operation, json!({ "slug": workspace, "after": after }))
            .await;
        let page = answer.expect_data()["workspace"]["auditLog"].clone();
        for node in page["nodes"].as_array().expect("entries") {
            let text = |name: &str| node[name].as_str().expect("a text").to_owned();
            let side = |side: &str| -> Record {
                let changes = node["changes"].as_array().expect("changes").iter();
                let told = changes.filter_map(|one| {
                    let value = serde_json::from_str(one[side].as_str()?).expect("JSON");
                    Some((one["field"].as_str()?.to_owned(), plain(value)))
                });
                told.collect()
            };
            entries.push(Entry {
                operation: text("operation"),
                action: text("action"),
                object: hexadecimal(&text("objectId")),
                before: side("before"),
                after: side("after"),
            });
        }
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    entries.reverse();
    entries
}

/// What a log comes to, and where it contradicts itself.
pub fn told(log: &[Entry]) -> (BTreeMap<String, Record>, Vec<String>) {
    let mut things: BTreeMap<String, Record> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (place, entry) in log.iter().enumerate() {
        let known = things.get(&entry.object).cloned();
        let what = format!("entry {place} ({} {})", entry.operation, entry.object);
        match (entry.action.as_str(), known) {
            ("CREATED", None) => {
                things.insert(entry.object.clone(), entry.after.clone());
            }
            ("REMOVED", Some(known)) => {
                if known != entry.before {
                    wrong.push(differing(&what, &known, &entry.before));
                }
                things.remove(&entry.object);
            }
            ("UPDATED", Some(mut known)) => {
                let changed: BTreeSet<_> = entry.before.keys().chain(entry.after.keys()).collect();
                for member in changed {
                    if known.get(member) != entry.before.get(member) {
                        let (was, said) = (known.get(member), entry.before.get(member));
                        wrong.push(format!("{what}: {member} was {was:?}, not {said:?}"));
                    }
                    match entry.after.get(member) {
                        Some(value) => known.insert(member.clone(), value.clone()),
                        None => known.remove(member),
                    };
                }
                things.insert(entry.object.clone(), known);
            }
            (action, known) => wrong.push(format!("{what} is {action}, and was {known:?}")),
        }
    }
    (things, wrong)
}

fn differing(what: &str, one: &Record, other: &Record) -> String {
    let members: BTreeSet<_> = one.keys().chain(other.keys()).collect();
    let differ = members
        .into_iter()
        .filter(|member| one.get(*member) != other.get(*member))
        .map(|member| {
            format!(
                "{member}: {:?} and {:?}",
                one.get(member),
                other.get(member)
            )
        });
    format!("{what}: {}", differ.collect::<Vec<_>>().join("; "))
}

/// What is there.
pub async fn there(app: &TestApp) -> BTreeMap<String, Record> {
    let mut things = BTreeMap::new();
    for table in TABLES {
        for row in app.database.rows(table).await {
            let row = row.as_object().expect("a row").clone();
            let members = row.into_iter().map(|(column, value)| {
                let mut words = column.split('_');
                let mut name = words.next().unwrap_or_default().to_owned();
                for word in words {
                    let (first, rest) = word.split_at(1);
                    name += &first.to_ascii_uppercase();
                    name += rest;
                }
                (name, plain(value))
            });
            let record: Record = members
                .filter(|(name, value)| !value.is_null() && !DERIVED.contains(&name.as_str()))
                .collect();
            let id = record["id"].as_str().expect("an id").to_owned();
            things.insert(id, record);
        }
    }
    for (table, owner, member) in LISTS {
        let mut rows = app.database.rows(table).await;
        rows.sort_by_key(|row| row["position"].as_i64());
        for row in rows {
            let owner = plain(row[*owner].clone());
            let thing: &mut Record = things
                .get_mut(owner.as_str().expect("an id"))
                .expect("an owner");
            let list = thing.entry(*member).or_insert_with(|| json!([]));
            let organization = plain(row["organization_id"].clone());
            list.as_array_mut().expect("a list").push(organization);
        }
    }
    let mut recipients = app.database.rows("award_recipient").await;
    recipients.sort_by_key(|row| row["position"].as_i64());
    for row in recipients {
        let award = plain(row["award_id"].clone());
        let thing: &mut Record = things
            .get_mut(award.as_str().expect("an id"))
            .expect("an award");
        let list = thing.entry("recipients").or_insert_with(|| json!([]));
        let party = match &row["person_id"] {
            Value::Null => &row["organization_id"],
            person => person,
        };
        let list = list.as_array_mut().expect("a list");
        list.push(plain(party.clone()));
    }
    things
}

/// Where the log and what is there are not the same.
pub async fn contradictions(app: &TestApp, log: &[Entry]) -> Vec<String> {
    let (mut told, mut wrong) = told(log);
    let mut there = there(app).await;
    let mut lists: Vec<&str> = LISTS.iter().map(|(.., member)| *member).collect();
    lists.push("recipients");
    for record in told.values_mut().chain(there.values_mut()) {
        // An empty list of another table is no row.
        record.retain(|name, value| !(lists.contains(&name.as_str()) && *value == json!([])));
    }
    let ids: BTreeSet<_> = told.keys().chain(there.keys()).cloned().collect();
    for id in ids {
        match (told.get(&id), there.get(&id)) {
            (Some(told), Some(there)) if told == there => {}
            (Some(told), Some(there)) => {
                wrong.push(differing(&format!("told and there, {id}"), told, there));
            }
            (told, there) => wrong.push(format!("{id}: told {told:?}, there {there:?}")),
        }
    }
    wrong
}

/// A value in one spelling, whoever says it: the log or either database.
pub fn plain(value: Value) -> Value {
    match value {
        Value::String(text) => {
            let is_json = text.starts_with(['{', '[']);
            if let Some(value) = is_json.then(|| serde_json::from_str(&text).ok()).flatten() {
                return plain(value);
            }
            let hexadecimal = hexadecimal(&text);
            let is_id =
                hexadecimal.len() == 32 && hexadecimal.bytes().all(|byte| byte.is_ascii_hexdigit());
            if is_id {
                return Value::String(hexadecimal);
            }
            let bytes = text.as_bytes();
            let is_time = bytes.len() > 15
                && text.is_ascii()
                && bytes[4] == b'-'
                && bytes[13] == b':'
                && matches!(bytes[10], b' ' | b'T');
            if is_time {
                let text = text.replacen(' ', "T", 1);
                let text = text.trim_end_matches('Z').trim_end_matches("+00:00");
                let text = if text.contains('.') {
                    text.trim_end_matches('0').trim_end_matches('.')
                } else {
                    text
                };
                return Value::String(text.to_owned());
            }
            Value::String(text)
        }
        Value::Array(all) => all.into_iter().map(plain).collect(),
        Value::Object(members) => {
            let members = members
                .into_iter()
                .map(|(name, value)| (name, plain(value)));
            members.collect()
        }
        other => other,
    }
}

/// The digits of an id.
pub fn hexadecimal(id: &str) -> String {
    let digits = match id.rsplit_once('_') {
        Some((kind, digits)) if kind.len() <= 4 => digits,
        _ => id,
    };
    digits.replace('-', "").to_ascii_lowercase()
}
