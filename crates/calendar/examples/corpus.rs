//! Writes a folder of calendar objects that are hard to read, and what a reader should make of them:
//! `cargo run -p calendar --example corpus -- target/calendar-corpus`. What other people's readers make
//! of them is compared by `checks/calendar`.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use calendar::{
    Attendee, Conference, Entry, Feed, KnownAnswer, Organizer, Position, Role, Status, When,
    download, feed, invitation,
};
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use domain::time::DayPart;
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let folder = std::env::args_os()
        .nth(1)
        .ok_or("name a folder to write to")?;
    let mut corpus = Corpus {
        folder: PathBuf::from(folder),
        expected: Vec::new(),
    };
    for part in ["zones", "texts", "times"] {
        fs::create_dir_all(corpus.folder.join(part))?;
    }
    zones(&mut corpus)?;
    texts(&mut corpus)?;
    times(&mut corpus)?;
    let expected = serde_json::to_string_pretty(&corpus.expected)?;
    fs::write(corpus.folder.join("expected.json"), expected)?;
    Ok(())
}

struct Corpus {
    folder: PathBuf,
    expected: Vec<Value>,
}

impl Corpus {
    /// Entries as they are published.
    fn publish(&mut self, name: &str, entries: &[Entry]) -> Outcome<()> {
        let events = entries
            .iter()
            .map(|entry| event(entry, None))
            .collect::<Outcome<Vec<_>>>()?;
        self.write(name, &download(entries), "PUBLISH", &events, None)
    }

    /// An entry as one person is asked to it, or told that it is off.
    fn send(&mut self, name: &str, entry: &Entry, attendee: &Attendee) -> Outcome<()> {
        let bytes = invitation(entry, attendee, stamp()?);
        let events = [event(entry, Some(attendee))?];
        self.write(name, &bytes, entry.method().as_str(), &events, None)
    }

    fn write(
        &mut self,
        name: &str,
        bytes: &[u8],
        method: &str,
        events: &[Value],
        calendar: Option<&str>,
    ) -> Outcome<()> {
        let file = format!("{name}.ics");
        fs::write(self.folder.join(Path::new(&file)), bytes)?;
        let expected =
            json!({ "file": file, "method": method, "events": events, "name": calendar });
        self.expected.push(expected);
        Ok(())
    }
}

/// What a reader should make of an entry.
fn event(entry: &Entry, attendee: Option<&Attendee>) -> Outcome<Value> {
    let (summary, description) = texts_of(entry);
    let (start, end) = match entry.when {
        When::Span {
            zone,
            starts_at,
            ends_at,
        } => (
            instant(zone.as_str(), starts_at)?,
            instant(zone.as_str(), ends_at)?,
        ),
        When::Onset { zone, starts_at } => (instant(zone.as_str(), starts_at)?, Value::Null),
        When::Days { first, last } | When::DayPart { first, last, .. } => (
            json!(first.to_string()),
            json!((last + TimeDelta::days(1)).to_string()),
        ),
    };
    let status = match entry.status {
        Status::Tentative => "TENTATIVE",
        Status::Confirmed => "CONFIRMED",
        Status::Cancelled => "CANCELLED",
    };
    let attendee = attendee.map(|attendee| {
        json!({
            "address": attendee.address,
            "name": attendee.name.as_deref().map(in_parameter),
            "answer": match attendee.answer {
                KnownAnswer::Awaited => "NEEDS-ACTION",
                KnownAnswer::Tentative => "TENTATIVE",
                KnownAnswer::Accepted => "ACCEPTED",
                KnownAnswer::Declined => "DECLINED",
            },
        })
    });
    Ok(json!({
        "uid": entry.uid,
        "sequence": entry.sequence,
        "status": status,
        "summary": summary,
        "description": description,
        "location": entry.location.as_deref().map(plain),
        "categories": entry.categories,
        "url": entry.url,
        "start": start,
        "end": end,
        "organizer": {
            "address": entry.organizer.address,
            "name": entry.organizer.name.as_deref().map(in_parameter),
        },
        "attendee": attendee,
        "label": entry.conference.as_ref().and_then(|there| there.label.as_deref()).map(in_parameter),
    }))
}

/// Title and description; of an entry in a part of a day, as this corpus has them.
fn texts_of(entry: &Entry) -> (String, Option<String>) {
    match entry.when {
        When::DayPart { .. } => (
            format!("{}（下午）", entry.summary),
            Some("时间：下午，具体时间待定。".to_owned()),
        ),
        When::Span { .. } | When::Onset { .. } | When::Days { .. } => (
            plain(&entry.summary),
            entry.description.as_deref().map(plain),
        ),
    }
}

/// A text as it can stand in a parameter, where neither backslashes nor tabs are safe.
fn in_parameter(text: &str) -> String {
    plain(text).replace('\\', "/").replace('\t', " ")
}

