//! Mails as others write them, whole and damaged.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::answer::{Class, Gone};

macro_rules! mails {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_bytes!(concat!("../../tests/mails/", $name, ".eml")))),*]
    };
}

/// In the manner of the programs they are named for; what is in them is made up.
const MAILS: &[(&str, &[u8])] = mails![
    "apple-tentative",
    "complaint",
    "counter-file-only",
    "delegated",
    "exchange-ndr",
    "exim-in-words",
    "gmail-accepts",
    "gmail-away",
    "gmail-over-quota",
    "netease-away",
    "outlook-away",
    "outlook-declines-without-organizer",
    "person-forwards-invitation",
    "person-in-gb18030",
    "postfix-delayed",
    "postfix-unknown-user",
    "qmail-in-words",
    "qq-in-words",
    "read-receipt",
];

/// Some of them leave the envelope to whoever delivers them.
const NULL: Delivered<'_> = Delivered {
    recipient: None,
    sender: Sender::Null,
};

fn mail(name: &str) -> &'static [u8] {
    MAILS.iter().find(|(known, _)| *known == name).unwrap().1
}

fn read_mail(name: &str) -> Inbound {
    let delivered = if name == "qq-in-words" {
        NULL
    } else {
        Delivered::default()
    };
    read(mail(name), &delivered)
}

fn calendar_of(name: &str) -> CalendarAnswer {
    let inbound = read_mail(name);
    let Inbound::Calendar(answer) = inbound else {
        panic!("{name}: {inbound:?}");
    };
    answer
}

fn bounce_of(name: &str) -> Bounce {
    let inbound = read_mail(name);
    let Inbound::Bounce(bounce) = inbound else {
        panic!("{name}: {inbound:?}");
    };
    bounce
}

#[test]
fn every_mail_is_read_as_what_it_is() {
    let mut all = String::new();
    for (name, _) in MAILS {
        let mut inbound = read_mail(name);
        if let Inbound::Calendar(answer) = &mut inbound {
            answer.calendar.clear();
        }
        writeln!(all, "{name}: {inbound:#?}\n").unwrap();
    }
    insta::assert_snapshot!(all);
}

#[test]
fn calendars_answer_by_the_secret_address() {
    for (name, method, said) in [
        ("gmail-accepts", "REPLY", "PARTSTAT=ACCEPTED"),
        (
            "outlook-declines-without-organizer",
            "REPLY",
            "PARTSTAT=DECLINED",
        ),
        ("apple-tentative", "REPLY", "PARTSTAT=TENTATIVE"),
        ("counter-file-only", "COUNTER", "METHOD:COUNTER"),
        (
            "delegated",
            "REPLY",
            "DELEGATED-TO=\"mailto:bob@example.com\"",
        ),
    ] {
        let answer = calendar_of(name);
        assert_eq!(answer.method, method, "{name}");
        assert_eq!(
            answer.origin.token,
            Some(Token::Answer("t0k3n".to_owned())),
            "{name}"
        );
        assert_eq!(
            answer.origin.from.as_deref(),
            Some("ann@example.com"),
            "{name}"
        );
        let calendar = String::from_utf8(answer.calendar).unwrap();
        assert!(
            calendar.starts_with("BEGIN:VCALENDAR"),
            "{name}: {calendar}"
        );
        assert!(calendar.contains(said), "{name}: {calendar}");
    }
    let outlook = calendar_of("outlook-declines-without-organizer");
    assert!(
        !String::from_utf8(outlook.calendar)
            .unwrap()
            .contains("ORGANIZER")
    );
    assert_eq!(outlook.text, "抱歉，当天另有安排。");
    let delegated = String::from_utf8(calendar_of("delegated").calendar).unwrap();
    assert!(delegated.contains("COMMENT:由李四代为出席"));
}

#[test]
fn bounces_are_known_by_report_and_in_words() {
    let no_mailbox = Class::Suppress(Gone::NoMailbox);
    for (name, recipient, class, permanent) in [
        ("postfix-unknown-user", "ann@example.com", no_mailbox, true),
        ("postfix-delayed", "ann@example.com", Class::Later, false),
        ("exim-in-words", "ann@example.com", no_mailbox, true),
        ("exchange-ndr", "Ann.Lee@example.com", no_mailbox, true),
        ("gmail-over-quota", "ann@example.com", Class::Later, false),
        ("qq-in-words", "ann@qq.example", no_mailbox, true),
        ("qmail-in-words", "ann@example.com", no_mailbox, true),
    ] {
        let bounce = bounce_of(name);
        assert_eq!(
            bounce.origin.token,
            Some(Token::Bounce("b0unce".to_owned())),
            "{name}"
        );
        assert_eq!(bounce.recipient.as_deref(), Some(recipient), "{name}");
        assert_eq!(bounce.class(), class, "{name}: {bounce:?}");
        assert_eq!(bounce.is_permanent(), permanent, "{name}");
        let ours = (name != "qq-in-words").then_some("0198f0c2.convoke@example.org");
        assert_eq!(bounce.message_id.as_deref(), ours, "{name}");
    }
}

