//! A search finds what a reader of every row would find, in the order in which they would put it.

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::json;
use tests::{Backend, TestApp, both};

use super::{found, people};

both!(a_search_finds_what_a_reader_of_every_row_would);

/// What a name of the property test is made of, with what it folds to.
const LETTERS: [(&str, &str); 14] = [
    ("a", "a"),
    ("B", "b"),
    ("b", "b"),
    ("é", "e"),
    ("e", "e"),
    ("ｘ", "x"),
    ("李", "李"),
    ("明", "明"),
    ("華", "華"),
    ("-", "-"),
    ("%", "%"),
    ("\"", "\""),
    ("🎻", "🎻"),
    ("ß", "ss"),
];

/// Each letter as it is written, and as it folds.
type Word = Vec<(&'static str, &'static str)>;

async fn a_search_finds_what_a_reader_of_every_row_would(backend: Backend) {
    let letter = proptest::sample::select(&LETTERS[..]);
    let word = proptest::collection::vec(letter, 1..5);
    let name = proptest::collection::vec(word.clone(), 1..4);
    let names = proptest::collection::vec(proptest::collection::vec(name, 1..4), 90);
    let search = proptest::collection::vec(word, 1..3);
    let searches = proptest::collection::vec(search, 150);
    let seed = TestRng::from_seed(RngAlgorithm::ChaCha, &[9; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), seed);
    let drawn = (names, searches).new_tree(&mut runner).expect("a tree");
    let (names, mut searches) = drawn.current();
    // What is drawn at random is seldom found whole: parts of what there is as well.
    for (number, one) in names.iter().enumerate() {
        let name = &one[number % one.len()];
        searches.push(name.clone());
        searches.push(name.iter().rev().map(|word| word[..1].to_vec()).collect());
        searches.push(vec![name[0][name[0].len() / 2..].to_vec()]);
    }

    let written = |words: &[Word]| -> String {
        let words = words
            .iter()
            .map(|word| word.iter().map(|letter| letter.0).collect());
        words.collect::<Vec<String>>().join(" ")
    };
    let folded = |words: &[Word]| -> Vec<String> {
        let words = words
            .iter()
            .map(|word| word.iter().map(|letter| letter.1).collect());
        words.collect()
    };
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let crowd: Vec<_> = names
        .iter()
        .map(|one| {
            let mut person = json!({ "name": written(&one[0]) });
            if let Some(name) = one.get(1) {
                person["transcription"] = json!(written(name));
            }
            if let Some(name) = one.get(2) {
                person["furtherNames"] = json!({ "ja": written(name) });
            }
            person
        })
        .collect();
    app.import(&workspace, &people("crowd", &crowd)).await;
    let client = app.as_viewer(&workspace).await;
    let mut hits = 0;
    for search in &searches {
        let words = folded(search);
        let phrase = kept(&words);
        let mut expected: Vec<_> = names
            .iter()
            .enumerate()
            .filter_map(|(number, one)| {
                let names: Vec<String> = one.iter().map(|name| kept(&folded(name))).collect();
                let rank = rank(&names, &words, &phrase)?;
                Some((rank, written(&one[0]), number))
            })
            .collect();
        expected.sort();
        let expected: Vec<_> = expected.into_iter().map(|one| one.1).collect();
        hits += expected.len();
        let search = written(search);
        assert_eq!(
            found(&client, "people", &search).await,
            expected,
            "{search}"
        );
    }
    assert!(hits > 2_000, "{hits}");
}

/// A name as it is kept: one ideograph after another is one word, however far apart.
fn kept(words: &[String]) -> String {
    let ideographs = ["李", "明", "華"];
    if words.iter().all(|word| ideographs.contains(&word.as_str())) {
        words.concat()
    } else {
        words.join(" ")
    }
}

/// How well names match, the smaller the better; nothing if they do not.
fn rank(names: &[String], words: &[String], phrase: &str) -> Option<u8> {
    let each = |names: &[String], holds: &dyn Fn(&str, &str) -> bool| {
        words
            .iter()
            .all(|word| names.iter().any(|name| holds(name, word)))
    };
    let within = |name: &str, word: &str| name.contains(word);
    let begins =
        |name: &str, word: &str| name.starts_with(word) || name.contains(&format!(" {word}"));
    each(names, &within).then(|| {
        let (main, names) = (&names[..1], names);
        [
            main[0] == phrase,
            names.iter().any(|name| name == phrase),
            main[0].starts_with(phrase),
            names.iter().any(|name| name.starts_with(phrase)),
            each(main, &begins),
            each(names, &begins),
            each(main, &within),
            true,
        ]
        .iter()
        .position(|holds| *holds)
        .and_then(|place| u8::try_from(place).ok())
        .expect("the last one holds")
    })
}
