//! What the calendars of others send back. The messages are in the manner of each program; the people
//! and the servers are made up.

use proptest::prelude::*;

use super::samples::{attendee, entry, moment, span};
use crate::{
    Answer, Moment, NotAReply, Participation, Proposal, Reply, ReplyMethod, invitation, read_reply,
};

const GOOGLE: &str = include_str!("replies/google.ics");
const EXCHANGE: &str = include_str!("replies/exchange.ics");
const OUTLOOK_COUNTER: &str = include_str!("replies/outlook-counter.ics");
const APPLE: &str = include_str!("replies/apple.ics");
const THUNDERBIRD: &str = include_str!("replies/thunderbird.ics");
const DELEGATED: &str = include_str!("replies/delegated.ics");

const ALL: [&str; 6] = [
    GOOGLE,
    EXCHANGE,
    OUTLOOK_COUNTER,
    APPLE,
    THUNDERBIRD,
    DELEGATED,
];

/// As it goes over the wire.
fn sent(text: &str) -> String {
    text.replace('\n', "\r\n")
}

fn read(text: &str) -> Reply {
    read_reply(sent(text).as_bytes()).unwrap()
}

fn only(reply: Reply) -> Answer {
    let [answer] = <[Answer; 1]>::try_from(reply.answers).unwrap();
    answer
}

/// What every answer to the sample entry has in common.
fn answer(address: &str, stamp: &str, participation: Participation) -> Answer {
    Answer {
        uid: "agi_0198f0000000700080000000000000a1@convoke.example.org".to_owned(),
        sequence: 0,
        stamp: Some(moment(stamp)),
        attendee: address.to_owned(),
        name: None,
        participation,
        delegated_to: Vec::new(),
        delegated_from: Vec::new(),
        sent_by: None,
        comment: None,
        proposal: None,
    }
}

#[test]
fn google_accepts() {
    let expected = Answer {
        name: Some("ada@example.org".to_owned()),
        comment: Some("I bring my own \"clicker\"; see you".to_owned()),
        ..answer(
            "ada@example.org",
            "2026-03-03T07:15:22Z",
            Participation::Accepted,
        )
    };
    let reply = read(GOOGLE);
    assert_eq!(reply.method, ReplyMethod::Reply);
    assert_eq!(only(reply), expected);
}

/// Nobody convenes in what Outlook sends back.
#[test]
fn exchange_declines() {
    assert!(!EXCHANGE.contains("ORGANIZER"));
    let expected = Answer {
        sequence: 2,
        name: Some("王, 小明".to_owned()),
        comment: Some("抱歉，当天另有安排。".to_owned()),
        ..answer(
            "Bo@example.org",
            "2026-03-03T08:00:00Z",
            Participation::Declined,
        )
    };
    assert_eq!(only(read(EXCHANGE)), expected);
}

#[test]
fn outlook_proposes_another_time() {
    let reply = read(OUTLOOK_COUNTER);
    assert_eq!(reply.method, ReplyMethod::Counter);
    let expected = Answer {
        name: Some("Bo Example".to_owned()),
        proposal: Some(Proposal {
            start: Moment::Instant(moment("2026-05-14T06:00:00Z")),
            end: Some(Moment::Instant(moment("2026-05-14T07:30:00Z"))),
        }),
        ..answer(
            "bo@example.org",
            "2026-03-03T08:05:00Z",
            Participation::Tentative,
        )
    };
    assert_eq!(only(reply), expected);
}

/// Apple's server may know people by other names than their addresses.
#[test]
fn apple_accepts() {
    let expected = Answer {
        sequence: 1,
        name: Some("Chen Example".to_owned()),
        sent_by: Some("assistant@example.org".to_owned()),
        ..answer(
            "chen@example.org",
            "2026-03-04T10:00:00Z",
            Participation::Accepted,
        )
    };
    assert_eq!(only(read(APPLE)), expected);
}

#[test]
fn thunderbird_is_not_sure() {
    let expected = Answer {
        name: Some("Dora Example".to_owned()),
        ..answer(
            "dora@example.org",
            "2026-03-04T11:30:00Z",
            Participation::Tentative,
        )
    };
    assert_eq!(only(read(THUNDERBIRD)), expected);
}

