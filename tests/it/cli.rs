//! The command line: what each command prints, and the codes it ends with.

use migrations::{Migrator, MigratorTrait as _};
use serde_json::json;
use tests::{Backend, EXAMPLES, TestDatabase, both, example};

use crate::process::{Place, ask, repository};

both!(
    an_office_is_set_up,
    a_token_comes_and_goes,
    documents_are_imported,
    a_document_with_problems_is_not_imported,
    what_was_exported_can_be_imported,
    a_rehearsal_does_nothing,
);

async fn office(backend: Backend) -> (Place, TestDatabase) {
    let database = TestDatabase::create(backend).await;
    let place = Place::new().with("DATABASE_URL", &database.url);
    place.expect(&["workspace", "create", "office"]);
    (place, database)
}

/// The one line of an output.
#[track_caller]
fn line(output: &str) -> &str {
    let line = output.strip_suffix('\n').expect("a line");
    assert!(!line.is_empty() && !line.contains('\n'), "{output:?}");
    line
}

async fn an_office_is_set_up(backend: Backend) {
    let database = TestDatabase::create(backend).await;
    let place = Place::new().with("DATABASE_URL", &database.url);
    place
        .run(&[
            "import",
            repository("examples/jimei-forum-2024.yaml")
                .to_str()
                .expect("a path"),
        ])
        .expect(1)
        .says(&["there is no workspace yet", "convoke workspace create"]);

    let first = place.expect(&["workspace", "create", "office", "--name", "The Office"]);
    assert!(line(&first).starts_with("wsp_"), "{first}");
    let second = place.expect(&["workspace", "create", "annex"]);
    let listed = place.expect(&["workspace", "list"]);
    let expected = format!(
        "{}\tannex\tannex\n{}\toffice\tThe Office\n",
        line(&second),
        line(&first)
    );
    assert_eq!(listed, expected);
    let again = place.run(&["workspace", "create", "office"]).expect(1);
    assert_eq!(
        again.says(&["there is a workspace `office` already"]).out,
        ""
    );

    let account = place.expect(&["account", "create", "colleague"]);
    assert!(line(&account).starts_with("acc_"), "{account}");
    let again = place.run(&["account", "create", "colleague"]).expect(1);
    assert_eq!(
        again.says(&["there is an account `colleague` already"]).out,
        ""
    );

    // With two workspaces one has to be named.
    let file = repository("examples/jimei-forum-2024.yaml");
    let file = file.to_str().expect("a path");
    place
        .run(&["import", file])
        .expect(1)
        .says(&["--workspace", "annex, office"]);
    place
        .run(&["import", file, "--workspace", "attic"])
        .expect(1)
        .says(&["there is no workspace `attic`"]);
    place.expect(&["import", file, "--workspace", "annex"]);
    place
        .run(&["export", "jimei-forum-2024", "--workspace", "office"])
        .expect(1)
        .says(&["there is no event `jimei-forum-2024` in the workspace `office`"]);

    for (wrong, about) in [
        (&["workspace", "create", "The Office"][..], "The Office"),
        (&["workspace", "create", "attic", "--name", "   "], "--name"),
        (&["account", "create", ""], "SLUG"),
        (
            &[
                "token",
                "create",
                "--account",
                "colleague",
                "--role",
                "KING",
            ],
            "KING",
        ),
        (
            &[
                "token",
                "create",
                "--account",
                "colleague",
                "--scope",
                "EVERYTHING",
            ],
            "EVERYTHING",
        ),
        (
            &["token", "create", "--account", "colleague", "--days", "0"],
            "--days",
        ),
        (&["token", "revoke", "acc_1"], "acc_1"),
        (&["import"], "FILE"),
        (&["dance"], "dance"),
        (&[], "Usage"),
    ] {
        place.run(wrong).expect(2).says(&[about]);
    }
}

