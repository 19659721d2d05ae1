//! Texts in their languages, for those who edit them.

use async_graphql::SimpleObject;
use domain::LocalizedText;

use crate::list::List;
use crate::scalar::LanguageTag;

/// A text in one language.
#[derive(Debug, SimpleObject)]
pub(crate) struct Translation {
    /// The language.
    language: LanguageTag,
    /// The text.
    text: String,
}

/// Every language of a text, the main one first.
pub(crate) fn translations(text: &LocalizedText) -> List<Translation> {
    let mut all: Vec<_> = text.texts().iter().collect();
    all.sort_by_key(|(language, _)| *language != text.main_language());
    named(all)
}

/// Names by language.
pub(crate) fn named<'a>(
    texts: impl IntoIterator<Item = (&'a domain::LanguageTag, &'a String)>,
) -> List<Translation> {
    let texts = texts.into_iter();
    texts
        .map(|(language, text)| Translation {
            language: LanguageTag(language.clone()),
            text: text.clone(),
        })
        .collect()
}
