//! The page at `/`: GraphiQL where its files are at hand, our own console where they are not.
//!
//! Both open on the example operations, and neither asks any other host for anything: an office
//! without the open internet sees the same page as everybody else. Why the files of GraphiQL are
//! not in this repository is `docs/adr/0007-graphiql-without-the-internet.md`.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hasher};
use std::path::Path;

use poem::endpoint::make_sync;
use poem::error::NotFoundError;
use poem::http::{StatusCode, header};
use poem::{Request, Response, Route, get};

/// The page at `/` and its files below `/graphiql/`, relative to where they are mounted.
///
/// `assets` is a folder as `just graphiql` makes it; it goes before the files embedded at build
/// time. Everything is read once, here, so that no request ever names a path on the disk.
pub fn routes(assets: Option<&Path>) -> Route {
    match assets.and_then(from_folder).or_else(embedded) {
        Some(bundle) => graphiql(bundle),
        None => console(),
    }
}

fn graphiql(bundle: Vec<File>) -> Route {
    let mut files = vec![
        File::new("page.css", include_bytes!("graphiql/page.css").as_slice()),
        File::new("page.js", include_bytes!("graphiql/page.js").as_slice()),
    ];
    files.extend(bundle);
    let page = File::new("page.html", include_bytes!("graphiql/page.html").as_slice());
    serve(page, files, GRAPHIQL_POLICY)
}

fn console() -> Route {
    let files = vec![
        File::new(
            "console.css",
            include_bytes!("graphiql/console.css").as_slice(),
        ),
        File::new(
            "console.js",
            include_bytes!("graphiql/console.js").as_slice(),
        ),
    ];
    let page = File::new(
        "console.html",
        include_bytes!("graphiql/console.html").as_slice(),
    );
    serve(page, files, CONSOLE_POLICY)
}

fn serve(page: File, mut files: Vec<File>, policy: &'static str) -> Route {
    files.push(File::new(
        "transport.js",
        include_bytes!("graphiql/transport.js").as_slice(),
    ));
    files.push(File::new(
        "icon.svg",
        include_bytes!("graphiql/icon.svg").as_slice(),
    ));
    files.push(File::new("examples.json", examples()));
    Route::new()
        .at(
            "/",
            get(make_sync(move |request: Request| {
                page.answer(&request, policy)
            })),
        )
        .at(
            "/graphiql/:file",
            get(make_sync(move |request: Request| {
                let name = request.path_params::<String>()?;
                let file = files
                    .iter()
                    .find(|file| file.name == name)
                    .ok_or(NotFoundError)?;
                Ok::<_, poem::Error>(file.answer(&request, policy))
            })),
        )
}

