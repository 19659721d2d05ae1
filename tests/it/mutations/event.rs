//! The life of an event: made, described, copied, announced, over, called off, removed.

use serde_json::{Value, json};
use tests::{Backend, both};

use super::inputs::input;
use super::stage::Stage;
use crate::doing::{done, in_short, refused, send, with};

both!(
    all_that_is_wrong_with_an_event_is_told_at_once,
    an_event_goes_from_a_draft_to_its_end_and_never_back,
    what_was_announced_is_not_removed,
    what_others_speak_of_is_not_removed,
    next_years_event_begins_with_this_one,
    a_copy_is_tried_before_it_is_made
);

async fn all_that_is_wrong_with_an_event_is_told_at_once(backend: Backend) {
    let stage = Stage::new(backend).await;
    let (app, client) = (&stage.app, stage.organiser());
    let there = &stage.there;
    let wrong = json!({
        "slug": "Not A Slug",
        "title": { "language": "en", "text": " " },
        "time": { "timeZone": "Europe/Berlin", "startsOn": "2025-03-10", "endsOn": "2025-03-09" },
        "topics": ["good", ""],
        "capacity": 0,
        "venueId": there.id("venueCreate"),
        "seriesId": there.id("seriesCreate"),
    });
    let create = with(input(&stage.here, "eventCreate"), wrong.clone());
    let errors = refused(app, &client, "eventCreate", create).await;
    let expected = [
        "INVALID input.capacity",
        "INVALID input.slug",
        "INVALID input.time",
        "INVALID input.title.text",
        "INVALID input.topics.1",
        "NOT_FOUND input.seriesId",
        "NOT_FOUND input.venueId",
    ];
    assert_eq!(sorted(in_short(&errors)), expected);
    let update = with(
        stage.here.seen("eventCreate"),
        json!({ "patch": wrong, "expectedVersion": 99 }),
    );
    let errors = refused(app, &client, "eventUpdate", update).await;
    let mut expected = expected
        .map(|one| one.replace("input.", "input.patch."))
        .to_vec();
    expected.push("STALE_VERSION input.expectedVersion".to_owned());
    assert_eq!(sorted(in_short(&errors)), expected);

    // A slug is one event's in its workspace.
    let taken = with(
        input(&stage.here, "eventCreate"),
        json!({ "slug": "event-beside" }),
    );
    let errors = refused(app, &client, "eventCreate", taken).await;
    assert_eq!(in_short(&errors), ["ALREADY_EXISTS input.slug"]);
    assert_eq!(errors[0]["existing"]["id"], stage.beside.id("eventCreate"));
    let free = with(
        input(&stage.here, "eventCreate"),
        json!({ "slug": "event-there" }),
    );
    done(&client, "eventCreate", free).await;
    // No event is part of itself, in however many steps.
    let other = with(
        stage.here.seen("another event"),
        json!({ "patch": { "parentId": stage.here.id("eventCreate") } }),
    );
    done(&client, "eventUpdate", other).await;
    for parent in ["another event", "eventCreate"] {
        let circle = json!({ "patch": { "parentId": stage.here.id(parent) } });
        let circle = with(stage.here.seen("eventCreate"), circle);
        let errors = refused(app, &client, "eventUpdate", circle).await;
        assert_eq!(in_short(&errors), ["INVALID input.patch.parentId"]);
    }
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts
}

