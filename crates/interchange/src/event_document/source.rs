//! The text of a document as a tree, before it is known what any of it means.
//!
//! Scalars keep their spelling: whether `2024` is a number or a text is for the place where it
//! stands to say. Members keep their order. What could make a small text large or deep is limited.

mod json;
mod yaml;

use std::collections::HashSet;

use domain::problem::{Path, Problem, ProblemCode};

use super::MOST_BYTES;

/// The deepest nesting: an agenda of eight levels needs less than half of it.
const DEEPEST: usize = 64;
/// The most values a document may hold, aliases spelled out.
const MOST_NODES: usize = 200_000;
/// The most text that a document may hold, aliases spelled out.
const MOST_TEXT: usize = 4 * MOST_BYTES;

/// A value as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// Nothing.
    Null,
    /// A text, quoted or otherwise said to be one.
    Text(String),
    /// Something without quotes: a text, a number, true or false.
    Plain(String),
    /// A list.
    List(Vec<Self>),
    /// Named members, in order, each name once.
    Members(Vec<(String, Self)>),
}

impl Node {
    /// Where a path leads in the order of the text. What is missing stands at the end of what it
    /// is missing from.
    pub(super) fn place(&self, path: &[String]) -> Vec<usize> {
        let mut place = Vec::with_capacity(path.len());
        let mut here = Some(self);
        for step in path {
            let index = match here {
                Some(Self::List(entries)) => {
                    let index = step.parse().unwrap_or(usize::MAX);
                    here = entries.get(index);
                    index
                }
                Some(Self::Members(members)) => {
                    let index = members.iter().position(|(name, _)| name == step);
                    here = index
                        .and_then(|index| members.get(index))
                        .map(|(_, node)| node);
                    index.unwrap_or(members.len())
                }
                Some(Self::Null | Self::Text(_) | Self::Plain(_)) | None => {
                    here = None;
                    usize::MAX
                }
            };
            place.push(index);
        }
        place
    }
}

/// Reads YAML, or JSON. The problems are those that leave the rest readable.
pub(super) fn parse(text: &str) -> Result<(Node, Vec<Problem>), Problem> {
    if text.len() > MOST_BYTES {
        let most = MOST_BYTES / (1024 * 1024);
        return Err(Problem::invalid(
            &Path::root(),
            format!("is larger than {most} MiB"),
        ));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut inner = text.trim_start().chars();
    if matches!(inner.next(), Some('{' | '[')) {
        match json::parse(text) {
            Ok(parsed) => return Ok(parsed),
            // `{title: Forum}` is YAML; `{"title": "Forum",}` is as well, and no harm is done.
            Err(problem) => match yaml::parse(text) {
                Ok(parsed) => return Ok(parsed),
                Err(_) if matches!(inner.find(|c| !c.is_whitespace()), Some('"' | '{' | '}')) => {
                    return Err(problem);
                }
                Err(problem) => return Err(problem),
            },
        }
    }
    yaml::parse(text)
}

/// What is gathered while a tree is built: where we are, what is wrong, what is left to spend.
#[derive(Debug, Default)]
struct Builder {
    path: Path,
    problems: Vec<Problem>,
    nodes: usize,
    text: usize,
}

impl Builder {
    fn refuse(&self, message: impl std::fmt::Display) -> Problem {
        Problem::invalid(&self.path, message)
    }

    fn step_into(&mut self, step: impl std::fmt::Display) -> Result<(), Problem> {
        self.path.0.push(step.to_string());
        if self.path.0.len() > DEEPEST {
            return Err(self.refuse(format!("is nested too deeply: more than {DEEPEST} levels")));
        }
        Ok(())
    }

    fn step_out(&mut self) {
        self.path.0.pop();
    }

    fn spend(&mut self, cost: Cost) -> Result<(), Problem> {
        self.nodes += cost.nodes;
        self.text += cost.text;
        if self.nodes > MOST_NODES || self.text > MOST_TEXT {
            return Err(Problem::invalid(&Path::root(), "holds too much"));
        }
        Ok(())
    }

    /// Tells of the names that are used twice; the first stands.
    fn once(&mut self, members: Vec<(String, Node)>) -> Node {
        let mut seen = HashSet::new();
        let mut kept = Vec::with_capacity(members.len());
        for (name, node) in members {
            if seen.insert(name.clone()) {
                kept.push((name, node));
            } else {
                self.problems.push(Problem {
                    code: ProblemCode::AlreadyExists,
                    path: self.path.at(name).0,
                    message: "is given twice".to_owned(),
                });
            }
        }
        Node::Members(kept)
    }
}

/// What a node takes up.
#[derive(Debug, Clone, Copy, Default)]
struct Cost {
    nodes: usize,
    text: usize,
}

impl Cost {
    fn text(text: &str) -> Self {
        Self {
            nodes: 1,
            text: text.len(),
        }
    }

    fn of(node: &Node) -> Self {
        match node {
            Node::Null => Self { nodes: 1, text: 0 },
            Node::Text(text) | Node::Plain(text) => Self::text(text),
            Node::List(entries) => entries.iter().map(Self::of).fold(Self::text(""), Self::and),
            Node::Members(members) => members
                .iter()
                .map(|(name, node)| {
                    Self::of(node).and(Self {
                        nodes: 0,
                        text: name.len(),
                    })
                })
                .fold(Self::text(""), Self::and),
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            nodes: self.nodes + other.nodes,
            text: self.text + other.text,
        }
    }
}
