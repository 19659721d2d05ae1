//! What people answer, as their calendars tell it (iTIP REPLY and COUNTER; RFC 5546, 3.2.3 and 3.2.7).
//!
//! These are facts alone. Whether an answer is believed, and whether it is overtaken by another, is for
//! others to say, by the address that it came to, its SEQUENCE and its DTSTAMP.

mod address;
mod moment;

use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarMethod,
    ICalendarParameterName, ICalendarParameterValue, ICalendarParticipationStatus,
    ICalendarProperty, ICalendarValue,
};
use calcard::{Entry, Parser};
use chrono::{DateTime, Utc};

use address::address;
pub use moment::{Moment, Proposal};

/// A message that answers invitations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// What it does.
    pub method: ReplyMethod,
    /// The answers: one for each entry and each attendee that it names. Never empty; usually one.
    pub answers: Vec<Answer>,
}

/// What a message that answers does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyMethod {
    /// Says whether somebody comes.
    Reply,
    /// Proposes another time, or otherwise something else.
    Counter,
}

/// What one person answers about one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The entry (UID).
    pub uid: String,
    /// To which state of the entry it answers (SEQUENCE); 0 where nothing is said (RFC 5545, 3.8.7.4).
    pub sequence: u32,
    /// When the answer was made (DTSTAMP), if that can be read.
    pub stamp: Option<DateTime<Utc>>,
    /// Who answers: an address without `mailto:`, its domain in lower case.
    pub attendee: String,
    /// What they call themselves (CN).
    pub name: Option<String>,
    /// What they say.
    pub participation: Participation,
    /// Whom they send in their place (DELEGATED-TO; RFC 5545, 3.2.5).
    pub delegated_to: Vec<String>,
    /// In whose place they come (DELEGATED-FROM; RFC 5545, 3.2.4).
    pub delegated_from: Vec<String>,
    /// Who answers in their name (SENT-BY).
    pub sent_by: Option<String>,
    /// What they say besides (COMMENT).
    pub comment: Option<String>,
    /// The time that they would rather have. Only a [`ReplyMethod::Counter`] has one.
    pub proposal: Option<Proposal>,
}

/// What an attendee says (PARTSTAT; RFC 5545, 3.2.12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Participation {
    /// Nothing yet. Where nothing is said, that is meant.
    NeedsAction,
    /// Comes.
    Accepted,
    /// May come.
    Tentative,
    /// Does not come.
    Declined,
    /// Somebody else comes instead.
    Delegated,
    /// A word of some other program, in upper case.
    Other(String),
}

/// Why a message is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAReply {
    /// No calendar object can be read in it.
    #[error("holds no calendar object")]
    NoObject,
    /// The object does not say what it does.
    #[error("holds a calendar object without a method")]
    NoMethod,
    /// It does something else, such as `REFRESH`, which asks for the entry again, or `DECLINECOUNTER`,
    /// which is for organisers to send. The word is in upper case.
    #[error("holds a calendar object whose method is {0}")]
    Method(String),
    /// It names no entry and no attendee. What it says of single occurrences does not count: nothing
    /// that is sent from here recurs.
    #[error("holds a calendar object that answers nothing")]
    NoAnswer,
}

/// The most answers that are taken from one message: each has the comment to itself.
const MOST_ANSWERS: usize = 100;
/// The longest comment that is passed on, in characters.
const LONGEST_COMMENT: usize = 10_000;
/// The longest word of a foreign program that is passed on, in characters.
const LONGEST_WORD: usize = 40;

/// Reads a calendar object that came in: what is not UTF-8 in it is replaced, what cannot be understood
/// is passed over, and so is what goes beyond a hundred answers. How large it may be is for the caller
/// to say.
pub fn read_reply(bytes: &[u8]) -> Result<Reply, NotAReply> {
    let text = String::from_utf8_lossy(bytes);
    let object = object(&text).ok_or(NotAReply::NoObject)?;
    let method = method(&object)?;
    let answers: Vec<_> = object
        .components
        .iter()
        .filter(|component| component.component_type == ICalendarComponentType::VEvent)
        .filter(|event| event.property(&ICalendarProperty::RecurrenceId).is_none())
        .flat_map(|event| answers(&object, event, method))
        .take(MOST_ANSWERS)
        .collect();
    if answers.is_empty() {
        return Err(NotAReply::NoAnswer);
    }
    Ok(Reply { method, answers })
}

/// The first calendar object of a text.
fn object(text: &str) -> Option<ICalendar> {
    let mut parser = Parser::new(text);
    loop {
        let entry = parser.entry();
        if entry == Entry::Eof {
            return None;
        }
        if let Entry::ICalendar(object) = entry
            && is_calendar(&object)
        {
            return Some(object);
        }
    }
}

fn is_calendar(object: &ICalendar) -> bool {
    let root = object.components.first();
    root.is_some_and(|root| root.component_type == ICalendarComponentType::VCalendar)
}

fn method(object: &ICalendar) -> Result<ReplyMethod, NotAReply> {
    let root = object.components.first().ok_or(NotAReply::NoObject)?;
    let said = root
        .property(&ICalendarProperty::Method)
        .and_then(|property| property.values.first());
    let said = said.ok_or(NotAReply::NoMethod)?;
    if *said == ICalendarValue::Method(ICalendarMethod::Reply) {
        Ok(ReplyMethod::Reply)
    } else if *said == ICalendarValue::Method(ICalendarMethod::Counter) {
        Ok(ReplyMethod::Counter)
    } else {
        let other = said.as_text().unwrap_or_default();
        Err(NotAReply::Method(word(other)))
    }
}