/// Who is asked sends another in their place, and both answer (RFC 5546, 4.2.5).
#[test]
fn somebody_comes_in_anothers_place() {
    let stamp = "2026-03-05T09:00:00Z";
    let delegate = vec!["eve@example.org".to_owned()];
    let asked = vec!["ada@example.org".to_owned()];
    let expected = [
        Answer {
            delegated_to: delegate,
            ..answer("ada@example.org", stamp, Participation::Delegated)
        },
        Answer {
            delegated_from: asked,
            ..answer("eve@example.org", stamp, Participation::Accepted)
        },
        Answer {
            uid: "evt_0198f0000000700080000000000000b2@convoke.example.org".to_owned(),
            participation: Participation::Other("X-PERHAPS".to_owned()),
            stamp: None,
            ..answer("ada@example.org", stamp, Participation::Accepted)
        },
    ];
    assert_eq!(read(DELEGATED).answers, expected);
}

fn counter(times: &str) -> Option<Proposal> {
    let text = format!(
        "BEGIN:VCALENDAR\nMETHOD:COUNTER\nBEGIN:VEVENT\nUID:x\n{times}\nATTENDEE:mailto:a@example.org\nEND:VEVENT\nEND:VCALENDAR\n"
    );
    only(read(&text)).proposal
}

#[test]
fn a_proposal_is_as_exact_as_it_was_told() {
    let instant = |text| Moment::Instant(moment(text));
    let local = |text: &str| Moment::Local(text.parse().unwrap());
    let day = |text: &str| Moment::Day(text.parse().unwrap());
    for (times, start, end) in [
        (
            "DTSTART:20260514T010000Z",
            instant("2026-05-14T01:00:00Z"),
            None,
        ),
        (
            "DTSTART;TZID=Asia/Shanghai:20260514T090000\nDURATION:PT1H30M",
            instant("2026-05-14T01:00:00Z"),
            Some(instant("2026-05-14T02:30:00Z")),
        ),
        (
            "DTSTART;TZID=\"(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna\":20260714T090000",
            instant("2026-07-14T07:00:00Z"),
            None,
        ),
        (
            "DTSTART;TZID=Customized Time Zone:20260514T090000\nDTEND;TZID=Customized Time Zone:20260514T100000",
            local("2026-05-14T09:00:00"),
            Some(local("2026-05-14T10:00:00")),
        ),
        (
            "DTSTART;VALUE=DATE:20260514\nDTEND;VALUE=DATE:20260516",
            day("2026-05-14"),
            Some(day("2026-05-15")),
        ),
        ("DTSTART;VALUE=DATE:20260514", day("2026-05-14"), None),
        (
            "DTSTART:20260514T010000Z\nDURATION:-PT1H",
            instant("2026-05-14T01:00:00Z"),
            None,
        ),
    ] {
        assert_eq!(counter(times), Some(Proposal { start, end }), "{times}");
    }
    assert_eq!(counter("DTSTART:20261414T250000Z"), None);
}

#[test]
fn what_is_no_answer_says_why() {
    let object = |lines: &str| {
        read_reply(sent(&format!("BEGIN:VCALENDAR\n{lines}\nEND:VCALENDAR\n")).as_bytes())
    };
    let method = |word: &str| object(&format!("METHOD:{word}"));
    assert_eq!(read_reply(b""), Err(NotAReply::NoObject));
    assert_eq!(
        read_reply(b"Dear all,\r\n\r\nI come.\r\n"),
        Err(NotAReply::NoObject)
    );
    assert_eq!(
        read_reply(b"BEGIN:VCARD\r\nEND:VCARD\r\n"),
        Err(NotAReply::NoObject)
    );
    assert_eq!(object("VERSION:2.0"), Err(NotAReply::NoMethod));
    for word in ["REFRESH", "DECLINECOUNTER", "REQUEST", "X-ODD"] {
        assert_eq!(
            method(&word.to_lowercase()),
            Err(NotAReply::Method(word.to_owned()))
        );
    }
    assert_eq!(method("REPLY"), Err(NotAReply::NoAnswer));
    let event = "METHOD:REPLY\nBEGIN:VEVENT\nUID:x\nRECURRENCE-ID:20260514T010000Z\nATTENDEE:mailto:a@example.org\nEND:VEVENT";
    assert_eq!(object(event), Err(NotAReply::NoAnswer));
    let stranger = "METHOD:REPLY\nBEGIN:VEVENT\nUID:x\nATTENDEE:invalid:nomail\nEND:VEVENT";
    assert_eq!(object(stranger), Err(NotAReply::NoAnswer));
}

