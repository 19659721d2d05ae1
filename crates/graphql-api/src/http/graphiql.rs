//! The page at `/`: GraphiQL where its files are at hand, our own console where they are not.
//!
//! Both open on the example operations, and neither asks any other host for anything: an office
//! without the open internet sees the same page as everybody else. Why the files of GraphiQL are
//! not in this repository is `docs/adr/0007-graphiql-without-the-internet.md`.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use poem::endpoint::make_sync;
use poem::error::NotFoundError;
use poem::http::{StatusCode, header};
use poem::{Request, Response, Route, get};

/// The page at `/` and its files below `/graphiql/`, relative to where they are mounted.
///
/// `assets` is a folder as `just graphiql` makes it; it goes before the files embedded at build
/// time. Everything is read once, here, so that no request ever names a path on the disk.
pub(crate) fn routes(assets: Option<PathBuf>) -> Route {
    let site = Arc::new(Site::new(assets.as_deref()));
    let files = Arc::clone(&site);
    Route::new()
        .at("/", get(make_sync(move |request| site.page.answer(&request, site.policy))))
        .at(
            "/graphiql/:file",
            get(make_sync(move |request: Request| {
                let name = request.path_params::<String>()?;
                let file = files.files.iter().find(|file| file.name == name);
                let file = file.ok_or(NotFoundError)?;
                Ok::<_, poem::Error>(file.answer(&request, files.policy))
            })),
        )
}

/// An operation that a person new to the schema can run at once.
#[derive(Debug, Clone, Copy, serde::Serialize)]
pub(crate) struct Example {
    /// What it shows, in a few words.
    pub(crate) title: &'static str,
    pub(crate) query: &'static str,
    /// A JSON object, written as people should see it.
    pub(crate) variables: &'static str,
}

macro_rules! example {
    ($title:literal, $file:literal) => {
        Example {
            title: $title,
            query: include_str!(concat!("graphiql/examples/", $file, ".graphql")),
            variables: include_str!(concat!("graphiql/examples/", $file, ".json")),
        }
    };
}

/// In the order in which both pages show them.
pub(crate) const EXAMPLES: [Example; 5] = [
    example!("An event", "event"),
    example!("Its published agenda", "agenda"),
    example!("Events, page by page", "events"),
    example!("Who am I?", "viewer"),
    example!("Try an import", "import"),
];

/// What a folder must hold to be taken for GraphiQL; the licences go wherever the code goes.
const BUNDLE: [&str; 6] = [
    "react.production.min.js",
    "react-dom.production.min.js",
    "graphiql.min.js",
    "graphiql.min.css",
    "react.LICENSE.txt",
    "graphiql.LICENSE.txt",
];

/// The content of `assets/graphiql/` when this crate was built; see `build.rs`.
const EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/graphiql_embedded.rs"));

/// No origin but our own, no inline script, no `eval`, nobody's frame.
const CONSOLE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";

/// GraphiQL carries its fonts and two pictures in its style sheet, and its menus write `<style>`
/// elements. Without a foreign origin in the policy, a style has nowhere to send anything.
const GRAPHIQL_POLICY: &str = "default-src 'none'; script-src 'self'; \
     style-src 'self' 'unsafe-inline'; font-src data:; connect-src 'self'; \
     img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

struct Site {
    page: File,
    files: Vec<File>,
    policy: &'static str,
}

impl Site {
    fn new(assets: Option<&Path>) -> Self {
        let mut files = vec![
            File::new("transport.js", include_bytes!("graphiql/transport.js").as_slice()),
            File::new("icon.svg", include_bytes!("graphiql/icon.svg").as_slice()),
            File::new("examples.json", examples()),
        ];
        if let Some(bundle) = assets.and_then(from_folder).or_else(embedded) {
            files.extend(bundle);
            files.push(File::new("page.js", include_bytes!("graphiql/page.js").as_slice()));
            files.push(File::new("page.css", include_bytes!("graphiql/page.css").as_slice()));
            let page = include_bytes!("graphiql/page.html").as_slice();
            Self { page: File::new("page.html", page), files, policy: GRAPHIQL_POLICY }
        } else {
            files.push(File::new("console.js", include_bytes!("graphiql/console.js").as_slice()));
            files.push(File::new("console.css", include_bytes!("graphiql/console.css").as_slice()));
            let page = include_bytes!("graphiql/console.html").as_slice();
            Self { page: File::new("console.html", page), files, policy: CONSOLE_POLICY }
        }
    }
}

