//! What makes an issued letter or certificate verifiable: keys, signatures in PDFs, and badges. Values and
//! bytes go in, bytes come out; nothing here waits, reads a clock or knows a database.
//!
//! A [`SigningKey`] signs a PDF ([`sign_pdf`]) so that any reader of signatures can say who signed it and
//! that it is unchanged, and a badge ([`Badge::issue`]) so that any wallet can. [`verify_pdf`] and
//! [`verify_badge`] say of what strangers hand in whether it is ours.
//!
//! The same key, the same facts and the same moment make the same bytes. What is read may come from
//! anybody: nothing panics, and the work is bounded by the length of what was given.
#![warn(missing_docs)]

mod badge;
mod certificate;
mod cms;
mod jws;
mod key;
mod pdf;
mod public_key;
mod status_list;
#[cfg(test)]
mod tests;

pub use badge::{
    Achievement, Badge, BadgeFault, BadgeStatus, Issuer, Recipient, VerifiedBadge, verify_badge,
};
pub use certificate::{Certificate, NotACertificate};
pub use jws::JwsFault;
pub use key::{KeyFault, SigningKey};
pub use pdf::{PdfFault, SignatureFacts, Verdict, sign_pdf, verify_pdf};
pub use public_key::{NotAPublicKey, PublicKey, jwks};
pub use status_list::{SMALLEST_STATUS_LIST, StatusList, StatusListFault};
