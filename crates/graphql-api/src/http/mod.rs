//! The HTTP interface: GraphQL at `/graphql`, mail that is handed over at `/mail/inbound`, and whether the
//! service lives and is ready.
//!
//! It knows the protocol and the limits, and nothing of events: who calls and whether all is well it
//! asks its [`Host`], what a field is worth it asks the executor.

mod disposition;
mod edge;
pub mod error;
pub mod graphiql;
mod graphql;
mod headers;
mod health;
pub mod inbound;
mod lexer;
pub mod limits;
mod measure;
mod panics;
mod parameters;
mod representation;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::future::Future;
use std::sync::Arc;

use async_graphql::{Executor, Request};
use poem::{Endpoint, Response, Route};

pub(crate) use disposition::{Shown, disposition, file_name};
pub use edge::RequestId;
pub(crate) use edge::RetryAfter;
pub use headers::AcceptLanguage;
pub(crate) use headers::{bearer, wants_json};
pub use limits::{Caps, Limits};
pub(crate) use representation::{Representation, insert, is_known};

/// What is served.
#[derive(Clone, Debug)]
pub struct Service<E, H> {
    /// The schema.
    pub executor: E,
    /// The rest of the program.
    pub host: H,
    pub limits: Limits,
}

/// What the HTTP interface asks of the rest of the program.
pub trait Host: Send + Sync + 'static {
    /// Who sends requests.
    type Caller: Caller;

    /// The caller to whom a bearer token belongs; a stranger, if there is none.
    fn caller(
        &self,
        token: Option<&str>,
    ) -> impl Future<Output = Result<Self::Caller, CallerError>> + Send;

    /// Whether requests can be answered now. Not while starting, and not while shutting down.
    fn ready(&self) -> impl Future<Output = Result<(), NotReady>> + Send;

    /// A new id for a request that has none: letters, digits and hyphens.
    fn request_id(&self) -> String;

    /// What mail that is handed over is signed with, and what time it is; nothing, where none is taken so.
    fn inbound(&self) -> Option<inbound::Gate> {
        None
    }

    /// Takes a mail that was handed over and is signed.
    fn take_mail(
        &self,
        mail: inbound::HandedMail,
    ) -> impl Future<Output = Result<inbound::TakenMail, inbound::NotTaken>> + Send {
        drop(mail);
        std::future::ready(Err(inbound::NotTaken("no mail is taken here".into())))
    }
}

/// Who sends a request.
pub trait Caller: Send + Sync + Sized + 'static {
    /// Whether this is a stranger, for whom the lower limits hold.
    fn is_anonymous(&self) -> bool;

    /// The same, when the request is at hand: it says from where it comes.
    #[must_use]
    fn calling_by(self, request: &poem::Request) -> Self {
        let _ = request;
        self
    }

    /// Makes the caller known to the resolvers, along with whatever else belongs to one request
    /// alone, such as its data loaders.
    fn attach(self, request: Request) -> Request {
        request.data(self)
    }
}

/// Why there is no caller.
#[derive(Debug, thiserror::Error)]
pub enum CallerError {
    /// The token is unknown, expired or revoked: which of these is nobody's business.
    #[error("the access token is not valid")]
    Unauthenticated,
    /// We could not find out.
    #[error("could not find out who calls")]
    Fault(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why no requests can be answered now, in words for an operator. They are shown to anybody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotReady(pub Cow<'static, str>);

/// All routes: GraphQL and health, and the pages `beside` them, which get request ids, log lines and
/// security headers in the same way.
pub fn routes<E: Executor, H: Host>(
    service: Service<E, H>,
    beside: Route,
) -> impl Endpoint<Output = Response> {
    let service = Arc::new(service);
    let routes = beside
        .at("/graphql", graphql::GraphQl::new(Arc::clone(&service)))
        .at("/mail/inbound", inbound::Inbound::new(Arc::clone(&service)))
        .at("/health/live", health::Live)
        .at("/health/ready", health::Ready::new(Arc::clone(&service)));
    edge::Edge::new(routes, service)
}
