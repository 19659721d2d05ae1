//! Mails on their way out: what is written, when, to whom, and what becomes of it, as the dispatcher
//! does it on either database.

mod faults;
mod sink;
mod templates;

use chrono::TimeDelta;
use domain::access::Actor;
use domain::invitation::InvitationAnswer;
use domain::message::{DeliveryState, MessageKind};
use domain::participant::ParticipantState;
use mail_parser::{MessageParser, MimeHeaders as _};
use notifier::dispatch::{DispatchSettings, Dispatcher, Tally};
use notifier::pace::Limit;
use notifier::transport::{Memory, Outcome, Reply, Stage, Transport};
use notifier::writer::Writer;
use persistence::{Effect, ParticipantAnswer, Seen};
use serde_json::json;
use tests::{Backend, SITE, STAGEHAND, both};

use crate::invitation::Forum;

both!(
    an_invitation_is_a_conversation_that_calendars_follow,
    a_mail_that_fails_is_tried_again_as_it_was,
    a_mail_that_nobody_takes_is_given_up_where_one_sees_it,
    a_mail_that_may_have_arrived_is_sent_three_times_and_no_more,
    what_is_not_so_any_more_is_not_told,
    a_domain_that_is_full_gets_its_mails_later,
    who_is_not_asked_yet_hears_of_nothing_until_then_and_then_of_all,
    who_has_become_another_is_written_to_as_that_one,
    each_is_written_to_in_their_own_language
);

/// An office with a mail server that does what a test says.
struct Office {
    forum: Forum,
    server: Memory,
    dispatcher: Dispatcher,
}

const FAST: Limit = Limit {
    at_once: 100,
    per_minute: 1_000_000,
    burst: 1_000_000,
};

fn writer() -> Writer {
    Writer {
        from: "office@example.org".parse().expect("an address"),
        replies: Some("replies.example.org".to_owned()),
        site: SITE.parse().expect("a site"),
        dkim: None,
    }
}

impl Office {
    async fn new(backend: Backend, pace: Limit) -> Self {
        let forum = Forum::new(backend).await;
        let server = Memory::default();
        let settings = DispatchSettings {
            // In the order in which they were written.
            at_once: 1,
            pace,
            ..DispatchSettings::default()
        };
        let dispatcher = Dispatcher::new(
            forum.store().clone(),
            writer(),
            Transport::Memory(server.clone()),
            settings,
        );
        Self {
            forum,
            server,
            dispatcher,
        }
    }

    /// Sends what is due, and says what went out.
    async fn send(&self) -> Vec<Read> {
        let before = self.server.sent().len();
        self.dispatcher.drain().await;
        let sent = self.server.sent();
        sent[before..].iter().map(|one| read(&one.mail)).collect()
    }

    async fn answer(&self, answer: InvitationAnswer) {
        let invited = self.forum.invitations_of_all().await;
        let given = ParticipantAnswer {
            participant: invited[0].participant_id,
            answer,
            comment: None,
        };
        let answered = self
            .forum
            .store()
            .answer_invitation(&STAGEHAND, given)
            .await;
        answered.expect("an answer");
    }
}

/// A mail as a mail program reads it, and what a calendar makes of it.
#[derive(Debug)]
struct Read {
    subject: String,
    text: String,
    headers: Vec<String>,
    /// The calendar object, line by line, unfolded.
    calendar: Vec<String>,
}

impl Read {
    fn line(&self, name: &str) -> &str {
        let line = self.calendar.iter().find(|line| line.starts_with(name));
        line.map_or("", |line| line)
    }

    fn is(&self, subject: &str, lines: &[&str]) {
        assert_eq!(self.subject, subject, "{self:#?}");
        for line in lines {
            assert!(
                self.calendar.iter().any(|one| one.starts_with(line)),
                "{line}: {self:#?}"
            );
        }
    }
}

fn read(mail: &[u8]) -> Read {
    let message = MessageParser::new().parse(mail).expect("a mail");
    let part = message.parts.iter().find(|part| {
        let content = part.content_type();
        content.is_some_and(|content| content.subtype() == Some("calendar"))
    });
    let calendar = part.map(|part| String::from_utf8(part.contents().to_vec()).expect("UTF-8"));
    let calendar = calendar.unwrap_or_default().replace("\r\n ", "");
    let named = [
        "Reply-To",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "List-Id",
    ];
    let headers = named.into_iter().filter_map(|name| {
        let value = message.header_raw(name)?;
        Some(format!("{name}: {}", value.trim()))
    });
    Read {
        subject: message.subject().unwrap_or_default().to_owned(),
        text: message.body_text(0).unwrap_or_default().into_owned(),
        headers: headers.collect(),
        calendar: calendar.lines().map(str::to_owned).collect(),
    }
}