/// A text without what no calendar can hold.
fn plain(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}'], "\n");
    text.chars()
        .filter(|character| !character.is_control() || "\n\t".contains(*character))
        .collect()
}

fn instant(zone: &str, local: NaiveDateTime) -> Outcome<Value> {
    let zone: Tz = zone.parse()?;
    let instant = zone
        .from_local_datetime(&local)
        .earliest()
        .ok_or("a time that clocks skip")?;
    Ok(json!(
        instant
            .with_timezone(&Utc)
            .format("%Y-%m-%dT%H:%M:%SZ")
            .to_string()
    ))
}

fn stamp() -> Outcome<DateTime<Utc>> {
    Ok("2026-01-02T03:04:05Z".parse()?)
}

/// An entry of which the least is known.
fn entry(uid: &str, when: When) -> Outcome<Entry> {
    Ok(Entry {
        uid: format!("{uid}@example.org"),
        sequence: 0,
        created: None,
        last_modified: "2025-12-24T18:00:00Z".parse()?,
        status: Status::Confirmed,
        when,
        language: None,
        summary: "Opening".to_owned(),
        description: None,
        location: None,
        position: None,
        url: None,
        categories: Vec::new(),
        conference: None,
        organizer: Organizer {
            name: Some("Office".to_owned()),
            address: "office@example.org".to_owned(),
            sent_by: None,
        },
    })
}

fn span(zone: &str, starts_at: &str, ends_at: &str) -> Outcome<When> {
    Ok(When::Span {
        zone: zone.parse()?,
        starts_at: starts_at.parse()?,
        ends_at: ends_at.parse()?,
    })
}

fn attendee(name: &str) -> Attendee {
    Attendee {
        name: Some(name.to_owned()),
        address: "ada.o'brien+forum@example.org".to_owned(),
        role: Role::Required,
        answer: KnownAnswer::Awaited,
    }
}

/// Every zone: a morning in winter, one in Ramadan, one in summer, one on the first of November.
fn zones(corpus: &mut Corpus) -> Outcome<()> {
    for zone in TZ_VARIANTS {
        let mut entries = Vec::new();
        for day in ["2026-01-15", "2026-03-01", "2026-07-15", "2026-11-01"] {
            let when = span(
                zone.name(),
                &format!("{day}T09:30:00"),
                &format!("{day}T11:00:00"),
            )?;
            let mut entry = entry(&format!("{day}-{}", zone.name()), when)?;
            zone.name().clone_into(&mut entry.summary);
            entries.push(entry);
        }
        let file = zone.name().replace('/', "__").replace('+', "plus");
        corpus.publish(&format!("zones/{file}"), &entries)?;
    }
    Ok(())
}

fn texts(corpus: &mut Corpus) -> Outcome<()> {
    let long = "两岸青年创业与产业融合发展的机遇、挑战与路径——".repeat(13);
    let cases: &[(&str, &str)] = &[
        ("chinese", "主旨报告：人工智能与社会治理"),
        (
            "punctuation",
            "a, b; c: \"d\" 'e' (f) [g] {h} <i> #j &k %41 ^l |m ~n `o` = ? ! @ \\",
        ),
        ("backslashes", "C:\\new\\table \\, \\; \\n \\\\ end\\"),
        ("emoji", "🎉 Opening 👩‍🔬👨‍👩‍👧‍👦 🇨🇳 e\u{301} 𠮷野家"),
        ("long", &long),
        ("long-word", &"x".repeat(1_000)),
        ("long-emoji", &"👩‍🔬".repeat(100)),
        ("spaces-within", &format!("before{}after", " ".repeat(200))),
        (
            "paragraphs",
            "first\n\nsecond\r\nthird\rfourth\u{2028}fifth\n",
        ),
        ("tabs", "a\tb\t\tc"),
        (
            "injection",
            "x\r\nATTENDEE:mailto:mallory@example.org\r\nEND:VEVENT\r\nBEGIN:VEVENT",
        ),
        ("controls", "a\u{0}b\u{7}c\u{1b}[31md\u{7f}e\u{85}f"),
        ("right-to-left", "مؤتمر الرباط ١٢: «الافتتاح»"),
        ("arabic-mixed", "\u{202b}שלום, world; 你好\u{202c}"),
        ("carets", "^ ^^ ^n ^' ^x"),
        ("quotes", "\"\" \" \"quoted\""),
        ("looks-like-a-line", "DTSTART:20200101T000000Z"),
        (
            "looks-like-html",
            "<b>Opening</b> &amp; <a href=\"https://example.org/?a=1&b=2\">more</a>",
        ),
        ("seven-bit", "Plain ASCII title"),
    ];
    for (number, (name, text)) in cases.iter().enumerate() {
        let when = span(
            "Asia/Shanghai",
            "2026-05-14T09:00:00",
            "2026-05-14T10:30:00",
        )?;
        let mut entry = entry(&format!("text-{number}"), when)?;
        entry.sequence = u32::try_from(number)?;
        (*text).clone_into(&mut entry.summary);
        entry.description = Some(format!("{text}\n{text}"));
        entry.location = Some((*text).to_owned());
        entry.url = Some("https://example.org/e/forum?a=1,2;b=3&c=%20#top".to_owned());
        entry.position = Some(Position {
            latitude: -24.5,
            longitude: 118.097_12,
        });
        entry.conference = Some(Conference {
            url: "https://meet.example.org/1".to_owned(),
            label: Some((*text).to_owned()),
        });
        corpus.publish(
            &format!("texts/{name}-published"),
            std::slice::from_ref(&entry),
        )?;
        entry.organizer.name = Some((*text).to_owned());
        entry.organizer.sent_by = Some("secretary@example.org".to_owned());
        entry.language = Some("zh-Hans".parse()?);
        corpus.send(&format!("texts/{name}-sent"), &entry, &attendee(text))?;
    }
    categories(corpus)
}

