//! Who issues letters is killed, again and again: each letter is issued once, no number is lost or given
//! twice, and each has its document.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use domain::access::Role;
use poem::http::StatusCode;
use serde_json::{Value, json};
use tests::{Backend, TestApp, both};

use crate::editing::editor::Dice;
use crate::process::{Place, kills};

both!(whoever_is_killed_over_letters_loses_none);

/// An event at which so many are appointed.
fn founding(many: usize) -> String {
    let mut people = String::new();
    let mut letters = String::new();
    for number in 0..many {
        let _ = writeln!(people, "- {{ key: p{number}, name: Person {number} }}");
        let _ = writeln!(
            letters,
            "- {{ key: l{number}, appointee: p{number}, body: committee, post: Member, issuers: [committee] }}"
        );
    }
    format!(
        "key: founding\nlanguage: en\ntitle: The Founding\n\
         time: {{ timeZone: Asia/Shanghai, startsOn: 2025-03-01 }}\n\
         organizations: [{{ key: committee, name: Expert Committee, kind: COMMITTEE }}]\n\
         people:\n{people}letters:\n{letters}"
    )
}

async fn states(app: &TestApp) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for state in app.database.texts("SELECT state AS value FROM print").await {
        *counted.entry(state).or_default() += 1;
    }
    counted
}

async fn whoever_is_killed_over_letters_loses_none(backend: Backend) {
    let (kills, many) = (kills(), 40 * kills());
    let app = TestApp::new(backend).await;
    let home = app.workspace("home").await;
    app.import(&home, &founding(many)).await;
    let place = Place::new()
        .with("DATABASE_URL", &app.database.url)
        .with("CONVOKE_PAPER_LEASE", "1")
        .with("CONVOKE_PUBLIC_URL", "https://convoke.example.org");
    let issue = ["letters", "issue", "founding", "--date", "2025-03-01"];
    let mut dice = Dice(20_250_301);
    let mut rounds = 0;
    while states(&app).await.get("PRINTED") != Some(&many) {
        let issuing = place.start(&issue);
        // Before it has begun, while it issues, while it makes documents; later and later, for who is slow is
        // to come to an end as well.
        let wait = Duration::from_millis(200 + dice.below(2_000 + 500 * rounds) as u64);
        let pause = tokio::task::spawn_blocking(move || std::thread::park_timeout(wait));
        pause.await.expect("a while");
        // It is killed, not asked.
        drop(issuing);
        rounds += 1;
        assert!(
            rounds < 40 * kills,
            "it never ends: {:?}",
            states(&app).await
        );
    }
    // Once more, to its end: there is nothing left to do.
    let done = place.run(&issue);
    assert!(done.err.contains("nothing to issue"), "{done:?}");

    let numbers = "SELECT number AS value FROM credential ORDER BY number";
    let expected: Vec<_> = (1..=many)
        .map(|number| format!("2025-{number:06}"))
        .collect();
    assert_eq!(app.database.texts(numbers).await, expected);
    for of in [
        "letter_id) AS TEXT) AS value FROM credential",
        "hash) AS TEXT) AS value FROM stored_file",
    ] {
        let counted = format!("SELECT CAST(COUNT(DISTINCT {of}");
        assert_eq!(app.database.texts(&counted).await, [many.to_string()]);
    }

    // Whichever of them made it: it is what anybody would make of it.
    let token = app.token(&home, Role::Organizer, None).await;
    let client = app.bearer(&token);
    let asked = "{ event(slug: \"founding\") { credentials(first: 48) { nodes { documentUrl documentHash } } } }";
    let data = client.query(asked).await.expect_data().clone();
    let all = data["event"]["credentials"]["nodes"]
        .as_array()
        .expect("credentials");
    for one in all {
        let url = one["documentUrl"].as_str().expect("an address");
        let path = url.trim_start_matches(tests::SITE);
        let asked = app
            .http()
            .get(path)
            .header("Authorization", format!("Bearer {token}"));
        let got = asked.send().await.0;
        assert_eq!(got.status(), StatusCode::OK);
        let tag = got.header("etag").map(|tag| json!(tag.trim_matches('"')));
        assert_eq!(tag, Some(Value::clone(&one["documentHash"])));
    }
    println!("{rounds} times killed, {many} letters");
}
