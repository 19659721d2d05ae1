//! Inviting people through the API: who is asked, what is looked at first, and who is reminded.

mod answers;
mod mails;

use domain::workspace::Workspace;
use serde_json::{Value, json};
use tests::{Backend, Client, TestApp, both};

use crate::doing::{done, in_short, refused};

both!(
    who_is_invited_has_a_mail_and_entries,
    a_trial_says_whom_it_would_ask_and_asks_nobody,
    who_cannot_be_invited_is_not_and_all_reasons_are_told,
    what_is_held_is_looked_at_and_goes_out,
    what_is_discarded_was_never_asked,
    what_others_put_into_a_calendar_is_taken_back_with_an_invitation,
    those_who_have_not_answered_are_reminded,
    whoever_was_invited_does_not_vanish_from_the_list
);

const DOCUMENT: &str = "
key: forum
language: en
title: The Forum
visibility: WORKSPACE
capacity: 2
time: { timeZone: Asia/Shanghai, startsOn: 2025-02-01 }
people:
- { key: ada, name: Ada Example, email: ada@example.org }
- { key: bo, name: Bo Example }
- { key: cy, name: Cy Example, email: cy@example.org }
- { key: dee, name: Dee Example, email: Dee@example.org }
participants: [{ person: ada }, { person: bo }, { person: cy }]
agenda:
- { key: talk, kind: TALK, title: The talk, startsAt: 2025-02-01T09:00:00, endsAt: 2025-02-01T10:00:00,
    appearances: [{ role: SPEAKER, person: ada }] }
";

struct Forum {
    app: TestApp,
    home: Workspace,
    event: String,
}

impl Forum {
    async fn new(backend: Backend) -> Self {
        let app = TestApp::new(backend).await;
        let home = app.workspace("home").await;
        let event = app.import(&home, DOCUMENT).await.id;
        app.publish(event).await;
        let event = event.to_string();
        Self { app, home, event }
    }

    async fn organiser(&self) -> Client<'_> {
        self.app.as_organiser(&self.home).await
    }

    /// Somebody of the directory.
    async fn person(&self, name: &str) -> Value {
        let client = self.organiser().await;
        let operation =
            "query($name: String!) { people(filter: { search: $name }) { nodes { id version } } }";
        let answer = client.ask(operation, json!({ "name": name })).await;
        answer.expect_data()["people"]["nodes"][0].clone()
    }

    /// Somebody on the list, with what is said of them.
    async fn participant(&self, name: &str) -> Value {
        let client = self.organiser().await;
        let operation = "query($name: String!) { event(slug: \"forum\") {
            participants(filter: { search: $name }) { nodes {
                id version status answeredThrough answerBy link answerUrl calendarUrl
                invitations { id uid title status sequence place item { title }
                    time { timeZone startsOn endsOn precision startsAtLocal endsAtLocal }
                    reply { answer channel sequence comment at } } } } } }";
        let answer = client.ask(operation, json!({ "name": name })).await;
        answer.expect_data()["event"]["participants"]["nodes"][0].clone()
    }

    /// What was told, the latest first.
    async fn messages(&self) -> Value {
        let operation = "{ event(slug: \"forum\") { messages { nodes { id version kind state note
            releasedAt event { slug } agendaVersion { number }
            deliveryCounts { state count }
            deliveries { totalCount nodes {
                kind state reason attempts uncertainAttempts subject
                person { name } invitation { title } } } } } } }";
        let answer = self.organiser().await.query(operation).await;
        answer.expect_data()["event"]["messages"]["nodes"].clone()
    }

    /// Invites everybody on the list, with more of the input.
    async fn invite(&self, more: Value) -> Value {
        let input = json!({ "eventId": self.event, "filter": {} });
        let input = crate::doing::with(input, more);
        done(&self.organiser().await, "participantInvite", input).await
    }

    async fn becomes(&self, name: &str, status: &str) {
        let one = self.participant(name).await;
        let input = json!({ "id": one["id"], "expectedVersion": one["version"],
            "patch": { "status": status } });
        done(&self.organiser().await, "participantUpdate", input).await;
    }
}

