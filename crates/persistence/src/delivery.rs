//! Mails on their way: claimed by one of those who send, written once, and settled.
//!
//! A claim is a lease and no lock: nothing is held while a mail server is talked to. Whoever dies with a
//! claim leaves mails that may have gone out; when the lease is over they are sent again, the same to the
//! byte, and counted as unsure.

mod outgoing;

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use domain::access::Actor;
use domain::id::{DeliveryId, WorkspaceId};
use domain::message::{DeliveryState, SuppressionReason};
use sea_orm::sea_query::{
    CaseStatement, Expr, ExprTrait, LockBehavior, LockType, OnConflict, Order, Query, SimpleExpr,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::column::{DbId, Spelled};
use crate::entity::message::{delivery, suppression};
use crate::error::Fault;
use crate::store::Store;
use outgoing::Opening;

pub use outgoing::{IssuedTo, Outgoing, Secrets};

/// On whose behalf mails are sent, and what comes back is read.
pub const POSTMASTER: Actor = Actor::System {
    reason: "sending and receiving mail",
};

/// Whoever sends a mail has claimed it. Each claim of one has a greater number than the one before, so that
/// who has lost theirs can be told from who has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Claim {
    /// The mail.
    pub id: DeliveryId,
    /// The how-many-th claim of it.
    pub number: i32,
}

/// A mail as it was written, for good.
#[derive(Debug, Clone)]
pub struct Written {
    /// By whose claim.
    pub claim: Claim,
    /// Where it goes.
    pub address: String,
    /// What it is called.
    pub subject: String,
    /// All of it.
    pub raw: Vec<u8>,
    /// What there is to say of how it was written, for people.
    pub remark: Option<String>,
}

/// What became of a mail that was claimed.
#[derive(Debug, Clone)]
pub struct Settled {
    /// By whose claim.
    pub claim: Claim,
    /// What it is now.
    pub state: DeliveryState,
    /// Not before then it is tried again, if it is.
    pub again_at: Option<DateTime<Utc>>,
    /// Whether it may have arrived this time.
    pub unsure: bool,
    /// What the mail server said.
    pub answer: Option<String>,
    /// Why, for people.
    pub reason: Option<String>,
    /// That its address takes no mail from now on.
    pub suppress: Option<(String, SuppressionReason)>,
}

impl Store {
    /// Claims mails that are due, those whom somebody waits for first, until the lease is over.
    pub async fn claim_deliveries(
        &self,
        most: u64,
        lease: TimeDelta,
    ) -> Result<Vec<Outgoing>, Fault> {
        use delivery::Column;
        let now = self.now();
        let waiting = Condition::all()
            .add(Column::State.is_in([
                Spelled(DeliveryState::Queued),
                Spelled(DeliveryState::Deferred),
                Spelled(DeliveryState::Uncertain),
            ]))
            .add(Column::AvailableAt.lte(now));
        let abandoned = Condition::all()
            .add(Column::State.eq(Spelled(DeliveryState::Sending)))
            .add(Column::ClaimedUntil.lt(now));
        let due = Query::select()
            .column(Column::Id)
            .from(delivery::Entity)
            .cond_where(Condition::any().add(waiting).add(abandoned.clone()))
            .order_by(Column::Lane, Order::Asc)
            .order_by(Column::AvailableAt, Order::Asc)
            .order_by(Column::Id, Order::Asc)
            .limit(most)
            // Nothing is printed for it on SQLite, where one writes at a time.
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .take();
        let tx = self.begin().await?;
        let mut ids: Vec<DbId<domain::id::kind::Delivery>> = Vec::new();
        for row in tx.on().query_all(&due).await? {
            ids.push(row.try_get_by_index(0)?);
        }
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let claimed = || Column::Id.is_in(ids.iter().copied());
        let was_sending = CaseStatement::new()
            .case(
                Column::State.eq(Spelled(DeliveryState::Sending)),
                Expr::col(Column::Unsure).add(1),
            )
            .finally(Expr::col(Column::Unsure));
        delivery::Entity::update_many()
            .col_expr(Column::Unsure, was_sending.into())
            .col_expr(
                Column::State,
                Expr::value(DeliveryState::Sending.to_string()),
            )
            .col_expr(Column::ClaimedUntil, Expr::value(now + lease))
            .col_expr(Column::Claims, Expr::col(Column::Claims).add(1))
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
            .col_expr(
                Column::FirstTriedAt,
                Expr::col(Column::FirstTriedAt).if_null(now),
            )
            .filter(claimed())
            .exec(tx.on())
            .await?;
        let rows = delivery::Entity::find()
            .filter(claimed())
            .order_by_asc(Column::Lane)
            .order_by_asc(Column::AvailableAt)
            .order_by_asc(Column::Id)
            .all(tx.on())
            .await?;
        tx.commit().await?;
        self.outgoing(rows, Opening::Theirs).await
    }

