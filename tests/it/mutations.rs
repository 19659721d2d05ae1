//! The mutations: what each does, what it refuses, and that what was refused or denied has left no
//! trace.

mod agenda;
mod audit;
mod bulk;
mod event;
mod inputs;
mod merge;
mod patch;
mod stage;

use std::collections::BTreeSet;

use domain::Word as _;
use domain::access::{Permission, Role};
use serde_json::{Value, json};
use tests::{Backend, Sdl, both};

use self::inputs::{ADDING, CHANGING, CHANGING_LAST, input};
use self::stage::{Set, Stage};
use crate::doing::{SDL, done, field_of, in_short, send, with};

both!(
    each_does_what_it_is_named_for,
    an_id_of_something_else_is_refused_wherever_it_stands,
    who_has_seen_an_older_version_is_told_the_present_one,
    who_may_not_leaves_no_trace,
    who_asks_again_gets_the_same_answer
);

/// What takes whole documents is tested by itself.
const IMPORTS: [&str; 2] = ["eventImport", "scheduleImport"];

fn changing() -> impl Iterator<Item = &'static str> {
    CHANGING.into_iter().chain(CHANGING_LAST)
}

fn all() -> impl Iterator<Item = &'static str> {
    ADDING.into_iter().chain(changing())
}

#[test]
fn none_is_forgotten() {
    let known: BTreeSet<_> = all().map(field_of).chain(IMPORTS).collect();
    let served: BTreeSet<_> = SDL
        .of("Mutation")
        .fields
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(known, served);
}

async fn each_does_what_it_is_named_for(backend: Backend) {
    let mut stage = Stage::new(backend).await;
    let Stage {
        app, here, home, ..
    } = &mut stage;
    let secret = app.token(home, Role::Organizer, None).await;
    let client = app.bearer(secret);
    for mutation in changing() {
        if mutation == "eventRemove" {
            let_go(here, &client).await;
        }
        if mutation == "deliveryRetry" {
            let given_up = "UPDATE delivery SET state = 'FAILED' WHERE state = 'QUEUED'";
            app.database.execute(given_up).await;
        }
        if mutation == "eventOrganizationRemove" {
            let input = here.seen("participantBulkAdd");
            done(&client, "participantRemove", input).await;
        }
        here.refresh(&client).await;
        let input = input(here, mutation);
        let payload = done(&client, mutation, input.clone()).await;
        if mutation.ends_with("Remove") {
            let gone = payload
                .get("removedId")
                .unwrap_or(&payload["removedIds"][0]);
            assert_eq!(*gone, input["id"], "{mutation}");
            let node = "query($id: ID!) { node(id: $id) { id } }";
            let answer = client.ask(node, json!({ "id": gone })).await;
            assert_eq!(answer.expect_data()["node"], Value::Null, "{mutation}");
        }
    }
}

/// Lets go of what refers to the event and to what it is in.
async fn let_go(here: &mut Set, client: &tests::Client<'_>) {
    here.refresh(client).await;
    for organization in ["organizationBulkCreate", "lesser"] {
        let patch = json!({ "patch": { "foundingEventId": null } });
        let input = with(here.seen(organization), patch);
        done(client, "organizationUpdate", input).await;
    }
    for event in ["eventCopy", "another event"] {
        let patch = json!({ "venueId": null, "roomId": null, "seriesId": null });
        let input = with(here.seen(event), json!({ "patch": patch }));
        done(client, "eventUpdate", input).await;
    }
}

/// The places of ids in an input, from the outside in.
fn ids(value: &Value, at: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                ids(value, &format!("{at}/{member}"), found);
            }
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                ids(value, &format!("{at}/{index}"), found);
            }
        }
        Value::String(text) if is_id(text) => found.push((at.to_owned(), text.clone())),
        _ => {}
    }
}

fn is_id(text: &str) -> bool {
    text.split_once('_')
        .is_some_and(|(kind, rest)| kind.len() == 3 && rest.len() == 32)
}

/// The ids that an input can have, without those of which it has one or the other.
fn can_have(sdl: &Sdl, input: &str, at: &str, found: &mut BTreeSet<String>) {
    for (field, told) in &sdl.of(input).fields {
        let at = format!("{at}/{field}");
        let of = told.of.name();
        if of == "ID" {
            found.insert(at);
        } else if sdl
            .types
            .get(of)
            .is_some_and(|one| one.kind == tests::Kind::Input)
        {
            can_have(sdl, of, &at, found);
        }
    }
}

