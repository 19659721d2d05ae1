//! Issuing letters and certificates, taking them back, issuing them anew; and what anybody may ask about
//! them.
//!
//! A number, a code and what the paper says are given in one transaction with the appointment or the award
//! that they stand for. The document is made of them afterwards (`print`): whatever happens to the one who
//! prints, nothing is numbered twice, and none is left out.

mod documents;
mod draft;
mod issue;
mod page;
mod paper;
mod proof;
mod verify;

use domain::access::{Actor, Permission};
use domain::credential::{
    Credential, CredentialAcceptRefused, CredentialKind, CredentialReissueRefused,
    CredentialRevokeRefused, CredentialState, CredentialStatus, CredentialSubject, PaperKind,
    PaperLanguages,
};
use domain::id::{CredentialId, JobId, kind};
use domain::refusal::{Refusals, Stale};
use domain::text::passage;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

use crate::column::{DbId, Spelled};
use crate::entity::ceremony::appointment_letter;
use crate::entity::credential::{credential, print};
use crate::entity::directory::membership;
use crate::error::Fault;
use crate::operation::{Effect, Operation, Refused, Retry, Seen};
use crate::print::Look;
use crate::sight;
use crate::store::Store;

pub use documents::DocumentsOf;
pub use issue::{Issue, IssueWhat, Issued};
pub use page::CredentialsOf;
pub use proof::{DraftOf, Expected, Programme, Proof, ProofSheet, SignIn};
pub use verify::Verification;

/// On whose behalf an appointment is accepted.
const BY_HOLDER: Actor = Actor::System {
    reason: "the holder accepted by their link",
};

/// Whoever sets papers in type, and can tell beforehand whether one can be set.
pub trait Typesetter: Send + Sync + std::fmt::Debug {
    /// Why a paper cannot be set, for people: a character that no font has.
    fn check(&self, credential: &Credential) -> Vec<String>;

    /// What our template of a kind is written as; none where nobody sets type.
    fn template(&self, _kind: PaperKind) -> Option<&'static str> {
        None
    }

    /// What is wrong with a template, tried with made-up papers of its kind in all languages. It is work for
    /// the processor.
    fn judge_template(&self, _kind: PaperKind, _source: &str) -> Vec<String> {
        Vec::new()
    }

    /// A paper as it would be. It is work for the processor.
    ///
    /// # Errors
    ///
    /// Why there is none, for people.
    fn proof(&self, _of: &Proof, _look: &Look) -> Result<ProofSheet, Vec<String>> {
        Err(vec!["nobody sets type here".to_owned()])
    }
}

/// Nobody, where there is no one who could tell: whatever is wrong comes out when the document is made.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unchecked;

impl Typesetter for Unchecked {
    fn check(&self, _credential: &Credential) -> Vec<String> {
        Vec::new()
    }
}

/// For which credentials.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct CredentialFilter {
    /// Of one of these kinds.
    pub kind: Option<Vec<CredentialKind>>,
    /// In one of these states: one whose term is over counts as valid here.
    pub state: Option<Vec<CredentialState>>,
    /// Those that were issued by this job.
    pub job: Option<JobId>,
}

/// A credential to be issued anew.
#[derive(Debug, Clone, Copy)]
pub struct Reissue {
    /// Which, as it was seen.
    pub seen: Seen<kind::Credential>,
    /// In which languages; as before, if nothing is said.
    pub languages: Option<PaperLanguages>,
    /// Whether the holder is sent it.
    pub send: bool,
}

impl Store {
    /// Takes a credential back. An appointment ends with it, and so does the membership that rests on it.
    pub async fn revoke_credential(
        &self,
        actor: &Actor,
        id: CredentialId,
        seen: Option<i32>,
        reason: &str,
    ) -> Result<(), Refused<CredentialRevokeRefused>> {
        let name = "credentialRevoke";
        let (mut operation, before) = self
            .operate_on::<credential::Entity, _>(actor, name, Permission::LetterIssue, id)
            .await?;
        let mut refusals = Refusals::default();
        if seen.is_some_and(|version| version != before.version) {
            let stale = Stale {
                id: id.to_string(),
                current: before.version,
            };
            refusals.say("expectedVersion", stale);
        }
        let reason = refusals.checked("reason", passage(reason));
        let reason = reason.unwrap_or_default();
        let mut revoked = before.clone().credential(None)?;
        if let Err(why) = revoked.revoke(self.now(), reason.clone()) {
            refusals.say("id", why);
        }
        refusals.refuse_if_any()?;
        let subject = revoked.subject;
        operation
            .update::<credential::Entity>(&before, credential::Model::of(revoked))
            .await?;
        if let CredentialSubject::Letter(letter) = subject {
            operation.appointment_ends(letter, &reason).await?;
        }
        Ok(operation.finish(Effect::Apply, &[]).await?)
    }

