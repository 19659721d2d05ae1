//! The events of the examples, built a second time through mutations alone: whoever has never seen
//! an event document can say all that one says.

mod organiser;

use std::collections::BTreeMap;

use domain::event::EventState;
use domain::event_document::EventDocument;
use domain::workspace::Workspace;
use serde_json::{Value, json};
use tests::{Backend, Client, EXAMPLES, TestApp, both, example};

use self::organiser::Organiser;
use crate::contract::{ARCHIVE, contract};
use crate::doing::SDL;
use crate::reach::{everything, nodes_operation, reachable};

both!(
    the_five_events_are_the_same_by_hand,
    an_event_of_which_everything_is_known_is_the_same_by_hand
);

/// One office imports, the other does all by hand.
struct Offices {
    app: TestApp,
    importing: Workspace,
    by_hand: Workspace,
}

impl Offices {
    async fn new(backend: Backend) -> Self {
        let app = TestApp::new(backend).await;
        let importing = app.workspace("importing").await;
        let by_hand = app.workspace("by-hand").await;
        Self {
            app,
            importing,
            by_hand,
        }
    }
}

async fn the_five_events_are_the_same_by_hand(backend: Backend) {
    let offices = Offices::new(backend).await;
    let app = &offices.app;
    let theirs = app.as_organiser(&offices.importing).await;
    let ours = app.as_organiser(&offices.by_hand).await;
    let mut organiser = Organiser::new(ours.clone(), &offices.by_hand);
    let mut events = Vec::new();
    for (index, slug) in EXAMPLES.into_iter().enumerate() {
        let mut document = read(slug);
        let states = [EventState::Published, EventState::Concluded];
        document.status = Some(states[index % 2]);
        let (imported, _) = app
            .import_document(&offices.importing, document.clone())
            .await;
        let built = organiser.build(&document, None).await;
        events.push((slug, imported.id.to_string(), built));
    }
    for (slug, imported, built) in events {
        let operations = [Some(ARCHIVE.to_owned()), contract("occasion.graphql")];
        for operation in operations.into_iter().flatten() {
            let told = answer(&theirs, &operation, slug).await;
            assert!(told.contains("item 0") || !told.contains("parent\":{"));
            assert_eq!(told, answer(&ours, &operation, slug).await, "{slug}");
        }
        assert_same(
            &described(&theirs, &imported).await,
            &described(&ours, &built).await,
        );
    }
}

async fn an_event_of_which_everything_is_known_is_the_same_by_hand(backend: Backend) {
    let offices = Offices::new(backend).await;
    let app = &offices.app;
    let mut document = read("every-field");
    // A letter that is drafted is not issued yet.
    for letter in &mut document.letters {
        letter.status = None;
    }
    let week = "key: autumn-week-2024\nlanguage: en\ntitle: The week\n\
        time: { timeZone: Europe/Berlin, startsOn: 2024-10-07 }\n";
    app.import(&offices.importing, week).await;
    let (imported, _) = app
        .import_document(&offices.importing, document.clone())
        .await;
    let theirs = app.as_organiser(&offices.importing).await;
    let ours = app.as_organiser(&offices.by_hand).await;
    let mut organiser = Organiser::new(ours.clone(), &offices.by_hand);
    let week = interchange::event_document::read(week).expect("a document");
    let week = organiser.build(&week, None).await;
    let built = organiser.build(&document, Some(&week)).await;
    assert_same(
        &described(&theirs, &imported.id.to_string()).await,
        &described(&ours, &built).await,
    );
}

fn read(slug: &str) -> EventDocument {
    interchange::event_document::read(&example(slug)).expect("the example is sound")
}

