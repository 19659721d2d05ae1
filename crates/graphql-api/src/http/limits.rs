//! How much one request may ask for, and the refusal of what asks for more before any of it runs.
//!
//! The caps are checked in the order of what they cost: the length of the text, then tokens and
//! brackets in one pass over it, and only then the parser, and only then one walk over the parsed
//! document in which every fragment is measured once. A fragment that spreads another twice, twenty
//! times over, is a kilobyte of text and a million fields; it is refused in the time it takes to read.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType,
};
use async_graphql::{Request, ServerError, ServerResult, Variables};

use super::error::{Code, refusal, set_extension};
use super::lexer;
use super::measure::{Measure, Trouble, Walk};

/// All limits of the HTTP interface.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For strangers.
    pub anonymous: Caps,
    /// For callers we know.
    pub authenticated: Caps,
    /// Errors in one answer; how many more there were stands in `extensions.errorsOmitted`.
    pub errors: usize,
    /// How long the body of a request may take to arrive: a browser on a poor line sends 4 MiB in
    /// it, and who sends a byte a minute holds no connection for ever.
    pub body_within: Duration,
    /// How long an answer may take. Nobody waits longer, and a reader who is gone holds neither a
    /// connection to the database nor memory.
    pub answer_within: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            anonymous: Caps::ANONYMOUS,
            authenticated: Caps::AUTHENTICATED,
            errors: 10,
            body_within: Duration::from_secs(15),
            answer_within: Duration::from_secs(30),
        }
    }
}

/// What one request may hold. A request that reaches a cap is answered; one above it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caps {
    /// Bytes of the body of a POST, which hold the document and its variables.
    pub body_bytes: usize,
    /// Bytes of the document alone.
    pub document_bytes: usize,
    /// Tokens of the document, as the GraphQL specification counts them.
    pub tokens: usize,
    /// Brackets of any kind inside each other in the text, values included.
    pub nesting: usize,
    /// Selection sets inside each other, those of fragments included. The executor itself stops at 33.
    pub levels: usize,
    /// Fields inside each other. Standard introspection needs 15.
    pub depth: usize,
    /// Fields at the root of a query.
    pub root_fields: usize,
    /// Fields at the root of a mutation. They run one after the other, each in a transaction, and
    /// may each read a document of megabytes.
    pub mutations: usize,
    /// Aliases in the whole operation.
    pub aliases: usize,
    /// Directives at any one place.
    pub directives: usize,
    /// Fields and fragments of the whole document, each as often as it is reached.
    pub selections: usize,
    /// Lists of the schema inside each other (`fields`, `interfaces`, `possibleTypes`, `inputFields`) in
    /// an introspection: each level multiplies the answer by the size of the schema.
    pub introspection_lists: usize,
    /// Things in all lists of one answer together (see [`Budget`]). No document of any length may
    /// unfold to more: `parent { children { parent { children` multiplies at every step.
    pub things: usize,
}

impl Caps {
    /// A stranger asks what a public page asks.
    pub const ANONYMOUS: Self = Self {
        body_bytes: 100_000,
        document_bytes: 100_000,
        tokens: 2_000,
        nesting: 50,
        levels: 32,
        depth: 15,
        root_fields: 30,
        mutations: 3,
        aliases: 30,
        directives: 5,
        selections: 2_000,
        introspection_lists: 2,
        // An agenda of a thousand items with all who appear on them, several times over.
        things: 50_000,
    };

    /// A known caller may send the document of a large event in a variable, which is why the body is
    /// 4 MiB; the GraphQL document stays what a person would write, or a generator with all fields.
    /// Who prints the papers of a year asks for more at once than a page shows.
    pub const AUTHENTICATED: Self = Self {
        body_bytes: 4 * 1024 * 1024,
        tokens: 8_000,
        selections: 8_000,
        things: 200_000,
        ..Self::ANONYMOUS
    };
}

/// What is left of the things that one answer may hold. In the data of every GraphQL request.
///
/// A list pays before its things are resolved: for each thing one, or one for every ten fields that
/// are asked of it, inner ones included, if those are more. So the budget bounds fields as well as
/// things, and with them the time and the memory that an answer takes.
#[derive(Clone, Debug)]
pub struct Budget(Arc<Purse>);

#[derive(Debug)]
struct Purse {
    left: AtomicUsize,
    of: usize,
    overdrawn: OnceLock<ServerError>,
}

/// How many fields of a thing cost as much as the thing.
const FIELDS_A_THING: usize = 10;

