//! Pages of long lists: keyset cursors, with the id as tie-break, bound to filter and order.

use data_encoding::BASE64URL_NOPAD;
use sea_orm::sea_query::{ExprTrait, SimpleExpr};
use sea_orm::{Condition, EntityTrait, Order, QueryOrder, QuerySelect, Select, Value};
use sha2::{Digest, Sha256};

/// How many of a list are wanted, and from where on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct PageRequest {
    /// The first so many.
    pub first: Option<u32>,
    /// Those behind this cursor.
    pub after: Option<String>,
    /// The last so many.
    pub last: Option<u32>,
    /// Those before this cursor.
    pub before: Option<String>,
}

/// How many a page holds where nobody says.
pub(crate) const DEFAULT: u32 = 25;
/// How many a page holds at most.
pub(crate) const MOST: u32 = 100;

/// Why a page cannot be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// Too many or none asked for.
    #[error("{argument} must be between 1 and {MOST}, not {found}")]
    OutOfRange {
        /// `first` or `last`.
        argument: &'static str,
        /// What was asked for.
        found: u32,
    },
    /// Both ends at once.
    #[error("give either first or last, not both")]
    BothEnds,
    /// Not a cursor of ours, or of another list, filter or order.
    #[error("{0} is not a cursor of this list with this filter and order")]
    Cursor(&'static str),
}

/// A part of a long list.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The things, each with its cursor.
    pub items: Vec<(String, T)>,
    /// Whether there are more behind.
    pub has_next: bool,
    /// Whether there are more before.
    pub has_previous: bool,
}

/// Which way a list runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// From the smallest.
    Ascending,
    /// From the largest.
    Descending,
}

/// What a value in a cursor is, so that it can be bound again.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SortKind {
    Text,
    Integer,
    Day,
    Instant,
    Uuid,
}

/// One level of an order.
#[derive(Debug, Clone)]
pub(crate) struct SortKey {
    pub(crate) expression: SimpleExpr,
    pub(crate) kind: SortKind,
    pub(crate) direction: Direction,
}

/// A request that was checked: what to ask the database.
#[derive(Debug, Clone)]
pub(crate) struct Keyset {
    keys: Vec<SortKey>,
    scope: String,
    size: u32,
    backwards: bool,
    after: Option<Vec<Value>>,
    before: Option<Vec<Value>>,
}

impl Keyset {
    /// Checks a request against a list. `keys` end with the id; `scope` names the list with its
    /// filter and order, so that a cursor of another one is told apart.
    pub(crate) fn new(
        request: &PageRequest,
        keys: Vec<SortKey>,
        scope: &impl std::fmt::Debug,
    ) -> Result<Self, PageError> {
        let checked = |argument, size: Option<u32>| match size {
            Some(found) if !(1..=MOST).contains(&found) => {
                Err(PageError::OutOfRange { argument, found })
            }
            size => Ok(size),
        };
        let first = checked("first", request.first)?;
        let last = checked("last", request.last)?;
        if first.is_some() && last.is_some() {
            return Err(PageError::BothEnds);
        }
        let hash = Sha256::digest(format!("{scope:?}"));
        let scope = BASE64URL_NOPAD.encode(hash.get(..6).unwrap_or_default());
        let read = |argument, cursor: &Option<String>| match cursor {
            None => Ok(None),
            Some(cursor) => read_cursor(cursor, &scope, &keys)
                .map(Some)
                .ok_or(PageError::Cursor(argument)),
        };
        Ok(Self {
            after: read("after", &request.after)?,
            before: read("before", &request.before)?,
            size: first.or(last).unwrap_or(DEFAULT),
            backwards: last.is_some(),
            scope,
            keys,
        })
    }

    /// How many rows to ask for: one more than the page holds, to know whether there are more.
    pub(crate) fn limit(&self) -> u64 {
        u64::from(self.size) + 1
    }

    /// The rows between the cursors.
    pub(crate) fn condition(&self) -> Condition {
        let mut condition = Condition::all();
        if let Some(values) = &self.after {
            condition = condition.add(self.beyond(values, false));
        }
        if let Some(values) = &self.before {
            condition = condition.add(self.beyond(values, true));
        }
        condition
    }

