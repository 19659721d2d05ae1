//! Patches: what is to be otherwise of a thing, member by member. What is left out stays.

use std::collections::BTreeMap;
use std::fmt::Display;

use crate::link::is_web_address;
use crate::refusal::{Invalid, Refusals};
use crate::text::{Key, LanguageTag, LocalizedText, TextError, line, passage};

/// What becomes of one member.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// It stays as it is.
    #[default]
    Keep,
    /// It goes: what it was is no longer known, or no longer so.
    Clear,
    /// It becomes this.
    Set(T),
}

impl<T> Patch<T> {
    /// What it becomes, if it becomes anything.
    pub fn set(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }

    /// Whether it stays as it is.
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// The same of another type.
    pub fn map<U>(self, to: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Self::Keep => Patch::Keep,
            Self::Clear => Patch::Clear,
            Self::Set(value) => Patch::Set(to(value)),
        }
    }
}

/// What a new thing is to have: nothing said is nothing known.
impl<T> From<Option<T>> for Patch<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Keep, Self::Set)
    }
}

/// A text in its languages, as it is sent: not looked at yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextDraft {
    /// The main language.
    pub language: LanguageTag,
    /// The text in it.
    pub text: String,
    /// The text in further languages.
    /// Left out, those that are known stay.
    pub translations: Option<Vec<(LanguageTag, String)>>,
}

/// How a text is looked at: as a line, or as a passage.
pub type Reading = fn(&str) -> Result<String, TextError>;

impl<R: From<Invalid>> Refusals<R> {
    /// Says that a value is not to be had.
    pub fn invalid(&mut self, member: &str, why: impl Display) {
        self.say(member, Invalid(why.to_string()));
    }

