//! How much a filter may ask for: enough for people, and not so much that a database gives up.

use async_graphql::Result;

use crate::failure::bad_input;

/// The longest text that is searched for, in characters.
const SEARCH: usize = 200;
/// The most words that are searched for at once.
const WORDS: usize = 10;

/// A text to search for, if it is no longer than anybody types.
pub(crate) fn search(text: Option<String>) -> Result<Option<String>> {
    let Some(text) = text else { return Ok(None) };
    if text.chars().count() > SEARCH || persistence::searched_words(&text) > WORDS {
        let message = format!("search takes at most {SEARCH} characters and {WORDS} words");
        return Err(bad_input(message));
    }
    Ok(Some(text))
}

/// Each of a list's words once, so that a list is never longer than its set.
pub(crate) fn distinct<Wire, Word>(words: Option<Vec<Wire>>) -> Option<Vec<Word>>
where
    Word: From<Wire> + Ord,
{
    let distinct: std::collections::BTreeSet<Word> = words?.into_iter().map(Into::into).collect();
    Some(distinct.into_iter().collect())
}
