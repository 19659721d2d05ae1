//! Rows of the agenda.

pub(crate) mod track {
    //! A strand.
    use domain::Key;
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Spelled};

    thing!("track" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Track>,
        workspace_id: DbId<kind::Workspace>,
        event_id: DbId<kind::Event>,
        version: i32,
        external_id: Option<Spelled<Key>>,
        name: String,
        color: Option<String>,
        position: i32,
    });

    mapped!(part domain::agenda::Track {
        id, event_id, version, external_id, name, color, position,
    });
}

pub(crate) mod agenda_item {
    //! An item.
    use domain::agenda::AgendaItemKind;
    use domain::id::kind;
    use domain::link::Link;
    use domain::{Key, LanguageTag, LocalizedText};
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Json, Spelled};

    thing!("agenda_item" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::AgendaItem>,
        workspace_id: DbId<kind::Workspace>,
        event_id: DbId<kind::Event>,
        version: i32,
        external_id: Option<Spelled<Key>>,
        kind: Spelled<AgendaItemKind>,
        title: Option<Json<LocalizedText>>,
        subtitle: Option<Json<LocalizedText>>,
        summary: Option<Json<LocalizedText>>,
        language: Option<Spelled<LanguageTag>>,
        parent_id: Option<DbId<kind::AgendaItem>>,
        position: i32,
        starts_at: Option<DateTime>,
        ends_at: Option<DateTime>,
        room_id: Option<DbId<kind::Room>>,
        track_id: Option<DbId<kind::Track>>,
        expected_audience: Option<i32>,
        url: Option<String>,
        links: Json<Vec<Link>>,
        attachments: Json<Vec<Link>>,
    });

    mapped!(part domain::agenda::AgendaItem {
        id, event_id, version, external_id, kind, title, subtitle, summary, language, parent_id, position, starts_at, ends_at, room_id, track_id, expected_audience, url, links, attachments,
    });
}

pub(crate) mod appearance {
    //! An appearance.
    use domain::appearance::{Appearance, AppearanceRole, Appearing};
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Json, Spelled};
    use crate::entity::directory::{party, party_columns};
    use crate::error::Fault;

    thing!("appearance" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Appearance>,
        workspace_id: DbId<kind::Workspace>,
        event_id: DbId<kind::Event>,
        version: i32,
        item_id: Option<DbId<kind::AgendaItem>>,
        role: Spelled<AppearanceRole>,
        position: i32,
        person_id: Option<DbId<kind::Person>>,
        organization_id: Option<DbId<kind::Organization>>,
        group_id: Option<DbId<kind::ParticipantGroup>>,
        on_behalf_of_person_id: Option<DbId<kind::Person>>,
        on_behalf_of_organization_id: Option<DbId<kind::Organization>>,
        printed_name: String,
        printed_posts: Json<Vec<String>>,
    });

    impl Model {
        pub(crate) fn appearance(self) -> Result<Appearance, Fault> {
            let who = match (self.person_id, self.organization_id, self.group_id) {
                (Some(id), ..) => Appearing::Person(id.0),
                (None, Some(id), _) => Appearing::Organization(id.0),
                (None, None, Some(id)) => Appearing::Group(id.0),
                (None, None, None) => {
                    return Err(Fault::inconsistent(
                        "appearance",
                        "person_id",
                        self.id.0.uuid(),
                    ));
                }
            };
            Ok(Appearance {
                id: self.id.0,
                event_id: self.event_id.0,
                version: self.version,
                item_id: self.item_id.map(|id| id.0),
                role: self.role.0,
                position: self.position,
                who,
                on_behalf_of: party(
                    self.on_behalf_of_person_id,
                    self.on_behalf_of_organization_id,
                ),
                printed_name: self.printed_name,
                printed_posts: self.printed_posts.0,
            })
        }

        pub(crate) fn of(workspace: domain::id::WorkspaceId, thing: Appearance) -> Self {
            let (on_behalf_of_person_id, on_behalf_of_organization_id) =
                party_columns(thing.on_behalf_of);
            let (person_id, organization_id, group_id) = match thing.who {
                Appearing::Person(id) => (Some(DbId(id)), None, None),
                Appearing::Organization(id) => (None, Some(DbId(id)), None),
                Appearing::Group(id) => (None, None, Some(DbId(id))),
            };
            Self {
                id: DbId(thing.id),
                workspace_id: DbId(workspace),
                event_id: DbId(thing.event_id),
                version: thing.version,
                item_id: thing.item_id.map(DbId),
                role: Spelled(thing.role),
                position: thing.position,
                person_id,
                organization_id,
                group_id,
                on_behalf_of_person_id,
                on_behalf_of_organization_id,
                printed_name: thing.printed_name,
                printed_posts: Json(thing.printed_posts),
            }
        }
    }
}

pub(crate) mod release {
    //! Something made public.
    use domain::id::kind;
    use domain::release::Recurrence;
    use domain::{Key, LocalizedText};
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Json, Spelled};

    thing!("release" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Release>,
        workspace_id: DbId<kind::Workspace>,
        event_id: DbId<kind::Event>,
        version: i32,
        item_id: Option<DbId<kind::AgendaItem>>,
        external_id: Option<Spelled<Key>>,
        title: Json<LocalizedText>,
        kind: Option<String>,
        url: Option<String>,
        recurrence: Spelled<Recurrence>,
        position: i32,
    });

    mapped!(part domain::release::Release {
        id, event_id, version, item_id, external_id, title, kind, url, recurrence, position,
    });
}

pub(crate) mod agenda_revision {
    //! What a change of an agenda was; what it did stands in the log.
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::DbId;

    table!("agenda_revision" {
        #[sea_orm(primary_key, auto_increment = false)]
        event_id: DbId<kind::Event>,
        #[sea_orm(primary_key, auto_increment = false)]
        number: i32,
        workspace_id: DbId<kind::Workspace>,
        operation_id: DbId<kind::Operation>,
        operation: String,
        account_id: Option<DbId<kind::Account>>,
        token_id: Option<DbId<kind::AccessToken>>,
        reason: Option<String>,
        at: DateTimeUtc,
        undoes: Option<i32>,
    });
}

pub(crate) mod agenda_version {
    //! An agenda as it was published, whole.
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::DbId;

    table!("agenda_version" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::AgendaVersion>,
        workspace_id: DbId<kind::Workspace>,
        event_id: DbId<kind::Event>,
        number: i32,
        revision: i32,
        published_at: DateTimeUtc,
        comment: Option<String>,
        operation_id: DbId<kind::Operation>,
        account_id: Option<DbId<kind::Account>>,
        token_id: Option<DbId<kind::AccessToken>>,
        reason: Option<String>,
        content: String,
    });
}

pub(crate) mod published_part {
    //! That something is a part of the agenda that an event has published last.
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::DbId;

    table!("published_part" {
        #[sea_orm(primary_key, auto_increment = false)]
        event_id: DbId<kind::Event>,
        #[sea_orm(primary_key, auto_increment = false)]
        object_id: Uuid,
    });
}
