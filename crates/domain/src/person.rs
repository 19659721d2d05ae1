//! People: a human being, with or without an account or an e-mail address.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::id::{OrganizationId, PersonId, PostId, WorkspaceId};
use crate::patch::{Patch, check_term};
use crate::refusal::{Invalid, Refusals};
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
    /// The language that they are written to in, where it is not that of the event. Shown with the
    /// address.
    pub language: Option<LanguageTag>,
}

impl Person {
    /// The same person, for those who may not know how to reach them.
    #[must_use]
    pub fn without_contacts(self) -> Self {
        Self {
            email: None,
            telephone: None,
            language: None,
            ..self
        }
    }
}

/// A position that a person holds or held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Its id.
    pub id: PostId,
    /// Raised by every change.
    pub version: i32,
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
    /// Its place in the list, from 0.
    pub position: i32,
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

/// What is to be said of a person.
#[derive(Debug, Clone, Default)]
pub struct PersonPatch {
    /// See [`Person::external_id`].
    pub external_id: Patch<String>,
    /// See [`Person::name`].
    pub name: Patch<String>,
    /// See [`Person::transcription`].
    pub transcription: Patch<String>,
    /// See [`Person::further_names`].
    pub further_names: Patch<Vec<(LanguageTag, String)>>,
    /// See [`Person::email`].
    pub email: Patch<String>,
    /// See [`Person::telephone`].
    pub telephone: Patch<String>,
    /// See [`Person::language`].
    pub language: Patch<LanguageTag>,
}

impl Person {
    /// Someone of whom nothing is known yet.
    pub fn unknown(id: PersonId, workspace_id: WorkspaceId) -> Self {
        Self {
            id,
            workspace_id,
            version: 1,
            external_id: None,
            name: String::new(),
            transcription: None,
            further_names: BTreeMap::new(),
            email: None,
            telephone: None,
            language: None,
        }
    }

    /// Every text by which they can be found.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.name)
            .chain(&self.transcription)
            .chain(self.further_names.values())
            .map(String::as_str)
    }
}

impl PersonPatch {
    /// Lays it over what is known.
    pub fn apply<R: From<Invalid>>(self, to: &mut Person, refusals: &mut Refusals<R>) {
        refusals.key(self.external_id, &mut to.external_id);
        refusals.line("name", self.name, &mut to.name);
        refusals.line_or_clear("transcription", self.transcription, &mut to.transcription);
        refusals.names("furtherNames", self.further_names, &mut to.further_names);
        refusals.set_or_clear("email", self.email, &mut to.email, |text| {
            let text = text.trim();
            if is_email(text) {
                Ok(text.to_owned())
            } else {
                Err("must be an e-mail address")
            }
        });
        refusals.line_or_clear("telephone", self.telephone, &mut to.telephone);
        refusals.put_or_clear("language", self.language, &mut to.language);
    }
}

/// What is to be said of a post.
#[derive(Debug, Clone, Default)]
pub struct PostPatch {
    /// See [`Post::title`].
    pub title: Patch<String>,
    /// See [`Post::organization_id`].
    pub organization_id: Patch<OrganizationId>,
    /// See [`Post::since`].
    pub since: Patch<NaiveDate>,
    /// See [`Post::until`].
    pub until: Patch<NaiveDate>,
}

impl Post {
    /// A post of which nothing is known yet.
    pub fn unknown(id: PostId, person_id: PersonId, position: i32) -> Self {
        Self {
            id,
            version: 1,
            person_id,
            title: String::new(),
            organization_id: None,
            since: None,
            until: None,
            position,
        }
    }
}

impl PostPatch {
    /// Lays it over what is known.
    pub fn apply<R: From<Invalid>>(self, to: &mut Post, refusals: &mut Refusals<R>) {
        refusals.line("title", self.title, &mut to.title);
        refusals.put_or_clear(
            "organizationId",
            self.organization_id,
            &mut to.organization_id,
        );
        refusals.put_or_clear("since", self.since, &mut to.since);
        refusals.put_or_clear("until", self.until, &mut to.until);
        refusals.checked("until", check_term(to.since, to.until));
    }
}

refusals! {
    /// Why a person is not made known.
    PersonCreateRefused { Invalid, Taken, KeyReused }
    /// Why a person is not changed.
    PersonUpdateRefused { Invalid, Stale, Taken }
    /// Why a person is not removed.
    PersonRemoveRefused { Stale, InUse }
    /// Why people are not made known.
    PersonBulkCreateRefused { Invalid, Taken, KeyReused }
    /// Why two people are not one.
    PersonMergeRefused { Invalid, Missing, Stale, KeyReused }
    /// Why a merge of two people is not undone.
    PersonMergeUndoRefused { Contradicted, IllegalState }
    /// Why a post is not added.
    PostAddRefused { Invalid, Missing, Taken, KeyReused }
    /// Why a post is not changed.
    PostUpdateRefused { Invalid, Missing, Stale, Taken }
    /// Why a post is not removed.
    PostRemoveRefused { Stale }
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
