//! What Convoke exchanges with the world outside: for now event documents, which people write by
//! hand and keep beside their other files.

pub mod event_document;
