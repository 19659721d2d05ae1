//! `eventImport`: an event as one document, through the endpoint.

use serde_json::{Value, json};
use tests::{Backend, EXAMPLES, TestApp, both, example};

both!(
    it_creates_an_event_and_brings_it_up_to_date,
    it_tells_every_problem_at_once,
    a_dry_run_changes_nothing,
    it_removes_what_is_missing_when_told_to,
    texts_come_in_the_language_of_the_reader
);

async fn it_creates_an_event_and_brings_it_up_to_date(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let organiser = app.as_organiser(&workspace).await;
    for slug in EXAMPLES {
        let document = example(slug);
        let first = organiser.event_import(&workspace, &document).await;
        let first = &first.expect_data()["eventImport"];
        assert_eq!(first["userErrors"], json!([]));
        assert_eq!(first["event"]["slug"], slug);
        let changes = &first["changes"];
        assert!(
            changes["created"]
                .as_i64()
                .is_some_and(|created| created > 3),
            "{changes}"
        );
        assert_eq!([&changes["updated"], &changes["removed"]], [0, 0]);

        // Sent again, nothing changes: not an id, not a version.
        let before = app.database.contents().await;
        let again = organiser.event_import(&workspace, &document).await;
        let again = &again.expect_data()["eventImport"];
        assert_eq!(again["event"], first["event"]);
        let changes = &again["changes"];
        assert_eq!(
            [
                &changes["created"],
                &changes["updated"],
                &changes["removed"]
            ],
            [0, 0, 0]
        );
        assert!(
            changes["unchanged"]
                .as_i64()
                .is_some_and(|unchanged| unchanged > 3),
            "{changes}"
        );
        assert!(
            before == app.database.contents().await,
            "{slug}: sent again it leaves a trace"
        );
    }

    // Brought up to date, it is the same event.
    let before = ids(&organiser).await;
    let edited = example("jimei-forum-2024").replace("three more guests", "four more guests");
    let answer = organiser.event_import(&workspace, &edited).await;
    let payload = &answer.expect_data()["eventImport"];
    assert_eq!(payload["userErrors"], json!([]));
    let changes = &payload["changes"];
    assert_eq!([&changes["created"], &changes["removed"]], [0, 0]);
    assert!(
        changes["updated"]
            .as_i64()
            .is_some_and(|updated| updated > 0),
        "{changes}"
    );
    assert_eq!(ids(&organiser).await, before);
    let operation = "{ event(slug: \"jimei-forum-2024\") { participantGroups { description } } }";
    let groups = organiser.query(operation).await;
    assert_eq!(
        groups.expect_data()["event"]["participantGroups"][3]["description"],
        "four more guests"
    );
}

async fn ids(client: &tests::Client<'_>) -> Value {
    let operation = "{ event(slug: \"jimei-forum-2024\") {
        id venue { id } organizations { id organization { id } } participantGroups { id }
        participants { nodes { id person { id } } } releases { id } awards { id } reports { id }
        draftAgenda { items { id appearances { id } } }
    } }";
    client.query(operation).await.expect_data().clone()
}

