//! What an agenda that is read costs the server, and how many times as much as sending the same
//! bytes without having to think of them.
//!
//! `just bench-agenda`. The product answers on a real socket, beside a route that holds the answer
//! ready; another process asks for the one and the other by turns. What is counted is the CPU time of
//! the server's threads, from `/proc`, hence on Linux alone: neither the client's, nor that of a
//! PostgreSQL server.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read as _, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use domain::event_document::EventDocument;
use poem::endpoint::BoxEndpoint;
use poem::http::{Method, Uri};
use poem::listener::TcpAcceptor;
use poem::{Endpoint, Request, Response, Server};
use serde_json::json;
use tests::{Backend, TestApp, conference, locate_postgres};
use tokio::runtime::Runtime;

/// So many, of which the cheapest counts: what else the machine does only adds to it.
const ROUNDS: usize = 11;

/// How many requests of each kind a round has, so that none is over in no time.
struct Size {
    items: usize,
    /// Of an agenda that is at hand.
    warm: usize,
    /// Of one that has to be read first, each by a program that has not read it yet.
    cold: usize,
    /// Of the bytes that lie ready.
    fixed: usize,
}

const SIZES: [Size; 3] = [
    Size {
        items: 100,
        warm: 60,
        cold: 3,
        fixed: 600,
    },
    Size {
        items: 900,
        warm: 8,
        cold: 2,
        fixed: 200,
    },
    Size {
        items: 10_000,
        warm: 1,
        cold: 1,
        fixed: 40,
    },
];

fn main() {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("client") {
        let mut further = || arguments.next().expect("an argument");
        return client(&further(), &further());
    }
    // The main thread only counts, so its own time is left out.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    measure(&runtime, Backend::Sqlite);
    if locate_postgres().is_some() {
        measure(&runtime, Backend::Postgres);
    } else {
        println!("PostgreSQL: none found");
    }
}

fn measure(runtime: &Runtime, backend: Backend) {
    let app = runtime.block_on(TestApp::new(backend));
    let home = runtime.block_on(app.workspace("home"));
    println!("\n{backend:?}, server CPU per request\n");
    println!(
        "| {:>6} | {:>10} | {:>9} | {:>9} | {:>11} | {:>9} | {:>8} |",
        "items", "bytes", "× fixed", "cold, ×", "at hand, ms", "cold, ms", "fixed, ms"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for size in SIZES {
        let began = Instant::now();
        runtime.block_on(async {
            let document = document(size.items);
            let (event, _) = app.import_document(&home, document).await;
            app.publish(event.id).await;
        });
        let filled = began.elapsed().as_secs_f64();
        let began = Instant::now();
        let operation = json!({
            "query": include_str!("agenda.graphql"),
            "variables": { "slug": format!("conference-{}", size.items) },
        });
        let served = runtime.block_on(Served::new(&app, &size, &operation.to_string()));
        row(runtime, served, &size, &operation.to_string());
        println!(
            "  (imported and published in {:.1} s, measured in {:.1} s)",
            filled,
            began.elapsed().as_secs_f64()
        );
    }
}

/// A conference, read in parts and put together: one text may hold 4 MiB.
fn document(items: usize) -> EventDocument {
    const PART: usize = 4_000;
    let mut whole = conference(items);
    let mut take = |name: &str| std::mem::take(whole[name].as_array_mut().expect("a list"));
    let (talks, people) = (take("agenda"), take("people"));
    let parts = talks.chunks(PART).zip(people.chunks(PART));
    let mut parts = parts.map(|(talks, people)| {
        whole["agenda"] = talks.into();
        whole["people"] = people.into();
        let text = whole.to_string();
        interchange::event_document::read(&text).expect("a document")
    });
    let mut document = parts.next().expect("a part");
    for part in parts {
        document.agenda.extend(part.agenda);
        document.people.extend(part.people);
    }
    document
}

fn row(runtime: &Runtime, served: Served, size: &Size, operation: &str) {
    let bytes = served.fixed.len();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a socket that waits");
    let address = listener.local_addr().expect("an address").to_string();
    let serving = runtime.spawn(async {
        let acceptor = TcpAcceptor::from_std(listener).expect("a listener");
        Server::new_with_acceptor(acceptor).run(served).await
    });

    let mut asker = Asker::new(&address, operation);
    let mut clock = CpuClock::default();
    // What is prepared once, is now.
    asker.ask("/fixed", 0..size.fixed);
    asker.ask("/graphql", 0..size.warm);
    let (mut warm, mut cold, mut fixed) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let mut timed = |path: &str, numbers: std::ops::Range<usize>| {
            let times = u32::try_from(numbers.len()).expect("not many");
            let before = clock.now();
            asker.ask(path, numbers);
            (clock.now() - before) / f64::from(times)
        };
        fixed.push(timed("/fixed", 0..size.fixed));
        warm.push(timed("/graphql", 0..size.warm));
        let first = round * size.cold;
        cold.push(timed("/cold/", first..first + size.cold));
    }
    serving.abort();
    let [warm, cold, fixed] = [warm, cold, fixed].map(least);
    println!(
        "| {:>6} | {bytes:>10} | {:>9.1} | {:>9.1} | {warm:>11.2} | {cold:>9.2} | {fixed:>8.3} |",
        size.items,
        warm / fixed,
        cold / fixed,
    );
}

fn least(all: Vec<f64>) -> f64 {
    all.into_iter().fold(f64::INFINITY, f64::min)
}

/// What is served.
struct Served {
    /// The product, with the agenda at hand.
    warm: BoxEndpoint<'static, Response>,
    /// As many of it as are asked once each; connected, but the agenda is not at hand.
    cold: Vec<BoxEndpoint<'static, Response>>,
    /// The answer.
    fixed: &'static [u8],
}

