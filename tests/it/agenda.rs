//! The agenda as it lives: what is published of it, and what is taken back.

mod edit;
mod history;
mod large;
mod publish;
mod readers;
mod shift;

use domain::workspace::Workspace;
use serde_json::{Value, json};
use tests::{Backend, Client, TestApp};

use crate::doing::done;

/// An event with a morning of three talks and an award, by people who speak at one, two or none.
pub struct Forum {
    pub app: TestApp,
    pub home: Workspace,
    pub id: String,
}

const DOCUMENT: &str = "
key: forum
language: en
title: The Forum
visibility: PUBLIC
time: { timeZone: Asia/Shanghai, startsOn: 2025-02-01 }
venues: [{ key: house, name: The House, rooms: [{ key: hall, name: Hall }, { key: loft, name: Loft }] }]
organizations: [{ key: works, kind: COMPANY, name: The Works }, { key: guild, kind: ASSOCIATION, name: The Guild }]
people:
- { key: ada, name: Ada Example, email: ada@example.org, posts: [{ title: director, organization: works }] }
- { key: bo, name: Bo Example }
- { key: cy, name: Cy Example }
- { key: dee, name: Dee Example }
groups: [{ key: guests, description: three more guests, expectedCount: 3 }]
appearances: [{ role: CHAIR, person: dee }]
tracks: [{ key: theory, name: Theory }]
agenda:
- key: morning
  kind: OTHER
  title: Morning
  startsAt: 2025-02-01T09:00:00
  endsAt: 2025-02-01T12:00:00
  items:
  - key: first
    kind: TALK
    title: The first talk
    startsAt: 2025-02-01T09:00:00
    endsAt: 2025-02-01T10:00:00
    room: hall
    track: theory
    appearances: [{ role: SPEAKER, person: ada, onBehalfOf: { organization: works } }]
    releases: [{ key: guide, title: A guide }]
  - key: second
    kind: TALK
    title: The second talk
    startsAt: 2025-02-01T10:00:00
    endsAt: 2025-02-01T11:00:00
    room: hall
    appearances: [{ role: SPEAKER, person: ada }, { role: MODERATOR, person: bo }]
  - key: third
    kind: PANEL
    title: The panel
    startsAt: 2025-02-01T11:00:00
    endsAt: 2025-02-01T12:00:00
    room: loft
    appearances: [{ role: PANELIST, person: cy }, { role: PANELIST, group: guests }]
    awards: [{ key: prize, kind: PRIZE, title: The prize, grantors: [guild], recipients: [{ person: cy }] }]
    resolutions: [{ key: again, text: To meet again. }]
";

/// All that stands on the draft, but for what counts changes.
const DRAFT: &str = "query($slug: String!) { event(slug: $slug) {
    draftAgenda { items {
        id externalId kind title abstract order startsAtLocal endsAtLocal expectedAudience
        parent { id } room { id } track { id }
        appearances { id role order printedName printedPosts person { id } organization { id }
            group { id } onBehalfOf { __typename ... on Node { id } } }
        releases { id title kind }
        awards { id title grantors { id } recipients { id recipient { ... on Node { id } } } }
    } }
    releases { id item { id } }
    awards { id item { id } grantors { id } recipients { id recipient { ... on Node { id } } } }
    resolutions { id item { id } }
    participantGroups { id description }
} }";

impl Forum {
    pub async fn new(backend: Backend) -> Self {
        let app = TestApp::new(backend).await;
        let home = app.workspace("home").await;
        let event = app.import(&home, DOCUMENT).await;
        Self {
            app,
            home,
            id: event.id.to_string(),
        }
    }

    /// The same, announced: its agenda is published as version 1.
    pub async fn published(backend: Backend) -> Self {
        let forum = Self::new(backend).await;
        let event: domain::id::EventId = forum.id.parse().expect("an id");
        forum.app.publish(event).await;
        forum
    }

    pub async fn owner(&self) -> Client<'_> {
        self.app.as_owner(&self.home).await
    }

    /// The draft as organisers see it.
    pub async fn draft(&self, client: &Client<'_>) -> Value {
        let answer = client.ask(DRAFT, json!({ "slug": "forum" })).await;
        answer.expect_data()["event"].clone()
    }

    pub async fn revision(&self, client: &Client<'_>) -> i64 {
        let operation = "{ event(slug: \"forum\") { draftAgenda { revision } } }";
        let answer = client.query(operation).await;
        let revision = &answer.expect_data()["event"]["draftAgenda"]["revision"];
        revision.as_i64().expect("a revision")
    }

    /// An item of the draft, by the caller's own name for it.
    pub async fn item(&self, client: &Client<'_>, key: &str) -> Value {
        let operation = "{ event(slug: \"forum\") { draftAgenda { items {
            id externalId version appearances { id version person { id name version } }
            releases { id version } awards { id version }
        } } } }";
        let answer = client.query(operation).await;
        let items = answer.expect_data()["event"]["draftAgenda"]["items"].clone();
        let items = items.as_array().expect("items");
        let found = items.iter().find(|item| item["externalId"] == key);
        found.unwrap_or_else(|| panic!("no {key}")).clone()
    }

    /// Publishes the draft as it is.
    pub async fn publish(&self, client: &Client<'_>, more: Value) -> Value {
        let input = json!({ "eventId": self.id, "expectedRevision": self.revision(client).await });
        done(client, "agendaPublish", crate::doing::with(input, more)).await
    }
}

/// Which thing, as it was seen.
pub fn seen(thing: &Value) -> Value {
    json!({ "id": thing["id"], "expectedVersion": thing["version"] })
}
