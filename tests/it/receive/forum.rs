//! An event to which people were invited, and the mails that they write.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use domain::id::{DeliveryId, EventId, ParticipantId};
use domain::invitation::{Invitation, InvitationAnswer};
use domain::message::DeliveryState;
use domain::participant::{Participant, ParticipantState};
use domain::received_mail::{ReceivedMail, ReceivedMailOutcome};
use domain::workspace::Workspace;
use notifier::inbound::{Delivered, Sender};
use persistence::{Effect, Going, ParticipantFilter, ParticipantInvite, Settled, Store, Written};
use tests::{Backend, STAGEHAND, TestApp};

pub const DOCUMENT: &str = "
key: forum
language: en
title: The Forum
visibility: PUBLIC
time: { timeZone: Asia/Shanghai, startsOn: 2025-02-01 }
people:
- { key: ada, name: Ada Example, email: ada@example.org }
- { key: bo, name: Bo Example, email: bo@example.org }
participants: [{ person: ada }, { person: bo }]
agenda:
- { key: talk, kind: TALK, title: The talk, startsAt: 2025-02-01T09:00:00, endsAt: 2025-02-01T10:00:00,
    appearances: [{ role: SPEAKER, person: ada }] }
";

/// An event to which everybody was invited by a mail that was sent.
pub struct Forum {
    pub app: TestApp,
    pub workspace: Workspace,
    pub event: EventId,
    pub invited: Vec<Invited>,
}

/// Somebody who was invited, with what stands in the mail to them.
#[derive(Debug, Clone)]
pub struct Invited {
    pub id: ParticipantId,
    pub email: String,
    /// The UID of the event's entry.
    pub uid: String,
    /// Where answers go.
    pub answers: String,
    /// Where the mail comes back to.
    pub bounces: String,
    pub delivery: DeliveryId,
}

impl Forum {
    pub async fn new(backend: Backend, document: &str) -> Self {
        let app = TestApp::new(backend).await;
        let workspace = app.workspace("home").await;
        let event = app.import(&workspace, document).await.id;
        app.publish(event).await;
        let invite = ParticipantInvite {
            event,
            people: Vec::new(),
            participants: Vec::new(),
            organizations: Vec::new(),
            like: Some(ParticipantFilter::default()),
            answer_by: None,
            note: None,
            going: Going::Now,
            effect: Effect::Apply,
        };
        let invited = app.store.invite_participants(&STAGEHAND, invite, None);
        invited.await.expect("they are invited");
        let mut forum = Self {
            app,
            workspace,
            event,
            invited: Vec::new(),
        };
        forum.send_all().await;
        forum
    }

    pub fn store(&self) -> &Store {
        &self.app.store
    }

    /// Sends what waits.
    async fn send_all(&mut self) {
        let claimed = self.store().claim_deliveries(1_000, TimeDelta::minutes(5));
        let claimed = claimed.await.expect("a claim");
        let mut written = Vec::new();
        let mut settled = Vec::new();
        for one in &claimed {
            let email = one.person.as_ref().and_then(|person| person.email.clone());
            let email = email.expect("an address");
            written.push(Written {
                claim: one.claim,
                address: email.clone(),
                subject: "Come".to_owned(),
                raw: b"Come.\r\n".to_vec(),
                remark: None,
            });
            settled.push(Settled {
                claim: one.claim,
                state: DeliveryState::Sent,
                again_at: None,
                unsure: false,
                answer: Some("250 taken".to_owned()),
                reason: None,
                suppress: None,
            });
            let to_event = one.invitation.as_ref();
            let Some(to_event) = to_event.filter(|one| one.item_id.is_none()) else {
                continue;
            };
            let secrets = one.secrets.as_ref().expect("secrets");
            self.invited.push(Invited {
                id: to_event.participant_id,
                email,
                uid: to_event.uid(),
                answers: format!("rsvp+{}@convoke.example.org", secrets.reply),
                bounces: format!("bounce+{}@convoke.example.org", one.bounce),
                delivery: one.delivery.id,
            });
        }
        self.store().keep_written(written).await.expect("written");
        let settled = self.store().settle_deliveries(&settled).await;
        settled.expect("settled");
    }

    pub async fn take(&self, mail: &[u8], recipient: &str) -> ReceivedMail {
        take(self.store(), mail, recipient).await
    }