impl Served {
    async fn new(app: &TestApp, size: &Size, operation: &str) -> Self {
        let warm = app.endpoint().await;
        let answer = answered(&warm, operation).await;
        let told: serde_json::Value = serde_json::from_slice(&answer).expect("JSON");
        let items = told["data"]["event"]["agenda"]["items"].as_array();
        assert_eq!(items.map(Vec::len), Some(size.items), "{told:#}");
        let mut cold = Vec::new();
        for _ in 0..ROUNDS * size.cold {
            let one = app.endpoint().await;
            let other = json!({ "query": "{ event(slug: \"none\") { agenda { version } } }" });
            answered(&one, &other.to_string()).await;
            cold.push(one);
        }
        Self {
            warm,
            cold,
            fixed: answer.leak(),
        }
    }
}

async fn answered(endpoint: &BoxEndpoint<'static, Response>, operation: &str) -> Vec<u8> {
    let request = Request::builder()
        .method(Method::POST)
        .uri(Uri::from_static("/graphql"))
        .content_type("application/json")
        .header("Accept", MEDIA)
        .body(operation.to_owned());
    let response = endpoint.call(request).await.expect("an answer");
    response.into_body().into_vec().await.expect("a body")
}

const MEDIA: &str = "application/graphql-response+json";

impl Endpoint for Served {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let path = request.uri().path();
        if path == "/fixed" {
            // Read to its end, as the other one is.
            request.take_body().into_bytes().await?;
            return Ok(Response::builder().content_type(MEDIA).body(self.fixed));
        }
        match path.strip_prefix("/cold/").map(str::parse::<usize>) {
            Some(number) => {
                let one = &self.cold[number.expect("a number")];
                *request.uri_mut() = Uri::from_static("/graphql");
                one.call(request).await
            }
            None => self.warm.call(request).await,
        }
    }
}

/// The CPU time that the threads of this process have taken, without the main one, in milliseconds.
/// A thread that is gone has taken what it had when it was last seen.
#[derive(Default)]
struct CpuClock(HashMap<String, u64>);

impl CpuClock {
    fn now(&mut self) -> f64 {
        // Whoever is just done goes to sleep, and is counted then.
        std::thread::sleep(Duration::from_millis(5));
        let main = std::process::id().to_string();
        let threads = std::fs::read_dir("/proc/self/task").expect("threads in /proc");
        for thread in threads {
            let thread = thread.expect("a thread");
            let name = thread.file_name().into_string().expect("a number");
            if name == main {
                continue;
            }
            // It may be gone by now.
            let Ok(told) = std::fs::read_to_string(thread.path().join("schedstat")) else {
                continue;
            };
            let taken = told.split(' ').next().and_then(|first| first.parse().ok());
            self.0.insert(name, taken.expect("nanoseconds"));
        }
        Duration::from_nanos(self.0.values().sum()).as_secs_f64() * 1_000.0
    }
}

/// The process that asks, as this one tells it to.
struct Asker {
    process: Child,
    tell: ChildStdin,
    told: BufReader<ChildStdout>,
}

impl Asker {
    fn new(address: &str, operation: &str) -> Self {
        let mut process = Command::new(std::env::current_exe().expect("a program"))
            .args(["client", address, operation])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("another process");
        Self {
            tell: process.stdin.take().expect("a pipe"),
            told: BufReader::new(process.stdout.take().expect("a pipe")),
            process,
        }
    }

    /// Has it ask once for each number, which it writes behind a path that ends with a slash.
    fn ask(&mut self, path: &str, numbers: std::ops::Range<usize>) {
        writeln!(self.tell, "{path} {} {}", numbers.start, numbers.end).expect("a client");
        let mut line = String::new();
        self.told.read_line(&mut line).expect("a client");
        assert_eq!(line, "done\n");
    }
}

impl Drop for Asker {
    fn drop(&mut self) {
        // It is at its end, or at nobody's service.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Asks over one connection, and fails if it is not told the same each time.
fn client(address: &str, operation: &str) {
    let stream = TcpStream::connect(address).expect("the server");
    stream.set_nodelay(true).expect("a socket");
    let mut reader = BufReader::new(stream.try_clone().expect("a socket"));
    let mut writer = stream;
    let (mut first, mut body) = (Vec::new(), Vec::new());
    for line in std::io::stdin().lines() {
        let line = line.expect("a line");
        let words: Vec<_> = line.split(' ').collect();
        let number = |place: usize| -> usize { words[place].parse().expect("a number") };
        for number in number(1)..number(2) {
            let path = match words[0] {
                path if path.ends_with('/') => format!("{path}{number}"),
                path => path.to_owned(),
            };
            let request = format!(
                "POST {path} HTTP/1.1\r\nHost: {address}\r\nAccept: {MEDIA}\r\n\
                 Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{operation}",
                operation.len()
            );
            writer.write_all(request.as_bytes()).expect("the server");
            read(&mut reader, &mut body);
            if first.is_empty() {
                first.clone_from(&body);
            }
            assert!(first == body, "{path} tells something else");
        }
        println!("done");
    }
}

/// Reads one answer.
fn read(reader: &mut BufReader<TcpStream>, body: &mut Vec<u8>) {
    let (mut line, mut length) = (String::new(), None);
    reader.read_line(&mut line).expect("a status");
    assert!(line.starts_with("HTTP/1.1 200 "), "{line}");
    while line != "\r\n" {
        line.clear();
        reader.read_line(&mut line).expect("a header");
        if let Some(told) = line.to_lowercase().strip_prefix("content-length:") {
            length = Some(told.trim().parse().expect("a length"));
        }
    }
    body.resize(length.expect("a length"), 0);
    reader.read_exact(body).expect("a body");
}
