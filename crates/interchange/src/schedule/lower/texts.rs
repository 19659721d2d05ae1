//! Texts: their languages, their markup, their length.

use std::collections::BTreeMap;

use domain::text::{LINE, PASSAGE};
use domain::{LanguageTag, LocalizedText};

use crate::schedule::oddity::{Oddities, OddityKind, Place, quoted};
use crate::schedule::{Choices, Schedule, Text, html};

/// What is made of a schedule's texts, and what was odd about them.
pub(super) struct Texts {
    /// What was odd, about whatever it was.
    pub(super) oddities: Oddities,
    /// The language of the whole.
    pub(super) language: LanguageTag,
}

/// The language of the texts that do not say theirs.
pub(super) fn language(
    schedule: &Schedule,
    choices: &Choices,
    oddities: &mut Oddities,
) -> LanguageTag {
    if let Some(language) = &choices.language {
        return language.clone();
    }
    for written in &schedule.conference.languages {
        match written.trim().parse() {
            Ok(tag) => return tag,
            Err(_no_tag) => {
                let message = format!("{} is no language tag", quoted(written));
                oddities.add(OddityKind::NotALanguage, &Place::Whole, None, message);
            }
        }
    }
    // The one in which most is held; of several the first in the alphabet.
    let mut spoken: BTreeMap<LanguageTag, usize> = BTreeMap::new();
    let written = schedule
        .events
        .iter()
        .filter_map(|event| event.language.as_deref());
    for tag in written.filter_map(|tag| tag.trim().parse().ok()) {
        *spoken.entry(tag).or_default() += 1;
    }
    let most = spoken.iter().rev().max_by_key(|(_, times)| **times);
    if let Some((tag, _)) = most {
        return tag.clone();
    }
    oddities.add(
        OddityKind::LanguageUnknown,
        &Place::Whole,
        None,
        "it is not said which language the texts are in: they are kept as `und`, undetermined",
    );
    LanguageTag::undetermined()
}

impl Texts {
    pub(super) fn new(oddities: Oddities, language: LanguageTag) -> Self {
        Self { oddities, language }
    }

    /// A text of one line.
    pub(super) fn line(
        &mut self,
        text: &str,
        place: &Place,
        event: Option<&str>,
    ) -> Option<String> {
        let plain = self.plain(text, place);
        self.cut(&words(&plain), LINE, place, event)
    }

    /// A text of several paragraphs.
    fn paragraphs(&mut self, text: &str, place: &Place, event: Option<&str>) -> Option<String> {
        let plain = self
            .plain(text, place)
            .replace("\r\n", "\n")
            .replace('\r', "\n");
        let plain: String = plain
            .chars()
            .filter(|one| !one.is_control() || matches!(one, '\n' | '\t'))
            .collect();
        self.cut(&plain, PASSAGE, place, event)
    }

    fn plain(&mut self, text: &str, place: &Place) -> String {
        if !html::is_html(text) {
            return text.to_owned();
        }
        self.oddities.tally(
            OddityKind::HtmlMadePlain,
            place,
            "a text is HTML, and kept as plain text",
        );
        html::plain(text)
    }

    fn cut(
        &mut self,
        text: &str,
        most: usize,
        place: &Place,
        event: Option<&str>,
    ) -> Option<String> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let Some((end, _)) = text.char_indices().nth(most) else {
            return Some(text.to_owned());
        };
        let begins = quoted(text);
        self.oddities.add(
            OddityKind::TextCut,
            place,
            event,
            format!("the text {begins} has more than {most} characters, and is cut"),
        );
        let kept = text.get(..end).unwrap_or_default().trim_end();
        Some(kept.to_owned())
    }

    /// Texts by their languages; `language` is that of those which do not say theirs.
    pub(super) fn localized(
        &mut self,
        texts: &[Text],
        language: &LanguageTag,
        most: usize,
        place: &Place,
        event: Option<&str>,
    ) -> Option<LocalizedText> {
        let mut kept = BTreeMap::new();
        for text in texts {
            let tag = self.tag(text, language, place, event);
            let text = if most == LINE {
                self.line(&text.text, place, event)
            } else {
                self.paragraphs(&text.text, place, event)
            };
            if let Some(text) = text {
                kept.entry(tag).or_insert(text);
            }
        }
        let main = if kept.contains_key(language) {
            language.clone()
        } else {
            kept.keys().next()?.clone()
        };
        LocalizedText::new(main, kept).ok()
    }

    fn tag(
        &mut self,
        text: &Text,
        language: &LanguageTag,
        place: &Place,
        event: Option<&str>,
    ) -> LanguageTag {
        let Some(written) = &text.language else {
            return language.clone();
        };
        written.trim().parse().unwrap_or_else(|_no_tag| {
            let message = format!("{} is no language tag", quoted(written));
            self.oddities
                .add(OddityKind::NotALanguage, place, event, message);
            language.clone()
        })
    }

    /// A short text and a long one as one passage.
    pub(super) fn passage(
        &mut self,
        short: &[Text],
        long: &[Text],
        language: &LanguageTag,
        place: &Place,
        event: Option<&str>,
    ) -> Option<LocalizedText> {
        let short = self.localized(short, language, PASSAGE, place, event);
        let long = self.localized(long, language, PASSAGE, place, event);
        let both = joined(short, long)?;
        let too_long = both
            .texts()
            .values()
            .any(|text| text.chars().count() > PASSAGE);
        if !too_long {
            return Some(both);
        }
        let mut texts = BTreeMap::new();
        for (tag, text) in both.texts() {
            let text = self.cut(text, PASSAGE, place, event)?;
            texts.insert(tag.clone(), text);
        }
        LocalizedText::new(both.main_language().clone(), texts).ok()
    }
}

/// The name of a room or a strand, by which it is found again wherever it is written so.
pub(super) fn name(text: &str) -> Option<String> {
    let name = if html::is_html(text) {
        words(&html::plain(text))
    } else {
        words(text)
    };
    let name: String = name.chars().take(LINE).collect();
    let name = name.trim_end();
    (!name.is_empty()).then(|| name.to_owned())
}

fn words(text: &str) -> String {
    let words = text.split(|one: char| one.is_whitespace() || one.is_control());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// The second text below the first, language by language, unless one holds the other.
pub(super) fn joined(
    first: Option<LocalizedText>,
    second: Option<LocalizedText>,
) -> Option<LocalizedText> {
    let (first, second) = match (first, second) {
        (Some(first), Some(second)) => (first, second),
        (first, second) => return first.or(second),
    };
    let mut texts = first.texts().clone();
    for (tag, text) in second.texts() {
        let both = match texts.get(tag) {
            Some(before) if before.contains(text.as_str()) => before.clone(),
            Some(before) if !text.contains(before.as_str()) => format!("{before}\n\n{text}"),
            Some(_) | None => text.clone(),
        };
        texts.insert(tag.clone(), both);
    }
    LocalizedText::new(first.main_language().clone(), texts).ok()
}
