//! Mail: what Convoke sends is written, signed and handed to a mail server, and what comes back is
//! read. Who is to be told what, when, and how often it was tried, is the store's.
//!
//! A mail goes this way. [`template`] makes a subject, a text and HTML of the facts, which are in
//! [`words`] already. [`mail::compose`] makes bytes of them, which [`dkim`] signs; they are kept,
//! with their Message-ID, so that another attempt sends the same mail. [`pace`] says whether one may
//! go to its domain now. [`transport`] hands it over, and says what became of it; [`answer`] says
//! what that means, and [`backoff`] when to try again. [`inbound`] reads what comes back.
#![warn(missing_docs)]

pub mod address;
pub mod answer;
pub mod backoff;
pub mod dispatch;
pub mod dkim;
pub mod inbound;
pub mod lmtp;
pub mod mail;
pub mod pace;
pub mod receive;
pub mod transport;
pub mod writer;

pub use address::Address;
pub use wording::template;
pub use words;
