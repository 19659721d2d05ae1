//! Many things of one kind at once: each row is taken or refused by itself, and told so.

use std::collections::HashMap;

use domain::refusal::{Refusals, Taken};
use domain::{Id, Refusal};
use sea_orm::{Condition, QueryFilter};
use uuid::Uuid;

use crate::error::Fault;
use crate::operation::{Effect, Operation, Refused};
use crate::record::{Recorded, Thing};

/// The most rows that are taken at once.
pub const MOST_ROWS: usize = 500;

/// What becomes of the good rows where some are bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnError {
    /// None is taken.
    RejectAll,
    /// They are taken.
    RejectBadRows,
}

/// Many things to be made.
#[derive(Debug)]
pub struct Bulk<T> {
    /// What each is to be.
    pub rows: Vec<T>,
    /// What becomes of the good ones where some are bad.
    pub on_error: OnError,
    /// Whether they are made.
    pub effect: Effect,
}

/// What became of many things, in the order in which they were given.
#[derive(Debug)]
pub struct Bulky<K: domain::id::Kind, R> {
    /// Of each the id that it has, or would have, or what is wrong with it.
    pub rows: Vec<Result<Id<K>, Refusals<R>>>,
    /// What became of those that are right.
    pub good: GoodRows,
}

/// What became of the rows that are right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GoodRows {
    /// They were made.
    Made,
    /// They would have been made: it was only tried.
    WouldBeMade,
    /// None of them was taken, since others are bad.
    Rejected,
}

/// A row as it would be, and what is wrong with it.
pub(crate) struct BulkRow<M, R> {
    pub(crate) row: M,
    pub(crate) refusals: Refusals<R>,
}

impl Operation<'_> {
    /// Ends with those of many new things that are right. `before` is what was made when the caller
    /// asked the same before: nil, where a row was bad.
    pub(crate) async fn add_bulk<E: Thing, R: Refusal + From<Taken>>(
        mut self,
        before: Option<Vec<Uuid>>,
        mut rows: Vec<BulkRow<E::Model, R>>,
        on_error: OnError,
        effect: Effect,
    ) -> Result<Bulky<E::Kind, R>, Refused<R>> {
        if let Some(before) = before {
            let made =
                |ids: &[Uuid], place: usize| ids.get(place).copied().filter(|id| !id.is_nil());
            let mut bad: Vec<_> = (0..).zip(rows).collect();
            bad.retain(|(place, _)| made(&before, *place).is_none());
            let (places, mut bad): (Vec<_>, Vec<_>) = bad.into_iter().unzip();
            self.claim_each::<E, R>(&mut bad, on_error).await?;
            let mut bad: HashMap<_, _> = places.into_iter().zip(bad).collect();
            let told = before
                .iter()
                .enumerate()
                .map(|(place, id)| match bad.remove(&place) {
                    Some(one) => Err(one.refusals),
                    None => Ok(Id::from_uuid(*id)),
                });
            return Ok(Bulky {
                rows: told.collect(),
                good: GoodRows::Made,
            });
        }
        self.claim_each::<E, R>(&mut rows, on_error).await?;
        let made =
            on_error == OnError::RejectBadRows || rows.iter().all(|one| one.refusals.is_empty());
        let (mut good, mut ids, mut told) = (Vec::new(), Vec::new(), Vec::new());
        for BulkRow { row, refusals } in rows {
            if refusals.is_empty() {
                told.push(Ok(E::id(&row)));
                ids.push(E::uuid(&row));
                good.push(row);
            } else {
                told.push(Err(refusals));
                ids.push(Uuid::nil());
            }
        }
        if made {
            self.insert_all::<E>(good).await?;
            self.finish(effect, &ids).await?;
        }
        Ok(Bulky {
            rows: told,
            good: match effect {
                _ if !made => GoodRows::Rejected,
                Effect::Apply => GoodRows::Made,
                Effect::Rehearse => GoodRows::WouldBeMade,
            },
        })
    }

    /// Says of each row if another thing, or a row before it, is or is called what it is to be.
    async fn claim_each<E: Thing, R: From<Taken>>(
        &self,
        rows: &mut [BulkRow<E::Model, R>],
        on_error: OnError,
    ) -> Result<(), Fault> {
        let mut met: HashMap<String, Uuid> = HashMap::new();
        for some in rows.chunks(CLAIMS_A_STATEMENT) {
            let claims = some.iter().flat_map(|one| E::claims(&one.row));
            let mut any = Condition::any();
            for claim in claims {
                any = any.add(claim.by);
            }
            if any.is_empty() {
                continue;
            }
            for other in E::find().filter(any).all(self.on()).await? {
                let record = other.record();
                for claim in E::claims(&other) {
                    met.insert(claim.said_by(&record), E::uuid(&other));
                }
            }
        }
        for one in rows {
            let record = one.row.record();
            // A bad row that is left out takes nothing from those behind it.
            let is_there = one.refusals.is_empty() || on_error == OnError::RejectAll;
            for claim in E::claims(&one.row) {
                let said = claim.said_by(&record);
                match met.get(&said) {
                    Some(by) => {
                        let by = Id::<E::Kind>::from_uuid(*by).to_string();
                        let what = claim.what;
                        one.refusals.say(claim.member, Taken { what, by });
                    }
                    None if is_there => drop(met.insert(said, E::uuid(&one.row))),
                    None => {}
                }
            }
        }
        Ok(())
    }
}

/// How many rows are looked up at once: SQLite takes expressions no deeper than 1,000.
const CLAIMS_A_STATEMENT: usize = 200;
