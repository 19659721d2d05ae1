//! The one store: every read and every use case on events and what belongs to them, on SQLite and
//! PostgreSQL alike. It asks who is asking before it asks the database.

mod access;
mod agenda;
mod ceremony;
mod column;
mod constraint;
mod directory;
mod entity;
mod error;
mod event;
mod event_document;
mod follow_up;
mod owned;
mod page;
mod participation;
mod place;
mod random;
mod sight;
mod store;
mod tx;

pub use access::{AccountCreateRefused, NewToken, TokenRevokeRefused, WorkspaceCreateRefused};
pub use ceremony::LettersOf;
pub use directory::{OrganizationFilter, PersonFilter};
pub use error::{Error, Fault};
pub use event::{EventFilter, EventOrder, EventOrderField, EventPublishRefused};
pub use event_document::{Effect, EventImport, ImportChanges, ImportRefused, ImportStage, Missing};
pub use owned::Of;
pub use page::{Direction, Page, PageError, PageRequest};
pub use participation::{ParticipantFilter, ParticipantsOf};
pub use random::Random;
pub use store::{Connect, Store};
