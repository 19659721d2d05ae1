//! Names are found by any part of them, in any script, and the best match comes first: on both
//! databases the same rows in the same order.

mod index;
mod oracle;
mod rank;

use serde_json::{Value, json};
use tests::{Backend, Client, TestApp, both};

both!(
    a_person_is_found_by_any_part_of_any_name,
    organizations_and_events_are_found_by_what_they_are_also_called,
    what_means_something_elsewhere_is_plain_text,
    participants_are_found_by_their_names_and_keep_their_order,
    nobody_finds_what_they_do_not_see,
    more_than_anybody_types_is_refused,
);

/// People by name, each with what else they are called.
fn people(key: &str, people: &[Value]) -> String {
    let people: Vec<Value> = people
        .iter()
        .enumerate()
        .map(|(number, person)| {
            let mut person = person.clone();
            person["key"] = json!(format!("p{number}"));
            person
        })
        .collect();
    json!({
        "key": key, "language": "en", "title": "A crowd",
        "time": { "timeZone": "UTC", "startsOn": "2024-05-14" },
        "people": people,
    })
    .to_string()
}

/// The names of what a search finds, in order.
async fn found(client: &Client<'_>, root: &str, search: &str) -> Vec<String> {
    let (kind, name) = match root {
        "people" => ("PersonFilter", "name"),
        "organizations" => ("OrganizationFilter", "name"),
        _ => ("EventFilter", "name: slug"),
    };
    let operation = format!(
        "query($filter: {kind}) {{ list: {root}(filter: $filter, first: 100) {{ totalCount nodes {{ {name} }} }} }}"
    );
    let variables = json!({ "filter": { "search": search } });
    let answer = client.ask(&operation, variables).await;
    let list = &answer.expect_data()["list"];
    let nodes = list["nodes"].as_array().expect("nodes");
    assert_eq!(list["totalCount"], nodes.len(), "{search}");
    let names = nodes.iter().map(|node| node["name"].as_str());
    names.map(|name| name.expect("a name").to_owned()).collect()
}

async fn a_person_is_found_by_any_part_of_any_name(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let document = people(
        "crowd",
        &[
            json!({ "name": "杨莉", "transcription": "Yang Li" }),
            json!({ "name": "欧阳修远", "transcription": "Ouyang Xiuyuan" }),
            json!({ "name": "张　三" }),
            json!({ "name": "José Ødegård-Łuk" }),
            json!({ "name": "Li Wei", "furtherNames": { "zh-Hans": "李维", "ko": "리웨이" } }),
            json!({ "name": "Groß, Änne" }),
            json!({ "name": "Ｗａｎｇ　ＡＢ１２" }),
            json!({ "name": "Ludwig 🎻 O’Brien" }),
            json!({ "name": "约翰·史密斯" }),
        ],
    );
    app.import(&workspace, &document).await;
    let client = app.as_viewer(&workspace).await;
    for (search, expected) in [
        // Two characters, one, the middle, the end.
        ("杨莉", &["杨莉"][..]),
        ("莉", &["杨莉"]),
        ("阳修", &["欧阳修远"]),
        ("修远", &["欧阳修远"]),
        ("欧阳修远", &["欧阳修远"]),
        ("阳莉", &[]),
        ("莉杨", &[]),
        // Padded to the width of three.
        ("张三", &["张　三"]),
        ("张　三", &["张　三"]),
        // By another name.
        ("yang li", &["杨莉"]),
        ("yang", &["杨莉", "欧阳修远"]),
        ("uyang", &["欧阳修远"]),
        ("李维", &["Li Wei"]),
        ("웨", &["Li Wei"]),
        ("li 维", &["Li Wei"]),
        // However it is written.
        ("jose", &["José Ødegård-Łuk"]),
        ("JOSE\u{301}", &["José Ødegård-Łuk"]),
        ("ødegård", &["José Ødegård-Łuk"]),
        ("odegard-luk", &["José Ødegård-Łuk"]),
        ("ｊｏｓé", &["José Ødegård-Łuk"]),
        ("GROSS", &["Groß, Änne"]),
        ("anne groß", &["Groß, Änne"]),
        ("wang ab12", &["Ｗａｎｇ　ＡＢ１２"]),
        ("o'brien", &["Ludwig 🎻 O’Brien"]),
        ("史密斯", &["约翰·史密斯"]),
        ("约翰•史密斯", &["约翰·史密斯"]),
        ("🎻", &["Ludwig 🎻 O’Brien"]),
        ("🎺", &[]),
        // Words in any order, and nothing at all.
        ("brien lud 🎻", &["Ludwig 🎻 O’Brien"]),
        ("xiuyuan ouyang 修", &["欧阳修远"]),
        ("ouyang nobody", &[]),
        ("莉 莉", &["杨莉"]),
    ] {
        assert_eq!(found(&client, "people", search).await, expected, "{search}");
    }
    // Where there is nothing to look for, nothing is left out.
    for search in ["", " \t", "\u{200b}\u{301}"] {
        assert_eq!(found(&client, "people", search).await.len(), 9, "{search}");
    }
}

