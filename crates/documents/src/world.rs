//! What a template can see.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use typst::diag::{FileError, FileResult};
use typst::foundations::{Binding, Bytes, Datetime, Duration, Value};
use typst::syntax::{FileId, Source, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};

use crate::document::Kind;
use crate::fonts::Fonts;
use crate::worker::Workers;

/// Sets title, language and fonts, and has the template do the rest.
static MAIN: LazyLock<Source> =
    LazyLock::new(|| Source::detached(include_str!("../templates/main.typ")));
const HOUSE: &str = include_str!("../templates/house.typ");
/// The frames of certificates.
const LANDSCAPE: &str = include_str!("../templates/frame-landscape.svg");
const PORTRAIT: &str = include_str!("../templates/frame-portrait.svg");
pub(crate) const TEMPLATE: &str = "/template.typ";

/// What every document is set with: fonts, Typst's library, our templates, frames.
pub(crate) struct Shop {
    pub(crate) fonts: Fonts,
    library: LazyHash<Library>,
    house: OnceLock<Source>,
    templates: BTreeMap<Kind, OnceLock<Source>>,
    frames: [(&'static str, Bytes); 2],
    /// Who sets templates that are not ours, if anybody else.
    pub(crate) workers: Option<Workers>,
}

impl Shop {
    pub(crate) fn new(fonts: Fonts) -> Self {
        Self {
            fonts,
            library: LazyHash::new(library()),
            house: OnceLock::new(),
            templates: Kind::ALL.map(|kind| (kind, OnceLock::new())).into(),
            frames: [
                ("/frame-landscape.svg", Bytes::from_string(LANDSCAPE)),
                ("/frame-portrait.svg", Bytes::from_string(PORTRAIT)),
            ],
            workers: None,
        }
    }
}

/// Typst's library without what reaches outside, or makes markup of texts.
fn library() -> Library {
    let mut library = Library::default();
    for name in ["plugin", "eval"] {
        let nothing = Binding::detached(Value::None);
        library.global.scope_mut().bind(name.into(), nothing);
    }
    library.std = Binding::detached(library.global.clone());
    library
}

/// One document on its way: the shop, its template, its values and its pictures.
pub(crate) struct Desk<'a> {
    shop: &'a Shop,
    kind: Kind,
    /// The template of the workspace.
    foreign: Option<(&'a str, OnceLock<Source>)>,
    data: Bytes,
    files: &'a [(String, Bytes)],
    /// Which of its sizes a page is set at.
    step: usize,
}

impl<'a> Desk<'a> {
    pub(crate) fn new(
        shop: &'a Shop,
        kind: Kind,
        foreign: Option<&'a str>,
        data: Bytes,
        files: &'a [(String, Bytes)],
    ) -> Self {
        Self {
            shop,
            kind,
            foreign: foreign.map(|source| (source, OnceLock::new())),
            data,
            files,
            step: 0,
        }
    }

    /// Which of its sizes the page is set at.
    pub(crate) fn step(&self) -> usize {
        self.step
    }

    /// The same at the next size.
    pub(crate) fn next(&mut self) {
        self.step += 1;
    }
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.shop.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.shop.fonts.book()
    }

    fn main(&self) -> FileId {
        MAIN.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == MAIN.id() {
            return Ok(MAIN.clone());
        }
        let kept = |place: &OnceLock<Source>, text: &str| {
            place
                .get_or_init(|| Source::new(id, text.to_owned()))
                .clone()
        };
        match path(id)? {
            "/house.typ" => Ok(kept(&self.shop.house, HOUSE)),
            TEMPLATE => match (&self.foreign, self.shop.templates.get(&self.kind)) {
                (Some((text, place)), _) => Ok(kept(place, text)),
                (None, Some(place)) => Ok(kept(place, self.kind.template())),
                (None, None) => Err(nothing_there()),
            },
            _ => Err(nothing_there()),
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let path = path(id)?;
        if path == "/data.json" {
            return Ok(self.data.clone());
        }
        if path == "/step.json" {
            return Ok(Bytes::from_string(self.step.to_string()));
        }
        let own = self
            .files
            .iter()
            .map(|(name, bytes)| (name.as_str(), bytes));
        let frames = self.shop.frames.iter().map(|(name, bytes)| (*name, bytes));
        own.chain(frames)
            .find(|(name, _)| *name == path)
            .map(|(_, bytes)| bytes.clone())
            .ok_or_else(nothing_there)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shop.fonts.font(index)
    }

    /// There is no clock here.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn path(id: FileId) -> FileResult<&'static str> {
    let path = id.get();
    if !matches!(path.root(), VirtualRoot::Project) {
        return Err(FileError::Other(Some("a template has no packages".into())));
    }
    Ok(path.vpath().get_with_slash())
}

fn nothing_there() -> FileError {
    FileError::Other(Some(
        "a template reads what its document brings, and nothing else".into(),
    ))
}
