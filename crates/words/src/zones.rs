//! What people call a time zone. Few have a name that both languages know; the others are called by
//! their city.

use std::borrow::Cow;

use chrono::{NaiveDateTime, TimeDelta};
use domain::time::TimeZone;

use super::Language;

/// A name, the offset from UTC in minutes at which it is right, and what it is called.
struct Name {
    minutes: i64,
    english: &'static str,
    chinese: &'static str,
}

/// How far clocks in a zone are ahead of UTC when they show a time.
pub(super) fn offset(zone: TimeZone, local: NaiveDateTime) -> TimeDelta {
    let instant = zone.instant(local);
    zone.local(instant) - instant.naive_utc()
}

/// An offset as people write it: `UTC+8`, `UTC-2:30`, `UTC`.
pub(super) fn written(offset: TimeDelta) -> String {
    let minutes = offset.num_minutes();
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
    match (hours, rest) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, rest) => format!("UTC{sign}{hours}:{rest:02}"),
    }
}

/// What a zone is called while its clocks are so far ahead; nothing for UTC itself.
pub(super) fn name(
    zone: TimeZone,
    offset: TimeDelta,
    language: Language,
) -> Option<Cow<'static, str>> {
    let zone = zone.as_str();
    if matches!(
        zone,
        "UTC" | "Etc/UTC" | "Etc/UCT" | "UCT" | "Zulu" | "Etc/Zulu"
    ) {
        return None;
    }
    let named = ZONES.iter().find(|(zones, _)| zones.contains(&zone));
    let name = named.and_then(|(_, names)| {
        let minutes = offset.num_minutes();
        names.iter().find(|name| name.minutes == minutes)
    });
    if let Some(name) = name {
        return Some(Cow::Borrowed(match language {
            Language::English => name.english,
            Language::Chinese => name.chinese,
        }));
    }
    let city = zone
        .rsplit('/')
        .next()
        .filter(|_| zone.contains('/') && !zone.starts_with("Etc/"));
    city.map(|city| {
        let city = city.replace('_', " ");
        Cow::Owned(match language {
            Language::English => format!("{city} time"),
            Language::Chinese => format!("{city} 时间"),
        })
    })
}

const fn at(minutes: i64, english: &'static str, chinese: &'static str) -> Name {
    Name {
        minutes,
        english,
        chinese,
    }
}

/// The zones that share a name, and their names.
type Zones = (&'static [&'static str], &'static [Name]);

