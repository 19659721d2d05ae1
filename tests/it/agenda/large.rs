//! A conference of a usual large size, published, moved about and published again: who is told, and
//! what it says of itself.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::PersonId;
use domain::workspace::Workspace;
use serde_json::{Value, json};
use tests::{Backend, Client, TestApp, both, conference, published_schedule};

use super::seen;
use crate::doing::{done, with};
use crate::statements::{PUBLISHED, cost};

both!(
    a_generated_conference_is_moved_about,
    a_real_conference_is_moved_about
);

/// So many items are moved.
const MOVED: usize = 20;

const DRAFT: &str = "query($id: ID!) { node(id: $id) { ... on Event { version slug draftAgenda {
    revision conflicts { kind }
    items { id version startsAtLocal room { id } appearances { person { id } } }
} } } }";

struct Conference {
    app: TestApp,
    home: Workspace,
    id: String,
}

impl Conference {
    async fn owner(&self) -> Client<'_> {
        self.app.as_owner(&self.home).await
    }

    /// The event with its draft.
    async fn draft(&self, client: &Client<'_>) -> Value {
        let answer = client.ask(DRAFT, json!({ "id": self.id })).await;
        answer.expect_data()["node"].clone()
    }

    /// How often there is each kind of conflict.
    async fn conflicts(&self, client: &Client<'_>) -> BTreeMap<String, usize> {
        let mut conflicts = BTreeMap::new();
        for conflict in members(&self.draft(client).await["draftAgenda"]["conflicts"]) {
            *conflicts.entry(text(&conflict["kind"])).or_default() += 1;
        }
        conflicts
    }

    async fn publish(&self, client: &Client<'_>, more: Value) -> Value {
        let revision = &self.draft(client).await["draftAgenda"]["revision"];
        let input = json!({ "eventId": self.id, "expectedRevision": revision });
        done(client, "agendaPublish", with(input, more)).await
    }

    /// Who is written to, once for each message, by id.
    async fn outbox(&self) -> Vec<PersonId> {
        let statement = match self.app.database.backend {
            Backend::Sqlite => "SELECT lower(hex(person_id)) AS value FROM delivery",
            Backend::Postgres => "SELECT person_id::text AS value FROM delivery",
        };
        let texts = self.app.database.texts(statement).await;
        let ids = texts.iter().map(|text| uuid::Uuid::parse_str(text));
        let mut ids: Vec<_> = ids
            .map(|id| PersonId::from_uuid(id.expect("a UUID")))
            .collect();
        ids.sort();
        ids
    }

    /// Moves items that people appear on, from all over the agenda: every other one to another time,
    /// the rest to another room. Tells which, and who appears on them.
    async fn move_about(&self, client: &Client<'_>) -> (BTreeSet<String>, BTreeSet<PersonId>) {
        let draft = self.draft(client).await;
        let items = members(&draft["draftAgenda"]["items"]);
        let rooms: BTreeSet<_> = items
            .iter()
            .filter_map(|item| item["room"]["id"].as_str())
            .collect();
        let appears = |item: &&Value| item["appearances"][0]["person"]["id"].is_string();
        let with_people: Vec<_> = items.iter().filter(appears).collect();
        let chosen = with_people
            .iter()
            .step_by(with_people.len() / MOVED)
            .take(MOVED);
        let (mut moved, mut people) = (BTreeSet::new(), BTreeSet::new());
        for (number, item) in chosen.enumerate() {
            let to = if number % 2 == 0 {
                let starts_at = text(&item["startsAtLocal"]);
                let starts_at: chrono::NaiveDateTime = starts_at.parse().expect("a time");
                let starts_at = starts_at + chrono::TimeDelta::minutes(5);
                json!({ "startsAtLocal": starts_at.format("%Y-%m-%dT%H:%M:%S").to_string() })
            } else {
                let other = rooms.iter().find(|room| item["room"]["id"] != **room);
                json!({ "roomId": other.expect("another room") })
            };
            done(client, "agendaItemMove", with(seen(item), to)).await;
            moved.insert(text(&item["id"]));
            let on_it = members(&item["appearances"]).iter();
            let on_it = on_it.filter_map(|one| one["person"]["id"].as_str());
            people.extend(on_it.map(|id| id.parse::<PersonId>().expect("a person")));
        }
        assert_eq!(moved.len(), MOVED);
        (moved, people)
    }

    /// What the public reads costs as much as of any other event.
    async fn costs_what_any_agenda_costs(&self, version: i32) {
        let public = self.app.anonymous();
        let slug = self.draft(&self.owner().await).await["slug"].clone();
        let operation = include_str!("../contract/schedule.graphql");
        let variables = json!({ "slug": slug });
        let answer = public.ask(operation, variables.clone()).await;
        let event = &answer.expect_data()["event"];
        assert_eq!(event["agenda"]["version"], version);
        let again = cost(&self.app, &public, operation, variables).await;
        assert_eq!(again, PUBLISHED);
    }
}

