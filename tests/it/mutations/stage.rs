//! A thing of each noun, made by its own mutation: at an event of the house, at another event of the
//! same house, and in another house.

use std::collections::BTreeMap;

use domain::access::Role;
use domain::workspace::Workspace;
use serde_json::{Value, json};
use tests::{Backend, Client, TestApp};

use super::inputs::{ADDING, input};
use crate::doing::{Made, done, with};

/// What was made at one event.
pub struct Set {
    /// What its slugs and keys end in.
    pub name: &'static str,
    pub workspace: String,
    /// Things, by the mutation that made them.
    pub made: BTreeMap<&'static str, Made>,
    /// What was sent for it.
    pub sent: BTreeMap<&'static str, Value>,
    /// How often its agenda was changed.
    pub revision: i64,
}

impl Set {
    /// The id of what a mutation made; null if nothing yet.
    pub fn id(&self, mutation: &str) -> Value {
        self.made
            .get(mutation)
            .map_or(Value::Null, |made| json!(made.id))
    }

    /// Which thing, and the version that it is at.
    pub fn seen(&self, mutation: &str) -> Value {
        let version = self.made.get(mutation).map(|made| made.version);
        json!({ "id": self.id(mutation), "expectedVersion": version })
    }

    async fn fill(&mut self, client: &Client<'_>) {
        for mutation in ADDING {
            let key = json!({ "idempotencyKey": format!("key of {mutation} {}", self.name) });
            let sent = with(input(self, mutation), key);
            let payload = done(client, mutation, sent.clone()).await;
            self.keep(mutation, &payload);
            self.sent.insert(mutation, sent);
            self.refresh(client).await;
        }
        // An event that nothing refers to.
        let other = json!({ "slug": format!("other-{}", self.name) });
        let other = with(input(self, "eventCreate"), other);
        let payload = done(client, "eventCreate", other).await;
        self.keep("another event", &payload);
        self.invite(client).await;
    }

