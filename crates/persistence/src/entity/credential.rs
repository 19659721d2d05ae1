//! Rows of what an office has issued, of the documents that are made of it, and of how its papers look.

#[expect(
    clippy::module_inception,
    reason = "the table is called so, and so is its noun"
)]
pub(crate) mod credential {
    //! What was issued.
    use domain::credential::{
        Credential, CredentialKind, CredentialState, CredentialStatus, CredentialSubject, Paper,
        PaperLanguages, VerificationCode,
    };
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Json, Spelled};
    use crate::entity::directory::{party, party_columns};
    use crate::error::Fault;

    thing!("credential" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Credential>,
        workspace_id: DbId<kind::Workspace>,
        event_id: DbId<kind::Event>,
        version: i32,
        kind: Spelled<CredentialKind>,
        letter_id: Option<DbId<kind::AppointmentLetter>>,
        award_recipient_id: Option<DbId<kind::AwardRecipient>>,
        participant_id: Option<DbId<kind::Participant>>,
        holder_person_id: Option<DbId<kind::Person>>,
        holder_organization_id: Option<DbId<kind::Organization>>,
        number: String,
        code: Spelled<VerificationCode>,
        paper: Json<Paper>,
        languages: Spelled<PaperLanguages>,
        status: Spelled<CredentialState>,
        status_at: Option<DateTimeUtc>,
        revocation_reason: Option<String>,
        superseded_by_id: Option<DbId<kind::Credential>>,
        issued_at: DateTimeUtc,
        accepted_at: Option<DateTimeUtc>,
        status_index: i32,
    });

    impl Model {
        fn status(&self) -> Result<CredentialStatus, Fault> {
            let lacks = |column| Fault::inconsistent("credential", column, self.id.0.uuid());
            let at = || self.status_at.ok_or_else(|| lacks("status_at"));
            Ok(match self.status.0 {
                // That a term is over is never stored.
                CredentialState::Valid | CredentialState::Expired => CredentialStatus::Valid,
                CredentialState::Revoked => CredentialStatus::Revoked {
                    at: at()?,
                    reason: self.revocation_reason.clone().unwrap_or_default(),
                },
                CredentialState::Superseded => CredentialStatus::Superseded {
                    at: at()?,
                    by: self
                        .superseded_by_id
                        .ok_or_else(|| lacks("superseded_by_id"))?
                        .0,
                },
            })
        }

        /// The credential, with its document if that is made.
        pub(crate) fn credential(self, document: Option<String>) -> Result<Credential, Fault> {
            let lacks = |column| Fault::inconsistent("credential", column, self.id.0.uuid());
            let subject = match (self.letter_id, self.award_recipient_id, self.participant_id) {
                (Some(letter), _, _) => CredentialSubject::Letter(letter.0),
                (None, Some(recipient), _) => CredentialSubject::Award(recipient.0),
                (None, None, Some(participant)) => CredentialSubject::Attendance(participant.0),
                (None, None, None) => return Err(lacks("letter_id")),
            };
            let holder = party(self.holder_person_id, self.holder_organization_id);
            Ok(Credential {
                status: self.status()?,
                holder: holder.ok_or_else(|| lacks("holder_person_id"))?,
                subject,
                id: self.id.0,
                workspace_id: self.workspace_id.0,
                event_id: self.event_id.0,
                version: self.version,
                kind: self.kind.0,
                number: self.number,
                code: self.code.0,
                paper: self.paper.0,
                languages: self.languages.0,
                issued_at: self.issued_at,
                accepted_at: self.accepted_at,
                status_index: self.status_index,
                document,
            })
        }

        /// The row alone: its document has one of its own.
        pub(crate) fn of(thing: Credential) -> Self {
            let (letter_id, award_recipient_id, participant_id) = match thing.subject {
                CredentialSubject::Letter(id) => (Some(DbId(id)), None, None),
                CredentialSubject::Award(id) => (None, Some(DbId(id)), None),
                CredentialSubject::Attendance(id) => (None, None, Some(DbId(id))),
            };
            let (holder_person_id, holder_organization_id) = party_columns(Some(thing.holder));
            let (status, status_at, revocation_reason, superseded_by_id) = match thing.status {
                CredentialStatus::Valid => (CredentialState::Valid, None, None, None),
                CredentialStatus::Revoked { at, reason } => {
                    (CredentialState::Revoked, Some(at), Some(reason), None)
                }
                CredentialStatus::Superseded { at, by } => {
                    (CredentialState::Superseded, Some(at), None, Some(DbId(by)))
                }
            };
            Self {
                id: DbId(thing.id),
                workspace_id: DbId(thing.workspace_id),
                event_id: DbId(thing.event_id),
                version: thing.version,
                kind: Spelled(thing.kind),
                letter_id,
                award_recipient_id,
                participant_id,
                holder_person_id,
                holder_organization_id,
                number: thing.number,
                code: Spelled(thing.code),
                paper: Json(thing.paper),
                languages: Spelled(thing.languages),
                status: Spelled(status),
                status_at,
                revocation_reason,
                superseded_by_id,
                issued_at: thing.issued_at,
                accepted_at: thing.accepted_at,
                status_index: thing.status_index,
            }
        }
    }
}