async fn an_invitation_is_a_conversation_that_calendars_follow(backend: Backend) {
    let office = Office::new(backend, FAST).await;
    let forum = &office.forum;
    forum.invite(Effect::Apply).await;
    let sent = office.send().await;
    let [asked, talk] = &sent[..] else {
        panic!("{sent:#?}");
    };
    asked.is(
        "Invitation: The Forum, 1 February 2025",
        &[
            "METHOD:REQUEST",
            "SEQUENCE:0",
            "DTSTART;VALUE=DATE:20250201",
            "TRANSP:TRANSPARENT",
            "ATTENDEE;CN=Ada Example",
        ],
    );
    talk.is(
        "For your calendar: The talk (The Forum)",
        &[
            "METHOD:REQUEST",
            "SEQUENCE:0",
            "DTSTART;TZID=Asia/Shanghai:20250201T090000",
        ],
    );
    assert!(
        asked.line("ATTENDEE").contains("PARTSTAT=NEEDS-ACTION"),
        "{asked:#?}"
    );
    assert_ne!(asked.line("UID"), talk.line("UID"));
    // Who is asked answers an address that they alone know, which is the organizer's.
    let organizer = asked
        .line("ORGANIZER")
        .rsplit("mailto:")
        .next()
        .unwrap_or_default();
    assert!(organizer.starts_with("rsvp+"), "{asked:#?}");
    assert!(asked.headers[0].contains(organizer), "{asked:#?}");
    insta::allow_duplicates! {
        insta::assert_snapshot!("invitation", without_secrets(&format!("{}\n\n{}", asked.headers.join("\n"), asked.text)));
    }

    office.answer(InvitationAnswer::Accepted).await;
    let sent = office.send().await;
    let [confirmed] = &sent[..] else {
        panic!("{sent:#?}");
    };
    confirmed.is(
        "Confirmed: The Forum, 1 February 2025",
        &["METHOD:REQUEST", asked.line("UID")],
    );
    assert!(
        confirmed.line("ATTENDEE").contains("PARTSTAT=ACCEPTED"),
        "{confirmed:#?}"
    );

    // The talk moves: one mail tells it and moves the entry.
    forum.talk_is_later().await;
    let sent = office.send().await;
    let [moved] = &sent[..] else {
        panic!("{sent:#?}");
    };
    moved.is(
        "Agenda changed: The talk (The Forum)",
        &[
            "METHOD:REQUEST",
            talk.line("UID"),
            "SEQUENCE:1",
            "DTSTART;TZID=Asia/Shanghai:20250201T110000",
        ],
    );
    insta::allow_duplicates! {
        insta::assert_snapshot!("agenda_changed", without_secrets(&moved.text));
    }

    let store = forum.store();
    let cancelled = store.cancel_event(&STAGEHAND, forum.event, None, Some("A flood."));
    cancelled.await.expect("it is called off");
    let sent = office.send().await;
    let [off, gone] = &sent[..] else {
        panic!("{sent:#?}");
    };
    off.is(
        "Cancelled: The Forum, 1 February 2025",
        &[
            "METHOD:CANCEL",
            "STATUS:CANCELLED",
            asked.line("UID"),
            "SEQUENCE:1",
        ],
    );
    assert!(off.text.contains("A flood."), "{off:#?}");
    gone.is(
        "Cancelled: The talk (The Forum)",
        &["METHOD:CANCEL", talk.line("UID"), "SEQUENCE:2"],
    );
    // What takes somebody off is no list that one leaves.
    assert_eq!(off.headers.len(), 1, "{off:#?}");
    // Bo has no address, which is said of the mail that asks; of the end of what they never heard of,
    // nothing is said to them.
    let states = forum.mails().await;
    let with = |state| states.iter().filter(|one| one.1 == state).count();
    assert_eq!(with(DeliveryState::Suppressed), 1, "{states:?}");
    assert_eq!(with(DeliveryState::Superseded), 1, "{states:?}");
    let open = states.iter().filter(|one| one.1.is_open());
    assert_eq!(open.count(), 0, "{states:?}");
}

/// Secrets are another each time.
fn without_secrets(text: &str) -> String {
    let is_secret = |word: &str| word.len() == 52;
    let words = text.split_inclusive(|character: char| !character.is_ascii_alphanumeric());
    let mut shown = String::new();
    for word in words {
        let letters = word.trim_end_matches(|character: char| !character.is_ascii_alphanumeric());
        let rest = word.get(letters.len()..).unwrap_or_default();
        shown.push_str(if is_secret(letters) {
            "[secret]"
        } else {
            letters
        });
        shown.push_str(rest);
    }
    shown
}

fn said(code: u16, text: &str, stage: Stage) -> Reply {
    Reply {
        stage,
        code,
        text: text.to_owned(),
    }
}

