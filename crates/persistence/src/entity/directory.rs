//! Rows of organizations and people.

use domain::id::kind;
use domain::organization::Party;

use crate::column::DbId;

/// A person or an organization, kept in two columns of which one is empty.
pub(crate) fn party(
    person: Option<DbId<kind::Person>>,
    organization: Option<DbId<kind::Organization>>,
) -> Option<Party> {
    match (person, organization) {
        (Some(person), _) => Some(Party::Person(person.0)),
        (None, Some(organization)) => Some(Party::Organization(organization.0)),
        (None, None) => None,
    }
}

/// The two columns of a party.
pub(crate) fn party_columns(
    party: Option<Party>,
) -> (Option<DbId<kind::Person>>, Option<DbId<kind::Organization>>) {
    match party {
        Some(Party::Person(id)) => (Some(DbId(id)), None),
        Some(Party::Organization(id)) => (None, Some(DbId(id))),
        None => (None, None),
    }
}

pub(crate) mod organization {
    //! An organization.
    use domain::id::kind;
    use domain::organization::OrganizationKind;
    use domain::{Key, LocalizedText};
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Json, Spelled};

    thing!("organization" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Organization>,
        workspace_id: DbId<kind::Workspace>,
        version: i32,
        external_id: Option<Spelled<Key>>,
        kind: Spelled<OrganizationKind>,
        name: Json<LocalizedText>,
        sort_name: String,
        search_text: String,
        aliases: Json<Vec<String>>,
        parent_id: Option<DbId<kind::Organization>>,
        protocol_order: Option<i32>,
        founding_event_id: Option<DbId<kind::Event>>,
        level: Option<String>,
        goals: Json<Vec<String>>,
    });

    impl From<Model> for domain::organization::Organization {
        fn from(row: Model) -> Self {
            Self {
                id: row.id.0,
                workspace_id: row.workspace_id.0,
                version: row.version,
                external_id: row.external_id.map(|key| key.0),
                kind: row.kind.0,
                name: row.name.0,
                aliases: row.aliases.0,
                parent_id: row.parent_id.map(|id| id.0),
                protocol_order: row.protocol_order,
                founding_event_id: row.founding_event_id.map(|id| id.0),
                level: row.level,
                goals: row.goals.0,
            }
        }
    }

    impl From<domain::organization::Organization> for Model {
        fn from(thing: domain::organization::Organization) -> Self {
            Self {
                sort_name: thing.name.main_text().to_owned(),
                search_text: crate::directory::folded(thing.names()),
                id: DbId(thing.id),
                workspace_id: DbId(thing.workspace_id),
                version: thing.version,
                external_id: thing.external_id.map(Spelled),
                kind: Spelled(thing.kind),
                name: Json(thing.name),
                aliases: Json(thing.aliases),
                parent_id: thing.parent_id.map(DbId),
                protocol_order: thing.protocol_order,
                founding_event_id: thing.founding_event_id.map(DbId),
                level: thing.level,
                goals: Json(thing.goals),
            }
        }
    }
}

pub(crate) mod person {
    //! A person.
    use std::collections::BTreeMap;

    use domain::id::kind;
    use domain::{Key, LanguageTag};
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Json, Spelled};

    thing!("person" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Person>,
        workspace_id: DbId<kind::Workspace>,
        version: i32,
        external_id: Option<Spelled<Key>>,
        name: String,
        search_text: String,
        transcription: Option<String>,
        further_names: Json<BTreeMap<LanguageTag, String>>,
        email: Option<String>,
        telephone: Option<String>,
        language: Option<Spelled<LanguageTag>>,
    });

    impl From<Model> for domain::person::Person {
        fn from(row: Model) -> Self {
            Self {
                id: row.id.0,
                workspace_id: row.workspace_id.0,
                version: row.version,
                external_id: row.external_id.map(|key| key.0),
                name: row.name,
                transcription: row.transcription,
                further_names: row.further_names.0,
                email: row.email,
                telephone: row.telephone,
                language: row.language.map(|tag| tag.0),
            }
        }
    }

    impl From<domain::person::Person> for Model {
        fn from(thing: domain::person::Person) -> Self {
            Self {
                search_text: crate::directory::folded(thing.names()),
                id: DbId(thing.id),
                workspace_id: DbId(thing.workspace_id),
                version: thing.version,
                external_id: thing.external_id.map(Spelled),
                name: thing.name,
                transcription: thing.transcription,
                further_names: Json(thing.further_names),
                email: thing.email,
                telephone: thing.telephone,
                language: thing.language.map(Spelled),
            }
        }
    }
}

pub(crate) mod post {
    //! A position of a person.
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::DbId;

    thing!("post" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Post>,
        workspace_id: DbId<kind::Workspace>,
        version: i32,
        person_id: DbId<kind::Person>,
        title: String,
        organization_id: Option<DbId<kind::Organization>>,
        since: Option<Date>,
        until: Option<Date>,
        position: i32,
    });

    mapped!(part domain::person::Post {
        id, version, person_id, title, organization_id, since, until, position,
    });
}

pub(crate) mod membership {
    //! A member of a body. A row without a member cannot be stored: the table forbids it.
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::DbId;

    thing!("membership" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Membership>,
        workspace_id: DbId<kind::Workspace>,
        version: i32,
        organization_id: DbId<kind::Organization>,
        member_person_id: Option<DbId<kind::Person>>,
        member_organization_id: Option<DbId<kind::Organization>>,
        post: Option<String>,
        since: Option<Date>,
        until: Option<Date>,
        letter_id: Option<DbId<kind::AppointmentLetter>>,
        position: i32,
    });

    impl Model {
        pub(crate) fn membership(self) -> Option<domain::organization::Membership> {
            Some(domain::organization::Membership {
                id: self.id.0,
                version: self.version,
                organization_id: self.organization_id.0,
                member: super::party(self.member_person_id, self.member_organization_id)?,
                post: self.post,
                since: self.since,
                until: self.until,
                letter_id: self.letter_id.map(|id| id.0),
                position: self.position,
            })
        }

        pub(crate) fn of(
            workspace: domain::id::WorkspaceId,
            thing: domain::organization::Membership,
        ) -> Self {
            let (member_person_id, member_organization_id) =
                super::party_columns(Some(thing.member));
            Self {
                id: DbId(thing.id),
                workspace_id: DbId(workspace),
                version: thing.version,
                organization_id: DbId(thing.organization_id),
                member_person_id,
                member_organization_id,
                post: thing.post,
                since: thing.since,
                until: thing.until,
                letter_id: thing.letter_id.map(DbId),
                position: thing.position,
            }
        }
    }
}
