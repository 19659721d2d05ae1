//! Rights in the schema: `@requires(permission: …)` says what a field needs, where it is read.

use async_graphql::TypeDirective;

use crate::word::Permission;

/// What the caller needs to get an answer here. What becomes of those who lack it, the field says.
#[TypeDirective(location = "FieldDefinition")]
pub(crate) fn requires(permission: Permission) {}