async fn an_event_goes_from_a_draft_to_its_end_and_never_back(backend: Backend) {
    let mut stage = Stage::new(backend).await;
    let secret = stage
        .app
        .token(&stage.home, domain::access::Role::Organizer, None)
        .await;
    let client = stage.app.bearer(secret);
    // What is refused in each state that the event goes through, and the step that leads on.
    let way: [(&str, &[&str], Option<&str>); 3] = [
        ("DRAFT", &["eventConclude"], Some("eventPublish")),
        (
            "PUBLISHED",
            &["eventPublish", "eventRemove"],
            Some("eventConclude"),
        ),
        (
            "CONCLUDED",
            &[
                "eventPublish",
                "eventConclude",
                "eventCancel",
                "eventRemove",
            ],
            None,
        ),
    ];
    for (status, refusing, step) in way {
        stage.here.refresh(&client).await;
        let seen = stage.here.seen("eventCopy");
        assert_eq!(status_of(&client, &seen["id"]).await, status);
        for mutation in refusing {
            let errors = refused(&stage.app, &client, mutation, seen.clone()).await;
            assert_eq!(in_short(&errors), ["ILLEGAL_STATE input.id"], "{mutation}");
            assert_eq!(errors[0]["__typename"], "IllegalStateError");
        }
        if let Some(step) = step {
            done(&client, step, seen).await;
        }
    }
    let seen = stage.here.seen("another event");
    let blank = with(seen.clone(), json!({ "reason": "" }));
    let errors = refused(&stage.app, &client, "eventCancel", blank).await;
    assert_eq!(in_short(&errors), ["INVALID input.reason"]);
    done(
        &client,
        "eventCancel",
        with(seen, json!({ "reason": "flood" })),
    )
    .await;
    stage.here.refresh(&client).await;
    let seen = stage.here.seen("another event");
    assert_eq!(status_of(&client, &seen["id"]).await, "CANCELLED");
    for mutation in [
        "eventPublish",
        "eventConclude",
        "eventCancel",
        "eventRemove",
    ] {
        let errors = refused(&stage.app, &client, mutation, seen.clone()).await;
        assert_eq!(in_short(&errors), ["ILLEGAL_STATE input.id"], "{mutation}");
    }
}

async fn status_of(client: &tests::Client<'_>, id: &Value) -> String {
    let operation = "query($id: ID!) { node(id: $id) { ... on Event { status } } }";
    let answer = client.ask(operation, json!({ "id": id })).await;
    let status = &answer.expect_data()["node"]["status"];
    status.as_str().expect("a status").to_owned()
}

async fn what_was_announced_is_not_removed(backend: Backend) {
    let stage = Stage::new(backend).await;
    let client = stage.organiser();
    let seen = stage.here.seen("another event");
    let before = stage.app.database.contents().await;
    let tried = done(
        &client,
        "eventRemove",
        with(seen.clone(), json!({ "dryRun": true })),
    )
    .await;
    assert_eq!(
        [&tried["removedId"], &tried["removedParts"]],
        [&Value::Null, &json!(0)]
    );
    assert!(before == stage.app.database.contents().await);
    let gone = done(&client, "eventRemove", seen.clone()).await;
    assert_eq!(gone["removedId"], seen["id"]);
    send(&client, "eventRemove", seen)
        .await
        .expect_error("NOT_FOUND");
}

async fn what_others_speak_of_is_not_removed(backend: Backend) {
    let stage = Stage::new(backend).await;
    let (app, client, here) = (&stage.app, stage.organiser(), &stage.here);
    let part = json!({ "patch": { "parentId": here.id("eventCreate") } });
    done(
        &client,
        "eventUpdate",
        with(here.seen("another event"), part),
    )
    .await;
    // Each with what speaks of it. Of the two organizations, the other is one by now.
    for (mutation, uses) in [
        (
            "eventRemove",
            &[("Event", 1), ("Organization", 2), ("Membership", 1)][..],
        ),
        ("seriesRemove", &[("Event", 3)]),
        ("venueRemove", &[("Room", 1), ("Event", 3)]),
        ("roomRemove", &[("Event", 3), ("AgendaItem", 1)]),
        ("trackRemove", &[("AgendaItem", 1)]),
        ("letterRemove", &[("Membership", 1)]),
        ("participantRemove", &[("Appearance", 1)]),
        ("eventOrganizationRemove", &[("Participant", 2)]),
    ] {
        let errors = refused(app, &client, mutation, input(here, mutation)).await;
        let codes = in_short(&errors);
        assert!(
            codes.iter().all(|one| one == "CONFLICT input.id"),
            "{mutation}: {codes:?}"
        );
        let told = errors
            .iter()
            .flat_map(|one| one["uses"].as_array().expect("uses"));
        let told: std::collections::BTreeMap<_, _> = told
            .map(|one| {
                (
                    one["typeName"].as_str().expect("a type"),
                    one["count"].as_i64(),
                )
            })
            .collect();
        let expected = uses
            .iter()
            .map(|(noun, count)| (*noun, Some(*count)))
            .collect();
        assert_eq!(told, expected, "{mutation}");
    }
    for mutation in ["personRemove", "organizationRemove"] {
        let errors = refused(app, &client, mutation, input(here, mutation)).await;
        assert_eq!(in_short(&errors), ["CONFLICT input.id"], "{mutation}");
        assert!(
            errors[0]["uses"].as_array().expect("uses").len() > 5,
            "{errors:?}"
        );
    }
}