async fn organizations_and_events_are_found_by_what_they_are_also_called(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let document = json!({
        "key": "forum", "language": "zh-Hans",
        "title": { "zh-Hans": "产教融合发展论坛", "en": "Industry Forum" },
        "alternativeTitles": ["清远会议"], "theme": "共建共享", "locality": "清城区",
        "time": { "timeZone": "UTC", "startsOn": "2024-05-14" },
        "organizations": [
            { "key": "a", "kind": "COMPANY", "name": "广东东软学院", "aliases": ["东软", "Neusoft"] },
            { "key": "b", "kind": "COMPANY", "name": { "zh-Hans": "清远市教育局", "en": "Education Bureau" } },
        ],
    });
    app.import(&workspace, &document.to_string()).await;
    let client = app.as_viewer(&workspace).await;
    for (search, expected) in [
        ("东软", &["广东东软学院"][..]),
        ("NEUSOFT 学院", &["广东东软学院"]),
        ("教育", &["清远市教育局"]),
        ("bureau", &["清远市教育局"]),
        ("局", &["清远市教育局"]),
        ("软局", &[]),
    ] {
        let all = found(&client, "organizations", search).await;
        assert_eq!(all, expected, "{search}");
    }
    for search in [
        "论坛",
        "融合",
        "industry",
        "清远",
        "共享",
        "清城",
        "坛 forum 共",
    ] {
        assert_eq!(
            found(&client, "events", search).await,
            ["forum"],
            "{search}"
        );
    }
    assert_eq!(found(&client, "events", "坛论").await, Vec::<String>::new());
}

async fn what_means_something_elsewhere_is_plain_text(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let names = [
        "100% sure",
        "100 sure",
        "snake_case",
        "snakeXcase",
        "C:\\slash",
        "O'Brien",
        "\"Ace\" Ng",
        "a*b",
        "ab",
        "x AND y",
        "x OR y",
        "NEAR(a b)",
        "x-y",
        "{grams} : x",
        "^caret",
        "a;b--c",
        "(x)",
        "a,b",
        "$1 ?",
        "~`|",
        "NOT x",
    ];
    let document = names.map(|name| json!({ "name": name }));
    app.import(&workspace, &people("signs", &document)).await;
    let client = app.as_viewer(&workspace).await;
    for search in [
        "%",
        "100%",
        "_",
        "snake_c",
        "\\",
        ":\\",
        "'",
        "o'b",
        "\"",
        "\"ace\"",
        "*",
        "a*",
        "a*b",
        "and",
        "x AND y",
        "or",
        "NEAR",
        "near(a",
        "(",
        ")",
        "-",
        "x-y",
        "{",
        "{grams} :",
        ":",
        "^",
        "^c",
        ";",
        "--",
        "--c",
        ",",
        "$1",
        "?",
        "~",
        "`",
        "|",
        "NOT",
        "not x",
        "\"\"",
        "a b",
        "grams:",
    ] {
        let words: Vec<_> = search.split(' ').map(str::to_lowercase).collect();
        let mut expected: Vec<_> = names
            .iter()
            .filter(|name| words.iter().all(|word| name.to_lowercase().contains(word)))
            .collect();
        let mut all = found(&client, "people", search).await;
        expected.sort();
        all.sort();
        assert_eq!(all.iter().collect::<Vec<_>>(), expected, "{search}");
    }
}

