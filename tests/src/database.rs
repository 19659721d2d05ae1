//! A database per test, on either backend, migrated and empty.
//!
//! Migrations run once per process, into a template. A test's database is a copy of it: of the file
//! on SQLite, by `CREATE DATABASE … TEMPLATE` on PostgreSQL. No test sees another's rows, so they
//! run in any order and at once.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use migrations::Migrator;
use sea_orm_migration::MigratorTrait;
use sea_orm_migration::sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement,
};
use tokio::sync::OnceCell;

use crate::{postgres, scratch};

/// The names of our databases on a server begin so; then come the time, the process, a number.
const PREFIX: &str = "convoke_test";
/// What an interrupted run left on a server of yours is dropped by the first run after this long.
const LEFTOVER_AFTER_SECONDS: u64 = 6 * 60 * 60;

/// One of the two databases we promise the same behaviour on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// The embedded default.
    Sqlite,
    /// For more than one node.
    Postgres,
}

/// A migrated, empty database that goes away when it is dropped.
#[derive(Debug)]
pub struct TestDatabase {
    /// What `DATABASE_URL` would be.
    pub url: String,
    /// The backend it is on.
    pub backend: Backend,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder(PathBuf),
    Name(String),
}

impl TestDatabase {
    /// A new one, which no other test knows.
    pub async fn create(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => Self::copy_template_file().await,
            Backend::Postgres => Self::copy_template_database().await,
        }
    }

    /// Every row of every table as text, sorted: equal before and after what must leave no trace.
    pub async fn contents(&self) -> BTreeMap<String, Vec<String>> {
        let connection = connect(&self.url).await;
        let tables = match self.backend {
            Backend::Sqlite => {
                "SELECT name AS value FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
            }
            Backend::Postgres => {
                "SELECT tablename::text AS value FROM pg_tables WHERE schemaname = current_schema()"
            }
        };
        let mut contents = BTreeMap::new();
        for table in texts(&connection, tables).await {
            let rows = match self.backend {
                Backend::Sqlite => {
                    let columns = texts(
                        &connection,
                        &format!("SELECT 'quote(\"' || name || '\")' AS value FROM pragma_table_info('{table}')"),
                    )
                    .await
                    .join(" || ',' || ");
                    format!("SELECT {columns} AS value FROM \"{table}\" ORDER BY value")
                }
                Backend::Postgres => {
                    format!("SELECT t::text AS value FROM \"{table}\" AS t ORDER BY value")
                }
            };
            contents.insert(table, texts(&connection, &rows).await);
        }
        close(connection).await;
        contents
    }

    /// The rows of a table, column by column, each as the database says it: ids as hexadecimal digits
    /// or with dashes, JSON as JSON or as a text of it.
    pub async fn rows(&self, table: &str) -> Vec<serde_json::Value> {
        let connection = connect(&self.url).await;
        let query = match self.backend {
            Backend::Sqlite => {
                let names = format!("SELECT name AS value FROM pragma_table_info('{table}')");
                let names = texts(&connection, &names).await.into_iter();
                let said = names.map(|name| {
                    format!(
                        "'{name}', CASE typeof({name}) WHEN 'blob' THEN hex({name}) ELSE {name} END"
                    )
                });
                let said = said.collect::<Vec<_>>().join(", ");
                format!("SELECT json_object({said}) AS value FROM {table}")
            }
            Backend::Postgres => format!("SELECT row_to_json(t)::text AS value FROM {table} AS t"),
        };
        let rows = texts(&connection, &query).await;
        close(connection).await;
        let row = |text: String| serde_json::from_str(&text).expect("a row is JSON");
        rows.into_iter().map(row).collect()
    }

    /// What the database itself says against a statement; nothing, if it carries it out.
    pub async fn refusal(&self, statement: &str) -> Option<String> {
        let connection = connect(&self.url).await;
        let outcome = connection.execute_unprepared(statement).await;
        close(connection).await;
        outcome.err().map(|error| error.to_string())
    }

    /// Runs a statement by no door of ours: to stage what the product itself cannot do.
    pub async fn execute(&self, statement: &str) {
        execute(&self.url, statement).await;
    }

    /// Runs a statement that the database may refuse.
    pub async fn try_execute(&self, statement: &str) -> Result<(), String> {
        let connection = connect(&self.url).await;
        let done = connection.execute_unprepared(statement).await;
        let done = done.map(drop).map_err(|error| error.to_string());
        close(connection).await;
        done
    }

    /// The texts that a query gives as `value`.
    pub async fn texts(&self, query: &str) -> Vec<String> {
        let connection = connect(&self.url).await;
        let texts = texts(&connection, query).await;
        close(connection).await;
        texts
    }

    async fn copy_template_file() -> Self {
        static TEMPLATE: OnceCell<PathBuf> = OnceCell::const_new();
        let template = TEMPLATE
            .get_or_init(|| async {
                let file = scratch::folder().join("template.sqlite");
                migrate(&format!("sqlite://{}?mode=rwc", file.display())).await;
                file
            })
            .await;

        // A folder of its own, for SQLite puts files beside the file.
        let folder = scratch::folder().join(unique());
        std::fs::create_dir(&folder).expect("a folder for a database");
        let file = folder.join("convoke.sqlite");
        std::fs::copy(template, &file).expect("to copy the template");
        Self {
            url: format!("sqlite://{}", file.display()),
            backend: Backend::Sqlite,
            place: Place::Folder(folder),
        }
    }

    async fn copy_template_database() -> Self {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        let server = postgres::server().await;
        let template = TEMPLATE
            .get_or_init(|| async {
                drop_leftovers(server).await;
                let name = unique();
                execute(server, &format!("CREATE DATABASE {name}")).await;
                migrate(&postgres::with_database(server, &name)).await;
                name
            })
            .await;

        let name = unique();
        execute(
            server,
            &format!("CREATE DATABASE {name} TEMPLATE {template}"),
        )
        .await;
        Self {
            url: postgres::with_database(server, &name),
            backend: Backend::Postgres,
            place: Place::Name(name),
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        match &self.place {
            Place::Folder(folder) => {
                // The scratch folder takes with it what an open file keeps here.
                drop(std::fs::remove_dir_all(folder));
            }
            Place::Name(name) => {
                // FORCE, for pools may still hold connections. A thread, for we may be in a runtime.
                let statement = format!("DROP DATABASE {name} WITH (FORCE)");
                let dropped = std::thread::spawn(move || {
                    tokio::runtime::Builder::new_current_thread()
                        .enable_all()
                        .build()
                        .expect("a runtime")
                        .block_on(async { execute(postgres::server().await, &statement).await });
                })
                .join();
                // A second panic would hide the first.
                assert!(
                    dropped.is_ok() || std::thread::panicking(),
                    "the test's database could not be dropped: {name}"
                );
            }
        }
    }
}

