//! GraphQL over HTTP, by the specification of that name.
//!
//! Two kinds of refusal. What is wrong with the HTTP request (method, media type, size, credentials,
//! not JSON) has its status whatever the client accepts. What is wrong with the GraphQL document in
//! it is 400 for clients that accept `application/graphql-response+json`, and 200 for those that only
//! know `application/json`, where a status from in between could not be told from this one.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use async_graphql::{Executor, Response as Answer, ServerError, Value};
use poem::error::ReadBodyError;
use poem::http::header::{self, HeaderValue};
use poem::http::{Method, StatusCode};
use poem::{Body, Endpoint, Request, Response, Result};
use serde::Serialize;

use super::edge::{Report, RequestId};
use super::error::{Code, Reader, chain, is_refused, refusal, seal};
use super::headers::{AcceptLanguage, Malformed, Media, bearer, has_json_body};
use super::limits::{Admitted, Budget, admit};
use super::panics::{Panicked, caught};
use super::{Caller, CallerError, Host, Service, parameters};

const METHODS: &str = "GET, HEAD, POST, OPTIONS";

/// The endpoint at `/graphql`.
pub(super) struct GraphQl<E, H> {
    service: Arc<Service<E, H>>,
}

impl<E, H> GraphQl<E, H> {
    pub(super) fn new(service: Arc<Service<E, H>>) -> Self {
        Self { service }
    }
}

impl<E: Executor, H: Host> Endpoint for GraphQl<E, H> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        if request.method() == Method::OPTIONS {
            // No word about other origins: their scripts are not let in.
            return Ok(Response::builder()
                .status(StatusCode::NO_CONTENT)
                .header(header::ALLOW, METHODS)
                .finish());
        }

        let mut state = State {
            id: match request.data::<RequestId>() {
                Some(id) => id.clone(),
                None => RequestId(self.service.host.request_id().into()),
            },
            // Until the caller is known it is a stranger.
            anonymous: true,
            report: Report::default(),
        };
        let media = Media::negotiate(request.headers());
        let outcome = match media {
            Some(_) => self.answer(&mut request, &mut state).await,
            None => Err(Refusal::not_acceptable()),
        };
        Ok(self.render(outcome, media.unwrap_or(Media::Json), state))
    }
}

/// What is found out about a request on the way.
struct State {
    id: RequestId,
    anonymous: bool,
    report: Report,
}

/// A request that is not executed.
enum Refusal {
    /// Because of what it is as HTTP.
    Http {
        status: StatusCode,
        header: Option<(header::HeaderName, &'static str)>,
        error: ServerError,
    },
    /// Because of the GraphQL document in it.
    Document(Vec<ServerError>),
}

impl<E: Executor, H: Host> GraphQl<E, H> {
    async fn answer(&self, request: &mut Request, state: &mut State) -> Result<Answer, Refusal> {
        let posted = match *request.method() {
            Method::POST => true,
            Method::GET | Method::HEAD => false,
            _ => return Err(Refusal::method(METHODS, "GraphQL is asked by GET or POST")),
        };
        let caller = self.caller(request).await?;
        let caller = caller.calling_by(request);
        state.anonymous = caller.is_anonymous();

        let limits = &self.service.limits;
        let caps = if state.anonymous {
            &limits.anonymous
        } else {
            &limits.authenticated
        };
        let mut asked = if posted {
            let body = read_body(request, caps.body_bytes);
            let body = tokio::time::timeout(limits.body_within, body).await;
            let body = body.map_err(|_elapsed| Refusal::too_slow(limits.body_within))??;
            parameters::from_body(body.as_ref()).map_err(Refusal::bad_request)?
        } else {
            let pairs = request
                .params()
                .map_err(|error| Refusal::bad_request(error.to_string()))?;
            parameters::from_query(pairs).map_err(Refusal::bad_request)?
        };

        let Admitted { name, kind } = admit(&mut asked, caps).map_err(Refusal::Document)?;
        state.report.operation_name = name;
        state.report.operation_kind = Some(kind);
        match kind {
            OperationType::Query => {}
            OperationType::Mutation if posted => {}
            OperationType::Mutation => {
                return Err(Refusal::method("POST", "a mutation is sent by POST"));
            }
            OperationType::Subscription => {
                let said = "a subscription is not answered over plain HTTP";
                return Err(Refusal::Document(vec![refusal(Code::BadRequest, said)]));
            }
        }

        let budget = Budget::new(caps.things);
        let asked = asked
            .data(AcceptLanguage::of(request.headers()))
            .data(budget.clone())
            .data(state.id.clone());
        let asked = caller.attach(asked);
        let answer = caught(self.service.executor.execute(asked));
        let mut answer = tokio::time::timeout(limits.answer_within, answer)
            .await
            .map_err(|_elapsed| Refusal::takes_too_long(kind, limits.answer_within))?
            .map_err(|Panicked(said)| Refusal::internal(format!("a resolver panicked: {said}")))?;
        budget.told(kind, &mut answer.errors);
        Ok(answer)
    }

    async fn caller(&self, request: &Request) -> Result<H::Caller, Refusal> {
        let token = bearer(request.headers()).map_err(|Malformed| {
            Refusal::unauthenticated("the Authorization header holds no bearer token")
        })?;
        self.service
            .host
            .caller(token)
            .await
            .map_err(|error| match error {
                CallerError::Unauthenticated => Refusal::unauthenticated(error.to_string()),
                CallerError::Fault(_) => Refusal::internal(chain(&error)),
            })
    }

