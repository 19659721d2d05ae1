//! Refusals: what the business says no to, as data that the one who asked can act on.
//!
//! Each operation has a closed set of reasons of its own, declared beside its noun with `refusals!`;
//! the reasons themselves are few, and each carries its facts. [`Refusals`] gathers all that is
//! wrong with one request, each at its place, so that it is told at once.

use crate::id::Kind;
use crate::problem::{Path, ProblemCode};

/// A value is malformed, out of range, or contradicts another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid(pub String);

/// Something referred to does not exist, or not for the one who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    /// What was looked for: `Room`.
    pub noun: &'static str,
}

impl Missing {
    /// That there is no such `K`.
    pub fn of<K: Kind>() -> Self {
        Self { noun: K::NOUN }
    }
}

/// It was changed by someone else in the meantime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// What it is, by its id.
    pub id: String,
    /// The version that it is at.
    pub current: i32,
}

/// Something of this name or key is there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// What was to be unique: `external id`, `slug`.
    pub what: &'static str,
    /// The thing that has it, by its id.
    pub by: String,
}

/// Other things refer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InUse {
    /// What refers to it, and how often.
    pub by: Vec<Use>,
}

/// How often things of a kind refer to something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// What refers: `Appearance`.
    pub noun: &'static str,
    /// How many.
    pub count: u64,
}

/// The state of something does not allow it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IllegalState(pub String);

/// It contradicts something else that has happened since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradicted(pub String);

/// The idempotency key was used before, with another input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyReused;

