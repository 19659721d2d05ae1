//! The program as a process: in a folder of its own, with an environment that holds nothing but what
//! a test puts there, and gone when the test is.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::binary;

/// How long something that must come may take before a test says that it did not come.
const LONG: Duration = Duration::from_mins(1);

/// How often a program is killed: `CONVOKE_KILLS`, or a few times.
pub(crate) fn kills() -> usize {
    let wanted = tests::variable("CONVOKE_KILLS");
    wanted.map_or(3, |wanted| wanted.parse().expect("a number"))
}

/// Where the program runs.
pub(crate) struct Place {
    folder: TempDir,
    variables: Vec<(&'static str, String)>,
}

/// A run that is over.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Place {
    /// A new one, without any data.
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            variables: Vec::new(),
        }
    }

    /// The same, where this variable is set.
    pub(crate) fn with(mut self, variable: &'static str, value: &str) -> Self {
        self.variables.push((variable, value.to_owned()));
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file there.
    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("to write a file");
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("TMPDIR", self.folder.path())
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Done {
        done(self.command(arguments))
    }

    /// Runs it to its end, with this on its standard input.
    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> Done {
        self.write("input", input);
        let mut command = self.command(arguments);
        command.stdin(File::open(self.path("input")).expect("the input"));
        done(command)
    }

    /// Runs what must succeed, and tells what it printed.
    #[track_caller]
    pub(crate) fn expect(&self, arguments: &[&str]) -> String {
        self.run(arguments).expect(0).out
    }

    /// Starts what runs until it is told to stop.
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        let mut command = self.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let (out, reads_out) = lines(child.stdout.take().expect("a pipe"));
        let (err, reads_err) = lines(child.stderr.take().expect("a pipe"));
        Running {
            child,
            out,
            err,
            readers: vec![reads_out, reads_err],
            told: String::new(),
            printed: String::new(),
        }
    }

    /// Serves, and waits until it listens.
    pub(crate) fn serve(&self) -> (Running, SocketAddr) {
        let mut serving = self.start(&["serve", "--listen", "127.0.0.1:0"]);
        let line = serving.prints("listening on http://");
        let address = line.trim_start_matches("listening on http://");
        let address = address.parse().expect("an address");
        (serving, address)
    }
}

fn done(mut command: Command) -> Done {
    let output = command.output().expect("it runs");
    Done {
        code: output.status.code().expect("an exit code"),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

impl Done {
    /// That it ended with this code.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.out, self.err);
        self
    }

    /// That it complained of all of these.
    #[track_caller]
    pub(crate) fn says(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.err.contains(word), "`{word}` is not in:\n{}", self.err);
        }
        self
    }
}

fn lines(stream: impl Read + Send + 'static) -> (Receiver<String>, JoinHandle<()>) {
    let (sender, receiver) = channel();
    let reader = std::thread::spawn(move || {
        for line in BufReader::new(stream).lines() {
            // Nobody may be listening any longer; the pipe is emptied all the same.
            drop(sender.send(line.expect("UTF-8")));
        }
    });
    (receiver, reader)
}

/// A program that runs. It is killed with the test.
pub(crate) struct Running {
    child: Child,
    out: Receiver<String>,
    err: Receiver<String>,
    readers: Vec<JoinHandle<()>>,
    printed: String,
    told: String,
}

impl Running {
    /// Waits for a line of its standard output that begins so.
    #[track_caller]
    pub(crate) fn prints(&mut self, beginning: &str) -> String {
        wait(&self.out, &mut self.printed, |line| {
            line.starts_with(beginning)
        })
        .unwrap_or_else(|| {
            self.told.extend(self.err.try_iter());
            panic!("no `{beginning}` in:\n{}\n{}", self.printed, self.told)
        })
    }

    /// Waits for a line of its standard error that holds this.
    #[track_caller]
    pub(crate) fn tells(&mut self, word: &str) -> String {
        wait(&self.err, &mut self.told, |line| line.contains(word))
            .unwrap_or_else(|| panic!("no `{word}` in:\n{}", self.told))
    }

    /// Asks it to end, as systems do.
    pub(crate) fn terminate(&self) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args(["-TERM", &id]).status();
        assert!(status.expect("`kill`").success());
    }

    /// Waits for its end, and tells how that was and everything it said.
    pub(crate) fn ended(mut self) -> Done {
        let status = self.child.wait().expect("its end");
        for reader in std::mem::take(&mut self.readers) {
            reader.join().expect("what it said");
        }
        let all = |said: &mut String, rest: &Receiver<String>| {
            for line in rest.try_iter() {
                *said += &line;
                said.push('\n');
            }
            std::mem::take(said)
        };
        Done {
            code: status.code().expect("an exit code, not a signal"),
            out: all(&mut self.printed, &self.out),
            err: all(&mut self.told, &self.err),
        }
    }
}