    fn render(&self, outcome: Result<Answer, Refusal>, media: Media, state: State) -> Response {
        let mut fixed_status = None;
        let mut extra_header = None;
        let mut answer = match outcome {
            Ok(answer) => answer,
            Err(Refusal::Document(errors)) => Answer::from_errors(errors),
            Err(Refusal::Http {
                status,
                header,
                error,
            }) => {
                fixed_status = Some(status);
                extra_header = header;
                Answer::from_errors(vec![error])
            }
        };

        let refused = is_refused(&answer);
        let reader = Reader {
            request_id: &state.id.0,
            anonymous: state.anonymous,
            errors: self.service.limits.errors,
        };
        let codes = seal(&mut answer, reader);
        let status = fixed_status.unwrap_or_else(|| match (media, codes.first()) {
            (Media::GraphqlResponse, Some(code)) if refused => code.status(),
            _ => StatusCode::OK,
        });

        let mut response = Response::builder()
            .status(status)
            .header(header::CACHE_CONTROL, "no-store")
            .header(header::VARY, "Accept, Accept-Language, Authorization")
            .content_type(media.content_type())
            .body(written(&answer, refused));
        let headers = response.headers_mut();
        headers.extend(std::mem::take(&mut answer.http_headers));
        if let Some((name, value)) = extra_header {
            headers.insert(name, HeaderValue::from_static(value));
        }
        response.set_data(Report {
            codes,
            ..state.report
        });
        response
    }
}

impl Refusal {
    fn http(status: StatusCode, code: Code, message: impl Into<String>) -> Self {
        Self::Http {
            status,
            header: None,
            error: refusal(code, message),
        }
    }

    fn bad_request(message: impl Into<String>) -> Self {
        Self::http(StatusCode::BAD_REQUEST, Code::BadRequest, message)
    }

    fn internal(message: impl Into<String>) -> Self {
        Self::http(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, message)
    }

    fn method(allow: &'static str, message: &str) -> Self {
        Self::Http {
            status: StatusCode::METHOD_NOT_ALLOWED,
            header: Some((header::ALLOW, allow)),
            error: refusal(Code::BadRequest, message),
        }
    }

    fn unauthenticated(message: impl Into<String>) -> Self {
        Self::Http {
            status: StatusCode::UNAUTHORIZED,
            header: Some((header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")),
            error: refusal(Code::Unauthenticated, message),
        }
    }

    fn not_acceptable() -> Self {
        let said = "answers are application/graphql-response+json or application/json";
        Self::http(StatusCode::NOT_ACCEPTABLE, Code::BadRequest, said)
    }

    fn too_slow(within: Duration) -> Self {
        let said = format!("the body took longer than {} s to arrive", within.as_secs());
        Self::http(StatusCode::REQUEST_TIMEOUT, Code::BadRequest, said)
    }

    /// The answer was given up. What a mutation had committed by then stands.
    fn takes_too_long(kind: OperationType, within: Duration) -> Self {
        let mut said = format!("the answer took longer than {} s", within.as_secs());
        if kind == OperationType::Mutation {
            said.push_str("; what was to be changed may be changed or not: look before you repeat");
        }
        Self::Document(vec![refusal(Code::QueryTooComplex, said)])
    }

    fn too_large(cap: usize) -> Self {
        let said = format!("the body is larger than {cap} bytes");
        Self::http(StatusCode::PAYLOAD_TOO_LARGE, Code::QueryTooComplex, said)
    }
}

/// The body, as long as it is JSON and no longer than it may be, whatever its length is said to be.
async fn read_body(request: &mut Request, cap: usize) -> Result<impl AsRef<[u8]> + use<>, Refusal> {
    if !has_json_body(request.headers()) {
        let said = "a body is application/json in UTF-8, and not compressed";
        return Err(Refusal::http(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Code::BadRequest,
            said,
        ));
    }
    let length = request
        .header(header::CONTENT_LENGTH)
        .map(str::parse::<usize>);
    if length.is_some_and(|length| length.is_ok_and(|length| length > cap)) {
        return Err(Refusal::too_large(cap));
    }
    request
        .take_body()
        .into_bytes_limit(cap)
        .await
        .map_err(|error| match error {
            ReadBodyError::PayloadTooLarge => Refusal::too_large(cap),
            ReadBodyError::BodyHasBeenTaken | ReadBodyError::Utf8(_) | ReadBodyError::Io(_) => {
                Refusal::bad_request("the body could not be read to its end")
            }
        })
}

/// An answer as the specification has it: errors first, and no `data` where nothing was executed.
fn written(answer: &Answer, refused: bool) -> Body {
    #[derive(Serialize)]
    struct Wire<'a> {
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        errors: &'a [ServerError],
        #[serde(skip_serializing_if = "Option::is_none")]
        data: Option<&'a Value>,
        #[serde(skip_serializing_if = "Option::is_none")]
        extensions: Option<&'a std::collections::BTreeMap<String, Value>>,
    }
    let wire = Wire {
        errors: &answer.errors,
        data: (!refused).then_some(&answer.data),
        extensions: (!answer.extensions.is_empty()).then_some(&answer.extensions),
    };
    // Writing such values fails only on a map whose keys are no strings, of which there are none.
    serde_json::to_vec(&wire).map_or_else(|_| Body::empty(), Body::from)
}
