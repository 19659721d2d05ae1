//! Who may do what: every operation of the schema before everybody who may ask, as one table that
//! is read when it changes.

use std::collections::BTreeSet;

use domain::Word as _;
use domain::access::{Permission, Role};
use serde_json::{Value, json};
use tests::{Backend, Client, Sdl, TestApp, both};

use crate::doing::done;
use crate::samples::{Maker, ask, outcome, root, samples};

both!(everybody_may_do_what_the_table_says);

/// Those of the table, in its order: first those who change nothing. The attendee asks with the link
/// of a participant of a published event of the house.
const PERSONAS: [&str; 6] = [
    "anonymous",
    "stranger",
    "attendee",
    "viewer",
    "organiser",
    "owner",
];
/// How many of them change nothing.
const HARMLESS: usize = 4;

async fn everybody_may_do_what_the_table_says(backend: Backend) {
    let app = TestApp::new(backend).await;
    let sdl = Sdl::served();
    let home = app.workspace("home").await;
    let abroad = app.workspace("abroad").await;
    let owner = app.as_owner(&home).await;
    let maker = Maker {
        client: owner.clone(),
        sdl: &sdl,
        workspace: home.id.to_string(),
    };
    let listed = maker.fresh(&json!("$Participant")).await;
    let listed = listed.as_str().expect("an id");
    publish_the_event_of(listed, &owner).await;
    let personas = [
        app.anonymous(),
        app.as_owner(&abroad).await,
        app.as_guest(listed, &owner).await,
        app.as_viewer(&home).await,
        app.as_organiser(&home).await,
        owner.clone(),
    ];
    let confined = async |scopes: Vec<Permission>| -> Client<'_> {
        app.bearer(app.token(&home, Role::Owner, Some(&scopes)).await)
    };
    let mut lines = vec![line("operation", "requires", &PERSONAS.map(str::to_owned))];
    let mut wrong = Vec::new();
    for sample in samples() {
        let (name, operation) = (sample.name, sample.operation());
        let (of, field) = root(&sdl, operation);
        let word = field.requires().expect("@requires");
        let needed: Permission = word.parse().expect("a permission");
        let others = Permission::ALL.iter().copied().filter(|one| *one != needed);
        let without = confined(others.collect()).await;
        let only = confined(vec![needed]).await;
        let comes = async |client: &Client<'_>, given: &Value| {
            outcome(&ask(client, &sdl, operation, given).await, operation)
        };
        let mut expect = |said: &str, expected: &str, who: &str| {
            if said != expected {
                wrong.push(format!("{name}, {who}: {said}, not {expected}"));
            }
        };

        let reads = of == "Query";
        let harmless = if reads { PERSONAS.len() } else { HARMLESS };
        let given = maker.fresh(&sample.given).await;
        let before = app.database.contents().await;
        let mut cells = Vec::new();
        for client in &personas[..harmless] {
            cells.push(comes(client, &given).await);
        }
        if !reads {
            let said = comes(&without, &given).await;
            expect(&said, "FORBIDDEN", &format!("all but {word}"));
        }
        let after = app.database.contents().await;
        assert!(
            before == after,
            "{name}: the denied left a trace: {cells:?}"
        );
        // What is done can be done once: each does it to things of its own.
        for client in &personas[harmless..] {
            let given = maker.fresh(&sample.given).await;
            cells.push(comes(client, &given).await);
        }
        // Whoever asks with a token is no attendee.
        let is_nobodys = operation == "attendee";
        if !is_nobodys {
            expect(cells.last().expect("a cell"), "ok", "owner");
        }
        if name == operation && !is_nobodys {
            let given = maker.fresh(&sample.given).await;
            expect(&comes(&only, &given).await, "ok", &format!("{word} alone"));
        }
        lines.push(line(name, word, &cells));
    }
    // The one thing that an attendee may do, and for themselves alone.
    let given = json!({ "id": listed, "answer": "ACCEPTED" });
    let mut cells = Vec::new();
    for client in &personas {
        let answer = ask(client, &sdl, "participantAnswer", &given).await;
        cells.push(outcome(&answer, "participantAnswer"));
    }
    lines.push(line("participantAnswer, own", "PARTICIPANT_EDIT", &cells));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let table = lines.join("\n");
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "permission_matrix" }, {
        insta::assert_snapshot!("matrix", table);
    });
}

async fn publish_the_event_of(participant: &str, owner: &Client<'_>) {
    let operation = format!(
        "{{ node(id: \"{participant}\") {{ ... on Participant {{ event {{ id version }} }} }} }}"
    );
    let answer = owner.query(&operation).await;
    let event = &answer.expect_data()["node"]["event"];
    let input = json!({ "id": event["id"], "expectedVersion": event["version"] });
    done(owner, "eventPublish", input).await;
}

fn line(name: &str, word: &str, cells: &[String]) -> String {
    let cells: Vec<_> = cells.iter().map(|cell| format!("{cell:<15}")).collect();
    let line = format!("{name:<24} | {word:<16} | {}", cells.join(" | "));
    line.trim_end().to_owned()
}

#[test]
fn every_operation_has_a_sample_and_no_other() {
    let sdl = Sdl::served();
    let fields = ["Query", "Mutation"].map(|root| sdl.of(root).fields.keys().cloned());
    let known: BTreeSet<String> = fields.into_iter().flatten().collect();
    let sampled = samples().into_iter().map(|one| one.operation().to_owned());
    assert_eq!(sampled.collect::<BTreeSet<_>>(), known);
}
