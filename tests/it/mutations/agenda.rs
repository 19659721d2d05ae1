//! Working on an agenda: items are moved, put in another order, and removed.

use serde_json::{Value, json};
use tests::{Backend, Client, TestApp, both};

use crate::doing::{done, in_short, made, refused, send, with};

both!(
    an_item_moves_with_all_below_it,
    an_item_takes_the_place_that_is_wished,
    what_cannot_be_moved_stays,
    what_cannot_all_happen_is_told_and_not_forbidden,
    items_are_put_in_another_order,
    an_item_goes_with_all_below_it
);

/// An event with an agenda: the first day with a session of two talks, and the second day.
struct Agenda {
    app: TestApp,
    secret: String,
    event: String,
}

const DOCUMENT: &str = "
key: forum
language: en
title: Forum
time: { timeZone: Europe/Berlin, startsOn: 2025-03-10, endsOn: 2025-03-11 }
venues: [{ key: house, name: House, rooms: [{ key: hall, name: Hall, capacity: 1 }, { key: room, name: Room }] }]
people: [{ key: ada, name: Ada }, { key: bo, name: Bo }]
agenda:
- key: one
  kind: OTHER
  items:
  - key: session
    kind: PANEL
    startsAt: 2025-03-10T09:00
    endsAt: 2025-03-10T12:00
    appearances: [{ role: CHAIR, person: ada }]
    items:
    - { key: a, kind: TALK, startsAt: 2025-03-10T09:00, endsAt: 2025-03-10T10:00, room: hall,
        appearances: [{ role: SPEAKER, person: ada }],
        releases: [{ key: guide, title: Guide }],
        awards: [{ key: prize, kind: PRIZE, title: Prize }],
        resolutions: [{ key: vote, text: Agreed }] }
    - { key: b, kind: TALK, startsAt: 2025-03-10T10:00, endsAt: 2025-03-10T11:00, room: hall }
    - { key: c, kind: BREAK }
- key: two
  kind: OTHER
- key: three
  kind: OTHER
";

impl Agenda {
    async fn new(backend: Backend) -> Self {
        let app = TestApp::new(backend).await;
        let home = app.workspace("home").await;
        let event = app.import(&home, DOCUMENT).await.id.to_string();
        let role = domain::access::Role::Organizer;
        let secret = app.token(&home, role, None).await;
        Self { app, secret, event }
    }

    fn client(&self) -> Client<'_> {
        self.app.bearer(&self.secret)
    }

    async fn told(&self) -> Value {
        let operation = "query($id: ID!) { node(id: $id) { ... on Event {
            venue { id } releases { id item { id } } awards { id item { id } }
            resolutions { id item { id } }
            draftAgenda { revision conflicts { kind items { externalId } room { name }
                person { name } message }
                items { id version externalId order startsAtLocal endsAtLocal room { id name }
                    parent { externalId } appearances { id } } } } } }";
        let variables = json!({ "id": self.event });
        let answer = self.client().ask(operation, variables).await;
        answer.expect_data()["node"].clone()
    }

    async fn item(&self, key: &str) -> Value {
        let told = self.told().await;
        let items = told["draftAgenda"]["items"].as_array().expect("items");
        let mut found = items.iter().filter(|item| item["externalId"] == key);
        found.next().unwrap_or_else(|| panic!("no {key}")).clone()
    }

    async fn seen(&self, key: &str) -> Value {
        let item = self.item(key).await;
        json!({ "id": item["id"], "expectedVersion": item["version"] })
    }

    async fn id(&self, key: &str) -> Value {
        self.item(key).await["id"].clone()
    }

    /// Each item in a line: under what, at which place, from when to when, at which version.
    async fn lines(&self) -> Vec<String> {
        let told = self.told().await;
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        let hour = |value: &Value| text(value).chars().skip(8).take(8).collect::<String>();
        let items = told["draftAgenda"]["items"]
            .as_array()
            .expect("items")
            .iter();
        let lines = items.map(|item| {
            let under = match &item["parent"]["externalId"] {
                Value::String(parent) => format!("{parent}/"),
                _ => String::new(),
            };
            let key = text(&item["externalId"]);
            let (from, to) = (hour(&item["startsAtLocal"]), hour(&item["endsAtLocal"]));
            format!(
                "{under}{key} {} {from} {to} v{}",
                item["order"], item["version"]
            )
        });
        lines.collect()
    }

    async fn revision(&self) -> i64 {
        let told = self.told().await;
        told["draftAgenda"]["revision"]
            .as_i64()
            .expect("a revision")
    }
}

