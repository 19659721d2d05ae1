//! When something happens: what was planned is wall-clock time in a zone; instants follow from it.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Tz;

/// Tells the time. Two real ones exist: the machine's, and a test's that stands still.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;
}

/// A time zone of the IANA database, by its name: `Asia/Shanghai`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeZone(Tz);

/// Not the name of a time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time zone of the IANA database, such as Asia/Shanghai")]
pub struct UnknownTimeZone(String);

impl TimeZone {
    /// The zone that all others are told from.
    pub const UTC: Self = Self(Tz::UTC);

    /// The zone's name.
    pub fn as_str(&self) -> &'static str {
        self.0.name()
    }

    /// The instant at which clocks in this zone show `local`. Where they show it twice, the first
    /// time; where they skip it, what the offset before the gap makes of it (RFC 5545, 3.3.5).
    pub fn instant(self, local: NaiveDateTime) -> DateTime<Utc> {
        if let Some(instant) = self.0.from_local_datetime(&local).earliest() {
            instant.with_timezone(&Utc)
        } else {
            // The longest gap of the database is a day (Samoa, 2011): two days before it the
            // offset is the one that was in force when the gap began.
            let before = self
                .0
                .offset_from_utc_datetime(&(local - Duration::days(2)));
            Utc.from_utc_datetime(&(local - chrono::Offset::fix(&before)))
        }
    }

    /// What clocks in this zone show at an instant.
    pub fn local(self, instant: DateTime<Utc>) -> NaiveDateTime {
        instant.with_timezone(&self.0).naive_local()
    }
}

impl FromStr for TimeZone {
    type Err = UnknownTimeZone;

    fn from_str(name: &str) -> Result<Self, UnknownTimeZone> {
        name.parse()
            .map(Self)
            .map_err(|_refused: chrono_tz::ParseError| {
                UnknownTimeZone(name.chars().take(80).collect())
            })
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

words! {
    /// A part of the day, where no clock time is known.
    DayPart, "part of the day" {
        /// Before noon.
        Morning = "MORNING",
        /// After noon.
        Afternoon = "AFTERNOON",
        /// After the working day.
        Evening = "EVENING",
    }
}

words! {
    /// How exactly a time is known.
    TimePrecision, "precision" {
        /// The day alone.
        Day = "DAY",
        /// The day, and which part of it.
        DayPart = "DAY_PART",
        /// Hour and minute.
        Exact = "EXACT",
    }
}

/// When an event takes place, exactly as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventTime {
    /// The zone whose clocks the event goes by.
    pub zone: TimeZone,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day; the first, if it is one day.
    pub ends_on: NaiveDate,
    /// The part of the day, if that is all that is known, or if it is said besides.
    pub day_part: Option<DayPart>,
    /// When it begins, by the clocks there.
    pub starts_at: Option<NaiveDateTime>,
    /// When it ends, by the clocks there.
    pub ends_at: Option<NaiveDateTime>,
}

/// Why a time cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// The last day comes before the first.
    #[error("ends before it starts")]
    EndsBeforeStart,
    /// The clock time is not on the day.
    #[error("starts at a time that is not on its first day")]
    StartNotOnFirstDay,
    /// The clock time of the end lies outside the days.
    #[error("ends at a time after its last day")]
    EndAfterLastDay,
    /// An end without a beginning says nothing that can be planned with.
    #[error("has an end but no start")]
    EndWithoutStart,
    /// Not a year that anything is planned in.
    #[error("is not between the years 1900 and 2200")]
    YearOutOfRange,
}

impl EventTime {
    /// Checks that the parts agree with each other.
    pub fn check(&self) -> Result<(), TimeError> {
        check_year(self.starts_on)?;
        check_year(self.ends_on)?;
        if self.ends_on < self.starts_on {
            return Err(TimeError::EndsBeforeStart);
        }
        match (self.starts_at, self.ends_at) {
            (None, Some(_)) => Err(TimeError::EndWithoutStart),
            (Some(start), _) if start.date() != self.starts_on => {
                Err(TimeError::StartNotOnFirstDay)
            }
            // Also where the clocks are put forward in between.
            (Some(start), Some(end))
                if end < start || self.zone.instant(end) < self.zone.instant(start) =>
            {
                Err(TimeError::EndsBeforeStart)
            }
            // A dinner that goes past midnight is still of its last day.
            (Some(_), Some(end)) if end.date() > self.ends_on + Duration::days(1) => {
                Err(TimeError::EndAfterLastDay)
            }
            _ => Ok(()),
        }
    }

