//! The product as clients meet it: the real schema, store and HTTP layer on a database of one
//! test, with a clock that stands still and random numbers that repeat.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use domain::Slug;
use domain::access::{Actor, Grant, Permission, Role};
use domain::account::AccessToken;
use domain::event::Event;
use domain::event_document::EventDocument;
use domain::id::{AccessTokenId, EventId};
use domain::time::Clock;
use domain::workspace::Workspace;
use graphql_api::http::inbound::{Gate, HandedMail, NotTaken, TakenMail};
use graphql_api::http::{CallerError, Host, Limits, NotReady, Service, routes};
use graphql_api::page::Pages;
use graphql_api::{BadgeKeys, Misses, Session};
use notifier::inbound::{Delivered, Sender};
use notifier::receive::receive;
use persistence::{
    Connect, Effect, EventImport, Fault, ImportChanges, Missing, NewToken, Random, Store,
    Typesetter,
};
use poem::endpoint::BoxEndpoint;
use poem::http::StatusCode;
use poem::test::TestClient;
use poem::{EndpointExt as _, Response, Route};
use serde_json::{Value, json};

use crate::database::{Backend, TestDatabase};
use crate::environment::variable;
use crate::outfit::Outfit;
use crate::papers::{badge_key, former_badge_key};

/// Who prepares what a test needs.
pub const STAGEHAND: Actor = Actor::System {
    reason: "a test prepares its data",
};

/// A clock that moves only when it is told to.
#[derive(Debug)]
pub struct TestClock {
    milliseconds: AtomicI64,
    step: AtomicI64,
}

impl TestClock {
    /// At noon of the first of January 2025 in UTC, after all that the examples tell of.
    fn new() -> Self {
        Self {
            milliseconds: AtomicI64::new(1_735_732_800_000),
            step: AtomicI64::new(0),
        }
    }

    /// Lets time pass.
    pub fn advance(&self, by: TimeDelta) {
        let by = by.num_milliseconds();
        self.milliseconds.fetch_add(by, Ordering::SeqCst);
    }

    /// From now on a millisecond passes whenever somebody looks: no two see the same time.
    pub fn tick(&self) {
        self.step.store(1, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        let step = self.step.load(Ordering::SeqCst);
        let now = self.milliseconds.fetch_add(step, Ordering::SeqCst);
        DateTime::from_timestamp_millis(now).expect("a time")
    }
}

/// Numbers that go up by one: no two alike, and the same in every run.
#[derive(Debug, Default)]
struct Counting(AtomicU64);

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Fault> {
        let number = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        bytes.fill(0);
        for (byte, digit) in bytes.iter_mut().rev().zip(number.iter().rev()) {
            *byte = *digit;
        }
        Ok(())
    }
}

/// Where the product of a test says that it is reached.
pub const SITE: &str = "https://convoke.example.org";

/// What mail is signed with that is handed over to it.
pub const INBOUND_SECRET: &str = "a secret of thirty-two characters";

/// What the program is to the HTTP layer.
#[derive(Debug)]
struct TestHost {
    store: Store,
    typesetter: Arc<dyn Typesetter>,
    badge_keys: Option<Arc<BadgeKeys>>,
    misses: Arc<Misses>,
    requests: AtomicU64,
}

impl Host for TestHost {
    type Caller = Session;

    async fn caller(&self, token: Option<&str>) -> Result<Session, CallerError> {
        let actor = match token {
            None => Actor::Anonymous,
            Some(secret) => self
                .store
                .authenticate(secret)
                .await
                .map_err(|fault| CallerError::Fault(Box::new(fault)))?
                .ok_or(CallerError::Unauthenticated)?,
        };
        let site = SITE.parse().expect("an address");
        let session = Session::new(self.store.clone(), actor, Arc::new(site));
        let session = session.writing_from(Some("office@example.org".into()));
        let session = session.setting_type_by(Arc::clone(&self.typesetter));
        let session = session.signing_by(self.badge_keys.clone());
        Ok(session.counting(Arc::clone(&self.misses)))
    }

    async fn ready(&self) -> Result<(), NotReady> {
        Ok(())
    }

    fn request_id(&self) -> String {
        format!("test-{}", self.requests.fetch_add(1, Ordering::Relaxed))
    }

    fn inbound(&self) -> Option<Gate> {
        Some(Gate {
            secret: INBOUND_SECRET.parse().expect("a secret"),
            now: self.store.now(),
        })
    }

