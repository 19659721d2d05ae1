//! Many things at once.

use serde_json::{Value, json};
use tests::{Backend, TestApp, both};

use super::stage::Stage;
use crate::doing::{done, in_short, send, with};

both!(
    rows_are_answered_in_order,
    bad_rows_take_the_good_ones_along_or_not,
    rows_that_are_the_same_are_told_apart,
    no_more_than_five_hundred_are_taken,
    who_takes_part_is_put_on_the_list_at_once
);

/// A client of a house of its own, and rows for it.
async fn house(backend: Backend) -> (TestApp, String, Value) {
    let app = TestApp::new(backend).await;
    let home = app.workspace("home").await;
    let role = domain::access::Role::Organizer;
    let secret = app.token(&home, role, None).await;
    let input = json!({ "workspaceId": home.id.to_string() });
    (app, secret, input)
}

fn people(names: &[(&str, &str)]) -> Value {
    let rows = names.iter();
    let rows = rows.map(|(key, name)| json!({ "externalId": key, "name": name }));
    json!({ "rows": rows.collect::<Vec<_>>() })
}

/// Of each row its place, its key, whether something was made, and what was wrong.
fn results(payload: &Value, field: &str) -> Vec<(i64, String, bool, Vec<String>)> {
    let results = payload["results"].as_array().expect("results").iter();
    let results = results.map(|one| {
        let errors = one["userErrors"].as_array().expect("errors");
        (
            one["index"].as_i64().expect("a place"),
            one["externalId"].as_str().unwrap_or("-").to_owned(),
            one[field].is_object(),
            in_short(errors),
        )
    });
    results.collect()
}

fn row(index: i64, key: &str, made: bool, errors: &[&str]) -> (i64, String, bool, Vec<String>) {
    let errors = errors.iter().map(|error| (*error).to_owned());
    (index, key.to_owned(), made, errors.collect())
}

async fn rows_are_answered_in_order(backend: Backend) {
    let (app, secret, input) = house(backend).await;
    let client = app.bearer(secret);
    let rows = people(&[("z", "Zoe"), ("a", "Ada"), ("m", "Moe")]);
    let dry = with(with(input.clone(), rows.clone()), json!({ "dryRun": true }));
    let before = app.database.contents().await;
    let tried = done(&client, "personBulkCreate", dry).await;
    assert!(before == app.database.contents().await);
    assert_eq!(tried["count"], 3);
    let nothing = [
        row(0, "z", false, &[]),
        row(1, "a", false, &[]),
        row(2, "m", false, &[]),
    ];
    assert_eq!(results(&tried, "person"), nothing);
    let made = done(&client, "personBulkCreate", with(input, rows)).await;
    assert_eq!(made["count"], 3);
    let all = [
        row(0, "z", true, &[]),
        row(1, "a", true, &[]),
        row(2, "m", true, &[]),
    ];
    assert_eq!(results(&made, "person"), all);
    let ids: Vec<_> = (0..3)
        .map(|place| made["results"][place]["person"]["id"].clone())
        .collect();
    let operation = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Person { externalId } } }";
    let answer = client.ask(operation, json!({ "ids": ids })).await;
    let expected = json!([{ "externalId": "z" }, { "externalId": "a" }, { "externalId": "m" }]);
    assert_eq!(answer.expect_data()["nodes"], expected);
}

async fn bad_rows_take_the_good_ones_along_or_not(backend: Backend) {
    let (app, secret, input) = house(backend).await;
    let client = app.bearer(secret);
    let rows = json!({ "rows": [
        { "externalId": "good", "kind": "SCHOOL", "name": { "language": "en", "text": "Good" } },
        { "externalId": "bad", "kind": "SCHOOL", "name": { "language": "en", "text": " " },
            "protocolOrder": -1, "aliases": ["fine", ""],
            "parentId": "org_00000000000000000000000000000000" },
        { "kind": "COMPANY", "name": { "language": "en", "text": "Nameless" } },
    ] });
    let bad = &[
        "NOT_FOUND input.rows.1.parentId",
        "INVALID input.rows.1.name.text",
        "INVALID input.rows.1.aliases.1",
        "INVALID input.rows.1.protocolOrder",
    ][..];
    let before = app.database.contents().await;
    for dry_run in [true, false] {
        let more = json!({ "dryRun": dry_run });
        let all = with(with(input.clone(), rows.clone()), more);
        let rejected = done(&client, "organizationBulkCreate", all).await;
        assert_eq!(rejected["count"], 0, "none is taken");
        assert_eq!(
            results(&rejected, "organization"),
            [
                row(0, "good", false, &[]),
                row(1, "bad", false, bad),
                row(2, "-", false, &[])
            ]
        );
        assert!(before == app.database.contents().await);
    }
    let more = json!({ "onError": "REJECT_BAD_ROWS", "idempotencyKey": "once" });
    let some = with(with(input, rows), more);
    let dry = with(
        some.clone(),
        json!({ "dryRun": true, "idempotencyKey": "tried" }),
    );
    let tried = done(&client, "organizationBulkCreate", dry).await;
    assert_eq!(tried["count"], 2);
    assert!(before == app.database.contents().await);
    let taken = done(&client, "organizationBulkCreate", some.clone()).await;
    assert_eq!(taken["count"], 2);
    assert_eq!(
        results(&taken, "organization"),
        [
            row(0, "good", true, &[]),
            row(1, "bad", false, bad),
            row(2, "-", true, &[])
        ]
    );
    // Asked again, the same.
    let before = app.database.contents().await;
    assert_eq!(done(&client, "organizationBulkCreate", some).await, taken);
    assert!(before == app.database.contents().await);
}

