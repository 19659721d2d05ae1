//! Times as other programs write them.

use calcard::common::timezone::Tz;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarDuration, ICalendarEntry, ICalendarProperty,
    ICalendarValue,
};
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use domain::time::TimeZone;

/// A time that somebody would rather have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposal {
    /// When it would begin.
    pub start: Moment,
    /// When it would end, if they say so: of days, the last.
    pub end: Option<Moment>,
}

/// A time, as exact as it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// An instant.
    Instant(DateTime<Utc>),
    /// By clocks of which nobody says where they stand, or of a zone that nobody knows: probably those
    /// of the event.
    Local(NaiveDateTime),
    /// A day.
    Day(NaiveDate),
}

impl Moment {
    /// As an instant of which it is known that it must be in UTC (RFC 5545, 3.8.7.2).
    pub(super) fn as_stamp(self) -> Option<DateTime<Utc>> {
        match self {
            Self::Instant(instant) => Some(instant),
            Self::Local(local) => Some(local.and_utc()),
            Self::Day(_) => None,
        }
    }

    fn later(self, by: TimeDelta) -> Option<Self> {
        Some(match self {
            Self::Instant(instant) => Self::Instant(instant.checked_add_signed(by)?),
            Self::Local(local) => Self::Local(local.checked_add_signed(by)?),
            Self::Day(day) => Self::Day(day.checked_add_signed(by)?),
        })
    }
}

/// The time that an entry has in a counter-proposal.
pub(super) fn proposal(object: &ICalendar, event: &ICalendarComponent) -> Option<Proposal> {
    let moment_of = |property| moment(object, event.property(&property)?);
    let start = moment_of(ICalendarProperty::Dtstart)?;
    let end = moment_of(ICalendarProperty::Dtend).or_else(|| {
        let duration = event.property(&ICalendarProperty::Duration)?;
        let Some(ICalendarValue::Duration(duration)) = duration.values.first() else {
            return None;
        };
        start.later(length(duration)?)
    });
    let end = match (start, end) {
        // The end is the day after the last (RFC 5545, 3.6.1).
        (Moment::Day(first), Some(Moment::Day(after))) => {
            Some(Moment::Day(after.pred_opt()?.max(first)))
        }
        (_, end) => end,
    };
    Some(Proposal { start, end })
}

/// The time that a property holds. Zones go by their names, those of Windows as well: what an object
/// tells of a zone is not looked at.
pub(super) fn moment(object: &ICalendar, property: &ICalendarEntry) -> Option<Moment> {
    let Some(ICalendarValue::PartialDateTime(written)) = property.values.first() else {
        return None;
    };
    let read = written.to_date_time()?;
    let local = read.date_time;
    if !written.has_time() {
        return Some(Moment::Day(local.date()));
    }
    if let Some(offset) = read.offset {
        let seconds = TimeDelta::seconds(i64::from(offset.local_minus_utc()));
        return Some(Moment::Instant(
            local.checked_sub_signed(seconds)?.and_utc(),
        ));
    }
    let zone = property
        .tz_id()
        .and_then(|name| object.build_tz_resolver().resolve(name));
    Some(match zone {
        Some(Tz::Tz(zone)) => match zone.name().parse::<TimeZone>() {
            Ok(zone) => Moment::Instant(zone.instant(local)),
            Err(_) => Moment::Local(local),
        },
        Some(Tz::Fixed(offset)) => {
            let seconds = TimeDelta::seconds(i64::from(offset.local_minus_utc()));
            Moment::Instant(local.checked_sub_signed(seconds)?.and_utc())
        }
        Some(Tz::Floating) | None => Moment::Local(local),
    })
}

fn length(duration: &ICalendarDuration) -> Option<TimeDelta> {
    let days = i64::from(duration.weeks) * 7 + i64::from(duration.days);
    let minutes = (days * 24 + i64::from(duration.hours)) * 60 + i64::from(duration.minutes);
    let length = TimeDelta::try_seconds(minutes * 60 + i64::from(duration.seconds))?;
    (!duration.neg).then_some(length)
}
