//! Workspaces: each is the space of one organising office, and the boundary no query crosses.

use crate::id::WorkspaceId;
use crate::text::Slug;

/// The space of one organising office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Its id.
    pub id: WorkspaceId,
    /// Its name in addresses and on the command line, unique in the installation.
    pub slug: Slug,
    /// What the office is called.
    pub name: String,
}