    /// A value that passed a check; otherwise what is wrong with it is said.
    pub fn checked<T, E: Display>(&mut self, member: &str, value: Result<T, E>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(why) => {
                self.invalid(member, why);
                None
            }
        }
    }

    /// Sets what must be there.
    pub fn set<S, T, E: Display>(
        &mut self,
        member: &str,
        patch: Patch<S>,
        to: &mut T,
        check: impl FnOnce(S) -> Result<T, E>,
    ) {
        match patch {
            Patch::Keep => {}
            Patch::Clear => self.invalid(member, "cannot be taken away"),
            Patch::Set(value) => {
                if let Some(value) = self.checked(member, check(value)) {
                    *to = value;
                }
            }
        }
    }

    /// Sets what may be unknown.
    pub fn set_or_clear<S, T, E: Display>(
        &mut self,
        member: &str,
        patch: Patch<S>,
        to: &mut Option<T>,
        check: impl FnOnce(S) -> Result<T, E>,
    ) {
        match patch {
            Patch::Keep => {}
            Patch::Clear => *to = None,
            Patch::Set(value) => {
                if let Some(value) = self.checked(member, check(value)) {
                    *to = Some(value);
                }
            }
        }
    }

    /// Sets a value that is right as it is, and must be there.
    pub fn put<T>(&mut self, member: &str, patch: Patch<T>, to: &mut T) {
        self.set(member, patch, to, Ok::<_, Invalid>);
    }

    /// Sets a value that is right as it is, and may be unknown.
    pub fn put_or_clear<T>(&mut self, member: &str, patch: Patch<T>, to: &mut Option<T>) {
        self.set_or_clear(member, patch, to, Ok::<_, Invalid>);
    }

    /// Sets a line of text that must be there.
    pub fn line(&mut self, member: &str, patch: Patch<String>, to: &mut String) {
        self.set(member, patch, to, |text| line(&text));
    }

    /// Sets a line of text that may be unknown.
    pub fn line_or_clear(&mut self, member: &str, patch: Patch<String>, to: &mut Option<String>) {
        self.set_or_clear(member, patch, to, |text| line(&text));
    }

    /// Sets a text of several paragraphs that must be there.
    pub fn passage(&mut self, member: &str, patch: Patch<String>, to: &mut String) {
        self.set(member, patch, to, |text| passage(&text));
    }

    /// Sets a text of several paragraphs that may be unknown.
    pub fn passage_or_clear(
        &mut self,
        member: &str,
        patch: Patch<String>,
        to: &mut Option<String>,
    ) {
        self.set_or_clear(member, patch, to, |text| passage(&text));
    }

    /// Sets a list of lines; taken away, it is empty.
    pub fn lines(&mut self, member: &str, patch: Patch<Vec<String>>, to: &mut Vec<String>) {
        self.list(member, patch, to, |text| line(&text));
    }

    /// Sets a list, each entry looked at; taken away, it is empty.
    pub fn list<S, T, E: Display>(
        &mut self,
        member: &str,
        patch: Patch<Vec<S>>,
        to: &mut Vec<T>,
        check: impl Fn(S) -> Result<T, E>,
    ) {
        match patch {
            Patch::Keep => {}
            Patch::Clear => to.clear(),
            Patch::Set(values) if values.len() > MOST_ENTRIES => {
                self.invalid(member, format!("takes at most {MOST_ENTRIES} entries"));
            }
            Patch::Set(values) => {
                let values = self.within(member, |list| {
                    let values = values.into_iter().enumerate();
                    let values =
                        values.map(|(index, value)| list.checked(&index.to_string(), check(value)));
                    values.collect::<Vec<_>>()
                });
                *to = values.into_iter().flatten().collect();
            }
        }
    }

    /// Sets a list of things that are right as they are, each of them once.
    pub fn each_once<T: PartialEq>(&mut self, member: &str, patch: Patch<Vec<T>>, to: &mut Vec<T>) {
        self.list(member, patch, to, Ok::<_, Invalid>);
        for (index, one) in to.iter().enumerate() {
            if to.iter().take(index).any(|other| other == one) {
                self.within(member, |list| {
                    list.invalid(&index.to_string(), "is there twice");
                });
            }
        }
    }

    /// Sets the caller's own name for the thing.
    pub fn key(&mut self, patch: Patch<String>, to: &mut Option<Key>) {
        self.set_or_clear("externalId", patch, to, |text| text.parse());
    }

    /// Sets a text in its languages that must be there.
    pub fn text(
        &mut self,
        member: &str,
        patch: Patch<TextDraft>,
        to: &mut LocalizedText,
        reading: Reading,
    ) {
        match patch {
            Patch::Keep => {}
            Patch::Clear => self.invalid(member, "cannot be taken away"),
            Patch::Set(draft) => {
                if let Some(text) = self.within(member, |at| at.localized(Some(to), draft, reading))
                {
                    *to = text;
                }
            }
        }
    }

    /// Sets a text in its languages that may be unknown.
    pub fn text_or_clear(
        &mut self,
        member: &str,
        patch: Patch<TextDraft>,
        to: &mut Option<LocalizedText>,
        reading: Reading,
    ) {
        match patch {
            Patch::Keep => {}
            Patch::Clear => *to = None,
            Patch::Set(draft) => {
                if let Some(text) =
                    self.within(member, |at| at.localized(to.as_ref(), draft, reading))
                {
                    *to = Some(text);
                }
            }
        }
    }

    fn localized(
        &mut self,
        known: Option<&LocalizedText>,
        draft: TextDraft,
        reading: Reading,
    ) -> Option<LocalizedText> {
        let main = self.checked("text", reading(&draft.text))?;
        let mut texts = BTreeMap::from([(draft.language.clone(), main)]);
        let Some(translations) = draft.translations else {
            for (language, text) in known.into_iter().flat_map(LocalizedText::texts) {
                texts
                    .entry(language.clone())
                    .or_insert_with(|| text.clone());
            }
            return LocalizedText::new(draft.language, texts).ok();
        };
        self.enter("translations");
        for (index, (language, text)) in translations.into_iter().enumerate() {
            let text = self.within(index, |at| at.checked("text", reading(&text)));
            match text {
                Some(_) if texts.contains_key(&language) => self.within(index, |at| {
                    at.invalid("language", format!("there is a text in {language} already"));
                }),
                Some(text) => drop(texts.insert(language, text)),
                None => {}
            }
        }
        self.leave();
        LocalizedText::new(draft.language, texts).ok()
    }

    /// Sets names by language; taken away, there are none.
    pub fn names(
        &mut self,
        member: &str,
        patch: Patch<Vec<(LanguageTag, String)>>,
        to: &mut BTreeMap<LanguageTag, String>,
    ) {
        match patch {
            Patch::Keep => {}
            Patch::Clear => to.clear(),
            Patch::Set(names) => {
                let mut kept = BTreeMap::new();
                self.enter(member);
                for (index, (language, name)) in names.into_iter().enumerate() {
                    self.enter(index);
                    if let Some(name) = self.checked("text", line(&name))
                        && kept.insert(language, name).is_some()
                    {
                        self.invalid("language", "is there twice");
                    }
                    self.leave();
                }
                self.leave();
                *to = kept;
            }
        }
    }
}

