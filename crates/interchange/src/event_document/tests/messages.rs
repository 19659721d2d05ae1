//! What people are told of a document that cannot be read: where, and how to mend it.

use std::fmt::Write as _;

use crate::event_document::{MOST_PROBLEMS, read};

const KEY: &str = "key: forum\n";
const LANGUAGE: &str = "language: en\n";
const TITLE: &str = "title: Forum\n";
const TIME: &str = "time: { timeZone: Asia/Shanghai, startsOn: 2024-05-14 }\n";

const EVENT_KINDS: &str = "use one of CONFERENCE, EXCHANGE_CONFERENCE, FORUM, ROUND_TABLE, RESEARCH_VISIT, \
                           MEETING, LAUNCH_CONFERENCE, CEREMONY, TRAINING, OTHER";

/// What is told of a whole document.
fn told(text: &str) -> Vec<String> {
    read(text)
        .err()
        .unwrap_or_default()
        .iter()
        .map(ToString::to_string)
        .collect()
}

/// What is told of a good document to which something is added.
fn told_of(more: &str) -> Vec<String> {
    told(&[KEY, LANGUAGE, TITLE, TIME, more].concat())
}

/// What is told of a good document in which one member is replaced.
fn told_instead(member: &str, other: &str) -> Vec<String> {
    let members: Vec<_> = [KEY, LANGUAGE, TITLE, TIME]
        .into_iter()
        .map(|one| if one == member { other } else { one })
        .collect();
    told(&members.join("\n"))
}

#[test]
fn the_least_document_is_good() {
    assert_eq!(told_of(""), [""; 0]);
    // A byte order mark, and JSON with its own way of writing characters.
    assert_eq!(
        told(&["\u{feff}", KEY, LANGUAGE, TITLE, TIME].concat()),
        [""; 0]
    );
    let json = r#"{"key":"forum","language":"en","title":"\ud83c\udf93","theme":null,
                   "time":{"timeZone":"UTC","startsOn":"2024-05-14"}}"#;
    assert_eq!(read(json).unwrap().title.main_text(), "🎓");
}

#[test]
fn what_is_no_document() {
    assert_eq!(told(""), ["is empty: a document begins with `key: …`"]);
    assert_eq!(
        told("# nothing yet\n"),
        ["is empty: a document begins with `key: …`"]
    );
    assert_eq!(
        told("Forum"),
        ["must be a set of members such as `key: …` and `language: …`, not the text `Forum`"]
    );
    assert_eq!(
        told_of("---\nkey: other\n"),
        ["holds more than one document: each belongs in a file of its own"]
    );
    assert_eq!(told(&" ".repeat(5 * 1024 * 1024)), ["is larger than 4 MiB"]);
}

#[test]
fn syntax_is_told_with_its_place() {
    assert_eq!(
        told_of("theme: { en: a\n"),
        ["cannot be read as YAML: unclosed bracket '{' (line 5, column 8)"]
    );
    assert_eq!(
        told("{\"key\": \"a\" \"b\"}"),
        ["cannot be read as JSON: expected `,` or `}` (line 1, column 13)"]
    );
    assert_eq!(
        told("{\"key\": \"\\ud83c\"}"),
        ["key: cannot be read as JSON: unexpected end of hex escape"]
    );
    assert_eq!(
        told_of("kind: !x FORUM"),
        ["kind: has the YAML tag `!x`: tags are not read"]
    );
    assert_eq!(
        told_of("<<: { kind: FORUM }"),
        ["<<: is not a known member"]
    );
}

#[test]
fn members_that_are_unknown_missing_or_doubled() {
    assert_eq!(
        told_instead(TITLE, "titel: Forum"),
        [
            "titel: is not a known member (did you mean `title`?)",
            "title: is missing"
        ]
    );
    assert_eq!(told_instead(TITLE, "title:"), ["title: is missing"]);
    assert_eq!(told_of("key: again"), ["key: is given twice"]);
    assert_eq!(
        told_instead(TIME, "time: { timezone: UTC, startsOn: 2024-05-14 }"),
        [
            "time.timezone: is not a known member (did you mean `timeZone`?)",
            "time.timeZone: is missing"
        ]
    );
    assert_eq!(told_of("colour: red"), ["colour: is not a known member"]);
}

