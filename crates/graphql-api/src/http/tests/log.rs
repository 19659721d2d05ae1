//! What a request leaves in the log: one line, and nothing of the client's but the operation's name.

use std::io::{Result, Write};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::toy;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Log {
    fn lines(&self) -> Vec<Value> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

fn listen(log: &Log) -> tracing::subscriber::DefaultGuard {
    let log = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_writer(move || log.clone())
        .finish();
    tracing::subscriber::set_default(subscriber)
}

#[tokio::test]
async fn a_request_is_one_line_without_its_words() {
    let log = Log::default();
    let _listening = listen(&log);
    let client = toy::client();
    let query = "query Greeting($text: String!) { echo(text: $text) }";
    client
        .post("/graphql")
        .header("authorization", "Bearer ada")
        .header("x-request-id", "r-1")
        .header("x-forwarded-for", "192.0.2.7")
        .body_json(&json!({ "query": query, "variables": { "text": "s3cret" } }))
        .send()
        .await
        .assert_status_is_ok();

    let lines = log.lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    let fields = &lines[0]["fields"];
    assert_eq!(fields["message"], "POST /graphql 200");
    assert_eq!(fields["http.method"], "POST");
    assert_eq!(fields["http.route"], "/graphql");
    assert_eq!(fields["http.status"], 200);
    assert_eq!(fields["graphql.operation.name"], "Greeting");
    assert_eq!(fields["graphql.operation.type"], "query");
    assert_eq!(fields["request.id"], "r-1");
    assert!(fields["duration_ms"].is_f64());
    assert!(fields.get("error.codes").is_none());
    let text = lines[0].to_string();
    for word in ["s3cret", "echo", "ada", "192.0.2.7"] {
        assert!(!text.contains(word), "{word} in {text}");
    }
}

#[tokio::test]
async fn a_fault_is_told_once_and_where_it_happened() {
    let log = Log::default();
    let _listening = listen(&log);
    let body = json!({ "query": "{ node { id } fails }" });
    toy::client().post("/graphql").body_json(&body).send().await;

    let lines = log.lines();
    let faults: Vec<_> = lines
        .iter()
        .filter(|line| line["level"] == "ERROR")
        .collect();
    assert_eq!(faults.len(), 1, "{lines:?}");
    assert_eq!(faults[0]["fields"]["error.path"], "fails");
    assert_eq!(faults[0]["fields"]["error.message"], "password=hunter2");
    assert_eq!(faults[0]["fields"]["request.id"], "made-here");
    assert_eq!(lines.last().unwrap()["fields"]["error.codes"], "INTERNAL");
}

#[tokio::test]
async fn an_unknown_address_and_a_probe_leave_no_path_and_no_line() {
    let log = Log::default();
    let _listening = listen(&log);
    let client = toy::client();
    client.get("/documents/secret-link").send().await;
    client.get("/health/live").send().await;
    let lines = log.lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(lines[0]["fields"]["message"], "GET - 404");
}
