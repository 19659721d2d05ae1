//! When something is, in words: what a mail or a page says to somebody who sees no calendar.
//!
//! Always with the weekday, so that a wrong date is noticed, and wherever there is a clock time,
//! with its zone: whoever is invited may be elsewhere. A zone that has no name here is called by
//! its city, and nothing is made up.
#![warn(missing_docs)]

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, TimeDelta, Timelike as _, Utc};
use domain::LanguageTag;
use domain::appearance::AppearanceRole;
use domain::credential::CredentialKind;
use domain::event_organization::EventOrganizationRole;
use domain::participant::ParticipantCategory;
use domain::time::{DayPart, EventTime, TimeZone};

mod zones;

/// A language that mails and pages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// English.
    English,
    /// Chinese, in simplified characters.
    Chinese,
}

impl Language {
    /// All there are.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// The language for somebody who wishes for these, in this order; English for whoever wishes
    /// for none that there is.
    pub fn best_for(wished: &[LanguageTag]) -> Self {
        let known = |tag: &LanguageTag| match tag.and_wider().last() {
            Some("zh") => Some(Self::Chinese),
            Some("en") => Some(Self::English),
            _ => None,
        };
        wished.iter().find_map(known).unwrap_or(Self::English)
    }

    /// Its tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-Hans",
        }
    }
}

/// When an event is, exactly as far as it is known:
/// `Thursday 23 July 2026, 09:00–10:30 (China Standard Time, UTC+8)`,
/// `2026年7月23日（星期四）9:00–10:30（中国标准时间，UTC+8）`.
pub fn event_time(time: &EventTime, language: Language) -> String {
    if let Some(start) = time.starts_at {
        // An end that is not known is none, unless it is known to be on another day.
        return match (time.ends_at, time.ends_on > time.starts_on) {
            (None, true) => {
                let days = days(time.starts_on, time.ends_on, language);
                let clock = clock(start, language);
                let zone = zone(time.zone, start, language);
                match language {
                    Language::English => format!("{days}, from {clock} on the first day{zone}"),
                    Language::Chinese => format!("{days}，首日{clock}开始{zone}"),
                }
            }
            (end, _) => span(time.zone, start, end, language),
        };
    }
    let days = days(time.starts_on, time.ends_on, language);
    let several = time.ends_on > time.starts_on;
    match (time.day_part, language) {
        (None, _) => days,
        (Some(part), Language::English) if several => {
            format!(
                "{days}, from the {} of the first day",
                day_part(part, language)
            )
        }
        (Some(part), Language::English) => format!("{days}, in the {}", day_part(part, language)),
        (Some(part), Language::Chinese) if several => {
            format!("{days}，首日{}开始", day_part(part, language))
        }
        (Some(part), Language::Chinese) => format!("{days}{}", day_part(part, language)),
    }
}

/// A span of time by the clocks of a zone, with its days and its zone.
pub fn span(
    zone_of: TimeZone,
    start: NaiveDateTime,
    end: Option<NaiveDateTime>,
    language: Language,
) -> String {
    let (start_zone, end_zone) = (
        zone(zone_of, start, language),
        end.map(|end| zone(zone_of, end, language)),
    );
    // The clocks are changed in between: each time says which it is by.
    let changes = end_zone.as_ref().is_some_and(|end| *end != start_zone);
    let first_zone = if changes { start_zone.as_str() } else { "" };
    let last_zone = end_zone.as_ref().unwrap_or(&start_zone);
    let times = times(start, end, first_zone, language, Style::Full);
    format!("{times}{last_zone}")
}

/// The same in short, beside an event that says the year and the zone: `Thu 23 July, 09:00–10:30`,
/// `7月23日（周四）9:00–10:30`.
pub fn short_span(start: NaiveDateTime, end: Option<NaiveDateTime>, language: Language) -> String {
    times(start, end, "", language, Style::Short)
}

/// The moment until which something can be done, by the clocks of a zone.
pub fn moment(zone_of: TimeZone, instant: DateTime<Utc>, language: Language) -> String {
    span(zone_of, zone_of.local(instant), None, language)
}

