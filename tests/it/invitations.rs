//! Inviting people through the API: who is asked, what is looked at first, what they answer, who gets a
//! place that has become free, and mails that are tried again.

use domain::workspace::Workspace;
use serde_json::{Value, json};
use tests::{Backend, Client, TestApp, both};

use crate::doing::{done, in_short, refused, send};

both!(
    who_is_invited_has_a_mail_and_entries,
    a_trial_says_whom_it_would_ask_and_asks_nobody,
    who_cannot_be_invited_is_not_and_all_reasons_are_told,
    what_is_held_is_looked_at_and_goes_out,
    what_is_discarded_was_never_asked,
    what_others_put_into_a_calendar_is_taken_back_with_an_invitation,
    those_who_have_not_answered_are_reminded,
    an_attendee_answers_for_themselves_and_for_nobody_else,
    an_answer_that_cannot_be_is_not_taken,
    who_is_struck_off_is_told_why_and_the_first_in_line_comes,
    nobody_is_let_in_where_there_is_no_place,
    what_failed_is_tried_again,
    an_address_takes_no_mail_until_it_is_taken_off_the_list,
    messages_and_mails_are_found_a_page_at_a_time,
    who_may_not_see_addresses_sees_mails_without_them
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

    async fn seen(&self, message: &Value) -> Value {
        json!({ "id": message["id"], "expectedVersion": message["version"] })
    }
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

    // Cy has said no at the telephone: there is nothing to ask any more.
    forum.becomes("Cy", "DECLINED").await;
    forum.app.clock.advance(chrono::TimeDelta::hours(1));
    let released = forum.seen(&held).await;
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
        json!([{ "state": "QUEUED", "count": 3 }, { "state": "SUPERSEDED", "count": 1 }])
    );
    let claimed = forum.app.store.claim_deliveries(9, lease).await;
    assert_eq!(claimed.expect("a claim").len(), 3);

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
    let input = forum.seen(&held).await;
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
    done(&client, "messageDiscard", forum.seen(&held).await).await;
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

    let seen = forum.seen(&held).await;
    done(&client, "messageDiscard", seen).await;
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

/// The mails of the last message, each with its id and state.
async fn mails(forum: &Forum) -> Value {
    let operation = "{ event(slug: \"forum\") { messages(first: 1) { nodes { id
        deliveries { nodes { id state attempts address subject availableAt settledAt reason
            person { name } } } } } } }";
    let answer = forum.organiser().await.query(operation).await;
    answer.expect_data()["event"]["messages"]["nodes"][0].clone()
}

