//! What a template can say: the facts of one mail, in words already, under the names by which
//! templates call them.

use domain::time::EventTime;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::Kind;
use crate::words::{self, Language};

/// A mail that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Whether they come.
    Invitation(Invitation),
    /// That it is soon, or that an answer is missing.
    Reminder(Reminder),
    /// That they have a place.
    Confirmed(Confirmed),
    /// That they are not expected any more.
    Cancelled(Cancelled),
    /// What of the agenda is otherwise for them.
    AgendaChanged(AgendaChanged),
    /// That it does not take place.
    EventCancelled(EventCancelled),
    /// That something was issued to them.
    CredentialIssued(CredentialIssued),
    /// What one entry of their calendar is now.
    CalendarUpdate(CalendarUpdate),
}

impl Message {
    /// What it is about.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Invitation(_) => Kind::Invitation,
            Self::Reminder(_) => Kind::Reminder,
            Self::Confirmed(_) => Kind::Confirmed,
            Self::Cancelled(_) => Kind::Cancelled,
            Self::AgendaChanged(_) => Kind::AgendaChanged,
            Self::EventCancelled(_) => Kind::EventCancelled,
            Self::CredentialIssued(_) => Kind::CredentialIssued,
            Self::CalendarUpdate(_) => Kind::CalendarUpdate,
        }
    }

    pub(super) fn context(&self) -> Value {
        match self {
            Self::Invitation(message) => Value::from(Serde(message)),
            Self::Reminder(message) => Value::from(Serde(message)),
            Self::Confirmed(message) => Value::from(Serde(message)),
            Self::Cancelled(message) => Value::from(Serde(message)),
            Self::AgendaChanged(message) => Value::from(Serde(message)),
            Self::EventCancelled(message) => Value::from(Serde(message)),
            Self::CredentialIssued(message) => Value::from(Serde(message)),
            Self::CalendarUpdate(message) => Value::from(Serde(message)),
        }
    }
}

/// What every mail can say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Common {
    /// Who reads it.
    pub recipient: Recipient,
    /// What it is about.
    pub event: Event,
    /// Who writes.
    pub organiser: Organiser,
    /// The address of their own calendar feed.
    pub feed: Option<String>,
    /// Where they can say that they want no more such mail.
    pub leave: Option<String>,
}

/// Who reads a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recipient {
    /// As they are addressed: `Professor Wang`, `王教授`. May be empty.
    pub name: String,
}

/// An event, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// What it is called.
    pub title: String,
    /// When it is, with weekday and zone.
    pub when: String,
    /// The days alone, for a subject.
    pub day: String,
    /// Where it is.
    pub place: Option<String>,
    /// Where one can read about it.
    pub url: Option<String>,
}

impl Event {
    /// An event in the words of a language.
    pub fn new(
        title: impl Into<String>,
        time: &EventTime,
        place: Option<String>,
        url: Option<String>,
        language: Language,
    ) -> Self {
        Self {
            title: title.into(),
            when: words::event_time(time, language),
            day: words::bare_days(time.starts_on, time.ends_on, language),
            place,
            url,
        }
    }
}

/// Who writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Organiser {
    /// Their name.
    pub name: String,
    /// Where one can write to them.
    pub address: Option<String>,
}

/// Where one answers: each link answers at once, or shows a page that asks first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// They come.
    pub yes: String,
    /// They do not know yet.
    pub maybe: String,
    /// They do not come.
    pub no: String,
    /// Until when, in words.
    pub by: Option<String>,
}

/// An item of the agenda in which the reader has a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// When, in short.
    pub when: String,
    /// What it is called.
    pub title: String,
    /// Where, if that is known.
    pub place: Option<String>,
    /// As what they appear.
    pub role: Option<String>,
}

/// What has become of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// In one word.
    pub kind: ChangeKind,
    /// The item.
    pub title: String,
    /// As it was, on one line.
    pub before: Option<String>,
    /// As it is now.
    pub after: Option<String>,
}

/// What has become of an item, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// It is new to them.
    Added,
    /// It is at another time or place.
    Moved,
    /// Something else of it is otherwise.
    Changed,
    /// It does not take place, or not with them.
    Cancelled,
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Invitation {
    /// What every mail says.
    #[serde(flatten)]
    pub common: Common,
    /// In the organiser's own words.
    pub message: Option<String>,
    /// What the reader is to be part of.
    pub items: Vec<Item>,
    /// Where they answer.
    pub answer: Answer,
}

/// A reminder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reminder {
    /// What every mail says.
    #[serde(flatten)]
    pub common: Common,
    /// In the organiser's own words.
    pub message: Option<String>,
    /// What the reader is part of.
    pub items: Vec<Item>,
    /// Where they answer, if they have not.
    pub answer: Option<Answer>,
}

/// A place that is theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Confirmed {
    /// What every mail says.
    #[serde(flatten)]
    pub common: Common,
    /// In the organiser's own words.
    pub message: Option<String>,
    /// What the reader is part of.
    pub items: Vec<Item>,
    /// Where they can say that they do not come after all.
    pub change: Option<String>,
}

/// A place that is theirs no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cancelled {
    /// What every mail says.
    #[serde(flatten)]
    pub common: Common,
    /// Why.
    pub reason: Option<String>,
}

/// An agenda that is otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgendaChanged {
    /// What every mail says.
    #[serde(flatten)]
    pub common: Common,
    /// In the organiser's own words.
    pub message: Option<String>,
    /// What is otherwise for the reader.
    pub changes: Vec<Change>,
    /// Where they can answer anew.
    pub answer: Option<Answer>,
}

/// An event that does not take place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventCancelled {
    /// What every mail says.
    #[serde(flatten)]
    pub common: Common,
    /// Why.
    pub reason: Option<String>,
}

/// A letter or a certificate that was issued; the document goes with the mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CredentialIssued {
    /// What every mail says.
    #[serde(flatten)]
    pub common: Common,
    /// What was issued.
    pub paper: IssuedPaper,
}

/// A letter or a certificate, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IssuedPaper {
    /// What it is: `letter of appointment`, 聘书.
    pub kind: String,
    /// The post, the award or the title.
    pub title: String,
    /// Its number.
    pub number: String,
    /// Who issued it, in order.
    pub issuers: Vec<String>,
    /// Where anybody can ask what it is worth.
    pub verification: String,
    /// Where its holder reads it, and accepts it.
    pub page: String,
    /// Whether it is for its holder to accept.
    pub is_to_be_accepted: bool,
}

/// An entry of a calendar, as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CalendarUpdate {
    /// What every mail says.
    #[serde(flatten)]
    pub common: Common,
    /// The entry, and what has become of it.
    pub change: Change,
}
