//! What a mail says: a subject, a text and the same as HTML, from templates that a workspace may
//! put its own in place of.
//!
//! A template of theirs that fails (it is not one, it names what there is not, it never ends, it
//! says nothing) is reported, and ours is used instead: a mistake in a template never loses a mail.
//! Theirs may extend `layout.html` and import `parts.html`, as ours do.

mod context;
mod sample;
mod wrap;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use domain::mail_template::MailTemplate;
use domain::problem::Path;
use domain::{Problem, Word as _};
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior, Value, context};

use crate::words::Language;

pub use context::{
    AgendaChanged, Answer, CalendarUpdate, Cancelled, Change, ChangeKind, Common, Confirmed,
    CredentialIssued, Event, EventCancelled, Invitation, IssuedPaper, Item, Message, Organiser,
    Recipient, Reminder,
};
pub use domain::mail_template::MailPart as Part;
pub use domain::message::MessageKind as Kind;
pub use sample::samples;

fn file_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Invitation => "invitation",
        Kind::Reminder => "reminder",
        Kind::Confirmed => "confirmed",
        Kind::Cancelled => "cancelled",
        Kind::AgendaChanged => "agenda_changed",
        Kind::EventCancelled => "event_cancelled",
        Kind::CredentialIssued => "credential_issued",
        Kind::CalendarUpdate => "calendar_update",
    }
}

fn suffix_of(part: Part) -> &'static str {
    match part {
        Part::Subject => "subject.txt",
        Part::Text => "txt",
        Part::Html => "html",
    }
}

/// The name of one template: `invitation` in a language, as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TemplateName {
    /// What the mail is about.
    pub kind: Kind,
    /// The language it is in.
    pub language: Language,
    /// Which of its texts.
    pub part: Part,
}

/// As its file is called: `zh-Hans/invitation.html`.
impl fmt::Display for TemplateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (language, kind) = (self.language.tag(), file_of(self.kind));
        write!(f, "{language}/{kind}.{}", suffix_of(self.part))
    }
}

/// Not the name of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not the name of a template such as en/invitation.html")]
pub struct NoSuchTemplate;

impl TemplateName {
    /// All there are.
    pub fn all() -> impl Iterator<Item = Self> {
        Language::ALL.into_iter().flat_map(|language| {
            Kind::ALL.iter().flat_map(move |kind| {
                Part::ALL.iter().map(move |part| Self {
                    kind: *kind,
                    language,
                    part: *part,
                })
            })
        })
    }
}

impl FromStr for TemplateName {
    type Err = NoSuchTemplate;

    fn from_str(text: &str) -> Result<Self, NoSuchTemplate> {
        Self::all()
            .find(|name| name.to_string() == text)
            .ok_or(NoSuchTemplate)
    }
}

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The subject, on one line.
    pub subject: String,
    /// The text, in lines that one reads well.
    pub text: String,
    /// The HTML.
    pub html: String,
    /// Templates of the workspace that failed, and were not used.
    pub faults: Vec<TemplateFault>,
}

/// A template that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the template {name} {reason}{}", at_line(*line))]
pub struct TemplateFault {
    /// Which one.
    pub name: TemplateName,
    /// Where in it, if that is known.
    pub line: Option<usize>,
    /// Why.
    pub reason: FaultReason,
}

/// Why a template failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultReason {
    /// It is none.
    #[error("cannot be read: {0}")]
    Syntax(String),
    /// It names a value that there is not.
    #[error("names something that there is not")]
    Undefined,
    /// It does something that cannot be done.
    #[error("fails: {0}")]
    Failed(String),
    /// It does too much.
    #[error("does not come to an end")]
    Endless,
    /// It says nothing.
    #[error("says nothing")]
    Blank,
}

/// The templates that a workspace has put in place of ours. Those of mails that are written no longer
/// are passed over.
impl From<&[MailTemplate]> for Templates {
    fn from(theirs: &[MailTemplate]) -> Self {
        Self::with_overrides(theirs.iter().filter_map(|one| {
            let name = one.name.parse().ok()?;
            Some((name, one.source.clone()))
        }))
    }
}

