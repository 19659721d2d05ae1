//! Templates of mails that a workspace has put in place of ours. Whether one can be used only who renders
//! it can say.

use chrono::{DateTime, Utc};

use crate::id::{MailTemplateId, WorkspaceId};
use crate::text::{TextError, passage};

words! {
    /// Which of the texts of a mail.
    MailPart, "part of a mail" {
        /// The subject.
        Subject = "SUBJECT",
        /// The text.
        Text = "TEXT",
        /// The HTML.
        Html = "HTML",
    }
}

/// A template that a workspace has put in place of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailTemplate {
    /// Its id.
    pub id: MailTemplateId,
    /// Whose it is.
    pub workspace_id: WorkspaceId,
    /// Raised by every change.
    pub version: i32,
    /// In place of which: `en/invitation.html`.
    pub name: String,
    /// What it is written as.
    pub source: String,
    /// When it was changed last.
    pub changed_at: DateTime<Utc>,
}

/// The source of a template, with the ends of lines as they are kept.
pub fn template_source(text: &str) -> Result<String, TextError> {
    passage(&text.replace("\r\n", "\n"))
}

refusals! {
    /// Why a template is not put in place of ours.
    MailTemplateSetRefused { Invalid, Missing, Stale, Taken, KeyReused }
    /// Why ours is not used again.
    MailTemplateResetRefused { Stale }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_kept_with_the_lines_that_it_has() {
        assert_eq!(
            template_source("{{ a }}\r\n\t{{ b }}\r\n"),
            Ok("{{ a }}\n\t{{ b }}".to_owned())
        );
        assert_eq!(template_source(" \n"), Err(TextError::Blank));
        assert_eq!(template_source("a\0b"), Err(TextError::Control));
    }
}
