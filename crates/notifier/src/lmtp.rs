//! Mail servers hand mail over by LMTP (RFC 2033): it is SMTP, but each recipient gets an answer of its own
//! once the mail was taken, and nothing is queued here.
//!
//! What is said to what is a pure state machine ([`Session`]); around it is a loop that waits, and a
//! listener that keeps connections within bounds.

mod listener;
mod session;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub use listener::{Listener, serve};
pub use session::{Handed, Session, Step, Verdict};

/// What is taken of those who connect, and no more.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The largest mail, in bytes.
    pub mail: usize,
    /// The longest command, in bytes.
    pub command: usize,
    /// The most recipients of one mail.
    pub recipients: usize,
    /// The most commands of one connection that make no sense.
    pub errors: u32,
    /// The most connections at the same time.
    pub connections: usize,
    /// How long somebody may say nothing.
    pub silence: Duration,
    /// How long one mail may take to come in.
    pub mail_within: Duration,
    /// How long what was begun may go on when the program is told to stop.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            mail: crate::receive::MOST_BYTES,
            // RFC 5321, 4.5.3.1.4, with room for long addresses.
            command: 2_048,
            recipients: 100,
            errors: 20,
            connections: 50,
            // RFC 5321, 4.5.3.2.7.
            silence: Duration::from_mins(5),
            mail_within: Duration::from_mins(10),
            grace: Duration::from_secs(20),
        }
    }
}
