//! Mails of ours that were not delivered: as a report that machines read (RFC 3464), or in words.

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders as _, PartType};

use super::{Origin, Token, contents};
use crate::answer::{Class, classify_report};
use crate::transport::EnhancedStatus;

/// A mail of ours that was not delivered, or not yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// How it came; the token is that of the mail.
    pub origin: Origin,
    /// The Message-ID of the mail.
    pub message_id: Option<String>,
    /// Whom it was for, as we wrote them where that is known.
    pub recipient: Option<String>,
    /// What has become of it.
    pub action: Action,
    /// Why, as a status code.
    pub status: Option<EnhancedStatus>,
    /// Why, in the words of whoever refused it.
    pub diagnostic: String,
}

/// What has become of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It was given up.
    Failed,
    /// It is still being tried.
    Delayed,
    /// It was delivered, or passed on to somebody who will not report.
    Delivered,
}

impl Bounce {
    /// What to do about it.
    pub fn class(&self) -> Class {
        match self.action {
            Action::Failed => classify_report(self.status, &self.diagnostic),
            Action::Delayed => Class::Later,
            Action::Delivered => Class::Sent,
        }
    }

    /// Whether it was given up for a reason that lasts.
    pub fn is_permanent(&self) -> bool {
        self.action == Action::Failed
            && self.status.is_none_or(|status| status.0 == 5)
            && self.class() != Class::Later
    }
}

/// A delivery report.
pub(super) fn report(message: &Message<'_>, origin: Origin) -> Bounce {
    let status = message.parts.iter().take(super::PARTS).find(|part| {
        is_of_type(part, "message", "delivery-status")
            || is_of_type(part, "message", "global-delivery-status")
    });
    let text = status.map(|part| String::from_utf8_lossy(&contents(part)).into_owned());
    let groups = groups(&text.unwrap_or_default());
    // Our mails have one recipient. Of a report on several, what failed matters most.
    let of_recipients = || groups.iter().filter(|group| group.get("action").is_some());
    let group = of_recipients()
        .find(|group| group.action() == Action::Failed)
        .or_else(|| of_recipients().next())
        .or_else(|| groups.last());
    let original = group.and_then(|group| group.address("original-recipient"));
    let last = group.and_then(|group| group.address("final-recipient"));
    let named = groups
        .iter()
        .find_map(|group| group.get("x-original-message-id"));
    let named = named.map(|id| id.trim_matches(['<', '>']).to_owned());
    Bounce {
        origin,
        message_id: original_message_id(message).or(named),
        recipient: original.or(last),
        action: group.map_or(Action::Failed, Group::action),
        status: group
            .and_then(|group| group.get("status"))
            // `5.1.1 (bad destination mailbox address)`
            .and_then(|status| status.split_whitespace().next()?.parse().ok()),
        diagnostic: group
            .and_then(|group| group.get("diagnostic-code"))
            .map(|words| words.chars().take(1_000).collect())
            .unwrap_or_default(),
    }
}

/// What a server says in words, or nothing if these are not the words of one. Only of mail that
/// nobody can answer.
pub(super) fn guessed(message: &Message<'_>, origin: &Origin, text: &str) -> Option<Bounce> {
    let failed = message.header_raw("X-Failed-Recipients").map(str::trim);
    let subject = message.subject().unwrap_or_default().to_lowercase();
    let announced = SUBJECTS.iter().any(|words| subject.contains(words));
    if failed.is_none() && !announced {
        return None;
    }
    // What follows is our own mail.
    let text = ENDS
        .iter()
        .filter_map(|end| text.find(end))
        .min()
        .and_then(|end| text.get(..end))
        .unwrap_or(text);
    let delayed = DELAYED.iter().any(|words| subject.contains(words));
    let diagnostic = diagnostic(text);
    let status = diagnostic.split([' ', ';', ':', '(', ')', '#', '-']);
    let mut status = status.filter_map(|word| word.parse::<EnhancedStatus>().ok());
    let recipient = failed.map(|list| list.split(',').next().unwrap_or_default().trim().to_owned());
    Some(Bounce {
        recipient: recipient.or_else(|| recipient_in(text, origin)),
        message_id: original_message_id(message)
            .or_else(|| message_id_in(&String::from_utf8_lossy(message.raw_message())))
            .or_else(|| origin.answers.first().cloned()),
        origin: origin.clone(),
        action: if delayed {
            Action::Delayed
        } else {
            Action::Failed
        },
        status: status.next_back(),
        diagnostic,
    })
}

/// The Message-ID of the mail that a report brings along, whole or its header.
pub(super) fn original_message_id(message: &Message<'_>) -> Option<String> {
    message.parts.iter().take(super::PARTS).find_map(|part| {
        if let PartType::Message(original) = &part.body {
            return original.message_id().map(str::to_owned);
        }
        if !is_of_type(part, "text", "rfc822-headers")
            && !is_of_type(part, "message", "rfc822-headers")
        {
            return None;
        }
        let headers = contents(part);
        let original = MessageParser::new().parse_headers(headers.as_ref())?;
        original.message_id().map(str::to_owned)
    })
}

