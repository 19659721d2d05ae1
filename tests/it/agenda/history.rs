//! Taking changes back: whatever was done, the draft is as it was before; done again, as it was after.

use serde_json::{Value, json};
use tests::{Backend, Client, both};

use super::{Forum, seen};
use crate::doing::{done, in_short, refused, with};
use crate::editing::editor::Dice;

both!(
    whatever_is_done_can_be_taken_back_and_done_again,
    a_step_back_is_a_change_like_any_other,
    what_was_more_than_the_agenda_stays,
    the_draft_goes_back_to_a_version,
    what_was_done_since_a_revision_is_told
);

/// Everything that changes hands on the draft, with its versions.
async fn things(forum: &Forum, client: &Client<'_>) -> Value {
    let operation = "query($id: ID!) { node(id: $id) { ... on Event {
        draftAgenda { revision items { id version externalId parent { id } track { id version }
            appearances { id version person { id } } releases { id version }
            awards { id version recipients { id version } } } }
        participantGroups { id version } organizations { organization { id } }
        allReleases: releases { id version item { id } } allAwards: awards { id version item { id } }
    } } }";
    let answer = client.ask(operation, json!({ "id": forum.id })).await;
    answer.expect_data()["node"].clone()
}

/// Something to do to the draft.
fn next(
    forum: &Forum,
    things: &Value,
    people: &[Value],
    rooms: &[Value],
    dice: &mut Dice,
) -> Option<(&'static str, Value)> {
    let items = things["draftAgenda"]["items"].as_array()?.clone();
    let of = |member: &str| -> Vec<Value> {
        let lists = items.iter().filter_map(|item| item[member].as_array());
        lists.flatten().cloned().collect()
    };
    let text = json!({ "language": "en", "text": format!("words {}", dice.below(1000)) });
    let event = json!(forum.id);
    let time = |dice: &mut Dice| json!(format!("2025-02-01T{:02}:00:00", 8 + dice.below(9)));
    let item = dice.one(&items).cloned();
    let id = |one: &Option<Value>| one.as_ref().map_or(Value::Null, |one| one["id"].clone());
    Some(match dice.below(23) {
        0 => (
            "agendaItemAdd",
            json!({ "eventId": event, "kind": "TALK", "title": text,
            "parentId": id(&item), "startsAtLocal": time(dice), "order": dice.below(3) }),
        ),
        1 => (
            "agendaItemAdd",
            json!({ "eventId": event, "kind": "BREAK",
            "roomId": dice.one(rooms)?["id"] }),
        ),
        2 => (
            "agendaItemUpdate",
            with(
                seen(&item?),
                json!({ "patch": { "title": text, "kind": "PANEL", "expectedAudience": 40 } }),
            ),
        ),
        3 => (
            "agendaItemUpdate",
            with(
                seen(&item?),
                json!({ "patch": { "trackId": null, "abstract": text } }),
            ),
        ),
        4 => (
            "agendaItemMove",
            with(
                seen(&item?),
                json!({ "startsAtLocal": time(dice), "endsAtLocal": null }),
            ),
        ),
        5 => (
            "agendaItemMove",
            with(
                seen(&item?),
                json!({ "parentId": id(&dice.one(&items).cloned()), "order": dice.below(3) }),
            ),
        ),
        6 => (
            "agendaItemMove",
            with(
                seen(&item?),
                json!({ "parentId": null, "roomId": dice.one(rooms)?["id"] }),
            ),
        ),
        7 | 8 => ("agendaItemRemove", seen(&item?)),
        9 => (
            "appearanceAdd",
            json!({ "eventId": event, "itemId": id(&item), "role": "SPEAKER",
            "who": { "personId": dice.one(people)?["id"] }, "order": 0 }),
        ),
        10 => ("appearanceRemove", seen(dice.one(&of("appearances"))?)),
        11 => (
            "appearanceUpdate",
            with(
                seen(dice.one(&of("appearances"))?),
                json!({ "patch": { "printedName": text["text"], "role": "HOST", "order": 0 } }),
            ),
        ),
        12 => (
            "releaseAdd",
            json!({ "eventId": event, "itemId": id(&item), "title": text, "order": 0 }),
        ),
        16 => (
            "agendaShift",
            json!({ "eventId": event, "expectedRevision": things["draftAgenda"]["revision"],
            "fromLocal": time(dice), "minutes": 5 }),
        ),
        // Onto an item, to another, or beside the agenda.
        17 => {
            let patch =
                json!({ "itemId": if dice.below(2) == 0 { id(&item) } else { Value::Null } });
            let one = dice.one(things["allReleases"].as_array()?)?;
            ("releaseUpdate", with(seen(one), json!({ "patch": patch })))
        }
        18 => {
            let patch =
                json!({ "itemId": if dice.below(2) == 0 { id(&item) } else { Value::Null } });
            let one = dice.one(things["allAwards"].as_array()?)?;
            ("awardUpdate", with(seen(one), json!({ "patch": patch })))
        }
        19 => (
            "agendaRevert",
            json!({ "eventId": event, "version": 1,
            "expectedRevision": things["draftAgenda"]["revision"] }),
        ),
        // One gets what another is called by the caller.
        20 => {
            let (one, other) = (item?, dice.one(&items)?.clone());
            let named = |thing: &Value, name: &Value| {
                with(seen(thing), json!({ "patch": { "externalId": name } }))
            };
            let mut operations = vec![
                json!({ "itemUpdate": named(&one, &Value::Null) }),
                json!({ "itemAdd": { "kind": "TALK", "fields": { "externalId": one["externalId"] } } }),
            ];
            if one["id"] != other["id"] {
                operations = vec![
                    json!({ "itemUpdate": named(&one, &Value::Null) }),
                    json!({ "itemUpdate": named(&other, &one["externalId"]) }),
                    json!({ "itemUpdate": named(&one, &other["externalId"]) }),
                ];
            }
            (
                "agendaEdit",
                json!({ "eventId": event, "operations": operations }),
            )
        }
        13 => ("releaseRemove", seen(dice.one(&of("releases"))?)),
        14 => ("awardRemove", seen(dice.one(&of("awards"))?)),
        15 => {
            let body = things["organizations"].as_array()?.first();
            let grantors: Vec<_> = body
                .iter()
                .map(|one| one["organization"]["id"].clone())
                .collect();
            (
                "awardAdd",
                json!({ "eventId": event, "itemId": id(&item), "kind": "PRIZE",
                "title": text, "grantorIds": grantors, "order": 0 }),
            )
        }
        _ => (
            "awardRecipientAdd",
            json!({ "awardId": dice.one(&of("awards"))?["id"],
            "recipient": { "personId": dice.one(people)?["id"] } }),
        ),
    })
}

