//! The written form of an event document: YAML or JSON, made for a person to write.
//!
//! [`read`] tells everything that is wrong with a text at once, each with its path. It looks at a
//! text in four steps, and a step is kept from telling only what an earlier one made unknowable:
//! the syntax ([`source`]), the structure by our JSON Schema ([`structure`]), what the values say
//! together ([`lower`]), and what the domain asks of a document ([`domain::event_document::check`]).
//! [`write()`] is the inverse: what it writes is read as what was written.

mod leaf;
mod lower;
mod schema;
mod source;
mod spelling;
mod structure;
mod wire;
mod write;

#[cfg(any(test, feature = "arbitrary"))]
pub mod arbitrary;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::Bound;

use domain::event_document::EventDocument;
use domain::problem::{Path, Problem, ProblemCode};
use serde::Deserialize as _;

pub use schema::json_schema;
pub use write::write;

/// The most bytes that a document may have.
pub const MOST_BYTES: usize = 4 * 1024 * 1024;
/// The most problems that are told one by one.
pub const MOST_PROBLEMS: usize = 200;

/// Reads a document, or says everything that is wrong with it, in the order of the text.
pub fn read(text: &str) -> Result<EventDocument, Vec<Problem>> {
    let (node, mut problems) = source::parse(text).map_err(|problem| vec![problem])?;
    let Some(schema) = schema::SCHEMA.as_ref() else {
        return Err(vec![Problem::invalid(
            &Path::root(),
            "cannot be checked: the schema is broken",
        )]);
    };

    let found = structure::check(schema, schema.fit(&node));
    let mut count = problems.len() + found.count;
    let mut told = Told::of(&found.problems, found.touched);
    problems.extend(found.problems);

    let mut document = None;
    match found.repaired.map(wire::Event::deserialize) {
        Some(Ok(event)) => {
            let (lowered, values) = lower::lower(event, told.is_told("language"));
            for step in [values, domain::event_document::check(&lowered)] {
                let news: Vec<_> = step
                    .into_iter()
                    .filter(|problem| told.is_news(problem))
                    .collect();
                count += news.len();
                told.paths
                    .extend(news.iter().map(|problem| problem.path.clone()));
                problems.extend(news);
            }
            document = Some(lowered);
        }
        // The schema is as strict as the types; the tests hold it to that.
        Some(Err(error)) => {
            count += 1;
            problems.push(Problem::invalid(&Path::root(), error));
        }
        None => {}
    }

    match document {
        Some(document) if problems.is_empty() => Ok(document),
        _ => Err(in_order(&node, problems, count)),
    }
}

/// What was told already, so that nothing is told twice in other words.
struct Told {
    /// The places of problems, and those where something harmless stands in the way of a look.
    paths: BTreeSet<Vec<String>>,
    /// Whether an entry that others may refer to could not be read.
    lost_an_entry: bool,
}

impl Told {
    fn of(problems: &[Problem], paths: Vec<Vec<String>>) -> Self {
        let lost_an_entry = problems.iter().any(|problem| is_of_an_entry(&problem.path));
        Self {
            paths: paths.into_iter().collect(),
            lost_an_entry,
        }
    }

    fn is_told(&self, member: &str) -> bool {
        self.paths.contains([member.to_owned()].as_slice())
    }

    /// Whether a problem of a later step does not merely follow from one of an earlier step: one
    /// at the same place, around it or within it.
    fn is_news(&self, problem: &Problem) -> bool {
        if problem.code == ProblemCode::NotFound && self.lost_an_entry {
            return false;
        }
        let path = problem.path.as_slice();
        // Paths in order: the first that is not before this one is within it, if any is.
        let within = self
            .paths
            .range::<[String], _>((Bound::Included(path), Bound::Unbounded))
            .next()
            .is_some_and(|told| told.starts_with(path));
        let around = || {
            (0..path.len()).any(|steps| {
                path.get(..steps)
                    .is_some_and(|outer| self.paths.contains(outer))
            })
        };
        !within && !around()
    }
}

/// Whether what is wrong may have kept an entry from being found by its key: the key, the entry, or
/// the list with all its entries, under whatever name.
fn is_of_an_entry(path: &[String]) -> bool {
    let steps: Vec<_> = path.iter().map(String::as_str).collect();
    let (list, within) = match steps.as_slice() {
        ["venues", _, "rooms", within @ ..] => ("venues", within),
        [list, within @ ..] => (*list, within),
        [] => return false,
    };
    let known = schema::SCHEMA
        .iter()
        .flat_map(|schema| schema::members(&schema.root));
    let unknown = within.is_empty() && !known.into_iter().any(|member| member == list);
    let defines = [
        "venues",
        "organizations",
        "people",
        "groups",
        "tracks",
        "letters",
    ]
    .contains(&list);
    unknown || (defines && matches!(within, [] | [_] | [_, "key"]))
}

/// The problems in the order of the text, and how many there are beyond those that are told.
fn in_order(node: &source::Node, mut problems: Vec<Problem>, count: usize) -> Vec<Problem> {
    problems.sort_by_cached_key(|problem| node.place(&problem.path));
    problems.truncate(MOST_PROBLEMS);
    let more = count.saturating_sub(problems.len());
    if more > 0 {
        problems.push(Problem::invalid(&Path::root(), format!("and {more} more")));
    }
    problems
}
