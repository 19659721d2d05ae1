//! Running late: what is still to come moves at once; and what cannot be as planned, since people or
//! rooms are not there, or too far apart.

use serde_json::{Value, json};
use tests::{Backend, Client, both};

use super::{Forum, seen};
use crate::doing::{done, in_short, refused, send, with};

both!(
    what_is_still_to_come_is_later_and_the_morning_lasts_longer,
    only_what_is_meant_is_later,
    who_tries_a_shift_changes_nothing,
    what_cannot_be_later_stays,
    who_is_away_is_told,
    what_organisers_plan_with_is_nobody_elses_business,
    what_no_version_tells_stays_when_the_draft_becomes_one
);

/// The draft, an item a line: from when to when, at which version.
async fn lines(client: &Client<'_>) -> Vec<String> {
    let operation = "{ event(slug: \"forum\") { draftAgenda { items {
        externalId startsAtLocal endsAtLocal version } } } }";
    let answer = client.query(operation).await;
    let items = answer.expect_data()["event"]["draftAgenda"]["items"].clone();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let clock = |value: &Value| text(value).chars().skip(11).take(5).collect::<String>();
    let items = items.as_array().expect("items").iter();
    let lines = items.map(|item| {
        let (from, to) = (clock(&item["startsAtLocal"]), clock(&item["endsAtLocal"]));
        format!(
            "{} {from} {to} v{}",
            text(&item["externalId"]),
            item["version"]
        )
    });
    lines.collect()
}

async fn shift(forum: &Forum, client: &Client<'_>, more: Value) -> Value {
    let input = json!({ "eventId": forum.id, "expectedRevision": forum.revision(client).await,
        "fromLocal": "2025-02-01T10:00:00", "minutes": 20 });
    with(input, more)
}

async fn ids(forum: &Forum, client: &Client<'_>, keys: &[&str]) -> Value {
    let mut ids = Vec::new();
    for key in keys {
        ids.push(forum.item(client, key).await["id"].clone());
    }
    json!(ids)
}

const AS_IMPORTED: [&str; 4] = [
    "morning 09:00 12:00 v1",
    "first 09:00 10:00 v1",
    "second 10:00 11:00 v1",
    "third 11:00 12:00 v1",
];

async fn what_is_still_to_come_is_later_and_the_morning_lasts_longer(backend: Backend) {
    let forum = Forum::new(backend).await;
    let owner = forum.owner().await;
    let payload = done(
        &owner,
        "agendaShift",
        shift(&forum, &owner, json!({})).await,
    )
    .await;
    let expected = [
        "morning 09:00 12:20 v2",
        "first 09:00 10:00 v1",
        "second 10:20 11:20 v2",
        "third 11:20 12:20 v2",
    ];
    assert_eq!(lines(&owner).await, expected);
    let shifted = ids(&forum, &owner, &["morning", "second", "third"]).await;
    assert_eq!(payload["shiftedIds"], shifted);
    assert_eq!(payload["agenda"]["revision"], 2);
    assert_eq!(forum.revision(&owner).await, 2);

    // A quarter of an hour is made good again: the morning ends when it was to end.
    let sooner = json!({ "fromLocal": "2025-02-01T11:00:00", "minutes": -15 });
    done(&owner, "agendaShift", shift(&forum, &owner, sooner).await).await;
    assert_eq!(
        lines(&owner).await,
        [
            expected[0],
            expected[1],
            expected[2],
            "third 11:05 12:05 v3"
        ]
    );
    for _ in 0..2 {
        let revision = forum.revision(&owner).await;
        let back = json!({ "eventId": forum.id, "expectedRevision": revision });
        done(&owner, "agendaUndo", back).await;
    }
    let clocks = |lines: Vec<String>| -> Vec<String> {
        let each = lines
            .iter()
            .map(|line| line.rsplit_once(" v").expect("a version").0.to_owned());
        each.collect()
    };
    let as_imported = AS_IMPORTED.map(ToOwned::to_owned).to_vec();
    assert_eq!(clocks(lines(&owner).await), clocks(as_imported));
}

