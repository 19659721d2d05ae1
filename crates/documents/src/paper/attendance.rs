//! Certificates of attendance.

use chrono::NaiveDate;
use domain::LocalizedText;
use serde_json::json;
use words::Language;

use crate::composer::Composer;
use crate::date;
use crate::imprint::{Imprint, Person};
use crate::paper::Said;

/// A certificate of attendance (参会证明), for those who were there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttendanceCertificate {
    /// Who was there.
    pub attendee: Person,
    /// Where one is from.
    pub organization: Option<LocalizedText>,
    /// The event.
    pub event: LocalizedText,
    /// Its first day and its last.
    pub days: (NaiveDate, NaiveDate),
    /// Where it was.
    pub place: Option<LocalizedText>,
    /// As what one was there: `speaker`, 发言嘉宾.
    pub role: LocalizedText,
    /// For how many minutes in all.
    pub minutes: Option<u32>,
    /// The sessions that one was at, in order.
    pub sessions: Vec<LocalizedText>,
    /// Who certifies it, and the rest around it.
    pub imprint: Imprint,
}

impl AttendanceCertificate {
    pub(crate) fn composed(&self, composer: &mut Composer) -> Said<'_> {
        let (first, last) = self.days;
        let data = json!({
            "attendee": self.attendee.composed(composer),
            "organization": composer.maybe(self.organization.as_ref()),
            "event": composer.text(&self.event),
            "days": composer.each(|language| date::span(first, last, language)),
            "place": composer.maybe(self.place.as_ref()),
            "role": composer.text(&self.role),
            "hours": self.minutes.map(|minutes| composer.each(|language| hours(minutes, language))),
            "sessions": composer.texts(&self.sessions),
            "imprint": self.imprint.composed(composer),
        });
        let imprint = &self.imprint;
        (data, &self.attendee.name, &imprint.issuers, imprint.date)
    }
}

/// Minutes as hours, to the tenth: `7.5 hours`, `7.5小时`.
fn hours(minutes: u32, language: Language) -> String {
    let tenths = minutes.saturating_add(3) / 6;
    let (whole, tenth) = (tenths / 10, tenths % 10);
    let number = match tenth {
        0 => whole.to_string(),
        _ => format!("{whole}.{tenth}"),
    };
    match language {
        Language::Chinese => format!("{number}小时"),
        Language::English if tenths == 10 => "1 hour".to_owned(),
        Language::English => format!("{number} hours"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_told_to_the_tenth() {
        for (minutes, english) in [
            (60, "1 hour"),
            (90, "1.5 hours"),
            (455, "7.6 hours"),
            (720, "12 hours"),
        ] {
            assert_eq!(hours(minutes, Language::English), english);
        }
        assert_eq!(hours(450, Language::Chinese), "7.5小时");
    }
}
