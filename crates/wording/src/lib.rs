//! What a mail says: a subject, a text and HTML, made of what is so by templates that a workspace may
//! put its own in place of. How a mail goes is not known here, and nothing is sent: who asks for a
//! preview gets what would be sent, by the same code.
#![warn(missing_docs)]

pub mod facts;
pub mod template;

pub use words;
