//! Issuing, many at once: what each paper says, its number and its code, and what follows from it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use domain::access::{Actor, Permission};
use domain::credential::{
    Credential, CredentialIssueRefused, CredentialStatus, CredentialSubject, ISSUED_AT_ONCE,
    NumberPattern, PaperLanguages, PrintState, VerificationCode, check_issued_on,
};
use domain::id::{
    AppointmentLetterId, AwardId, CredentialId, EventId, JobId, OrganizationId, ParticipantId,
};
use domain::organization::Party;
use domain::refusal::{IllegalState, Invalid, Refusals};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use words::Language;

use super::Typesetter;
use super::draft::Draft;
use crate::column::{DbId, Spelled};
use crate::entity::ceremony::{appointment_letter, award_recipient};
use crate::entity::credential::{credential, job, letterhead, number_count, print};
use crate::entity::directory::membership;
use crate::error::Fault;
use crate::event_document::insert_all;
use crate::operation::{Effect, Operation, Refused, Retry};
use crate::store::Store;

/// What is issued.
#[derive(Debug, Clone)]
pub enum IssueWhat {
    /// Letters of appointment: some, or all drafts of the event.
    Letters(Option<Vec<AppointmentLetterId>>),
    /// Certificates and plaques of awards: of some, or of all of the event.
    Awards(Option<Vec<AwardId>>),
    /// Certificates of attendance: of some, or of all who were there.
    Attendance(Option<Vec<ParticipantId>>),
}

/// Letters or certificates to be issued.
#[derive(Debug, Clone)]
pub struct Issue {
    /// At which event; that of the letters, where they are named.
    pub event: Option<EventId>,
    /// What.
    pub what: IssueWhat,
    /// The date they bear; today, if nothing is said.
    pub on: Option<NaiveDate>,
    /// In which languages; that of the event, if nothing is said.
    pub languages: Option<PaperLanguages>,
    /// Whether each holder is sent theirs when it is made.
    pub send: bool,
    /// Whether it happens, or is only tried.
    pub effect: Effect,
}

/// What was issued, or would be.
#[derive(Debug, Clone, Default)]
pub struct Issued {
    /// The work of making the documents; none where it was only tried, or there was nothing to issue.
    pub job: Option<JobId>,
    /// What was issued, in the order of their numbers.
    pub credentials: Vec<Credential>,
    /// Those of them that nobody is sent, though that was asked for: to organizations nothing is sent, and
    /// to a person nothing whose address is not known or takes no mail.
    pub unreachable: Vec<CredentialId>,
}

impl Issued {
    /// The answer as it is kept for who asks again.
    pub(super) fn to_be_kept(&self) -> Vec<Uuid> {
        let job = self.job.map_or(Uuid::nil(), domain::Id::uuid);
        let ids = self.credentials.iter().map(|one| one.id.uuid());
        let unreachable = self.unreachable.iter().map(|id| id.uuid());
        let all = std::iter::once(job).chain(ids);
        all.chain([Uuid::nil()]).chain(unreachable).collect()
    }
}

/// The pattern of numbers where an office has none of its own.
pub(super) const PATTERN: &str = "{year}-{n:6}";

