//! Invitations as the store keeps them: who is asked, what stands in their calendars, what follows from
//! what, and mails on their way.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use domain::Patch;
use domain::agenda::edit::Placement;
use domain::id::{EventId, MessageId, ParticipantId};
use domain::invitation::{AnswerChannel, Invitation, InvitationAnswer, InvitationStatus};
use domain::message::{DeliveryState, MessageKind, SuppressionReason};
use domain::participant::{ParticipantPatch, ParticipantState};
use domain::workspace::Workspace;
use persistence::{
    AgendaPublish, Claim, Effect, Error, Going, Invited, Notify, ParticipantAnswer,
    ParticipantFilter, ParticipantInvite, Seen, Settled, Store, Written,
};
use tests::{Backend, STAGEHAND, TestApp, both};

both!(
    who_is_invited_has_entries_that_follow_what_is_so,
    who_tries_an_invitation_invites_nobody,
    nobody_is_written_to_who_was_never_invited,
    who_was_invited_is_struck_off_and_not_forgotten,
    a_mail_is_claimed_by_one_and_settled_once,
    a_mail_that_was_left_behind_goes_out_again_as_it_was,
    an_address_that_takes_no_mail_is_remembered
);

pub(crate) const DOCUMENT: &str = "
key: forum
language: en
title: The Forum
visibility: PUBLIC
time: { timeZone: Asia/Shanghai, startsOn: 2025-02-01 }
venues: [{ key: house, name: The House, rooms: [{ key: hall, name: Hall }, { key: loft, name: Loft }] }]
people:
- { key: ada, name: Ada Example, email: ada@example.org }
- { key: bo, name: Bo Example }
participants: [{ person: ada }, { person: bo }]
agenda:
- { key: talk, kind: TALK, title: The talk, startsAt: 2025-02-01T09:00:00, endsAt: 2025-02-01T10:00:00,
    room: hall, appearances: [{ role: SPEAKER, person: ada }] }
- { key: later, kind: TALK, title: Some time, appearances: [{ role: SPEAKER, person: ada }] }
";

pub(crate) struct Forum {
    pub(crate) app: TestApp,
    pub(crate) event: EventId,
    pub(crate) home: Workspace,
}

impl Forum {
    pub(crate) async fn new(backend: Backend) -> Self {
        let app = TestApp::new(backend).await;
        let home = app.workspace("home").await;
        let event = app.import(&home, DOCUMENT).await.id;
        app.publish(event).await;
        Self { app, event, home }
    }

    pub(crate) fn store(&self) -> &Store {
        &self.app.store
    }

    pub(crate) async fn invite(&self, effect: Effect) -> Invited {
        let invite = ParticipantInvite {
            event: self.event,
            people: Vec::new(),
            participants: Vec::new(),
            organizations: Vec::new(),
            like: Some(ParticipantFilter::default()),
            answer_by: None,
            note: None,
            going: Going::Now,
            effect,
        };
        let invited = self.store().invite_participants(&STAGEHAND, invite, None);
        invited.await.expect("they are invited")
    }

    /// Invites everybody by a message that is looked at first.
    pub(crate) async fn hold_invitations(&self) -> MessageId {
        let invite = ParticipantInvite {
            event: self.event,
            people: Vec::new(),
            participants: Vec::new(),
            organizations: Vec::new(),
            like: Some(ParticipantFilter::default()),
            answer_by: None,
            note: None,
            going: Going::Held,
            effect: Effect::Apply,
        };
        let invited = self.store().invite_participants(&STAGEHAND, invite, None);
        let message = invited.await.expect("they are asked").message;
        message.expect("a message")
    }

    /// Ada speaks once more, and that is published.
    pub(crate) async fn ada_is_on_another_talk(&self) {
        let more = DOCUMENT
            .replace(
                "key: later, kind: TALK, title: Some time",
                "key: later, kind: TALK, title: Another talk, startsAt: 2025-02-01T16:00:00",
            )
            .replace(
                "startsAt: 2025-02-01T09:00:00, endsAt: 2025-02-01T10:00:00",
                "startsAt: 2025-02-01T11:00:00, endsAt: 2025-02-01T12:00:00",
            );
        self.app.import(&self.home, &more).await;
        self.publish_agenda().await;
    }

    pub(crate) async fn invitations(&self, of: ParticipantId) -> Vec<Invitation> {
        let all = self.store().invitations(&STAGEHAND, &[of]).await;
        all.expect("invitations")
    }