/// What is wrong with a template that is to be put in place of ours, under this name: it is tried with
/// much to say and with little.
pub fn judge(name: &str, source: &str) -> Vec<Problem> {
    let parsed = match name.parse::<TemplateName>() {
        Ok(parsed) => parsed,
        Err(none) => return vec![Problem::invalid(&Path::root().at("name"), none)],
    };
    let templates = Templates::with_overrides([(parsed, source.to_owned())]);
    let faults = match templates.preview(parsed.kind, parsed.language) {
        Ok(preview) => preview.faults,
        Err(ours) => vec![ours],
    };
    let place = Path::root().at("source");
    faults
        .iter()
        .map(|fault| Problem::invalid(&place, format!("{}{}", fault.reason, at_line(fault.line))))
        .collect()
}

fn at_line(line: Option<usize>) -> String {
    line.map_or_else(String::new, |line| format!(" (line {line})"))
}

/// What a template of a workspace may do at most: thousands of rows, or a few megabytes.
const FUEL: u64 = 200_000;
/// The longest subject, in characters.
const SUBJECT: usize = 200;

/// The templates of mails: ours, and those of one workspace in their place.
pub struct Templates {
    ours: Environment<'static>,
    theirs: Environment<'static>,
    overridden: BTreeMap<TemplateName, String>,
    /// Those of them that cannot be read.
    unreadable: BTreeMap<TemplateName, TemplateFault>,
}

impl Templates {
    /// Our own.
    pub fn new() -> Self {
        let mut ours = Environment::new();
        ours.set_undefined_behavior(UndefinedBehavior::Strict);
        ours.set_auto_escape_callback(|name| {
            if name.rsplit('.').next() == Some("html") {
                AutoEscape::Html
            } else {
                AutoEscape::None
            }
        });
        for (name, source) in BUILT_IN {
            // They are part of the program: a test renders each of them. One that could not be
            // read would be missing when it is asked for, and reported then.
            let _tested = ours.add_template(name, source);
        }
        let mut theirs = ours.clone();
        theirs.set_fuel(Some(FUEL));
        Self {
            ours,
            theirs,
            overridden: BTreeMap::new(),
            unreadable: BTreeMap::new(),
        }
    }

    /// Our own, with those of a workspace in their place. Which of these cannot be read is told when
    /// they would have been used.
    pub fn with_overrides(overrides: impl IntoIterator<Item = (TemplateName, String)>) -> Self {
        let mut templates = Self::new();
        for (name, source) in overrides {
            let key = format!("own/{name}");
            match templates.theirs.add_template_owned(key.clone(), source) {
                Ok(()) => {
                    templates.overridden.insert(name, key);
                }
                Err(error) => {
                    let fault = fault(name, &key, &error);
                    templates.unreadable.insert(name, fault);
                }
            }
        }
        templates
    }

    /// What a mail says. Fails only where a template of our own does.
    pub fn render(&self, message: &Message, language: Language) -> Result<Rendered, TemplateFault> {
        let kind = message.kind();
        let context = context! { language => language.tag(), ..message.context() };
        let mut faults = Vec::new();
        let mut render = |part| {
            let name = TemplateName {
                kind,
                language,
                part,
            };
            faults.extend(self.unreadable.get(&name).cloned());
            if let Some(key) = self.overridden.get(&name) {
                match rendered(&self.theirs, key, name, &context) {
                    Ok(text) => return Ok(text),
                    Err(fault) => faults.push(fault),
                }
            }
            rendered(&self.ours, &name.to_string(), name, &context)
        };
        let (subject, text, html) = (
            render(Part::Subject)?,
            render(Part::Text)?,
            render(Part::Html)?,
        );
        Ok(Rendered {
            subject,
            text,
            html,
            faults,
        })
    }

    /// What a mail says of made-up things; its faults are those of all that may be said by it, with
    /// much to tell and with little.
    pub fn preview(&self, kind: Kind, language: Language) -> Result<Rendered, TemplateFault> {
        let [full, bare] = samples(kind, language);
        let mut preview = self.render(&full, language)?;
        for fault in self.render(&bare, language)?.faults {
            if !preview.faults.contains(&fault) {
                preview.faults.push(fault);
            }
        }
        Ok(preview)
    }

    /// The source of a template of ours, to begin one's own with.
    pub fn built_in(name: TemplateName) -> Option<&'static str> {
        let name = name.to_string();
        let found = BUILT_IN.iter().find(|(built_in, _)| *built_in == name);
        found.map(|(_, source)| *source)
    }
}

