//! Publishing: a version never changes, the draft is nobody's business, and each person concerned is
//! told once.

use serde_json::{Value, json};
use tests::{Backend, Client, both};

use super::{Forum, seen};
use crate::doing::{done, in_short, refused, send, with};

both!(
    a_version_stays_as_it_was_whatever_is_edited_later,
    the_draft_of_a_published_agenda_is_nobodys_business,
    what_is_published_is_otherwise_in_these_ways,
    each_person_concerned_is_told_once,
    who_tries_is_told_what_would_happen,
    who_has_not_seen_the_draft_publishes_nothing,
    who_asks_again_publishes_nothing_twice,
    nobody_is_told_where_nobody_is_to_be
);

const PUBLISHED: &str =
    "query($version: Int) { event(slug: \"forum\") { agenda(version: $version) {
    version revision publishedAt
    items { id kind title abstract startsAt startsAtLocal endsAtLocal order parent { id }
        room { id name } track { id name }
        appearances { id role printedName printedPosts person { id name }
            group { description organization { name } } onBehalfOf { ... on Organization { name } } }
        releases { id title } awards { id title grantors { id name }
            recipients { id recipient { ... on Person { id name } } } }
    } } } }";

pub async fn version(client: &Client<'_>, number: Option<i32>) -> Value {
    let answer = client.ask(PUBLISHED, json!({ "version": number })).await;
    answer.expect_data()["event"]["agenda"].clone()
}

/// Everything that a draft can be changed in: people, places, strands and items, moved and removed.
async fn everything_is_otherwise(forum: &Forum, owner: &Client<'_>) {
    let first = forum.item(owner, "first").await;
    let second = forum.item(owner, "second").await;
    let ada = &first["appearances"][0]["person"];
    let patch = json!({ "patch": { "name": "Ada Otherwise" } });
    done(owner, "personUpdate", with(seen(ada), patch)).await;
    // Who grants what is given is called otherwise, and who got it has not got it.
    let operation = "{ event(slug: \"forum\") { awards { grantors { id version }
        recipients { id version } } } }";
    let answer = owner.query(operation).await;
    let event = answer.expect_data()["event"].clone();
    let award = &event["awards"][0];
    let patch = json!({ "patch": { "name": { "language": "en", "text": "The other guild" } } });
    let guild = seen(&award["grantors"][0]);
    done(owner, "organizationUpdate", with(guild, patch)).await;
    let recipient = &award["recipients"][0];
    done(owner, "awardRecipientRemove", seen(recipient)).await;
    let patch = json!({ "patch": { "title": { "language": "en", "text": "Another first" } } });
    done(owner, "agendaItemUpdate", with(seen(&first), patch)).await;
    let appearance = seen(&first["appearances"][0]);
    let patch = json!({ "patch": { "printedName": "A. Otherwise", "role": "KEYNOTE_SPEAKER" } });
    done(owner, "appearanceUpdate", with(appearance, patch)).await;
    let to = json!({ "startsAtLocal": "2025-02-01T16:00:00" });
    done(owner, "agendaItemMove", with(seen(&second), to)).await;
    let third = forum.item(owner, "third").await;
    done(owner, "agendaItemRemove", seen(&third)).await;
    let more = json!({ "eventId": forum.id, "kind": "TALK",
        "title": { "language": "en", "text": "A secret talk" } });
    done(owner, "agendaItemAdd", more).await;
    let operation = "{ event(slug: \"forum\") { draftAgenda { items { room { id version }
        track { id version } } } } }";
    let answer = owner.query(operation).await;
    let hall = &answer.expect_data()["event"]["draftAgenda"]["items"][1];
    let patch = json!({ "patch": { "name": "Renamed" } });
    done(
        owner,
        "roomUpdate",
        with(seen(&hall["room"]), patch.clone()),
    )
    .await;
    done(owner, "trackUpdate", with(seen(&hall["track"]), patch)).await;
}

