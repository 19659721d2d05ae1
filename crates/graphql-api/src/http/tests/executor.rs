//! What we rely on in the executor, which is a release candidate: nulls, their propagation, and the
//! order of keys.

use poem::http::StatusCode;
use serde_json::json;

use super::toy::{client, codes, post};

#[tokio::test]
async fn a_nullable_field_that_fails_is_null_and_leaves_its_parent_alone() {
    let (status, body) = post("{ node { id withheld name } }").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        body["data"],
        json!({ "node": { "id": 1, "withheld": null, "name": "node" } })
    );
    assert_eq!(codes(&body), ["FORBIDDEN"]);
    assert_eq!(body["errors"][0]["message"], "not for you");
    assert_eq!(body["errors"][0]["path"], json!(["node", "withheld"]));
    assert_eq!(
        body["errors"][0]["locations"],
        json!([{ "line": 1, "column": 13 }])
    );
}

#[tokio::test]
async fn an_obligatory_field_that_fails_takes_its_nullable_parent_with_it() {
    let (status, body) = post("{ perhaps { id obligatory } node { id } }").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        body["data"],
        json!({ "perhaps": null, "node": { "id": 1 } })
    );
    assert_eq!(codes(&body), ["NOT_FOUND"]);
    assert_eq!(body["errors"][0]["path"], json!(["perhaps", "obligatory"]));
}

#[tokio::test]
async fn an_item_of_a_list_that_fails_is_null_in_its_place() {
    let (_, body) = post("{ nodes(count: 2) { obligatory } }").await;
    assert_eq!(body["data"], json!({ "nodes": [null, null] }));
    assert_eq!(codes(&body), ["NOT_FOUND", "NOT_FOUND"]);
}

#[tokio::test]
async fn null_reaches_the_root_only_through_fields_that_are_never_null() {
    let (status, body) = post("{ node { child { obligatory } } }").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(body.get("data"), Some(&json!(null)));
    assert_eq!(codes(&body), ["NOT_FOUND"]);
}

#[tokio::test]
async fn keys_stand_in_the_order_in_which_they_were_asked_for() {
    let query =
        "query { c: slow b: node { name id } ...F a: slow } fragment F on Query { d: slow }";
    let mut response = client()
        .post("/graphql")
        .body_json(&json!({ "query": query }))
        .send()
        .await;
    let text = response.0.take_body().into_string().await.unwrap();
    assert_eq!(
        text,
        r#"{"data":{"c":2,"b":{"name":"node","id":1},"d":2,"a":2}}"#
    );
}

#[tokio::test]
async fn skipped_fields_are_absent() {
    let query = "{ node { id @skip(if: true) name @include(if: true) } }";
    let (_, body) = post(query).await;
    assert_eq!(body["data"], json!({ "node": { "name": "node" } }));
}
