//! Who sees what, and who may do what: each field before everybody who may ask.

mod papers;
mod stage;

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use domain::Word as _;
use domain::access::{Permission, Role};
use domain::workspace::Workspace;
use serde_json::{Value, json};
use tests::{Answer, Backend, Sdl, both};

use self::stage::Stage;
use crate::reach::{everything, is_set_in_type, node_types, nodes_operation, reachable};

both!(
    everybody_sees_what_they_may,
    nobody_imports_who_may_not,
    a_token_that_is_not_good_opens_nothing,
    what_a_field_says_it_requires_is_what_it_requires,
    what_changes_without_a_right_says_that_it_requires_it,
    a_log_is_read_by_who_answers_for_the_workspace,
    one_permission_alone_is_of_use_by_itself,
    the_anonymous_are_told_how_to_reach_nobody
);

/// What each persona gets: `+` something, `-` null, `0` an empty list.
const EXPECTED: &str = "
                                  | anonymous | stranger | viewer | confined | organiser | owner | guest
open event                        |     +     |    -     |   +    |    +     |     +     |   + |   +
open event, in the list           |     +     |    0     |   +    |    +     |     +     |   + |   +
open event, as a node             |     +     |    -     |   +    |    +     |     +     |   + |   +
internal event                    |     -     |    -     |   +    |    +     |     +     |   + |   +
internal event, in the list       |     0     |    0     |   +    |    +     |     +     |   + |   +
internal event, as a node         |     -     |    -     |   +    |    +     |     +     |   + |   +
draft event                       |     -     |    -     |   +    |    +     |     +     |   + |   -
draft event, in the list          |     0     |    0     |   +    |    +     |     +     |   + |   0
draft event, as a node            |     -     |    -     |   +    |    +     |     +     |   + |   -
workspace                         |     +     |    -     |   +    |    +     |     +     |   + |   +
viewer                            |     -     |    +     |   +    |    +     |     +     |   + |   -
agenda                            |     +     |    -     |   +    |    +     |     +     |   + |   +
agenda of the draft               |     -     |    -     |   -    |    -     |     -     |   - |   -
draftAgenda                       |     -     |    -     |   -    |    -     |     +     |   + |   -
draftAgenda of the draft          |     -     |    -     |   -    |    -     |     +     |   + |   -
item of the draft, as a node      |     -     |    -     |   -    |    -     |     +     |   + |   -
appearances                       |     +     |    -     |   +    |    +     |     +     |   + |   +
appearance on the draft's agenda  |     -     |    -     |   -    |    -     |     +     |   + |   -
person of the draft               |     -     |    -     |   +    |    +     |     +     |   + |   -
organization of the draft         |     -     |    -     |   +    |    +     |     +     |   + |   -
person of the draft, in the list  |     0     |    0     |   +    |    +     |     +     |   + |   0
organization of it, in the list   |     0     |    0     |   +    |    +     |     +     |   + |   0
organizations with a role         |     +     |    -     |   +    |    +     |     +     |   + |   +
participants                      |     -     |    -     |   +    |    -     |     +     |   + |   -
participant, as a node            |     -     |    -     |   +    |    -     |     +     |   + |   -
receivedMail                      |     -     |    -     |   +    |    -     |     +     |   + |   -
received mail, as a node          |     -     |    -     |   +    |    -     |     +     |   + |   -
content of a received mail        |     -     |    -     |   -    |    -     |     +     |   + |   -
delegation                        |     -     |    -     |   +    |    -     |     +     |   + |   -
memberships                       |     0     |    -     |   +    |    +     |     +     |   + |   0
membership, as a node             |     -     |    -     |   +    |    +     |     +     |   + |   -
appointmentLetters                |     -     |    -     |   +    |    -     |     +     |   + |   -
appointment letter, as a node     |     -     |    -     |   +    |    -     |     +     |   + |   -
actionItems                       |     -     |    -     |   +    |    -     |     +     |   + |   -
action item, as a node            |     -     |    -     |   +    |    -     |     +     |   + |   -
resolutions                       |     -     |    -     |   +    |    -     |     +     |   + |   -
resolution, as a node             |     -     |    -     |   +    |    -     |     +     |   + |   -
person of the open event          |     +     |    -     |   +    |    +     |     +     |   + |   +
email                             |     -     |    -     |   -    |    -     |     +     |   + |   -
telephone                         |     -     |    -     |   -    |    -     |     +     |   + |   -
reports                           |     +     |    -     |   +    |    +     |     +     |   + |   +
messages                          |     -     |    -     |   +    |    -     |     +     |   + |   -
message, as a node                |     -     |    -     |   +    |    -     |     +     |   + |   -
delivery, as a node               |     -     |    -     |   +    |    -     |     +     |   + |   -
invitation, as a node             |     -     |    -     |   +    |    -     |     +     |   + |   -
their own invitation, as a node   |     -     |    -     |   +    |    -     |     +     |   + |   +
their own feed                    |     -     |    -     |   -    |    -     |     +     |   + |   +
suppressions                      |     -     |    -     |   -    |    -     |     +     |   + |   -
template of a mail, as a node     |     -     |    -     |   +    |    -     |     +     |   + |   -
templates of mails                |     -     |    -     |   +    |    -     |     +     |   + |   -
messagePreview                    |     -     |    -     |   +    |    -     |     +     |   + |   -
letterhead                        |     -     |    -     |   +    |    -     |     +     |   + |   -
templates of papers               |     -     |    -     |   +    |    -     |     +     |   + |   -
a paper as it would be            |     -     |    -     |   +    |    -     |     +     |   + |   -
attendee                          |     -     |    -     |   -    |    -     |     -     |   -   |   +
";

