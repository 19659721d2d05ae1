//! Mail that comes in: each is taken once, and changes what it may in one transaction with the note that
//! it was taken. Whoever hands the same mail over again hears what became of it the first time.
//!
//! A mail is believed for the address that it came by, which holds a secret that we gave to one
//! recipient alone: nothing that stands in it proves anything.

mod page;
mod reply;
mod returned;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use data_encoding::HEXLOWER;
use domain::access::{Denied, Permission};
use domain::id::{DeliveryId, EventId, InvitationId, ParticipantId, WorkspaceId};
use domain::invitation::InvitationAnswer;
use domain::message::SuppressionReason;
use domain::received_mail::{
    ReceivedMail, ReceivedMailFacts, ReceivedMailKind, ReceivedMailOutcome,
};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use sha2::{Digest, Sha256};

use crate::column::{DbId, Json, Spelled};
use crate::delivery::POSTMASTER;
use crate::entity::message::{delivery, invitation};
use crate::entity::participation::participant;
use crate::entity::received_mail;
use crate::error::{Error, Fault};
use crate::operation::{Effect, Operation};
use crate::participant_link::MailSecret;
use crate::store::Store;

pub use page::{ReceivedMailFilter, ReceivedMailOf, ReceivedMailPageOf};

/// How much of a mail is kept as it came, in bytes.
const KEPT: usize = 256 * 1024;
/// The longest line that is kept of one, in characters.
const LINE: usize = 1_000;
/// The longest text that is kept of one, in characters.
const TEXT: usize = 20_000;

/// A mail as it was read.
#[derive(Debug, Clone)]
pub struct NewReceivedMail<'a> {
    /// All of it.
    pub raw: &'a [u8],
    /// Whom it was for, as those who delivered it say.
    pub recipient: Option<&'a str>,
    /// From whom it says it is.
    pub sender: Option<String>,
    /// The subject.
    pub subject: Option<String>,
    /// The secret of the address that it came by.
    pub token: Option<MailToken>,
    /// What it is.
    pub content: MailContent,
}

/// The secret of an address of ours, and what the address is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailToken {
    /// Answers of one participant.
    Answer(String),
    /// One mail of ours that comes back.
    Bounce(String),
}

/// What a mail is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailContent {
    /// Answers of a calendar.
    Answers(Vec<CalendarReply>),
    /// Other times that a calendar proposes.
    Counters(Vec<CalendarReply>),
    /// Something else of a calendar: why nothing follows from it.
    Calendar(String),
    /// A mail of ours that was not delivered, or not yet.
    Returned(Returned),
    /// Somebody called a mail of ours spam.
    Complaint,
    /// A machine answers.
    AutoReply,
    /// A person writes this.
    Letter(String),
    /// Nothing that can be read.
    Unreadable,
}

/// What a calendar says of one attendee of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarReply {
    /// The entry (UID).
    pub uid: String,
    /// To which state of it (SEQUENCE).
    pub sequence: i32,
    /// When that was said (DTSTAMP).
    pub stamp: Option<DateTime<Utc>>,
    /// The attendee's address.
    pub attendee: String,
    /// What they are called there.
    pub name: Option<String>,
    /// What is said.
    pub saying: CalendarSaying,
    /// Who comes instead.
    pub delegated_to: Vec<String>,
    /// In whose place they come.
    pub delegated_from: Vec<String>,
    /// What they say besides.
    pub comment: Option<String>,
    /// The time that they would rather have: when it begins, and ends.
    pub proposal: Option<(ProposedMoment, Option<ProposedMoment>)>,
}

/// What a calendar says of an attendee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarSaying {
    /// Whether they come.
    Answer(InvitationAnswer),
    /// That somebody else comes instead.
    Delegated,
    /// Nothing yet, or something that is no answer.
    Nothing,
}

