//! Zones as a calendar object tells of them (VTIMEZONE; RFC 5545, 3.6.5), from the tz database that is
//! compiled in.
//!
//! Readers that know the name go by their own database; those that do not, or know it wrongly, go by
//! what is told here. It is told for the years that an object needs: two yearly rules where they hold,
//! else each change of the clocks by itself. Changes are never listed as RDATE: Outlook does not read
//! that.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveDateTime, Offset as _, TimeDelta};
use chrono::{TimeZone as _, Utc, Weekday};
use chrono_tz::{OffsetComponents as _, OffsetName as _, Tz};
use domain::time::TimeZone;
use ics::components::Component;

use crate::property::{Value, add};

/// For so many years a rule must hold to be called one: after that, each day of the year has been each
/// day of the week.
const YEARS_OF_A_RULE: i32 = 28;
/// No two changes of the clocks have come within so many days of each other.
const STEP: TimeDelta = TimeDelta::days(3);

/// Whether a zone is UTC by definition: its times are written in UTC and need no zone.
pub(crate) fn is_utc(zone: TimeZone) -> bool {
    let name = zone.as_str();
    matches!(
        name.strip_prefix("Etc/").unwrap_or(name),
        "UTC" | "UCT" | "Universal" | "Zulu" | "Greenwich" | "GMT" | "GMT0" | "GMT+0" | "GMT-0"
    )
}

/// Tells of a zone, right from the first of January of one year to the end of another, as far as they
/// are years in which anything can be planned (`domain::time::check_year`).
pub(crate) fn component(zone: TimeZone, first: i32, last: i32) -> Component<'static> {
    let mut component = Component::new("VTIMEZONE");
    add(&mut component, "TZID", &[], Value::Text(zone.as_str()));
    // The name came from the database, so it is in the database.
    let tz = zone.as_str().parse::<Tz>().unwrap_or_default();
    let planned = |year: i32| year.clamp(1900, 2200);
    for observance in known(tz, planned(first), planned(last)).iter() {
        component.add_component(observance.component());
    }
    component
}

/// A zone in some years.
type Years = (Tz, i32, i32);
type Observances = Arc<[Observance]>;

/// What was found out of late. Finding it out takes thousands of look-ups, and one office writes of few
/// zones and years, to hundreds at a time.
static KNOWN: LazyLock<Mutex<HashMap<Years, Observances>>> = LazyLock::new(Mutex::default);

/// So many are kept; then it is begun anew.
const KEPT: usize = 256;

fn known(tz: Tz, first: i32, last: i32) -> Observances {
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let years = (tz, first, last);
    if let Some(found) = known().get(&years) {
        return Arc::clone(found);
    }
    let found: Observances = observances(tz, first, last).into();
    let mut known = known();
    if known.len() >= KEPT {
        known.clear();
    }
    known.insert(years, Arc::clone(&found));
    found
}

/// Clocks show this much from some moment on (STANDARD and DAYLIGHT).
#[derive(Debug)]
struct Observance {
    /// What clocks showed at the moment, before they were changed.
    onset: NaiveDateTime,
    from: i32,
    to: i32,
    name: String,
    is_daylight: bool,
    rule: Option<Rule>,
}

impl Observance {
    fn component(&self) -> Component<'static> {
        let name = if self.is_daylight {
            "DAYLIGHT"
        } else {
            "STANDARD"
        };
        let mut component = Component::new(name);
        add(&mut component, "DTSTART", &[], Value::Local(self.onset));
        add(
            &mut component,
            "TZOFFSETFROM",
            &[],
            Value::Offset(self.from),
        );
        add(&mut component, "TZOFFSETTO", &[], Value::Offset(self.to));
        add(&mut component, "TZNAME", &[], Value::Text(&self.name));
        if let Some(rule) = &self.rule {
            add(&mut component, "RRULE", &[], Value::Rule(rule));
        }
        component
    }
}

