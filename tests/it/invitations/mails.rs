//! How far mails have come: what failed is tried again, what takes no mail is left alone, and who sees
//! what of it.

use serde_json::{Value, json};
use tests::{Backend, both};

use super::{Forum, len};
use crate::doing::{done, in_short, refused, send};

both!(
    what_failed_is_tried_again,
    an_address_takes_no_mail_until_it_is_taken_off_the_list,
    messages_and_mails_are_found_a_page_at_a_time,
    who_may_not_see_addresses_sees_mails_without_them
);

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
    let invited = forum.invite(json!({ "personIds": [dee["id"]] })).await;
    let no_mail = invited["unreachable"].as_array().expect("a list").iter();
    let no_mail: Vec<_> = no_mail.map(|one| one["id"].clone()).collect();
    let mut expected = Vec::new();
    for name in ["Bo", "Dee"] {
        expected.push(forum.participant(name).await["id"].clone());
    }
    assert_eq!(no_mail, expected);
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
            totalCount nodes { note deliveries(filter: { state: [QUEUED, SUPERSEDED] }, last: 2) {
                totalCount nodes { state person { name } } } }
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
            // Nobody is reminded twice: what waits still gives way to a newer one.
            let state = match node["note"].as_str() {
                Some("third") => "QUEUED",
                _ => "SUPERSEDED",
            };
            let names = json!([{ "state": state, "person": { "name": "Bo Example" } },
                { "state": state, "person": { "name": "Cy Example" } }]);
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
