//! Workspaces, accounts and tokens: who comes in, and where.

use chrono::{DateTime, Utc};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use domain::Slug;
use domain::access::{Actor, Denied, Grant, Permission, Session};
use domain::account::{AccessToken, Account};
use domain::id::{AccessTokenId, AccountId, WorkspaceId};
use domain::workspace::Workspace;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set,
};
use sha2::{Digest, Sha256};

use crate::column::{DbId, Json, Scopes, Spelled};
use crate::constraint;
use crate::entity::access::{access_token, access_token_grant, account, workspace};
use crate::error::{Error, Fault};
use crate::participant_link;
use crate::sight;
use crate::store::Store;

/// Why a workspace cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkspaceCreateRefused {
    /// There is one of this slug.
    #[error("there is a workspace `{0}` already")]
    SlugTaken(Slug),
}

/// Why an account cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountCreateRefused {
    /// There is one of this slug.
    #[error("there is an account `{0}` already")]
    SlugTaken(Slug),
}

/// Why a token cannot be revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenRevokeRefused {
    /// It is no longer good anyway.
    #[error("the token was revoked before, on {0}")]
    RevokedBefore(DateTime<Utc>),
}

/// What a token is to be.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// Whose it is.
    pub account_id: AccountId,
    /// What it is for.
    pub label: String,
    /// The role it gives in each workspace.
    pub grants: Vec<Grant>,
    /// The permissions it is confined to, or all that its roles give.
    pub scopes: Option<Scopes>,
    /// From when on it is no longer good.
    pub expires_at: Option<DateTime<Utc>>,
}

/// What every secret begins with, so that scanners find one that leaked.
const SECRET_PREFIX: &str = "convoke_";

fn hash(secret: &str) -> String {
    // The secret is 32 random bytes: there is nothing to guess, so nothing to slow down.
    HEXLOWER.encode(&Sha256::digest(secret.as_bytes()))
}

/// Only the program itself administers the installation as a whole.
fn administer(actor: &Actor) -> Result<(), Denied> {
    match actor {
        Actor::System { .. } => Ok(()),
        Actor::Anonymous => Err(Denied::Unauthenticated),
        Actor::Account(_) | Actor::Guest(_) => Err(Denied::Forbidden(Permission::Administer)),
    }
}

