//! The log: who did what, with what was and what is.

use domain::access::Role;
use serde_json::{Value, json};
use tests::{Backend, Client, TestApp, both};

use super::inputs::{ADDING, CHANGING};
use super::stage::Stage;
use crate::doing::{SDL, done, field_of, made, send};

both!(
    the_log_tells_who_did_what,
    what_did_not_happen_is_not_in_the_log,
    every_mutation_is_in_the_log,
    those_who_organise_read_no_log
);

const ENTRY: &str = "operation action objectId operationId at accountId tokenId reason
    changes { field before after }";

async fn log(client: &Client<'_>, id: &str) -> Vec<Value> {
    let on = ["Person", "Event", "Workspace", "AgendaItem"].map(|name| {
        format!("... on {name} {{ auditLog(first: 100) {{ totalCount nodes {{ {ENTRY} }} }} }}")
    });
    let operation = format!("query($id: ID!) {{ node(id: $id) {{ {} }} }}", on.join(" "));
    let answer = client.ask(&operation, json!({ "id": id })).await;
    let log = &answer.expect_data()["node"]["auditLog"];
    let entries = log["nodes"].as_array().expect("a log").clone();
    assert_eq!(log["totalCount"], entries.len());
    entries
}

fn changes(entry: &Value) -> Value {
    let changes = entry["changes"].as_array().expect("changes").iter();
    let read = |value: &Value| match value.as_str() {
        Some(text) => serde_json::from_str(text).expect("JSON"),
        None => Value::Null,
    };
    changes
        .map(|one| {
            let field = one["field"].as_str().expect("a field").to_owned();
            (field, json!([read(&one["before"]), read(&one["after"])]))
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
}

async fn the_log_tells_who_did_what(backend: Backend) {
    let app = TestApp::new(backend).await;
    let home = app.workspace("home").await;
    let (token, secret) = app.make_token(&[(&home, Role::Owner)], None, None).await;
    let client = app.bearer(&secret);
    let workspace = home.id.to_string();
    let ada = json!({ "workspaceId": workspace, "name": "Ada", "externalId": "ada" });
    let person = made(&client, "personCreate", ada).await;
    app.clock.advance(chrono::TimeDelta::minutes(1));
    let patch = json!({ "name": "Ada Example", "externalId": null, "email": "ada@example.org" });
    let update = json!({ "id": person.id, "expectedVersion": 1, "patch": patch });
    done(&client, "personUpdate", update).await;
    let log_of_person = log(&client, &person.id).await;
    let [updated, created] = log_of_person.as_slice() else {
        panic!("{log_of_person:#?}");
    };
    assert_eq!(
        [&created["operation"], &created["action"]],
        ["personCreate", "CREATED"]
    );
    assert_eq!(
        [&updated["operation"], &updated["action"]],
        ["personUpdate", "UPDATED"]
    );
    assert_eq!(
        [&created["at"], &updated["at"]],
        ["2025-01-01T12:00:00Z", "2025-01-01T12:01:00Z"]
    );
    for entry in [created, updated] {
        assert_eq!(entry["accountId"], token.account_id.to_string());
        assert_eq!(entry["tokenId"], token.id.to_string());
        assert_eq!(entry["reason"], Value::Null);
        assert_eq!(entry["objectId"], person.id);
    }
    assert_eq!(
        changes(updated),
        json!({
            "name": ["Ada", "Ada Example"],
            "externalId": ["ada", null],
            "email": [null, "ada@example.org"],
            "version": [1, 2],
        })
    );
    assert_eq!(changes(created)["name"], json!([null, "Ada"]));

    // What is gone is told in the log of the workspace, with all that it was.
    let gone = json!({ "id": person.id, "expectedVersion": 2 });
    done(&client, "personRemove", gone).await;
    let all = log(&client, &workspace).await;
    assert_eq!(all.len(), 3);
    assert_eq!(
        [&all[0]["operation"], &all[0]["action"]],
        ["personRemove", "REMOVED"]
    );
    assert_eq!(changes(&all[0])["email"], json!(["ada@example.org", null]));
    let text = serde_json::to_string(&all).expect("JSON");
    assert!(!text.contains(&secret), "the token itself is nowhere in it");
}

async fn what_did_not_happen_is_not_in_the_log(backend: Backend) {
    let app = TestApp::new(backend).await;
    let home = app.workspace("home").await;
    let client = app.as_owner(&home).await;
    let workspace = home.id.to_string();
    let blank = json!({ "workspaceId": workspace, "name": " " });
    send(&client, "personCreate", blank).await;
    let dry = json!({ "workspaceId": workspace, "rows": [{ "name": "Ada" }], "dryRun": true });
    done(&client, "personBulkCreate", dry).await;
    assert_eq!(log(&client, &workspace).await, Vec::<Value>::new());
    let ada = json!({ "workspaceId": workspace, "name": "Ada" });
    let ada = made(&client, "personCreate", ada).await;
    let same = json!({ "id": ada.id, "expectedVersion": 1, "patch": { "name": "Ada" } });
    assert_eq!(made(&client, "personUpdate", same).await.version, 1);
    assert_eq!(
        log(&client, &ada.id).await.len(),
        1,
        "nothing became otherwise"
    );
}

async fn every_mutation_is_in_the_log(backend: Backend) {
    let stage = Stage::new(backend).await;
    let client = stage.app.as_owner(&stage.home).await;
    // Those that add were all sent; of those that change, what is asked here is a filter's name.
    for mutation in ADDING {
        let operation = format!(
            "{{ workspace(slug: \"home\") {{ auditLog(first: 50, filter: {{ operation: \"{}\" }}) {{
                nodes {{ {ENTRY} }} }} }} }}",
            field_of(mutation)
        );
        let answer = client.query(&operation).await;
        let entries = answer.expect_data()["workspace"]["auditLog"]["nodes"].clone();
        let entries = entries.as_array().expect("entries").clone();
        let id = stage.here.id(mutation);
        let told = entries.iter().any(|one| one["objectId"] == id);
        assert!(
            told || mutation.ends_with("Merge"),
            "{mutation}: {entries:#?}"
        );
        assert!(!entries.is_empty(), "{mutation}");
    }
    assert!(
        CHANGING
            .iter()
            .all(|name| SDL.of("Mutation").fields.contains_key(*name))
    );
    // What belongs to an event is in the log of the event, and all of one operation under one id.
    let event = stage.here.id("eventCreate");
    let seen = stage.here.seen("agendaItemAdd");
    done(&client, "agendaItemRemove", seen.clone()).await;
    let entries = log(&client, event.as_str().expect("an id")).await;
    let removing = entries
        .iter()
        .filter(|one| one["operation"] == "agendaItemRemove");
    let removing: Vec<_> = removing.collect();
    let mut acts: Vec<_> = removing
        .iter()
        .map(|one| {
            let kind = one["objectId"].as_str().expect("an id").split('_').next();
            format!(
                "{} {}",
                kind.expect("a kind"),
                one["action"].as_str().expect("an act")
            )
        })
        .collect();
    acts.sort();
    let prefix = |mutation: &str| stage.here.made[mutation].id[..3].to_owned();
    let mut expected = [
        format!("{} REMOVED", prefix("agendaItemAdd")),
        format!("{} REMOVED", prefix("appearanceAdd")),
        format!("{} UPDATED", prefix("releaseAdd")),
        format!("{} UPDATED", prefix("awardAdd")),
        format!("{} UPDATED", prefix("resolutionAdd")),
    ];
    expected.sort();
    // The part before it closes no gap, for it stands alone.
    acts.retain(|act| expected.contains(act));
    acts.dedup();
    assert_eq!(acts, expected);
    assert!(
        removing
            .iter()
            .all(|one| one["operationId"] == removing[0]["operationId"])
    );
}

