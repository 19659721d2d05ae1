//! Issuing, taking back, issuing anew.

use std::collections::HashSet;
use std::sync::Arc;

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use domain::credential::CredentialSubject;
use domain::id::kind;
use persistence::{Issue, IssueWhat, Issued, Reissue};

use super::{Credential, Job};
use crate::appointment_letter::AppointmentLetter;
use crate::bulk::effect;
use crate::change::{about, outcome, payload, retry, thing};
use crate::id::GlobalId;
use crate::list::List;
use crate::request::session;
use crate::requires::requires;
use crate::scalar::Date;
use crate::user_error::UserError;
use crate::word::{PaperLanguages, Permission};

macro_rules! issue_input {
    ($(#[$meta:meta])* $input:ident { $(#[$which_meta:meta])* $which:ident: $kind:ident }) => {
        $(#[$meta])*
        #[derive(InputObject)]
        pub(crate) struct $input {
            /// At which event.
            event_id: GlobalId<kind::Event>,
            $(#[$which_meta])*
            $which: Option<Vec<GlobalId<kind::$kind>>>,
            /// The date that they bear; today at the event, if nothing is said.
            issued_on: Option<Date>,
            /// In which languages; that of the event, if nothing is said.
            languages: Option<PaperLanguages>,
            /// Whether each person is sent theirs when it is made; organizations are not written to.
            #[graphql(default = false)]
            send: bool,
            /// Whether it is only tried: the answer says what would be issued, and nothing is. The numbers
            /// are those that would be given now.
            #[graphql(default = false)]
            dry_run: bool,
            /// The caller's own key for this request: sent again within 24 hours with the same input, it
            /// issues nothing twice and gets the same answer.
            idempotency_key: Option<String>,
        }

        impl $input {
            fn issue(&self) -> Issue {
                let which = self.$which.as_ref();
                Issue {
                    event: Some(self.event_id.0),
                    what: Self::what(which.map(|ids| ids.iter().map(|id| id.0).collect())),
                    on: self.issued_on.as_ref().map(|day| day.0),
                    languages: self.languages.map(Into::into),
                    send: self.send,
                    effect: effect(self.dry_run),
                }
            }
        }
    };
}

/// Letters of appointment to be issued.
#[derive(InputObject)]
pub(crate) struct LetterIssueInput {
    /// Some letters, all of one event; else all drafts of the event.
    letter_ids: Option<Vec<GlobalId<kind::AppointmentLetter>>>,
    /// The event; needed only where no letters are named.
    event_id: Option<GlobalId<kind::Event>>,
    /// The date that they bear; today at the event, if nothing is said.
    issued_on: Option<Date>,
    /// In which languages; that of the event, if nothing is said.
    languages: Option<PaperLanguages>,
    /// Whether each person is sent theirs when it is made; organizations are not written to.
    #[graphql(default = false)]
    send: bool,
    /// Whether it is only tried: the answer says what would be issued, and nothing is. The numbers are those
    /// that would be given now.
    #[graphql(default = false)]
    dry_run: bool,
    /// The caller's own key for this request: sent again within 24 hours with the same input, it issues
    /// nothing twice and gets the same answer.
    idempotency_key: Option<String>,
}

impl LetterIssueInput {
    fn issue(&self) -> Issue {
        let letters = self.letter_ids.as_ref();
        Issue {
            event: self.event_id.as_ref().map(|id| id.0),
            what: IssueWhat::Letters(letters.map(|ids| ids.iter().map(|id| id.0).collect())),
            on: self.issued_on.as_ref().map(|day| day.0),
            languages: self.languages.map(Into::into),
            send: self.send,
            effect: effect(self.dry_run),
        }
    }
}
issue_input! {
    /// Certificates and plaques of awards to be issued.
    AwardCertificateIssueInput {
        /// Some of the event's awards; else all. Who has theirs already gets no other.
        award_ids: Award
    }
}
impl AwardCertificateIssueInput {
    fn what(ids: Option<Vec<domain::id::AwardId>>) -> IssueWhat {
        IssueWhat::Awards(ids)
    }
}
issue_input! {
    /// Certificates of attendance to be issued.
    AttendanceCertificateIssueInput {
        /// Some of those who were there; else all of them. Who was not is certified nothing.
        participant_ids: Participant
    }
}
impl AttendanceCertificateIssueInput {
    fn what(ids: Option<Vec<domain::id::ParticipantId>>) -> IssueWhat {
        IssueWhat::Attendance(ids)
    }
}

macro_rules! issue_payload {
    ($(#[$meta:meta])* $payload:ident) => {
        $(#[$meta])*
        #[derive(SimpleObject)]
        pub(crate) struct $payload {
            /// What was issued, or would be, in the order of the numbers.
            credentials: List<Credential>,
            /// Those of them that nobody is sent, though `send` asked for it: organizations are not written to, and of
            /// a person no address is known, or it takes no mail.
            unreachable: List<Credential>,
            /// How many were issued, or would be.
            issued_count: i32,
            /// The work of making the documents; null if there were problems, where it was only tried, and
            /// where there is nothing to issue.
            job: Option<Job>,
            /// Everything that was wrong, at once. If there is anything, nothing was issued.
            user_errors: List<UserError>,
        }

        impl $payload {
            async fn of(
                ctx: &Context<'_>,
                issued: Option<Issued>,
                user_errors: List<UserError>,
            ) -> Result<Self> {
                let issued = issued.unwrap_or_default();
                Ok(Self {
                    issued_count: i32::try_from(issued.credentials.len()).unwrap_or(i32::MAX),
                    unreachable: unreachable(&issued),
                    credentials: issued.credentials.into_iter().map(|one| Credential(Arc::new(one))).collect(),
                    job: thing!(ctx, issued.job, Job),
                    user_errors,
                })
            }
        }
    };
}

fn unreachable(issued: &Issued) -> List<Credential> {
    let them: HashSet<_> = issued.unreachable.iter().collect();
    let all = issued.credentials.iter();
    let them = all.filter(|one| them.contains(&one.id));
    them.map(|one| Credential(Arc::new(one.clone()))).collect()
}

/// What became of issuing letters.
#[derive(SimpleObject)]
pub(crate) struct LetterIssuePayload {
    /// The letters that were issued, as they are now; those that would be, where it was only tried.
    letters: List<AppointmentLetter>,
    /// What was issued, or would be, in the order of the numbers.
    credentials: List<Credential>,
    /// Those of them that nobody is sent, though `send` asked for it: organizations are not written to, and of
    /// a person no address is known, or it takes no mail.
    unreachable: List<Credential>,
    /// How many were issued, or would be.
    issued_count: i32,
    /// The work of making the documents; null if there were problems, where it was only tried, and where
    /// there is nothing to issue.
    job: Option<Job>,
    /// Everything that was wrong, at once. If there is anything, nothing was issued.
    user_errors: List<UserError>,
}

impl LetterIssuePayload {
    async fn of(
        ctx: &Context<'_>,
        issued: Option<Issued>,
        user_errors: List<UserError>,
    ) -> Result<Self> {
        let issued = issued.unwrap_or_default();
        let subjects = issued.credentials.iter().map(|one| one.subject);
        let ids: Vec<_> = subjects
            .filter_map(|subject| match subject {
                CredentialSubject::Letter(id) => Some(id),
                CredentialSubject::Award(_) | CredentialSubject::Attendance(_) => None,
            })
            .collect();
        let letters = session(ctx)?.many(&ids).await?;
        let letters = ids.iter().filter_map(|id| letters.get(id).cloned());
        let unreachable = unreachable(&issued);
        let credentials = issued.credentials.into_iter().map(Arc::new);
        Ok(Self {
            unreachable,
            letters: letters.map(AppointmentLetter).collect(),
            issued_count: i32::try_from(ids.len()).unwrap_or(i32::MAX),
            credentials: credentials.map(Credential).collect(),
            job: thing!(ctx, issued.job, Job),
            user_errors,
        })
    }
}
issue_payload! {
    /// What became of issuing certificates of awards.
    AwardCertificateIssuePayload
}
issue_payload! {
    /// What became of issuing certificates of attendance.
    AttendanceCertificateIssuePayload
}

/// Which credential to take back, and why.
#[derive(InputObject)]
pub(crate) struct CredentialRevokeInput {
    /// Which.
    id: GlobalId<kind::Credential>,
    /// The version that the caller has seen: if it is at another by now, nothing is changed. Left out, it is
    /// taken back however it is.
    expected_version: Option<i32>,
    /// Why: everybody who asks about the paper is told.
    reason: String,
}

payload! {
    /// What became of taking a credential back.
    CredentialRevokePayload {
        /// The credential as it is now; null if there were problems.
        credential: Credential
    }
}

/// Which credential to issue anew.
#[derive(InputObject)]
pub(crate) struct CredentialReissueInput {
    /// Which.
    id: GlobalId<kind::Credential>,
    /// The version that the caller has seen: if it is at another by now, nothing is changed.
    expected_version: i32,
    /// In which languages; as before, if nothing is said.
    languages: Option<PaperLanguages>,
    /// Whether the holder is sent it when it is made.
    #[graphql(default = false)]
    send: bool,
    /// The caller's own key for this request: sent again within 24 hours with the same input, it issues
    /// nothing twice and gets the same answer.
    idempotency_key: Option<String>,
}

issue_payload! {
    /// What became of issuing a credential anew.
    CredentialReissuePayload
}

/// Issuing.
#[derive(Debug, Default)]
pub(crate) struct CredentialMutation;

#[Object]
impl CredentialMutation {
    /// Issues letters of appointment: each gets its number, its code and its document, and who is appointed is
    /// a member of the body. All are issued, or none. Needs the permission `LETTER_ISSUE`.
    #[graphql(directive = requires::apply(Permission::LetterIssue))]
    async fn letter_issue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and how.")] input: LetterIssueInput,
    ) -> Result<LetterIssuePayload> {
        let (issue, key) = (input.issue(), input.idempotency_key.as_ref());
        let (issued, problems) = issue_all(ctx, issue, key).await?;
        LetterIssuePayload::of(ctx, issued, problems).await
    }

    /// Issues certificates to those who got awards, and the sheets of plaques. All are issued, or none. Needs
    /// the permission `LETTER_ISSUE`.
    #[graphql(directive = requires::apply(Permission::LetterIssue))]
    async fn award_certificate_issue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and how.")] input: AwardCertificateIssueInput,
    ) -> Result<AwardCertificateIssuePayload> {
        let (issue, key) = (input.issue(), input.idempotency_key.as_ref());
        let (issued, problems) = issue_all(ctx, issue, key).await?;
        AwardCertificateIssuePayload::of(ctx, issued, problems).await
    }

    /// Issues certificates of attendance to those who were there (`ATTENDED`). All are issued, or none. Needs
    /// the permission `LETTER_ISSUE`.
    #[graphql(directive = requires::apply(Permission::LetterIssue))]
    async fn attendance_certificate_issue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose, and how.")] input: AttendanceCertificateIssueInput,
    ) -> Result<AttendanceCertificateIssuePayload> {
        let (issue, key) = (input.issue(), input.idempotency_key.as_ref());
        let (issued, problems) = issue_all(ctx, issue, key).await?;
        AttendanceCertificateIssuePayload::of(ctx, issued, problems).await
    }

    /// Takes a credential back: it stays, and says so to everybody who asks. An appointment ends with it, and
    /// so does the membership that rests on it. Needs the permission `LETTER_ISSUE`.
    #[graphql(directive = requires::apply(Permission::LetterIssue))]
    async fn credential_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why.")] input: CredentialRevokeInput,
    ) -> Result<CredentialRevokePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.revoke_credential(
            &session.actor,
            input.id.0,
            input.expected_version,
            &input.reason,
        ))
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(CredentialRevokePayload {
            credential: thing!(ctx, id, Credential),
            user_errors,
        })
    }

    /// Issues a credential anew, with what is known now, under another number: the old one says which stands
    /// in its place. Needs the permission `LETTER_ISSUE`.
    #[graphql(directive = requires::apply(Permission::LetterIssue))]
    async fn credential_reissue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and how.")] input: CredentialReissueInput,
    ) -> Result<CredentialReissuePayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let reissue = Reissue {
            seen: persistence::Seen {
                id: input.id.0,
                version: input.expected_version,
            },
            languages: input.languages.map(Into::into),
            send: input.send,
        };
        let done = Box::pin(session.store.reissue_credential(
            &session.actor,
            reissue,
            session.typesetter.as_ref(),
            retry.as_ref(),
        ))
        .await;
        let (issued, problems) = outcome(ctx, done).await?;
        CredentialReissuePayload::of(ctx, issued, problems).await
    }
}

async fn issue_all(
    ctx: &Context<'_>,
    issue: Issue,
    key: Option<&String>,
) -> Result<(Option<Issued>, List<UserError>)> {
    let session = session(ctx)?;
    let retry = retry(ctx, key)?;
    let done = Box::pin(session.store.issue_credentials(
        &session.actor,
        issue,
        session.typesetter.as_ref(),
        retry.as_ref(),
    ))
    .await;
    outcome(ctx, done).await
}