impl Store {
    /// Makes a workspace.
    pub async fn create_workspace(
        &self,
        actor: &Actor,
        slug: Slug,
        name: String,
    ) -> Result<Workspace, Error<WorkspaceCreateRefused>> {
        administer(actor)?;
        let row = workspace::Model {
            id: DbId(self.mint()?),
            slug: Spelled(slug.clone()),
            name,
            created_at: self.now(),
        };
        let tx = self.begin().await?;
        match row.into_active_model().insert(tx.on()).await {
            Ok(row) => {
                tx.commit().await?;
                Ok(row.into())
            }
            Err(error) if constraint::WORKSPACE_SLUG.is_violated_by(&error) => {
                Err(Error::Refused(WorkspaceCreateRefused::SlugTaken(slug)))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Makes an account.
    pub async fn create_account(
        &self,
        actor: &Actor,
        slug: Slug,
        name: String,
    ) -> Result<Account, Error<AccountCreateRefused>> {
        administer(actor)?;
        let row = account::Model {
            id: DbId(self.mint()?),
            slug: Spelled(slug.clone()),
            name,
            created_at: self.now(),
        };
        let tx = self.begin().await?;
        match row.into_active_model().insert(tx.on()).await {
            Ok(row) => {
                tx.commit().await?;
                Ok(row.into())
            }
            Err(error) if constraint::ACCOUNT_SLUG.is_violated_by(&error) => {
                Err(Error::Refused(AccountCreateRefused::SlugTaken(slug)))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Makes a token, and tells its secret: this once, since only a hash of it is kept.
    pub async fn create_token(
        &self,
        actor: &Actor,
        new: NewToken,
    ) -> Result<(AccessToken, String), Error<std::convert::Infallible>> {
        administer(actor)?;
        let secret = format!("{SECRET_PREFIX}{}", BASE64URL_NOPAD.encode(&self.secret()?));
        let row = access_token::Model {
            id: DbId(self.mint()?),
            account_id: DbId(new.account_id),
            label: new.label,
            secret_hash: hash(&secret),
            scopes: new.scopes.map(Json),
            created_at: self.now(),
            expires_at: new.expires_at,
            revoked_at: None,
        };
        let grants = new.grants.iter().map(|grant| {
            access_token_grant::Model {
                access_token_id: row.id,
                workspace_id: DbId(grant.workspace_id),
                role: Spelled(grant.role),
            }
            .into_active_model()
        });
        let grants: Vec<_> = grants.collect();
        let tx = self.begin().await?;
        let row = row.into_active_model().insert(tx.on()).await?;
        if !grants.is_empty() {
            access_token_grant::Entity::insert_many(grants)
                .exec(tx.on())
                .await?;
        }
        tx.commit().await?;
        Ok((token(row, new.grants), secret))
    }

    /// The tokens of an account, the oldest first.
    pub async fn tokens(
        &self,
        actor: &Actor,
        account_id: AccountId,
    ) -> Result<Vec<AccessToken>, Error<std::convert::Infallible>> {
        administer(actor)?;
        let rows = access_token::Entity::find()
            .filter(access_token::Column::AccountId.eq(DbId(account_id)))
            .order_by_asc(access_token::Column::Id)
            .all(self.read())
            .await?;
        let grants = access_token_grant::Entity::find()
            .filter(access_token_grant::Column::AccessTokenId.is_in(rows.iter().map(|row| row.id)))
            .all(self.read())
            .await?;
        let of = |row: &access_token::Model| {
            grants
                .iter()
                .filter(|grant| grant.access_token_id == row.id)
                .map(|grant| Grant {
                    workspace_id: grant.workspace_id.0,
                    role: grant.role.0,
                })
                .collect()
        };
        Ok(rows
            .into_iter()
            .map(|row| (of(&row), row))
            .map(|(of, row)| token(row, of))
            .collect())
    }

    /// Makes a token useless, from now on.
    pub async fn revoke_token(
        &self,
        actor: &Actor,
        id: AccessTokenId,
    ) -> Result<(), Error<TokenRevokeRefused>> {
        administer(actor)?;
        let tx = self.begin().await?;
        let row = access_token::Entity::find_by_id(DbId(id))
            .one(tx.on())
            .await?;
        let row = row.ok_or(Denied::NotFound)?;
        if let Some(before) = row.revoked_at {
            return Err(Error::Refused(TokenRevokeRefused::RevokedBefore(before)));
        }
        let mut row = row.into_active_model();
        row.revoked_at = Set(Some(self.now()));
        row.update(tx.on()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Who holds this secret, if it is still good: of a token, or of an attendee's link. Two
    /// statements.
    pub async fn authenticate(&self, secret: &str) -> Result<Option<Actor>, Fault> {
        if let Some(code) = secret.strip_prefix(participant_link::PREFIX) {
            return Ok(self.guest(code).await?.map(Actor::Guest));
        }
        let row = access_token::Entity::find()
            .filter(access_token::Column::SecretHash.eq(hash(secret)))
            .one(self.read())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let grants = access_token_grant::Entity::find()
            .filter(access_token_grant::Column::AccessTokenId.eq(row.id))
            .all(self.read())
            .await?;
        let grants = grants
            .into_iter()
            .map(|grant| Grant {
                workspace_id: grant.workspace_id.0,
                role: grant.role.0,
            })
            .collect();
        let token = token(row, grants);
        Ok(token
            .is_good_at(self.now())
            .then_some(Actor::Account(Session {
                account_id: token.account_id,
                token_id: token.id,
                grants: token.grants,
                scopes: token.scopes,
            })))
    }

    /// Accounts by id: an actor sees its own.
    pub async fn accounts(&self, actor: &Actor, ids: &[AccountId]) -> Result<Vec<Account>, Fault> {
        let ids = ids.iter().copied().filter(|id| match actor {
            Actor::System { .. } => true,
            Actor::Anonymous | Actor::Guest(_) => false,
            Actor::Account(session) => session.account_id == *id,
        });
        let rows = account::Entity::find()
            .filter(account::Column::Id.is_in(ids.map(DbId)))
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(Account::from).collect())
    }

    /// The account of this slug, for the command line.
    pub async fn account_by_slug(
        &self,
        actor: &Actor,
        slug: &Slug,
    ) -> Result<Option<Account>, Error<std::convert::Infallible>> {
        administer(actor)?;
        let row = account::Entity::find()
            .filter(account::Column::Slug.eq(slug.as_str()))
            .one(self.read())
            .await?;
        Ok(row.map(Account::from))
    }

    /// Workspaces by id, as far as the actor sees them.
    pub async fn workspaces(
        &self,
        actor: &Actor,
        ids: &[WorkspaceId],
    ) -> Result<Vec<Workspace>, Fault> {
        let sight = actor.sight(Permission::PublicRead);
        let rows = workspace::Entity::find()
            .filter(workspace::Column::Id.is_in(ids.iter().copied().map(DbId)))
            .filter(sight::workspaces(&sight, workspace::Column::Id))
            .order_by_asc(workspace::Column::Slug)
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(Workspace::from).collect())
    }

    /// Every workspace of the installation, by slug, for the command line.
    pub async fn all_workspaces(
        &self,
        actor: &Actor,
    ) -> Result<Vec<Workspace>, Error<std::convert::Infallible>> {
        administer(actor)?;
        let query = workspace::Entity::find().order_by_asc(workspace::Column::Slug);
        Ok(query
            .all(self.read())
            .await?
            .into_iter()
            .map(Workspace::from)
            .collect())
    }

    /// The workspace of this slug, as far as the actor sees it.
    pub async fn workspace_by_slug(
        &self,
        actor: &Actor,
        slug: &Slug,
    ) -> Result<Option<Workspace>, Fault> {
        let sight = actor.sight(Permission::PublicRead);
        let row = workspace::Entity::find()
            .filter(workspace::Column::Slug.eq(slug.as_str()))
            .filter(sight::workspaces(&sight, workspace::Column::Id))
            .one(self.read())
            .await?;
        Ok(row.map(Workspace::from))
    }
}

fn token(row: access_token::Model, grants: Vec<Grant>) -> AccessToken {
    AccessToken {
        id: row.id.0,
        account_id: row.account_id.0,
        label: row.label,
        grants,
        scopes: row.scopes.map(|scopes| scopes.0),
        created_at: row.created_at,
        expires_at: row.expires_at,
        revoked_at: row.revoked_at,
    }
}