async fn a_mail_that_fails_is_tried_again_as_it_was(backend: Backend) {
    let office = Office::new(backend, FAST).await;
    office.server.answer([
        Outcome::Deferred(said(451, "4.3.0 try again later", Stage::Content)),
        Outcome::Unreachable("connection refused".to_owned()),
    ]);
    office.forum.invite(Effect::Apply).await;
    office.dispatcher.drain().await;
    let states = office.forum.mails().await;
    let deferred = states.iter().filter(|one| one.1 == DeliveryState::Deferred);
    assert_eq!(deferred.count(), 2, "{states:?}");
    // Not before it is time; then the same, to the byte, whatever has become of the person since.
    assert_eq!(office.send().await.len(), 0);
    office.forum.app.clock.advance(TimeDelta::minutes(2));
    assert_eq!(office.send().await.len(), 2);
    let sent = office.server.sent();
    let mut first: Vec<_> = sent[..2]
        .iter()
        .map(|one| (&one.envelope, &one.mail))
        .collect();
    let mut again: Vec<_> = sent[2..]
        .iter()
        .map(|one| (&one.envelope, &one.mail))
        .collect();
    first.sort_by_key(|one| &one.0.message_id);
    again.sort_by_key(|one| &one.0.message_id);
    assert_eq!(first, again);
}

async fn a_mail_that_nobody_takes_is_given_up_where_one_sees_it(backend: Backend) {
    let office = Office::new(backend, FAST).await;
    office.server.answer([Outcome::Refused(said(
        550,
        "5.1.1 no such user here",
        Stage::Recipient,
    ))]);
    office.forum.invite(Effect::Apply).await;
    office.dispatcher.drain().await;
    let why = "SELECT COALESCE(reason, '') || ' | ' || COALESCE(answer, '') AS value FROM delivery WHERE state = 'FAILED'";
    let why = office.forum.app.database.texts(why).await;
    assert_eq!(
        why,
        ["there is no such mailbox | 550 5.1.1 no such user here"]
    );
    // Nothing more goes there, and that is said too.
    office.forum.talk_is_later().await;
    let before = office.server.sent().len();
    office.dispatcher.drain().await;
    assert_eq!(office.server.sent().len(), before);
    let reasons = "SELECT COALESCE(reason, '') AS value FROM delivery WHERE state = 'SUPPRESSED' AND kind = 'AGENDA_CHANGED'";
    let reasons = office.forum.app.database.texts(reasons).await;
    assert_eq!(
        reasons,
        ["the address takes no mail: there is no such mailbox"]
    );
}

async fn a_mail_that_may_have_arrived_is_sent_three_times_and_no_more(backend: Backend) {
    let office = Office::new(backend, FAST).await;
    let cut = || Outcome::Uncertain("the connection was cut".to_owned());
    office.forum.invite(Effect::Apply).await;
    // Ada's two mails; each of them is never heard of again.
    office.server.answer(std::iter::repeat_with(cut).take(20));
    for _ in 0..10 {
        office.dispatcher.drain().await;
        office.forum.app.clock.advance(TimeDelta::hours(5));
    }
    let sent = office.server.sent();
    assert_eq!(sent.len(), 6, "three times each");
    let states = office.forum.mails().await;
    let failed = states.iter().filter(|one| one.1 == DeliveryState::Failed);
    assert_eq!(failed.count(), 2, "{states:?}");
    let counted = "SELECT CAST(unsure AS TEXT) AS value FROM delivery WHERE state = 'FAILED'";
    assert_eq!(office.forum.app.database.texts(counted).await, ["3", "3"]);
}

async fn what_is_not_so_any_more_is_not_told(backend: Backend) {
    let office = Office::new(backend, FAST).await;
    let invited = office.forum.invite(Effect::Apply).await;
    // Before anything has gone out, Ada says by telephone that she comes, and then that she does not.
    office.answer(InvitationAnswer::Accepted).await;
    office.answer(InvitationAnswer::Declined).await;
    let sent = office.send().await;
    assert!(sent.is_empty(), "{sent:#?}");
    let states = office.forum.mails().await;
    let overtaken = |kind| (kind, DeliveryState::Superseded);
    assert!(
        states.contains(&overtaken(MessageKind::Invitation)),
        "{states:?}"
    );
    assert!(
        states.contains(&overtaken(MessageKind::Confirmed)),
        "{states:?}"
    );
    let store = office.forum.store();
    let actor: &Actor = &STAGEHAND;
    let ada = store
        .participants(actor, vec![invited.participants[0]])
        .await;
    let state = ada.expect("participants")[0].status.state();
    assert_eq!(state, ParticipantState::Declined);
}