async fn only_what_is_meant_is_later(backend: Backend) {
    let forum = Forum::new(backend).await;
    let owner = forum.owner().await;
    let operation = "{ event(slug: \"forum\") { draftAgenda { items {
        room { id } track { id } } } } }";
    let answer = owner.query(operation).await;
    let items = &answer.expect_data()["event"]["draftAgenda"]["items"];
    let (hall, loft) = (&items[1]["room"]["id"], &items[3]["room"]["id"]);
    let theory = &items[1]["track"]["id"];
    let all_day = "2025-02-01T00:00:00";
    for (meant, expected) in [
        (
            json!({ "fromLocal": all_day, "roomId": hall }),
            &["first", "second"][..],
        ),
        (
            json!({ "fromLocal": all_day, "trackId": theory }),
            &["first"],
        ),
        (
            json!({ "fromLocal": all_day, "trackId": theory, "roomId": loft }),
            &[],
        ),
        (
            json!({ "untilLocal": "2025-02-01T11:00:00" }),
            // The morning goes on behind it.
            &["morning", "second"],
        ),
        // What begins then moves with all below it.
        (
            json!({ "fromLocal": "2025-02-01T09:00:00", "untilLocal": "2025-02-01T09:01:00" }),
            &["morning", "first", "second", "third"],
        ),
    ] {
        let tried = with(meant, json!({ "dryRun": true }));
        let input = shift(&forum, &owner, tried).await;
        let payload = done(&owner, "agendaShift", input.clone()).await;
        let mut shifted = payload["shiftedIds"].as_array().expect("ids").clone();
        let expected = ids(&forum, &owner, expected).await;
        let mut expected = expected.as_array().expect("ids").clone();
        shifted.sort_by_key(Value::to_string);
        expected.sort_by_key(Value::to_string);
        assert_eq!(shifted, expected, "{input:#}");
    }
}

async fn who_tries_a_shift_changes_nothing(backend: Backend) {
    let forum = Forum::new(backend).await;
    let owner = forum.owner().await;
    let before = forum.app.database.contents().await;
    let tried = shift(&forum, &owner, json!({ "dryRun": true })).await;
    let payload = done(&owner, "agendaShift", tried).await;
    let shifted = ids(&forum, &owner, &["morning", "second", "third"]).await;
    assert_eq!(payload["shiftedIds"], shifted);
    assert_eq!(payload["agenda"]["revision"], 1);
    assert!(before == forum.app.database.contents().await);
    assert_eq!(lines(&owner).await, AS_IMPORTED);
}

async fn what_cannot_be_later_stays(backend: Backend) {
    let forum = Forum::new(backend).await;
    let (app, owner) = (&forum.app, forum.owner().await);
    let nowhere = domain::Id::<domain::id::kind::Room>::from_uuid(uuid::Uuid::max());
    let no_track = domain::Id::<domain::id::kind::Track>::from_uuid(uuid::Uuid::max());
    let elsewhere = json!({ "roomId": nowhere.to_string(), "trackId": no_track.to_string() });
    for (more, expected) in [
        (
            json!({ "expectedRevision": 7 }),
            &["STALE_VERSION input.expectedRevision"][..],
        ),
        (json!({ "minutes": 0 }), &["INVALID input.minutes"]),
        (json!({ "minutes": 10081 }), &["INVALID input.minutes"]),
        (
            json!({ "untilLocal": "2025-02-01T10:00:00", "minutes": 0 }),
            &["INVALID input.minutes", "INVALID input.untilLocal"],
        ),
        (
            elsewhere,
            &["NOT_FOUND input.roomId", "NOT_FOUND input.trackId"],
        ),
    ] {
        let input = shift(&forum, &owner, more).await;
        let errors = refused(app, &owner, "agendaShift", input).await;
        assert_eq!(in_short(&errors), expected);
    }
    assert_eq!(lines(&owner).await, AS_IMPORTED);
    let viewer = app
        .token(&forum.home, domain::access::Role::Viewer, None)
        .await;
    let input = shift(&forum, &owner, json!({})).await;
    let answer = send(&app.bearer(&viewer), "agendaShift", input).await;
    assert_eq!(answer.errors()[0]["extensions"]["code"], "FORBIDDEN");
}

/// A participant, a room of an item, and the event, each as it was seen.
async fn participant(client: &Client<'_>, name: &str) -> Value {
    let operation = "query($name: String!) { event(slug: \"forum\") {
        participants(filter: { search: $name }) { nodes { id version } } } }";
    let answer = client.ask(operation, json!({ "name": name })).await;
    seen(&answer.expect_data()["event"]["participants"]["nodes"][0])
}

async fn room_of(client: &Client<'_>, key: &str) -> Value {
    let operation = "{ event(slug: \"forum\") { draftAgenda { items {
        externalId room { id version } } } } }";
    let answer = client.query(operation).await;
    let items = answer.expect_data()["event"]["draftAgenda"]["items"].clone();
    let items = items.as_array().expect("items").clone();
    let mut found = items.iter().filter(|item| item["externalId"] == key);
    seen(&found.next().expect("an item")["room"])
}

