//! Asking again without doing it twice: every mutation that takes a key.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Answer, Backend, Client, Sdl, TestApp, both};

use crate::samples::{Maker, Sample, document, outcome, refused, root};

both!(
    what_is_sent_twice_with_one_key_is_done_once,
    a_key_is_that_of_its_account_and_of_its_input_and_for_a_day
);

/// The mutations that take a key.
fn keyed(sdl: &Sdl) -> Vec<Sample> {
    let fields = sdl.of("Mutation").fields.iter();
    let takes_key = fields.filter(|(_, field)| {
        let input = sdl.of(field.arguments["input"].of.name());
        input.fields.contains_key("idempotencyKey")
    });
    let found: Vec<_> = takes_key.map(|(name, _)| Sample::of(name)).collect();
    assert!(found.len() > 20, "{found:?}");
    found
}

/// What else could be asked with the same key, and what is refused.
fn variants(sdl: &Sdl, operation: &str) -> (Value, Value) {
    let nobody = "per_0193f2a0000070008000000000000000";
    let (_, field) = root(sdl, operation);
    let input = sdl.of(field.arguments["input"].of.name());
    match operation {
        "agendaPublish" | "agendaEdit" => {
            (json!({ "dryRun": true }), json!({ "expectedRevision": 99 }))
        }
        "eventCreate" => (json!({ "capacity": 7 }), json!({ "slug": "Not A Slug" })),
        "eventCopy" => (json!({ "parts": [] }), json!({ "slug": "Not A Slug" })),
        "awardRecipientAdd" => (
            json!({ "recipient": { "personId": nobody } }),
            json!({ "recipient": { "personId": nobody } }),
        ),
        "personMerge" | "organizationMerge" => {
            (json!({ "dryRun": true }), json!({ "expectedVersion": 99 }))
        }
        "personBulkCreate" => (
            json!({ "onError": "REJECT_BAD_ROWS" }),
            json!({ "rows": [{ "name": "Dee" }, { "name": "" }] }),
        ),
        "organizationBulkCreate" => (
            json!({ "onError": "REJECT_BAD_ROWS" }),
            json!({ "rows": [{ "kind": "SCHOOL", "name": { "language": "en", "text": "" } }] }),
        ),
        "participantBulkAdd" => (
            json!({ "onError": "REJECT_BAD_ROWS" }),
            json!({ "rows": [{ "personId": nobody }] }),
        ),
        "participantInvite" => (
            json!({ "dryRun": true }),
            json!({ "answerBy": "2020-01-01T00:00:00Z" }),
        ),
        "participantRemind" => (
            json!({ "dryRun": true }),
            json!({ "participantIds": ["ptc_0193f2a0000070008000000000000000"] }),
        ),
        "letterIssue" => (
            json!({ "languages": "ENGLISH" }),
            json!({ "letterIds": ["ltr_0193f2a0000070008000000000000000"] }),
        ),
        "awardCertificateIssue" => (
            json!({ "languages": "ENGLISH" }),
            json!({ "awardIds": ["awd_0193f2a0000070008000000000000000"] }),
        ),
        "attendanceCertificateIssue" => (
            json!({ "languages": "CHINESE" }),
            json!({ "participantIds": ["ptc_0193f2a0000070008000000000000000"] }),
        ),
        "credentialReissue" => (
            json!({ "languages": "ENGLISH" }),
            json!({ "expectedVersion": 99 }),
        ),
        "suppressionAdd" => (
            json!({ "detail": "another" }),
            json!({ "address": "no address" }),
        ),
        "mailTemplateSet" => (
            json!({ "source": "Hello" }),
            json!({ "source": "{% if %}" }),
        ),
        "templateUpdate" => (json!({ "source": "Hello" }), json!({ "source": "" })),
        _ if input.fields.contains_key("order") => (json!({ "order": 0 }), json!({ "order": -1 })),
        _ => (
            json!({ "externalId": "another" }),
            json!({ "externalId": "" }),
        ),
    }
}

fn with(given: &Value, more: &Value) -> Value {
    let mut given = given.clone();
    let members = given.as_object_mut().expect("an input");
    members.extend(more.as_object().expect("members").clone());
    given
}

/// Asks for the payload with all that it tells of what was made.
async fn ask(client: &Client<'_>, sdl: &Sdl, operation: &str, given: &Value) -> Answer {
    let (text, variables) = document(sdl, operation, given, 1);
    client.ask(&text, variables).await
}

/// What was done by a mutation, as the log tells it.
async fn done(owner: &Client<'_>, operation: &str) -> BTreeSet<String> {
    let log = "query($operation: String!) { workspace(slug: \"home\") {
        auditLog(first: 100, filter: { operation: $operation }) { nodes { operationId } } } }";
    let answer = owner.ask(log, json!({ "operation": operation })).await;
    let nodes = answer.expect_data()["workspace"]["auditLog"]["nodes"].clone();
    let nodes = nodes.as_array().expect("the log").iter();
    nodes.map(|one| one["operationId"].to_string()).collect()
}