async fn whatever_is_done_can_be_taken_back_and_done_again(backend: Backend) {
    let forum = Forum::published(backend).await;
    let owner = forum.owner().await;
    let answer = owner
        .query("{ people { nodes { id } } event(slug: \"forum\") { draftAgenda { items { room { id venue { rooms { id } } } } } } }")
        .await;
    let data = answer.expect_data();
    let people = data["people"]["nodes"].as_array().expect("people").clone();
    let rooms = data["event"]["draftAgenda"]["items"][1]["room"]["venue"]["rooms"].clone();
    let rooms = rooms.as_array().expect("rooms").clone();
    let mut dice = Dice(7);
    let (mut steps, mut kinds) = (0, std::collections::BTreeSet::new());
    let mut states = vec![forum.draft(&owner).await];
    for _ in 0..150 {
        let known = things(&forum, &owner).await;
        let revision = forum.revision(&owner).await;
        let Some((mutation, input)) = next(&forum, &known, &people, &rooms, &mut dice) else {
            continue;
        };
        let answer = crate::doing::send(&owner, mutation, input.clone()).await;
        if answer.expect_data()[mutation]["userErrors"] != json!([]) {
            continue;
        }
        let (before, after) = (
            states.last().expect("one").clone(),
            forum.draft(&owner).await,
        );
        let whole = || format!("{mutation} {input:#}");
        if before == after {
            // It said what was so already, or changed nothing that is told here.
            if forum.revision(&owner).await > revision {
                step(&forum, &owner, "agendaUndo").await;
            }
            continue;
        }
        step(&forum, &owner, "agendaUndo").await;
        assert_eq!(forum.draft(&owner).await, before, "{}", whole());
        step(&forum, &owner, "agendaRedo").await;
        assert_eq!(forum.draft(&owner).await, after, "{}", whole());
        states.push(after);
        steps += 1;
        kinds.insert(mutation);
    }
    assert!(steps > 60 && kinds.len() > 13, "{steps} {kinds:?}");

    let log = crate::editing::replay::log(&owner, "home").await;
    let wrong = crate::editing::replay::contradictions(&forum.app, &log).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // All the way back, and forth again.
    for state in states.iter().rev().skip(1) {
        step(&forum, &owner, "agendaUndo").await;
        assert_eq!(forum.draft(&owner).await, *state);
    }
    for state in states.iter().skip(1) {
        step(&forum, &owner, "agendaRedo").await;
        assert_eq!(forum.draft(&owner).await, *state);
    }
}

