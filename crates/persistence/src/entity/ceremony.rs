//! Rows of awards and appointment letters.

pub(crate) mod award {
    //! An award, without its grantors and recipients.
    use domain::award::AwardKind;
    use domain::id::kind;
    use domain::{Key, LocalizedText};
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Json, Spelled};

    thing!("award" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Award>,
        workspace_id: DbId<kind::Workspace>,
        event_id: DbId<kind::Event>,
        version: i32,
        item_id: Option<DbId<kind::AgendaItem>>,
        external_id: Option<Spelled<Key>>,
        title: Json<LocalizedText>,
        kind: Spelled<AwardKind>,
        level: Option<String>,
        citation: Option<Json<LocalizedText>>,
        position: i32,
    });

    impl Model {
        pub(crate) fn award(
            self,
            grantors: Vec<domain::id::OrganizationId>,
            recipients: Vec<domain::award::AwardRecipient>,
        ) -> domain::award::Award {
            domain::award::Award {
                id: self.id.0,
                event_id: self.event_id.0,
                version: self.version,
                item_id: self.item_id.map(|id| id.0),
                external_id: self.external_id.map(|key| key.0),
                title: self.title.0,
                kind: self.kind.0,
                level: self.level,
                citation: self.citation.map(|citation| citation.0),
                grantors,
                recipients,
                position: self.position,
            }
        }

        /// The row alone: grantors and recipients have rows of their own.
        pub(crate) fn of(workspace: domain::id::WorkspaceId, thing: &domain::award::Award) -> Self {
            Self {
                id: DbId(thing.id),
                workspace_id: DbId(workspace),
                event_id: DbId(thing.event_id),
                version: thing.version,
                item_id: thing.item_id.map(DbId),
                external_id: thing.external_id.clone().map(Spelled),
                title: Json(thing.title.clone()),
                kind: Spelled(thing.kind),
                level: thing.level.clone(),
                citation: thing.citation.clone().map(Json),
                position: thing.position,
            }
        }
    }
}

pub(crate) mod award_grantor {
    //! Who grants an award.
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::DbId;

    table!("award_grantor" {
        #[sea_orm(primary_key, auto_increment = false)]
        award_id: DbId<kind::Award>,
        position: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        organization_id: DbId<kind::Organization>,
    });
}

pub(crate) mod award_recipient {
    //! Who got an award.
    use domain::award::AwardRecipient;
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::DbId;
    use crate::entity::directory::party;

    thing!("award_recipient" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::AwardRecipient>,
        workspace_id: DbId<kind::Workspace>,
        event_id: DbId<kind::Event>,
        version: i32,
        award_id: DbId<kind::Award>,
        person_id: Option<DbId<kind::Person>>,
        organization_id: Option<DbId<kind::Organization>>,
        position: i32,
    });

    impl Model {
        pub(crate) fn recipient(self) -> Option<AwardRecipient> {
            Some(AwardRecipient {
                id: self.id.0,
                version: self.version,
                award_id: self.award_id.0,
                recipient: party(self.person_id, self.organization_id)?,
                position: self.position,
            })
        }
    }
}

pub(crate) mod appointment_letter {
    //! An appointment letter, without its issuers.
    use domain::Key;
    use domain::appointment_letter::{AppointmentLetter, LetterState, LetterStatus};
    use domain::id::{OrganizationId, kind};
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Spelled};
    use crate::error::Fault;

    thing!("appointment_letter" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::AppointmentLetter>,
        workspace_id: DbId<kind::Workspace>,
        event_id: DbId<kind::Event>,
        version: i32,
        external_id: Option<Spelled<Key>>,
        status: Spelled<LetterState>,
        issued_on: Option<Date>,
        revoked_on: Option<Date>,
        revocation_reason: Option<String>,
        appointee_id: DbId<kind::Person>,
        body_id: DbId<kind::Organization>,
        post: String,
        since: Option<Date>,
        until: Option<Date>,
        signatory: Option<String>,
        number: Option<String>,
        position: i32,
    });

    impl Model {
        /// The status with its facts, or which of them the row lacks.
        pub(crate) fn status(&self) -> Result<LetterStatus, Fault> {
            let lacks =
                |column| Fault::inconsistent("appointment_letter", column, self.id.0.uuid());
            let issued_on = || self.issued_on.ok_or_else(|| lacks("issued_on"));
            Ok(match self.status.0 {
                LetterState::Draft => LetterStatus::Draft,
                // That a term is over is never stored.
                LetterState::Issued | LetterState::Expired => {
                    LetterStatus::Issued { on: issued_on()? }
                }
                LetterState::Revoked => LetterStatus::Revoked {
                    issued_on: issued_on()?,
                    on: self.revoked_on.ok_or_else(|| lacks("revoked_on"))?,
                    reason: self.revocation_reason.clone(),
                },
            })
        }

        /// Takes a status over into the columns.
        pub(crate) fn set_status(&mut self, status: LetterStatus) {
            self.issued_on = status.issued_on();
            (self.status, self.revoked_on, self.revocation_reason) = match status {
                LetterStatus::Draft => (Spelled(LetterState::Draft), None, None),
                LetterStatus::Issued { .. } => (Spelled(LetterState::Issued), None, None),
                LetterStatus::Revoked { on, reason, .. } => {
                    (Spelled(LetterState::Revoked), Some(on), reason)
                }
            };
        }

        pub(crate) fn letter(
            self,
            issuers: Vec<OrganizationId>,
        ) -> Result<AppointmentLetter, Fault> {
            Ok(AppointmentLetter {
                status: self.status()?,
                id: self.id.0,
                event_id: self.event_id.0,
                version: self.version,
                external_id: self.external_id.map(|key| key.0),
                appointee_id: self.appointee_id.0,
                body_id: self.body_id.0,
                post: self.post,
                since: self.since,
                until: self.until,
                issuers,
                signatory: self.signatory,
                number: self.number,
                position: self.position,
            })
        }

        /// The row alone: issuers have rows of their own.
        pub(crate) fn of(workspace: domain::id::WorkspaceId, thing: &AppointmentLetter) -> Self {
            let mut row = Self {
                id: DbId(thing.id),
                workspace_id: DbId(workspace),
                event_id: DbId(thing.event_id),
                version: thing.version,
                external_id: thing.external_id.clone().map(Spelled),
                status: Spelled(LetterState::Draft),
                issued_on: None,
                revoked_on: None,
                revocation_reason: None,
                appointee_id: DbId(thing.appointee_id),
                body_id: DbId(thing.body_id),
                post: thing.post.clone(),
                since: thing.since,
                until: thing.until,
                signatory: thing.signatory.clone(),
                number: thing.number.clone(),
                position: thing.position,
            };
            row.set_status(thing.status.clone());
            row
        }
    }
}

pub(crate) mod letter_issuer {
    //! Who issues a letter.
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::DbId;

    table!("letter_issuer" {
        #[sea_orm(primary_key, auto_increment = false)]
        letter_id: DbId<kind::AppointmentLetter>,
        position: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        organization_id: DbId<kind::Organization>,
    });
}
