//! One who edits an event at random: looks, does something, and remembers what was acknowledged.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde_json::{Value, json};
use tests::{Client, Sdl};

use super::replay::hexadecimal;
use crate::samples::{ask, refused};

/// A generator of numbers that look random: the same in every run.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }

    pub fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        (!of.is_empty()).then(|| &of[self.below(of.len())])
    }
}

/// What was acknowledged.
pub struct Done {
    pub operation: &'static str,
    pub object: String,
    /// The version that the client had seen.
    pub seen: i64,
    /// What nobody else has said: by it the change is known in the log.
    pub said: Option<String>,
}

/// What all who edit know of: the ids of things, by their kind.
#[derive(Default)]
pub struct Known(Mutex<BTreeMap<String, Vec<String>>>);

impl Known {
    pub fn add(&self, kind: &str, id: &str) {
        let mut known = self.0.lock().expect("a lock");
        let ids = known.entry(kind.to_owned()).or_default();
        if !ids.iter().any(|one| one == id) {
            ids.push(id.to_owned());
        }
    }

    pub fn all(&self) -> Vec<String> {
        let known = self.0.lock().expect("a lock");
        known.values().flatten().cloned().collect()
    }
}

/// The event and where it takes place.
pub struct Scene {
    pub event: String,
    pub venue: String,
    pub known: Known,
}

/// One who edits.
pub struct Editor<'a> {
    pub name: usize,
    pub client: Client<'a>,
    pub sdl: &'a Sdl,
    pub scene: &'a Scene,
    pub dice: Dice,
    /// Things as they were last seen, by their type.
    pub seen: BTreeMap<String, Vec<Value>>,
    pub revision: i64,
    pub said: usize,
    pub done: Vec<Done>,
    pub refusals: BTreeMap<String, usize>,
    /// Whether the last thing done was to take something back.
    pub undone: bool,
    /// How often what was done.
    pub made: BTreeMap<&'static str, usize>,
}

