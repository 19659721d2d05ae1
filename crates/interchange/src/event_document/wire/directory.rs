//! The places, organizations and people that a document speaks of, as they are written.

use std::borrow::Cow;

use chrono::NaiveDate;
use domain::organization::OrganizationKind;
use domain::{Key, LanguageTag};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::{Names, Text, Window};
use crate::event_document::leaf::{Line, OneOf, Passage, Written};

/// A building or site with its rooms.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::event_document) struct Venue {
    /// Its key.
    pub(in crate::event_document) key: Written<Key>,
    /// What it is called.
    pub(in crate::event_document) name: Written<Line>,
    /// Its postal address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) address: Option<Written<Passage>>,
    /// Its rooms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::event_document) rooms: Vec<Room>,
}

/// A room of a venue.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::event_document) struct Room {
    /// Its key, used once in the document.
    pub(in crate::event_document) key: Written<Key>,
    /// What it is called.
    pub(in crate::event_document) name: Written<Line>,
    /// The floor, as people call it there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) floor: Option<Written<Line>>,
    /// How many it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 2_147_483_647))]
    pub(in crate::event_document) capacity: Option<i32>,
    /// How people with disabilities reach and use it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) accessibility: Option<Written<Passage>>,
    /// When it can be used, if not always. Only organisers are told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::event_document) availability: Vec<Window>,
}

/// A department, university, company, committee or other body.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::event_document) struct Organization {
    /// Its key.
    pub(in crate::event_document) key: Written<Key>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) kind: Option<OneOf<OrganizationKind>>,
    /// What it is called.
    pub(in crate::event_document) name: Text<Line>,
    /// What it is also called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::event_document) aliases: Vec<Written<Line>>,
    /// The organization that it is part of, by its key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) parent: Option<Written<Key>>,
    /// Its rank by protocol among those of the same parent, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 2_147_483_647))]
    pub(in crate::event_document) protocol_order: Option<i32>,
    /// Whether it was founded at this event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) founded_here: Option<bool>,
    /// Its standing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) level: Option<Written<Line>>,
    /// What it was founded for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::event_document) goals: Vec<Written<Line>>,
    /// Who belongs to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::event_document) memberships: Vec<Membership>,
}

/// That someone belongs to a body.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::event_document) struct Membership {
    /// Who.
    pub(in crate::event_document) member: Party,
    /// As what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) post: Option<Written<Line>>,
    /// The first day of the term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) since: Option<Written<NaiveDate>>,
    /// The last day of the term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) until: Option<Written<NaiveDate>>,
    /// The appointment letter that it rests on, by its key in `letters`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) letter: Option<Written<Key>>,
}

/// A person or an organization: exactly one of both.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::event_document) enum Party {
    /// A key in `people`.
    Person(Written<Key>),
    /// A key in `organizations`.
    Organization(Written<Key>),
}

impl JsonSchema for Party {
    fn schema_name() -> Cow<'static, str> {
        "Party".into()
    }

    /// Without `oneOf`, so that what is wrong inside is told where it stands.
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let key = generator.subschema_for::<Written<Key>>();
        json_schema!({
            "type": "object",
            "description": "A person, by the key in `people`, or an organization, by the key in \
                            `organizations`: exactly one of both.",
            "properties": { "organization": key, "person": key },
            "additionalProperties": false,
            "minProperties": 1,
            "maxProperties": 1,
        })
    }
}

/// A human being.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::event_document) struct Person {
    /// Their key.
    pub(in crate::event_document) key: Written<Key>,
    /// Their full name, as they write it.
    pub(in crate::event_document) name: Written<Line>,
    /// The name in Latin letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) transcription: Option<Written<Line>>,
    /// The name in further scripts and languages.
    #[serde(default, skip_serializing_if = "Names::is_empty")]
    pub(in crate::event_document) further_names: Names,
    /// Their e-mail address. Never shown in public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) email: Option<Written<Line>>,
    /// Their telephone number. Never shown in public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) telephone: Option<Written<Line>>,
    /// The language that they are written to in, where it is not that of the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) language: Option<Written<LanguageTag>>,
    /// The positions that they hold or held.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::event_document) posts: Vec<Post>,
}

/// A position.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::event_document) struct Post {
    /// What it is called.
    pub(in crate::event_document) title: Written<Line>,
    /// Where, by the key in `organizations`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) organization: Option<Written<Key>>,
    /// The first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) since: Option<Written<NaiveDate>>,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) until: Option<Written<NaiveDate>>,
}
