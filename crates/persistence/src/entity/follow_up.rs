//! Rows of what remains of an event: resolutions, action items, reports.

pub(crate) mod resolution {
    //! Something decided.
    use domain::Key;
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Spelled};

    thing!("resolution" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Resolution>,
        workspace_id: DbId<kind::Workspace>,
        event_id: DbId<kind::Event>,
        version: i32,
        item_id: Option<DbId<kind::AgendaItem>>,
        external_id: Option<Spelled<Key>>,
        text: String,
        position: i32,
    });

    mapped!(part domain::resolution::Resolution {
        id, event_id, version, item_id, external_id, text, position,
    });
}

pub(crate) mod action_item {
    //! Something to be done, without those responsible.
    use domain::Key;
    use domain::action_item::{ActionItem, ActionItemState, ActionItemStatus};
    use domain::id::{OrganizationId, kind};
    use domain::release::Recurrence;
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Spelled};

    thing!("action_item" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::ActionItem>,
        workspace_id: DbId<kind::Workspace>,
        event_id: DbId<kind::Event>,
        version: i32,
        external_id: Option<Spelled<Key>>,
        description: String,
        status: Spelled<ActionItemState>,
        status_since: Option<DateTimeUtc>,
        progress: Option<String>,
        set_by_id: Option<DbId<kind::Person>>,
        due_on: Option<Date>,
        recurrence: Spelled<Recurrence>,
        position: i32,
    });

    impl Model {
        /// The status with its fact.
        pub(crate) fn status(&self) -> ActionItemStatus {
            ActionItemStatus::new(self.status.0, self.status_since)
        }

        pub(crate) fn action_item(self, responsible: Vec<OrganizationId>) -> ActionItem {
            ActionItem {
                status: self.status(),
                id: self.id.0,
                event_id: self.event_id.0,
                version: self.version,
                external_id: self.external_id.map(|key| key.0),
                description: self.description,
                progress: self.progress,
                set_by_id: self.set_by_id.map(|id| id.0),
                responsible,
                due_on: self.due_on,
                recurrence: self.recurrence.0,
                position: self.position,
            }
        }

        /// The row alone: those responsible have rows of their own.
        pub(crate) fn of(workspace: domain::id::WorkspaceId, thing: &ActionItem) -> Self {
            Self {
                id: DbId(thing.id),
                workspace_id: DbId(workspace),
                event_id: DbId(thing.event_id),
                version: thing.version,
                external_id: thing.external_id.clone().map(Spelled),
                description: thing.description.clone(),
                status: Spelled(thing.status.state()),
                status_since: thing.status.since(),
                progress: thing.progress.clone(),
                set_by_id: thing.set_by_id.map(DbId),
                due_on: thing.due_on,
                recurrence: Spelled(thing.recurrence),
                position: thing.position,
            }
        }
    }
}

pub(crate) mod action_item_responsible {
    //! Who is to do it.
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::DbId;

    table!("action_item_responsible" {
        #[sea_orm(primary_key, auto_increment = false)]
        action_item_id: DbId<kind::ActionItem>,
        position: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        organization_id: DbId<kind::Organization>,
    });
}

pub(crate) mod report {
    //! A report.
    use domain::id::kind;
    use domain::report::{Credit, KeyFigure};
    use domain::{Key, LanguageTag};
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Json, Spelled};

    thing!("report" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Report>,
        workspace_id: DbId<kind::Workspace>,
        event_id: DbId<kind::Event>,
        version: i32,
        external_id: Option<Spelled<Key>>,
        title: Option<String>,
        publisher: String,
        published_on: Option<Date>,
        published_at: Option<DateTime>,
        language: Spelled<LanguageTag>,
        url: Option<String>,
        credits: Json<Vec<Credit>>,
        key_figures: Json<Vec<KeyFigure>>,
        documents_cited: Json<Vec<String>>,
        position: i32,
    });

    mapped!(part domain::report::Report {
        id, event_id, version, external_id, title, publisher, published_on, published_at, language, url, credits, key_figures, documents_cited, position,
    });
}