    /// Issues a credential anew, with what is known now: another number, another code, and the old one
    /// says which stands in its place.
    pub async fn reissue_credential(
        &self,
        actor: &Actor,
        reissue: Reissue,
        typesetter: &dyn Typesetter,
        retry: Option<&Retry>,
    ) -> Result<Issued, Refused<CredentialReissueRefused>> {
        let name = "credentialReissue";
        let (mut operation, before, mut refusals) = self
            .change::<credential::Entity, _>(actor, name, Permission::LetterIssue, reissue.seen)
            .await?;
        if let Some(made) = operation.answered(retry).await? {
            return Ok(operation.issued_before(&made).await?);
        }
        let mut old = before.clone().credential(None)?;
        let languages = reissue.languages.unwrap_or(old.languages);
        let id = operation.mint()?;
        if let Err(why) = old.supersede(self.now(), id) {
            refusals.say("id", why);
        }
        refusals.refuse_if_any()?;
        let mut refusals = Refusals::default();
        // First the one in force goes: there is one at a time.
        let subject = old.subject;
        operation
            .update::<credential::Entity>(&before, credential::Model::of(old))
            .await?;
        let draft = operation.draft_again(subject, &mut refusals).await?;
        refusals.refuse_if_any()?;
        let mut refusals = Refusals::default();
        let drafts = draft.into_iter().map(|draft| (id, draft)).collect();
        let issued = operation
            .issue_drafts(drafts, languages, reissue.send, typesetter, &mut refusals)
            .await?;
        refusals.refuse_if_any()?;
        operation
            .finish(Effect::Apply, &issued.to_be_kept())
            .await?;
        Ok(issued)
    }

    /// The holder of a secret accepts an appointment. Done again, it stays as it was.
    pub async fn accept_credential(
        &self,
        id: CredentialId,
    ) -> Result<(), Refused<CredentialAcceptRefused>> {
        let (mut operation, before) = self
            .operate_on::<credential::Entity, _>(
                &BY_HOLDER,
                "credentialAccept",
                Permission::LetterIssue,
                id,
            )
            .await?;
        let mut accepted = before.clone().credential(None)?;
        if let Err(why) = accepted.accept(self.now()) {
            return Err(Refusals::one("id", why).into());
        }
        operation
            .update::<credential::Entity>(&before, credential::Model::of(accepted))
            .await?;
        Ok(operation.finish(Effect::Apply, &[]).await?)
    }

    /// Credentials by id, as far as the actor sees them, with their documents.
    pub async fn credentials(
        &self,
        actor: &Actor,
        ids: &[CredentialId],
    ) -> Result<Vec<Credential>, Fault> {
        let rows = credential::Entity::find()
            .filter(credential::Column::Id.is_in(ids.iter().copied().map(DbId)))
            .filter(credentials_seen(actor))
            .all(self.read())
            .await?;
        self.with_documents(rows).await
    }

    /// What was issued for some things, as far as the actor sees it: of each what is in force, else what was
    /// issued last. Two statements.
    pub async fn credentials_for(
        &self,
        actor: &Actor,
        subjects: &[CredentialSubject],
    ) -> Result<Vec<Credential>, Fault> {
        use credential::Column;
        let (mut letters, mut awards, mut attended) = (Vec::new(), Vec::new(), Vec::new());
        for subject in subjects {
            match subject {
                CredentialSubject::Letter(id) => letters.push(DbId(*id)),
                CredentialSubject::Award(id) => awards.push(DbId(*id)),
                CredentialSubject::Attendance(id) => attended.push(DbId(*id)),
            }
        }
        let any = Condition::any()
            .add(Column::LetterId.is_in(letters))
            .add(Column::AwardRecipientId.is_in(awards))
            .add(Column::ParticipantId.is_in(attended));
        let rows = credential::Entity::find()
            .filter(any)
            .filter(credentials_seen(actor))
            .order_by_asc(Column::Id)
            .all(self.read())
            .await?;
        let mut last = std::collections::HashMap::new();
        for one in self.with_documents(rows).await? {
            let holds = |known: &Credential| known.status == CredentialStatus::Valid;
            if !last.get(&one.subject).is_some_and(holds) {
                last.insert(one.subject, one);
            }
        }
        Ok(last.into_values().collect())
    }