    /// What became of a mail.
    pub async fn outcome(&self, mail: &Mail<'_>, recipient: &str) -> ReceivedMailOutcome {
        self.take(&mail.to(recipient), recipient).await.outcome
    }

    pub async fn participant(&self, id: ParticipantId) -> Participant {
        let found = self.store().participants(&STAGEHAND, vec![id]).await;
        found.expect("participants").remove(0)
    }

    pub async fn state(&self, id: ParticipantId) -> ParticipantState {
        self.participant(id).await.status.state()
    }

    pub async fn invitations(&self, of: ParticipantId) -> Vec<Invitation> {
        let all = self.store().invitations(&STAGEHAND, &[of]).await;
        all.expect("invitations")
    }

    /// How far the mail to somebody has come.
    pub async fn delivery(&self, of: &Invited) -> String {
        let rows = self.app.database.rows("delivery").await;
        let digits = of.delivery.uuid().simple().to_string();
        let is_it = |row: &&serde_json::Value| {
            let id = row["id"].as_str().expect("an id").replace('-', "");
            id.eq_ignore_ascii_case(&digits)
        };
        let row = rows.iter().find(is_it).expect("a delivery");
        format!("{} {}", row["state"], row["answer"]).replace('"', "")
    }

    /// The addresses that take no mail, and why.
    pub async fn suppressed(&self) -> Vec<String> {
        let statement = "SELECT address || ' ' || reason AS value FROM suppression ORDER BY 1";
        self.app.database.texts(statement).await
    }

    /// Everything but what was kept of mails.
    pub async fn all_else(&self) -> BTreeMap<String, Vec<String>> {
        let mut contents = self.app.database.contents().await;
        contents.remove("received_mail");
        contents
    }
}

pub async fn take(store: &Store, mail: &[u8], recipient: &str) -> ReceivedMail {
    let delivered = Delivered {
        recipient: Some(recipient),
        sender: Sender::Unknown,
    };
    let received = notifier::receive::receive(store, mail, &delivered).await;
    received.expect("it is taken")
}

/// A mail as somebody writes it.
#[derive(Debug, Clone, Copy)]
pub struct Mail<'a> {
    pub shape: &'a str,
    pub uid: &'a str,
    pub attendee: &'a str,
    pub answer: InvitationAnswer,
    pub sequence: i32,
    /// How many minutes after eight they answered.
    pub minute: u32,
    /// Of a mail that came back: its action, its status, and what was said.
    pub report: (&'a str, &'a str, &'a str),
}

pub const NO_SUCH_USER: (&str, &str, &str) = ("failed", "5.1.1", "550 5.1.1 no such user");

impl<'a> Mail<'a> {
    pub fn of(shape: &'a str, from: &'a Invited) -> Self {
        Self {
            shape,
            uid: &from.uid,
            attendee: &from.email,
            answer: InvitationAnswer::Accepted,
            sequence: 0,
            minute: 0,
            report: NO_SUCH_USER,
        }
    }

    /// The same, with this answer of that minute.
    pub fn saying(mut self, answer: InvitationAnswer, minute: u32) -> Self {
        (self.answer, self.minute) = (answer, minute);
        self
    }

    /// The mail, as it goes over the wire.
    pub fn to(&self, recipient: &str) -> Vec<u8> {
        let path = format!("tests/it/receive/{}.eml", self.shape);
        let text = std::fs::read_to_string(crate::process::repository(path)).expect("a fixture");
        let (action, status, diagnostic) = self.report;
        let partstat = self.answer.to_string();
        let mut verb = partstat.to_lowercase();
        verb[..1].make_ascii_uppercase();
        let stamp = format!("20241211T08{:02}00Z", self.minute);
        let number = format!("{}{}{}", self.minute, self.sequence, status);
        text.replace("{recipient}", recipient)
            .replace("{attendee}", self.attendee)
            .replace("{uid}", self.uid)
            .replace("{partstat}", &partstat)
            .replace("{verb}", &verb)
            .replace("{stamp}", &stamp)
            .replace("{sequence}", &self.sequence.to_string())
            .replace("{n}", &number)
            .replace("{action}", action)
            .replace("{status}", status)
            .replace("{diagnostic}", diagnostic)
            .replace('\n', "\r\n")
            .into_bytes()
    }
}
