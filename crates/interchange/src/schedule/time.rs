//! Times as schedules write them: with and without date, offset, seconds; and durations.

use chrono::{
    DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike as _,
};

/// A point in time, as exactly as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// A day.
    Day(NaiveDate),
    /// A day and what the clocks show.
    Local(NaiveDateTime),
    /// With the offset of the clocks.
    Exact(DateTime<FixedOffset>),
}

impl Moment {
    /// What the clocks show, if it says.
    pub(super) fn as_written(self) -> Option<NaiveDateTime> {
        match self {
            Self::Day(_) => None,
            Self::Local(local) => Some(local),
            Self::Exact(exact) => Some(exact.naive_local()),
        }
    }
}

/// Reads a point in time.
pub(super) fn moment(text: &str) -> Option<Moment> {
    let text = text.trim();
    if let Some(day) = date(text) {
        return Some(Moment::Day(day));
    }
    // No leap seconds, and the years that events are held in.
    let sound = |local: NaiveDateTime| local.nanosecond() == 0 && in_years(local.date()).is_some();
    let text = without_fraction(&text.replacen(' ', "T", 1));
    for format in ["%Y-%m-%dT%H:%M:%S%#z", "%Y-%m-%dT%H:%M%#z"] {
        let exact = DateTime::parse_from_str(&text.replace(['Z', 'z'], "+00:00"), format);
        if let Ok(exact) = exact
            && sound(exact.naive_local())
        {
            return Some(Moment::Exact(exact));
        }
    }
    for format in ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"] {
        if let Ok(local) = NaiveDateTime::parse_from_str(&text, format)
            && sound(local)
        {
            return Some(Moment::Local(local));
        }
    }
    None
}

/// The text without fractions of a second.
fn without_fraction(text: &str) -> String {
    let Some((before, behind)) = text.split_once('.') else {
        return text.to_owned();
    };
    let rest = behind.trim_start_matches(|one: char| one.is_ascii_digit());
    format!("{before}{rest}")
}

/// Reads a date, in the years that events are held in.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    in_years(NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()?)
}

fn in_years(day: NaiveDate) -> Option<NaiveDate> {
    let years = NaiveDate::from_ymd_opt(1900, 1, 2)?..=NaiveDate::from_ymd_opt(2199, 12, 30)?;
    years.contains(&day).then_some(day)
}

/// Reads what a clock shows.
pub(super) fn clock(text: &str) -> Option<NaiveTime> {
    let text = without_fraction(text.trim());
    ["%H:%M:%S", "%H:%M"]
        .iter()
        .find_map(|format| NaiveTime::parse_from_str(&text, format).ok())
        .filter(|time| time.nanosecond() == 0)
}

/// The longest that anything lasts.
const LONGEST: TimeDelta = TimeDelta::days(31);

/// Reads a duration: `HH:MM`, `HH:MM:SS`, `D:HH:MM`, `PT1H30M`, or minutes.
///
/// Of three numbers the first are days where it has one digit and the second can be hours of a day:
/// so pretalx writes what lasts longer than one. Hours are written with two digits.
pub(super) fn duration(text: &str) -> Option<TimeDelta> {
    let text = text.trim();
    let seconds = if let Some(period) = text.strip_prefix(['P', 'p']) {
        period_of(period)?
    } else {
        let parts: Option<Vec<i64>> = text.split(':').map(number).collect();
        let first = text.split(':').next().unwrap_or_default();
        match *parts?.as_slice() {
            [minutes] => minutes.checked_mul(60)?,
            [hours, minutes] if minutes < 60 => hours.checked_mul(3600)? + minutes * 60,
            [days, hours, minutes]
                if first.len() == 1 && days > 0 && hours < 24 && minutes < 60 =>
            {
                days * 86_400 + hours * 3600 + minutes * 60
            }
            [hours, minutes, seconds] if minutes < 60 && seconds < 60 => {
                hours.checked_mul(3600)? + minutes * 60 + seconds
            }
            _ => return None,
        }
    };
    TimeDelta::try_seconds(seconds).filter(|duration| *duration <= LONGEST)
}

fn number(text: &str) -> Option<i64> {
    let digits =
        !text.is_empty() && text.len() <= 9 && text.bytes().all(|one| one.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// A period of ISO 8601, in seconds: days, hours, minutes and seconds.
fn period_of(text: &str) -> Option<i64> {
    let mut seconds = 0_i64;
    let mut rest = text;
    let mut any = false;
    while !rest.is_empty() {
        if let Some(behind) = rest.strip_prefix(['T', 't']) {
            rest = behind;
            continue;
        }
        let end = rest.find(|one: char| !one.is_ascii_digit())?;
        let (digits, unit) = rest.split_at(end);
        let each = match unit.chars().next()?.to_ascii_uppercase() {
            'D' => 86_400,
            'H' => 3600,
            'M' => 60,
            'S' => 1,
            _ => return None,
        };
        seconds = seconds.checked_add(number(digits)?.checked_mul(each)?)?;
        rest = unit.get(1..)?;
        any = true;
    }
    any.then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_durations_as_they_are_written() {
        for (text, minutes) in [
            ("00:30", Some(30)),
            ("1:05", Some(65)),
            ("36:00", Some(36 * 60)),
            ("01:30:00", Some(90)),
            ("1:02:30", Some(24 * 60 + 150)),
            ("1:30:00", Some(90)),
            ("45", Some(45)),
            ("PT1H30M", Some(90)),
            ("P1DT5M", Some(24 * 60 + 5)),
            ("00:00", Some(0)),
            ("", None),
            ("00:75", None),
            ("-00:30", None),
            ("an hour", None),
            ("P", None),
            ("999999999:00", None),
            ("99999:00", None),
        ] {
            assert_eq!(duration(text), minutes.map(TimeDelta::minutes), "{text}");
        }
    }

    #[test]
    fn reads_moments_as_they_are_written() {
        let day = NaiveDate::from_ymd_opt(2024, 12, 27).unwrap();
        let local = day.and_hms_opt(11, 0, 0).unwrap();
        for text in [
            "2024-12-27T11:00:00+01:00",
            "2024-12-27T11:00+0100",
            "2024-12-27 11:00:00+01:00",
            "2024-12-27T11:00:00.123+01:00",
        ] {
            let Some(Moment::Exact(exact)) = moment(text) else {
                panic!("{text}");
            };
            assert_eq!(exact.naive_local(), local);
            assert_eq!(exact.naive_utc(), local - TimeDelta::hours(1));
        }
        let Some(Moment::Exact(exact)) = moment("2024-12-27T10:00:00Z") else {
            panic!("Z");
        };
        assert_eq!(exact.naive_utc(), local - TimeDelta::hours(1));
        assert_eq!(moment("2024-12-27T11:00"), Some(Moment::Local(local)));
        assert_eq!(moment("2024-12-27"), Some(Moment::Day(day)));
        for text in [
            "",
            "27.12.2024",
            "2024-13-01",
            "11:00",
            "0024-01-01",
            "20240-01-01T10:00",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
        assert_eq!(clock("9:05"), NaiveTime::from_hms_opt(9, 5, 0));
        assert_eq!(clock("25:00"), None);
    }
}
