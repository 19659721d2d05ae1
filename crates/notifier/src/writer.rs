//! A mail as it goes out, made of what is so when it is written: the words, the calendar object, the
//! addresses that its answer and its bounce come by.

use calendar::{Attendee, Entry, KnownAnswer, Organizer, Role};
use chrono::{DateTime, Utc};
use domain::credential::CredentialStatus;
use domain::event::EventState;
use domain::invitation::{Invitation, InvitationAnswer, InvitationStatus};
use domain::message::{DeliveryState, Overtaken, Standing, SuppressionReason};
use domain::participant::{Participant, ParticipantCategory};
use domain::{LanguageTag, Site};
use persistence::Outgoing;

use crate::address::{Address, AddressError};
use crate::dkim::Dkim;
use crate::mail::{
    Attachment, AutoSubmitted, CalendarMethod, CalendarPart, ComposeError, List, Mail, Mailbox,
    compose,
};
use crate::template::{TemplateFault, Templates};
use wording::facts::{self, Facts};

/// Who writes mails, and what stands in all of them.
#[derive(Debug)]
pub struct Writer {
    /// The address that mails come from; the name beside it is that of the office.
    pub from: Address,
    /// Where answers and bounces come to, if they are read by a program: the domain of `rsvp+…@` and
    /// `bounce+…@`. Without it they go to [`Writer::from`], where a person reads them.
    pub replies: Option<String>,
    /// What links begin with.
    pub site: Site,
    /// The key that mails are signed with.
    pub dkim: Option<Dkim>,
}

/// A mail that can be handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// Its Message-ID.
    pub message_id: String,
    /// Where bounces go.
    pub from: Address,
    /// Whom it is for.
    pub to: Address,
    /// What it is called.
    pub subject: String,
    /// All of it.
    pub raw: Vec<u8>,
    /// Templates of the workspace that failed, in whose place ours were used.
    pub faults: Vec<TemplateFault>,
}

/// Why a mail is not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// They are in the directory no longer.
    #[error("the person is in the directory no longer")]
    NobodyThere,
    /// Nobody knows where to write to.
    #[error("no address is known")]
    NoAddress,
    /// The address takes no mail.
    #[error("the address takes no mail: {}", suppressed(*.0))]
    Suppressed(SuppressionReason),
    /// The address is none that mail can be sent to.
    #[error("the address {0}")]
    Address(AddressError),
    /// Something else is so by now.
    #[error("{0}")]
    Overtaken(#[from] Overtaken),
    /// What it would tell is told already, or is not so any more.
    #[error("there is nothing to tell any more")]
    NothingToTell,
    /// What goes with it cannot be had now.
    #[error("the document that goes with it cannot be had now")]
    DocumentAway,
    /// It cannot be written.
    #[error("the mail cannot be written: {0}")]
    Unwritable(String),
}

fn suppressed(reason: SuppressionReason) -> &'static str {
    match reason {
        SuppressionReason::Unknown => "there is no such mailbox",
        SuppressionReason::Bounced => "mail to it came back",
        SuppressionReason::Unsubscribed => "whoever reads it wants no more",
        SuppressionReason::Organiser => "an organiser said so",
    }
}

impl NotSent {
    /// What the mail is then.
    pub fn state(&self) -> DeliveryState {
        match self {
            Self::NobodyThere | Self::NoAddress | Self::Suppressed(_) => DeliveryState::Suppressed,
            Self::Address(_) | Self::Unwritable(_) => DeliveryState::Failed,
            Self::Overtaken(_) | Self::NothingToTell => DeliveryState::Superseded,
            Self::DocumentAway => DeliveryState::Deferred,
        }
    }
}

impl From<ComposeError> for NotSent {
    fn from(error: ComposeError) -> Self {
        Self::Unwritable(error.to_string())
    }
}

impl From<TemplateFault> for NotSent {
    fn from(fault: TemplateFault) -> Self {
        Self::Unwritable(fault.to_string())
    }
}

