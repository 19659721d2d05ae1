//! Several changes at once: all of them or none, each upon those before it, and one revision.

use serde_json::{Value, json};
use tests::{Backend, both};

use super::Forum;
use crate::doing::{done, in_short, refused, with};

both!(
    all_of_them_are_made_or_none,
    a_trial_tells_the_draft_as_it_would_be,
    all_that_is_wrong_with_any_is_told,
    who_asks_again_changes_nothing_twice,
    many_changes_cost_what_few_cost
);

fn text(text: &str) -> Value {
    json!({ "language": "en", "text": text })
}

/// An afternoon with two talks, one by somebody who spoke in the morning; the panel moves into it, the
/// second talk goes.
async fn afternoon(forum: &Forum) -> Value {
    let owner = forum.owner().await;
    let first = forum.item(&owner, "first").await;
    let second = forum.item(&owner, "second").await;
    let third = forum.item(&owner, "third").await;
    let ada = &first["appearances"][0]["person"]["id"];
    json!({ "eventId": forum.id, "operations": [
        { "itemAdd": { "handle": "afternoon", "kind": "OTHER", "fields": { "title": text("Afternoon") },
            "startsAtLocal": "2025-02-01T14:00:00", "endsAtLocal": "2025-02-01T18:00:00" } },
        { "itemAdd": { "handle": "talk", "kind": "TALK", "parentHandle": "afternoon",
            "fields": { "title": text("A further talk") },
            "startsAtLocal": "2025-02-01T14:00:00", "endsAtLocal": "2025-02-01T15:00:00" } },
        { "appearanceAdd": { "itemHandle": "talk", "who": { "personId": ada }, "role": "SPEAKER" } },
        { "itemMove": { "id": third["id"], "expectedVersion": third["version"],
            "parentHandle": "afternoon", "order": 0, "startsAtLocal": "2025-02-01T15:00:00" } },
        // Each is at the version of before, however often it is changed.
        { "itemUpdate": { "id": third["id"], "expectedVersion": third["version"],
            "patch": { "title": text("The late panel") } } },
        { "itemRemove": { "id": second["id"], "expectedVersion": second["version"] } },
        { "appearanceUpdate": { "id": first["appearances"][0]["id"], "expectedVersion": 1,
            "patch": { "role": "KEYNOTE_SPEAKER" } } },
    ] })
}

async fn all_of_them_are_made_or_none(backend: Backend) {
    let forum = Forum::new(backend).await;
    let owner = forum.owner().await;
    let before = forum.draft(&owner).await;
    let input = afternoon(&forum).await;
    let contents = forum.app.database.contents().await;
    let tried = with(input.clone(), json!({ "dryRun": true }));
    let tried = done(&owner, "agendaEdit", tried).await;
    assert!(contents == forum.app.database.contents().await);
    assert_eq!(tried["results"][2]["appearance"]["version"], 1);
    assert_eq!(tried["results"][5]["item"], Value::Null);

    let payload = done(&owner, "agendaEdit", input).await;
    let results = payload["results"].as_array().expect("results");
    assert_eq!(results.len(), 7);
    assert_eq!(results[5]["item"], Value::Null);
    assert_eq!(results[2]["appearance"]["version"], 1);
    // The panel was moved and changed, which makes it one version more.
    assert_eq!(results[3]["item"]["version"], 2);
    assert_eq!(forum.revision(&owner).await, 2);
    let operation = "{ event(slug: \"forum\") { draftAgenda { items {
        title order startsAtLocal parent { title } appearances { role printedName printedPosts } } } } }";
    let answer = owner.query(operation).await;
    let items = &answer.expect_data()["event"]["draftAgenda"]["items"];
    let told: Vec<_> = items
        .as_array()
        .expect("items")
        .iter()
        .map(|item| {
            let of = |member: &str| item[member].as_str().unwrap_or("-").to_owned();
            let parent = item["parent"]["title"].as_str().unwrap_or("-");
            format!(
                "{} | {} | {parent} | {}",
                of("title"),
                of("startsAtLocal"),
                item["order"]
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "Morning | 2025-02-01T09:00:00 | - | 0",
            "The first talk | 2025-02-01T09:00:00 | Morning | 0",
            "Afternoon | 2025-02-01T14:00:00 | - | 1",
            "The late panel | 2025-02-01T15:00:00 | Afternoon | 0",
            "A further talk | 2025-02-01T14:00:00 | Afternoon | 1",
        ]
    );
    assert_eq!(
        items[4]["appearances"],
        json!([{ "role": "SPEAKER", "printedName": "Ada Example", "printedPosts": ["director"] }])
    );
    assert_eq!(items[1]["appearances"][0]["role"], "KEYNOTE_SPEAKER");
    // One step back takes all of it back.
    let undo = json!({ "eventId": forum.id, "expectedRevision": 2 });
    done(&owner, "agendaUndo", undo).await;
    assert_eq!(forum.draft(&owner).await, before);
}

