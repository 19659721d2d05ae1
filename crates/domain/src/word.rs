//! Closed sets of words: the kinds, roles and states that table, schema and document spell alike.

use std::fmt::{Debug, Display};
use std::str::FromStr;

/// A member of a closed set, with the one spelling that it has everywhere.
pub trait Word: Copy + Eq + Debug + Display + FromStr<Err = UnknownWord> + 'static {
    /// What the set is called, for messages: `event kind`.
    const SET: &'static str;
    /// Every member, in the order in which people list them.
    const ALL: &'static [Self];
    /// The spelling, in upper case with underscores.
    fn as_str(self) -> &'static str;
}

/// A spelling that is not in the set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not a known {set}; use one of {}", .all.join(", "))]
pub struct UnknownWord {
    /// The set's name.
    pub set: &'static str,
    /// What was given.
    pub found: String,
    /// What would do.
    pub all: Vec<&'static str>,
}

/// Declares a closed set of words with its spellings, in the order of its members.
macro_rules! words {
    (
        $(#[$meta:meta])*
        $name:ident, $set:literal {
            $( $(#[$member_meta:meta])* $member:ident = $spelling:literal ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $( $(#[$member_meta])* $member, )+ }

        impl $crate::Word for $name {
            const SET: &'static str = $set;
            const ALL: &'static [Self] = &[$( Self::$member, )+];
            fn as_str(self) -> &'static str {
                match self { $( Self::$member => $spelling, )+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::Word::as_str(*self))
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownWord;
            fn from_str(spelling: &str) -> Result<Self, Self::Err> {
                match spelling {
                    $( $spelling => Ok(Self::$member), )+
                    _ => Err($crate::UnknownWord {
                        set: $set,
                        found: spelling.to_owned(),
                        all: vec![$( $spelling, )+],
                    }),
                }
            }
        }
    };
}
