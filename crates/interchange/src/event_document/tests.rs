//! What documents say and mean: the examples, the round trip, the problems that people are told.

mod examples;
mod messages;
mod properties;
mod schema;
