//! What goes wrong in a field, goes wrong in that field: what the executor is known to get wrong,
//! asked of our own schema.

use serde_json::{Value, json};
use tests::{Answer, Backend, TestApp, both};

both!(
    a_field_that_may_be_null_fails_alone,
    a_field_that_must_not_be_null_takes_its_parent_along,
    a_fault_is_hidden_and_blanks_no_more_than_it_must,
    answers_come_in_the_order_of_the_question,
    every_error_has_a_code_and_the_name_of_its_request,
    what_is_one_thing_is_not_another
);

async fn a_field_that_may_be_null_fails_alone(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    app.publish_example(&workspace, "jimei-forum-2024").await;
    let organiser = app.as_organiser(&workspace).await;

    // At the root.
    let answer = organiser
        .query("{ node(id: \"nonsense\") { id } viewer { account { name } } }")
        .await;
    answer.expect_error("BAD_USER_INPUT");
    assert_eq!(
        answer.body["data"],
        json!({ "node": null, "viewer": { "account": { "name": "A colleague" } } })
    );
    // Deeper, and each of several by itself.
    let operation = "{ event(slug: \"jimei-forum-2024\") {
        kind
        none: participants(first: 0) { totalCount }
        some: participants(first: 1) { totalCount nodes { printedName } }
        appointmentLetters(first: 101) { totalCount }
        locality
    } }";
    let answer = organiser.query(operation).await;
    let mut paths: Vec<_> = answer
        .errors()
        .iter()
        .map(|error| error["path"].to_string())
        .collect();
    paths.sort();
    assert_eq!(
        paths,
        [r#"["event","appointmentLetters"]"#, r#"["event","none"]"#]
    );
    assert!(
        answer
            .errors()
            .iter()
            .all(|error| error["extensions"]["code"] == "BAD_USER_INPUT")
    );
    assert_eq!(
        answer.body["data"]["event"],
        json!({
            "kind": "FORUM",
            "none": null,
            "some": { "totalCount": 3, "nodes": [{ "printedName": "Zhu Shunni" }] },
            "appointmentLetters": null,
            "locality": "Jimei District, Xiamen, Fujian, China"
        })
    );
    assert_eq!(answer.status, 200);
}

async fn a_field_that_must_not_be_null_takes_its_parent_along(backend: Backend) {
    let app = TestApp::new(backend).await;
    for operation in [
        "{ viewer { account { name } } events(first: 0) { totalCount } }".to_owned(),
        format!(
            "{{ nodes(ids: {:?}) {{ id }} }}",
            vec!["evt_0193f2a0000070008000000000000000"; 101]
        ),
    ] {
        let answer = app.anonymous().query(&operation).await;
        answer.expect_error("BAD_USER_INPUT");
        assert_eq!(answer.body["data"], Value::Null);
        assert!(
            answer
                .body
                .as_object()
                .is_some_and(|body| body.contains_key("data"))
        );
    }
}

/// The store breaks under one field: a table is taken away.
async fn a_fault_is_hidden_and_blanks_no_more_than_it_must(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    app.publish_example(&workspace, "hengyang-exchange-2024")
        .await;
    let organiser = app.as_organiser(&workspace).await;
    app.database
        .execute("ALTER TABLE report RENAME TO report_taken_away")
        .await;
    app.database
        .execute("ALTER TABLE venue RENAME TO venue_taken_away")
        .await;

    // What may be null is null, and nothing else is.
    let operation = "{ event(slug: \"hengyang-exchange-2024\") { kind venue { name } locality } }";
    let answer = organiser.query(operation).await;
    hidden(&answer, &json!(["event", "venue"]));
    assert_eq!(
        answer.body["data"],
        json!({ "event": {
            "kind": "EXCHANGE_CONFERENCE",
            "venue": null,
            "locality": "Hengyang, Hunan, China",
        } })
    );

    let operation = "{ event(slug: \"hengyang-exchange-2024\") { kind reports { title } }
                       viewer { account { name } } }";
    let answer = organiser.query(operation).await;
    hidden(&answer, &json!(["event", "reports"]));
    assert_eq!(
        answer.body["data"],
        json!({ "event": null, "viewer": { "account": { "name": "A colleague" } } })
    );
}

fn hidden(answer: &Answer, path: &Value) {
    let error = answer.expect_error("INTERNAL");
    assert_eq!(error["message"], "internal error");
    assert_eq!(&error["path"], path);
    for secret in [
        "venue_",
        "report_",
        "no such table",
        "relation",
        "SELECT",
        "sqlx",
    ] {
        assert!(!answer.text.contains(secret), "{}", answer.text);
    }
}

