//! What is loaded of what offices issue, and of how they count it.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use domain::credential::CredentialSubject;
use domain::id::{CredentialId, WorkspaceId};

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

/// What was issued for something: what is in force, else the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CredentialFor(pub(crate) CredentialSubject);

impl Loader<CredentialFor> for Load {
    type Value = Arc<domain::credential::Credential>;
    type Error = Shared;
    async fn load(
        &self,
        keys: &[CredentialFor],
    ) -> Result<HashMap<CredentialFor, Self::Value>, Shared> {
        let subjects: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = self.store.credentials_for(&self.actor, &subjects).await?;
        let found = found.into_iter();
        Ok(found
            .map(|one| (CredentialFor(one.subject), Arc::new(one)))
            .collect())
    }
}

/// What the badge of a credential says, which the reader sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct BadgeOf(pub(crate) CredentialId);

impl Loader<BadgeOf> for Load {
    type Value = Arc<persistence::BadgeFacts>;
    type Error = Shared;
    async fn load(&self, keys: &[BadgeOf]) -> Result<HashMap<BadgeOf, Self::Value>, Shared> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = self.store.badges(&ids).await?.into_iter();
        Ok(found
            .map(|one| (BadgeOf(one.credential.id), Arc::new(one)))
            .collect())
    }
}
