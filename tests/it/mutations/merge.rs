//! Two people, and two organizations, that turn out to be one.

use std::collections::BTreeMap;

use domain::id::EventId;
use domain::workspace::Workspace;
use serde_json::{Value, json};
use tests::{Backend, Client, TestApp, both};

use crate::doing::{Made, done, in_short, made, refused, send, with};

both!(
    who_referred_to_the_loser_refers_to_the_winner_and_back,
    what_referred_to_the_loser_refers_to_the_winner_and_back,
    a_merge_is_tried_before_it_is_made,
    what_cannot_be_one_is_not_made_one,
    who_sends_two_delegations_is_not_made_one,
    a_merge_that_is_contradicted_stays
);

/// What is known of two people and two organizations, `one` and `two`, who are the same: each does
/// all that one can do, and both took part in one event.
const DOCUMENT: &str = "
key: forum
language: en
title: Forum
time: { timeZone: Europe/Berlin, startsOn: 2025-03-10 }
organizations:
- key: org-one
  name: Works
  memberships: [{ member: { person: one }, post: chair }, { member: { person: two }, post: chair },
    { member: { person: two }, post: deputy }]
- key: org-two
  name: The Works
  aliases: [Works Ltd]
  level: municipal
  memberships: [{ member: { person: two }, post: chair }, { member: { person: three } }]
- { key: part, name: Part, parent: org-two }
- key: body
  name: Body
  memberships: [{ member: { organization: org-one } }, { member: { organization: org-two } }]
people:
- key: one
  name: Ada
  posts: [{ title: director, organization: org-one }]
- key: two
  name: Ada Example
  email: ada@example.org
  telephone: '+49 1'
  furtherNames: { de: Ada Beispiel }
  posts: [{ title: director, organization: org-one }, { title: head, organization: org-two }]
- { key: three, name: Bo }
- { key: four, name: Cy }
roles:
- { organization: org-one, role: ATTENDING, delegation: { quota: 1, liaison: two, head: three } }
- { organization: org-two, role: ATTENDING, delegation: { quota: 2, liaison: two } }
- { organization: org-two, role: HOST }
groups: [{ key: guests, description: guests, organization: org-two }]
participants:
- { person: one, printedName: A. }
- { person: two, representing: org-two, status: CONFIRMED }
- { person: three, onBehalfOf: { person: two } }
- { person: four, onBehalfOf: { organization: org-two } }
appearances:
- { role: CHAIR, person: one }
- { role: CHAIR, person: two }
- { role: HOST, person: two, onBehalfOf: { organization: org-two } }
- { role: SPEAKER, organization: org-one }
- { role: SPEAKER, organization: org-two }
- { role: LEAD, organization: org-two }
agenda:
- key: item
  kind: TALK
  appearances:
  - { role: SPEAKER, person: two }
  - { role: MODERATOR, person: three, onBehalfOf: { person: two } }
awards:
- key: prize
  kind: PRIZE
  title: Prize
  grantors: [org-two, org-one, part]
  recipients: [{ person: one }, { person: two }, { organization: org-one }, { organization: org-two }]
letters:
- { key: letter, appointee: two, body: org-two, post: chair, issuers: [part, org-two] }
actionItems:
- { key: action, description: tell, setBy: two, responsible: [org-two] }
";

struct Pair {
    app: TestApp,
    home: Workspace,
    event: EventId,
    secret: String,
}

impl Pair {
    async fn new(backend: Backend) -> Self {
        let app = TestApp::new(backend).await;
        let home = app.workspace("home").await;
        let event = app.import(&home, DOCUMENT).await.id;
        let role = domain::access::Role::Organizer;
        let secret = app.token(&home, role, None).await;
        Self {
            app,
            home,
            event,
            secret,
        }
    }

    fn client(&self) -> Client<'_> {
        self.app.bearer(&self.secret)
    }

    /// Which person or organization has a key, and the version that it is at.
    async fn find(&self, key: &str) -> Made {
        let operation = "{ people(first: 100) { nodes { id version externalId } }
            organizations(first: 100) { nodes { id version externalId } } }";
        let answer = self.client().query(operation).await;
        let data = answer.expect_data();
        let nodes = ["people", "organizations"].map(|list| data[list]["nodes"].clone());
        let nodes = nodes.iter().flat_map(|one| one.as_array().expect("nodes"));
        let mut nodes = nodes.filter(|one| one["externalId"] == key);
        let node = nodes.next().unwrap_or_else(|| panic!("no {key}"));
        Made {
            id: node["id"].as_str().expect("an id").to_owned(),
            version: node["version"].as_i64().expect("a version"),
        }
    }

    async fn input(&self, winner: &str, loser: &str) -> Value {
        let (winner, loser) = (self.find(winner).await, self.find(loser).await);
        json!({ "winnerId": winner.id, "expectedVersion": winner.version,
            "loserId": loser.id, "loserExpectedVersion": loser.version })
    }

    /// The document of the event as it is now.
    async fn exported(&self) -> String {
        let store = &self.app.store;
        let document = store.export_event(&tests::STAGEHAND, self.event).await;
        let document = document.expect("the event");
        interchange::event_document::write(&document)
    }

    /// All that is stored but the log, the merges, and at which version things are.
    async fn contents(&self) -> BTreeMap<String, Vec<String>> {
        let mut contents = self.app.database.contents().await;
        for table in ["audit_entry", "merge", "idempotency_key"] {
            assert!(contents.remove(table).is_some(), "{table}");
        }
        // An index is kept by the database itself.
        contents.retain(|table, _| !table.contains("_gram"));
        contents
    }
}

