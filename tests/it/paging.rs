//! Long lists, a page at a time: whichever way one walks, each thing comes exactly once, and a
//! request that makes no sense is refused and not bent.

use std::fmt::Write as _;

use serde_json::{Value, json};
use tests::{Backend, Client, TestApp, both};

both!(
    events_are_walked_in_every_order,
    people_and_organizations_are_walked_by_name,
    participants_and_letters_are_walked_in_protocol_order,
    what_makes_no_page_is_refused,
    filters_say_exactly_what_they_find
);

/// Enough for several pages, and not a multiple of any.
const MANY: usize = 120;

/// Day, title, moment and id.
type Row = (usize, usize, usize, String);

async fn events_are_walked_in_every_order(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let mut events = Vec::new();
    for number in 0..MANY {
        // Many begin on the same day, and several are called the same.
        let (day, title) = (number * 7 % 10 + 1, number * 11 % 13);
        let document = format!(
            "key: event-{number}\nlanguage: en\ntitle: Title {title:02}\n\
             time: {{ timeZone: UTC, startsOn: 2024-03-{day:02} }}\n"
        );
        let event = app.import(&workspace, &document).await;
        events.push((day, title, number / 10, event.id.to_string()));
        if number % 10 == 9 {
            app.clock.advance(chrono::TimeDelta::seconds(1));
        }
    }
    let organiser = app.as_organiser(&workspace).await;
    let key = |field: &str, row: &Row| match field {
        "STARTS_ON" => row.0,
        "TITLE" => row.1,
        _ => row.2,
    };
    let orders: [&[(&str, bool)]; 9] = [
        &[],
        &[("STARTS_ON", true)],
        &[("STARTS_ON", false)],
        &[("TITLE", true)],
        &[("TITLE", false)],
        &[("CREATED_AT", true)],
        &[("CREATED_AT", false)],
        &[("TITLE", false), ("STARTS_ON", true)],
        &[("STARTS_ON", false), ("CREATED_AT", true), ("TITLE", false)],
    ];
    for order in orders {
        let mut expected = events.clone();
        expected.sort_by(|one, other| {
            let levels = if order.is_empty() {
                &[("STARTS_ON", true)][..]
            } else {
                order
            };
            let by_level = levels.iter().map(|(field, ascending)| {
                let compared = key(field, one).cmp(&key(field, other));
                if *ascending {
                    compared
                } else {
                    compared.reverse()
                }
            });
            let first = by_level.into_iter().find(|compared| compared.is_ne());
            // Of equals, the older goes first.
            first.unwrap_or_else(|| one.3.cmp(&other.3))
        });
        let expected: Vec<_> = expected.into_iter().map(|row| row.3).collect();
        let order_by: Vec<_> = order
            .iter()
            .map(|(field, ascending)| {
                json!({ "field": field, "direction": if *ascending { "ASC" } else { "DESC" } })
            })
            .collect();
        let list = List {
            root: "events",
            arguments: "orderBy: $order",
            declared: "$order: [EventOrder!]",
            variables: json!({ "order": order_by }),
        };
        list.is_walked(&organiser, &expected, &format!("{order:?}"))
            .await;
    }
}

async fn people_and_organizations_are_walked_by_name(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    app.import(&workspace, &crowd("crowd")).await;
    let organiser = app.as_organiser(&workspace).await;
    for root in ["people", "organizations"] {
        let list = List {
            root,
            arguments: "",
            declared: "",
            variables: json!({}),
        };
        let (ids, names) = list.all(&organiser).await;
        assert_eq!(ids.len(), MANY);
        // By code point, whatever the database's locale; of equals, the older goes first.
        let mut expected: Vec<_> = names.iter().zip(&ids).collect();
        expected.sort();
        let expected: Vec<_> = expected.into_iter().map(|(_, id)| id.clone()).collect();
        assert!(
            names.windows(2).any(|pair| pair[0] == pair[1]),
            "there are ties"
        );
        list.is_walked(&organiser, &expected, root).await;
    }
}

