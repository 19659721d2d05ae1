//! What is said to what.

use proptest::prelude::*;

use super::*;

fn limits() -> Limits {
    Limits {
        mail: 1_000,
        command: 200,
        recipients: 3,
        errors: 4,
        ..Limits::default()
    }
}

/// What a session says and takes when it hears this in these pieces, all of it being kept.
fn conversation(pieces: &[&[u8]]) -> (String, Vec<Handed>) {
    let mut session = Session::new(limits());
    let mut said = String::new();
    let mut taken = Vec::new();
    for piece in pieces {
        session.hear(piece);
        loop {
            match session.step() {
                Step::Say(text) => said.push_str(&text),
                Step::Take(handed) => {
                    assert!(handed.mail.len() <= limits().mail);
                    let verdicts = vec![Verdict::Taken; handed.recipients.len()];
                    said.push_str(&session.settle(&verdicts));
                    taken.push(handed);
                }
                Step::Wait => break,
                Step::Close => return (said, taken),
            }
        }
    }
    (said, taken)
}

/// The codes of what is said.
fn codes(said: &str) -> Vec<&str> {
    let last = said
        .lines()
        .filter(|line| line.as_bytes().get(3) == Some(&b' '));
    last.filter_map(|line| line.get(..3)).collect()
}

const MAIL: &str = "LHLO mx.example.org\r\n\
    MAIL FROM:<ann@example.org> SIZE=30 BODY=8BITMIME SMTPUTF8\r\n\
    RCPT TO:<rsvp+abc@example.org>\r\nrcpt to:<rsvp+def@example.org>\r\nDATA\r\n\
    Subject: x\r\n\r\n..dot\r\n.\rx\n.\n\r\n.\r\nQUIT\r\n";

#[test]
fn each_recipient_hears_what_became_of_the_mail() {
    let (said, taken) = conversation(&[MAIL.as_bytes()]);
    assert_eq!(
        codes(&said),
        ["250", "250", "250", "250", "354", "250", "250", "221"]
    );
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].sender, "ann@example.org");
    let recipients = ["rsvp+abc@example.org", "rsvp+def@example.org"];
    assert_eq!(taken[0].recipients, recipients);
    // A dot alone between bare line feeds ends nothing.
    assert_eq!(taken[0].mail, b"Subject: x\r\n\r\n.dot\r\n\rx\n.\n\r\n");
}

#[test]
fn what_could_not_be_kept_comes_again() {
    let mut session = Session::new(limits());
    session.hear(MAIL.as_bytes());
    let handed = loop {
        match session.step() {
            Step::Take(handed) => break handed,
            Step::Say(_) => {}
            step @ (Step::Wait | Step::Close) => panic!("{step:?}"),
        }
    };
    // Nothing goes on before that is settled.
    assert_eq!(session.step(), Step::Wait);
    assert_eq!(handed.recipients.len(), 2);
    let said = session.settle(&[Verdict::Taken]);
    assert_eq!(codes(&said), ["250", "450"]);
    assert!(matches!(session.step(), Step::Say(said) if said.starts_with("221")));
    assert_eq!(session.step(), Step::Close);
}

#[test]
fn commands_come_in_their_order() {
    for (commands, expected) in [
        ("MAIL FROM:<a@b.org>\r\n", vec!["503"]),
        ("EHLO x\r\n", vec!["500"]),
        ("LHLO\r\n", vec!["501"]),
        ("LHLO x\r\nRCPT TO:<a@b.org>\r\n", vec!["250", "503"]),
        ("LHLO x\r\nDATA\r\n", vec!["250", "503"]),
        (
            "LHLO x\r\nMAIL FROM:<>\r\nDATA\r\n",
            vec!["250", "250", "503"],
        ),
        (
            "LHLO x\r\nMAIL FROM:<>\r\nMAIL FROM:<>\r\nRSET\r\nMAIL FROM:<>\r\n",
            vec!["250", "250", "503", "250", "250"],
        ),
        (
            "LHLO x\r\nMAIL FROM:<a@b.org> SIZE=1001\r\n",
            vec!["250", "552"],
        ),
        (
            "LHLO x\r\nMAIL FROM:<a@b.org> SIZE=x\r\nMAIL FROM:<a@b.org> FOO\r\nMAIL FROM:a@b.org\r\n",
            vec!["250", "501", "555", "501"],
        ),
        (
            "LHLO x\r\nMAIL FROM:<@r.org:\"a>b\"@c.org>\r\nRCPT TO:<nobody>\r\nRCPT TO:<a@b>x\r\n",
            vec!["250", "250", "550", "501"],
        ),
        (
            "LHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\nRCPT TO:<a@b>\r\nRCPT TO:<a@b>\r\nRCPT TO:<a@b>\r\n",
            vec!["250", "250", "250", "250", "250", "452"],
        ),
        ("a\u{1}\r\nNOOP\r\nVRFY x\r\n", vec!["501", "250", "252"]),
    ] {
        let (said, taken) = conversation(&[commands.as_bytes()]);
        assert_eq!(codes(&said), expected, "{commands}");
        assert_eq!(taken, []);
    }
}

#[test]
fn who_makes_no_sense_is_sent_away() {
    let (said, _) = conversation(&["nonsense\r\n".repeat(9).as_bytes()]);
    assert_eq!(codes(&said), ["500", "500", "500", "500", "421"]);
    let (said, _) = conversation(&[&[b'x'; 201], b"\r\nNOOP\r\n"]);
    assert_eq!(codes(&said), ["500"]);
}

