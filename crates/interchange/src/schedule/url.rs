//! Web addresses as people write them in schedules.

use domain::link::is_web_address;

/// What an address was found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Address {
    /// One that a browser can open, as it was written.
    Sound(String),
    /// One that was made such.
    Mended(String),
    /// None at all.
    Unreadable,
}

/// Reads an address. A relative one is made whole with `base`.
pub(super) fn address(written: &str, base: Option<&str>) -> Address {
    let trimmed = written.trim();
    if is_web_address(trimmed) {
        return Address::Sound(trimmed.to_owned());
    }
    let mended = whole(&without_blanks(trimmed), base);
    match mended.filter(|mended| is_web_address(mended)) {
        Some(mended) => Address::Mended(mended),
        None => Address::Unreadable,
    }
}

/// Blanks as a browser sends them.
fn without_blanks(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\n' | '\r' | '\t') {
            continue;
        }
        if character.is_whitespace() {
            whole.push_str("%20");
        } else {
            whole.push(character);
        }
    }
    whole
}

fn whole(text: &str, base: Option<&str>) -> Option<String> {
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    for scheme in ["https://", "http://"] {
        if lower.starts_with(scheme) {
            let rest = text.get(scheme.len()..)?;
            return Some(format!("{scheme}{rest}"));
        }
    }
    if let Some(rest) = text.strip_prefix("//") {
        return Some(format!("https://{rest}"));
    }
    let named = text.split(['/', '?', '#']).next().unwrap_or_default();
    if text.is_empty() || named.contains(':') {
        return None;
    }
    let (scheme, behind) = base
        .filter(|base| is_web_address(base))?
        .split_once("://")?;
    let (host, path) = behind.split_once('/').unwrap_or((behind, ""));
    if text.starts_with('/') {
        return Some(format!("{scheme}://{host}{text}"));
    }
    // Beside the last segment of the base's path.
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let slash = if folder.is_empty() { "" } else { "/" };
    Some(format!("{scheme}://{host}/{folder}{slash}{text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mends_what_is_meant_and_leaves_the_rest() {
        let base = Some("https://example.org/2024/schedule/");
        let mended = |text: &str| Address::Mended(text.to_owned());
        for (written, address_of_it) in [
            (
                " https://a.example/ ",
                Address::Sound("https://a.example/".to_owned()),
            ),
            ("HTTPS://a.example/x y", mended("https://a.example/x%20y")),
            ("//a.example/x", mended("https://a.example/x")),
            ("/media/a.pdf", mended("https://example.org/media/a.pdf")),
            ("a.pdf", mended("https://example.org/2024/schedule/a.pdf")),
            ("mailto:ada@example.org", Address::Unreadable),
            ("javascript:alert(1)", Address::Unreadable),
            ("", Address::Unreadable),
        ] {
            assert_eq!(address(written, base), address_of_it, "{written}");
        }
        assert_eq!(address("/media/a.pdf", None), Address::Unreadable);
    }
}
