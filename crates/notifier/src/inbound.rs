//! Mail that comes back: answers of calendars, bounces, machines that are away, and people.
//!
//! Nothing here believes anything: it says what a mail is and which secret of ours it came by. A
//! token stands in the address that we gave to one recipient alone (`rsvp+TOKEN@…`, and
//! `bounce+TOKEN@…` on the envelope), and what is done with an answer is decided by who knows it.

mod auto;
mod bomb;
mod bounce;

use std::borrow::Cow;

use mail_parser::{Message, MessageParser, MimeHeaders as _, PartType};

use crate::address::Address;

pub use bounce::{Action, Bounce};

/// What the transport says of a mail: more reliable than what stands in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Delivered<'a> {
    /// Whom it was for (RCPT TO), if that is known.
    pub recipient: Option<&'a str>,
    /// Who sent it (MAIL FROM).
    pub sender: Sender<'a>,
}

/// Who sent a mail, on the envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sender<'a> {
    /// Nobody said; then a Return-Path says it, if there is one.
    #[default]
    Unknown,
    /// Nobody who could be answered: bounces come so.
    Null,
    /// An address.
    Address(&'a str),
}

/// A mail that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inbound {
    /// A calendar answers.
    Calendar(CalendarAnswer),
    /// A mail of ours was not delivered, or not yet.
    Bounce(Bounce),
    /// Somebody called a mail of ours spam (RFC 5965).
    Complaint(Origin),
    /// A machine answers for somebody who is away, or says that a mail was read.
    AutoReply(Origin),
    /// A person writes.
    Human(Letter),
    /// Not a mail.
    Unreadable,
}

/// Which of our addresses a mail came to, and from whom it says it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// The secret that it came by.
    pub token: Option<Token>,
    /// From whom it says it is.
    pub from: Option<String>,
    /// Its own Message-ID.
    pub message_id: Option<String>,
    /// The Message-IDs that it answers, the nearest first: ours is among them.
    pub answers: Vec<String>,
}

/// A secret out of an address of ours, and which kind of address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// Of the address that answers go to: `rsvp+TOKEN@…`.
    Answer(String),
    /// Of the address that bounces go to: `bounce+TOKEN@…`.
    Bounce(String),
}

/// What a calendar answers with (RFC 5546).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarAnswer {
    /// How it came.
    pub origin: Origin,
    /// The method that the mail names, in capitals: `REPLY`, `COUNTER`. The object has its own.
    pub method: String,
    /// The calendar object, in UTF-8.
    pub calendar: Vec<u8>,
    /// What was written beside it.
    pub text: String,
}

/// What a person writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// How it came.
    pub origin: Origin,
    /// The subject.
    pub subject: String,
    /// The text, of HTML if there is nothing else.
    pub text: String,
}

/// The longest text that is kept of a mail, in characters.
const TEXT: usize = 20_000;
/// How many parts are looked at.
const PARTS: usize = 200;

/// Reads a mail.
pub fn read(mail: &[u8], delivered: &Delivered<'_>) -> Inbound {
    let mail = bomb::defused(mail);
    // The parser is not ours, has assertions in it, and is given whatever strangers send.
    let inbound = std::panic::catch_unwind(|| {
        let message = MessageParser::new().parse(mail.as_ref())?;
        let inbound = read_message(&message, delivered);
        bomb::dismantle(message);
        Some(inbound)
    });
    inbound.ok().flatten().unwrap_or(Inbound::Unreadable)
}

/// What stands at the head of a mail.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heading {
    /// From whom it says it is.
    pub from: Option<String>,
    /// The subject.
    pub subject: Option<String>,
}

/// Reads the head of a mail, whatever the mail is.
pub fn heading(mail: &[u8]) -> Heading {
    let heading = std::panic::catch_unwind(|| {
        let message = MessageParser::new().parse_headers(mail)?;
        let from = message.from().and_then(|from| from.first());
        Some(Heading {
            from: from
                .and_then(|from| from.address())
                .map(|address| address.trim().to_owned()),
            subject: message.subject().map(str::to_owned),
        })
    });
    heading.ok().flatten().unwrap_or_default()
}