#[test]
fn a_mail_that_is_too_large_is_not_kept_in_memory_and_refused_once() {
    let mail = format!(
        "LHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@b.org>\r\nRCPT TO:<c@b.org>\r\nDATA\r\n{}\r\n.\r\nNOOP\r\n",
        "x".repeat(5_000)
    );
    let (said, taken) = conversation(&[mail.as_bytes()]);
    let expected = ["250", "250", "250", "250", "354", "552", "552", "250"];
    assert_eq!(codes(&said), expected);
    assert_eq!(taken, []);
}

/// Who takes everything.
struct All;

impl listener::Takes for All {
    async fn take(&self, handed: &Handed) -> Vec<Verdict> {
        vec![Verdict::Taken; handed.recipients.len()]
    }
}

#[tokio::test]
async fn a_conversation_goes_over_a_connection() {
    let (mut theirs, ours) = tokio::io::duplex(64);
    let (_stopping, stop) = tokio::sync::watch::channel(());
    let conversing = listener::converse(ours, limits(), stop, All);
    let asking = async {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let (mut heard, mut say) = tokio::io::split(&mut theirs);
        let mut said = String::new();
        let speak = async {
            say.write_all(MAIL.as_bytes()).await.unwrap();
        };
        let listen = async {
            heard.read_to_string(&mut said).await.unwrap();
        };
        tokio::join!(speak, listen);
        said
    };
    let (ended, said) = tokio::join!(conversing, asking);
    ended.unwrap();
    let expected = [
        "220", "250", "250", "250", "250", "354", "250", "250", "221",
    ];
    assert_eq!(codes(&said), expected);
}

#[tokio::test(start_paused = true)]
async fn who_says_nothing_is_sent_away() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let (mut theirs, ours) = tokio::io::duplex(1_000);
    let (_stopping, stop) = tokio::sync::watch::channel(());
    let conversing = tokio::spawn(listener::converse(ours, limits(), stop, All));
    // A mail that drips for ever is not let in for ever.
    let slow = "LHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@b.org>\r\nDATA\r\n";
    theirs.write_all(slow.as_bytes()).await.unwrap();
    let mut said = String::new();
    theirs.read_to_string(&mut said).await.unwrap();
    assert_eq!(codes(&said).last(), Some(&"421"));
    conversing.await.unwrap().unwrap();
}

#[tokio::test]
async fn who_waits_is_told_that_the_program_stops() {
    use tokio::io::AsyncReadExt as _;
    let (mut theirs, ours) = tokio::io::duplex(1_000);
    let (stopping, stop) = tokio::sync::watch::channel(());
    let conversing = tokio::spawn(listener::converse(ours, limits(), stop, All));
    stopping.send(()).unwrap();
    let mut said = String::new();
    theirs.read_to_string(&mut said).await.unwrap();
    assert_eq!(codes(&said), ["220", "421"]);
    conversing.await.unwrap().unwrap();
}

/// Words of the protocol, and anything else.
fn input() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(&b"LHLO x\r\n"[..]).prop_map(<[u8]>::to_vec),
        Just(b"MAIL FROM:<a@b.org>\r\n".to_vec()),
        Just(b"RCPT TO:<rsvp+abc@b.org>\r\n".to_vec()),
        Just(b"DATA\r\n".to_vec()),
        Just(b"RSET\r\n".to_vec()),
        Just(b"\r\n.\r\n".to_vec()),
        Just(b".".to_vec()),
        Just(b"\r".to_vec()),
        Just(b"\n".to_vec()),
        prop::collection::vec(any::<u8>(), 0..300),
        "[ -~]{0,40}".prop_map(String::into_bytes),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    /// Whatever comes in, nothing breaks, each mail is of one who was let in, and where the network cut
    /// it makes no difference.
    #[test]
    fn whatever_comes_in_is_answered_the_same_however_it_was_cut(
        input in input(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
    ) {
        let (said, taken) = conversation(&[&input]);
        for handed in &taken {
            prop_assert!(!handed.recipients.is_empty() && handed.recipients.len() <= 3);
        }
        prop_assert!(said.is_empty() || said.ends_with("\r\n"));
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(input.len() + 1)).collect();
        cuts.extend([0, input.len()]);
        cuts.sort_unstable();
        let pieces: Vec<_> = cuts.windows(2).map(|cut| &input[cut[0]..cut[1]]).collect();
        prop_assert_eq!(conversation(&pieces), (said.clone(), taken.clone()));
        let bytes: Vec<_> = input.iter().map(std::slice::from_ref).collect();
        prop_assert_eq!(conversation(&bytes), (said, taken));
    }

    /// A mail arrives as it was, whatever is in it.
    #[test]
    fn a_mail_arrives_as_it_was(lines in prop::collection::vec("\\.{0,2}[ -~é]{0,20}", 0..10)) {
        let mut mail = String::new();
        let mut stuffed = String::new();
        for line in &lines {
            let dot = if line.starts_with('.') { "." } else { "" };
            for part in [line, "\r\n"] {
                mail.push_str(part);
            }
            for part in [dot, line, "\r\n"] {
                stuffed.push_str(part);
            }
        }
        let all = format!("LHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@b.org>\r\nDATA\r\n{stuffed}.\r\n");
        let (_, taken) = conversation(&[all.as_bytes()]);
        prop_assert_eq!(taken.len(), 1);
        prop_assert_eq!(&taken[0].mail, mail.as_bytes());
    }
}