async fn an_item_moves_with_all_below_it(backend: Backend) {
    let agenda = Agenda::new(backend).await;
    let client = agenda.client();
    let revision = agenda.revision().await;
    let two = agenda.id("two").await;
    let later = json!({ "startsAtLocal": "2025-03-11T13:30:00", "parentId": two });
    let moved = with(agenda.seen("session").await, later);
    let payload = done(&client, "agendaItemMove", moved).await;
    assert_eq!(payload["item"]["version"], 2);
    assert_eq!(
        agenda.lines().await,
        [
            "one 0   v1",
            "two 1   v1",
            "two/session 0 11T13:30 11T16:30 v2",
            "session/a 0 11T13:30 11T14:30 v2",
            "session/b 1 11T14:30 11T15:30 v2",
            "session/c 2   v1",
            "three 2   v1",
        ]
    );
    assert_eq!(agenda.revision().await, revision + 1);
    // An end of its own; without a beginning it has none.
    let shorter = json!({ "endsAtLocal": "2025-03-11T16:00:00" });
    done(
        &client,
        "agendaItemMove",
        with(agenda.seen("session").await, shorter),
    )
    .await;
    assert_eq!(
        agenda.lines().await[2],
        "two/session 0 11T13:30 11T16:00 v3"
    );
    let open = json!({ "startsAtLocal": null, "endsAtLocal": null, "parentId": null });
    done(
        &client,
        "agendaItemMove",
        with(agenda.seen("session").await, open),
    )
    .await;
    let lines = agenda.lines().await;
    assert_eq!(
        lines[3..5],
        ["session 3   v4", "session/a 0 11T13:30 11T14:30 v2"]
    );
    // What says nothing moves nothing.
    let revision = agenda.revision().await;
    done(&client, "agendaItemMove", agenda.seen("session").await).await;
    assert_eq!(agenda.lines().await, lines);
    assert_eq!(agenda.revision().await, revision);
}

async fn an_item_takes_the_place_that_is_wished(backend: Backend) {
    let agenda = Agenda::new(backend).await;
    let client = agenda.client();
    let tops = async || {
        let lines = agenda.lines().await;
        let lines = lines.into_iter().filter(|line| !line.contains('/'));
        lines.map(|line| line.replace("  ", "")).collect::<Vec<_>>()
    };
    for (key, order, expected) in [
        ("three", 0, ["three 0 v2", "one 1 v1", "two 2 v1"]),
        ("three", 1, ["one 0 v1", "three 1 v3", "two 2 v1"]),
        ("one", 9, ["three 0 v3", "two 1 v1", "one 2 v2"]),
    ] {
        let moved = with(agenda.seen(key).await, json!({ "order": order }));
        done(&client, "agendaItemMove", moved).await;
        assert_eq!(tops().await, expected);
    }
    let added = json!({ "eventId": agenda.event, "kind": "OPENING", "externalId": "first",
        "order": 0 });
    made(&client, "agendaItemAdd", added).await;
    assert_eq!(
        tops().await,
        ["first 0 v1", "three 1 v3", "two 2 v1", "one 3 v2"]
    );
}

