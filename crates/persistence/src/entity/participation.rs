//! Rows of those who take part: organizations, people, groups.

pub(crate) mod event_organization {
    //! An organization's role in an event.
    use domain::event_organization::{Delegation, EventOrganization, EventOrganizationRole};
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Spelled};

    thing!("event_organization" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::EventOrganization>,
        workspace_id: DbId<kind::Workspace>,
        event_id: DbId<kind::Event>,
        version: i32,
        role: Spelled<EventOrganizationRole>,
        position: i32,
        organization_id: DbId<kind::Organization>,
        printed_name: String,
        has_delegation: i32,
        quota: Option<i32>,
        liaison_id: Option<DbId<kind::Person>>,
        due_at: Option<DateTimeUtc>,
        returned_at: Option<DateTimeUtc>,
    });

    impl From<Model> for EventOrganization {
        fn from(row: Model) -> Self {
            Self {
                id: row.id.0,
                event_id: row.event_id.0,
                version: row.version,
                role: row.role.0,
                position: row.position,
                organization_id: row.organization_id.0,
                printed_name: row.printed_name,
                delegation: (row.has_delegation != 0).then_some(Delegation {
                    quota: row.quota,
                    liaison_id: row.liaison_id.map(|id| id.0),
                    due_at: row.due_at,
                    returned_at: row.returned_at,
                }),
            }
        }
    }

    impl Model {
        pub(crate) fn of(workspace: domain::id::WorkspaceId, thing: EventOrganization) -> Self {
            let delegation = thing.delegation.clone().unwrap_or_default();
            Self {
                id: DbId(thing.id),
                workspace_id: DbId(workspace),
                event_id: DbId(thing.event_id),
                version: thing.version,
                role: Spelled(thing.role),
                position: thing.position,
                organization_id: DbId(thing.organization_id),
                printed_name: thing.printed_name,
                has_delegation: i32::from(thing.delegation.is_some()),
                quota: delegation.quota,
                liaison_id: delegation.liaison_id.map(DbId),
                due_at: delegation.due_at,
                returned_at: delegation.returned_at,
            }
        }
    }
}

pub(crate) mod participant {
    //! A participant.
    use domain::availability::Availability;
    use domain::id::kind;
    use domain::invitation::AnswerChannel;
    use domain::participant::{
        DelegateRole, ParticipantCategory, ParticipantState, ParticipantStatus,
    };
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Json, Spelled};
    use crate::entity::directory::{party, party_columns};

    thing!("participant" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Participant>,
        workspace_id: DbId<kind::Workspace>,
        event_id: DbId<kind::Event>,
        version: i32,
        person_id: DbId<kind::Person>,
        category: Spelled<ParticipantCategory>,
        status: Spelled<ParticipantState>,
        status_since: Option<DateTimeUtc>,
        representing_id: Option<DbId<kind::Organization>>,
        on_behalf_of_person_id: Option<DbId<kind::Person>>,
        on_behalf_of_organization_id: Option<DbId<kind::Organization>>,
        printed_name: String,
        printed_posts: Json<Vec<String>>,
        position: i32,
        delegation_id: Option<DbId<kind::EventOrganization>>,
        delegate_role: Option<Spelled<DelegateRole>>,
        availability: Json<Availability>,
        link_generation: i32,
        answered_through: Option<Spelled<AnswerChannel>>,
        answer_by: Option<DateTimeUtc>,
    });

    impl Model {
        /// The status with its fact.
        pub(crate) fn status(&self) -> ParticipantStatus {
            ParticipantStatus::new(self.status.0, self.status_since)
        }

        pub(crate) fn participant(self) -> domain::participant::Participant {
            domain::participant::Participant {
                status: self.status(),
                id: self.id.0,
                event_id: self.event_id.0,
                version: self.version,
                person_id: self.person_id.0,
                category: self.category.0,
                representing_id: self.representing_id.map(|id| id.0),
                on_behalf_of: party(
                    self.on_behalf_of_person_id,
                    self.on_behalf_of_organization_id,
                ),
                printed_name: self.printed_name,
                printed_posts: self.printed_posts.0,
                position: self.position,
                delegation_id: self.delegation_id.map(|id| id.0),
                delegate_role: self.delegate_role.map(|role| role.0),
                availability: self.availability.0,
                link_generation: self.link_generation,
                answered_through: self.answered_through.map(|channel| channel.0),
                answer_by: self.answer_by,
            }
        }

        pub(crate) fn of(
            workspace: domain::id::WorkspaceId,
            thing: domain::participant::Participant,
        ) -> Self {
            let (on_behalf_of_person_id, on_behalf_of_organization_id) =
                party_columns(thing.on_behalf_of);
            Self {
                id: DbId(thing.id),
                workspace_id: DbId(workspace),
                event_id: DbId(thing.event_id),
                version: thing.version,
                person_id: DbId(thing.person_id),
                category: Spelled(thing.category),
                status: Spelled(thing.status.state()),
                status_since: thing.status.since(),
                representing_id: thing.representing_id.map(DbId),
                on_behalf_of_person_id,
                on_behalf_of_organization_id,
                printed_name: thing.printed_name,
                printed_posts: Json(thing.printed_posts),
                position: thing.position,
                delegation_id: thing.delegation_id.map(DbId),
                delegate_role: thing.delegate_role.map(Spelled),
                availability: Json(thing.availability),
                link_generation: thing.link_generation,
                answered_through: thing.answered_through.map(Spelled),
                answer_by: thing.answer_by,
            }
        }
    }
}

pub(crate) mod participant_group {
    //! A group that nobody has named.
    use domain::Key;
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Spelled};

    thing!("participant_group" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::ParticipantGroup>,
        workspace_id: DbId<kind::Workspace>,
        event_id: DbId<kind::Event>,
        version: i32,
        external_id: Option<Spelled<Key>>,
        description: String,
        expected_count: Option<i32>,
        organization_id: Option<DbId<kind::Organization>>,
        position: i32,
    });

    mapped!(part domain::participant::ParticipantGroup {
        id, event_id, version, external_id, description, expected_count, organization_id, position,
    });
}
