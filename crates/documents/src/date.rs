//! Dates as papers have them, without the weekday.

use chrono::{Datelike as _, NaiveDate};
use words::Language;

/// How the date beneath a paper is written in Chinese. English is the same either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Numerals {
    /// `2027年3月1日`.
    #[default]
    Figures,
    /// `二〇二七年三月一日`, as seals are put on.
    Chinese,
}

/// A date: `1 March 2027`, `2027年3月1日`, `二〇二七年三月一日`.
pub(crate) fn written(date: NaiveDate, language: Language, numerals: Numerals) -> String {
    let (year, month, day) = (date.year(), date.month(), date.day());
    match (language, numerals) {
        (Language::English, _) => {
            let days = words::bare_days(date, date, Language::English);
            if days.ends_with(&year.to_string()) {
                days
            } else {
                format!("{days} {year}")
            }
        }
        (Language::Chinese, Numerals::Figures) => format!("{year}年{month}月{day}日"),
        (Language::Chinese, Numerals::Chinese) => {
            let year: String = year.to_string().chars().map(digit).collect();
            format!("{year}年{}月{}日", counted(month), counted(day))
        }
    }
}

/// One day, or the first to the last: `14–15 May 2024`, `2024年5月14日至15日`.
pub(crate) fn span(first: NaiveDate, last: NaiveDate, language: Language) -> String {
    let start = written(first, language, Numerals::Figures);
    let end = written(last, language, Numerals::Figures);
    if last <= first {
        return start;
    }
    let same_year = first.year() == last.year();
    let same_month = same_year && first.month() == last.month();
    match language {
        Language::English if same_month => format!("{}–{end}", first.day()),
        Language::English if same_year => {
            let year = format!(" {}", first.year());
            format!("{} to {end}", start.trim_end_matches(&year))
        }
        Language::English => format!("{start} to {end}"),
        Language::Chinese if same_month => format!("{start}至{}日", last.day()),
        Language::Chinese if same_year => format!("{start}至{}月{}日", last.month(), last.day()),
        Language::Chinese => format!("{start}至{end}"),
    }
}

fn digit(figure: char) -> char {
    match figure {
        '0' => '〇',
        '1' => '一',
        '2' => '二',
        '3' => '三',
        '4' => '四',
        '5' => '五',
        '6' => '六',
        '7' => '七',
        '8' => '八',
        '9' => '九',
        other => other,
    }
}

/// A number up to 99, as it is counted: `一`, `十`, `十二`, `二十`, `三十一`.
fn counted(number: u32) -> String {
    let figure = |value: u32| char::from_digit(value, 10).map(digit);
    let (tens, ones) = (number / 10, number % 10);
    let mut said = String::new();
    if tens > 1 {
        said.extend(figure(tens));
    }
    if tens > 0 {
        said.push('十');
    }
    if ones > 0 || tens == 0 {
        said.extend(figure(ones));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn chinese_numerals_have_the_round_zero() {
        for (date, expected) in [
            ("2027-03-01", "二〇二七年三月一日"),
            ("2030-10-10", "二〇三〇年十月十日"),
            ("2019-11-21", "二〇一九年十一月二十一日"),
            ("2000-12-30", "二〇〇〇年十二月三十日"),
        ] {
            assert_eq!(
                written(day(date), Language::Chinese, Numerals::Chinese),
                expected
            );
        }
    }

    #[test]
    fn figures_are_plain() {
        let date = day("2027-03-01");
        assert_eq!(
            written(date, Language::Chinese, Numerals::Figures),
            "2027年3月1日"
        );
        assert_eq!(
            written(date, Language::English, Numerals::Chinese),
            "1 March 2027"
        );
    }

    #[test]
    fn spans_say_nothing_twice() {
        for (first, last, english, chinese) in [
            ("2027-03-01", "2027-03-01", "1 March 2027", "2027年3月1日"),
            (
                "2027-03-01",
                "2027-03-02",
                "1–2 March 2027",
                "2027年3月1日至2日",
            ),
            (
                "2027-03-31",
                "2027-04-02",
                "31 March to 2 April 2027",
                "2027年3月31日至4月2日",
            ),
            (
                "2027-12-31",
                "2028-01-02",
                "31 December 2027 to 2 January 2028",
                "2027年12月31日至2028年1月2日",
            ),
        ] {
            assert_eq!(span(day(first), day(last), Language::English), english);
            assert_eq!(span(day(first), day(last), Language::Chinese), chinese);
        }
    }
}
