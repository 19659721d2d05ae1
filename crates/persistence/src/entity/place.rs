//! Rows of venues and rooms.

pub(crate) mod venue {
    //! A venue.
    use domain::Key;
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Spelled};

    table!("venue" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Venue>,
        workspace_id: DbId<kind::Workspace>,
        external_id: Option<Spelled<Key>>,
        name: String,
        address: Option<String>,
    });

    impl From<Model> for domain::venue::Venue {
        fn from(row: Model) -> Self {
            Self {
                id: row.id.0,
                workspace_id: row.workspace_id.0,
                external_id: row.external_id.map(|key| key.0),
                name: row.name,
                address: row.address,
            }
        }
    }
}

pub(crate) mod room {
    //! A room.
    use domain::Key;
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Spelled};

    table!("room" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Room>,
        workspace_id: DbId<kind::Workspace>,
        venue_id: Option<DbId<kind::Venue>>,
        external_id: Option<Spelled<Key>>,
        name: String,
        floor: Option<String>,
        capacity: Option<i32>,
        accessibility: Option<String>,
        position: i32,
    });

    impl From<Model> for domain::venue::Room {
        fn from(row: Model) -> Self {
            Self {
                id: row.id.0,
                workspace_id: row.workspace_id.0,
                venue_id: row.venue_id.map(|id| id.0),
                external_id: row.external_id.map(|key| key.0),
                name: row.name,
                floor: row.floor,
                capacity: row.capacity,
                accessibility: row.accessibility,
                position: row.position,
            }
        }
    }
}
