//! The audits of the npm package `graphql-http`, by their ids, as a table. `checks/http-audit.mjs`
//! runs the originals against a server.

use poem::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::toy;

const JSON: &str = "application/json";
const GRAPHQL: &str = "application/graphql-response+json";

struct Audit {
    id: &'static str,
    accept: Option<&'static str>,
    content_type: Option<&'static str>,
    body: String,
    expected: Expected,
}

enum Expected {
    /// This status.
    Status(u16),
    /// 200 and no errors.
    Fine,
    /// 200 in this media type.
    Media(&'static str),
    /// 400 and no `data`.
    NoData,
}

fn audit(
    id: &'static str,
    accept: Option<&'static str>,
    body: &Value,
    expected: Expected,
) -> Audit {
    Audit {
        id,
        accept,
        content_type: Some(JSON),
        body: body.to_string(),
        expected,
    }
}

fn audits() -> Vec<Audit> {
    use Expected::{Fine, Media, NoData, Status};
    let typename = json!({ "query": "{ __typename }" });
    let with = |name: &str, value: Value| {
        let mut body = json!({ "query": "{ __typename }" });
        body[name] = value;
        body
    };
    let named = json!({ "query": "query Query { __typename }", "operationName": "Query" });
    let by_variable = json!({
        "query": "query Type($name: String!) { __type(name: $name) { name } }",
        "variables": { "name": "sometype" },
    });
    let unparsable = json!({ "query": "{" });
    let invalid = json!({ "query": "{ 8f31403dfe404bccbb0e835f2629c6a7 }" });
    let uncoercible = json!({
        "query": "query CoerceFailure($id: ID!){ __typename }",
        "variables": { "id": null },
    });
    let typo = json!({ "qeury": "{ __typename }" });
    let emoji = json!({ "query": "{ __type(name: \"Run🏃Swim🏊\") { name } }" });
    let not_json = |id, accept, expected| Audit {
        id,
        accept: Some(accept),
        content_type: Some(JSON),
        body: "{ \"not a JSON".to_owned(),
        expected,
    };

    let mut audits = vec![
        audit("22EB", Some(GRAPHQL), &typename, Media(GRAPHQL)),
        audit("4655", Some(JSON), &typename, Media(JSON)),
        audit("47DE", Some("*/*"), &typename, Media(JSON)),
        audit("80D8 82A3 78D5 2C94 03D4", None, &typename, Media(JSON)),
        Audit {
            content_type: Some("application/json; charset=utf-8"),
            ..audit("BF61", None, &emoji, Fine)
        },
        Audit {
            content_type: None,
            ..audit("9ABE", None, &typename, Status(415))
        },
        Audit {
            body: String::new(),
            ..audit("A5BF", None, &typename, Status(400))
        },
        audit(
            "423L",
            Some(GRAPHQL),
            &json!({ "notquery": "{ __typename }" }),
            Status(400),
        ),
        audit("34A2", Some(GRAPHQL), &typename, Fine),
        audit("13EE", Some(JSON), &typename, Fine),
        audit("8161", Some(GRAPHQL), &named, Fine),
        audit("B8B3", Some(JSON), &named, Fine),
        audit("2EA1", Some(GRAPHQL), &by_variable, Fine),
        audit("28B9", Some(JSON), &by_variable, Fine),
        audit(
            "428F",
            Some(GRAPHQL),
            &with("extensions", json!({ "some": "value" })),
            Fine,
        ),
        audit(
            "1B7A",
            Some(JSON),
            &with("extensions", json!({ "some": "value" })),
            Fine,
        ),
        not_json("B6DC BCF8", JSON, Status(400)),
        not_json("B7N8", GRAPHQL, Status(400)),
        audit("8764 3E3A", None, &typo, Status(400)),
        audit("572B", Some(JSON), &unparsable, Status(200)),
        audit("FDE2", Some(JSON), &invalid, Status(200)),
        audit("7B9B", Some(JSON), &uncoercible, Status(200)),
        audit("865D 556A D586", Some(GRAPHQL), &unparsable, NoData),
        audit("51FE 74FF 5E5B", Some(GRAPHQL), &invalid, NoData),
        audit("86EE", Some(GRAPHQL), &uncoercible, Status(400)),
    ];
    let string_members = [("LKJ", "query"), ("6C0", "operationName")];
    for (id, member) in string_members {
        for value in [
            json!({ "obj": "ect" }),
            json!(0),
            json!(false),
            json!(["array"]),
        ] {
            audits.push(audit(id, None, &with(member, value), Status(400)));
        }
    }
    for (id, member) in [("476", "variables"), ("58B", "extensions")] {
        for value in [json!("string"), json!(0), json!(false), json!(["array"])] {
            audits.push(audit(id, None, &with(member, value), Status(400)));
        }
    }
    for member in ["variables", "operationName", "extensions"] {
        audits.push(audit(
            "94B",
            Some(GRAPHQL),
            &with(member, Value::Null),
            Fine,
        ));
        audits.push(audit("022", Some(JSON), &with(member, Value::Null), Fine));
    }
    audits
}

#[tokio::test]
async fn posts_pass_the_audits() {
    let client = toy::client();
    for audit in audits() {
        let mut request = client.post("/graphql").body(audit.body.clone());
        if let Some(accept) = audit.accept {
            request = request.header("accept", accept);
        }
        if let Some(content_type) = audit.content_type {
            request = request.content_type(content_type);
        }
        let response = request.send().await;
        let content_type = response.0.content_type().unwrap_or_default().to_owned();
        let (status, body) = toy::taken_apart(response).await;
        let about = format!("{} {} -> {status} {body}", audit.id, audit.body);
        assert!(content_type.ends_with("; charset=utf-8"), "{about}");
        match audit.expected {
            Expected::Status(expected) => assert_eq!(status.as_u16(), expected, "{about}"),
            Expected::Fine => {
                assert_eq!(status, StatusCode::OK, "{about}");
                assert!(body.get("errors").is_none(), "{about}");
            }
            Expected::Media(media) => {
                assert_eq!(status, StatusCode::OK, "{about}");
                assert!(content_type.starts_with(media), "{about}: {content_type}");
            }
            Expected::NoData => {
                assert_eq!(status, StatusCode::BAD_REQUEST, "{about}");
                assert!(body.get("data").is_none(), "{about}");
            }
        }
    }
}

#[tokio::test]
async fn gets_pass_the_audits() {
    let client = toy::client();
    let typed = "query Type($name: String!) { __type(name: $name) { name } }";
    let variables = json!({ "name": "sometype" }).to_string();
    for (id, accept, query, variables, expected) in [
        ("5A70", None, "{ __typename }", None, 200),
        ("9C48", Some(GRAPHQL), "mutation { __typename }", None, 405),
        ("D6D5", Some(GRAPHQL), typed, Some(&variables), 200),
        ("6A70", Some(JSON), typed, Some(&variables), 200),
    ] {
        let mut request = client
            .request(Method::GET, "/graphql")
            .query("query", &query);
        if let Some(variables) = variables {
            request = request.query("variables", variables);
        }
        if let Some(accept) = accept {
            request = request.header("accept", accept);
        }
        let (status, body) = toy::taken_apart(request.send().await).await;
        assert_eq!(status.as_u16(), expected, "{id} {body}");
        assert_eq!(body.get("errors").is_some(), expected != 200, "{id} {body}");
    }
}
