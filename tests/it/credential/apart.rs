//! What goes wrong stays with whom it concerns: one office's picture with that office, what was certified with
//! what it rests on.

use chrono::TimeDelta;
use domain::letterhead::LetterheadPicture;
use persistence::{Effect, Issue, IssueWhat, Unchecked};
use serde_json::{Value, json};
use tests::{Backend, STAGEHAND, both};

use super::{DOCUMENT, Founding};
use crate::doing::{done, refused};

both!(
    a_picture_that_is_gone_keeps_no_other_office,
    one_number_is_not_on_two_papers,
    numbers_given_by_hand_are_passed_over,
    who_is_written_in_another_script_is_transcribed,
    what_is_certified_stays
);

const SEAL: &[u8] = br#"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>"#;

async fn a_picture_that_is_gone_keeps_no_other_office(backend: Backend) {
    let founding = Founding::new(backend).await;
    let (app, store) = (&founding.app, &founding.app.store);
    let other = app.workspace("other").await;
    let event = app.import(&other, DOCUMENT).await.id;
    app.publish(event).await;
    let seal = async || {
        let picture = Some(("image/svg+xml", SEAL));
        let which = LetterheadPicture::Seal;
        let set = store.set_letterhead_picture(&STAGEHAND, founding.home.id, which, picture);
        Box::pin(set).await.expect("a seal");
    };
    seal().await;
    app.database.execute("DELETE FROM stored_file").await;
    let issued = founding.issue(json!({})).await;
    let issue = Issue {
        event: Some(event),
        what: IssueWhat::Letters(None),
        on: None,
        languages: None,
        send: false,
        effect: Effect::Apply,
    };
    let theirs = store.issue_credentials(&STAGEHAND, issue, &Unchecked, None);
    Box::pin(theirs).await.expect("they are issued");

    // What stands in the way of one office does not stand in the way of another.
    assert_eq!(founding.registrar().drain().await.made, 2);
    let job = founding.job(&issued["job"]["id"]).await;
    assert_eq!(
        (&job["doneCount"], &job["isFinished"]),
        (&json!(0), &json!(false))
    );
    assert!(
        job["fault"]
            .as_str()
            .is_some_and(|why| why.contains("letterhead")),
        "{job}"
    );
    // It is put off, later and later, and said to have failed; and it is made when it can be.
    for _ in 0..6 {
        app.clock.advance(TimeDelta::minutes(61));
        assert_eq!(founding.registrar().drain().await.made, 0);
    }
    let job = founding.job(&issued["job"]["id"]).await;
    assert_eq!(
        (&job["failedCount"], &job["isFinished"]),
        (&json!(2), &json!(true))
    );
    seal().await;
    assert_eq!(founding.registrar().drain().await.made, 0);
    app.clock.advance(TimeDelta::minutes(61));
    assert_eq!(founding.registrar().drain().await.made, 2);
    let job = founding.job(&issued["job"]["id"]).await;
    assert_eq!(
        (&job["doneCount"], &job["failedCount"]),
        (&json!(2), &json!(0))
    );
}

async fn one_number_is_not_on_two_papers(backend: Backend) {
    let founding = Founding::new(backend).await;
    let twice = "UPDATE appointment_letter SET number = 'X-1'";
    founding.app.database.execute(twice).await;
    let client = founding.organiser().await;
    let input = json!({ "eventId": founding.event.to_string() });
    let errors = refused(&founding.app, &client, "letterIssue", input).await;
    let said = errors[0]["message"].as_str().expect("words");
    assert!(said.contains("X-1"), "{errors:?}");
}

async fn numbers_given_by_hand_are_passed_over(backend: Backend) {
    let founding = Founding::new(backend).await;
    let by_hand = "UPDATE appointment_letter SET number = '2025-000002' WHERE post = '委员'";
    founding.app.database.execute(by_hand).await;
    let input = json!({ "eventId": founding.event.to_string() });
    let numbers = async |mutation| {
        let issued = founding.issuing(mutation, input.clone()).await;
        let all = issued["credentials"].as_array().expect("credentials");
        let mut all: Vec<_> = all.iter().map(|one| one["number"].clone()).collect();
        all.sort_by_key(ToString::to_string);
        all
    };
    assert_eq!(numbers("letterIssue").await, ["2025-000001", "2025-000002"]);
    let awards = numbers("awardCertificateIssue").await;
    assert_eq!(awards, ["2025-000003", "2025-000004"]);
}