async fn a_token_comes_and_goes(backend: Backend) {
    let (place, database) = office(backend).await;
    place.expect(&["account", "create", "colleague"]);
    place
        .run(&["token", "create", "--account", "nobody"])
        .expect(1)
        .says(&["there is no account `nobody`"]);

    // On standard output there is the token and nothing else.
    let made = place.run(&[
        "token",
        "create",
        "--account",
        "colleague",
        "--label",
        "laptop",
    ]);
    let made = made.expect(0);
    let token = line(&made.out);
    assert!(token.starts_with("convoke_"), "{token}");
    let other = place.expect(&[
        "token",
        "create",
        "--account",
        "colleague",
        "--role",
        "viewer",
        "--scope",
        "event_read,PARTICIPANT_READ",
        "--days",
        "30",
    ]);
    let other = line(&other);
    assert_ne!(token, other);

    let listed = place.expect(&["token", "list", "--account", "colleague"]);
    let rows: Vec<Vec<_>> = listed
        .lines()
        .map(|row| row.split('\t').collect())
        .collect();
    assert_eq!(rows.len(), 2, "{listed}");
    assert_eq!(rows[0][1..], ["office=ORGANIZER", "all", "good", "laptop"]);
    assert_eq!(
        rows[1][1..3],
        ["office=VIEWER", "EVENT_READ,PARTICIPANT_READ"]
    );
    assert!(rows[1][3].starts_with("good until 20"), "{listed}");
    let id = rows[0][0];
    assert!(
        id.starts_with("tok_") && made.err.contains(id),
        "{}",
        made.err
    );
    for secret in [token, other] {
        assert!(!listed.contains(secret.trim_start_matches("convoke_")));
        let rows = database.contents().await;
        let rows = rows.values().flatten();
        assert!(rows.clone().all(|row| !row.contains(secret)));
    }

    let (serving, address) = place.serve();
    let viewer = "{ viewer { account { name } } }";
    for secret in [token, other] {
        let seen = ask(address, Some(secret), viewer, &json!({})).data();
        assert_eq!(seen["viewer"]["account"]["name"], "colleague");
    }
    place.expect(&["token", "revoke", id]);
    let refused = ask(address, Some(token), viewer, &json!({}));
    assert_eq!(refused.status, 401);
    assert_eq!(
        refused.json()["errors"][0]["extensions"]["code"],
        "UNAUTHENTICATED"
    );
    ask(address, Some(other), viewer, &json!({})).data();
    drop(serving);

    let listed = place.expect(&["token", "list", "--account", "colleague"]);
    assert!(listed.contains("\trevoked 20"), "{listed}");
    place
        .run(&["token", "revoke", id])
        .expect(1)
        .says(&["revoked before"]);
    let unknown = "tok_018bcfe5687b70708070809090a0b0c0";
    place
        .run(&["token", "revoke", unknown])
        .expect(1)
        .says(&["not found"]);
}

async fn documents_are_imported(backend: Backend) {
    let (place, database) = office(backend).await;
    let files: Vec<_> = EXAMPLES
        .iter()
        .map(|slug| repository(format!("examples/{slug}.yaml")))
        .collect();
    let files: Vec<_> = files
        .iter()
        .map(|file| file.to_str().expect("a path"))
        .collect();
    let printed = place.expect(&[&["import"][..], &files, &["--publish"]].concat());
    for ((slug, file), row) in EXAMPLES.iter().zip(&files).zip(printed.lines()) {
        assert!(
            row.starts_with(&format!("{file}: {slug} imported: ")),
            "{row}"
        );
        assert!(row.ends_with("; published"), "{row}");
    }
    assert_eq!(printed.lines().count(), EXAMPLES.len());

    let before = database.contents().await;
    let printed = place.expect(&[&["import"][..], &files, &["--publish"]].concat());
    for row in printed.lines() {
        assert!(row.contains(": 0 created, 0 updated, 0 removed, "), "{row}");
        assert!(!row.contains("published"), "{row}");
    }
    assert_eq!(database.contents().await, before);

    // From standard input; then less of it, without and with what is missing removed.
    let more = "
key: forum
language: en
title: Forum
time: { timeZone: UTC, startsOn: 2024-01-01 }
agenda:
  - { key: opening, kind: OPENING }
  - { key: closing, kind: CLOSING }
";
    let printed = place.run_with_input(&["import", "-"], more).expect(0).out;
    assert_eq!(
        line(&printed),
        "-: forum imported: 3 created, 0 updated, 0 removed, 0 unchanged"
    );
    place.write(
        "less.yaml",
        &more.replace("  - { key: closing, kind: CLOSING }\n", ""),
    );
    let printed = place.expect(&["import", "less.yaml"]);
    assert_eq!(
        line(&printed),
        "less.yaml: forum imported: 0 created, 0 updated, 0 removed, 3 unchanged"
    );
    let printed = place.expect(&["import", "less.yaml", "--prune"]);
    assert!(
        printed.contains(" 0 created, 1 updated, 1 removed, 1 unchanged"),
        "{printed}"
    );
    // JSON is YAML.
    let json = json!({
        "key": "talk", "language": "en", "title": "Talk",
        "time": { "timeZone": "UTC", "startsOn": "2024-01-01" },
    });
    let printed = place
        .run_with_input(&["import", "-"], &json.to_string())
        .expect(0)
        .out;
    assert!(printed.contains("talk imported: 1 created"), "{printed}");

    place
        .run(&["import", "less.yaml", "nothing.yaml"])
        .expect(3)
        .says(&["cannot read nothing.yaml"]);
    place
        .run(&["import", "less.yaml", "--publish", "--dry-run"])
        .expect(2);
}

