//! What a paper says, as the values that its template sees.

use chrono::NaiveDate;
use domain::{LanguageTag, LocalizedText};
use serde_json::{Map, Value, json};
use typst::foundations::Bytes;
use unicode_normalization::UnicodeNormalization as _;
use words::Language;

use crate::date::{self, Numerals};
use crate::document::Languages;
use crate::picture::Picture;
use crate::qr;

/// Gathers values in the languages of one document, and the pictures that they name.
///
/// A text becomes `(zh: "…", en: "…")`, with the languages of the document and no others; one that is not
/// known in a language is there in the one that it is known in.
pub(crate) struct Composer {
    languages: Languages,
    /// Files that the template finds under these names.
    pub(crate) files: Vec<(String, Bytes)>,
    /// An address that no code can hold.
    pub(crate) too_long: Option<String>,
}

impl Composer {
    pub(crate) fn new(languages: Languages) -> Self {
        Self {
            languages,
            files: Vec::new(),
            too_long: None,
        }
    }

    /// Something in each language of the document.
    pub(crate) fn each(&self, said: impl Fn(Language) -> String) -> Value {
        let all = self.languages.each();
        let all = all.map(|language| (key(language).to_owned(), said(language).into()));
        Value::Object(all.collect::<Map<_, _>>())
    }

    pub(crate) fn text(&self, text: &LocalizedText) -> Value {
        self.each(|language| best(text, language).to_owned())
    }

    pub(crate) fn maybe(&self, text: Option<&LocalizedText>) -> Value {
        text.map_or(Value::Null, |text| self.text(text))
    }

    pub(crate) fn texts(&self, texts: &[LocalizedText]) -> Value {
        texts.iter().map(|text| self.text(text)).collect()
    }

    pub(crate) fn date(&self, date: NaiveDate, numerals: Numerals) -> Value {
        self.each(|language| date::written(date, language, numerals))
    }

    /// A picture's name in the template, under a name for what it is.
    pub(crate) fn picture(&mut self, role: &str, picture: Option<&Picture>) -> Value {
        let Some(picture) = picture else {
            return Value::Null;
        };
        let name = format!("/{role}.{}", picture.extension());
        self.files.push((name.clone(), picture.bytes().clone()));
        name.into()
    }

    /// Where a paper can be verified, with the drawing of its code.
    pub(crate) fn verification(&mut self, address: Option<&str>) -> Value {
        let Some(address) = address else {
            return Value::Null;
        };
        let Some(drawing) = qr::drawn(address) else {
            self.too_long = Some(address.to_owned());
            return Value::Null;
        };
        self.files
            .push(("/qr.svg".to_owned(), Bytes::from_string(drawing)));
        json!({ "address": address, "code": "/qr.svg" })
    }
}

/// The name of a language in the values of a template.
pub(crate) fn key(language: Language) -> &'static str {
    match language {
        Language::Chinese => "zh",
        Language::English => "en",
    }
}

/// A text in a language, or else in the main one of the text.
pub(crate) fn best(text: &LocalizedText, language: Language) -> &str {
    let wished: Option<LanguageTag> = language.tag().parse().ok();
    text.best_for(wished.as_slice())
}

/// Every text in composed form, so that a letter with its accent is one character, and with one kind of
/// line end.
pub(crate) fn normalized(value: &mut Value) {
    match value {
        Value::String(text) => {
            let unix = text.replace("\r\n", "\n").replace('\r', "\n");
            *text = unix.nfc().collect();
        }
        Value::Array(all) => all.iter_mut().for_each(normalized),
        Value::Object(all) => all.values_mut().for_each(normalized),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