/// The most entries of one list of a thing: aliases, goals, topics, credits.
pub const MOST_ENTRIES: usize = 500;

/// A whole number above nought, such as a capacity.
pub fn positive(number: i32) -> Result<i32, Invalid> {
    if number > 0 {
        Ok(number)
    } else {
        Err(Invalid("must be greater than 0".to_owned()))
    }
}

/// A whole number that is not below nought, such as a rank.
pub fn not_negative(number: i32) -> Result<i32, Invalid> {
    if number >= 0 {
        Ok(number)
    } else {
        Err(Invalid("must not be less than 0".to_owned()))
    }
}

/// A web address that can be written into a page: absolute, of http or https.
pub fn web_address(text: impl AsRef<str>) -> Result<String, Invalid> {
    let text = line(text.as_ref()).map_err(|why| Invalid(why.to_string()))?;
    if is_web_address(&text) {
        Ok(text)
    } else {
        Err(Invalid(
            "must be a web address that begins with https:// or http://".to_owned(),
        ))
    }
}

impl Display for Invalid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Checks that a term ends no earlier than it begins.
pub fn check_term(
    since: Option<chrono::NaiveDate>,
    until: Option<chrono::NaiveDate>,
) -> Result<(), Invalid> {
    match (since, until) {
        (Some(first), Some(last)) if last < first => {
            Err(Invalid("ends before it begins".to_owned()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> LanguageTag {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_left_out_stays_and_what_is_taken_away_goes() {
        let mut refusals = Refusals::<Invalid>::default();
        let mut level = Some("first".to_owned());
        refusals.line_or_clear("level", Patch::Keep, &mut level);
        assert_eq!(level.as_deref(), Some("first"));
        refusals.line_or_clear("level", Patch::Set(" second ".to_owned()), &mut level);
        assert_eq!(level.as_deref(), Some("second"));
        refusals.line_or_clear("level", Patch::Clear, &mut level);
        assert_eq!(level, None);
        let mut name = "Ada".to_owned();
        refusals.line("name", Patch::Clear, &mut name);
        assert_eq!(name, "Ada");
        assert_eq!(refusals.into_vec().len(), 1);
    }

    #[test]
    fn tells_every_language_that_is_wrong() {
        let mut refusals = Refusals::<Invalid>::default();
        let mut title = LocalizedText::single(tag("en"), "Forum");
        let draft = TextDraft {
            language: tag("en"),
            text: "Forum".to_owned(),
            translations: Some(vec![
                (tag("de"), " ".to_owned()),
                (tag("en"), "Again".to_owned()),
                (tag("zh-Hans"), "论坛".to_owned()),
            ]),
        };
        refusals.text("title", Patch::Set(draft), &mut title, line);
        let paths: Vec<_> = refusals
            .into_vec()
            .into_iter()
            .map(|refused| refused.path.join("."))
            .collect();
        assert_eq!(
            paths,
            ["title.translations.0.text", "title.translations.1.language"]
        );
        assert_eq!(title.texts().len(), 2);
    }
}
