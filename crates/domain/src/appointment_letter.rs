//! Appointment letters: a person appointed to a post in a body, for a term.

use chrono::NaiveDate;

use crate::id::{AppointmentLetterId, EventId, OrganizationId, PersonId};
use crate::patch::{Patch, check_term};
use crate::refusal::{IllegalState, Invalid, Refusals};
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

/// What is to be said of a letter while it is a draft.
#[derive(Debug, Clone, Default)]
pub struct LetterPatch {
    /// See [`AppointmentLetter::external_id`].
    pub external_id: Patch<String>,
    /// See [`AppointmentLetter::appointee_id`].
    pub appointee_id: Patch<PersonId>,
    /// See [`AppointmentLetter::body_id`].
    pub body_id: Patch<OrganizationId>,
    /// See [`AppointmentLetter::post`].
    pub post: Patch<String>,
    /// See [`AppointmentLetter::since`].
    pub since: Patch<NaiveDate>,
    /// See [`AppointmentLetter::until`].
    pub until: Patch<NaiveDate>,
    /// See [`AppointmentLetter::issuers`].
    pub issuers: Patch<Vec<OrganizationId>>,
    /// See [`AppointmentLetter::signatory`].
    pub signatory: Patch<String>,
    /// See [`AppointmentLetter::number`].
    pub number: Patch<String>,
}

impl AppointmentLetter {
    /// A draft that says no more than who is appointed to which body.
    pub fn draft(
        id: AppointmentLetterId,
        event_id: EventId,
        appointee_id: PersonId,
        body_id: OrganizationId,
        position: i32,
    ) -> Self {
        Self {
            id,
            event_id,
            version: 1,
            external_id: None,
            status: LetterStatus::Draft,
            appointee_id,
            body_id,
            post: String::new(),
            since: None,
            until: None,
            issuers: Vec::new(),
            signatory: None,
            number: None,
            position,
        }
    }

    /// That it is still a draft: what was issued is not changed any more.
    pub fn must_be_a_draft(&self) -> Result<(), IllegalState> {
        match self.status {
            LetterStatus::Draft => Ok(()),
            LetterStatus::Issued { .. } | LetterStatus::Revoked { .. } => Err(IllegalState(
                "only a draft can be changed or removed: this letter was issued".to_owned(),
            )),
        }
    }
}

impl LetterPatch {
    /// Lays it over what is known.
    pub fn apply<R: From<Invalid>>(self, to: &mut AppointmentLetter, refusals: &mut Refusals<R>) {
        refusals.key(self.external_id, &mut to.external_id);
        refusals.put("appointeeId", self.appointee_id, &mut to.appointee_id);
        refusals.put("bodyId", self.body_id, &mut to.body_id);
        refusals.line("post", self.post, &mut to.post);
        refusals.put_or_clear("since", self.since, &mut to.since);
        refusals.put_or_clear("until", self.until, &mut to.until);
        refusals.each_once("issuerIds", self.issuers, &mut to.issuers);
        refusals.line_or_clear("signatory", self.signatory, &mut to.signatory);
        refusals.line_or_clear("number", self.number, &mut to.number);
        refusals.checked("until", check_term(to.since, to.until));
    }
}

refusals! {
    /// Why a letter is not drafted.
    LetterDraftRefused { Invalid, Missing, Taken, KeyReused }
    /// Why a letter is not changed.
    LetterUpdateRefused { Invalid, Missing, Stale, Taken, IllegalState }
    /// Why a letter is not removed.
    LetterRemoveRefused { Stale, IllegalState, InUse }
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