/// Neither a mark before it, nor white space, nor a wrong charset, nor bare line feeds keep anybody's
/// answer from being read.
#[test]
fn what_is_odd_is_read_all_the_same() {
    let expected = read(THUNDERBIRD);
    assert_eq!(read_reply(THUNDERBIRD.as_bytes()), Ok(expected.clone()));
    for before in ["\u{feff}", "\r\n\r\n", "X\r\n"] {
        let text = format!("{before}{}", sent(THUNDERBIRD));
        assert_eq!(
            read_reply(text.as_bytes()),
            Ok(expected.clone()),
            "{before:?}"
        );
    }
    let mut latin = sent(THUNDERBIRD).replace("Dora", "Dor\u{0}").into_bytes();
    for byte in &mut latin {
        *byte = if *byte == 0 { 0xe1 } else { *byte };
    }
    let name = only(read_reply(&latin).unwrap()).name;
    assert_eq!(name.as_deref(), Some("Dor\u{fffd} Example"));
    let sequence = |text: &str| only(read(&THUNDERBIRD.replace("SEQUENCE:0", text))).sequence;
    assert_eq!((sequence("SEQUENCE:-1"), sequence("X-A:1")), (0, 0));
    assert_eq!(
        (sequence("SEQUENCE:99999999999"), sequence("SEQUENCE:x")),
        (u32::MAX, 0)
    );
}

/// A message of many answers with one long comment is not multiplied out.
#[test]
fn no_message_grows_when_it_is_read() {
    let attendees = "ATTENDEE:mailto:a@example.org\n".repeat(5_000);
    let comment = "x".repeat(100_000);
    let text = format!(
        "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:x\nCOMMENT:{comment}\n{attendees}END:VEVENT\nEND:VCALENDAR\n"
    );
    let answers = read(&text).answers;
    assert_eq!(answers.len(), 100);
    assert_eq!(answers[99].comment.as_ref().map(String::len), Some(10_000));
}

/// What we send is what an echo of it would answer.
#[test]
fn an_echo_names_whom_we_asked() {
    let mut ada = attendee();
    ada.name = Some("Ada \"the Countess\", 伯爵夫人".to_owned());
    ada.address = "ada/b&c+d@Example.org".to_owned();
    let entry = entry(span(
        "Asia/Shanghai",
        "2026-05-14T09:00:00",
        "2026-05-14T10:00:00",
    ));
    let asked = invitation(&entry, &ada, moment("2026-03-02T01:00:00Z"));
    let echo = String::from_utf8(asked)
        .unwrap()
        .replace("METHOD:REQUEST", "METHOD:REPLY");
    let answer = only(read_reply(echo.as_bytes()).unwrap());
    assert_eq!(answer.uid, entry.uid);
    assert_eq!(answer.attendee, "ada/b&c+d@example.org");
    assert_eq!(answer.name, ada.name);
    assert_eq!(answer.participation, Participation::NeedsAction);
}

proptest! {
    #[test]
    fn anything_may_come_in(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = read_reply(&bytes);
    }

    #[test]
    fn real_ones_may_come_in_damaged(
        which in 0..ALL.len(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), 0..4u8, any::<u8>()), 1..30),
    ) {
        let mut bytes = sent(ALL[which]).into_bytes();
        for (place, kind, byte) in damage {
            let place = place.index(bytes.len());
            let syntax = b"\r\n \t:;,=\"\\^%TZ-"[usize::from(byte) % 14];
            match kind {
                0 => bytes[place] = byte,
                1 => bytes.insert(place, syntax),
                2 => drop(bytes.remove(place)),
                _ => bytes[place] = syntax,
            }
        }
        if let Ok(reply) = read_reply(&bytes) {
            prop_assert!(!reply.answers.is_empty());
            for answer in reply.answers {
                prop_assert!(answer.attendee.contains('@'));
                prop_assert!(!answer.uid.contains(char::is_control) || answer.uid.contains(['\n', '\t']));
                prop_assert!(answer.proposal.is_none() || reply.method == ReplyMethod::Counter);
            }
        }
    }
}