/// An operation that a person new to the schema can run at once.
#[derive(Debug, Clone, Copy, serde::Serialize)]
pub struct Example {
    /// What it shows, in a few words.
    pub title: &'static str,
    /// The document, opening with a comment that says what to look for.
    pub query: &'static str,
    /// A JSON object, written as people should see it.
    pub variables: &'static str,
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
pub const EXAMPLES: [Example; 5] = [
    example!("One event", "event"),
    example!("A published agenda", "agenda"),
    example!("Many events", "events"),
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

/// GraphiQL carries its fonts and two pictures in its style sheet. The hash is of the one style
/// it writes itself, which stops the page from scrolling behind an open dialogue.
const GRAPHIQL_POLICY: &str = "default-src 'none'; script-src 'self'; \
     style-src 'self' 'sha256-nzTgYzXYDNe6BAHiiI7NNlfK8n/auuOAhh2t92YvuXo='; font-src data:; \
     connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";

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
        Self {
            name,
            content,
            etag,
        }
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
            let mut tags = tags
                .split(',')
                .map(|tag| tag.trim().trim_start_matches("W/"));
            tags.any(|tag| tag == "*" || tag == self.etag)
        })
    }

    fn content_type(&self) -> &'static str {
        match Path::new(self.name)
            .extension()
            .and_then(|extension| extension.to_str())
        {
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

    const OURS: [&str; 7] = [
        include_str!("graphiql/console.html"),
        include_str!("graphiql/console.css"),
        include_str!("graphiql/console.js"),
        include_str!("graphiql/page.html"),
        include_str!("graphiql/page.css"),
        include_str!("graphiql/page.js"),
        include_str!("graphiql/transport.js"),
    ];

    fn full() -> Route {
        graphiql(
            BUNDLE
                .map(|name| File::new(name, b"of somebody else".as_slice()))
                .into(),
        )
    }

    fn client(route: Route) -> TestClient<Route> {
        TestClient::new(Route::new().nest("/", route))
    }

    async fn text(answer: TestResponse) -> String {
        answer.0.into_body().into_string().await.unwrap()
    }

    fn value<'a>(answer: &'a TestResponse, name: &str) -> &'a str {
        answer
            .0
            .headers()
            .get(name)
            .unwrap_or_else(|| panic!("no {name}"))
            .to_str()
            .unwrap()
    }

    /// What a page of ours asks this server for: `href="…"` and `src="…"`.
    fn links(page: &str) -> Vec<String> {
        let attributes = page.split(['\n', ' ', '>']).filter_map(|word| {
            word.strip_prefix("href=\"")
                .or_else(|| word.strip_prefix("src=\""))
        });
        attributes
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect()
    }

    #[tokio::test]
    async fn every_file_that_a_page_names_is_served_with_its_type() {
        for route in [console(), full()] {
            let client = client(route);
            let page = client.get("/").send().await;
            page.assert_status_is_ok();
            page.assert_content_type("text/html; charset=utf-8");
            let mut links = links(&text(page).await);
            assert!(links.len() >= 3, "{links:?}");
            links.extend([
                "graphiql/transport.js".into(),
                "graphiql/examples.json".into(),
            ]);
            for link in links.iter().filter(|link| !link.starts_with('#')) {
                let file = client.get(format!("/{link}")).send().await;
                file.assert_status_is_ok();
                file.assert_content_type(match link.rsplit('.').next().unwrap() {
                    "js" => "text/javascript; charset=utf-8",
                    "css" => "text/css; charset=utf-8",
                    "json" => "application/json",
                    "svg" => "image/svg+xml",
                    other => panic!("{link}: a type for {other}"),
                });
                assert_eq!(value(&file, "x-content-type-options"), "nosniff");
            }
        }
    }

    #[tokio::test]
    async fn the_policy_names_no_foreign_origin_and_no_inline_script() {
        for route in [console(), full()] {
            let page = client(route).get("/").send().await;
            let policy = value(&page, "content-security-policy").to_owned();
            for directive in policy.split(';').map(str::trim) {
                for source in directive.split(' ').skip(1) {
                    let known = match source {
                        "'none'" | "'self'" => true,
                        "data:" => directive.starts_with("font-") || directive.starts_with("img-"),
                        hash => directive.starts_with("style-") && hash.starts_with("'sha256-"),
                    };
                    assert!(known, "{source} in {directive}");
                }
            }
            assert!(policy.starts_with("default-src 'none';"), "{policy}");
            assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
            assert_eq!(value(&page, "x-content-type-options"), "nosniff");
            assert_eq!(value(&page, "referrer-policy"), "no-referrer");
        }
    }

    #[test]
    fn nothing_of_ours_names_another_host() {
        for source in OURS {
            // The name of the SVG vocabulary looks like an address and is none.
            let source = source.replace("http://www.w3.org/2000/svg", "");
            for sign in ["http://", "https://", "\"//", "'//", "(//", "@import"] {
                assert!(!source.contains(sign), "{sign} in {source}");
            }
        }
    }

    #[tokio::test]
    async fn what_the_browser_has_is_not_sent_again() {
        let client = client(console());
        for path in ["/", "/graphiql/console.js"] {
            let first = client.get(path).send().await;
            let tag = value(&first, "etag").to_owned();
            assert!(
                tag.starts_with('"') && tag.ends_with('"'),
                "a strong tag: {tag}"
            );
            assert_eq!(value(&first, "cache-control"), "no-cache");

            for known in [tag.clone(), format!("\"other\", W/{tag}"), "*".to_owned()] {
                let again = client.get(path).header("if-none-match", known).send().await;
                again.assert_status(StatusCode::NOT_MODIFIED);
                assert_eq!(value(&again, "etag"), tag);
                assert_eq!(text(again).await, "");
            }
            let other = client
                .get(path)
                .header("if-none-match", "\"other\"")
                .send()
                .await;
            other.assert_status_is_ok();
        }
    }

    #[tokio::test]
    async fn no_path_leads_out_of_the_list_of_files() {
        let client = client(full());
        for path in [
            "/graphiql/",
            "/graphiql/nothing.js",
            "/graphiql/../Cargo.toml",
            "/graphiql/..%2f..%2fCargo.toml",
            "/graphiql/%2e%2e/Cargo.toml",
            "/graphiql/..%5cCargo.toml",
            "/graphiql/%2fetc%2fpasswd",
            "/graphiql/examples/event.graphql",
        ] {
            client
                .get(path)
                .send()
                .await
                .assert_status(StatusCode::NOT_FOUND);
        }
        let posted = client.post("/graphiql/examples.json").send().await;
        posted.assert_status(StatusCode::METHOD_NOT_ALLOWED);
    }

    #[tokio::test]
    async fn a_folder_is_served_if_it_is_whole_and_else_the_next_choice() {
        let folder = std::env::temp_dir().join(format!("convoke-graphiql-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for name in BUNDLE {
            std::fs::write(folder.join(name), name).unwrap();
        }
        let whole = client(routes(Some(&folder)));
        std::fs::remove_file(folder.join("react.production.min.js")).unwrap();
        let lacking = client(routes(Some(&folder)));
        std::fs::remove_dir_all(&folder).unwrap();

        let script = whole.get("/graphiql/graphiql.min.js").send().await;
        script.assert_status_is_ok();
        assert_eq!(text(script).await, "graphiql.min.js");
        let without = client(routes(None));
        let expected = text(without.get("/").send().await).await;
        assert_eq!(text(lacking.get("/").send().await).await, expected);
    }

    #[tokio::test]
    async fn the_page_gets_the_examples_as_they_are_written() {
        let list = client(console())
            .get("/graphiql/examples.json")
            .send()
            .await;
        let list: Vec<serde_json::Value> = serde_json::from_str(&text(list).await).unwrap();
        assert_eq!(list.len(), EXAMPLES.len());
        for (sent, example) in list.iter().zip(EXAMPLES) {
            assert_eq!(sent["title"], example.title);
            assert_eq!(sent["query"], example.query);
            let variables: serde_json::Value = serde_json::from_str(example.variables).unwrap();
            assert!(variables.is_object(), "{}", example.title);
            assert_eq!(sent["variables"], example.variables);
        }
    }
}