fn wait(
    lines: &Receiver<String>,
    said: &mut String,
    wanted: impl Fn(&str) -> bool,
) -> Option<String> {
    loop {
        let line = lines.recv_timeout(LONG).ok()?;
        *said += &line;
        said.push('\n');
        if wanted(&line) {
            return Some(line);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What came back over HTTP.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) text: String,
}

impl Reply {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The data of an answer without any error.
    #[track_caller]
    pub(crate) fn data(&self) -> Value {
        let json = self.json();
        assert!(json.get("errors").is_none(), "{json:#}");
        assert_eq!(self.status, 200, "{json:#}");
        json["data"].clone()
    }
}

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(LONG))
        .build();
    config.into()
}

fn reply(response: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Reply {
    let mut response = response.expect("an answer");
    let content_type = response.headers().get("content-type");
    Reply {
        status: response.status().as_u16(),
        content_type: content_type.map_or_else(String::new, |value| {
            value.to_str().expect("a media type").to_owned()
        }),
        text: response.body_mut().read_to_string().expect("a body"),
    }
}

pub(crate) fn get(address: SocketAddr, path: &str) -> Reply {
    reply(agent().get(format!("http://{address}{path}")).call())
}

/// Asks for a page as a proxy does that says for whom it asks.
pub(crate) fn get_for(address: SocketAddr, path: &str, whom: &str) -> Reply {
    let request = agent().get(format!("http://{address}{path}"));
    reply(request.header("X-Forwarded-For", whom).call())
}

/// Asks a GraphQL operation.
pub(crate) fn ask(
    address: SocketAddr,
    token: Option<&str>,
    operation: &str,
    variables: &Value,
) -> Reply {
    let mut request = agent()
        .post(format!("http://{address}/graphql"))
        .header("Accept", "application/graphql-response+json");
    if let Some(token) = token {
        request = request.header("Authorization", format!("Bearer {token}"));
    }
    reply(request.send_json(json!({ "query": operation, "variables": variables })))
}

/// A request that the server has begun to answer, and that waits for the rest of its body.
pub(crate) struct Unfinished {
    stream: BufReader<std::net::TcpStream>,
    rest: String,
}

impl Unfinished {
    /// Sends the head of a request, and waits until the server asks for the body.
    pub(crate) fn begin(address: SocketAddr, operation: &str) -> Self {
        let rest = json!({ "query": operation }).to_string();
        let mut stream = std::net::TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(LONG)).expect("a timeout");
        let length = rest.len();
        write!(
            stream,
            "POST /graphql HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n"
        )
        .expect("to send");
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        stream.read_line(&mut line).expect("an interim answer");
        assert!(line.starts_with("HTTP/1.1 100 "), "{line}");
        stream.read_line(&mut line).expect("its end");
        Self { stream, rest }
    }

    /// Sends the body, and reads the whole answer.
    pub(crate) fn finish(mut self) -> String {
        let rest = self.rest.as_bytes();
        self.stream.get_mut().write_all(rest).expect("to send");
        let mut answer = String::new();
        self.stream.read_to_string(&mut answer).expect("an answer");
        answer
    }
}

/// A connection that was used once and is kept for the next request.
pub(crate) struct Idle(BufReader<std::net::TcpStream>);

impl Idle {
    pub(crate) fn open(address: SocketAddr) -> Self {
        let mut stream = std::net::TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(LONG)).expect("a timeout");
        write!(
            stream,
            "GET /health/live HTTP/1.1\r\nHost: {address}\r\n\r\n"
        )
        .expect("to send");
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        stream.read_line(&mut line).expect("an answer");
        assert!(line.starts_with("HTTP/1.1 204 "), "{line}");
        while line != "\r\n" {
            line.clear();
            stream.read_line(&mut line).expect("a header");
        }
        Self(stream)
    }

    /// Waits until the server has closed it.
    pub(crate) fn closed(mut self) {
        let mut rest = String::new();
        self.0.read_to_string(&mut rest).expect("its end");
        assert_eq!(rest, "");
    }
}

/// A file of the repository.
pub(crate) fn repository(path: impl AsRef<Path>) -> PathBuf {
    tests::root().join(path)
}