async fn an_id_of_something_else_is_refused_wherever_it_stands(backend: Backend) {
    let stage = Stage::new(backend).await;
    let client = stage.organiser();
    let before = stage.app.database.contents().await;
    for mutation in all() {
        let right = input(&stage.here, mutation);
        let mut places = Vec::new();
        ids(&right, "", &mut places);
        has_all_ids(mutation, &places);
        for (place, id) in places {
            for wrong in others(&stage, &id, &place) {
                let (wrong, far) = wrong;
                let mut input = right.clone();
                *input.pointer_mut(&place).expect("a place") = json!(wrong);
                let answer = send(&client, mutation, input).await;
                let said = format!("{mutation}{place} of {wrong}: {:#}", answer.body);
                if far == Far::Kind {
                    assert_eq!(
                        answer.errors()[0]["extensions"]["code"],
                        "BAD_USER_INPUT",
                        "{said}"
                    );
                } else if is_what_it_is_about(mutation, &place) {
                    answer.expect_error("NOT_FOUND");
                } else {
                    let mut errors = Vec::new();
                    user_errors(answer.expect_data(), &mut errors);
                    let expected = format!("NOT_FOUND input{}", place.replace('/', "."));
                    let missing = in_short(&errors).into_iter();
                    let missing: Vec<_> =
                        missing.filter(|one| one.starts_with("NOT_FOUND")).collect();
                    assert_eq!(missing, [expected], "{said}");
                }
            }
        }
    }
    assert!(before == stage.app.database.contents().await);
}

fn has_all_ids(mutation: &str, places: &[(String, String)]) {
    let plain = |place: &str| {
        let steps = place
            .split('/')
            .filter(|step| step.parse::<usize>().is_err());
        steps.collect::<Vec<_>>().join("/")
    };
    let has: BTreeSet<_> = places.iter().map(|(place, _)| plain(place)).collect();
    let field = &SDL.of("Mutation").fields[field_of(mutation)];
    let mut can = BTreeSet::new();
    can_have(&SDL, field.arguments["input"].of.name(), "", &mut can);
    let one_of = |place: &String| {
        // What a batch removes or adds is looked up as what it changes is.
        [
            "/who/",
            "/onBehalfOf/",
            "/recipient/",
            "/member/",
            "Remove/",
            "itemAdd/",
            "appearanceAdd/",
        ]
        .iter()
        .any(|choice| place.contains(choice))
    };
    let lacking: Vec<_> = can
        .difference(&has)
        .filter(|place| !one_of(place))
        .collect();
    assert!(
        lacking.is_empty() || mutation.contains('/'),
        "say here what to give to {mutation}: {lacking:?}"
    );
}

/// How an id is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Far {
    /// Of another kind.
    Kind,
    /// Of the same kind, somewhere else.
    Place,
}

/// The same thing of another workspace, of another event, and something of another kind.
fn others(stage: &Stage, id: &str, place: &str) -> Vec<(String, Far)> {
    if id == stage.here.workspace {
        return vec![
            (stage.there.workspace.clone(), Far::Place),
            (stage.here.made["eventCreate"].id.clone(), Far::Kind),
        ];
    }
    let mut made = stage.here.made.iter();
    let (mutation, _) = made
        .find(|(_, made)| made.id == id)
        .unwrap_or_else(|| panic!("who made {id}?"));
    let mut others = vec![
        (stage.there.made[mutation].id.clone(), Far::Place),
        (stage.here.workspace.clone(), Far::Kind),
    ];
    // Of another event: what belongs to an event, where something else says which event is meant.
    let parts = [
        "agendaItemAdd",
        "agendaItemAdd/part",
        "trackAdd",
        "participantGroupAdd",
        "eventOrganizationAdd",
        "invited",
    ];
    if parts.contains(mutation) && place != "/id" {
        others.push((stage.beside.made[mutation].id.clone(), Far::Place));
    }
    others
}

/// Whether an id says what a mutation is about: there is no such thing, or there is.
fn is_what_it_is_about(mutation: &str, place: &str) -> bool {
    match mutation {
        "postAdd" => place == "/personId",
        "membershipAdd" => place == "/organizationId",
        "roomAdd" => place == "/venueId",
        "awardRecipientAdd" => place == "/awardId",
        "personMerge" | "organizationMerge" => place == "/winnerId",
        _ => ["/id", "/eventId", "/workspaceId", "/mergeId", "/messageId"].contains(&place),
    }
}

/// All errors of an answer, those of rows as well.
fn user_errors(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                match value {
                    Value::Array(errors) if member == "userErrors" => {
                        found.extend(errors.iter().cloned());
                    }
                    value => user_errors(value, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| user_errors(value, found)),
        _ => {}
    }
}