async fn who_referred_to_the_loser_refers_to_the_winner_and_back(backend: Backend) {
    let pair = Pair::new(backend).await;
    let client = pair.client();
    let (two, before) = (pair.find("two").await, pair.exported().await);
    let rows = versionless(&pair).await;
    let input = pair.input("one", "two").await;
    let merged = done(&client, "personMerge", input).await;
    assert_eq!(merged["person"]["id"], json!(pair.find("one").await.id));
    assert!(merged["movedCount"].as_i64() > Some(0), "{merged}");
    // One place on the list, one chair, one post as director, one membership, one prize.
    assert_eq!(merged["droppedCount"], 5);
    let after = pair.exported().await;
    assert!(
        !after.contains("person: two") && !after.contains("key: two"),
        "{after}"
    );
    assert!(
        after.contains("email: ada@example.org") && after.contains("Ada Beispiel"),
        "{after}"
    );
    assert!(
        after.contains("liaison: one") && after.contains("setBy: one"),
        "{after}"
    );
    let node = "query($id: ID!) { node(id: $id) { id } }";
    let gone = client.ask(node, json!({ "id": two.id })).await;
    assert_eq!(gone.expect_data()["node"], Value::Null);

    let undo = json!({ "mergeId": merged["mergeId"] });
    let undone = done(&client, "personMergeUndo", undo.clone()).await;
    assert_eq!(undone["loser"]["id"], json!(two.id));
    assert_eq!(pair.exported().await, before);
    same(&rows, &versionless(&pair).await);
    let twice = refused(&pair.app, &client, "personMergeUndo", undo).await;
    assert_eq!(in_short(&twice), ["ILLEGAL_STATE input.mergeId"]);
}

async fn what_referred_to_the_loser_refers_to_the_winner_and_back(backend: Backend) {
    let pair = Pair::new(backend).await;
    let client = pair.client();
    let before = pair.exported().await;
    let rows = versionless(&pair).await;
    let input = pair.input("org-one", "org-two").await;
    let merged = done(&client, "organizationMerge", input).await;
    let after = pair.exported().await;
    assert!(!after.contains("org-two"), "{after}");
    assert!(
        after.contains("- Works Ltd") && after.contains("level: municipal"),
        "{after}"
    );
    let undo = json!({ "mergeId": merged["mergeId"] });
    done(&client, "organizationMergeUndo", undo.clone()).await;
    assert_eq!(pair.exported().await, before);
    same(&rows, &versionless(&pair).await);
    // A merge of organizations is none of people.
    let answer = send(&client, "personMergeUndo", undo.clone()).await;
    answer.expect_error("NOT_FOUND");
    let twice = refused(&pair.app, &client, "organizationMergeUndo", undo).await;
    assert_eq!(in_short(&twice), ["ILLEGAL_STATE input.mergeId"]);
}

/// The rows of the domain, without what counts their changes.
async fn versionless(pair: &Pair) -> BTreeMap<String, Vec<String>> {
    for table in VERSIONED {
        let statement = format!("UPDATE {table} SET version = 1");
        pair.app.database.execute(&statement).await;
    }
    let mut rows = pair.contents().await;
    // It counts the changes of the agenda.
    rows.remove("event");
    rows.remove("agenda_revision");
    rows
}

const VERSIONED: [&str; 13] = [
    "person",
    "organization",
    "post",
    "membership",
    "participant",
    "participant_group",
    "appearance",
    "event_organization",
    "award",
    "award_recipient",
    "appointment_letter",
    "action_item",
    "agenda_item",
];

#[track_caller]
fn same(before: &BTreeMap<String, Vec<String>>, after: &BTreeMap<String, Vec<String>>) {
    for (table, rows) in before {
        assert_eq!(rows, &after[table], "{table}");
    }
}

async fn a_merge_is_tried_before_it_is_made(backend: Backend) {
    let pair = Pair::new(backend).await;
    let client = pair.client();
    let before = pair.app.database.contents().await;
    for (mutation, winner, loser) in [
        ("personMerge", "one", "two"),
        ("organizationMerge", "org-one", "org-two"),
    ] {
        let input = pair.input(winner, loser).await;
        let dry = json!({ "dryRun": true });
        let tried = done(&client, mutation, with(input.clone(), dry)).await;
        assert!(before == pair.app.database.contents().await, "{mutation}");
        assert_eq!(tried["mergeId"], Value::Null);
        assert!(tried["movedCount"].as_i64() > Some(0), "{tried}");
    }
    let input = pair.input("one", "two").await;
    let dry = with(input.clone(), json!({ "dryRun": true }));
    let tried = done(&client, "personMerge", dry).await;
    let made = done(&client, "personMerge", input).await;
    for count in ["movedCount", "droppedCount"] {
        assert_eq!(tried[count], made[count]);
    }
}

