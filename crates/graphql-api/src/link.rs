//! Links.

use async_graphql::SimpleObject;

use crate::list::List;
use crate::scalar::Url;

/// A web address, with what stands on it.
#[derive(SimpleObject)]
pub(crate) struct Link {
    /// The address.
    url: Url,
    /// What it is called; null if that is not said.
    title: Option<String>,
    /// What it is, such as "slides", "paper" or "video"; null if that is not said.
    kind: Option<String>,
}

/// All of them, in order.
pub(crate) fn links(all: &[domain::link::Link]) -> List<Link> {
    all.iter()
        .map(|one| Link {
            url: Url(one.url.clone()),
            title: one.title.clone(),
            kind: one.kind.clone(),
        })
        .collect()
}