    /// Rows with the documents that are made of them.
    pub(crate) async fn with_documents(
        &self,
        rows: Vec<credential::Model>,
    ) -> Result<Vec<Credential>, Fault> {
        let ids = rows.iter().map(|row| row.id);
        let documents: Vec<(DbId<kind::Credential>, Option<String>)> = {
            use sea_orm::QuerySelect as _;
            print::Entity::find()
                .select_only()
                .column(print::Column::CredentialId)
                .column(print::Column::Document)
                .filter(print::Column::CredentialId.is_in(ids))
                .into_tuple()
                .all(self.read())
                .await?
        };
        let mut documents: std::collections::HashMap<_, _> = documents
            .into_iter()
            .map(|(id, document)| (id.0, document))
            .collect();
        let each = rows.into_iter();
        each.map(|row| {
            let document = documents.remove(&row.id.0).flatten();
            row.credential(document)
        })
        .collect()
    }
}

/// Which credentials an actor sees.
pub(crate) fn credentials_seen(actor: &Actor) -> Condition {
    let sight = actor.sight(Permission::LetterRead);
    sight::in_workspaces(&sight, credential::Column::WorkspaceId)
}

impl Operation<'_> {
    /// An appointment is over, today: the letter is taken back, and the membership that rests on it ends.
    async fn appointment_ends(
        &mut self,
        letter: domain::id::AppointmentLetterId,
        reason: &str,
    ) -> Result<(), Fault> {
        let today = self.today().await?;
        let found = appointment_letter::Entity::find_by_id(DbId(letter))
            .one(self.on())
            .await?;
        if let Some(before) = found {
            let mut after = before.clone();
            let status = before.status()?;
            let on = status.issued_on().map_or(today, |issued| issued.max(today));
            if let Ok(status) = status.revoke(on, Some(reason.to_owned())) {
                after.set_status(status);
                self.update::<appointment_letter::Entity>(&before, after)
                    .await?;
            }
        }
        let resting = membership::Entity::find()
            .filter(membership::Column::LetterId.eq(DbId(letter)))
            .all(self.on())
            .await?;
        for before in resting {
            let mut after = before.clone();
            // Who was appointed from a day to come never was a member.
            let last = before.since.map_or(today, |since| since.max(today));
            if before.until.is_none_or(|until| until > last) {
                after.until = Some(last);
            }
            self.update::<membership::Entity>(&before, after).await?;
        }
        Ok(())
    }

    /// The day that it is at the event.
    pub(crate) async fn today(&self) -> Result<chrono::NaiveDate, Fault> {
        let event = self.event_as_it_is().await?;
        Ok(event.time_zone.0.local(self.now()).date())
    }

    /// What was issued in answer to the same request before.
    pub(crate) async fn issued_before(&self, made: &[uuid::Uuid]) -> Result<Issued, Fault> {
        let Some((job, ids)) = made.split_first() else {
            return Ok(Issued::default());
        };
        let mut lists = ids.split(uuid::Uuid::is_nil).map(|list| {
            let ids = list.iter().copied().map(CredentialId::from_uuid);
            ids.collect::<Vec<_>>()
        });
        let ids = lists.next().unwrap_or_default();
        let mut credentials = Vec::with_capacity(ids.len());
        for some in ids.chunks(5_000) {
            let rows = credential::Entity::find()
                .filter(credential::Column::Id.is_in(some.iter().copied().map(DbId)))
                .all(self.on())
                .await?;
            for row in rows {
                credentials.push(row.credential(None)?);
            }
        }
        credentials.sort_by_key(|one| one.id);
        Ok(Issued {
            job: Some(JobId::from_uuid(*job)).filter(|_| !job.is_nil()),
            credentials,
            unreachable: lists.next().unwrap_or_default(),
        })
    }
}

/// Rows like this.
pub(crate) fn credentials_like(filter: &CredentialFilter) -> Condition {
    use credential::Column;
    let mut which = Condition::all();
    if let Some(kinds) = &filter.kind {
        which = which.add(Column::Kind.is_in(kinds.iter().copied().map(Spelled)));
    }
    if let Some(states) = &filter.state {
        which = which.add(Column::Status.is_in(states.iter().copied().map(Spelled)));
    }
    if let Some(job) = filter.job {
        let of = sea_orm::sea_query::Query::select()
            .column(print::Column::CredentialId)
            .from(print::Entity)
            .and_where(print::Column::JobId.eq(DbId(job)))
            .take();
        which = which.add(Column::Id.in_subquery(of));
    }
    which
}