async fn a_version_stays_as_it_was_whatever_is_edited_later(backend: Backend) {
    let forum = Forum::published(backend).await;
    let (owner, public) = (forum.owner().await, forum.app.anonymous());
    let first = version(&public, None).await;
    assert_eq!(
        (&first["version"], &first["revision"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(first["items"].as_array().expect("items").len(), 4);
    everything_is_otherwise(&forum, &owner).await;
    for client in [&public, &owner] {
        assert_eq!(version(client, None).await, first);
        assert_eq!(version(client, Some(1)).await, first);
        assert_eq!(version(client, Some(2)).await, Value::Null);
    }

    let payload = forum
        .publish(&owner, json!({ "comment": "Some more." }))
        .await;
    assert_eq!(payload["version"]["__typename"], "AgendaVersion");
    let second = version(&public, None).await;
    assert_eq!(second["version"], 2);
    let titles = |agenda: &Value| -> Vec<Value> {
        let items = agenda["items"].as_array().expect("items").iter();
        items.map(|item| item["title"].clone()).collect()
    };
    let now = [
        "Morning",
        "Another first",
        "The second talk",
        "A secret talk",
    ];
    assert_eq!(titles(&second), now);
    let speaker = &second["items"][1]["appearances"][0];
    assert_eq!(speaker["printedName"], "A. Otherwise");
    assert_eq!(speaker["person"]["name"], "Ada Otherwise");
    assert_eq!(second["items"][1]["room"]["name"], "Renamed");
    assert_eq!(version(&public, Some(1)).await, first);

    // Another node has nothing at hand, and reads the same.
    let another = forum.app.another_node().await;
    let secret = forum
        .app
        .token(&forum.home, domain::access::Role::Viewer, None)
        .await;
    assert_eq!(version(&another.bearer(secret), Some(1)).await, first);

    let operation = "{ event(slug: \"forum\") { agendaVersions {
        number revision comment publishedAt agenda { version } } } }";
    let answer = public.query(operation).await;
    let versions = &answer.expect_data()["event"]["agendaVersions"];
    let told: Vec<_> = versions.as_array().expect("versions").iter().collect();
    assert_eq!(told.len(), 2);
    assert_eq!(
        (&told[0]["number"], &told[0]["comment"]),
        (&json!(2), &json!("Some more."))
    );
    assert_eq!(told[1]["agenda"]["version"], 1);
    // The database itself refuses to change one.
    let changed = forum
        .app
        .database
        .try_execute("UPDATE agenda_version SET comment = 'x'")
        .await;
    assert!(changed.is_err());
}

