//! What becomes of those who were invited: they answer, are struck off, or get a place that has become
//! free.

use serde_json::{Value, json};
use tests::{Backend, both};

use super::{DOCUMENT, Forum, len};
use crate::doing::{done, in_short, refused, send};

both!(
    an_attendee_answers_for_themselves_and_for_nobody_else,
    an_answer_that_cannot_be_is_not_taken,
    who_is_struck_off_is_told_why_and_the_first_in_line_comes,
    nobody_is_let_in_where_there_is_no_place
);

const ATTENDEE: &str = "{ attendee { status answeredThrough answerUrl calendarUrl link
    invitations { title reply { answer channel comment } } } }";

async fn an_attendee_answers_for_themselves_and_for_nobody_else(backend: Backend) {
    let forum = Forum::new(backend).await;
    forum.invite(json!({})).await;
    let (ada, cy) = (
        forum.participant("Ada").await,
        forum.participant("Cy").await,
    );
    let guest = forum.app.bearer(ada["link"].as_str().expect("a link"));
    let answer = json!({ "id": ada["id"], "answer": "ACCEPTED", "comment": "With pleasure" });
    done(&guest, "participantAnswer", answer).await;
    let seen = guest.query(ATTENDEE).await;
    let attendee = &seen.expect_data()["attendee"];
    assert_eq!(
        [&attendee["status"], &attendee["answeredThrough"]],
        ["CONFIRMED", "LINK"]
    );
    assert_eq!(
        attendee["invitations"][0]["reply"],
        json!({ "answer": "ACCEPTED", "channel": "LINK", "comment": "With pleasure" })
    );
    // They know what their own mails carry, and the organiser knows the same.
    assert_eq!(attendee["link"], Value::Null);
    for (field, start) in [
        ("answerUrl", "https://convoke.example.org/answer/"),
        ("calendarUrl", "https://convoke.example.org/calendar/"),
    ] {
        assert_eq!(attendee[field], ada[field]);
        assert!(ada[field].as_str().expect("a page").starts_with(start));
        assert_ne!(ada[field], cy[field]);
    }
    let messages = forum.messages().await;
    assert_eq!(messages[0]["kind"], "CONFIRMED");
    assert_eq!(
        messages[0]["deliveries"]["nodes"][0]["person"]["name"],
        "Ada Example"
    );

    // Nobody else is there for them.
    let before = forum.app.database.contents().await;
    let others = json!({ "id": cy["id"], "answer": "DECLINED" });
    let denied = send(&guest, "participantAnswer", others.clone()).await;
    denied.expect_error("NOT_FOUND");
    let theirs = cy["invitations"][0]["id"].as_str().expect("an id");
    let operation = format!("{{ node(id: \"{theirs}\") {{ id }} }}");
    assert_eq!(
        guest.query(&operation).await.expect_data()["node"],
        Value::Null
    );
    for id in [&messages[0]["id"], &json!(forum.event)] {
        let operation = format!(
            "{{ node(id: {id}) {{ ... on Event {{ messages {{ nodes {{ id }} }} }}
            ... on Message {{ id }} }} }}"
        );
        let told = guest.query(&operation).await;
        let node = &told.expect_data()["node"];
        assert!(node.is_null() || node["messages"].is_null(), "{node}");
    }
    for mutation in ["participantInvite", "participantRemind"] {
        let input = json!({ "eventId": forum.event });
        send(&guest, mutation, input)
            .await
            .expect_error("FORBIDDEN");
    }
    let input = json!({ "id": ada["id"], "expectedVersion": 3 });
    let denied = send(&guest, "participantCancel", input).await;
    denied.expect_error("FORBIDDEN");
    assert!(before == forum.app.database.contents().await);

    // An organiser records what they were told.
    let client = forum.organiser().await;
    done(&client, "participantAnswer", others).await;
    let cy = forum.participant("Cy").await;
    assert_eq!(
        [&cy["status"], &cy["answeredThrough"]],
        ["DECLINED", "ORGANISER"]
    );
}

async fn an_answer_that_cannot_be_is_not_taken(backend: Backend) {
    let forum = Forum::new(backend).await;
    let client = forum.organiser().await;
    forum.invite(json!({})).await;
    let ada = forum.participant("Ada").await;
    forum.becomes("Ada", "CANCELLED").await;
    let answer = json!({ "id": ada["id"], "answer": "ACCEPTED" });
    let errors = refused(&forum.app, &client, "participantAnswer", answer).await;
    assert_eq!(in_short(&errors), ["ILLEGAL_STATE input.answer"]);
    let cy = forum.participant("Cy").await;
    let answer = json!({ "id": cy["id"], "answer": "ACCEPTED", "comment": " " });
    let errors = refused(&forum.app, &client, "participantAnswer", answer.clone()).await;
    assert_eq!(in_short(&errors), ["INVALID input.comment"]);
    let event = json!({ "id": forum.event, "expectedVersion": 2 });
    done(&client, "eventCancel", event).await;
    let errors = refused(&forum.app, &client, "participantAnswer", answer).await;
    assert_eq!(
        in_short(&errors),
        ["INVALID input.comment", "ILLEGAL_STATE input.id"]
    );
    // Before it is announced, a link opens nothing.
    let draft = DOCUMENT.replace("key: forum", "key: draft");
    let draft = forum.app.import(&forum.home, &draft).await.id;
    let operation = format!(
        "{{ node(id: \"{draft}\") {{ ... on Event {{
        participants {{ nodes {{ id link }} }} }} }} }}"
    );
    let answer = client.query(&operation).await;
    let one = answer.expect_data()["node"]["participants"]["nodes"][0].clone();
    let guest = forum.app.bearer(one["link"].as_str().expect("a link"));
    let answer = json!({ "id": one["id"], "answer": "ACCEPTED" });
    let before = forum.app.database.contents().await;
    let denied = send(&guest, "participantAnswer", answer).await;
    denied.expect_error("NOT_FOUND");
    assert!(before == forum.app.database.contents().await);
}