impl Store {
    /// Issues letters or certificates: all of them, or none.
    pub async fn issue_credentials(
        &self,
        actor: &Actor,
        issue: Issue,
        typesetter: &dyn Typesetter,
        retry: Option<&Retry>,
    ) -> Result<Issued, Refused<CredentialIssueRefused>> {
        let name = match issue.what {
            IssueWhat::Letters(_) => "letterIssue",
            IssueWhat::Awards(_) => "awardCertificateIssue",
            IssueWhat::Attendance(_) => "attendanceCertificateIssue",
        };
        let may = Permission::LetterIssue;
        let mut operation = match (issue.event, &issue.what) {
            (Some(event), _) => self.operate_in(actor, name, may, event).await?,
            (None, what) => {
                let first = match what {
                    IssueWhat::Letters(Some(ids)) => ids.first(),
                    IssueWhat::Letters(None) | IssueWhat::Awards(_) | IssueWhat::Attendance(_) => {
                        None
                    }
                };
                let Some(first) = first else {
                    let unsaid = Invalid("say which letters, or of which event".to_owned());
                    return Err(Refusals::one("letterIds", unsaid).into());
                };
                let begun =
                    self.operate_on::<appointment_letter::Entity, _>(actor, name, may, *first);
                begun.await?.0
            }
        };
        if let Some(made) = operation.answered(retry).await? {
            return Ok(operation.issued_before(&made).await?);
        }
        let mut refusals = Refusals::default();
        let today = operation.today().await?;
        let on = issue.on.unwrap_or(today);
        refusals.checked("issuedOn", check_issued_on(on, today));
        let drafts = match &issue.what {
            IssueWhat::Letters(ids) => {
                operation
                    .letters_to_issue(ids.as_deref(), on, &mut refusals)
                    .await?
            }
            IssueWhat::Awards(ids) => {
                operation
                    .awards_to_issue(ids.as_deref(), on, &mut refusals)
                    .await?
            }
            IssueWhat::Attendance(ids) => {
                operation
                    .attendance_to_issue(ids.as_deref(), on, &mut refusals)
                    .await?
            }
        };
        if drafts.len() > ISSUED_AT_ONCE {
            refusals.invalid(
                "eventId",
                format!("has {} to issue; {ISSUED_AT_ONCE} go at once", drafts.len()),
            );
        }
        refusals.refuse_if_any()?;
        let mut refusals = Refusals::default();
        let languages = match issue.languages {
            Some(languages) => languages,
            None => operation.own_languages().await?,
        };
        let mut numbered = Vec::with_capacity(drafts.len());
        for draft in drafts {
            numbered.push((operation.mint()?, draft));
        }
        let mut issued = operation
            .issue_drafts(numbered, languages, issue.send, typesetter, &mut refusals)
            .await?;
        refusals.refuse_if_any()?;
        if issue.effect == Effect::Rehearse {
            issued.job = None;
        }
        operation.finish(issue.effect, &issued.to_be_kept()).await?;
        Ok(issued)
    }
}

