//! Schedules as they are published, with invented names.

mod golden;
mod liberal;
mod properties;
mod writer;