impl Budget {
    /// A budget of so many things.
    pub fn new(things: usize) -> Self {
        Self(Arc::new(Purse {
            left: AtomicUsize::new(things),
            of: things,
            overdrawn: OnceLock::new(),
        }))
    }

    /// Pays for so many things, of each of which so many fields are asked.
    ///
    /// Once it is overdrawn nothing more is paid. The first error, with the place that `place`
    /// tells, stands for all: there may be as many as there were things, and each of them with its
    /// path would cost more than the things. So the error returned is bare, and [`Self::told`] puts
    /// the first in the place of all.
    pub(crate) fn spend(
        &self,
        things: usize,
        fields: usize,
        place: impl FnOnce() -> ServerError,
    ) -> ServerResult<()> {
        let price = things.saturating_mul(fields.div_ceil(FIELDS_A_THING).max(1));
        let rest = |left: usize| Some(left.saturating_sub(price));
        let (Ok(left) | Err(left)) =
            self.0
                .left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, rest);
        if price <= left {
            return Ok(());
        }
        self.0.overdrawn.get_or_init(|| {
            let of = self.0.of;
            let mut error = place();
            error.message = format!(
                "too many things in the lists of the answer: at most {of} allowed (one of which \
                 more than {FIELDS_A_THING} fields are asked counts for several)"
            );
            set_extension(&mut error, "code", Code::QueryTooComplex.as_str());
            set_extension(&mut error, "allowed", of);
            error
        });
        Err(ServerError::new("", None))
    }

    /// Whether it is not overdrawn; if it is, the bare error that stands for its being so.
    pub(crate) fn holds(&self) -> ServerResult<()> {
        match self.0.overdrawn.get() {
            None => Ok(()),
            Some(_) => Err(ServerError::new("", None)),
        }
    }

    /// The errors of an answer, with one that says so if the budget was overdrawn. What a mutation had
    /// committed by then stands.
    pub(crate) fn told(&self, kind: OperationType, errors: &mut Vec<ServerError>) {
        if let Some(overdrawn) = self.0.overdrawn.get() {
            let mut overdrawn = overdrawn.clone();
            if kind == OperationType::Mutation {
                overdrawn.message.push_str(
                    "; what was to be changed may be changed or not: look before you repeat",
                );
            }
            errors.retain(|error| !error.message.is_empty());
            errors.insert(0, overdrawn);
        }
    }
}

/// The operation of a request that will be executed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// Query, mutation or subscription.
    pub kind: OperationType,
}

/// Parses the document of a request, checks every cap but that of the body, and settles which
/// operation runs. The parsed document stays in the request, so that it is parsed once.
///
/// For every transport: what may not be posted may not come over a socket either.
pub fn admit(request: &mut Request, caps: &Caps) -> Result<Admitted, Vec<ServerError>> {
    check_text(&request.query, caps).map_err(|error| vec![error])?;
    let operation_name = request.operation_name.clone();
    let variables = std::mem::take(&mut request.variables);

    let admitted = match request.parsed_query() {
        Ok(document) => check_document(document, operation_name.as_deref(), &variables, caps),
        Err(error) => Err(vec![syntax(error)]),
    };

    request.variables = variables;
    admitted
}

fn check_text(text: &str, caps: &Caps) -> Result<(), ServerError> {
    within("bytes of the document", text.len(), caps.document_bytes)?;
    let shape = lexer::shape(text).map_err(|lexer::Unterminated| {
        refusal(Code::BadRequest, "syntax error: a string does not end")
    })?;
    within("tokens", shape.tokens, caps.tokens)?;
    within("brackets inside each other", shape.nesting, caps.nesting)
}

fn check_document(
    document: &ExecutableDocument,
    operation_name: Option<&str>,
    variables: &Variables,
    caps: &Caps,
) -> Result<Admitted, Vec<ServerError>> {
    let (name, operation) =
        select(&document.operations, operation_name).map_err(|error| vec![error])?;
    check_size(document, operation, caps)?;
    check_required_variables(operation, variables)?;
    Ok(Admitted {
        name: name.map(str::to_owned),
        kind: operation.ty,
    })
}

