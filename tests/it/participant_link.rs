//! The link of an attendee: what it opens, what it does not, and how it is taken back.

use domain::workspace::Workspace;
use serde_json::{Value, json};
use tests::{Answer, Backend, Client, TestApp, both};

use crate::doing::done;

both!(
    a_link_opens_its_event_once_that_is_published,
    a_renewed_link_is_another_and_the_old_one_opens_nothing,
    every_node_knows_the_same_link,
    nobody_is_told_a_link_who_may_not_edit_the_list,
    what_is_no_link_opens_nothing,
    those_who_wait_know_their_place_and_nobody_else
);

/// An event for the house, and one for nobody in particular.
struct Stage {
    app: TestApp,
    home: Workspace,
}

const ATTENDEE: &str = "{ attendee {
    event { slug title agenda { items { title } } participants { nodes { id } } }
    person { name email }
    link
} }";

impl Stage {
    async fn new(backend: Backend) -> Self {
        let app = TestApp::new(backend).await;
        let home = app.workspace("home").await;
        for key in ["internal", "other"] {
            let document = format!(
                "key: {key}\nlanguage: en\ntitle: The {key} event\nvisibility: WORKSPACE\n\
                 time: {{ timeZone: Asia/Shanghai, startsOn: 2025-02-01 }}\n\
                 people:\n- {{ key: ada, name: Ada Example, email: ada@example.org }}\n\
                 - {{ key: bo, name: Bo Example, email: bo@example.org }}\n\
                 participants:\n- {{ person: ada }}\n- {{ person: bo }}\n\
                 agenda:\n- {{ key: speech, kind: SPEECH, title: A speech }}\n"
            );
            app.import(&home, &document).await;
        }
        Self { app, home }
    }

    /// What organisers know of the participants of an event, by the names of the people.
    async fn participants(&self, slug: &str) -> Value {
        let owner = self.app.as_owner(&self.home).await;
        let operation = format!(
            "{{ event(slug: \"{slug}\") {{
                id version participants {{ nodes {{ id version link person {{ name }} }} }}
            }} }}"
        );
        owner.query(&operation).await.expect_data()["event"].clone()
    }

    async fn publish(&self, slug: &str) {
        let event = self.participants(slug).await;
        let input = json!({ "id": event["id"], "expectedVersion": event["version"] });
        let owner = self.app.as_owner(&self.home).await;
        done(&owner, "eventPublish", input).await;
    }

    fn with(&self, participant: &Value) -> Client<'_> {
        self.app
            .bearer(participant["link"].as_str().expect("a link"))
    }
}

fn attendee(answer: &Answer) -> &Value {
    &answer.expect_data()["attendee"]
}

async fn a_link_opens_its_event_once_that_is_published(backend: Backend) {
    let stage = Stage::new(backend).await;
    let event = stage.participants("internal").await;
    let guest = stage.with(&event["participants"]["nodes"][0]);
    assert_eq!(attendee(&guest.query(ATTENDEE).await), &Value::Null);
    let operation = "{ event(slug: \"internal\") { id } }";
    assert_eq!(
        guest.query(operation).await.expect_data()["event"],
        Value::Null
    );

    stage.publish("internal").await;
    stage.publish("other").await;
    assert_eq!(
        attendee(&guest.query(ATTENDEE).await),
        &json!({
            "event": {
                "slug": "internal",
                "title": "The internal event",
                "agenda": { "items": [{ "title": "A speech" }] },
                "participants": null,
            },
            "person": { "name": "Ada Example", "email": null },
            "link": null,
        })
    );
    let operation = "{ events { nodes { slug } } people { nodes { name } }
        viewer { account { id } } workspace(slug: \"home\") { slug auditLog { nodes { id } } } }";
    assert_eq!(
        *guest.query(operation).await.expect_data(),
        json!({
            "events": { "nodes": [{ "slug": "internal" }] },
            "people": { "nodes": [{ "name": "Ada Example" }] },
            "viewer": null,
            "workspace": { "slug": "home", "auditLog": null },
        })
    );
    // The others on the list are nobody's business, and not even one's own record may be changed.
    let other = event["participants"]["nodes"][1]["id"]
        .as_str()
        .expect("an id");
    let answer = guest
        .query(&format!("{{ node(id: \"{other}\") {{ id }} }}"))
        .await;
    assert_eq!(answer.expect_data()["node"], Value::Null);
    for one in [0, 1] {
        let one = &event["participants"]["nodes"][one];
        let input = json!({ "id": one["id"], "expectedVersion": one["version"],
            "patch": { "status": "CONFIRMED" } });
        let operation = "mutation($input: ParticipantUpdateInput!) {
            participantUpdate(input: $input) { participant { id } } }";
        let answer = guest.ask(operation, json!({ "input": input })).await;
        answer.expect_error("FORBIDDEN");
    }
}

