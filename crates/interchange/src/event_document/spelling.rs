//! Guesses what a person meant by a word that is not known.

/// The word of `known` that is nearest to `found`, if one is near enough to be meant.
pub(super) fn nearest<'a>(
    found: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let found = plain(found);
    known
        .into_iter()
        .filter_map(|word| {
            let spelling = plain(word);
            let distance = distance(&found, &spelling);
            (distance <= (spelling.len().max(found.len()) + 1) / 3).then_some((distance, word))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// Letters and digits alone, in lower case: `starts_at`, `startsAt` and `Starts at` are one word.
fn plain(word: &str) -> Vec<char> {
    word.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .take(60)
        .collect()
}

/// How many letters must be put in, taken out or changed to make one word of the other.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (taken, letter) in one.iter().enumerate() {
        let mut diagonal = taken;
        let mut left = taken + 1;
        let mut next = vec![left];
        for (above, candidate) in row.iter().skip(1).zip(other) {
            let changed = diagonal + usize::from(letter != candidate);
            diagonal = *above;
            left = changed.min(above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let members = ["title", "timeZone", "startsAt", "startsOn", "key"];
        assert_eq!(nearest("tilte", members), Some("title"));
        assert_eq!(nearest("timezone", members), Some("timeZone"));
        assert_eq!(nearest("starts_at", members), Some("startsAt"));
        assert_eq!(nearest("speakers", members), None);
        assert_eq!(nearest("", members), None);
        assert_eq!(nearest("key", ["key"]), Some("key"));
    }
}
