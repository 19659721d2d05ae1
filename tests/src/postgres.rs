//! The PostgreSQL server the tests run on: the one `CONVOKE_TEST_POSTGRES_URL` names, else a
//! throwaway cluster made from the machine's own server binaries.

pub(crate) mod binaries;
#[cfg(unix)]
mod cluster;

use std::path::PathBuf;

use tokio::sync::OnceCell;

use crate::environment;

/// Where PostgreSQL comes from.
#[derive(Debug)]
pub enum Source {
    /// A running server, by the URL of a database on it that one may connect to.
    Server(String),
    /// The folder of the server binaries that a throwaway cluster is made with.
    Binaries(PathBuf),
}

/// Looks for PostgreSQL, now. (`build.rs` looked when the tests were compiled.)
pub fn locate() -> Option<Source> {
    match environment::variable(binaries::URL_VARIABLE) {
        Some(url) => Some(Source::Server(url)),
        None => binaries::find().map(Source::Binaries),
    }
}

/// Whether a suite without PostgreSQL is a failure: `CONVOKE_REQUIRE_POSTGRES=1`.
pub fn is_required() -> bool {
    environment::variable("CONVOKE_REQUIRE_POSTGRES").is_some_and(|value| value != "0")
}

/// The URL of a database one may connect to in order to create others. The first call starts the
/// cluster; the others wait for it.
pub(crate) async fn server() -> &'static str {
    static SERVER: OnceCell<Result<String, String>> = OnceCell::const_new();
    let server = SERVER.get_or_init(|| async {
        match locate() {
            Some(Source::Server(url)) => Ok(url),
            Some(Source::Binaries(folder)) => start(folder).await,
            None => Err("it was there when the tests were compiled; `touch tests/build.rs`".into()),
        }
    });
    match server.await {
        Ok(url) => url,
        Err(error) => panic!("no PostgreSQL: {error}"),
    }
}

/// The same server, another database.
pub(crate) fn with_database(url: &str, name: &str) -> String {
    let (address, query) = match url.split_once('?') {
        Some((address, query)) => (address, format!("?{query}")),
        None => (url, String::new()),
    };
    let (scheme, rest) = address.split_once("://").expect("a URL: postgres://…");
    let authority = rest.split('/').next().unwrap_or_default();
    format!("{scheme}://{authority}/{name}{query}")
}

#[cfg(unix)]
async fn start(binaries: PathBuf) -> Result<String, String> {
    tokio::task::spawn_blocking(move || cluster::start(&binaries))
        .await
        .unwrap_or_else(|_| Err("the throwaway cluster panicked, see above".into()))
}

#[cfg(not(unix))]
async fn start(_: PathBuf) -> Result<String, String> {
    Err("a throwaway cluster needs a POSIX shell".into())
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn a_database_takes_the_place_of_the_one_in_the_url() {
        for (url, expected) in [
            (
                "postgres://a:b@host:1/old?sslmode=disable",
                "postgres://a:b@host:1/new?sslmode=disable",
            ),
            ("postgres://host/old", "postgres://host/new"),
            ("postgresql://host", "postgresql://host/new"),
        ] {
            assert_eq!(with_database(url, "new"), expected);
        }
    }
}