/// A time as a calendar has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProposedMoment {
    /// An instant.
    Instant(DateTime<Utc>),
    /// By the clocks of the event.
    Local(NaiveDateTime),
    /// A day.
    Day(NaiveDate),
}

/// What became of a mail of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Returned {
    /// It is still being tried, or was passed on.
    Underway {
        /// In the words of whoever says so.
        diagnostic: Option<String>,
    },
    /// It was given up.
    Failed {
        /// That its address takes no mail from now on.
        suppress: Option<SuppressionReason>,
        /// Why, in the words of whoever refused it.
        diagnostic: Option<String>,
    },
}

/// What was made of a mail.
#[derive(Debug)]
struct Taken {
    outcome: ReceivedMailOutcome,
    note: Option<String>,
    facts: ReceivedMailFacts,
}

impl Taken {
    fn new(outcome: ReceivedMailOutcome, note: Option<&str>, facts: ReceivedMailFacts) -> Self {
        Self {
            outcome,
            note: note.map(str::to_owned),
            facts,
        }
    }
}

/// What a mail concerns, as far as that is known.
#[derive(Debug, Clone, Copy, Default)]
struct Concerns {
    workspace: Option<WorkspaceId>,
    event: Option<EventId>,
    participant: Option<ParticipantId>,
    delivery: Option<DeliveryId>,
}

/// By which address a mail came.
#[derive(Debug, Clone, Copy)]
enum CameBy {
    /// That for the answers of a participant.
    Participant(ParticipantId),
    /// That for a mail of ours to come back to.
    Delivery(DeliveryId),
    /// One that looks like ours, and whose secret is good for nothing.
    NoSecret,
    /// Another.
    Elsewhere,
}

/// What the log calls it.
const NAME: &str = "mailReceive";

impl Store {
    /// Takes a mail. When this returns, it is kept, and what follows from it has happened; after a fault,
    /// nothing has, and it may be handed over again.
    pub async fn receive_mail(&self, mail: NewReceivedMail<'_>) -> Result<ReceivedMail, Fault> {
        let digest = digest(&mail);
        if let Some(before) = received_before(self.read(), &digest).await? {
            return Ok(before.into());
        }
        let came_by = self.came_by(mail.token.as_ref()).await?;
        let taken = match came_by {
            CameBy::Participant(id) => self.receive_of_participant(&mail, &digest, id).await?,
            CameBy::Delivery(id) => self.receive_of_delivery(&mail, &digest, id).await?,
            CameBy::NoSecret | CameBy::Elsewhere => None,
        };
        match taken {
            Some(row) => Ok(row.into()),
            None => self.receive_of_nobody(&mail, &digest, came_by).await,
        }
    }

    async fn came_by(&self, token: Option<&MailToken>) -> Result<CameBy, Fault> {
        Ok(match token {
            Some(MailToken::Answer(secret)) => {
                let holder = self.holder_of(secret, MailSecret::Reply).await?;
                holder.map_or(CameBy::NoSecret, |guest| {
                    CameBy::Participant(guest.participant_id)
                })
            }
            Some(MailToken::Bounce(token)) => {
                let delivery = self.bounced_delivery(token).await?;
                delivery.map_or(CameBy::NoSecret, CameBy::Delivery)
            }
            None => CameBy::Elsewhere,
        })
    }

