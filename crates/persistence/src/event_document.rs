//! Event documents, in and out: a whole event brought to what a document says, or written down.

mod directory;
mod export;
mod import;
mod sync;

pub use import::{EventImport, ImportRefused, ImportStage, Missing};
pub use sync::ImportChanges;
pub(crate) use sync::insert_all;
