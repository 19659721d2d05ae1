//! What people's calendars get, to be read by people.

use domain::time::DayPart;

use super::reader;
use super::samples::{attendee, entry, moment, span, zone};
use crate::{
    Attendee, Conference, Entry, Feed, KnownAnswer, Organizer, Position, Role, Status, When,
    download, feed, invitation,
};

#[track_caller]
fn snapshot(name: &str, bytes: &[u8]) {
    reader::read(bytes);
    let text = std::str::from_utf8(bytes).unwrap().replace("\r\n", "\n");
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, text);
    });
}

/// A session of a forum in Xiamen, told in Chinese.
fn session() -> Entry {
    Entry {
        uid: "agi_0198f0000000700080000000000000a1@convoke.example.org".to_owned(),
        sequence: 0,
        created: Some(moment("2026-02-01T02:00:00Z")),
        last_modified: moment("2026-03-01T08:30:00Z"),
        status: Status::Confirmed,
        when: span(
            "Asia/Shanghai",
            "2026-05-14T09:00:00",
            "2026-05-14T10:30:00",
        ),
        language: Some("zh-Hans".parse().unwrap()),
        summary: "主旨报告：两岸青年创业与产业融合发展的机遇、挑战与路径".to_owned(),
        description: Some(
            "请提前十五分钟入场；会场提供同声传译。\n\n议程：https://convoke.example.org/e/jimei"
                .to_owned(),
        ),
        location: Some("集美国际会议中心, 三楼大厅".to_owned()),
        position: Some(Position {
            latitude: 24.575_87,
            longitude: 118.097_12,
        }),
        url: Some("https://convoke.example.org/e/jimei#主旨报告".to_owned()),
        categories: vec!["主旨报告".to_owned(), "青年, 创业".to_owned()],
        conference: Some(Conference {
            url: "https://meet.example.org/jimei".to_owned(),
            label: Some("会议室: 线上".to_owned()),
        }),
        organizer: Organizer {
            name: Some("集美论坛组委会".to_owned()),
            address: "rsvp+k3v9@convoke.example.org".to_owned(),
            sent_by: Some("secretary@example.org".to_owned()),
        },
    }
}

fn zhang() -> Attendee {
    Attendee {
        name: Some("张三, 教授".to_owned()),
        address: "zhang.san@example.org".to_owned(),
        role: Role::Required,
        answer: KnownAnswer::Awaited,
    }
}

#[test]
fn a_first_invitation() {
    let stamp = moment("2026-03-02T01:00:00Z");
    snapshot(
        "a_first_invitation",
        &invitation(&session(), &zhang(), stamp),
    );
}

#[test]
fn an_update_to_somebody_who_comes() {
    let moved = Entry {
        sequence: 2,
        last_modified: moment("2026-04-20T03:00:00Z"),
        when: span(
            "Asia/Shanghai",
            "2026-05-14T14:00:00",
            "2026-05-14T15:30:00",
        ),
        ..session()
    };
    let zhang = Attendee {
        answer: KnownAnswer::Accepted,
        ..zhang()
    };
    let stamp = moment("2026-04-20T03:05:00Z");
    snapshot(
        "an_update_to_somebody_who_comes",
        &invitation(&moved, &zhang, stamp),
    );
}

#[test]
fn a_cancellation() {
    let off = Entry {
        sequence: 3,
        status: Status::Cancelled,
        ..session()
    };
    let stamp = moment("2026-05-01T09:00:00Z");
    snapshot("a_cancellation", &invitation(&off, &zhang(), stamp));
}

#[test]
fn a_conference_over_days() {
    let when = When::Days {
        first: "2026-09-10".parse().unwrap(),
        last: "2026-09-12".parse().unwrap(),
    };
    let conference = Entry {
        language: Some("en".parse().unwrap()),
        summary: "RustConf: \"Safety; Speed, Pick Two\"".to_owned(),
        ..entry(when)
    };
    let stamp = moment("2026-03-02T01:00:00Z");
    snapshot(
        "a_conference_over_days",
        &invitation(&conference, &attendee(), stamp),
    );
}

#[test]
fn a_part_of_a_day() {
    let day = "2026-07-23".parse().unwrap();
    let when = When::DayPart {
        first: day,
        last: day,
        part: DayPart::Afternoon,
    };
    let english = Entry {
        summary: "Round table".to_owned(),
        ..entry(when.clone())
    };
    let chinese = Entry {
        uid: "evt_0198f0000000700080000000000000b2@example.org".to_owned(),
        language: Some("zh-Hans-CN".parse().unwrap()),
        summary: "座谈会".to_owned(),
        description: Some("地点另行通知。".to_owned()),
        ..entry(when)
    };
    snapshot("a_part_of_a_day", &download(&[english, chinese]));
}