async fn answers_come_in_the_order_of_the_question(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    app.publish_example(&workspace, "hengyang-exchange-2024")
        .await;
    // What takes a statement stands before what takes none, and a fragment where it is spread.
    let operation =
        "query { later: viewer { account { name } } event(slug: \"hengyang-exchange-2024\") {
            room { floor name } slug ...Where reports { publisher language } kind title __typename
        } first: viewer { account { id } } }
        fragment Where on Event { organizations { order role } locality kind }";
    let answer = app.as_organiser(&workspace).await.query(operation).await;
    answer.expect_data();
    let order = [
        "\"later\"",
        "\"event\"",
        "\"room\"",
        "\"floor\"",
        "\"name\":\"East",
        "\"slug\"",
        "\"organizations\"",
        "\"order\"",
        "\"role\"",
        "\"locality\"",
        "\"kind\"",
        "\"reports\"",
        "\"publisher\"",
        "\"language\"",
        "\"title\"",
        "\"__typename\"",
        "\"first\"",
    ];
    let places: Vec<_> = order
        .iter()
        .map(|key| {
            answer
                .text
                .find(key)
                .unwrap_or_else(|| panic!("{key}: {}", answer.text))
        })
        .collect();
    assert!(places.is_sorted(), "{}", answer.text);
}

async fn every_error_has_a_code_and_the_name_of_its_request(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let viewer = app.as_viewer(&workspace).await;
    let foreign = "evt_0193f2a0000070008000000000000000";
    for (operation, code, status) in [
        ("{ nothing }", "BAD_REQUEST", 400),
        ("{ event(slug: \"a\") }", "BAD_REQUEST", 400),
        ("{ event(slug: 1) { id } }", "BAD_USER_INPUT", 400),
        (
            "{ events(first: \"many\") { totalCount } }",
            "BAD_USER_INPUT",
            400,
        ),
        ("{ node(id: \"evt_\") { id } }", "BAD_USER_INPUT", 200),
        (
            "{ node(id: \"xyz_0193f2a0000070008000000000000000\") { id } }",
            "BAD_USER_INPUT",
            200,
        ),
        (
            "{ events(first: -1) { totalCount } }",
            "BAD_USER_INPUT",
            200,
        ),
        ("{", "BAD_REQUEST", 400),
    ] {
        for client in [&app.anonymous(), &viewer] {
            let answer = client.query(operation).await;
            let error = answer.expect_error(code);
            assert_eq!(answer.status, status, "{operation}: {:#}", answer.body);
            assert!(error["extensions"]["requestId"].is_string(), "{operation}");
            assert!(
                error["message"]
                    .as_str()
                    .is_some_and(|text| !text.is_empty())
            );
        }
    }
    // What is not there is null, and no error.
    for operation in [
        format!("{{ node(id: \"{foreign}\") {{ id }} }}"),
        "{ node: event(slug: \"nothing-of-that-name\") { id } }".to_owned(),
        "{ node: event(slug: \"No Slug\") { id } }".to_owned(),
        "{ node: workspace(slug: \"nothing\") { id } }".to_owned(),
    ] {
        assert_eq!(
            viewer.query(&operation).await.expect_data()["node"],
            Value::Null
        );
    }
    // Nobody helps a stranger to guess.
    let answer = app
        .anonymous()
        .query("{ event(slug: \"a\") { titel } }")
        .await;
    assert!(!answer.text.contains("Did you mean"), "{}", answer.text);
}

/// An id of another kind is refused by name, before anything is read.
async fn what_is_one_thing_is_not_another(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let organiser = app.as_organiser(&workspace).await;
    for operation in [
        "query($id: ID!) { events(filter: { workspaceId: $id }) { totalCount } }",
        "query($id: ID!) { events(filter: { and: [{ parentId: $id }] }) { totalCount } }",
        "query($id: ID!) { people(filter: { eventId: $id }) { totalCount } }",
        "query($id: ID!) { organizations(filter: { parentId: $id }) { totalCount } }",
        "mutation($id: ID!) { eventImport(input: { workspaceId: $id, document: \"\" }) { event { id } } }",
    ] {
        for id in [
            "per_0193f2a0000070008000000000000000",
            "evt_1",
            "",
            "EVT_0193f2a0000070008000000000000000",
        ] {
            let before = app.store.statements();
            let answer = organiser.ask(operation, json!({ "id": id })).await;
            answer.expect_error("BAD_USER_INPUT");
            // Two to find out who asks.
            assert_eq!(app.store.statements() - before, 2, "{operation} {id}");
        }
    }
}
