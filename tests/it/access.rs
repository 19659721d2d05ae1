//! Who sees what, and who may do what: each field before everybody who may ask.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use domain::Word as _;
use domain::access::{Permission, Role};
use domain::workspace::Workspace;
use serde_json::{Value, json};
use tests::{Answer, Backend, Sdl, TestApp, both};

use crate::reach::{every_member, everything, node_types, nodes_operation, reachable};

both!(
    everybody_sees_what_they_may,
    nobody_imports_who_may_not,
    a_token_that_is_not_good_opens_nothing,
    what_a_field_says_it_requires_is_what_it_requires,
    what_changes_without_a_right_says_that_it_requires_it,
    the_anonymous_are_told_how_to_reach_nobody
);

/// What each persona gets: `+` something, `-` null, `0` an empty list.
const EXPECTED: &str = "
                                  | anonymous | stranger | viewer | confined | organiser | owner
open event                        |     +     |    -     |   +    |    +     |     +     |   +
open event, in the list           |     +     |    0     |   +    |    +     |     +     |   +
open event, as a node             |     +     |    -     |   +    |    +     |     +     |   +
internal event                    |     -     |    -     |   +    |    +     |     +     |   +
internal event, in the list       |     0     |    0     |   +    |    +     |     +     |   +
internal event, as a node         |     -     |    -     |   +    |    +     |     +     |   +
draft event                       |     -     |    -     |   +    |    +     |     +     |   +
draft event, in the list          |     0     |    0     |   +    |    +     |     +     |   +
draft event, as a node            |     -     |    -     |   +    |    +     |     +     |   +
workspace                         |     +     |    -     |   +    |    +     |     +     |   +
viewer                            |     -     |    +     |   +    |    +     |     +     |   +
agenda                            |     +     |    -     |   +    |    +     |     +     |   +
agenda of the draft               |     -     |    -     |   -    |    -     |     -     |   -
draftAgenda                       |     -     |    -     |   -    |    -     |     +     |   +
draftAgenda of the draft          |     -     |    -     |   -    |    -     |     +     |   +
item of the draft, as a node      |     -     |    -     |   -    |    -     |     +     |   +
appearances                       |     +     |    -     |   +    |    +     |     +     |   +
appearance at the draft           |     -     |    -     |   +    |    +     |     +     |   +
person of the draft               |     -     |    -     |   +    |    +     |     +     |   +
organization of the draft         |     -     |    -     |   +    |    +     |     +     |   +
person of the draft, in the list  |     0     |    0     |   +    |    +     |     +     |   +
organization of it, in the list   |     0     |    0     |   +    |    +     |     +     |   +
organizations with a role         |     +     |    -     |   +    |    +     |     +     |   +
participants                      |     -     |    -     |   +    |    -     |     +     |   +
participant, as a node            |     -     |    -     |   +    |    -     |     +     |   +
delegation                        |     -     |    -     |   +    |    -     |     +     |   +
memberships                       |     0     |    -     |   +    |    +     |     +     |   +
membership, as a node             |     -     |    -     |   +    |    +     |     +     |   +
appointmentLetters                |     -     |    -     |   +    |    -     |     +     |   +
appointment letter, as a node     |     -     |    -     |   +    |    -     |     +     |   +
actionItems                       |     -     |    -     |   +    |    -     |     +     |   +
action item, as a node            |     -     |    -     |   +    |    -     |     +     |   +
resolutions                       |     -     |    -     |   +    |    -     |     +     |   +
resolution, as a node             |     -     |    -     |   +    |    -     |     +     |   +
person of the open event          |     +     |    -     |   +    |    +     |     +     |   +
email                             |     -     |    -     |   -    |    -     |     +     |   +
telephone                         |     -     |    -     |   -    |    -     |     +     |   +
reports                           |     +     |    -     |   +    |    +     |     +     |   +
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
    ];
    let mut lines = vec![
        personas
            .iter()
            .fold(String::new(), |line, (name, _)| format!("{line} | {name}")),
    ];
    for (name, operation, place) in stage.probes() {
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
    let directed: BTreeMap<String, Permission> = directed(&sdl).into_iter().collect();
    let probes = stage.directed_probes();
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
            let expected = if field == "Query.viewer" { "-" } else { "+" };
            assert_eq!(seen(&answer, place), expected, "{field}");
            continue;
        }
        let others: Vec<_> = Permission::ALL
            .iter()
            .copied()
            .filter(|one| *one != permission)
            .collect();
        let without = app.bearer(app.token(&stage.home, Role::Owner, Some(&others)).await);
        let refused = if field.starts_with("Mutation.") {
            "FORBIDDEN"
        } else {
            "-"
        };
        assert_eq!(
            seen(&without.query(&operation).await, place),
            refused,
            "{field} without"
        );

        let enough = [Permission::EventRead, permission];
        let with = app.bearer(app.token(&stage.home, Role::Owner, Some(&enough)).await);
        assert_eq!(
            seen(&with.query(&operation).await, place),
            "+",
            "{field} with {permission}"
        );
    }
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
    assert_eq!(unmet, ["Account"]);

    let directed: BTreeSet<(String, Permission)> = directed(&sdl).into_iter().collect();
    let mut changed = BTreeSet::new();
    for &permission in Permission::ALL {
        // Without this one there is nothing to see at all.
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
    let silent: Vec<_> = changed.difference(&directed).collect();
    assert!(silent.is_empty(), "these lack @requires: {silent:?}");
    let needless: Vec<_> = directed
        .difference(&changed)
        .filter(|(field, permission)| {
            !field.starts_with("Query.")
                && !field.starts_with("Mutation.")
                && *permission != Permission::EventRead
        })
        .collect();
    assert!(
        needless.is_empty(),
        "these say @requires, and nothing changes: {needless:?}"
    );
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

/// Two workspaces; in one of them an event for everybody, one for the house, and one that nobody
/// has announced.
struct Stage {
    app: TestApp,
    home: Workspace,
    abroad: Workspace,
    /// Ids by what they name.
    ids: BTreeMap<&'static str, String>,
}

impl Stage {
    async fn new(backend: Backend) -> Self {
        let app = TestApp::new(backend).await;
        let home = app.workspace("home").await;
        let abroad = app.workspace("abroad").await;
        let (open, _) = app.import_document(&home, every_member("open")).await;
        let internal = app
            .import(&home, &Self::document("internal", "WORKSPACE", "colleague"))
            .await;
        let draft = app
            .import(&home, &Self::document("draft", "PUBLIC", "secret"))
            .await;
        app.publish(open.id).await;
        app.publish(internal.id).await;
        let owner = app.as_owner(&home).await;
        let operation = "{
            draft: event(slug: \"draft\") {
                draftAgenda { items { id appearances { id person { id } organization { id } } } }
            }
            open: event(slug: \"open\") {
                participants { nodes { id person { id email } } }
                organizations { id delegation { quota } }
                foundedOrganizations { id memberships { id letter { id } } }
                actionItems { id } resolutions { id }
            }
        }";
        let answer = owner.query(operation).await;
        let data = answer.expect_data();
        let id = |place: &str| {
            let id = data.pointer(place).and_then(Value::as_str);
            id.unwrap_or_else(|| panic!("no {place}: {data:#}"))
                .to_owned()
        };
        let people = data["open"]["participants"]["nodes"]
            .as_array()
            .expect("participants");
        let reachable = people.iter().find(|one| !one["person"]["email"].is_null());
        let roles = data["open"]["organizations"]
            .as_array()
            .expect("organizations");
        let sending = roles.iter().find(|one| !one["delegation"].is_null());
        let item = "/draft/draftAgenda/items/0";
        let founded = "/open/foundedOrganizations/0";
        let ids = BTreeMap::from([
            ("open", open.id.to_string()),
            ("internal", internal.id.to_string()),
            ("draft", draft.id.to_string()),
            ("draft item", id(&format!("{item}/id"))),
            ("draft appearance", id(&format!("{item}/appearances/0/id"))),
            (
                "draft person",
                id(&format!("{item}/appearances/0/person/id")),
            ),
            (
                "draft organization",
                id(&format!("{item}/appearances/1/organization/id")),
            ),
            (
                "person",
                reachable.expect("an address")["person"]["id"]
                    .as_str()
                    .expect("an id")
                    .to_owned(),
            ),
            (
                "role",
                sending.expect("a delegation")["id"]
                    .as_str()
                    .expect("an id")
                    .to_owned(),
            ),
            ("participant", id("/open/participants/nodes/0/id")),
            ("founded", id(&format!("{founded}/id"))),
            ("membership", id(&format!("{founded}/memberships/0/id"))),
            ("letter", id(&format!("{founded}/memberships/0/letter/id"))),
            ("action item", id("/open/actionItems/0/id")),
            ("resolution", id("/open/resolutions/0/id")),
        ]);
        Self {
            app,
            home,
            abroad,
            ids,
        }
    }

    /// An event with a person and an organization that appear nowhere else.
    fn document(key: &str, visibility: &str, name: &str) -> String {
        format!(
            "key: {key}\nlanguage: en\ntitle: The {key} event\nvisibility: {visibility}\n\
             time: {{ timeZone: Asia/Shanghai, startsOn: 2025-02-01 }}\n\
             organizations: [{{ key: {name}-bureau, kind: DEPARTMENT, name: {name} bureau }}]\n\
             people: [{{ key: {name}-person, name: {name} person, email: {name}@example.org }}]\n\
             agenda:\n- key: speech\n  kind: SPEECH\n  appearances:\n\
             \x20 - {{ role: SPEAKER, person: {name}-person }}\n\
             \x20 - {{ role: SPEAKER, organization: {name}-bureau }}\n"
        )
    }

    /// What each line of the table asks, and where its answer stands.
    fn probes(&self) -> Vec<(&'static str, String, &'static str)> {
        let id = |name: &str| &self.ids[name];
        let node = |name: &str| format!("{{ node(id: \"{}\") {{ id }} }}", id(name));
        let event = |slug: &str, what: &str| format!("{{ event(slug: \"{slug}\") {{ {what} }} }}");
        let listed = |slug: &str| {
            format!("{{ events(filter: {{ search: \"{slug}\" }}) {{ nodes {{ slug }} }} }}")
        };
        let on = |name: &str, kind: &str, what: &str| {
            format!(
                "{{ node(id: \"{}\") {{ ... on {kind} {{ {what} }} }} }}",
                id(name)
            )
        };
        vec![
            ("open event", event("open", "slug"), "/event"),
            ("open event, in the list", listed("Autumn"), "/events/nodes"),
            ("open event, as a node", node("open"), "/node"),
            ("internal event", event("internal", "slug"), "/event"),
            (
                "internal event, in the list",
                listed("internal"),
                "/events/nodes",
            ),
            ("internal event, as a node", node("internal"), "/node"),
            ("draft event", event("draft", "slug"), "/event"),
            ("draft event, in the list", listed("draft"), "/events/nodes"),
            ("draft event, as a node", node("draft"), "/node"),
            (
                "workspace",
                "{ workspace(slug: \"home\") { id } }".to_owned(),
                "/workspace",
            ),
            (
                "viewer",
                "{ viewer { account { id } } }".to_owned(),
                "/viewer",
            ),
            (
                "agenda",
                event("open", "agenda { items { id } }"),
                "/event/agenda/items",
            ),
            (
                "agenda of the draft",
                event("draft", "agenda { items { id } }"),
                "/event/agenda",
            ),
            (
                "draftAgenda",
                event("open", "draftAgenda { items { id } }"),
                "/event/draftAgenda/items",
            ),
            (
                "draftAgenda of the draft",
                event("draft", "draftAgenda { items { id } }"),
                "/event/draftAgenda/items",
            ),
            ("item of the draft, as a node", node("draft item"), "/node"),
            (
                "appearances",
                event("open", "appearances { id }"),
                "/event/appearances",
            ),
            ("appearance at the draft", node("draft appearance"), "/node"),
            ("person of the draft", node("draft person"), "/node"),
            (
                "organization of the draft",
                node("draft organization"),
                "/node",
            ),
            (
                "person of the draft, in the list",
                "{ people(filter: { search: \"secret\" }) { nodes { id } } }".to_owned(),
                "/people/nodes",
            ),
            (
                "organization of it, in the list",
                "{ organizations(filter: { search: \"secret\" }) { nodes { id } } }".to_owned(),
                "/organizations/nodes",
            ),
            (
                "organizations with a role",
                event("open", "organizations { id }"),
                "/event/organizations",
            ),
            (
                "participants",
                event("open", "participants { nodes { id } }"),
                "/event/participants/nodes",
            ),
            ("participant, as a node", node("participant"), "/node"),
            (
                "delegation",
                on("role", "EventOrganization", "delegation { quota }"),
                "/node/delegation",
            ),
            (
                "memberships",
                on("founded", "Organization", "memberships { id }"),
                "/node/memberships",
            ),
            ("membership, as a node", node("membership"), "/node"),
            (
                "appointmentLetters",
                event("open", "appointmentLetters { nodes { id } }"),
                "/event/appointmentLetters/nodes",
            ),
            ("appointment letter, as a node", node("letter"), "/node"),
            (
                "actionItems",
                event("open", "actionItems { id }"),
                "/event/actionItems",
            ),
            ("action item, as a node", node("action item"), "/node"),
            (
                "resolutions",
                event("open", "resolutions { id }"),
                "/event/resolutions",
            ),
            ("resolution, as a node", node("resolution"), "/node"),
            ("person of the open event", node("person"), "/node"),
            ("email", on("person", "Person", "email"), "/node/email"),
            (
                "telephone",
                on("person", "Person", "telephone"),
                "/node/telephone",
            ),
            ("reports", event("open", "reports { id }"), "/event/reports"),
        ]
    }

    /// What asks for each field that names a permission, and where its answer stands.
    fn directed_probes(&self) -> Vec<(&'static str, String, &'static str)> {
        let on = |name: &str, kind: &str, what: &str| {
            format!(
                "{{ node(id: \"{}\") {{ ... on {kind} {{ {what} }} }} }}",
                self.ids[name]
            )
        };
        let open = |what: &str| on("open", "Event", what);
        let import = format!(
            "mutation {{ eventImport(input: {{ workspaceId: \"{}\", dryRun: true, document: {} }}) \
             {{ changes {{ unchanged }} userErrors {{ message }} }} }}",
            self.home.id,
            Value::from(Self::document("draft", "PUBLIC", "secret")),
        );
        vec![
            (
                "Query.node",
                format!("{{ node(id: \"{}\") {{ id }} }}", self.ids["open"]),
                "/node",
            ),
            (
                "Query.nodes",
                format!("{{ nodes(ids: [\"{}\"]) {{ id }} }}", self.ids["open"]),
                "/nodes/0",
            ),
            (
                "Query.viewer",
                "{ viewer { account { id } } }".to_owned(),
                "/viewer",
            ),
            (
                "Query.workspace",
                "{ workspace(slug: \"home\") { id } }".to_owned(),
                "/workspace",
            ),
            (
                "Query.event",
                "{ event(slug: \"open\") { id } }".to_owned(),
                "/event",
            ),
            (
                "Query.events",
                "{ events { nodes { id } } }".to_owned(),
                "/events/nodes",
            ),
            (
                "Query.people",
                "{ people { nodes { id } } }".to_owned(),
                "/people/nodes",
            ),
            (
                "Query.organizations",
                "{ organizations { nodes { id } } }".to_owned(),
                "/organizations/nodes",
            ),
            ("Mutation.eventImport", import, "/eventImport/changes"),
            (
                "Event.draftAgenda",
                open("draftAgenda { items { id } }"),
                "/node/draftAgenda",
            ),
            (
                "Event.participants",
                open("participants { nodes { id } }"),
                "/node/participants",
            ),
            (
                "Event.appointmentLetters",
                open("appointmentLetters { nodes { id } }"),
                "/node/appointmentLetters",
            ),
            (
                "Event.resolutions",
                open("resolutions { id }"),
                "/node/resolutions",
            ),
            (
                "Event.actionItems",
                open("actionItems { id }"),
                "/node/actionItems",
            ),
            (
                "EventOrganization.delegation",
                on("role", "EventOrganization", "delegation { quota }"),
                "/node/delegation",
            ),
            (
                "Organization.memberships",
                on("founded", "Organization", "memberships { id }"),
                "/node/memberships",
            ),
            (
                "Membership.letter",
                on("membership", "Membership", "letter { id }"),
                "/node/letter",
            ),
            (
                "Person.email",
                on("person", "Person", "email"),
                "/node/email",
            ),
            (
                "Person.telephone",
                on("person", "Person", "telephone"),
                "/node/telephone",
            ),
        ]
    }
}
