//! Under which name something that is sent is saved (RFC 6266).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stands unchanged in a value of RFC 8187, of what names of files have.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The longest name of a file, in characters: with four bytes each it is still one everywhere.
const LONGEST: usize = 60;

/// What a browser does with what is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// It shows it.
    Inline,
    /// It saves it.
    Saved,
}

/// The value of the header. Whoever does not know the name in full gets it in ASCII.
pub(crate) fn disposition(shown: Shown, name: &str) -> String {
    let kind = match shown {
        Shown::Inline => "inline",
        Shown::Saved => "attachment",
    };
    let fits = |one: char| one.is_ascii_graphic() && !matches!(one, '"' | '\\' | '%');
    let plain: String = name
        .chars()
        .map(|one| if fits(one) || one == ' ' { one } else { '_' })
        .collect();
    if plain == name {
        return format!("{kind}; filename=\"{plain}\"");
    }
    let full = utf8_percent_encode(name, PLAIN);
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{full}")
}

/// A text as the name of a file, whichever system it is saved on.
pub(crate) fn file_name(text: &str) -> String {
    let fits = |one: char| {
        !one.is_control()
            && !matches!(one, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
            // What turns the direction of writing makes a name look like another.
            && !matches!(one, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let name: String = text
        .chars()
        .map(|one| if fits(one) { one } else { '_' })
        .take(LONGEST)
        .collect();
    // A name that begins with a point is hidden, one that ends with it is cut.
    let name = name.trim_matches(['.', ' ']);
    if name.is_empty() { "_" } else { name }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_told_to_all() {
        assert_eq!(
            disposition(Shown::Inline, "HY-2027-000001.pdf"),
            "inline; filename=\"HY-2027-000001.pdf\""
        );
        assert_eq!(
            disposition(Shown::Saved, "聘\u{3014}2027\u{3015}1 \"a\".pdf"),
            "attachment; filename=\"__2027_1 _a_.pdf\"; \
             filename*=UTF-8''%E8%81%98%E3%80%942027%E3%80%951%20%22a%22.pdf"
        );
    }

    #[test]
    fn a_name_is_good_on_every_system() {
        for (text, name) in [
            ("No. 7/2024", "No. 7_2024"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("示大聘〔2027〕1号", "示大聘〔2027〕1号"),
            ("a\u{202e}fdp.exe", "a_fdp.exe"),
            ("...", "_"),
            ("", "_"),
        ] {
            assert_eq!(file_name(text), name, "{text}");
        }
    }
}