async fn event(client: &Client<'_>) -> Value {
    let answer = client
        .query("{ event(slug: \"forum\") { id version } }")
        .await;
    seen(&answer.expect_data()["event"])
}

/// Hours of the day of the forum.
fn hours(from: &str, until: &str) -> Value {
    json!([{ "startsAtLocal": format!("2025-02-01T{from}:00"),
        "endsAtLocal": format!("2025-02-01T{until}:00") }])
}

async fn patch(client: &Client<'_>, mutation: &str, seen: Value, patch: Value) {
    done(client, mutation, with(seen, json!({ "patch": patch }))).await;
}

/// The conflicts of the draft, each with the names of whom and what it is about.
async fn conflicts(client: &Client<'_>) -> Vec<String> {
    let operation = "{ event(slug: \"forum\") { draftAgenda { conflicts {
        kind message person { name } room { name } items { id externalId } } } } }";
    let answer = client.query(operation).await;
    let all = answer.expect_data()["event"]["draftAgenda"]["conflicts"].clone();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let all = all.as_array().expect("conflicts").iter();
    let told = all.map(|one| {
        let items = one["items"].as_array().expect("items").iter();
        let items: Vec<_> = items.map(|item| text(&item["externalId"])).collect();
        format!(
            "{} {} ({}, {}): {}",
            text(&one["kind"]),
            items.join("+"),
            text(&one["person"]["name"]),
            text(&one["room"]["name"]),
            text(&one["message"])
        )
    });
    told.collect()
}

/// Ada speaks in the hall until eleven, and from eleven on in the loft.
async fn ada_is_on_the_panel(forum: &Forum, owner: &Client<'_>) {
    let first = forum.item(owner, "first").await;
    let panel = json!({ "eventId": forum.id, "itemId": forum.item(owner, "third").await["id"],
        "role": "PANELIST", "who": { "personId": first["appearances"][0]["person"]["id"] } });
    done(owner, "appearanceAdd", panel).await;
}

async fn who_is_away_is_told(backend: Backend) {
    let forum = Forum::new(backend).await;
    let owner = forum.owner().await;
    assert_eq!(conflicts(&owner).await, [""; 0]);

    ada_is_on_the_panel(&forum, &owner).await;
    let walk = "SHORT_CHANGE second+third (Ada Example, -): \
         Ada Example has too little time to get from one room to the other";
    assert_eq!(conflicts(&owner).await, [walk]);
    let next_door = json!({ "roomChangeMinutes": 0 });
    patch(&owner, "eventUpdate", event(&owner).await, next_door).await;
    assert_eq!(conflicts(&owner).await, [""; 0]);
    let far = json!({ "roomChangeMinutes": 15 });
    patch(&owner, "eventUpdate", event(&owner).await, far).await;
    let later = json!({ "fromLocal": "2025-02-01T11:00:00", "minutes": 15 });
    let payload = done(&owner, "agendaShift", shift(&forum, &owner, later).await).await;
    assert_eq!(payload["conflicts"], json!([]));
    let sooner = json!({ "fromLocal": "2025-02-01T11:00:00", "minutes": -15 });
    let payload = done(&owner, "agendaShift", shift(&forum, &owner, sooner).await).await;
    assert_eq!(payload["conflicts"][0]["kind"], "SHORT_CHANGE");

    let ada = participant(&owner, "Ada").await;
    let there = json!({ "availability": hours("09:00", "11:30") });
    patch(&owner, "participantUpdate", ada, there).await;
    let away = "PERSON_AWAY third (Ada Example, -): Ada Example is not there then";
    assert_eq!(conflicts(&owner).await, [walk, away]);

    let hall = room_of(&owner, "first").await;
    let closed = json!({ "availability": hours("10:00", "18:00"), "capacity": 50 });
    patch(&owner, "roomUpdate", hall, closed).await;
    let second = forum.item(&owner, "second").await;
    let crowd = json!({ "expectedAudience": 60 });
    patch(&owner, "agendaItemUpdate", seen(&second), crowd).await;
    let expected = [
        "ROOM_AWAY first (-, Hall): Hall cannot be used then",
        "OVER_CAPACITY second (-, Hall): more people appear on the item, or are expected at it, \
         than Hall holds",
        walk,
        away,
    ];
    assert_eq!(conflicts(&owner).await, expected);

    // Nothing said, nothing in the way.
    let ada = participant(&owner, "Ada").await;
    patch(
        &owner,
        "participantUpdate",
        ada,
        json!({ "availability": null }),
    )
    .await;
    assert_eq!(conflicts(&owner).await, expected[..3]);
    let wrong = json!({ "availability": hours("10:00", "09:00") });
    let input = with(participant(&owner, "Ada").await, json!({ "patch": wrong }));
    let errors = refused(&forum.app, &owner, "participantUpdate", input).await;
    assert_eq!(in_short(&errors), ["INVALID input.patch.availability.0"]);
}