async fn a_renewed_link_is_another_and_the_old_one_opens_nothing(backend: Backend) {
    let stage = Stage::new(backend).await;
    stage.publish("internal").await;
    let owner = stage.app.as_owner(&stage.home).await;
    let before = stage.participants("internal").await["participants"]["nodes"].clone();
    let input = json!({ "id": before[0]["id"], "expectedVersion": before[0]["version"] });
    done(&owner, "participantLinkRenew", input.clone()).await;
    let after = stage.participants("internal").await["participants"]["nodes"].clone();
    assert_ne!(before[0]["link"], after[0]["link"]);
    assert_eq!(before[1]["link"], after[1]["link"]);

    let answer = stage.with(&before[0]).query(ATTENDEE).await;
    answer.expect_error("UNAUTHENTICATED");
    for one in [&after[0], &after[1]] {
        let answer = stage.with(one).query(ATTENDEE).await;
        assert_eq!(attendee(&answer)["person"]["name"], one["person"]["name"]);
    }
    // Whoever has not seen that it was renewed does not renew it again.
    let answer = crate::doing::send(&owner, "participantLinkRenew", input).await;
    let errors = &answer.expect_data()["participantLinkRenew"]["userErrors"];
    assert_eq!(errors[0]["code"], "STALE_VERSION", "{errors:#}");
    // The log knows that it was, and no link.
    let operation = format!(
        "{{ node(id: {}) {{ ... on Participant {{
            auditLog {{ nodes {{ operation changes {{ field before after }} }} }} }} }} }}",
        before[0]["id"]
    );
    let answer = owner.query(&operation).await;
    assert_eq!(
        answer.expect_data()["node"]["auditLog"]["nodes"][0],
        json!({ "operation": "participantLinkRenew",
            "changes": [
                { "field": "linkGeneration", "before": "1", "after": "2" },
                { "field": "version", "before": "1", "after": "2" },
            ] })
    );
    // The same document sent again leaves it as it is.
    let sent_again = "key: internal\nlanguage: en\ntitle: The internal event\n\
        time: { timeZone: Asia/Shanghai, startsOn: 2025-02-01 }\n\
        people: [{ key: ada, name: Ada Example }]\nparticipants: [{ person: ada }]\n";
    stage.app.import(&stage.home, sent_again).await;
    let last = stage.participants("internal").await["participants"]["nodes"].clone();
    assert_eq!(after[0]["link"], last[0]["link"]);
}

async fn every_node_knows_the_same_link(backend: Backend) {
    let stage = Stage::new(backend).await;
    stage.publish("internal").await;
    // None of them has made the key yet.
    let (one, two) = (
        stage.app.another_node().await,
        stage.app.another_node().await,
    );
    let token = |role| stage.app.token(&stage.home, role, None);
    let secret = token(domain::access::Role::Owner).await;
    let operation = "{ event(slug: \"internal\") { participants { nodes { link } } } }".to_owned();
    let (one, two) = (one.bearer(secret.clone()), two.bearer(secret));
    let (told, retold) = tokio::join!(one.query(&operation), two.query(&operation));
    assert_eq!(told.expect_data(), retold.expect_data());
    let links = &told.expect_data()["event"]["participants"]["nodes"];
    let answer = stage.with(&links[1]).query(ATTENDEE).await;
    assert_eq!(attendee(&answer)["person"]["name"], "Bo Example");
}

async fn nobody_is_told_a_link_who_may_not_edit_the_list(backend: Backend) {
    let stage = Stage::new(backend).await;
    let viewer = stage.app.as_viewer(&stage.home).await;
    let operation = "{ event(slug: \"internal\") { participants { nodes { link } } } }";
    let answer = viewer.query(operation).await;
    assert_eq!(
        answer.expect_data()["event"]["participants"]["nodes"],
        json!([{ "link": null }, { "link": null }])
    );
}

async fn what_is_no_link_opens_nothing(backend: Backend) {
    let stage = Stage::new(backend).await;
    stage.publish("internal").await;
    let event = stage.participants("internal").await;
    let nodes = &event["participants"]["nodes"];
    let [good, other] = [0, 1].map(|one| nodes[one]["link"].as_str().expect("a link"));
    let (start, proof) = good.split_at(good.len() - 21);
    let wrong = [
        "convoke_link_".to_owned(),
        "convoke_link_x".to_owned(),
        // Cut short, drawn out, changed, and with the proof of somebody else.
        good[..good.len() - 1].to_owned(),
        format!("{good}A"),
        format!("{good}AAAA"),
        format!("{start}{}", proof.to_ascii_uppercase()),
        format!("{start}{}", &other[other.len() - 21..]),
        start.to_owned(),
    ];
    for secret in wrong {
        let answer = stage.app.bearer(secret.clone()).query(ATTENDEE).await;
        assert_eq!(
            answer.errors()[0]["extensions"]["code"],
            "UNAUTHENTICATED",
            "{secret}"
        );
    }
}

async fn those_who_wait_know_their_place_and_nobody_else(backend: Backend) {
    let stage = Stage::new(backend).await;
    stage.publish("internal").await;
    let owner = stage.app.as_owner(&stage.home).await;
    let nodes = stage.participants("internal").await["participants"]["nodes"].clone();
    for one in [&nodes[1], &nodes[0]] {
        let input = json!({ "id": one["id"], "expectedVersion": one["version"],
            "patch": { "status": "WAITLISTED" } });
        stage.app.clock.advance(chrono::TimeDelta::minutes(1));
        done(&owner, "participantUpdate", input).await;
    }
    for (one, place) in [(0, 2), (1, 1)] {
        let guest = stage.with(&nodes[one]);
        let answer = guest
            .query("{ attendee { waitlistPosition status } }")
            .await;
        assert_eq!(
            attendee(&answer),
            &json!({ "waitlistPosition": place, "status": "WAITLISTED" })
        );
    }
}