impl Writer {
    /// The envelope of a mail that was written before, and is sent again as it was.
    pub fn again(
        &self,
        outgoing: &Outgoing,
        raw: Vec<u8>,
        now: DateTime<Utc>,
    ) -> Result<Ready, NotSent> {
        let to = outgoing.delivery.address.as_deref();
        let to = to.ok_or(NotSent::NoAddress)?;
        if let Some(reason) = stops(outgoing) {
            return Err(NotSent::Suppressed(reason));
        }
        // What may have arrived is sent again as it was, whatever is so by now.
        if outgoing.delivery.unsure == 0 {
            overtaken(outgoing, now)?;
            // What was taken back is not sent any more.
            let issued = outgoing.issued.as_ref();
            if issued.is_some_and(|one| one.credential.status != CredentialStatus::Valid) {
                return Err(NotSent::NothingToTell);
            }
        }
        Ok(Ready {
            message_id: self.message_id(outgoing),
            from: self.bounces(outgoing)?,
            to: to.parse().map_err(NotSent::Address)?,
            subject: outgoing.delivery.subject.clone().unwrap_or_default(),
            raw,
            faults: Vec::new(),
        })
    }

    /// Writes a mail.
    pub fn write(
        &self,
        outgoing: &Outgoing,
        templates: &Templates,
        now: DateTime<Utc>,
    ) -> Result<Ready, NotSent> {
        overtaken(outgoing, now)?;
        let person = outgoing.person.as_ref().ok_or(NotSent::NobodyThere)?;
        let address = person.email.as_deref().ok_or(NotSent::NoAddress)?;
        if let Some(reason) = stops(outgoing) {
            return Err(NotSent::Suppressed(reason));
        }
        let to: Address = address.parse().map_err(NotSent::Address)?;
        let tag = outgoing.event.title.main_language().clone();
        let language = facts::language_of(outgoing);
        let answers = self.answers(outgoing)?;
        let leave = facts::leave_of(outgoing, &self.site);
        let reached = self.from.to_string();
        let facts = Facts {
            outgoing,
            site: &self.site,
            reached: Some(&reached),
            leave: leave.as_deref(),
            language,
        };
        let message = facts.message().ok_or(NotSent::NothingToTell)?;
        if outgoing
            .issued
            .as_ref()
            .is_some_and(|one| one.document.is_none())
        {
            return Err(NotSent::DocumentAway);
        }
        let rendered = templates.render(&message, language)?;
        let name = outgoing.workspace.name.clone();
        let mail = Mail {
            message_id: self.message_id(outgoing),
            date: now,
            from: Mailbox {
                name: name.clone(),
                address: self.from.clone(),
            },
            reply_to: answers.clone().map(|address| Mailbox {
                name: name.clone(),
                address,
            }),
            to: Mailbox {
                name: person.name.clone(),
                address: to.clone(),
            },
            envelope_from: self.bounces(outgoing)?,
            subject: rendered.subject,
            text: rendered.text,
            html: rendered.html,
            calendar: self.calendar(outgoing, &to, answers.as_ref(), now),
            attachments: documents(outgoing),
            list: self.list(outgoing, leave),
            auto_submitted: AutoSubmitted::Generated,
            language: language.tag().parse().unwrap_or(tag),
        };
        Ok(Ready {
            raw: compose(&mail, self.dkim.as_ref())?,
            message_id: mail.message_id,
            from: mail.envelope_from,
            to,
            subject: mail.subject,
            faults: rendered.faults,
        })
    }

    fn message_id(&self, outgoing: &Outgoing) -> String {
        format!("{}@{}", outgoing.delivery.id, self.from.domain())
    }

    /// Where a mail comes back to: an address of its own, where a program reads them (VERP).
    fn bounces(&self, outgoing: &Outgoing) -> Result<Address, NotSent> {
        match &self.replies {
            Some(domain) => Address::new(&format!("bounce+{}", outgoing.bounce), domain)
                .map_err(NotSent::Address),
            None => Ok(self.from.clone()),
        }
    }

    /// Where answers come to: an address that only the one who is asked knows.
    fn answers(&self, outgoing: &Outgoing) -> Result<Option<Address>, NotSent> {
        match (&self.replies, &outgoing.secrets) {
            (Some(domain), Some(secrets)) => {
                let address = Address::new(&format!("rsvp+{}", secrets.reply), domain);
                Ok(Some(address.map_err(NotSent::Address)?))
            }
            _ => Ok(None),
        }
    }

    fn list(&self, outgoing: &Outgoing, leave: Option<String>) -> Option<List> {
        // One that is left by plain HTTP is no list for those who read such headers.
        let unsubscribe_url = leave.filter(|url| url.starts_with("https://"))?;
        let event = outgoing.event.id.to_string().replace('_', "-");
        Some(List {
            id: format!("{event}.{}", self.from.domain()),
            unsubscribe_url,
            unsubscribe_mailto: None,
        })
    }

