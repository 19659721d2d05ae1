//! Keys and slugs made of what schedules call things.

use domain::text::KEY;
use domain::{Key, Slug};

/// A key of a name: in small letters with hyphens where nothing is lost by it, else the name itself
/// in small letters. So `Track A` and `track a` are one, but `C` and `C++` are two.
pub(super) fn of_name(name: &str) -> Option<Key> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = name
        .chars()
        .all(|one| one.is_ascii_alphanumeric() || " -_.,:;/&()'".contains(one));
    let small = name.to_lowercase();
    let slug = slugged(&small);
    if plain && !slug.is_empty() {
        return key(&slug);
    }
    key(&small)
}

/// A key of an id, as it is written.
pub(super) fn of_id(id: &str) -> Option<Key> {
    key(&id.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A key of a guid. Of those that are UUIDs the case of the letters says nothing.
pub(super) fn of_guid(guid: &str) -> Option<Key> {
    let guid = guid.trim();
    let is_uuid = guid.len() == 36
        && guid.bytes().filter(|byte| *byte == b'-').count() == 4
        && guid
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    if is_uuid {
        key(&guid.to_ascii_lowercase())
    } else {
        of_id(guid)
    }
}

/// A key within another: `camp-2024-person-17`.
pub(super) fn within(around: &str, within: &Key) -> Option<Key> {
    key(&format!("{around}-{within}"))
}

fn key(text: &str) -> Option<Key> {
    let text: String = text
        .chars()
        .filter(|one| !one.is_control())
        .take(KEY)
        .collect();
    text.parse().ok()
}

/// A slug of an acronym or a title, if one can be made.
pub(super) fn slug(text: &str) -> Option<Slug> {
    let mut slug = slugged(&text.to_lowercase());
    slug.truncate(100);
    slug.trim_end_matches('-').parse().ok()
}

/// Letters and digits, and single hyphens for all that stands between them.
fn slugged(text: &str) -> String {
    let words = text.split(|one: char| !one.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_have_keys_that_differ() {
        for (name, key) in [
            ("Main  Track", "main-track"),
            ("J.1.106", "j-1-106"),
            ("C", "c"),
            ("C++", "c++"),
            ("Café", "café"),
            ("大厅", "大厅"),
            ("...", "..."),
        ] {
            assert_eq!(of_name(name).unwrap().as_str(), key);
        }
        assert_eq!(of_name(" \u{0} "), None);
        assert_eq!(
            of_guid("67D04C40-B35A-496A-A31C-C0F3FF63DAB7")
                .unwrap()
                .as_str(),
            "67d04c40-b35a-496a-a31c-c0f3ff63dab7"
        );
        // Base64 tells letters by their case.
        assert_eq!(of_guid("qNx4Wg==").unwrap().as_str(), "qNx4Wg==");
    }

    #[test]
    fn makes_slugs_where_it_can() {
        assert_eq!(slug("Camp 2024!").unwrap().as_str(), "camp-2024");
        assert_eq!(slug("rc3_two").unwrap().as_str(), "rc3-two");
        assert!(slug(&"a-".repeat(80)).is_some());
        assert_eq!(slug("论坛"), None);
    }
}
