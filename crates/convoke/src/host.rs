//! What the HTTP interface asks of the program: who calls, whether all is well, and to take mail.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::Site;
use domain::access::Actor;
use graphql_api::http::inbound::{Gate, HandedMail, InboundSecret, NotTaken, TakenMail};
use graphql_api::http::{CallerError, Host, NotReady};
use graphql_api::{BadgeKeys, Misses, Session};
use notifier::inbound::{Delivered, Sender};
use notifier::receive::receive;
use persistence::{Store, Typesetter};

use crate::ambient::request_id;

/// The program, as the HTTP interface sees it.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    store: Store,
    site: Arc<Site>,
    mail_from: Option<Arc<str>>,
    typesetter: Arc<dyn Typesetter>,
    inbound_secret: Option<InboundSecret>,
    badge_keys: Option<Arc<BadgeKeys>>,
    misses: Arc<Misses>,
    stopping: Arc<AtomicBool>,
}

impl Program {
    pub(crate) fn new(
        store: Store,
        site: Site,
        mail_from: Option<Arc<str>>,
        typesetter: Arc<dyn Typesetter>,
        inbound_secret: Option<InboundSecret>,
        (badge_keys, misses): (Option<Arc<BadgeKeys>>, Arc<Misses>),
    ) -> Self {
        Self {
            store,
            site: Arc::new(site),
            mail_from,
            typesetter,
            inbound_secret,
            badge_keys,
            misses,
            stopping: Arc::new(AtomicBool::new(false)),
        }
    }

    /// From now on it is not ready: what is being answered is finished, nothing new is begun.
    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }
}

impl Host for Program {
    type Caller = Session;

    async fn caller(&self, token: Option<&str>) -> Result<Session, CallerError> {
        let actor = match token {
            None => Actor::Anonymous,
            Some(secret) => match self.store.authenticate(secret).await {
                Ok(Some(actor)) => actor,
                Ok(None) => return Err(CallerError::Unauthenticated),
                Err(fault) => return Err(CallerError::Fault(Box::new(fault))),
            },
        };
        let session = Session::new(self.store.clone(), actor, Arc::clone(&self.site));
        Ok(session
            .writing_from(self.mail_from.clone())
            .setting_type_by(Arc::clone(&self.typesetter))
            .signing_by(self.badge_keys.clone())
            .counting(Arc::clone(&self.misses)))
    }

    async fn ready(&self) -> Result<(), NotReady> {
        if self.stopping.load(Ordering::Relaxed) {
            return Err(NotReady("shutting down".into()));
        }
        match self.store.ping().await {
            Ok(()) => Ok(()),
            Err(fault) => {
                tracing::error!(error = %fault, "the database does not answer");
                Err(NotReady("the database does not answer".into()))
            }
        }
    }

    fn request_id(&self) -> String {
        request_id()
    }

    fn inbound(&self) -> Option<Gate> {
        let secret = self.inbound_secret.clone()?;
        let now = self.store.now();
        Some(Gate { secret, now })
    }

    async fn take_mail(&self, handed: HandedMail) -> Result<TakenMail, NotTaken> {
        let delivered = Delivered {
            recipient: Some(&handed.recipient),
            sender: match handed.sender.as_deref() {
                None => Sender::Unknown,
                Some("") => Sender::Null,
                Some(address) => Sender::Address(address),
            },
        };
        match receive(&self.store, &handed.mail, &delivered).await {
            Ok(received) => Ok(TakenMail {
                id: received.id.to_string(),
                kind: received.kind.to_string(),
                outcome: received.outcome.to_string(),
            }),
            Err(fault) => Err(NotTaken(fault.to_string().into())),
        }
    }
}
