//! The program as mail servers call it: by a pipe, and by LMTP.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use domain::participant::ParticipantState;
use tests::{Backend, both};

use super::forum::{DOCUMENT, Forum, Mail};
use super::posted::signature;
use crate::process::{Done, Place, get};

both!(
    a_mail_is_piped_in,
    mail_servers_hand_mail_over_by_lmtp,
    a_program_without_a_secret_takes_nothing_by_http
);

fn place(forum: &Forum) -> Place {
    Place::new().with("DATABASE_URL", &forum.app.database.url)
}

fn pipe(place: &Place, recipient: &str, mail: &[u8]) -> Done {
    let mail = String::from_utf8(mail.to_vec()).expect("UTF-8");
    place.run_with_input(
        &["receive", "--recipient", recipient, "--sender", ""],
        &mail,
    )
}

async fn a_mail_is_piped_in(backend: Backend) {
    let forum = Forum::new(backend, DOCUMENT).await;
    let [ada, bo] = &forum.invited[..] else {
        panic!("two");
    };
    let place = place(&forum);
    let mail = Mail::of("google", ada).to(&ada.answers);
    let first = pipe(&place, &ada.answers, &mail).expect(0).out;
    assert!(first.ends_with(" ANSWER APPLIED\n"), "{first}");
    assert_eq!(pipe(&place, &ada.answers, &mail).expect(0).out, first);
    assert_eq!(forum.state(ada.id).await, ParticipantState::Confirmed);
    let forged = pipe(&place, &bo.answers, &mail).expect(0).out;
    assert!(forged.ends_with(" ANSWER FORGED\n"), "{forged}");
    // Nothing of it is in the log but what it was and what became of it.
    let logged = pipe(
        &place,
        &ada.bounces,
        &Mail::of("bounce", ada).to(&ada.bounces),
    );
    let logged = logged.expect(0).says(&["a mail came in"]).err;
    assert!(
        !logged.contains("ada@") && !logged.contains("bounce+"),
        "{logged}"
    );

    // What cannot be kept is not lost: the mail server has it still, and tries again.
    forum
        .app
        .database
        .execute("ALTER TABLE received_mail RENAME TO lost")
        .await;
    let other = Mail::of("apple", bo).to(&bo.answers);
    pipe(&place, &bo.answers, &other)
        .expect(75)
        .says(&["not taken"]);
    let away = match backend {
        Backend::Sqlite => "sqlite:///nowhere/at/all.db",
        Backend::Postgres => "postgres://nobody@127.0.0.1:1/nothing",
    };
    let nowhere = Place::new().with("DATABASE_URL", away);
    pipe(&nowhere, &bo.answers, &other).expect(75);
    let nonsense = Place::new().with("DATABASE_URL", "mysql://x");
    pipe(&nonsense, &bo.answers, &other).expect(75);
    // What is too large will be so tomorrow.
    let large = vec![b'x'; 10 * 1024 * 1024 + 1];
    pipe(&place, &bo.answers, &large).expect(65);
    place.run(&["receive"]).expect(2);
    place
        .run(&["receive", "--sender", "a@example.org"])
        .expect(2);
}

/// Somebody who speaks LMTP.
struct Speaker<S: Read + Write>(BufReader<S>);

impl<S: Read + Write> Speaker<S> {
    fn new(stream: S) -> Self {
        let mut speaker = Self(BufReader::new(stream));
        speaker.hears("220");
        speaker
    }

    /// Waits for an answer, which must have this code.
    #[track_caller]
    fn hears(&mut self, code: &str) {
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).expect("an answer");
            assert!(line.starts_with(code), "{line} is not {code}");
            if line.as_bytes().get(3) == Some(&b' ') {
                break;
            }
        }
    }

    #[track_caller]
    fn says(&mut self, line: &str, code: &str) {
        write!(self.0.get_mut(), "{line}\r\n").expect("to send");
        self.hears(code);
    }

    /// Hands a mail over, and hears of each recipient what became of it.
    #[track_caller]
    fn hands_over(&mut self, recipients: &[&str], mail: &[u8], codes: &[&str]) {
        self.says("MAIL FROM:<> BODY=8BITMIME", "250");
        for recipient in recipients {
            self.says(&format!("RCPT TO:<{recipient}>"), "250");
        }
        self.says("DATA", "354");
        let stuffed = String::from_utf8_lossy(mail).replace("\r\n.", "\r\n..");
        write!(self.0.get_mut(), "{stuffed}\r\n.\r\n").expect("to send");
        for code in codes {
            self.hears(code);
        }
    }
}