async fn those_who_organise_read_no_log(backend: Backend) {
    let stage = Stage::new(backend).await;
    let client = stage.organiser();
    let operation = "query($person: ID!, $event: ID!) {
        workspace(slug: \"home\") { auditLog { totalCount } }
        person: node(id: $person) { ... on Person { auditLog { totalCount } } }
        event: node(id: $event) { ... on Event { auditLog { totalCount } } } }";
    let here = &stage.here;
    let variables = json!({ "person": here.id("personCreate"), "event": here.id("eventCreate") });
    let answer = client.ask(operation, variables).await;
    let nothing = json!({ "auditLog": null });
    assert_eq!(
        *answer.expect_data(),
        json!({ "workspace": nothing, "person": nothing, "event": nothing })
    );
    // An entry is no way around it.
    let owner = stage.app.as_owner(&stage.home).await;
    let operation = "{ workspace(slug: \"home\") { auditLog(first: 1) { nodes { id } } } }";
    let answer = owner.query(operation).await;
    let entry = answer.expect_data()["workspace"]["auditLog"]["nodes"][0]["id"].clone();
    let node = "query($id: ID!) { node(id: $id) { __typename } }";
    let seen = owner.ask(node, json!({ "id": entry })).await;
    assert_eq!(seen.expect_data()["node"]["__typename"], "AuditEntry");
    let unseen = client.ask(node, json!({ "id": entry })).await;
    assert_eq!(unseen.expect_data()["node"], Value::Null);
}