fn answers(object: &ICalendar, event: &ICalendarComponent, method: ReplyMethod) -> Vec<Answer> {
    let Some(uid) = text(event, &ICalendarProperty::Uid) else {
        return Vec::new();
    };
    let proposal = match method {
        ReplyMethod::Reply => None,
        ReplyMethod::Counter => moment::proposal(object, event),
    };
    let common = Answer {
        uid,
        sequence: sequence(event),
        stamp: event
            .property(&ICalendarProperty::Dtstamp)
            .and_then(|stamp| moment::moment(object, stamp))
            .and_then(Moment::as_stamp),
        attendee: String::new(),
        name: None,
        participation: Participation::NeedsAction,
        delegated_to: Vec::new(),
        delegated_from: Vec::new(),
        sent_by: None,
        comment: comments(event),
        proposal,
    };
    event
        .properties(&ICalendarProperty::Attendee)
        .filter_map(|attendee| answer(&common, attendee))
        .take(MOST_ANSWERS)
        .collect()
}

fn answer(common: &Answer, attendee: &ICalendarEntry) -> Option<Answer> {
    let parameter = |name| parameters(attendee, &name).next();
    let addresses = |name| {
        parameters(attendee, &name)
            .filter_map(|text| address(&text))
            .collect()
    };
    let value = attendee.values.first().and_then(ICalendarValue::as_text);
    Some(Answer {
        // Servers that know their people by other names say the address beside them.
        attendee: value
            .and_then(address)
            .or_else(|| address(&parameter(ICalendarParameterName::Email)?))?,
        name: parameter(ICalendarParameterName::Cn),
        participation: participation(attendee),
        delegated_to: addresses(ICalendarParameterName::DelegatedTo),
        delegated_from: addresses(ICalendarParameterName::DelegatedFrom),
        sent_by: parameter(ICalendarParameterName::SentBy).and_then(|text| address(&text)),
        comment: common.comment.clone().or_else(|| {
            // Where Google and Apple put it.
            parameter(ICalendarParameterName::Other(
                "X-RESPONSE-COMMENT".to_owned(),
            ))
        }),
        ..common.clone()
    })
}

fn participation(attendee: &ICalendarEntry) -> Participation {
    use ICalendarParticipationStatus as Status;

    match attendee.parameter(&ICalendarParameterName::Partstat) {
        None | Some(ICalendarParameterValue::Partstat(Status::NeedsAction)) => {
            Participation::NeedsAction
        }
        Some(ICalendarParameterValue::Partstat(Status::Accepted)) => Participation::Accepted,
        Some(ICalendarParameterValue::Partstat(Status::Tentative)) => Participation::Tentative,
        Some(ICalendarParameterValue::Partstat(Status::Declined)) => Participation::Declined,
        Some(ICalendarParameterValue::Partstat(Status::Delegated)) => Participation::Delegated,
        Some(other) => match word(other.as_text().unwrap_or_default()) {
            none if none.is_empty() => Participation::NeedsAction,
            other => Participation::Other(other),
        },
    }
}

fn sequence(event: &ICalendarComponent) -> u32 {
    let value = event
        .property(&ICalendarProperty::Sequence)
        .and_then(|property| property.values.first());
    match value {
        Some(ICalendarValue::Integer(number)) => {
            u32::try_from((*number).max(0)).unwrap_or(u32::MAX)
        }
        _ => 0,
    }
}

fn comments(event: &ICalendarComponent) -> Option<String> {
    let comments: Vec<_> = event
        .properties(&ICalendarProperty::Comment)
        .filter_map(|property| property.values.first()?.as_text())
        .filter_map(cleaned)
        .collect();
    let comments = comments.join("\n");
    (!comments.is_empty()).then(|| comments.chars().take(LONGEST_COMMENT).collect())
}

fn text(event: &ICalendarComponent, property: &ICalendarProperty) -> Option<String> {
    let value = event.property(property)?.values.first()?;
    cleaned(value.as_text()?)
}

/// The texts of a parameter, without what RFC 6868 had to encode in them.
fn parameters<'a>(
    property: &'a ICalendarEntry,
    name: &'a ICalendarParameterName,
) -> impl Iterator<Item = String> + 'a {
    let named = property
        .params
        .iter()
        .filter(move |parameter| parameter.name == *name);
    named.filter_map(|parameter| cleaned(&decoded(parameter.value.as_text()?)))
}

/// RFC 6868. What it does not know, it leaves alone.
fn decoded(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let meant = match (character, characters.peek()) {
            ('^', Some('n')) => Some('\n'),
            ('^', Some('\'')) => Some('"'),
            ('^', Some('^')) => Some('^'),
            _ => None,
        };
        if meant.is_some() {
            characters.next();
        }
        decoded.push(meant.unwrap_or(character));
    }
    decoded
}

/// A text that says something, without control characters.
fn cleaned(text: &str) -> Option<String> {
    let plain = crate::property::plain(text);
    let text = plain.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn word(text: &str) -> String {
    let plain = text
        .trim()
        .chars()
        .filter(|character| !character.is_control());
    plain
        .take(LONGEST_WORD)
        .flat_map(char::to_uppercase)
        .collect()
}
