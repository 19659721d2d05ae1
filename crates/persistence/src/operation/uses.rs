//! What refers to a thing that is to go: nothing is removed that others speak of.

use domain::refusal::{InUse, Refusals, Use};
use sea_orm::sea_query::{Expr, Func, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, ConnectionTrait};
use uuid::Uuid;

use super::Operation;
use crate::error::Fault;
use crate::listed::Links;
use crate::record::Thing;

/// The rows of one kind that refer to something.
pub(crate) struct Uses {
    noun: &'static str,
    count: SelectStatement,
}

impl Uses {
    /// The rows of a table with this id in this column.
    pub(crate) fn of<E: Thing>(column: E::Column, id: Uuid) -> Self {
        Self::within::<E>(column, id, Expr::value(true))
    }

    /// The same, of some of the rows.
    pub(crate) fn within<E: Thing>(column: E::Column, id: Uuid, which: SimpleExpr) -> Self {
        let count = Query::select()
            .expr(Func::count(Expr::col(sea_orm::sea_query::Asterisk)))
            .from(E::default())
            .and_where(column.eq(id))
            .and_where(which)
            .take();
        Self {
            noun: <E::Kind as domain::id::Kind>::NOUN,
            count,
        }
    }

    /// The same of a table that stands beside things of another.
    pub(crate) fn beside<L: Links>(column: L::Column, noun: &'static str, id: Uuid) -> Self {
        let count = Query::select()
            .expr(Func::count(Expr::col(sea_orm::sea_query::Asterisk)))
            .from(L::default())
            .and_where(column.eq(id))
            .take();
        Self { noun, count }
    }
}

impl Operation<'_> {
    /// Says so if rows refer to something. `uses` are the nouns that may, each with the rows of it
    /// that do.
    pub(crate) async fn must_be_unused<R: From<InUse>>(
        &self,
        uses: Vec<Uses>,
        refusals: &mut Refusals<R>,
    ) -> Result<(), Fault> {
        let mut by: Vec<Use> = Vec::new();
        for uses in uses {
            let row = self.on().query_one(&uses.count).await?;
            let count: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
            let count = u64::try_from(count).unwrap_or_default();
            match by.iter_mut().find(|one| one.noun == uses.noun) {
                _ if count == 0 => {}
                Some(one) => one.count += count,
                None => by.push(Use {
                    noun: uses.noun,
                    count,
                }),
            }
        }
        if !by.is_empty() {
            refusals.say("id", InUse { by });
        }
        Ok(())
    }
}
