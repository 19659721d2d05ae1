//! Rows of what was changed, of answers that are kept, and of merges.

pub(crate) mod audit_entry {
    //! What one operation did to one thing.
    use domain::audit::AuditAction;
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Spelled};

    table!("audit_entry" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::AuditEntry>,
        workspace_id: DbId<kind::Workspace>,
        event_id: Option<DbId<kind::Event>>,
        operation_id: DbId<kind::Operation>,
        operation: String,
        action: Spelled<AuditAction>,
        object_kind: String,
        object_id: Uuid,
        account_id: Option<DbId<kind::Account>>,
        token_id: Option<DbId<kind::AccessToken>>,
        reason: Option<String>,
        at: DateTimeUtc,
        before: Json,
        after: Json,
    });
}

pub(crate) mod idempotency_key {
    //! What a caller was answered, for when it asks again.
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::DbId;

    table!("idempotency_key" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Operation>,
        workspace_id: DbId<kind::Workspace>,
        account_id: DbId<kind::Account>,
        operation: String,
        key: String,
        input_hash: String,
        answer: Json,
        created_at: DateTimeUtc,
    });
}

pub(crate) mod merge {
    //! That two things became one, and all it takes to make them two again.
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::DbId;

    table!("merge" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Merge>,
        workspace_id: DbId<kind::Workspace>,
        object_kind: String,
        winner_id: Uuid,
        loser_id: Uuid,
        loser: Json,
        moved: Json,
        dropped: Json,
        lists: Json,
        filled: Json,
        at: DateTimeUtc,
        undone_at: Option<DateTimeUtc>,
    });
}