async fn a_trial_tells_the_draft_as_it_would_be(backend: Backend) {
    let forum = Forum::new(backend).await;
    let owner = forum.owner().await;
    let first = forum.item(&owner, "first").await;
    let ada = &first["appearances"][0]["person"]["id"];
    let input = json!({ "eventId": forum.id, "dryRun": true, "operations": [
        { "itemAdd": { "handle": "talk", "kind": "TALK", "startsAtLocal": "2025-02-01T09:30:00" } },
        { "appearanceAdd": { "itemHandle": "talk", "who": { "personId": ada }, "role": "SPEAKER" } },
    ] });
    let operation = "mutation($input: AgendaEditInput!) { agendaEdit(input: $input) {
        agenda { revision items { id } } conflicts { kind } userErrors { message } } }";
    let answer = owner.ask(operation, json!({ "input": input })).await;
    let tried = &answer.expect_data()["agendaEdit"];
    assert_eq!(tried["agenda"]["items"].as_array().expect("items").len(), 5);
    assert_eq!(tried["conflicts"], json!([{ "kind": "PERSON_OVERLAP" }]));

    let shift = json!({ "eventId": forum.id, "dryRun": true, "minutes": 60,
        "expectedRevision": 1, "fromLocal": "2025-02-01T09:00:00", "untilLocal": "2025-02-01T09:30:00" });
    let operation = "mutation($input: AgendaShiftInput!) { agendaShift(input: $input) {
        agenda { items { startsAtLocal } } } }";
    let answer = owner.ask(operation, json!({ "input": shift })).await;
    let items = &answer.expect_data()["agendaShift"]["agenda"]["items"];
    assert_eq!(items[0]["startsAtLocal"], "2025-02-01T10:00:00");
    assert_eq!(forum.revision(&owner).await, 1);
    let lasts = forum.item(&owner, "first").await;
    assert_eq!(lasts["version"], 1);
}

async fn all_that_is_wrong_with_any_is_told(backend: Backend) {
    let forum = Forum::new(backend).await;
    let (app, owner) = (&forum.app, forum.owner().await);
    let first = forum.item(&owner, "first").await;
    let (id, nobody) = (&first["id"], "per_0193f2a0000070008000000000000000");
    let elsewhere = "rom_0193f2a0000070008000000000000000";
    let morning = forum.item(&owner, "morning").await;
    let input = json!({ "eventId": forum.id, "expectedRevision": 7, "operations": [
        { "itemAdd": { "kind": "TALK", "parentHandle": "nowhere", "roomId": elsewhere } },
        { "itemUpdate": { "id": id, "expectedVersion": 3, "patch": { "title": text(" ") } } },
        { "itemMove": { "id": morning["id"], "expectedVersion": 1, "parentId": id } },
        { "itemRemove": { "id": id, "expectedVersion": 1 } },
        { "itemRemove": { "id": id, "expectedVersion": 1 } },
        { "appearanceAdd": { "who": { "personId": nobody }, "role": "HOST" } },
        { "itemAdd": { "kind": "TALK", "fields": { "externalId": "third" } } },
    ] });
    let errors = refused(app, &owner, "agendaEdit", input).await;
    assert_eq!(
        in_short(&errors),
        [
            "STALE_VERSION input.expectedRevision",
            "NOT_FOUND input.operations.0.itemAdd.parentHandle",
            "NOT_FOUND input.operations.0.itemAdd.roomId",
            "STALE_VERSION input.operations.1.itemUpdate.expectedVersion",
            "INVALID input.operations.1.itemUpdate.patch.title.text",
            "INVALID input.operations.2.itemMove.parentId",
            "NOT_FOUND input.operations.4.itemRemove.id",
            "NOT_FOUND input.operations.5.appearanceAdd.who.personId",
            "ALREADY_EXISTS input.operations.6.itemAdd.fields.externalId",
        ]
    );
    let both = json!({ "eventId": forum.id, "operations": [
        { "itemAdd": { "kind": "TALK", "parentId": id, "parentHandle": "x", "handle": " " } }] });
    let errors = refused(app, &owner, "agendaEdit", both).await;
    assert_eq!(
        in_short(&errors),
        [
            "INVALID input.operations.0.itemAdd.parentHandle",
            "INVALID input.operations.0.itemAdd.handle",
        ]
    );
}

async fn who_asks_again_changes_nothing_twice(backend: Backend) {
    let forum = Forum::new(backend).await;
    let owner = forum.owner().await;
    let input = with(afternoon(&forum).await, json!({ "idempotencyKey": "once" }));
    let one = done(&owner, "agendaEdit", input.clone()).await;
    let two = done(&owner, "agendaEdit", input).await;
    assert_eq!(one, two);
    assert_eq!(forum.revision(&owner).await, 2);
}

async fn many_changes_cost_what_few_cost(backend: Backend) {
    let forum = Forum::new(backend).await;
    let owner = forum.owner().await;
    let mut costs = Vec::new();
    for many in [1, 200] {
        let add =
            json!({ "itemAdd": { "kind": "TALK", "fields": { "title": text("One of many") } } });
        let input = json!({ "eventId": forum.id, "operations": vec![add; many] });
        let operation = "mutation($input: AgendaEditInput!) {
            agendaEdit(input: $input) { userErrors { message } } }";
        let before = forum.app.store.statements();
        let answer = owner.ask(operation, json!({ "input": input })).await;
        assert_eq!(answer.expect_data()["agendaEdit"]["userErrors"], json!([]));
        costs.push(forum.app.store.statements() - before);
    }
    assert_eq!(costs[0], costs[1], "one change, and many");
}
