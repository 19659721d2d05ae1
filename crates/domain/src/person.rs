//! People: a human being, with or without an account or an e-mail address.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::id::{OrganizationId, PersonId, WorkspaceId};
use crate::text::{Key, LanguageTag};

/// A human being, as the workspace knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Where they are known.
    pub workspace_id: WorkspaceId,
    /// Raised by every change.
    pub version: i32,
    /// The caller's own name for them.
    pub external_id: Option<Key>,
    /// Their full name, as they write it.
    pub name: String,
    /// The name in Latin letters, for readers who cannot read its script.
    pub transcription: Option<String>,
    /// The name in further scripts and languages.
    pub further_names: BTreeMap<LanguageTag, String>,
    /// Their e-mail address. Personal: never shown without the right to.
    pub email: Option<String>,
    /// Their telephone number. Personal: never shown without the right to.
    pub telephone: Option<String>,
}

impl Person {
    /// The same person, for those who may not know how to reach them.
    #[must_use]
    pub fn without_contacts(self) -> Self {
        Self {
            email: None,
            telephone: None,
            ..self
        }
    }
}

/// A position that a person holds or held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Whose it is.
    pub person_id: PersonId,
    /// What it is called: "vice president".
    pub title: String,
    /// Where.
    pub organization_id: Option<OrganizationId>,
    /// The first day.
    pub since: Option<NaiveDate>,
    /// The last day.
    pub until: Option<NaiveDate>,
}

/// Whether a term whose bounds may be unknown covers a day.
pub fn held_on(since: Option<NaiveDate>, until: Option<NaiveDate>, day: NaiveDate) -> bool {
    since.is_none_or(|first| first <= day) && until.is_none_or(|last| day <= last)
}

/// Whether a text can be an e-mail address: one `@` with something on both sides, a dot in the
/// domain, no white space. Whether it reaches anyone, only a mail can tell.
pub fn is_email(text: &str) -> bool {
    let forbidden = |character: char| {
        character.is_whitespace() || character.is_control() || "<>()[],;:\\\"".contains(character)
    };
    text.len() <= 254
        && !text.contains(forbidden)
        && text.split_once('@').is_some_and(|(local, domain)| {
            (1..=64).contains(&local.len())
                && domain.contains('.')
                && domain.split('.').all(|label| {
                    !label.is_empty()
                        && !label.starts_with('-')
                        && !label.ends_with('-')
                        && !label.contains('@')
                })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_an_address_from_what_is_none() {
        for right in [
            "a@example.org",
            "first.last+x@mail.example.org",
            "王@example.org",
        ] {
            assert!(is_email(right), "{right}");
        }
        for wrong in [
            "",
            "a",
            "@example.org",
            "a@",
            "a@b",
            "a b@example.org",
            "a@b@example.org",
            "a@-b.org",
            "a@.org",
            "A <a@example.org>",
            "a@example.org\nBcc:b",
        ] {
            assert!(!is_email(wrong), "{wrong}");
        }
    }

    #[test]
    fn an_unknown_bound_excludes_nothing() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert!(held_on(None, None, day("2024-01-01")));
        assert!(held_on(
            Some(day("2024-01-01")),
            Some(day("2024-01-01")),
            day("2024-01-01")
        ));
        assert!(!held_on(Some(day("2024-01-02")), None, day("2024-01-01")));
        assert!(!held_on(None, Some(day("2023-12-31")), day("2024-01-01")));
    }
}
