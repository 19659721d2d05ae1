//! What is refused before it runs. None of these may take long, and none may end the process.

use std::fmt::Write as _;
use std::time::Duration;

use async_graphql::futures_util::stream;
use poem::Body;
use poem::http::StatusCode;
use serde_json::{Value, json};

use super::toy::{client_with, codes, post, post_as_ada, post_json, taken_apart};
use crate::http::Limits;

/// Refused by a cap of this name, of this value.
async fn assert_refused(document: &str, what: &str, allowed: usize) {
    let (status, body) = post(document).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
    assert!(body.get("data").is_none(), "{body}");
    assert!(
        codes(&body).iter().all(|code| *code == "QUERY_TOO_COMPLEX"),
        "{body}"
    );
    let told = |error: &Value| {
        error["message"]
            .as_str()
            .is_some_and(|message| message.contains(what))
            && error["extensions"]["allowed"] == allowed
            && error["extensions"]["found"].as_u64() > Some(allowed as u64)
    };
    assert!(
        body["errors"].as_array().unwrap().iter().any(told),
        "{what} {allowed}: {body}"
    );
}

async fn assert_answered(document: &str) {
    let (status, body) = post(document).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert!(body.get("errors").is_none(), "{body}");
}

fn chained_fragments(count: usize, spreads: usize) -> String {
    let mut document = "{ node { ...F0 } }".to_owned();
    for n in 0..count {
        let spread = format!("...F{} ", n + 1).repeat(spreads);
        write!(document, " fragment F{n} on Node {{ {spread}}}").unwrap();
    }
    write!(document, " fragment F{count} on Node {{ id }}").unwrap();
    document
}

fn aliased(count: usize, field: &str) -> String {
    (0..count)
        .map(|n| format!("a{n}: {field}"))
        .collect::<Vec<_>>()
        .join(" ")
}

#[tokio::test]
async fn chained_fragments_are_refused_in_the_time_it_takes_to_read_them() {
    let bomb = chained_fragments(24, 2);
    assert!(bomb.len() < 1_300, "it is a small one: {}", bomb.len());
    assert_refused(&bomb, "fields after fragments are spread", 2_000).await;
    // More spreads than a number can count.
    assert_refused(
        &chained_fragments(28, 8),
        "fields after fragments are spread",
        2_000,
    )
    .await;
    // With the bomb in a fragment that nothing spreads, or in an operation that does not run.
    let unused = bomb.replacen("{ node { ...F0 } }", "{ node { id } }", 1);
    assert_refused(&unused, "fields after fragments are spread", 2_000).await;
    let other = format!("query A {{ __typename }} query B {bomb}");
    let (_, body) = post_json(&json!({ "query": other, "operationName": "A" })).await;
    assert_eq!(codes(&body), ["QUERY_TOO_COMPLEX"]);
    // A long chain is as bad for a stack as a wide one is for a clock.
    let (_, body) = post_as_ada(&chained_fragments(900, 1)).await;
    assert_eq!(codes(&body), ["QUERY_TOO_COMPLEX"]);
    assert_answered(&chained_fragments(8, 2)).await;
}

#[tokio::test]
async fn fragments_in_a_circle_are_refused() {
    for document in [
        "{ node { ...A } } fragment A on Node { ...A }",
        "{ node { ...A } } fragment A on Node { id ...B ...B } fragment B on Node { child { ...A } }",
        "{ node { id } } fragment A on Node { ...B } fragment B on Node { ...A ...A }",
    ] {
        let (status, body) = post(document).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{document}");
        assert_eq!(codes(&body), ["BAD_REQUEST"], "{document}");
        assert!(
            body["errors"][0]["message"]
                .as_str()
                .unwrap()
                .contains("within itself"),
            "{body}"
        );
    }
}