async fn who_is_struck_off_is_told_why_and_the_first_in_line_comes(backend: Backend) {
    let forum = Forum::new(backend).await;
    let client = forum.organiser().await;
    forum.invite(json!({})).await;
    let dee = forum.person("Dee").await;
    let dee = json!({ "eventId": forum.event, "personId": dee["id"], "status": "WAITLISTED" });
    done(&client, "participantAdd", dee).await;
    forum.app.clock.advance(chrono::TimeDelta::minutes(1));
    forum.becomes("Bo", "WAITLISTED").await;
    forum.becomes("Ada", "CONFIRMED").await;
    forum.becomes("Cy", "CONFIRMED").await;

    let ada = forum.participant("Ada").await;
    let input =
        json!({ "id": ada["id"], "expectedVersion": ada["version"], "reason": "She is ill." });
    let cancelled = done(&client, "participantCancel", input.clone()).await;
    assert_eq!(cancelled["participant"]["id"], ada["id"]);
    // One place has become free: who waits longest gets it, and not the other.
    let dee = forum.participant("Dee").await;
    assert_eq!(len(&cancelled["promoted"]), 1);
    assert_eq!(cancelled["promoted"][0]["id"], dee["id"]);
    assert_eq!(dee["status"], "CONFIRMED");
    assert_eq!(dee["invitations"][0]["status"], "STANDING");
    assert_eq!(forum.participant("Bo").await["status"], "WAITLISTED");
    let ada = forum.participant("Ada").await;
    assert_eq!(
        [&ada["status"], &ada["answeredThrough"]],
        [&json!("CANCELLED"), &Value::Null]
    );
    let gone = ada["invitations"].as_array().expect("two").iter();
    assert!(gone.clone().count() == 2 && gone.clone().all(|one| one["status"] == "WITHDRAWN"));

    let messages = forum.messages().await;
    let [confirmed, struck] = [&messages[0], &messages[1]];
    assert_eq!(confirmed["kind"], "CONFIRMED");
    assert_eq!(
        confirmed["deliveries"]["nodes"][0]["person"]["name"],
        "Dee Example"
    );
    assert_eq!(
        [&struck["kind"], &struck["note"]],
        ["CANCELLED", "She is ill."]
    );
    let mails = struck["deliveries"]["nodes"].as_array().expect("two");
    let kinds: Vec<_> = mails.iter().map(|mail| &mail["kind"]).collect();
    assert_eq!(kinds, ["CANCELLED", "CALENDAR_UPDATE"]);
    let payloads = forum
        .app
        .database
        .texts("SELECT CAST(payload AS TEXT) AS value FROM delivery WHERE kind = 'CANCELLED'");
    assert!(payloads.await[0].contains("She is ill."));

    let errors = refused(&forum.app, &client, "participantCancel", input).await;
    assert_eq!(
        in_short(&errors),
        [
            "STALE_VERSION input.expectedVersion",
            "ILLEGAL_STATE input.id"
        ]
    );
    let cy = forum.participant("Cy").await;
    let blank = json!({ "id": cy["id"], "expectedVersion": cy["version"], "reason": " " });
    let errors = refused(&forum.app, &client, "participantCancel", blank).await;
    assert_eq!(in_short(&errors), ["INVALID input.reason"]);
    forum.becomes("Cy", "ATTENDED").await;
    let cy = forum.participant("Cy").await;
    let there = json!({ "id": cy["id"], "expectedVersion": cy["version"] });
    let errors = refused(&forum.app, &client, "participantCancel", there).await;
    assert_eq!(in_short(&errors), ["ILLEGAL_STATE input.id"]);
}

async fn nobody_is_let_in_where_there_is_no_place(backend: Backend) {
    let forum = Forum::new(backend).await;
    let client = forum.organiser().await;
    forum.becomes("Ada", "CONFIRMED").await;
    forum.becomes("Cy", "WAITLISTED").await;
    let cancel = async |name: &str| {
        let one = forum.participant(name).await;
        let input = json!({ "id": one["id"], "expectedVersion": one["version"] });
        len(&done(&client, "participantCancel", input).await["promoted"])
    };
    let limit = async |capacity: Value, version: i32| {
        let input = json!({ "id": forum.event, "expectedVersion": version,
            "patch": { "capacity": capacity } });
        done(&client, "eventUpdate", input).await;
    };
    // One place, and it is taken; then no limit, and so nobody who waits for a place.
    limit(json!(1), 2).await;
    assert_eq!(cancel("Bo").await, 0);
    limit(Value::Null, 3).await;
    let dee = forum.person("Dee").await;
    let dee = json!({ "eventId": forum.event, "personId": dee["id"] });
    done(&client, "participantAdd", dee).await;
    assert_eq!(cancel("Dee").await, 0);
    assert_eq!(forum.participant("Cy").await["status"], "WAITLISTED");
    // Who was never invited is told nothing.
    assert_eq!(len(&forum.messages().await), 0);
    limit(json!(1), 4).await;
    assert_eq!(cancel("Ada").await, 1);
    assert_eq!(forum.messages().await[0]["kind"], "CONFIRMED");
}
