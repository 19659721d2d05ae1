//! Credentials: what an office has issued, and what anybody can ask about it.
//!
//! A credential is made once and says for ever what it said then; whatever becomes of the person, the
//! event or the office is not told on it. Only its status changes.

mod identity;

use chrono::{DateTime, NaiveDate, Utc};

use crate::id::{
    AppointmentLetterId, AwardRecipientId, CredentialId, EventId, ParticipantId, WorkspaceId,
};
use crate::organization::Party;
use crate::refusal::{IllegalState, Invalid};
use crate::text::LocalizedText;

pub use identity::{
    NotAVerificationCode, NumberPattern, NumberPatternError, NumberPeriod, VerificationCode,
};

words! {
    /// What was issued.
    CredentialKind, "kind of credential" {
        /// A letter of appointment (聘书).
        AppointmentLetter = "APPOINTMENT_LETTER",
        /// A certificate of an honour or a prize (荣誉证书).
        AwardCertificate = "AWARD_CERTIFICATE",
        /// The sheet of a plaque (授牌).
        Plaque = "PLAQUE",
        /// A certificate of attendance (参会证明).
        AttendanceCertificate = "ATTENDANCE_CERTIFICATE",
    }
}

words! {
    /// What a credential is worth.
    CredentialState, "state of a credential" {
        /// It holds.
        Valid = "VALID",
        /// Its term is over.
        Expired = "EXPIRED",
        /// It was taken back.
        Revoked = "REVOKED",
        /// Another was issued in its place.
        Superseded = "SUPERSEDED",
    }
}

words! {
    /// What an office prints.
    PaperKind, "kind of paper" {
        /// A letter of appointment (聘书).
        AppointmentLetter = "APPOINTMENT_LETTER",
        /// A certificate of an honour or a prize (荣誉证书).
        AwardCertificate = "AWARD_CERTIFICATE",
        /// The sheet of a plaque (授牌).
        Plaque = "PLAQUE",
        /// A certificate of attendance (参会证明).
        AttendanceCertificate = "ATTENDANCE_CERTIFICATE",
        /// The programme of an event (会议手册).
        AgendaBooklet = "AGENDA_BOOKLET",
        /// The sheet at the door (签到表).
        SignInSheet = "SIGN_IN_SHEET",
    }
}

impl From<CredentialKind> for PaperKind {
    fn from(kind: CredentialKind) -> Self {
        match kind {
            CredentialKind::AppointmentLetter => Self::AppointmentLetter,
            CredentialKind::AwardCertificate => Self::AwardCertificate,
            CredentialKind::Plaque => Self::Plaque,
            CredentialKind::AttendanceCertificate => Self::AttendanceCertificate,
        }
    }
}

words! {
    /// How far the document of a credential has come.
    PrintState, "state of a document" {
        /// It is to be made.
        Waiting = "WAITING",
        /// It is being made.
        Printing = "PRINTING",
        /// It is made.
        Printed = "PRINTED",
        /// It could not be made, and is not tried any more.
        Failed = "FAILED",
    }
}

words! {
    /// The languages that a paper is in.
    PaperLanguages, "languages of a paper" {
        /// Chinese alone.
        Chinese = "CHINESE",
        /// English alone.
        English = "ENGLISH",
        /// Chinese, with English beside or beneath it.
        Bilingual = "BILINGUAL",
    }
}

/// What a credential is worth, with the facts of each state. That its term is over follows from the
/// calendar and is not stored: see [`Credential::state_on`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialStatus {
    /// It holds, as long as its term lasts.
    Valid,
    /// It was taken back.
    Revoked {
        /// When.
        at: DateTime<Utc>,
        /// Why, as everybody is told who asks.
        reason: String,
    },
    /// Another was issued in its place.
    Superseded {
        /// When.
        at: DateTime<Utc>,
        /// By which.
        by: CredentialId,
    },
}

/// What it was issued for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CredentialSubject {
    /// An appointment.
    Letter(AppointmentLetterId),
    /// An award that somebody got.
    Award(AwardRecipientId),
    /// Somebody's being there.
    Attendance(ParticipantId),
}

