//! The outermost layer: every request gets an id, a span and one line in the log, every answer the
//! id and the headers that hold for all of them, and nothing that breaks inside gets further than
//! this.

use std::sync::Arc;
use std::time::Instant;

use async_graphql::parser::types::OperationType;
use poem::error::NotFoundError;
use poem::http::header::{self, HeaderMap, HeaderValue};
use poem::http::{Method, StatusCode};
use poem::{Endpoint, IntoResponse, PathPattern, Request, Response, Result};
use tracing::Instrument as _;

use super::error::{Code, refusal, set_extension};
use super::panics::{Panicked, caught};
use super::{Host, Service};

const X_REQUEST_ID: &str = "x-request-id";

/// The id of a request: what the client calls it, or what we call it. In the data of every GraphQL
/// request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(pub Arc<str>);

impl RequestId {
    /// The id that came with the request, if it is fit for a log and a header.
    fn given(headers: &HeaderMap) -> Option<Self> {
        let id = headers.get(X_REQUEST_ID)?.to_str().ok()?;
        let is_fit = (1..=64).contains(&id.len())
            && id
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.=".contains(&byte));
        is_fit.then(|| Self(id.into()))
    }
}

/// After how many seconds a request that was refused may come again. In the data of the error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RetryAfter(pub(crate) u64);

/// What the log line tells of a GraphQL request, laid into the answer by whoever made it.
#[derive(Clone, Debug, Default)]
pub(super) struct Report {
    pub(super) operation_name: Option<String>,
    pub(super) operation_kind: Option<OperationType>,
    pub(super) codes: Vec<Code>,
}

/// The layer around all routes.
pub(super) struct Edge<I, E, H> {
    inner: I,
    service: Arc<Service<E, H>>,
}

impl<I, E, H> Edge<I, E, H> {
    pub(super) fn new(inner: I, service: Arc<Service<E, H>>) -> Self {
        Self { inner, service }
    }
}

impl<I: Endpoint, E: Send + Sync, H: Host> Endpoint for Edge<I, E, H> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let id = RequestId::given(request.headers())
            .unwrap_or_else(|| RequestId(self.service.host.request_id().into()));
        let span = tracing::info_span!("request", request.id = &*id.0);
        let method = known_method(request.method());
        let began = Instant::now();
        request.set_data(id.clone());

        let outcome = caught(self.inner.call(request))
            .instrument(span.clone())
            .await;

        let _entered = span.enter();
        let mut response = match outcome {
            Ok(Ok(response)) => response.into_response(),
            Ok(Err(error)) => from_error(&error, &id),
            Err(Panicked(said)) => {
                tracing::error!(
                    request.id = &*id.0,
                    error.message = said,
                    "a request panicked"
                );
                answer(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    Code::Internal,
                    "internal error",
                    &id,
                )
            }
        };
        if method == "HEAD" {
            response.take_body();
        }
        set_common_headers(response.headers_mut(), &id);
        log(method, &response, began, &id);
        Ok(response)
    }
}

/// The line says what was asked for in kind and how it went. It has no words of the client but the
/// name of the operation, no address and no credential, and of the path only the route: the path
/// itself may hold a secret link.
fn log(method: &str, response: &Response, began: Instant, id: &RequestId) {
    let route = response
        .data::<PathPattern>()
        .map_or("-", |pattern| &*pattern.0);
    let status = response.status();
    let duration_ms = began.elapsed().as_secs_f64() * 1_000.0;
    let report = response.data::<Report>().cloned().unwrap_or_default();
    let operation_kind = report.operation_kind.map(|kind| match kind {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    });
    let codes: Vec<_> = report.codes.iter().map(|code| code.as_str()).collect();
    let codes = (!codes.is_empty()).then(|| codes.join(" "));

    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                request.id = &*id.0,
                http.method = method,
                http.route = route,
                http.status = status.as_u16(),
                graphql.operation.name = report.operation_name,
                graphql.operation.type = operation_kind,
                error.codes = codes,
                duration_ms,
                "{method} {route} {}",
                status.as_u16()
            )
        };
    }
    // A probe every second would bury everything else.
    if route.starts_with("/health/") && status.is_success() {
        line!(debug);
    } else {
        line!(info);
    }
}

/// A method is a word of the client's as well.
fn known_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

/// What the router or a page refused, in the form of every other refusal.
fn from_error(error: &poem::Error, id: &RequestId) -> Response {
    let pattern = error.data::<PathPattern>().cloned();
    let status = error.status();
    let (code, said) = match status {
        StatusCode::NOT_FOUND if error.is::<NotFoundError>() => (
            Code::NotFound,
            "there is nothing at this address".to_owned(),
        ),
        StatusCode::NOT_FOUND => (Code::NotFound, error.to_string()),
        StatusCode::UNAUTHORIZED => (Code::Unauthenticated, error.to_string()),
        StatusCode::FORBIDDEN => (Code::Forbidden, error.to_string()),
        StatusCode::TOO_MANY_REQUESTS => (Code::RateLimited, error.to_string()),
        StatusCode::UNPROCESSABLE_ENTITY => (Code::BadUserInput, error.to_string()),
        _ if status.is_server_error() => {
            tracing::error!(
                request.id = &*id.0,
                error.message = error.to_string(),
                "a page failed"
            );
            (Code::Internal, "internal error".to_owned())
        }
        _ => (Code::BadRequest, error.to_string()),
    };
    let mut response = answer(status, code, &said, id);
    let headers = response.headers_mut();
    if status == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    if let Some(RetryAfter(seconds)) = error.data::<RetryAfter>() {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    if let Some(pattern) = pattern {
        response.set_data(pattern);
    }
    response
}

fn answer(status: StatusCode, code: Code, said: &str, id: &RequestId) -> Response {
    let mut error = refusal(code, said);
    set_extension(&mut error, "requestId", &*id.0);
    let body = serde_json::json!({ "errors": [error] }).to_string();
    let mut response = Response::builder()
        .status(status)
        .header(header::CACHE_CONTROL, "no-store")
        .content_type("application/json; charset=utf-8")
        .body(body);
    response.set_data(Report {
        codes: vec![code],
        ..Report::default()
    });
    response
}

fn set_common_headers(headers: &mut HeaderMap, id: &RequestId) {
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    // An id that the host made of other characters than it promised is left out, not fatal.
    if let Ok(id) = HeaderValue::from_str(&id.0) {
        headers.insert(X_REQUEST_ID, id);
    }
}