fn read_message(message: &Message<'_>, delivered: &Delivered<'_>) -> Inbound {
    // The parser takes whatever it is given for a mail.
    let has = |name| message.header_raw(name).is_some();
    if !["From", "To", "Subject", "Date", "Message-ID"]
        .into_iter()
        .any(has)
    {
        return Inbound::Unreadable;
    }
    let origin = origin(message, delivered);
    let is_null = is_null(message, delivered.sender);
    // A bounce brings our own invitation along: it is looked for before calendars are.
    match report_type(message).as_deref() {
        Some("delivery-status") => return Inbound::Bounce(bounce::report(message, origin)),
        Some("feedback-report") => {
            let ours = bounce::original_message_id(message);
            let answers = ours.into_iter().chain(origin.answers).collect();
            return Inbound::Complaint(Origin { answers, ..origin });
        }
        // Somebody's client says that they have read it (RFC 8098).
        Some(_) => return Inbound::AutoReply(origin),
        None => {}
    }
    if let Some((method, calendar)) = calendar(message) {
        let text = text(message);
        return Inbound::Calendar(CalendarAnswer {
            origin,
            method,
            calendar,
            text,
        });
    }
    if is_null && let Some(bounce) = bounce::guessed(message, &origin, &text(message)) {
        return Inbound::Bounce(bounce);
    }
    if is_null || auto::is_automatic(message) {
        return Inbound::AutoReply(origin);
    }
    Inbound::Human(Letter {
        subject: message.subject().unwrap_or_default().to_owned(),
        text: text(message),
        origin,
    })
}

fn origin(message: &Message<'_>, delivered: &Delivered<'_>) -> Origin {
    let from = message.from().and_then(|from| from.first());
    let ids = |value: &mail_parser::HeaderValue<'_>| -> Vec<String> {
        let list = value.as_text_list().unwrap_or_default();
        list.iter().map(|id| id.trim().to_owned()).collect()
    };
    let mut answers = ids(message.in_reply_to());
    for reference in ids(message.references()).into_iter().rev() {
        if !answers.contains(&reference) {
            answers.push(reference);
        }
    }
    answers.truncate(50);
    Origin {
        token: token(message, delivered.recipient),
        from: from
            .and_then(|from| from.address())
            .map(|address| address.trim().to_owned()),
        message_id: message.message_id().map(str::to_owned),
        answers,
    }
}

/// The secret that a mail came by. Whoever delivered it knows; else it stands in the header.
fn token(message: &Message<'_>, recipient: Option<&str>) -> Option<Token> {
    if let Some(recipient) = recipient {
        return token_of(recipient);
    }
    let by_machines = [
        "Delivered-To",
        "X-Original-To",
        "Envelope-To",
        "X-Envelope-To",
    ];
    let by_machines = by_machines
        .into_iter()
        .flat_map(|name| message.header_values(name))
        .filter_map(|value| address_in(value));
    let by_people = [message.to(), message.cc()];
    let by_people = by_people
        .into_iter()
        .flatten()
        .flat_map(|list| list.iter())
        .filter_map(|one| one.address().map(str::to_owned));
    by_machines.chain(by_people).find_map(|one| token_of(&one))
}

fn address_in(value: &mail_parser::HeaderValue<'_>) -> Option<String> {
    let listed = value.as_address().and_then(|list| list.first());
    let listed = listed.and_then(|one| one.address()).map(str::to_owned);
    listed.or_else(|| value.as_text().map(str::to_owned))
}