fn categories(corpus: &mut Corpus) -> Outcome<()> {
    let mut entry = entry(
        "categories",
        span("UTC", "2026-05-14T09:00:00", "2026-05-14T10:30:00")?,
    )?;
    entry.categories = ["Keynotes", "青年, 创业", "a; b", "c:d"]
        .map(ToOwned::to_owned)
        .to_vec();
    corpus.publish("texts/categories", &[entry])
}

fn times(corpus: &mut Corpus) -> Outcome<()> {
    let day = |text: &str| text.parse::<NaiveDate>();
    let mut conference = entry(
        "conference",
        When::Days {
            first: day("2026-09-10")?,
            last: day("2026-09-12")?,
        },
    )?;
    corpus.publish("times/conference", std::slice::from_ref(&conference))?;
    corpus.send("times/conference-sent", &conference, &attendee("张三"))?;
    conference.status = Status::Cancelled;
    conference.sequence = 4;
    corpus.send("times/conference-cancelled", &conference, &attendee("张三"))?;

    let leap = entry(
        "leap",
        When::Days {
            first: day("2028-02-29")?,
            last: day("2028-02-29")?,
        },
    )?;
    let year = entry(
        "year",
        When::Days {
            first: day("2026-12-31")?,
            last: day("2026-12-31")?,
        },
    )?;
    corpus.publish("times/single-days", &[leap, year])?;

    let afternoon = day("2026-07-23")?;
    let mut part = entry(
        "part",
        When::DayPart {
            first: afternoon,
            last: afternoon,
            part: DayPart::Afternoon,
        },
    )?;
    part.language = Some("zh-Hans".parse()?);
    "座谈会".clone_into(&mut part.summary);
    corpus.publish("times/day-part", &[part])?;

    let onset = When::Onset {
        zone: "Asia/Shanghai".parse()?,
        starts_at: "2026-05-14T19:00:00".parse()?,
    };
    let mut dinner = entry("onset", onset)?;
    corpus.publish("times/onset", std::slice::from_ref(&dinner))?;

    let night = entry(
        "night",
        span(
            "Europe/Berlin",
            "2026-10-24T22:00:00",
            "2026-10-25T04:00:00",
        )?,
    )?;
    let twice = entry(
        "twice",
        span(
            "Europe/Berlin",
            "2026-10-25T02:30:00",
            "2026-10-25T03:30:00",
        )?,
    )?;
    let around = entry(
        "around",
        span(
            "America/New_York",
            "2026-03-08T01:30:00",
            "2026-03-08T03:30:00",
        )?,
    )?;
    corpus.publish("times/nights-of-changes", &[night, twice, around])?;

    dinner.status = Status::Cancelled;
    dinner.sequence = 1;
    let mut sure = entry(
        "sure",
        span("UTC", "2026-05-14T09:00:00", "2026-05-14T10:30:00")?,
    )?;
    sure.status = Status::Tentative;
    let entries = vec![conference, dinner, sure];
    let events = entries
        .iter()
        .map(|entry| event(entry, None))
        .collect::<Outcome<Vec<_>>>()?;
    let calendar = Feed {
        name: "集美论坛, 2026; \"spring\"".to_owned(),
        description: Some("All sessions,\nas they are now".to_owned()),
        source: Some("https://example.org/feeds/jimei.ics".to_owned()),
        refresh: TimeDelta::hours(12),
        color: Some("#c8102e".parse()?),
        entries,
    };
    corpus.write(
        "times/feed",
        &feed(&calendar),
        "PUBLISH",
        &events,
        Some(&calendar.name),
    )
}
