//! What the person who sent something can mend: as data, in the payload, all of it at once.

use async_graphql::{Context, Interface, Result, SimpleObject};
use domain::refusal::{InUse, Reason, Refusals, Stale, Taken};
use domain::{Problem, Refusal};

use crate::list::List;
use crate::node::{Node, node};
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
#[expect(
    clippy::enum_variant_names,
    reason = "they are called so in the schema"
)]
pub(crate) enum UserError {
    InvalidInputError(InvalidInputError),
    StaleVersionError(StaleVersionError),
    AlreadyExistsError(AlreadyExistsError),
    InUseError(InUseError),
    IllegalStateError(IllegalStateError),
}

/// A value is missing, malformed, out of range, contradicts another, or refers to nothing; or the
/// idempotency key was used before with another input.
#[derive(SimpleObject)]
pub(crate) struct InvalidInputError {
    /// What kind of problem.
    code: UserErrorCode,
    /// What a person is told.
    message: String,
    /// Where, from `input` inwards; positions in lists are numbers.
    path: Vec<String>,
}

/// It was changed by someone else in the meantime.
#[derive(SimpleObject)]
pub(crate) struct StaleVersionError {
    /// What kind of problem.
    code: UserErrorCode,
    /// What a person is told.
    message: String,
    /// Where, from `input` inwards; positions in lists are numbers.
    path: Vec<String>,
    /// The thing as it is now; null if it has gone since, or the reader may not see it.
    current: Option<Node>,
    /// The version that it is at.
    current_version: i32,
}

/// Something of this name or key is there already.
#[derive(SimpleObject)]
pub(crate) struct AlreadyExistsError {
    /// What kind of problem.
    code: UserErrorCode,
    /// What a person is told.
    message: String,
    /// Where, from `input` inwards; positions in lists are numbers.
    path: Vec<String>,
    /// What is there already; null for another row of the same request, and if the reader may not
    /// see it.
    existing: Option<Node>,
}

/// Other things refer to it, so it stays.
#[derive(SimpleObject)]
pub(crate) struct InUseError {
    /// What kind of problem.
    code: UserErrorCode,
    /// What a person is told.
    message: String,
    /// Where, from `input` inwards; positions in lists are numbers.
    path: Vec<String>,
    /// What refers to it.
    uses: List<Use>,
}

/// How many things of a type refer to something.
#[derive(SimpleObject)]
pub(crate) struct Use {
    /// The type: `Appearance`.
    type_name: String,
    /// How many.
    count: i32,
}

/// Its present state does not allow this.
#[derive(SimpleObject)]
pub(crate) struct IllegalStateError {
    /// What kind of problem.
    code: UserErrorCode,
    /// What a person is told.
    message: String,
    /// Where, from `input` inwards; positions in lists are numbers.
    path: Vec<String>,
}

/// Problems with what stands at `place`, as the payload tells them.
pub(crate) fn user_errors(problems: Vec<Problem>, place: &[&str]) -> List<UserError> {
    let errors = problems.into_iter().map(|problem| InvalidInputError {
        code: problem.code.into(),
        message: problem.message,
        path: path(place, problem.path),
    });
    errors.map(UserError::from).collect()
}

fn path(place: &[&str], within: Vec<String>) -> Vec<String> {
    let place = place.iter().map(|step| (*step).to_owned());
    place.chain(within).collect()
}

/// Refusals of what stands at `place`, as the payload tells them: each with its facts.
pub(crate) async fn refusals<R: Refusal>(
    ctx: &Context<'_>,
    refused: Refusals<R>,
    place: &[&str],
) -> Result<List<UserError>> {
    let mut errors = Vec::with_capacity(refused.len());
    for one in refused.into_vec() {
        let path = path(place, one.path);
        let reason = one.why.reason();
        let (code, message) = (UserErrorCode::from(reason.code()), reason.message());
        errors.push(match reason {
            Reason::Invalid(_)
            | Reason::Missing(_)
            | Reason::Contradicted(_)
            | Reason::KeyReused(_) => InvalidInputError {
                code,
                message,
                path,
            }
            .into(),
            Reason::Stale(Stale { id, current }) => StaleVersionError {
                code,
                message,
                path,
                current: node(ctx, id).await?,
                current_version: *current,
            }
            .into(),
            Reason::Taken(Taken { by, .. }) => AlreadyExistsError {
                code,
                message,
                path,
                existing: node(ctx, by).await?,
            }
            .into(),
            Reason::InUse(InUse { by }) => InUseError {
                code,
                message,
                path,
                uses: by
                    .iter()
                    .map(|one| Use {
                        type_name: one.noun.to_owned(),
                        count: i32::try_from(one.count).unwrap_or(i32::MAX),
                    })
                    .collect(),
            }
            .into(),
            Reason::IllegalState(_) => IllegalStateError {
                code,
                message,
                path,
            }
            .into(),
        });
    }
    Ok(errors.into_iter().collect())
}