const COPIED: &str = "query($id: ID!) { node(id: $id) { ... on Event {
    slug title status version publishedAt visibility locality
    time { startsOn endsOn startsAtLocal endsAtLocal timeZone }
    organizations { role printedName organization { name } delegation { quota } }
    participantGroups { description }
    participants { nodes { printedName status category } }
    appearances { printedName }
    releases { title } awards { title } reports { title } actionItems { description }
    draftAgenda { revision items { kind title startsAtLocal endsAtLocal
        parent { kind } track { name } room { name }
        appearances { role printedName } } }
} } }";

async fn next_years_event_begins_with_this_one(backend: Backend) {
    let app = tests::TestApp::new(backend).await;
    let home = app.workspace("home").await;
    let event = app.import(&home, FORUM).await;
    app.publish(event.id).await;
    let client = app.as_organiser(&home).await;
    let id = event.id.to_string();
    let told = async |id: &Value| {
        let answer = client.ask(COPIED, json!({ "id": id })).await;
        answer.expect_data()["node"].clone()
    };
    let before = told(&json!(id)).await;
    let copy = json!({ "id": id, "slug": "forum-2026", "startsOn": "2026-03-09",
        "parts": ["ORGANIZATIONS", "GROUPS", "AGENDA", "APPEARANCES", "OPEN_ACTION_ITEMS"],
        "title": { "language": "en", "text": "Forum 2026" } });
    let made = done(&client, "eventCopy", copy.clone()).await;
    assert_eq!(told(&json!(id)).await, before, "the source stays as it is");
    assert_eq!(
        told(&made["event"]["id"]).await,
        json!({
            "slug": "forum-2026", "title": "Forum 2026", "status": "DRAFT", "version": 1,
            "publishedAt": null, "visibility": "PUBLIC", "locality": "Riverside",
            "time": { "startsOn": "2026-03-09", "endsOn": "2026-03-10", "timeZone": "Europe/Berlin",
                "startsAtLocal": "2026-03-09T09:00:00", "endsAtLocal": null },
            "organizations": [{ "role": "ATTENDING", "printedName": "The Works",
                "organization": { "name": "Works" }, "delegation": null }],
            "participantGroups": [{ "description": "guests" }],
            "participants": { "nodes": [
                { "printedName": "Ms Ada", "status": "LISTED", "category": "OBSERVER" }] },
            "appearances": [{ "printedName": "Ada" }],
            "releases": [], "awards": [], "reports": [], "actionItems": [],
            "draftAgenda": { "revision": 1, "items": [
                { "kind": "OTHER", "title": "First day", "startsAtLocal": null, "endsAtLocal": null,
                    "parent": null, "track": null, "room": null, "appearances": [] },
                { "kind": "TALK", "title": "A talk", "startsAtLocal": "2026-03-09T10:00:00",
                    "endsAtLocal": "2026-03-09T11:00:00", "parent": { "kind": "OTHER" },
                    "track": { "name": "Practice" }, "room": null,
                    "appearances": [{ "role": "SPEAKER", "printedName": "guests" }] },
                { "kind": "BRIEFING", "title": "Briefing", "startsAtLocal": null, "endsAtLocal": null,
                    "parent": null, "track": null, "room": null, "appearances": [] },
                { "kind": "BRIEFING", "title": "tell all", "startsAtLocal": null,
                    "endsAtLocal": null, "parent": { "kind": "BRIEFING" }, "track": null,
                    "room": null,
                    "appearances": [{ "role": "PRESENTER", "printedName": "Works" }] },
                { "kind": "BRIEFING", "title": "go on", "startsAtLocal": null,
                    "endsAtLocal": null, "parent": { "kind": "BRIEFING" }, "track": null,
                    "room": null, "appearances": [] },
            ] },
        })
    );

    let errors = refused(&app, &client, "eventCopy", copy.clone()).await;
    assert_eq!(in_short(&errors), ["ALREADY_EXISTS input.slug"]);
    assert_eq!(errors[0]["existing"]["id"], made["event"]["id"]);
    let wrong = with(
        copy.clone(),
        json!({ "slug": "!", "startsOn": "2999-01-01",
        "title": { "language": "en", "text": "" } }),
    );
    let errors = refused(&app, &client, "eventCopy", wrong).await;
    let expected = [
        "INVALID input.startsOn",
        "INVALID input.slug",
        "INVALID input.title.text",
    ];
    assert_eq!(in_short(&errors), expected);

    // Of nothing but the event itself, nothing but the event is made; it is called the same.
    let bare = json!({ "id": id, "slug": "bare", "startsOn": "2026-03-09", "parts": [] });
    let bare = done(&client, "eventCopy", bare).await;
    let bare = told(&bare["event"]["id"]).await;
    assert_eq!(bare["title"], "Forum");
    assert_eq!(bare["draftAgenda"], json!({ "revision": 0, "items": [] }));
    assert_eq!(bare["organizations"], json!([]));
}