async fn who_is_written_in_another_script_is_transcribed(backend: Backend) {
    let founding = Founding::new(backend).await;
    let document = "key: scripts\nlanguage: en\ntitle: Scripts\ntime: { timeZone: Asia/Shanghai, startsOn: 2025-03-01 }\n\
        people:\n- { key: m, name: محمد, transcription: Muhammad }\n- { key: l, name: Łukasz, transcription: Lukasz }\n\
        participants: [{ person: m, status: ATTENDED }, { person: l, status: ATTENDED }]\n";
    let event = founding.app.import(&founding.home, document).await.id;
    let input = json!({ "eventId": event.to_string() });
    founding.issuing("attendanceCertificateIssue", input).await;
    let names = "query($id: ID!) { node(id: $id) { ... on Event { credentials { nodes {
        en: holderName(language: \"en\") zh: holderName(language: \"zh-Hans\") } } } } }";
    let client = founding.organiser().await;
    let told = client.ask(names, json!({ "id": event.to_string() })).await;
    let nodes = told.expect_data()["node"]["credentials"]["nodes"].clone();
    let nodes = nodes.as_array().expect("nodes");
    assert!(
        nodes.contains(&json!({ "en": "Muhammad", "zh": "محمد" })),
        "{nodes:?}"
    );
    assert!(
        nodes.contains(&json!({ "en": "Łukasz", "zh": "Łukasz" })),
        "{nodes:?}"
    );
}

async fn what_is_certified_stays(backend: Backend) {
    let founding = Founding::new(backend).await;
    let client = founding.organiser().await;
    let event = json!({ "eventId": founding.event.to_string() });
    let issued = founding
        .issuing("awardCertificateIssue", event.clone())
        .await;
    founding.issuing("attendanceCertificateIssue", event).await;
    let asked = "{ event(slug: \"founding\") { awards { id version recipients { id version } }
        participants { nodes { id version status } } } }";
    let read = async || client.query(asked).await.expect_data()["event"].clone();
    let data = read().await;
    let of = |one: &Value| json!({ "id": one["id"], "expectedVersion": one["version"] });
    let there = data["participants"]["nodes"]
        .as_array()
        .expect("a list")
        .iter();
    let there = there.clone().find(|one| one["status"] == "ATTENDED");
    let award = &data["awards"][0];
    for (mutation, input) in [
        ("awardRemove", of(award)),
        ("awardRecipientRemove", of(&award["recipients"][0])),
        ("participantRemove", of(there.expect("somebody was there"))),
    ] {
        let errors = refused(&founding.app, &client, mutation, input).await;
        let told = errors.iter().any(|one| one["__typename"] == "InUseError");
        assert!(told, "{mutation}: {errors:?}");
    }
    // What was taken back does not hold it any more.
    for one in issued["credentials"].as_array().expect("credentials") {
        let back = json!({ "id": one["id"], "expectedVersion": 1, "reason": "a mistake" });
        done(&client, "credentialRevoke", back).await;
    }
    done(&client, "awardRemove", of(&read().await["awards"][0])).await;

    // An event at which something was issued is not removed, draft or not.
    let draft = DOCUMENT.replace("key: founding", "key: draft");
    let draft = founding
        .app
        .import(&founding.home, &draft)
        .await
        .id
        .to_string();
    founding
        .issuing("awardCertificateIssue", json!({ "eventId": draft }))
        .await;
    let owner = founding.app.as_owner(&founding.home).await;
    let seen = owner
        .query("{ event(slug: \"draft\") { id version } }")
        .await;
    let remove = of(&seen.expect_data()["event"]);
    let errors = refused(&founding.app, &owner, "eventRemove", remove).await;
    assert!(
        errors.iter().any(|one| one["__typename"] == "InUseError"),
        "{errors:?}"
    );
}
