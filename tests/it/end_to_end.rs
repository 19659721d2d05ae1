//! The program as people run it: `demo` and `serve` as processes, asked over HTTP.

use std::net::SocketAddr;

use interchange::event_document::read;
use serde_json::{Value, json};
use tests::{Backend, EXAMPLES, TestDatabase, both, example};

use crate::process::{Idle, Place, Running, Unfinished, ask, get, get_for, repository};

both!(
    what_is_served_is_served_from_this_database,
    no_person_and_no_token_is_in_the_logs,
);

const TITLES: &str = "{ events(first: 100) { nodes { slug title status } } }";

/// Starts the demo, and tells its address and its token.
fn demo(place: &Place, more: &[&str]) -> (Running, SocketAddr, String) {
    let arguments = [&["demo", "--listen", "127.0.0.1:0"], more].concat();
    let mut demo = place.start(&arguments);
    let line = demo.prints("GraphQL:");
    let address = line
        .trim_start_matches("GraphQL:")
        .trim()
        .trim_start_matches("http://")
        .trim_end_matches("/graphql");
    let address = address.parse().expect("an address");
    let token = demo.prints("token: ");
    let token = token.trim_start_matches("token: ").to_owned();
    demo.prints("Ctrl-C ends it.");
    (demo, address, token)
}

fn slugs(address: SocketAddr, token: Option<&str>) -> Vec<String> {
    let data = ask(address, token, TITLES, &json!({})).data();
    let nodes = data["events"]["nodes"].as_array().expect("events").clone();
    let mut slugs: Vec<_> = nodes
        .iter()
        .map(|node| {
            assert_eq!(node["status"], "PUBLISHED");
            node["slug"].as_str().expect("a slug").to_owned()
        })
        .collect();
    slugs.sort();
    slugs
}

fn examples() -> Vec<String> {
    let mut examples = EXAMPLES.map(str::to_owned).to_vec();
    examples.sort();
    examples
}

/// Who asks in vain too often waits, and by whose word it is told who that is.
#[test]
fn a_proxy_is_believed_if_it_is_named() {
    let path = "/verify/7K3M9QXT0A2BZZ1W";
    for (proxies, expected) in [("127.0.0.0/8", 404), ("192.0.2.1", 429)] {
        let place = Place::new().with("CONVOKE_TRUSTED_PROXIES", proxies);
        let (_demo, address, _) = demo(&place, &[]);
        for _ in 0..20 {
            let status = get_for(address, path, "198.51.100.7").status;
            assert_eq!(status, 404);
        }
        assert_eq!(get_for(address, path, "198.51.100.7").status, 429);
        let other = get_for(address, path, "198.51.100.8").status;
        assert_eq!(other, expected, "{proxies}");
    }
}

#[test]
fn the_demo_serves_five_events() {
    let place = Place::new();
    let (demo, address, token) = demo(&place, &[]);
    assert!(token.starts_with("convoke_"), "{token}");
    assert_eq!(slugs(address, Some(&token)), examples());
    assert_eq!(slugs(address, None), examples());

    // Each whole, to whom the token belongs and to everybody else.
    let occasion = "query ($slug: String!) {
        event(slug: $slug) {
            slug title
            organizations { role printedName }
            agenda { items { kind title appearances { role printedName printedPosts } } }
        }
    }";
    for slug in EXAMPLES {
        for token in [Some(token.as_str()), None] {
            let data = ask(address, token, occasion, &json!({ "slug": slug })).data();
            assert_eq!(data["event"]["slug"], slug);
            let document = read(&example(slug)).expect("no problems");
            assert_eq!(data["event"]["title"], document.title.main_text());
            let agenda = &data["event"]["agenda"]["items"];
            let agenda = agenda.as_array().expect("items");
            assert!(agenda.len() >= document.agenda.len(), "{slug}");
        }
    }
    let viewer = "{ viewer { account { name } } }";
    let seen = ask(address, Some(&token), viewer, &json!({})).data();
    assert_eq!(seen["viewer"]["account"]["name"], "Demo organiser");
    let stranger = format!("{token}x");
    assert_eq!(
        ask(address, Some(&stranger), TITLES, &json!({})).status,
        401
    );

    let page = get(address, "/");
    assert_eq!(page.status, 200);
    assert!(
        page.content_type.starts_with("text/html"),
        "{}",
        page.content_type
    );
    assert!(page.text.contains("GraphiQL"));
    let live = get(address, "/health/live");
    assert_eq!((live.status, live.text.as_str()), (204, ""));
    let ready = get(address, "/health/ready");
    assert_eq!((ready.status, ready.text.as_str()), (200, "ready\n"));
    assert_eq!(get(address, "/nothing-here").status, 404);

    demo.terminate();
    demo.ended().expect(0);
    // The folder of the demo went with it.
    let left = std::fs::read_dir(place.path(".")).expect("the folder");
    let left: Vec<_> = left.map(|entry| entry.expect("an entry").path()).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_demo_that_keeps_its_data_doubles_nothing() {
    let place = Place::new();
    let id = "{ event(slug: \"jimei-forum-2024\") { id version agenda { revision items { id } } organizations { id } } }";
    let mut seen: Vec<Value> = Vec::new();
    let mut tokens: Vec<String> = Vec::new();
    for _ in 0..2 {
        let (demo, address, token) = demo(&place, &["--data", "kept"]);
        assert_eq!(slugs(address, Some(&token)), examples());
        seen.push(ask(address, Some(&token), id, &json!({})).data());
        // The token of the last time is still good.
        for token in &tokens {
            assert_eq!(slugs(address, Some(token)), examples());
        }
        tokens.push(token);
        demo.terminate();
        demo.ended().expect(0);
    }
    assert_eq!(seen[0], seen[1]);
    assert_ne!(tokens[0], tokens[1]);
    assert!(place.path("kept/convoke.db").is_file());
}

