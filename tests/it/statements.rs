//! How many statements an answer costs: as many for three things as for one, whatever is asked of
//! them, and for an agenda always the same few.
//!
//! On one thread, where what is asked for at the same moment is always loaded together.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use domain::access::Role;
use serde_json::{Value, json};
use tests::{Backend, Client, Sdl, TestApp};

use crate::reach::{every_member, is_set_in_type, node_types, nodes_operation, reachable};

/// Runs each test on both databases, on one thread.
macro_rules! on_one_thread {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            use tests::Backend;

            #[tokio::test(flavor = "current_thread")]
            async fn sqlite() {
                super::$name(Backend::Sqlite).await;
            }

            #[tokio::test(flavor = "current_thread")]
            #[cfg_attr(no_postgres, ignore = "no PostgreSQL found")]
            async fn postgres() {
                super::$name(Backend::Postgres).await;
            }
        }
    )+};
}

on_one_thread!(
    three_nodes_cost_what_one_costs,
    three_of_a_list_cost_what_one_costs,
    three_workspaces_cost_what_one_costs,
    an_agenda_costs_the_same_however_long_it_is
);

/// The same event with everything in it, in three offices, and one who works for all of them.
struct Offices {
    app: TestApp,
    secret: String,
    events: Vec<String>,
}

impl Offices {
    async fn new(backend: Backend) -> Self {
        let app = TestApp::new(backend).await;
        let mut workspaces = Vec::new();
        let mut events = Vec::new();
        for slug in ["one", "two", "three"] {
            let workspace = app.workspace(slug).await;
            let week = app.import(&workspace, WEEK).await;
            app.publish(week.id).await;
            let mut document = every_member("forum");
            document.parent = Some(week.slug);
            let (forum, _) = app.import_document(&workspace, document).await;
            app.publish(forum.id).await;
            app.hear_from_somebody_at(forum.id).await;
            app.invite_everybody(forum.id).await;
            app.issue_awards(forum.id).await;
            app.suppress(&workspace, "nobody@example.org").await;
            app.word_mails(&workspace, "Remember").await;
            app.dress_papers(&workspace).await;
            workspaces.push(workspace);
            events.push(forum.id.to_string());
        }
        let grants: Vec<_> = workspaces.iter().map(|one| (one, Role::Owner)).collect();
        let (_, secret) = app.make_token(&grants, None, None).await;
        Self {
            app,
            secret,
            events,
        }
    }

    fn client(&self) -> Client<'_> {
        self.app.bearer(&self.secret)
    }
}

const WEEK: &str = "key: week\nlanguage: en\ntitle: The week\n\
                    time: { timeZone: Europe/Berlin, startsOn: 2024-10-07 }\n";

/// Every field of every type that has an id.
async fn three_nodes_cost_what_one_costs(backend: Backend) {
    let offices = Box::pin(Offices::new(backend)).await;
    let client = offices.client();
    let sdl = Sdl::served();
    let mut nodes: Vec<BTreeMap<String, Vec<String>>> = Vec::new();
    for event in &offices.events {
        nodes.push(reachable(&client, &sdl, std::slice::from_ref(event)).await);
    }
    let mut dear = String::new();
    for name in node_types(&sdl) {
        // The account is the one who asks, and there is but one; to jobs nothing leads.
        if name == "Account" || name == "Job" {
            continue;
        }
        let all: Vec<_> = nodes.iter().map(|nodes| &nodes[name]).collect();
        assert!(
            all.iter().all(|ids| ids.len() == all[0].len()),
            "{name}: {all:?}"
        );
        for place in 0..all[0].len() {
            let three: Vec<_> = all.iter().map(|ids| &ids[place]).collect();
            let mut all_ways = ways(&sdl, name, usize::from(name == "Event"));
            if name == "Event" {
                // What is on an agenda is read in another way than what has an id.
                let on_it = ways(&sdl, "AgendaItem", 1).into_iter();
                all_ways.extend(on_it.map(|(way, selection)| {
                    (
                        format!("agenda.items.{way}"),
                        format!("agenda {{ items {{ {selection} }} }}"),
                    )
                }));
            }
            for (field, selection) in all_ways {
                let operation = nodes_operation(name, &selection);
                let one = cost(
                    &offices.app,
                    &client,
                    &operation,
                    json!({ "ids": [three[0]] }),
                )
                .await;
                let more = cost(&offices.app, &client, &operation, json!({ "ids": three })).await;
                if one != more {
                    writeln!(
                        dear,
                        "{name}.{field} ({place}): {one} for one, {more} for three"
                    )
                    .expect("text");
                }
            }
        }
    }
    assert!(dear.is_empty(), "\n{dear}");
}

