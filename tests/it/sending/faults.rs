//! Mail servers that fail, and programs that are killed: no mail is lost, and none is sent twice but
//! where nobody can know whether it has arrived, which is counted.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::TimeDelta;
use domain::id::EventId;
use domain::message::DeliveryState;
use notifier::dispatch::{DispatchSettings, Dispatcher};
use notifier::transport::{Transport, TransportSettings};
use persistence::{Effect, Going, ParticipantFilter, ParticipantInvite};
use tests::{Backend, STAGEHAND, TestApp, both};

use super::sink::{Fault, Sink, Stored};
use super::{FAST, writer};
use crate::editing::editor::Dice;
use crate::process::{Place, kills};

both!(
    whatever_a_mail_server_does_no_mail_is_lost,
    whoever_is_killed_while_sending_loses_no_mail,
);

/// An event of a later century, to which many are asked: what is over is not told of.
struct Crowd {
    app: TestApp,
    backend: Backend,
    event: EventId,
}

impl Crowd {
    async fn new(backend: Backend, many: usize) -> Self {
        let app = TestApp::new(backend).await;
        let home = app.workspace("home").await;
        let mut people = String::new();
        let mut participants = String::new();
        for number in 0..many {
            let _ = writeln!(
                people,
                "- {{ key: p{number}, name: Person {number}, email: p{number}@d{}.example.org }}",
                number % 7
            );
            let _ = writeln!(participants, "- {{ person: p{number} }}");
        }
        let document = format!(
            "key: crowd\nlanguage: en\ntitle: The Crowd\nvisibility: PUBLIC\n\
             time: {{ timeZone: Asia/Shanghai, startsOn: 2099-02-01 }}\n\
             people:\n{people}participants:\n{participants}"
        );
        let event = app.import(&home, &document).await.id;
        app.publish(event).await;
        Self {
            app,
            backend,
            event,
        }
    }

    async fn invite(&self, effect: Effect) {
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
        let store = &self.app.store;
        let invited = store.invite_participants(&STAGEHAND, invite, None).await;
        invited.expect("they are invited");
    }

    /// Each mail by its Message-ID: its state, and how often it may have arrived.
    async fn mails(&self) -> BTreeMap<String, (DeliveryState, usize)> {
        let id = match self.backend {
            Backend::Sqlite => "HEX(id)",
            Backend::Postgres => "CAST(id AS TEXT)",
        };
        let statement =
            format!("SELECT {id} || ' ' || state || ' ' || unsure AS value FROM delivery");
        let rows = self.app.database.texts(&statement).await;
        let read = |row: &String| {
            let words: Vec<_> = row.split(' ').collect();
            let id: uuid::Uuid = words[0].parse().expect("an id");
            let id = domain::id::DeliveryId::from_uuid(id);
            let state = words[1].parse().expect("a state");
            (
                format!("<{id}@example.org>"),
                (state, words[2].parse().expect("a number")),
            )
        };
        rows.iter().map(read).collect()
    }
}

/// Nothing is lost, nothing is there that nobody has asked for, a mail is the same however often it came,
/// and it came more than once only as often as it was not known. How many came more than once.
fn is_accounted_for(mails: &BTreeMap<String, (DeliveryState, usize)>, stored: &[Stored]) -> usize {
    let mut arrived: BTreeMap<&str, Vec<&[u8]>> = BTreeMap::new();
    for one in stored {
        let of = arrived.entry(&one.message_id).or_default();
        of.push(&one.mail);
    }
    for id in arrived.keys() {
        assert!(mails.contains_key(*id), "nobody asked for {id}");
    }
    let mut doubled = 0;
    for (id, (state, unsure)) in mails {
        let copies = arrived.get(id.as_str()).map_or(&[][..], Vec::as_slice);
        assert!(
            copies.windows(2).all(|two| two[0] == two[1]),
            "{id} is another each time"
        );
        match state {
            DeliveryState::Sent => assert!(!copies.is_empty(), "{id} is lost"),
            state => assert!(!state.is_open(), "{id} is {state}"),
        }
        assert!(
            copies.len() <= 1 + unsure,
            "{id} arrived {} times, and was unsure {unsure} times",
            copies.len()
        );
        doubled += usize::from(copies.len() > 1);
    }
    doubled
}

async fn whatever_a_mail_server_does_no_mail_is_lost(backend: Backend) {
    let crowd = Crowd::new(backend, 60).await;
    crowd.invite(Effect::Rehearse).await;
    crowd.invite(Effect::Apply).await;
    let mut dice = Dice(20_241_204);
    let sink = Sink::start(move || match dice.below(12) {
        0 => Fault::Later,
        1 => Fault::CutInData,
        2 => Fault::CutBeforeAnswer,
        3 => Fault::Slow,
        4 => Fault::Refused,
        5 => Fault::NoSuchMailbox,
        _ => Fault::None,
    });
    let settings = sink.setting();
    let settings = settings.parse::<TransportSettings>().expect("a setting");
    let dispatcher = Dispatcher::new(
        crowd.app.store.clone(),
        writer(),
        Transport::new(settings).expect("a transport"),
        DispatchSettings {
            pace: FAST,
            ..DispatchSettings::default()
        },
    );
    for _ in 0..30 {
        dispatcher.drain().await;
        crowd.app.clock.advance(TimeDelta::hours(2));
    }
    let mails = crowd.mails().await;
    assert_eq!(mails.len(), 60);
    is_accounted_for(&mails, &sink.stored());
    let with = |state| mails.values().filter(|one| one.0 == state).count();
    let (sent, failed) = (with(DeliveryState::Sent), with(DeliveryState::Failed));
    assert!(sent >= 30 && failed >= 3, "{sent} sent, {failed} failed");
}

async fn whoever_is_killed_while_sending_loses_no_mail(backend: Backend) {
    let kills = kills();
    let crowd = Crowd::new(backend, 40 * kills).await;
    crowd.invite(Effect::Rehearse).await;
    crowd.invite(Effect::Apply).await;
    let sink = Sink::start(|| Fault::Slow);
    let place = Place::new()
        .with("DATABASE_URL", &crowd.app.database.url)
        .with("CONVOKE_MAIL", &sink.setting())
        .with("CONVOKE_MAIL_FROM", "office@example.org")
        .with("CONVOKE_MAIL_PER_MINUTE", "1000000")
        .with("CONVOKE_MAIL_AT_ONCE", "100")
        .with("CONVOKE_MAIL_LEASE", "1")
        .with("CONVOKE_PUBLIC_URL", "https://convoke.example.org");
    let mut dice = Dice(20_241_205);
    let mut rounds = 0;
    loop {
        let mut sending = place.start(&["notify"]);
        sending.prints("sending the mails that wait");
        // Until somewhere into it: a lease is over after a second.
        let wait = 50 + dice.below(1_200);
        tokio::task::spawn_blocking(move || {
            std::thread::park_timeout(std::time::Duration::from_millis(wait as u64));
        })
        .await
        .expect("a while");
        // It is killed, not asked.
        drop(sending);
        rounds += 1;
        let open = crowd.mails().await;
        if open.values().all(|one| !one.0.is_open()) {
            break;
        }
        assert!(rounds < 20 * kills, "it never ends");
    }
    let mails = crowd.mails().await;
    let doubled = is_accounted_for(&mails, &sink.stored());
    let sent = mails.values().filter(|one| one.0 == DeliveryState::Sent);
    assert_eq!(sent.count(), mails.len());
    println!(
        "{rounds} times killed, {} mails, {doubled} of them arrived twice",
        mails.len()
    );
}
