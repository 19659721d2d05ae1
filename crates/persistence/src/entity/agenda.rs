//! Rows of the agenda.

pub(crate) mod track {
    //! A strand.
    use domain::Key;
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Spelled};

    table!("track" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Track>,
        workspace_id: DbId<kind::Workspace>,
        event_id: DbId<kind::Event>,
        external_id: Option<Spelled<Key>>,
        name: String,
        color: Option<String>,
        position: i32,
    });

    impl From<Model> for domain::agenda::Track {
        fn from(row: Model) -> Self {
            Self {
                id: row.id.0,
                event_id: row.event_id.0,
                external_id: row.external_id.map(|key| key.0),
                name: row.name,
                color: row.color,
                position: row.position,
            }
        }
    }
}

pub(crate) mod agenda_item {
    //! An item.
    use domain::agenda::AgendaItemKind;
    use domain::id::kind;
    use domain::link::Link;
    use domain::{Key, LanguageTag, LocalizedText};
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Json, Spelled};

    table!("agenda_item" {
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
        url: Option<String>,
        links: Json<Vec<Link>>,
        attachments: Json<Vec<Link>>,
    });

    impl From<Model> for domain::agenda::AgendaItem {
        fn from(row: Model) -> Self {
            Self {
                id: row.id.0,
                event_id: row.event_id.0,
                version: row.version,
                external_id: row.external_id.map(|key| key.0),
                kind: row.kind.0,
                title: row.title.map(|title| title.0),
                subtitle: row.subtitle.map(|subtitle| subtitle.0),
                summary: row.summary.map(|summary| summary.0),
                language: row.language.map(|language| language.0),
                parent_id: row.parent_id.map(|id| id.0),
                position: row.position,
                starts_at: row.starts_at,
                ends_at: row.ends_at,
                room_id: row.room_id.map(|id| id.0),
                track_id: row.track_id.map(|id| id.0),
                url: row.url,
                links: row.links.0,
                attachments: row.attachments.0,
            }
        }
    }
}

pub(crate) mod appearance {
    //! An appearance.
    use domain::appearance::{Appearance, AppearanceRole, Appearing};
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Json, Spelled};
    use crate::entity::directory::party;
    use crate::error::Fault;

    table!("appearance" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Appearance>,
        workspace_id: DbId<kind::Workspace>,
        event_id: DbId<kind::Event>,
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
    }
}

pub(crate) mod release {
    //! Something made public.
    use domain::id::kind;
    use domain::release::Recurrence;
    use domain::{Key, LocalizedText};
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Json, Spelled};

    table!("release" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Release>,
        workspace_id: DbId<kind::Workspace>,
        event_id: DbId<kind::Event>,
        item_id: Option<DbId<kind::AgendaItem>>,
        external_id: Option<Spelled<Key>>,
        title: Json<LocalizedText>,
        kind: Option<String>,
        url: Option<String>,
        recurrence: Spelled<Recurrence>,
        position: i32,
    });

    impl From<Model> for domain::release::Release {
        fn from(row: Model) -> Self {
            Self {
                id: row.id.0,
                event_id: row.event_id.0,
                item_id: row.item_id.map(|id| id.0),
                external_id: row.external_id.map(|key| key.0),
                title: row.title.0,
                kind: row.kind,
                url: row.url,
                recurrence: row.recurrence.0,
                position: row.position,
            }
        }
    }
}