pub(crate) mod print {
    //! The document of a credential, while it is made and once it is.
    use domain::credential::PrintState;
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Spelled};

    table!("print" {
        #[sea_orm(primary_key, auto_increment = false)]
        credential_id: DbId<kind::Credential>,
        workspace_id: DbId<kind::Workspace>,
        event_id: DbId<kind::Event>,
        job_id: DbId<kind::Job>,
        state: Spelled<PrintState>,
        is_sent: i32,
        attempts: i32,
        claims: i32,
        claimed_until: Option<DateTimeUtc>,
        document: Option<String>,
        fault: Option<String>,
        done_at: Option<DateTimeUtc>,
    });
}

pub(crate) mod job {
    //! Work that goes on after the request that asked for it.
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::DbId;

    table!("job" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Job>,
        workspace_id: DbId<kind::Workspace>,
        event_id: DbId<kind::Event>,
        total: i32,
        account_id: Option<DbId<kind::Account>>,
        /// What goes with the documents, as soon as there is one to go.
        message_id: Option<DbId<kind::Message>>,
        created_at: DateTimeUtc,
    });
}

pub(crate) mod stored_file {
    //! Bytes, by the SHA-256 of what they are.
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::DbId;

    table!("stored_file" {
        #[sea_orm(primary_key, auto_increment = false)]
        hash: String,
        #[sea_orm(primary_key, auto_increment = false)]
        workspace_id: DbId<kind::Workspace>,
        media_type: String,
        bytes: Option<Vec<u8>>,
        created_at: DateTimeUtc,
    });
}

pub(crate) mod number_count {
    //! How far an office has counted, by what is counted.
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::DbId;

    table!("number_count" {
        #[sea_orm(primary_key, auto_increment = false)]
        workspace_id: DbId<kind::Workspace>,
        #[sea_orm(primary_key, auto_increment = false)]
        scope: String,
        last: i32,
    });
}

pub(crate) mod letterhead {
    //! How the papers of an office look.
    use domain::credential::NumberPattern;
    use domain::id::kind;
    use domain::letterhead::Letterhead;
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Spelled};

    thing!("letterhead" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Letterhead>,
        workspace_id: DbId<kind::Workspace>,
        version: i32,
        number_pattern: Option<Spelled<NumberPattern>>,
        chinese_numerals: i32,
        logo: Option<String>,
        seal: Option<String>,
        signature: Option<String>,
    });

    impl From<Model> for Letterhead {
        fn from(row: Model) -> Self {
            Self {
                id: row.id.0,
                workspace_id: row.workspace_id.0,
                version: row.version,
                number_pattern: row.number_pattern.map(|pattern| pattern.0),
                chinese_numerals: row.chinese_numerals != 0,
                logo: row.logo,
                seal: row.seal,
                signature: row.signature,
            }
        }
    }

    impl From<Letterhead> for Model {
        fn from(thing: Letterhead) -> Self {
            Self {
                id: DbId(thing.id),
                workspace_id: DbId(thing.workspace_id),
                version: thing.version,
                number_pattern: thing.number_pattern.map(Spelled),
                chinese_numerals: i32::from(thing.chinese_numerals),
                logo: thing.logo,
                seal: thing.seal,
                signature: thing.signature,
            }
        }
    }
}

pub(crate) mod paper_template {
    //! A template of papers in place of ours.
    use domain::credential::PaperKind;
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Spelled};

    thing!("paper_template" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::PaperTemplate>,
        workspace_id: DbId<kind::Workspace>,
        version: i32,
        kind: Spelled<PaperKind>,
        source: String,
        changed_at: DateTimeUtc,
    });

    mapped!(directory domain::letterhead::PaperTemplate {
        id, workspace_id, version, kind, source, changed_at,
    });
}