    /// The invitations of all on the list, those of who comes first first.
    pub(crate) async fn invitations_of_all(&self) -> Vec<Invitation> {
        let tried = self.invite(Effect::Rehearse).await;
        let ids = [tried.participants, tried.passed_over].concat();
        let all = self.store().invitations(&STAGEHAND, &ids).await;
        all.expect("invitations")
    }

    pub(crate) async fn participant(&self, id: ParticipantId) -> domain::participant::Participant {
        let found = self.store().participants(&STAGEHAND, vec![id]).await;
        found.expect("participants").remove(0)
    }

    pub(crate) async fn becomes(&self, id: ParticipantId, state: ParticipantState) {
        let seen = Seen {
            id,
            version: self.participant(id).await.version,
        };
        let patch = ParticipantPatch {
            status: Patch::Set(state),
            ..ParticipantPatch::default()
        };
        let done = self
            .store()
            .update_participant(&STAGEHAND, seen, patch, Patch::Keep);
        done.await.expect("a change");
    }

    /// The mails that are there, each with its kind and state, in the order in which they were written.
    pub(crate) async fn mails(&self) -> Vec<(MessageKind, DeliveryState)> {
        let statement = "SELECT kind || ' ' || state AS value FROM delivery ORDER BY id";
        let rows = self.app.database.texts(statement).await;
        let word = |row: &String| {
            let (kind, state) = row.split_once(' ').expect("two words");
            (
                kind.parse().expect("a kind"),
                state.parse().expect("a state"),
            )
        };
        rows.iter().map(word).collect()
    }

    /// Moves the talk to two hours later, and publishes that.
    pub(crate) async fn talk_is_later(&self) {
        let agendas = self.store().draft_agendas(&STAGEHAND, &[self.event]).await;
        let agenda = agendas.expect("the draft").remove(0);
        let talk = &agenda.items()[0];
        let seen = Seen {
            id: talk.id,
            version: talk.version,
        };
        let later = talk.starts_at.expect("an hour") + TimeDelta::hours(2);
        let to = Placement {
            starts_at: Patch::Set(later),
            ..Placement::default()
        };
        let moved = self.store().move_agenda_item(&STAGEHAND, seen, to).await;
        moved.expect("a move");
        self.publish_agenda().await;
    }

    /// Publishes the draft as it is, and tells those whom that concerns.
    async fn publish_agenda(&self) {
        let agendas = self.store().draft_agendas(&STAGEHAND, &[self.event]).await;
        let agenda = agendas.expect("the draft").remove(0);
        let publish = AgendaPublish {
            event: self.event,
            expected_revision: agenda.event().agenda_revision,
            comment: None,
            notify: Notify::Concerned,
            effect: Effect::Apply,
        };
        let published = self.store().publish_agenda(&STAGEHAND, publish, None);
        published.await.expect("a version");
    }
}

const QUEUED: DeliveryState = DeliveryState::Queued;

