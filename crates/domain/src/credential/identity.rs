//! What identifies a letter or a certificate that was issued: its number, which people quote, and its
//! verification code, by which anybody finds out whether it is good.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};

/// The code on a letter by which anybody can verify it: 80 random bits, which nothing leads to but the
/// letter itself. Written in the letters and digits that are not taken for each other (Crockford's
/// base 32), in four groups: `7K3M-9QXT-0A2B-ZZ1W`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VerificationCode(u128);

/// A text that is no verification code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a verification code: 16 letters and digits, as in 7K3M-9QXT-0A2B-ZZ1W")]
pub struct NotAVerificationCode;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code, and bits of each.
const LENGTH: u32 = 16;
const BITS: u32 = 5;

impl VerificationCode {
    /// A code of random bytes.
    pub fn of(random: [u8; 10]) -> Self {
        let number = random
            .iter()
            .fold(0, |number, byte| (number << 8) | u128::from(*byte));
        Self(number)
    }

    /// The code without hyphens, for addresses.
    pub fn compact(self) -> String {
        (0..LENGTH)
            .rev()
            .map(|place| {
                let digit = (self.0 >> (place * BITS)) & 31;
                let digit = usize::try_from(digit)
                    .ok()
                    .and_then(|digit| ALPHABET.get(digit));
                char::from(digit.copied().unwrap_or(b'0'))
            })
            .collect()
    }
}

impl fmt::Display for VerificationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, character) in self.compact().chars().enumerate() {
            if place > 0 && place % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{character}")?;
        }
        Ok(())
    }
}

impl FromStr for VerificationCode {
    type Err = NotAVerificationCode;

    /// Reads a code as people type it: in small letters, with spaces, hyphens of any kind or neither,
    /// with full-width characters, with O for 0 and I or L for 1.
    fn from_str(text: &str) -> Result<Self, NotAVerificationCode> {
        let mut number = 0;
        let mut length = 0;
        for character in text.chars().map(half_width) {
            if character.is_whitespace() || is_hyphen(character) {
                continue;
            }
            let character = match character.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let digit = (0_u128..)
                .zip(ALPHABET)
                .find(|(_, letter)| char::from(**letter) == character);
            let (digit, _) = digit.ok_or(NotAVerificationCode)?;
            length += 1;
            if length > LENGTH {
                return Err(NotAVerificationCode);
            }
            number = (number << BITS) | digit;
        }
        if length == LENGTH {
            Ok(Self(number))
        } else {
            Err(NotAVerificationCode)
        }
    }
}

/// What a Chinese or Japanese keyboard makes of a character of ASCII, undone.
fn half_width(character: char) -> char {
    let code = u32::from(character);
    if (0xff01..=0xff5e).contains(&code) {
        char::from_u32(code - 0xfee0).unwrap_or(character)
    } else {
        character
    }
}

fn is_hyphen(character: char) -> bool {
    matches!(
        character,
        '-' | '_' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2e3a}' | '\u{2e3b}'
    )
}

/// How an office numbers what it issues: `HY-{year}-{n:6}` makes `HY-2027-000123`, and
/// `示大聘〔{year}〕{n}号` makes `示大聘〔2027〕123号`.
///
/// `{n}` is the count, `{n:6}` the count with six digits at least, `{year}` the year of the date that
/// the document bears, `{month}` the month in two digits. A pattern with `{year}` counts anew each
/// year, one with `{month}` each month. No two counts of a pattern make the same number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberPattern(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Year,
    Month,
    Count { width: usize },
}

/// The span of time in which a count goes on: another begins again at 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NumberPeriod {
    /// For ever.
    Ever,
    /// A year.
    Year(i32),
    /// A month of a year.
    Month(i32, u32),
}

impl fmt::Display for NumberPeriod {
    /// Nothing, `2027` or `2027-03`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ever => Ok(()),
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
        }
    }
}

/// Why a text is no pattern of numbers. Places are characters, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberPatternError {
    /// Longer than what can be printed in a line.
    #[error("must have at most {LONGEST} characters")]
    TooLong,
    /// A control character.
    #[error("has a control character at {at}")]
    Control {
        /// Where.
        at: usize,
    },
    /// A brace that is not closed.
    #[error("opens a brace at {at} and does not close it")]
    Open {
        /// Where it opens.
        at: usize,
    },
    /// A brace that was not opened.
    #[error("closes a brace at {at} that was not opened")]
    Closed {
        /// Where it closes.
        at: usize,
    },
    /// Something in braces that means nothing.
    #[error(
        "has {{{found}}} at {at}; use {{year}}, {{month}}, {{n}} or, with so many digits at least, {{n:6}}"
    )]
    Unknown {
        /// Where its brace opens.
        at: usize,
        /// What stands in it.
        found: String,
    },
    /// So many digits nobody needs, or none.
    #[error("asks at {at} for {found} digits; use 1 to {WIDEST}")]
    Width {
        /// Where its brace opens.
        at: usize,
        /// What was asked for.
        found: String,
    },
    /// All would have the same number.
    #[error("has no {{n}}, so that all would have the same number")]
    NoCount,
    /// Two counts next to each other could be told apart in two ways.
    #[error("has a second {{n}} at {at}")]
    SecondCount {
        /// Where its brace opens.
        at: usize,
    },
    /// The numbers of one year would come again in the next.
    #[error("has {{month}} at {at} and no {{year}}, so that numbers would come again")]
    MonthWithoutYear {
        /// Where its brace opens.
        at: usize,
    },
}

