//! How many invitations a second are written, handed to a mail server and accounted for, and how much
//! memory that takes while very many wait.
//!
//! `just bench-mail` runs it beside a program that does nothing but send, to the same server. Who sends
//! is a process of its own, so that its memory is its own.

use std::fmt::Write as _;
use std::io::Read as _;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use chrono::{DateTime, Utc};
use domain::id::EventId;
use domain::time::Clock;
use notifier::dispatch::{DispatchSettings, Dispatcher};
use notifier::pace::Limit;
use notifier::transport::{Transport, TransportSettings};
use notifier::writer::Writer;
use persistence::{
    Connect, Effect, Fault, Going, ParticipantFilter, ParticipantInvite, Random, Store,
};
use tests::{Backend, SITE, STAGEHAND, TestApp, locate_postgres};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<_> = std::env::args()
        .skip(1)
        .filter(|one| one != "--bench")
        .collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    match &arguments[..] {
        [send, url, server] if send == "send" => runtime.block_on(send_all(url, server)),
        [server] => runtime.block_on(measure(server, 10_000)),
        [server, many] => runtime.block_on(measure(server, many.parse().expect("a number"))),
        _ => println!("outbox SERVER [MANY]: `just bench-mail` knows how"),
    }
}

async fn measure(server: &str, many: usize) {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        if backend == Backend::Postgres && locate_postgres().is_none() {
            println!("PostgreSQL: none found");
            continue;
        }
        let app = TestApp::new(backend).await;
        let events = crowds(&app, many).await;
        let began = Instant::now();
        for event in events {
            invite(&app, event).await;
        }
        let invited = began.elapsed().as_secs_f64();
        let began = Instant::now();
        let told = in_another_process(&app.database.url, server);
        let sent = began.elapsed().as_secs_f64();
        let left = app
            .database
            .texts("SELECT CAST(COUNT(*) AS TEXT) AS value FROM delivery WHERE state <> 'SENT'");
        assert_eq!(left.await, ["0"]);
        println!(
            "{backend:?}: {many} invited in {invited:.1} s; written, sent and accounted for in {sent:.1} s: {:.0} a second; {told}",
            f64::from(u32::try_from(many).expect("not so many")) / sent
        );
    }
}

/// Events of a later century, with so many on their lists together.
async fn crowds(app: &TestApp, many: usize) -> Vec<EventId> {
    let home = app.workspace("home").await;
    let mut events = Vec::new();
    for part in (0..many).step_by(10_000) {
        let mut people = String::new();
        let mut participants = String::new();
        for number in part..(part + 10_000).min(many) {
            let _ = writeln!(
                people,
                "- {{ key: p{number}, name: 王小明 {number}, email: p{number}@d{}.example.org }}",
                number % 1_000
            );
            let _ = writeln!(participants, "- {{ person: p{number} }}");
        }
        let document = format!(
            "key: crowd-{part}\nlanguage: zh-Hans\ntitle: 集美论坛\nvisibility: PUBLIC\n\
             time: {{ timeZone: Asia/Shanghai, startsOn: 2099-02-01, startsAt: 2099-02-01T09:00, endsAt: 2099-02-01T17:30 }}\n\
             locality: 厦门\npeople:\n{people}participants:\n{participants}"
        );
        let event = app.import(&home, &document).await.id;
        app.publish(event).await;
        events.push(event);
    }
    events
}

async fn invite(app: &TestApp, event: EventId) {
    let invite = ParticipantInvite {
        event,
        people: Vec::new(),
        participants: Vec::new(),
        organizations: Vec::new(),
        like: Some(ParticipantFilter::default()),
        answer_by: None,
        note: Some("诚邀您出席本届论坛，并就产教融合作主题发言。".to_owned()),
        going: Going::Now,
        effect: Effect::Apply,
    };
    let invited = app.store.invite_participants(&STAGEHAND, invite, None);
    invited.await.expect("they are invited");
}

fn in_another_process(url: &str, server: &str) -> String {
    let myself = std::env::current_exe().expect("a program");
    let mut child = Command::new(myself)
        .args(["send", url, server])
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut told = String::new();
    let out = child.stdout.as_mut().expect("a pipe");
    out.read_to_string(&mut told).expect("UTF-8");
    assert!(child.wait().expect("its end").success());
    told.trim().to_owned()
}

#[derive(Debug)]
struct Still(DateTime<Utc>);

impl Clock for Still {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

#[derive(Debug, Default)]
struct Counting(AtomicU64);

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Fault> {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        bytes.fill(u8::try_from(number % 251).unwrap_or_default());
        Ok(())
    }
}

async fn send_all(url: &str, server: &str) {
    let store = Store::connect(Connect {
        url: url.to_owned(),
        connections: 8,
        clock: Arc::new(Still(
            DateTime::from_timestamp(1_800_000_000, 0).expect("a time"),
        )),
        random: Arc::new(Counting::default()),
        link_key: None,
        storage: None,
    });
    let transport = server.parse::<TransportSettings>().expect("a server");
    let connections = match &transport {
        TransportSettings::Smtp(smtp) => smtp.limits.connections,
        TransportSettings::File(_) => 4,
    };
    let dispatcher = Dispatcher::new(
        store.await.expect("a store"),
        Writer {
            from: "office@example.org".parse().expect("an address"),
            replies: Some("replies.example.org".to_owned()),
            site: SITE.parse().expect("a site"),
            dkim: None,
        },
        Transport::new(transport).expect("a transport"),
        DispatchSettings {
            at_once: connections * 2,
            pace: Limit {
                at_once: 1_000,
                per_minute: 1_000_000,
                burst: 1_000_000,
            },
            ..DispatchSettings::default()
        },
    );
    dispatcher.drain().await;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most = status.lines().find(|line| line.starts_with("VmHWM:"));
    let most = most.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    println!("{} MiB of memory at most", most.unwrap_or_default() / 1024);
}