/// The same from the lists at the root.
async fn three_of_a_list_cost_what_one_costs(backend: Backend) {
    let offices = Box::pin(Offices::new(backend)).await;
    let client = offices.client();
    let sdl = Sdl::served();
    let mut dear = String::new();
    // By name, those of the three offices stand together.
    for (root, name) in [
        (
            "events(filter: { search: \"autumn\" }, orderBy: [{ field: TITLE }], first: $first)",
            "Event",
        ),
        ("people(first: $first)", "Person"),
        (
            "organizations(filter: { search: \"alliance\" }, first: $first)",
            "Organization",
        ),
    ] {
        let counted = "edges { cursor node { id } } totalCount pageInfo { endCursor }".to_owned();
        let listed = ways(&sdl, name, 1).into_iter();
        let listed = listed.map(|(field, selection)| (field, format!("nodes {{ {selection} }}")));
        for (field, selection) in listed.chain([("pageInfo".to_owned(), counted)]) {
            let operation = format!("query List($first: Int!) {{ {root} {{ {selection} }} }}");
            // What is read once and kept at hand is read now.
            cost(&offices.app, &client, &operation, json!({ "first": 3 })).await;
            let one = cost(&offices.app, &client, &operation, json!({ "first": 1 })).await;
            let more = cost(&offices.app, &client, &operation, json!({ "first": 3 })).await;
            if one != more {
                writeln!(dear, "{root}.{field}: {one} for one, {more} for three").expect("text");
            }
        }
    }
    assert!(dear.is_empty(), "\n{dear}");
}

async fn three_workspaces_cost_what_one_costs(backend: Backend) {
    let app = TestApp::new(backend).await;
    let mut workspaces = Vec::new();
    for slug in ["one", "two", "three"] {
        workspaces.push(app.workspace(slug).await);
    }
    let operation = "{ viewer { account { id name } workspaces { id slug name } } }";
    let mut costs = Vec::new();
    for many in [1, 3] {
        let grants: Vec<_> = workspaces[..many]
            .iter()
            .map(|one| (one, Role::Viewer))
            .collect();
        let (_, secret) = app.make_token(&grants, None, None).await;
        let client = app.bearer(secret);
        costs.push(cost(&app, &client, operation, json!({})).await);
        let answer = client.query(operation).await;
        let seen = answer.expect_data()["viewer"]["workspaces"]
            .as_array()
            .map(Vec::len);
        assert_eq!(seen, Some(many));
    }
    assert_eq!(costs[0], costs[1]);
}

/// What it costs to read an agenda that was published: one statement to find the event, one to find
/// the version, and the first time one to read it. A number that grows is a number to justify.
pub const PUBLISHED: u64 = 2;
/// What it costs to read a draft: two to know who asks, one to find the event, and those of
/// `Store::draft_agendas`.
const DRAFT: u64 = 16;

