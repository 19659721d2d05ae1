//! Why nothing is printed.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::fonts::Script;

/// Why there is no paper.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum PrintError {
    /// Characters that no font here can draw. Nothing was made.
    #[error("no font has {}", listed(.0))]
    MissingGlyphs(Vec<MissingGlyph>),
    /// The template is wrong, or what it makes is.
    #[error("{}", listed(.0))]
    Template(Vec<TemplateFault>),
    /// The address of the verification is longer than a square on paper can hold.
    #[error("the address {0} is too long for a QR code")]
    AddressTooLong(String),
    /// More pages than anyone would print.
    #[error("the document has {pages} pages, more than {most}")]
    TooManyPages {
        /// As many as there are.
        pages: usize,
        /// As many as there may be.
        most: usize,
    },
    /// A template of a workspace was not done in time.
    #[error("the template did not end within {} seconds", .0.as_secs())]
    RunsAway(Duration),
    /// A template of a workspace took more memory than one may have, in MiB, or stacked up more than there is room
    /// for.
    #[error(
        "the template needs more than {0} MiB of memory, or does not come back from what it calls"
    )]
    Exhausted(u64),
    /// Templates of workspaces have kept the press busy for as long as one may take, and nothing was begun.
    #[error("other templates keep the press busy")]
    Busy,
    /// The typesetter broke down, which is its fault and not the template's.
    #[error("the typesetter failed: {0}")]
    Typesetter(String),
}

/// A character that no font can draw, and where it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MissingGlyph {
    /// The character.
    pub character: char,
    /// The part of the document that has it (`appointee.name.zh`), or the page (`page 2`).
    pub place: String,
}

impl MissingGlyph {
    /// The script that it belongs to, which knows a package with its fonts.
    pub fn script(&self) -> Option<Script> {
        Script::of(self.character)
    }
}

impl fmt::Display for MissingGlyph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = u32::from(self.character);
        if self.character.is_control() {
            write!(f, "U+{code:04X} ({})", self.place)
        } else {
            write!(f, "{} U+{code:04X} ({})", self.character, self.place)
        }
    }
}

/// What is wrong with a template, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateFault {
    /// The line of the template, from 1; none where the whole of it is meant.
    pub line: Option<usize>,
    /// The column, from 1.
    pub column: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What might help.
    pub hints: Vec<String>,
}

impl fmt::Display for TemplateFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        f.write_str(&self.message)?;
        for hint in &self.hints {
            write!(f, " ({hint})")?;
        }
        Ok(())
    }
}

fn listed<T: fmt::Display>(all: &[T]) -> String {
    all.iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}