async fn everybody_sees_what_they_may(backend: Backend) {
    let stage = Stage::new(backend).await;
    let app = &stage.app;
    let confined = app
        .token(&stage.home, Role::Organizer, Some(&[Permission::EventRead]))
        .await;
    let personas = [
        ("anonymous", app.anonymous()),
        ("stranger", app.as_owner(&stage.abroad).await),
        ("viewer", app.as_viewer(&stage.home).await),
        ("confined", app.bearer(confined)),
        ("organiser", app.as_organiser(&stage.home).await),
        ("owner", app.as_owner(&stage.home).await),
        // Of the event that is not for everybody.
        (
            "guest",
            app.as_guest(&stage.ids["guest"], &app.as_owner(&stage.home).await)
                .await,
        ),
    ];
    let mut lines = vec![
        personas
            .iter()
            .fold(String::new(), |line, (name, _)| format!("{line} | {name}")),
    ];
    for (name, operation, place) in stage.probes().into_iter().chain(papers::rows(&stage)) {
        let mut line = name.to_owned();
        for (_, client) in &personas {
            let answer = client.query(&operation).await;
            line = format!("{line} | {}", seen(&answer, place));
        }
        lines.push(line);
    }
    let expected: Vec<_> = EXPECTED.trim_matches('\n').lines().map(spaced).collect();
    let found: Vec<_> = lines.iter().map(|line| spaced(line)).collect();
    let wrong: Vec<_> = found
        .iter()
        .filter(|line| !expected.contains(line))
        .collect();
    assert!(
        wrong.is_empty() && found.len() == expected.len(),
        "{wrong:#?}"
    );
}

