//! Conversations with a mail server that does as it is told.

use std::collections::HashMap;
use std::time::Duration;

use super::fake::{AUTHORITY, Act, Fake, Mode, Script};
use super::*;
use crate::transport::{Transport, TransportSettings};

const MAIL: &[u8] = b"Subject: x\r\n\r\n.a dot\r\n..two\r\nend\r\n";

fn envelope() -> Envelope {
    Envelope {
        message_id: "1@example.org".to_owned(),
        from: "bounce+t@example.org".parse().unwrap(),
        to: "ann@example.org".parse().unwrap(),
    }
}

fn script<const N: usize>(acts: [(usize, &'static str, Act); N]) -> Script {
    let acts = acts.into_iter();
    acts.map(|(connection, moment, act)| ((connection, moment), act))
        .collect()
}

fn settings(line: &str) -> SmtpSettings {
    let TransportSettings::Smtp(settings) = line.parse().unwrap() else {
        panic!("{line}");
    };
    SmtpSettings {
        limits: Limits {
            connect: Duration::from_secs(2),
            command: Duration::from_millis(300),
            content: Duration::from_millis(300),
            ..settings.limits
        },
        ..*settings
    }
}

fn plain(fake: &Fake) -> Smtp {
    Smtp::new(settings(&format!(
        "smtp+plaintext://127.0.0.1:{}",
        fake.port
    )))
    .unwrap()
}

/// One mail to a server that acts so.
async fn one(act: (&'static str, Act)) -> (Outcome, Fake) {
    let fake = Fake::start(Mode::Plain, script([(0, act.0, act.1)])).await;
    let outcome = plain(&fake).send(&envelope(), MAIL).await;
    (outcome, fake)
}

fn said(stage: Stage, code: u16, text: &str) -> Reply {
    Reply {
        stage,
        code,
        text: text.to_owned(),
    }
}

#[tokio::test]
async fn a_connection_is_kept_for_the_next_mail() {
    let fake = Fake::start(Mode::Plain, HashMap::new()).await;
    let smtp = plain(&fake);
    for _ in 0..3 {
        let outcome = smtp.send(&envelope(), MAIL).await;
        let queued = said(Stage::Content, 250, "2.0.0 queued as 1");
        assert_eq!(outcome, Outcome::Accepted(queued));
    }
    smtp.close().await;
    let mail = [
        "0 MAIL FROM:<bounce+t@example.org>",
        "0 RCPT TO:<ann@example.org>",
        "0 DATA",
    ];
    let expected: Vec<_> = std::iter::once("0 EHLO localhost")
        .chain(mail.into_iter().cycle().take(9))
        .chain(["0 QUIT"])
        .collect();
    assert_eq!(fake.commands(), expected);
    // Byte for byte, but for the dots that the wire doubles.
    let wire = b"Subject: x\r\n\r\n..a dot\r\n...two\r\nend\r\n";
    assert_eq!(fake.mails(), [wire; 3]);
}

#[tokio::test]
async fn a_code_alone_is_a_reply() {
    let alone = [
        (0, "EHLO", Act::Say(b"250-fake\r\n250 \r\n")),
        (0, "MAIL", Act::Say(b"250\r\n")),
        (0, "RCPT", Act::Say(b"250 \n")),
        (0, "content", Act::Say(b"250-\r\n250\r\n")),
    ];
    let fake = Fake::start(Mode::Plain, script(alone)).await;
    let outcome = plain(&fake).send(&envelope(), MAIL).await;
    assert_eq!(outcome, Outcome::Accepted(said(Stage::Content, 250, "")));
}

#[tokio::test]
async fn after_so_many_mails_a_connection_is_made_anew() {
    let fake = Fake::start(Mode::Plain, HashMap::new()).await;
    let mut settings = settings(&format!("smtp+plaintext://127.0.0.1:{}", fake.port));
    settings.limits.mails_per_connection = 2;
    let smtp = Smtp::new(settings).unwrap();
    for _ in 0..5 {
        assert!(matches!(
            smtp.send(&envelope(), MAIL).await,
            Outcome::Accepted(_)
        ));
    }
    assert_eq!(fake.heard.lock().unwrap().connections, 3);
}

#[tokio::test]
async fn at_most_so_many_connections_are_open_at_once() {
    let fake = Fake::start(Mode::Plain, HashMap::new()).await;
    let line = format!("smtp+plaintext://127.0.0.1:{}?connections=2", fake.port);
    let smtp = Arc::new(Smtp::new(settings(&line)).unwrap());
    let mut tasks = Vec::new();
    for _ in 0..20 {
        let smtp = Arc::clone(&smtp);
        tasks.push(tokio::spawn(
            async move { smtp.send(&envelope(), MAIL).await },
        ));
    }
    for task in tasks {
        assert!(matches!(task.await.unwrap(), Outcome::Accepted(_)));
    }
    let heard = fake.heard.lock().unwrap();
    assert_eq!((heard.connections, heard.mails.len()), (2, 20));
}

#[tokio::test]
async fn what_the_server_says_is_told_with_what_it_is_about() {
    let no = |text| Act::Say(text);
    for (moment, act, expected) in [
        (
            "greeting",
            no(b"554 5.7.1 go away\r\n"),
            Outcome::Refused(said(Stage::Connection, 554, "5.7.1 go away")),
        ),
        (
            "greeting",
            no(b"421 4.3.2 busy\r\n"),
            Outcome::Deferred(said(Stage::Connection, 421, "4.3.2 busy")),
        ),
        (
            "MAIL",
            no(b"451 4.7.1 later\r\n"),
            Outcome::Deferred(said(Stage::Sender, 451, "4.7.1 later")),
        ),
        (
            "RCPT",
            no(b"550-5.1.1 no such\r\n550 5.1.1 user here\r\n"),
            Outcome::Refused(said(Stage::Recipient, 550, "5.1.1 no such user here")),
        ),
        (
            "DATA",
            no(b"452 4.3.1 full\r\n"),
            Outcome::Deferred(said(Stage::Content, 452, "4.3.1 full")),
        ),
        (
            "content",
            no(b"552 5.7.0 not this\r\n"),
            Outcome::Refused(said(Stage::Content, 552, "5.7.0 not this")),
        ),
        // GB 18030, as some servers say it: "connection frequency too high".
        (
            "RCPT",
            no(b"550 \xc1\xac\xbd\xd3\xc6\xb5\xc2\xca\xb9\xfd\xb8\xdf\r\n"),
            Outcome::Refused(said(Stage::Recipient, 550, "连接频率过高")),
        ),
        (
            "RCPT",
            no("550 用户不存在\r\n".as_bytes()),
            Outcome::Refused(said(Stage::Recipient, 550, "用户不存在")),
        ),
    ] {
        let (outcome, _) = one((moment, act)).await;
        assert_eq!(outcome, expected);
    }
}

#[tokio::test]
async fn what_breaks_before_the_mail_was_not_sent_and_what_breaks_after_is_uncertain() {
    for (moment, act, sent) in [
        ("greeting", Act::Cut, false),
        ("greeting", Act::Say(b"HTTP/1.1 400\r\n"), false),
        ("EHLO", Act::Cut, false),
        ("MAIL", Act::Cut, false),
        ("RCPT", Act::Silence, false),
        ("DATA", Act::Cut, false),
        ("DATA", Act::Say(b"250 what?\r\n"), false),
        ("middle", Act::Cut, true),
        ("content", Act::Cut, true),
        ("content", Act::Silence, true),
        ("content", Act::Say(b"nonsense\r\n"), true),
    ] {
        let (outcome, _) = one((moment, act.clone())).await;
        let uncertain = matches!(outcome, Outcome::Uncertain(_));
        let unreachable = matches!(outcome, Outcome::Unreachable(_));
        assert_eq!(
            (uncertain, unreachable),
            (sent, !sent),
            "{moment} {act:?}: {outcome:?}"
        );
    }
    let nobody = Smtp::new(settings("smtp+plaintext://127.0.0.1:1")).unwrap();
    let outcome = nobody.send(&envelope(), MAIL).await;
    assert!(matches!(outcome, Outcome::Unreachable(_)), "{outcome:?}");
}

#[tokio::test]
async fn after_a_refusal_the_connection_serves_the_next() {
    let fake = Fake::start(
        Mode::Plain,
        script([(0, "RCPT", Act::Say(b"550 5.1.1 no\r\n"))]),
    )
    .await;
    let smtp = plain(&fake);
    for _ in 0..2 {
        let outcome = smtp.send(&envelope(), MAIL).await;
        assert!(matches!(outcome, Outcome::Refused(_)), "{outcome:?}");
    }
    assert!(fake.commands().contains(&"0 RSET".to_owned()));
    assert_eq!(fake.heard.lock().unwrap().connections, 1);
}

#[tokio::test]
async fn a_kept_connection_that_died_costs_no_mail() {
    for act in [Act::Cut, Act::Say(b"421 4.4.2 too long idle\r\n")] {
        // The second mail comes over the first connection, which then ends.
        let fake = Fake::start(Mode::Plain, script([(0, "NOOP", act)])).await;
        let mut settings = settings(&format!("smtp+plaintext://127.0.0.1:{}", fake.port));
        settings.limits.unasked = Duration::ZERO;
        let smtp = Smtp::new(settings).unwrap();
        for _ in 0..2 {
            let outcome = smtp.send(&envelope(), MAIL).await;
            assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
        }
        assert_eq!(fake.heard.lock().unwrap().connections, 2);
    }
}

#[tokio::test]
async fn what_stands_idle_for_long_is_closed() {
    let fake = Fake::start(Mode::Plain, HashMap::new()).await;
    let mut settings = settings(&format!("smtp+plaintext://127.0.0.1:{}", fake.port));
    let smtp = Smtp::new(settings.clone()).unwrap();
    smtp.send(&envelope(), MAIL).await;
    smtp.tidy().await;
    assert!(!fake.commands().contains(&"0 QUIT".to_owned()));

    settings.limits.idle = Duration::ZERO;
    let smtp = Smtp::new(settings).unwrap();
    smtp.send(&envelope(), MAIL).await;
    smtp.tidy().await;
    assert!(fake.commands().contains(&"1 QUIT".to_owned()));
}

#[tokio::test]
async fn tls_from_the_first_byte_with_a_login() {
    let fake = Fake::start(Mode::Tls, HashMap::new()).await;
    let line = format!("smtps://ann:p%20w@localhost:{}?ca={AUTHORITY}", fake.port);
    let smtp = Smtp::new(settings(&line)).unwrap();
    for _ in 0..2 {
        let outcome = smtp.send(&envelope(), MAIL).await;
        assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    }
    // NUL ann NUL p w
    assert_eq!(fake.commands()[1], "0 AUTH PLAIN AGFubgBwIHc=");
    assert_eq!(fake.mails().len(), 2);
}

#[tokio::test]
async fn a_refused_login_is_about_the_connection() {
    let refused = Act::Say(b"535 5.7.8 bad credentials\r\n");
    let fake = Fake::start(Mode::Tls, script([(0, "AUTH", refused)])).await;
    let line = format!("smtps://ann:hunter2@localhost:{}?ca={AUTHORITY}", fake.port);
    let outcome = Smtp::new(settings(&line))
        .unwrap()
        .send(&envelope(), MAIL)
        .await;
    let expected = said(Stage::Connection, 535, "5.7.8 bad credentials");
    assert_eq!(outcome, Outcome::Refused(expected));
}

#[tokio::test]
async fn starttls_is_required() {
    let fake = Fake::start(Mode::StartTls, HashMap::new()).await;
    let line = format!("smtp://ann:pw@localhost:{}?ca={AUTHORITY}", fake.port);
    let outcome = Smtp::new(settings(&line))
        .unwrap()
        .send(&envelope(), MAIL)
        .await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    let verbs: Vec<_> = fake.commands();
    let verbs: Vec<_> = verbs
        .iter()
        .map(|line| line.split(' ').nth(1).unwrap())
        .collect();
    assert_eq!(
        verbs,
        ["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"]
    );

    let without = Fake::start(Mode::Plain, HashMap::new()).await;
    let line = format!("smtp://ann:pw@localhost:{}?ca={AUTHORITY}", without.port);
    let outcome = Smtp::new(settings(&line))
        .unwrap()
        .send(&envelope(), MAIL)
        .await;
    let expected = said(Stage::Connection, 502, "5.5.1 not here");
    assert_eq!(outcome, Outcome::Refused(expected));
    assert_eq!(without.commands(), ["0 EHLO localhost", "0 STARTTLS"]);
}

#[tokio::test]
async fn what_is_slipped_in_before_tls_is_not_believed() {
    let injected = Act::Say(b"220 go on\r\n250-fake\r\n250 AUTH PLAIN\r\n");
    let fake = Fake::start(Mode::StartTls, script([(0, "STARTTLS", injected)])).await;
    let line = format!("smtp://ann:pw@localhost:{}?ca={AUTHORITY}", fake.port);
    let outcome = Smtp::new(settings(&line))
        .unwrap()
        .send(&envelope(), MAIL)
        .await;
    let Outcome::Unreachable(why) = outcome else {
        panic!("{outcome:?}");
    };
    assert!(why.contains("before TLS"), "{why}");
}

#[tokio::test]
async fn a_server_that_cannot_prove_who_it_is_gets_no_mail() {
    for (scheme, mode, host, authority) in [
        ("smtps", Mode::Tls, "localhost", ""),
        ("smtp", Mode::StartTls, "localhost", ""),
        // Its certificate is for another name.
        ("smtps", Mode::Tls, "127.0.0.1", AUTHORITY),
    ] {
        let fake = Fake::start(mode, HashMap::new()).await;
        let mut line = format!("{scheme}://{host}:{}", fake.port);
        if !authority.is_empty() {
            line = format!("{line}?ca={authority}");
        }
        let outcome = Smtp::new(settings(&line))
            .unwrap()
            .send(&envelope(), MAIL)
            .await;
        let Outcome::Unreachable(why) = outcome else {
            panic!("{outcome:?}");
        };
        assert!(why.contains("certificate"), "{why}");
        assert!(fake.mails().is_empty());
    }
}

#[tokio::test]
async fn a_transport_is_what_its_settings_say() {
    let fake = Fake::start(Mode::Plain, HashMap::new()).await;
    let settings: TransportSettings = format!("smtp+plaintext://localhost:{}", fake.port)
        .parse()
        .unwrap();
    let transport = Transport::new(settings).unwrap();
    let outcome = transport.send(&envelope(), MAIL).await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    transport.close().await;
    let missing = settings_with_missing_authority();
    assert!(matches!(
        Transport::new(missing),
        Err(TlsError::Authorities(_))
    ));
}

fn settings_with_missing_authority() -> TransportSettings {
    "smtps://localhost?ca=/does/not/exist.pem".parse().unwrap()
}
