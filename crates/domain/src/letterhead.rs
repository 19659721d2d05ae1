//! Letterheads: how the papers of an office look, and how it counts them.

use chrono::{DateTime, Utc};

use crate::credential::{NumberPattern, PaperKind};
use crate::id::{LetterheadId, PaperTemplateId, WorkspaceId};
use crate::patch::Patch;
use crate::refusal::{Invalid, Refusals};

/// How the papers of an office look. Pictures are kept by the SHA-256 of their bytes. A picture of a seal
/// or of a signature proves nothing: that is what the signature in the document is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letterhead {
    /// Its id: that of the office, under another name.
    pub id: LetterheadId,
    /// The office.
    pub workspace_id: WorkspaceId,
    /// Raised by every change.
    pub version: i32,
    /// How its papers are numbered: `HY-{year}-{n:6}`.
    pub number_pattern: Option<NumberPattern>,
    /// Whether dates in Chinese are written in Chinese numerals: 二〇二七年三月一日.
    pub chinese_numerals: bool,
    /// The emblem at the head.
    pub logo: Option<String>,
    /// The seal, laid over issuer and date.
    pub seal: Option<String>,
    /// The signature, over the name of who signs.
    pub signature: Option<String>,
}

words! {
    /// A picture on the papers of an office.
    LetterheadPicture, "picture" {
        /// The emblem at the head.
        Logo = "LOGO",
        /// The seal, laid over issuer and date.
        Seal = "SEAL",
        /// The signature, over the name of who signs.
        Signature = "SIGNATURE",
    }
}

/// A template of papers that an office has put in place of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperTemplate {
    /// Its id.
    pub id: PaperTemplateId,
    /// The office.
    pub workspace_id: WorkspaceId,
    /// Raised by every change.
    pub version: i32,
    /// For which papers.
    pub kind: PaperKind,
    /// What it is written as.
    pub source: String,
    /// When it was written.
    pub changed_at: DateTime<Utc>,
}

/// The longest source of a template, in bytes.
const LONGEST_SOURCE: usize = 256 * 1024;

/// The source of a template, if it can be one.
///
/// # Errors
///
/// It says nothing, or is longer than anyone writes.
pub fn template_source(source: &str) -> Result<String, Invalid> {
    if source.trim().is_empty() {
        return Err(Invalid("says nothing".to_owned()));
    }
    if source.len() > LONGEST_SOURCE {
        return Err(Invalid("is longer than 256 KiB".to_owned()));
    }
    Ok(source.to_owned())
}

/// What is to be said of a letterhead.
#[derive(Debug, Clone, Default)]
pub struct LetterheadPatch {
    /// See [`Letterhead::number_pattern`].
    pub number_pattern: Patch<String>,
    /// See [`Letterhead::chinese_numerals`].
    pub chinese_numerals: Patch<bool>,
}

impl Letterhead {
    /// One that says nothing.
    pub fn plain(id: LetterheadId, workspace_id: WorkspaceId) -> Self {
        Self {
            id,
            workspace_id,
            version: 1,
            number_pattern: None,
            chinese_numerals: false,
            logo: None,
            seal: None,
            signature: None,
        }
    }

    /// The place of a picture.
    pub fn picture(&mut self, which: LetterheadPicture) -> &mut Option<String> {
        match which {
            LetterheadPicture::Logo => &mut self.logo,
            LetterheadPicture::Seal => &mut self.seal,
            LetterheadPicture::Signature => &mut self.signature,
        }
    }
}

impl LetterheadPatch {
    /// Lays it over what is known.
    pub fn apply<R: From<Invalid>>(self, to: &mut Letterhead, refusals: &mut Refusals<R>) {
        refusals.set_or_clear(
            "numberPattern",
            self.number_pattern,
            &mut to.number_pattern,
            |text| text.parse::<NumberPattern>(),
        );
        refusals.put(
            "chineseNumerals",
            self.chinese_numerals,
            &mut to.chinese_numerals,
        );
    }
}

refusals! {
    /// Why a letterhead stays as it is.
    LetterheadUpdateRefused { Invalid, Stale }
    /// Why a template of papers stays as it is.
    PaperTemplateSetRefused { Invalid, Missing, Stale, Taken, KeyReused }
    /// Why a template of papers does not go.
    PaperTemplateResetRefused { Stale }
}