/// What a paper says, as it was when it was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Whose it is: a person, a team, an organization.
    pub holder: LocalizedText,
    /// The post, the award, the title conferred; as what somebody was there.
    pub title: LocalizedText,
    /// The body that somebody is appointed to; where somebody who was there is from.
    pub body: Option<LocalizedText>,
    /// What it is for, in whole sentences.
    pub citation: Option<LocalizedText>,
    /// The event at which it is given.
    pub event: LocalizedText,
    /// The first day of the event and its last.
    pub event_days: (NaiveDate, NaiveDate),
    /// Where the event was.
    pub place: Option<LocalizedText>,
    /// The first day of the term.
    pub since: Option<NaiveDate>,
    /// The last day of the term.
    pub until: Option<NaiveDate>,
    /// Who issues it, in order.
    pub issuers: Vec<LocalizedText>,
    /// Who signs, with the post: "Example Name, President".
    pub signatory: Option<String>,
    /// The sessions that somebody was at, in order.
    pub sessions: Vec<LocalizedText>,
    /// For how many minutes in all.
    pub minutes: Option<i32>,
    /// The date that it bears.
    pub issued_on: NaiveDate,
}

/// What an office has issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Its id.
    pub id: CredentialId,
    /// The office.
    pub workspace_id: WorkspaceId,
    /// The event at which it is given.
    pub event_id: EventId,
    /// Raised by every change.
    pub version: i32,
    /// What it is.
    pub kind: CredentialKind,
    /// What it was issued for.
    pub subject: CredentialSubject,
    /// Whose it is.
    pub holder: Party,
    /// Its number, as the office counts: never given twice.
    pub number: String,
    /// What anybody who has the paper asks by. Nothing of the number is in it.
    pub code: VerificationCode,
    /// What it says.
    pub paper: Paper,
    /// In which languages.
    pub languages: PaperLanguages,
    /// What it is worth.
    pub status: CredentialStatus,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// When the one whom it appoints accepted.
    pub accepted_at: Option<DateTime<Utc>>,
    /// Its place in the list by which the office says which badges are taken back, from 0: nothing of the
    /// holder is in it.
    pub status_index: i32,
    /// The document, by the SHA-256 of its bytes; none until it is made.
    pub document: Option<String>,
}

impl Credential {
    /// What it is worth on a day.
    pub fn state_on(&self, today: NaiveDate) -> CredentialState {
        match self.status {
            CredentialStatus::Revoked { .. } => CredentialState::Revoked,
            CredentialStatus::Superseded { .. } => CredentialState::Superseded,
            CredentialStatus::Valid if self.paper.until.is_some_and(|last| last < today) => {
                CredentialState::Expired
            }
            CredentialStatus::Valid => CredentialState::Valid,
        }
    }

    /// Takes it back.
    ///
    /// # Errors
    ///
    /// It is in force no longer.
    pub fn revoke(&mut self, at: DateTime<Utc>, reason: String) -> Result<(), IllegalState> {
        self.must_be_in_force()?;
        self.status = CredentialStatus::Revoked { at, reason };
        Ok(())
    }

    /// Another is issued in its place.
    ///
    /// # Errors
    ///
    /// It is in force no longer.
    pub fn supersede(&mut self, at: DateTime<Utc>, by: CredentialId) -> Result<(), IllegalState> {
        self.must_be_in_force()?;
        self.status = CredentialStatus::Superseded { at, by };
        Ok(())
    }

    /// The one whom it appoints accepts. Done again, it stays as it was.
    ///
    /// # Errors
    ///
    /// It is no appointment, or in force no longer.
    pub fn accept(&mut self, at: DateTime<Utc>) -> Result<(), IllegalState> {
        if self.kind != CredentialKind::AppointmentLetter {
            return Err(IllegalState("only an appointment is accepted".to_owned()));
        }
        self.must_be_in_force()?;
        self.accepted_at.get_or_insert(at);
        Ok(())
    }

    fn must_be_in_force(&self) -> Result<(), IllegalState> {
        let why = match self.status {
            CredentialStatus::Valid => return Ok(()),
            CredentialStatus::Revoked { .. } => "it was taken back before",
            CredentialStatus::Superseded { .. } => "another was issued in its place",
        };
        Err(IllegalState(why.to_owned()))
    }
}

/// How many credentials are issued in one go at most.
pub const ISSUED_AT_ONCE: usize = 5_000;

/// Whether a date can stand on something that is issued: nothing is dated more than a year ahead.
///
/// # Errors
///
/// Why not.
pub fn check_issued_on(date: NaiveDate, today: NaiveDate) -> Result<NaiveDate, Invalid> {
    if date > today + chrono::Days::new(366) {
        return Err(Invalid("is more than a year ahead".to_owned()));
    }
    Ok(date)
}

refusals! {
    /// Why nothing is issued.
    CredentialIssueRefused { Invalid, Missing, IllegalState, KeyReused }
    /// Why a credential is not taken back.
    CredentialRevokeRefused { Invalid, Stale, IllegalState }
    /// Why a credential is not issued anew.
    CredentialReissueRefused { Invalid, Missing, Stale, IllegalState, KeyReused }
    /// Why an appointment is not accepted.
    CredentialAcceptRefused { IllegalState }
}
