//! Links.

use async_graphql::{InputObject, SimpleObject};

use crate::change::Wire;
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

/// A web address, with what stands on it.
#[derive(Clone, InputObject)]
pub(crate) struct LinkInput {
    /// The address: it begins with https:// or http://.
    url: Url,
    /// What it is called.
    title: Option<String>,
    /// What it is, such as "slides", "paper" or "video".
    kind: Option<String>,
}

impl Wire for LinkInput {
    type Plain = domain::link::Link;
    fn plain(self) -> domain::link::Link {
        domain::link::Link {
            url: self.url.0,
            title: self.title,
            kind: self.kind,
        }
    }
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