    /// A mail by the address of a participant. Nothing, if they are there no longer.
    async fn receive_of_participant(
        &self,
        mail: &NewReceivedMail<'_>,
        digest: &str,
        id: ParticipantId,
    ) -> Result<Option<received_mail::Model>, Fault> {
        let begun = self
            .operate_on::<participant::Entity, std::convert::Infallible>(
                &POSTMASTER,
                NAME,
                Permission::ParticipantEdit,
                id,
            )
            .await;
        let Some((mut operation, row)) = unless_gone(begun)? else {
            return Ok(None);
        };
        let concerns = Concerns {
            workspace: Some(operation.workspace()),
            event: Some(row.event_id.0),
            participant: Some(id),
            delivery: None,
        };
        let taken = match &mail.content {
            MailContent::Answers(replies) => operation.take_replies(&row, replies).await?,
            MailContent::Counters(replies) => operation.take_counters(&row, replies).await?,
            MailContent::Complaint => operation.take_complaint(&row).await?,
            MailContent::Returned(returned) => Taken::new(
                ReceivedMailOutcome::Unknown,
                Some("it came by the address for answers, not by that of the mail it is about"),
                facts_of_returned(returned),
            ),
            content @ (MailContent::Calendar(_)
            | MailContent::AutoReply
            | MailContent::Letter(_)
            | MailContent::Unreadable) => of_no_consequence(content),
        };
        let row = self.row(mail, digest, concerns, &taken)?;
        keep(operation, row).await.map(Some)
    }

    /// A mail by the address that a mail of ours comes back to. Nothing, if that is kept no longer.
    async fn receive_of_delivery(
        &self,
        mail: &NewReceivedMail<'_>,
        digest: &str,
        id: DeliveryId,
    ) -> Result<Option<received_mail::Model>, Fault> {
        let find = || delivery::Entity::find_by_id(DbId(id));
        let Some(row) = find().one(self.read()).await? else {
            return Ok(None);
        };
        let workspace = row.workspace_id.0;
        let begun = self
            .operate::<std::convert::Infallible>(
                &POSTMASTER,
                NAME,
                Permission::ParticipantEdit,
                workspace,
            )
            .await;
        let Some(operation) = unless_gone(begun)? else {
            return Ok(None);
        };
        let Some(row) = find().one(operation.on()).await? else {
            return Ok(None);
        };
        let concerns = Concerns {
            workspace: Some(workspace),
            event: Some(row.event_id.0),
            participant: row.participant_id.map(|id| id.0),
            delivery: Some(id),
        };
        let taken = match &mail.content {
            MailContent::Returned(returned) => operation.take_returned(&row, returned).await?,
            MailContent::Complaint => operation.take_complaint_of(&row).await?,
            MailContent::Answers(replies) | MailContent::Counters(replies) => Taken::new(
                ReceivedMailOutcome::Unknown,
                Some("it came by the address for mail that comes back, not by that for answers"),
                replies.first().map(reply::facts).unwrap_or_default(),
            ),
            content @ (MailContent::Calendar(_)
            | MailContent::AutoReply
            | MailContent::Letter(_)
            | MailContent::Unreadable) => of_no_consequence(content),
        };
        let row = self.row(mail, digest, concerns, &taken)?;
        keep(operation, row).await.map(Some)
    }

    /// A mail that is believed nothing. What it says it is about is where it is looked for.
    async fn receive_of_nobody(
        &self,
        mail: &NewReceivedMail<'_>,
        digest: &str,
        came_by: CameBy,
    ) -> Result<ReceivedMail, Fault> {
        let (claims, facts) = match &mail.content {
            MailContent::Answers(replies) | MailContent::Counters(replies) => {
                let claims = self.claimed(replies).await?;
                let facts = replies.first().map(reply::facts).unwrap_or_default();
                (claims, facts)
            }
            MailContent::Returned(returned) => (Concerns::default(), facts_of_returned(returned)),
            content @ (MailContent::Calendar(_)
            | MailContent::Complaint
            | MailContent::AutoReply
            | MailContent::Letter(_)
            | MailContent::Unreadable) => (Concerns::default(), of_no_consequence(content).facts),
        };
        let says_nothing = matches!(
            mail.content,
            MailContent::AutoReply
                | MailContent::Letter(_)
                | MailContent::Unreadable
                | MailContent::Calendar(_)
        );
        let (outcome, note) = match came_by {
            CameBy::Elsewhere => (
                ReceivedMailOutcome::Unknown,
                "it came by no address of ours that holds a secret",
            ),
            CameBy::Participant(_) | CameBy::Delivery(_) => (
                ReceivedMailOutcome::Unknown,
                "what the address that it came by was for is there no longer",
            ),
            CameBy::NoSecret if says_nothing => (
                ReceivedMailOutcome::Unknown,
                "the secret of the address that it came by is good for nothing, or no longer",
            ),
            CameBy::NoSecret => (
                ReceivedMailOutcome::Forged,
                "the secret of the address that it came by is good for nothing, or no longer",
            ),
        };
        let taken = Taken::new(outcome, Some(note), facts);
        let row = self.row(mail, digest, claims, &taken)?;
        let tx = self.begin().await?;
        if !insert(tx.on(), row.clone()).await? {
            let before = received_before(tx.on(), digest).await?;
            return Ok(before.unwrap_or(row).into());
        }
        tx.commit().await?;
        Ok(row.into())
    }