#[test]
fn words() {
    assert_eq!(
        told_of("kind: Forum"),
        [format!(
            "kind: `Forum` is not a known event kind (did you mean FORUM?); {EVENT_KINDS}"
        )]
    );
    assert_eq!(
        told_of("kind: research visit"),
        [format!(
            "kind: `research visit` is not a known event kind (did you mean RESEARCH_VISIT?); {EVENT_KINDS}"
        )]
    );
    assert_eq!(
        told_of("kind: 5"),
        [format!(
            "kind: `5` is not a known event kind; {EVENT_KINDS}"
        )]
    );
    assert_eq!(
        told_of("kind: [FORUM]"),
        [format!(
            "kind: must be a known event kind, not a list; {EVENT_KINDS}"
        )]
    );
}

#[test]
fn types() {
    assert_eq!(
        told_instead(TITLE, "title: [Forum]"),
        ["title: must be a text, or texts by language tag, not a list"]
    );
    assert_eq!(
        told_instead(TITLE, "title: true"),
        ["title: must be a text, or texts by language tag, not `true` without quotes"]
    );
    assert_eq!(
        told_of("capacity: many"),
        ["capacity: must be a whole number, not the text `many`"]
    );
    assert_eq!(
        told_of("capacity: 12.5"),
        ["capacity: must be a whole number, not the number 12.5"]
    );
    assert_eq!(told_of("capacity: 0"), ["capacity: must be at least 1"]);
    assert_eq!(
        told_of("capacity: 99999999999"),
        ["capacity: must be at most 2147483647"]
    );
    assert_eq!(
        told_of("topics: industry"),
        ["topics: must be a list, not the text `industry`"]
    );
    assert_eq!(
        told_of("topics: [a, null, [b]]"),
        [
            "topics[1]: is empty: must be a text",
            "topics[2]: must be a text, not a list"
        ]
    );
    assert_eq!(
        told_of("releases: [{ key: a, title: A, recurring: yes }]"),
        ["releases[0].recurring: must be true or false, not the text `yes`"]
    );
    assert_eq!(
        told_instead(TIME, "time: 2024-05-14"),
        [
            "time: must be a set of members such as `timeZone: …` and `startsOn: …`, not the text `2024-05-14`"
        ]
    );
}

#[test]
fn numbers_and_words_of_yaml_are_texts_where_texts_are_due() {
    let text = [
        LANGUAGE,
        TIME,
        "key: 2024\ntitle: 1e3\ntopics: [no, 007]\nvenue: 12\nvenues: [{ key: 12, name: 12 }]\n",
    ];
    let text = text.concat()
        + "reports: [{ key: a, publisher: P, language: no, keyFigures: [{ label: x, value: 12.40 }] }]";
    let document = read(&text).unwrap();
    assert_eq!(
        (document.key.as_str(), document.title.main_text()),
        ("2024", "1e3")
    );
    assert_eq!(document.topics, ["no", "007"]);
    assert_eq!(document.reports[0].language.as_str(), "no");
    assert_eq!(document.reports[0].key_figures[0].value, "12.40");
}

#[test]
fn texts_and_languages() {
    let tag = "is not a language tag such as en, zh-Hans or de-AT (RFC 5646)";
    assert_eq!(
        told_instead(LANGUAGE, "language: klingon"),
        [format!("language: `klingon` {tag}")]
    );
    assert_eq!(
        told_instead(TITLE, "title: { english: Forum }"),
        [format!("title.english: `english` {tag}")]
    );
    assert_eq!(
        told_instead(TITLE, "title: '  '"),
        ["title: must not be blank"]
    );
    assert_eq!(
        told_instead(TITLE, "title: \"a\\nb\""),
        ["title: must be a single line"]
    );
    assert_eq!(
        told_instead(TITLE, "title: {}"),
        ["title: must have a text in one language at least"]
    );
    assert_eq!(
        told_instead(TITLE, "title: { de: a, fr: b }"),
        [
            "title: has no text in `en`, the language of the document: add one, or name the main language with `main: …`"
        ]
    );
    assert_eq!(
        told_instead(TITLE, "title: { main: en, de: a }"),
        ["title: must have a text in `en`, which `main` names"]
    );
    assert_eq!(
        told_instead(TITLE, "title: { zh-hans: a, zh-Hans: b }"),
        ["title.zh-hans: is given twice: it is the same language tag as `zh-Hans`"]
    );
    // Without a language nobody can tell what is missing from a text.
    assert_eq!(
        told(&[KEY, TIME, "title: { de: a, fr: b }"].concat()),
        ["language: is missing"]
    );
}