async fn it_tells_every_problem_at_once(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let organiser = app.as_organiser(&workspace).await;
    let before = app.database.contents().await;
    let broken = "key: Not A Slug\nlanguage: en\ntitle: ''\n\
        time: { timeZone: Mars/Olympus, startsOn: 2024-02-30 }\n\
        venue: nowhere\nsurprise: yes\n\
        people:\n- { key: ada, name: Ada, colour: green }\n\
        agenda:\n- key: one\n  kind: SLEEP\n  appearances:\n  - { role: SPEAKER, person: nobody }\n";
    let answer = organiser.event_import(&workspace, broken).await;
    let payload = &answer.expect_data()["eventImport"];
    assert_eq!(payload["event"], Value::Null);
    assert_eq!(payload["changes"], Value::Null);
    let problems = payload["userErrors"].as_array().expect("problems");
    let mut paths = Vec::new();
    for problem in problems {
        assert_eq!(problem["__typename"], "InvalidInputError");
        assert!(
            problem["message"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
        );
        let path: Vec<_> = problem["path"]
            .as_array()
            .expect("a path")
            .iter()
            .map(|step| step.as_str().expect("text"))
            .collect();
        assert_eq!(path[..2], ["input", "document"], "{problem}");
        paths.push(path[2..].join("."));
    }
    for expected in [
        "key",
        "title",
        "time.timeZone",
        "time.startsOn",
        "surprise",
        "people.0.colour",
        "agenda.0.kind",
    ] {
        assert!(
            paths.iter().any(|path| path == expected),
            "{expected} is not among {paths:?}"
        );
    }
    assert!(before == app.database.contents().await);

    // What refers to nothing is told when the rest can be read.
    let dangling = "key: dangling\nlanguage: en\ntitle: A title\n\
        time: { timeZone: UTC, startsOn: 2024-02-28 }\nvenue: nowhere\nparent: no-such-event\n\
        agenda:\n- key: one\n  kind: SPEECH\n  appearances:\n  - { role: SPEAKER, person: nobody }\n";
    let answer = organiser.event_import(&workspace, dangling).await;
    let problems = answer.expect_data()["eventImport"]["userErrors"]
        .as_array()
        .expect("problems")
        .clone();
    assert!(problems.len() >= 2, "{problems:#?}");
    assert!(
        problems
            .iter()
            .all(|problem| problem["code"] == "NOT_FOUND"),
        "{problems:#?}"
    );
    assert!(
        problems
            .iter()
            .all(|problem| problem["path"][1] == "document"),
        "{problems:#?}"
    );
    assert!(before == app.database.contents().await);
}

async fn a_dry_run_changes_nothing(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let organiser = app.as_organiser(&workspace).await;
    let dry = json!({ "dryRun": true });
    let document = example("jimei-forum-2024");

    let before = app.database.contents().await;
    let tried = organiser
        .event_import_with(&workspace, &document, dry.clone())
        .await;
    let tried = tried.expect_data()["eventImport"].clone();
    assert!(
        before == app.database.contents().await,
        "a rehearsal is no performance"
    );
    assert_eq!(tried["event"], Value::Null, "there is none yet");

    let done = organiser.event_import(&workspace, &document).await;
    let done = &done.expect_data()["eventImport"];
    assert_eq!(
        tried["changes"], done["changes"],
        "it said what would happen"
    );

    // Of what is there already, it tells what is there.
    let before = app.database.contents().await;
    let renamed = document.replace("Jimei forum on a new path", "Jimei forum on an old path");
    let tried = organiser
        .event_import_with(&workspace, &renamed, dry.clone())
        .await;
    let tried = &tried.expect_data()["eventImport"];
    assert_eq!(tried["event"], done["event"]);
    assert!(
        tried["changes"]["updated"]
            .as_i64()
            .is_some_and(|updated| updated > 0),
        "{tried}"
    );
    let sweeping = json!({ "dryRun": true, "removeMissing": true });
    let bare = "key: jimei-forum-2024\nlanguage: en\ntitle: Jimei forum\n\
                time: { timeZone: Asia/Shanghai, startsOn: 2024-05-14 }\n";
    let tried = organiser
        .event_import_with(&workspace, bare, sweeping)
        .await;
    let removed = &tried.expect_data()["eventImport"]["changes"]["removed"];
    assert!(
        removed.as_i64().is_some_and(|removed| removed > 20),
        "{removed}"
    );
    assert!(before == app.database.contents().await);
}

async fn it_removes_what_is_missing_when_told_to(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let organiser = app.as_organiser(&workspace).await;
    let document = |items: &[&str]| {
        let items = items
            .iter()
            .map(|key| format!("- {{ key: {key}, kind: TALK, title: {key} }}\n"));
        format!(
            "key: day\nlanguage: en\ntitle: A day\ntime: {{ timeZone: UTC, startsOn: 2024-05-14 }}\n\
             agenda:\n{}",
            items.collect::<String>()
        )
    };
    organiser
        .event_import(&workspace, &document(&["one", "two", "three"]))
        .await
        .expect_data();
    let before = items(&organiser).await;
    assert_eq!(before.len(), 3);

    // Not told so, it keeps what is not mentioned.
    let kept = organiser
        .event_import(&workspace, &document(&["two"]))
        .await;
    assert_eq!(kept.expect_data()["eventImport"]["changes"]["removed"], 0);
    assert_eq!(items(&organiser).await.len(), 3);

    let told = json!({ "removeMissing": true });
    let swept = organiser
        .event_import_with(&workspace, &document(&["two"]), told)
        .await;
    assert_eq!(swept.expect_data()["eventImport"]["changes"]["removed"], 2);
    let after = items(&organiser).await;
    assert_eq!(after.len(), 1);
    assert_eq!(after[0], before[1], "what stays, stays the same");
}

/// The items of the event `day`: id and title.
async fn items(client: &tests::Client<'_>) -> Vec<(String, String)> {
    let operation = "{ event(slug: \"day\") { draftAgenda { items { id title } } } }";
    let answer = client.query(operation).await;
    let items = answer.expect_data()["event"]["draftAgenda"]["items"]
        .as_array()
        .expect("items")
        .clone();
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    items
        .iter()
        .map(|item| (text(&item["id"]), text(&item["title"])))
        .collect()
}

async fn texts_come_in_the_language_of_the_reader(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let document = "key: forum\nlanguage: zh-Hans\n\
        title: { zh-Hans: 秋季论坛, en: Autumn forum, de: Herbstforum }\n\
        theme: { zh-Hans: 产教融合 }\nvisibility: PUBLIC\n\
        time: { timeZone: Asia/Shanghai, startsOn: 2024-10-10 }\n\
        agenda:\n- { key: one, kind: SPEECH }\n";
    let event = app.import(&workspace, document).await;
    app.publish(event.id).await;
    let operation = "query($tag: LanguageTag) { event(slug: \"forum\") { title(language: $tag) theme(language: $tag)
        titleTranslations { language text } agenda { items { title(language: $tag) } } } }";
    let titled = async |accept: Option<&str>, tag: Option<&str>| {
        let client = accept.map_or(app.anonymous(), |accept| app.anonymous().reading(accept));
        let answer = client.ask(operation, json!({ "tag": tag })).await;
        let event = answer.expect_data()["event"].clone();
        assert_eq!(
            event["theme"], "产教融合",
            "better in another language than not at all"
        );
        assert_eq!(
            event["titleTranslations"],
            json!([
                { "language": "zh-Hans", "text": "秋季论坛" },
                { "language": "de", "text": "Herbstforum" },
                { "language": "en", "text": "Autumn forum" }
            ])
        );
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        (
            text(&event["title"]),
            text(&event["agenda"]["items"][0]["title"]),
        )
    };
    // The argument goes before the header, and that before the main language.
    assert_eq!(
        titled(None, None).await,
        ("秋季论坛".to_owned(), "讲话".to_owned())
    );
    assert_eq!(
        titled(None, Some("en")).await,
        ("Autumn forum".to_owned(), "Speech".to_owned())
    );
    assert_eq!(titled(Some("en"), None).await.0, "Autumn forum");
    assert_eq!(
        titled(Some("fr, de;q=0.5, en;q=0.2"), None).await.0,
        "Herbstforum"
    );
    assert_eq!(
        titled(Some("en, de;q=0"), Some("de")).await.0,
        "Herbstforum"
    );
    // A wider or a narrower tag will do; one that nobody wrote in leads back to the main language.
    assert_eq!(titled(Some("en-GB"), None).await.0, "Autumn forum");
    assert_eq!(titled(Some("fr"), Some("pt")).await.0, "秋季论坛");
}