    /// The event of the invitation that answers name. That is what they claim, and no more.
    async fn claimed(&self, replies: &[CalendarReply]) -> Result<Concerns, Fault> {
        let named = replies.iter().find_map(|reply| {
            let id = reply.uid.strip_suffix("@convoke")?;
            id.parse::<InvitationId>().ok()
        });
        let Some(id) = named else {
            return Ok(Concerns::default());
        };
        let found = invitation::Entity::find_by_id(DbId(id));
        let found = found.one(self.read()).await?;
        Ok(found.map_or_else(Concerns::default, |row| Concerns {
            workspace: Some(row.workspace_id.0),
            event: Some(row.event_id.0),
            ..Concerns::default()
        }))
    }

    fn row(
        &self,
        mail: &NewReceivedMail<'_>,
        digest: &str,
        concerns: Concerns,
        taken: &Taken,
    ) -> Result<received_mail::Model, Fault> {
        let kept = mail.raw.get(..KEPT).unwrap_or(mail.raw);
        Ok(received_mail::Model {
            id: DbId(self.mint()?),
            workspace_id: concerns.workspace.map(DbId),
            event_id: concerns.event.map(DbId),
            participant_id: concerns.participant.map(DbId),
            delivery_id: concerns.delivery.map(DbId),
            digest: digest.to_owned(),
            recipient: mail.recipient.and_then(without_secret),
            sender: mail.sender.as_deref().and_then(line),
            subject: mail.subject.as_deref().and_then(line),
            kind: Spelled(mail.content.kind()),
            outcome: Spelled(taken.outcome),
            note: taken.note.as_deref().and_then(text),
            facts: Json(cleaned(&taken.facts)),
            raw: Some(kept.to_vec()),
            received_at: self.now(),
        })
    }
}

impl MailContent {
    fn kind(&self) -> ReceivedMailKind {
        match self {
            Self::Answers(_) => ReceivedMailKind::Answer,
            Self::Counters(_) => ReceivedMailKind::Counter,
            Self::Calendar(_) => ReceivedMailKind::Calendar,
            Self::Returned(_) => ReceivedMailKind::Bounce,
            Self::Complaint => ReceivedMailKind::Complaint,
            Self::AutoReply => ReceivedMailKind::AutoReply,
            Self::Letter(_) => ReceivedMailKind::Letter,
            Self::Unreadable => ReceivedMailKind::Unreadable,
        }
    }
}

/// Ends an operation with the mail that it was about. If another was quicker with the same mail, nothing
/// of it has happened, and what became of that is told.
async fn keep(
    operation: Operation<'_>,
    row: received_mail::Model,
) -> Result<received_mail::Model, Fault> {
    if !insert(operation.on(), row.clone()).await? {
        let before = received_before(operation.on(), &row.digest).await?;
        return Ok(before.unwrap_or(row));
    }
    operation.finish(Effect::Apply, &[]).await?;
    Ok(row)
}

