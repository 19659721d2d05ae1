//! What clients see of what goes wrong.

use poem::http::StatusCode;
use serde_json::json;

use super::toy::{self, codes, post, post_as_ada, post_json, taken_apart};

#[tokio::test]
async fn the_codes_are_these() {
    let codes: Vec<_> = crate::http::error::Code::ALL
        .iter()
        .map(|code| code.as_str())
        .collect();
    assert_eq!(
        codes,
        [
            "BAD_REQUEST",
            "BAD_USER_INPUT",
            "UNAUTHENTICATED",
            "FORBIDDEN",
            "NOT_FOUND",
            "RATE_LIMITED",
            "QUERY_TOO_COMPLEX",
            "INTERNAL",
        ]
    );
}

#[tokio::test]
async fn documents_at_fault_are_bad_requests() {
    for document in [
        "",
        "{",
        "{ node { id } } }",
        "{ nothing }",
        "{ node }",
        "{ node { id { x } } }",
        "{ node { ...Missing } }",
        "query A { __typename } query A { __typename }",
        "query A { __typename } query B { __typename }",
        "fragment F on Query { __typename }",
        "subscription { x }",
        "{ echo(text: \"unterminated) }",
        "{ echo(wrong: 1) }",
        "query Q($unused: Int) { __typename }",
        "type Query { a: Int }",
    ] {
        let (status, body) = post(document).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{document} {body}");
        assert!(
            codes(&body).iter().all(|code| *code == "BAD_REQUEST"),
            "{document} {body}"
        );
        assert!(body.get("data").is_none(), "{document} {body}");
    }
}

#[tokio::test]
async fn a_syntax_error_says_what_and_where_without_repeating_the_line() {
    let (_, body) = post("{ node { id } ... }").await;
    let message = body["errors"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("syntax error: expected "), "{message}");
    assert!(!message.contains('\n'), "{message}");
    assert_eq!(body["errors"][0]["locations"][0]["line"], 1);
}

#[tokio::test]
async fn an_operation_that_is_not_there_is_a_bad_request() {
    for name in ["B", ""] {
        let request = json!({ "query": "query A { __typename }", "operationName": name });
        let (status, body) = post_json(&request).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{name}");
        assert_eq!(codes(&body), ["BAD_REQUEST"], "{name}");
    }
}

#[tokio::test]
async fn values_that_do_not_fit_are_bad_user_input() {
    let small = "query Q($n: Int!) { small(number: $n) }";
    let greet = "query Q($g: Guest!) { greet(guest: $g) }";
    for (query, variables) in [
        (small, json!({})),
        (small, json!({ "n": null })),
        (small, json!({ "n": "one" })),
        (greet, json!({ "g": { "name": "Ada" } })),
        (
            greet,
            json!({ "g": { "name": "Ada", "age": 36, "more": 1 } }),
        ),
        ("{ small(number: \"one\") }", json!({})),
    ] {
        let (status, body) = post_json(&json!({ "query": query, "variables": variables })).await;
        assert_eq!(
            status,
            StatusCode::BAD_REQUEST,
            "{query} {variables} {body}"
        );
        assert_eq!(
            codes(&body),
            ["BAD_USER_INPUT"],
            "{query} {variables} {body}"
        );
        assert!(body.get("data").is_none(), "{query} {variables} {body}");
    }
}

#[tokio::test]
async fn a_value_out_of_bounds_is_bad_user_input_of_its_field() {
    let (status, body) = post("{ small(number: 11) }").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(codes(&body), ["BAD_USER_INPUT"]);
    assert_eq!(body["errors"][0]["path"], json!(["small"]));
    assert!(
        body["errors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("11"),
        "{body}"
    );
}

#[tokio::test]
async fn faults_are_masked() {
    for field in ["fails", "faults", "foreignCode"] {
        let (status, body) = post(&format!("{{ {field} }}")).await;
        assert_eq!(status, StatusCode::OK, "{field}");
        assert_eq!(codes(&body), ["INTERNAL"], "{field}");
        assert_eq!(body["errors"][0]["message"], "internal error", "{field}");
        assert_eq!(body["errors"][0]["path"], json!([field]));
        assert!(!body.to_string().contains("hunter2"), "{body}");
        assert_eq!(
            body.get("data"),
            Some(&json!(null)),
            "executed, so there is data"
        );
    }
}

#[tokio::test]
async fn a_panic_ends_one_request_and_not_the_process() {
    let client = toy::client();
    for (method_path, body) in [
        ("/graphql", json!({ "query": "{ panics }" })),
        ("/broken", json!({})),
    ] {
        let response = client.post(method_path).body_json(&body).send().await;
        let (status, body) = taken_apart(response).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(codes(&body), ["INTERNAL"]);
        assert!(!body.to_string().contains("hunter2"), "{body}");
    }
    let after = client
        .post("/graphql")
        .body_json(&json!({ "query": "{ node { id } }" }))
        .send()
        .await;
    after.assert_status_is_ok();
}

#[tokio::test]
async fn strangers_are_given_no_hints_at_names() {
    for query in ["{ nod { id } }", "{ echo(txt: 1, text: \"\") }"] {
        let (_, stranger) = post(query).await;
        let (_, known) = post_as_ada(query).await;
        assert!(!stranger.to_string().contains("Did you mean"), "{stranger}");
        assert!(known.to_string().contains("Did you mean"), "{known}");
    }
}

#[tokio::test]
async fn an_answer_lists_ten_errors_and_says_how_many_more() {
    let (status, body) = post("{ nodes(count: 25) { withheld } }").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(codes(&body), ["FORBIDDEN"; 10]);
    assert_eq!(body["extensions"]["errorsOmitted"], 15);
    assert_eq!(body["data"]["nodes"].as_array().map(Vec::len), Some(25));

    let unknown = (0..20)
        .map(|n| format!("unknown{n}"))
        .collect::<Vec<_>>()
        .join(" ");
    let (_, body) = post(&format!("{{ {unknown} }}")).await;
    assert_eq!(codes(&body).len(), 10);
}
