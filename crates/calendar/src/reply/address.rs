//! Addresses of mail, as calendars write them.

/// The address that a text names: `mailto:` or bare (RFC 5545, 3.3.3; RFC 6068), its domain in lower
/// case, since that is all in which spellings of one address may differ (RFC 5321, 2.4).
pub(super) fn address(text: &str) -> Option<String> {
    let text = text.trim();
    let address = match text.split_once(':') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto") => {
            decoded(rest.split('?').next().unwrap_or_default())
        }
        _ => text.to_owned(),
    };
    let address = address.trim().trim_start_matches('<').trim_end_matches('>');
    let is_forbidden = |character: char| character.is_control() || character.is_whitespace();
    let (local, domain) = address.rsplit_once('@')?;
    if local.is_empty() || domain.is_empty() || address.contains(is_forbidden) {
        return None;
    }
    Some(format!("{local}@{}", domain.to_lowercase()))
}

/// RFC 3986, 2.1. What is not UTF-8 after that is replaced.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let encoded = match (first, after) {
            (b'%', [high, low, after @ ..]) => hexadecimal(*high)
                .zip(hexadecimal(*low))
                .map(|(high, low)| (high * 16 + low, after)),
            _ => None,
        };
        let (byte, after) = encoded.unwrap_or((*first, after));
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hexadecimal(digit: u8) -> Option<u8> {
    let digit = char::from(digit).to_digit(16)?;
    u8::try_from(digit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_however_it_is_written() {
        for (written, meant) in [
            ("mailto:ada@example.org", "ada@example.org"),
            ("MAILTO:Ada@Example.ORG", "Ada@example.org"),
            ("ada@example.org", "ada@example.org"),
            (" mailto:<ada@example.org> ", "ada@example.org"),
            ("mailto:a%2Fb%26c@example.org", "a/b&c@example.org"),
            ("mailto:ada@example.org?subject=x", "ada@example.org"),
            ("mailto:100%@example.org", "100%@example.org"),
            ("mailto:%E5%BC%A0@example.org", "张@example.org"),
        ] {
            assert_eq!(address(written).as_deref(), Some(meant), "{written}");
        }
        for wrong in [
            "",
            "invalid:nomail",
            "urn:uuid:5f1b",
            "mailto:",
            "@x",
            "x@",
            "a b@x",
        ] {
            assert_eq!(address(wrong), None, "{wrong}");
        }
        assert_eq!(address("mailto:a%0D%0Ab@example.org"), None);
    }
}