#[test]
fn words_are_taken_for_a_bounce_only_of_whom_nobody_can_answer() {
    let from_somebody = Delivered {
        recipient: Some("bounce+b0unce@example.org"),
        sender: Sender::Address("postmaster@qq.example"),
    };
    let inbound = read(mail("qq-in-words"), &from_somebody);
    assert!(matches!(inbound, Inbound::AutoReply(_)), "{inbound:?}");
    // And who is away is no bounce, whatever they say.
    let inbound = read(mail("gmail-away"), &NULL);
    assert!(matches!(inbound, Inbound::AutoReply(_)), "{inbound:?}");
}

#[test]
fn who_delivers_a_mail_knows_best_whom_it_was_for() {
    let delivered = |recipient| Delivered {
        recipient: Some(recipient),
        sender: Sender::Unknown,
    };
    let token = |recipient| {
        let inbound = read(mail("gmail-accepts"), &delivered(recipient));
        let Inbound::Calendar(answer) = inbound else {
            panic!("{inbound:?}");
        };
        answer.origin.token
    };
    let answer = |token: &str| Some(Token::Answer(token.to_owned()));
    assert_eq!(token("<RSVP+0ther@example.org>"), answer("0ther"));
    // Not the one in the header, then: it came another way.
    assert_eq!(token("forum@example.org"), None);
}

#[test]
fn tokens_are_what_stands_behind_the_plus() {
    assert_eq!(
        token_of("rsvp+a-B_9@example.org"),
        Some(Token::Answer("a-B_9".to_owned()))
    );
    assert_eq!(
        token_of("bounce+x@example.org"),
        Some(Token::Bounce("x".to_owned()))
    );
    for none in [
        "",
        "rsvp@example.org",
        "rsvp+@example.org",
        "rsvp+a+b@example.org",
        "ann+x@example.org",
        "rsvp+a b@example.org",
    ] {
        assert_eq!(token_of(none), None, "{none}");
    }
}

#[test]
fn what_is_no_mail_is_unreadable() {
    for bytes in [&b""[..], b"\r\n", b"\0\0\0", b"\r\n\r\nbody alone"] {
        assert_eq!(read(bytes, &Delivered::default()), Inbound::Unreadable);
    }
}

#[test]
fn our_own_mails_are_of_a_machine() {
    let bytes = crate::mail::compose(&crate::mail::tests::mail(), None).unwrap();
    let inbound = read(&bytes, &Delivered::default());
    assert!(matches!(inbound, Inbound::AutoReply(_)), "{inbound:?}");
}

#[test]
fn parts_within_parts_have_an_end() {
    let nested = "Content-Type: message/rfc822\r\n\r\n".repeat(20_000);
    let mail = format!("From: a@b.c\r\n{nested}");
    read(mail.as_bytes(), &NULL);
    let hidden = data_encoding::BASE64.encode(nested.as_bytes());
    let encoded = "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n";
    read(
        format!("From: a@b.c\r\n{encoded}\r\n{hidden}").as_bytes(),
        &NULL,
    );
    let mut mail = "From: a@b.c\r\n".to_owned();
    for depth in 0..5_000 {
        writeln!(
            mail,
            "Content-Type: multipart/mixed; boundary=b{depth}\r\n\r\n--b{depth}\r"
        )
        .unwrap();
    }
    read(mail.as_bytes(), &NULL);
}

/// Some of these trip an assertion of the parser.
#[test]
fn pieces_of_one_mail_within_another_are_survived() {
    let (mail, other) = (mail("postfix-unknown-user"), mail("complaint"));
    for at in (0..mail.len()).step_by(17) {
        for cut in (0..other.len()).step_by(13) {
            let mut bytes = mail.to_vec();
            bytes.splice(at..at, other[cut..].iter().copied());
            read(&bytes, &NULL);
        }
    }
}

fn any_delivered() -> impl Strategy<Value = Delivered<'static>> {
    let sender = prop_oneof![
        Just(Sender::Unknown),
        Just(Sender::Null),
        Just(Sender::Address("a@b.c"))
    ];
    let recipient = prop_oneof![Just(None), Just(Some("bounce+x@example.org"))];
    (sender, recipient).prop_map(|(sender, recipient)| Delivered { recipient, sender })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn nothing_makes_it_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..600), delivered in any_delivered()
    ) {
        read(&bytes, &delivered);
    }

    /// A mail that was cut, had bytes changed, and pieces of another put in.
    #[test]
    fn no_damaged_mail_makes_it_panic(
        which in 0..MAILS.len(),
        other in 0..MAILS.len(),
        cut in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        delivered in any_delivered(),
    ) {
        let mut bytes = MAILS[which].1.to_vec();
        for (index, byte) in changes {
            let index = index.index(bytes.len());
            bytes[index] = byte;
        }
        let piece = &MAILS[other].1[cut.index(MAILS[other].1.len())..];
        let at = at.index(bytes.len());
        bytes.splice(at..at, piece.iter().copied());
        read(&bytes, &delivered);
        bytes.truncate(at);
        read(&bytes, &delivered);
    }

    /// Words of a bounce, in any order and any script.
    #[test]
    fn no_words_make_it_panic(
        text in "(550|5\\.1\\.1|421 |a@b\\.c|<|>|[ \n:;()#-]|[a-z]{1,4}|[一-龥，]|é|𠮷){0,60}"
    ) {
        let mail = format!("From: a@b.c\r\nSubject: failure notice\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}");
        let inbound = read(mail.as_bytes(), &NULL);
        prop_assert!(matches!(inbound, Inbound::Bounce(_)));
    }
}
