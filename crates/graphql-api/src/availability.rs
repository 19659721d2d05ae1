//! When someone is there, or when a room can be used.

use async_graphql::{InputObject, SimpleObject};
use domain::availability::Availability;

use crate::change::Wire;
use crate::list::List;
use crate::scalar::LocalDateTime;

/// A stretch of time in which someone is there, or a room can be used.
#[derive(SimpleObject)]
pub(crate) struct AvailabilityWindow {
    /// When it begins, by the clocks there.
    starts_at_local: LocalDateTime,
    /// When it ends, by the clocks there.
    ends_at_local: LocalDateTime,
}

/// A stretch of time in which someone is there, or a room can be used.
#[derive(Clone, InputObject)]
pub(crate) struct AvailabilityWindowInput {
    /// When it begins, by the clocks there.
    starts_at_local: LocalDateTime,
    /// When it ends, by the clocks there.
    ends_at_local: LocalDateTime,
}

impl Wire for AvailabilityWindowInput {
    type Plain = domain::availability::Window;
    fn plain(self) -> domain::availability::Window {
        domain::availability::Window {
            starts_at: self.starts_at_local.0,
            ends_at: self.ends_at_local.0,
        }
    }
}

/// All windows, in order.
pub(crate) fn windows(availability: &Availability) -> List<AvailabilityWindow> {
    let windows = availability.windows().iter();
    windows
        .map(|window| AvailabilityWindow {
            starts_at_local: LocalDateTime(window.starts_at),
            ends_at_local: LocalDateTime(window.ends_at),
        })
        .collect()
}