async fn mail_servers_hand_mail_over_by_lmtp(backend: Backend) {
    let forum = Forum::new(backend, DOCUMENT).await;
    let [ada, bo] = &forum.invited[..] else {
        panic!("two");
    };
    let place = place(&forum);
    let mut listening = place.start(&["receive", "--lmtp", "127.0.0.1:0"]);
    let address = listening.prints("listening on ");
    let address = address.trim_start_matches("listening on ");
    let stream = TcpStream::connect(address).expect("a connection");
    stream
        .set_read_timeout(Some(Duration::from_mins(1)))
        .expect("a timeout");
    let mut speaker = Speaker::new(stream);
    speaker.says("EHLO mx.example.org", "500");
    speaker.says("LHLO mx.example.org", "250");
    let mail = Mail::of("thunderbird", ada).to(&ada.answers);
    let both = [ada.answers.as_str(), bo.answers.as_str()];
    speaker.hands_over(&both, &mail, &["250", "250"]);
    // What was acknowledged is there.
    assert_eq!(forum.state(ada.id).await, ParticipantState::Confirmed);
    assert_eq!(forum.state(bo.id).await, ParticipantState::Invited);
    let kept = "SELECT outcome AS value FROM received_mail ORDER BY outcome";
    assert_eq!(forum.app.database.texts(kept).await, ["APPLIED", "FORGED"]);
    // What cannot be kept comes again.
    forum
        .app
        .database
        .execute("ALTER TABLE received_mail RENAME TO lost")
        .await;
    let other = Mail::of("apple", bo).to(&bo.answers);
    speaker.hands_over(&[bo.answers.as_str()], &other, &["450"]);
    assert_eq!(forum.state(bo.id).await, ParticipantState::Invited);
    forum
        .app
        .database
        .execute("ALTER TABLE lost RENAME TO received_mail")
        .await;
    speaker.hands_over(&[bo.answers.as_str()], &other, &["250"]);
    assert_eq!(forum.state(bo.id).await, ParticipantState::Confirmed);
    // Who waits is told; what is begun is finished.
    listening.terminate();
    speaker.hears("421");
    listening.ended().expect(0);

    let socket = place.path("lmtp.socket");
    let socket = socket.to_str().expect("a path");
    for _ in 0..2 {
        let mut listening = place.start(&["receive", "--lmtp", socket]);
        listening.prints("listening on ");
        let stream = std::os::unix::net::UnixStream::connect(socket).expect("a connection");
        let mut speaker = Speaker::new(stream);
        speaker.says("LHLO mx.example.org", "250");
        speaker.hands_over(&[bo.answers.as_str()], &other, &["250"]);
        speaker.says("QUIT", "221");
        // Killed, it leaves its socket behind, and nobody at it.
        drop(listening);
    }
    place
        .run(&["receive", "--lmtp", "example.org"])
        .expect(2)
        .says(&["--lmtp"]);
}

/// What time it is, by the clock that the program goes by.
#[expect(clippy::disallowed_methods, reason = "the program is another process")]
fn now() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    i64::try_from(now.expect("a time").as_secs()).expect("a number")
}

async fn a_program_without_a_secret_takes_nothing_by_http(backend: Backend) {
    let forum = Forum::new(backend, DOCUMENT).await;
    let ada = &forum.invited[0];
    let place = place(&forum);
    let (serving, address) = place.serve();
    assert_eq!(get(address, "/mail/inbound").status, 404);
    drop(serving);
    let secret = "another secret of thirty-two chars";
    let place = place.with("CONVOKE_INBOUND_SECRET", secret);
    let (_serving, address) = place.serve();
    assert_eq!(get(address, "/mail/inbound").status, 405);
    let mail = Mail::of("outlook", ada).to(&ada.answers);
    let now = now();
    let signature = signature(secret, now, &ada.answers, "", &mail);
    let mut stream = TcpStream::connect(address).expect("a connection");
    write!(
        stream,
        "POST /mail/inbound HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: message/rfc822\r\nConvoke-Recipient: {}\r\nConvoke-Signature: {signature}\r\n\
         Content-Length: {}\r\n\r\n",
        ada.answers,
        mail.len()
    )
    .expect("to send");
    stream.write_all(&mail).expect("to send");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains("APPLIED"), "{answer}");
    assert_eq!(forum.state(ada.id).await, ParticipantState::Confirmed);
    let weak = Place::new().with("CONVOKE_INBOUND_SECRET", "short");
    weak.run(&["serve"])
        .expect(2)
        .says(&["--inbound-secret", "shorter than 32"]);
}
