//! What is told of zones is what the tz database says of them.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone as _, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};

use domain::time::TimeZone;
use proptest::prelude::*;

use super::reader::{self, Component, Property};
use super::samples::{entry, moment, zone};
use crate::{When, download};

/// The object of an event in a zone, in the middle of the first and of the last of some years.
fn object(tz: Tz, years: (i32, i32)) -> Component {
    let at = |year: i32| {
        let starts_at = format!("{year}-05-14T12:00:00").parse().unwrap();
        entry(When::Onset {
            zone: zone(tz.name()),
            starts_at,
        })
    };
    reader::read(&download(&[at(years.0), at(years.1)]))
}

fn offset(tz: Tz, instant: DateTime<Utc>) -> i32 {
    tz.offset_from_utc_datetime(&instant.naive_utc())
        .fix()
        .local_minus_utc()
}

/// Compares every sixth hour, and every moment around what the object says to be a change.
fn compare(tz: Tz, years: (i32, i32)) {
    let object = object(tz, years);
    let mut instant = moment(&format!("{}-01-01T00:00:00Z", years.0)) - TimeDelta::hours(15);
    let end = moment(&format!("{}-01-01T00:00:00Z", years.1 + 1)) + TimeDelta::hours(15);
    let start = object
        .components
        .last()
        .unwrap()
        .property("DTSTART")
        .unwrap();
    let zones: Vec<_> = object.all("VTIMEZONE").collect();
    let Some(name) = start.parameters.get("TZID") else {
        assert!(zones.is_empty() && start.value.ends_with('Z'));
        while instant < end {
            assert_eq!(offset(tz, instant), 0, "{tz} at {instant}");
            instant += TimeDelta::hours(6);
        }
        return;
    };
    assert!(zones.len() == 1 && name == tz.name() && name == zones[0].value("TZID"));
    assert!(zones[0].all("STANDARD").count() > 0, "{tz} {years:?}");
    let onsets = reader::onsets(zones[0], years.1 + 1);
    let told = |instant: DateTime<Utc>| {
        let place = onsets.partition_point(|(onset, _)| *onset <= instant);
        onsets[place
            .checked_sub(1)
            .unwrap_or_else(|| panic!("{tz}: nothing at {instant}"))]
        .1
    };
    let around = onsets
        .iter()
        .flat_map(|(onset, _)| [-1, 0, 1].map(|seconds| *onset + TimeDelta::seconds(seconds)));
    for instant in around.filter(|instant| (instant..&end).contains(&instant)) {
        if instant.year() >= years.0 && instant < end {
            assert_eq!(told(instant), offset(tz, instant), "{tz} at {instant}");
        }
    }
    while instant < end {
        assert_eq!(told(instant), offset(tz, instant), "{tz} at {instant}");
        instant += TimeDelta::hours(6);
    }
}

#[test]
fn every_zone_is_told_as_the_database_has_it() {
    for tz in TZ_VARIANTS {
        for year in 2024..=2030 {
            compare(tz, (year, year));
        }
        compare(tz, (2024, 2030));
    }
}

#[test]
fn other_times_are_told_as_well() {
    for tz in TZ_VARIANTS.into_iter().step_by(7) {
        for year in (1901..2200).step_by(13) {
            compare(tz, (year, year));
        }
    }
}

/// The lines of a zone's parts, each in one.
fn parts(name: &str, year: i32) -> Vec<String> {
    let object = object(name.parse().unwrap(), (year, year));
    let zone = object.all("VTIMEZONE").next().unwrap();
    let part = |part: &Component| {
        let rule = part
            .property("RRULE")
            .map_or("", |rule| rule.value.as_str());
        let (from, to) = (part.value("TZOFFSETFROM"), part.value("TZOFFSETTO"));
        let line = format!(
            "{} {} {from} {to} {} {rule}",
            part.name,
            part.value("DTSTART"),
            part.value("TZNAME")
        );
        line.trim_end().to_owned()
    };
    zone.components.iter().map(part).collect()
}

#[test]
fn a_clock_that_never_changes_is_told_in_one_part() {
    assert_eq!(
        parts("Asia/Shanghai", 2026),
        ["STANDARD 19700101T000000 +0800 +0800 CST"]
    );
    // By the name that was asked for.
    assert_eq!(
        parts("Asia/Chongqing", 2026),
        ["STANDARD 19700101T000000 +0800 +0800 CST"]
    );
    assert_eq!(
        parts("Asia/Kathmandu", 2026),
        ["STANDARD 19700101T000000 +0545 +0545 +0545"]
    );
    // It did change, in the year before last.
    assert_eq!(
        parts("Asia/Almaty", 2026),
        ["STANDARD 20240301T000000 +0600 +0500 +05"]
    );
}