const FORUM: &str = "
key: forum
language: en
title: Forum
locality: Riverside
time: { timeZone: Europe/Berlin, startsOn: 2025-03-10, endsOn: 2025-03-11, startsAt: 2025-03-10T09:00 }
organizations: [{ key: works, name: Works }]
people: [{ key: ada, name: Ada }, { key: bo, name: Bo }]
roles: [{ organization: works, role: ATTENDING, printedName: The Works, delegation: { quota: 2 } }]
groups: [{ key: guests, description: guests }]
participants:
- { person: bo }
- { person: ada, status: ATTENDED, category: OBSERVER, printedName: Ms Ada }
appearances: [{ role: CHAIR, person: ada }]
tracks: [{ key: practice, name: Practice }]
agenda:
- key: day
  kind: OTHER
  title: First day
  items:
  - key: talk
    kind: TALK
    title: A talk
    track: practice
    startsAt: 2025-03-10T10:00
    endsAt: 2025-03-10T11:00
    appearances: [{ role: SPEAKER, group: guests }]
    releases: [{ key: guide, title: Guide }]
actionItems:
- { key: one, description: tell all, responsible: [works] }
- { key: two, description: done already, status: DONE }
- { key: three, description: go on, status: IN_PROGRESS }
- { key: four, description: let it be, status: DROPPED }
";

async fn a_copy_is_tried_before_it_is_made(backend: Backend) {
    let stage = Stage::new(backend).await;
    let client = stage.organiser();
    let before = stage.app.database.contents().await;
    let copy = with(
        input(&stage.here, "eventCopy"),
        json!({ "slug": "tried", "dryRun": true, "idempotencyKey": "tried",
            "parts": ["ORGANIZATIONS", "GROUPS", "AGENDA", "APPEARANCES", "OPEN_ACTION_ITEMS"] }),
    );
    let tried = done(&client, "eventCopy", copy).await;
    assert_eq!(tried["event"], Value::Null);
    assert!(before == stage.app.database.contents().await);
}
