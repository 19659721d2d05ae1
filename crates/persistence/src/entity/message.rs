//! Rows of what is told to people: messages and their mails, what stands in whose calendar, addresses that
//! take no mail, and how mails are worded.

#[expect(
    clippy::module_inception,
    reason = "the table is called so, and so is its noun"
)]
pub(crate) mod message {
    //! A message.
    use domain::id::kind;
    use domain::message::{MessageKind, MessageState};
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Spelled};

    thing!("message" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Message>,
        workspace_id: DbId<kind::Workspace>,
        event_id: DbId<kind::Event>,
        version: i32,
        kind: Spelled<MessageKind>,
        state: Spelled<MessageState>,
        note: Option<String>,
        agenda_version_id: Option<DbId<kind::AgendaVersion>>,
        account_id: Option<DbId<kind::Account>>,
        created_at: DateTimeUtc,
        released_at: Option<DateTimeUtc>,
    });

    impl From<Model> for domain::message::Message {
        fn from(row: Model) -> Self {
            Self {
                id: row.id.0,
                event_id: row.event_id.0,
                version: row.version,
                kind: row.kind.0,
                state: row.state.0,
                note: row.note,
                agenda_version_id: row.agenda_version_id.map(|id| id.0),
                account_id: row.account_id.map(|id| id.0),
                created_at: row.created_at,
                released_at: row.released_at,
            }
        }
    }
}

pub(crate) mod invitation {
    //! An invitation.
    use domain::id::kind;
    use domain::invitation::{CalendarEntry, InvitationReply, InvitationStatus};
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Json, Spelled};

    table!("invitation" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Invitation>,
        workspace_id: DbId<kind::Workspace>,
        event_id: DbId<kind::Event>,
        participant_id: DbId<kind::Participant>,
        item_id: Option<DbId<kind::AgendaItem>>,
        sequence: i32,
        status: Spelled<InvitationStatus>,
        entry: Json<CalendarEntry>,
        changed_at: DateTimeUtc,
        reply: Option<Json<InvitationReply>>,
    });

    impl From<Model> for domain::invitation::Invitation {
        fn from(row: Model) -> Self {
            Self {
                id: row.id.0,
                event_id: row.event_id.0,
                participant_id: row.participant_id.0,
                item_id: row.item_id.map(|id| id.0),
                sequence: row.sequence,
                status: row.status.0,
                entry: row.entry.0,
                changed_at: row.changed_at,
                reply: row.reply.map(|reply| reply.0),
            }
        }
    }

    impl Model {
        pub(crate) fn of(
            workspace: domain::id::WorkspaceId,
            thing: domain::invitation::Invitation,
        ) -> Self {
            Self {
                id: DbId(thing.id),
                workspace_id: DbId(workspace),
                event_id: DbId(thing.event_id),
                participant_id: DbId(thing.participant_id),
                item_id: thing.item_id.map(DbId),
                sequence: thing.sequence,
                status: Spelled(thing.status),
                entry: Json(thing.entry),
                changed_at: thing.changed_at,
                reply: thing.reply.map(Json),
            }
        }
    }
}

pub(crate) mod delivery {
    //! A mail to one person.
    use domain::id::kind;
    use domain::message::{DeliveryState, MessageKind};
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Spelled};

    table!("delivery" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Delivery>,
        workspace_id: DbId<kind::Workspace>,
        event_id: DbId<kind::Event>,
        message_id: DbId<kind::Message>,
        kind: Spelled<MessageKind>,
        person_id: DbId<kind::Person>,
        participant_id: Option<DbId<kind::Participant>>,
        invitation_id: Option<DbId<kind::Invitation>>,
        payload: Json,
        state: Spelled<DeliveryState>,
        lane: i32,
        created_at: DateTimeUtc,
        available_at: DateTimeUtc,
        useful_until: Option<DateTimeUtc>,
        attempts: i32,
        unsure: i32,
        claims: i32,
        first_tried_at: Option<DateTimeUtc>,
        claimed_until: Option<DateTimeUtc>,
        address: Option<String>,
        subject: Option<String>,
        raw: Option<Vec<u8>>,
        answer: Option<String>,
        reason: Option<String>,
        remark: Option<String>,
        settled_at: Option<DateTimeUtc>,
    });

    impl From<Model> for domain::message::Delivery {
        fn from(row: Model) -> Self {
            Self {
                id: row.id.0,
                message_id: row.message_id.0,
                event_id: row.event_id.0,
                kind: row.kind.0,
                person_id: row.person_id.0,
                participant_id: row.participant_id.map(|id| id.0),
                invitation_id: row.invitation_id.map(|id| id.0),
                state: row.state.0,
                address: row.address,
                subject: row.subject,
                attempts: row.attempts,
                unsure: row.unsure,
                answer: row.answer,
                reason: row.reason,
                created_at: row.created_at,
                available_at: row.available_at,
                settled_at: row.settled_at,
            }
        }
    }
}

pub(crate) mod suppression {
    //! An address that takes no mail.
    use domain::id::kind;
    use domain::message::SuppressionReason;
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Spelled};

    thing!("suppression" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Suppression>,
        workspace_id: DbId<kind::Workspace>,
        version: i32,
        address: String,
        reason: Spelled<SuppressionReason>,
        detail: Option<String>,
        delivery_id: Option<DbId<kind::Delivery>>,
        at: DateTimeUtc,
    });

    impl From<Model> for domain::message::Suppression {
        fn from(row: Model) -> Self {
            Self {
                id: row.id.0,
                workspace_id: row.workspace_id.0,
                version: row.version,
                address: row.address,
                reason: row.reason.0,
                detail: row.detail,
                at: row.at,
            }
        }
    }
}

pub(crate) mod mail_template {
    //! A template in place of ours.
    use domain::id::kind;
    use sea_orm::entity::prelude::*;

    use crate::column::DbId;

    thing!("mail_template" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::MailTemplate>,
        workspace_id: DbId<kind::Workspace>,
        version: i32,
        name: String,
        source: String,
        changed_at: DateTimeUtc,
    });

    impl From<Model> for domain::mail_template::MailTemplate {
        fn from(row: Model) -> Self {
            Self {
                id: row.id.0,
                workspace_id: row.workspace_id.0,
                version: row.version,
                name: row.name,
                source: row.source,
                changed_at: row.changed_at,
            }
        }
    }
}
