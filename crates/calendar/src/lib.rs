//! What Convoke says to calendars, and what calendars answer: pure functions from entries to bytes and
//! back. Nothing here waits, reads a clock or knows a database.
//!
//! An [`Entry`] is an event or an item of its agenda. It is sent as an [`invitation()`] to one person, or
//! published in a [`feed()`] or a [`download`]; in all three it has the same UID. What comes back from an
//! invitation is read by [`read_reply`], which gives facts; what follows from them is for others to say.
//!
//! What all that is printed keeps to, whatever the texts hold (RFC 5545, RFC 5546, RFC 7986):
//!
//! - lines end with CR LF and have at most 75 octets; no character is torn apart;
//! - a text adds no property and no parameter: it is escaped, quoted, and freed of control characters;
//! - a time by a zone's clocks comes with the zone, told from the tz database; UTC is written as UTC;
//! - the same input makes the same bytes.
#![warn(missing_docs)]

mod color;
mod entry;
mod fold;
mod invitation;
mod invited;
mod object;
mod property;
mod publication;
mod reply;
#[cfg(test)]
mod tests;
mod wording;
mod zone;

pub use color::{Color, NotAColor};
pub use entry::{
    Attendee, Conference, Entry, KnownAnswer, Method, Organizer, Position, Role, Status, When,
};
pub use invitation::invitation;
pub use publication::{Feed, download, feed};
pub use reply::{
    Answer, Moment, NotAReply, Participation, Proposal, Reply, ReplyMethod, read_reply,
};
