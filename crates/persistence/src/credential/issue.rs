//! Issuing, many at once: what each paper says, its number and its code, and what follows from it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use domain::access::{Actor, Permission};
use domain::appointment_letter::LetterStatus;
use domain::award::AwardKind;
use domain::credential::{
    Credential, CredentialIssueRefused, CredentialKind, CredentialStatus, CredentialSubject,
    ISSUED_AT_ONCE, NumberPattern, Paper, PaperLanguages, PrintState, VerificationCode,
    check_issued_on,
};
use domain::id::{
    AppointmentLetterId, AwardId, CredentialId, EventId, JobId, OrganizationId, ParticipantId,
    PersonId,
};
use domain::organization::Party;
use domain::participant::ParticipantState;
use domain::refusal::{IllegalState, Invalid, Refusals};
use domain::{LanguageTag, LocalizedText};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;
use words::Language;

use super::Typesetter;
use crate::column::{DbId, Spelled};
use crate::entity::agenda::{agenda_item, appearance};
use crate::entity::ceremony::{
    appointment_letter, award, award_grantor, award_recipient, letter_issuer,
};
use crate::entity::credential::{credential, job, letterhead, number_count, print};
use crate::entity::directory::{membership, organization, person};
use crate::entity::event::event;
use crate::entity::participation::{event_organization, participant};
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
    /// At which event.
    pub event: EventId,
    /// What.
    pub what: IssueWhat,
    /// The date they bear; today, if nothing is said.
    pub on: Option<NaiveDate>,
    /// In which languages.
    pub languages: PaperLanguages,
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
}

impl Issued {
    /// The answer as it is kept for who asks again.
    pub(super) fn to_be_kept(&self) -> Vec<Uuid> {
        let job = self.job.map_or(Uuid::nil(), domain::Id::uuid);
        let ids = self.credentials.iter().map(|one| one.id.uuid());
        std::iter::once(job).chain(ids).collect()
    }
}

