//! Changing what is said of things: what is left out stays, what is null goes.

mod cases;

use serde_json::{Value, json};
use tests::{Backend, Client, both};

use self::cases::Null::{Is, Stays};
use self::cases::{Case, cases, text};
use super::stage::Stage;
use crate::doing::{Made, SDL, done, in_short, made, refused, send, with};

both!(
    what_is_left_out_stays_and_what_is_null_goes,
    others_make_room_for_a_place_that_is_wished,
    what_is_said_of_a_thing_must_make_sense,
    a_key_is_one_things_alone,
    what_was_issued_is_not_changed,
    progress_is_made_by_the_rules
);

/// What of a thing is asked for, as one value.
async fn read(client: &Client<'_>, id: &str, update: &str, field: &str) -> Value {
    let field_of = &SDL.of("Mutation").fields[update];
    let payload = &SDL.of(field_of.of.name()).fields;
    let mut things = payload.iter().filter(|(name, told)| {
        *name != "userErrors" && SDL.of(told.of.name()).fields.contains_key("id")
    });
    let kind = things.next().expect("a thing").1.of.name();
    let operation = format!(
        "query($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ version it: {field} }} }} }}"
    );
    let answer = client.ask(&operation, json!({ "id": id })).await;
    answer.expect_data()["node"].clone()
}

async fn what_is_left_out_stays_and_what_is_null_goes(backend: Backend) {
    let stage = Stage::new(backend).await;
    let client = stage.organiser();
    for Case {
        update,
        of,
        members,
    } in cases(&stage.here)
    {
        let input = &SDL.of("Mutation").fields[update].arguments["input"];
        let patch = SDL.of(input.of.name()).fields["patch"].of.name();
        let mut can: Vec<_> = SDL.of(patch).fields.keys().map(String::as_str).collect();
        // Places are another matter, and so is who sends whom.
        can.retain(|member| !["order", "delegationId", "delegateRole"].contains(member));
        let mut said: Vec<_> = members.iter().map(|member| member.0).collect();
        said.sort_unstable();
        assert_eq!(said, can, "{update}");

        let id = stage.here.made[of].id.clone();
        let mut version = stage.here.made[of].version;
        let mut change = async |patch: Value| {
            let input = json!({ "id": id, "expectedVersion": version, "patch": patch });
            let Made { version: now, .. } = made(&client, update, input).await;
            let raised = now - version;
            version = now;
            raised
        };
        for (member, value, ..) in &members {
            change(json!({ *member: value })).await;
        }
        // Each is what it was made, though others were said since; what is said again changes nothing.
        for (member, value, field, expected, _) in &members {
            let told = read(&client, &id, update, field).await;
            assert_eq!(told["it"], *expected, "{update} {member}");
            assert_eq!(
                change(json!({ *member: value })).await,
                0,
                "{update} {member}"
            );
        }
        assert_eq!(change(json!({})).await, 0, "{update}");
        for (member, _, field, expected, null) in members.iter().rev() {
            match null {
                Is(cleared) => {
                    assert_eq!(
                        change(json!({ *member: null })).await,
                        1,
                        "{update} {member}"
                    );
                    let told = read(&client, &id, update, field).await;
                    assert_eq!(told["it"], *cleared, "{update} {member}");
                }
                Stays => {
                    let now = read(&client, &id, update, field).await["version"].clone();
                    let input = json!({ "id": id, "expectedVersion": now,
                        "patch": { *member: null } });
                    let errors = refused(&stage.app, &client, update, input).await;
                    let expected_error = format!("INVALID input.patch.{member}");
                    assert_eq!(in_short(&errors), [expected_error], "{update}");
                    let told = read(&client, &id, update, field).await;
                    assert_eq!(told["it"], *expected, "{update} {member}");
                }
            }
        }
    }
}

