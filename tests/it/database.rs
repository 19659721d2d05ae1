//! The ground the other tests stand on: PostgreSQL where it is demanded, a database per test, one
//! binary.

use std::io::Write;
use std::process::Command;

use tests::{Backend, TestDatabase, binary, both};

#[test]
fn postgresql_is_there_when_it_is_required() {
    let found = !cfg!(no_postgres) && tests::locate_postgres().is_some();
    assert!(
        found || !tests::postgres_is_required(),
        "CONVOKE_REQUIRE_POSTGRES is set, but there are no PostgreSQL server binaries (PATH, \
         /usr/lib/postgresql/*/bin) and CONVOKE_TEST_POSTGRES_URL is not set"
    );
    if !found {
        // Past the capture of a passing test's output.
        let line = "PostgreSQL: none found; its half of the suite is ignored\n";
        std::io::stderr()
            .write_all(line.as_bytes())
            .expect("standard error");
    }
}

both!(
    a_database_is_migrated_and_nobody_elses,
    what_changes_a_row_changes_the_contents
);

async fn a_database_is_migrated_and_nobody_elses(backend: Backend) {
    let ours = TestDatabase::create(backend).await;
    let theirs = TestDatabase::create(backend).await;
    assert_ne!(ours.url, theirs.url);

    let before = theirs.contents().await;
    assert!(before.contains_key("seaql_migrations"), "{before:?}");
    assert_eq!(ours.contents().await, before);

    ours.execute("CREATE TABLE scratch (id INTEGER PRIMARY KEY)")
        .await;
    assert_eq!(theirs.contents().await, before);
}

async fn what_changes_a_row_changes_the_contents(backend: Backend) {
    let database = TestDatabase::create(backend).await;
    database
        .execute("CREATE TABLE scratch (id INTEGER PRIMARY KEY, word TEXT)")
        .await;
    database
        .execute("INSERT INTO scratch VALUES (1, 'one'), (2, NULL)")
        .await;
    let before = database.contents().await;
    assert_eq!(before["scratch"].len(), 2);

    database
        .execute("UPDATE scratch SET word = 'two' WHERE id = 2")
        .await;
    assert_ne!(database.contents().await, before);
}

#[test]
fn the_binary_is_built() {
    assert!(binary().is_file());
    assert!(
        Command::new(binary())
            .arg("--help")
            .output()
            .expect("it runs")
            .status
            .success()
    );
}