async fn what_cannot_be_moved_stays(backend: Backend) {
    let agenda = Agenda::new(backend).await;
    let (app, client) = (&agenda.app, agenda.client());
    for parent in ["session", "a"] {
        let inside = json!({ "parentId": agenda.id(parent).await });
        let moved = with(agenda.seen("session").await, inside);
        let errors = refused(app, &client, "agendaItemMove", moved).await;
        assert_eq!(in_short(&errors), ["INVALID input.parentId"]);
    }
    let wrong = json!({ "order": -1, "endsAtLocal": "2025-03-10T08:00:00",
        "roomId": "rom_00000000000000000000000000000000" });
    let moved = with(agenda.seen("session").await, wrong);
    let errors = refused(app, &client, "agendaItemMove", moved).await;
    let expected = [
        "NOT_FOUND input.roomId",
        "INVALID input.endsAtLocal",
        "INVALID input.order",
    ];
    assert_eq!(in_short(&errors), expected);
    let last = with(agenda.seen("session").await, json!({ "order": null }));
    let errors = refused(app, &client, "agendaItemMove", last).await;
    assert_eq!(in_short(&errors), ["INVALID input.order"]);
    // An agenda is no deeper than people can read.
    let mut parent = agenda.id("c").await;
    for depth in 4..10 {
        let deeper = json!({ "eventId": agenda.event, "kind": "OTHER", "parentId": parent });
        if depth > 8 {
            let errors = refused(app, &client, "agendaItemAdd", deeper).await;
            assert_eq!(in_short(&errors), ["INVALID input.parentId"]);
            break;
        }
        parent = json!(made(&client, "agendaItemAdd", deeper).await.id);
    }
    let whole = with(
        agenda.seen("one").await,
        json!({ "parentId": agenda.id("two").await }),
    );
    let errors = refused(app, &client, "agendaItemMove", whole).await;
    assert_eq!(in_short(&errors), ["INVALID input.parentId"]);
}

async fn what_cannot_all_happen_is_told_and_not_forbidden(backend: Backend) {
    let agenda = Agenda::new(backend).await;
    let client = agenda.client();
    assert_eq!(agenda.told().await["draftAgenda"]["conflicts"], json!([]));
    let kinds = |payload: &Value| {
        let conflicts = payload["conflicts"].as_array().expect("conflicts");
        let kinds = conflicts
            .iter()
            .map(|one| one["kind"].as_str().expect("a kind").to_owned());
        kinds.collect::<Vec<_>>()
    };
    // In the room of the talk before it, and a quarter of an hour too early.
    let early = json!({ "startsAtLocal": "2025-03-10T09:45:00" });
    let moved = done(
        &client,
        "agendaItemMove",
        with(agenda.seen("b").await, early),
    )
    .await;
    assert_eq!(kinds(&moved), ["ROOM_OVERLAP"]);
    let names = json!([{ "externalId": "a" }, { "externalId": "b" }]);
    let conflict = agenda.told().await["draftAgenda"]["conflicts"][0].clone();
    assert_eq!(
        [&conflict["items"], &conflict["room"]["name"]],
        [&names, &json!("Hall")]
    );
    assert_eq!(conflict["person"], Value::Null);
    // In another room, but it is her who speaks there too; two are too many for the hall.
    let event = &agenda.event;
    let ada = json!({ "eventId": event, "itemId": agenda.id("b").await, "role": "SPEAKER",
        "who": { "personId": person(&client, "ada").await } });
    done(&client, "appearanceAdd", ada).await;
    let bo = json!({ "eventId": event, "itemId": agenda.id("a").await, "role": "SPEAKER",
        "who": { "personId": person(&client, "bo").await } });
    done(&client, "appearanceAdd", bo).await;
    let elsewhere = json!({ "roomId": null });
    let moved = done(
        &client,
        "agendaItemMove",
        with(agenda.seen("b").await, elsewhere),
    )
    .await;
    assert_eq!(kinds(&moved), ["PERSON_OVERLAP", "OVER_CAPACITY"]);
    // After the session that it is part of, and then after the event.
    let late = json!({ "startsAtLocal": "2025-03-10T12:00:00" });
    let moved = done(
        &client,
        "agendaItemMove",
        with(agenda.seen("b").await, late),
    )
    .await;
    assert_eq!(kinds(&moved), ["OUTSIDE_PARENT", "OVER_CAPACITY"]);
    let late = json!({ "startsAtLocal": "2025-03-12T12:00:00" });
    let moved = done(
        &client,
        "agendaItemMove",
        with(agenda.seen("b").await, late),
    )
    .await;
    assert_eq!(
        kinds(&moved),
        ["OUTSIDE_PARENT", "OVER_CAPACITY", "OUTSIDE_EVENT"]
    );
    // Other mutations of the agenda tell them as well.
    let update = json!({ "patch": { "kind": "PANEL" } });
    let updated = done(
        &client,
        "agendaItemUpdate",
        with(agenda.seen("b").await, update),
    )
    .await;
    assert_eq!(kinds(&updated), kinds(&moved));
}