/// Writes a mail down, if it is not there. Whether it was not.
async fn insert(on: &impl ConnectionTrait, row: received_mail::Model) -> Result<bool, Fault> {
    let unless_there = OnConflict::column(received_mail::Column::Digest)
        .do_nothing()
        .to_owned();
    let written = received_mail::Entity::insert(row.into_active_model())
        .on_conflict(unless_there)
        .exec_without_returning(on)
        .await?;
    Ok(written > 0)
}

async fn received_before(
    on: &impl ConnectionTrait,
    digest: &str,
) -> Result<Option<received_mail::Model>, Fault> {
    Ok(received_mail::Entity::find()
        .filter(received_mail::Column::Digest.eq(digest))
        .one(on)
        .await?)
}

/// What was begun on a thing; nothing, if the thing is not there.
fn unless_gone<T>(begun: Result<T, Error<std::convert::Infallible>>) -> Result<Option<T>, Fault> {
    match begun {
        Ok(begun) => Ok(Some(begun)),
        Err(Error::Denied(Denied::NotFound | Denied::Forbidden(_) | Denied::Unauthenticated)) => {
            Ok(None)
        }
        Err(Error::Fault(fault)) => Err(fault),
        Err(Error::Refused(never)) => match never {},
    }
}

/// What nothing follows from.
fn of_no_consequence(content: &MailContent) -> Taken {
    let mut facts = ReceivedMailFacts::default();
    let mut note = None;
    match content {
        MailContent::Letter(text) => facts.text = Some(text.clone()),
        MailContent::Calendar(why) => note = Some(why.as_str()),
        MailContent::Unreadable => note = Some("it is no mail that can be read"),
        MailContent::Answers(_)
        | MailContent::Counters(_)
        | MailContent::Returned(_)
        | MailContent::Complaint
        | MailContent::AutoReply => {}
    }
    Taken::new(ReceivedMailOutcome::Noted, note, facts)
}

fn facts_of_returned(returned: &Returned) -> ReceivedMailFacts {
    let (Returned::Underway { diagnostic } | Returned::Failed { diagnostic, .. }) = returned;
    ReceivedMailFacts {
        diagnostic: diagnostic.clone(),
        ..ReceivedMailFacts::default()
    }
}

/// What tells a mail from every other: whom it was for, and every byte of it.
fn digest(mail: &NewReceivedMail<'_>) -> String {
    let mut digest = Sha256::new();
    digest.update(mail.recipient.unwrap_or_default().to_lowercase());
    // An address has no such byte.
    digest.update([0]);
    digest.update(mail.raw);
    HEXLOWER.encode(&digest.finalize())
}

/// An address, without the secret in it: who reads the list could answer for others with it.
fn without_secret(address: &str) -> Option<String> {
    let (local, domain) = address.rsplit_once('@')?;
    let shown = local.split_once('+').map(|(name, _)| format!("{name}+…"));
    line(&format!("{}@{domain}", shown.as_deref().unwrap_or(local)))
}

/// A text of strangers as one line that can be kept.
fn line(text: &str) -> Option<String> {
    let plain: String = text
        .chars()
        .filter(|character| !character.is_control())
        .take(LINE)
        .collect();
    let plain = plain.trim();
    (!plain.is_empty()).then(|| plain.to_owned())
}

/// The same, of several lines.
fn text(text: &str) -> Option<String> {
    let kept = |character: &char| matches!(character, '\n' | '\t') || !character.is_control();
    let plain: String = text.chars().filter(kept).take(TEXT).collect();
    let plain = plain.trim();
    (!plain.is_empty()).then(|| plain.to_owned())
}

fn cleaned(facts: &ReceivedMailFacts) -> ReceivedMailFacts {
    let addresses = facts.delegated_to.iter();
    ReceivedMailFacts {
        attendee: facts.attendee.as_deref().and_then(line),
        text: facts.text.as_deref().and_then(text),
        delegated_to: addresses.filter_map(|one| line(one)).collect(),
        diagnostic: facts.diagnostic.as_deref().and_then(text),
        answer: facts.answer,
        proposed: facts.proposed,
    }
}
