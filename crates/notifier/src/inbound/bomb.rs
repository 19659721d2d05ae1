//! Mails within mails within mails: harmless to look at, but the parser takes a step down the stack
//! for each, and somebody who sends us a hundred thousand of them would stop the program.

use std::borrow::Cow;

use mail_parser::{Message, PartType};

/// A mail of which no encoded part is a mail, which no standard allows (RFC 2046, 5.2.1). Such a
/// part is left as it is written.
///
/// A header is a run of lines that are not blank. Where one names an encoding, and does not plainly
/// name a type that is no mail, the encoding gets another name.
pub(super) fn defused(mail: &[u8]) -> Cow<'_, [u8]> {
    let digest = contains(mail, b"digest");
    let mut harmless = Cow::Borrowed(mail);
    let mut start = 0;
    let mut at = 0;
    for line in mail.split_inclusive(|byte| *byte == b'\n') {
        at += line.len();
        let is_blank = line.iter().all(u8::is_ascii_whitespace);
        if !is_blank && at < mail.len() {
            continue;
        }
        let header = mail.get(start..at).unwrap_or_default();
        if let Some(named) = find(header, ENCODING)
            && !is_plainly_no_mail(header, digest)
        {
            let mut from = start + named;
            // Each time that it is named.
            loop {
                if let Some(first) = harmless.to_mut().get_mut(from) {
                    *first = b'X';
                }
                let rest = mail.get(from + 1..at).unwrap_or_default();
                match find(rest, ENCODING) {
                    Some(next) => from += 1 + next,
                    None => break,
                }
            }
        }
        start = at;
    }
    harmless
}

/// Lets go of a mail without a step down for each mail within it.
pub(super) fn dismantle(message: Message<'_>) {
    let mut left = vec![message];
    while let Some(mut message) = left.pop() {
        for part in message.parts.drain(..) {
            if let PartType::Message(within) = part.body {
                left.push(within);
            }
        }
    }
}

const ENCODING: &[u8] = b"content-transfer-encoding";

/// Types that are no mails.
const TYPES: &[&str] = &[
    "text/",
    "application/",
    "image/",
    "audio/",
    "video/",
    "multipart/",
    "font/",
    "model/",
];

fn is_plainly_no_mail(header: &[u8], in_digest: bool) -> bool {
    let header = String::from_utf8_lossy(header).to_ascii_lowercase();
    let unfolded = header
        .replace("\r\n", "\n")
        .replace("\n ", " ")
        .replace("\n\t", " ");
    let mut types = unfolded
        .lines()
        .filter_map(|line| line.split_once(':'))
        .filter(|(name, _)| name.trim() == "content-type")
        .map(|(_, value)| value.trim())
        .peekable();
    if types.peek().is_none() {
        return !in_digest;
    }
    types.all(|value| TYPES.iter().any(|known| value.starts_with(known)))
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    find(text, word).is_some()
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len())
        .position(|window| window.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoded_mail_within_a_mail_is_left_as_it_is_written() {
        for (header, is_changed) in [
            (
                "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64",
                false,
            ),
            ("Content-Transfer-Encoding: base64", false),
            (
                "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64",
                true,
            ),
            (
                "CONTENT-TRANSFER-ENCODING: base64\r\nContent-Type:\r\n message/rfc822",
                true,
            ),
            (
                "content-type : mes(x)sage/rfc822\r\ncontent-transfer-encoding : base64",
                true,
            ),
            (
                "Content-Type: text/plain\r\nContent-Type: message/global\r\nContent-Transfer-Encoding: base64",
                true,
            ),
            (
                "Content-Type: multipart/digest; boundary=x\r\n\r\n--x\r\nContent-Transfer-Encoding: base64",
                true,
            ),
        ] {
            let mail = format!("{header}\r\n\r\nQUJD\r\n");
            let harmless = defused(mail.as_bytes());
            assert_eq!(harmless != mail.as_bytes(), is_changed, "{header}");
            let names = String::from_utf8(harmless.into_owned())
                .unwrap()
                .to_lowercase();
            assert_eq!(
                names.contains("content-transfer-encoding"),
                !is_changed,
                "{header}"
            );
        }
    }
}