async fn an_agenda_costs_the_same_however_long_it_is(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    for items in [1, 300] {
        let event = app.import(&workspace, &long(items)).await;
        app.publish(event.id).await;
        let variables = json!({ "slug": format!("long-{items}") });
        let operation = include_str!("contract/schedule.graphql");
        let before = app.store.statements();
        let answer = app.anonymous().ask(operation, variables.clone()).await;
        assert_eq!(app.store.statements() - before, PUBLISHED + 1);
        let told = answer.expect_data()["event"]["agenda"]["items"]
            .as_array()
            .expect("items")
            .clone();
        assert_eq!(told.len(), items);
        for item in &told {
            assert!(item["room"]["name"].is_string() && item["track"]["name"].is_string());
            assert_ne!(item["appearances"][0]["person"]["name"], Value::Null);
            assert_ne!(item["appearances"][0]["onBehalfOf"]["name"], Value::Null);
        }
        let published = cost(&app, &app.anonymous(), operation, variables.clone()).await;
        assert_eq!(published, PUBLISHED, "{items} items");
        let organiser = app.as_organiser(&workspace).await;
        let operation = operation.replace("agenda {", "draftAgenda {");
        let draft = cost(&app, &organiser, &operation, variables).await;
        assert_eq!(draft, DRAFT, "{items} items");
    }
}

/// An event with so many talks, each by another person, in one of several rooms and tracks.
fn long(items: usize) -> String {
    let mut text = format!(
        "key: long-{items}\nlanguage: en\ntitle: A long day\nvisibility: PUBLIC\n\
         time: {{ timeZone: Europe/Brussels, startsOn: 2024-02-03 }}\n\
         organizations: [{{ key: house, kind: ASSOCIATION, name: The House }}]\n\
         venues:\n- key: campus\n  name: Campus\n  rooms:\n"
    );
    let each = |text: &mut String, line: &dyn Fn(usize) -> String| {
        for number in 0..items {
            writeln!(text, "{}", line(number)).expect("text");
        }
    };
    each(&mut text, &|number| {
        format!("  - {{ key: room-{number}, name: Room {number} }}")
    });
    text.push_str("tracks:\n");
    each(&mut text, &|number| {
        format!("- {{ key: track-{number}, name: Track {number} }}")
    });
    text.push_str("people:\n");
    each(&mut text, &|number| {
        format!("- {{ key: person-{number}, name: Person {number} }}")
    });
    text.push_str("agenda:\n");
    each(&mut text, &|number| {
        format!(
            "- {{ key: talk-{number}, kind: TALK, title: Talk {number}, room: room-{number}, \
             track: track-{number}, appearances: [{{ role: SPEAKER, person: person-{number}, \
             onBehalfOf: {{ organization: house }} }}], awards: [{{ key: award-{number}, \
             kind: PRIZE, title: Prize {number}, grantors: [house], \
             recipients: [{{ person: person-{number} }}] }}] }}"
        )
    });
    text
}

/// Every way from a type through so many nodes to one field, or to all fields at once that are no
/// objects. One way at a time: what lies at different depths may or may not be loaded together.
fn ways(sdl: &Sdl, name: &str, deep: usize) -> Vec<(String, String)> {
    let fields = sdl.of(name).fields.iter();
    let fields = fields.filter(|(_, told)| !is_set_in_type(told));
    let (leaves, objects): (Vec<_>, Vec<_>) =
        fields.partition(|(_, field)| sdl.objects(field.of.name()).is_empty());
    let leaves: Vec<_> = leaves
        .into_iter()
        .map(|(field, _)| field.as_str())
        .collect();
    let mut ways = Vec::new();
    if !leaves.is_empty() {
        ways.push(("*".to_owned(), leaves.join(" ")));
    }
    for (field, told) in objects {
        for object in sdl.objects(told.of.name()) {
            let is_node = sdl.of(object).implements.iter().any(|one| one == "Node");
            let further = match (is_node, deep) {
                (true, 0) => vec![("id".to_owned(), "id".to_owned())],
                (true, deep) => self::ways(sdl, object, deep - 1),
                (false, deep) => self::ways(sdl, object, deep),
            };
            for (way, selection) in further {
                let selection = format!("{field} {{ ... on {object} {{ {selection} }} }}");
                ways.push((format!("{field}.{way}"), selection));
            }
        }
    }
    ways
}

/// How many statements an answer costs.
pub async fn cost(app: &TestApp, client: &Client<'_>, operation: &str, variables: Value) -> u64 {
    let before = app.store.statements();
    client.ask(operation, variables).await.expect_data();
    app.store.statements() - before
}
