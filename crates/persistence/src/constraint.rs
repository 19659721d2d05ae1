//! The unique constraints whose violation means something to people, in both databases' spelling.

use sea_orm::DbErr;

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
        let text = error.to_string();
        text.contains(&format!("\"{}\"", self.name))
            || text
                .split_once("UNIQUE constraint failed: ")
                .is_some_and(|(_, columns)| columns.trim_end() == self.columns)
    }
}
