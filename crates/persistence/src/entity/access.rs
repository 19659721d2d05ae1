//! Rows of workspaces, accounts and tokens.

pub(crate) mod workspace {
    //! A workspace.
    use domain::Slug;
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Spelled};

    table!("workspace" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Workspace>,
        slug: Spelled<Slug>,
        name: String,
        created_at: DateTimeUtc,
    });

    impl From<Model> for domain::workspace::Workspace {
        fn from(row: Model) -> Self {
            Self {
                id: row.id.0,
                slug: row.slug.0,
                name: row.name,
            }
        }
    }
}

pub(crate) mod account {
    //! An account.
    use domain::Slug;
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Spelled};

    table!("account" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Account>,
        slug: Spelled<Slug>,
        name: String,
        created_at: DateTimeUtc,
    });

    impl From<Model> for domain::account::Account {
        fn from(row: Model) -> Self {
            Self {
                id: row.id.0,
                slug: row.slug.0,
                name: row.name,
            }
        }
    }
}

pub(crate) mod access_token {
    //! A token, without its secret.
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Json, Scopes};

    table!("access_token" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::AccessToken>,
        account_id: DbId<kind::Account>,
        label: String,
        secret_hash: String,
        scopes: Option<Json<Scopes>>,
        created_at: DateTimeUtc,
        expires_at: Option<DateTimeUtc>,
        revoked_at: Option<DateTimeUtc>,
    });
}

pub(crate) mod access_token_grant {
    //! The role that a token gives in a workspace.
    use domain::access::Role;
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Spelled};

    table!("access_token_grant" {
        #[sea_orm(primary_key, auto_increment = false)]
        access_token_id: DbId<kind::AccessToken>,
        #[sea_orm(primary_key, auto_increment = false)]
        workspace_id: DbId<kind::Workspace>,
        role: Spelled<Role>,
    });
}

pub(crate) mod installation_key {
    //! A key that something is computed with, the same on every node.
    use sea_orm::entity::prelude::*;

    table!("installation_key" {
        #[sea_orm(primary_key, auto_increment = false)]
        name: String,
        secret: String,
    });
}