#[test]
fn rules_are_told_in_two_parts() {
    assert_eq!(
        parts("America/New_York", 2026),
        [
            "DAYLIGHT 20250309T020000 -0500 -0400 EDT FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
            "STANDARD 20251102T020000 -0400 -0500 EST FREQ=YEARLY;BYMONTH=11;BYDAY=1SU",
        ]
    );
    assert_eq!(
        parts("Asia/Jerusalem", 2026),
        [
            "DAYLIGHT 20250328T020000 +0200 +0300 IDT FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=23,24,25,26,27,28,29;BYDAY=FR",
            "STANDARD 20251026T020000 +0300 +0200 IST FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        ]
    );
    // Summer comes at the turn of the year.
    assert_eq!(
        parts("Australia/Sydney", 2026),
        [
            "STANDARD 20250406T030000 +1100 +1000 AEST FREQ=YEARLY;BYMONTH=4;BYDAY=1SU",
            "DAYLIGHT 20251005T020000 +1000 +1100 AEDT FREQ=YEARLY;BYMONTH=10;BYDAY=1SU",
        ]
    );
    // The law calls summer time the standard, and winter the exception.
    assert_eq!(
        parts("Europe/Dublin", 2026),
        [
            "DAYLIGHT 20250330T010000 +0000 +0100 IST FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
            "STANDARD 20251026T020000 +0100 +0000 GMT FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        ]
    );
}

#[test]
fn where_no_rule_holds_each_change_is_told() {
    assert_eq!(
        parts("Africa/Casablanca", 2026),
        [
            "DAYLIGHT 20250406T020000 +0000 +0100 +01",
            "STANDARD 20260215T030000 +0100 +0000 +00",
            "DAYLIGHT 20260322T020000 +0000 +0100 +01",
        ]
    );
    for name in [
        "Africa/El_Aaiun",
        "Asia/Gaza",
        "Asia/Hebron",
        "Africa/Cairo",
    ] {
        let parts = parts(name, 2026);
        assert!(
            parts.len() >= 3 && !parts.iter().any(|part| part.contains("FREQ")),
            "{parts:?}"
        );
    }
}

#[test]
fn utc_needs_no_zone() {
    for name in ["UTC", "Etc/UTC", "Etc/GMT", "Zulu"] {
        let object = object(name.parse().unwrap(), (2026, 2026));
        assert_eq!(object.all("VTIMEZONE").count(), 0);
        assert_eq!(object.components[0].value("DTSTART"), "20260514T120000Z");
    }
    let london = object(Tz::Europe__London, (2026, 2026));
    assert_eq!(
        london.all("VTIMEZONE").next().unwrap().value("TZID"),
        "Europe/London"
    );
}

/// The instant that a property tells, by what the object tells of the zone.
fn told(object: &Component, property: &Property) -> DateTime<Utc> {
    if let Some(local) = property.value.strip_suffix('Z') {
        return reader::local(local).and_utc();
    }
    let name = &property.parameters["TZID"];
    let zone = object
        .all("VTIMEZONE")
        .find(|zone| zone.value("TZID") == name)
        .expect("the zone");
    let local = reader::local(&property.value);
    let onsets = reader::onsets(zone, local.year() + 1);
    let shows = |offset: i32| local.and_utc() - TimeDelta::seconds(offset.into());
    let in_force = |instant: DateTime<Utc>| {
        onsets
            .iter()
            .rfind(|(onset, _)| *onset <= instant)
            .expect("an observance")
            .1
    };
    let offsets = onsets.iter().map(|(_, offset)| *offset);
    let mut instants: Vec<_> = offsets
        .map(shows)
        .filter(|&it| it + TimeDelta::seconds(in_force(it).into()) == shows(0))
        .collect();
    instants.sort_unstable();
    instants.dedup();
    assert_eq!(
        instants.len(),
        1,
        "{name} {local}: one instant, to every reader"
    );
    instants[0]
}

fn any_zone() -> impl Strategy<Value = TimeZone> {
    (0..TZ_VARIANTS.len()).prop_map(|place| TZ_VARIANTS[place].name().parse().unwrap())
}

fn any_time(years: std::ops::RangeInclusive<i32>) -> impl Strategy<Value = NaiveDateTime> {
    (years, 1..=366u32, 0..86_400i64).prop_map(|(year, day, second)| {
        let day = NaiveDate::from_yo_opt(year, day.min(365)).unwrap();
        day.and_hms_opt(0, 0, 0).unwrap() + TimeDelta::seconds(second)
    })
}

/// Times near which clocks are changed: those are what goes wrong.
fn hard_time() -> impl Strategy<Value = (TimeZone, NaiveDateTime)> {
    (any_zone(), any_time(1905..=2195), -180..180i64).prop_map(|(zone, time, minutes)| {
        let tz: Tz = zone.as_str().parse().unwrap();
        let mut instant = zone.instant(time);
        let before = offset(tz, instant);
        for _ in 0..400 {
            instant += TimeDelta::days(1);
            if offset(tz, instant) != before {
                while offset(tz, instant - TimeDelta::minutes(1)) != before {
                    instant -= TimeDelta::minutes(1);
                }
                break;
            }
        }
        (zone, zone.local(instant) + TimeDelta::minutes(minutes))
    })
}

proptest! {
    #[test]
    fn every_time_is_told_as_the_instant_that_it_is(
        (zone, starts_at) in prop_oneof![(any_zone(), any_time(1905..=2195)), hard_time()],
        minutes in -60..5_000i64,
    ) {
        let ends_at = starts_at + TimeDelta::minutes(minutes);
        let object = reader::read(&download(&[entry(When::Span { zone, starts_at, ends_at })]));
        let event = object.all("VEVENT").next().unwrap();
        let (start, end) = (zone.instant(starts_at), zone.instant(ends_at));
        // Seconds that the offset had, in the days of local mean time, are told too.
        prop_assert_eq!(told(&object, event.property("DTSTART").unwrap()), start);
        let told_end = event.property("DTEND").map(|end| told(&object, end));
        prop_assert_eq!(told_end, Some(end).filter(|end| *end > start));
    }

    #[test]
    fn no_time_is_too_far(zone in any_zone(), starts_at in any_time(0..=9_999), ends_at in any_time(0..=9_999)) {
        let object = reader::read(&download(&[entry(When::Span { zone, starts_at, ends_at })]));
        let event = object.all("VEVENT").next().unwrap();
        prop_assert!(event.property("DTSTART").is_some());
    }
}
