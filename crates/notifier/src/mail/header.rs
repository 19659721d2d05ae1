//! Header fields: lines of ASCII, folded, with everything else in encoded words (RFC 5322, 2047).

use std::fmt::Write as _;

use data_encoding::BASE64;

use super::Mailbox;

/// How long a line should be at most (RFC 5322, 2.1.1).
const LINE: usize = 76;

/// Header fields in order.
#[derive(Default)]
pub(super) struct Headers(String);

impl Headers {
    /// A field whose value is known to be safe.
    pub(super) fn raw(&mut self, name: &str, value: &str) {
        self.0.extend([name, ": ", value, "\r\n"]);
    }

    /// A field of text that people read.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        let mut value = String::new();
        phrase(&mut value, name.len() + 2, text, str::to_owned);
        self.raw(name, &value);
    }

    /// A field of one mailbox.
    pub(super) fn mailbox(&mut self, name: &str, mailbox: &Mailbox) {
        let address = mailbox.address.to_string();
        let mut value = String::new();
        let mut column = phrase(&mut value, name.len() + 2, &mailbox.name, quoted);
        if value.is_empty() {
            value = address;
        } else {
            column += 3 + address.len();
            value += if column > LINE { "\r\n <" } else { " <" };
            value += &address;
            value.push('>');
        }
        self.raw(name, &value);
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Writes a text that begins at a column, and gives the column at which it ends: as it is, folded
/// between words, where that says the same to every client; in encoded words otherwise.
fn phrase(
    out: &mut String,
    mut column: usize,
    text: &str,
    plain: impl FnOnce(&str) -> String,
) -> usize {
    let text = one_line(text);
    if is_plain(&text) {
        for (index, word) in plain(&text).split(' ').enumerate() {
            if index > 0 && column + 1 + word.len() > LINE {
                out.push_str("\r\n ");
                column = 1;
            } else if index > 0 {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += word.len();
        }
        return column;
    }
    let mut rest = text.as_str();
    while !rest.is_empty() {
        // Four letters for each three bytes, and `=?utf-8?B?` and `?=` around them.
        let room = (LINE.saturating_sub(column + 12) / 4 * 3).max(4);
        let (chunk, after) = split_within(rest, room);
        let word = BASE64.encode(chunk.as_bytes());
        let _infallible = write!(out, "=?utf-8?B?{word}?=");
        column += word.len() + 12;
        rest = after;
        if !rest.is_empty() {
            out.push_str("\r\n ");
            column = 1;
        }
    }
    column
}

/// Whether a text means the same unencoded: printable ASCII of words with one space between, none
/// of them long or an encoded word.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
        && !text.contains("=?")
        && text
            .split(' ')
            .all(|word| (1..=LINE - 20).contains(&word.len()))
}

/// A text without line breaks and other control characters, for a header.
fn one_line(text: &str) -> String {
    let breaks = |character| matches!(character, '\r' | '\n' | '\t' | '\u{2028}' | '\u{2029}');
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        if breaks(character) {
            if !line.ends_with(' ') {
                line.push(' ');
            }
        } else if !character.is_control() {
            line.push(character);
        }
    }
    line.trim().to_owned()
}

/// The longest beginning of a text that has at most so many bytes, and the rest. One character
/// always goes along.
fn split_within(text: &str, most: usize) -> (&str, &str) {
    let end = text
        .char_indices()
        .map(|(start, character)| start + character.len_utf8())
        .take_while(|end| *end <= most)
        .last()
        .or_else(|| text.chars().next().map(char::len_utf8))
        .unwrap_or_default();
    text.split_at_checked(end).unwrap_or((text, ""))
}
