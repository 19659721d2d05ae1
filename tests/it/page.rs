//! The pages, as a browser meets them: what they show, what they record, and that to look at them changes
//! nothing.

mod answer;
mod calendar;
mod credential;
mod document;
mod leave;
mod letterhead;
mod papers;
mod verify;

use domain::Patch;
use domain::id::{EventId, ParticipantId};
use domain::participant::{Participant, ParticipantPatch, ParticipantState};
use persistence::{Effect, Going, MailSecret, ParticipantFilter, ParticipantInvite, Seen, Store};
use poem::http::{HeaderMap, Method, StatusCode};
use tests::{Backend, STAGEHAND, TestApp};

/// An event to which two are invited. What people write may look like anything.
const FORUM: &str = r##"
key: forum
language: en
title: { en: "The <b>Forum</b> & more", zh-Hans: 论坛 }
theme: What there is, and what there is to be
visibility: PUBLIC
locality: Xiamen
time: { timeZone: Asia/Shanghai, startsOn: 2025-02-01, endsOn: 2025-02-02 }
venue: house
venues: [{ key: house, name: The House, rooms: [{ key: hall, name: Hall }, { key: loft, name: "Loft; upstairs" }] }]
tracks: [{ key: main, name: Main, color: "#1f5fbf" }, { key: side, name: Side }]
people:
- { key: ada, name: "Ada <script>alert(1)</script>", email: Ada@example.org }
- { key: bo, name: Bo Example }
participants:
- { person: ada, printedPosts: ["Rector, \"Example\" University"] }
- { person: bo }
agenda:
- { key: talk, kind: TALK, title: "The talk, </main>", startsAt: 2025-02-01T09:00:00, endsAt: 2025-02-01T10:00:00,
    room: hall, track: main, appearances: [{ role: SPEAKER, person: ada }] }
- { key: panel, kind: PANEL, title: { en: A panel, zh-Hans: 圆桌 }, startsAt: 2025-02-02T14:00:00, room: loft,
    track: side, abstract: "Who has made what,\nand how.", url: "https://example.org/panel", appearances: [
    { role: PANELIST, person: ada }, { role: MODERATOR, person: bo }], items: [
    { key: words, kind: SPEECH, title: First words }] }
- { key: later, kind: TALK, title: Some time }
"##;

/// The forum, and those who are invited to it.
struct Forum {
    app: TestApp,
    event: EventId,
    ada: ParticipantId,
    bo: ParticipantId,
}

impl Forum {
    async fn new(backend: Backend) -> Self {
        Self::of(backend, FORUM).await
    }

    async fn of(backend: Backend, document: &str) -> Self {
        let app = TestApp::new(backend).await;
        let home = app.workspace("home").await;
        let event = app.import(&home, document).await.id;
        app.publish(event).await;
        let answer_by = "2025-01-20T10:00:00Z".parse().expect("a time");
        let invite = ParticipantInvite {
            event,
            people: Vec::new(),
            participants: Vec::new(),
            organizations: Vec::new(),
            like: Some(ParticipantFilter::default()),
            answer_by: Some(answer_by),
            note: None,
            going: Going::Now,
            effect: Effect::Apply,
        };
        let invited = app.store.invite_participants(&STAGEHAND, invite, None);
        let invited = invited.await.expect("they are invited");
        let [ada, bo] = invited.participants[..] else {
            panic!("{invited:?}");
        };
        Self {
            app,
            event,
            ada,
            bo,
        }
    }

    fn store(&self) -> &Store {
        &self.app.store
    }

    async fn participant(&self, id: ParticipantId) -> Participant {
        let found = self.store().participants(&STAGEHAND, vec![id]).await;
        found.expect("participants").remove(0)
    }

    async fn secret(&self, of: ParticipantId, opens: MailSecret) -> String {
        let participant = self.participant(of).await;
        let secret = self.store().mail_secret(&participant, opens).await;
        secret.expect("a secret")
    }

    async fn becomes(&self, id: ParticipantId, state: ParticipantState) {
        let version = self.participant(id).await.version;
        let patch = ParticipantPatch {
            status: Patch::Set(state),
            ..ParticipantPatch::default()
        };
        let seen = Seen { id, version };
        let done = self
            .store()
            .update_participant(&STAGEHAND, seen, patch, Patch::Keep);
        done.await.expect("a change");
    }

    async fn get(&self, path: &str) -> Got {
        self.ask(Method::GET, path, &[], None).await
    }

    async fn read(&self, path: &str, languages: &str) -> Got {
        let headers = [("Accept-Language", languages)];
        self.ask(Method::GET, path, &headers, None).await
    }

    /// Sends a form, as a browser does.
    async fn post(&self, path: &str, form: &str) -> Got {
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        self.ask(Method::POST, path, &[kind], Some(form)).await
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> Got {
        let body = body.map(str::as_bytes);
        asked(&self.app, method, path, headers, body).await
    }
}

/// Asks as a browser or a program does.
async fn asked(
    app: &TestApp,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&[u8]>,
) -> Got {
    let mut request = app.http().request(method, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if let Some(body) = body {
        request = request.body(body.to_owned());
    }
    let response = request.send().await.0;
    let (parts, body) = response.into_parts();
    Got {
        status: parts.status,
        headers: parts.headers,
        bytes: body.into_vec().await.expect("a body"),
    }
}

/// What came back.
struct Got {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Got {
    fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("text"))
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).expect("text")
    }

    #[track_caller]
    fn expect(&self, status: u16) -> &str {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self.text()
    }

    /// A page, with what holds for each of them.
    #[track_caller]
    fn page(&self, status: u16) -> &str {
        let text = self.expect(status);
        assert_eq!(self.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(self.header("cache-control"), "no-store");
        assert_eq!(self.header("referrer-policy"), "no-referrer");
        assert_eq!(self.header("x-content-type-options"), "nosniff");
        let policy = self.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; style-src 'sha256-"),
            "{policy}"
        );
        assert!(!text.contains("<script") && !text.contains("<b>"), "{text}");
        text
    }
}

/// Everything is reviewed as it is sent; the style once, and the secrets never.
macro_rules! reviewed {
    ($name:expr, $text:expr $(, $secret:expr => $called:expr)* $(,)?) => {
        let text = $crate::page::without_style($text) $(.replace(&$secret, $called))*;
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "snapshots" }, {
            insta::assert_snapshot!($name, text);
        });
    };
}
use reviewed;

fn without_style(text: &str) -> String {
    match (text.find("<style>"), text.find("</style>")) {
        (Some(from), Some(to)) => format!("{}…{}", &text[..from + 7], &text[to..]),
        _ => text.to_owned(),
    }
}