fn check_size(
    document: &ExecutableDocument,
    selected: &OperationDefinition,
    caps: &Caps,
) -> Result<(), Vec<ServerError>> {
    let mut walk = Walk::new(document, caps.levels);
    let trouble = |trouble: Trouble| vec![troubled(&trouble, caps)];

    // Validation walks all of the document, so what it costs must be bounded for all of it; what only
    // execution pays for is asked of the operation that runs.
    let whole = walk.document(document).map_err(trouble)?;
    let running = walk.operation(selected).map_err(trouble)?;

    let Measure {
        selections, levels, ..
    } = whole;
    let Measure {
        depth,
        root_fields,
        aliases,
        directives,
        introspection_lists,
        ..
    } = running;
    let most_root_fields = match selected.ty {
        OperationType::Mutation => caps.mutations,
        OperationType::Query | OperationType::Subscription => caps.root_fields,
    };
    let errors: Vec<_> = [
        (
            "fields after fragments are spread",
            selections,
            caps.selections,
        ),
        ("selections inside each other", levels, caps.levels),
        ("fields inside each other", depth, caps.depth),
        ("fields at the root", root_fields, most_root_fields),
        ("aliases", aliases, caps.aliases),
        ("directives in one place", directives, caps.directives),
        (
            "introspection lists inside each other",
            introspection_lists,
            caps.introspection_lists,
        ),
    ]
    .into_iter()
    .filter_map(|(what, found, cap)| within(what, found, cap).err())
    .collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors)
    }
}

fn within(what: &str, found: usize, cap: usize) -> Result<(), ServerError> {
    if found <= cap {
        return Ok(());
    }
    let mut error = refusal(
        Code::QueryTooComplex,
        format!("too many {what}: {found} found, at most {cap} allowed"),
    );
    set_extension(&mut error, "found", found);
    set_extension(&mut error, "allowed", cap);
    Err(error)
}

fn troubled(trouble: &Trouble, caps: &Caps) -> ServerError {
    match trouble {
        Trouble::TooDeep { found, pos } => {
            let mut error = match within("selections inside each other", *found, caps.levels) {
                Ok(()) => refusal(
                    Code::QueryTooComplex,
                    "too many selections inside each other",
                ),
                Err(error) => error,
            };
            error.locations.push(*pos);
            error
        }
        Trouble::Cycle { fragment, pos } => {
            let message = format!("Cannot spread fragment \"{fragment}\" within itself");
            let mut error = refusal(Code::BadRequest, message);
            error.locations.push(*pos);
            error
        }
    }
}

/// The operation that `GetOperation` of the specification gives.
fn select<'a>(
    operations: &'a DocumentOperations,
    wanted: Option<&str>,
) -> Result<(Option<&'a str>, &'a OperationDefinition), ServerError> {
    let mut all = operations.iter();
    let found = match wanted {
        Some(wanted) => all
            .find(|(name, _)| name.is_some_and(|name| name.as_str() == wanted))
            .ok_or_else(|| format!("there is no operation named \"{wanted}\" in the document")),
        None => match (all.next(), all.next()) {
            (Some(only), None) => Ok(only),
            (_, _) => {
                Err("the document has several operations: say which in operationName".to_owned())
            }
        },
    };
    let (name, operation) = found.map_err(|message| refusal(Code::BadRequest, message))?;
    Ok((name.map(async_graphql::Name::as_str), &operation.node))
}

/// The executor would notice only in the field that uses the variable, and answer with half the data.
fn check_required_variables(
    operation: &OperationDefinition,
    variables: &Variables,
) -> Result<(), Vec<ServerError>> {
    let errors: Vec<_> = operation
        .variable_definitions
        .iter()
        .filter(|variable| {
            let definition = &variable.node;
            let given = variables.get(&definition.name.node);
            let needed = !definition.var_type.node.nullable;
            let null = given.is_some_and(|value| *value == async_graphql::Value::Null);
            needed && (null || (given.is_none() && definition.default_value.is_none()))
        })
        .map(|variable| {
            let name = &variable.node.name.node;
            let kind = &variable.node.var_type.node;
            let message =
                format!("variable \"${name}\" of type \"{kind}\" must be given, and not be null");
            let mut error = refusal(Code::BadUserInput, message);
            error.locations.push(variable.pos);
            error
        })
        .collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors)
    }
}

/// The parser draws the line and an arrow below it. The place stands in `locations` already, and the
/// line may be as long as the document.
fn syntax(mut error: ServerError) -> ServerError {
    let said = error
        .message
        .rsplit_once("\n  = ")
        .or_else(|| error.message.rsplit_once(" = "));
    let reason = said.map_or(error.message.as_str(), |(_, reason)| reason);
    error.message = format!("syntax error: {}", reason.trim());
    set_extension(&mut error, "code", Code::BadRequest.as_str());
    error
}
