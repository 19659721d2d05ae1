//! Mail that comes in: answers as the calendars of people write them, mails of ours that come back, and
//! whatever else is sent to our addresses. Each changes what it may, once, in whatever order they come.

mod forum;
mod orders;
mod posted;
mod program;

use chrono::TimeDelta;
use domain::access::Role;
use domain::invitation::{AnswerChannel, InvitationAnswer, InvitationStatus};
use domain::participant::ParticipantState;
use domain::received_mail::{ProposedTime, ReceivedMailKind, ReceivedMailOutcome};
use persistence::{Effect, ParticipantAnswer, Seen};
use serde_json::json;
use tests::{Backend, STAGEHAND, TestApp, both};

use self::forum::{DOCUMENT, Forum, Mail, NO_SUCH_USER};

both!(
    calendars_answer_each_in_its_own_way,
    an_answer_counts_by_its_secret_address_alone,
    what_is_stale_is_noted,
    the_same_mail_is_taken_once,
    no_to_a_session_is_no_to_the_session,
    a_later_answer_by_another_way_stands,
    another_time_is_a_proposal,
    a_mail_that_comes_back_stops_the_next,
    what_nothing_follows_from_is_kept,
    mail_is_read_by_who_looks_after_the_participants,
    mail_goes_with_its_event
);

/// The shapes in which calendars answer.
const SHAPES: [&str; 4] = ["google", "outlook", "apple", "thunderbird"];

async fn calendars_answer_each_in_its_own_way(backend: Backend) {
    let forum = Forum::new(backend, DOCUMENT).await;
    let ada = &forum.invited[0];
    let mut minute = 0;
    for shape in SHAPES {
        for answer in [
            InvitationAnswer::Declined,
            InvitationAnswer::Tentative,
            InvitationAnswer::Accepted,
        ] {
            minute += 1;
            let mail = Mail::of(shape, ada).saying(answer, minute);
            let received = forum.take(&mail.to(&ada.answers), &ada.answers).await;
            assert_eq!(
                (received.kind, received.outcome),
                (ReceivedMailKind::Answer, ReceivedMailOutcome::Applied),
                "{shape}: {received:?}"
            );
            assert_eq!(received.facts.answer, Some(answer));
            assert_eq!(received.sender.as_deref(), Some("ada@example.org"));
            let now = forum.participant(ada.id).await;
            assert_eq!(now.status.state(), answer.state(), "{shape}");
            assert_eq!(now.answered_through, Some(AnswerChannel::Calendar));
            let reply = forum.invitations(ada.id).await[0].reply.clone();
            let reply = reply.expect("a reply");
            assert_eq!(reply.comment.as_deref(), Some("See you there"), "{shape}");
            assert_eq!((reply.answer, reply.sequence), (answer, 0));
        }
    }
    // They answer from wherever they like: the address that it comes by says whose it is.
    let mail = Mail {
        attendee: "ada.alias@example.net",
        ..Mail::of("outlook", ada).saying(InvitationAnswer::Declined, 59)
    };
    let outcome = forum.outcome(&mail, &ada.answers).await;
    assert_eq!(outcome, ReceivedMailOutcome::Applied);
    assert_eq!(forum.state(ada.id).await, ParticipantState::Declined);
    // Who changed what is in the log.
    let statement =
        "SELECT DISTINCT reason AS value FROM audit_entry WHERE operation = 'mailReceive'";
    let doers = forum.app.database.texts(statement).await;
    assert_eq!(doers, ["sending and receiving mail"]);
}