pub(super) fn is_of_type(part: &MessagePart<'_>, kind: &str, subtype: &str) -> bool {
    part.content_type().is_some_and(|content| {
        content.ctype().eq_ignore_ascii_case(kind)
            && content
                .subtype()
                .is_some_and(|found| found.eq_ignore_ascii_case(subtype))
    })
}

/// Fields that belong together: of the report, or of one recipient.
struct Group(Vec<(String, String)>);

impl Group {
    fn get(&self, name: &str) -> Option<&str> {
        let mut fields = self.0.iter();
        fields
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.as_str())
    }

    fn action(&self) -> Action {
        match self.get("action").map(str::to_ascii_lowercase).as_deref() {
            Some("delayed") => Action::Delayed,
            Some("delivered" | "relayed" | "expanded") => Action::Delivered,
            _ => Action::Failed,
        }
    }

    /// `rfc822; ann@example.org`
    fn address(&self, name: &str) -> Option<String> {
        let (_kind, address) = self.get(name)?.split_once(';')?;
        let address = address.trim().trim_start_matches('<').trim_end_matches('>');
        (!address.is_empty()).then(|| address.to_owned())
    }
}

fn groups(text: &str) -> Vec<Group> {
    let mut groups = vec![Group(Vec::new())];
    for line in text.lines().take(2_000) {
        let Some(group) = groups.last_mut() else {
            break;
        };
        if line.trim().is_empty() {
            if !group.0.is_empty() {
                groups.push(Group(Vec::new()));
            }
        } else if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = group.0.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            let name = name.trim().to_ascii_lowercase();
            group.0.push((name, value.trim().to_owned()));
        }
    }
    groups.retain(|group| !group.0.is_empty());
    groups
}

/// The line that has a code of SMTP, or a status code, and what it goes on with.
fn diagnostic(text: &str) -> String {
    let has_code = |line: &&str| {
        let words = line.split([
            ' ', '\t', ':', ';', '(', ')', '#', '<', '>', '-', ',', '.', '，', '：',
        ]);
        let code = words.filter(|word| word.len() == 3).any(|word| {
            word.starts_with(['4', '5']) && word.bytes().all(|byte| byte.is_ascii_digit())
        });
        let mut status = line.split([' ', '\t', ':', ';', '(', ')', '#']);
        code || status.any(|word| {
            word.parse::<EnhancedStatus>()
                .is_ok_and(|status| status.0 > 2)
        })
    };
    let mut lines = text
        .lines()
        .map(str::trim)
        .skip_while(|line| !has_code(line));
    let mut words = String::new();
    for line in lines.by_ref().take_while(|line| !line.is_empty()).take(4) {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(line);
    }
    // What comes before the code says where it was said.
    let start = words
        .char_indices()
        .map(|(at, _)| at)
        .find(|at| {
            let before = words.get(..*at).unwrap_or_default();
            let code = words.get(*at..*at + 3).unwrap_or_default();
            code.starts_with(['4', '5'])
                && code.bytes().all(|byte| byte.is_ascii_digit())
                && !before.ends_with(|before: char| before.is_ascii_alphanumeric() || before == '.')
                && !words
                    .get(*at + 3..)
                    .unwrap_or_default()
                    .starts_with(|after: char| after.is_ascii_alphanumeric())
        })
        .unwrap_or_default();
    let words = words.get(start..).unwrap_or_default();
    words.chars().take(1_000).collect()
}

/// The first address in a text that is not one of ours.
fn recipient_in(text: &str, origin: &Origin) -> Option<String> {
    let candidates = text.split(|character: char| {
        character.is_whitespace() || "<>(),;:\"'[]，。：；（）【】“”".contains(character)
    });
    let from = origin.from.as_deref().unwrap_or_default();
    let mut found = candidates.filter(|word| {
        word.contains('@')
            && !word.eq_ignore_ascii_case(from)
            && word.parse::<crate::Address>().is_ok()
            && !matches!(
                super::token_of(word),
                Some(Token::Bounce(_) | Token::Answer(_))
            )
    });
    found.next().map(str::to_owned)
}

fn message_id_in(raw: &str) -> Option<String> {
    // The first is the bounce's own; the mail that it brings along comes later.
    let lines = raw.lines().filter(|line| {
        let name = line.get(..11).unwrap_or_default();
        name.eq_ignore_ascii_case("message-id:")
    });
    let value = lines.skip(1).last()?.split_once(':')?.1;
    let id = value.trim().trim_start_matches('<').trim_end_matches('>');
    (!id.is_empty()).then(|| id.to_owned())
}

/// What the subjects of bounces have in them, in small letters.
const SUBJECTS: &[&str] = &[
    "undeliver",
    "not delivered",
    "could not be delivered",
    "delivery status notification",
    "delivery failure",
    "delivery failed",
    "delivery has failed",
    "failure notice",
    "returned mail",
    "returned to sender",
    "mail delivery",
    "delivery delayed",
    "unzustellbar",
    "退信",
    "投递失败",
    "发送失败",
    "无法投递",
];

/// What they have in them when the mail is still being tried.
const DELAYED: &[&str] = &["delayed", "(delay)", "warning: message", "延迟"];

/// Where a bounce in words ends, and our own mail begins.
const ENDS: &[&str] = &[
    "--- Below this line is a copy of the message",
    "------ This is a copy of the message",
    "----- Original message",
    "--- The message header",
    "Return-Path: <",
];