async fn step(forum: &Forum, client: &Client<'_>, mutation: &str) -> Value {
    let revision = forum.revision(client).await;
    let input = json!({ "eventId": forum.id, "expectedRevision": revision });
    done(client, mutation, input).await
}

async fn a_step_back_is_a_change_like_any_other(backend: Backend) {
    let forum = Forum::new(backend).await;
    let (app, owner) = (&forum.app, forum.owner().await);
    let first = forum.item(&owner, "first").await;
    let patch = json!({ "patch": { "kind": "PANEL" } });
    done(
        &owner,
        "agendaItemUpdate",
        with(seen(&first), patch.clone()),
    )
    .await;
    let stale = json!({ "eventId": forum.id, "expectedRevision": 1 });
    let errors = refused(app, &owner, "agendaUndo", stale).await;
    assert_eq!(in_short(&errors), ["STALE_VERSION input.expectedRevision"]);

    let before = app.database.contents().await;
    let tried = json!({ "eventId": forum.id, "expectedRevision": 2, "dryRun": true });
    let payload = done(&owner, "agendaUndo", tried).await;
    assert_eq!(payload["undone"]["number"], 2);
    assert!(before == app.database.contents().await);
    let payload = step(&forum, &owner, "agendaUndo").await;
    assert_eq!(payload["undone"]["operation"], "agendaItemUpdate");
    assert_eq!(forum.revision(&owner).await, 3);
    // Who saw the item before it was changed has not seen that it was changed back.
    let errors = refused(
        app,
        &owner,
        "agendaItemUpdate",
        with(seen(&first), patch.clone()),
    )
    .await;
    assert_eq!(in_short(&errors), ["STALE_VERSION input.expectedVersion"]);
    step(&forum, &owner, "agendaRedo").await;
    let nothing = json!({ "eventId": forum.id, "expectedRevision": 4 });
    let errors = refused(app, &owner, "agendaRedo", nothing).await;
    assert_eq!(in_short(&errors), ["ILLEGAL_STATE input.eventId"]);
    // Once something else is done, what was taken back stays so.
    step(&forum, &owner, "agendaUndo").await;
    let more = json!({ "eventId": forum.id, "kind": "BREAK" });
    done(&owner, "agendaItemAdd", more).await;
    let nothing = json!({ "eventId": forum.id, "expectedRevision": 6 });
    let errors = refused(app, &owner, "agendaRedo", nothing).await;
    assert_eq!(in_short(&errors), ["ILLEGAL_STATE input.eventId"]);
}

