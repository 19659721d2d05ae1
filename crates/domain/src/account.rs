//! Accounts and access tokens: who signs in, and the secrets with which they do.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::access::{Grant, Permission};
use crate::id::{AccessTokenId, AccountId};
use crate::text::Slug;

/// Someone or something that signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its name on the command line, unique in the installation.
    pub slug: Slug,
    /// What it is called.
    pub name: String,
}

/// A secret that lets an account in, as it is kept: only a hash of the secret is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// Its id, by which it is revoked.
    pub id: AccessTokenId,
    /// Whose it is.
    pub account_id: AccountId,
    /// What it is for, in its owner's words.
    pub label: String,
    /// The role it gives in each workspace that it opens.
    pub grants: Vec<Grant>,
    /// The permissions it is confined to, or all that its roles give.
    pub scopes: Option<BTreeSet<Permission>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// From when on it is no longer good, if ever.
    pub expires_at: Option<DateTime<Utc>>,
    /// Since when it is revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl AccessToken {
    /// Whether it still lets anyone in.
    pub fn is_good_at(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|expiry| now < expiry)
    }
}