/// What was added or said since the agenda was published is not found, whatever way it is looked for.
async fn the_draft_of_a_published_agenda_is_nobodys_business(backend: Backend) {
    let forum = Forum::published(backend).await;
    let owner = forum.owner().await;
    let made =
        async |mutation: &str, input: Value| crate::doing::made(&owner, mutation, input).await.id;
    let workspace = forum.home.id.to_string();
    let person = json!({ "workspaceId": workspace, "name": "Secret Example" });
    let person = made("personCreate", person).await;
    let body = json!({ "workspaceId": workspace, "kind": "COMPANY",
        "name": { "language": "en", "text": "Secret Works" } });
    let body = made("organizationCreate", body).await;
    let track = made("trackAdd", json!({ "eventId": forum.id, "name": "Secret" })).await;
    let venue = made(
        "venueCreate",
        json!({ "workspaceId": workspace, "name": "Secret House" }),
    )
    .await;
    let room = made(
        "roomAdd",
        json!({ "venueId": venue, "name": "Secret Room" }),
    )
    .await;
    let item = json!({ "eventId": forum.id, "kind": "TALK", "trackId": track, "roomId": room,
        "title": { "language": "en", "text": "Secret talk" } });
    let item = made("agendaItemAdd", item).await;
    let appearance = json!({ "eventId": forum.id, "itemId": item, "role": "SPEAKER",
        "who": { "personId": person }, "onBehalfOf": { "organizationId": body } });
    let appearance = made("appearanceAdd", appearance).await;
    let title = json!({ "language": "en", "text": "Secret thing" });
    let release = json!({ "eventId": forum.id, "itemId": item, "title": title });
    let release = made("releaseAdd", release).await;
    let award = json!({ "eventId": forum.id, "itemId": item, "kind": "PRIZE", "title": title,
        "grantorIds": [body] });
    let award = made("awardAdd", award).await;
    let recipient = json!({ "awardId": award, "recipient": { "personId": person } });
    let recipient = made("awardRecipientAdd", recipient).await;
    // What was there is said otherwise, and goes.
    let first = forum.item(&owner, "first").await;
    let patch = json!({ "patch": { "printedName": "Secret name" } });
    let known = seen(&first["appearances"][0]);
    done(&owner, "appearanceUpdate", with(known, patch)).await;
    let guide = seen(&first["releases"][0]);
    done(&owner, "releaseRemove", guide).await;

    let all = [
        &item,
        &appearance,
        &track,
        &room,
        &venue,
        &person,
        &body,
        &release,
        &award,
        &recipient,
    ];
    let public = forum.app.anonymous();
    let viewer = forum.app.as_viewer(&forum.home).await;
    let operation = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let answer = public.ask(operation, json!({ "ids": all })).await;
    assert_eq!(
        answer.expect_data()["nodes"],
        json!(vec![Value::Null; all.len()])
    );
    let lists = format!(
        "{{ people(filter: {{ search: \"secret\" }}) {{ nodes {{ id }} }}
        organizations(filter: {{ search: \"secret\" }}) {{ nodes {{ id }} }}
        event(slug: \"forum\") {{ releases {{ title }} awards {{ title }} draftAgenda {{ revision }}
            agendaRevisions {{ number }} draftDiff {{ isEmpty }} }}
        node(id: {}) {{ ... on Appearance {{ printedName }} }} }}",
        first["appearances"][0]["id"]
    );
    let shown = json!({
        "people": { "nodes": [] }, "organizations": { "nodes": [] },
        "event": {
            "releases": [{ "title": "A guide" }], "awards": [{ "title": "The prize" }],
            "draftAgenda": null, "agendaRevisions": null, "draftDiff": null,
        },
        "node": { "printedName": "Ada Example" },
    });
    let answer = public.query(&lists).await;
    assert_eq!(*answer.expect_data(), shown);
    // The directory is the house's; the draft is not.
    let answer = viewer.query(&lists).await;
    assert_eq!(answer.expect_data()["event"], shown["event"]);
    assert_eq!(answer.expect_data()["node"], shown["node"]);
    let parts = [&item, &appearance, &track, &release, &award, &recipient];
    let answer = viewer.ask(operation, json!({ "ids": parts })).await;
    assert_eq!(
        answer.expect_data()["nodes"],
        json!(vec![Value::Null; parts.len()])
    );

    forum.publish(&owner, json!({})).await;
    let answer = public.ask(operation, json!({ "ids": all })).await;
    let nodes = answer.expect_data()["nodes"]
        .as_array()
        .expect("nodes")
        .clone();
    assert!(nodes.iter().all(|node| !node.is_null()), "{nodes:?}");
    let answer = public.query(&lists).await;
    let event = &answer.expect_data()["event"];
    assert_eq!(event["releases"], json!([{ "title": "Secret thing" }]));
    assert_eq!(answer.expect_data()["node"]["printedName"], "Secret name");
}

const DIFF: &str = "isEmpty added { title } removed { title } moved { title } changed { title }
    changes { kinds aspects before { title startsAtLocal } after { title startsAtLocal }
        appearances { before { printedName role } after { printedName role } } }
    eventAppearances { before { printedName } after { printedName } }";

async fn what_is_published_is_otherwise_in_these_ways(backend: Backend) {
    let forum = Forum::published(backend).await;
    let (owner, public) = (forum.owner().await, forum.app.anonymous());
    let diff = async |client: &Client<'_>, arguments: &str| {
        let operation =
            format!("{{ event(slug: \"forum\") {{ diff: {arguments} {{ {DIFF} }} }} }}");
        client.query(&operation).await.expect_data()["event"]["diff"].clone()
    };
    assert_eq!(diff(&owner, "draftDiff(from: 1)").await["isEmpty"], true);
    everything_is_otherwise(&forum, &owner).await;
    let draft = diff(&owner, "draftDiff(from: 1)").await;
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "snapshots" }, {
        insta::assert_snapshot!("diff", serde_json::to_string_pretty(&draft).expect("text"));
    });
    assert_eq!(diff(&public, "draftDiff(from: 1)").await, Value::Null);
    forum.publish(&owner, json!({})).await;
    assert_eq!(diff(&public, "agendaDiff(from: 1, to: 2)").await, draft);
    assert_eq!(
        diff(&public, "agendaDiff(from: 2, to: 2)").await["isEmpty"],
        true
    );
    assert_eq!(
        diff(&public, "agendaDiff(from: 1, to: 3)").await,
        Value::Null
    );
    // The other way round, what came goes.
    let back = diff(&public, "agendaDiff(from: 2, to: 1)").await;
    assert_eq!(
        (&back["added"], &back["removed"]),
        (&draft["removed"], &draft["added"])
    );
    let whole = diff(&public, "agendaDiff(from: 0, to: 1)").await;
    assert_eq!(whole["added"].as_array().expect("items").len(), 4);
    let operation =
        format!("{{ event(slug: \"forum\") {{ agendaVersions {{ diff {{ {DIFF} }} }} }} }}");
    let answer = public.query(&operation).await;
    let versions = &answer.expect_data()["event"]["agendaVersions"];
    assert_eq!(
        (&versions[0]["diff"], &versions[1]["diff"]),
        (&draft, &whole)
    );
}

