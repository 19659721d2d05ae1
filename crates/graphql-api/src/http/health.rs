//! Whether the process lives, and whether it can answer: for whoever starts, stops and balances it.

use std::sync::Arc;

use poem::http::{Method, StatusCode, header};
use poem::{Endpoint, Request, Response, Result};

use super::{Host, NotReady, Service};

/// Answers as long as anything answers.
pub(super) struct Live;

impl Endpoint for Live {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        Ok(match refused_method(&request) {
            Some(refusal) => refusal,
            None => plain(StatusCode::NO_CONTENT, ""),
        })
    }
}

/// Answers whether requests can be.
pub(super) struct Ready<E, H> {
    service: Arc<Service<E, H>>,
}

impl<E, H> Ready<E, H> {
    pub(super) fn new(service: Arc<Service<E, H>>) -> Self {
        Self { service }
    }
}

impl<E: Send + Sync, H: Host> Endpoint for Ready<E, H> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        if let Some(refusal) = refused_method(&request) {
            return Ok(refusal);
        }
        Ok(match self.service.host.ready().await {
            Ok(()) => plain(StatusCode::OK, "ready\n"),
            Err(NotReady(reason)) => plain(
                StatusCode::SERVICE_UNAVAILABLE,
                format!("not ready: {reason}\n"),
            ),
        })
    }
}

fn refused_method(request: &Request) -> Option<Response> {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "only GET\n");
    response
        .headers_mut()
        .insert(header::ALLOW, header::HeaderValue::from_static("GET, HEAD"));
    Some(response)
}

fn plain(status: StatusCode, text: impl Into<String>) -> Response {
    let response = Response::builder()
        .status(status)
        .header(header::CACHE_CONTROL, "no-store");
    let text = text.into();
    if text.is_empty() {
        return response.finish();
    }
    response
        .content_type("text/plain; charset=utf-8")
        .body(text)
}
