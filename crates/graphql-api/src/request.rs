//! What one request knows: who asks, in which languages, and what has been loaded for it so far.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use async_graphql::dataloader::Loader;
use async_graphql::{Context, Request, Result};
use domain::access::Actor;
use domain::{LanguageTag, LocalizedText, Site};
use persistence::{Store, Typesetter, Unchecked};

use crate::badge::BadgeKeys;
use crate::failure::or_null;
use crate::http::error::{Code, coded};
use crate::http::{AcceptLanguage, Caller};
use crate::load::{ListKey, Load, Loaders, Shared, loaders};
use crate::misses::Misses;

/// Who asks, as the resolvers know it.
pub struct Session {
    pub(crate) store: Store,
    pub(crate) actor: Arc<Actor>,
    /// What the addresses of pages and feeds begin with.
    pub(crate) site: Arc<Site>,
    /// The address that mails come from, if any are sent.
    pub(crate) mail_from: Option<Arc<str>>,
    /// Who can tell whether a paper can be set in type.
    pub(crate) typesetter: Arc<dyn Typesetter>,
    /// What badges are signed by, if they are.
    pub(crate) badge_keys: Option<Arc<BadgeKeys>>,
    /// Where it is counted who asks in vain, and from where this one asks.
    asker: (Arc<Misses>, IpAddr),
    /// Behind a lock, to be forgotten when something was changed.
    loaders: RwLock<Arc<Loaders>>,
    /// Read when the first text is chosen.
    languages: OnceLock<Vec<LanguageTag>>,
}

impl Session {
    /// What a request of this actor needs.
    pub fn new(store: Store, actor: Actor, site: Arc<Site>) -> Self {
        let actor = Arc::new(actor);
        Self {
            loaders: RwLock::new(Arc::new(loaders(store.clone(), Arc::clone(&actor)))),
            languages: OnceLock::new(),
            store,
            actor,
            site,
            mail_from: None,
            typesetter: Arc::new(Unchecked),
            badge_keys: None,
            asker: (Arc::default(), IpAddr::V6(Ipv6Addr::UNSPECIFIED)),
        }
    }

    /// The same, where it is known which address mails come from.
    #[must_use]
    pub fn writing_from(self, mail_from: Option<Arc<str>>) -> Self {
        Self { mail_from, ..self }
    }

    /// The same, where papers are looked at before they are issued.
    #[must_use]
    pub fn setting_type_by(self, typesetter: Arc<dyn Typesetter>) -> Self {
        Self { typesetter, ..self }
    }

    /// The same, with keys that badges are signed by.
    #[must_use]
    pub fn signing_by(self, badge_keys: Option<Arc<BadgeKeys>>) -> Self {
        Self { badge_keys, ..self }
    }

    /// The same, where it is counted together with others who asks in vain.
    #[must_use]
    pub fn counting(mut self, misses: Arc<Misses>) -> Self {
        self.asker.0 = misses;
        self
    }

    /// What there is under something that is not to be guessed. Who asked in vain too often has to wait.
    pub(crate) async fn guessed<T>(
        &self,
        look: impl Future<Output = Result<Option<T>>>,
    ) -> Result<Option<T>> {
        let (misses, from) = &self.asker;
        let found = look.await?;
        if found.is_some() {
            return Ok(found);
        }
        let now = self.store.now();
        if let Some(seconds) = misses.wait(*from, now) {
            let said =
                format!("too many were asked for that are not there: wait {seconds} seconds");
            return Err(coded(Code::RateLimited, said));
        }
        misses.count(*from, now);
        Ok(None)
    }

    /// Forgets what was loaded, so that what follows a change sees it.
    pub(crate) fn forget(&self) {
        let fresh = Arc::new(loaders(self.store.clone(), Arc::clone(&self.actor)));
        *self.loaders.write().unwrap_or_else(PoisonError::into_inner) = fresh;
    }

    fn loaders(&self) -> Arc<Loaders> {
        let loaders = self.loaders.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&loaders)
    }

    /// One thing, with whatever else is asked for at the same moment.
    pub(crate) async fn one<K: ListKey>(&self, key: K) -> Result<Option<<Load as Loader<K>>::Value>>
    where
        Load: Loader<K, Error = Shared>,
    {
        Ok(self.loaders().load_one(key).await?)
    }

    /// Several things of one kind, with whatever else is asked for at the same moment.
    pub(crate) async fn many<K: ListKey>(
        &self,
        keys: &[K],
    ) -> Result<HashMap<K, <Load as Loader<K>>::Value>>
    where
        Load: Loader<K, Error = Shared>,
    {
        Ok(self.loaders().load_many(keys.iter().cloned()).await?)
    }

    /// A list, with whatever else is asked for at the same moment.
    pub(crate) async fn list<K: ListKey, T: Send + Sync + Clone + 'static>(
        &self,
        key: K,
    ) -> Result<Vec<T>>
    where
        Load: Loader<K, Value = Vec<T>, Error = Shared>,
    {
        Ok(self.loaders().load_one(key).await?.unwrap_or_default())
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("actor", &self.actor)
            .finish_non_exhaustive()
    }
}

impl Caller for Session {
    fn calling_by(mut self, request: &poem::Request) -> Self {
        self.asker.1 = self.asker.0.address(request);
        self
    }

    fn is_anonymous(&self) -> bool {
        // A link is passed on more easily than a token: its holder may ask as much as anyone.
        matches!(*self.actor, Actor::Anonymous | Actor::Guest(_))
    }

    fn attach(self, request: Request) -> Request {
        request.data(self)
    }
}

/// The session of the request that a field is resolved for.
pub(crate) fn session<'a>(ctx: &Context<'a>) -> Result<&'a Session> {
    ctx.data::<Session>()
}

/// What a nullable field refers to, if it refers to anything and the reader may see it. A fault is
/// told beside the answer, and blanks this field alone.
pub(crate) async fn found<K: ListKey>(
    ctx: &Context<'_>,
    key: Option<K>,
) -> Result<Option<<Load as Loader<K>>::Value>>
where
    Load: Loader<K, Error = Shared>,
{
    let Some(key) = key else { return Ok(None) };
    let found = async { session(ctx)?.one(key).await };
    or_null(ctx, found.await)
}

/// The languages that the reader wishes, the most wished first.
pub(crate) fn languages<'a>(ctx: &Context<'a>) -> &'a [LanguageTag] {
    let Some(session) = ctx.data_opt::<Session>() else {
        return &[];
    };
    session.languages.get_or_init(|| {
        let accepted = ctx.data_opt::<AcceptLanguage>();
        let tags = accepted.iter().flat_map(|accepted| &accepted.0);
        tags.filter_map(|tag| tag.parse().ok()).collect()
    })
}

/// The text that suits the reader best: as the argument says, else as the request does, else in
/// the main language.
pub(crate) fn text(
    ctx: &Context<'_>,
    text: &LocalizedText,
    language: Option<&crate::scalar::LanguageTag>,
) -> String {
    let accepted = languages(ctx);
    let Some(wished) = language else {
        return text.best_for(accepted).to_owned();
    };
    let mut wished = vec![wished.0.clone()];
    wished.extend_from_slice(accepted);
    text.best_for(&wished).to_owned()
}
