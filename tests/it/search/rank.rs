//! The best match comes first, and stays in its place from page to page.

use std::collections::BTreeSet;

use serde_json::json;
use tests::{Backend, TestApp, both};

use super::{found, people};

both!(
    the_best_match_comes_first,
    events_rank_unless_an_order_is_given,
    ranked_results_are_walked_in_both_directions,
);

async fn the_best_match_comes_first(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let document = people(
        "crowd",
        &[
            json!({ "name": "王芳", "transcription": "Xiang Li Na" }),
            json!({ "name": "Julia Nal" }),
            json!({ "name": "刘小", "furtherNames": { "en": "Berli Nab" } }),
            json!({ "name": "Li Nash" }),
            json!({ "name": "B Li Na" }),
            json!({ "name": "A Li Na" }),
            json!({ "name": "李娜", "transcription": "Lì Nà" }),
            json!({ "name": "LI NA" }),
            json!({ "name": "李娜", "transcription": "Li Nakamura" }),
            json!({ "name": "Na Li" }),
            json!({ "name": "Somebody Else" }),
        ],
    );
    app.import(&workspace, &document).await;
    let client = app.as_viewer(&workspace).await;
    assert_eq!(
        found(&client, "people", "li na").await,
        [
            "LI NA",
            "李娜",
            "Li Nash",
            "李娜",
            "A Li Na",
            "B Li Na",
            "Na Li",
            "王芳",
            "Julia Nal",
            "刘小",
        ]
    );
    let document = json!({
        "key": "week", "language": "en", "title": "A week",
        "time": { "timeZone": "UTC", "startsOn": "2024-05-14" },
        "organizations": [
            { "key": "a", "kind": "COMPANY", "name": "广东东软学院" },
            { "key": "b", "kind": "COMPANY", "name": "大连东软", "aliases": ["东软"] },
            { "key": "c", "kind": "COMPANY", "name": "东软集团" },
            { "key": "d", "kind": "COMPANY", "name": "Neusoft", "aliases": ["大东软"] },
            { "key": "e", "kind": "COMPANY", "name": "东软" },
            { "key": "f", "kind": "COMPANY", "name": "Nankai 东软 Park" },
            { "key": "g", "kind": "COMPANY", "name": { "aa": "甲东软", "en": "Alpha" } },
        ],
    });
    app.import(&workspace, &document.to_string()).await;
    assert_eq!(
        found(&client, "organizations", "东软").await,
        [
            "东软",
            "大连东软",
            "东软集团",
            "Nankai 东软 Park",
            "广东东软学院",
            "Alpha",
            "Neusoft",
        ]
    );
}

async fn events_rank_unless_an_order_is_given(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    for (key, day, title, theme) in [
        ("theme", "2024-01-10", "Days", "forum"),
        ("word", "2024-02-10", "Autumn Forum", "x"),
        ("begins", "2024-03-10", "Forum of schools", "x"),
        ("within", "2024-04-10", "Megaforum", "x"),
        ("equal", "2024-05-10", "FORUM", "x"),
        ("other", "2024-06-10", "Meeting", "x"),
    ] {
        let document = json!({ "key": key, "language": "en", "title": title, "theme": theme,
            "time": { "timeZone": "UTC", "startsOn": day } });
        app.import(&workspace, &document.to_string()).await;
    }
    let client = app.as_viewer(&workspace).await;
    let ranked = ["equal", "theme", "begins", "word", "within"];
    assert_eq!(found(&client, "events", "forum").await, ranked);
    for (arguments, expected) in [
        ("filter: { search: \"forum\" }, orderBy: []", &ranked[..]),
        (
            "filter: { search: \"forum\" }, orderBy: [{ field: STARTS_ON }]",
            &["theme", "word", "begins", "within", "equal"],
        ),
        // Within other conditions a search restricts, and ranks nothing.
        (
            "filter: { and: [{ search: \"forum\" }] }",
            &["theme", "word", "begins", "within", "equal"],
        ),
        (
            "filter: { search: \"f\", not: { search: \"autumn\" }, or: [{ search: \"mega\" }, { search: \"of\" }] }",
            &["begins", "within"],
        ),
    ] {
        let answer = client
            .query(&format!(
                "{{ events({arguments}) {{ totalCount nodes {{ slug }} }} }}"
            ))
            .await;
        let events = &answer.expect_data()["events"];
        let nodes = events["nodes"].as_array().expect("nodes");
        let slugs: Vec<_> = nodes.iter().map(|node| node["slug"].as_str()).collect();
        let expected: Vec<_> = expected.iter().copied().map(Some).collect();
        assert_eq!(slugs, expected, "{arguments}");
        assert_eq!(events["totalCount"], expected.len(), "{arguments}");
    }
}

async fn ranked_results_are_walked_in_both_directions(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    // Several of every rank, and several of one name.
    let crowd: Vec<_> = (0..90)
        .map(|number| match number % 9 {
            0 => json!({ "name": "An" }),
            1 => json!({ "name": format!("乙{}", number % 4), "transcription": "an" }),
            2 => json!({ "name": format!("Anna {}", number % 4) }),
            3 => json!({ "name": format!("丙{}", number % 4), "transcription": "Anton" }),
            4 => json!({ "name": format!("Li An {}", number % 4) }),
            5 => json!({ "name": format!("丁{}", number % 4), "transcription": "Li An" }),
            6 => json!({ "name": format!("Juan {}", number % 4) }),
            7 => json!({ "name": format!("戊{}", number % 4), "transcription": "Juan" }),
            _ => json!({ "name": format!("Nobody {}", number % 4) }),
        })
        .collect();
    app.import(&workspace, &people("crowd", &crowd)).await;
    let client = app.as_viewer(&workspace).await;
    let ids = async |page: &str, cursor: Option<&str>| {
        let operation = format!(
            "query($cursor: String) {{ people(filter: {{ search: \"an\" }}, {page}: $cursor) {{
                totalCount nodes {{ id }}
                pageInfo {{ startCursor endCursor hasNextPage hasPreviousPage }} }} }}"
        );
        let answer = client.ask(&operation, json!({ "cursor": cursor })).await;
        let list = answer.expect_data()["people"].clone();
        assert_eq!(list["totalCount"], 80);
        let nodes = list["nodes"].as_array().expect("nodes");
        let ids: Vec<_> = nodes.iter().map(|node| node["id"].to_string()).collect();
        (ids, list["pageInfo"].clone())
    };
    let (all, _) = ids("first: 100, after", None).await;
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 80);
    for size in [1, 7, 37] {
        let (mut there, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let (met, info) = ids(&format!("first: {size}, after"), cursor.as_deref()).await;
            there.extend(met);
            assert_eq!(info["hasPreviousPage"], cursor.is_some());
            cursor = info["endCursor"].as_str().map(str::to_owned);
            if info["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(there, all, "{size}, forwards");
        let (mut back, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let (met, info) = ids(&format!("last: {size}, before"), cursor.as_deref()).await;
            back.extend(met.into_iter().rev());
            cursor = info["startCursor"].as_str().map(str::to_owned);
            if info["hasPreviousPage"] == false {
                break;
            }
        }
        back.reverse();
        assert_eq!(back, all, "{size}, backwards");
    }
    // A place in one search is none in another.
    let (_, info) = ids("first: 1, after", None).await;
    let operation = "query($cursor: String) { people(filter: { search: \"ann\" }, after: $cursor) { totalCount } }";
    let variables = json!({ "cursor": info["endCursor"] });
    client
        .ask(operation, variables)
        .await
        .expect_error("BAD_USER_INPUT");
}
