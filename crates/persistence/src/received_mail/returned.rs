//! Mails of ours that come back, and complaints: what they say of a delivery and of its address.

use domain::id::DeliveryId;
use domain::message::{DeliveryState, SuppressionReason};
use domain::received_mail::{ReceivedMailFacts, ReceivedMailOutcome};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{Returned, Taken, facts_of_returned, text};
use crate::column::{DbId, Spelled};
use crate::entity::directory::person;
use crate::entity::message::{delivery, suppression};
use crate::entity::participation::participant;
use crate::error::Fault;
use crate::operation::Operation;

/// What a mail that was given up elsewhere may be here: it was handed over, as far as anybody knows.
const UNDERWAY: [DeliveryState; 4] = [
    DeliveryState::Sent,
    DeliveryState::Sending,
    DeliveryState::Uncertain,
    DeliveryState::Deferred,
];

impl Operation<'_> {
    /// A mail of ours came back.
    pub(super) async fn take_returned(
        &self,
        row: &delivery::Model,
        returned: &Returned,
    ) -> Result<Taken, Fault> {
        let facts = facts_of_returned(returned);
        let Returned::Failed {
            suppress,
            diagnostic,
        } = returned
        else {
            let note = "it says that the mail is still underway";
            return Ok(Taken::new(ReceivedMailOutcome::Noted, Some(note), facts));
        };
        let reason = diagnostic.as_deref().and_then(text);
        let reason = reason.unwrap_or_else(|| "it came back without a word".to_owned());
        // Whoever sends it may be writing down at this moment that it was taken on: the state decides.
        let bounced = delivery::Entity::update_many()
            .col_expr(
                delivery::Column::State,
                Expr::value(DeliveryState::Bounced.to_string()),
            )
            // What servers say names addresses: it stands where only some may read.
            .col_expr(delivery::Column::Answer, Expr::value(reason.clone()))
            .col_expr(delivery::Column::Reason, Expr::value("it came back"))
            .col_expr(
                delivery::Column::ClaimedUntil,
                Expr::value(None::<chrono::DateTime<chrono::Utc>>),
            )
            .col_expr(delivery::Column::SettledAt, Expr::value(self.now()))
            .col_expr(delivery::Column::Raw, Expr::value(None::<Vec<u8>>))
            .filter(delivery::Column::Id.eq(row.id))
            .filter(delivery::Column::State.is_in(UNDERWAY.map(Spelled)))
            .filter(delivery::Column::Attempts.gt(0))
            .exec(self.on())
            .await?;
        let is_news = bounced.rows_affected > 0;
        // What was given up before, or is to be sent anew, is not a mail that comes back.
        let counts = is_news || row.state.0 == DeliveryState::Bounced;
        let mut suppressed = false;
        if let (true, Some(why), Some(address)) = (counts, suppress, &row.address) {
            suppressed = self
                .takes_no_mail(address, (*why, Some(reason)), Some(row.id.0))
                .await?;
        }
        Ok(if is_news || suppressed {
            Taken::new(ReceivedMailOutcome::Applied, None, facts)
        } else {
            let note = "that the mail did not arrive was known";
            Taken::new(ReceivedMailOutcome::Noted, Some(note), facts)
        })
    }

    /// Somebody called a mail of ours spam.
    pub(super) async fn take_complaint_of(&self, row: &delivery::Model) -> Result<Taken, Fault> {
        let why = (SuppressionReason::Unsubscribed, Some(SPAM.to_owned()));
        let suppressed = match &row.address {
            Some(address) => self.takes_no_mail(address, why, Some(row.id.0)).await?,
            None => false,
        };
        Ok(if suppressed { applied() } else { known() })
    }

    /// The same, of whatever we sent to a participant.
    pub(super) async fn take_complaint(&self, row: &participant::Model) -> Result<Taken, Fault> {
        let person = person::Entity::find_by_id(row.person_id)
            .one(self.on())
            .await?;
        let why = (SuppressionReason::Unsubscribed, Some(SPAM.to_owned()));
        let suppressed = match person.and_then(|row| row.email) {
            Some(address) => self.takes_no_mail(&address, why, None).await?,
            None => false,
        };
        Ok(if suppressed { applied() } else { known() })
    }

    /// Puts an address on the list of those that take no mail. Whether it was not on it.
    async fn takes_no_mail(
        &self,
        address: &str,
        why: (SuppressionReason, Option<String>),
        because_of: Option<DeliveryId>,
    ) -> Result<bool, Fault> {
        let there = suppression::Entity::find()
            .filter(suppression::Column::WorkspaceId.eq(DbId(self.workspace())))
            .filter(suppression::Column::Address.eq(address.to_lowercase()))
            .one(self.on())
            .await?;
        if there.is_some() {
            return Ok(false);
        }
        let workspace = self.workspace();
        self.store()
            .suppress(self.on(), workspace, address, why, because_of)
            .await?;
        Ok(true)
    }
}

const SPAM: &str = "whoever reads it called a mail spam";

/// A complaint that put an address on the list.
fn applied() -> Taken {
    let facts = ReceivedMailFacts::default();
    Taken::new(ReceivedMailOutcome::Applied, None, facts)
}

/// A complaint that put none on it.
fn known() -> Taken {
    let note = "there is no address that would take mail";
    let facts = ReceivedMailFacts::default();
    Taken::new(ReceivedMailOutcome::Noted, Some(note), facts)
}