async fn participants_are_found_by_their_names_and_keep_their_order(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let document = people(
        "crowd",
        &[
            json!({ "name": "Anna Li" }),
            json!({ "name": "李娜", "transcription": "Lì Nà" }),
            json!({ "name": "Li" }),
            json!({ "name": "Bob" }),
        ],
    );
    let mut document: Value = serde_json::from_str(&document).expect("JSON");
    document["participants"] = ["p0", "p1", "p2", "p3"]
        .map(|key| json!({ "person": key }))
        .to_vec()
        .into();
    let event = app.import(&workspace, &document.to_string()).await;
    let client = app.as_organiser(&workspace).await;
    for (search, expected) in [
        ("li", &["Anna Li", "李娜", "Li"][..]),
        ("ＬＩ", &["Anna Li", "李娜", "Li"]),
        ("娜", &["李娜"]),
        ("%", &[]),
    ] {
        let operation =
            "query($id: ID!, $filter: ParticipantFilter) { node(id: $id) { ... on Event {
            participants(filter: $filter) { totalCount nodes { printedName } } } } }";
        let variables = json!({ "id": event.id.to_string(), "filter": { "search": search } });
        let answer = client.ask(operation, variables).await;
        let list = &answer.expect_data()["node"]["participants"];
        let nodes = list["nodes"].as_array().expect("nodes");
        let names: Vec<_> = nodes.iter().map(|one| &one["printedName"]).collect();
        assert_eq!(names, expected, "{search}");
        assert_eq!(list["totalCount"], expected.len(), "{search}");
    }
}

async fn nobody_finds_what_they_do_not_see(backend: Backend) {
    let app = TestApp::new(backend).await;
    let (ours, theirs) = (app.workspace("ours").await, app.workspace("theirs").await);
    let document = |key: &str| {
        json!({
            "key": key, "language": "en", "title": format!("秘密 {key}"),
            "time": { "timeZone": "UTC", "startsOn": "2024-05-14" },
            "people": [{ "key": format!("p-{key}"), "name": format!("杨莉 {key}") }],
            "organizations": [
                { "key": format!("o-{key}"), "kind": "COMPANY", "name": format!("东软 {key}") },
            ],
            "roles": [{ "organization": format!("o-{key}"), "role": "HOST" }],
            "agenda": [{ "key": "talk", "kind": "TALK", "title": "Talk",
                "appearances": [{ "person": format!("p-{key}"), "role": "SPEAKER" }] }],
        })
        .to_string()
    };
    app.import(&ours, &document("ours")).await;
    app.import(&theirs, &document("draft")).await;
    let open = app.import(&theirs, &document("open")).await;
    app.publish(open.id).await;
    for (client, seen) in [
        (app.as_owner(&ours).await, &["ours"][..]),
        (app.as_owner(&theirs).await, &["draft", "open"]),
        (app.anonymous(), &["open"]),
    ] {
        let named = |name: &str| -> Vec<String> {
            seen.iter().map(|one| format!("{name} {one}")).collect()
        };
        assert_eq!(found(&client, "people", "杨莉").await, named("杨莉"));
        assert_eq!(found(&client, "organizations", "软").await, named("东软"));
        assert_eq!(found(&client, "events", "秘密").await, seen);
    }
}

async fn more_than_anybody_types_is_refused(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let client = app.as_viewer(&workspace).await;
    let ask = async |search: String| {
        let operation =
            "query($search: String) { people(filter: { search: $search }) { totalCount } }";
        client.ask(operation, json!({ "search": search })).await
    };
    for search in ["莉".repeat(200), "a b c d e f g h i j".to_owned()] {
        ask(search).await.expect_data();
    }
    for search in [
        "莉".repeat(201),
        "a b c d e f g h i j k".to_owned(),
        // A sign that folds to white space makes words as well.
        "a¨b¨c¨d¨e¨f¨g¨h¨i¨j¨k".to_owned(),
    ] {
        ask(search).await.expect_error("BAD_USER_INPUT");
    }
}