const ZONES: &[Zones] = &[
    (
        &["Asia/Shanghai", "Asia/Chongqing", "Asia/Harbin", "PRC"],
        &[at(480, "China Standard Time", "中国标准时间")],
    ),
    (
        &["Asia/Hong_Kong", "Hongkong"],
        &[at(480, "Hong Kong Time", "香港时间")],
    ),
    (&["Asia/Macau"], &[at(480, "Macau Time", "澳门时间")]),
    (&["Asia/Taipei"], &[at(480, "Taipei Time", "台北时间")]),
    (
        &["Asia/Singapore", "Singapore"],
        &[at(480, "Singapore Time", "新加坡时间")],
    ),
    (
        &["Asia/Kuala_Lumpur"],
        &[at(480, "Malaysia Time", "马来西亚时间")],
    ),
    (
        &["Asia/Manila"],
        &[at(480, "Philippine Time", "菲律宾时间")],
    ),
    (
        &["Australia/Perth"],
        &[at(480, "Australian Western Time", "澳大利亚西部时间")],
    ),
    (
        &["Asia/Tokyo", "Japan"],
        &[at(540, "Japan Standard Time", "日本标准时间")],
    ),
    (
        &["Asia/Seoul", "ROK"],
        &[at(540, "Korea Standard Time", "韩国标准时间")],
    ),
    (
        &["Asia/Bangkok", "Asia/Ho_Chi_Minh", "Asia/Saigon"],
        &[at(420, "Indochina Time", "中南半岛时间")],
    ),
    (
        &["Asia/Jakarta"],
        &[at(420, "Western Indonesia Time", "印度尼西亚西部时间")],
    ),
    (
        &["Asia/Kolkata", "Asia/Calcutta"],
        &[at(330, "India Standard Time", "印度标准时间")],
    ),
    (
        &["Asia/Dubai"],
        &[at(240, "Gulf Standard Time", "海湾标准时间")],
    ),
    (&["Europe/Moscow"], &[at(180, "Moscow Time", "莫斯科时间")]),
    (
        &["Europe/London", "GB"],
        &[
            at(0, "Greenwich Mean Time", "格林尼治标准时间"),
            at(60, "British Summer Time", "英国夏令时间"),
        ],
    ),
    (
        &[
            "Europe/Amsterdam",
            "Europe/Belgrade",
            "Europe/Berlin",
            "Europe/Bratislava",
            "Europe/Brussels",
            "Europe/Budapest",
            "Europe/Copenhagen",
            "Europe/Ljubljana",
            "Europe/Luxembourg",
            "Europe/Madrid",
            "Europe/Oslo",
            "Europe/Paris",
            "Europe/Prague",
            "Europe/Rome",
            "Europe/Stockholm",
            "Europe/Vienna",
            "Europe/Warsaw",
            "Europe/Zagreb",
            "Europe/Zurich",
        ],
        &[
            at(60, "Central European Time", "中欧时间"),
            at(120, "Central European Summer Time", "中欧夏令时间"),
        ],
    ),
    (
        &[
            "Europe/Athens",
            "Europe/Bucharest",
            "Europe/Helsinki",
            "Europe/Kiev",
            "Europe/Kyiv",
            "Europe/Riga",
            "Europe/Sofia",
            "Europe/Tallinn",
            "Europe/Vilnius",
        ],
        &[
            at(120, "Eastern European Time", "东欧时间"),
            at(180, "Eastern European Summer Time", "东欧夏令时间"),
        ],
    ),
    (
        &[
            "America/New_York",
            "America/Toronto",
            "America/Detroit",
            "US/Eastern",
        ],
        &[
            at(-300, "Eastern Standard Time", "北美东部标准时间"),
            at(-240, "Eastern Daylight Time", "北美东部夏令时间"),
        ],
    ),
    (
        &["America/Chicago", "America/Winnipeg", "US/Central"],
        &[
            at(-360, "Central Standard Time", "北美中部标准时间"),
            at(-300, "Central Daylight Time", "北美中部夏令时间"),
        ],
    ),
    (
        &["America/Denver", "America/Edmonton", "US/Mountain"],
        &[
            at(-420, "Mountain Standard Time", "北美山区标准时间"),
            at(-360, "Mountain Daylight Time", "北美山区夏令时间"),
        ],
    ),
    (
        &["America/Los_Angeles", "America/Vancouver", "US/Pacific"],
        &[
            at(-480, "Pacific Standard Time", "北美太平洋标准时间"),
            at(-420, "Pacific Daylight Time", "北美太平洋夏令时间"),
        ],
    ),
    (
        &["America/Sao_Paulo"],
        &[at(-180, "Brasília Time", "巴西利亚时间")],
    ),
    (
        &[
            "Australia/Sydney",
            "Australia/Melbourne",
            "Australia/Hobart",
            "Australia/Canberra",
        ],
        &[
            at(
                600,
                "Australian Eastern Standard Time",
                "澳大利亚东部标准时间",
            ),
            at(
                660,
                "Australian Eastern Daylight Time",
                "澳大利亚东部夏令时间",
            ),
        ],
    ),
    (
        &["Pacific/Auckland", "NZ"],
        &[
            at(720, "New Zealand Standard Time", "新西兰标准时间"),
            at(780, "New Zealand Daylight Time", "新西兰夏令时间"),
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// A name that is never right in January or July 2026 was given a wrong offset.
    #[test]
    fn every_name_is_right_at_some_time_of_the_year() {
        for (zones, names) in ZONES {
            for zone in *zones {
                let zone: TimeZone = zone.parse().unwrap();
                let mut offsets: Vec<_> = ["2026-01-15T12:00:00", "2026-07-15T12:00:00"]
                    .map(|local| offset(zone, local.parse().unwrap()).num_minutes())
                    .to_vec();
                offsets.sort_unstable();
                offsets.dedup();
                let mut named: Vec<_> = names.iter().map(|name| name.minutes).collect();
                named.sort_unstable();
                assert_eq!(offsets, named, "{zone}");
            }
        }
    }
}