#[tokio::test]
async fn deep_brackets_never_reach_the_parser() {
    for (open, close) in [
        ("{a", "}"),
        ("{a(b:[", "])}"),
        ("[", "]"),
        ("(", ")"),
        ("{a(b:{c:", "})}"),
    ] {
        let closed = format!("{}{}", open.repeat(100), close.repeat(100));
        assert_refused(&closed, "brackets inside each other", 50).await;
        assert_refused(&open.repeat(100), "brackets inside each other", 50).await;
    }
    let list = format!(
        "{{ echo(text: {}1{}) }}",
        "[".repeat(5_000),
        "]".repeat(5_000)
    );
    assert_refused(&list, "tokens", 2_000).await;
    // Brackets in strings and comments are no brackets.
    assert_answered(&format!(
        "{{ echo(text: \"{}\") }} # {}",
        "[{(".repeat(100),
        "{".repeat(100)
    ))
    .await;
}

#[tokio::test]
async fn tokens_are_counted_before_they_are_parsed() {
    let many = |count: usize| format!("{{ {} }}", "__typename ".repeat(count));
    assert_refused(&many(2_000), "tokens", 2_000).await;
    let (_, body) = post_as_ada(&format!("{{ node {{ {} }} }}", "id ".repeat(3_000))).await;
    assert!(body.get("errors").is_none(), "who is known may say more");
    let (status, body) = post_as_ada(&many(9_000)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(body["errors"][0]["extensions"]["allowed"], 8_000);
}

#[tokio::test]
async fn depth_counts_fields_through_fragments() {
    let deep = |depth: usize| {
        let inner = "child { ".repeat(depth - 2);
        format!("{{ node {{ {inner} id {} }} }}", "}".repeat(depth - 2))
    };
    assert_answered(&deep(15)).await;
    assert_refused(&deep(16), "fields inside each other", 15).await;
    let fragment = format!(
        "{{ node {{ ...F }} }} fragment F on Node {{ {} id {} }}",
        "child { ".repeat(14),
        "}".repeat(14)
    );
    assert_refused(&fragment, "fields inside each other", 15).await;
    let inline = format!(
        "{{ node {{ {} id {} }} }}",
        "... { ".repeat(40),
        "}".repeat(40)
    );
    assert_refused(&inline, "selections inside each other", 32).await;
}

#[tokio::test]
async fn fields_at_the_root_and_aliases_are_few() {
    let fields = |count: usize| "slow ".repeat(count);
    assert_answered(&format!("{{ {} }}", fields(30))).await;
    assert_refused(&format!("{{ {} }}", fields(31)), "fields at the root", 30).await;
    let spread = format!(
        "{{ {} ...F }} fragment F on Query {{ {} }}",
        fields(20),
        fields(11)
    );
    assert_refused(&spread, "fields at the root", 30).await;

    let aliases = |count: usize| aliased(count, "id");
    assert_answered(&format!("{{ node {{ {} }} }}", aliases(30))).await;
    assert_refused(&format!("{{ node {{ {} }} }}", aliases(31)), "aliases", 30).await;
    let spread = format!(
        "{{ node {{ ...F }} perhaps {{ ...F }} }} fragment F on Node {{ {} }}",
        aliases(16)
    );
    assert_refused(&spread, "aliases", 30).await;
}

#[tokio::test]
async fn directives_in_one_place_are_few() {
    let six = "@include(if: true) ".repeat(6);
    for document in [
        format!("{{ node {{ id {six} }} }}"),
        format!("{{ node {{ ... {six} {{ id }} }} }}"),
        format!("{{ node {{ ...F {six} }} }} fragment F on Node {{ id }}"),
        format!("{{ node {{ ...F }} }} fragment F on Node {six} {{ id }}"),
        format!("query Q {six} {{ node {{ id }} }}"),
    ] {
        assert_refused(&document, "directives in one place", 5).await;
    }
}

#[tokio::test]
async fn only_the_operation_that_runs_is_held_to_what_running_costs() {
    let wide = "slow ".repeat(31);
    let document = format!("query Small {{ slow }} query Wide {{ {wide} }}");
    let request = |name: &str| json!({ "query": document, "operationName": name });
    assert_eq!(post_json(&request("Small")).await.0, StatusCode::OK);
    let (status, body) = post_json(&request("Wide")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(codes(&body), ["QUERY_TOO_COMPLEX"]);
}

#[tokio::test]
async fn all_caps_that_are_passed_are_told_at_once() {
    let aliases = aliased(31, "slow");
    let (_, body) = post(&format!("{{ {aliases} }}")).await;
    assert_eq!(codes(&body), ["QUERY_TOO_COMPLEX", "QUERY_TOO_COMPLEX"]);
}

/// The query of graphql-js 16 with its default options, which GraphiQL 4 sends.
const INTROSPECTION: &str = include_str!("introspection.graphql");

#[tokio::test]
async fn the_introspection_of_graphiql_passes() {
    assert_answered(INTROSPECTION).await;
}

#[tokio::test]
async fn introspection_that_multiplies_itself_is_refused() {
    let document =
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }";
    assert_refused(document, "introspection lists inside each other", 2).await;
    let hidden = "{ __type(name: \"Query\") { ...A } } fragment A on __Type { fields { type { ...B } } } \
        fragment B on __Type { interfaces { possibleTypes { name } } }";
    assert_refused(hidden, "introspection lists inside each other", 2).await;
}

/// Refused while it runs, with one error however many lists are left unanswered.
async fn assert_broken_off(document: &str, allowed: usize) {
    let (status, body) = if allowed == 200_000 {
        post_as_ada(document).await
    } else {
        post(document).await
    };
    assert_eq!(status, StatusCode::OK, "{:#}", body["errors"]);
    assert_eq!(codes(&body), ["QUERY_TOO_COMPLEX"], "{:#}", body["errors"]);
    let error = &body["errors"][0];
    assert_eq!(error["extensions"]["allowed"], allowed);
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains(&allowed.to_string())
    );
    assert!(
        error["path"].as_array().is_some_and(|path| path.len() > 1),
        "{error}"
    );
    assert!(body["extensions"].get("errorsOmitted").is_none(), "{error}");
}

