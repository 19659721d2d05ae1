//! What every integration test stands on: a database of its own on either backend, and the binary
//! as people run it.
//!
//! - [`both!`] runs one test on SQLite and on PostgreSQL.
//! - [`TestDatabase`] is a migrated, empty database that goes away with its test.
//! - [`TestApp`] is the product on such a database, asked through its real endpoint.
//! - [`Sdl`] is a schema as a test reads it.
//! - [`binary`] is the path of `convoke`, built once per run.
//!
//! Nothing is left behind, however the test process ends (see `scratch`).

mod app;
mod binary;
mod conference;
mod correspondence;
mod database;
mod environment;
mod outfit;
mod papers;
mod postgres;
mod scratch;
mod sdl;

use std::path::Path;

pub use app::{
    Answer, Client, EXAMPLES, INBOUND_SECRET, SITE, STAGEHAND, TestApp, TestClock, TestNode,
    example, published_schedule,
};
pub use binary::binary;
pub use conference::conference;
pub use database::{Backend, TestDatabase};
pub use environment::variable;
pub use outfit::Outfit;
pub use papers::{badge_key, former_badge_key, office};
pub use postgres::{is_required as postgres_is_required, locate as locate_postgres};
pub use sdl::{Argument, Directive, Field, Kind, Sdl, Type, TypeRef};

/// Runs each test on both databases, as `name::sqlite` and `name::postgres`.
///
/// ```ignore
/// both!(publishes_an_event);
///
/// async fn publishes_an_event(backend: Backend) {
///     let database = TestDatabase::create(backend).await;
///     …
/// }
/// ```
///
/// The functions may also stand inside the macro (`both! { async fn … }`), but there rustfmt does
/// not reach them. One that is written and not listed is dead code, which the compiler reports.
/// Without PostgreSQL `name::postgres` counts as ignored, with the reason.
#[macro_export]
macro_rules! both {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[::tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name($crate::Backend::Sqlite).await;
            }

            #[::tokio::test(flavor = "multi_thread", worker_threads = 2)]
            #[cfg_attr(
                no_postgres,
                ignore = "no PostgreSQL server binaries found (PATH, /usr/lib/postgresql/*/bin) and CONVOKE_TEST_POSTGRES_URL not set"
            )]
            async fn postgres() {
                super::$name($crate::Backend::Postgres).await;
            }
        }
    )+};
    ($($(#[$attribute:meta])* async fn $name:ident($backend:ident: Backend) $body:block)+) => {
        $($(#[$attribute])* async fn $name($backend: $crate::Backend) $body)+
        $crate::both!($($name),+);
    };
}

/// The folder that holds the workspace's `Cargo.toml`.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests is a member of the workspace")
}
