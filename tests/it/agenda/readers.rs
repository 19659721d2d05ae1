//! What readers find of an agenda while its draft goes on: what stood there when it was published.

use serde_json::{Value, json};
use tests::{Backend, Client, both};

use super::publish::version;
use super::{Forum, seen};
use crate::doing::{done, with};

both!(
    what_goes_onto_an_item_or_off_it_stays_where_it_was_for_readers,
    two_who_have_become_one_are_not_told_of_it,
    whoever_looks_for_the_people_of_an_event_finds_those_who_were_published
);

async fn what_goes_onto_an_item_or_off_it_stays_where_it_was_for_readers(backend: Backend) {
    let forum = Forum::new(backend).await;
    let owner = forum.owner().await;
    let title = json!({ "language": "en", "text": "Beside" });
    let beside = json!({ "eventId": forum.id, "title": title });
    done(&owner, "releaseAdd", beside).await;
    forum.app.publish(forum.id.parse().expect("an id")).await;
    let public = forum.app.anonymous();
    let operation = "{ event(slug: \"forum\") {
        releases { id version title item { id } } awards { id version title item { id } }
        agenda { items { releases { title } awards { title } } } } }";
    let read = async |client: &Client<'_>| client.query(operation).await.expect_data().clone();
    let before = read(&public).await;
    let things = read(&owner).await["event"].clone();
    assert_eq!(before["event"]["releases"][1]["item"], Value::Null);

    let first = forum.item(&owner, "first").await;
    let (off, onto) = (&things["releases"][0], &things["releases"][1]);
    let patch = json!({ "patch": { "itemId": null,
        "title": { "language": "en", "text": "Secret" } } });
    done(&owner, "releaseUpdate", with(seen(off), patch.clone())).await;
    let prize = &things["awards"][0];
    done(&owner, "awardUpdate", with(seen(prize), patch)).await;
    let patch = json!({ "patch": { "itemId": first["id"] } });
    done(&owner, "releaseUpdate", with(seen(onto), patch)).await;
    assert_eq!(read(&public).await, before);
    let node = "query($id: ID!) { node(id: $id) { ... on Release { title } } }";
    for (one, title) in [(off, "A guide"), (onto, "Beside")] {
        let answer = public.ask(node, json!({ "id": one["id"] })).await;
        assert_eq!(answer.expect_data()["node"]["title"], title);
    }

    forum.publish(&owner, json!({})).await;
    let after = read(&public).await["event"].clone();
    let titles = |list: &Value| -> Vec<Value> {
        let list = list.as_array().expect("a list").iter();
        list.map(|one| json!([one["title"], one["item"].is_null()]))
            .collect()
    };
    let now = [json!(["Secret", true]), json!(["Beside", false])];
    assert_eq!(titles(&after["releases"]), now);
    assert_eq!(titles(&after["awards"]), [json!(["Secret", true])]);
    // What is removed is gone for all.
    let things = read(&owner).await["event"].clone();
    done(&owner, "releaseRemove", seen(&things["releases"][0])).await;
    let left = read(&public).await["event"]["releases"].clone();
    assert_eq!(titles(&left), [json!(["Beside", false])]);
    // And back to where all of it was.
    let revert = json!({ "eventId": forum.id, "version": 1,
        "expectedRevision": forum.revision(&owner).await });
    done(&owner, "agendaRevert", revert).await;
    let things = read(&owner).await["event"].clone();
    assert_eq!(titles(&things["awards"]), [json!(["The prize", false])]);
    assert_eq!(
        titles(&things["releases"]),
        [json!(["A guide", false]), json!(["Beside", true])]
    );
}

async fn two_who_have_become_one_are_not_told_of_it(backend: Backend) {
    let forum = Forum::published(backend).await;
    let owner = forum.owner().await;
    let operation = "{ people { nodes { id name version } } }";
    let answer = owner.query(operation).await;
    let people = answer.expect_data()["people"]["nodes"].clone();
    let find = |name: &str| {
        let mut people = people.as_array().expect("people").iter();
        people
            .find(|one| one["name"] == name)
            .expect("somebody")
            .clone()
    };
    let (bo, ada) = (find("Bo Example"), find("Ada Example"));
    let merge = json!({ "winnerId": bo["id"], "expectedVersion": bo["version"],
        "loserId": ada["id"], "loserExpectedVersion": ada["version"] });
    done(&owner, "personMerge", merge).await;
    let tried = forum.publish(&owner, json!({ "dryRun": true })).await;
    assert_eq!(tried["recipientCount"], 0, "{tried:#}");
    // The version is as it was, and can be gone back to.
    let first = version(&forum.app.anonymous(), Some(1)).await;
    let speaker = &first["items"][1]["appearances"][0]["person"];
    assert_eq!(speaker["name"], "Ada Example");
    let item = forum.item(&owner, "first").await;
    done(&owner, "agendaItemRemove", seen(&item)).await;
    let revert = json!({ "eventId": forum.id, "version": 1,
        "expectedRevision": forum.revision(&owner).await });
    done(&owner, "agendaRevert", revert).await;
    let item = forum.item(&owner, "first").await;
    assert_eq!(item["appearances"][0]["person"]["id"], bo["id"]);
}

async fn whoever_looks_for_the_people_of_an_event_finds_those_who_were_published(backend: Backend) {
    let forum = Forum::published(backend).await;
    let owner = forum.owner().await;
    let (public, viewer) = (
        forum.app.anonymous(),
        forum.app.as_viewer(&forum.home).await,
    );
    let operation = "query($id: ID!) { people(filter: { eventId: $id }) { nodes { name } } }";
    let names = async |client: &Client<'_>| -> Vec<String> {
        let answer = client.ask(operation, json!({ "id": forum.id })).await;
        let nodes = answer.expect_data()["people"]["nodes"].clone();
        let nodes = nodes.as_array().expect("people").iter();
        nodes
            .map(|one| one["name"].as_str().expect("a name").to_owned())
            .collect()
    };
    let published = ["Ada Example", "Bo Example", "Cy Example", "Dee Example"];
    assert_eq!(names(&public).await, published);
    // Dee, who is known from the whole event, speaks in the draft; Eve is in the draft alone, and
    // public from another event; Ada has gone from the draft.
    let workspace = forum.home.id.to_string();
    let eve = json!({ "workspaceId": workspace, "name": "Eve Example" });
    let eve = crate::doing::made(&owner, "personCreate", eve).await.id;
    let other = "key: other\nlanguage: en\ntitle: Another\nvisibility: PUBLIC
time: { timeZone: Asia/Shanghai, startsOn: 2025-03-01 }";
    let other = forum.app.import(&forum.home, other).await.id;
    let host = json!({ "eventId": other.to_string(), "role": "HOST", "who": { "personId": eve } });
    done(&owner, "appearanceAdd", host).await;
    forum.app.publish(other).await;
    let second = forum.item(&owner, "second").await;
    let speaks = json!({ "eventId": forum.id, "itemId": second["id"], "role": "SPEAKER",
        "who": { "personId": eve } });
    done(&owner, "appearanceAdd", speaks).await;
    let third = forum.item(&owner, "third").await;
    done(&owner, "agendaItemRemove", seen(&third)).await;
    assert_eq!(names(&public).await, published);
    forum.publish(&owner, json!({})).await;
    let now = ["Ada Example", "Bo Example", "Dee Example", "Eve Example"];
    assert_eq!(names(&public).await, now);
    // Those with a role in the house see who takes part.
    assert!(names(&viewer).await.len() >= now.len());
}