#[test]
fn a_demo_writes_into_no_database_of_yours() {
    let place = Place::new().with("DATABASE_URL", "postgres://127.0.0.1:1/yours");
    let (demo, address, _) = demo(&place, &[]);
    assert_eq!(slugs(address, None), examples());
    drop(demo);
}

#[test]
fn who_is_being_answered_is_answered_to_the_end() {
    let place = Place::new();
    let (mut demo, address, _) = demo(&place, &[]);
    let unfinished = Unfinished::begin(address, "{ event(slug: \"jimei-forum-2024\") { slug } }");
    let idle = Idle::open(address);
    demo.terminate();
    demo.tells("told to stop");
    // Who asks nothing is sent away at once; who has begun to ask is not.
    idle.closed();
    let answer = unfinished.finish();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains("jimei-forum-2024"), "{answer}");
    demo.ended().expect(0);
}

async fn what_is_served_is_served_from_this_database(backend: Backend) {
    let database = TestDatabase::create(backend).await;
    let place = Place::new().with("DATABASE_URL", &database.url);
    place.expect(&["workspace", "create", "office"]);
    let file = repository("examples/jimei-forum-2024.yaml");
    let file = file.to_str().expect("a path");

    let (serving, address) = place.serve();
    assert_eq!(get(address, "/health/ready").status, 200);
    assert!(slugs(address, None).is_empty());
    // What another process writes, this one serves.
    place.expect(&["import", file, "--publish"]);
    assert_eq!(slugs(address, None), ["jimei-forum-2024"]);
    serving.terminate();
    serving.ended().expect(0);

    let (serving, address) = place.serve();
    assert_eq!(slugs(address, None), ["jimei-forum-2024"]);
    drop(serving);
}

async fn no_person_and_no_token_is_in_the_logs(backend: Backend) {
    let database = TestDatabase::create(backend).await;
    let place = Place::new()
        .with("DATABASE_URL", &database.url)
        .with("CONVOKE_LOG", "debug");
    place.expect(&["workspace", "create", "office"]);
    place.expect(&["account", "create", "colleague"]);
    let token = place.expect(&["token", "create", "--account", "colleague"]);
    let token = token.trim();
    let document = "
key: secret-forum
language: en
title: A forum of which nobody knows
time: { timeZone: UTC, startsOn: 2024-01-01 }
people:
  - { key: ada, name: Ada Lovelace, email: ada@engine.example, telephone: '+4930123456' }
appearances:
  - { role: CHAIR, person: ada }
";
    place.write("forum.yaml", document);
    place.expect(&["import", "forum.yaml"]);

    let (serving, address) = place.serve();
    let people = "query Search($search: String!) {
        people(filter: { search: $search }) { nodes { name email telephone } }
        event(slug: \"secret-forum\") { title appearances { printedName } }
    }";
    let all = ask(
        address,
        Some(token),
        people,
        &json!({ "search": "Lovelace" }),
    )
    .data();
    assert_eq!(all["people"]["nodes"][0]["email"], "ada@engine.example");
    assert_eq!(
        all["event"]["appearances"][0]["printedName"],
        "Ada Lovelace"
    );
    let wanted = json!({ "search": "ada@engine.example" });
    ask(address, Some(token), people, &wanted).data();
    // The same where it comes to nothing: no right to it, no such token, no such field, no document.
    let strangers = ask(address, None, people, &wanted).data();
    assert_eq!(strangers["people"]["nodes"], json!([]));
    assert_eq!(strangers["event"], Value::Null);
    let stolen = ask(address, Some("convoke_stolen-Lovelace"), people, &wanted);
    assert_eq!(stolen.status, 401);
    for broken in [
        "{ people(filter: { search: \"ada@engine.example\" }) { nodes { lovelace } } }",
        "{ people(filter: { search: \"ada@engine.example\" ",
        "{ node(id: \"ada@engine.example\") { id } }",
    ] {
        let answer = ask(address, Some(token), broken, &json!({}));
        assert_ne!(answer.json()["errors"], Value::Null, "{broken}");
    }
    let import = "mutation ($input: EventImportInput!) {
        eventImport(input: $input) { userErrors { message path } }
    }";
    let workspace = place.expect(&["workspace", "list"]);
    let workspace = workspace.split('\t').next().expect("an id");
    let broken = document.replace("2024-01-01", "Lovelace");
    for document in [document, &broken] {
        let input = json!({ "input": { "workspaceId": workspace, "document": document } });
        ask(address, Some(token), import, &input).data();
    }
    get(address, "/people/Lovelace?token=engine");
    get(address, "/graphql?query=%7BLovelace%7D");
    serving.terminate();
    let said = serving.ended().expect(0);

    // The requests are there, each in a line of JSON; what was in them is not.
    let lines: Vec<Value> = said
        .err
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")))
        .collect();
    let answered = lines.iter().filter(|line| {
        line["message"]
            .as_str()
            .is_some_and(|text| text.starts_with("POST /graphql"))
    });
    assert_eq!(answered.count(), 9, "{}", said.err);
    assert!(
        said.err.contains("\"graphql.operation.name\":\"Search\""),
        "{}",
        said.err
    );
    let lower = said.err.to_lowercase();
    for personal in [
        token,
        token.trim_start_matches("convoke_"),
        "stolen",
        "lovelace",
        "engine",
        "30123456",
        "search:",
        "nobody knows",
        "userErrors",
    ] {
        let found = lower.find(&personal.to_lowercase());
        assert!(found.is_none(), "`{personal}` in:\n{}", said.err);
    }
}
