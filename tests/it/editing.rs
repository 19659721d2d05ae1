//! Several people work on one event at once, at random: nothing breaks, nobody's change is lost, and
//! what the audit log tells is what is there.

mod replay;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use domain::access::Role;
use serde_json::{Value, json};
use tests::{Backend, Client, Sdl, TestApp, both, example, variable};

use self::replay::{Entry, contradictions, hexadecimal, log};
use crate::samples::{Maker, ask, refused, samples};

both!(
    two_who_edit_one_event_lose_nothing,
    four_who_edit_one_event_lose_nothing,
    what_every_mutation_does_is_told_in_the_log,
    an_import_is_told_in_the_log_and_so_is_the_next,
    the_log_is_only_ever_added_to
);

/// A generator of numbers that look random: the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        (!of.is_empty()).then(|| &of[self.below(of.len())])
    }
}

/// What was acknowledged.
struct Done {
    operation: &'static str,
    object: String,
    /// The version that the client had seen.
    seen: i64,
    /// What nobody else has said: by it the change is known in the log.
    said: Option<String>,
}

/// What all who edit know of: the ids of things, by their kind.
#[derive(Default)]
struct Known(Mutex<BTreeMap<String, Vec<String>>>);

impl Known {
    fn add(&self, kind: &str, id: &str) {
        let mut known = self.0.lock().expect("a lock");
        let ids = known.entry(kind.to_owned()).or_default();
        if !ids.iter().any(|one| one == id) {
            ids.push(id.to_owned());
        }
    }

    fn all(&self) -> Vec<String> {
        let known = self.0.lock().expect("a lock");
        known.values().flatten().cloned().collect()
    }
}

/// The event and where it takes place.
struct Scene {
    event: String,
    venue: String,
    known: Known,
}

/// One who edits.
struct Editor<'a> {
    name: usize,
    client: Client<'a>,
    sdl: &'a Sdl,
    scene: &'a Scene,
    dice: Dice,
    /// Things as they were last seen, by their type.
    seen: BTreeMap<String, Vec<Value>>,
    revision: i64,
    said: usize,
    done: Vec<Done>,
    refusals: BTreeMap<String, usize>,
    /// Whether the last thing done was to take something back.
    undone: bool,
    /// How often what was done.
    made: BTreeMap<&'static str, usize>,
}