impl Editor<'_> {
    /// Looks at everything there is.
    pub async fn look(&mut self) {
        let operation = "query($id: ID!) { node(id: $id) { ... on Event {
            draftAgenda { revision } participants(first: 100) { nodes { id } } } } }";
        let answer = self
            .client
            .ask(operation, json!({ "id": self.scene.event }))
            .await;
        let event = &answer.expect_data()["node"];
        self.revision = event["draftAgenda"]["revision"].as_i64().expect("a number");
        for one in event["participants"]["nodes"].as_array().expect("a list") {
            self.scene
                .known
                .add("Participant", one["id"].as_str().expect("an id"));
        }
        let operation = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id
            ... on AgendaItem { version parent { id } } ... on Appearance { version }
            ... on Track { version } ... on Room { version } ... on Participant { version }
            ... on Person { version } ... on Event { version } } }";
        self.seen.clear();
        for ids in self.scene.known.all().chunks(100) {
            let answer = self.client.ask(operation, json!({ "ids": ids })).await;
            for node in answer.expect_data()["nodes"].as_array().expect("nodes") {
                if let Some(kind) = node["__typename"].as_str() {
                    self.seen
                        .entry(kind.to_owned())
                        .or_default()
                        .push(node.clone());
                }
            }
        }
    }

    pub fn any(&mut self, kind: &str) -> Option<Value> {
        let all = self.seen.get(kind).map_or(&[][..], Vec::as_slice);
        self.dice.one(all).cloned()
    }

    pub fn id(&mut self, kind: &str) -> Value {
        self.any(kind).map_or(Value::Null, |one| one["id"].clone())
    }

    /// A thing as it was last seen.
    pub fn of(&mut self, kind: &str) -> Option<Value> {
        let one = self.any(kind)?;
        Some(json!({ "id": one["id"], "expectedVersion": one["version"] }))
    }

    /// The draft as it was last seen.
    pub fn of_the_draft(&self) -> Value {
        json!({ "eventId": self.scene.event, "expectedRevision": self.revision })
    }

    pub fn patch(&mut self, kind: &str, patch: Value) -> Option<Value> {
        let mut given = self.of(kind)?;
        given["patch"] = patch;
        Some(given)
    }

    /// Now and then a place in a list, there or far beyond its end.
    pub fn order(&mut self, given: &mut Value) {
        match self.dice.below(4) {
            0 => given["order"] = json!(0),
            1 => given["order"] = json!(self.dice.below(6)),
            _ => {}
        }
    }

    /// Something to do, and what is said in it that nobody else says.
    pub fn next(&mut self) -> Option<(&'static str, Value, Option<String>)> {
        self.said += 1;
        if self.undone && self.dice.below(2) == 0 {
            return Some(("agendaRedo", self.of_the_draft(), None));
        }
        let said = format!("words {} of {}", self.said, self.name);
        let event = self.scene.event.clone();
        let text = json!({ "language": "en", "text": said });
        let mut told = None;
        let (operation, given) = match self.dice.below(32) {
            0..=3 => {
                let mut given = json!({ "eventId": event, "kind": "TALK", "title": text });
                self.order(&mut given);
                if self.dice.below(2) == 0 {
                    given["parentId"] = self.id("AgendaItem");
                }
                if self.dice.below(3) == 0 {
                    given["startsAtLocal"] = json!("2025-03-01T09:00:00");
                    given["endsAtLocal"] = json!("2025-03-01T09:30:00");
                    given["trackId"] = self.id("Track");
                    given["roomId"] = self.id("Room");
                }
                ("agendaItemAdd", given)
            }
            4 | 5 => {
                told = Some(said);
                let track = self.id("Track");
                let patch = json!({ "title": text, "trackId": track });
                ("agendaItemUpdate", self.patch("AgendaItem", patch)?)
            }
            6 | 7 => {
                let mut given = self.of("AgendaItem")?;
                self.order(&mut given);
                match self.dice.below(3) {
                    0 => given["parentId"] = self.id("AgendaItem"),
                    1 => {
                        let time = format!("2025-03-01T{:02}:00:00", 8 + self.dice.below(9));
                        given["startsAtLocal"] = json!(time);
                        given["endsAtLocal"] = Value::Null;
                    }
                    _ => given["roomId"] = self.id("Room"),
                }
                ("agendaItemMove", given)
            }
            8 => {
                let one = self.any("AgendaItem")?;
                let parent = one["parent"]["id"].clone();
                let beside = self.seen["AgendaItem"].iter();
                let beside = beside.filter(|item| item["parent"]["id"] == parent);
                let mut ids: Vec<_> = beside.map(|item| item["id"].clone()).collect();
                let by = self.dice.below(ids.len());
                ids.rotate_left(by);
                let mut given = self.of_the_draft();
                given["parentId"] = parent;
                given["itemIds"] = json!(ids);
                ("agendaItemReorder", given)
            }
            9 => ("agendaItemRemove", self.of("AgendaItem")?),
            10 | 11 => {
                let mut given = json!({
                    "eventId": event, "role": "SPEAKER", "itemId": self.id("AgendaItem"),
                    "who": { "personId": self.id("Person") },
                });
                self.order(&mut given);
                ("appearanceAdd", given)
            }
            12 => {
                told = Some(said.clone());
                let mut patch = json!({ "printedName": said });
                self.order(&mut patch);
                ("appearanceUpdate", self.patch("Appearance", patch)?)
            }
            13 => ("appearanceRemove", self.of("Appearance")?),
            14 => {
                let mut given = json!({ "eventId": event, "name": said });
                self.order(&mut given);
                ("trackAdd", given)
            }
            15 => ("trackRemove", self.of("Track")?),
            16 => {
                let mut given = json!({ "venueId": self.scene.venue, "name": said });
                self.order(&mut given);
                ("roomAdd", given)
            }
            17 => ("roomRemove", self.of("Room")?),
            18 => {
                let mut given = json!({ "eventId": event, "personId": self.id("Person") });
                self.order(&mut given);
                ("participantAdd", given)
            }
            19 | 20 => {
                told = Some(said.clone());
                let mut patch = json!({ "printedName": said, "category": "REGULAR" });
                self.order(&mut patch);
                ("participantUpdate", self.patch("Participant", patch)?)
            }
            21 => {
                told = Some(said.clone());
                let patch = json!({ "transcription": said });
                ("personUpdate", self.patch("Person", patch)?)
            }
            22 | 23 => {
                told = Some(said.clone());
                let patch = json!({ "locality": said, "roomId": self.id("Room") });
                ("eventUpdate", self.patch("Event", patch)?)
            }
            24..=26 => ("agendaUndo", self.of_the_draft()),
            27 | 28 => {
                let mut given = self.of_the_draft();
                given["fromLocal"] = json!("2025-03-01T09:00:00");
                given["minutes"] = json!(5);
                ("agendaShift", given)
            }
            29 => ("agendaPublish", self.of_the_draft()),
            _ => {
                let item = self.of("AgendaItem")?;
                let update = json!({ "id": item["id"], "expectedVersion": item["expectedVersion"],
                    "patch": { "abstract": text } });
                let remove = self.of("Appearance");
                let mut operations = vec![
                    json!({ "itemAdd": { "handle": "new", "kind": "TALK", "fields": { "title": text } } }),
                    json!({ "appearanceAdd": { "itemHandle": "new", "role": "SPEAKER",
                        "who": { "personId": self.id("Person") } } }),
                    json!({ "itemUpdate": update }),
                ];
                operations.extend(remove.map(|one| json!({ "appearanceRemove": one })));
                (
                    "agendaEdit",
                    json!({ "eventId": event, "operations": operations }),
                )
            }
        };
        Some((operation, given, told))
    }

    pub async fn work(&mut self, steps: usize) {
        for _ in 0..steps {
            if self.seen.is_empty() || self.dice.below(3) == 0 {
                self.look().await;
            }
            let Some((operation, mut given, said)) = self.next() else {
                continue;
            };
            // Who wants the whole draft to be as they saw it looks again, though not always.
            if given["expectedRevision"].is_i64() && self.dice.below(4) > 0 {
                self.look().await;
                given["expectedRevision"] = json!(self.revision);
            }
            let answer = ask(&self.client, self.sdl, operation, &given).await;
            let whole = || format!("{operation} {given:#}\n{:#}", answer.body);
            assert!(!answer.status.is_server_error(), "{}", whole());
            if let Some(error) = answer.errors().first() {
                // What it was about has gone.
                let code = error["extensions"]["code"].as_str().unwrap_or_default();
                assert!(code == "NOT_FOUND", "{}", whole());
                *self.refusals.entry(code.to_owned()).or_default() += 1;
                continue;
            }
            let payload = &answer.expect_data()[operation];
            let said_against = refused(payload);
            for one in &said_against {
                let code = one["code"]
                    .as_str()
                    .unwrap_or_else(|| panic!("{}", whole()));
                *self.refusals.entry(code.to_owned()).or_default() += 1;
            }
            if !said_against.is_empty() {
                continue;
            }
            self.undone = operation == "agendaUndo";
            *self.made.entry(operation).or_default() += 1;
            for (field, kind) in [
                ("item", "AgendaItem"),
                ("appearance", "Appearance"),
                ("track", "Track"),
                ("room", "Room"),
                ("participant", "Participant"),
            ] {
                if let Some(id) = payload[field]["id"].as_str() {
                    self.scene.known.add(kind, id);
                }
            }
            if let Some(seen) = given["expectedVersion"].as_i64() {
                self.done.push(Done {
                    operation,
                    object: hexadecimal(given["id"].as_str().expect("an id")),
                    seen,
                    said,
                });
            }
        }
    }
}