async fn outbox(forum: &Forum) -> Vec<(String, Value)> {
    let statement = match forum.app.database.backend {
        Backend::Sqlite => {
            "SELECT json_object('p', p.name, 'c', json(o.payload), 's', o.state, 'k', o.kind) AS value
             FROM delivery o JOIN person p ON p.id = o.person_id ORDER BY p.name"
        }
        Backend::Postgres => {
            "SELECT json_build_object('p', p.name, 'c', o.payload, 's', o.state, 'k', o.kind)::text AS value
             FROM delivery o JOIN person p ON p.id = o.person_id ORDER BY p.name"
        }
    };
    let rows = forum.app.database.texts(statement).await;
    let rows = rows.iter().map(|row| {
        let row: Value = serde_json::from_str(row).expect("JSON");
        assert_eq!(
            (&row["s"], &row["k"]),
            (&json!("QUEUED"), &json!("AGENDA_CHANGED"))
        );
        (
            row["p"].as_str().expect("a name").to_owned(),
            row["c"].clone(),
        )
    });
    rows.collect()
}

async fn each_person_concerned_is_told_once(backend: Backend) {
    let forum = Forum::published(backend).await;
    let owner = forum.owner().await;
    assert_eq!(outbox(&forum).await, []);
    // Both of Ada's talks move, the panel goes, and nothing is otherwise for Dee.
    for key in ["first", "second"] {
        let item = forum.item(&owner, key).await;
        let to = json!({ "startsAtLocal": format!("2025-02-01T1{}:00:00", key.len()) });
        done(&owner, "agendaItemMove", with(seen(&item), to)).await;
    }
    let third = forum.item(&owner, "third").await;
    done(&owner, "agendaItemRemove", seen(&third)).await;
    let second = forum.item(&owner, "second").await;
    done(&owner, "appearanceRemove", seen(&second["appearances"][1])).await;

    let payload = forum
        .publish(&owner, json!({ "comment": "A later morning." }))
        .await;
    assert_eq!(payload["recipientCount"], 3);
    let told = outbox(&forum).await;
    let names: Vec<_> = told.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Ada Example", "Bo Example", "Cy Example"]);
    let mut text = serde_json::to_string_pretty(&told).expect("text");
    for (name, item) in [
        ("first", forum.item(&owner, "first").await),
        ("second", second),
        ("third", third),
    ] {
        text = text.replace(item["id"].as_str().expect("an id"), &format!("itm_{name}"));
    }
    let ids: Vec<String> = text
        .split('"')
        .filter(|word| word.starts_with("rom_") || word.starts_with("itm_0"))
        .map(str::to_owned)
        .collect();
    for (place, id) in ids.iter().enumerate() {
        text = text.replace(id, &format!("id {place}"));
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "snapshots" }, {
        insta::assert_snapshot!("notices", text);
    });

    let notices = "{ event(slug: \"forum\") { agendaVersions { notices { person { name }
        changes { kinds aspects before { title } after { title } } } } } }";
    let answer = owner.query(notices).await;
    let versions = &answer.expect_data()["event"]["agendaVersions"];
    assert_eq!(versions[1]["notices"], json!([]));
    let names: Vec<_> = versions[0]["notices"]
        .as_array()
        .expect("notices")
        .iter()
        .collect();
    assert_eq!(names.len(), 3);
    assert_eq!(
        versions[0]["notices"][0],
        json!({ "person": { "name": "Ada Example" }, "changes": [
            { "kinds": ["MOVED"], "aspects": ["TIME"],
              "before": { "title": "The first talk" }, "after": { "title": "The first talk" } },
            { "kinds": ["MOVED"], "aspects": ["TIME"],
              "before": { "title": "The second talk" }, "after": { "title": "The second talk" } },
        ] })
    );
    let answer = forum.app.anonymous().query(notices).await;
    let versions = &answer.expect_data()["event"]["agendaVersions"];
    assert_eq!(versions[0]["notices"], Value::Null);
    // Nothing is otherwise: nobody is told.
    let payload = forum.publish(&owner, json!({})).await;
    assert_eq!(
        (&payload["recipientCount"], &payload["diff"]["isEmpty"]),
        (&json!(0), &json!(true))
    );
    assert_eq!(outbox(&forum).await.len(), 3);
}