async fn participants_and_letters_are_walked_in_protocol_order(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let event = app.import(&workspace, &crowd("crowd")).await;
    // A page of one event is not disturbed by another's.
    app.import(&workspace, &crowd("other-crowd")).await;
    let organiser = app.as_organiser(&workspace).await;
    for (root, named) in [
        ("participants", "nodes { id name: printedName }"),
        ("appointmentLetters", "nodes { id name: post }"),
    ] {
        let mut ids = Vec::new();
        let mut after = Value::Null;
        let mut previous = false;
        for (place, size) in [50, 50, 20].into_iter().enumerate() {
            let operation = format!(
                "query($id: ID!, $after: String) {{ node(id: $id) {{ ... on Event {{ list: {root}(first: 50, after: $after) {{
                    totalCount {named} edges {{ cursor node {{ id }} }}
                    pageInfo {{ startCursor endCursor hasNextPage hasPreviousPage }} }} }} }} }}"
            );
            let answer = organiser
                .ask(
                    &operation,
                    json!({ "id": event.id.to_string(), "after": after }),
                )
                .await;
            let page = answer.expect_data()["node"]["list"].clone();
            assert_eq!(page["totalCount"], MANY);
            let nodes = page["nodes"].as_array().expect("nodes").clone();
            assert_eq!(nodes.len(), size);
            for (number, node) in nodes.iter().enumerate() {
                let number = place * 50 + number;
                let expected = if root == "participants" {
                    person_name(number)
                } else {
                    format!("Post {number}")
                };
                assert_eq!(node["name"], expected.as_str(), "{root} {number}");
                ids.push(node["id"].clone());
            }
            assert_eq!(page["pageInfo"]["hasNextPage"], place < 2);
            assert_eq!(page["pageInfo"]["hasPreviousPage"], previous);
            previous = true;
            after = page["pageInfo"]["endCursor"].clone();
        }
        // And back again.
        let mut back = Vec::new();
        let mut before = after;
        loop {
            let operation = format!(
                "query($id: ID!, $before: String) {{ node(id: $id) {{ ... on Event {{ list: {root}(last: 7, before: $before) {{
                    nodes {{ id }} pageInfo {{ startCursor hasPreviousPage }} }} }} }} }}"
            );
            let answer = organiser
                .ask(
                    &operation,
                    json!({ "id": event.id.to_string(), "before": before }),
                )
                .await;
            let page = answer.expect_data()["node"]["list"].clone();
            let nodes = page["nodes"].as_array().expect("nodes");
            back.extend(nodes.iter().rev().map(|node| node["id"].clone()));
            before = page["pageInfo"]["startCursor"].clone();
            if page["pageInfo"]["hasPreviousPage"] == false {
                break;
            }
        }
        back.reverse();
        assert_eq!(back, ids[..MANY - 1], "{root}: all before the last");
    }
}