    /// When the next mail is due, if any waits.
    pub async fn next_delivery_at(&self) -> Result<Option<DateTime<Utc>>, Fault> {
        use delivery::Column;
        let earliest = |states: &[DeliveryState], column: Column| {
            let states = states.iter().copied().map(Spelled);
            delivery::Entity::find()
                .select_only()
                .column_as(column.min(), "earliest")
                .filter(Column::State.is_in(states))
                .into_tuple::<Option<DateTime<Utc>>>()
        };
        let open = [
            DeliveryState::Queued,
            DeliveryState::Deferred,
            DeliveryState::Uncertain,
        ];
        let next = earliest(&open, Column::AvailableAt)
            .one(self.read())
            .await?
            .flatten();
        let lease = earliest(&[DeliveryState::Sending], Column::ClaimedUntil)
            .one(self.read())
            .await?
            .flatten();
        Ok(next.into_iter().chain(lease).min())
    }

    /// Keeps mails as they were written: whatever happens, they go out so. Whether all of them are still
    /// claimed by the one who has written them; if not, none is kept.
    pub async fn keep_written(&self, mails: Vec<Written>) -> Result<bool, Fault> {
        use delivery::Column;
        let tx = self.begin().await?;
        for some in mails.chunks(WRITTEN_AT_ONCE) {
            let case = |value: fn(&Written) -> SimpleExpr| {
                let mut case = CaseStatement::new();
                for mail in some {
                    case = case.case(Column::Id.eq(DbId(mail.claim.id)), value(mail));
                }
                case.into()
            };
            let kept = delivery::Entity::update_many()
                .col_expr(
                    Column::Address,
                    case(|mail| Expr::value(mail.address.clone())),
                )
                .col_expr(
                    Column::Subject,
                    case(|mail| Expr::value(mail.subject.clone())),
                )
                .col_expr(Column::Raw, case(|mail| Expr::value(mail.raw.clone())))
                .col_expr(
                    Column::Remark,
                    case(|mail| Expr::value(mail.remark.clone())),
                )
                .filter(held(some.iter().map(|mail| mail.claim)))
                .exec(tx.on())
                .await?;
            if kept.rows_affected < u64::try_from(some.len()).unwrap_or(u64::MAX) {
                return Ok(false);
            }
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Holds on to claims, for as long again. Which of them hold still: the others are somebody else's.
    pub async fn renew_claims(
        &self,
        claims: &[Claim],
        lease: TimeDelta,
    ) -> Result<HashSet<DeliveryId>, Fault> {
        use delivery::Column;
        if claims.is_empty() {
            return Ok(HashSet::new());
        }
        let until = self.now() + lease;
        let tx = self.begin().await?;
        delivery::Entity::update_many()
            .col_expr(Column::ClaimedUntil, Expr::value(until))
            .filter(held(claims.iter().copied()))
            .exec(tx.on())
            .await?;
        let kept: Vec<DbId<domain::id::kind::Delivery>> = delivery::Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(held(claims.iter().copied()))
            .into_tuple()
            .all(tx.on())
            .await?;
        tx.commit().await?;
        Ok(kept.into_iter().map(|id| id.0).collect())
    }

    /// Lets go of claims of mails that nothing was done with: they are as they were, and due at another
    /// time. What was written for the first time is not kept: it is written anew when it goes.
    pub async fn put_back(&self, mails: &[(Claim, DateTime<Utc>)]) -> Result<(), Fault> {
        use delivery::Column;
        if mails.is_empty() {
            return Ok(());
        }
        let mut at = CaseStatement::new();
        for (claim, due) in mails {
            at = at.case(Column::Id.eq(DbId(claim.id)), Expr::value(*due));
        }
        let state = CaseStatement::new()
            .case(
                Column::Unsure.gt(0),
                Expr::value(DeliveryState::Uncertain.to_string()),
            )
            .case(
                Column::Attempts.gt(1),
                Expr::value(DeliveryState::Deferred.to_string()),
            )
            .finally(Expr::value(DeliveryState::Queued.to_string()));
        let untried = || Column::Attempts.lte(1).and(Column::Unsure.eq(0));
        macro_rules! unless_untried {
            ($column:expr, $nothing:ty) => {
                CaseStatement::new()
                    .case(untried(), Expr::value(None::<$nothing>))
                    .finally(Expr::col($column))
                    .into()
            };
        }
        let claims = mails.iter().map(|(claim, _)| *claim);
        let tx = self.begin().await?;
        delivery::Entity::update_many()
            .col_expr(Column::State, state.into())
            .col_expr(Column::AvailableAt, at.into())
            .col_expr(Column::Raw, unless_untried!(Column::Raw, Vec<u8>))
            .col_expr(Column::Address, unless_untried!(Column::Address, String))
            .col_expr(Column::Subject, unless_untried!(Column::Subject, String))
            .col_expr(
                Column::FirstTriedAt,
                unless_untried!(Column::FirstTriedAt, DateTime<Utc>),
            )
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).sub(1))
            .col_expr(Column::ClaimedUntil, Expr::value(None::<DateTime<Utc>>))
            .filter(held(claims))
            .exec(tx.on())
            .await?;
        tx.commit().await
    }

