//! What Convoke exchanges with the world outside: event documents, which people write by hand and
//! keep beside their other files, and the schedules that conferences publish.

pub mod event_document;
pub mod schedule;
