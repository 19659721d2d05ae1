//! Availability: when someone is there, or when a room can be used.

use chrono::NaiveDateTime;

use crate::patch::Patch;
use crate::refusal::{Invalid, Refusals};
use crate::time::{TimeError, check_year};

/// The most windows that anybody tells.
pub const MOST_WINDOWS: usize = 100;

/// A stretch of time, by the clocks of the event's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    /// When it begins.
    pub starts_at: NaiveDateTime,
    /// When it ends.
    pub ends_at: NaiveDateTime,
}

/// Why windows cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AvailabilityError {
    /// There are more than anybody reads.
    #[error("takes at most {MOST_WINDOWS} windows")]
    TooMany,
    /// It has no length.
    #[error("does not end after it starts")]
    EndsTooSoon,
    /// It begins or ends at a time that nothing is planned at.
    #[error(transparent)]
    Time(#[from] TimeError),
}

impl Window {
    /// Checks that it ends after it begins, in years that anything is planned in.
    pub fn check(&self) -> Result<(), AvailabilityError> {
        check_year(self.starts_at.date())?;
        check_year(self.ends_at.date())?;
        if self.starts_at < self.ends_at {
            Ok(())
        } else {
            Err(AvailabilityError::EndsTooSoon)
        }
    }
}

/// The windows in which someone is there, or in which a room can be used, by the clocks of the
/// event's zone: in order, with time between them. Without any, nothing is said: it is always.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Availability(Vec<Window>);

impl Availability {
    /// Puts windows in order, and those that touch into one.
    pub fn new(mut windows: Vec<Window>) -> Result<Self, AvailabilityError> {
        if windows.len() > MOST_WINDOWS {
            return Err(AvailabilityError::TooMany);
        }
        windows.iter().try_for_each(Window::check)?;
        windows.sort_unstable();
        let mut kept: Vec<Window> = Vec::with_capacity(windows.len());
        for window in windows {
            match kept.last_mut() {
                Some(last) if window.starts_at <= last.ends_at => {
                    last.ends_at = last.ends_at.max(window.ends_at);
                }
                _ => kept.push(window),
            }
        }
        Ok(Self(kept))
    }

    /// The windows, in order.
    pub fn windows(&self) -> &[Window] {
        &self.0
    }

    /// Whether all the time from a beginning to an end that is no earlier is within.
    pub fn covers(&self, starts_at: NaiveDateTime, ends_at: NaiveDateTime) -> bool {
        let begun = self
            .0
            .partition_point(|window| window.starts_at <= starts_at);
        let last = begun.checked_sub(1).and_then(|place| self.0.get(place));
        self.0.is_empty()
            || last.is_some_and(|window| starts_at <= window.ends_at && ends_at <= window.ends_at)
    }
}

impl<R: From<Invalid>> Refusals<R> {
    /// Sets when someone is there, or when a room can be used, each window looked at; taken away,
    /// nothing is said.
    pub fn availability(&mut self, member: &str, patch: Patch<Vec<Window>>, to: &mut Availability) {
        match patch {
            Patch::Keep => {}
            Patch::Clear => *to = Availability::default(),
            Patch::Set(windows) if windows.len() > MOST_WINDOWS => {
                self.invalid(member, AvailabilityError::TooMany);
            }
            Patch::Set(windows) => {
                let before = self.len();
                self.within(member, |list| {
                    for (index, window) in windows.iter().enumerate() {
                        list.checked(&index.to_string(), window.check());
                    }
                });
                // What is wrong with each has been said.
                if self.len() == before
                    && let Some(availability) = self.checked(member, Availability::new(windows))
                {
                    *to = availability;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    fn at(minutes: i64) -> NaiveDateTime {
        let day: chrono::NaiveDate = "2024-01-15".parse().unwrap();
        day.and_hms_opt(9, 0, 0).unwrap() + TimeDelta::minutes(minutes)
    }

    fn window(start: i64, end: i64) -> Window {
        Window {
            starts_at: at(start),
            ends_at: at(end),
        }
    }

    fn windows() -> impl Strategy<Value = Vec<Window>> {
        let one = (0i64..20, 1i64..6).prop_map(|(start, length)| window(start, start + length));
        prop::collection::vec(one, 0..6)
    }

    proptest! {
        /// In order, with time between them; and what has been put in order stays.
        #[test]
        fn windows_stand_in_order(windows in windows()) {
            let availability = Availability::new(windows).unwrap();
            let list = availability.windows();
            for pair in list.windows(2) {
                prop_assert!(pair[0].ends_at < pair[1].starts_at);
            }
            prop_assert_eq!(Availability::new(list.to_vec()), Ok(availability.clone()));
        }

        /// A stretch is covered when each minute of it is in one of the windows as they were told.
        #[test]
        fn covers_what_is_within(windows in windows(), start in -2i64..28, length in 0i64..8) {
            let availability = Availability::new(windows.clone()).unwrap();
            let holds = |start, end| {
                windows.iter().any(|one| one.starts_at <= at(start) && at(end) <= one.ends_at)
            };
            let minutes = (start..start + length).all(|minute| holds(minute, minute + 1));
            let expected = windows.is_empty() || minutes && (length > 0 || holds(start, start));
            prop_assert_eq!(availability.covers(at(start), at(start + length)), expected);
        }
    }

    #[test]
    fn tells_each_window_that_is_wrong() {
        let mut availability = Availability::new(vec![window(0, 5)]).unwrap();
        let before = availability.clone();
        let mut set = |windows| {
            let mut refusals = Refusals::<Invalid>::default();
            refusals.availability("availability", windows, &mut availability);
            let told = refusals.into_vec().into_iter();
            let told: Vec<_> = told.map(|one| (one.path.join("."), one.why.0)).collect();
            (told, availability.clone())
        };
        let far = Window {
            starts_at: at(0),
            ends_at: NaiveDateTime::MAX,
        };
        let (told, after) = set(Patch::Set(vec![
            window(3, 3),
            window(0, 1),
            window(1, 0),
            far,
        ]));
        let told: Vec<_> = told.iter().map(|(path, why)| (&**path, &**why)).collect();
        let expected = [
            ("availability.0", "does not end after it starts"),
            ("availability.2", "does not end after it starts"),
            ("availability.3", "is not between the years 1900 and 2200"),
        ];
        assert_eq!((told.as_slice(), after), (&expected[..], before.clone()));
        let (told, after) = set(Patch::Set(vec![window(0, 1); MOST_WINDOWS + 1]));
        let why = "takes at most 100 windows".to_owned();
        assert_eq!(
            (told, after),
            (vec![("availability".to_owned(), why)], before.clone())
        );
        assert_eq!(set(Patch::Keep), (Vec::new(), before));
        assert_eq!(set(Patch::Clear), (Vec::new(), Availability::default()));
    }
}