async fn who_has_seen_an_older_version_is_told_the_present_one(backend: Backend) {
    let stage = Stage::new(backend).await;
    let client = stage.organiser();
    let before = stage.app.database.contents().await;
    let mut asked = 0;
    for mutation in all() {
        let right = input(&stage.here, mutation);
        for (member, subject) in [
            ("expectedVersion", "id"),
            ("loserExpectedVersion", "loserId"),
            ("expectedRevision", "eventId"),
        ] {
            let Some(version) = right[member].as_i64() else {
                continue;
            };
            asked += 1;
            let id = if right["winnerId"].is_string() && subject == "id" {
                &right["winnerId"]
            } else {
                &right[subject]
            };
            let input = with(right.clone(), json!({ member: version + 7 }));
            let answer = send(&client, mutation, input).await;
            let errors = &answer.expect_data()[field_of(mutation)]["userErrors"];
            let told = errors.as_array().expect("errors").iter();
            let told: Vec<_> = told.filter(|one| one["code"] == "STALE_VERSION").collect();
            assert_eq!(told.len(), 1, "{mutation}: {:#}", answer.body);
            assert_eq!(told[0]["__typename"], "StaleVersionError");
            assert_eq!(told[0]["path"], json!(["input", member]));
            assert_eq!(told[0]["currentVersion"], version);
            assert_eq!(told[0]["current"]["id"], *id, "{mutation}");
            if member != "expectedRevision" {
                assert_eq!(told[0]["current"]["version"], version, "{mutation}");
            }
        }
    }
    assert!(asked > 45, "{asked}");
    assert!(before == stage.app.database.contents().await);
}

async fn who_may_not_leaves_no_trace(backend: Backend) {
    let stage = Stage::new(backend).await;
    let app = &stage.app;
    let viewer = app.as_viewer(&stage.home).await;
    let mut confined = std::collections::BTreeMap::new();
    for &permission in Permission::ALL {
        let others = Permission::ALL.iter().copied();
        let others: Vec<_> = others.filter(|one| *one != permission).collect();
        let secret = app.token(&stage.home, Role::Owner, Some(&others)).await;
        confined.insert(permission.to_string(), app.bearer(secret));
    }
    let before = app.database.contents().await;
    for mutation in all() {
        let input = input(&stage.here, mutation);
        let field = &SDL.of("Mutation").fields[field_of(mutation)];
        let permission = field.requires().expect("a permission");
        let denied = [
            (&viewer, "FORBIDDEN"),
            (&confined[permission], "FORBIDDEN"),
            (&stage.stranger(), "NOT_FOUND"),
            (&app.anonymous(), "UNAUTHENTICATED"),
        ];
        for (client, code) in denied {
            let answer = send(client, mutation, input.clone()).await;
            let error = answer.expect_error(code);
            assert_eq!(error["path"], json!([field_of(mutation)]), "{mutation}");
            assert!(
                answer.body["data"].is_null(),
                "{mutation}: {:#}",
                answer.body
            );
        }
    }
    assert!(before == app.database.contents().await);
}

async fn who_asks_again_gets_the_same_answer(backend: Backend) {
    let stage = Stage::new(backend).await;
    let client = stage.organiser();
    let before = stage.app.database.contents().await;
    for mutation in ADDING {
        let sent = stage.here.sent[mutation].clone();
        let payload = done(&client, mutation, sent.clone()).await;
        let mut again = Set {
            made: std::collections::BTreeMap::new(),
            sent: std::collections::BTreeMap::new(),
            workspace: String::new(),
            ..stage.here
        };
        again.keep(mutation, &payload);
        assert_eq!(again.id(mutation), stage.here.id(mutation), "{mutation}");
        // With another input it is another request.
        let other = different(mutation, sent, &stage.here);
        let answer = send(&client, mutation, other).await;
        let errors = answer.expect_data()[field_of(mutation)]["userErrors"].clone();
        let errors = errors.as_array().expect("errors").clone();
        assert_eq!(
            in_short(&errors),
            ["IDEMPOTENCY_KEY_REUSED input.idempotencyKey"],
            "{mutation}: {:#}",
            answer.body
        );
    }
    assert!(before == stage.app.database.contents().await);
    // The key of one is no key of another.
    let app = &stage.app;
    let colleague = app.as_organiser(&stage.home).await;
    let again = stage.here.sent["agendaItemAdd/part"].clone();
    let theirs = done(&colleague, "agendaItemAdd", again.clone()).await;
    assert_ne!(theirs["item"]["id"], stage.here.id("agendaItemAdd/part"));
    // After a day the key means nothing any more.
    app.clock.advance(chrono::TimeDelta::hours(25));
    let later = done(&client, "agendaItemAdd", again).await;
    assert_ne!(later["item"]["id"], stage.here.id("agendaItemAdd/part"));
}

/// An input that says something else in one member.
fn different(mutation: &str, input: Value, set: &Set) -> Value {
    let field = &SDL.of("Mutation").fields[field_of(mutation)];
    let members = &SDL.of(field.arguments["input"].of.name()).fields;
    let other = [
        ("dryRun", json!(true)),
        ("source", json!("Another")),
        ("order", json!(0)),
        ("externalId", json!("another")),
        ("slug", json!("another")),
        ("detail", json!("another")),
        (
            "recipient",
            json!({ "organizationId": set.id("organizationCreate") }),
        ),
    ];
    let mut other = other.into_iter();
    let (member, value) = other
        .find(|(member, _)| members.contains_key(*member))
        .unwrap_or_else(|| panic!("say here what {mutation} can be told otherwise"));
    with(input, json!({ member: value }))
}
