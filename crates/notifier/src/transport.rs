//! Where a mail is handed over: to a mail server, into a folder, or, in tests, into memory.
//!
//! What became of it is said exactly, since what happens next depends on it: a mail that was never
//! sent is sent again without a second thought, one that may have arrived is not.

mod file;
mod memory;
mod settings;
mod smtp;

use std::fmt;

use crate::address::Address;

pub use file::File;
pub use memory::{Memory, Sent};
pub use settings::{Login, Security, SettingsError, SmtpSettings, TransportSettings};
pub use smtp::{Limits, Smtp, TlsError};

/// A way out for mails.
#[derive(Debug)]
pub enum Transport {
    /// A mail server, which takes them on.
    Smtp(Box<Smtp>),
    /// A folder of files that one can open.
    File(File),
    /// Memory, for tests.
    Memory(Memory),
}

/// Who a mail goes to, for those who carry it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The mail's Message-ID, by which files are named.
    pub message_id: String,
    /// Where bounces go.
    pub from: Address,
    /// Who it is for.
    pub to: Address,
}

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was taken on: it is no longer ours.
    Accepted(Reply),
    /// Not now, says the server (4yz).
    Deferred(Reply),
    /// Not ever, says the server (5yz); which is not always so.
    Refused(Reply),
    /// Nobody was spoken to, or the conversation broke before the mail was begun. It was not sent.
    Unreachable(String),
    /// The conversation broke after the mail was begun. It may have been sent, or not.
    Uncertain(String),
}

/// What a server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// To what it was said.
    pub stage: Stage,
    /// Three digits.
    pub code: u16,
    /// The text, on one line.
    pub text: String,
}

/// What a reply is about. A server that refuses *us* says nothing about the recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The connection: its greeting, TLS, the login.
    Connection,
    /// Who sends.
    Sender,
    /// Who it is for.
    Recipient,
    /// The mail itself.
    Content,
}

/// A status code of RFC 3463: class, subject, detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnhancedStatus(pub u8, pub u16, pub u16);

impl Transport {
    /// The way out that settings name.
    pub fn new(settings: TransportSettings) -> Result<Self, TlsError> {
        Ok(match settings {
            TransportSettings::Smtp(settings) => Self::Smtp(Box::new(Smtp::new(*settings)?)),
            TransportSettings::File(folder) => Self::File(File::new(folder)),
        })
    }

    /// Hands one mail over.
    pub async fn send(&self, envelope: &Envelope, mail: &[u8]) -> Outcome {
        match self {
            Self::Smtp(smtp) => smtp.send(envelope, mail).await,
            Self::File(file) => file.send(envelope, mail).await,
            Self::Memory(memory) => memory.send(envelope, mail),
        }
    }

    /// Takes leave on connections that nobody has used for a while: for when nothing is to be sent.
    pub async fn tidy(&self) {
        if let Self::Smtp(smtp) = self {
            smtp.tidy().await;
        }
    }

    /// Takes leave of servers that are being talked to.
    pub async fn close(&self) {
        if let Self::Smtp(smtp) = self {
            smtp.close().await;
        }
    }
}

impl Reply {
    /// The status code that a text begins with, where it does.
    pub fn enhanced(&self) -> Option<EnhancedStatus> {
        self.text.split_whitespace().next()?.parse().ok()
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.text)
    }
}

impl fmt::Display for EnhancedStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

impl std::str::FromStr for EnhancedStatus {
    type Err = NoStatus;

    fn from_str(text: &str) -> Result<Self, NoStatus> {
        let mut parts = text.trim().splitn(3, '.');
        let class = match parts.next() {
            Some("2") => 2,
            Some("4") => 4,
            Some("5") => 5,
            _ => return Err(NoStatus),
        };
        let mut number = || -> Option<u16> {
            let part = parts.next()?;
            let digits = (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| part.parse().ok())?
        };
        match (number(), number()) {
            (Some(subject), Some(detail)) => Ok(Self(class, subject, detail)),
            _ => Err(NoStatus),
        }
    }
}

/// Not a status code of RFC 3463.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a status code such as 5.1.1")]
pub struct NoStatus;
