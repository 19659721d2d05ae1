//! Text that people read, with its languages; and the short texts by which things are named.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Why a text cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("must not be blank")]
    Blank,
    /// Longer than allowed, in characters.
    #[error("must have at most {0} characters")]
    TooLong(usize),
    /// A control character, which would corrupt a mail or a calendar entry later.
    #[error("must not contain control characters")]
    Control,
    /// Not a language tag.
    #[error("`{0}` is not a language tag such as en, zh-Hans or de-AT (RFC 5646)")]
    LanguageTag(String),
    /// Not a slug.
    #[error(
        "`{0}` is not a slug: lower-case letters a to z, digits and single hyphens, at most 100"
    )]
    Slug(String),
    /// The main language has no text.
    #[error("has no text in its main language {0}")]
    MainMissing(LanguageTag),
}

/// The longest text of one line, in characters: titles, names, posts.
pub const LINE: usize = 1_000;
/// The longest text of several paragraphs, in characters: abstracts, citations, descriptions.
pub const PASSAGE: usize = 50_000;

/// Checks a text of one line, and trims it.
pub fn line(text: &str) -> Result<String, TextError> {
    checked(text, LINE, char::is_control)
}

/// Checks a text of several paragraphs, and trims it. Line feeds and tabs are allowed.
pub fn passage(text: &str) -> Result<String, TextError> {
    checked(text, PASSAGE, |character| {
        character.is_control() && !matches!(character, '\n' | '\t')
    })
}

fn checked(text: &str, most: usize, forbidden: fn(char) -> bool) -> Result<String, TextError> {
    let text = text.trim();
    if text.is_empty() {
        Err(TextError::Blank)
    } else if text.chars().any(forbidden) {
        Err(TextError::Control)
    } else if text.chars().count() > most {
        Err(TextError::TooLong(most))
    } else {
        Ok(text.to_owned())
    }
}

/// A language tag (BCP 47, RFC 5646): language, script, region and variants, in the customary
/// case: `zh-Hans-CN`. Extensions and private use are not taken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LanguageTag(String);

impl LanguageTag {
    /// The tag of a language that nobody has determined: `und`.
    pub fn undetermined() -> Self {
        Self("und".to_owned())
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language with the script that is usual in the region, where browsers send the region
    /// and texts are kept by script: Chinese.
    fn usual_script(&self) -> Option<&'static str> {
        let (language, region) = self.0.split_once('-')?;
        match (language, region) {
            ("zh", "CN" | "SG" | "MY") => Some("zh-Hans"),
            ("zh", "TW" | "HK" | "MO") => Some("zh-Hant"),
            _ => None,
        }
    }

    /// The tag, then the tag with its last subtag taken away, and so on: the order in which
    /// RFC 4647 (section 3.4, lookup) looks for a match.
    pub fn and_wider(&self) -> impl Iterator<Item = &str> {
        let mut next = Some(self.0.as_str());
        std::iter::from_fn(move || {
            let tag = next?;
            next = tag.rsplit_once('-').map(|(wider, _)| wider);
            Some(tag)
        })
    }
}

impl FromStr for LanguageTag {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        let refused = || TextError::LanguageTag(text.chars().take(80).collect());
        let mut subtags = text.split(['-', '_']);
        let language = subtags.next().unwrap_or_default();
        let letters = |subtag: &str| subtag.bytes().all(|byte| byte.is_ascii_alphabetic());
        if !(matches!(language.len(), 2 | 3) && letters(language)) || text.len() > 35 {
            return Err(refused());
        }
        let mut tag = language.to_ascii_lowercase();
        let (mut script, mut region, mut variant) = (false, false, false);
        for subtag in subtags {
            let digits = subtag.bytes().all(|byte| byte.is_ascii_digit());
            let alphanumeric = subtag.bytes().all(|byte| byte.is_ascii_alphanumeric());
            tag.push('-');
            if subtag.len() == 4 && letters(subtag) && !script && !region && !variant {
                script = true;
                let mut characters = subtag.chars();
                tag.extend(characters.next().map(|first| first.to_ascii_uppercase()));
                tag.extend(characters.map(|rest| rest.to_ascii_lowercase()));
            } else if ((subtag.len() == 2 && letters(subtag)) || (subtag.len() == 3 && digits))
                && !region
                && !variant
            {
                region = true;
                tag.push_str(&subtag.to_ascii_uppercase());
            } else if alphanumeric
                && (matches!(subtag.len(), 5..=8)
                    || (subtag.len() == 4
                        && subtag.starts_with(|first: char| first.is_ascii_digit())))
            {
                variant = true;
                tag.push_str(&subtag.to_ascii_lowercase());
            } else {
                return Err(refused());
            }
        }
        Ok(Self(tag))
    }
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text in one or more languages, one of which is the main one and always there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalizedText {
    main: LanguageTag,
    texts: BTreeMap<LanguageTag, String>,
}

impl LocalizedText {
    /// A text in its main language alone.
    pub fn single(language: LanguageTag, text: impl Into<String>) -> Self {
        Self {
            texts: BTreeMap::from([(language.clone(), text.into())]),
            main: language,
        }
    }

    /// A text that is still to be given: what is made gets its own before anyone sees it.
    pub(crate) fn nothing_yet() -> Self {
        Self {
            main: LanguageTag("und".to_owned()),
            texts: BTreeMap::new(),
        }
    }