async fn others_make_room_for_a_place_that_is_wished(backend: Backend) {
    let app = tests::TestApp::new(backend).await;
    let home = app.workspace("home").await;
    let client = app.as_organiser(&home).await;
    let event = json!({ "workspaceId": home.id.to_string(), "slug": "event", "kind": "FORUM",
        "title": text("Event"), "time": { "timeZone": "Europe/Berlin", "startsOn": "2025-03-10" } });
    let event = made(&client, "eventCreate", event).await.id;
    let mut tracks = Vec::new();
    for (name, order) in [("a", None), ("b", None), ("c", Some(0)), ("d", Some(99))] {
        let track = json!({ "eventId": event, "name": name });
        let order = order.map_or(json!({}), |order| json!({ "order": order }));
        tracks.push(made(&client, "trackAdd", with(track, order)).await);
    }
    // Of the tracks only their places tell their order: those of the document that is written of it.
    let order = async || {
        let id = event.parse().expect("an id");
        let document = app
            .store
            .export_event(&tests::STAGEHAND, id)
            .await
            .expect("the event");
        let names = document.tracks.into_iter().map(|track| track.name);
        names.collect::<Vec<_>>().concat()
    };
    assert_eq!(order().await, "cabd");
    for (track, place, expected) in [
        (3, 0, "dcab"),
        (0, 9, "dcba"),
        (2, 1, "dcba"),
        (2, 2, "dbca"),
    ] {
        let now = made_version(&client, &tracks[track].id).await;
        let input = json!({ "id": tracks[track].id, "expectedVersion": now,
            "patch": { "order": place } });
        done(&client, "trackUpdate", input).await;
        assert_eq!(order().await, expected);
    }
    let now = made_version(&client, &tracks[0].id).await;
    for wrong in [json!(-1), Value::Null] {
        let input =
            json!({ "id": tracks[0].id, "expectedVersion": now, "patch": { "order": wrong } });
        let errors = refused(&app, &client, "trackUpdate", input).await;
        assert_eq!(in_short(&errors), ["INVALID input.patch.order"]);
    }
}

async fn made_version(client: &Client<'_>, id: &str) -> Value {
    let operation = "query($id: ID!) { node(id: $id) { ... on Track { version } } }";
    let answer = client.ask(operation, json!({ "id": id })).await;
    answer.expect_data()["node"]["version"].clone()
}

async fn what_is_said_of_a_thing_must_make_sense(backend: Backend) {
    let stage = Stage::new(backend).await;
    let (app, client, here) = (&stage.app, stage.organiser(), &stage.here);
    let organization = here.id("organizationCreate");
    let person = here.id("personCreate");
    for (update, of, patch, expected) in [
        (
            "personUpdate",
            "personCreate",
            json!({ "name": "", "email": "nobody", "telephone": "\u{7}" }),
            &["name", "email", "telephone"][..],
        ),
        (
            "roomUpdate",
            "roomAdd",
            json!({ "capacity": 0, "floor": "a\nb" }),
            &["floor", "capacity"],
        ),
        (
            "trackUpdate",
            "trackAdd",
            json!({ "color": "green" }),
            &["color"],
        ),
        (
            "postUpdate",
            "postAdd",
            json!({ "since": "2025-02-02", "until": "2025-02-01" }),
            &["until"],
        ),
        (
            "membershipUpdate",
            "membershipAdd",
            json!({ "since": "2025-02-02", "until": "2025-02-01" }),
            &["until"],
        ),
        (
            "letterUpdate",
            "letterDraft",
            json!({ "since": "2025-02-02", "until": "2025-02-01",
            "issuerIds": [organization, organization] }),
            &["issuerIds.1", "until"],
        ),
        (
            "awardUpdate",
            "awardAdd",
            json!({ "grantorIds": [organization, organization] }),
            &["grantorIds.1"],
        ),
        (
            "organizationUpdate",
            "organizationCreate",
            json!({ "parentId": organization,
            "protocolOrder": -1 }),
            &["parentId", "protocolOrder"],
        ),
        (
            "participantUpdate",
            "participantAdd",
            json!({ "onBehalfOf": { "personId": person } }),
            &["onBehalfOf"],
        ),
        (
            "appearanceUpdate",
            "appearanceAdd",
            json!({ "onBehalfOf": { "personId": person } }),
            &["onBehalfOf"],
        ),
        (
            "eventOrganizationUpdate",
            "eventOrganizationAdd",
            json!({ "role": "HOST" }),
            &["delegation"],
        ),
        (
            "eventOrganizationUpdate",
            "eventOrganizationAdd",
            json!({ "delegation": { "quota": -1 } }),
            &["delegation.quota"],
        ),
        (
            "releaseUpdate",
            "releaseAdd",
            json!({ "url": "ftp://x" }),
            &["url"],
        ),
        (
            "reportUpdate",
            "reportAdd",
            json!({ "publishedOn": "2025-02-02",
            "publishedAtLocal": "2025-02-03T08:00:00" }),
            &["publishedAtLocal"],
        ),
        (
            "agendaItemUpdate",
            "agendaItemAdd",
            json!({ "title": { "language": "en", "text": "a",
            "translations": [{ "language": "en", "text": "b" }] } }),
            &["title.translations.0.language"],
        ),
    ] {
        let input = with(here.seen(of), json!({ "patch": patch }));
        let errors = refused(app, &client, update, input).await;
        let expected = expected
            .iter()
            .map(|member| format!("INVALID input.patch.{member}"));
        assert_eq!(in_short(&errors), expected.collect::<Vec<_>>(), "{update}");
    }
    // What is no word, no day, no language, is none of anybody's business.
    for (member, value) in [
        ("externalId", json!(7)),
        ("name", json!({})),
        ("nonsense", json!(1)),
    ] {
        let input = with(
            here.seen("personCreate"),
            json!({ "patch": { member: value } }),
        );
        send(&client, "personUpdate", input)
            .await
            .expect_error("BAD_USER_INPUT");
    }
}