async fn what_makes_no_page_is_refused(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let event = app.import(&workspace, &crowd("crowd")).await;
    let organiser = app.as_organiser(&workspace).await;
    let cursor = async |list: &str| {
        let answer = organiser
            .query(&format!("{{ {list} {{ edges {{ cursor }} }} }}"))
            .await;
        let data = answer.expect_data();
        let list = data
            .as_object()
            .and_then(|data| data.values().next())
            .expect("a list");
        list["edges"][0]["cursor"]
            .as_str()
            .expect("a cursor")
            .to_owned()
    };
    let of_people = cursor("people(first: 1)").await;
    let of_found_people = cursor("people(first: 1, filter: { search: \"person\" })").await;
    let of_events = cursor("events(first: 1)").await;
    let by_title = cursor("events(first: 1, orderBy: [{ field: TITLE }])").await;
    let garbled = format!("{}A", &of_people[..of_people.len() - 1]);
    let mut refused = vec![
        "first: 0".to_owned(),
        "first: 101".to_owned(),
        "first: -1".to_owned(),
        "last: 0".to_owned(),
        "last: 101".to_owned(),
        "last: -1".to_owned(),
        "first: 1, last: 1".to_owned(),
        "after: \"\"".to_owned(),
        "after: \"nonsense\"".to_owned(),
        "before: \"nonsense\"".to_owned(),
        "after: \"WyJ4Il0\"".to_owned(),
        format!("after: \"{of_events}\""),
        format!("after: \"{of_found_people}\""),
        format!("last: 5, before: \"{of_found_people}\""),
    ];
    if garbled != of_people {
        refused.push(format!("after: \"{garbled}\""));
    }
    for arguments in &refused {
        let operation = format!("{{ people({arguments}) {{ totalCount }} }}");
        let answer = organiser.query(&operation).await;
        answer.expect_error("BAD_USER_INPUT");
        // A list at the root is never null, and so there is no answer at all.
        assert_eq!(answer.body["data"], Value::Null, "{arguments}");

        let operation = format!(
            "{{ node(id: \"{}\") {{ ... on Event {{ slug participants({arguments}) {{ totalCount }} kind }} }} }}",
            event.id
        );
        let answer = organiser.query(&operation).await;
        answer.expect_error("BAD_USER_INPUT");
        // A list that may be null is, and the rest of the answer stays.
        assert_eq!(
            answer.body["data"],
            json!({ "node": { "slug": "crowd", "participants": null, "kind": "OTHER" } }),
            "{arguments}"
        );
    }
    // A cursor belongs to its order too.
    for arguments in [
        format!("after: \"{by_title}\""),
        format!("after: \"{of_events}\", orderBy: [{{ field: TITLE }}]"),
        format!("after: \"{by_title}\", orderBy: [{{ field: TITLE, direction: DESC }}]"),
        "orderBy: [{ field: TITLE }, { field: TITLE }, { field: TITLE }, { field: TITLE }]"
            .to_owned(),
    ] {
        let answer = organiser
            .query(&format!("{{ events({arguments}) {{ totalCount }} }}"))
            .await;
        answer.expect_error("BAD_USER_INPUT");
    }
    for size in [1, 100] {
        let answer = organiser
            .query(&format!("{{ people(first: {size}) {{ nodes {{ id }} }} }}"))
            .await;
        assert_eq!(
            answer.expect_data()["people"]["nodes"]
                .as_array()
                .map(Vec::len),
            Some(size)
        );
    }
    let answer = organiser.query("{ people { nodes { id } } }").await;
    assert_eq!(
        answer.expect_data()["people"]["nodes"]
            .as_array()
            .map(Vec::len),
        Some(25)
    );
}