const LONGEST: usize = 60;
const WIDEST: usize = 12;

impl NumberPattern {
    /// The number of the nth document of its period, which bears a date.
    pub fn format(&self, date: NaiveDate, n: u64) -> String {
        let parts = self.0.iter().map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Year => format!("{:04}", date.year()),
            Part::Month => format!("{:02}", date.month()),
            Part::Count { width } => format!("{n:0width$}"),
        });
        parts.collect()
    }

    /// The period that a date belongs to: what is counted together.
    pub fn period(&self, date: NaiveDate) -> NumberPeriod {
        if self.0.contains(&Part::Month) {
            NumberPeriod::Month(date.year(), date.month())
        } else if self.0.contains(&Part::Year) {
            NumberPeriod::Year(date.year())
        } else {
            NumberPeriod::Ever
        }
    }
}

impl fmt::Display for NumberPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.0 {
            match part {
                Part::Text(text) => f.write_str(text)?,
                Part::Year => f.write_str("{year}")?,
                Part::Month => f.write_str("{month}")?,
                Part::Count { width: 1 } => f.write_str("{n}")?,
                Part::Count { width } => write!(f, "{{n:{width}}}")?,
            }
        }
        Ok(())
    }
}

impl FromStr for NumberPattern {
    type Err = NumberPatternError;

    fn from_str(text: &str) -> Result<Self, NumberPatternError> {
        let text = text.trim();
        if text.chars().count() > LONGEST {
            return Err(NumberPatternError::TooLong);
        }
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut month = None;
        let mut characters = (1..).zip(text.chars());
        while let Some((at, character)) = characters.next() {
            match character {
                '{' => {
                    let mut found = String::new();
                    loop {
                        match characters.next() {
                            Some((_, '}')) => break,
                            Some((_, other)) if other != '{' => found.push(other),
                            _ => return Err(NumberPatternError::Open { at }),
                        }
                    }
                    let part = part(at, &found)?;
                    let is_count = |part: &Part| matches!(part, Part::Count { .. });
                    if is_count(&part) && parts.iter().any(is_count) {
                        return Err(NumberPatternError::SecondCount { at });
                    }
                    if part == Part::Month {
                        month = month.or(Some(at));
                    }
                    if !literal.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut literal)));
                    }
                    parts.push(part);
                }
                '}' => return Err(NumberPatternError::Closed { at }),
                other if other.is_control() => return Err(NumberPatternError::Control { at }),
                other => literal.push(other),
            }
        }
        if !literal.is_empty() {
            parts.push(Part::Text(literal));
        }
        if let Some(at) = month.filter(|_| !parts.contains(&Part::Year)) {
            return Err(NumberPatternError::MonthWithoutYear { at });
        }
        if parts.iter().any(|part| matches!(part, Part::Count { .. })) {
            Ok(Self(parts))
        } else {
            Err(NumberPatternError::NoCount)
        }
    }
}

