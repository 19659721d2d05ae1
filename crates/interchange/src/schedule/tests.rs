//! Schedules as they are published, with invented names.

mod golden;