/// Days, from the first to the last: `Friday 31 July to Sunday 2 August 2026`,
/// `2026年7月31日（星期五）至8月2日（星期日）`.
pub fn days(first: NaiveDate, last: NaiveDate, language: Language) -> String {
    let end = day(last, language, Style::Full);
    if last <= first {
        return day(first, language, Style::Full);
    }
    let same_year = first.year() == last.year();
    let same_month = same_year && first.month() == last.month();
    match language {
        Language::English => {
            let weekday = weekday(first, language, Style::Full);
            let (day, month, year) = (first.day(), month(first), first.year());
            match (same_month, same_year) {
                (true, _) => format!("{weekday} {day} to {end}"),
                (false, true) => format!("{weekday} {day} {month} to {end}"),
                (false, false) => format!("{weekday} {day} {month} {year} to {end}"),
            }
        }
        Language::Chinese => {
            let start = day(first, language, Style::Full);
            let weekday = weekday(last, language, Style::Full);
            let end = match (same_month, same_year) {
                (true, _) => format!("{}日（{weekday}）", last.day()),
                (false, true) => format!("{}月{}日（{weekday}）", last.month(), last.day()),
                (false, false) => end,
            };
            format!("{start}至{end}")
        }
    }
}

/// Days without their weekday, for a subject: `23–25 July 2026`, `7月23日至25日`.
pub fn bare_days(first: NaiveDate, last: NaiveDate, language: Language) -> String {
    let last = last.max(first);
    let same_year = first.year() == last.year();
    let same_month = same_year && first.month() == last.month();
    let (from, to) = (first.day(), last.day());
    match language {
        Language::English => {
            let end = format!("{to} {} {}", month(last), last.year());
            match (first == last, same_month, same_year) {
                (true, ..) => end,
                (_, true, _) => format!("{from}–{end}"),
                (_, _, true) => format!("{from} {} to {end}", month(first)),
                _ => format!("{from} {} {} to {end}", month(first), first.year()),
            }
        }
        Language::Chinese => {
            let start = format!("{}月{from}日", first.month());
            match (first == last, same_month) {
                (true, _) => start,
                (_, true) => format!("{start}至{to}日"),
                _ => format!("{start}至{}月{to}日", last.month()),
            }
        }
    }
}

/// As what somebody appears.
pub fn role(role: AppearanceRole, language: Language) -> &'static str {
    let (english, chinese) = match role {
        AppearanceRole::Chair => ("Chair", "主持人"),
        AppearanceRole::Moderator => ("Moderator", "主持人"),
        AppearanceRole::Speaker => ("Speaker", "发言人"),
        AppearanceRole::KeynoteSpeaker => ("Keynote speaker", "主旨报告人"),
        AppearanceRole::Panelist => ("Panelist", "对话嘉宾"),
        AppearanceRole::Presenter => ("Presenter", "发布人"),
        AppearanceRole::Lead => ("Lead", "领队"),
        AppearanceRole::Host => ("Host", "接待人"),
        AppearanceRole::Secretary => ("Secretary", "秘书"),
        AppearanceRole::Interpreter => ("Interpreter", "翻译"),
        AppearanceRole::Appointee => ("Appointee", "受聘人"),
    };
    match language {
        Language::English => english,
        Language::Chinese => chinese,
    }
}

/// What was issued, as it stands in a sentence: `letter of appointment`, `聘书`.
pub fn credential(kind: CredentialKind, language: Language) -> &'static str {
    let (english, chinese) = match kind {
        CredentialKind::AppointmentLetter => ("letter of appointment", "聘书"),
        CredentialKind::AwardCertificate => ("certificate of honour", "荣誉证书"),
        CredentialKind::Plaque => ("plaque", "授牌"),
        CredentialKind::AttendanceCertificate => ("certificate of attendance", "参会证明"),
    };
    match language {
        Language::English => english,
        Language::Chinese => chinese,
    }
}

/// What organizations are to an event, above their names: `Hosts`, `主办单位`.
pub fn organizers(role: EventOrganizationRole, language: Language) -> &'static str {
    let (english, chinese) = match role {
        EventOrganizationRole::Guiding => ("Guided by", "指导单位"),
        EventOrganizationRole::Host => ("Hosts", "主办单位"),
        EventOrganizationRole::Organizer => ("Organisers", "承办单位"),
        EventOrganizationRole::CoOrganizer => ("Co-organisers", "协办单位"),
        EventOrganizationRole::Supporter => ("Supported by", "支持单位"),
        EventOrganizationRole::Media => ("Media", "支持媒体"),
        EventOrganizationRole::Attending => ("Attending", "参会单位"),
    };
    match language {
        Language::English => english,
        Language::Chinese => chinese,
    }
}

