//! What people meet who have no client of the graph: the page on which they answer, the one on which they
//! say that they want no more mail, and the calendars that they subscribe to.
//!
//! A page has no script and asks no other host for anything. To look at one changes nothing.

mod answer;
mod badge;
mod feed;
mod html;
mod leave;
mod say;

use std::future::Future;
use std::sync::Arc;

use domain::Site;
use persistence::Store;
use poem::endpoint::make;
use poem::{Endpoint, Request, Response, Result, Route, get};

pub use badge::BadgeKeys;

/// What the pages are made from.
#[derive(Debug, Clone)]
pub struct Pages {
    store: Store,
    site: Arc<Site>,
    keys: Option<Arc<BadgeKeys>>,
}

impl Pages {
    /// The pages of an installation that is reached at this address.
    pub fn new(store: Store, site: Site) -> Self {
        Self {
            store,
            site: Arc::new(site),
            keys: None,
        }
    }

    /// The same, with keys that badges are signed by.
    #[must_use]
    pub fn signing_by(self, keys: Option<BadgeKeys>) -> Self {
        Self {
            keys: keys.map(Arc::new),
            ..self
        }
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
    }

    fn on<F>(&self, page: fn(Self, Request) -> F) -> impl Endpoint<Output = Response> + use<F>
    where
        F: Future<Output = Result<Response>> + Send + 'static,
    {
        let pages = self.clone();
        make(move |request| page(pages.clone(), request))
    }
}