async fn migrate(url: &str) {
    let connection = connect(url).await;
    Migrator::up(&connection, None)
        .await
        .expect("the migrations run");
    close(connection).await;
}

async fn execute(url: &str, statement: &str) {
    let connection = connect(url).await;
    if let Err(error) = connection.execute_unprepared(statement).await {
        panic!("{statement}: {error}");
    }
    close(connection).await;
}

/// The column `value` of each row.
async fn texts(connection: &DatabaseConnection, query: &str) -> Vec<String> {
    let statement = Statement::from_string(connection.get_database_backend(), query);
    let rows = connection
        .query_all_raw(statement)
        .await
        .unwrap_or_else(|error| panic!("{query}: {error}"));
    rows.iter()
        .map(|row| row.try_get("", "value").expect("text"))
        .collect()
}

async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options)
        .await
        .unwrap_or_else(|error| panic!("no database: {error}"))
}

/// Waits for the connection's end: nobody may be connected to a template.
async fn close(connection: DatabaseConnection) {
    connection.close().await.expect("to close a connection");
}

async fn drop_leftovers(server: &str) {
    let connection = connect(server).await;
    let query = format!(
        "SELECT datname::text AS value FROM pg_database WHERE datname LIKE '{PREFIX}!_%' ESCAPE '!'"
    );
    let names = texts(&connection, &query).await;
    close(connection).await;
    let is_leftover = |name: &&String| {
        let made = name
            .split('_')
            .nth(2)
            .and_then(|seconds| seconds.parse::<u64>().ok());
        made.is_some_and(|made| made + LEFTOVER_AFTER_SECONDS < seconds_since_1970())
    };
    for name in names.iter().filter(is_leftover) {
        execute(
            server,
            &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
        )
        .await;
    }
}

fn unique() -> String {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    format!(
        "{PREFIX}_{}_{}_{number}",
        seconds_since_1970(),
        process::id()
    )
}

#[expect(
    clippy::disallowed_methods,
    reason = "the age of a leftover is no matter of the product"
)]
fn seconds_since_1970() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a clock after 1970")
        .as_secs()
}