fn members(list: &Value) -> &[Value] {
    list.as_array().expect("a list")
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

fn ids(list: &Value) -> Vec<String> {
    members(list).iter().map(|one| text(&one["id"])).collect()
}

/// The story of one: announced, published with nobody told, moved about, and published.
async fn is_moved_about(conference: &Conference) {
    let owner = conference.owner().await;
    let event = conference.draft(&owner).await;
    let announced = json!({ "id": conference.id, "expectedVersion": event["version"] });
    done(&owner, "eventPublish", announced).await;
    let payload = conference.publish(&owner, json!({ "notify": false })).await;
    assert_eq!(payload["diff"]["isEmpty"], true);
    assert_eq!(payload["recipientCount"], 0);
    assert_eq!(conference.outbox().await, []);
    conference.costs_what_any_agenda_costs(2).await;

    let (moved, people) = conference.move_about(&owner).await;
    assert_eq!(conference.outbox().await, []);
    let payload = conference.publish(&owner, json!({})).await;
    let diff = &payload["diff"];
    let told_moved = ids(&diff["moved"]);
    assert_eq!(told_moved.len(), MOVED);
    assert_eq!(told_moved.into_iter().collect::<BTreeSet<_>>(), moved);
    for other in ["added", "removed", "changed", "eventAppearances"] {
        assert_eq!(diff[other], json!([]), "{other}");
    }
    // Each of them once, and nobody else.
    let people: Vec<_> = people.into_iter().collect();
    assert_eq!(conference.outbox().await, people);
    assert_eq!(payload["recipientCount"], people.len());
    let notices = members(&payload["notices"]).iter();
    let mut told: Vec<_> = notices
        .map(|notice| {
            text(&notice["person"]["id"])
                .parse::<PersonId>()
                .expect("a person")
        })
        .collect();
    told.sort();
    assert_eq!(told, people);
    conference.costs_what_any_agenda_costs(3).await;
}

/// Some people appear on several of the items that are moved: each first speaker in a room also
/// moderates all that is in it.
async fn a_generated_conference_is_moved_about(backend: Backend) {
    let app = TestApp::new(backend).await;
    let home = app.workspace("home").await;
    let mut document = conference(700);
    for (number, item) in document["agenda"]
        .as_array_mut()
        .expect("items")
        .iter_mut()
        .enumerate()
    {
        let first = format!("person-{}", number % 20);
        let moderates = json!({ "role": "MODERATOR", "person": first });
        item["appearances"]
            .as_array_mut()
            .expect("a list")
            .push(moderates);
    }
    let event = app.import(&home, &document.to_string()).await;
    let conference = Conference {
        app,
        home,
        id: event.id.to_string(),
    };
    let conflicts = conference.conflicts(&conference.owner().await).await;
    assert_eq!(conflicts, BTreeMap::new());
    is_moved_about(&conference).await;
}

async fn a_real_conference_is_moved_about(backend: Backend) {
    let Some(document) = published_schedule() else {
        return;
    };
    let app = TestApp::new(backend).await;
    let home = app.workspace("home").await;
    let input = json!({ "workspaceId": home.id.to_string(), "format": "SCHEDULE_XML",
        "document": document, "timeZone": "Europe/Brussels" });
    let payload = done(&app.as_owner(&home).await, "scheduleImport", input).await;
    let id = text(&payload["event"]["id"]);
    let conference = Conference { app, home, id };
    let conflicts = conference.conflicts(&conference.owner().await).await;
    assert_eq!(conflicts.get("ROOM_OVERLAP"), Some(&2), "{conflicts:?}");
    assert_eq!(conflicts.get("PERSON_OVERLAP"), Some(&2), "{conflicts:?}");
    is_moved_about(&conference).await;
}
