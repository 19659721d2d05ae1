//! What a change costs: a fixed number of statements, however large the event is and however many
//! rows come at once.

use serde_json::{Value, json};
use tests::{Backend, Client, TestApp, both};

both!(
    a_change_costs_the_same_in_a_large_event,
    many_rows_cost_what_one_costs,
    many_are_invited_for_what_one_costs
);

async fn made(client: &Client<'_>, operation: &str, input: Value) -> Value {
    let answer = client.ask(operation, json!({ "input": input })).await;
    let data = answer.expect_data();
    let (_, payload) = data.as_object().expect("data").iter().next().expect("one");
    assert_eq!(payload["userErrors"], json!([]), "{payload}");
    payload.clone()
}

const EVENT: &str = "mutation($input: EventCreateInput!) {
    eventCreate(input: $input) { event { id } userErrors { message } } }";
const ADD: &str = "mutation($input: AgendaItemAddInput!) {
    agendaItemAdd(input: $input) { userErrors { message } } }";
const MOVE: &str = "mutation($input: AgendaItemMoveInput!) {
    agendaItemMove(input: $input) { userErrors { message } } }";
const UPDATE: &str = "mutation($input: AgendaItemUpdateInput!) {
    agendaItemUpdate(input: $input) { userErrors { message } } }";

async fn a_change_costs_the_same_in_a_large_event(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let organiser = app.as_organiser(&workspace).await;
    let mut costs = Vec::new();
    for (slug, items) in [("small", 2), ("large", 60)] {
        let time = json!({ "timeZone": "Europe/Berlin", "startsOn": "2026-10-08" });
        let event = json!({
            "workspaceId": workspace.id.to_string(), "slug": slug, "kind": "FORUM",
            "title": { "language": "en", "text": slug }, "time": time,
        });
        let event = made(&organiser, EVENT, event).await["event"]["id"].clone();
        let item =
            json!({ "eventId": event, "kind": "TALK", "startsAtLocal": "2026-10-08T09:00:00" });
        for _ in 0..items {
            made(&organiser, ADD, item.clone()).await;
        }
        let operation =
            "query($id: ID!) { node(id: $id) { ... on Event { draftAgenda { items { id } } } } }";
        let read = organiser.ask(operation, json!({ "id": event })).await;
        let read = read.expect_data()["node"]["draftAgenda"]["items"].clone();
        let last = read.as_array().expect("items").last().expect("one")["id"].clone();

        let mut cost = Vec::new();
        for (operation, input) in [
            (ADD, item.clone()),
            (
                MOVE,
                json!({ "id": last, "expectedVersion": 1, "startsAtLocal": "2026-10-08T10:00:00" }),
            ),
            (
                UPDATE,
                json!({ "id": last, "expectedVersion": 2, "patch": { "kind": "PANEL" } }),
            ),
        ] {
            let before = app.store.statements();
            made(&organiser, operation, input).await;
            cost.push(app.store.statements() - before);
        }
        costs.push(cost);
    }
    assert_eq!(costs[0], costs[1], "in a small event, and in a large one");
    assert!(costs[0].iter().all(|cost| *cost <= 24), "{costs:?}");
}

async fn many_rows_cost_what_one_costs(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let organiser = app.as_organiser(&workspace).await;
    let operation = "mutation($input: PersonBulkCreateInput!) {
        personBulkCreate(input: $input) { count results { person { id } } userErrors { message } } }";
    let mut costs = Vec::new();
    for rows in [1, 150] {
        let rows: Vec<_> = (0..rows)
            .map(|number| json!({ "name": format!("Person {number}"), "externalId": format!("{rows}-{number}") }))
            .collect();
        let count = rows.len();
        let before = app.store.statements();
        let input = json!({ "workspaceId": workspace.id.to_string(), "rows": rows });
        let done = made(&organiser, operation, input).await;
        costs.push(app.store.statements() - before);
        assert_eq!(done["count"], count);
    }
    assert_eq!(costs[0], costs[1], "one row, and many");
    assert!(costs[0] <= 12, "{costs:?}");
}

async fn many_are_invited_for_what_one_costs(backend: Backend) {
    use std::fmt::Write as _;

    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let organiser = app.as_organiser(&workspace).await;
    let mut all = Vec::new();
    for many in [1, 120] {
        let mut document = format!(
            "key: event-{many}\nlanguage: en\ntitle: A forum\n\
             time: {{ timeZone: Europe/Berlin, startsOn: 2025-10-08 }}\npeople:\n"
        );
        for number in 0..many {
            writeln!(
                document,
                "- {{ key: p-{many}-{number}, name: Person {number}, email: p{number}@example.org }}"
            )
            .expect("text");
        }
        document.push_str("participants:\n");
        for number in 0..many {
            writeln!(document, "- {{ person: p-{many}-{number} }}").expect("text");
        }
        let event = app.import(&workspace, &document).await.id;
        app.publish(event).await;
        let mut costs = Vec::new();
        for (mutation, input) in [
            (
                "participantInvite",
                json!({ "eventId": event.to_string(), "filter": {}, "hold": true }),
            ),
            ("participantRemind", json!({ "eventId": event.to_string() })),
        ] {
            let before = app.store.statements();
            let done = crate::doing::done(&organiser, mutation, input).await;
            costs.push(app.store.statements() - before);
            assert_eq!(done["recipientCount"], many);
            if mutation == "participantRemind" {
                continue;
            }
            let before = app.store.statements();
            let held = json!({ "id": done["message"]["id"], "expectedVersion": 1 });
            crate::doing::done(&organiser, "messageRelease", held).await;
            costs.push(app.store.statements() - before);
        }
        app.database
            .execute("UPDATE delivery SET state = 'FAILED'")
            .await;
        let operation = "query($id: ID!) { node(id: $id) { ... on Event {
            messages(filter: { kind: [INVITATION] }) { nodes { id } } } } }";
        let answer = organiser
            .ask(operation, json!({ "id": event.to_string() }))
            .await;
        let message = answer.expect_data()["node"]["messages"]["nodes"][0]["id"].clone();
        let before = app.store.statements();
        let again = json!({ "messageId": message });
        let done = crate::doing::done(&organiser, "deliveryRetry", again).await;
        costs.push(app.store.statements() - before);
        assert_eq!(done["count"], many);
        all.push(costs);
    }
    assert_eq!(all[0], all[1], "one, and many");
    assert!(all[0].iter().all(|cost| *cost <= 40), "{all:?}");
}