    /// How exactly the time is known.
    pub fn precision(&self) -> TimePrecision {
        match (self.starts_at, self.day_part) {
            (Some(_), _) => TimePrecision::Exact,
            (None, Some(_)) => TimePrecision::DayPart,
            (None, None) => TimePrecision::Day,
        }
    }
}

/// Checks that a day is of a year that anything is planned in: far from it, its instant may be of a
/// year that cannot be written, and what follows from it may be out of order in the database.
pub fn check_year(day: NaiveDate) -> Result<(), TimeError> {
    if (1900..=2200).contains(&chrono::Datelike::year(&day)) {
        Ok(())
    } else {
        Err(TimeError::YearOutOfRange)
    }
}

/// Checks a beginning and an end that may both be unknown, as an agenda item has them.
pub fn check_span(
    start: Option<NaiveDateTime>,
    end: Option<NaiveDateTime>,
) -> Result<(), TimeError> {
    match (start, end) {
        (None, Some(_)) => Err(TimeError::EndWithoutStart),
        (Some(start), Some(end)) if end < start => Err(TimeError::EndsBeforeStart),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> TimeZone {
        name.parse().unwrap()
    }

    fn instant(name: &str, local: &str) -> String {
        zone(name).instant(local.parse().unwrap()).to_rfc3339()
    }

    #[test]
    fn instants_follow_from_the_zone() {
        assert_eq!(
            instant("Asia/Shanghai", "2024-05-14T09:00:00"),
            "2024-05-14T01:00:00+00:00"
        );
        // Shown twice: the first time.
        assert_eq!(
            instant("Europe/Berlin", "2024-10-27T02:30:00"),
            "2024-10-27T00:30:00+00:00"
        );
        // Skipped: by the offset before the gap.
        assert_eq!(
            instant("Europe/Berlin", "2024-03-31T02:30:00"),
            "2024-03-31T01:30:00+00:00"
        );
        assert_eq!(
            instant("Pacific/Apia", "2011-12-30T12:00:00"),
            "2011-12-30T22:00:00+00:00"
        );
        assert!("Mars/Olympus".parse::<TimeZone>().is_err());
    }

    #[test]
    fn nothing_is_planned_in_far_years() {
        let year = |day: &str| check_year(day.parse().unwrap());
        assert_eq!((year("1900-01-01"), year("2200-12-31")), (Ok(()), Ok(())));
        for day in ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"] {
            assert_eq!(year(day), Err(TimeError::YearOutOfRange));
        }
    }

    #[test]
    fn knows_no_more_than_it_was_told() {
        let day: NaiveDate = "2024-07-23".parse().unwrap();
        let mut time = EventTime {
            zone: zone("Asia/Shanghai"),
            starts_on: day,
            ends_on: day,
            day_part: None,
            starts_at: None,
            ends_at: None,
        };
        assert_eq!(time.precision(), TimePrecision::Day);
        time.day_part = Some(DayPart::Afternoon);
        assert_eq!(
            (time.precision(), time.check()),
            (TimePrecision::DayPart, Ok(()))
        );
        time.starts_at = day.and_hms_opt(14, 30, 0);
        assert_eq!(
            (time.precision(), time.check()),
            (TimePrecision::Exact, Ok(()))
        );
        time.ends_at = day.and_hms_opt(14, 0, 0);
        assert_eq!(time.check(), Err(TimeError::EndsBeforeStart));
        time.starts_at = None;
        assert_eq!(time.check(), Err(TimeError::EndWithoutStart));
        time.ends_at = None;
        time.ends_on = "2024-07-22".parse().unwrap();
        assert_eq!(time.check(), Err(TimeError::EndsBeforeStart));
    }
}