/// All that organisers plan with is said of the forum.
async fn planned(forum: &Forum, owner: &Client<'_>) {
    let there = json!({ "availability": hours("09:00", "10:30") });
    let ada = participant(owner, "Ada").await;
    patch(owner, "participantUpdate", ada, there.clone()).await;
    patch(owner, "roomUpdate", room_of(owner, "first").await, there).await;
    let far = json!({ "roomChangeMinutes": 15 });
    patch(owner, "eventUpdate", event(owner).await, far).await;
    let crowd = json!({ "expectedAudience": 60 });
    let second = forum.item(owner, "second").await;
    patch(owner, "agendaItemUpdate", seen(&second), crowd).await;
}

async fn what_organisers_plan_with_is_nobody_elses_business(backend: Backend) {
    let forum = Forum::published(backend).await;
    let (owner, public) = (forum.owner().await, forum.app.anonymous());
    planned(&forum, &owner).await;
    forum.publish(&owner, json!({})).await;
    let operation = "{ event(slug: \"forum\") { roomChangeMinutes venue { id }
        agenda { version conflicts { kind } items { externalId expectedAudience
            room { availability { startsAtLocal } } } }
        participants { nodes { availability { startsAtLocal endsAtLocal } } } } }";
    let told = public.query(operation).await.expect_data()["event"].clone();
    assert_eq!(told["roomChangeMinutes"], Value::Null);
    assert_eq!(told["participants"], Value::Null);
    assert_eq!(told["agenda"]["version"], 2);
    assert_eq!(told["agenda"]["conflicts"], json!([]));
    for item in told["agenda"]["items"].as_array().expect("items") {
        assert_eq!(item["expectedAudience"], Value::Null);
        assert_eq!(item["room"]["availability"], Value::Null);
    }
    let told = owner.query(operation).await.expect_data()["event"].clone();
    assert_eq!(told["roomChangeMinutes"], 15);
    let second = &told["agenda"]["items"][2];
    assert_eq!(second["expectedAudience"], Value::Null);
    // Of a room, those who may know are told what is known now.
    let windows = &second["room"]["availability"];
    assert_eq!(
        *windows,
        json!([{ "startsAtLocal": "2025-02-01T09:00:00" }])
    );
    let there = &told["participants"]["nodes"];
    let there: Vec<_> = there.as_array().expect("participants").iter().collect();
    let windows = there.iter().filter(|one| one["availability"] != json!([]));
    assert_eq!(windows.count(), 1);

    let kept = "SELECT CAST(content AS TEXT) AS value FROM agenda_version";
    let kept = forum.app.database.texts(kept).await;
    assert_eq!(kept.len(), 2);
    for word in [
        "availability",
        "expected_audience",
        "room_change_minutes",
        "email",
    ] {
        let telling = kept.iter().filter(|content| content.contains(word));
        assert_eq!(telling.count(), 0, "{word}");
    }
    let nothing = json!({ "dryRun": true });
    let payload = forum.publish(&owner, nothing).await;
    assert_eq!(payload["recipientCount"], 0);
}

async fn what_no_version_tells_stays_when_the_draft_becomes_one(backend: Backend) {
    let forum = Forum::published(backend).await;
    let owner = forum.owner().await;
    planned(&forum, &owner).await;
    let later = json!({ "fromLocal": "2025-02-01T10:00:00", "minutes": 15 });
    done(&owner, "agendaShift", shift(&forum, &owner, later).await).await;
    let revision = forum.revision(&owner).await;
    let revert = json!({ "eventId": forum.id, "version": 1, "expectedRevision": revision });
    done(&owner, "agendaRevert", revert).await;
    let operation = "{ event(slug: \"forum\") { draftAgenda { items {
        startsAtLocal expectedAudience } } } }";
    let answer = owner.query(operation).await;
    let second = &answer.expect_data()["event"]["draftAgenda"]["items"][2];
    let expected = json!({ "startsAtLocal": "2025-02-01T10:00:00", "expectedAudience": 60 });
    assert_eq!(*second, expected);
}