async fn filters_say_exactly_what_they_find(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    for (key, kind, day, title, locality) in [
        ("plain", "FORUM", "2024-01-10", "Autumn Forum", "Berlin"),
        ("percent", "MEETING", "2024-02-10", "100% sure", "Köln"),
        ("hundred", "MEETING", "2024-03-10", "100 are sure", "Köln"),
        ("under", "TRAINING", "2024-04-10", "snake_case", "Wien"),
        ("over", "TRAINING", "2024-05-10", "snakeXcase", "Wien"),
        ("chinese", "FORUM", "2024-06-10", "产教融合发展论坛", "清远"),
        ("slash", "OTHER", "2024-07-10", "C:\\\\backslash", "Linz"),
    ] {
        let document = format!(
            "key: {key}\nkind: {kind}\nlanguage: en\ntitle: \"{title}\"\nlocality: {locality}\n\
             time: {{ timeZone: UTC, startsOn: {day} }}\n"
        );
        app.import(&workspace, &document).await;
    }
    let organiser = app.as_organiser(&workspace).await;
    let found = async |filter: Value| -> Vec<String> {
        let operation =
            "query($filter: EventFilter) { events(filter: $filter) { totalCount nodes { slug } } }";
        let answer = organiser.ask(operation, json!({ "filter": filter })).await;
        let events = &answer.expect_data()["events"];
        let nodes = events["nodes"].as_array().expect("nodes");
        assert_eq!(events["totalCount"], nodes.len(), "{filter}");
        nodes
            .iter()
            .map(|node| node["slug"].as_str().expect("a slug").to_owned())
            .collect()
    };
    let all = [
        "plain", "percent", "hundred", "under", "over", "chinese", "slash",
    ];
    assert_eq!(found(json!({})).await, all);
    assert_eq!(found(json!({ "search": "AUTUMN" })).await, ["plain"]);
    assert_eq!(
        found(json!({ "search": "forum autumn berlin" })).await,
        ["plain"]
    );
    assert_eq!(found(json!({ "search": "产教" })).await, ["chinese"]);
    assert_eq!(found(json!({ "search": "融合 清远" })).await, ["chinese"]);
    // Neither is called so: it goes by title.
    assert_eq!(
        found(json!({ "search": "KÖLN" })).await,
        ["hundred", "percent"]
    );
    // What stands for anything elsewhere stands here for itself.
    assert_eq!(found(json!({ "search": "%" })).await, ["percent"]);
    assert_eq!(found(json!({ "search": "100%" })).await, ["percent"]);
    assert_eq!(found(json!({ "search": "_" })).await, ["under"]);
    assert_eq!(found(json!({ "search": "snake_" })).await, ["under"]);
    assert_eq!(found(json!({ "search": "\\" })).await, ["slash"]);
    assert_eq!(found(json!({ "search": "'" })).await, Vec::<String>::new());
    assert_eq!(found(json!({ "search": " " })).await, all);

    assert_eq!(
        found(json!({ "kind": ["FORUM", "OTHER"] })).await,
        ["plain", "chinese", "slash"]
    );
    assert_eq!(found(json!({ "kind": [] })).await, Vec::<String>::new());
    assert_eq!(
        found(json!({ "status": ["PUBLISHED"] })).await,
        Vec::<String>::new()
    );
    assert_eq!(found(json!({ "status": ["DRAFT"] })).await, all);
    let spring = json!({ "startsOnOrAfter": "2024-03-10", "startsOnOrBefore": "2024-05-10" });
    assert_eq!(found(spring.clone()).await, ["hundred", "under", "over"]);
    assert_eq!(
        found(json!({ "workspaceId": workspace.id.to_string() })).await,
        all
    );

    assert_eq!(
        found(json!({ "and": [spring, { "kind": ["TRAINING"] }] })).await,
        ["under", "over"]
    );
    assert_eq!(found(json!({ "and": [] })).await, all);
    assert_eq!(found(json!({ "or": [] })).await, all);
    assert_eq!(
        found(json!({ "or": [{ "search": "autumn" }, { "search": "产教" }] })).await,
        ["plain", "chinese"]
    );
    // Besides an alternative, what else is given must hold.
    assert_eq!(
        found(json!({ "search": "berlin", "or": [{ "search": "autumn" }, { "search": "产教" }] }))
            .await,
        ["plain"]
    );
    assert_eq!(
        found(json!({ "not": { "kind": ["FORUM", "TRAINING"] } })).await,
        ["percent", "hundred", "slash"]
    );
    // Neither is an event without a parent a part of one.
    let parent = app
        .import(
            &workspace,
            "key: week\nlanguage: en\ntitle: Week\ntime: { timeZone: UTC, startsOn: 2024-08-10 }\n",
        )
        .await;
    app.import(&workspace, "key: day\nlanguage: en\ntitle: Day\nparent: week\ntime: { timeZone: UTC, startsOn: 2024-08-11 }\n").await;
    let part = json!({ "parentId": parent.id.to_string() });
    assert_eq!(found(part.clone()).await, ["day"]);
    assert_eq!(found(json!({ "not": part })).await.len(), all.len() + 1);
    assert_eq!(
        found(json!({ "not": { "not": { "search": "autumn" } } })).await,
        ["plain"]
    );
    assert_eq!(found(json!({ "not": {} })).await, Vec::<String>::new());
}

/// A list at the root.
struct List {
    root: &'static str,
    arguments: &'static str,
    declared: &'static str,
    variables: Value,
}