    async fn take_mail(&self, handed: HandedMail) -> Result<TakenMail, NotTaken> {
        let sender = match handed.sender.as_deref() {
            None => Sender::Unknown,
            Some("") => Sender::Null,
            Some(address) => Sender::Address(address),
        };
        let delivered = Delivered {
            recipient: Some(&handed.recipient),
            sender,
        };
        let received = receive(&self.store, &handed.mail, &delivered).await;
        let received = received.map_err(|fault| NotTaken(fault.to_string().into()))?;
        Ok(TakenMail {
            id: received.id.to_string(),
            kind: received.kind.to_string(),
            outcome: received.outcome.to_string(),
        })
    }
}

/// One of the programs that run on a database, as it is asked.
pub struct TestNode(TestClient<BoxEndpoint<'static, Response>>);

async fn start(
    database: &TestDatabase,
    clock: &Arc<TestClock>,
    random: &Arc<Counting>,
    outfit: &Outfit,
) -> (Store, BoxEndpoint<'static, Response>) {
    let connect = Connect {
        url: database.url.clone(),
        connections: 4,
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        random: Arc::clone(random) as Arc<dyn Random>,
        link_key: None,
        storage: outfit.storage.clone(),
    };
    let store = Store::connect(connect).await.expect("the store connects");
    let misses = Arc::<Misses>::default();
    let badge_keys = Some(Arc::new(BadgeKeys {
        current: Arc::new(badge_key()),
        former: vec![former_badge_key().public_key().clone()],
    }));
    let service = Service {
        executor: graphql_api::schema(),
        host: TestHost {
            store: store.clone(),
            typesetter: Arc::clone(&outfit.typesetter),
            badge_keys: badge_keys.clone(),
            misses: Arc::clone(&misses),
            requests: AtomicU64::new(1),
        },
        limits: Limits::default(),
    };
    let site = SITE.parse().expect("an address");
    let pages = Pages::new(store.clone(), site);
    let pages = pages.counting(misses).signing_by(badge_keys);
    let beside = pages.beside(Route::new());
    (store, routes(service, beside).boxed())
}

impl TestNode {
    /// What the pages are asked with.
    pub fn http(&self) -> &TestClient<BoxEndpoint<'static, Response>> {
        &self.0
    }

    /// Asks with a token.
    pub fn bearer(&self, secret: impl Into<String>) -> Client<'_> {
        Client {
            node: self,
            token: Some(secret.into()),
            languages: None,
        }
    }
}

impl std::fmt::Debug for TestNode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestNode").finish_non_exhaustive()
    }
}

/// The product, running on an empty database.
pub struct TestApp {
    node: TestNode,
    /// The store that it runs on.
    pub store: Store,
    /// The time it takes for now.
    pub clock: Arc<TestClock>,
    random: Arc<Counting>,
    outfit: Outfit,
    /// The database under it. Last, for it goes when nobody is connected any longer.
    pub database: TestDatabase,
}

impl TestApp {
    /// Starts it.
    pub async fn new(backend: Backend) -> Self {
        Self::equipped(backend, Outfit::default()).await
    }

    /// Starts it with somebody who sets type.
    pub async fn setting_type_by(backend: Backend, typesetter: Arc<dyn Typesetter>) -> Self {
        let outfit = Outfit {
            typesetter,
            storage: None,
        };
        Self::equipped(backend, outfit).await
    }

    /// Starts it with what it needs besides a database.
    pub async fn equipped(backend: Backend, outfit: Outfit) -> Self {
        let database = TestDatabase::create(backend).await;
        let clock = Arc::new(TestClock::new());
        let random = Arc::new(Counting::default());
        let (store, endpoint) = start(&database, &clock, &random, &outfit).await;
        Self {
            node: TestNode(TestClient::new(endpoint)),
            store,
            clock,
            random,
            outfit,
            database,
        }
    }

    /// Starts another program on the same database, with a store of its own.
    pub async fn another_node(&self) -> TestNode {
        TestNode(TestClient::new(self.endpoint().await))
    }