async fn a_document_with_problems_is_not_imported(backend: Backend) {
    let (place, database) = office(backend).await;
    let before = database.contents().await;
    let good =
        "key: good\nlanguage: en\ntitle: Good\ntime: { timeZone: UTC, startsOn: 2024-01-01 }\n";
    place.write("good.yaml", good);
    place.write(
        "bad.yaml",
        "key: bad\nlanguage: en\nkind: Forum\ntime: { timeZone: UTC, startsOn: 2024-01-01 }\nroles:\n  - { organization: nobody, role: HOST }\n",
    );
    place.write("worse.yaml", "key: [\n");
    let refused = place
        .run(&["import", "good.yaml", "bad.yaml", "worse.yaml"])
        .expect(1);
    assert_eq!(refused.out, "");
    let refused = refused.says(&[
        "bad.yaml: title: is missing [INVALID]\n",
        "bad.yaml: kind: ",
        "bad.yaml: roles[0].organization: there is no organization with the key `nobody`",
        "[NOT_FOUND]\n",
        "worse.yaml: ",
        "error: 2 documents were refused; nothing of them was imported\n",
    ]);
    assert!(!refused.err.contains("good.yaml"), "{}", refused.err);
    assert_eq!(database.contents().await, before);

    // What only the database knows: the others are imported, of this one nothing is.
    let orphan = good.replace("good", "orphan")
        + "parent: nothing\npeople:\n  - { key: ada, name: Ada }\nagenda:\n  - { key: talk, kind: TALK, appearances: [{ role: SPEAKER, person: ada }] }\n";
    place.write("orphan.yaml", &orphan);
    let refused = place.run(&["import", "orphan.yaml"]).expect(1);
    let refused = refused.says(&[
        "orphan.yaml: parent: there is no event `nothing` in this workspace [NOT_FOUND]\n",
        "error: one document was refused; nothing of it was imported\n",
    ]);
    assert_eq!(refused.out, "");
    assert_eq!(database.contents().await, before);
    let refused = place.run(&["import", "orphan.yaml", "good.yaml"]).expect(1);
    assert!(line(&refused.out).starts_with("good.yaml: good imported: 1 created"));
    place.expect(&["export", "good"]);
    place.run(&["export", "orphan"]).expect(1);
}

async fn what_was_exported_can_be_imported(backend: Backend) {
    let (here, database) = office(backend).await;
    let (elsewhere, _database) = office(backend).await;
    // Every member there is; the event that it is part of must be there.
    let week = "key: autumn-week-2024\nlanguage: en\ntitle: Week\ntime: { timeZone: UTC, startsOn: 2024-10-10 }\n";
    for place in [&here, &elsewhere] {
        place.run_with_input(&["import", "-"], week).expect(0);
    }
    for slug in EXAMPLES.iter().copied().chain(["autumn-forum-2024"]) {
        let text = match slug {
            "autumn-forum-2024" => example("every-field"),
            slug => example(slug),
        };
        here.run_with_input(&["import", "-"], &text).expect(0);
        let exported = here.expect(&["export", slug]);

        let before = database.contents().await;
        for prune in [&[][..], &["--prune"]] {
            let again = here.run_with_input(&[&["import", "-"], prune].concat(), &exported);
            let printed = again.expect(0).out;
            assert!(
                printed.contains(": 0 created, 0 updated, 0 removed, "),
                "{printed}"
            );
        }
        assert_eq!(database.contents().await, before);
        assert_eq!(here.expect(&["export", slug]), exported);

        elsewhere
            .run_with_input(&["import", "-"], &exported)
            .expect(0);
        assert_eq!(elsewhere.expect(&["export", slug]), exported);
    }
}

async fn a_rehearsal_does_nothing(backend: Backend) {
    let (place, database) = office(backend).await;
    let before = database.contents().await;
    let text = example("jimei-forum-2024");
    let tried = place
        .run_with_input(&["import", "-", "--dry-run"], &text)
        .expect(0)
        .out;
    let tried = line(&tried);
    assert!(
        tried.starts_with("-: jimei-forum-2024 would be imported: "),
        "{tried}"
    );
    assert_eq!(database.contents().await, before);
    place.run(&["export", "jimei-forum-2024"]).expect(1);
    let done = place.run_with_input(&["import", "-"], &text).expect(0).out;
    assert_eq!(line(&done).replace("imported", "would be imported"), tried);
}

#[test]
fn the_schemas_are_those_that_are_committed() {
    let place = Place::new();
    let committed = |path: &str| std::fs::read_to_string(repository(path)).expect("a file");
    assert_eq!(place.expect(&["schema"]), committed("schema.graphql"));
    assert_eq!(
        place.expect(&["schema", "--event-document"]),
        committed("docs/event-document.schema.json")
    );
    // For these no data folder is made.
    assert!(!place.path("convoke-data").exists());
}