async fn whoever_was_invited_does_not_vanish_from_the_list(backend: Backend) {
    let forum = Forum::new(backend).await;
    let without_cy = DOCUMENT.replace(", { person: cy }", "");
    forum.invite(json!({})).await;
    let input = json!({ "workspaceId": forum.home.id.to_string(), "document": without_cy,
        "removeMissing": true });
    let client = forum.organiser().await;
    let errors = refused(&forum.app, &client, "eventImport", input).await;
    assert_eq!(in_short(&errors), ["INVALID input.document.participants"]);
    let message = errors[0]["message"].as_str().expect("text");
    assert!(message.contains("`cy` was invited"), "{message}");
    // Struck off, they are told, and their entry goes.
    let struck = DOCUMENT.replace("{ person: cy }", "{ person: cy, status: CANCELLED }");
    let input = json!({ "workspaceId": forum.home.id.to_string(), "document": struck,
        "removeMissing": true });
    done(&client, "eventImport", input).await;
    let cy = forum.participant("Cy").await;
    assert_eq!(cy["status"], "CANCELLED");
    assert_eq!(cy["invitations"][0]["status"], "WITHDRAWN");
    let told = forum.messages().await[0]["deliveries"]["nodes"][0].clone();
    assert_eq!(told["person"]["name"], "Cy Example");
    assert_eq!(told["kind"], "CALENDAR_UPDATE");
}

/// A message as it was seen.
fn seen(message: &Value) -> Value {
    json!({ "id": message["id"], "expectedVersion": message["version"] })
}

fn len(list: &Value) -> usize {
    list.as_array().expect("a list").len()
}

async fn who_is_invited_has_a_mail_and_entries(backend: Backend) {
    let forum = Forum::new(backend).await;
    let dee = forum.person("Dee").await;
    let more = json!({ "personIds": [dee["id"]], "answerBy": "2025-01-20T00:00:00Z",
        "note": "Please come." });
    let invited = forum.invite(more).await;
    assert_eq!(invited["recipientCount"], 4);
    assert_eq!(len(&invited["participants"]), 4);
    let bo = forum.participant("Bo").await;
    assert_eq!(invited["unreachable"][0]["id"], bo["id"]);
    assert_eq!(len(&invited["unreachable"]), 1);

    let ada = forum.participant("Ada").await;
    assert_eq!(ada["status"], "INVITED");
    assert_eq!(ada["answerBy"], "2025-01-20T00:00:00Z");
    let [to_event, to_talk] = ada["invitations"].as_array().expect("two").as_slice() else {
        panic!("{ada:#}");
    };
    assert_eq!(to_event["item"], Value::Null);
    assert_eq!(
        to_event["time"],
        json!({ "timeZone": "Asia/Shanghai", "startsOn": "2025-02-01", "endsOn": "2025-02-01",
            "precision": "DAY", "startsAtLocal": null, "endsAtLocal": null })
    );
    assert_eq!(to_talk["item"]["title"], "The talk");
    assert_eq!(
        to_talk["time"],
        json!({ "timeZone": "Asia/Shanghai", "startsOn": "2025-02-01", "endsOn": "2025-02-01",
            "precision": "EXACT", "startsAtLocal": "2025-02-01T09:00:00",
            "endsAtLocal": "2025-02-01T10:00:00" })
    );
    let id = to_talk["id"].as_str().expect("an id");
    assert_eq!(to_talk["uid"], format!("{id}@convoke"));

    // One message, with a mail to each and one for the talk.
    let messages = forum.messages().await;
    assert_eq!(len(&messages), 1);
    let told = &messages[0];
    assert_eq!(told["id"], invited["message"]["id"]);
    assert_eq!(
        [&told["kind"], &told["state"], &told["note"]],
        ["INVITATION", "RELEASED", "Please come."]
    );
    assert_eq!(
        told["deliveryCounts"],
        json!([{ "state": "QUEUED", "count": 5 }])
    );
    assert_eq!(told["deliveries"]["totalCount"], 5);
    let last = &told["deliveries"]["nodes"][4];
    assert_eq!(
        [
            &last["kind"],
            &last["person"]["name"],
            &last["invitation"]["title"]
        ],
        ["CALENDAR_UPDATE", "Ada Example", "The talk"]
    );

    // Who was asked is not asked again; who said no is.
    forum.becomes("Cy", "DECLINED").await;
    let again = forum.invite(json!({})).await;
    let cy = forum.participant("Cy").await;
    assert_eq!(again["participants"][0]["id"], cy["id"]);
    assert_eq!(
        (&again["recipientCount"], len(&again["passedOver"])),
        (&json!(1), 3)
    );
    assert_eq!(cy["status"], "INVITED");
    // The delegates of organizations that send none are nobody.
    let nobody = json!({ "eventId": forum.event, "participantIds": [ada["id"]] });
    let nobody = done(&forum.organiser().await, "participantInvite", nobody).await;
    assert_eq!(
        [&nobody["recipientCount"], &nobody["message"]],
        [&json!(0), &Value::Null]
    );
}

