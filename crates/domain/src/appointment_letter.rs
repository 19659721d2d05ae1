//! Appointment letters: a person appointed to a post in a body, for a term.

use chrono::NaiveDate;

use crate::id::{AppointmentLetterId, EventId, OrganizationId, PersonId};
use crate::text::Key;

words! {
    /// What a letter is worth.
    LetterState, "letter status" {
        /// Being prepared.
        Draft = "DRAFT",
        /// Issued, and good.
        Issued = "ISSUED",
        /// Taken back.
        Revoked = "REVOKED",
        /// Its term is over.
        Expired = "EXPIRED",
    }
}

/// What a letter is worth, with the facts of each state. That a term is over follows from the
/// calendar and is not stored: see [`LetterStatus::state_on`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetterStatus {
    /// Being prepared.
    Draft,
    /// Issued.
    Issued {
        /// The date it bears.
        on: NaiveDate,
    },
    /// Taken back.
    Revoked {
        /// The date it bears.
        issued_on: NaiveDate,
        /// Since when it is no longer good.
        on: NaiveDate,
        /// Why.
        reason: Option<String>,
    },
}

/// Why a letter cannot go from one state to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LetterTransitionRefused {
    /// Not from this state.
    #[error("a letter that is {from} cannot become {to}")]
    IllegalState {
        /// What it is.
        from: LetterState,
        /// What it was to become.
        to: LetterState,
    },
    /// It bears another date already.
    #[error("the letter was issued on {0}: a date once given stays")]
    DateGiven(NaiveDate),
    /// Nothing is revoked before it was issued.
    #[error("cannot be revoked before it was issued, on {0}")]
    RevokedBeforeIssue(NaiveDate),
}

impl LetterStatus {
    /// The state on a day, the end of the term considered.
    pub fn state_on(&self, today: NaiveDate, until: Option<NaiveDate>) -> LetterState {
        match self {
            Self::Draft => LetterState::Draft,
            Self::Revoked { .. } => LetterState::Revoked,
            Self::Issued { .. } if until.is_some_and(|last| last < today) => LetterState::Expired,
            Self::Issued { .. } => LetterState::Issued,
        }
    }

    /// The date it bears.
    pub fn issued_on(&self) -> Option<NaiveDate> {
        match self {
            Self::Draft => None,
            Self::Issued { on } => Some(*on),
            Self::Revoked { issued_on, .. } => Some(*issued_on),
        }
    }

    /// Issues a draft.
    pub fn issue(self, on: NaiveDate) -> Result<Self, LetterTransitionRefused> {
        match self {
            Self::Draft => Ok(Self::Issued { on }),
            Self::Issued { on: given } if given == on => Ok(self),
            Self::Issued { on: given } => Err(LetterTransitionRefused::DateGiven(given)),
            Self::Revoked { .. } => Err(LetterTransitionRefused::IllegalState {
                from: LetterState::Revoked,
                to: LetterState::Issued,
            }),
        }
    }

    /// Takes an issued letter back.
    pub fn revoke(
        self,
        on: NaiveDate,
        reason: Option<String>,
    ) -> Result<Self, LetterTransitionRefused> {
        match self {
            Self::Issued { on: issued_on } if on < issued_on => {
                Err(LetterTransitionRefused::RevokedBeforeIssue(issued_on))
            }
            Self::Issued { on: issued_on } => Ok(Self::Revoked {
                issued_on,
                on,
                reason,
            }),
            Self::Draft => Err(LetterTransitionRefused::IllegalState {
                from: LetterState::Draft,
                to: LetterState::Revoked,
            }),
            Self::Revoked { .. } => Ok(self),
        }
    }

    /// Brings it to where a document says it is.
    pub fn reach(self, wanted: &Self) -> Result<Self, LetterTransitionRefused> {
        match wanted {
            Self::Draft if self == Self::Draft => Ok(self),
            Self::Draft => Err(LetterTransitionRefused::IllegalState {
                from: match self {
                    Self::Revoked { .. } => LetterState::Revoked,
                    Self::Draft | Self::Issued { .. } => LetterState::Issued,
                },
                to: LetterState::Draft,
            }),
            Self::Issued { on } => self.issue(*on),
            Self::Revoked {
                issued_on,
                on,
                reason,
            } => {
                if &self == wanted {
                    return Ok(self);
                }
                self.issue(*issued_on)?.revoke(*on, reason.clone())
            }
        }
    }
}

/// A letter by which a person is appointed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppointmentLetter {
    /// Its id.
    pub id: AppointmentLetterId,
    /// The event at which it is given.
    pub event_id: EventId,
    /// Raised by every change.
    pub version: i32,
    /// The caller's own name for it.
    pub external_id: Option<Key>,
    /// What it is worth.
    pub status: LetterStatus,
    /// Who is appointed.
    pub appointee_id: PersonId,
    /// To which body.
    pub body_id: OrganizationId,
    /// To which post.
    pub post: String,
    /// The first day of the term.
    pub since: Option<NaiveDate>,
    /// The last day of the term.
    pub until: Option<NaiveDate>,
    /// Who issues it, in order.
    pub issuers: Vec<OrganizationId>,
    /// Who signs, with the post: "Example Name, President".
    pub signatory: Option<String>,
    /// The number it bears.
    pub number: Option<String>,
    /// Its place in the list, from 0.
    pub position: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn goes_from_draft_to_issued_to_revoked_and_never_back() {
        let issued = LetterStatus::Draft.issue(day("2024-05-14")).unwrap();
        assert_eq!(issued.issued_on(), Some(day("2024-05-14")));
        assert!(LetterStatus::Draft.revoke(day("2024-05-14"), None).is_err());
        assert_eq!(
            issued.clone().issue(day("2024-05-15")),
            Err(LetterTransitionRefused::DateGiven(day("2024-05-14")))
        );
        assert!(issued.clone().reach(&LetterStatus::Draft).is_err());
        assert_eq!(
            issued.clone().revoke(day("2024-05-13"), None),
            Err(LetterTransitionRefused::RevokedBeforeIssue(day(
                "2024-05-14"
            )))
        );
        let revoked = issued.revoke(day("2025-01-01"), None).unwrap();
        assert_eq!(revoked.issued_on(), Some(day("2024-05-14")));
        assert!(revoked.issue(day("2024-05-14")).is_err());
    }

    #[test]
    fn expires_by_the_calendar_alone() {
        let issued = LetterStatus::Issued {
            on: day("2024-05-14"),
        };
        let until = Some(day("2026-05-13"));
        assert_eq!(
            issued.state_on(day("2026-05-13"), until),
            LetterState::Issued
        );
        assert_eq!(
            issued.state_on(day("2026-05-14"), until),
            LetterState::Expired
        );
        assert_eq!(
            issued.state_on(day("2099-01-01"), None),
            LetterState::Issued
        );
    }
}