/// In what capacity somebody takes part, where they do nothing else there.
pub fn category(category: ParticipantCategory, language: Language) -> &'static str {
    let (english, chinese) = match category {
        ParticipantCategory::Regular => ("Participant", "与会代表"),
        ParticipantCategory::NonVoting => ("Non-voting participant", "列席代表"),
        ParticipantCategory::Observer => ("Observer", "旁听代表"),
        ParticipantCategory::SpecialGuest => ("Special guest", "特邀嘉宾"),
        ParticipantCategory::Staff => ("Staff", "工作人员"),
        ParticipantCategory::Media => ("Press", "媒体代表"),
    };
    match language {
        Language::English => english,
        Language::Chinese => chinese,
    }
}

/// A part of the day, by itself: `afternoon`, `下午`.
pub fn day_part(part: DayPart, language: Language) -> &'static str {
    match (part, language) {
        (DayPart::Morning, Language::English) => "morning",
        (DayPart::Afternoon, Language::English) => "afternoon",
        (DayPart::Evening, Language::English) => "evening",
        (DayPart::Morning, Language::Chinese) => "上午",
        (DayPart::Afternoon, Language::Chinese) => "下午",
        (DayPart::Evening, Language::Chinese) => "晚上",
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Full,
    Short,
}

fn times(
    start: NaiveDateTime,
    end: Option<NaiveDateTime>,
    first_zone: &str,
    language: Language,
    style: Style,
) -> String {
    let date = day(start.date(), language, style);
    let from = clock(start, language);
    let comma = match language {
        Language::English => ", ",
        Language::Chinese => "",
    };
    let Some(end) = end.filter(|end| *end != start) else {
        return format!("{date}{comma}{from}");
    };
    let to = clock(end, language);
    let next_day = start.date() + TimeDelta::days(1);
    if end.date() == start.date() && first_zone.is_empty() {
        return format!("{date}{comma}{from}–{to}");
    }
    let until = if end.date() == start.date() {
        to
    } else if end.date() == next_day && end.hour() < 6 {
        match language {
            Language::English => format!("{to} the next day"),
            Language::Chinese => format!("次日{to}"),
        }
    } else if language == Language::Chinese
        && (start.year(), start.month()) == (end.year(), end.month())
    {
        let weekday = weekday(end.date(), language, style);
        format!("{}日（{weekday}）{to}", end.day())
    } else {
        format!("{}{comma}{to}", day(end.date(), language, style))
    };
    match language {
        Language::English => format!("{date}, {from}{first_zone} to {until}"),
        Language::Chinese => format!("{date}{from}{first_zone}至{until}"),
    }
}

fn day(date: NaiveDate, language: Language, style: Style) -> String {
    let weekday = weekday(date, language, style);
    let (day, year) = (date.day(), date.year());
    match (language, style) {
        (Language::English, Style::Full) => format!("{weekday} {day} {} {year}", month(date)),
        (Language::English, Style::Short) => format!("{weekday} {day} {}", month(date)),
        (Language::Chinese, Style::Full) => {
            format!("{year}年{}月{day}日（{weekday}）", date.month())
        }
        (Language::Chinese, Style::Short) => format!("{}月{day}日（{weekday}）", date.month()),
    }
}

fn clock(time: NaiveDateTime, language: Language) -> String {
    match language {
        Language::English => format!("{:02}:{:02}", time.hour(), time.minute()),
        Language::Chinese => format!("{}:{:02}", time.hour(), time.minute()),
    }
}

fn weekday(date: NaiveDate, language: Language, style: Style) -> &'static str {
    use chrono::Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    let (english, short, chinese, brief) = match date.weekday() {
        Mon => ("Monday", "Mon", "星期一", "周一"),
        Tue => ("Tuesday", "Tue", "星期二", "周二"),
        Wed => ("Wednesday", "Wed", "星期三", "周三"),
        Thu => ("Thursday", "Thu", "星期四", "周四"),
        Fri => ("Friday", "Fri", "星期五", "周五"),
        Sat => ("Saturday", "Sat", "星期六", "周六"),
        Sun => ("Sunday", "Sun", "星期日", "周日"),
    };
    match (language, style) {
        (Language::English, Style::Full) => english,
        (Language::English, Style::Short) => short,
        (Language::Chinese, Style::Full) => chinese,
        (Language::Chinese, Style::Short) => brief,
    }
}