async fn a_trial_says_whom_it_would_ask_and_asks_nobody(backend: Backend) {
    let forum = Forum::new(backend).await;
    let dee = forum.person("Dee").await;
    let client = forum.organiser().await;
    let before = forum.app.database.contents().await;
    let operation = "mutation($input: ParticipantInviteInput!) { participantInvite(input: $input) {
        participants { status person { name } } unreachable { person { name } } passedOver { id }
        message { id } recipientCount userErrors { message } } }";
    let input = json!({ "eventId": forum.event, "filter": {}, "personIds": [dee["id"]],
        "dryRun": true });
    let answer = client.ask(operation, json!({ "input": input })).await;
    // Who would be put on the list is shown as well.
    let one = |name: &str| json!({ "status": "INVITED", "person": { "name": name } });
    let all = ["Ada Example", "Bo Example", "Cy Example", "Dee Example"].map(one);
    assert_eq!(
        answer.expect_data()["participantInvite"],
        json!({ "participants": all, "unreachable": [{ "person": { "name": "Bo Example" } }],
            "passedOver": [], "message": null, "recipientCount": 4, "userErrors": [] })
    );
    assert!(before == forum.app.database.contents().await);

    forum.invite(json!({})).await;
    let before = forum.app.database.contents().await;
    let input = json!({ "eventId": forum.event, "dryRun": true });
    let tried = done(&client, "participantRemind", input).await;
    assert_eq!(
        [&tried["recipientCount"], &tried["message"]],
        [&json!(3), &Value::Null]
    );
    assert!(before == forum.app.database.contents().await);
}

async fn who_cannot_be_invited_is_not_and_all_reasons_are_told(backend: Backend) {
    let forum = Forum::new(backend).await;
    let client = forum.organiser().await;
    let per = "per_0193f2a0000070008000000000000000";
    let ptc = "ptc_0193f2a0000070008000000000000000";
    let org = "org_0193f2a0000070008000000000000000";
    let refused = async |mutation: &str, input: Value| {
        in_short(&refused(&forum.app, &client, mutation, input).await)
    };
    let input = json!({ "eventId": forum.event, "personIds": [per], "participantIds": [ptc],
        "organizationIds": [org], "filter": { "organizationId": org },
        "answerBy": "2024-12-31T00:00:00Z", "note": " " });
    assert_eq!(
        refused("participantInvite", input).await,
        [
            "INVALID input.answerBy",
            "INVALID input.note",
            "NOT_FOUND input.personIds.0",
            "NOT_FOUND input.participantIds.0",
            "NOT_FOUND input.organizationIds.0",
            "NOT_FOUND input.filter.organizationId",
        ]
    );
    let input = json!({ "eventId": forum.event });
    assert_eq!(
        refused("participantInvite", input).await,
        ["INVALID input.personIds"]
    );
    let input = json!({ "eventId": forum.event, "participantIds": [ptc], "note": " " });
    assert_eq!(
        refused("participantRemind", input).await,
        ["INVALID input.note", "NOT_FOUND input.participantIds.0"]
    );
    // To what is not announced, or was called off, nobody is invited.
    let draft = DOCUMENT.replace("key: forum", "key: draft");
    let draft = forum.app.import(&forum.home, &draft).await.id;
    for state in ["draft", "called off"] {
        for mutation in ["participantInvite", "participantRemind"] {
            let input = json!({ "eventId": draft.to_string() });
            let found = refused(mutation, input).await;
            assert_eq!(
                found[0], "ILLEGAL_STATE input.eventId",
                "{state} {mutation}"
            );
        }
        if state == "draft" {
            forum.app.publish(draft).await;
            let event = json!({ "id": draft.to_string(), "expectedVersion": 2 });
            done(&client, "eventCancel", event).await;
        }
    }
}