async fn who_is_invited_has_entries_that_follow_what_is_so(backend: Backend) {
    let forum = Forum::new(backend).await;
    let invited = forum.invite(Effect::Apply).await;
    let [ada, bo] = invited.participants[..] else {
        panic!("{invited:?}");
    };
    assert_eq!(invited.unreachable, [bo]);
    // What has no hour has no place in a calendar.
    let first = forum.invitations(ada).await;
    let titles: Vec<_> = first.iter().map(|one| one.entry.title.as_str()).collect();
    assert_eq!(titles, ["The Forum", "The talk"]);
    assert_eq!(first[1].entry.place.as_deref(), Some("Hall, The House"));
    assert_eq!(forum.invitations(bo).await.len(), 1);
    let mails = [
        (MessageKind::Invitation, QUEUED),
        (MessageKind::Invitation, QUEUED),
        (MessageKind::CalendarUpdate, QUEUED),
    ];
    assert_eq!(forum.mails().await, mails);
    // Who was asked is not asked again.
    let again = forum.invite(Effect::Apply).await;
    assert_eq!((again.participants.len(), again.passed_over.len()), (0, 2));
    assert_eq!(again.message, None);

    // Ada comes, and hears that this was understood.
    let answer = ParticipantAnswer {
        participant: ada,
        answer: InvitationAnswer::Accepted,
        comment: None,
    };
    let answered = forum.store().answer_invitation(&STAGEHAND, answer).await;
    answered.expect("an answer");
    let now = forum.participant(ada).await;
    assert_eq!(now.status.state(), ParticipantState::Confirmed);
    assert_eq!(now.answered_through, Some(AnswerChannel::Organiser));
    let reply = forum.invitations(ada).await[0].reply.clone();
    assert_eq!(reply.expect("a reply").answer, InvitationAnswer::Accepted);
    assert_eq!(forum.mails().await[3], (MessageKind::Confirmed, QUEUED));

    // The talk moves: the same entry, raised, in the one notice; what waited to say otherwise does not go.
    forum.talk_is_later().await;
    let moved = forum.invitations(ada).await;
    assert_eq!((moved[1].id, moved[1].sequence), (first[1].id, 1));
    assert_eq!(moved[1].uid(), first[1].uid());
    assert_eq!(moved[0].sequence, 0);
    let mails = forum.mails().await;
    let superseded = (MessageKind::CalendarUpdate, DeliveryState::Superseded);
    assert_eq!(mails[2], superseded);
    assert_eq!(mails[4..], [(MessageKind::AgendaChanged, QUEUED)]);

    // The event is called off: all entries go, and each is told once in words.
    let cancelled = forum
        .store()
        .cancel_event(&STAGEHAND, forum.event, None, Some("flood"));
    cancelled.await.expect("it is called off");
    let gone = forum.invitations(ada).await;
    let withdrawn = |one: &Invitation| one.status == InvitationStatus::Withdrawn;
    assert!(gone.iter().all(withdrawn), "{gone:?}");
    assert_eq!((gone[0].sequence, gone[1].sequence), (1, 2));
    let told = forum.mails().await[5..].to_vec();
    let in_words = (MessageKind::EventCancelled, QUEUED);
    assert_eq!(told.iter().filter(|one| **one == in_words).count(), 2);
    assert_eq!(told.len(), 3);
}

async fn who_tries_an_invitation_invites_nobody(backend: Backend) {
    let forum = Forum::new(backend).await;
    let before = forum.app.database.contents().await;
    let tried = forum.invite(Effect::Rehearse).await;
    assert!(before == forum.app.database.contents().await);
    assert_eq!((tried.participants.len(), tried.message), (2, None));
}

async fn nobody_is_written_to_who_was_never_invited(backend: Backend) {
    let forum = Forum::new(backend).await;
    let tried = forum.invite(Effect::Rehearse).await;
    // That somebody comes may be on record without anybody having been asked.
    forum
        .becomes(tried.participants[0], ParticipantState::Confirmed)
        .await;
    forum
        .becomes(tried.participants[1], ParticipantState::Cancelled)
        .await;
    let cancelled = forum
        .store()
        .cancel_event(&STAGEHAND, forum.event, None, None);
    cancelled.await.expect("it is called off");
    assert_eq!(forum.mails().await, []);
}

async fn who_was_invited_is_struck_off_and_not_forgotten(backend: Backend) {
    let forum = Forum::new(backend).await;
    let bo = forum.invite(Effect::Apply).await.participants[1];
    let seen = Seen {
        id: bo,
        version: forum.participant(bo).await.version,
    };
    let removed = forum.store().remove_participant(&STAGEHAND, seen).await;
    let Err(Error::Refused(refused)) = removed else {
        panic!("{removed:?}");
    };
    assert!(
        format!("{refused:?}").contains("IllegalState"),
        "{refused:?}"
    );
    forum.becomes(bo, ParticipantState::Cancelled).await;
    let gone = forum.invitations(bo).await;
    assert_eq!(gone[0].status, InvitationStatus::Withdrawn);
    let last = forum.mails().await.pop();
    assert_eq!(last, Some((MessageKind::Cancelled, QUEUED)));
}

fn sent(id: domain::id::DeliveryId) -> Settled {
    Settled {
        claim: Claim { id, number: 1 },
        state: DeliveryState::Sent,
        again_at: None,
        unsure: false,
        answer: Some("250 taken".to_owned()),
        reason: None,
        suppress: None,
    }
}