impl Default for Templates {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Templates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Templates")
            .field("overridden", &self.overridden.values())
            .finish_non_exhaustive()
    }
}

fn rendered(
    environment: &Environment<'_>,
    key: &str,
    name: TemplateName,
    context: &Value,
) -> Result<String, TemplateFault> {
    let template = environment
        .get_template(key)
        .map_err(|error| fault(name, key, &error))?;
    let text = template
        .render(context)
        .map_err(|error| fault(name, key, &error))?;
    let text = match name.part {
        Part::Subject => one_line(&text),
        Part::Text => wrap::wrap(&text),
        Part::Html => text,
    };
    if text.trim().is_empty() {
        return Err(TemplateFault {
            name,
            line: None,
            reason: FaultReason::Blank,
        });
    }
    Ok(text)
}

fn one_line(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= SUBJECT {
        return line;
    }
    let mut short: String = line.chars().take(SUBJECT - 1).collect();
    short.push('…');
    short
}

fn fault(name: TemplateName, key: &str, error: &minijinja::Error) -> TemplateFault {
    // What fails in a part that is included, or in a macro, fails there.
    let mut cause = error;
    while let Some(deeper) = std::error::Error::source(cause)
        .and_then(|source| source.downcast_ref::<minijinja::Error>())
    {
        cause = deeper;
    }
    let said = || {
        let detail = cause.detail().map(str::to_owned);
        detail.unwrap_or_else(|| cause.kind().to_string())
    };
    let kind = cause.kind();
    let reason = if kind == ErrorKind::SyntaxError {
        FaultReason::Syntax(said())
    } else if kind == ErrorKind::UndefinedError {
        FaultReason::Undefined
    } else if kind == ErrorKind::OutOfFuel {
        FaultReason::Endless
    } else {
        FaultReason::Failed(said())
    };
    TemplateFault {
        name,
        // Of this template: not of one that it extends or imports.
        line: error.line().filter(|_| error.name() == Some(key)),
        reason,
    }
}

macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../templates/", $name)))),*]
    };
}

const BUILT_IN: &[(&str, &str)] = built_in![
    "layout.html",
    "parts.html",
    "en/footer.html",
    "en/footer.txt",
    "en/invitation.subject.txt",
    "en/invitation.txt",
    "en/invitation.html",
    "en/reminder.subject.txt",
    "en/reminder.txt",
    "en/reminder.html",
    "en/confirmed.subject.txt",
    "en/confirmed.txt",
    "en/confirmed.html",
    "en/cancelled.subject.txt",
    "en/cancelled.txt",
    "en/cancelled.html",
    "en/agenda_changed.subject.txt",
    "en/agenda_changed.txt",
    "en/agenda_changed.html",
    "en/event_cancelled.subject.txt",
    "en/event_cancelled.txt",
    "en/event_cancelled.html",
    "en/credential_issued.subject.txt",
    "en/credential_issued.txt",
    "en/credential_issued.html",
    "en/calendar_update.subject.txt",
    "en/calendar_update.txt",
    "en/calendar_update.html",
    "zh-Hans/footer.html",
    "zh-Hans/footer.txt",
    "zh-Hans/invitation.subject.txt",
    "zh-Hans/invitation.txt",
    "zh-Hans/invitation.html",
    "zh-Hans/reminder.subject.txt",
    "zh-Hans/reminder.txt",
    "zh-Hans/reminder.html",
    "zh-Hans/confirmed.subject.txt",
    "zh-Hans/confirmed.txt",
    "zh-Hans/confirmed.html",
    "zh-Hans/cancelled.subject.txt",
    "zh-Hans/cancelled.txt",
    "zh-Hans/cancelled.html",
    "zh-Hans/agenda_changed.subject.txt",
    "zh-Hans/agenda_changed.txt",
    "zh-Hans/agenda_changed.html",
    "zh-Hans/event_cancelled.subject.txt",
    "zh-Hans/event_cancelled.txt",
    "zh-Hans/event_cancelled.html",
    "zh-Hans/credential_issued.subject.txt",
    "zh-Hans/credential_issued.txt",
    "zh-Hans/credential_issued.html",
    "zh-Hans/calendar_update.subject.txt",
    "zh-Hans/calendar_update.txt",
    "zh-Hans/calendar_update.html",
];

#[cfg(test)]
mod tests;