async fn what_failed_is_tried_again(backend: Backend) {
    let forum = Forum::new(backend).await;
    let client = forum.organiser().await;
    forum.invite(json!({})).await;
    let message = mails(&forum).await;
    let nodes = message["deliveries"]["nodes"]
        .as_array()
        .expect("mails")
        .clone();
    let id = |name: &str| {
        let mut theirs = nodes.iter().filter(|one| one["person"]["name"] == name);
        theirs.next().expect("a mail")["id"].clone()
    };
    let (ada, bo, cy) = (id("Ada Example"), id("Bo Example"), id("Cy Example"));
    let settled = "UPDATE delivery SET attempts = 9, address = 'old@example.org', subject = 'Come',
        reason = 'for nothing', settled_at = created_at, state = ";
    for (state, name) in [("FAILED", "Ada Example"), ("SUPPRESSED", "Bo Example")] {
        let whose = format!("person_id IN (SELECT id FROM person WHERE name = '{name}')");
        let statement = format!("{settled} '{state}' WHERE kind = 'INVITATION' AND {whose}");
        forum.app.database.execute(&statement).await;
    }
    // What waits is not tried again, nor what reaches nobody, nor what is not there.
    let nowhere = "dlv_0193f2a0000070008000000000000000";
    let input = json!({ "messageId": message["id"], "ids": [cy, nowhere, bo, ada, ada] });
    let errors = refused(&forum.app, &client, "deliveryRetry", input).await;
    assert_eq!(
        in_short(&errors),
        [
            "ILLEGAL_STATE input.ids.0",
            "NOT_FOUND input.ids.1",
            "ILLEGAL_STATE input.ids.2"
        ]
    );
    assert!(
        errors[0]["message"]
            .as_str()
            .expect("text")
            .contains("QUEUED")
    );
    assert!(
        errors[2]["message"]
            .as_str()
            .expect("text")
            .contains("address")
    );

    forum.app.clock.advance(chrono::TimeDelta::hours(2));
    let again = json!({ "messageId": message["id"] });
    let tried = done(&client, "deliveryRetry", again.clone()).await;
    assert_eq!((len(&tried["deliveries"]), &tried["count"]), (1, &json!(1)));
    assert_eq!(tried["deliveries"][0]["id"], ada);
    let now = mails(&forum).await["deliveries"]["nodes"][0].clone();
    assert_eq!(now["id"], ada);
    // It is written anew, to the address that is known now.
    for (member, value) in [
        ("state", json!("QUEUED")),
        ("attempts", json!(0)),
        ("address", Value::Null),
        ("subject", Value::Null),
        ("reason", Value::Null),
        ("settledAt", Value::Null),
        ("availableAt", json!("2025-01-01T14:00:00Z")),
    ] {
        assert_eq!(now[member], value, "{member}");
    }
    // Bo is known to have an address by now; and then nothing is left to try.
    let person = forum.person("Bo").await;
    let patch = json!({ "id": person["id"], "expectedVersion": person["version"],
        "patch": { "email": "bo@example.org" } });
    done(&client, "personUpdate", patch).await;
    let named = json!({ "messageId": message["id"], "ids": [bo, bo] });
    assert_eq!(done(&client, "deliveryRetry", named).await["count"], 1);
    assert_eq!(done(&client, "deliveryRetry", again).await["count"], 0);
    // The log knows who asked for it.
    let owner = forum.app.as_owner(&forum.home).await;
    let operation =
        "{ workspace(slug: \"home\") { auditLog(filter: { operation: \"deliveryRetry\" }) {
        nodes { objectId action changes { field before after } } } } }";
    let answer = owner.query(operation).await;
    let log = &answer.expect_data()["workspace"]["auditLog"]["nodes"];
    assert_eq!(len(log), 2);
    assert_eq!(
        log[1],
        json!({ "objectId": ada, "action": "UPDATED",
            "changes": [{ "field": "state", "before": "\"FAILED\"", "after": "\"QUEUED\"" }] })
    );
    let many: Vec<_> = (0..501).map(|_| &ada).collect();
    let input = json!({ "messageId": message["id"], "ids": many });
    let answer = send(&client, "deliveryRetry", input).await;
    answer.expect_error("BAD_USER_INPUT");
}

async fn an_address_takes_no_mail_until_it_is_taken_off_the_list(backend: Backend) {
    let forum = Forum::new(backend).await;
    let client = forum.organiser().await;
    let workspace = forum.home.id.to_string();
    // Whatever case it is written in.
    let input = json!({ "workspaceId": workspace, "address": " DEE@Example.org ",
        "detail": "She said so." });
    let added = done(&client, "suppressionAdd", input.clone()).await;
    let operation = "{ workspace(slug: \"home\") { suppressions { totalCount nodes {
        id address reason detail at } } } }";
    let answer = client.query(operation).await;
    assert_eq!(
        answer.expect_data()["workspace"]["suppressions"],
        json!({ "totalCount": 1, "nodes": [{ "id": added["suppression"]["id"],
            "address": "dee@example.org", "reason": "ORGANISER", "detail": "She said so.",
            "at": "2025-01-01T12:00:00Z" }] })
    );
    let errors = refused(&forum.app, &client, "suppressionAdd", input).await;
    assert_eq!(in_short(&errors), ["ALREADY_EXISTS input.address"]);
    assert_eq!(errors[0]["existing"]["id"], added["suppression"]["id"]);
    let input = json!({ "workspaceId": workspace, "address": "no address", "detail": " " });
    let errors = refused(&forum.app, &client, "suppressionAdd", input).await;
    assert_eq!(
        in_short(&errors),
        ["INVALID input.address", "INVALID input.detail"]
    );

    // A mail that was held back for it is tried again once it is off the list.
    let dee = forum.person("Dee").await;
    forum.invite(json!({ "personIds": [dee["id"]] })).await;
    let back = "UPDATE delivery SET state = 'SUPPRESSED' WHERE person_id IN
        (SELECT id FROM person WHERE name = 'Dee Example')";
    forum.app.database.execute(back).await;
    let message = mails(&forum).await;
    let theirs = message["deliveries"]["nodes"].as_array().expect("mails");
    let mut theirs = theirs.iter().filter(|one| one["state"] == "SUPPRESSED");
    let mail = theirs.next().expect("a mail")["id"].clone();
    let again = json!({ "messageId": message["id"], "ids": [mail] });
    let errors = refused(&forum.app, &client, "deliveryRetry", again.clone()).await;
    assert_eq!(in_short(&errors), ["ILLEGAL_STATE input.ids.0"]);
    assert!(
        errors[0]["message"]
            .as_str()
            .expect("text")
            .contains("suppressions")
    );
    let off = json!({ "id": added["suppression"]["id"], "expectedVersion": 1 });
    done(&client, "suppressionRemove", off.clone()).await;
    assert_eq!(done(&client, "deliveryRetry", again).await["count"], 1);
    let gone = send(&client, "suppressionRemove", off).await;
    gone.expect_error("NOT_FOUND");
}