    /// The order in which rows are fetched: from the end, if the end is wanted.
    pub(crate) fn order(&self) -> Vec<(SimpleExpr, Order)> {
        self.keys
            .iter()
            .map(|key| {
                let ascending = (key.direction == Direction::Ascending) != self.backwards;
                (
                    key.expression.clone(),
                    if ascending { Order::Asc } else { Order::Desc },
                )
            })
            .collect()
    }

    /// Restricts, orders and cuts a query.
    pub(crate) fn apply<E: EntityTrait>(&self, query: Select<E>) -> Select<E> {
        let mut query = query.filter_condition(self.condition());
        for (expression, order) in self.order() {
            query = query.order_by(expression, order);
        }
        query.limit(self.limit())
    }

    /// Makes a page of the rows that were fetched. `values` gives a row's values of the sort keys.
    pub(crate) fn page<R, T>(
        &self,
        mut rows: Vec<R>,
        values: impl Fn(&R) -> Vec<String>,
        make: impl FnMut(R) -> T,
    ) -> Page<T> {
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        let more = rows.len() > size;
        rows.truncate(size);
        if self.backwards {
            rows.reverse();
        }
        let cursors: Vec<_> = rows
            .iter()
            .map(|row| write_cursor(&self.scope, &values(row)))
            .collect();
        Page {
            items: cursors
                .into_iter()
                .zip(rows.into_iter().map(make))
                .collect(),
            has_next: if self.backwards {
                self.before.is_some()
            } else {
                more
            },
            has_previous: if self.backwards {
                more
            } else {
                self.after.is_some()
            },
        }
    }

    /// `(a, b, c) > (x, y, z)`, written out, since each key has its own direction.
    fn beyond(&self, values: &[Value], before: bool) -> Condition {
        let mut any = Condition::any();
        for (depth, (key, value)) in self.keys.iter().zip(values).enumerate() {
            let mut all = Condition::all();
            for (equal, same) in self.keys.iter().zip(values).take(depth) {
                all = all.add(equal.expression.clone().eq(same.clone()));
            }
            let ascending = (key.direction == Direction::Ascending) != before;
            all = all.add(if ascending {
                key.expression.clone().gt(value.clone())
            } else {
                key.expression.clone().lt(value.clone())
            });
            any = any.add(all);
        }
        any
    }
}

/// Whether both databases can keep a day: the years that four digits can write.
fn is_storable(day: chrono::NaiveDate) -> bool {
    (1..=9999).contains(&chrono::Datelike::year(&day))
}

fn write_cursor(scope: &str, values: &[String]) -> String {
    let mut parts = vec![scope.to_owned()];
    parts.extend_from_slice(values);
    BASE64URL_NOPAD.encode(serde_json::Value::from(parts).to_string().as_bytes())
}

fn read_cursor(cursor: &str, scope: &str, keys: &[SortKey]) -> Option<Vec<Value>> {
    // Longer than any title that we store, and so none of ours.
    if cursor.len() > 16_000 {
        return None;
    }
    let bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).ok()?;
    let mut parts: std::vec::IntoIter<String> = serde_json::from_slice::<Vec<String>>(&bytes)
        .ok()?
        .into_iter();
    if parts.next()? != scope || parts.len() != keys.len() {
        return None;
    }
    keys.iter()
        .zip(parts)
        .map(|(key, text)| {
            Some(match key.kind {
                // PostgreSQL takes no NUL in a text, and no title of ours has one.
                SortKind::Text if text.contains('\0') => return None,
                SortKind::Text => Value::from(text),
                SortKind::Integer => Value::from(text.parse::<i32>().ok()?),
                SortKind::Day => Value::from(text.parse().ok().filter(|day| is_storable(*day))?),
                SortKind::Instant => {
                    let instant = text.parse::<chrono::DateTime<chrono::Utc>>().ok()?;
                    Value::from(Some(instant).filter(|at| is_storable(at.date_naive()))?)
                }

                SortKind::Uuid => Value::from(uuid::Uuid::try_parse(&text).ok()?),
            })
        })
        .collect()
}

/// `filter`, by another name than the trait's, which takes one condition at a time.
trait FilterCondition {
    fn filter_condition(self, condition: Condition) -> Self;
}

impl<E: EntityTrait> FilterCondition for Select<E> {
    fn filter_condition(self, condition: Condition) -> Self {
        sea_orm::QueryFilter::filter(self, condition)
    }
}
