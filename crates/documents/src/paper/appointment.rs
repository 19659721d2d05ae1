//! Letters of appointment.

use domain::LocalizedText;
use serde_json::json;

use crate::composer::Composer;
use crate::imprint::{Imprint, Person, Term};
use crate::paper::Said;

/// A letter of appointment (聘书): 兹聘请…担任…, 此聘.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppointmentLetter {
    /// Who is appointed.
    pub appointee: Person,
    /// To what: `vice chair`, 副主任委员.
    pub post: LocalizedText,
    /// In which body: 专家咨询委员会. In Chinese it stands before the post.
    pub body: Option<LocalizedText>,
    /// What for, or what one is asked to do: whole sentences.
    pub reason: Option<LocalizedText>,
    /// For how long.
    pub term: Option<Term>,
    /// How the page lies.
    pub orientation: Orientation,
    /// Who issues it, and the rest around it.
    pub imprint: Imprint,
}

/// How a page lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Orientation {
    /// Higher than wide.
    #[default]
    Portrait,
    /// Wider than high, as folded 聘书 of cardboard are.
    Landscape,
}

impl AppointmentLetter {
    pub(crate) fn composed(&self, composer: &mut Composer) -> Said<'_> {
        let data = json!({
            "appointee": self.appointee.composed(composer),
            "post": composer.text(&self.post),
            "body": composer.maybe(self.body.as_ref()),
            "reason": composer.maybe(self.reason.as_ref()),
            "term": self.term.map(|term| term.composed(composer)),
            "landscape": self.orientation == Orientation::Landscape,
            "imprint": self.imprint.composed(composer),
        });
        let imprint = &self.imprint;
        (data, &self.appointee.name, &imprint.issuers, imprint.date)
    }
}
