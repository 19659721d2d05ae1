//! What a change costs: a fixed number of statements, however large the event is and however many
//! rows come at once.

use serde_json::{Value, json};
use tests::{Backend, Client, TestApp, both};

both!(
    a_change_costs_the_same_in_a_large_event,
    many_rows_cost_what_one_costs
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