async fn what_was_more_than_the_agenda_stays(backend: Backend) {
    let forum = Forum::new(backend).await;
    let (app, owner) = (&forum.app, forum.owner().await);
    // The import made people and places too.
    let input = json!({ "eventId": forum.id, "expectedRevision": 1 });
    let errors = refused(app, &owner, "agendaUndo", input).await;
    assert_eq!(in_short(&errors), ["ILLEGAL_STATE input.eventId"]);
    // A speaker was taken off, and is in the directory no longer: they do not come back.
    let third = forum.item(&owner, "third").await;
    done(&owner, "agendaItemRemove", seen(&third)).await;
    let operation = "{ event(slug: \"forum\") { awards { recipients { id version } }
        participants(filter: { search: \"Cy\" }) { nodes { id version person { id version } } } } }";
    let answer = owner.query(operation).await;
    let event = answer.expect_data()["event"].clone();
    let recipient = seen(&event["awards"][0]["recipients"][0]);
    done(&owner, "awardRecipientRemove", recipient).await;
    let one = &event["participants"]["nodes"][0];
    done(&owner, "participantRemove", seen(one)).await;
    done(&owner, "personRemove", seen(&one["person"])).await;
    let input = json!({ "eventId": forum.id, "expectedRevision": 3 });
    let errors = refused(app, &owner, "agendaUndo", input).await;
    assert_eq!(in_short(&errors), ["CONFLICT input.eventId"]);
}

async fn the_draft_goes_back_to_a_version(backend: Backend) {
    let forum = Forum::published(backend).await;
    let (app, owner) = (&forum.app, forum.owner().await);
    let published = forum.draft(&owner).await;
    // The morning goes with all in it, and a talk of the same name comes.
    let morning = forum.item(&owner, "morning").await;
    done(&owner, "agendaItemRemove", seen(&morning)).await;
    let talk = json!({ "eventId": forum.id, "kind": "TALK", "externalId": "first" });
    done(&owner, "agendaItemAdd", talk).await;
    let release = json!({ "eventId": forum.id, "title": { "language": "en", "text": "Beside" } });
    done(&owner, "releaseAdd", release).await;
    let draft = forum.draft(&owner).await;
    let revision = forum.revision(&owner).await;
    let input = |version: i32, revision: i64| json!({ "eventId": forum.id, "version": version, "expectedRevision": revision });
    let errors = refused(app, &owner, "agendaRevert", input(2, 0)).await;
    let both = [
        "STALE_VERSION input.expectedRevision",
        "NOT_FOUND input.version",
    ];
    assert_eq!(in_short(&errors), both);
    let before = app.database.contents().await;
    let tried = with(input(1, revision), json!({ "dryRun": true }));
    done(&owner, "agendaRevert", tried).await;
    assert!(before == app.database.contents().await);

    done(&owner, "agendaRevert", input(1, revision)).await;
    let now = forum.draft(&owner).await;
    assert_eq!(now["draftAgenda"], published["draftAgenda"]);
    // What is beside the agenda stays.
    assert_eq!(now["releases"].as_array().expect("releases").len(), 2);
    let operation = "{ event(slug: \"forum\") { draftDiff(from: 1) { changes { kinds } } } }";
    let answer = owner.query(operation).await;
    let changes = &answer.expect_data()["event"]["draftDiff"]["changes"];
    assert_eq!(*changes, json!([]));
    // And that can be taken back, as anything else.
    step(&forum, &owner, "agendaUndo").await;
    assert_eq!(forum.draft(&owner).await, draft);
}

async fn what_was_done_since_a_revision_is_told(backend: Backend) {
    let forum = Forum::new(backend).await;
    let owner = forum.owner().await;
    let first = forum.item(&owner, "first").await;
    let to = json!({ "startsAtLocal": "2025-02-01T14:00:00" });
    done(&owner, "agendaItemMove", with(seen(&first), to)).await;
    step(&forum, &owner, "agendaUndo").await;
    let operation = "{ event(slug: \"forum\") { agendaRevisions(after: 1) {
        number operation doneBy undoes at entries { action objectId
            changes { field before after } } } } }";
    let answer = owner.query(operation).await;
    let told = answer.expect_data()["event"]["agendaRevisions"].clone();
    let told = told.as_array().expect("revisions");
    assert_eq!(told.len(), 2);
    assert_eq!(
        (&told[0]["number"], &told[0]["operation"]),
        (&json!(2), &json!("agendaItemMove"))
    );
    assert_eq!(
        (&told[1]["undoes"], &told[1]["operation"]),
        (&json!(2), &json!("agendaUndo"))
    );
    assert!(told[0]["doneBy"].is_string(), "{told:?}");
    let moved = &told[0]["entries"][0];
    assert_eq!(moved["objectId"], first["id"]);
    let changes = moved["changes"].as_array().expect("changes");
    let start = changes.iter().find(|change| change["field"] == "startsAt");
    assert_eq!(start.expect("a start")["after"], "\"2025-02-01T14:00:00\"");
    let one = owner
        .query("{ event(slug: \"forum\") { agendaRevisions(first: 1) { number operation } } }")
        .await;
    assert_eq!(
        one.expect_data()["event"]["agendaRevisions"],
        json!([{ "number": 1, "operation": "eventImport" }])
    );
    let none = "{ event(slug: \"forum\") { agendaRevisions(first: 0) { number } } }";
    let answer = owner.query(none).await;
    assert_eq!(answer.errors()[0]["extensions"]["code"], "BAD_USER_INPUT");
}
