//! What happens at an event and who does it, as it is written.

use domain::agenda::AgendaItemKind;
use domain::appearance::AppearanceRole;
use domain::award::AwardKind;
use domain::{Key, LanguageTag};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Party, Text};
use crate::event_document::leaf::{Line, LocalTime, OneOf, Passage, Written};

/// Something that happens; it may consist of further items.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::event_document) struct Item {
    /// Its key, used once in the document.
    pub(in crate::event_document) key: Written<Key>,
    /// What happens.
    pub(in crate::event_document) kind: OneOf<AgendaItemKind>,
    /// What it is called; without a title it goes by its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) title: Option<Text<Line>>,
    /// What stands below the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) subtitle: Option<Text<Line>>,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) r#abstract: Option<Text<Passage>>,
    /// The language that it is held in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) language: Option<Written<LanguageTag>>,
    /// When it begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) starts_at: Option<Written<LocalTime>>,
    /// When it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) ends_at: Option<Written<LocalTime>>,
    /// Where, by the key of the room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) room: Option<Written<Key>>,
    /// In which strand, by its key in `tracks`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) track: Option<Written<Key>>,
    /// How many will come to it, as far as the organisers can tell. Only they are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 2_147_483_647))]
    pub(in crate::event_document) expected_audience: Option<i32>,
    /// Its own page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) url: Option<Written<Line>>,
    /// Where more about it is to be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::event_document) links: Vec<Link>,
    /// What is handed out with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::event_document) attachments: Vec<Link>,
    /// Who does what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::event_document) appearances: Vec<Appearance>,
    /// What is made public.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::event_document) releases: Vec<Release>,
    /// What is awarded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::event_document) awards: Vec<Award>,
    /// What was decided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::event_document) resolutions: Vec<Resolution>,
    /// The items that it consists of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::event_document) items: Vec<Item>,
}

/// A web address, with what stands on it.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::event_document) struct Link {
    /// The address.
    pub(in crate::event_document) url: Written<Line>,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) title: Option<Written<Line>>,
    /// What it is: slides, a paper, a video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) kind: Option<Written<Line>>,
}

/// Who does what: exactly one of a person, an organization and a group.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("oneOf" = [
    { "required": ["person"] },
    { "required": ["organization"] },
    { "required": ["group"] },
]))]
pub(in crate::event_document) struct Appearance {
    /// What they do.
    pub(in crate::event_document) role: OneOf<AppearanceRole>,
    /// A key in `people`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) person: Option<Written<Key>>,
    /// A key in `organizations`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) organization: Option<Written<Key>>,
    /// A key in `groups`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) group: Option<Written<Key>>,
    /// In whose name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) on_behalf_of: Option<Party>,
    /// The name as printed for this event, where that is not the usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) printed_name: Option<Written<Line>>,
    /// The posts as printed for this event, where those are not the ones held on its first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) printed_posts: Option<Vec<Written<Line>>>,
}

/// A strand of the agenda.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::event_document) struct Track {
    /// Its key.
    pub(in crate::event_document) key: Written<Key>,
    /// What it is called.
    pub(in crate::event_document) name: Written<Line>,
    /// Its colour: `#rrggbb`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) color: Option<Written<Line>>,
}

/// Something made public: a route, a directory, a policy, a standard.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::event_document) struct Release {
    /// Its key, used once in the document.
    pub(in crate::event_document) key: Written<Key>,
    /// What it is called.
    pub(in crate::event_document) title: Text<Line>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) kind: Option<Written<Line>>,
    /// Where it can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) url: Option<Written<Line>>,
    /// Whether it is made public again and again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) recurring: Option<bool>,
}

/// An honour, a prize or a plaque.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::event_document) struct Award {
    /// Its key, used once in the document.
    pub(in crate::event_document) key: Written<Key>,
    /// What is given.
    pub(in crate::event_document) kind: OneOf<AwardKind>,
    /// What it is called.
    pub(in crate::event_document) title: Text<Line>,
    /// Its standing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) level: Option<Written<Line>>,
    /// What it is given for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) citation: Option<Text<Passage>>,
    /// The organizations that grant it, by their keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::event_document) grantors: Vec<Written<Key>>,
    /// Who got it; left out where that is not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::event_document) recipients: Vec<Party>,
}

/// Something that was decided.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::event_document) struct Resolution {
    /// Its key, used once in the document.
    pub(in crate::event_document) key: Written<Key>,
    /// What was decided, in words.
    pub(in crate::event_document) text: Written<Passage>,
}