async fn an_answer_counts_by_its_secret_address_alone(backend: Backend) {
    let forum = Forum::new(backend, DOCUMENT).await;
    let [ada, bo] = &forum.invited[..] else {
        panic!("{:?}", forum.invited);
    };
    let before = forum.all_else().await;
    let good = Mail::of("google", ada);
    let (local, domain) = ada.answers.split_once('@').expect("an address");
    let mut other = local.to_owned();
    let last = other.pop().expect("a letter");
    other.push(if last == 'a' { 'b' } else { 'a' });
    let guessed = format!("{other}@{domain}");
    let of_nobody = "rsvp+aaaa@convoke.example.org";
    let by_bounce = ada.answers.replace("rsvp+", "bounce+");
    for (mail, recipient, expected) in [
        // The secret of nobody, and one that is nearly right.
        (good, of_nobody, ReceivedMailOutcome::Forged),
        (good, guessed.as_str(), ReceivedMailOutcome::Forged),
        (good, by_bounce.as_str(), ReceivedMailOutcome::Forged),
        // No secret at all.
        (good, "office@example.org", ReceivedMailOutcome::Unknown),
        // That of one, and the invitation of another.
        (good, bo.answers.as_str(), ReceivedMailOutcome::Forged),
        (
            Mail {
                uid: "inv_0@convoke",
                ..good
            },
            ada.answers.as_str(),
            ReceivedMailOutcome::Forged,
        ),
        // That of a mail.
        (good, ada.bounces.as_str(), ReceivedMailOutcome::Unknown),
        (
            Mail::of("bounce", ada),
            ada.answers.as_str(),
            ReceivedMailOutcome::Unknown,
        ),
        (
            Mail::of("bounce", ada),
            by_bounce.as_str(),
            ReceivedMailOutcome::Forged,
        ),
        (
            Mail::of("complaint", ada),
            of_nobody,
            ReceivedMailOutcome::Forged,
        ),
    ] {
        let outcome = forum.outcome(&mail, recipient).await;
        assert_eq!(outcome, expected, "{} to {recipient}", mail.shape);
    }
    assert!(before == forum.all_else().await);
    // What is forged is found where it says that it belongs; the secrets are found nowhere but in what
    // came.
    let kept = forum.app.database.rows("received_mail").await;
    assert_eq!(kept.len(), 10);
    for mail in &kept {
        let recipient = mail["recipient"].as_str().expect("a recipient");
        assert!(
            !recipient.contains(local) && !recipient.contains("+a"),
            "{recipient}"
        );
    }
    let placed = kept.iter().filter(|mail| !mail["event_id"].is_null());
    assert_eq!(placed.count(), 8);
}

async fn what_is_stale_is_noted(backend: Backend) {
    let forum = Forum::new(backend, DOCUMENT).await;
    let ada = &forum.invited[0];
    let accepted = Mail::of("apple", ada).saying(InvitationAnswer::Accepted, 30);
    let outcome = forum.outcome(&accepted, &ada.answers).await;
    assert_eq!(outcome, ReceivedMailOutcome::Applied);
    // The event moves by a day: its entry is raised.
    let statement = format!(
        "UPDATE invitation SET sequence = 3 WHERE item_id IS NULL AND participant_id = {}",
        literal(backend, ada.id.uuid())
    );
    forum.app.database.execute(&statement).await;
    let before = forum.all_else().await;
    for (minute, sequence, expected) in [
        (40, 2, ReceivedMailOutcome::Outdated),
        (30, 3, ReceivedMailOutcome::Overtaken),
        (10, 3, ReceivedMailOutcome::Overtaken),
    ] {
        let mail = Mail {
            sequence,
            ..accepted.saying(InvitationAnswer::Declined, minute)
        };
        let outcome = forum.outcome(&mail, &ada.answers).await;
        assert_eq!(outcome, expected, "{minute} {sequence}");
    }
    assert!(before == forum.all_else().await);
    // Who was struck off has answered for the last time.
    let cancelled = forum
        .store()
        .cancel_event(&STAGEHAND, forum.event, None, None);
    cancelled.await.expect("it is called off");
    let before = forum.all_else().await;
    let mail = Mail {
        sequence: 9,
        ..accepted.saying(InvitationAnswer::Declined, 50)
    };
    let outcome = forum.outcome(&mail, &ada.answers).await;
    assert_eq!(outcome, ReceivedMailOutcome::Withdrawn);
    assert!(before == forum.all_else().await);
    let gone = forum.invitations(ada.id).await;
    assert_eq!(gone[0].status, InvitationStatus::Withdrawn);
}

/// An id as a statement says it.
fn literal(backend: Backend, id: uuid::Uuid) -> String {
    match backend {
        Backend::Sqlite => format!("x'{}'", id.simple()),
        Backend::Postgres => format!("'{id}'"),
    }
}

