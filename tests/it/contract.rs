//! What the product is judged by from outside: the five events with every fact that is known of
//! them, and the core of the schema.

mod core;
mod facts;

use std::path::PathBuf;

use serde_json::{Value, json};
use tests::{Backend, EXAMPLES, TestApp, both};

pub const ARCHIVE: &str = include_str!("contract/occasion.graphql");
const SCHEDULE: &str = include_str!("contract/schedule.graphql");

both!(the_operations_of_the_contract_run_as_they_stand);

/// The contract is kept outside of the repository; beside a checkout that lacks it, our own
/// operations stand for it.
async fn the_operations_of_the_contract_run_as_they_stand(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    for slug in EXAMPLES {
        app.publish_example(&workspace, slug).await;
    }
    let organiser = app.as_organiser(&workspace).await;
    for slug in EXAMPLES {
        let variables = json!({ "slug": slug });
        let ours = organiser.ask(ARCHIVE, variables.clone()).await;
        if let Some(operation) = contract("occasion.graphql") {
            let theirs = organiser.ask(&operation, variables.clone()).await;
            assert_covers(ours.expect_data(), theirs.expect_data(), slug);
        }
        let ours = app.anonymous().ask(SCHEDULE, variables.clone()).await;
        let event = &ours.expect_data()["event"];
        assert_eq!(event["agenda"]["version"], 1);
        assert_eq!(event["agenda"]["publishedAt"], "2025-01-01T12:00:00Z");
        if let Some(operation) = contract("agenda.graphql") {
            let theirs = app.anonymous().ask(&operation, variables).await;
            assert_covers(ours.expect_data(), theirs.expect_data(), slug);
        }
    }
}

/// A file of the contract, if it lies beside the repository.
pub fn contract(name: &str) -> Option<String> {
    let folder: PathBuf = tests::root().join("..").join("shared").join("contract");
    let file = folder.join(name);
    folder
        .is_dir()
        .then(|| std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{name}: {error}")))
}

/// Fails if `theirs` says anything that `ours` does not say in the same place.
fn assert_covers(ours: &Value, theirs: &Value, place: &str) {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            for (key, value) in theirs {
                let place = format!("{place}.{key}");
                let found = ours
                    .get(key)
                    .unwrap_or_else(|| panic!("{place} is not asked for"));
                assert_covers(found, value, &place);
            }
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            assert_eq!(ours.len(), theirs.len(), "{place}");
            for (index, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
                assert_covers(ours, theirs, &format!("{place}.{index}"));
            }
        }
        (ours, theirs) => assert_eq!(ours, theirs, "{place}"),
    }
}

/// Publishes an example, and reads all that an organiser's token shows of it.
async fn archived(backend: Backend, slug: &str) -> Value {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    app.publish_example(&workspace, slug).await;
    let organiser = app.as_organiser(&workspace).await;
    let answer = organiser.ask(ARCHIVE, json!({ "slug": slug })).await;
    let event = answer.expect_data()["event"].clone();
    assert_eq!(event["status"], "PUBLISHED");
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "contract/snapshots" }, {
        insta::assert_snapshot!(slug, serde_json::to_string_pretty(&event).expect("JSON"));
    });
    event
}

/// One day, and no clock time.
fn takes_place(event: &Value, day: &str, part: Option<&str>, precision: &str) {
    assert_eq!(
        event["time"],
        json!({
            "timeZone": "Asia/Shanghai",
            "startsOn": day,
            "endsOn": day,
            "dayPart": part,
            "precision": precision,
            "startsAtLocal": null,
            "startsAt": null,
            "endsAt": null
        })
    );
}

fn action(description: &str, recurring: bool, set_by: Option<&str>, by: &[&str]) -> Value {
    let named = |name: &&str| json!({ "name": name });
    json!({
        "description": description,
        "status": "OPEN",
        "recurring": recurring,
        "dueOn": null,
        "setBy": set_by.as_ref().map(named),
        "responsible": by.iter().map(named).collect::<Vec<_>>()
    })
}

/// The printed names of the organizations with a role, in order.
fn roles<'a>(event: &'a Value, role: &str) -> Vec<&'a str> {
    let all = event["organizations"].as_array().expect("organizations");
    let all = all.iter().filter(|one| one["role"] == role);
    all.map(|one| {
        assert_eq!(one["printedName"], one["organization"]["name"]);
        one["printedName"].as_str().expect("a name")
    })
    .collect()
}

fn person<'a>(event: &'a Value, name: &str) -> &'a Value {
    let all = event["participants"]["nodes"]
        .as_array()
        .expect("participants");
    let one = all.iter().find(|one| one["printedName"] == name);
    &one.unwrap_or_else(|| panic!("{name} does not take part"))["person"]
}

/// What stands at a path, through all lists on the way.
fn pick<'a>(value: &'a Value, path: &str) -> Vec<&'a Value> {
    let flat = |value: &'a Value| match value {
        Value::Array(all) => all.iter().collect(),
        one => vec![one],
    };
    let mut found = flat(value);
    for step in path.split('.') {
        found = found.into_iter().flat_map(|one| flat(&one[step])).collect();
    }
    found
}