/// Why, of all that anything may be refused for. The edge matches on it without a wildcard, so that a
/// new reason does not compile until it has a code and a shape there.
#[derive(Debug, Clone, Copy)]
pub enum Reason<'a> {
    /// See [`Invalid`].
    Invalid(&'a Invalid),
    /// See [`Missing`].
    Missing(&'a Missing),
    /// See [`Stale`].
    Stale(&'a Stale),
    /// See [`Taken`].
    Taken(&'a Taken),
    /// See [`InUse`].
    InUse(&'a InUse),
    /// See [`IllegalState`].
    IllegalState(&'a IllegalState),
    /// See [`Contradicted`].
    Contradicted(&'a Contradicted),
    /// See [`KeyReused`].
    KeyReused(&'a KeyReused),
}

impl Reason<'_> {
    /// The code that clients act on.
    pub fn code(self) -> ProblemCode {
        match self {
            Self::Invalid(_) => Invalid::CODE,
            Self::Missing(_) => Missing::CODE,
            Self::Stale(_) => Stale::CODE,
            Self::Taken(_) => Taken::CODE,
            Self::InUse(_) => InUse::CODE,
            Self::IllegalState(_) => IllegalState::CODE,
            Self::Contradicted(_) => Contradicted::CODE,
            Self::KeyReused(_) => KeyReused::CODE,
        }
    }

    /// What a person is told: a lower-case fragment without a period.
    pub fn message(self) -> String {
        match self {
            Self::Invalid(Invalid(said))
            | Self::IllegalState(IllegalState(said))
            | Self::Contradicted(Contradicted(said)) => said.clone(),
            Self::Missing(Missing { noun }) => {
                format!("there is no such {noun}, or none that belongs here")
            }
            Self::Stale(Stale { current, .. }) => {
                format!("it was changed in the meantime: it is at version {current}")
            }
            Self::Taken(Taken { what, by }) => format!("there is one of this {what} already: {by}"),
            Self::InUse(InUse { by }) => {
                let uses: Vec<_> = by
                    .iter()
                    .map(|one| format!("{} {}", one.count, one.noun))
                    .collect();
                format!("is still referred to by {}", uses.join(", "))
            }
            Self::KeyReused(KeyReused) => {
                "this idempotency key was used before, with another input".to_owned()
            }
        }
    }
}

/// The code that a reason has.
pub trait Coded {
    /// The code.
    const CODE: ProblemCode;
}

macro_rules! coded {
    ($($reason:ident $code:ident),+ $(,)?) => {$(
        impl Coded for $reason {
            const CODE: ProblemCode = ProblemCode::$code;
        }
    )+};
}

coded! {
    Invalid Invalid,
    Missing NotFound,
    Stale StaleVersion,
    Taken AlreadyExists,
    InUse Conflict,
    IllegalState IllegalState,
    Contradicted Conflict,
    KeyReused IdempotencyKeyReused,
}

/// The reasons for which one operation may be refused.
pub trait Refusal: std::fmt::Debug + Send + Sync + 'static {
    /// The codes that it can give, for those who document it.
    const CODES: &'static [ProblemCode];

    /// The reason with its facts.
    fn reason(&self) -> Reason<'_>;
}

/// Declares the refusals of operations: of each, the reasons that it has.
macro_rules! refusals {
    ($(
        $(#[$meta:meta])*
        $name:ident { $($reason:ident),+ $(,)? }
    )+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name {
            $(
                #[doc = concat!("See [`crate::refusal::", stringify!($reason), "`].")]
                $reason($crate::refusal::$reason),
            )+
        }

        impl $crate::refusal::Refusal for $name {
            const CODES: &'static [$crate::ProblemCode] =
                &[$(<$crate::refusal::$reason as $crate::refusal::Coded>::CODE,)+];

            fn reason(&self) -> $crate::refusal::Reason<'_> {
                match self {
                    $(Self::$reason(why) => $crate::refusal::Reason::$reason(why),)+
                }
            }
        }

        $(
            impl From<$crate::refusal::$reason> for $name {
                fn from(why: $crate::refusal::$reason) -> Self {
                    Self::$reason(why)
                }
            }
        )+
    )+};
}

/// One refusal, and where in the input it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused<R> {
    /// Where, from the outside in; empty for the whole.
    pub path: Vec<String>,
    /// Why.
    pub why: R,
}

/// All that is wrong with one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusals<R> {
    within: Path,
    found: Vec<Refused<R>>,
}

impl<R> Default for Refusals<R> {
    fn default() -> Self {
        Self {
            within: Path::root(),
            found: Vec::new(),
        }
    }
}

impl<R> Refusals<R> {
    /// Just this one.
    pub fn one(member: &str, why: impl Into<R>) -> Self {
        let mut refusals = Self::default();
        refusals.say(member, why);
        refusals
    }

    /// Adds a refusal at a member of what is being looked at, or at a member of that
    /// (`who.personId`); at the thing itself, if it is empty.
    pub fn say(&mut self, member: &str, why: impl Into<R>) {
        let steps = member.split('.').filter(|step| !step.is_empty());
        let path = steps.fold(self.within.clone(), |path, step| path.at(step));
        self.found.push(Refused {
            path: path.0,
            why: why.into(),
        });
    }

    /// Looks at a member: what is said meanwhile is said of it.
    pub fn within<T>(
        &mut self,
        member: impl std::fmt::Display,
        look: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let outer = self.within.clone();
        self.within = outer.at(member);
        let seen = look(self);
        self.within = outer;
        seen
    }

    /// Goes on looking at a member, until [`Refusals::leave`].
    pub fn enter(&mut self, member: impl std::fmt::Display) {
        self.within = self.within.at(member);
    }

    /// Goes back to what the member belongs to.
    pub fn leave(&mut self) {
        self.within.0.pop();
    }

    /// Whether nothing was wrong so far.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// How much was wrong so far.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Everything that was wrong.
    pub fn into_vec(self) -> Vec<Refused<R>> {
        self.found
    }

    /// Nothing, or all that was wrong.
    pub fn refuse_if_any(self) -> Result<(), Self> {
        if self.found.is_empty() {
            Ok(())
        } else {
            Err(self)
        }
    }

    /// Lets go of what was said so far, and goes on.
    pub fn take(&mut self) -> Vec<Refused<R>> {
        std::mem::take(&mut self.found)
    }
}

/// All that is wrong, as it is told at the command line.
impl<R: Refusal> std::fmt::Display for Refusals<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (place, one) in self.found.iter().enumerate() {
            if place > 0 {
                f.write_str("; ")?;
            }
            if !one.path.is_empty() {
                write!(f, "{}: ", Path(one.path.clone()))?;
            }
            f.write_str(&one.why.reason().message())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::PersonUpdateRefused;

    #[test]
    fn gathers_all_of_it_each_at_its_place() {
        let mut refusals = Refusals::<PersonUpdateRefused>::default();
        refusals.say(
            "id",
            Stale {
                id: "per_1".to_owned(),
                current: 3,
            },
        );
        refusals.within("rows", |rows| {
            rows.within(2, |row| {
                row.say("name", Invalid("must not be blank".to_owned()));
            });
        });
        let found = refusals.refuse_if_any().unwrap_err().into_vec();
        assert_eq!(found[0].path, ["id"]);
        assert_eq!(found[1].path, ["rows", "2", "name"]);
        assert_eq!(found[1].why.reason().code(), ProblemCode::Invalid);
        assert_eq!(
            PersonUpdateRefused::CODES,
            [
                ProblemCode::Invalid,
                ProblemCode::StaleVersion,
                ProblemCode::AlreadyExists
            ]
        );
    }
}