async fn who_tries_is_told_what_would_happen(backend: Backend) {
    let forum = Forum::published(backend).await;
    let owner = forum.owner().await;
    everything_is_otherwise(&forum, &owner).await;
    let before = forum.app.database.contents().await;
    let tried = forum
        .publish(&owner, json!({ "dryRun": true, "idempotencyKey": "one" }))
        .await;
    assert!(before == forum.app.database.contents().await);
    assert_eq!(tried["version"], Value::Null);
    let done = forum
        .publish(&owner, json!({ "idempotencyKey": "two" }))
        .await;
    assert_eq!(
        (&tried["diff"], &tried["recipientCount"]),
        (&done["diff"], &done["recipientCount"])
    );
    assert_eq!(tried["notices"], done["notices"]);
    assert_eq!(done["recipientCount"], 3);
}

async fn who_has_not_seen_the_draft_publishes_nothing(backend: Backend) {
    let forum = Forum::published(backend).await;
    let (app, owner) = (&forum.app, forum.owner().await);
    let input = json!({ "eventId": forum.id, "expectedRevision": 0, "comment": "\u{7}" });
    let errors = refused(app, &owner, "agendaPublish", input.clone()).await;
    assert_eq!(
        in_short(&errors),
        [
            "STALE_VERSION input.expectedRevision",
            "INVALID input.comment"
        ]
    );
    assert_eq!(errors[0]["currentVersion"], 1);
    let event = owner
        .query("{ event(slug: \"forum\") { id version } }")
        .await;
    let event = event.expect_data()["event"].clone();
    done(&owner, "eventCancel", seen(&event)).await;
    let input = json!({ "eventId": forum.id, "expectedRevision": 1 });
    let errors = refused(app, &owner, "agendaPublish", input).await;
    assert_eq!(in_short(&errors), ["ILLEGAL_STATE input.eventId"]);
}

async fn who_asks_again_publishes_nothing_twice(backend: Backend) {
    let forum = Forum::published(backend).await;
    let owner = forum.owner().await;
    everything_is_otherwise(&forum, &owner).await;
    let input = json!({ "eventId": forum.id, "expectedRevision": forum.revision(&owner).await,
        "idempotencyKey": "once" });
    let (one, two) = tokio::join!(
        send(&owner, "agendaPublish", input.clone()),
        send(&owner, "agendaPublish", input.clone())
    );
    assert_eq!(one.expect_data(), two.expect_data());
    // Whatever is edited since, the answer is the same.
    let first = forum.item(&owner, "first").await;
    done(&owner, "agendaItemRemove", seen(&first)).await;
    let three = send(&owner, "agendaPublish", input).await;
    let (one, three) = (one.expect_data(), three.expect_data());
    assert_eq!(
        one["agendaPublish"]["notices"],
        three["agendaPublish"]["notices"]
    );
    assert_eq!(
        one["agendaPublish"]["version"],
        three["agendaPublish"]["version"]
    );
    assert_eq!(
        one["agendaPublish"]["recipientCount"],
        three["agendaPublish"]["recipientCount"]
    );
    assert_eq!(outbox(&forum).await.len(), 3);
}

async fn nobody_is_told_where_nobody_is_to_be(backend: Backend) {
    let forum = Forum::new(backend).await;
    let owner = forum.owner().await;
    // The agenda of an event that nobody has announced has versions, which nobody sees.
    let payload = forum.publish(&owner, json!({ "notify": false })).await;
    assert_eq!(
        (&payload["recipientCount"], &payload["notices"]),
        (&json!(0), &json!([]))
    );
    assert_eq!(outbox(&forum).await, []);
    let seen_by_all = "{ event(slug: \"forum\") { agenda { version } } }";
    let answer = forum.app.anonymous().query(seen_by_all).await;
    assert_eq!(answer.expect_data()["event"], Value::Null);
    // Announced, the event shows what was published, and not what was added since.
    let more = json!({ "eventId": forum.id, "kind": "BREAK" });
    done(&owner, "agendaItemAdd", more).await;
    forum.app.publish(forum.id.parse().expect("an id")).await;
    let items = version(&forum.app.anonymous(), None).await;
    assert_eq!(items["version"], 1);
    assert_eq!(items["items"].as_array().expect("items").len(), 4);
}