fn observances(tz: Tz, first: i32, last: i32) -> Vec<Observance> {
    let changes = changes(tz, first - 2, (last + 1).max(first - 1 + YEARS_OF_A_RULE));
    if let Some(rules) = rules(tz, &changes, first - 1) {
        return rules;
    }
    // A day either way, for those who take the years to be those of UTC.
    let begin = new_year(first) - TimeDelta::days(1);
    let end = new_year(last + 1) + TimeDelta::days(1);
    let since = changes.partition_point(|change| change.at <= begin);
    let needed = changes.get(since.saturating_sub(1)..).unwrap_or_default();
    let needed = needed.iter().take_while(|change| change.at < end);
    let mut listed: Vec<_> = needed
        .map(|change| change.observance(tz, &changes))
        .collect();
    if since == 0 {
        listed.insert(0, always(tz, begin));
    }
    // What has been decreed to be so for ever may have been called summer time when it began: there is
    // always a standard to be told.
    if listed.iter().all(|one| one.is_daylight) {
        let lowest = listed.iter().map(|one| one.to).min();
        for one in &mut listed {
            one.is_daylight = Some(one.to) != lowest;
        }
    }
    listed
}

/// What clocks show at a moment, as if they always had.
fn always(tz: Tz, moment: DateTime<Utc>) -> Observance {
    let state = State::at(tz, moment);
    Observance {
        onset: new_year(1970.min(moment.year())).naive_utc(),
        from: state.offset,
        to: state.offset,
        name: state.name,
        is_daylight: state.summer > 0,
        rule: None,
    }
}

/// The two rules by which the clocks are changed each year, if there are two, and they hold.
fn rules(tz: Tz, changes: &[Change], from_year: i32) -> Option<Vec<Observance>> {
    let since = changes.partition_point(|change| change.local.year() < from_year);
    let since = changes.get(since..)?;
    let (one, other): (Vec<_>, Vec<_>) = since.chunks(2).filter_map(<[_]>::split_first).unzip();
    let other: Vec<_> = other.into_iter().filter_map(<[_]>::first).collect();
    [one, other]
        .into_iter()
        .map(|yearly| {
            let first = *yearly.first()?;
            let holds = yearly.len() >= usize::try_from(YEARS_OF_A_RULE).ok()?
                && (from_year..).zip(&yearly).all(|(year, change)| {
                    change.local.year() == year
                        && change.local.time() == first.local.time()
                        && (change.from, change.to) == (first.from, first.to)
                });
            let days: Vec<_> = yearly.iter().map(|change| change.local.date()).collect();
            let rule = Rule::of(&days).filter(|_| holds)?;
            Some(Observance {
                rule: Some(rule),
                ..first.observance(tz, changes)
            })
        })
        .collect()
}

/// The clocks are changed.
#[derive(Debug, Clone, Copy)]
struct Change {
    at: DateTime<Utc>,
    /// By the clocks, before they are changed.
    local: NaiveDateTime,
    from: i32,
    to: i32,
}

impl Change {
    fn observance(&self, tz: Tz, changes: &[Change]) -> Observance {
        let state = State::at(tz, self.at);
        // Where winter time is the exception that the law speaks of (Dublin, Casablanca), what it
        // calls standard is called daylight saving time here: that is always the later clock.
        let is_daylight = state.summer > 0
            || state.summer == 0
                && changes
                    .iter()
                    .map(|other| State::at(tz, other.at))
                    .any(|other| other.summer < 0 && other.base == state.base);
        Observance {
            onset: self.local,
            from: self.from,
            to: self.to,
            name: state.name,
            is_daylight,
            rule: None,
        }
    }
}

/// What clocks show at a moment, and what the database says of it.
struct State {
    offset: i32,
    base: i32,
    summer: i64,
    name: String,
}

