//! The harness's own settings, and what cargo hands to a test process.

/// A variable that is set, and not to nothing.
#[expect(clippy::disallowed_methods, reason = "the one place of the tests")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The names of all of them.
#[expect(clippy::disallowed_methods, reason = "the one place of the tests")]
pub(crate) fn names() -> impl Iterator<Item = String> {
    std::env::vars_os().filter_map(|(name, _)| name.into_string().ok())
}
