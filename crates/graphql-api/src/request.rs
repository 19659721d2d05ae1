//! What one request knows: who asks, in which languages, and what has been loaded for it so far.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{Context, Request, Result};
use domain::access::Actor;
use domain::{LanguageTag, LocalizedText};
use persistence::Store;

use crate::http::{AcceptLanguage, Caller};
use crate::load::{ListKey, Load, Loaders, Shared, loaders};

/// Who asks, as the resolvers know it.
pub struct Session {
    pub(crate) store: Store,
    pub(crate) actor: Arc<Actor>,
    loaders: Loaders,
}

impl Session {
    /// What a request of this actor needs.
    pub fn new(store: Store, actor: Actor) -> Self {
        let actor = Arc::new(actor);
        Self {
            loaders: loaders(store.clone(), Arc::clone(&actor)),
            store,
            actor,
        }
    }

    /// One thing, with whatever else is asked for at the same moment.
    pub(crate) async fn one<K: ListKey>(&self, key: K) -> Result<Option<<Load as Loader<K>>::Value>>
    where
        Load: Loader<K, Error = Shared>,
    {
        Ok(self.loaders.load_one(key).await?)
    }

    /// Several things of one kind, with whatever else is asked for at the same moment.
    pub(crate) async fn many<K: ListKey>(
        &self,
        keys: &[K],
    ) -> Result<HashMap<K, <Load as Loader<K>>::Value>>
    where
        Load: Loader<K, Error = Shared>,
    {
        Ok(self.loaders.load_many(keys.iter().cloned()).await?)
    }

    /// A list, with whatever else is asked for at the same moment.
    pub(crate) async fn list<K: ListKey, T: Send + Sync + Clone + 'static>(
        &self,
        key: K,
    ) -> Result<Vec<T>>
    where
        Load: Loader<K, Value = Vec<T>, Error = Shared>,
    {
        Ok(self.loaders.load_one(key).await?.unwrap_or_default())
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
    fn is_anonymous(&self) -> bool {
        matches!(*self.actor, Actor::Anonymous)
    }

    fn attach(self, request: Request) -> Request {
        request.data(self)
    }
}

/// The session of the request that a field is resolved for.
pub(crate) fn session<'a>(ctx: &Context<'a>) -> Result<&'a Session> {
    ctx.data::<Session>()
}

/// The languages that the reader wishes, the most wished first.
pub(crate) fn languages(ctx: &Context<'_>) -> Vec<LanguageTag> {
    let accepted = ctx.data_opt::<AcceptLanguage>();
    let tags = accepted.iter().flat_map(|accepted| &accepted.0);
    tags.filter_map(|tag| tag.parse().ok()).collect()
}

/// The text that suits the reader best: as the argument says, else as the request does, else in
/// the main language.
pub(crate) fn text(
    ctx: &Context<'_>,
    text: &LocalizedText,
    language: Option<&crate::scalar::LanguageTag>,
) -> String {
    let mut wished: Vec<LanguageTag> = language.iter().map(|tag| tag.0.clone()).collect();
    wished.extend(languages(ctx));
    text.best_for(&wished).to_owned()
}