#[tokio::test]
async fn what_a_small_document_unfolds_to_is_bounded() {
    let there_and_back = |step: &str, times: usize| {
        let inner = format!("{step} {{ children {{ ").repeat(times);
        format!("{{ node {{ {inner} id {} }} }}", "} }".repeat(times))
    };
    for step in ["parent", "child"] {
        assert_answered(&there_and_back(step, 2)).await;
        assert_broken_off(&there_and_back(step, 3), 50_000).await;
        assert_broken_off(&there_and_back(step, 6), 50_000).await;
        assert_broken_off(&there_and_back(step, 6), 200_000).await;
    }
    // Wide instead of deep, and the same by fragments.
    let wide = "child { children { id } } ".repeat(200);
    assert_broken_off(&format!("{{ node {{ children {{ {wide} }} }} }}"), 50_000).await;
    let fragment = format!("fragment F on Node {{ {} }}", "id ".repeat(1_000));
    let many = "nodes(count: 500) { ...F }";
    assert_answered(&format!("{{ {many} }} {fragment}")).await;
    assert_broken_off(
        &format!("{{ node {{ children {{ children {{ ...F }} }} }} }} {fragment}"),
        50_000,
    )
    .await;
}

#[tokio::test]
async fn mutations_are_few() {
    let touches = |count: usize| format!("mutation {{ {} }}", aliased(count, "touch"));
    assert_answered(&touches(3)).await;
    assert_refused(&touches(4), "fields at the root", 3).await;
}

#[tokio::test]
async fn nothing_waits_for_ever() {
    let limits = Limits {
        body_within: Duration::from_millis(20),
        answer_within: Duration::from_millis(20),
        ..Limits::default()
    };
    let client = client_with(true, limits);
    let asked = client
        .post("/graphql")
        .header("accept", "application/graphql-response+json")
        .body_json(&json!({ "query": "{ never }" }));
    let (status, body) = taken_apart(asked.send().await).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(codes(&body), ["QUERY_TOO_COMPLEX"]);

    let endless = stream::pending::<Result<Vec<u8>, std::io::Error>>();
    let asked = client
        .post("/graphql")
        .content_type("application/json")
        .body(Body::from_bytes_stream(endless));
    let (status, body) = taken_apart(asked.send().await).await;
    assert_eq!(status, StatusCode::REQUEST_TIMEOUT);
    assert_eq!(codes(&body), ["BAD_REQUEST"]);
}