/// The secret of one address: `rsvp+TOKEN@…`, `bounce+TOKEN@…`.
pub fn token_of(address: &str) -> Option<Token> {
    let address = address.trim().trim_start_matches('<').trim_end_matches('>');
    let address: Address = address.parse().ok()?;
    let (name, token) = address.local().split_once('+')?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if token.is_empty() || !token.bytes().all(plain) {
        return None;
    }
    match name.to_ascii_lowercase().as_str() {
        "rsvp" => Some(Token::Answer(token.to_owned())),
        "bounce" => Some(Token::Bounce(token.to_owned())),
        _ => None,
    }
}

fn is_null(message: &Message<'_>, sender: Sender<'_>) -> bool {
    match sender {
        Sender::Null => true,
        Sender::Address(address) => matches!(address.trim(), "" | "<>"),
        Sender::Unknown => message
            .header_raw("Return-Path")
            .is_some_and(|path| path.trim() == "<>"),
    }
}

/// Which kind of report a mail is (RFC 6522), in small letters.
fn report_type(message: &Message<'_>) -> Option<String> {
    let content = message.content_type()?;
    let is_report = content.ctype().eq_ignore_ascii_case("multipart")
        && content
            .subtype()
            .is_some_and(|subtype| subtype.eq_ignore_ascii_case("report"));
    let named = content.attribute("report-type");
    if is_report && let Some(named) = named {
        return Some(named.to_ascii_lowercase());
    }
    // Some forget to say which; what is in it says it.
    let has = |wanted: &str| {
        let mut parts = message.parts.iter().take(PARTS);
        parts.any(|part| bounce::is_of_type(part, "message", wanted))
    };
    if has("delivery-status") || has("global-delivery-status") {
        Some("delivery-status".to_owned())
    } else {
        is_report.then(|| "other".to_owned())
    }
}

/// The answer of a calendar, with its method: the text part, or else the file.
fn calendar(message: &Message<'_>) -> Option<(String, Vec<u8>)> {
    let mut parts = message.parts.iter().take(PARTS);
    let answers = ["REPLY", "COUNTER", "REFRESH"];
    let is_calendar = |part: &mail_parser::MessagePart<'_>| {
        let named_so = || {
            part.attachment_name().is_some_and(|name| {
                let suffix = name.rsplit('.').next();
                suffix.is_some_and(|suffix| suffix.eq_ignore_ascii_case("ics"))
            })
        };
        bounce::is_of_type(part, "text", "calendar")
            || bounce::is_of_type(part, "application", "ics")
            || (bounce::is_of_type(part, "application", "octet-stream") && named_so())
    };
    parts.find_map(|part| {
        if !is_calendar(part) {
            return None;
        }
        let bytes = contents(part);
        let named = part
            .content_type()
            .and_then(|content| content.attribute("method"))
            .map(str::to_owned);
        let method = named
            .or_else(|| method_within(&bytes))?
            .to_ascii_uppercase();
        let is_answer = answers.contains(&method.as_str());
        is_answer.then(|| (method, bytes.into_owned()))
    })
}

fn contents<'a>(part: &'a mail_parser::MessagePart<'_>) -> Cow<'a, [u8]> {
    match &part.body {
        PartType::Text(text) | PartType::Html(text) => Cow::Borrowed(text.as_bytes()),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => Cow::Borrowed(bytes.as_ref()),
        PartType::Message(_) | PartType::Multipart(_) => Cow::Borrowed(&[]),
    }
}

/// The METHOD of a calendar object.
fn method_within(calendar: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(calendar);
    text.lines().take(1_000).find_map(|line| {
        let (name, method) = line.split_once(':')?;
        name.eq_ignore_ascii_case("METHOD")
            .then(|| method.trim().to_owned())
    })
}

fn text(message: &Message<'_>) -> String {
    let text = message.body_text(0).unwrap_or_default();
    let text = text.replace("\r\n", "\n");
    let kept = |character: &char| matches!(character, '\n' | '\t') || !character.is_control();
    let text: String = text.chars().filter(kept).take(TEXT).collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests;