impl Editor<'_> {
    /// Looks at everything there is.
    async fn look(&mut self) {
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

    fn any(&mut self, kind: &str) -> Option<Value> {
        let all = self.seen.get(kind).map_or(&[][..], Vec::as_slice);
        self.dice.one(all).cloned()
    }

    fn id(&mut self, kind: &str) -> Value {
        self.any(kind).map_or(Value::Null, |one| one["id"].clone())
    }

    /// A thing as it was last seen.
    fn of(&mut self, kind: &str) -> Option<Value> {
        let one = self.any(kind)?;
        Some(json!({ "id": one["id"], "expectedVersion": one["version"] }))
    }

    /// The draft as it was last seen.
    fn of_the_draft(&self) -> Value {
        json!({ "eventId": self.scene.event, "expectedRevision": self.revision })
    }

    fn patch(&mut self, kind: &str, patch: Value) -> Option<Value> {
        let mut given = self.of(kind)?;
        given["patch"] = patch;
        Some(given)
    }

    /// Now and then a place in a list, there or far beyond its end.
    fn order(&mut self, given: &mut Value) {
        match self.dice.below(4) {
            0 => given["order"] = json!(0),
            1 => given["order"] = json!(self.dice.below(6)),
            _ => {}
        }
    }

    /// Something to do, and what is said in it that nobody else says.
    fn next(&mut self) -> Option<(&'static str, Value, Option<String>)> {
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

    async fn work(&mut self, steps: usize) {
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

async fn two_who_edit_one_event_lose_nothing(backend: Backend) {
    edited(backend, [75, 75, 0, 0], 1).await;
}

async fn four_who_edit_one_event_lose_nothing(backend: Backend) {
    edited(backend, [40; 4], 2).await;
}

/// Lets four edit, each so many steps, and looks at what has become of it; again and again, for as
/// long as `CONVOKE_EDITING_SECONDS` says.
async fn edited(backend: Backend, steps: [usize; 4], seed: u64) {
    let begun = Instant::now();
    let long = variable("CONVOKE_EDITING_SECONDS").map(|text| text.parse().expect("seconds"));
    let long = Duration::from_secs(long.unwrap_or(0));
    for round in 0.. {
        let seed = seed + 1_000 * round;
        edit(backend, steps, seed).await;
        if begun.elapsed() >= long {
            break;
        }
    }
}

async fn edit(backend: Backend, steps: [usize; 4], seed: u64) {
    let app = TestApp::new(backend).await;
    // The log is in the order of time: no two things happen in the same millisecond.
    app.clock.tick();
    let other = app.another_node().await;
    let sdl = Sdl::served();
    let home = app.workspace("home").await;
    let secret = app.token(&home, Role::Owner, None).await;
    let owner = app.bearer(&secret);
    let maker = Maker {
        client: owner.clone(),
        sdl: &sdl,
        workspace: home.id.to_string(),
    };
    let made = maker.fresh(&json!(["$Event", "$Venue"])).await;
    let scene = Scene {
        event: made[0].as_str().expect("an id").to_owned(),
        venue: made[1].as_str().expect("an id").to_owned(),
        known: Known::default(),
    };
    scene.known.add("Event", &scene.event);
    for _ in 0..8 {
        let person = maker.fresh(&json!("$Person")).await;
        scene.known.add("Person", person.as_str().expect("an id"));
    }

    let editor = |name: usize| Editor {
        name,
        client: if name.is_multiple_of(2) {
            app.bearer(&secret)
        } else {
            other.bearer(&secret)
        },
        sdl: &sdl,
        scene: &scene,
        dice: Dice(seed + u64::try_from(name).expect("a few")),
        seen: BTreeMap::new(),
        revision: 0,
        said: 0,
        done: Vec::new(),
        refusals: BTreeMap::new(),
        undone: false,
        made: BTreeMap::new(),
    };
    let [mut one, mut two, mut three, mut four] = [0, 1, 2, 3].map(editor);
    tokio::join!(
        one.work(steps[0]),
        two.work(steps[1]),
        three.work(steps[2]),
        four.work(steps[3])
    );

    let log = log(&owner, "home").await;
    let mut wrong = contradictions(&app, &log).await;
    let mut changes = 0;
    for editor in [&one, &two, &three, &four] {
        changes += editor.done.len();
        wrong.extend(editor.done.iter().filter_map(|done| lost(&log, done)));
    }
    wrong.extend(gaps(&app).await);
    let refusals: Vec<_> = [&one, &two].map(|one| &one.refusals).into();
    assert!(
        wrong.is_empty(),
        "seed {seed}, refused {refusals:?}:\n{}",
        wrong.join("\n")
    );
    assert!(changes > 20, "hardly anything was done: {refusals:?}");
    let of_the_whole = |one: &Editor<'_>| -> usize {
        let names = ["agendaUndo", "agendaRedo", "agendaShift", "agendaEdit"];
        names.iter().filter_map(|name| one.made.get(name)).sum()
    };
    let of_the_whole: usize = [&one, &two, &three, &four].map(of_the_whole).iter().sum();
    assert!(
        of_the_whole > 2,
        "nobody changed much at once: {refusals:?}"
    );
    let stale: usize = refusals
        .iter()
        .filter_map(|one| one.get("STALE_VERSION"))
        .sum();
    assert!(stale > 0, "nobody was late: {refusals:?}");
}

/// That a change that was acknowledged was not made upon what its author had seen.
fn lost(log: &[Entry], done: &Done) -> Option<String> {
    let said = done.said.as_ref()?;
    let entries = log.iter().filter(|entry| {
        entry.object == done.object
            && entry.operation == done.operation
            && Value::Object(entry.after.clone())
                .to_string()
                .contains(said)
    });
    let entries: Vec<_> = entries.collect();
    let version = |record: &replay::Record| record.get("version").and_then(Value::as_i64);
    let is_kept = matches!(entries.as_slice(), [one]
        if version(&one.before) == Some(done.seen) && version(&one.after) == Some(done.seen + 1));
    (!is_kept).then(|| {
        format!(
            "{} of {} at {} was acknowledged, and the log tells {entries:?}",
            done.operation, done.object, done.seen
        )
    })
}

/// The lists whose places are not 0, 1, 2, ….
async fn gaps(app: &TestApp) -> Vec<String> {
    let mut lists: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for (table, by) in [
        ("track", &["event_id"][..]),
        ("room", &["venue_id"]),
        ("agenda_item", &["event_id", "parent_id"]),
        ("appearance", &["event_id", "item_id"]),
        ("participant", &["event_id"]),
        ("participant_group", &["event_id"]),
        ("event_organization", &["event_id"]),
        ("post", &["person_id"]),
        ("membership", &["organization_id"]),
        ("award", &["event_id"]),
        ("award_recipient", &["award_id"]),
        ("release", &["event_id"]),
        ("resolution", &["event_id"]),
        ("action_item", &["event_id"]),
        ("appointment_letter", &["event_id"]),
        ("report", &["event_id"]),
    ] {
        for row in app.database.rows(table).await {
            let list: Vec<_> = by.iter().map(|column| row[*column].to_string()).collect();
            let place = row["position"].as_i64().expect("a place");
            let list = format!("{table} of {}", list.join(" and "));
            lists.entry(list).or_default().push(place);
        }
    }
    let mut gaps = Vec::new();
    for (list, mut places) in lists {
        places.sort_unstable();
        if !places
            .iter()
            .copied()
            .eq(0..i64::try_from(places.len()).expect("a few"))
        {
            gaps.push(format!("{list}: {places:?}"));
        }
    }
    gaps
}

async fn what_every_mutation_does_is_told_in_the_log(backend: Backend) {
    let app = TestApp::new(backend).await;
    let sdl = Sdl::served();
    let home = app.workspace("home").await;
    let owner = app.as_owner(&home).await;
    let maker = Maker {
        client: owner.clone(),
        sdl: &sdl,
        workspace: home.id.to_string(),
    };
    for sample in samples() {
        let given = maker.fresh(&sample.given).await;
        let answer = ask(&owner, &sdl, sample.operation(), &given).await;
        answer.expect_data();
    }
    let log = log(&owner, "home").await;
    let mut wrong = contradictions(&app, &log).await;
    wrong.extend(gaps(&app).await);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn an_import_is_told_in_the_log_and_so_is_the_next(backend: Backend) {
    let app = TestApp::new(backend).await;
    let home = app.workspace("home").await;
    let owner = app.as_owner(&home).await;
    let whole = crate::reach::every_member("autumn");
    app.import_document(&home, whole.clone()).await;
    let first = contradictions(&app, &log(&owner, "home").await).await;
    assert!(first.is_empty(), "{}", first.join("\n"));

    // Less of everything, and the rest otherwise.
    let mut less = whole;
    less.locality = Some("Hillside".to_owned());
    less.reports.clear();
    less.awards.clear();
    less.resolutions.clear();
    less.action_items.truncate(1);
    for item in &mut less.action_items {
        item.progress = Some("nearly done".to_owned());
    }
    less.agenda.truncate(1);
    less.releases.clear();
    let text = interchange::event_document::write(&less);
    let answer = owner
        .event_import_with(&home, &text, json!({ "removeMissing": true }))
        .await;
    let changes = &answer.expect_data()["eventImport"];
    assert_eq!(changes["userErrors"], json!([]), "{changes:#}");
    assert!(
        changes["changes"]["removed"].as_i64() > Some(3),
        "{changes:#}"
    );
    let mut second = contradictions(&app, &log(&owner, "home").await).await;
    second.extend(gaps(&app).await);
    assert!(second.is_empty(), "{}", second.join("\n"));

    // And a whole event goes with all that belongs to it.
    let mut other = crate::reach::every_member("winter");
    for organization in &mut other.organizations {
        // What was founded and appointed there would keep it.
        organization.founded_here = None;
        organization.memberships.clear();
    }
    other.letters.iter_mut().for_each(|one| one.status = None);
    let other = interchange::event_document::write(&other);
    let answer = owner.event_import(&home, &other).await;
    let event = answer.expect_data()["eventImport"]["event"].clone();
    let sdl = Sdl::served();
    let given = json!({ "id": event["id"], "expectedVersion": event["version"] });
    let answer = ask(&owner, &sdl, "eventRemove", &given).await;
    assert_eq!(
        refused(&answer.expect_data()["eventRemove"]),
        [] as [Value; 0]
    );
    let third = contradictions(&app, &log(&owner, "home").await).await;
    assert!(third.is_empty(), "{}", third.join("\n"));
}

async fn the_log_is_only_ever_added_to(backend: Backend) {
    let app = TestApp::new(backend).await;
    let home = app.workspace("home").await;
    app.import(&home, &example("jimei-forum-2024")).await;
    let before = app.database.contents().await;
    for statement in [
        "UPDATE audit_entry SET operation = 'nothing'",
        "UPDATE audit_entry SET after = before WHERE action = 'UPDATED' OR 1 = 1",
        "DELETE FROM audit_entry",
        "DELETE FROM workspace",
    ] {
        let said = app.database.refusal(statement).await;
        let said = said.unwrap_or_else(|| panic!("{statement} is carried out"));
        let by_the_log = said.contains("audit_entry is append-only");
        assert!(by_the_log || statement.ends_with("workspace"), "{said}");
        assert!(app.database.contents().await == before, "{statement}");
    }
}
