//! Who may do what: every operation of the schema before everybody who may ask, as one table that
//! is read when it changes.

use std::collections::BTreeSet;

use domain::Word as _;
use domain::access::{Permission, Role};
use serde_json::Value;
use tests::{Backend, Client, Sdl, TestApp, both};

use crate::samples::{Maker, ask, outcome, root, samples};

both!(everybody_may_do_what_the_table_says);

/// Those of the table, in its order.
///
/// The attendee, who holds the link of an invitation, comes last as soon as there are such links.
const PERSONAS: [&str; 5] = ["anonymous", "stranger", "viewer", "organiser", "owner"];

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
    let personas = [
        app.anonymous(),
        app.as_owner(&abroad).await,
        app.as_viewer(&home).await,
        app.as_organiser(&home).await,
        owner,
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
        let harmless = if reads { PERSONAS.len() } else { 3 };
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
        expect(&cells[4], "ok", "owner");
        if name == operation {
            let given = maker.fresh(&sample.given).await;
            expect(&comes(&only, &given).await, "ok", &format!("{word} alone"));
        }
        lines.push(line(name, word, &cells));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let table = lines.join("\n");
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "permission_matrix" }, {
        insta::assert_snapshot!("matrix", table);
    });
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
