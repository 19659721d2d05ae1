//! Sheets of plaques.

use domain::LocalizedText;
use serde_json::json;

use crate::composer::Composer;
use crate::imprint::{Imprint, Term};
use crate::paper::Said;

/// The sheet of a plaque (授牌), which an organization is handed and hangs up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plaque {
    /// Who is given it.
    pub organization: LocalizedText,
    /// The title conferred: 产教融合示范基地.
    pub title: LocalizedText,
    /// For how long it may hang there.
    pub term: Option<Term>,
    /// Who grants it, and the rest around it.
    pub imprint: Imprint,
}

impl Plaque {
    pub(crate) fn composed(&self, composer: &mut Composer) -> Said<'_> {
        let data = json!({
            "organization": composer.text(&self.organization),
            "conferred": composer.text(&self.title),
            "term": self.term.map(|term| term.composed(composer)),
            "imprint": self.imprint.composed(composer),
        });
        let imprint = &self.imprint;
        (data, &self.organization, &imprint.issuers, imprint.date)
    }
}
