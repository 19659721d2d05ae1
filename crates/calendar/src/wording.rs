//! The few words that a calendar entry says of itself, in the reader's language: Chinese or English.

use domain::LanguageTag;
use domain::time::DayPart;

/// A title with the part of the day behind it.
pub(crate) fn title(summary: &str, part: DayPart, language: Option<&LanguageTag>) -> String {
    if is_chinese(language) {
        format!("{summary}（{}）", chinese(part))
    } else {
        format!("{summary} ({})", english(part))
    }
}

/// That the part of the day is known, and the hour is not.
pub(crate) fn hour_unknown(part: DayPart, language: Option<&LanguageTag>) -> String {
    if is_chinese(language) {
        format!("时间：{}，具体时间待定。", chinese(part))
    } else {
        format!("In the {}; the hour is not known yet.", english(part))
    }
}

fn is_chinese(language: Option<&LanguageTag>) -> bool {
    language.is_some_and(|tag| tag.and_wider().last() == Some("zh"))
}

fn chinese(part: DayPart) -> &'static str {
    match part {
        DayPart::Morning => "上午",
        DayPart::Afternoon => "下午",
        DayPart::Evening => "晚上",
    }
}

fn english(part: DayPart) -> &'static str {
    match part {
        DayPart::Morning => "morning",
        DayPart::Afternoon => "afternoon",
        DayPart::Evening => "evening",
    }
}
