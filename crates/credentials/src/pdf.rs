//! Signatures of PDFs: `PAdES`, level B-B (ETSI EN 319 142-1), put behind the document that they sign.

mod lexer;
mod sign;
mod structure;
mod verify;

pub use sign::{SignatureFacts, sign_pdf};
pub use verify::{Verdict, verify_pdf};

use crate::key::KeyFault;

/// Why a PDF cannot be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PdfFault {
    /// Not a PDF, or one that is not whole.
    #[error("the PDF cannot be read: {0}")]
    Unreadable(&'static str),
    /// It cannot be read without a password.
    #[error("the PDF is encrypted")]
    Encrypted,
    /// It has fields, perhaps signed ones. Ours have none before they are signed.
    #[error("the PDF has a form, or is signed already")]
    HasForm,
    /// Hardly any reader of PDFs knows of such signatures (ISO/TS 32002).
    #[error(
        "an Ed25519 key does not sign PDFs: hardly any reader knows such signatures; use RSA or P-256"
    )]
    Ed25519,
    /// The key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyFault),
}