async fn the_same_mail_is_taken_once(backend: Backend) {
    let forum = Forum::new(backend, DOCUMENT).await;
    let ada = &forum.invited[0];
    let mail = Mail::of("google", ada).to(&ada.answers);
    // Two servers have it at the same moment.
    let (one, two) = tokio::join!(
        forum.take(&mail, &ada.answers),
        forum.take(&mail, &ada.answers)
    );
    assert_eq!(one, two);
    let before = forum.app.database.contents().await;
    forum.app.clock.advance(TimeDelta::hours(1));
    let again = forum.take(&mail, &ada.answers).await;
    assert_eq!(again, one);
    assert!(before == forum.app.database.contents().await);
    assert_eq!(one.outcome, ReceivedMailOutcome::Applied);
    // One that differs in a byte is another, and says nothing new.
    let other = [&mail[..], b"\r\n"].concat();
    let other = forum.take(&other, &ada.answers).await;
    assert_eq!(other.outcome, ReceivedMailOutcome::Overtaken);
}

async fn no_to_a_session_is_no_to_the_session(backend: Backend) {
    let forum = Forum::new(backend, DOCUMENT).await;
    let ada = &forum.invited[0];
    let talk = forum.invitations(ada.id).await[1].clone();
    assert_eq!(talk.entry.title, "The talk");
    let uid = talk.uid();
    let mail = Mail {
        uid: &uid,
        ..Mail::of("outlook", ada).saying(InvitationAnswer::Declined, 1)
    };
    let received = forum.take(&mail.to(&ada.answers), &ada.answers).await;
    assert_eq!(received.outcome, ReceivedMailOutcome::Applied);
    assert_eq!(received.note.as_deref(), Some("of this item alone"));
    assert_eq!(forum.state(ada.id).await, ParticipantState::Invited);
    let [event, talk] = &forum.invitations(ada.id).await[..] else {
        panic!("two entries");
    };
    assert_eq!(event.reply, None);
    let reply = talk.reply.clone().expect("a reply");
    assert_eq!(reply.answer, InvitationAnswer::Declined);
    // An older one is not heard there either.
    let older = mail.saying(InvitationAnswer::Accepted, 0);
    let outcome = forum.outcome(&older, &ada.answers).await;
    assert_eq!(outcome, ReceivedMailOutcome::Overtaken);
}

async fn a_later_answer_by_another_way_stands(backend: Backend) {
    let forum = Forum::new(backend, DOCUMENT).await;
    let ada = &forum.invited[0];
    let answer = ParticipantAnswer {
        participant: ada.id,
        answer: InvitationAnswer::Declined,
        comment: None,
    };
    let answered = forum.store().answer_invitation(&STAGEHAND, answer).await;
    answered.expect("an answer");
    // This was three weeks on its way.
    let late = Mail::of("google", ada);
    let outcome = forum.outcome(&late, &ada.answers).await;
    assert_eq!(outcome, ReceivedMailOutcome::Overtaken);
    assert_eq!(forum.state(ada.id).await, ParticipantState::Declined);
    // A calendar whose clock is a month ahead has its say, and no more than that.
    let ahead = late.to(&ada.answers);
    let ahead = String::from_utf8(ahead).expect("UTF-8");
    let ahead = ahead.replace("20241211T0800", "20250211T0800");
    forum.app.clock.advance(TimeDelta::minutes(1));
    let received = forum.take(ahead.as_bytes(), &ada.answers).await;
    assert_eq!(received.outcome, ReceivedMailOutcome::Applied);
    forum.app.clock.advance(TimeDelta::minutes(2));
    let then = ahead
        .replace("20250211T080000Z", "20250101T120200Z")
        .replace("ACCEPTED", "TENTATIVE");
    let received = forum.take(then.as_bytes(), &ada.answers).await;
    assert_eq!(received.outcome, ReceivedMailOutcome::Applied);
    assert_eq!(forum.state(ada.id).await, ParticipantState::Tentative);
}

