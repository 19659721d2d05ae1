//! What is loaded of how offices count.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use domain::id::WorkspaceId;

use super::{Load, Shared};

/// The number that an office would give next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct NextNumberOf(pub(crate) WorkspaceId);

impl Loader<NextNumberOf> for Load {
    type Value = String;
    type Error = Shared;
    async fn load(&self, keys: &[NextNumberOf]) -> Result<HashMap<NextNumberOf, String>, Shared> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = self.store.next_numbers(&self.actor, &ids).await?;
        let found = found.into_iter();
        Ok(found.map(|(of, next)| (NextNumberOf(of), next)).collect())
    }
}
