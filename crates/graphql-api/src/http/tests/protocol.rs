//! Methods, media types, sizes, credentials and headers.

use poem::http::{Method, StatusCode};
use serde_json::json;

use super::toy::{self, codes, taken_apart};
use crate::http::{Caps, Limits};

const QUERY: &str = "{ node { id } }";

#[tokio::test]
async fn a_mutation_is_not_run_by_get() {
    let response = toy::client()
        .get("/graphql")
        .query("query", &"mutation { touch }")
        .send()
        .await;
    response.assert_header("allow", "POST");
    let (status, body) = taken_apart(response).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(codes(&body), ["BAD_REQUEST"]);
    assert!(body.get("data").is_none());
}

#[tokio::test]
async fn what_a_foreign_page_can_send_unasked_is_not_read() {
    let client = toy::client();
    let body = json!({ "query": "mutation { touch }" }).to_string();
    for content_type in [
        "text/plain",
        "text/plain; application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/graphql",
    ] {
        let request = client
            .post("/graphql")
            .content_type(content_type)
            .body(body.clone());
        let (status, answer) = taken_apart(request.send().await).await;
        assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{content_type}");
        assert_eq!(codes(&answer), ["BAD_REQUEST"], "{content_type}");
    }
    let zipped = client.post("/graphql").header("content-encoding", "gzip");
    let response = zipped
        .content_type("application/json")
        .body(body)
        .send()
        .await;
    response.assert_status(StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn batches_are_refused() {
    let one = json!({ "query": QUERY });
    for batch in [json!([one, one]), json!([]), json!([QUERY])] {
        let (status, body) = toy::post_json(&batch).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{batch}");
        assert!(
            body["errors"][0]["message"]
                .as_str()
                .unwrap()
                .contains("array"),
            "{body}"
        );
    }
}

#[tokio::test]
async fn other_methods_are_told_which_to_use() {
    let client = toy::client();
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::TRACE] {
        let response = client
            .request(method, "/graphql")
            .body_json(&json!({ "query": QUERY }))
            .send()
            .await;
        response.assert_header("allow", "GET, HEAD, POST, OPTIONS");
        let (status, body) = taken_apart(response).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(codes(&body), ["BAD_REQUEST"]);
    }
    let options = client
        .request(Method::OPTIONS, "/graphql")
        .header("origin", "https://evil.example");
    let options = options
        .header("access-control-request-method", "POST")
        .send()
        .await;
    options.assert_status(StatusCode::NO_CONTENT);
    options.assert_header("allow", "GET, HEAD, POST, OPTIONS");
    options.assert_header_is_not_exist("access-control-allow-origin");
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let client = toy::client();
    let response = client
        .request(Method::HEAD, "/graphql")
        .query("query", &QUERY)
        .send()
        .await;
    response.assert_status_is_ok();
    response.assert_content_type("application/json; charset=utf-8");
    response.assert_text("").await;
}

#[tokio::test]
async fn who_accepts_nothing_we_have_is_told() {
    let client = toy::client();
    let request = client.post("/graphql").header("accept", "text/html");
    let (status, body) =
        taken_apart(request.body_json(&json!({ "query": QUERY })).send().await).await;
    assert_eq!(status, StatusCode::NOT_ACCEPTABLE);
    assert_eq!(codes(&body), ["BAD_REQUEST"]);
}

#[tokio::test]
async fn a_body_is_read_no_further_than_the_cap_of_the_caller() {
    let client = toy::client();
    let body =
        json!({ "query": QUERY, "extensions": { "padding": "x".repeat(150_000) } }).to_string();
    let post = || {
        client
            .post("/graphql")
            .content_type("application/json")
            .body(body.clone())
    };

    let (status, answer) = taken_apart(post().send().await).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(codes(&answer), ["QUERY_TOO_COMPLEX"]);
    post()
        .header("content-length", "1")
        .send()
        .await
        .assert_status(StatusCode::PAYLOAD_TOO_LARGE);
    post()
        .header("authorization", "Bearer ada")
        .send()
        .await
        .assert_status_is_ok();

    let said = client.post("/graphql").content_type("application/json");
    let said = said
        .header("content-length", "5000000")
        .header("authorization", "Bearer ada");
    said.body("{}")
        .send()
        .await
        .assert_status(StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_credential_that_is_none_is_never_taken_for_a_stranger() {
    let client = toy::client();
    for credential in [
        "Bearer unknown",
        "Bearer",
        "Bearer two words",
        "Basic YTpi",
        "ada",
    ] {
        let request = client.post("/graphql").header("authorization", credential);
        let response = request.body_json(&json!({ "query": QUERY })).send().await;
        response.assert_header("www-authenticate", "Bearer error=\"invalid_token\"");
        let (status, body) = taken_apart(response).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{credential}");
        assert_eq!(codes(&body), ["UNAUTHENTICATED"], "{credential}");
        assert!(
            !body.to_string().contains("unknown"),
            "the token is not repeated"
        );
    }
}

#[tokio::test]
async fn a_fault_in_finding_the_caller_is_ours() {
    let client = toy::client();
    let request = client
        .post("/graphql")
        .header("authorization", "Bearer broken");
    let (status, body) =
        taken_apart(request.body_json(&json!({ "query": QUERY })).send().await).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(body["errors"][0]["message"], "internal error");
    assert!(!body.to_string().contains("database"));
}

#[tokio::test]
async fn resolvers_know_the_caller_the_languages_and_the_request() {
    let client = toy::client();
    let request = client
        .post("/graphql")
        .header("authorization", "Bearer ada");
    let request = request.header("accept-language", "fr;q=0.3, de-CH, en;q=0.8");
    let request = request.header("x-request-id", "from-the-client_1.2");
    let response = request
        .body_json(&json!({ "query": "{ seen { caller languages requestId } }" }))
        .send()
        .await;
    response.assert_header("x-request-id", "from-the-client_1.2");
    let (_, body) = taken_apart(response).await;
    assert_eq!(
        body["data"]["seen"],
        json!({ "caller": "Ada", "languages": ["de-ch", "en", "fr"], "requestId": "from-the-client_1.2" })
    );
}

#[tokio::test]
async fn a_request_id_not_fit_for_a_log_is_replaced() {
    let client = toy::client();
    let long = "x".repeat(65);
    for id in ["", "two words", "a\"b", "<script>", long.as_str()] {
        let response = client
            .get("/health/live")
            .header("x-request-id", id)
            .send()
            .await;
        response.assert_header("x-request-id", "made-here");
    }
}

#[tokio::test]
async fn answers_carry_the_headers_that_keep_them_apart() {
    let response = toy::client()
        .post("/graphql")
        .body_json(&json!({ "query": QUERY }))
        .send()
        .await;
    response.assert_header("vary", "Accept, Accept-Language, Authorization");
    response.assert_header("cache-control", "no-store");
    response.assert_header("x-content-type-options", "nosniff");
    response
        .assert_json(json!({ "data": { "node": { "id": 1 } } }))
        .await;
}

#[tokio::test]
async fn parameters_of_a_get_are_read_as_strictly_as_a_body() {
    let client = toy::client();
    for (query, expected) in [
        ("query=%7B__typename%7D&variables=&operationName=", 200),
        (
            "query=%7B__typename%7D&variables=null&extensions=%7B%7D",
            200,
        ),
        ("query=%7B__typename%7D&variables=%5B%5D", 400),
        ("query=%7B__typename%7D&variables=x", 400),
        ("query=%7B__typename%7D&query=%7B__typename%7D", 400),
        ("", 400),
    ] {
        // An empty operationName names an operation, which is not there.
        let query = query.replace("&operationName=", "");
        let response = client.get(format!("/graphql?{query}")).send().await;
        let (status, body) = taken_apart(response).await;
        assert_eq!(status.as_u16(), expected, "{query} {body}");
    }
}

#[tokio::test]
async fn health_tells_life_from_readiness() {
    let up = toy::client();
    up.get("/health/live")
        .send()
        .await
        .assert_status(StatusCode::NO_CONTENT);
    let ready = up.get("/health/ready").send().await;
    ready.assert_status_is_ok();
    ready.assert_header("cache-control", "no-store");
    let posted = up.post("/health/ready").send().await;
    posted.assert_status(StatusCode::METHOD_NOT_ALLOWED);
    posted.assert_header("allow", "GET, HEAD");

    let down = toy::client_with(false, Limits::default());
    down.get("/health/live")
        .send()
        .await
        .assert_status(StatusCode::NO_CONTENT);
    let unready = down.get("/health/ready").send().await;
    unready.assert_status(StatusCode::SERVICE_UNAVAILABLE);
    unready.assert_text("not ready: shutting down\n").await;
}

#[tokio::test]
async fn an_address_with_nothing_at_it_has_an_answer_in_the_same_form() {
    let (status, body) = taken_apart(toy::client().get("/nowhere").send().await).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(codes(&body), ["NOT_FOUND"]);
}

#[tokio::test]
async fn caps_are_of_the_service() {
    let tight = Caps {
        depth: 1,
        ..Caps::ANONYMOUS
    };
    let client = toy::client_with(
        true,
        Limits {
            anonymous: tight,
            ..Limits::default()
        },
    );
    let (_, body) = taken_apart(
        client
            .post("/graphql")
            .body_json(&json!({ "query": QUERY }))
            .send()
            .await,
    )
    .await;
    assert_eq!(codes(&body), ["QUERY_TOO_COMPLEX"]);
}