    /// A text in several languages. `main` must be one of them.
    pub fn new(main: LanguageTag, texts: BTreeMap<LanguageTag, String>) -> Result<Self, TextError> {
        if texts.contains_key(&main) {
            Ok(Self { main, texts })
        } else {
            Err(TextError::MainMissing(main))
        }
    }

    /// The main language.
    pub fn main_language(&self) -> &LanguageTag {
        &self.main
    }

    /// The text in the main language.
    pub fn main_text(&self) -> &str {
        self.texts.get(&self.main).map_or("", String::as_str)
    }

    /// Every language with its text, in the order of the tags.
    pub fn texts(&self) -> &BTreeMap<LanguageTag, String> {
        &self.texts
    }

    /// The text in every language, the main one first: by that a thing is known before all others.
    pub fn main_first(&self) -> impl Iterator<Item = &str> {
        let others = self.texts.iter();
        let others = others.filter(|(language, _)| **language != self.main);
        std::iter::once(self.main_text()).chain(others.map(|(_, text)| text.as_str()))
    }

    /// The text that suits a reader best: for each wished language in turn the tag itself, its
    /// script, wider tags (`zh-CN` is served by `zh-Hans`, then by `zh`), narrower ones (`zh` by
    /// `zh-Hans`), and any other of the same language; at last the main language.
    pub fn best_for(&self, wished: &[LanguageTag]) -> &str {
        let exactly = |tag: &str| self.texts.iter().find(|(have, _)| have.as_str() == tag);
        let within = |wide: &str| {
            self.texts
                .iter()
                .find(|(have, _)| have.and_wider().any(|wider| wider == wide))
        };
        wished
            .iter()
            .find_map(|wish| {
                exactly(wish.as_str())
                    .or_else(|| wish.usual_script().and_then(within))
                    .or_else(|| wish.and_wider().find_map(exactly))
                    .or_else(|| wish.and_wider().find_map(within))
            })
            .map_or_else(|| self.main_text(), |(_, text)| text.as_str())
    }
}

/// The name of a thing in a web address: lower-case letters, digits and single hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

impl Slug {
    /// A slug that is still to be given: what is made gets its own before anyone sees it.
    pub(crate) fn nothing_yet() -> Self {
        Self(String::new())
    }

    /// The slug.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        let part = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9'))
        };
        if text.len() <= 100 && text.split('-').all(part) {
            Ok(Self(text.to_owned()))
        } else {
            Err(TextError::Slug(text.chars().take(120).collect()))
        }
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The caller's own name for a thing (`externalId` in the schema), unique among its siblings:
/// what makes sending the same document again an update.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

/// The longest key, in characters.
pub const KEY: usize = 200;

impl Key {
    /// The key.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Key {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        checked(text, KEY, char::is_control).map(Self)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> LanguageTag {
        text.parse().unwrap()
    }

    #[test]
    fn language_tags_take_their_customary_case() {
        for (given, kept) in [
            ("EN", "en"),
            ("zh-hans-cn", "zh-Hans-CN"),
            ("de_at", "de-AT"),
            ("es-419", "es-419"),
            ("sl-rozaj", "sl-rozaj"),
            ("de-1901", "de-1901"),
        ] {
            assert_eq!(tag(given).as_str(), kept);
        }
        for wrong in [
            "",
            "e",
            "english",
            "en-",
            "en--US",
            "en-US-US",
            "zh-CN-Hans",
            "en-x-y",
            "é",
        ] {
            assert!(wrong.parse::<LanguageTag>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn serves_the_nearest_language_and_never_nothing() {
        let title = LocalizedText::new(
            tag("zh-Hans"),
            BTreeMap::from([
                (tag("zh-Hans"), "论坛".to_owned()),
                (tag("en"), "Forum".to_owned()),
            ]),
        )
        .unwrap();
        for (wished, served) in [
            (vec!["en-GB"], "Forum"),
            (vec!["zh"], "论坛"),
            (vec!["zh-Hans-CN"], "论坛"),
            (vec!["zh-CN"], "论坛"),
            (vec!["zh-TW", "en"], "论坛"),
            (vec!["fr", "en"], "Forum"),
            (vec!["fr"], "论坛"),
            (vec![], "论坛"),
        ] {
            let wished: Vec<_> = wished.into_iter().map(tag).collect();
            assert_eq!(title.best_for(&wished), served, "{wished:?}");
        }
    }

    #[test]
    fn refuses_a_main_language_without_a_text() {
        let texts = BTreeMap::from([(tag("en"), "Forum".to_owned())]);
        assert_eq!(
            LocalizedText::new(tag("de"), texts),
            Err(TextError::MainMissing(tag("de")))
        );
    }

    #[test]
    fn refuses_what_would_corrupt_a_mail() {
        assert_eq!(line(" \u{3000} "), Err(TextError::Blank));
        assert_eq!(line("a\r\nBcc: b"), Err(TextError::Control));
        assert_eq!(passage("a\nb\tc").unwrap(), "a\nb\tc");
        assert_eq!(passage("a\0b"), Err(TextError::Control));
        assert_eq!(line(&"长".repeat(1_001)), Err(TextError::TooLong(1_000)));
    }

    #[test]
    fn slugs_are_plain() {
        assert!("jimei-forum-2024".parse::<Slug>().is_ok());
        for wrong in ["", "-a", "a-", "a--b", "A", "a b", "论坛", &"a".repeat(101)] {
            assert!(wrong.parse::<Slug>().is_err(), "{wrong}");
        }
    }
}
