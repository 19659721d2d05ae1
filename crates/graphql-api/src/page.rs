//! What people meet who have no client of the graph: the page on which they answer, the one on which they
//! say that they want no more mail, and the calendars that they subscribe to; the page on which anybody
//! asks what a letter or a certificate is worth, and the one of whoever was given it. And what is no graph:
//! documents, and the pictures on them.
//!
//! A page has no script and asks no other host for anything. To look at one changes nothing.

mod answer;
mod badge;
mod credential;
mod document;
mod feed;
mod html;
mod leave;
mod letterhead;
mod paper;
mod say;
mod verify;

use std::future::Future;
use std::sync::Arc;

use domain::Site;
use domain::access::{Actor, Denied};
use domain::id::{Id, Kind};
use persistence::{Fault, Store};
use poem::endpoint::make;
use poem::error::NotFoundError;
use poem::http::StatusCode;
use poem::http::header::HeaderMap;
use poem::{Endpoint, Request, Response, Result, Route, get};

use crate::badge::BadgeKeys;
use crate::http::bearer;
use crate::misses::Misses;

/// What the pages are made from.
#[derive(Debug, Clone)]
pub struct Pages {
    store: Store,
    site: Arc<Site>,
    misses: Arc<Misses>,
    keys: Option<Arc<BadgeKeys>>,
}

impl Pages {
    /// The pages of an installation that is reached at this address.
    pub fn new(store: Store, site: Site) -> Self {
        Self {
            store,
            site: Arc::new(site),
            misses: Arc::default(),
            keys: None,
        }
    }

    /// The same, where it is counted together with others who asks in vain.
    #[must_use]
    pub fn counting(self, misses: Arc<Misses>) -> Self {
        Self { misses, ..self }
    }

    /// The same, with keys that badges are signed by.
    #[must_use]
    pub fn signing_by(self, keys: Option<Arc<BadgeKeys>>) -> Self {
        Self { keys, ..self }
    }

    /// Puts the pages beside other routes.
    pub fn beside(&self, routes: Route) -> Route {
        routes
            .at(
                "/answer/:secret",
                get(self.on(answer::show)).post(self.on(answer::take)),
            )
            .at(
                "/leave/:secret",
                get(self.on(leave::show)).post(self.on(leave::take)),
            )
            .at("/.well-known/jwks.json", get(self.on(badge::keys)))
            .at("/badges/status/:workspace", get(self.on(badge::statuses)))
            .at("/badges/issuers/:workspace", get(self.on(badge::issuer)))
            .at("/credential/:secret/badge.jwt", get(self.on(badge::one)))
            .at("/calendar/:file", get(self.on(feed::personal)))
            .at("/events/:event", get(self.on(feed::event)))
            .at("/events/:event/rooms/:file", get(self.on(feed::room)))
            .at("/events/:event/tracks/:file", get(self.on(feed::track)))
            .at("/events/:event/items/:file", get(self.on(feed::item)))
            .at(
                "/verify",
                get(self.on(verify::ask)).post(self.on(verify::compare)),
            )
            .at("/verify/:code", get(self.on(verify::show)))
            .at(
                "/credential/:secret",
                get(self.on(credential::show)).post(self.on(credential::accept)),
            )
            .at("/documents/:file", get(self.on(document::one)))
            .at("/documents/event/:file", get(self.on(document::of_event)))
            .at(
                "/workspaces/:workspace/letterhead/:picture",
                get(self.on(letterhead::show))
                    .put(self.on(letterhead::set))
                    .delete(self.on(letterhead::take_off)),
            )
    }

    fn on<F>(&self, page: fn(Self, Request) -> F) -> impl Endpoint<Output = Response> + use<F>
    where
        F: Future<Output = Result<Response>> + Send + 'static,
    {
        let pages = self.clone();
        make(move |request| page(pages.clone(), request))
    }

    /// Who asks, by their token: as in the graph.
    async fn actor(&self, headers: &HeaderMap) -> Result<Actor> {
        let unauthenticated = |said: &str| problem(StatusCode::UNAUTHORIZED, said);
        let token = bearer(headers).map_err(|_malformed| {
            unauthenticated("the Authorization header holds no bearer token")
        })?;
        let Some(secret) = token else {
            return Ok(Actor::Anonymous);
        };
        let actor = self.store.authenticate(secret).await.map_err(failed)?;
        actor.ok_or_else(|| unauthenticated("the access token is not valid"))
    }
}

/// An id in a path; what is none names nothing.
fn named<K: Kind>(id: &str) -> Result<Id<K>> {
    Ok(id.parse().map_err(|_no_id| NotFoundError)?)
}

/// What a program is told that asks for something that cannot be.
fn problem(status: StatusCode, said: impl Into<String>) -> poem::Error {
    poem::Error::from_string(said, status)
}

/// We broke.
fn failed(fault: Fault) -> poem::Error {
    poem::Error::new(fault, StatusCode::INTERNAL_SERVER_ERROR)
}

/// They may not.
fn denied(denied: Denied) -> poem::Error {
    match denied {
        Denied::Unauthenticated => problem(StatusCode::UNAUTHORIZED, denied.to_string()),
        Denied::Forbidden(_) => problem(StatusCode::FORBIDDEN, denied.to_string()),
        Denied::NotFound => NotFoundError.into(),
    }
}
