//! Where an installation is reached: the addresses that stand in mails, calendars and pages.

use crate::credential::VerificationCode;
use crate::id::{AgendaItemId, EventId, RoomId, TrackId};
use crate::letterhead::LetterheadPicture;
use crate::text::Slug;

/// The address under which people reach an installation: `https://events.example.org`, perhaps with a
/// path, without a slash at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site(String);

/// Why a text is no address of an installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "is not an address such as https://events.example.org, of ASCII characters, without ? and #"
)]
pub struct NoSite;

impl std::str::FromStr for Site {
    type Err = NoSite;

    fn from_str(text: &str) -> Result<Self, NoSite> {
        let text = text.trim().trim_end_matches('/');
        let rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"))
            .ok_or(NoSite)?;
        let host = rest.split('/').next().unwrap_or_default();
        let plain = |byte: u8| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'%' | b'/')
        };
        // The host may have a port, and be an address of IPv6 in brackets.
        let in_host = |byte: u8| plain(byte) || matches!(byte, b':' | b'[' | b']');
        let path = rest.get(host.len()..).unwrap_or_default();
        let is_good = host.bytes().any(|byte| byte.is_ascii_alphanumeric())
            && host.bytes().all(in_host)
            && path.bytes().all(plain)
            && text.len() <= 200;
        is_good.then(|| Self(text.to_owned())).ok_or(NoSite)
    }
}

impl std::fmt::Display for Site {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Site {
    /// The page where the holder of a secret answers. To look at it changes nothing.
    pub fn answer(&self, secret: &str) -> String {
        format!("{}/answer/{secret}", self.0)
    }

    /// The feed of a participant's own entries.
    pub fn calendar(&self, secret: &str) -> String {
        format!("{}/calendar/{secret}.ics", self.0)
    }

    /// Where the holder of a secret says that they want no more mail. To look at it changes nothing.
    pub fn leave(&self, secret: &str) -> String {
        format!("{}/leave/{secret}", self.0)
    }

    /// Where anybody asks what a letter or a certificate is worth: on paper a square code holds it, and it is
    /// short enough to be typed.
    pub fn verify(&self, code: &VerificationCode) -> String {
        format!("{}/verify/{}", self.0, code)
    }

    /// The document of what was issued, for those who may see it.
    pub fn document(&self, credential: &str) -> String {
        format!("{}/documents/{credential}.pdf", self.0)
    }

    /// What the holder of a secret was given: to be read, and accepted. To look at it changes nothing.
    pub fn credential(&self, secret: &str) -> String {
        format!("{}/credential/{secret}", self.0)
    }

    /// Where it is said which badges of an office are taken back.
    pub fn badge_statuses(&self, workspace: &Slug) -> String {
        format!("{}/badges/status/{workspace}", self.0)
    }

    /// What badges call an office, for ever.
    pub fn badge_issuer(&self, workspace: &Slug) -> String {
        format!("{}/badges/issuers/{workspace}", self.0)
    }

    /// A picture on the papers of an office, for those who may see it.
    pub fn letterhead_picture(&self, workspace: &Slug, which: LetterheadPicture) -> String {
        let which = which.to_string().to_lowercase();
        format!("{}/workspaces/{workspace}/letterhead/{which}", self.0)
    }

    /// The feed of an event that everybody may see.
    pub fn event_calendar(&self, event: EventId) -> String {
        format!("{}/events/{event}.ics", self.0)
    }

    /// The feed of what is in one room of it.
    pub fn room_calendar(&self, event: EventId, room: RoomId) -> String {
        format!("{}/events/{event}/rooms/{room}.ics", self.0)
    }

    /// The feed of one of its tracks.
    pub fn track_calendar(&self, event: EventId, track: TrackId) -> String {
        format!("{}/events/{event}/tracks/{track}.ics", self.0)
    }

    /// One item of its agenda, to be put into a calendar once.
    pub fn item_calendar(&self, event: EventId, item: AgendaItemId) -> String {
        format!("{}/events/{event}/items/{item}.ics", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_that_links_can_begin_with() {
        for good in [
            "https://events.example.org",
            "http://127.0.0.1:8080",
            "http://[::1]:8080/",
            "https://example.org/convoke/",
        ] {
            let site: Site = good.parse().unwrap();
            assert_eq!(
                site.answer("abc"),
                format!("{}/answer/abc", good.trim_end_matches('/'))
            );
        }
        for bad in [
            "",
            "events.example.org",
            "ftp://example.org",
            "https://",
            "https:///path",
            "https://example.org/?q",
            "https://example.org/#top",
            "https://example.org/a b",
            "https://example.org/\"onclick",
            "https://user@example.org",
            "https://例子.org",
        ] {
            assert_eq!(bad.parse::<Site>(), Err(NoSite), "{bad}");
        }
    }
}
