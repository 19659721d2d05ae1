//! Problems: what is wrong with what somebody sent, where it stands, and how to mend it.

use std::fmt;

words! {
    /// What kind of problem it is. Clients act on these; the message is for people.
    ProblemCode, "problem code" {
        /// A value is missing, malformed, out of range or contradicts another.
        Invalid = "INVALID",
        /// Something referred to does not exist, or not for the one who asks.
        NotFound = "NOT_FOUND",
        /// It was changed by someone else in the meantime.
        StaleVersion = "STALE_VERSION",
        /// There is no room for one more.
        CapacityExceeded = "CAPACITY_EXCEEDED",
        /// Its present state does not allow this.
        IllegalState = "ILLEGAL_STATE",
        /// It contradicts something else that is planned.
        Conflict = "CONFLICT",
        /// Something of this name or key is there already.
        AlreadyExists = "ALREADY_EXISTS",
        /// The idempotency key was used before, with another input.
        IdempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED",
    }
}

/// One problem with an input: all of them are told at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind of problem.
    pub code: ProblemCode,
    /// Where, from the outside in: `agenda`, `0`, `title`. Empty for the whole.
    pub path: Vec<String>,
    /// What a person is told: a lower-case fragment without a period.
    pub message: String,
}

impl Problem {
    /// A problem with the value at `path`.
    pub fn invalid(path: &Path, message: impl fmt::Display) -> Self {
        Self {
            code: ProblemCode::Invalid,
            path: path.0.clone(),
            message: message.to_string(),
        }
    }

    /// A reference at `path` that leads nowhere.
    pub fn not_found(path: &Path, message: impl fmt::Display) -> Self {
        Self {
            code: ProblemCode::NotFound,
            path: path.0.clone(),
            message: message.to_string(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            write!(f, "{}", self.message)
        } else {
            write!(f, "{}: {}", Path(self.path.clone()), self.message)
        }
    }
}

/// A place in an input, built from the outside in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Path(pub Vec<String>);

impl Path {
    /// The input itself.
    pub fn root() -> Self {
        Self::default()
    }

    /// The member `name` of what stands here.
    #[must_use]
    pub fn at(&self, name: impl fmt::Display) -> Self {
        let mut steps = self.0.clone();
        steps.push(name.to_string());
        Self(steps)
    }
}

/// As people write it: `agenda[0].title`.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            if step.bytes().all(|byte| byte.is_ascii_digit()) {
                write!(f, "[{step}]")?;
            } else if position == 0 {
                write!(f, "{step}")?;
            } else {
                write!(f, ".{step}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_where_as_people_write_it() {
        let path = Path::root()
            .at("agenda")
            .at(0)
            .at("appearances")
            .at(12)
            .at("person");
        assert_eq!(path.to_string(), "agenda[0].appearances[12].person");
    }
}