async fn what_is_held_is_looked_at_and_goes_out(backend: Backend) {
    let forum = Forum::new(backend).await;
    let client = forum.organiser().await;
    forum.invite(json!({ "hold": true })).await;
    let held = forum.messages().await[0].clone();
    assert_eq!(
        [&held["state"], &held["releasedAt"]],
        [&json!("HELD"), &Value::Null]
    );
    let counts = &held["deliveryCounts"];
    assert_eq!(*counts, json!([{ "state": "HELD", "count": 4 }]));
    // Nothing of it goes out, whoever asks for it.
    let lease = chrono::TimeDelta::minutes(5);
    let claimed = forum.app.store.claim_deliveries(9, lease).await;
    assert!(claimed.expect("a claim").is_empty());
    let input = json!({ "messageId": held["id"] });
    let errors = refused(&forum.app, &client, "deliveryRetry", input).await;
    assert_eq!(in_short(&errors), ["ILLEGAL_STATE input.messageId"]);

    // Nobody is reminded of it, and who is struck off meanwhile is not told of what they never heard.
    let input = json!({ "eventId": forum.event });
    let reminded = done(&client, "participantRemind", input).await;
    assert_eq!(
        [&reminded["recipientCount"], &reminded["message"]],
        [&json!(0), &Value::Null]
    );
    let ada = forum.participant("Ada").await;
    let input = json!({ "id": ada["id"], "expectedVersion": ada["version"], "reason": "ill" });
    done(&client, "participantCancel", input).await;
    assert_eq!(len(&forum.messages().await), 1);

    // Cy has said no at the telephone: there is nothing to ask any more.
    forum.becomes("Cy", "DECLINED").await;
    forum.app.clock.advance(chrono::TimeDelta::hours(1));
    let released = seen(&held);
    done(&client, "messageRelease", released.clone()).await;
    let now = forum.messages().await[0].clone();
    assert_eq!(
        [&now["state"], &now["releasedAt"], &now["version"]],
        [
            &json!("RELEASED"),
            &json!("2025-01-01T13:00:00Z"),
            &json!(2)
        ]
    );
    assert_eq!(
        now["deliveryCounts"],
        json!([{ "state": "QUEUED", "count": 1 }, { "state": "SUPERSEDED", "count": 3 }])
    );
    let claimed = forum.app.store.claim_deliveries(9, lease).await;
    assert_eq!(claimed.expect("a claim").len(), 1);

    // What went out is decided.
    for mutation in ["messageRelease", "messageDiscard"] {
        let errors = refused(&forum.app, &client, mutation, released.clone()).await;
        let expected = [
            "STALE_VERSION input.expectedVersion",
            "ILLEGAL_STATE input.id",
        ];
        assert_eq!(in_short(&errors), expected, "{mutation}");
    }
    // And nothing goes out for what was called off meanwhile.
    let dee = forum.person("Dee").await;
    let more = json!({ "personIds": [dee["id"]], "hold": true });
    forum.invite(more).await;
    let held = forum.messages().await[0].clone();
    let event = json!({ "id": forum.event, "expectedVersion": 2 });
    done(&client, "eventCancel", event).await;
    let input = seen(&held);
    let errors = refused(&forum.app, &client, "messageRelease", input).await;
    assert_eq!(in_short(&errors), ["ILLEGAL_STATE input.id"]);
}

