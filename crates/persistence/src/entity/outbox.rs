//! Rows of what is to be told to whom.

#[expect(
    clippy::module_inception,
    reason = "the table is called so, and so is its noun"
)]
pub(crate) mod outbox {
    //! A notice to one person that waits to be sent.
    use domain::id::kind;
    use domain::outbox::{OutboxKind, OutboxState};
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Spelled};

    table!("outbox" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::OutboxMessage>,
        workspace_id: DbId<kind::Workspace>,
        event_id: Option<DbId<kind::Event>>,
        kind: Spelled<OutboxKind>,
        person_id: DbId<kind::Person>,
        agenda_version_id: Option<DbId<kind::AgendaVersion>>,
        payload: Json,
        state: Spelled<OutboxState>,
        created_at: DateTimeUtc,
        available_at: DateTimeUtc,
        attempts: i32,
        claimed_until: Option<DateTimeUtc>,
        message_id: Option<String>,
        last_error: Option<String>,
    });
}