async fn a_domain_that_is_full_gets_its_mails_later(backend: Backend) {
    let slow = Limit {
        at_once: 1,
        per_minute: 1,
        burst: 1,
    };
    let office = Office::new(backend, slow).await;
    office.forum.invite(Effect::Apply).await;
    let tally = office.dispatcher.drain().await;
    assert_eq!(
        tally,
        Tally {
            sent: 1,
            again: 0,
            not_sent: 1
        }
    );
    office.forum.app.clock.advance(TimeDelta::minutes(3));
    let tally = office.dispatcher.drain().await;
    assert_eq!(
        tally,
        Tally {
            sent: 1,
            again: 0,
            not_sent: 0
        }
    );
    // That it had to wait was no attempt.
    let attempts = "SELECT CAST(attempts AS TEXT) AS value FROM delivery WHERE state = 'SENT'";
    assert_eq!(office.forum.app.database.texts(attempts).await, ["1", "1"]);
}

async fn who_is_not_asked_yet_hears_of_nothing_until_then_and_then_of_all(backend: Backend) {
    let office = Office::new(backend, FAST).await;
    let forum = &office.forum;
    let message = forum.hold_invitations().await;
    assert_eq!(office.send().await.len(), 0);
    // While it is looked at, the agenda goes on: the talk moves, and Ada is on another.
    forum.talk_is_later().await;
    forum.ada_is_on_another_talk().await;
    assert_eq!(office.send().await.len(), 0);
    let seen = Seen {
        id: message,
        version: 1,
    };
    let released = forum.store().release_message(&STAGEHAND, seen).await;
    released.expect("it goes out");
    let sent = office.send().await;
    let subjects: Vec<_> = sent.iter().map(|one| one.subject.as_str()).collect();
    assert_eq!(
        subjects,
        [
            "Invitation: The Forum, 1 February 2025",
            "For your calendar: The talk (The Forum)",
            "For your calendar: Another talk (The Forum)"
        ]
    );
    assert_eq!(
        sent[1].line("DTSTART;TZID"),
        "DTSTART;TZID=Asia/Shanghai:20250201T110000"
    );
}

async fn who_has_become_another_is_written_to_as_that_one(backend: Backend) {
    let office = Office::new(backend, FAST).await;
    let forum = &office.forum;
    forum.invite(Effect::Apply).await;
    let more = "key: forum\nlanguage: en\ntitle: The Forum\nvisibility: PUBLIC\n\
                time: { timeZone: Asia/Shanghai, startsOn: 2025-02-01 }\n\
                people: [{ key: cy, name: Cy Example, email: cy@example.org }]\n";
    forum.app.import(&forum.home, more).await;
    let client = forum.app.as_organiser(&forum.home).await;
    let people = "{ people { nodes { id version name } } }";
    let people = client.query(people).await.expect_data()["people"]["nodes"].clone();
    let named = |name: &str| {
        let all = people.as_array().expect("people");
        let one = all
            .iter()
            .find(|one| one["name"] == name)
            .expect("somebody");
        one.clone()
    };
    let (cy, ada) = (named("Cy Example"), named("Ada Example"));
    let merge = "mutation ($input: PersonMergeInput!) {
        personMerge(input: $input) { userErrors { message path } } }";
    let input = json!({ "input": {
        "winnerId": cy["id"], "expectedVersion": cy["version"],
        "loserId": ada["id"], "loserExpectedVersion": ada["version"],
    } });
    let merged = client.ask(merge, input).await;
    assert_eq!(merged.expect_data()["personMerge"]["userErrors"], json!([]));
    office.dispatcher.drain().await;
    let sent = office.server.sent();
    let to: Vec<_> = sent.iter().map(|one| one.envelope.to.to_string()).collect();
    assert_eq!(to, ["cy@example.org", "cy@example.org"]);
}

async fn each_is_written_to_in_their_own_language(backend: Backend) {
    let office = Office::new(backend, FAST).await;
    let forum = &office.forum;
    let client = forum.app.as_organiser(&forum.home).await;
    let ada = "{ people(filter: { search: \"Ada\" }) { nodes { id version } } }";
    let ada = client.query(ada).await.expect_data()["people"]["nodes"][0].clone();
    let change = "mutation ($input: PersonUpdateInput!) {
        personUpdate(input: $input) { userErrors { message } person { language } } }";
    let input = json!({ "id": ada["id"], "expectedVersion": ada["version"],
        "patch": { "language": "zh-hans" } });
    let changed = client.ask(change, json!({ "input": input })).await;
    assert_eq!(
        changed.expect_data()["personUpdate"]["person"]["language"],
        "zh-Hans"
    );
    forum.invite(Effect::Apply).await;
    let sent = office.send().await;
    assert_eq!(sent[0].subject, "邀请函：The Forum（2月1日）");
    assert!(sent[0].text.contains("2025年2月1日"), "{}", sent[0].text);
}
