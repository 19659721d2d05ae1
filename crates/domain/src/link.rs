//! Links: where more about a thing is to be read, or what is handed out with it.

use crate::patch::web_address;
use crate::refusal::Invalid;
use crate::text::line;

/// One address, with what stands on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The web address.
    pub url: String,
    /// What it is called.
    pub title: Option<String>,
    /// What it is: "slides", "paper", "video".
    pub kind: Option<String>,
}

impl Link {
    /// A link as somebody sent it, if all of it can be shown.
    pub(crate) fn checked(self) -> Result<Self, Invalid> {
        let told = |text: Option<String>| {
            let told = text.as_deref().map(line).transpose();
            told.map_err(|why| Invalid(why.to_string()))
        };
        Ok(Self {
            url: web_address(self.url)?,
            title: told(self.title)?,
            kind: told(self.kind)?,
        })
    }
}

/// Whether a text is an address that a browser can open: `https://` or `http://` and something that
/// holds neither spaces nor control characters.
pub fn is_web_address(text: &str) -> bool {
    ["https://", "http://"].iter().any(|scheme| {
        text.strip_prefix(scheme).is_some_and(|rest| {
            !rest.is_empty() && !rest.contains(|c: char| c.is_whitespace() || c.is_control())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_a_browser_can_open() {
        assert!(is_web_address("https://example.org/a?b=c#d"));
        for wrong in [
            "",
            "https://",
            "example.org",
            "mailto:ada@example.org",
            "javascript:alert(1)",
            "https://example.org/a b",
            "https://example.org/a\u{0}",
        ] {
            assert!(!is_web_address(wrong), "{wrong}");
        }
    }
}