/// An answer byte for byte, but that items go by their places, whatever their ids are.
async fn answer(client: &Client<'_>, operation: &str, slug: &str) -> String {
    let variables = json!({ "slug": slug });
    let answer = client.ask(operation, variables.clone()).await;
    answer.expect_data();
    let mut text = answer.text;
    let items = "query($slug: String!) { event(slug: $slug) { agenda { items { id } } } }";
    let items = client.ask(items, variables).await;
    let items = items.expect_data()["event"]["agenda"]["items"].clone();
    for (place, item) in items.as_array().expect("items").iter().enumerate() {
        let id = item["id"].as_str().expect("an id");
        text = text.replace(id, &format!("item {place}"));
    }
    text
}

/// Everything that can be reached from an event, each thing with all its fields; things go by their
/// type and the place at which they are met. Of other versions they may be.
async fn described(client: &Client<'_>, event: &str) -> BTreeMap<String, Value> {
    let met = reachable(client, &SDL, &[event.to_owned()]).await;
    let mut names = BTreeMap::new();
    for (kind, ids) in &met {
        for (place, id) in ids.iter().enumerate() {
            names.insert(id.clone(), format!("{kind} {place}"));
        }
    }
    let mut things = BTreeMap::new();
    for (kind, ids) in &met {
        // It is another one.
        if kind == "Workspace" {
            continue;
        }
        let operation = nodes_operation(kind, &everything(&SDL, kind, 0));
        for some in ids.chunks(50) {
            let answer = client.ask(&operation, json!({ "ids": some })).await;
            let nodes = answer.expect_data()["nodes"].clone();
            let nodes = nodes.as_array().expect("nodes").clone();
            for (id, mut node) in some.iter().zip(nodes) {
                settle(&mut node, &names);
                things.insert(names[id].clone(), node);
            }
        }
    }
    things
}

/// What may be otherwise: how often a thing was changed; cursors, which hold ids; and since when a
/// status is what it is and by which way it was told, which a document leaves open and a mutation does
/// not; and links and addresses, of which each is another.
const BESIDE: [&str; 11] = [
    "agendaRevisions",
    "answerUrl",
    "answeredThrough",
    "calendarUrl",
    "link",
    "version",
    "revision",
    "cursor",
    "startCursor",
    "endCursor",
    "statusSince",
];

fn settle(value: &mut Value, names: &BTreeMap<String, String>) {
    match value {
        Value::Object(members) => {
            members.retain(|member, _| !BESIDE.contains(&member.as_str()));
            members.values_mut().for_each(|value| settle(value, names));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| settle(value, names)),
        Value::String(text) => {
            if let Some(name) = names.get(text) {
                text.clone_from(name);
            }
        }
        _ => {}
    }
}

#[track_caller]
fn assert_same(theirs: &BTreeMap<String, Value>, ours: &BTreeMap<String, Value>) {
    assert!(theirs.len() > 10, "{theirs:#?}");
    let mut differing = Vec::new();
    for name in theirs.keys().chain(ours.keys()) {
        let thing = |things: &BTreeMap<String, Value>| things.get(name).cloned();
        let (theirs, ours) = (thing(theirs), thing(ours));
        differ(name, &theirs.into(), &ours.into(), &mut differing);
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

/// Where two values are not the same.
fn differ(place: &str, theirs: &Value, ours: &Value, differing: &mut Vec<String>) {
    match (theirs, ours) {
        (Value::Object(theirs), Value::Object(ours)) if theirs.keys().eq(ours.keys()) => {
            for (member, value) in theirs {
                differ(
                    &format!("{place}.{member}"),
                    value,
                    &ours[member],
                    differing,
                );
            }
        }
        (Value::Array(theirs), Value::Array(ours)) if theirs.len() == ours.len() => {
            for (index, (theirs, ours)) in theirs.iter().zip(ours).enumerate() {
                differ(&format!("{place}.{index}"), theirs, ours, differing);
            }
        }
        (theirs, ours) if theirs != ours => {
            differing.push(format!("{place}: {theirs} imported, {ours} by hand"));
        }
        _ => {}
    }
}
