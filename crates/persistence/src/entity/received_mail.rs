//! Rows of mail that came in.

use domain::id::kind;
use domain::received_mail::{ReceivedMailFacts, ReceivedMailKind, ReceivedMailOutcome};
use sea_orm::entity::prelude::*;

use crate::column::{DbId, Json, Spelled};

table!("received_mail" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: DbId<kind::ReceivedMail>,
    workspace_id: Option<DbId<kind::Workspace>>,
    event_id: Option<DbId<kind::Event>>,
    participant_id: Option<DbId<kind::Participant>>,
    delivery_id: Option<DbId<kind::Delivery>>,
    digest: String,
    recipient: Option<String>,
    sender: Option<String>,
    subject: Option<String>,
    kind: Spelled<ReceivedMailKind>,
    outcome: Spelled<ReceivedMailOutcome>,
    note: Option<String>,
    facts: Json<ReceivedMailFacts>,
    raw: Option<Vec<u8>>,
    received_at: DateTimeUtc,
});

impl From<Model> for domain::received_mail::ReceivedMail {
    fn from(row: Model) -> Self {
        Self {
            id: row.id.0,
            workspace_id: row.workspace_id.map(|id| id.0),
            event_id: row.event_id.map(|id| id.0),
            participant_id: row.participant_id.map(|id| id.0),
            delivery_id: row.delivery_id.map(|id| id.0),
            kind: row.kind.0,
            outcome: row.outcome.0,
            sender: row.sender,
            subject: row.subject,
            note: row.note,
            facts: row.facts.0,
            received_at: row.received_at,
        }
    }
}