    /// What such a program answers with, to be served to whoever connects.
    pub async fn endpoint(&self) -> BoxEndpoint<'static, Response> {
        start(&self.database, &self.clock, &self.random, &self.outfit)
            .await
            .1
    }

    /// Makes a workspace.
    pub async fn workspace(&self, slug: &str) -> Workspace {
        let name = format!("Office {slug}");
        let made = self
            .store
            .create_workspace(&STAGEHAND, slug_of(slug), name)
            .await;
        made.expect("a workspace")
    }

    /// Makes a token for an account of its own, and tells the secret.
    pub async fn token(
        &self,
        workspace: &Workspace,
        role: Role,
        scopes: Option<&[Permission]>,
    ) -> String {
        self.make_token(&[(workspace, role)], scopes, None).await.1
    }

    /// Makes a token that opens several workspaces, and may cease to be good.
    pub async fn make_token(
        &self,
        grants: &[(&Workspace, Role)],
        scopes: Option<&[Permission]>,
        expires_at: Option<DateTime<Utc>>,
    ) -> (AccessToken, String) {
        static ACCOUNTS: AtomicU64 = AtomicU64::new(1);
        let slug = format!("account-{}", ACCOUNTS.fetch_add(1, Ordering::Relaxed));
        let account =
            self.store
                .create_account(&STAGEHAND, slug_of(&slug), "A colleague".to_owned());
        let new = NewToken {
            account_id: account.await.expect("an account").id,
            label: "for a test".to_owned(),
            grants: grants
                .iter()
                .map(|(workspace, role)| Grant {
                    workspace_id: workspace.id,
                    role: *role,
                })
                .collect(),
            scopes: scopes.map(|scopes| scopes.iter().copied().collect()),
            expires_at,
        };
        self.store
            .create_token(&STAGEHAND, new)
            .await
            .expect("a token")
    }

    /// Takes a token back.
    pub async fn revoke(&self, token: AccessTokenId) {
        self.store
            .revoke_token(&STAGEHAND, token)
            .await
            .expect("a token that was good");
    }

    /// Brings an event in, as a draft if the document does not say otherwise.
    pub async fn import(&self, workspace: &Workspace, text: &str) -> Event {
        let document = interchange::event_document::read(text)
            .unwrap_or_else(|problems| panic!("{problems:#?}\n{text}"));
        self.import_document(workspace, document).await.0
    }

    /// Brings an event in.
    pub async fn import_document(
        &self,
        workspace: &Workspace,
        document: EventDocument,
    ) -> (Event, ImportChanges) {
        let import = EventImport {
            workspace: workspace.id,
            document,
            missing: Missing::Keep,
            effect: Effect::Apply,
        };
        let imported = self.store.import_event(&STAGEHAND, import).await;
        imported.unwrap_or_else(|refused| panic!("{refused:#?}"))
    }

    /// Hands a mail over, with more in its header.
    pub async fn post_mail(&self, headers: &[(&str, &str)], mail: &[u8]) -> (StatusCode, Value) {
        let mut request = self.node.0.post("/mail/inbound").body(mail.to_vec());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.0;
        let status = response.status();
        let text = response.into_body().into_string().await.expect("text");
        (status, serde_json::from_str(&text).expect("JSON"))
    }

    /// Announces an event.
    pub async fn publish(&self, event: EventId) -> Event {
        self.store
            .publish_event(&STAGEHAND, event, None)
            .await
            .expect("a draft")
    }

    /// Brings in one of the repository's examples, and announces it.
    pub async fn publish_example(&self, workspace: &Workspace, slug: &str) -> Event {
        let event = self.import(workspace, &example(slug)).await;
        self.publish(event.id).await
    }

    /// What the pages are asked with.
    pub fn http(&self) -> &TestClient<BoxEndpoint<'static, Response>> {
        self.node.http()
    }

    /// Asks without a token.
    pub fn anonymous(&self) -> Client<'_> {
        Client {
            node: &self.node,
            token: None,
            languages: None,
        }
    }

    /// Asks with a token.
    pub fn bearer(&self, secret: impl Into<String>) -> Client<'_> {
        self.node.bearer(secret)
    }

    /// Asks as one who looks.
    pub async fn as_viewer(&self, workspace: &Workspace) -> Client<'_> {
        self.bearer(self.token(workspace, Role::Viewer, None).await)
    }

    /// Asks as one who is on the list of an event, with their link, which somebody who may know it
    /// tells.
    pub async fn as_guest(&self, participant: &str, told_by: &Client<'_>) -> Client<'_> {
        let operation =
            format!("{{ node(id: \"{participant}\") {{ ... on Participant {{ link }} }} }}");
        let answer = told_by.query(&operation).await;
        let link = answer.expect_data()["node"]["link"].as_str();
        self.bearer(link.expect("a link"))
    }

    /// Asks as one who plans and runs the events.
    pub async fn as_organiser(&self, workspace: &Workspace) -> Client<'_> {
        self.bearer(self.token(workspace, Role::Organizer, None).await)
    }

    /// Asks as one who answers for the workspace.
    pub async fn as_owner(&self, workspace: &Workspace) -> Client<'_> {
        self.bearer(self.token(workspace, Role::Owner, None).await)
    }
}

