//! The unique constraints whose violation means something to people, in both databases' spelling.

use sea_orm::{DbErr, RuntimeErr};

/// A unique constraint: PostgreSQL tells its name, SQLite the columns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unique {
    name: &'static str,
    columns: &'static str,
}

/// Two workspaces of one slug.
pub(crate) const WORKSPACE_SLUG: Unique = Unique {
    name: "workspace_slug_key",
    columns: "workspace.slug",
};
/// Two accounts of one slug.
pub(crate) const ACCOUNT_SLUG: Unique = Unique {
    name: "account_slug_key",
    columns: "account.slug",
};

impl Unique {
    /// Whether this is what the statement ran against.
    pub(crate) fn is_violated_by(self, error: &DbErr) -> bool {
        let (DbErr::Exec(cause) | DbErr::Query(cause)) = error else {
            return false;
        };
        let RuntimeErr::SqlxError(cause) = cause else {
            return false;
        };
        let Some(cause) = cause.as_database_error() else {
            return false;
        };
        match cause.constraint() {
            // Its text is in the server's language, its constraint's name is not.
            Some(name) => name == self.name,
            None => cause
                .message()
                .strip_prefix("UNIQUE constraint failed: ")
                .is_some_and(|columns| columns.trim_end() == self.columns),
        }
    }
}
