//! Texts at random: those that YAML, mails and people trip over among them.

use std::collections::BTreeMap;
use std::ops::Range;

use domain::text::{KEY, TextError};
use domain::{Key, LanguageTag, LocalizedText, Slug};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;

/// What YAML takes for something else, or for its own marks.
const AWKWARD: &[&str] = &[
    "yes",
    "no",
    "on",
    "y",
    "null",
    "Null",
    "~",
    "true",
    "FALSE",
    "1e3",
    "2024",
    "007",
    "0x1F",
    "1_000",
    "-1",
    "12.40",
    ".inf",
    "-.INF",
    ".nan",
    "2024-05-14",
    "2024-05-14T09:00",
    "09:00",
    "10:30",
    "<<",
    "=",
    "-",
    "- a",
    "-a",
    "--- a",
    "---",
    "...",
    "? a",
    "a: b",
    "a:",
    ":a",
    "#a",
    "a #b",
    "a#b",
    "[a]",
    "{a: b}",
    "a, b",
    "&a",
    "*a",
    "!a",
    "!!str a",
    "|",
    ">",
    "%a",
    "@a",
    "`a`",
    "'a'",
    "\"a\"",
    "it's",
    "\"a\": 'b'",
    "a\\n",
    "\\",
    "main",
    "key",
    "论坛",
    "产教融合：新路径",
    "副市长 “杨焕”",
    "🎓🎉",
    "é\u{301}",
    "\u{202e}abc",
    "a\u{feff}b",
    "a\u{2028}b",
    "a\u{200d}b",
    "\u{e000}",
    "\u{10ffff}",
    "a  b",
    "12.4%",
    "-0",
    "+5",
    "1.",
    "0b1",
];

pub(super) fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => select(AWKWARD).prop_map(str::to_owned),
        2 => "[a-zA-Z0-9 ,.:;#'\"&*!|>%@`{}?=~_<\\[\\]\\-]{1,60}",
        2 => "[\u{4e00}-\u{9fa5}：，、。《》 a-z]{1,30}",
        1 => "([a-z]{1,9}[ ,:] ?){10,40}",
        1 => vec(any::<char>(), 1..20).prop_map(String::from_iter),
    ]
    // Mended rather than refused: what is refused too often ends a test.
    .prop_map(|text: String| {
        let text: String = text
            .chars()
            .filter(|character| !character.is_control())
            .take(500)
            .collect();
        domain::text::line(&text).unwrap_or_else(|_: TextError| "x".to_owned())
    })
}

pub(super) fn passage() -> impl Strategy<Value = String> {
    let joint = select(vec![
        "\n", "\n\n", "\n\n\n", "\n  ", "\n\t", " \n", "\n- ", "\n# ", "  ", "\t",
    ]);
    (line(), vec((joint, line()), 0..4)).prop_map(|(first, rest)| {
        rest.into_iter()
            .fold(first, |text, (joint, line)| text + joint + &line)
    })
}

pub(super) fn slug() -> impl Strategy<Value = Slug> {
    "[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}".prop_filter_map("a slug", |text| text.parse().ok())
}

pub(super) fn key() -> impl Strategy<Value = Key> {
    let short = line().prop_map(|text| text.chars().take(KEY).collect::<String>());
    short.prop_filter_map("a key", |text| text.parse().ok())
}

/// As many different keys, more often than not the same ones in two documents.
pub(super) fn keys(count: Range<usize>) -> impl Strategy<Value = Vec<Key>> {
    let beginning =
        prop_oneof![2 => Just(String::new()), 1 => Just("the-".to_owned()), 1 => line()];
    vec(beginning, count)
        .prop_map(|beginnings| {
            let numbered = beginnings.into_iter().enumerate();
            numbered
                .filter_map(|(number, beginning)| format!("{beginning}{number}").parse().ok())
                .collect::<Vec<Key>>()
        })
        .prop_filter("different", |keys| {
            keys.iter()
                .enumerate()
                .all(|(place, key)| keys.iter().position(|other| other == key) == Some(place))
        })
}

pub(super) fn language() -> impl Strategy<Value = LanguageTag> {
    select(vec!["en", "zh-Hans", "zh-Hant", "de-AT", "no", "ar"])
        .prop_filter_map("a tag", |tag| tag.parse().ok())
}

pub(super) fn localized(text: BoxedStrategy<String>) -> impl Strategy<Value = LocalizedText> {
    let several = (
        language(),
        btree_map(language(), text.clone(), 0..3),
        text.clone(),
    );
    let several = several.prop_filter_map(
        "a main text",
        |(main, mut texts, text): (_, BTreeMap<_, _>, _)| {
            texts.entry(main.clone()).or_insert(text);
            LocalizedText::new(main, texts).ok()
        },
    );
    // Most texts are in one language, the same for all.
    let single = text.prop_filter_map("English", |text| {
        Some(LocalizedText::single("en".parse().ok()?, text))
    });
    prop_oneof![2 => single, 1 => several]
}
