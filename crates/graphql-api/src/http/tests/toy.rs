//! A small schema with everything in it that can go wrong, and a client for it.
#![expect(
    clippy::unused_async,
    reason = "resolvers are async whether they wait or not"
)]

use async_graphql::{
    Context, EmptySubscription, Error, InputObject, Object, Result, Schema, SimpleObject,
};
use poem::http::StatusCode;
use poem::test::{TestClient, TestResponse};
use poem::{Endpoint, Response, Route};
use serde_json::{Value, json};

use crate::http::error::{Code, coded, fault};
use crate::http::{
    AcceptLanguage, Caller, CallerError, Host, Limits, NotReady, RequestId, Service, routes,
};
use crate::list::List;

pub(super) struct Person(Option<String>);

impl Caller for Person {
    fn is_anonymous(&self) -> bool {
        self.0.is_none()
    }
}

#[derive(Clone, Copy)]
pub(super) struct House {
    pub(super) ready: bool,
}

impl Host for House {
    type Caller = Person;

    async fn caller(&self, token: Option<&str>) -> Result<Person, CallerError> {
        match token {
            None => Ok(Person(None)),
            Some("ada") => Ok(Person(Some("Ada".to_owned()))),
            Some("broken") => Err(CallerError::Fault("the database of tokens is gone".into())),
            Some(_) => Err(CallerError::Unauthenticated),
        }
    }

    async fn ready(&self) -> Result<(), NotReady> {
        if self.ready {
            Ok(())
        } else {
            Err(NotReady("shutting down".into()))
        }
    }

    fn request_id(&self) -> String {
        "made-here".to_owned()
    }
}

#[derive(InputObject)]
struct Guest {
    name: String,
    age: i32,
}

pub(super) struct Node;

#[Object]
impl Node {
    async fn id(&self) -> i32 {
        1
    }

    async fn name(&self) -> &str {
        "node"
    }

    async fn child(&self) -> Node {
        Node
    }

    async fn parent(&self) -> Option<Node> {
        Some(Node)
    }

    async fn children(&self) -> List<Node> {
        (0..50).map(|_| Node).collect()
    }

    /// As a nullable field must fail: null here and the error beside it.
    async fn withheld(&self, ctx: &Context<'_>) -> Option<String> {
        let error = coded(Code::Forbidden, "not for you").into_server_error(ctx.item.pos);
        ctx.add_error(ctx.set_error_path(error));
        None
    }

    /// As a field that is never null fails.
    async fn obligatory(&self) -> Result<String> {
        Err(coded(Code::NotFound, "there is none"))
    }
}

#[derive(SimpleObject)]
struct Seen {
    caller: Option<String>,
    languages: Vec<String>,
    request_id: String,
}

pub(super) struct Query;

#[Object]
impl Query {
    async fn node(&self) -> Node {
        Node
    }

    async fn perhaps(&self) -> Option<Node> {
        Some(Node)
    }

    async fn nodes(&self, count: usize) -> List<Option<Node>> {
        (0..count).map(|_| Some(Node)).collect()
    }

    async fn greet(&self, guest: Guest) -> String {
        format!("{} ({})", guest.name, guest.age)
    }

    async fn small(&self, #[graphql(validator(maximum = 10))] number: i32) -> i32 {
        number
    }

    async fn echo(&self, text: String) -> String {
        text
    }

    async fn seen(&self, ctx: &Context<'_>) -> Result<Seen> {
        Ok(Seen {
            caller: ctx.data::<Person>()?.0.clone(),
            languages: ctx.data::<AcceptLanguage>()?.0.clone(),
            request_id: ctx.data::<RequestId>()?.0.to_string(),
        })
    }

    async fn slow(&self) -> i32 {
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        2
    }

    async fn never(&self) -> i32 {
        std::future::pending().await
    }

    async fn fails(&self) -> Result<i32> {
        Err(Error::from(std::io::Error::other("password=hunter2")))
    }

    async fn faults(&self) -> Result<i32> {
        Err(fault(&std::io::Error::other("password=hunter2")))
    }

    async fn foreign_code(&self) -> Result<i32> {
        let mut error = Error::new("password=hunter2");
        error.extensions.get_or_insert_default().set("code", "ODD");
        Err(error)
    }

    async fn panics(&self, #[graphql(default = true)] really: bool) -> i32 {
        assert!(!really, "password=hunter2");
        0
    }
}

pub(super) struct Mutation;

#[Object]
impl Mutation {
    async fn touch(&self) -> i32 {
        1
    }
}

pub(super) fn schema() -> Schema<Query, Mutation, EmptySubscription> {
    Schema::new(Query, Mutation, EmptySubscription)
}

pub(super) fn client() -> TestClient<impl Endpoint<Output = Response>> {
    client_with(true, Limits::default())
}

pub(super) fn client_with(
    ready: bool,
    limits: Limits,
) -> TestClient<impl Endpoint<Output = Response>> {
    let service = Service {
        executor: schema(),
        host: House { ready },
        limits,
    };
    let beside = Route::new().at(
        "/broken",
        poem::endpoint::make_sync(|_| -> Response { panic!("password=hunter2") }),
    );
    TestClient::new(routes(service, beside))
}

/// Posts a document and takes the answer apart: accepts the newer media type, is a stranger.
pub(super) async fn post(query: &str) -> (StatusCode, Value) {
    post_json(&json!({ "query": query })).await
}

pub(super) async fn post_json(body: &Value) -> (StatusCode, Value) {
    let client = client();
    let accept = "application/graphql-response+json";
    let response = client
        .post("/graphql")
        .header("accept", accept)
        .body_json(body)
        .send()
        .await;
    taken_apart(response).await
}

/// The same as somebody we know.
pub(super) async fn post_as_ada(query: &str) -> (StatusCode, Value) {
    let client = client();
    let response = client
        .post("/graphql")
        .header("accept", "application/graphql-response+json")
        .header("authorization", "Bearer ada")
        .body_json(&json!({ "query": query }))
        .send()
        .await;
    taken_apart(response).await
}

/// The status and the JSON of an answer, every error of which must have its code and request id.
pub(super) async fn taken_apart(mut response: TestResponse) -> (StatusCode, Value) {
    let status = response.0.status();
    let text = response.0.take_body().into_string().await.unwrap();
    let body: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("not JSON: {text}"));
    let id = response
        .0
        .header("x-request-id")
        .expect("every answer has an id")
        .to_owned();
    for error in body["errors"].as_array().into_iter().flatten() {
        let code = error["extensions"]["code"].as_str().unwrap_or_default();
        assert!(
            Code::ALL.iter().any(|known| known.as_str() == code),
            "no code of ours: {error}"
        );
        assert_eq!(
            error["extensions"]["requestId"],
            json!(id),
            "no request id: {error}"
        );
    }
    (status, body)
}

/// The codes of the errors of an answer.
pub(super) fn codes(body: &Value) -> Vec<&str> {
    let errors = body["errors"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    errors
        .iter()
        .filter_map(|error| error["extensions"]["code"].as_str())
        .collect()
}