async fn what_cannot_be_one_is_not_made_one(backend: Backend) {
    let pair = Pair::new(backend).await;
    let client = pair.client();
    for (mutation, winner, loser) in [
        ("personMerge", "one", "one"),
        ("organizationMerge", "org-one", "org-one"),
        ("organizationMerge", "org-two", "part"),
        ("organizationMerge", "part", "org-two"),
        // It is a member of it.
        ("organizationMerge", "body", "org-one"),
        ("organizationMerge", "org-one", "body"),
        // They come in their stead.
        ("personMerge", "three", "two"),
        ("personMerge", "two", "three"),
    ] {
        let input = pair.input(winner, loser).await;
        let errors = refused(&pair.app, &client, mutation, input).await;
        assert_eq!(
            in_short(&errors),
            ["INVALID input.loserId"],
            "{winner} {loser}"
        );
    }
}

async fn who_sends_two_delegations_is_not_made_one(backend: Backend) {
    let pair = Pair::new(backend).await;
    let (app, client) = (&pair.app, pair.client());
    let operation = "query($id: ID!) { node(id: $id) { ... on Event {
        organizations(role: ATTENDING) { id organization { externalId } }
        participants { nodes { id version person { externalId } } } } } }";
    let variables = json!({ "id": pair.event.to_string() });
    let answer = client.ask(operation, variables).await;
    let event = &answer.expect_data()["node"];
    let of = |list: &Value, whose: &str, key: &str| {
        let list = list.as_array().expect("a list").iter();
        let mut found = list.filter(|one| one[whose]["externalId"] == key);
        found.next().expect("one")["id"].clone()
    };
    let sending = of(&event["organizations"], "organization", "org-two");
    let four = of(&event["participants"]["nodes"], "person", "four");
    let change = |version: i64, patch: Value| json!({ "id": four, "expectedVersion": version, "patch": patch });
    let sent = json!({ "delegationId": sending });
    done(&client, "participantUpdate", change(1, sent)).await;
    let input = pair.input("org-one", "org-two").await;
    let errors = refused(app, &client, "organizationMerge", input.clone()).await;
    assert_eq!(in_short(&errors), ["INVALID input.loserId"]);
    let alone = json!({ "delegationId": null, "delegateRole": null });
    done(&client, "participantUpdate", change(2, alone)).await;
    done(&client, "organizationMerge", input).await;
}

async fn a_merge_that_is_contradicted_stays(backend: Backend) {
    let pair = Pair::new(backend).await;
    let (app, client) = (&pair.app, pair.client());
    let four = pair.find("four").await;
    let one = pair.input("one", "two").await;
    let merged = done(&client, "personMerge", one).await;
    let undo = json!({ "mergeId": merged["mergeId"] });
    // What the loser was called is somebody else by now.
    let workspace = pair.home.id.to_string();
    let other = json!({ "workspaceId": workspace, "name": "Eve", "externalId": "two" });
    let eve = made(&client, "personCreate", other).await;
    let errors = refused(app, &client, "personMergeUndo", undo.clone()).await;
    assert_eq!(in_short(&errors), ["CONFLICT input.mergeId"]);
    let gone = json!({ "id": eve.id, "expectedVersion": eve.version });
    done(&client, "personRemove", gone).await;

    // The winner is a part of somebody else by now.
    let again = pair.input("four", "one").await;
    let second = done(&client, "personMerge", again).await;
    assert_eq!(second["person"]["id"], json!(four.id));
    let errors = refused(app, &client, "personMergeUndo", undo.clone()).await;
    assert!(
        in_short(&errors)
            .iter()
            .all(|one| one == "CONFLICT input.mergeId")
    );
    let back = json!({ "mergeId": second["mergeId"] });
    done(&client, "personMergeUndo", back).await;

    // The event in which both took part is there no longer: what belonged to it comes not back.
    let event = "{ event(slug: \"forum\") { id version } }";
    let event = client.query(event).await.expect_data()["event"].clone();
    let gone = json!({ "id": event["id"], "expectedVersion": event["version"] });
    done(&client, "eventRemove", gone).await;
    done(&client, "personMergeUndo", undo).await;
    let operation = "{ people(first: 100) { nodes { name email telephone } } }";
    let answer = client.query(operation).await;
    let people = answer.expect_data()["people"]["nodes"].clone();
    assert!(people.as_array().expect("nodes").contains(
        &json!({ "name": "Ada Example", "email": "ada@example.org", "telephone": "+49 1" })
    ));
    assert!(
        people
            .as_array()
            .expect("nodes")
            .contains(&json!({ "name": "Ada", "email": null, "telephone": null }))
    );
}