impl State {
    fn at(tz: Tz, moment: DateTime<Utc>) -> Self {
        let offset = tz.offset_from_utc_datetime(&moment.naive_utc());
        let summer = offset.dst_offset().num_seconds();
        let whole = offset.fix().local_minus_utc();
        Self {
            offset: whole,
            base: whole - i32::try_from(summer).unwrap_or_default(),
            summer,
            name: offset
                .abbreviation()
                .map_or_else(|| offset.to_string(), ToOwned::to_owned),
        }
    }
}

/// Every change of the clocks in some years, in order.
fn changes(tz: Tz, first: i32, last: i32) -> Vec<Change> {
    let offset = |at: DateTime<Utc>| {
        tz.offset_from_utc_datetime(&at.naive_utc())
            .fix()
            .local_minus_utc()
    };
    let (mut before, end) = (new_year(first), new_year(last + 1));
    let mut from = offset(before);
    let mut changes = Vec::new();
    while before < end {
        let mut after = before + STEP;
        let to = offset(after);
        let next = after;
        if from != to {
            while after - before > TimeDelta::seconds(1) {
                let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
                if offset(middle) == from {
                    before = middle;
                } else {
                    after = middle;
                }
            }
            let local = after.naive_utc() + TimeDelta::seconds(i64::from(from));
            changes.push(Change {
                at: after,
                local,
                from,
                to,
            });
        }
        (before, from) = (next, to);
    }
    changes
}

fn new_year(year: i32) -> DateTime<Utc> {
    let day = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(NaiveDate::MIN);
    day.and_time(chrono::NaiveTime::MIN).and_utc()
}

/// On which day of each year: a day of the week in seven days of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    month: u32,
    weekday: Weekday,
    within: Within,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Within {
    /// The so-manieth of the month.
    Nth(u32),
    /// The last of the month.
    Last,
    /// The one on this day of the month or in the six days after.
    From(u32),
}

impl Rule {
    /// The rule by which these days are found, one a year, if there is one.
    fn of(days: &[NaiveDate]) -> Option<Self> {
        let first = days.first()?;
        let (month, weekday) = (first.month(), first.weekday());
        let is_regular = |day: &NaiveDate| day.month() == month && day.weekday() == weekday;
        let earliest = days.iter().map(NaiveDate::day).min()?;
        let latest = days.iter().map(NaiveDate::day).max()?;
        if !days.iter().all(is_regular) || latest - earliest > 6 {
            return None;
        }
        let possible = latest.saturating_sub(6)..=earliest;
        let last_week = length(first.year(), month) - 6;
        let within = if month != 2 && possible.contains(&last_week) {
            Within::Last
        } else {
            let nth = (1..=4).find(|nth| possible.contains(&(nth * 7 - 6)));
            nth.map_or(Within::From(earliest), Within::Nth)
        };
        Some(Self {
            month,
            weekday,
            within,
        })
    }
}

/// How many days a month has.
fn length(year: i32, month: u32) -> u32 {
    let next = NaiveDate::from_ymd_opt(year + i32::from(month == 12), month % 12 + 1, 1);
    next.and_then(|day| day.checked_sub_days(Days::new(1)))
        .map_or(31, |day| day.day())
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weekday = match self.weekday {
            Weekday::Mon => "MO",
            Weekday::Tue => "TU",
            Weekday::Wed => "WE",
            Weekday::Thu => "TH",
            Weekday::Fri => "FR",
            Weekday::Sat => "SA",
            Weekday::Sun => "SU",
        };
        write!(f, "FREQ=YEARLY;BYMONTH={};", self.month)?;
        match self.within {
            Within::Nth(nth) => write!(f, "BYDAY={nth}{weekday}"),
            Within::Last => write!(f, "BYDAY=-1{weekday}"),
            Within::From(first) => {
                let days: Vec<_> = (first..first + 7).map(|day| day.to_string()).collect();
                write!(f, "BYMONTHDAY={};BYDAY={weekday}", days.join(","))
            }
        }
    }
}
