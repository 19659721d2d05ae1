//! When things happen, by the clocks of the conference.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use domain::time::TimeZone;

use crate::schedule::oddity::{Oddities, OddityKind, Place, quoted};
use crate::schedule::time::{Moment, clock, duration, moment};
use crate::schedule::{Choices, Event, Schedule};

/// The clocks and days of a conference.
pub(super) struct Clocks {
    /// The zone.
    pub(super) zone: TimeZone,
    days: Vec<Day>,
    /// Until when in the night it is still the day before, if that is said.
    day_change: Option<NaiveTime>,
}

/// A day.
#[derive(Debug, Clone, Copy, Default)]
struct Day {
    date: Option<NaiveDate>,
    starts_at: Option<NaiveDateTime>,
    ends_at: Option<NaiveDateTime>,
}

/// When an event takes place.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Times {
    /// The day that it stands on.
    pub(super) day: Option<NaiveDate>,
    /// When it begins.
    pub(super) starts_at: Option<NaiveDateTime>,
    /// When it ends.
    pub(super) ends_at: Option<NaiveDateTime>,
}

/// A time by the clocks there, and the instant if it is known better than from them.
#[derive(Debug, Clone, Copy)]
struct Start {
    local: NaiveDateTime,
    instant: DateTime<Utc>,
}

impl Clocks {
    pub(super) fn of(schedule: &Schedule, choices: &Choices, oddities: &mut Oddities) -> Self {
        let day_change = schedule.conference.day_change.as_deref();
        let day_change = day_change.and_then(|written| {
            let read = clock(written);
            if read.is_none() {
                let message = format!("the change of days at {} cannot be read", quoted(written));
                oddities.add(OddityKind::DateUnreadable, &Place::Whole, None, message);
            }
            read
        });
        let mut clocks = Self {
            zone: zone(schedule, choices, oddities),
            days: Vec::new(),
            day_change,
        };
        let first = schedule.conference.start.as_deref().and_then(moment);
        let first = first.and_then(|moment| clocks.date(moment));
        for (place, day) in schedule.days.iter().enumerate() {
            let mut read = |written: Option<&String>, what: &str| {
                let written = written?;
                let read = moment(written);
                if read.is_none() {
                    let message = format!("{what} {} cannot be read", quoted(written));
                    oddities.add(OddityKind::DateUnreadable, &day.place, None, message);
                }
                read
            };
            let date = read(day.date.as_ref(), "the date");
            let start = read(day.start.as_ref(), "the beginning");
            let end = read(day.end.as_ref(), "the end");
            let starts_at = start.and_then(|start| clocks.local(start));
            let index = day.index.as_deref().and_then(|index| index.parse().ok());
            let index: u64 = index.unwrap_or(u64::try_from(place).unwrap_or(u64::MAX) + 1);
            let date = date
                .and_then(|date| clocks.date(date))
                .or(starts_at.map(|start| start.date()))
                .or_else(|| {
                    let days = index.saturating_sub(1).min(366);
                    first?.checked_add_days(Days::new(days))
                });
            if date.is_none() {
                let message = "the day has no date";
                oddities.add(OddityKind::DateUnreadable, &day.place, None, message);
            }
            clocks.days.push(Day {
                date,
                starts_at,
                ends_at: end.and_then(|end| clocks.local(end)),
            });
        }
        clocks
    }

    /// The dates of the days.
    pub(super) fn days(&self) -> impl Iterator<Item = NaiveDate> {
        self.days.iter().filter_map(|day| day.date)
    }

    /// What the clocks there show.
    pub(super) fn local(&self, moment: Moment) -> Option<NaiveDateTime> {
        match moment {
            Moment::Day(_) => None,
            Moment::Local(local) => Some(local),
            Moment::Exact(exact) => Some(self.zone.local(exact.to_utc())),
        }
    }

    /// The day there.
    pub(super) fn date(&self, moment: Moment) -> Option<NaiveDate> {
        match moment {
            Moment::Day(day) => Some(day),
            Moment::Local(_) | Moment::Exact(_) => self.local(moment).map(|local| local.date()),
        }
    }

    /// When an event takes place.
    pub(super) fn times(&self, event: &Event, oddities: &mut Oddities) -> Times {
        let id = event.name();
        let mut told = Told {
            oddities,
            place: &event.place,
            id: id.as_deref(),
        };
        let day = event.day.and_then(|day| self.days.get(day)).copied();
        let day = day.unwrap_or_default();
        let Some(start) = self.start(event, day, &mut told) else {
            return Times {
                day: day.date,
                ..Times::default()
            };
        };
        let ends_at = self.end(event, start, &mut told);
        self.outside(day, start.local, ends_at, &mut told);
        Times {
            day: day.date,
            starts_at: Some(start.local),
            ends_at,
        }
    }

