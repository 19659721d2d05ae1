//! How commands fail, and the exit codes that tell it to other programs.
//!
//! 0: done. 1: refused, because of what was given (a document with problems, a slug that is
//! taken, something that does not exist). 2: wrong usage or a wrong setting. 3: a fault, ours or
//! the machine's (no database, no permission to write). Who takes mail from a pipe says so in the words of
//! mail servers (sysexits.h). 65: it will not be taken. 75: not now.

use persistence::Fault;

/// Refused because of what was given.
pub const REFUSED: u8 = 1;
/// Wrong usage, or a wrong setting.
pub const USAGE: u8 = 2;
/// A fault.
pub const FAULT: u8 = 3;

/// A mail that will not be taken (`EX_DATAERR`).
const BAD_MAIL: u8 = 65;
/// A mail that could not be taken now (`EX_TEMPFAIL`).
const TRY_AGAIN: u8 = 75;

/// Why a command did not do what it should.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Refused because of what was given.
    #[error("{0}")]
    Refused(String),
    /// A setting that cannot be right.
    #[error("{setting} is wrong: {reason}")]
    Setting {
        /// The flag and the variable.
        setting: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A setting that is not there.
    #[error("{setting} is missing: {reason}")]
    Missing {
        /// The flag and the variable.
        setting: &'static str,
        /// What it is needed for.
        reason: &'static str,
    },
    /// The database cannot be opened.
    #[error("cannot open the database of {setting}: {fault}")]
    Database {
        /// The flag and the variable.
        setting: &'static str,
        /// Why.
        fault: Fault,
    },
    /// The store broke.
    #[error(transparent)]
    Store(#[from] Fault),
    /// A mail that is larger than is taken.
    #[error("the mail is larger than {most} bytes")]
    TooLarge {
        /// What is taken at most.
        most: usize,
    },
    /// A mail that could not be taken now: the mail server keeps it, and tries again.
    #[error("{0}; the mail was not taken")]
    TryAgain(Box<Self>),
    /// Reading, writing or listening broke.
    #[error("{what}: {source}")]
    Io {
        /// What was being done.
        what: String,
        /// What the system said.
        source: std::io::Error,
    },
}

impl Failure {
    /// The code to exit with.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Refused(_) => REFUSED,
            Self::Setting { .. } | Self::Missing { .. } => USAGE,
            Self::TooLarge { .. } => BAD_MAIL,
            Self::TryAgain(_) => TRY_AGAIN,
            Self::Database { .. } | Self::Store(_) | Self::Io { .. } => FAULT,
        }
    }

    /// An input or output error, with what was being done.
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}

impl<R: std::fmt::Display> From<persistence::Error<R>> for Failure {
    fn from(error: persistence::Error<R>) -> Self {
        match error {
            persistence::Error::Refused(refused) => Self::Refused(refused.to_string()),
            persistence::Error::Denied(denied) => Self::Refused(denied.to_string()),
            persistence::Error::Fault(fault) => Self::Store(fault),
        }
    }
}
