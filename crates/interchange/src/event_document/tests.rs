//! What documents say and mean: the examples, the round trip, the problems that people are told.

mod examples;
mod merging;
mod messages;
mod properties;
mod schema;
