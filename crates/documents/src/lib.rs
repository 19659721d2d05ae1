//! Paper: what an office hands out, signs for, or lays on the table at the door.
//!
//! A [`Document`] says what the paper says, in one or two languages, and a [`Press`] prints it: values
//! in, the bytes of a PDF out. Nothing here knows a database, a clock or a network. The same document
//! is the same bytes, on every machine that prints it with the same fonts.
//!
//! What is printed is PDF/A-2a: tagged, in a known language, with every font embedded. A character that no
//! font has is refused before anything is made. The bytes bear no signature: whoever signs
//! them does so afterwards, behind what is here.
//!
//! # Templates
//!
//! Each kind of paper has a template in Typst's language, which a workspace may replace by its own
//! ([`Template`]). What the paper says reaches it as values, so no text can become markup. A template
//! reads what it is given and nothing else: no files, no packages, no clock.
#![warn(missing_docs)]

mod composer;
mod date;
mod document;
mod error;
mod fonts;
mod glyphs;
mod imprint;
mod paper;
mod picture;
mod press;
mod qr;
mod sample;
mod settled;
mod specimen;
mod template;
#[cfg(test)]
mod tests;
mod worker;
mod world;

pub use crate::date::Numerals;
pub use crate::document::{Document, Kind, Languages, Paper};
pub use crate::error::{MissingGlyph, PrintError, TemplateFault};
pub use crate::fonts::{FontSettings, Script};
pub use crate::imprint::{Imprint, Person, Signatory, Term};
pub use crate::paper::agenda::{AgendaBooklet, AgendaDay, AgendaEntry, Appearance};
pub use crate::paper::appointment::{AppointmentLetter, Orientation};
pub use crate::paper::attendance::AttendanceCertificate;
pub use crate::paper::award::AwardCertificate;
pub use crate::paper::plaque::Plaque;
pub use crate::paper::sign_in::{SignInRow, SignInSheet};
pub use crate::picture::{Picture, PictureError};
pub use crate::press::{Press, Printed};
pub use crate::template::Template;
pub use crate::worker::{WorkerSettings, work};