async fn person(client: &Client<'_>, key: &str) -> Value {
    let operation = "{ people { nodes { id externalId } } }";
    let answer = client.query(operation).await;
    let nodes = answer.expect_data()["people"]["nodes"]
        .as_array()
        .expect("nodes")
        .clone();
    let mut found = nodes.into_iter().filter(|one| one["externalId"] == key);
    found.next().expect("a person")["id"].clone()
}

async fn items_are_put_in_another_order(backend: Backend) {
    let agenda = Agenda::new(backend).await;
    let (app, client) = (&agenda.app, agenda.client());
    let (a, b, c) = (
        agenda.id("a").await,
        agenda.id("b").await,
        agenda.id("c").await,
    );
    let reorder = json!({ "eventId": agenda.event, "parentId": agenda.id("session").await,
        "expectedRevision": agenda.revision().await, "itemIds": [c, a, b] });
    let payload = done(&client, "agendaItemReorder", reorder.clone()).await;
    let lines = agenda.lines().await;
    let keys: Vec<_> = lines[2..5].iter().map(|line| &line[..11]).collect();
    assert_eq!(keys, ["session/c 0", "session/a 1", "session/b 2"]);
    assert!(lines.iter().all(|line| line.ends_with("v1")), "{lines:?}");
    let revision = agenda.revision().await;
    assert_eq!(payload["agenda"]["revision"], revision);
    // Whoever has not seen that, puts nothing in order.
    let errors = refused(app, &client, "agendaItemReorder", reorder.clone()).await;
    assert_eq!(in_short(&errors), ["STALE_VERSION input.expectedRevision"]);
    assert_eq!(errors[0]["currentVersion"], revision);
    let fresh = with(reorder, json!({ "expectedRevision": revision }));
    for (items, expected) in [
        (json!([a, b]), &["INVALID input.itemIds"][..]),
        (json!([a, b, c, a]), &["INVALID input.itemIds.3"]),
        (
            json!([a, b, agenda.id("two").await]),
            &["NOT_FOUND input.itemIds.2"],
        ),
        (json!([]), &["INVALID input.itemIds"]),
    ] {
        let input = with(fresh.clone(), json!({ "itemIds": items }));
        let errors = refused(app, &client, "agendaItemReorder", input).await;
        assert_eq!(in_short(&errors), expected);
    }
    let (one, two, three) = (
        agenda.id("one").await,
        agenda.id("two").await,
        agenda.id("three").await,
    );
    let tops = json!({ "parentId": null, "itemIds": [two, three, one] });
    done(&client, "agendaItemReorder", with(fresh, tops)).await;
    assert!(agenda.lines().await[0].starts_with("two 0"));
}

async fn an_item_goes_with_all_below_it(backend: Backend) {
    let agenda = Agenda::new(backend).await;
    let client = agenda.client();
    let told = agenda.told().await;
    let before = agenda.app.database.contents().await;
    let mut removed = Vec::new();
    for key in ["session", "a", "b", "c"] {
        removed.push(agenda.id(key).await);
    }
    let seen = agenda.seen("session").await;
    let tried = done(
        &client,
        "agendaItemRemove",
        with(seen.clone(), json!({ "dryRun": true })),
    )
    .await;
    assert!(before == agenda.app.database.contents().await);
    let gone = done(&client, "agendaItemRemove", seen.clone()).await;
    assert_eq!(gone, tried, "tried, it says what goes");
    assert_eq!(gone["removedIds"], json!(removed));
    assert_eq!(
        gone["removedAppearanceIds"].as_array().map(Vec::len),
        Some(2)
    );
    let detached = json!([
        told["releases"][0]["id"],
        told["awards"][0]["id"],
        told["resolutions"][0]["id"]
    ]);
    assert_eq!(gone["detachedIds"], detached);
    let told = agenda.told().await;
    for list in ["releases", "awards", "resolutions"] {
        assert_eq!(told[list][0]["item"], Value::Null, "{list}");
    }
    assert_eq!(
        agenda.lines().await,
        ["one 0   v1", "two 1   v1", "three 2   v1"]
    );
    send(&client, "agendaItemRemove", seen)
        .await
        .expect_error("NOT_FOUND");
    // Those behind it close the gap, and are no other version.
    done(&client, "agendaItemRemove", agenda.seen("one").await).await;
    assert_eq!(agenda.lines().await, ["two 0   v1", "three 1   v1"]);
}