impl Operation<'_> {
    /// The language of the event, as far as papers are set in it.
    async fn own_languages(&self) -> Result<PaperLanguages, Fault> {
        let event = self.event_as_it_is().await?;
        let own = event.title.0.main_language().clone();
        Ok(match Language::best_for(&[own]) {
            Language::Chinese => PaperLanguages::Chinese,
            Language::English => PaperLanguages::English,
        })
    }

    /// Gives each its number and its code, and puts down that its document is to be made.
    pub(super) async fn issue_drafts<R: From<Invalid>>(
        &mut self,
        drafts: Vec<(CredentialId, Draft)>,
        languages: PaperLanguages,
        send: bool,
        typesetter: &dyn Typesetter,
        refusals: &mut Refusals<R>,
    ) -> Result<Issued, Fault> {
        if drafts.is_empty() {
            return Ok(Issued::default());
        }
        let now = self.now();
        let event_id = self.event()?.id.0;
        let mut given = BTreeSet::new();
        for (_, draft) in &drafts {
            if let Some(number) = draft
                .number
                .as_ref()
                .filter(|number| !given.insert(*number))
            {
                refusals.invalid(
                    &draft.at,
                    format!("bears the number {number}, as another does"),
                );
            }
        }
        let numbers = self.numbers(&drafts).await?;
        let mut status_index = self.next_status_index().await?;
        let mut credentials = Vec::with_capacity(drafts.len());
        for ((id, draft), number) in drafts.into_iter().zip(numbers) {
            let credential = Credential {
                id,
                workspace_id: self.workspace(),
                event_id,
                version: 1,
                kind: draft.kind,
                subject: draft.subject,
                holder: draft.holder,
                number,
                code: self.store().verification_code()?,
                paper: draft.paper,
                languages,
                status: CredentialStatus::Valid,
                issued_at: now,
                accepted_at: None,
                status_index,
                document: None,
            };
            status_index = status_index.saturating_add(1);
            for why in typesetter.check(&credential) {
                let whose = credential.paper.holder.main_text();
                refusals.invalid(&draft.at, format!("{whose}: {why}"));
            }
            credentials.push(credential);
        }
        if !refusals.is_empty() {
            return Ok(Issued::default());
        }
        let job_id: JobId = self.mint()?;
        let (account_id, _, _) = crate::audit::columns_of(self.actor());
        let row = job::Model {
            id: DbId(job_id),
            workspace_id: DbId(self.workspace()),
            event_id: DbId(event_id),
            total: i32::try_from(credentials.len()).unwrap_or(i32::MAX),
            account_id,
            message_id: None,
            created_at: now,
        };
        insert_all::<job::Entity>(self.on(), vec![row]).await?;
        let rows = credentials.iter().cloned().map(credential::Model::of);
        self.insert_all::<credential::Entity>(rows.collect())
            .await?;
        let prints = credentials.iter().map(|one| print::Model {
            credential_id: DbId(one.id),
            workspace_id: DbId(one.workspace_id),
            event_id: DbId(event_id),
            job_id: DbId(job_id),
            state: Spelled(PrintState::Waiting),
            is_sent: i32::from(send),
            attempts: 0,
            claims: 0,
            claimed_until: None,
            document: None,
            fault: None,
            done_at: None,
        });
        insert_all::<print::Entity>(self.on(), prints.collect()).await?;
        self.letters_are_issued(&credentials).await?;
        let unreachable = if send {
            self.unreachable_holders(&credentials).await?
        } else {
            Vec::new()
        };
        Ok(Issued {
            job: Some(job_id),
            credentials,
            unreachable,
        })
    }

    async fn unreachable_holders(
        &self,
        credentials: &[Credential],
    ) -> Result<Vec<CredentialId>, Fault> {
        let person = |one: &Credential| match one.holder {
            Party::Person(id) => Some(id),
            Party::Organization(_) => None,
        };
        let reached = self.reached(credentials.iter().filter_map(person)).await?;
        let unreachable = credentials
            .iter()
            .filter(|one| person(one).is_none_or(|id| !reached.contains(&id)));
        Ok(unreachable.map(|one| one.id).collect())
    }

    /// The next numbers, in order: who has this workspace has its count to themselves, and what is not
    /// issued after all was not counted.
    async fn numbers(&mut self, drafts: &[(CredentialId, Draft)]) -> Result<Vec<String>, Fault> {
        let own = letterhead::Entity::find()
            .filter(letterhead::Column::WorkspaceId.eq(DbId(self.workspace())))
            .one(self.on())
            .await?;
        let pattern = own.and_then(|row| row.number_pattern);
        let pattern: NumberPattern = match pattern {
            Some(pattern) => pattern.0,
            None => PATTERN.parse().map_err(|_it_is_right| {
                Fault::inconsistent("letterhead", "number_pattern", Uuid::nil())
            })?,
        };
        let mut numbers = Vec::with_capacity(drafts.len());
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        // How far it is known which numbers are taken: a batch is asked after at once.
        let many = u32::try_from(drafts.len())
            .unwrap_or(u32::MAX)
            .clamp(500, 5_000);
        let mut known_to: BTreeMap<String, u32> = BTreeMap::new();
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let mut given: BTreeSet<String> = drafts
            .iter()
            .filter_map(|(_, draft)| draft.number.clone())
            .collect();
        for (_, draft) in drafts {
            if let Some(number) = &draft.number {
                numbers.push(number.clone());
                continue;
            }
            let on = draft.paper.issued_on;
            let scope = counted_as(&pattern, on);
            let mut last = match counts.get(&scope) {
                Some(last) => *last,
                None => self.last_number(&scope).await?,
            };
            let number = loop {
                last = last.saturating_add(1);
                if known_to.get(&scope).is_none_or(|known| *known < last) {
                    let end = last.saturating_add(many - 1);
                    let next = (last..=end).map(|n| pattern.format(on, u64::from(n)));
                    taken.extend(self.numbered(next.collect()).await?);
                    known_to.insert(scope.clone(), end);
                }
                let number = pattern.format(on, u64::from(last));
                // Somebody may have given it by hand before.
                if given.insert(number.clone()) && !taken.contains(&number) {
                    break number;
                }
            };
            counts.insert(scope, last);
            numbers.push(number);
        }
        for (scope, last) in counts {
            let row = number_count::Model {
                workspace_id: DbId(self.workspace()),
                scope,
                last: i32::try_from(last).unwrap_or(i32::MAX),
            };
            let overwrite = OnConflict::columns([
                number_count::Column::WorkspaceId,
                number_count::Column::Scope,
            ])
            .update_column(number_count::Column::Last)
            .to_owned();
            number_count::Entity::insert(row.into_active_model())
                .on_conflict(overwrite)
                .exec_without_returning(self.on())
                .await?;
        }
        Ok(numbers)
    }

    /// The first place in the list of what is taken back that nothing has yet. Nothing that is issued ever
    /// goes but with its event, and who has this workspace has its list to themselves.
    async fn next_status_index(&self) -> Result<i32, Fault> {
        let last: Option<i32> = credential::Entity::find()
            .select_only()
            .column(credential::Column::StatusIndex)
            .filter(credential::Column::WorkspaceId.eq(DbId(self.workspace())))
            .order_by_desc(credential::Column::StatusIndex)
            .limit(1)
            .into_tuple()
            .one(self.on())
            .await?;
        Ok(last.map_or(0, |last| last.saturating_add(1)))
    }

    async fn last_number(&self, scope: &str) -> Result<u32, Fault> {
        let row = number_count::Entity::find_by_id((DbId(self.workspace()), scope.to_owned()))
            .one(self.on())
            .await?;
        Ok(row.map_or(0, |row| u32::try_from(row.last).unwrap_or_default()))
    }

    /// Of some numbers, those that something issued bears.
    pub(super) async fn numbered(&self, numbers: Vec<String>) -> Result<BTreeSet<String>, Fault> {
        let mut found = BTreeSet::new();
        for some in numbers.chunks(5_000) {
            let rows: Vec<String> = credential::Entity::find()
                .select_only()
                .column(credential::Column::Number)
                .filter(credential::Column::WorkspaceId.eq(DbId(self.workspace())))
                .filter(credential::Column::Number.is_in(some))
                .into_tuple()
                .all(self.on())
                .await?;
            found.extend(rows);
        }
        Ok(found)
    }

    /// What one that was issued would say today.
    pub(super) async fn draft_again<R>(
        &mut self,
        subject: CredentialSubject,
        refusals: &mut Refusals<R>,
    ) -> Result<Option<Draft>, Fault>
    where
        R: From<Invalid> + From<domain::refusal::Missing> + From<IllegalState>,
    {
        let on = self.today().await?;
        let drafts = match subject {
            CredentialSubject::Letter(id) => {
                self.letters_to_issue(Some(&[id]), on, refusals).await?
            }
            CredentialSubject::Award(id) => {
                let found = self.known::<award_recipient::Entity>([id]).await?;
                let award = found.get(&id).map(|row| row.award_id.0);
                let award: Vec<_> = award.into_iter().collect();
                self.awards_to_issue(Some(&award), on, refusals).await?
            }
            CredentialSubject::Attendance(id) => {
                self.attendance_to_issue(Some(&[id]), on, refusals).await?
            }
        };
        // Whatever is wrong is wrong with the one that is asked for.
        for refused in refusals.take() {
            refusals.say("id", refused.why);
        }
        let draft = drafts.into_iter().find(|draft| draft.subject == subject);
        if draft.is_none() && refusals.is_empty() {
            refusals.invalid("id", "what it was issued for is not there any more");
        }
        Ok(draft.map(|draft| Draft {
            at: "id".to_owned(),
            ..draft
        }))
    }

    /// The appointments that letters stand for: they bear number and date, and who is appointed is a
    /// member of the body.
    async fn letters_are_issued(&mut self, credentials: &[Credential]) -> Result<(), Fault> {
        let by_letter: HashMap<AppointmentLetterId, &Credential> = credentials
            .iter()
            .filter_map(|one| match one.subject {
                CredentialSubject::Letter(id) => Some((id, one)),
                CredentialSubject::Award(_) | CredentialSubject::Attendance(_) => None,
            })
            .collect();
        let letters = self
            .known::<appointment_letter::Entity>(by_letter.keys().copied())
            .await?;
        let bodies: BTreeSet<_> = letters.values().map(|row| row.body_id.0).collect();
        let mut members = Vec::new();
        if !bodies.is_empty() {
            members = membership::Entity::find()
                .filter(membership::Column::OrganizationId.is_in(bodies.into_iter().map(DbId)))
                .all(self.on())
                .await?;
        }
        let mut new = Vec::new();
        let mut places: HashMap<OrganizationId, i32> = HashMap::new();
        for row in &members {
            let last = places.entry(row.organization_id.0).or_default();
            *last = (*last).max(row.position.saturating_add(1));
        }
        // In the order of their numbers.
        for one in credentials {
            let CredentialSubject::Letter(id) = one.subject else {
                continue;
            };
            let Some(before) = letters.get(&id) else {
                continue;
            };
            let mut after = before.clone();
            if let Ok(status) = before.status()?.issue(one.paper.issued_on) {
                after.set_status(status);
            }
            after.number = Some(one.number.clone());
            self.update::<appointment_letter::Entity>(before, after)
                .await?;
            let of_the_same = |row: &&membership::Model| {
                // What rests on another letter stands and falls with that one.
                row.letter_id.is_none()
                    && row.organization_id == before.body_id
                    && row.member_person_id == Some(before.appointee_id)
                    && row.post.as_deref() == Some(before.post.as_str())
                    && row.since == before.since
            };
            let standing = members
                .iter()
                .find(|row| row.letter_id.is_some_and(|letter| letter.0 == id))
                .or_else(|| members.iter().find(of_the_same));
            if let Some(standing) = standing {
                let mut after = standing.clone();
                after.letter_id = Some(DbId(id));
                after.until = before.until;
                self.update::<membership::Entity>(standing, after).await?;
                continue;
            }
            let place = places.entry(before.body_id.0).or_default();
            new.push(membership::Model {
                id: DbId(self.mint()?),
                workspace_id: DbId(self.workspace()),
                version: 1,
                organization_id: before.body_id,
                member_person_id: Some(before.appointee_id),
                member_organization_id: None,
                post: Some(before.post.clone()),
                since: before.since,
                until: before.until,
                letter_id: Some(DbId(id)),
                position: *place,
            });
            *place = place.saturating_add(1);
        }
        self.insert_all::<membership::Entity>(new).await
    }
}

impl Store {
    fn verification_code(&self) -> Result<VerificationCode, Fault> {
        // Of all that is random in the secret, wherever it stands.
        let hash = Sha256::digest(self.secret()?);
        let mut random = [0; 10];
        for (to, from) in random.iter_mut().zip(hash) {
            *to = from;
        }
        Ok(VerificationCode::of(random))
    }
}

/// What is counted together: the numbers of one pattern in one of its periods.
pub(super) fn counted_as(pattern: &NumberPattern, on: NaiveDate) -> String {
    format!("{pattern} {}", pattern.period(on))
}