fn month(date: NaiveDate) -> &'static str {
    match date.month() {
        1 => "January",
        2 => "February",
        3 => "March",
        4 => "April",
        5 => "May",
        6 => "June",
        7 => "July",
        8 => "August",
        9 => "September",
        10 => "October",
        11 => "November",
        _ => "December",
    }
}

/// The zone behind a time: ` (China Standard Time, UTC+8)`, `（中国标准时间，UTC+8）`.
fn zone(zone: TimeZone, local: NaiveDateTime, language: Language) -> String {
    let clocks = clocks(zone, local, language);
    match language {
        Language::English => format!(" ({clocks})"),
        Language::Chinese => format!("（{clocks}）"),
    }
}

/// By which clocks a time is told: `China Standard Time, UTC+8`, `中国标准时间，UTC+8`.
pub fn clocks(zone: TimeZone, local: NaiveDateTime, language: Language) -> String {
    let offset = zones::offset(zone, local);
    let name = zones::name(zone, offset, language);
    let offset = zones::written(offset);
    match (name, language) {
        (Some(name), Language::English) => format!("{name}, {offset}"),
        (Some(name), Language::Chinese) => format!("{name}，{offset}"),
        (None, _) => offset,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    fn both(words: impl Fn(Language) -> String) -> [String; 2] {
        Language::ALL.map(words)
    }

    fn exactly(zone: &str, start: &str, end: &str) -> [String; 2] {
        let end = (!end.is_empty()).then(|| local(end));
        both(|language| span(zone.parse().unwrap(), local(start), end, language))
    }

    #[test]
    fn spans_have_weekday_and_zone() {
        for (zone, start, end, english, chinese) in [
            (
                "Asia/Shanghai",
                "2026-07-23T09:00:00",
                "2026-07-23T10:30:00",
                "Thursday 23 July 2026, 09:00–10:30 (China Standard Time, UTC+8)",
                "2026年7月23日（星期四）9:00–10:30（中国标准时间，UTC+8）",
            ),
            (
                "Europe/London",
                "2026-07-23T09:00:00",
                "",
                "Thursday 23 July 2026, 09:00 (British Summer Time, UTC+1)",
                "2026年7月23日（星期四）9:00（英国夏令时间，UTC+1）",
            ),
            (
                "Europe/London",
                "2026-12-01T14:00:00",
                "2026-12-01T14:00:00",
                "Tuesday 1 December 2026, 14:00 (Greenwich Mean Time, UTC)",
                "2026年12月1日（星期二）14:00（格林尼治标准时间，UTC）",
            ),
            (
                "America/New_York",
                "2026-12-31T19:00:00",
                "2027-01-01T01:00:00",
                "Thursday 31 December 2026, 19:00 to 01:00 the next day (Eastern Standard Time, UTC-5)",
                "2026年12月31日（星期四）19:00至次日1:00（北美东部标准时间，UTC-5）",
            ),
            (
                "Asia/Kolkata",
                "2026-07-23T09:00:00",
                "2026-07-24T17:00:00",
                "Thursday 23 July 2026, 09:00 to Friday 24 July 2026, 17:00 (India Standard Time, UTC+5:30)",
                "2026年7月23日（星期四）9:00至24日（星期五）17:00（印度标准时间，UTC+5:30）",
            ),
            // Not in the table: the city, and the offset.
            (
                "America/St_Johns",
                "2026-07-23T09:00:00",
                "",
                "Thursday 23 July 2026, 09:00 (St Johns time, UTC-2:30)",
                "2026年7月23日（星期四）9:00（St Johns 时间，UTC-2:30）",
            ),
            (
                "UTC",
                "2026-07-23T09:00:00",
                "",
                "Thursday 23 July 2026, 09:00 (UTC)",
                "2026年7月23日（星期四）9:00（UTC）",
            ),
            // The clocks go back in between.
            (
                "Europe/Berlin",
                "2026-10-24T20:00:00",
                "2026-10-25T05:00:00",
                "Saturday 24 October 2026, 20:00 (Central European Summer Time, UTC+2) to 05:00 the next day (Central European Time, UTC+1)",
                "2026年10月24日（星期六）20:00（中欧夏令时间，UTC+2）至次日5:00（中欧时间，UTC+1）",
            ),
        ] {
            assert_eq!(exactly(zone, start, end), [english, chinese]);
        }
    }

    #[test]
    fn what_is_not_known_is_not_said() {
        let first: NaiveDate = "2026-07-23".parse().unwrap();
        let day = EventTime {
            zone: "Asia/Shanghai".parse().unwrap(),
            starts_on: first,
            ends_on: first,
            day_part: None,
            starts_at: None,
            ends_at: None,
        };
        let until = |last: &str| EventTime {
            ends_on: last.parse().unwrap(),
            ..day.clone()
        };
        let in_the = |part, time: EventTime| EventTime {
            day_part: Some(part),
            ..time
        };
        for (time, english, chinese) in [
            (
                day.clone(),
                "Thursday 23 July 2026",
                "2026年7月23日（星期四）",
            ),
            (
                in_the(DayPart::Afternoon, day.clone()),
                "Thursday 23 July 2026, in the afternoon",
                "2026年7月23日（星期四）下午",
            ),
            (
                until("2026-07-25"),
                "Thursday 23 to Saturday 25 July 2026",
                "2026年7月23日（星期四）至25日（星期六）",
            ),
            (
                until("2026-08-02"),
                "Thursday 23 July to Sunday 2 August 2026",
                "2026年7月23日（星期四）至8月2日（星期日）",
            ),
            (
                until("2027-01-01"),
                "Thursday 23 July 2026 to Friday 1 January 2027",
                "2026年7月23日（星期四）至2027年1月1日（星期五）",
            ),
            (
                in_the(DayPart::Evening, until("2026-07-24")),
                "Thursday 23 to Friday 24 July 2026, from the evening of the first day",
                "2026年7月23日（星期四）至24日（星期五），首日晚上开始",
            ),
            (
                EventTime {
                    starts_at: Some(local("2026-07-23T09:00:00")),
                    ..until("2026-07-24")
                },
                "Thursday 23 to Friday 24 July 2026, from 09:00 on the first day (China Standard Time, UTC+8)",
                "2026年7月23日（星期四）至24日（星期五），首日9:00开始（中国标准时间，UTC+8）",
            ),
        ] {
            assert_eq!(
                both(|language| event_time(&time, language)),
                [english, chinese]
            );
        }
    }

    #[test]
    fn subjects_have_the_days_alone() {
        let bare = |first: &str, last: &str| {
            both(|language| bare_days(first.parse().unwrap(), last.parse().unwrap(), language))
        };
        assert_eq!(
            bare("2026-07-23", "2026-07-23"),
            ["23 July 2026", "7月23日"]
        );
        assert_eq!(
            bare("2026-07-23", "2026-07-25"),
            ["23–25 July 2026", "7月23日至25日"]
        );
        assert_eq!(
            bare("2026-07-31", "2026-08-02"),
            ["31 July to 2 August 2026", "7月31日至8月2日"]
        );
        assert_eq!(
            bare("2026-12-31", "2027-01-01"),
            ["31 December 2026 to 1 January 2027", "12月31日至1月1日"]
        );
    }

    #[test]
    fn items_are_said_in_short() {
        let short =
            |start, end| both(|language| short_span(local(start), Some(local(end)), language));
        assert_eq!(
            short("2026-07-23T09:00:00", "2026-07-23T10:30:00"),
            ["Thu 23 July, 09:00–10:30", "7月23日（周四）9:00–10:30"]
        );
        assert_eq!(
            short("2026-07-23T22:00:00", "2026-07-24T01:00:00"),
            [
                "Thu 23 July, 22:00 to 01:00 the next day",
                "7月23日（周四）22:00至次日1:00"
            ]
        );
    }

    #[test]
    fn everybody_gets_a_language_that_there_is() {
        let best = |tags: &[&str]| {
            let tags: Vec<_> = tags.iter().map(|tag| tag.parse().unwrap()).collect();
            Language::best_for(&tags)
        };
        assert_eq!(best(&["zh-CN"]), Language::Chinese);
        assert_eq!(best(&["fr", "zh-Hant-TW", "en"]), Language::Chinese);
        assert_eq!(best(&["en-GB", "zh"]), Language::English);
        assert_eq!(best(&["de"]), Language::English);
        assert_eq!(best(&[]), Language::English);
    }

    #[test]
    fn a_deadline_is_told_by_the_clocks_of_the_event() {
        let instant = DateTime::from_timestamp(1_784_682_000, 0).unwrap();
        let zone = "Asia/Shanghai".parse().unwrap();
        assert_eq!(
            moment(zone, instant, Language::English),
            "Wednesday 22 July 2026, 09:00 (China Standard Time, UTC+8)"
        );
    }
}