impl std::fmt::Debug for TestApp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestApp")
            .field("database", &self.database)
            .finish_non_exhaustive()
    }
}

/// The text of one of the repository's example documents.
pub fn example(slug: &str) -> String {
    let file = crate::root().join("examples").join(format!("{slug}.yaml"));
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The schedule of a real conference, where it lies beside the checkout or in the folder that
/// `CONVOKE_SHARED_DATA` names. It names real people, so it is no part of this repository. Where it
/// is not, a line says so.
pub fn published_schedule() -> Option<String> {
    let folder = variable("CONVOKE_SHARED_DATA").map(std::path::PathBuf::from);
    let folder = folder.unwrap_or_else(|| crate::root().join("../shared/data"));
    let schedule = std::fs::read_to_string(folder.join("fosdem-2024.xml")).ok();
    if schedule.is_none() {
        // Past the capture of a passing test's output.
        let line = "fosdem-2024.xml: left out, it is not there (CONVOKE_SHARED_DATA)\n";
        std::io::stderr()
            .write_all(line.as_bytes())
            .expect("standard error");
    }
    schedule
}

/// The five events of the demo, by slug.
pub const EXAMPLES: [&str; 5] = [
    "hengyang-exchange-2024",
    "jimei-forum-2024",
    "qingyuan-visit-2024",
    "hengyang-high-school-2019",
    "henan-group-launch-2022",
];

fn slug_of(text: &str) -> Slug {
    text.parse().expect("a slug")
}

/// Someone who asks.
#[derive(Debug, Clone)]
pub struct Client<'a> {
    node: &'a TestNode,
    token: Option<String>,
    languages: Option<String>,
}

impl Client<'_> {
    /// The same, preferring other languages (`Accept-Language`).
    #[must_use]
    pub fn reading(mut self, languages: &str) -> Self {
        self.languages = Some(languages.to_owned());
        self
    }

    /// Asks an operation without variables.
    pub async fn query(&self, operation: &str) -> Answer {
        self.ask(operation, json!({})).await
    }

    /// Asks an operation with variables, as GraphQL over HTTP has it.
    pub async fn ask(&self, operation: &str, variables: Value) -> Answer {
        let mut request = self
            .node
            .0
            .post("/graphql")
            .header("Accept", "application/graphql-response+json")
            .body_json(&json!({ "query": operation, "variables": variables }));
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        if let Some(languages) = &self.languages {
            request = request.header("Accept-Language", languages);
        }
        let response = request.send().await.0;
        let status = response.status();
        let text = response.into_body().into_string().await.expect("text");
        let body =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("not JSON: {error}\n{text}"));
        Answer { status, text, body }
    }

    /// Sends an event document.
    pub async fn event_import(&self, workspace: &Workspace, document: &str) -> Answer {
        self.event_import_with(workspace, document, json!({})).await
    }

    /// Sends an event document, with more of the input.
    pub async fn event_import_with(
        &self,
        workspace: &Workspace,
        document: &str,
        more: Value,
    ) -> Answer {
        let mut input = json!({ "workspaceId": workspace.id.to_string(), "document": document });
        let input_members = input.as_object_mut().expect("an object");
        input_members.extend(more.as_object().expect("an object").clone());
        let operation = "mutation EventImport($input: EventImportInput!) {
            eventImport(input: $input) {
                event { id version slug title }
                changes { created updated removed unchanged }
                userErrors { __typename code message path }
            }
        }";
        self.ask(operation, json!({ "input": input })).await
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// The body as it was sent.
    pub text: String,
    /// The body as JSON.
    pub body: Value,
}

impl Answer {
    /// The data of an answer without any error.
    #[track_caller]
    pub fn expect_data(&self) -> &Value {
        assert!(self.body.get("errors").is_none(), "{:#}", self.body);
        assert_eq!(self.status, StatusCode::OK, "{:#}", self.body);
        self.body
            .get("data")
            .unwrap_or_else(|| panic!("no data: {:#}", self.body))
    }

    /// The one error of an answer, which must have this code.
    #[track_caller]
    pub fn expect_error(&self, code: &str) -> &Value {
        let errors = self.errors();
        assert_eq!(errors.len(), 1, "{:#}", self.body);
        assert_eq!(errors[0]["extensions"]["code"], code, "{:#}", self.body);
        &errors[0]
    }

    /// The errors of an answer.
    pub fn errors(&self) -> &[Value] {
        self.body
            .get("errors")
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }
}
