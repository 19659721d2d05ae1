//! When a mail that was not taken on is tried again, and when it is given up.
//!
//! Later each time, never all at once, and never after it would be of no use.

use chrono::{DateTime, TimeDelta, Utc};

use crate::answer::Class;

/// Minutes after each attempt; the last one goes on.
const MINUTES: &[i64] = &[1, 3, 10, 20, 40, 60, 120, 180, 240];
/// How often at most.
const ATTEMPTS: u32 = 24;
/// How long at most, after the first attempt.
const LONGEST: TimeDelta = TimeDelta::hours(48);
/// How often at most where it may have arrived: each time it may arrive once more.
const UNSURE: u32 = 3;
/// How long to wait at least while it is we who are refused: somebody has to do something first.
const OUR_FAULT: TimeDelta = TimeDelta::minutes(30);

/// What is known of a mail that was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tried {
    /// How often, the last time counted.
    pub attempts: u32,
    /// How often of these it may have arrived.
    pub unsure: u32,
    /// When first.
    pub first: DateTime<Utc>,
    /// When it is of no use any more, if ever: an invitation to what is over.
    pub useful_until: Option<DateTime<Utc>>,
}

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing: it was taken on, or will not be.
    Nothing,
    /// Another attempt, not before then.
    Again(DateTime<Utc>),
    /// No other attempt.
    GiveUp(GaveUp),
}

/// Why there is no other attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GaveUp {
    /// There have been enough.
    TooOften,
    /// It has been too long.
    TooLong,
    /// It would come too late to be of use.
    TooLate,
}

/// What becomes of a mail after an attempt that ended so. `random` is a number of which every bit
/// is as good as any other.
pub fn next(class: Class, tried: &Tried, now: DateTime<Utc>, random: u64) -> Next {
    let least = match class {
        Class::Sent | Class::Suppress(_) | Class::Stop(_) => return Next::Nothing,
        Class::Unsure if tried.unsure >= UNSURE => return Next::GiveUp(GaveUp::TooOften),
        Class::OurFault => OUR_FAULT,
        Class::Later | Class::Slower | Class::Unsure => TimeDelta::zero(),
    };
    if tried.attempts >= ATTEMPTS {
        return Next::GiveUp(GaveUp::TooOften);
    }
    let again = now + delay(tried.attempts, random).max(least);
    if tried.useful_until.is_some_and(|end| again > end) {
        Next::GiveUp(GaveUp::TooLate)
    } else if again > tried.first + LONGEST {
        Next::GiveUp(GaveUp::TooLong)
    } else {
        Next::Again(again)
    }
}

/// How long to wait after so many attempts: between three and five quarters of what is in the table.
fn delay(attempts: u32, random: u64) -> TimeDelta {
    let step = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX);
    let minutes = MINUTES.get(step).or(MINUTES.last()).copied().unwrap_or(60);
    let quarter = minutes * 60_000 / 4;
    // A thousandth of the half that is at random is fine enough.
    let part = i64::try_from(random % 1_001).unwrap_or_default();
    TimeDelta::milliseconds(quarter * 3 + quarter * 2 * part / 1_000)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::answer::{Gone, Unwanted};

    fn start() -> DateTime<Utc> {
        DateTime::from_timestamp(1_784_682_000, 0).unwrap()
    }

    fn tried(attempts: u32) -> Tried {
        Tried {
            attempts,
            unsure: 0,
            first: start(),
            useful_until: None,
        }
    }

    #[test]
    fn what_is_decided_needs_no_other_attempt() {
        for class in [
            Class::Sent,
            Class::Suppress(Gone::NoMailbox),
            Class::Stop(Unwanted::Content),
        ] {
            assert_eq!(next(class, &tried(1), start(), 0), Next::Nothing);
        }
    }

    #[test]
    fn what_may_have_arrived_is_tried_three_times() {
        let unsure = |unsure| Tried { unsure, ..tried(4) };
        let after = |times| next(Class::Unsure, &unsure(times), start(), 0);
        assert!(matches!(after(2), Next::Again(_)));
        assert_eq!(after(3), Next::GiveUp(GaveUp::TooOften));
        // Once it is known that it did not arrive, it goes on.
        assert!(matches!(
            next(Class::Later, &unsure(3), start(), 0),
            Next::Again(_)
        ));
    }

    #[test]
    fn gives_up_when_it_is_of_no_use() {
        let soon = Tried {
            useful_until: Some(start() + TimeDelta::seconds(30)),
            ..tried(1)
        };
        assert_eq!(
            next(Class::Later, &soon, start(), 0),
            Next::GiveUp(GaveUp::TooLate)
        );
        let late = start() + TimeDelta::hours(48);
        assert_eq!(
            next(Class::Later, &tried(9), late, 0),
            Next::GiveUp(GaveUp::TooLong)
        );
    }

    #[test]
    fn while_we_are_refused_ourselves_there_is_no_hurry() {
        let again = next(Class::OurFault, &tried(1), start(), 7);
        assert_eq!(again, Next::Again(start() + TimeDelta::minutes(30)));
    }

    proptest! {
        /// However it goes, it ends; each wait is about as long as the table says.
        #[test]
        fn it_ends(random in prop::collection::vec(any::<u64>(), 1..40)) {
            let mut now = start();
            let mut waits = Vec::new();
            for attempts in 1_u32.. {
                let random = random[attempts as usize % random.len()];
                match next(Class::Slower, &tried(attempts), now, random) {
                    Next::Again(then) => {
                        waits.push((then - now).num_seconds());
                        now = then;
                    }
                    Next::GiveUp(_) => break,
                    Next::Nothing => prop_assert!(false),
                }
            }
            prop_assert!(waits.len() < ATTEMPTS as usize);
            prop_assert!(now <= start() + LONGEST);
            for (wait, minutes) in waits.iter().zip(MINUTES) {
                prop_assert!((minutes * 45..=minutes * 75).contains(wait));
            }
        }
    }
}
