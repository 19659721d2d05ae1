//! Rows of what remains of an event: resolutions, action items, reports.

pub(crate) mod resolution {
    //! Something decided.
    use domain::Key;
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Spelled};

    table!("resolution" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Resolution>,
        workspace_id: DbId<kind::Workspace>,
        event_id: DbId<kind::Event>,
        item_id: Option<DbId<kind::AgendaItem>>,
        external_id: Option<Spelled<Key>>,
        text: String,
        position: i32,
    });

    impl From<Model> for domain::resolution::Resolution {
        fn from(row: Model) -> Self {
            Self {
                id: row.id.0,
                event_id: row.event_id.0,
                item_id: row.item_id.map(|id| id.0),
                external_id: row.external_id.map(|key| key.0),
                text: row.text,
                position: row.position,
            }
        }
    }
}

pub(crate) mod action_item {
    //! Something to be done, without those responsible.
    use domain::Key;
    use domain::action_item::{ActionItem, ActionItemState, ActionItemStatus};
    use domain::id::{OrganizationId, kind};
    use domain::release::Recurrence;
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Spelled};

    table!("action_item" {
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

    table!("report" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Report>,
        workspace_id: DbId<kind::Workspace>,
        event_id: DbId<kind::Event>,
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

    impl From<Model> for domain::report::Report {
        fn from(row: Model) -> Self {
            Self {
                id: row.id.0,
                event_id: row.event_id.0,
                external_id: row.external_id.map(|key| key.0),
                title: row.title,
                publisher: row.publisher,
                published_on: row.published_on,
                published_at: row.published_at,
                language: row.language.0,
                url: row.url,
                credits: row.credits.0,
                key_figures: row.key_figures.0,
                documents_cited: row.documents_cited.0,
                position: row.position,
            }
        }
    }
}