async fn what_is_discarded_was_never_asked(backend: Backend) {
    let forum = Forum::new(backend).await;
    let client = forum.organiser().await;
    let before = forum.participant("Ada").await;
    forum
        .invite(json!({ "hold": true, "answerBy": "2025-01-20T00:00:00Z" }))
        .await;
    let held = forum.messages().await[0].clone();
    done(&client, "messageDiscard", seen(&held)).await;
    let messages = forum.messages().await;
    assert_eq!(
        (len(&messages), &messages[0]["state"]),
        (1, &json!("DISCARDED"))
    );
    assert_eq!(
        messages[0]["deliveryCounts"],
        json!([{ "state": "DISCARDED", "count": 4 }])
    );
    let ada = forum.participant("Ada").await;
    assert_eq!(
        [&ada["status"], &ada["answerBy"]],
        [&before["status"], &Value::Null]
    );
    assert_eq!(ada["invitations"][0]["status"], "WITHDRAWN");
    // They may be asked anew, with the same entries.
    let invited = forum.invite(json!({})).await;
    assert_eq!(invited["recipientCount"], 3);
    let again = forum.participant("Ada").await;
    assert_eq!(again["invitations"][0]["status"], "STANDING");
    assert_eq!(again["invitations"][0]["uid"], ada["invitations"][0]["uid"]);
}

async fn what_others_put_into_a_calendar_is_taken_back_with_an_invitation(backend: Backend) {
    let forum = Forum::new(backend).await;
    let client = forum.organiser().await;
    forum.invite(json!({ "hold": true })).await;
    let held = forum.messages().await[0].clone();
    // The talk moves, and that is told.
    let operation = "{ event(slug: \"forum\") { draftAgenda { revision items { id version } } } }";
    let answer = client.query(operation).await;
    let agenda = answer.expect_data()["event"]["draftAgenda"].clone();
    let talk = &agenda["items"][0];
    let input = json!({ "id": talk["id"], "expectedVersion": talk["version"],
        "startsAtLocal": "2025-02-01T11:00:00", "endsAtLocal": "2025-02-01T12:00:00" });
    done(&client, "agendaItemMove", input).await;
    let revision = agenda["revision"].as_i64().expect("a revision") + 1;
    let input = json!({ "eventId": forum.event, "expectedRevision": revision });
    done(&client, "agendaPublish", input).await;
    assert_eq!(forum.messages().await[0]["agendaVersion"]["number"], 2);

    done(&client, "messageDiscard", seen(&held)).await;
    let last = forum.messages().await[0].clone();
    assert_eq!(last["kind"], "CALENDAR_UPDATE");
    let mails = &last["deliveries"]["nodes"];
    assert_eq!(len(mails), 1, "{last:#}");
    assert_eq!(mails[0]["invitation"]["title"], "The talk");
}

async fn those_who_have_not_answered_are_reminded(backend: Backend) {
    let forum = Forum::new(backend).await;
    let client = forum.organiser().await;
    forum.invite(json!({})).await;
    forum.becomes("Ada", "CONFIRMED").await;
    forum.becomes("Cy", "TENTATIVE").await;
    let input = json!({ "eventId": forum.event, "note": "One week left." });
    let reminded = done(&client, "participantRemind", input).await;
    let (bo, cy) = (forum.participant("Bo").await, forum.participant("Cy").await);
    assert_eq!(reminded["participants"][0]["id"], bo["id"]);
    assert_eq!(reminded["participants"][1]["id"], cy["id"]);
    assert_eq!(reminded["unreachable"][0]["id"], bo["id"]);
    assert_eq!(reminded["recipientCount"], 2);
    let last = forum.messages().await[0].clone();
    assert_eq!(
        [&last["kind"], &last["note"]],
        ["REMINDER", "One week left."]
    );

    let ada = forum.participant("Ada").await;
    let input = json!({ "eventId": forum.event, "participantIds": [ada["id"], cy["id"]] });
    let reminded = done(&client, "participantRemind", input).await;
    assert_eq!(reminded["participants"][0]["id"], cy["id"]);
    assert_eq!(reminded["passedOver"][0]["id"], ada["id"]);
    assert_eq!(reminded["recipientCount"], 1);
}