async fn another_time_is_a_proposal(backend: Backend) {
    let forum = Forum::new(backend, DOCUMENT).await;
    let ada = &forum.invited[0];
    let before = forum.all_else().await;
    let mail = Mail::of("counter", ada);
    let received = forum.take(&mail.to(&ada.answers), &ada.answers).await;
    assert_eq!(
        (received.kind, received.outcome),
        (ReceivedMailKind::Counter, ReceivedMailOutcome::Proposed)
    );
    // By the clocks of Shanghai, whatever Windows calls them.
    let at = |text: &str| text.parse().expect("an instant");
    let proposed = ProposedTime::Hours {
        starts_at: at("2025-02-01T06:00:00Z"),
        ends_at: Some(at("2025-02-01T09:00:00Z")),
    };
    assert_eq!(received.facts.proposed, Some(proposed));
    let said = received.facts.text.as_deref();
    assert_eq!(said, Some("I have to teach in the morning."));
    assert!(before == forum.all_else().await);
    // What was proposed before they answered, or by another, is no proposal.
    let accepted = Mail::of("google", ada).saying(InvitationAnswer::Accepted, 30);
    forum.outcome(&accepted, &ada.answers).await;
    let bo = &forum.invited[1];
    for (minute, recipient, expected) in [
        (20, &ada.answers, ReceivedMailOutcome::Overtaken),
        (40, &ada.answers, ReceivedMailOutcome::Proposed),
        (40, &bo.answers, ReceivedMailOutcome::Forged),
    ] {
        let mail = mail.saying(InvitationAnswer::Tentative, minute);
        assert_eq!(forum.outcome(&mail, recipient).await, expected, "{minute}");
    }
    assert_eq!(forum.state(ada.id).await, ParticipantState::Confirmed);
}

async fn a_mail_that_comes_back_stops_the_next(backend: Backend) {
    let forum = Forum::new(backend, DOCUMENT).await;
    let [ada, bo] = &forum.invited[..] else {
        panic!("two");
    };
    let bounce = |of, report| Mail {
        report,
        ..Mail::of("bounce", of)
    };
    // Not yet, and passed on: nothing follows.
    let delayed = bounce(ada, ("delayed", "4.4.1", "connection timed out"));
    let relayed = bounce(ada, ("relayed", "2.0.0", "250 ok"));
    for mail in [delayed, relayed] {
        let outcome = forum.outcome(&mail, &ada.bounces).await;
        assert_eq!(outcome, ReceivedMailOutcome::Noted, "{:?}", mail.report);
    }
    assert_eq!(forum.delivery(ada).await, "SENT 250 taken");
    // Given up for now: it has not arrived, and the next may.
    let full = ("failed", "5.2.2", "552 5.2.2 mailbox full");
    let outcome = forum.outcome(&bounce(bo, full), &bo.bounces).await;
    assert_eq!(outcome, ReceivedMailOutcome::Applied);
    assert_eq!(forum.delivery(bo).await, "BOUNCED 552 5.2.2 mailbox full");
    assert_eq!(forum.suppressed().await, [] as [&str; 0]);
    // Given up for good. Whom it says it was for is nobody's business: the mail went to Ada.
    let mail = Mail {
        attendee: "bo@example.org",
        ..bounce(ada, NO_SUCH_USER)
    };
    let received = forum.take(&mail.to(&ada.bounces), &ada.bounces).await;
    assert_eq!(received.outcome, ReceivedMailOutcome::Applied);
    assert_eq!(received.participant_id, Some(ada.id));
    assert_eq!(received.delivery_id, Some(ada.delivery));
    let diagnostic = received.facts.diagnostic.as_deref();
    assert!(diagnostic.is_some_and(|said| said.contains("no such user")));
    assert_eq!(forum.delivery(ada).await, "BOUNCED 550 5.1.1 no such user");
    assert_eq!(forum.suppressed().await, ["ada@example.org UNKNOWN"]);
    // Once more, in other words.
    let before = forum.all_else().await;
    let closed = bounce(ada, ("failed", "5.2.1", "550 5.2.1 account disabled"));
    let outcome = forum.outcome(&closed, &ada.bounces).await;
    assert_eq!(outcome, ReceivedMailOutcome::Noted);
    assert!(before == forum.all_else().await);
    // Spam, says another.
    let outcome = forum.outcome(&Mail::of("complaint", bo), &bo.answers).await;
    assert_eq!(outcome, ReceivedMailOutcome::Applied);
    let suppressed = ["ada@example.org UNKNOWN", "bo@example.org UNSUBSCRIBED"];
    assert_eq!(forum.suppressed().await, suppressed);
}