impl List {
    async fn page(&self, client: &Client<'_>, page: &str, cursor: Option<&str>) -> Value {
        let named = if self.root == "events" {
            "name: title"
        } else {
            "name"
        };
        let operation = format!(
            "query($cursor: String, {}) {{ list: {}({} {page}: $cursor) {{
                totalCount edges {{ cursor node {{ id }} }} nodes {{ id {named} }}
                pageInfo {{ startCursor endCursor hasNextPage hasPreviousPage }} }} }}",
            self.declared, self.root, self.arguments
        );
        let mut variables = self.variables.clone();
        variables["cursor"] = json!(cursor);
        let answer = client.ask(&operation, variables).await;
        let list = answer.expect_data()["list"].clone();
        let ids = |of: &Value, node: fn(&Value) -> &Value| -> Vec<Value> {
            of.as_array()
                .expect("a list")
                .iter()
                .map(|one| node(one)["id"].clone())
                .collect()
        };
        assert_eq!(
            ids(&list["nodes"], |one| one),
            ids(&list["edges"], |one| &one["node"])
        );
        list
    }

    /// Ids and names, from page to page.
    async fn all(&self, client: &Client<'_>) -> (Vec<String>, Vec<String>) {
        let (mut ids, mut names) = (Vec::new(), Vec::new());
        let mut after: Option<String> = None;
        loop {
            let page = self
                .page(client, "first: 100, after", after.as_deref())
                .await;
            for node in page["nodes"].as_array().expect("nodes") {
                ids.push(node["id"].as_str().expect("an id").to_owned());
                names.push(node["name"].as_str().expect("a name").to_owned());
            }
            if page["pageInfo"]["hasNextPage"] == false {
                return (ids, names);
            }
            after = page["pageInfo"]["endCursor"].as_str().map(str::to_owned);
        }
    }

    /// Walks to the end and back, in steps that do not divide the whole.
    async fn is_walked(&self, client: &Client<'_>, expected: &[String], what: &str) {
        for forward in [true, false] {
            let mut met: Vec<String> = Vec::new();
            let mut cursor: Option<String> = None;
            loop {
                let arguments = if forward {
                    "first: 37, after"
                } else {
                    "last: 37, before"
                };
                let page = self.page(client, arguments, cursor.as_deref()).await;
                assert_eq!(page["totalCount"], expected.len(), "{what}");
                let nodes = page["nodes"].as_array().expect("nodes");
                let ids = nodes
                    .iter()
                    .map(|node| node["id"].as_str().expect("an id").to_owned());
                let info = &page["pageInfo"];
                let edges = page["edges"].as_array().expect("edges");
                assert_eq!(
                    edges.first().map(|edge| &edge["cursor"]),
                    Some(&info["startCursor"])
                );
                assert_eq!(
                    edges.last().map(|edge| &edge["cursor"]),
                    Some(&info["endCursor"])
                );
                let (further, back, next) = if forward {
                    met.extend(ids);
                    ("hasNextPage", "hasPreviousPage", "endCursor")
                } else {
                    met.splice(0..0, ids);
                    ("hasPreviousPage", "hasNextPage", "startCursor")
                };
                assert_eq!(info[back], cursor.is_some(), "{what}: {back}");
                assert_eq!(
                    info[further],
                    met.len() < expected.len(),
                    "{what}: {further}"
                );
                assert!(met.len() <= expected.len(), "{what}: it does not end");
                if info[further] == false {
                    break;
                }
                cursor = info[next].as_str().map(str::to_owned);
            }
            assert!(
                met == expected,
                "{what}, forward: {forward}\n{met:#?}\n{expected:#?}"
            );
        }
    }
}

/// Names with ties, in several scripts and cases, so that no two collations agree on them.
fn person_name(number: usize) -> String {
    let name = [
        "person",
        "Person",
        "Ängström person",
        "杨 person",
        "person-x",
        "_person",
    ][number % 6];
    format!("{name} {:02}", number * 7 % 20)
}

/// An event in which everybody takes part and receives a letter.
fn crowd(key: &str) -> String {
    let mut text = format!(
        "key: {key}\nkind: OTHER\nlanguage: en\ntitle: A crowd\n\
         time: {{ timeZone: UTC, startsOn: 2024-05-14 }}\norganizations:\n"
    );
    let mut each = |head: &str, line: &dyn Fn(usize) -> String| {
        text.push_str(head);
        for number in 0..MANY {
            writeln!(text, "- {}", line(number)).expect("text");
        }
    };
    each("", &|number| {
        format!(
            "{{ key: o{number}, kind: OTHER, name: \"{}\" }}",
            person_name(number)
        )
    });
    each("people:\n", &|number| {
        format!("{{ key: p{number}, name: \"{}\" }}", person_name(number))
    });
    each("participants:\n", &|number| {
        format!("{{ person: p{number} }}")
    });
    each("letters:\n", &|number| {
        format!("{{ key: l{number}, appointee: p{number}, body: o0, post: Post {number} }}")
    });
    text
}