#[test]
fn the_main_language_of_a_text() {
    let main = |title: &str| {
        let title = format!("title: {title}\n");
        read(&[KEY, LANGUAGE, &title, TIME].concat())
            .unwrap()
            .title
            .main_language()
            .to_string()
    };
    assert_eq!(main("Forum"), "en");
    assert_eq!(main("{ de: a, en: b }"), "en");
    assert_eq!(main("{ de: a }"), "de");
    assert_eq!(main("{ main: de, de: a, en: b }"), "de");
}

#[test]
fn times() {
    assert_eq!(
        told_instead(
            TIME,
            "time: { timeZone: Mars, startsOn: 14.5.2024, startsAt: 9 am }"
        ),
        [
            "time.timeZone: `Mars` is not a time zone of the IANA database, such as Asia/Shanghai",
            "time.startsOn: `14.5.2024` is not a date such as 2024-05-14",
            "time.startsAt: `9 am` is not a time such as 2024-05-14T09:00, or 09:00 on the only day of the event",
        ]
    );
    assert_eq!(
        told_instead(
            TIME,
            "time: { timeZone: UTC, startsOn: 2024-05-14, endsOn: 2024-05-13 }"
        ),
        ["time: ends before it starts"]
    );
    assert_eq!(
        told_instead(
            TIME,
            "time: { timeZone: UTC, startsOn: 2024-05-14, endsOn: 2024-05-15 }\n\
             agenda: [{ key: a, kind: TALK, startsAt: 09:00 }]"
        ),
        [
            "agenda[0].startsAt: must be written with its day, such as 2024-05-14T09:00: the event lasts several days"
        ]
    );
    let text = [
        KEY,
        LANGUAGE,
        TITLE,
        TIME,
        "agenda: [{ key: a, kind: TALK, startsAt: 09:00, endsAt: 10:30:15 }]",
    ];
    let item = read(&text.concat()).unwrap().agenda.remove(0);
    assert_eq!(item.starts_at.unwrap().to_string(), "2024-05-14 09:00:00");
    assert_eq!(item.ends_at.unwrap().to_string(), "2024-05-14 10:30:15");
    assert_eq!(
        told_of(
            "organizations: [{ key: a, name: A }]\nroles: [{ organization: a, role: HOST, delegation: { dueAt: 2024-05-01 } }]"
        ),
        [
            "roles[0].delegation.dueAt: `2024-05-01` is not a time with its offset such as 2024-05-01T18:00:00+08:00"
        ]
    );
    assert_eq!(
        told_of("reports: [{ key: r, publisher: P, language: en, publishedAt: 21:30 }]"),
        ["reports[0].publishedAt: must be written with its day, such as 2024-05-14T21:30"]
    );
}

#[test]
fn those_who_appear_are_one_each() {
    assert_eq!(
        told_of(
            "people: [{ key: a, name: A }]\nappearances: [{ role: CHAIR }, { role: CHAIR, person: a, group: a }]"
        ),
        [
            "appearances[0]: must name exactly one of `person`, `organization` and `group`",
            "appearances[1]: must name exactly one of `person`, `organization` and `group`",
        ]
    );
    assert_eq!(
        told_of(
            "people: [{ key: a, name: A }]\n\
             awards: [{ key: a, kind: PRIZE, title: A, recipients: [{ person: a, organization: a }, {}, { persn: a }, a] }]"
        ),
        [
            "awards[0].recipients[0]: must name exactly one of `person` and `organization`",
            "awards[0].recipients[1]: must name exactly one of `person` and `organization`",
            "awards[0].recipients[2].persn: is not a known member (did you mean `person`?)",
            "awards[0].recipients[3]: must be a set of members such as `person: …`, not the text `a`",
        ]
    );
}