    fn start(&self, event: &Event, day: Day, told: &mut Told<'_>) -> Option<Start> {
        let date = event.date.as_deref();
        let date = date.and_then(|written| told.read(written, "the date", moment));
        // The time of day; in version 2 date and time.
        let written = event.start.as_deref();
        let start = written
            .and_then(moment)
            .filter(|start| !matches!(start, Moment::Day(_)));
        let time = written.and_then(clock);
        if let (Some(written), None, None) = (written, start, time) {
            told.add(
                OddityKind::DateUnreadable,
                format!("the beginning {} cannot be read", quoted(written)),
            );
        }
        let full = [date, start].into_iter().flatten();
        let full = full.into_iter().find(|one| !matches!(one, Moment::Day(_)));
        if let Some(full) = full {
            let shown = full.as_written().map(|local| local.time());
            if time.is_some() && shown != time {
                let message = format!(
                    "begins at {}, but its date says {}",
                    quoted(written.unwrap_or_default()),
                    quoted(event.date.as_deref().unwrap_or_default())
                );
                told.add(OddityKind::TimesContradict, message);
            }
            return self.at(full, told);
        }
        let said = date.and_then(|date| self.date(date));
        let (Some(date), Some(time)) = (said.or(day.date), time) else {
            if event.date.is_none() && event.start.is_none() {
                told.add(OddityKind::DateUnreadable, "it is not said when it begins");
            } else if event.start.is_none() {
                told.add(
                    OddityKind::DateUnreadable,
                    "it is not said at what time it begins",
                );
            } else if said.or(day.date).is_none() && time.is_some() {
                told.add(
                    OddityKind::DateUnreadable,
                    "it is not said on which day it begins",
                );
            }
            return None;
        };
        let next = Some(date) == day.date && self.is_of_the_night(day, time);
        let date = if next { date.succ_opt()? } else { date };
        let local = date.and_time(time);
        Some(Start {
            local,
            instant: self.zone.instant(local),
        })
    }

    /// Whether a time belongs to the small hours after a day.
    fn is_of_the_night(&self, day: Day, time: NaiveTime) -> bool {
        if let Some(change) = self.day_change {
            return time < change;
        }
        // What its beginning and end say: a day that ends at 04:00 of the next.
        let (Some(date), Some(start), Some(end)) = (day.date, day.starts_at, day.ends_at) else {
            return false;
        };
        end.date() > date && time < end.time() && time < start.time()
    }

    fn at(&self, moment: Moment, told: &mut Told<'_>) -> Option<Start> {
        let local = self.local(moment)?;
        let Moment::Exact(exact) = moment else {
            return Some(Start {
                local,
                instant: self.zone.instant(local),
            });
        };
        let instant = exact.to_utc();
        if local != exact.naive_local() {
            let message = format!(
                "dates are written with another offset than the clocks of {} have",
                self.zone
            );
            told.oddities
                .tally(OddityKind::TimesContradict, told.place, message);
        }
        if self.zone.instant(local) != instant {
            let message = format!("the clocks show {local} twice, and the second is meant");
            told.add(OddityKind::TimeAmbiguous, message);
        }
        Some(Start { local, instant })
    }

    fn end(&self, event: &Event, start: Start, told: &mut Told<'_>) -> Option<NaiveDateTime> {
        let end = event.end.as_deref();
        let end = end.and_then(|written| told.read(written, "the end", moment));
        let end = end.and_then(|end| match end {
            Moment::Day(_) => None,
            Moment::Local(local) => Some(self.zone.instant(local)),
            Moment::Exact(exact) => Some(exact.to_utc()),
        });
        let lasts = event.duration.as_deref().and_then(|written| {
            let read = duration(written);
            if read.is_none() {
                let message = format!("the duration {} cannot be read", quoted(written));
                told.add(OddityKind::DurationUnreadable, message);
            }
            read
        });
        let by_duration = lasts.and_then(|lasts| start.instant.checked_add_signed(lasts));
        if let (Some(end), Some(by_duration)) = (end, by_duration)
            && end != by_duration
        {
            told.add(
                OddityKind::TimesContradict,
                "its end and its duration do not agree",
            );
        }
        let Some(end) = end.or(by_duration) else {
            if event.duration.is_none() && event.end.is_none() {
                told.add(
                    OddityKind::DurationMissing,
                    "it is not said how long it lasts",
                );
            }
            return None;
        };
        let local = self.zone.local(end);
        if end < start.instant {
            told.add(OddityKind::TimesContradict, "it ends before it begins");
            return None;
        }
        if local < start.local {
            // In the hour that the clocks show twice.
            let message = format!("the clocks show {local} twice, and the second is meant");
            told.add(OddityKind::TimeAmbiguous, message);
            return None;
        }
        Some(local)
    }

