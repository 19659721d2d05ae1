//! A template of a workspace, which stands in place of ours.

/// The source of a template in Typst's language.
///
/// It begins with `#import "/house.typ": *`, which gives it `data` (what the paper says, as values) and
/// the words and blocks that our own templates are made of. [`Kind::template`](crate::Kind::template) is where to begin.
///
/// # What it cannot do
///
/// It reads `/house.typ`, `/data.json`, `/step.json` (for `settle`), the pictures that the document brings and the frames of ours, and
/// nothing else. `plugin` and `eval` are taken away, there is no clock, packages are not fetched.
///
/// Typst stops a `while` after 10,000 turns and calls that are 80 deep, but it counts neither steps nor bytes, and
/// it cannot be interrupted: loops in loops may run for hours. So where strangers write templates, the press is
/// given [workers](crate::WorkerSettings), processes of their own that are bounded in time and memory.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Template(String);

impl Template {
    /// The longest source that is taken, in bytes.
    pub const LONGEST: usize = 256 * 1024;

    /// A template; none where the source is too long to be one.
    pub fn new(source: impl Into<String>) -> Option<Self> {
        let source = source.into();
        (source.len() <= Self::LONGEST).then_some(Self(source))
    }

    /// Its source.
    pub fn source(&self) -> &str {
        &self.0
    }
}