/// A line of a table, without its alignment.
fn spaced(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What an answer shows at a place.
fn seen(answer: &Answer, place: &str) -> String {
    if let Some(error) = answer.errors().first() {
        return error["extensions"]["code"]
            .as_str()
            .expect("a code")
            .to_owned();
    }
    match answer.body["data"].pointer(place) {
        None | Some(Value::Null) => "-".to_owned(),
        Some(Value::Array(all)) if all.is_empty() => "0".to_owned(),
        Some(_) => "+".to_owned(),
    }
}

async fn nobody_imports_who_may_not(backend: Backend) {
    let stage = Stage::new(backend).await;
    let app = &stage.app;
    let everything_else: Vec<_> = Permission::ALL
        .iter()
        .copied()
        .filter(|one| *one != Permission::EventImport)
        .collect();
    let confined = app
        .token(&stage.home, Role::Owner, Some(&everything_else))
        .await;
    let refused = [
        (app.anonymous(), "UNAUTHENTICATED"),
        (app.as_viewer(&stage.home).await, "FORBIDDEN"),
        (app.bearer(confined), "FORBIDDEN"),
        (app.as_owner(&stage.abroad).await, "NOT_FOUND"),
    ];
    let before = app.database.contents().await;
    for (client, code) in &refused {
        let known = Stage::document("draft", "PUBLIC", "secret");
        // Whether a document is sound is told to nobody who may not send it.
        for document in [known.as_str(), "key: new-event\nlanguage: en\n", "{"] {
            let answer = client.event_import(&stage.home, document).await;
            answer.expect_error(code);
            assert_eq!(answer.body["data"], Value::Null, "{:#}", answer.body);
        }
        assert!(
            before == app.database.contents().await,
            "a {code} left a trace"
        );
    }
    // And a workspace that is nowhere is no other than a foreign one.
    let nowhere = Workspace {
        id: "wsp_0193f2a0000070008000000000000000"
            .parse()
            .expect("an id"),
        ..stage.abroad.clone()
    };
    let owner = app.as_owner(&stage.home).await;
    let here = owner
        .event_import(&nowhere, "{")
        .await
        .expect_error("NOT_FOUND")["message"]
        .clone();
    let there = owner
        .event_import(&stage.abroad, "{")
        .await
        .expect_error("NOT_FOUND")["message"]
        .clone();
    assert_eq!(here, there);
}

async fn a_token_that_is_not_good_opens_nothing(backend: Backend) {
    let stage = Stage::new(backend).await;
    let app = &stage.app;
    let grants = [(&stage.home, Role::Owner)];
    let in_an_hour = app.store.now() + TimeDelta::hours(1);
    let (_, expiring) = app.make_token(&grants, None, Some(in_an_hour)).await;
    let (token, revoked) = app.make_token(&grants, None, None).await;
    let operation = "{ viewer { account { name } } event(slug: \"open\") { slug } }";
    for secret in [&expiring, &revoked] {
        let answer = app.bearer(secret).query(operation).await;
        assert_eq!(
            answer.expect_data()["viewer"]["account"]["name"],
            "A colleague"
        );
    }

    app.revoke(token.id).await;
    app.clock.advance(TimeDelta::hours(1));
    let garbage = format!("{revoked}x");
    let mut answers = Vec::new();
    for secret in [expiring.as_str(), &revoked, &garbage, "convoke_", "x"] {
        let answer = app.bearer(secret).query(operation).await;
        assert_eq!(answer.status, 401, "{secret}");
        let error = answer.expect_error("UNAUTHENTICATED");
        assert_eq!(
            answer.body.get("data"),
            None,
            "not even what everybody may see"
        );
        answers.push(error["message"].clone());
    }
    answers.dedup();
    assert_eq!(
        answers.len(),
        1,
        "which of them it is, is nobody's business: {answers:?}"
    );
}

/// Every field of the schema that names a permission, as a token has it that lacks only that one,
/// and as one has it that has hardly another.
async fn what_a_field_says_it_requires_is_what_it_requires(backend: Backend) {
    let stage = Stage::new(backend).await;
    let app = &stage.app;
    let sdl = Sdl::served();
    // Mutations are tried one by one in the permission matrix, logs in a test of their own.
    let is_elsewhere = |field: &str| {
        field.ends_with(".auditLog")
            || (field.starts_with("Mutation.") && !field.ends_with("Import"))
    };
    let mut directed: BTreeMap<String, Permission> = directed(&sdl).into_iter().collect();
    directed.retain(|field, _| !is_elsewhere(field));
    let mut probes = stage.directed_probes();
    probes.extend(papers::probes(&stage));
    let asked: BTreeSet<_> = probes
        .iter()
        .map(|(field, ..)| (*field).to_owned())
        .collect();
    let named: BTreeSet<_> = directed.keys().cloned().collect();
    assert_eq!(
        asked, named,
        "each field with @requires has a probe, and no other"
    );

    for (field, operation, place) in probes {
        let permission = directed[field];
        if permission == Permission::PublicRead {
            // Everybody has it, even those who are confined to nothing.
            let confined = app.bearer(app.token(&stage.home, Role::Viewer, Some(&[])).await);
            confined.query(&operation).await.expect_data();
            let answer = app.anonymous().query(&operation).await;
            answer.expect_data();
            let nobody = ["Query.viewer", "Query.attendee"].contains(&field);
            let expected = if nobody { "-" } else { "+" };
            assert_eq!(seen(&answer, place), expected, "{field}");
            continue;
        }
        let others: Vec<_> = Permission::ALL
            .iter()
            .copied()
            .filter(|one| *one != permission)
            .collect();
        let confined = app.bearer(app.token(&stage.home, Role::Owner, Some(&others)).await);
        let (without, refused) = match permission {
            // Every token of the house brings it along: the public alone lacks it.
            Permission::EventRead if ["Person.externalId", "Agenda.booklet"].contains(&field) => {
                (app.anonymous(), "-")
            }
            Permission::EventRead => (app.anonymous(), "0"),
            _ if field.starts_with("Mutation.") => (confined, "FORBIDDEN"),
            _ => (confined, "-"),
        };
        assert_eq!(
            seen(&without.query(&operation).await, place),
            refused,
            "{field} without"
        );

        // The list has to be seen for what opens things to those on it to be seen; and a mail, for
        // where it went.
        let on_the_list = ["Participant.", "Delivery.", "ReceivedMail.content"]
            .iter()
            .any(|of| field.starts_with(of));
        let and = on_the_list.then_some(Permission::ParticipantRead);
        // And a letter, for what only those read of it who issue them.
        let of_a_letter = (field == "Credential.openBadge").then_some(Permission::LetterRead);
        let and = and.into_iter().chain(of_a_letter);
        let scopes: Vec<_> = std::iter::once(permission).chain(and).collect();
        let with = app.bearer(app.token(&stage.home, Role::Owner, Some(&scopes)).await);
        // Of the version that the event was announced with, nobody was told.
        let told = if field == "AgendaVersion.notices" {
            "0"
        } else {
            "+"
        };
        assert_eq!(
            seen(&with.query(&operation).await, place),
            told,
            "{field} with {permission}"
        );
    }
}

/// Each thing has a log, which is read by those alone who answer for the workspace.
async fn a_log_is_read_by_who_answers_for_the_workspace(backend: Backend) {
    let stage = Stage::new(backend).await;
    let app = &stage.app;
    let sdl = Sdl::served();
    let owner = app.as_owner(&stage.home).await;
    let nodes = reachable(&owner, &sdl, std::slice::from_ref(&stage.ids["open"])).await;
    let others = [
        app.as_viewer(&stage.home).await,
        app.as_organiser(&stage.home).await,
        app.as_owner(&stage.abroad).await,
        app.anonymous(),
    ];
    let logged = sdl.types.iter();
    let logged = logged.filter(|(_, of)| of.fields.contains_key("auditLog"));
    let mut seen_logs = 0;
    for (name, _) in logged {
        let Some(ids) = nodes.get(name) else {
            panic!("no {name} is reached")
        };
        let selection = "auditLog { totalCount nodes { operation changes { field after } } }";
        let operation = nodes_operation(name, selection);
        let variables = json!({ "ids": &ids[..1] });
        let answer = owner.ask(&operation, variables.clone()).await;
        let log = &answer.expect_data()["nodes"][0]["auditLog"];
        assert_ne!(log["nodes"], json!([]), "{name}");
        seen_logs += 1;
        for other in &others {
            let answer = other.ask(&operation, variables.clone()).await;
            let node = &answer.expect_data()["nodes"][0];
            assert!(node["auditLog"].is_null(), "{name}: {node}");
        }
    }
    assert!(seen_logs > 15, "{seen_logs}");
}

/// The other way round: takes one permission away after the other, and whatever then reads
/// otherwise must say that it requires it.
async fn what_changes_without_a_right_says_that_it_requires_it(backend: Backend) {
    let stage = Stage::new(backend).await;
    let app = &stage.app;
    let sdl = Sdl::served();
    let owner = app.as_owner(&stage.home).await;
    let nodes = reachable(&owner, &sdl, std::slice::from_ref(&stage.ids["open"])).await;
    let met: BTreeSet<_> = nodes.keys().map(String::as_str).collect();
    // The rest is reached in no way that another permission could bar.
    let unmet: Vec<_> = node_types(&sdl)
        .into_iter()
        .filter(|name| !met.contains(name))
        .collect();
    assert_eq!(unmet, ["Account", "Job"]);

    let directed: BTreeSet<(String, Permission)> = directed(&sdl).into_iter().collect();
    let mut changed = BTreeSet::new();
    for &permission in Permission::ALL {
        // Every token of the house brings it along.
        if permission == Permission::EventRead {
            continue;
        }
        let others: Vec<_> = Permission::ALL
            .iter()
            .copied()
            .filter(|one| *one != permission)
            .collect();
        let without = app.bearer(app.token(&stage.home, Role::Owner, Some(&others)).await);
        for (name, ids) in &nodes {
            let operation = nodes_operation(name, &everything(&sdl, name, 0));
            let variables = json!({ "ids": ids });
            let all = owner.ask(&operation, variables.clone()).await;
            let fewer = without.ask(&operation, variables).await;
            let all = all.expect_data()["nodes"]
                .as_array()
                .expect("nodes")
                .clone();
            let fewer = fewer.expect_data()["nodes"]
                .as_array()
                .expect("nodes")
                .clone();
            for (all, fewer) in all.iter().zip(&fewer) {
                let Some(fewer) = fewer.as_object() else {
                    continue;
                };
                let fields = fewer.iter().filter(|(field, value)| all[*field] != **value);
                changed.extend(fields.map(|(field, _)| (format!("{name}.{field}"), permission)));
            }
        }
    }
    // A log tells of a thing what the reader may see of the thing: the field says so, since one
    // directive cannot name four rights.
    changed.retain(|(field, _)| field != "AuditEntry.changes");
    let silent: Vec<_> = changed.difference(&directed).collect();
    assert!(silent.is_empty(), "these lack @requires: {silent:?}");
    let is_set = |field: &str| {
        let (of, field) = field.split_once('.').expect("a field of a type");
        is_set_in_type(&sdl.of(of).fields[field])
    };
    let needless: Vec<_> = directed
        .difference(&changed)
        .filter(|(field, permission)| {
            !field.starts_with("Query.")
                && !field.starts_with("Mutation.")
                && *permission != Permission::EventRead
                && !is_set(field)
        })
        .collect();
    assert!(
        needless.is_empty(),
        "these say @requires, and nothing changes: {needless:?}"
    );
}

/// What one permission shows may refer to what needs another; that is then null or not listed, and
/// never a fault.
async fn one_permission_alone_is_of_use_by_itself(backend: Backend) {
    let stage = Stage::new(backend).await;
    let sdl = Sdl::served();
    let owner = stage.app.as_owner(&stage.home).await;
    let events = [stage.ids["open"].clone(), stage.ids["draft"].clone()];
    let nodes = reachable(&owner, &sdl, &events).await;
    for &permission in Permission::ALL {
        let only = [permission];
        let token = stage.app.token(&stage.home, Role::Owner, Some(&only)).await;
        let confined = stage.app.bearer(token);
        for (name, ids) in &nodes {
            let operation = nodes_operation(name, &everything(&sdl, name, 1));
            for ids in ids.chunks(20) {
                let answer = confined.ask(&operation, json!({ "ids": ids })).await;
                assert_eq!(answer.errors(), [] as [Value; 0], "{permission} and {name}");
            }
        }
    }
}

async fn the_anonymous_are_told_how_to_reach_nobody(backend: Backend) {
    let stage = Stage::new(backend).await;
    let sdl = Sdl::served();
    let owner = stage.app.as_owner(&stage.home).await;
    let nodes = reachable(&owner, &sdl, std::slice::from_ref(&stage.ids["open"])).await;
    let (mut owners, mut viewers, mut publics) = (String::new(), String::new(), String::new());
    let viewer = stage.app.as_viewer(&stage.home).await;
    for (name, ids) in &nodes {
        let operation = nodes_operation(name, &everything(&sdl, name, 1));
        for ids in ids.chunks(20) {
            let variables = json!({ "ids": ids });
            owners += &owner.ask(&operation, variables.clone()).await.text;
            viewers += &viewer.ask(&operation, variables.clone()).await.text;
            publics += &stage.app.anonymous().ask(&operation, variables).await.text;
        }
    }
    for secret in ["wang.fang@example.org", "+49 30 0000000"] {
        assert!(owners.contains(secret), "{secret} is there to be hidden");
        assert!(
            !viewers.contains(secret) && !publics.contains(secret),
            "{secret}"
        );
    }
    assert!(publics.contains("王芳"), "who appears is known by name");
}

#[test]
fn every_root_field_says_what_it_requires() {
    let sdl = Sdl::served();
    for root in ["Query", "Mutation"] {
        for (name, field) in &sdl.of(root).fields {
            assert!(field.requires().is_some(), "{root}.{name} lacks @requires");
        }
    }
}

#[test]
fn what_introspection_hides_the_description_says() {
    let sdl = Sdl::served();
    let words: Vec<_> = Permission::ALL.iter().map(|one| one.as_str()).collect();
    let mut found = Vec::new();
    for (name, of) in &sdl.types {
        for (field, said) in &of.fields {
            let text = said
                .description
                .clone()
                .unwrap_or_default()
                .replace('`', "");
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let mentioned: Vec<_> = words
                .iter()
                .copied()
                .filter(|word| text.contains(&format!("the permission {word}")))
                .collect();
            if mentioned != said.requires().into_iter().collect::<Vec<_>>() {
                found.push(format!(
                    "{name}.{field}: {:?}, but: {text}",
                    said.requires()
                ));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The fields that name a permission.
fn directed(sdl: &Sdl) -> Vec<(String, Permission)> {
    let fields = sdl
        .types
        .iter()
        .flat_map(|(name, of)| of.fields.iter().map(move |one| (name, one)));
    fields
        .filter_map(|(name, (field, said))| {
            let permission = said.requires()?.parse().expect("a permission");
            Some((format!("{name}.{field}"), permission))
        })
        .collect()
}
