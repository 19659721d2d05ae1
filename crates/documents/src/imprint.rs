//! What stands around the words of every paper.

use chrono::NaiveDate;
use domain::LocalizedText;
use serde_json::{Value, json};

use crate::composer::Composer;
use crate::date::Numerals;
use crate::picture::Picture;

/// What stands around the words of every paper that is issued: who issues it, who signs, when, under
/// which number, and where to ask whether it is so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imprint {
    /// Who issues it, in protocol order.
    pub issuers: Vec<LocalizedText>,
    /// Who signs it for them.
    pub signatory: Option<Signatory>,
    /// The date beneath.
    pub date: NaiveDate,
    /// How that date is written in Chinese.
    pub numerals: Numerals,
    /// Its number, as the workspace counts.
    pub number: Option<String>,
    /// The short address that tells whether it is genuine and in force; it is printed, and the QR code holds it.
    pub verification: Option<String>,
    /// The emblem at its head.
    pub logo: Option<Picture>,
    /// The seal, laid over issuer and date.
    pub seal: Option<Picture>,
}

/// Who signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatory {
    /// The post by which one may sign; lines are kept.
    pub post: Option<LocalizedText>,
    /// The name.
    pub name: LocalizedText,
    /// The signature as a picture.
    pub signature: Option<Picture>,
}

/// Somebody whom a paper names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: LocalizedText,
    /// How one is addressed: 先生, 教授, `Professor`. It follows the name in Chinese and goes before it in English.
    pub honorific: Option<LocalizedText>,
}

/// From when until when something is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// The first day; none where it is not said.
    pub from: Option<NaiveDate>,
    /// The last day; none where no end is set.
    pub until: Option<NaiveDate>,
}

impl Imprint {
    pub(crate) fn composed(&self, composer: &mut Composer) -> Value {
        let signatory = self.signatory.as_ref().map(|signatory| {
            json!({
                "post": composer.maybe(signatory.post.as_ref()),
                "name": composer.text(&signatory.name),
                "signature": composer.picture("signature", signatory.signature.as_ref()),
            })
        });
        json!({
            "issuers": composer.texts(&self.issuers),
            "signatory": signatory,
            "date": composer.date(self.date, self.numerals),
            "number": self.number,
            "verification": composer.verification(self.verification.as_deref()),
            "logo": composer.picture("logo", self.logo.as_ref()),
            "seal": composer.picture("seal", self.seal.as_ref()),
        })
    }
}

impl Person {
    pub(crate) fn composed(&self, composer: &Composer) -> Value {
        json!({
            "name": composer.text(&self.name),
            "honorific": composer.maybe(self.honorific.as_ref()),
        })
    }
}

impl Term {
    pub(crate) fn composed(self, composer: &Composer) -> Value {
        json!({
            "from": self.from.map(|from| composer.date(from, Numerals::Figures)),
            "until": self.until.map(|until| composer.date(until, Numerals::Figures)),
        })
    }
}
