//! Which events, and in which order.

use async_graphql::{Enum, InputObject, Result};
use domain::id::kind;

use crate::bounds::{distinct, search};
use crate::failure::bad_input;
use crate::id::GlobalId;
use crate::scalar::Date;
use crate::word::{EventKind, EventStatus, OrderDirection};

/// Which events. What is left out restricts nothing; what is given must all hold.
#[derive(InputObject, Default)]
pub(crate) struct EventFilter {
    /// Words, each of them a part of a title, the theme or the locality in any language, in any
    /// order. Case, accents and the width of letters make no difference. Where no order is given,
    /// the best match comes first: what is called just so; what begins so; in which words begin
    /// so; the others. Among equals the title in the main language goes before all else, and
    /// then it goes by title. A search within `and`, `or` or `not` does not rank.
    search: Option<String>,
    /// Of one of these kinds.
    kind: Option<Vec<EventKind>>,
    /// In one of these states.
    status: Option<Vec<EventStatus>>,
    /// Of this workspace.
    workspace_id: Option<GlobalId<kind::Workspace>>,
    /// Of this series.
    series_id: Option<GlobalId<kind::Series>>,
    /// Parts of this event.
    parent_id: Option<GlobalId<kind::Event>>,
    /// Beginning on this day or later.
    starts_on_or_after: Option<Date>,
    /// Beginning on this day or earlier.
    starts_on_or_before: Option<Date>,
    /// All of these as well.
    and: Option<Vec<EventFilter>>,
    /// At least one of these; an empty list restricts nothing.
    or: Option<Vec<EventFilter>>,
    /// Not this.
    not: Option<Box<EventFilter>>,
}

/// The most filters inside each other and beside each other.
const MOST_FILTERS: usize = 50;

impl EventFilter {
    /// The filter as the store takes it, if it is no larger than is answered.
    pub(crate) fn checked(self) -> Result<persistence::EventFilter> {
        let mut count = 0;
        self.counted(&mut count)
    }

    fn counted(self, count: &mut usize) -> Result<persistence::EventFilter> {
        *count += 1;
        if *count > MOST_FILTERS {
            let message = format!("a filter is made of at most {MOST_FILTERS} filters");
            return Err(bad_input(message));
        }
        let and = self.and.unwrap_or_default().into_iter();
        let or = self.or.unwrap_or_default().into_iter();
        Ok(persistence::EventFilter {
            search: search(self.search)?,
            kind: distinct(self.kind),
            status: distinct(self.status),
            workspace: self.workspace_id.map(|id| id.0),
            series: self.series_id.map(|id| id.0),
            parent: self.parent_id.map(|id| id.0),
            starts_on_or_after: self.starts_on_or_after.map(|day| day.0),
            starts_on_or_before: self.starts_on_or_before.map(|day| day.0),
            and: and.map(|one| one.counted(count)).collect::<Result<_>>()?,
            or: or.map(|one| one.counted(count)).collect::<Result<_>>()?,
            not: match self.not {
                Some(not) => Some(Box::new(not.counted(count)?)),
                None => None,
            },
        })
    }
}

/// One level of the order of events.
#[derive(InputObject)]
pub(crate) struct EventOrder {
    /// By what.
    field: EventOrderField,
    /// Which way.
    #[graphql(default_with = "OrderDirection::Asc")]
    direction: OrderDirection,
}

impl From<EventOrder> for persistence::EventOrder {
    fn from(order: EventOrder) -> Self {
        Self {
            field: order.field.into(),
            direction: order.direction.into(),
        }
    }
}

/// What events are ordered by.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "persistence::EventOrderField")]
pub(crate) enum EventOrderField {
    /// The first day.
    StartsOn,
    /// When they were entered.
    CreatedAt,
    /// The title in the main language, by code point.
    Title,
}
