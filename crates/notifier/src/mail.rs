//! A mail as it goes over the wire: one recipient, a text for every client, and for invitations the
//! calendar object that calendars act upon.
//!
//! The bytes are made here rather than by a library, for four reasons: the same mail is the same
//! bytes however often it is composed; no text of anyone's can become a header; no name makes it
//! panic; and what looks like an encoded word but is none arrives as it was written.

mod body;
mod header;

use chrono::{DateTime, Utc};
use domain::LanguageTag;

use crate::address::{Address, is_dot_atom};
use crate::dkim::Dkim;
use body::Part;
use header::Headers;

/// Somebody with an address, and the name that is shown for them: empty, where there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// As people are to read it.
    pub name: String,
    /// Where mail for them goes.
    pub address: Address,
}

/// One mail to one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The Message-ID, without its angle brackets: `01JX….convoke@example.org`.
    pub message_id: String,
    /// When it was written.
    pub date: DateTime<Utc>,
    /// Who writes.
    pub from: Mailbox,
    /// Who reads the answers, if not who writes. ORGANIZER is one of the two.
    pub reply_to: Option<Mailbox>,
    /// Who is written to.
    pub to: Mailbox,
    /// Where bounces go: an address of this mail alone (VERP), for the envelope.
    pub envelope_from: Address,
    /// The subject, a line.
    pub subject: String,
    /// The text, for clients that show nothing else. Complete by itself.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// What calendars act upon.
    pub calendar: Option<CalendarPart>,
    /// Files that come along.
    pub attachments: Vec<Attachment>,
    /// For mail to many: which list it is, and how one leaves it.
    pub list: Option<List>,
    /// Whether a person wrote it.
    pub auto_submitted: AutoSubmitted,
    /// The language of the texts.
    pub language: LanguageTag,
}

/// A calendar object with its method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarPart {
    /// Its METHOD.
    pub method: CalendarMethod,
    /// The object.
    pub bytes: Vec<u8>,
}

/// What a calendar is to do (RFC 5546).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarMethod {
    /// Ask whether they come; or tell what is otherwise.
    Request,
    /// Take it out.
    Cancel,
    /// Show it; nobody waits for an answer.
    Publish,
}

impl CalendarMethod {
    /// As METHOD and the parameter have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
            Self::Publish => "PUBLISH",
        }
    }
}

/// A file that comes with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name. Whatever is not plain ASCII in it becomes a hyphen.
    pub name: String,
    /// Its media type: `application/pdf`.
    pub media_type: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A list that many are written to by (RFC 2919, 2369, 8058).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// What it is called for machines, a name under a domain of ours: `evt-01jx.example.org`.
    pub id: String,
    /// Where one leaves it: a POST there is enough, a GET must change nothing.
    pub unsubscribe_url: String,
    /// Where one leaves it by mail.
    pub unsubscribe_mailto: Option<Address>,
}

/// Whether a person wrote a mail (RFC 3834).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AutoSubmitted {
    /// A person did, and answers of machines would be right.
    No,
    /// A machine did, by itself.
    Generated,
    /// A machine did, in answer to a mail.
    Replied,
}

/// Why a mail cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// Not `word.word@domain`.
    #[error("the Message-ID is not of the form words@domain")]
    MessageId,
    /// An address that does not fit the header it goes into.
    #[error("the address for unsubscribing is not one of https, of at most 900 ASCII characters")]
    UnsubscribeUrl,
    /// Not words with dots between.
    #[error("the list's id is not words with dots between")]
    ListId,
    /// Not `type/subtype`.
    #[error("the media type of an attachment is not of the form type/subtype")]
    MediaType,
    /// A key that its library refuses to sign with.
    #[error("the mail could not be signed")]
    Unsigned,
}