#[test]
fn a_feed_with_something_called_off() {
    let off = Entry {
        uid: "agi_0198f0000000700080000000000000a2@convoke.example.org".to_owned(),
        sequence: 1,
        status: Status::Cancelled,
        when: When::Onset {
            zone: zone("Asia/Shanghai"),
            starts_at: "2026-05-14T19:00:00".parse().unwrap(),
        },
        summary: "欢迎晚宴".to_owned(),
        ..entry(span("UTC", "2026-05-14T11:00:00", "2026-05-14T13:00:00"))
    };
    let call = Entry {
        uid: "agi_0198f0000000700080000000000000a3@convoke.example.org".to_owned(),
        status: Status::Tentative,
        summary: "Call with the speakers".to_owned(),
        ..entry(span("UTC", "2026-05-12T07:00:00", "2026-05-12T07:45:00"))
    };
    let calendar = Feed {
        name: "集美论坛 2026".to_owned(),
        description: Some("All sessions, as they are now".to_owned()),
        source: Some("https://convoke.example.org/feeds/jimei-2026.ics".to_owned()),
        refresh: chrono::TimeDelta::hours(1),
        color: Some("#c8102e".parse().unwrap()),
        entries: vec![session(), off, call],
    };
    snapshot("a_feed_with_something_called_off", &feed(&calendar));
    assert_eq!(feed(&calendar), feed(&calendar.clone()));
}

#[test]
fn a_session_in_dublin_and_one_in_casablanca() {
    let at = |zone: &str, uid: &str| Entry {
        uid: uid.to_owned(),
        ..entry(span(zone, "2026-03-10T09:00:00", "2026-03-10T10:00:00"))
    };
    let dublin = at("Europe/Dublin", "a@example.org");
    snapshot("a_session_in_dublin", &download(&[dublin]));
    let casablanca = at("Africa/Casablanca", "b@example.org");
    snapshot("a_session_in_casablanca", &download(&[casablanca]));
}

/// Some of what the snapshots show must hold whatever they show.
#[test]
fn nobody_else_is_named() {
    let stamp = moment("2026-03-02T01:00:00Z");
    let asked = reader::read(&invitation(&session(), &zhang(), stamp));
    let event = asked.all("VEVENT").next().unwrap();
    let attendee = event.property("ATTENDEE").unwrap();
    assert_eq!(attendee.value, "mailto:zhang.san@example.org");
    assert_eq!(attendee.parameters["CN"], "张三, 教授");
    assert_eq!(
        event.property("ORGANIZER").unwrap().parameters["SENT-BY"],
        "mailto:secretary@example.org"
    );
    let published = reader::read(&download(&[session()]));
    assert_eq!(published.value("METHOD"), "PUBLISH");
    let event = published.all("VEVENT").next().unwrap();
    assert!(event.property("ATTENDEE").is_none());
    assert_eq!(event.value("DTSTAMP"), event.value("LAST-MODIFIED"));
}

fn times(when: When) -> (String, Option<String>, usize) {
    let object = reader::read(&download(&[entry(when)]));
    let event = object.all("VEVENT").next().unwrap();
    let end = event.property("DTEND").map(|end| end.value.clone());
    (
        event.value("DTSTART").to_owned(),
        end,
        object.all("VTIMEZONE").count(),
    )
}

#[test]
fn a_time_that_clocks_skip_is_told_as_after_the_gap() {
    // By the clocks it ends before it begins.
    let skipped = span(
        "Europe/Berlin",
        "2026-03-29T02:30:00",
        "2026-03-29T03:00:00",
    );
    assert_eq!(times(skipped), ("20260329T033000".to_owned(), None, 1));
    let over = span(
        "Europe/Berlin",
        "2026-03-29T01:30:00",
        "2026-03-29T02:30:00",
    );
    assert_eq!(
        times(over),
        (
            "20260329T013000".to_owned(),
            Some("20260329T033000".to_owned()),
            1
        )
    );
}

/// The first time is meant (RFC 5545, 3.3.5), and some readers take the second.
#[test]
fn a_time_that_clocks_show_twice_is_told_in_utc() {
    let start = span(
        "Europe/Berlin",
        "2026-10-25T02:30:00",
        "2026-10-25T04:00:00",
    );
    assert_eq!(
        times(start),
        (
            "20261025T003000Z".to_owned(),
            Some("20261025T030000Z".to_owned()),
            0
        )
    );
    let end = span(
        "Australia/Lord_Howe",
        "2026-04-05T01:00:00",
        "2026-04-05T01:45:00",
    );
    assert_eq!(
        times(end),
        (
            "20260404T140000Z".to_owned(),
            Some("20260404T144500Z".to_owned()),
            0
        )
    );
    let over = span(
        "Europe/Berlin",
        "2026-10-25T01:59:59",
        "2026-10-25T03:00:00",
    );
    assert_eq!(
        times(over),
        (
            "20261025T015959".to_owned(),
            Some("20261025T030000".to_owned()),
            1
        )
    );
}