/// A folder that was asked for and is not whole is worth a warning, but no event should wait
/// for it: the next choice is taken.
fn from_folder(folder: &Path) -> Option<Vec<File>> {
    BUNDLE
        .into_iter()
        .map(|name| match std::fs::read(folder.join(name)) {
            Ok(content) => Some(File::new(name, content)),
            Err(error) => {
                tracing::warn!(
                    graphiql.folder = %folder.display(),
                    graphiql.file = name,
                    %error,
                    "GraphiQL is not served from this folder: a file of it cannot be read"
                );
                None
            }
        })
        .collect()
}

fn embedded() -> Option<Vec<File>> {
    BUNDLE
        .into_iter()
        .map(|name| {
            let (_, content) = EMBEDDED.iter().find(|(embedded, _)| *embedded == name)?;
            Some(File::new(name, *content))
        })
        .collect()
}

fn examples() -> Vec<u8> {
    // Three strings each: there is nothing in them that could fail to become JSON.
    serde_json::to_vec(&EXAMPLES).unwrap_or_default()
}

struct File {
    name: &'static str,
    content: Cow<'static, [u8]>,
    etag: String,
}

impl File {
    fn new(name: &'static str, content: impl Into<Cow<'static, [u8]>>) -> Self {
        let content = content.into();
        let mut hasher = DefaultHasher::new();
        hasher.write(&content);
        let etag = format!("\"{:016x}\"", hasher.finish());
        Self { name, content, etag }
    }

    fn answer(&self, request: &Request, policy: &'static str) -> Response {
        let answer = Response::builder()
            .header(header::ETAG, &self.etag)
            // The names carry no version, so a browser asks each time and mostly hears 304.
            .header(header::CACHE_CONTROL, "no-cache")
            .header(header::CONTENT_SECURITY_POLICY, policy)
            .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
            .header(header::REFERRER_POLICY, "no-referrer")
            .header("Cross-Origin-Opener-Policy", "same-origin")
            .header("Cross-Origin-Resource-Policy", "same-origin");
        if self.is_known_to(request) {
            return answer.status(StatusCode::NOT_MODIFIED).finish();
        }
        let answer = answer.content_type(self.content_type());
        match &self.content {
            Cow::Borrowed(content) => answer.body(*content),
            Cow::Owned(content) => answer.body(content.clone()),
        }
    }

    /// Whether the browser already has just this content (`If-None-Match`, compared weakly, as
    /// proxies that compress make our tag a weak one).
    fn is_known_to(&self, request: &Request) -> bool {
        let tags = request.headers().get_all(header::IF_NONE_MATCH);
        let mut tags = tags.iter().filter_map(|tags| tags.to_str().ok());
        tags.any(|tags| {
            let mut tags = tags.split(',').map(|tag| tag.trim().trim_start_matches("W/"));
            tags.any(|tag| tag == "*" || tag == self.etag)
        })
    }

    fn content_type(&self) -> &'static str {
        match Path::new(self.name).extension().and_then(|extension| extension.to_str()) {
            Some("html") => "text/html; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("json") => "application/json",
            Some("svg") => "image/svg+xml",
            _ => "text/plain; charset=utf-8",
        }
    }
}

#[cfg(test)]
mod tests {
    use poem::test::{TestClient, TestResponse};

    use super::*;

    /// Our own console, whatever was embedded into this build.
    fn console() -> TestClient<Route> {
        TestClient::new(routes_of(Site::console()))
    }
}