/// Writes a mail, and signs it. The same mail is always the same bytes.
pub fn compose(mail: &Mail, dkim: Option<&Dkim>) -> Result<Vec<u8>, ComposeError> {
    let mut headers = Headers::default();
    headers.raw("Date", &mail.date.to_rfc2822());
    headers.mailbox("From", &mail.from);
    if let Some(reply_to) = &mail.reply_to {
        headers.mailbox("Reply-To", reply_to);
    }
    headers.mailbox("To", &mail.to);
    headers.text("Subject", &mail.subject);
    headers.raw("Message-ID", &message_id(&mail.message_id)?);
    headers.raw("Content-Language", mail.language.as_str());
    match mail.auto_submitted {
        AutoSubmitted::No => {}
        AutoSubmitted::Generated => headers.raw("Auto-Submitted", "auto-generated"),
        AutoSubmitted::Replied => headers.raw("Auto-Submitted", "auto-replied"),
    }
    if mail.auto_submitted != AutoSubmitted::No {
        // Exchange knows no Auto-Submitted.
        headers.raw("X-Auto-Response-Suppress", "OOF, AutoReply");
    }
    if let Some(list) = &mail.list {
        list_headers(&mut headers, list)?;
    }
    headers.raw("MIME-Version", "1.0");

    let mut bytes = headers.into_bytes();
    content(mail)?.write(&mut bytes);
    match dkim {
        None => Ok(bytes),
        Some(dkim) => dkim
            .sign(&bytes, mail.date)
            .map_err(|_refused| ComposeError::Unsigned),
    }
}

fn content(mail: &Mail) -> Result<Part, ComposeError> {
    let mut alternatives = vec![
        Part::text("text/plain; charset=utf-8", &mail.text),
        Part::text("text/html; charset=utf-8", &mail.html),
    ];
    let mut files = Vec::new();
    if let Some(calendar) = &mail.calendar {
        // The last alternative is the one that clients prefer.
        let method = calendar.method.as_str();
        let shown = format!("text/calendar; method={method}; charset=UTF-8");
        alternatives.push(Part::bytes(shown, &calendar.bytes));
        files.push(Part::file("application/ics", "invite.ics", &calendar.bytes));
    }
    for attachment in &mail.attachments {
        let media_type = media_type(&attachment.media_type)?;
        let name = file_name(&attachment.name);
        files.push(Part::file(media_type, &name, &attachment.bytes));
    }
    let text = Part::multipart("alternative", &mail.message_id, alternatives);
    if files.is_empty() {
        return Ok(text);
    }
    files.insert(0, text);
    Ok(Part::multipart("mixed", &mail.message_id, files))
}

fn message_id(id: &str) -> Result<String, ComposeError> {
    let (left, right) = id.split_once('@').ok_or(ComposeError::MessageId)?;
    if is_dot_atom(left) && is_dot_atom(right) && id.len() <= 250 {
        Ok(format!("<{id}>"))
    } else {
        Err(ComposeError::MessageId)
    }
}

fn list_headers(headers: &mut Headers, list: &List) -> Result<(), ComposeError> {
    if !is_dot_atom(&list.id) || list.id.len() > 250 {
        return Err(ComposeError::ListId);
    }
    headers.raw("List-Id", &format!("<{}>", list.id));
    let url = &list.unsubscribe_url;
    let plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>');
    if !url.starts_with("https://") || url.len() > 900 || !url.bytes().all(plain) {
        return Err(ComposeError::UnsubscribeUrl);
    }
    let mut ways = format!("<{url}>");
    if let Some(address) = &list.unsubscribe_mailto {
        ways = format!("{ways},\r\n <mailto:{address}>");
    }
    headers.raw("List-Unsubscribe", &ways);
    headers.raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    Ok(())
}

fn media_type(text: &str) -> Result<&str, ComposeError> {
    let token = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".+-_".contains(&byte))
    };
    match text.split_once('/') {
        Some((left, right)) if token(left) && token(right) && text.len() <= 120 => Ok(text),
        _ => Err(ComposeError::MediaType),
    }
}

/// A name that every client shows: short, of ASCII letters, digits and `. - _`.
fn file_name(name: &str) -> String {
    let mut plain = String::new();
    for character in name.chars() {
        if character.is_ascii_alphanumeric() || matches!(character, '.' | '_') {
            plain.push(character);
        } else if !plain.ends_with('-') {
            plain.push('-');
        }
    }
    let (stem, suffix) = match plain.rsplit_once('.') {
        Some((stem, suffix)) if (1..=8).contains(&suffix.len()) => (stem, format!(".{suffix}")),
        _ => (plain.as_str(), String::new()),
    };
    let stem: String = stem.trim_matches(['-', '.']).chars().take(48).collect();
    let stem = if stem.is_empty() { "attachment" } else { &stem };
    format!("{stem}{suffix}")
}

#[cfg(test)]
pub(crate) mod tests;