/// What stands between braces.
fn part(at: usize, found: &str) -> Result<Part, NumberPatternError> {
    match found {
        "year" => return Ok(Part::Year),
        "month" => return Ok(Part::Month),
        "n" => return Ok(Part::Count { width: 1 }),
        _ => {}
    }
    let Some(digits) = found.strip_prefix("n:") else {
        return Err(NumberPatternError::Unknown {
            at,
            found: found.to_owned(),
        });
    };
    let width = digits
        .parse()
        .ok()
        .filter(|width| (1..=WIDEST).contains(width));
    // Neither a sign nor a zero before it.
    match width {
        Some(width) if width.to_string() == digits => Ok(Part::Count { width }),
        _ => Err(NumberPatternError::Width {
            at,
            found: digits.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(text: &str) -> Result<VerificationCode, NotAVerificationCode> {
        text.parse()
    }

    fn pattern(text: &str) -> NumberPattern {
        text.parse().unwrap()
    }

    fn refused(text: &str) -> String {
        text.parse::<NumberPattern>().unwrap_err().to_string()
    }

    fn date(year: i32, month: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, 1).unwrap()
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let written = "10ZZ-1W0A-2B3C-4D5E";
        let read = code(written).unwrap();
        assert_eq!(read.to_string(), written);
        assert_eq!(read.compact(), "10ZZ1W0A2B3C4D5E");
        for typed in [
            "10zz1w0a2b3c4d5e",
            " iOZZ lW0A 2B3C 4D5E\n",
            "LoZZ–1W0A—2B3C−4D5E",
            "１０ＺＺ－１Ｗ０Ａ　２Ｂ３Ｃ－４Ｄ５ｅ",
        ] {
            assert_eq!(code(typed), Ok(read), "{typed}");
        }
        for nothing in [
            "",
            "10ZZ-1W0A-2B3C-4D5",
            "10ZZ-1W0A-2B3C-4D5E0",
            "10ZZ-1W0A-2B3C-4D5U",
            "10ZZ-1W0A-2B3C-4D5é",
            "1.0ZZ1W0A2B3C4D5E",
        ] {
            assert_eq!(code(nothing), Err(NotAVerificationCode), "{nothing}");
        }
    }

    #[test]
    fn a_number_is_as_the_office_wants_it() {
        let usual = pattern(" HY-{year}-{n:6} ");
        assert_eq!(usual.format(date(2027, 3), 123), "HY-2027-000123");
        assert_eq!(usual.format(date(2027, 3), 1_234_567), "HY-2027-1234567");
        assert_eq!(usual.period(date(2027, 3)), NumberPeriod::Year(2027));
        assert_eq!(usual.to_string(), "HY-{year}-{n:6}");
        let chinese = pattern("示大聘〔{year}〕{n}号");
        assert_eq!(chinese.format(date(2027, 3), 12), "示大聘〔2027〕12号");
        let monthly = pattern("{year}{month}{n:3}");
        assert_eq!(monthly.format(date(2027, 3), 7), "202703007");
        assert_eq!(monthly.period(date(2027, 3)).to_string(), "2027-03");
        let plain = pattern("{n:1}");
        assert_eq!(plain.format(date(2027, 3), 7), "7");
        assert_eq!(plain.period(date(2027, 3)), NumberPeriod::Ever);
        assert_eq!(plain.to_string(), "{n}");
    }

    #[test]
    fn what_is_wrong_with_a_pattern_is_said_with_its_place() {
        for (text, said) in [
            ("", "has no {n}, so that all would have the same number"),
            (
                "HY-{year}",
                "has no {n}, so that all would have the same number",
            ),
            ("号{n", "opens a brace at 2 and does not close it"),
            ("{n{year}}", "opens a brace at 1 and does not close it"),
            ("{n}号}", "closes a brace at 5 that was not opened"),
            (
                "HY-{jahr}-{n}",
                "has {jahr} at 4; use {year}, {month}, {n} or, with so many digits at least, {n:6}",
            ),
            ("{n:0}", "asks at 1 for 0 digits; use 1 to 12"),
            ("x{n:13}", "asks at 2 for 13 digits; use 1 to 12"),
            ("{n:+3}", "asks at 1 for +3 digits; use 1 to 12"),
            ("{n}{n:2}", "has a second {n} at 4"),
            (
                "{month}/{n}",
                "has {month} at 1 and no {year}, so that numbers would come again",
            ),
            ("a\tb{n}", "has a control character at 2"),
        ] {
            assert_eq!(refused(text), said, "{text}");
        }
        assert_eq!(refused(&"x".repeat(61)), "must have at most 60 characters");
    }

    fn patterns() -> impl Strategy<Value = NumberPattern> {
        let other = prop::sample::select(vec!["HY", "-", "1", "{year}", "{month}", "号"]);
        let others = || prop::collection::vec(other.clone(), 0..4).prop_map(|parts| parts.concat());
        let count = prop::sample::select(vec!["{n}", "{n:2}", "{n:6}"]);
        (others(), count, others())
            .prop_map(|(before, count, after)| format!("{before}{count}{after}"))
            .prop_filter_map("a month has its year", |text| text.parse().ok())
    }

    proptest! {
        #[test]
        fn a_code_is_read_as_it_was_written(random: [u8; 10]) {
            let made = VerificationCode::of(random);
            prop_assert_eq!(code(&made.to_string()), Ok(made));
            prop_assert_eq!(code(&made.compact().to_lowercase()), Ok(made));
            prop_assert_eq!(made.to_string().len(), 19);
        }

        #[test]
        fn another_code_is_written_otherwise(one: [u8; 10], other: [u8; 10]) {
            let (first, second) = (VerificationCode::of(one), VerificationCode::of(other));
            prop_assert_eq!(one == other, first.to_string() == second.to_string());
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,30}") {
            if let Ok(read) = code(&text) {
                prop_assert_eq!(code(&read.to_string()), Ok(read));
            }
            if let Ok(read) = text.parse::<NumberPattern>() {
                prop_assert_eq!(read.to_string().parse(), Ok(read));
            }
        }

        /// No number is given twice.
        #[test]
        fn another_count_is_another_number(
            pattern in patterns(),
            (year, month, n) in (1990..2100_i32, 1..=12_u32, 1..20_000_u64),
            (other_year, other_month, other_n) in (1990..2100_i32, 1..=12_u32, 1..20_000_u64),
        ) {
            let (one, other) = (date(year, month), date(other_year, other_month));
            let same = (pattern.period(one), n) == (pattern.period(other), other_n);
            prop_assert_eq!(same, pattern.format(one, n) == pattern.format(other, other_n));
        }

        #[test]
        fn a_pattern_is_read_as_it_was_written(pattern in patterns()) {
            prop_assert_eq!(pattern.to_string().parse(), Ok(pattern));
        }
    }
}