    /// Writes down what became of mails, those whose claim still holds.
    pub async fn settle_deliveries(&self, settled: &[Settled]) -> Result<(), Fault> {
        use delivery::Column;
        if settled.is_empty() {
            return Ok(());
        }
        let now = self.now();
        let tx = self.begin().await?;
        let (sent, others): (Vec<_>, Vec<_>) = settled
            .iter()
            .partition(|one| one.state == DeliveryState::Sent);
        for some in sent.chunks(WRITTEN_AT_ONCE) {
            let (mut answer, mut reason) = (CaseStatement::new(), CaseStatement::new());
            for one in some {
                let this = || Column::Id.eq(DbId(one.claim.id));
                answer = answer.case(this(), Expr::value(one.answer.clone()));
                reason = reason.case(this(), Expr::value(one.reason.clone()));
            }
            delivery::Entity::update_many()
                .col_expr(Column::State, Expr::value(DeliveryState::Sent.to_string()))
                .col_expr(Column::Answer, answer.into())
                .col_expr(Column::Reason, reason.into())
                .col_expr(Column::Raw, Expr::value(None::<Vec<u8>>))
                .col_expr(Column::ClaimedUntil, Expr::value(None::<DateTime<Utc>>))
                .col_expr(Column::SettledAt, Expr::value(now))
                .filter(held(some.iter().map(|one| one.claim)))
                .exec(tx.on())
                .await?;
        }
        for one in others {
            let lasts = !one.state.is_open();
            let done = delivery::Entity::update_many()
                .col_expr(Column::State, Expr::value(one.state.to_string()))
                .col_expr(
                    Column::AvailableAt,
                    Expr::value(one.again_at.unwrap_or(now)),
                )
                .col_expr(
                    Column::Unsure,
                    Expr::col(Column::Unsure).add(i32::from(one.unsure)),
                )
                .col_expr(Column::Answer, Expr::value(one.answer.clone()))
                .col_expr(Column::Reason, Expr::value(one.reason.clone()))
                .col_expr(Column::ClaimedUntil, Expr::value(None::<DateTime<Utc>>))
                .col_expr(Column::SettledAt, Expr::value(lasts.then_some(now)))
                .filter(held([one.claim]))
                .exec(tx.on())
                .await?;
            if let Some((address, reason)) = &one.suppress
                && done.rows_affected == 1
            {
                let row = delivery::Entity::find_by_id(DbId(one.claim.id))
                    .one(tx.on())
                    .await?;
                if let Some(row) = row {
                    self.suppress(
                        tx.on(),
                        row.workspace_id.0,
                        address,
                        (*reason, one.reason.clone()),
                        Some(one.claim.id),
                    )
                    .await?;
                }
            }
        }
        tx.commit().await
    }

    /// Puts an address on the list of those that take no mail, if it is not on it.
    pub(crate) async fn suppress(
        &self,
        on: &impl ConnectionTrait,
        workspace: WorkspaceId,
        address: &str,
        (reason, detail): (SuppressionReason, Option<String>),
        delivery: Option<DeliveryId>,
    ) -> Result<(), Fault> {
        let row = suppression::Model {
            id: DbId(self.mint()?),
            workspace_id: DbId(workspace),
            version: 1,
            address: address.to_lowercase(),
            reason: Spelled(reason),
            detail,
            delivery_id: delivery.map(DbId),
            at: self.now(),
        };
        let unless_there = OnConflict::columns([
            suppression::Column::WorkspaceId,
            suppression::Column::Address,
        ])
        .do_nothing()
        .to_owned();
        suppression::Entity::insert(row.into_active_model())
            .on_conflict(unless_there)
            .exec_without_returning(on)
            .await?;
        Ok(())
    }
}

/// How many mails one statement writes: it looks through all of them for each.
const WRITTEN_AT_ONCE: usize = 50;

/// The mails of these claims that are theirs still: whoever has lost a claim has nothing to say about a
/// mail any more.
fn held(claims: impl IntoIterator<Item = Claim>) -> Condition {
    use delivery::Column;
    let mut by_number: BTreeMap<i32, Vec<_>> = BTreeMap::new();
    for claim in claims {
        by_number
            .entry(claim.number)
            .or_default()
            .push(DbId(claim.id));
    }
    let mut any = Condition::any();
    for (number, ids) in by_number {
        any = any.add(
            Condition::all()
                .add(Column::Id.is_in(ids))
                .add(Column::Claims.eq(number)),
        );
    }
    Condition::all()
        .add(Column::State.eq(Spelled(DeliveryState::Sending)))
        .add(any)
}