async fn rows_that_are_the_same_are_told_apart(backend: Backend) {
    let (app, secret, input) = house(backend).await;
    let client = app.bearer(secret);
    let first = with(input.clone(), people(&[("a", "Ada")]));
    let first = done(&client, "personBulkCreate", first).await;
    let ada = &first["results"][0]["person"]["id"];
    let rows = people(&[
        ("b", "Bo"),
        ("a", "Another Ada"),
        ("b", "Another Bo"),
        ("c", "Cy"),
    ]);
    let input = with(with(input, rows), json!({ "onError": "REJECT_BAD_ROWS" }));
    let made = done(&client, "personBulkCreate", input).await;
    assert_eq!(
        results(&made, "person"),
        [
            row(0, "b", true, &[]),
            row(1, "a", false, &["ALREADY_EXISTS input.rows.1.externalId"]),
            row(2, "b", false, &["ALREADY_EXISTS input.rows.2.externalId"]),
            row(3, "c", true, &[]),
        ]
    );
    let taken = &made["results"][1]["userErrors"][0];
    assert_eq!(taken["__typename"], "AlreadyExistsError");
    assert_eq!(taken["existing"]["id"], *ada);
    assert_eq!(made["count"], 2);
}

async fn no_more_than_five_hundred_are_taken(backend: Backend) {
    let (app, secret, input) = house(backend).await;
    let client = app.bearer(secret);
    let rows = |count: usize| {
        let rows = (0..count).map(|place| json!({ "name": format!("Person {place}") }));
        with(input.clone(), json!({ "rows": rows.collect::<Vec<_>>() }))
    };
    let before = app.database.contents().await;
    let many = send(&client, "personBulkCreate", rows(501)).await;
    many.expect_error("BAD_USER_INPUT");
    assert!(before == app.database.contents().await);
    let made = done(&client, "personBulkCreate", rows(500)).await;
    assert_eq!(made["count"], 500);
    assert!(made["results"][499]["person"].is_object());
    let none = done(&client, "personBulkCreate", rows(0)).await;
    assert_eq!([&none["count"], &none["results"]], [&json!(0), &json!([])]);
}

async fn who_takes_part_is_put_on_the_list_at_once(backend: Backend) {
    let stage = Stage::new(backend).await;
    let client = stage.organiser();
    let (here, beside) = (&stage.here, &stage.beside);
    let head = json!({ "delegationId": here.id("eventOrganizationAdd"), "delegateRole": "HEAD" });
    let person = |id: Value| json!({ "personId": id });
    let rows = json!({ "eventId": here.id("eventCreate"), "onError": "REJECT_BAD_ROWS", "rows": [
        person(here.id("personCreate")),
        with(person(beside.id("personCreate")), head.clone()),
        with(person(beside.id("personBulkCreate")), head),
        person(beside.id("personBulkCreate")),
        with(person(beside.id("personBulkCreate")), json!({ "status": "CONFIRMED" })),
    ] });
    let made = done(&client, "participantBulkAdd", rows).await;
    let (again, twice) = (
        "ALREADY_EXISTS input.rows.0.personId",
        "ALREADY_EXISTS input.rows.4.personId",
    );
    assert_eq!(
        results(&made, "participant"),
        [
            row(0, "-", false, &[again]),
            row(1, "-", true, &[]),
            row(2, "-", false, &["INVALID input.rows.2.delegateRole"]),
            row(3, "-", true, &[]),
            row(4, "-", false, &[twice]),
        ]
    );
}