    /// An event that is announced, and people who are invited to it and are at no other; they have not
    /// been told yet.
    async fn invite(&mut self, client: &Client<'_>) {
        let event = json!({
            "workspaceId": self.workspace, "slug": format!("announced-{}", self.name),
            "kind": "FORUM", "title": { "language": "en", "text": "The announced" },
            "time": { "timeZone": "Europe/Berlin", "startsOn": "2025-03-10" },
        });
        let payload = done(client, "eventCreate", event).await;
        self.keep("announced event", &payload);
        done(client, "eventPublish", self.seen("announced event")).await;
        let made = |thing: &Value| Made {
            id: thing["id"].as_str().expect("an id").to_owned(),
            version: thing["version"].as_i64().unwrap_or_default(),
        };
        for (guest, invited, held) in [
            ("guest", "invited", "held message"),
            ("another guest", "also invited", "another held message"),
        ] {
            let person = json!({ "workspaceId": self.workspace, "name": "Dee Guest",
                "email": "dee@example.org" });
            let payload = done(client, "personCreate", person).await;
            self.keep(guest, &payload);
            let invite = json!({ "eventId": self.id("announced event"),
                "personIds": [self.id(guest)], "hold": true });
            let payload = done(client, "participantInvite", invite).await;
            self.made.insert(invited, made(&payload["participants"][0]));
            self.made.insert(held, made(&payload["message"]));
        }
        let operation = "query($id: ID!) { node(id: $id) { ... on Message {
            deliveries { nodes { id } } } } }";
        let variables = json!({ "id": self.id("held message") });
        let answer = client.ask(operation, variables).await;
        let mails = &answer.expect_data()["node"]["deliveries"]["nodes"];
        self.made.insert("delivery", made(&mails[0]));
        let asked = "query($id: ID!) { node(id: $id) { ... on Workspace {
            letterhead { id version } } } }";
        let answer = client.ask(asked, json!({ "id": self.workspace })).await;
        let letterhead = made(&answer.expect_data()["node"]["letterhead"]);
        self.made.insert("letterhead", letterhead);
        self.issue(client).await;
    }

    /// Letters that are issued and one that is not, an award that somebody got, and somebody who was there.
    async fn issue(&mut self, client: &Client<'_>) {
        let event = self.id("announced event");
        let committee = json!({ "workspaceId": self.workspace, "kind": "COMMITTEE",
            "name": { "language": "en", "text": "The committee" } });
        let payload = done(client, "organizationCreate", committee).await;
        self.keep("committee", &payload);
        let person = json!({ "workspaceId": self.workspace, "name": "Eve Appointee" });
        let payload = done(client, "personCreate", person).await;
        self.keep("appointee", &payload);
        for (letter, issued) in [
            ("letter to issue", None),
            ("letter to revoke", Some("credential to revoke")),
            ("letter to reissue", Some("credential to reissue")),
        ] {
            let draft = json!({ "eventId": event, "appointeeId": self.id("appointee"),
                "bodyId": self.id("committee"), "post": letter });
            let payload = done(client, "letterDraft", draft).await;
            self.keep(letter, &payload);
            let Some(issued) = issued else { continue };
            let issue = json!({ "eventId": event, "letterIds": [self.id(letter)],
                "languages": "CHINESE" });
            let payload = done(client, "letterIssue", issue).await;
            let one = &payload["credentials"][0];
            self.made.insert(
                issued,
                Made {
                    id: one["id"].as_str().expect("an id").to_owned(),
                    version: 1,
                },
            );
        }
        let award = json!({ "eventId": event, "kind": "PRIZE",
            "title": { "language": "en", "text": "A prize" } });
        let payload = done(client, "awardAdd", award).await;
        self.keep("award to certify", &payload);
        let recipient = json!({ "awardId": self.id("award to certify"),
            "recipient": { "personId": self.id("appointee") } });
        done(client, "awardRecipientAdd", recipient).await;
        let attended = json!({ "eventId": event, "personId": self.id("appointee") });
        let payload = done(client, "participantAdd", attended).await;
        self.keep("attended", &payload);
        let there = json!({ "patch": { "status": "ATTENDED" } });
        let there = with(self.seen("attended"), there);
        done(client, "participantUpdate", there).await;
    }

    /// Notes what was made.
    pub fn keep(&mut self, mutation: &'static str, payload: &Value) {
        let results = payload["results"].as_array();
        let mut things = Vec::new();
        for one in results.into_iter().flatten().chain([payload]) {
            let members = one.as_object().expect("an object").values();
            things.extend(members.filter(|one| one["id"].is_string()).cloned());
        }
        let made = |thing: &Value| Made {
            id: thing["id"].as_str().expect("an id").to_owned(),
            version: thing["version"].as_i64().expect("a version"),
        };
        if let Some(id) = payload["mergeId"].as_str() {
            let (id, version) = (id.to_owned(), 0);
            self.made.insert(mutation, Made { id, version });
            return;
        }
        let second = match mutation {
            "personBulkCreate" => Some("loser"),
            "organizationBulkCreate" => Some("lesser"),
            _ => None,
        };
        let names = std::iter::once(mutation).chain(second);
        for (name, thing) in names.zip(&things) {
            self.made.insert(name, made(thing));
        }
    }

    /// Looks at which versions the things are by now.
    pub async fn refresh(&mut self, client: &Client<'_>) {
        let versioned = crate::doing::SDL.objects("Node").into_iter();
        let versioned =
            versioned.filter(|name| crate::doing::SDL.of(name).fields.contains_key("version"));
        let each: Vec<_> = versioned
            .map(|name| format!("... on {name} {{ version }}"))
            .collect();
        let operation = format!(
            "query($ids: [ID!]!) {{ nodes(ids: $ids) {{ id {}
             ... on Event {{ draftAgenda {{ revision }} }} }} }}",
            each.join(" ")
        );
        let known = self.made.iter_mut();
        let known: Vec<_> = known
            .filter(|(_, made)| !made.id.starts_with("mrg_"))
            .collect();
        let ids: Vec<_> = known.iter().map(|(_, made)| made.id.clone()).collect();
        let answer = client.ask(&operation, json!({ "ids": ids })).await;
        let nodes = answer.expect_data()["nodes"].as_array().expect("nodes");
        for ((mutation, made), node) in known.into_iter().zip(nodes) {
            // What is gone stays at the version at which it went.
            if let Some(version) = node["version"].as_i64() {
                made.version = version;
            }
            if *mutation == "eventCreate" && node.is_object() {
                let revision = &node["draftAgenda"]["revision"];
                self.revision = revision.as_i64().expect("a revision");
            }
        }
    }
}

/// The house, its neighbour, and those who work there.
pub struct Stage {
    pub app: TestApp,
    pub home: Workspace,
    secret: String,
    stranger: String,
    /// At an event of the house.
    pub here: Set,
    /// At another event of the house.
    pub beside: Set,
    /// In the other house.
    pub there: Set,
}

impl Stage {
    pub async fn new(backend: Backend) -> Self {
        let app = TestApp::new(backend).await;
        let home = app.workspace("home").await;
        let away = app.workspace("away").await;
        let secret = app.token(&home, Role::Organizer, None).await;
        let stranger = app.token(&away, Role::Organizer, None).await;
        let mut sets = Vec::new();
        for (name, workspace, secret) in [
            ("here", &home, &secret),
            ("beside", &home, &secret),
            ("there", &away, &stranger),
        ] {
            let mut set = Set {
                name,
                workspace: workspace.id.to_string(),
                made: BTreeMap::new(),
                sent: BTreeMap::new(),
                revision: 0,
            };
            let client = app.bearer(secret);
            set.fill(&client).await;
            set.refresh(&client).await;
            sets.push(set);
        }
        let there = sets.pop().expect("three");
        let beside = sets.pop().expect("three");
        let here = sets.pop().expect("three");
        Self {
            app,
            home,
            secret,
            stranger,
            here,
            beside,
            there,
        }
    }

    /// One who plans the events of the house.
    pub fn organiser(&self) -> Client<'_> {
        self.app.bearer(&self.secret)
    }

    /// One who plans the events of the other house.
    pub fn stranger(&self) -> Client<'_> {
        self.app.bearer(&self.stranger)
    }
}