async fn a_key_is_one_things_alone(backend: Backend) {
    let stage = Stage::new(backend).await;
    let (app, client, here) = (&stage.app, stage.organiser(), &stage.here);
    for (update, of) in [
        ("seriesUpdate", "seriesCreate"),
        ("venueUpdate", "venueCreate"),
        ("organizationUpdate", "organizationCreate"),
        ("personUpdate", "personCreate"),
    ] {
        let noun = update.trim_end_matches("Update");
        let patch = json!({ "externalId": format!("{noun}-beside") });
        let input = with(here.seen(of), json!({ "patch": patch }));
        let errors = refused(app, &client, update, input.clone()).await;
        assert_eq!(in_short(&errors), ["ALREADY_EXISTS input.patch.externalId"]);
        assert_eq!(errors[0]["existing"]["id"], stage.beside.id(of));
        // In another house it may be the same.
        let patch = json!({ "externalId": format!("{noun}-there") });
        done(&client, update, with(input, json!({ "patch": patch }))).await;
    }
    // What is told apart by what it is.
    for (add, member) in [
        ("postAdd", "title"),
        ("membershipAdd", "post"),
        ("eventOrganizationAdd", "role"),
        ("participantAdd", "personId"),
        ("appearanceAdd", "role"),
        ("awardRecipientAdd", "recipient"),
    ] {
        let input = super::inputs::input(here, add);
        let errors = refused(app, &client, add, input).await;
        assert_eq!(
            in_short(&errors),
            [format!("ALREADY_EXISTS input.{member}")],
            "{add}"
        );
        assert_eq!(errors[0]["existing"]["id"], here.id(add));
    }
}

async fn what_was_issued_is_not_changed(backend: Backend) {
    let app = tests::TestApp::new(backend).await;
    let home = app.workspace("home").await;
    let document = "key: event\nlanguage: en\ntitle: Event\n\
        time: { timeZone: Europe/Berlin, startsOn: 2025-03-10 }\n\
        organizations: [{ key: body, name: Body }]\npeople: [{ key: ada, name: Ada }]\n\
        letters: [{ key: letter, appointee: ada, body: body, post: chair, status: ISSUED, issuedOn: 2025-03-10 }]\n";
    app.import(&home, document).await;
    let client = app.as_organiser(&home).await;
    let operation = "{ event(slug: \"event\") { appointmentLetters { nodes { id version } } } }";
    let answer = client.query(operation).await;
    let letter = answer.expect_data()["event"]["appointmentLetters"]["nodes"][0].clone();
    let seen = json!({ "id": letter["id"], "expectedVersion": letter["version"] });
    let update = with(seen.clone(), json!({ "patch": { "post": "deputy" } }));
    for (mutation, input) in [("letterUpdate", update), ("letterRemove", seen)] {
        let errors = refused(&app, &client, mutation, input).await;
        assert_eq!(in_short(&errors), ["ILLEGAL_STATE input.id"], "{mutation}");
    }
}

async fn progress_is_made_by_the_rules(backend: Backend) {
    let stage = Stage::new(backend).await;
    let (app, client) = (&stage.app, stage.organiser());
    let mut seen = stage.here.seen("actionItemAdd");
    for (status, progress) in [("IN_PROGRESS", json!("half")), ("DONE", Value::Null)] {
        let more = json!({ "status": status, "progress": progress });
        let now = made(&client, "actionItemProgress", with(seen.clone(), more)).await;
        seen["expectedVersion"] = json!(now.version);
        let told = read(&client, &now.id, "actionItemProgress", "status progress").await;
        assert_eq!(
            [&told["it"], &told["progress"]],
            [&json!(status), &progress]
        );
    }
    let dropped = with(seen.clone(), json!({ "status": "DROPPED" }));
    let errors = refused(app, &client, "actionItemProgress", dropped).await;
    assert_eq!(in_short(&errors), ["ILLEGAL_STATE input.status"]);
    // Who was there, was there.
    let mut seen = stage.here.seen("participantAdd");
    let there = with(seen.clone(), json!({ "patch": { "status": "ATTENDED" } }));
    let now = made(&client, "participantUpdate", there).await;
    seen["expectedVersion"] = json!(now.version);
    let never = with(seen, json!({ "patch": { "status": "DECLINED" } }));
    let errors = refused(app, &client, "participantUpdate", never).await;
    assert_eq!(in_short(&errors), ["ILLEGAL_STATE input.patch.status"]);
}
