//! XML as a tree: elements, attributes, texts, and on which line they stand.
//!
//! A document's own entities are not expanded, so that a short text stays short. Those of HTML are
//! known, since people write them; others are kept as they are written.

use std::ops::Range;

use domain::problem::Problem;
use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::{resolve_html5_entity, resolve_predefined_entity};
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::schedule::oddity::{Place, quoted};
use crate::schedule::{DEEPEST, MOST_PARTS, impossible};

/// An element.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// Its name.
    pub(super) name: String,
    /// Its attributes.
    pub(super) attributes: Vec<(String, String)>,
    /// The elements in it.
    pub(super) children: Vec<Element>,
    /// The text in it, without that of the elements in it.
    pub(super) text: String,
    line: u32,
    inner: Range<usize>,
}

impl Element {
    /// The value of an attribute, if it says anything.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let found = self.attributes.iter().find(|(one, _)| one == name);
        found.and_then(|(_, value)| crate::schedule::some(value))
    }

    /// What stands between its tags, in the text that it was read from.
    pub(super) fn inner<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.inner.clone()).unwrap_or_default()
    }

    /// Where it stands.
    pub(super) fn place(&self) -> Place {
        Place::Line(self.line)
    }

    /// Whether it says nothing.
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
            && self
                .attributes
                .iter()
                .all(|(_, value)| value.trim().is_empty())
            && self.children.iter().all(Element::is_blank)
    }

    /// Its text with that of the elements in it.
    pub(super) fn all_text(&self) -> String {
        let mut text = self.text.clone();
        for child in &self.children {
            text.push(' ');
            text.push_str(&child.all_text());
        }
        text
    }
}

/// An entity that is not known, with where it stands.
type Entity = (String, Place);

/// Reads a document: its root, and the entities in it that are not known.
pub(super) fn parse(text: &str) -> Result<(Element, Vec<Entity>), Problem> {
    let mut reader = Reader::from_str(text);
    // People forget to write `&amp;`.
    reader.config_mut().allow_dangling_amp = true;
    let mut parse = Parse {
        text,
        counted: 0,
        line: 1,
        parts: 0,
        open: Vec::new(),
        root: None,
        entities: Vec::new(),
    };
    loop {
        let begins = position(&reader);
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                let line =
                    parse.line_at(usize::try_from(reader.error_position()).unwrap_or(begins));
                return Err(impossible(format!("is not XML: {error} (line {line})")));
            }
        };
        let line = parse.line_at(begins);
        match event {
            Event::Start(start) => parse.start(&start, line, position(&reader))?,
            Event::Empty(start) => {
                parse.start(&start, line, position(&reader))?;
                parse.end(position(&reader));
            }
            Event::End(_) => parse.end(begins),
            Event::Text(text) => parse.text(&text.xml10_content()),
            Event::CData(text) => parse.text(&text.xml10_content()),
            Event::GeneralRef(entity) => parse.entity(&entity, line),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    if let Some(open) = parse.open.last() {
        let name = quoted(&open.name);
        let line = open.line;
        return Err(impossible(format!(
            "is not XML: {name} on line {line} is not closed"
        )));
    }
    let root = parse
        .root
        .ok_or_else(|| impossible("is not XML: it holds no element"))?;
    Ok((root, parse.entities))
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

struct Parse<'a> {
    text: &'a str,
    /// Up to where lines were counted, and how many.
    counted: usize,
    line: u32,
    parts: usize,
    open: Vec<Element>,
    root: Option<Element>,
    entities: Vec<Entity>,
}

impl Parse<'_> {
    /// The line at a position, which never goes back.
    fn line_at(&mut self, position: usize) -> u32 {
        let between = self.text.as_bytes().get(self.counted..position);
        let feeds = between
            .unwrap_or_default()
            .iter()
            .filter(|byte| **byte == b'\n');
        self.line = self
            .line
            .saturating_add(u32::try_from(feeds.count()).unwrap_or(u32::MAX));
        self.counted = self.counted.max(position);
        self.line
    }

    fn start(&mut self, start: &BytesStart<'_>, line: u32, begins: usize) -> Result<(), Problem> {
        self.parts += 1;
        if self.parts > MOST_PARTS {
            return Err(impossible(format!("has more than {MOST_PARTS} elements")));
        }
        if self.open.len() >= DEEPEST {
            return Err(impossible(format!(
                "has elements more than {DEEPEST} deep (line {line})"
            )));
        }
        let mut attributes = Vec::new();
        // One that is written twice is read once; to look for such would take the square of them.
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute
                .map_err(|error| impossible(format!("is not XML: {error} (line {line})")))?;
            self.parts += 1;
            let value = attribute.normalized_value_with(XmlVersion::Implicit1_0, 1, entity_text);
            let value = match value {
                Ok(value) => value.into_owned(),
                // With an `&` that begins nothing.
                Err(_unknown) => attribute.value.to_string(),
            };
            let name: &str = attribute.key.as_ref();
            attributes.push((name.to_owned(), value));
        }
        self.open.push(Element {
            name: local(start.name().as_ref()).to_owned(),
            attributes,
            line,
            inner: begins..begins,
            ..Element::default()
        });
        Ok(())
    }

    fn end(&mut self, ends: usize) {
        let Some(mut element) = self.open.pop() else {
            return;
        };
        element.inner.end = ends;
        match self.open.last_mut() {
            Some(around) => around.children.push(element),
            // Of several roots, which is no XML, the first is meant.
            None if self.root.is_none() => self.root = Some(element),
            None => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(open) = self.open.last_mut() {
            open.text.push_str(text);
        }
    }

    fn entity(&mut self, entity: &BytesRef<'_>, line: u32) {
        if let Ok(Some(character)) = entity.resolve_char_ref() {
            self.text(character.encode_utf8(&mut [0; 4]));
            return;
        }
        let name = entity.xml10_content();
        if let Some(text) = entity_text(&name) {
            self.text(text);
        } else {
            self.text(&format!("&{name};"));
            if self.entities.len() < 100 {
                self.entities.push((name.into_owned(), Place::Line(line)));
            }
        }
    }
}

fn entity_text(name: &str) -> Option<&'static str> {
    resolve_predefined_entity(name).or_else(|| resolve_html5_entity(name))
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}
