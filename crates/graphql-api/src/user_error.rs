//! What the person who sent something can mend: as data, in the payload, all of it at once.

use async_graphql::{Interface, SimpleObject};
use domain::Problem;

use crate::word::UserErrorCode;

/// A problem that the one who sent the input can mend.
#[derive(Interface)]
#[graphql(
    field(name = "code", ty = "&UserErrorCode", desc = "What kind of problem."),
    field(name = "message", ty = "&String", desc = "What a person is told."),
    field(
        name = "path",
        ty = "&Vec<String>",
        desc = "Where, from `input` inwards; positions in lists are numbers."
    )
)]
pub(crate) enum UserError {
    InvalidInputError(InvalidInputError),
}

/// A value is missing, malformed, out of range, contradicts another, or refers to nothing.
#[derive(SimpleObject)]
pub(crate) struct InvalidInputError {
    /// What kind of problem.
    code: UserErrorCode,
    /// What a person is told.
    message: String,
    /// Where, from `input` inwards; positions in lists are numbers.
    path: Vec<String>,
}

/// Problems with what stands at `place`, as the payload tells them.
pub(crate) fn user_errors(problems: Vec<Problem>, place: &[&str]) -> Vec<UserError> {
    let errors = problems.into_iter().map(|problem| {
        let mut path: Vec<String> = place.iter().map(|step| (*step).to_owned()).collect();
        path.extend(problem.path);
        InvalidInputError {
            code: problem.code.into(),
            message: problem.message,
            path,
        }
    });
    errors.map(UserError::from).collect()
}