#[test]
fn letters() {
    let letters = "people: [{ key: p, name: P }]\norganizations: [{ key: o, name: O }]\nletters:\n";
    let letter = |status: &str| {
        told_of(&format!(
            "{letters}  - {{ key: l, appointee: p, body: o, post: chair, {status} }}"
        ))
    };
    assert_eq!(letter("status: DRAFT"), [""; 0]);
    assert_eq!(
        letter("status: ISSUED"),
        ["letters[0].issuedOn: is missing: the date that the letter bears"]
    );
    assert_eq!(
        letter("issuedOn: 2024-01-01"),
        ["letters[0].status: is missing: write `status: ISSUED` with these dates"]
    );
    assert_eq!(
        letter("status: DRAFT, issuedOn: 2024-01-01"),
        ["letters[0].issuedOn: cannot be said of a draft: write `status: ISSUED`"]
    );
    assert_eq!(
        letter("status: ISSUED, issuedOn: 2024-01-01, revokedOn: 2024-01-01"),
        ["letters[0].revokedOn: can be said of a revoked letter only: write `status: REVOKED`"]
    );
    assert_eq!(
        letter("status: REVOKED, issuedOn: 2024-01-01"),
        ["letters[0].revokedOn: is missing: the day from which the letter is revoked"]
    );
    assert_eq!(
        letter("status: EXPIRED"),
        [
            "letters[0].status: `EXPIRED` is not a known letter status; use one of DRAFT, ISSUED, REVOKED"
        ]
    );
}

#[test]
fn everything_at_once_in_the_order_of_the_text() {
    assert_eq!(
        told(
            "language: en\ntitle: { fr: a, de: b }\ntime: { timeZone: UTC, startsOn: 2024-05-14, endsAt: 12:00 }\n\
             venue: hall\npeople: [{ key: p, name: P, email: nope, posts: [{ titel: x }] }]\nkey: Not a slug\n"
        ),
        [
            "title: has no text in `en`, the language of the document: add one, or name the main language with `main: …`",
            "time: has an end but no start",
            "venue: there is no venue with the key `hall` in venues",
            "people[0].email: is not an e-mail address",
            "people[0].posts[0].titel: is not a known member (did you mean `title`?)",
            "people[0].posts[0].title: is missing",
            "key: `Not a slug` is not a slug: lower-case letters a to z, digits and single hyphens, at most 100",
        ]
    );
}

#[test]
fn what_follows_from_another_problem_is_not_told() {
    // The role leads nowhere because the organization has lost its key: one problem, not two.
    assert_eq!(
        told_of("organizations: [{ kay: a, name: A }]\nroles: [{ organization: a, role: HOST }]"),
        [
            "organizations[0].kay: is not a known member (did you mean `key`?)",
            "organizations[0].key: is missing",
        ]
    );
    assert_eq!(
        told_of("organisations: [{ key: a, name: A }]\nroles: [{ organization: a, role: HOST }]"),
        ["organisations: is not a known member (did you mean `organizations`?)"]
    );
    // A name that cannot be read leaves the organization where it is.
    assert_eq!(
        told_of("organizations: [{ key: a, name: [] }]\nroles: [{ organization: b, role: HOST }]"),
        [
            "organizations[0].name: must be a text, or texts by language tag, not a list",
            "roles[0].organization: there is no organization with the key `b` in organizations",
        ]
    );
}

#[test]
fn two_hundred_problems_are_enough() {
    let topics = "  - []\n".repeat(250);
    let told = told_of(&format!("topics:\n{topics}"));
    assert_eq!(told.len(), MOST_PROBLEMS + 1);
    assert_eq!(told[199], "topics[199]: must be a text, not a list");
    assert_eq!(told[200], "and 50 more");
    let mut members = String::new();
    for number in 0..50_000 {
        writeln!(members, "member{number}: x").unwrap();
    }
    assert_eq!(told_of(&members).last().unwrap(), "and 49800 more");
    let topics = "  - []\n".repeat(5_000);
    assert_eq!(
        told_of(&format!("topics:\n{topics}")).last().unwrap(),
        "and 4800 more"
    );
}

