//! Mail: what Convoke sends is written, signed, and handed to a mail server, and what comes back
//! is read. Who is to be told what, when, and how often it was tried, is the store's.
#![warn(missing_docs)]

pub mod address;
pub mod answer;
pub mod backoff;
pub mod dkim;
pub mod inbound;
pub mod mail;
pub mod pace;
pub mod template;
pub mod transport;
pub mod words;

pub use address::Address;