    /// Notes what lies outside the day that it stands on.
    fn outside(
        &self,
        day: Day,
        start: NaiveDateTime,
        end: Option<NaiveDateTime>,
        told: &mut Told<'_>,
    ) {
        let next = day.date.and_then(|date| date.succ_opt());
        let midnight = |date: NaiveDate| date.and_time(self.day_change.unwrap_or_default());
        let begins = day.starts_at.or(day.date.map(midnight));
        let change = next.map(midnight);
        // Where nobody says when a day ends, its nights are taken to be long.
        let ends = day.ends_at.or(change.filter(|_| self.day_change.is_some()));
        let ends = ends.or(change.map(|change| change + TimeDelta::hours(12)));
        if let Some(begins) = begins.filter(|begins| start < *begins) {
            let message = format!("begins at {start}, before its day does at {begins}");
            told.add(OddityKind::OutsideDay, message);
        } else if let Some(ends) = ends.filter(|ends| start >= *ends || end > Some(*ends)) {
            let until = end.unwrap_or(start);
            let message = format!("lasts until {until}, beyond the end of its day at {ends}");
            told.add(OddityKind::OutsideDay, message);
        }
    }
}

/// The zone: the one that was chosen, else the one that is named, else the one of the offsets.
fn zone(schedule: &Schedule, choices: &Choices, oddities: &mut Oddities) -> TimeZone {
    if let Some(zone) = choices.time_zone {
        return zone;
    }
    let named = schedule.conference.time_zone.as_deref();
    if let Some(zone) = named.and_then(|name| name.trim().parse().ok()) {
        return zone;
    }
    let events = schedule.events.iter();
    let written = events
        .flat_map(|event| [&event.date, &event.start])
        .flatten();
    let days = schedule.days.iter();
    let written = written.chain(days.flat_map(|day| [&day.start, &day.end]).flatten());
    let mut offsets: BTreeMap<i32, usize> = BTreeMap::new();
    for written in written {
        if let Some(Moment::Exact(exact)) = moment(written) {
            *offsets.entry(exact.offset().local_minus_utc()).or_default() += 1;
        }
    }
    let most = offsets.iter().max_by_key(|(_, times)| **times);
    let name = most.and_then(|(seconds, _)| zone_of_offset(*seconds));
    let because = match (named, &name) {
        (Some(named), _) => format!("{} is no known time zone", quoted(named)),
        (None, Some(_)) => "no time zone is named".to_owned(),
        (None, None) => "no time zone is named, and dates have no offset".to_owned(),
    };
    let name = name.unwrap_or_else(|| "UTC".to_owned());
    let message = format!("{because}: the clocks are taken to be those of {name}");
    oddities.add(OddityKind::TimeZoneUnknown, &Place::Whole, None, message);
    name.parse().unwrap_or(TimeZone::UTC)
}

/// A zone whose clocks always have this offset. Its sign is the other way round in its name.
fn zone_of_offset(seconds: i32) -> Option<String> {
    let hours = seconds / 3600;
    if seconds == 0 {
        return Some("UTC".to_owned());
    }
    (seconds % 3600 == 0 && (-12..=14).contains(&hours)).then(|| format!("Etc/GMT{:+}", -hours))
}

/// Where oddities of one event are told.
struct Told<'a> {
    oddities: &'a mut Oddities,
    place: &'a Place,
    id: Option<&'a str>,
}

impl Told<'_> {
    fn add(&mut self, kind: OddityKind, message: impl std::fmt::Display) {
        self.oddities.add(kind, self.place, self.id, message);
    }

    fn read<T>(&mut self, written: &str, what: &str, read: fn(&str) -> Option<T>) -> Option<T> {
        let value = read(written);
        if value.is_none() {
            let message = format!("{what} {} cannot be read", quoted(written));
            self.add(OddityKind::DateUnreadable, message);
        }
        value
    }
}
