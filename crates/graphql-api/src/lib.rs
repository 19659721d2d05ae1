//! The GraphQL API: the graph of events as clients see it, and the HTTP it travels on; and beside it the
//! pages and feeds for those who have no client.

#![expect(
    clippy::unused_async,
    reason = "resolvers are async, whether or not they have anything to wait for"
)]

mod action_item;
mod agenda;
mod appearance;
mod appointment_letter;
mod audit;
mod availability;
mod award;
mod badge;
mod bounds;
mod bulk;
mod change;
mod connection;
mod credential;
mod delivery;
mod event;
mod event_import;
mod event_organization;
mod failure;
pub mod http;
mod id;
mod invitation;
mod letterhead;
mod link;
mod list;
mod load;
mod mail_template;
mod merge;
mod message;
mod message_preview;
mod misses;
mod node;
mod organization;
pub mod page;
mod paper_template;
mod participant;
mod person;
mod printout;
mod received_mail;
mod release;
mod report;
mod request;
mod requires;
mod resolution;
mod scalar;
mod schedule_import;
mod schema;
mod suppression;
mod translation;
mod user_error;
mod venue;
mod word;
mod workspace;

pub use badge::BadgeKeys;
pub use misses::Misses;
pub use request::Session;
pub use schema::{Schema, schema, sdl};
