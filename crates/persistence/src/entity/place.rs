//! Rows of venues and rooms.

pub(crate) mod venue {
    //! A venue.
    use domain::Key;
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Spelled};

    thing!("venue" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Venue>,
        workspace_id: DbId<kind::Workspace>,
        version: i32,
        external_id: Option<Spelled<Key>>,
        name: String,
        address: Option<String>,
    });

    mapped!(directory domain::venue::Venue {
        id, workspace_id, version, external_id, name, address,
    });
}

pub(crate) mod room {
    //! A room.
    use domain::Key;
    use domain::availability::Availability;
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Json, Spelled};

    thing!("room" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Room>,
        workspace_id: DbId<kind::Workspace>,
        version: i32,
        venue_id: Option<DbId<kind::Venue>>,
        external_id: Option<Spelled<Key>>,
        name: String,
        floor: Option<String>,
        capacity: Option<i32>,
        accessibility: Option<String>,
        availability: Json<Availability>,
        position: i32,
    });

    mapped!(directory domain::venue::Room {
        id, workspace_id, version, venue_id, external_id, name, floor, capacity, accessibility, availability, position,
    });
}