/// A paper that is to be issued.
pub(super) struct Draft {
    kind: CredentialKind,
    subject: CredentialSubject,
    holder: Party,
    paper: Paper,
    /// The number that it bears already.
    number: Option<String>,
    /// Where in the input it was named.
    at: String,
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
        let mut operation = self
            .operate_in(actor, name, Permission::LetterIssue, issue.event)
            .await?;
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
        let mut numbered = Vec::with_capacity(drafts.len());
        for draft in drafts {
            numbered.push((operation.mint()?, draft));
        }
        let mut issued = operation
            .issue_drafts(
                numbered,
                issue.languages,
                issue.send,
                typesetter,
                &mut refusals,
            )
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
                refusals.invalid(&draft.at, why);
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
        Ok(Issued {
            job: Some(job_id),
            credentials,
        })
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
                let number = pattern.format(on, u64::from(last));
                // Somebody may have given it by hand before.
                if given.insert(number.clone()) && !self.is_numbered(&number).await? {
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

    async fn is_numbered(&self, number: &str) -> Result<bool, Fault> {
        let found: Option<DbId<domain::id::kind::Credential>> = credential::Entity::find()
            .select_only()
            .column(credential::Column::Id)
            .filter(credential::Column::WorkspaceId.eq(DbId(self.workspace())))
            .filter(credential::Column::Number.eq(number))
            .into_tuple()
            .one(self.on())
            .await?;
        Ok(found.is_some())
    }

    /// What is in force of these already, by what it was issued for.
    pub(super) async fn in_force(
        &self,
        column: credential::Column,
        ids: &[Uuid],
    ) -> Result<HashMap<CredentialSubject, String>, Fault> {
        let mut found = HashMap::new();
        for some in ids.chunks(5_000) {
            let rows = credential::Entity::find()
                .filter(column.is_in(some.iter().copied()))
                .filter(
                    credential::Column::Status
                        .eq(Spelled(domain::credential::CredentialState::Valid)),
                )
                .all(self.on())
                .await?;
            for row in rows {
                let one = row.credential(None)?;
                found.insert(one.subject, one.number);
            }
        }
        Ok(found)
    }

    async fn letters_to_issue<R>(
        &mut self,
        ids: Option<&[AppointmentLetterId]>,
        on: NaiveDate,
        refusals: &mut Refusals<R>,
    ) -> Result<Vec<Draft>, Fault>
    where
        R: From<Invalid> + From<domain::refusal::Missing> + From<IllegalState>,
    {
        let event = self.event_as_it_is().await?;
        let ids_wanted = ids.map(<[_]>::to_vec);
        self.refer_each::<appointment_letter::Entity, _>(
            "letterIds",
            ids_wanted.as_ref(),
            refusals,
        )
        .await?;
        let rows = appointment_letter::Entity::find()
            .filter(appointment_letter::Column::EventId.eq(event.id))
            .order_by_asc(appointment_letter::Column::Position)
            .order_by_asc(appointment_letter::Column::Id)
            .all(self.on())
            .await?;
        let wanted: Option<BTreeMap<_, _>> =
            ids.map(|ids| ids.iter().copied().zip(0_usize..).collect());
        let all: Vec<_> = rows.iter().map(|row| row.id.0.uuid()).collect();
        let in_force = self.in_force(credential::Column::LetterId, &all).await?;
        let mut chosen = Vec::new();
        for row in rows {
            let id = row.id.0;
            let known = in_force.get(&CredentialSubject::Letter(id));
            let status = row.status()?;
            let place = match &wanted {
                Some(wanted) => match wanted.get(&id) {
                    Some(place) => format!("letterIds.{place}"),
                    None => continue,
                },
                // Of all, those that are not issued yet.
                None if known.is_some() || !matches!(status, LetterStatus::Draft) => continue,
                None => "eventId".to_owned(),
            };
            if let Some(number) = known {
                let said = format!("was issued before, as {number}: issue it anew instead");
                refusals.say(&place, IllegalState(said));
            } else if matches!(status, LetterStatus::Revoked { .. }) {
                refusals.say(&place, IllegalState("was revoked".to_owned()));
            } else {
                let mut row = row;
                if let Some(number) = &row.number
                    && self.is_numbered(number).await?
                {
                    // The number of one that was issued before is not given again.
                    if matches!(status, LetterStatus::Draft) {
                        let said = format!("bears the number {number}, as another does");
                        refusals.invalid(&place, said);
                    }
                    row.number = None;
                }
                chosen.push((row, place, status));
            }
        }
        let mut drafts = Vec::with_capacity(chosen.len());
        let language = event.title.0.main_language().clone();
        let letters: Vec<_> = chosen.iter().map(|(row, _, _)| row.id).collect();
        let mut issuers: HashMap<AppointmentLetterId, Vec<OrganizationId>> = HashMap::new();
        for some in letters.chunks(5_000) {
            let rows = letter_issuer::Entity::find()
                .filter(letter_issuer::Column::LetterId.is_in(some.iter().copied()))
                .order_by_asc(letter_issuer::Column::Position)
                .all(self.on())
                .await?;
            for row in rows {
                let of = issuers.entry(row.letter_id.0).or_default();
                of.push(row.organization_id.0);
            }
        }
        let people = chosen.iter().map(|(row, _, _)| row.appointee_id.0);
        let people = self.known::<person::Entity>(people).await?;
        let bodies = chosen.iter().map(|(row, _, _)| row.body_id.0);
        let named = bodies.chain(issuers.values().flatten().copied());
        let names = self.names_of(named).await?;
        for (row, at, status) in chosen {
            let Some(holder) = people.get(&row.appointee_id.0) else {
                continue;
            };
            let by = issuers.remove(&row.id.0).unwrap_or_default();
            drafts.push(Draft {
                kind: CredentialKind::AppointmentLetter,
                subject: CredentialSubject::Letter(row.id.0),
                holder: Party::Person(row.appointee_id.0),
                number: row.number.clone(),
                at,
                paper: Paper {
                    holder: name_of(holder),
                    title: LocalizedText::single(language.clone(), row.post),
                    body: names.get(&row.body_id.0).cloned(),
                    citation: None,
                    event: event.title.0.clone(),
                    event_days: (event.starts_on, event.ends_on),
                    place: None,
                    since: row.since,
                    until: row.until,
                    issuers: each(&names, &by),
                    signatory: row.signatory,
                    sessions: Vec::new(),
                    minutes: None,
                    // A date once given stays.
                    issued_on: status.issued_on().unwrap_or(on),
                },
            });
        }
        Ok(drafts)
    }

    async fn awards_to_issue<R>(
        &mut self,
        ids: Option<&[AwardId]>,
        on: NaiveDate,
        refusals: &mut Refusals<R>,
    ) -> Result<Vec<Draft>, Fault>
    where
        R: From<Invalid> + From<domain::refusal::Missing> + From<IllegalState>,
    {
        let event = self.event_as_it_is().await?;
        let ids_wanted = ids.map(<[_]>::to_vec);
        self.refer_each::<award::Entity, _>("awardIds", ids_wanted.as_ref(), refusals)
            .await?;
        let awards = award::Entity::find()
            .filter(award::Column::EventId.eq(event.id))
            .order_by_asc(award::Column::Position)
            .order_by_asc(award::Column::Id)
            .all(self.on())
            .await?;
        let wanted: Option<BTreeMap<_, _>> =
            ids.map(|ids| ids.iter().copied().zip(0_usize..).collect());
        let of = awards.iter().map(|row| row.id);
        let recipients = award_recipient::Entity::find()
            .filter(award_recipient::Column::AwardId.is_in(of.clone()))
            .order_by_asc(award_recipient::Column::Position)
            .order_by_asc(award_recipient::Column::Id)
            .all(self.on())
            .await?;
        let mut grantors: HashMap<AwardId, Vec<OrganizationId>> = HashMap::new();
        let rows = award_grantor::Entity::find()
            .filter(award_grantor::Column::AwardId.is_in(of))
            .order_by_asc(award_grantor::Column::Position)
            .all(self.on())
            .await?;
        for row in rows {
            let of = grantors.entry(row.award_id.0).or_default();
            of.push(row.organization_id.0);
        }
        let all: Vec<_> = recipients.iter().map(|row| row.id.0.uuid()).collect();
        let in_force = self
            .in_force(credential::Column::AwardRecipientId, &all)
            .await?;
        let people = recipients
            .iter()
            .filter_map(|row| row.person_id.map(|id| id.0));
        let people = self.known::<person::Entity>(people).await?;
        let organizations = recipients
            .iter()
            .filter_map(|row| row.organization_id.map(|id| id.0));
        let named = organizations.chain(grantors.values().flatten().copied());
        let names = self.names_of(named).await?;
        let mut drafts = Vec::new();
        for row in awards {
            let id = row.id.0;
            let at = match &wanted {
                Some(wanted) => match wanted.get(&id) {
                    Some(place) => format!("awardIds.{place}"),
                    None => continue,
                },
                None => "eventId".to_owned(),
            };
            let theirs = recipients.iter().filter(|one| one.award_id.0 == id);
            let by = grantors.get(&id).cloned().unwrap_or_default();
            let kind = match row.kind.0 {
                AwardKind::Plaque => CredentialKind::Plaque,
                AwardKind::Honour | AwardKind::Prize => CredentialKind::AwardCertificate,
            };
            for recipient in theirs {
                let subject = CredentialSubject::Award(recipient.id.0);
                // What somebody has is not issued to them once more.
                if in_force.contains_key(&subject) {
                    continue;
                }
                let Some(one) = recipient.clone().recipient() else {
                    continue;
                };
                let holder = match one.recipient {
                    Party::Person(id) => people.get(&id).map(name_of),
                    Party::Organization(id) => names.get(&id).cloned(),
                };
                let Some(holder) = holder else { continue };
                drafts.push(Draft {
                    kind,
                    subject,
                    holder: one.recipient,
                    number: None,
                    at: at.clone(),
                    paper: Paper {
                        holder,
                        title: with_level(&row.title.0, row.level.as_deref()),
                        body: None,
                        citation: row.citation.clone().map(|citation| citation.0),
                        event: event.title.0.clone(),
                        event_days: (event.starts_on, event.ends_on),
                        place: None,
                        since: None,
                        until: None,
                        issuers: each(&names, &by),
                        signatory: None,
                        sessions: Vec::new(),
                        minutes: None,
                        issued_on: on,
                    },
                });
            }
        }
        Ok(drafts)
    }

    async fn attendance_to_issue<R>(
        &mut self,
        ids: Option<&[ParticipantId]>,
        on: NaiveDate,
        refusals: &mut Refusals<R>,
    ) -> Result<Vec<Draft>, Fault>
    where
        R: From<Invalid> + From<domain::refusal::Missing> + From<IllegalState>,
    {
        let event = self.event_as_it_is().await?;
        let ids_wanted = ids.map(<[_]>::to_vec);
        self.refer_each::<participant::Entity, _>("participantIds", ids_wanted.as_ref(), refusals)
            .await?;
        let of_event = sea_orm::Condition::all().add(participant::Column::EventId.eq(event.id));
        let rows = self.listed(of_event).await?;
        let wanted: Option<BTreeMap<_, _>> =
            ids.map(|ids| ids.iter().copied().zip(0_usize..).collect());
        let all: Vec<_> = rows.iter().map(|row| row.id.0.uuid()).collect();
        let in_force = self
            .in_force(credential::Column::ParticipantId, &all)
            .await?;
        let mut chosen = Vec::new();
        for row in rows {
            let id = row.id.0;
            let known = in_force.get(&CredentialSubject::Attendance(id));
            let was_there = row.status.0 == ParticipantState::Attended;
            match &wanted {
                Some(wanted) => {
                    let Some(place) = wanted.get(&id) else {
                        continue;
                    };
                    let at = format!("participantIds.{place}");
                    if !was_there {
                        let said = "was not there: only who was is certified to have been";
                        refusals.say(&at, IllegalState(said.to_owned()));
                    } else if let Some(number) = known {
                        let said = format!("was issued before, as {number}: issue it anew instead");
                        refusals.say(&at, IllegalState(said));
                    } else {
                        chosen.push((row, at));
                    }
                }
                None if was_there && known.is_none() => chosen.push((row, "eventId".to_owned())),
                None => {}
            }
        }
        let people = chosen.iter().map(|(row, _)| row.person_id.0);
        let people = self.known::<person::Entity>(people).await?;
        let issuers = event_organization::Entity::find()
            .filter(event_organization::Column::EventId.eq(event.id))
            .filter(event_organization::Column::Role.eq(Spelled(
                domain::event_organization::EventOrganizationRole::Host,
            )))
            .order_by_asc(event_organization::Column::Position)
            .all(self.on())
            .await?;
        let issuers: Vec<_> = issuers.iter().map(|row| row.organization_id.0).collect();
        let from = chosen
            .iter()
            .filter_map(|(row, _)| row.representing_id.map(|id| id.0));
        let names = self.names_of(from.chain(issuers.iter().copied())).await?;
        let did = self.appearances_of(&event).await?;
        let minutes = match (event.starts_at, event.ends_at) {
            (Some(start), Some(end)) if event.starts_on == event.ends_on => {
                i32::try_from((end - start).num_minutes()).ok()
            }
            _ => None,
        };
        let language = event.title.0.main_language().clone();
        let place = event
            .locality
            .clone()
            .map(|place| LocalizedText::single(language.clone(), place));
        let mut drafts = Vec::with_capacity(chosen.len());
        for (row, at) in chosen {
            let Some(holder) = people.get(&row.person_id.0) else {
                continue;
            };
            let (role, sessions) = did.get(&row.person_id.0).cloned().unwrap_or_default();
            drafts.push(Draft {
                kind: CredentialKind::AttendanceCertificate,
                subject: CredentialSubject::Attendance(row.id.0),
                holder: Party::Person(row.person_id.0),
                number: None,
                at,
                paper: Paper {
                    holder: name_of(holder),
                    title: role.unwrap_or_else(|| {
                        in_each(|language| words::category(row.category.0, language))
                    }),
                    body: row.representing_id.and_then(|id| names.get(&id.0).cloned()),
                    citation: None,
                    event: event.title.0.clone(),
                    event_days: (event.starts_on, event.ends_on),
                    place: place.clone(),
                    since: None,
                    until: None,
                    issuers: each(&names, &issuers),
                    signatory: None,
                    sessions,
                    minutes,
                    issued_on: on,
                },
            });
        }
        Ok(drafts)
    }

    /// As what, and on which items with a title, each person appears: that of most weight first.
    async fn appearances_of(
        &self,
        event: &event::Model,
    ) -> Result<HashMap<PersonId, (Option<LocalizedText>, Vec<LocalizedText>)>, Fault> {
        let rows = appearance::Entity::find()
            .filter(appearance::Column::EventId.eq(event.id))
            .filter(appearance::Column::PersonId.is_not_null())
            .order_by_asc(appearance::Column::Position)
            .order_by_asc(appearance::Column::Id)
            .all(self.on())
            .await?;
        let items = agenda_item::Entity::find()
            .filter(agenda_item::Column::EventId.eq(event.id))
            .all(self.on())
            .await?;
        let titles: HashMap<_, _> = items
            .into_iter()
            .filter_map(|row| Some((row.id.0, row.title?.0)))
            .collect();
        let mut did: HashMap<PersonId, (Option<LocalizedText>, Vec<LocalizedText>)> =
            HashMap::new();
        for row in rows {
            let Some(person) = row.person_id else {
                continue;
            };
            let of = did.entry(person.0).or_default();
            if of.0.is_none() {
                of.0 = Some(in_each(|language| words::role(row.role.0, language)));
            }
            let title = row.item_id.and_then(|id| titles.get(&id.0));
            if let Some(title) = title
                && !of.1.contains(title)
            {
                of.1.push(title.clone());
            }
        }
        Ok(did)
    }

    /// What organizations are called.
    async fn names_of(
        &self,
        ids: impl Iterator<Item = OrganizationId>,
    ) -> Result<HashMap<OrganizationId, LocalizedText>, Fault> {
        let rows = self.known::<organization::Entity>(ids).await?;
        Ok(rows.into_iter().map(|(id, row)| (id, row.name.0)).collect())
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
                row.organization_id == before.body_id
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
        let secret = self.secret()?;
        let mut random = [0; 10];
        for (to, from) in random.iter_mut().zip(secret) {
            *to = from;
        }
        Ok(VerificationCode::of(random))
    }
}

/// What is counted together: the numbers of one pattern in one of its periods.
pub(super) fn counted_as(pattern: &NumberPattern, on: NaiveDate) -> String {
    format!("{pattern} {}", pattern.period(on))
}

fn each(
    names: &HashMap<OrganizationId, LocalizedText>,
    ids: &[OrganizationId],
) -> Vec<LocalizedText> {
    ids.iter().filter_map(|id| names.get(id).cloned()).collect()
}

fn tag(text: &str) -> LanguageTag {
    text.parse().unwrap_or(LanguageTag::undetermined())
}

/// Somebody's name, in every script that it is known in.
fn name_of(person: &person::Model) -> LocalizedText {
    let is_chinese =
        |character: char| ('\u{3400}'..='\u{9fff}').contains(&character) || character > '\u{1ffff}';
    let main = if person.name.chars().any(is_chinese) {
        tag("zh-Hans")
    } else {
        tag("en")
    };
    let mut texts = person.further_names.0.clone();
    if let Some(transcription) = &person.transcription {
        texts
            .entry(tag("en"))
            .or_insert_with(|| transcription.clone());
    }
    texts.insert(main.clone(), person.name.clone());
    LocalizedText::new(main.clone(), texts)
        .unwrap_or_else(|_it_has| LocalizedText::single(main, person.name.clone()))
}

/// An award with its standing: `Best poster, first prize`.
fn with_level(title: &LocalizedText, level: Option<&str>) -> LocalizedText {
    let Some(level) = level else {
        return title.clone();
    };
    let main = title.main_language().clone();
    let said = if main.as_str().starts_with("zh") {
        format!("{}{level}", title.main_text())
    } else {
        format!("{}, {level}", title.main_text())
    };
    LocalizedText::single(main, said)
}

/// A word of ours, in each of our languages.
fn in_each(word: impl Fn(Language) -> &'static str) -> LocalizedText {
    let texts = Language::ALL.map(|language| (tag(language.tag()), word(language).to_owned()));
    let main = tag(Language::English.tag());
    LocalizedText::new(main.clone(), texts.into_iter().collect())
        .unwrap_or_else(|_it_has| LocalizedText::single(main, word(Language::English)))
}
