//! Certificates of honour.

use domain::LocalizedText;
use serde_json::json;

use crate::composer::Composer;
use crate::imprint::Imprint;
use crate::paper::Said;

/// A certificate of honour (荣誉证书): 在…中，荣获…, 特发此证，以资鼓励.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwardCertificate {
    /// Who has won: a person, a team, an organization.
    pub recipient: LocalizedText,
    /// In what: a competition, a forum, a year's work.
    pub occasion: LocalizedText,
    /// What: `first prize`, 一等奖.
    pub award: LocalizedText,
    /// What for: whole sentences, which stand between the two.
    pub citation: Option<LocalizedText>,
    /// Who grants it, and the rest around it.
    pub imprint: Imprint,
}

impl AwardCertificate {
    pub(crate) fn composed(&self, composer: &mut Composer) -> Said<'_> {
        let data = json!({
            "recipient": composer.text(&self.recipient),
            "occasion": composer.text(&self.occasion),
            "award": composer.text(&self.award),
            "citation": composer.maybe(self.citation.as_ref()),
            "imprint": self.imprint.composed(composer),
        });
        let imprint = &self.imprint;
        (data, &self.recipient, &imprint.issuers, imprint.date)
    }
}
