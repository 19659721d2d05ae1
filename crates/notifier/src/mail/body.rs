//! What a mail contains: parts within parts (RFC 2045, 2046), each as lines that any server carries.

use data_encoding::{BASE64, HEXLOWER};
use ring::digest::{SHA256, digest};

/// How long a line of an encoded part is at most.
const LINE: usize = 76;

/// A part: its header, and what is in it.
pub(super) struct Part {
    header: String,
    body: Vec<u8>,
}

impl Part {
    /// Text, in whichever encoding is the shorter.
    pub(super) fn text(media_type: &str, text: &str) -> Self {
        let text = lines(text);
        let escaped = text.bytes().filter(|byte| needs_escape(*byte)).count();
        if escaped * 5 > text.len() {
            return Self::bytes(media_type, text.as_bytes());
        }
        Self {
            header: format!(
                "Content-Type: {media_type}\r\nContent-Transfer-Encoding: quoted-printable\r\n"
            ),
            body: quoted_printable(&text),
        }
    }

    /// Bytes that must arrive as they are.
    pub(super) fn bytes(media_type: impl AsRef<str>, bytes: &[u8]) -> Self {
        let encoded = BASE64.encode(bytes).into_bytes();
        let mut body = Vec::with_capacity(encoded.len() + encoded.len() / 30);
        for line in encoded.chunks(LINE) {
            body.extend_from_slice(line);
            body.extend_from_slice(b"\r\n");
        }
        Self {
            header: format!(
                "Content-Type: {}\r\nContent-Transfer-Encoding: base64\r\n",
                media_type.as_ref()
            ),
            body,
        }
    }

    /// A file with a name, of plain ASCII.
    pub(super) fn file(media_type: &str, name: &str, bytes: &[u8]) -> Self {
        let mut part = Self::bytes(format!("{media_type}; name=\"{name}\""), bytes);
        let disposition = format!("Content-Disposition: attachment; filename=\"{name}\"\r\n");
        part.header.push_str(&disposition);
        part
    }

    /// Parts within a part. The boundary follows from what they contain and the seed, so that it
    /// is the same every time; no line of an encoded part can begin like it.
    pub(super) fn multipart(kind: &str, seed: &str, parts: Vec<Self>) -> Self {
        let hash = digest(&SHA256, format!("{kind} {seed}").as_bytes());
        let hash = HEXLOWER.encode(hash.as_ref());
        let boundary: String = hash.chars().take(32).collect();
        // `=_` stands in neither encoding.
        let boundary = format!("=_{boundary}");
        let mut body = Vec::new();
        for part in parts {
            body.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
            part.write(&mut body);
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        Self {
            header: format!("Content-Type: multipart/{kind};\r\n boundary=\"{boundary}\"\r\n"),
            body,
        }
    }

    pub(super) fn write(self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.header.as_bytes());
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&self.body);
        if !self.body.ends_with(b"\r\n") {
            out.extend_from_slice(b"\r\n");
        }
    }
}

/// A text with the line breaks of mail, without other control characters than tabs, and with one
/// line break at its end.
fn lines(text: &str) -> String {
    let mut lines = String::with_capacity(text.len() + text.len() / 20 + 2);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' | '\n' => {
                // Both together are one.
                if character == '\r' && characters.peek() == Some(&'\n') {
                    characters.next();
                }
                lines.push_str("\r\n");
            }
            '\t' => lines.push(character),
            control if control.is_control() => {}
            other => lines.push(other),
        }
    }
    lines.truncate(lines.trim_end().len());
    lines.push_str("\r\n");
    lines
}

fn needs_escape(byte: u8) -> bool {
    !(matches!(byte, b'\t' | b'\r' | b'\n') || (0x20..0x7f).contains(&byte)) || byte == b'='
}

/// Quoted-printable (RFC 2045, 6.7), of lines that end in CR LF. Most of a text stands for itself, and is
/// taken over in runs.
fn quoted_printable(text: &str) -> Vec<u8> {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |half: u8| DIGITS.get(usize::from(half)).copied().unwrap_or(b'0');
    let mut out = Vec::with_capacity(text.len() + text.len() / 5);
    for line in text.split_terminator("\r\n") {
        let mut rest = line.as_bytes();
        let mut column = 0;
        while let Some((&byte, after)) = rest.split_first() {
            let last = after.is_empty();
            let blank_at_end = last && matches!(byte, b' ' | b'\t');
            // A dot or `From ` that begins a line has been tampered with on the way before now.
            let begins = column == 0 && matches!(byte, b'.' | b'F');
            let escape = needs_escape(byte) || blank_at_end || begins;
            let width = if escape { 3 } else { 1 };
            if column + width > LINE - usize::from(!last) {
                out.extend_from_slice(b"=\r\n");
                column = 0;
                continue;
            }
            if escape {
                out.extend_from_slice(&[b'=', digit(byte >> 4), digit(byte & 0xf)]);
                column += 3;
                rest = after;
                continue;
            }
            // As much as stands for itself and fits, but for the last byte, which may be a blank.
            let fits = (LINE - 1 - column).min(rest.len().saturating_sub(1)).max(1);
            let some = rest.get(..fits).unwrap_or(rest);
            let plain = some.iter().position(|byte| needs_escape(*byte));
            let (run, others) = rest.split_at(plain.unwrap_or(some.len()).max(1));
            out.extend_from_slice(run);
            column += run.len();
            rest = others;
        }
        out.extend_from_slice(b"\r\n");
    }
    out
}
