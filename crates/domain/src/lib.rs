//! What an office that convenes people knows, and the rules it keeps: ids, values, state
//! machines, permissions and refusals. Nothing here waits, reads a clock or touches a database.
#![warn(missing_docs)]

#[macro_use]
mod word;
#[macro_use]
pub mod refusal;

pub mod access;
pub mod account;
pub mod action_item;
pub mod agenda;
pub mod appearance;
pub mod appointment_letter;
pub mod audit;
pub mod availability;
pub mod award;
pub mod credential;
pub mod event;
pub mod event_document;
pub mod event_organization;
pub mod id;
pub mod invitation;
pub mod letterhead;
pub mod link;
pub mod mail_template;
pub mod message;
pub mod organization;
pub mod participant;
pub mod patch;
pub mod person;
pub mod problem;
pub mod received_mail;
pub mod release;
pub mod report;
pub mod resolution;
pub mod site;
pub mod text;
pub mod time;
pub mod venue;
pub mod workspace;

pub use id::Id;
pub use patch::{Patch, TextDraft};
pub use problem::{Problem, ProblemCode};
pub use refusal::{Refusal, Refusals};
pub use site::Site;
pub use text::{Key, LanguageTag, LocalizedText, Slug};
pub use word::{UnknownWord, Word};