    fn calendar(
        &self,
        outgoing: &Outgoing,
        to: &Address,
        answers: Option<&Address>,
        now: DateTime<Utc>,
    ) -> Option<CalendarPart> {
        let invitation = outgoing.invitation.as_ref()?;
        let participant = outgoing.participant.as_ref()?;
        let person = outgoing.person.as_ref()?;
        let organizer = Organizer {
            name: Some(outgoing.workspace.name.clone()),
            // It is the From or the Reply-To of the mail: calendars compare.
            address: answers.unwrap_or(&self.from).to_string(),
            sent_by: None,
        };
        let language: LanguageTag = outgoing.event.title.main_language().clone();
        let entry = Entry::of_invitation(invitation, organizer, Some(language));
        let attendee = Attendee {
            name: Some(person.name.clone()),
            address: to.to_string(),
            role: role(participant.category),
            answer: known_answer(invitation, participant),
        };
        let method = match entry.method() {
            calendar::Method::Request => CalendarMethod::Request,
            calendar::Method::Cancel => CalendarMethod::Cancel,
        };
        Some(CalendarPart {
            method,
            bytes: calendar::invitation(&entry, &attendee, now),
        })
    }
}

/// What goes with a mail: the document of what was issued.
fn documents(outgoing: &Outgoing) -> Vec<Attachment> {
    let issued = outgoing.issued.iter();
    let made = issued.filter_map(|issued| Some((issued, issued.document.as_ref()?)));
    made.map(|(issued, bytes)| Attachment {
        name: format!("{}.pdf", issued.credential.number),
        media_type: "application/pdf".to_owned(),
        bytes: bytes.clone(),
    })
    .collect()
}

/// Why the address takes no mail of this kind, if so.
fn stops(outgoing: &Outgoing) -> Option<SuppressionReason> {
    let reason = outgoing.suppressed?;
    let of_own_will = reason == SuppressionReason::Unsubscribed;
    // Who wants no more mail still wants no ghosts in their calendar.
    let takes_away = outgoing.invitation.as_ref().is_some_and(is_withdrawn);
    let may_be_left = outgoing.delivery.kind.is_bulk() && !takes_away;
    (!of_own_will || may_be_left).then_some(reason)
}

fn is_withdrawn(invitation: &Invitation) -> bool {
    invitation.status == InvitationStatus::Withdrawn
}

/// A mail that would tell what is not so any more is not sent.
fn overtaken(outgoing: &Outgoing, now: DateTime<Utc>) -> Result<(), NotSent> {
    let standing = Standing {
        kind: outgoing.delivery.kind,
        is_over: outgoing.useful_until.is_some_and(|end| end < now),
        is_off: outgoing.event.status.state() == EventState::Cancelled,
        participant: outgoing.participant.as_ref().map(|one| one.status.state()),
        takes_away: outgoing.invitation.as_ref().is_some_and(is_withdrawn),
        was_told: outgoing.was_told,
        is_to_be_asked: outgoing.is_to_be_asked,
    };
    Ok(standing.judge()?)
}

fn role(category: ParticipantCategory) -> Role {
    match category {
        ParticipantCategory::Regular
        | ParticipantCategory::NonVoting
        | ParticipantCategory::SpecialGuest
        | ParticipantCategory::Staff => Role::Required,
        ParticipantCategory::Observer | ParticipantCategory::Media => Role::Optional,
    }
}

/// What is known of somebody's answer: what they said of this very entry, else of the event.
fn known_answer(invitation: &Invitation, participant: &Participant) -> KnownAnswer {
    if is_withdrawn(invitation) {
        return KnownAnswer::Awaited;
    }
    let own = invitation.reply.as_ref().map(|reply| reply.answer);
    let own = own.filter(|_| invitation.item_id.is_some());
    let answer = own.or_else(|| InvitationAnswer::of(participant.status.state()));
    match answer {
        None => KnownAnswer::Awaited,
        Some(InvitationAnswer::Accepted) => KnownAnswer::Accepted,
        Some(InvitationAnswer::Tentative) => KnownAnswer::Tentative,
        Some(InvitationAnswer::Declined) => KnownAnswer::Declined,
    }
}