#[test]
fn without_a_word_the_data_is_in_a_folder_here() {
    let place = Place::new();
    place.expect(&["workspace", "create", "office"]);
    assert!(place.path("convoke-data/convoke.db").is_file());
    place.expect(&["--data", "elsewhere", "migrate"]);
    assert!(place.path("elsewhere/convoke.db").is_file());
    let place = place.with("CONVOKE_DATA", "there");
    assert_eq!(place.expect(&["workspace", "list"]), "");
    assert!(place.path("there/convoke.db").is_file());
}

#[test]
fn a_wrong_setting_is_refused_by_its_name() {
    let serve = ["serve", "--listen", "127.0.0.1:0"];
    for (variable, value, name) in [
        (
            "DATABASE_URL",
            "mysql://root:hunter2@localhost/convoke",
            "DATABASE_URL",
        ),
        (
            "DATABASE_URL",
            "host=localhost password=hunter2",
            "DATABASE_URL",
        ),
        ("CONVOKE_LOG", "info,=,%%%", "CONVOKE_LOG"),
        ("CONVOKE_TRUSTED_PROXIES", "nowhere", "--trusted-proxy"),
        ("CONVOKE_LOG_FORMAT", "xml", "--log-format"),
        (
            "CONVOKE_DATABASE_CONNECTIONS",
            "0",
            "--database-connections",
        ),
        (
            "CONVOKE_DATABASE_CONNECTIONS",
            "many",
            "--database-connections",
        ),
    ] {
        let refused = Place::new()
            .with(variable, value)
            .run(&serve)
            .expect(2)
            .says(&[name]);
        assert!(!refused.err.contains("hunter2"), "{}", refused.err);
        assert_eq!(refused.out, "");
    }
    for listen in ["here", "127.0.0.1", "127.0.0.1:99999"] {
        let place = Place::new().with("CONVOKE_LISTEN", listen);
        place.run(&["serve"]).expect(2).says(&["--listen", listen]);
    }
    for flags in [
        &["--database-url", "mysql://localhost/convoke"][..],
        &["--log", "info,=,%%%"],
        &["--log-format", "xml"],
        &["--database-connections", "0"],
        &["--database-connections", "1001"],
    ] {
        let arguments = [&serve[..], flags].concat();
        Place::new().run(&arguments).expect(2).says(&[flags[0]]);
    }
}

#[test]
fn what_the_machine_refuses_is_told_by_what_was_tried() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    Place::new()
        .run(&["serve", "--listen", &address])
        .expect(3)
        .says(&["--listen", &address]);

    let place = Place::new();
    place.write("file", "");
    place
        .run(&["--data", "file", "migrate"])
        .expect(3)
        .says(&["data folder", "file"]);

    // Nobody listens at port 1.
    let url = "postgres://somebody:hunter2@127.0.0.1:1/convoke";
    let refused = Place::new()
        .with("DATABASE_URL", url)
        .run(&["serve"])
        .expect(3);
    assert!(!refused.err.contains("hunter2"), "{}", refused.err);
    assert_eq!(refused.out, "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[cfg_attr(no_postgres, ignore = "no PostgreSQL server binaries found")]
async fn a_postgresql_that_is_behind_is_not_served() {
    let database = TestDatabase::create(Backend::Postgres).await;
    let current = database.contents().await;
    let place = Place::new().with("DATABASE_URL", &database.url);
    let empty = "DROP SCHEMA public CASCADE; CREATE SCHEMA public";
    let steps = Migrator::migrations();
    database.execute(empty).await;
    for arguments in [
        &["serve", "--listen", "127.0.0.1:0"][..],
        &["workspace", "create", "office"],
    ] {
        let refused = place.run(arguments).expect(1);
        assert_eq!(refused.says(&["behind", "convoke migrate"]).out, "");
    }
    place
        .run(&["migrate"])
        .expect(0)
        .says(&[&format!("brought up to date by {} steps", steps.len())]);
    place
        .run(&["migrate"])
        .expect(0)
        .says(&["the database was up to date"]);
    let tables = |contents: &std::collections::BTreeMap<String, Vec<String>>| {
        contents.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(tables(&database.contents().await), tables(&current));
    place.expect(&["workspace", "create", "office"]);

    // Or in one go, where there is but one node.
    database.execute(empty).await;
    let place = place.with("CONVOKE_MIGRATE", "true");
    let (serving, address) = place.serve();
    assert_eq!(crate::process::get(address, "/health/ready").status, 200);
    drop(serving);
}