async fn what_is_sent_twice_with_one_key_is_done_once(backend: Backend) {
    let app = TestApp::new(backend).await;
    let sdl = Sdl::served();
    let home = app.workspace("home").await;
    let owner = app.as_owner(&home).await;
    let maker = Maker {
        client: owner.clone(),
        sdl: &sdl,
        workspace: home.id.to_string(),
    };
    let mut wrong = Vec::new();
    for sample in keyed(&sdl) {
        let operation = sample.operation();
        let key = json!({ "idempotencyKey": format!("the key of {operation}") });
        let (other, bad) = variants(&sdl, operation);
        let given = with(&maker.fresh(&sample.given).await, &key);
        let before = done(&owner, operation).await;

        // What is refused is not kept: mended, it may have the same key.
        let contents = app.database.contents().await;
        let answer = ask(&owner, &sdl, operation, &with(&given, &bad)).await;
        if answer.errors() != [] as [Value; 0]
            || refused(&answer.body["data"][operation]).is_empty()
        {
            wrong.push(format!(
                "{operation} is not refused {bad}: {:#}",
                answer.body
            ));
        }
        if contents != app.database.contents().await {
            wrong.push(format!("{operation}: what was refused left a trace"));
        }

        let (one, two) = tokio::join!(
            ask(&owner, &sdl, operation, &given),
            ask(&owner, &sdl, operation, &given)
        );
        let contents = app.database.contents().await;
        let later = ask(&owner, &sdl, operation, &given).await;
        if outcome(&one, operation) != "ok" || one.body != two.body || one.body != later.body {
            wrong.push(format!(
                "{operation}:\n{:#}\n{:#}\n{:#}",
                one.body, two.body, later.body
            ));
        }
        let after = done(&owner, operation).await;
        let times = after.difference(&before).count();
        // Nobody got the award of the sample: there is nothing to certify.
        let is_idle = operation == "awardCertificateIssue" && times == 0;
        if times != 1 && !is_idle {
            wrong.push(format!("{operation} was done {times} times"));
        }

        let answer = ask(&owner, &sdl, operation, &with(&given, &other)).await;
        let said = refused(&answer.body["data"][operation]);
        let reused = said.iter().any(|one| {
            one["code"] == "IDEMPOTENCY_KEY_REUSED"
                && one["path"] == json!(["input", "idempotencyKey"])
        });
        if !reused || said.len() != 1 {
            wrong.push(format!("{operation} with {other}: {:#}", answer.body));
        }
        if contents != app.database.contents().await {
            wrong.push(format!("{operation}: what was asked again left a trace"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn a_key_is_that_of_its_account_and_of_its_input_and_for_a_day(backend: Backend) {
    let app = TestApp::new(backend).await;
    let sdl = Sdl::served();
    let home = app.workspace("home").await;
    let owner = app.as_owner(&home).await;
    let colleague = app.as_owner(&home).await;
    let maker = Maker {
        client: owner.clone(),
        sdl: &sdl,
        workspace: home.id.to_string(),
    };
    let mut wrong = Vec::new();
    let key = json!({ "idempotencyKey": "one for all" });
    let mut asked = Vec::new();
    for sample in keyed(&sdl) {
        let operation = sample.operation();
        // One key serves for all mutations: it is a matter of each.
        let given = with(&maker.fresh(&sample.given).await, &key);
        let answer = ask(&owner, &sdl, operation, &given).await;
        let fresh = with(&maker.fresh(&sample.given).await, &key);
        let theirs = ask(&colleague, &sdl, operation, &fresh).await;
        for (who, said) in [("owner", &answer), ("colleague", &theirs)] {
            if outcome(said, operation) != "ok" {
                wrong.push(format!("{operation} by the {who}: {:#}", said.body));
            }
        }
        asked.push((sample, given, answer));
    }

    app.clock
        .advance(TimeDelta::hours(24) - TimeDelta::minutes(1));
    let mut fresh = Vec::new();
    for (sample, given, answer) in &asked {
        let operation = sample.operation();
        let again = ask(&owner, &sdl, operation, given).await;
        if again.body != answer.body {
            wrong.push(format!(
                "{operation} within a day: {:#}\nnot {:#}",
                again.body, answer.body
            ));
        }
        fresh.push(with(&maker.fresh(&sample.given).await, &key));
    }

    app.clock.advance(TimeDelta::minutes(2));
    for ((sample, ..), given) in asked.iter().zip(fresh) {
        let operation = sample.operation();
        let again = ask(&owner, &sdl, operation, &given).await;
        if outcome(&again, operation) != "ok" {
            wrong.push(format!("{operation} a day later: {:#}", again.body));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