async fn what_nothing_follows_from_is_kept(backend: Backend) {
    let forum = Forum::new(backend, DOCUMENT).await;
    let ada = &forum.invited[0];
    let before = forum.all_else().await;
    for (shape, recipient, kind, text) in [
        ("away", &ada.bounces, ReceivedMailKind::AutoReply, None),
        ("away", &ada.answers, ReceivedMailKind::AutoReply, None),
        (
            "letter",
            &ada.answers,
            ReceivedMailKind::Letter,
            Some("Is there a place for my bicycle?"),
        ),
    ] {
        let mail = Mail::of(shape, ada).to(recipient);
        let received = forum.take(&mail, recipient).await;
        assert_eq!(
            (received.kind, received.outcome),
            (kind, ReceivedMailOutcome::Noted)
        );
        assert_eq!(received.participant_id, Some(ada.id));
        assert_eq!(received.facts.text.as_deref(), text);
    }
    let refresh = Mail::of("thunderbird", ada).to(&ada.answers);
    let refresh = String::from_utf8(refresh).expect("UTF-8");
    let refresh = refresh.replace("REPLY", "REFRESH");
    let received = forum.take(refresh.as_bytes(), &ada.answers).await;
    assert_eq!(received.kind, ReceivedMailKind::Calendar);
    let received = forum.take(b"\0\xff no mail\0", &ada.answers).await;
    assert_eq!(
        (received.kind, received.outcome),
        (ReceivedMailKind::Unreadable, ReceivedMailOutcome::Noted)
    );
    // A mail that neither database could keep as it is.
    let odd = "From: a\u{0}b@example.org\r\nSubject: x\u{0}y\r\n\r\nz\u{0}\r\n";
    let received = forum.take(odd.as_bytes(), &ada.answers).await;
    assert_eq!(received.outcome, ReceivedMailOutcome::Noted);
    assert!(before == forum.all_else().await);
}

async fn mail_is_read_by_who_looks_after_the_participants(backend: Backend) {
    let forum = Forum::new(backend, DOCUMENT).await;
    let [ada, bo] = &forum.invited[..] else {
        panic!("two");
    };
    forum.outcome(&Mail::of("counter", ada), &ada.answers).await;
    forum.outcome(&Mail::of("outlook", bo), &bo.answers).await;
    forum.outcome(&Mail::of("google", ada), &bo.answers).await;
    let operation = "query($filter: ReceivedMailFilter) { event(slug: \"forum\") {
        receivedMail(filter: $filter, first: 2) {
            totalCount
            nodes {
                kind outcome note answer receivedAt
                participant { printedName }
                proposedTime { startsAt endsAt startsOn endsOn }
                content { sender subject attendee text delegatedTo diagnostic }
            }
        }
    } }";
    let organiser = forum.app.as_organiser(&forum.workspace).await;
    let answer = organiser.ask(operation, json!({})).await;
    let mail = &answer.expect_data()["event"]["receivedMail"];
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "receive" }, {
        insta::assert_snapshot!("received_mail", format!("{mail:#}"));
    });
    let filter = json!({ "filter": { "outcome": ["PROPOSED", "OUTDATED"], "kind": ["COUNTER"] } });
    let answer = organiser.ask(operation, filter).await;
    let mail = &answer.expect_data()["event"]["receivedMail"];
    assert_eq!(mail["totalCount"], 1);
    assert_eq!(mail["nodes"][0]["kind"], "COUNTER");
    // Who looks sees what became of it, and not what people write.
    let viewer = forum.app.token(&forum.workspace, Role::Viewer, None).await;
    let answer = forum.app.bearer(viewer).ask(operation, json!({})).await;
    let mail = &answer.expect_data()["event"]["receivedMail"];
    assert_eq!(mail["totalCount"], 3);
    assert_eq!(mail["nodes"][1]["outcome"], "APPLIED");
    assert_eq!(mail["nodes"][1]["content"], json!(null));
    let answer = forum.app.anonymous().ask(operation, json!({})).await;
    assert_eq!(answer.expect_data()["event"]["receivedMail"], json!(null));
}

async fn mail_goes_with_its_event(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("home").await;
    let event = app.import(&workspace, DOCUMENT).await;
    app.hear_from_somebody_at(event.id).await;
    assert_eq!(app.database.rows("received_mail").await.len(), 1);
    let seen = Seen {
        id: event.id,
        version: event.version,
    };
    let removed = app
        .store
        .remove_event(&STAGEHAND, seen, Effect::Apply)
        .await;
    removed.expect("it goes");
    let kept = app.database.rows("received_mail").await;
    assert_eq!(kept, [] as [serde_json::Value; 0]);
}