#[test]
fn what_is_small_but_unfolds_is_refused() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let below = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(bomb, "a{level}: &a{level} [{below}]").unwrap();
    }
    assert_eq!(told(&bomb), ["holds too much"]);
    let long = format!(
        "a: &a {}\nb:\n{}",
        "x".repeat(1_000_000),
        "  - *a\n".repeat(1_000)
    );
    assert_eq!(told(&long), ["holds too much"]);
    assert!(
        told("a: &a [*a]")
            .last()
            .unwrap()
            .ends_with("refers to something that holds it")
    );
    for deep in [
        "[".repeat(100),
        "{a: ".repeat(100),
        "- ".repeat(100),
        "{\"a\":".repeat(100),
    ] {
        assert_eq!(told(&deep).len(), 1);
    }
    let deep = "[".repeat(100) + &"]".repeat(100);
    assert!(told(&deep)[0].ends_with("is nested too deeply: more than 64 levels"));
    // An alias in its place is read.
    let text = [
        KEY,
        LANGUAGE,
        TIME,
        "title: &t Forum\nalternativeTitles: [*t]\n",
    ]
    .concat();
    assert_eq!(read(&text).unwrap().alternative_titles, ["Forum"]);
}

#[test]
fn times_are_in_whole_seconds_and_in_years_of_four_digits() {
    let since = |day: &str| {
        told_of(&format!(
            "people: [{{ key: a, name: A, posts: [{{ title: chair, since: {day} }}] }}]"
        ))
    };
    assert_eq!(since("0001-01-01"), [""; 0]);
    assert_eq!(
        since("0000-12-31"),
        ["people[0].posts[0].since: `0000-12-31` is not in the years 1 to 9999"]
    );
    assert_eq!(
        since("-999-12-31"),
        ["people[0].posts[0].since: `-999-12-31` is not a date such as 2024-05-14"]
    );
    let item = |time: &str| {
        told_of(&format!(
            "agenda: [{{ key: a, kind: TALK, startsAt: \"{time}\" }}]"
        ))
    };
    assert_eq!(item("09:00:00.000"), [""; 0]);
    assert_eq!(
        item("09:00:00.5"),
        [
            "agenda[0].startsAt: `09:00:00.5` is finer than a second: times are kept in whole seconds"
        ]
    );
    let due = |instant: &str| {
        told_of(&format!(
            "organizations: [{{ key: a, name: A }}]\nroles: [{{ organization: a, role: ATTENDING, delegation: {{ \
             dueAt: \"{instant}\" }} }}]"
        ))
    };
    assert_eq!(due("2024-05-14T09:00:00+08:00"), [""; 0]);
    assert_eq!(
        due("2024-05-14T09:00:00.000001Z"),
        [
            "roles[0].delegation.dueAt: `2024-05-14T09:00:00.000001Z` is finer than a second: times are kept in \
             whole seconds"
        ]
    );
    for outside in ["0001-01-01T00:00:00+08:00", "9999-12-31T23:00:00-02:00"] {
        let expected =
            format!("roles[0].delegation.dueAt: `{outside}` is not in the years 1 to 9999");
        assert_eq!(due(outside), [expected]);
    }
}

#[test]
fn what_goes_with_something_else() {
    assert_eq!(
        told_of("cancellationReason: a flood"),
        ["cancellationReason: is only for the status CANCELLED"]
    );
    assert_eq!(
        told_of("status: CANCELLED\ncancellationReason: a flood"),
        [""; 0]
    );
    assert_eq!(
        told_of(
            "organizations: [{ key: a, name: A }]\nroles: [{ organization: a, role: HOST, delegation: { quota: 1 } }]"
        ),
        ["roles[0].delegation: only an organization in the role ATTENDING sends a delegation"]
    );
}

#[test]
fn too_many_of_a_kind() {
    let mut text = "agenda:\n  - key: first\n    kind: OTHER\n    items:\n".to_owned();
    for number in 1..=10_000 {
        writeln!(text, "      - {{ key: {number}, kind: TALK }}").unwrap();
    }
    assert_eq!(
        told_of(&text),
        ["agenda: a document holds at most 10000 agenda items in all, not 10001"]
    );
}