async fn a_mail_is_claimed_by_one_and_settled_once(backend: Backend) {
    let forum = Forum::new(backend).await;
    forum.invite(Effect::Apply).await;
    let other = forum.store().clone();
    let lease = TimeDelta::minutes(5);
    let (one, two) = tokio::join!(
        forum.store().claim_deliveries(2, lease),
        other.claim_deliveries(2, lease)
    );
    let claimed = [one.expect("a claim"), two.expect("a claim")].concat();
    let ids: BTreeSet<_> = claimed.iter().map(|one| one.delivery.id).collect();
    assert_eq!((claimed.len(), ids.len()), (3, 3));
    assert!(claimed.iter().all(|one| one.secrets.is_some()));
    let settled: Vec<_> = ids.iter().map(|id| sent(*id)).collect();
    forum
        .store()
        .settle_deliveries(&settled)
        .await
        .expect("settled");
    let states = forum.mails().await;
    assert!(
        states
            .iter()
            .all(|(_, state)| *state == DeliveryState::Sent)
    );
    let left = forum.store().claim_deliveries(9, lease).await;
    assert!(left.expect("a claim").is_empty());
    assert_eq!(
        forum.store().next_delivery_at().await.expect("a time"),
        None
    );
}

async fn a_mail_that_was_left_behind_goes_out_again_as_it_was(backend: Backend) {
    let forum = Forum::new(backend).await;
    forum.invite(Effect::Apply).await;
    let lease = TimeDelta::minutes(5);
    let first = forum.store().claim_deliveries(1, lease).await;
    let first = first.expect("a claim").remove(0);
    assert_eq!((first.raw, first.delivery.unsure), (None, 0));
    let written = Written {
        claim: first.claim,
        address: "ada@example.org".to_owned(),
        subject: "Come".to_owned(),
        raw: b"To the byte.\r\n\xff".to_vec(),
        remark: None,
    };
    let kept = forum.store().keep_written(vec![written.clone()]).await;
    assert!(kept.expect("it is kept"));
    // Whoever had it is gone. It is nobody else's before the lease is over.
    forum.app.clock.advance(TimeDelta::minutes(4));
    let others = forum.store().claim_deliveries(9, lease).await;
    let others = others.expect("a claim");
    assert!(others.iter().all(|one| one.delivery.id != written.claim.id));
    forum.app.clock.advance(TimeDelta::minutes(2));
    let again = forum.store().claim_deliveries(9, lease).await;
    let again = again.expect("a claim");
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].raw.as_deref(), Some(&written.raw[..]));
    let told = &again[0].delivery;
    assert_eq!(
        (told.id, told.attempts, told.unsure),
        (written.claim.id, 2, 1)
    );
    assert_eq!(told.subject.as_deref(), Some("Come"));
    // Whoever comes back to life has nothing to say about it any more.
    let late = forum
        .store()
        .keep_written(vec![Written {
            subject: "Do not come".to_owned(),
            ..written.clone()
        }])
        .await;
    assert!(!late.expect("it is looked at"));
    let late = forum
        .store()
        .settle_deliveries(&[sent(written.claim.id)])
        .await;
    late.expect("nothing");
    assert_eq!(forum.mails().await[0].1, DeliveryState::Sending);
}

async fn an_address_that_takes_no_mail_is_remembered(backend: Backend) {
    let forum = Forum::new(backend).await;
    forum.invite(Effect::Apply).await;
    let lease = TimeDelta::minutes(5);
    let claimed = forum.store().claim_deliveries(1, lease).await;
    let first = claimed.expect("a claim").remove(0);
    assert_eq!(first.suppressed, None);
    let failed = Settled {
        state: DeliveryState::Failed,
        reason: Some("there is no such mailbox".to_owned()),
        suppress: Some(("Ada@example.org".to_owned(), SuppressionReason::Unknown)),
        ..sent(first.delivery.id)
    };
    let settled = forum
        .store()
        .settle_deliveries(std::slice::from_ref(&failed))
        .await;
    settled.expect("settled");
    // Who comes late with another word about it is not heard.
    let late = forum
        .store()
        .settle_deliveries(&[sent(failed.claim.id)])
        .await;
    late.expect("nothing");
    let states: Vec<_> = forum.mails().await.into_iter().map(|one| one.1).collect();
    assert!(states.contains(&DeliveryState::Failed), "{states:?}");
    let next = forum
        .store()
        .claim_deliveries(9, lease)
        .await
        .expect("a claim");
    let to_ada = next.iter().filter(|one| {
        let person = one.person.as_ref();
        person.is_some_and(|person| person.email.is_some())
    });
    let reasons: Vec<_> = to_ada.map(|one| one.suppressed).collect();
    assert_eq!(reasons, [Some(SuppressionReason::Unknown)]);
}
