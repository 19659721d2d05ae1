//! How failures reach the wire: refusals as codes, faults masked, and a field that may be null is
//! null when it fails, and blanks nothing else.

use async_graphql::{Context, Error, Result};
use domain::access::Denied;
use persistence::PageError;

use crate::http::error::{Code, coded};

/// What becomes of a field that may be null: its error is told, and it is null. Returned as it is,
/// the error would blank the parent too.
#[expect(clippy::unnecessary_wraps, reason = "it is what a resolver returns")]
pub(crate) fn or_null<T>(ctx: &Context<'_>, result: Result<Option<T>>) -> Result<Option<T>> {
    Ok(result.unwrap_or_else(|error| {
        ctx.add_error(ctx.set_error_path(error.into_server_error(ctx.item.pos)));
        None
    }))
}

/// What a row refers to is not there, though the database says that it must be.
#[derive(Debug, thiserror::Error)]
#[error("what a row refers to is not there")]
pub(crate) struct Vanished;

pub(crate) fn denied(denied: Denied) -> Error {
    let code = match denied {
        Denied::Unauthenticated => Code::Unauthenticated,
        Denied::Forbidden(_) => Code::Forbidden,
        Denied::NotFound => Code::NotFound,
    };
    coded(code, denied.to_string())
}

pub(crate) fn bad_page(refused: PageError) -> Error {
    coded(Code::BadUserInput, refused.to_string())
}

pub(crate) fn bad_input(message: impl Into<String>) -> Error {
    coded(Code::BadUserInput, message)
}
