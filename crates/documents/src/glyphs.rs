//! Characters that no font has, found before they become empty boxes.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;
use ttf_parser::{Face, GlyphId, OutlineBuilder};
use typst::layout::{Frame, FrameItem};
use typst::text::{Font, TextItem, is_default_ignorable};
use typst_layout::PagedDocument;

use crate::document::ABOUT;
use crate::error::MissingGlyph;
use crate::fonts::Fonts;

/// What no font covers among the texts of a document, with the part that each is in.
pub(crate) fn missing_in(data: &Value, fonts: &Fonts) -> Vec<MissingGlyph> {
    let mut missing = BTreeSet::new();
    search(data, &mut String::new(), fonts, &mut missing);
    missing.into_iter().collect()
}

fn search(value: &Value, place: &mut String, fonts: &Fonts, missing: &mut BTreeSet<MissingGlyph>) {
    let mut within = |step: &str, value: &Value| {
        let length = place.len();
        place.push_str(step);
        search(value, place, fonts, missing);
        place.truncate(length);
    };
    match value {
        Value::String(text) => {
            let lacking = text
                .chars()
                .filter(|one| shows(*one) && !fonts.covers(*one));
            missing.extend(lacking.map(|character| MissingGlyph {
                character,
                place: place.trim_start_matches('.').to_owned(),
            }));
        }
        Value::Array(all) => {
            for (index, value) in all.iter().enumerate() {
                within(&format!("[{index}]"), value);
            }
        }
        Value::Object(all) => {
            for (key, value) in all.iter().filter(|(key, _)| *key != ABOUT) {
                within(&format!(".{key}"), value);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whether one expects to see something where a character stands.
fn shows(character: char) -> bool {
    !character.is_whitespace() && !is_default_ignorable(character)
}

/// Boxes in the pages as they are laid out: what no font had, also of the words of a template, and what
/// a font only pretended to have.
pub(crate) fn missing_on(document: &PagedDocument) -> Vec<MissingGlyph> {
    let mut missing = BTreeSet::new();
    let mut judged = HashMap::new();
    for (index, page) in document.pages().iter().enumerate() {
        let mut found = BTreeSet::new();
        look(&page.frame, &mut judged, &mut found);
        missing.extend(found.into_iter().map(|character| MissingGlyph {
            character,
            place: format!("page {}", index + 1),
        }));
    }
    missing.into_iter().collect()
}

type Judged = HashMap<(*const u8, u32, u16), bool>;

fn look(frame: &Frame, judged: &mut Judged, found: &mut BTreeSet<char>) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => look(&group.frame, judged, found),
            FrameItem::Text(text) => judge(text, judged, found),
            FrameItem::Shape(..)
            | FrameItem::Image(..)
            | FrameItem::Link(..)
            | FrameItem::Tag(_) => {}
        }
    }
}

fn judge(item: &TextItem, judged: &mut Judged, found: &mut BTreeSet<char>) {
    let font = item.font.font();
    let own = Fonts::is_own(font);
    for glyph in &item.glyphs {
        let said = item.text.get(glyph.range()).unwrap_or_default();
        let boxed = if glyph.id == 0 {
            true
        } else if own {
            false
        } else {
            let key = (font.data().as_ptr(), font.index(), glyph.id);
            *judged.entry(key).or_insert_with(|| {
                let letter = said.chars().any(char::is_alphanumeric);
                is_box(item.font.ttf(), GlyphId(glyph.id), letter)
            })
        };
        if boxed {
            found.extend(said.chars().filter(|one| shows(*one)));
        }
    }
}

/// Whether a font draws a character, and not the box that stands for what it has not.
pub(crate) fn draws(font: &Font, character: char) -> bool {
    let Ok(face) = Face::parse(font.data(), font.index()) else {
        return false;
    };
    face.glyph_index(character)
        .is_some_and(|glyph| glyph.0 != 0 && !is_box(&face, glyph, character.is_alphanumeric()))
}

/// Whether a glyph is the box, or is nothing where a letter should be.
fn is_box(face: &Face<'_>, glyph: GlyphId, letter: bool) -> bool {
    let drawn = outline(face, glyph);
    if drawn.is_empty() {
        let painted = face.is_color_glyph(glyph)
            || face.glyph_svg_image(glyph).is_some()
            || face.glyph_raster_image(glyph, u16::MAX).is_some();
        return letter && !painted;
    }
    drawn == outline(face, GlyphId(0))
}

fn outline(face: &Face<'_>, glyph: GlyphId) -> Vec<f32> {
    let mut strokes = Strokes(Vec::new());
    face.outline_glyph(glyph, &mut strokes);
    strokes.0
}

/// The points of an outline, one after the other.
struct Strokes(Vec<f32>);

impl OutlineBuilder for Strokes {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.extend([0.0, x, y]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.extend([1.0, x, y]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.0.extend([2.0, x1, y1, x, y]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.0.extend([3.0, x1, y1, x2, y2, x, y]);
    }

    fn close(&mut self) {
        self.0.push(4.0);
    }
}
