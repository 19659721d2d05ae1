//! What a test gives the product along.

use std::sync::Arc;

use persistence::{Storage, Typesetter, Unchecked};

/// What the product has besides a database.
#[derive(Debug, Clone)]
pub struct Outfit {
    /// Who can tell whether a paper can be set in type.
    pub typesetter: Arc<dyn Typesetter>,
    /// Where documents are kept, if not in the database.
    pub storage: Option<Storage>,
}

impl Default for Outfit {
    fn default() -> Self {
        Self {
            typesetter: Arc::new(Unchecked),
            storage: None,
        }
    }
}
