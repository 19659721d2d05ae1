//! YAML as a tree. Aliases are spelled out, within limits; tags and merge keys are not read.

use std::collections::HashMap;

use domain::problem::{Path, Problem};
use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle, ScanError, StrInput, Tag};

use super::{Builder, Cost, Node};

#[expect(clippy::wildcard_enum_match_arm, reason = "the parser's, and open")]
pub(super) fn parse(text: &str) -> Result<(Node, Vec<Problem>), Problem> {
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        builder: Builder::default(),
        anchors: HashMap::new(),
    };
    let mut node = None;
    loop {
        match reader.next()? {
            Event::StreamEnd => break,
            Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd => {}
            event if node.is_none() => node = Some(reader.node(event)?),
            _ => {
                let message = "holds more than one document: each belongs in a file of its own";
                return Err(Problem::invalid(&Path::root(), message));
            }
        }
    }
    Ok((node.unwrap_or(Node::Null), reader.builder.problems))
}

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    builder: Builder,
    /// What each anchor stands for, and what it costs to say it again.
    anchors: HashMap<usize, (Node, Cost)>,
}

impl<'a> Reader<'a> {
    /// The next event that is not a comment.
    fn next(&mut self) -> Result<Event<'a>, Problem> {
        match self.parser.next_event() {
            None => Ok(Event::StreamEnd),
            Some(Ok((event, _))) => Ok(event),
            Some(Err(error)) => Err(unreadable(&error)),
        }
    }

    /// The node that begins with an event.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the parser's, and open")]
    fn node(&mut self, event: Event<'a>) -> Result<Node, Problem> {
        let (node, anchor) = match event {
            Event::Alias(anchor) => {
                let Some((node, cost)) = self.anchors.get(&anchor) else {
                    return Err(self.builder.refuse("refers to something that holds it"));
                };
                let (node, cost) = (node.clone(), *cost);
                self.builder.spend(cost)?;
                return Ok(node);
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.builder.spend(Cost::text(&text))?;
                (
                    self.scalar(text.into_owned(), style, tag.as_deref()),
                    anchor,
                )
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.builder.spend(Cost::text(""))?;
                self.refuse_tag(tag.as_deref(), "seq");
                (self.list()?, anchor)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.builder.spend(Cost::text(""))?;
                self.refuse_tag(tag.as_deref(), "map");
                (self.members()?, anchor)
            }
            // Nothing else begins a node.
            _ => (Node::Null, 0),
        };
        if anchor != 0 {
            let cost = Cost::of(&node);
            self.builder.spend(cost)?;
            self.anchors.insert(anchor, (node.clone(), cost));
        }
        Ok(node)
    }

    fn list(&mut self) -> Result<Node, Problem> {
        let mut nodes = Vec::new();
        loop {
            let event = self.next()?;
            if matches!(event, Event::SequenceEnd | Event::StreamEnd) {
                return Ok(Node::List(nodes));
            }
            self.builder.step_into(nodes.len())?;
            nodes.push(self.node(event)?);
            self.builder.step_out();
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the parser's, and open")]
    fn members(&mut self) -> Result<Node, Problem> {
        let mut nodes = Vec::new();
        loop {
            let event = self.next()?;
            if matches!(event, Event::MappingEnd | Event::StreamEnd) {
                return Ok(self.builder.once(nodes));
            }
            // A name is a text, however it is written: `2024` and `no` are names too.
            let name = match event {
                Event::Scalar(text, ..) => {
                    self.builder.spend(Cost {
                        nodes: 0,
                        text: text.len(),
                    })?;
                    text.into_owned()
                }
                other => match self.node(other)? {
                    Node::Text(text) | Node::Plain(text) => text,
                    Node::Null | Node::List(_) | Node::Members(_) => {
                        return Err(self.builder.refuse("has a member whose name is not a text"));
                    }
                },
            };
            self.builder.step_into(&name)?;
            let event = self.next()?;
            nodes.push((name, self.node(event)?));
            self.builder.step_out();
        }
    }

    fn scalar(&mut self, text: String, style: ScalarStyle, tag: Option<&Tag>) -> Node {
        let is_text = match tag {
            None => style != ScalarStyle::Plain,
            // The lone `!` says: not to be guessed at.
            Some(tag) if tag.core_suffix() == Some("str") || tag.original() == "!" => true,
            Some(tag) => {
                if tag.core_suffix().is_none() {
                    self.refuse_tag(Some(tag), "");
                }
                false
            }
        };
        if is_text {
            Node::Text(text)
        } else if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL") {
            Node::Null
        } else {
            Node::Plain(text)
        }
    }

    fn refuse_tag(&mut self, tag: Option<&Tag>, allowed: &str) {
        if let Some(tag) = tag.filter(|tag| tag.core_suffix() != Some(allowed)) {
            let tag = tag.original();
            let problem = self
                .builder
                .refuse(format!("has the YAML tag `{tag}`: tags are not read"));
            self.builder.problems.push(problem);
        }
    }
}

fn unreadable(error: &ScanError) -> Problem {
    let (line, column) = (error.marker().line(), error.marker().col() + 1);
    let told = error.info();
    let message = format!("cannot be read as YAML: {told} (line {line}, column {column})");
    Problem::invalid(&Path::root(), message)
}
