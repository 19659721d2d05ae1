//! What went wrong with a request, in the words clients are promised: a closed list of codes, and
//! for every error in every answer its code and the id of the request.

use async_graphql::{ErrorExtensionValues, Response, ServerError, Value};
use poem::http::StatusCode;

/// Everything a top-level error can be. Clients may match on it; a new one is a change of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// The request is not one: not JSON, not GraphQL, or not of this schema.
    BadRequest,
    /// A value does not fit its type or its bounds.
    BadUserInput,
    /// No caller could be made out of the credentials, or the act needs a caller.
    Unauthenticated,
    /// The caller is known and may not.
    Forbidden,
    /// There is no such thing, or the caller may not know of it.
    NotFound,
    /// Too much in too short a time.
    RateLimited,
    /// The document is larger than is answered (see [`super::limits::Caps`]).
    QueryTooComplex,
    /// Our fault. The text is in the log, under the request id.
    Internal,
}

impl Code {
    /// All codes, in the order in which they are documented.
    pub const ALL: [Self; 8] = [
        Self::BadRequest,
        Self::BadUserInput,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::RateLimited,
        Self::QueryTooComplex,
        Self::Internal,
    ];

    /// The code as it stands in `extensions.code`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest => "BAD_REQUEST",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::RateLimited => "RATE_LIMITED",
            Self::QueryTooComplex => "QUERY_TOO_COMPLEX",
            Self::Internal => "INTERNAL",
        }
    }

    /// The code of an error that a resolver, or this layer, has already classified.
    pub fn of(error: &ServerError) -> Option<Self> {
        let Some(Value::String(text)) = error.extensions.as_ref()?.get("code") else {
            return None;
        };
        Self::ALL.into_iter().find(|code| code.as_str() == text)
    }

    /// The status of an answer that is nothing but this error.
    pub(crate) const fn status(self) -> StatusCode {
        match self {
            Self::BadRequest | Self::BadUserInput | Self::QueryTooComplex => {
                StatusCode::BAD_REQUEST
            }
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// An error for a resolver to return: the message reaches the client, unless the code is `INTERNAL`.
pub fn coded(code: Code, message: impl Into<String>) -> async_graphql::Error {
    let mut error = async_graphql::Error::new(message);
    error
        .extensions
        .get_or_insert_with(ErrorExtensionValues::default)
        .set("code", code.as_str());
    error
}

/// A fault for a resolver to return: the whole chain of causes goes to the log and none of it to the
/// client.
pub fn fault(error: &(dyn std::error::Error + 'static)) -> async_graphql::Error {
    coded(Code::Internal, chain(error))
}

/// An error of this layer, about the request as a whole.
pub(crate) fn refusal(code: Code, message: impl Into<String>) -> ServerError {
    let mut error = ServerError::new(message, None);
    set_extension(&mut error, "code", code.as_str());
    error
}

/// The text of an error and of all its causes.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// For whom an answer is made ready.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    pub(crate) request_id: &'a str,
    pub(crate) anonymous: bool,
    /// How many errors one answer lists at most.
    pub(crate) errors: usize,
}

/// Whether the answer is about the request, so that nothing was executed and there is no `data`.
///
/// Whatever fails in a field carries the path of that field, and `data` is null only if something
/// failed in a field: an empty answer without a single path was refused before execution.
pub(crate) fn is_refused(response: &Response) -> bool {
    response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty())
}

/// Makes the errors of an answer fit to be seen: codes and the request id in each, faults logged and
/// masked, no hints at names for strangers, not more than the reader is to get. Returns the codes.
pub(crate) fn seal(response: &mut Response, reader: Reader<'_>) -> Vec<Code> {
    let refused = is_refused(response);
    let omitted = response.errors.len().saturating_sub(reader.errors);
    response.errors.truncate(reader.errors);

    let mut codes = Vec::new();
    for error in &mut response.errors {
        let code = if refused {
            settle_refusal(error, reader.anonymous)
        } else {
            settle_field_error(error)
        };
        if code == Code::Internal {
            log_and_mask(error, reader.request_id);
        }
        set_extension(error, "code", code.as_str());
        set_extension(error, "requestId", reader.request_id);
        if !codes.contains(&code) {
            codes.push(code);
        }
    }

    if omitted > 0 {
        tracing::warn!(
            request.id = reader.request_id,
            errors.omitted = omitted,
            "an answer had more errors than are listed"
        );
        response
            .extensions
            .insert("errorsOmitted".to_owned(), Value::from(omitted));
    }
    codes
}

fn settle_refusal(error: &mut ServerError, anonymous: bool) -> Code {
    if let Some(code) = Code::of(error) {
        return code;
    }
    // The schema is public, yet nobody need be helped to guess at what introspection would hide.
    if anonymous && let Some((said, _hint)) = error.message.split_once(" Did you mean") {
        error.message = said.to_owned();
    }
    if error.message.starts_with("Invalid value for argument") {
        Code::BadUserInput
    } else {
        Code::BadRequest
    }
}

fn settle_field_error(error: &ServerError) -> Code {
    match Code::of(error) {
        Some(code) => code,
        None if is_coercion(error) => Code::BadUserInput,
        None => Code::Internal,
    }
}

/// Scalars and validators refuse a value during execution, with these words and never with a source;
/// an error that a resolver let through with `?` always has its source.
fn is_coercion(error: &ServerError) -> bool {
    error.source.is_none()
        && ["Failed to parse \"", "Expected input type \""]
            .iter()
            .any(|words| error.message.starts_with(words))
}

fn log_and_mask(error: &mut ServerError, request_id: &str) {
    let path = error
        .path
        .iter()
        .map(|segment| match segment {
            async_graphql::PathSegment::Field(name) => name.clone(),
            async_graphql::PathSegment::Index(index) => index.to_string(),
        })
        .collect::<Vec<_>>()
        .join(".");
    tracing::error!(
        request.id = request_id,
        error.path = path,
        error.message = error.message,
        "a resolver failed"
    );
    "internal error".clone_into(&mut error.message);
    error.extensions = None;
    error.source = None;
}

pub(crate) fn set_extension(error: &mut ServerError, name: &str, value: impl Into<Value>) {
    error
        .extensions
        .get_or_insert_with(ErrorExtensionValues::default)
        .set(name, value);
}