async fn messages_and_mails_are_found_a_page_at_a_time(backend: Backend) {
    let forum = Forum::new(backend).await;
    let client = forum.organiser().await;
    forum.invite(json!({})).await;
    for note in ["first", "second", "third"] {
        let input = json!({ "eventId": forum.event, "note": note });
        done(&client, "participantRemind", input).await;
    }
    let operation = "query($filter: MessageFilter, $first: Int, $after: String) {
        event(slug: \"forum\") { messages(filter: $filter, first: $first, after: $after) {
            totalCount nodes { note deliveries(filter: { state: [QUEUED] }, last: 2) {
                totalCount nodes { person { name } } } }
            pageInfo { hasNextPage endCursor } } } }";
    let reminders = json!({ "kind": ["REMINDER"], "state": ["RELEASED"] });
    let mut notes = Vec::new();
    let mut after = Value::Null;
    loop {
        let variables = json!({ "filter": reminders, "first": 2, "after": after });
        let answer = client.ask(operation, variables).await;
        let page = answer.expect_data()["event"]["messages"].clone();
        assert_eq!(page["totalCount"], 3);
        for node in page["nodes"].as_array().expect("nodes") {
            notes.push(node["note"].clone());
            let names = json!([{ "person": { "name": "Bo Example" } },
                { "person": { "name": "Cy Example" } }]);
            assert_eq!(
                node["deliveries"],
                json!({ "totalCount": 3, "nodes": names })
            );
        }
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(notes, ["third", "second", "first"]);
    // A cursor is one of its list with its filter.
    let other = json!({ "filter": { "kind": ["INVITATION"] }, "after": after });
    client
        .ask(operation, other)
        .await
        .expect_error("BAD_USER_INPUT");
    let none = json!({ "filter": { "state": ["HELD"] } });
    let answer = client.ask(operation, none).await;
    assert_eq!(answer.expect_data()["event"]["messages"]["totalCount"], 0);
}

async fn who_may_not_see_addresses_sees_mails_without_them(backend: Backend) {
    let forum = Forum::new(backend).await;
    forum.invite(json!({})).await;
    let sent =
        "UPDATE delivery SET address = 'ada@example.org', answer = '250 for ada@example.org'";
    forum.app.database.execute(sent).await;
    let operation = "{ event(slug: \"forum\") { messages { nodes {
        deliveries(first: 1) { nodes { state address answer } } } } } }";
    for (client, address, said) in [
        (
            forum.organiser().await,
            json!("ada@example.org"),
            json!("250 for ada@example.org"),
        ),
        (
            forum.app.as_viewer(&forum.home).await,
            Value::Null,
            Value::Null,
        ),
    ] {
        let answer = client.query(operation).await;
        let mail = &answer.expect_data()["event"]["messages"]["nodes"][0]["deliveries"]["nodes"][0];
        let expected = json!({ "state": "QUEUED", "address": address, "answer": said });
        assert_eq!(*mail, expected);
    }
    // The log tells of a list of addresses to those alone who may see addresses.
    forum.app.suppress(&forum.home, "eve@example.org").await;
    let everything_else: Vec<_> = <domain::access::Permission as domain::Word>::ALL.to_vec();
    let everything_else: Vec<_> = everything_else
        .into_iter()
        .filter(|one| *one != domain::access::Permission::ContactRead)
        .collect();
    let role = domain::access::Role::Owner;
    let token = forum.app.token(&forum.home, role, Some(&everything_else));
    let confined = forum.app.bearer(token.await);
    let operation =
        "{ workspace(slug: \"home\") { auditLog { nodes { operation changes { after } } } } }";
    let told = confined.query(operation).await;
    assert!(!told.text.contains("eve@example.org"), "{}", told.text);
    assert!(told.text.contains("suppressionAdd"));
}
