//! Where documents are printed.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use chrono::{Datelike as _, NaiveDate};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::{Bytes, Datetime, Smart};
use typst::{World as _, WorldExt as _};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::document::{Document, Kind};
use crate::error::{MissingGlyph, PrintError, TemplateFault};
use crate::fonts::{FontSettings, Fonts, Script};
use crate::glyphs;
use crate::settled;
use crate::specimen;
use crate::worker::{WorkerSettings, Workers};
use crate::world::{Desk, Shop, TEMPLATE};

/// How many documents something stays in Typst's cache without being used.
const KEPT: usize = 2;
/// How many sizes a page is tried at.
const MOST_SIZES: usize = 64;
/// As much is told of what is wrong with a template: so many faults, so many characters each.
const MOST_FAULTS: usize = 50;
const LONGEST_FAULT: usize = 2_000;
/// Pages that a document may have.
const MOST_PAGES: usize = 2_000;
/// Typst calls itself for what stands within something else.
pub(crate) const STACK: usize = 16 * 1024 * 1024;

/// Where documents are printed: the fonts, and what has been set before. Made once and shared; a clone is
/// the same press.
#[derive(Clone)]
pub struct Press(Arc<Shop>);

/// A document as it is handed out, unsigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The bytes of the PDF.
    pub pdf: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
}

impl Press {
    /// Looks for fonts, which takes a moment where there are many. Templates that are not ours are set
    /// here as well, with nothing to stop them: [`with_workers`](Self::with_workers) is for where strangers write them.
    pub fn new(fonts: &FontSettings) -> Self {
        Self(Arc::new(Shop::new(Fonts::new(fonts))))
    }

    /// The same, which has templates that are not ours set in processes of their own, bounded in time and
    /// memory. None is begun before there is something to do.
    pub fn with_workers(fonts: &FontSettings, workers: WorkerSettings) -> Self {
        let mut shop = Shop::new(Fonts::new(fonts));
        shop.workers = Some(Workers::new(workers));
        Self(Arc::new(shop))
    }

    /// The families that there are to set with.
    pub fn families(&self) -> Vec<String> {
        self.0.fonts.families()
    }

    /// Whether any font can draw a character.
    pub fn covers(&self, character: char) -> bool {
        self.0.fonts.covers(character)
    }

    /// The scripts that some font is wanting for. [`Script::package`] says what to install.
    pub fn wanting(&self) -> Vec<Script> {
        let lacks = |script: &Script| !script.sample().chars().all(|one| self.covers(one));
        Script::ALL.into_iter().filter(lacks).collect()
    }

    /// Whether every character of a document can be drawn, without setting it: some microseconds. What
    /// only a look at the pages can tell, [`print`](Self::print) tells.
    pub fn check(&self, document: &Document) -> Result<(), PrintError> {
        self.checked(&document.composed()?.data)
    }

    fn checked(&self, data: &Value) -> Result<(), PrintError> {
        match glyphs::missing_in(data, &self.0.fonts) {
            none if none.is_empty() => Ok(()),
            missing => Err(PrintError::MissingGlyphs(missing)),
        }
    }

    /// Prints a document.
    pub fn print(&self, document: &Document) -> Result<Printed, PrintError> {
        let mut composed = document.composed()?;
        self.checked(&composed.data)?;
        if let Some(data) = composed.data.as_object_mut() {
            data.insert("fonts".into(), self.order());
        }
        let data = composed.data.to_string();
        let mut hash = Sha256::new();
        hash.update(document.source());
        hash.update(&data);
        for (name, bytes) in &composed.files {
            hash.update(name);
            hash.update(bytes);
        }
        let job = Job {
            kind: document.kind(),
            foreign: document
                .template
                .as_ref()
                .map(|own| own.source().to_owned()),
            data: Bytes::from_string(data),
            files: composed.files,
            date: composed.date,
            ident: HEXLOWER.encode(&hash.finalize()),
            is_specimen: document.is_specimen,
        };
        match (&job.foreign, &self.0.workers) {
            (None, _) => job.done(&self.0),
            (Some(_), Some(workers)) => workers.done(&job),
            (Some(_), None) => job.done_with_room(&self.0),
        }
    }

    /// The fonts of each language in order, as Typst's `text` takes them.
    fn order(&self) -> Value {
        let [latin, chinese, titles] = self.0.fonts.order();
        // Quotation marks, dots and dashes of a Chinese text are Chinese ones.
        let figures = json!({ "name": Fonts::latin(), "covers": "latin-in-cjk" });
        let chinese: Vec<Value> = std::iter::once(figures)
            .chain(chinese.into_iter().map(Value::from))
            .collect();
        json!({ "en": latin, "zh": chinese, "title": titles })
    }
}

impl fmt::Debug for Press {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Press")
            .field("families", &self.families().len())
            .finish()
    }
}

/// A document to be set, with all that it needs.
pub(crate) struct Job {
    pub(crate) kind: Kind,
    /// A template that is not ours.
    pub(crate) foreign: Option<String>,
    pub(crate) data: Bytes,
    pub(crate) files: Vec<(String, Bytes)>,
    pub(crate) date: NaiveDate,
    pub(crate) ident: String,
    /// Whether nobody was given it.
    pub(crate) is_specimen: bool,
}

impl Job {
    /// On a thread with a stack for whatever a template stacks up.
    fn done_with_room(&self, shop: &Shop) -> Result<Printed, PrintError> {
        thread::scope(|scope| {
            let thread = thread::Builder::new().stack_size(STACK);
            let begun = thread.spawn_scoped(scope, || self.done(shop));
            let failed = |what: String| Err(PrintError::Typesetter(what));
            match begun.map(thread::ScopedJoinHandle::join) {
                Ok(Ok(done)) => done,
                Ok(Err(_panic)) => failed("it ended without a word".into()),
                Err(error) => failed(error.to_string()),
            }
        })
    }

    pub(crate) fn done(&self, shop: &Shop) -> Result<Printed, PrintError> {
        let result = catch_unwind(AssertUnwindSafe(|| self.set(shop)));
        // Of what other letters said nothing is kept for long.
        comemo::evict(KEPT);
        result.unwrap_or_else(|panic| {
            let said = panic.downcast_ref::<String>().map(String::as_str);
            let said = said.or_else(|| panic.downcast_ref::<&str>().copied());
            Err(PrintError::Typesetter(
                said.unwrap_or("it panicked").to_owned(),
            ))
        })
    }

    fn set(&self, shop: &Shop) -> Result<Printed, PrintError> {
        let foreign = self.foreign.as_deref();
        let mut desk = Desk::new(shop, self.kind, foreign, self.data.clone(), &self.files);
        let document = loop {
            let Warned { output, .. } = typst::compile::<PagedDocument>(&desk);
            let document = output.map_err(|faults| self.refused(&desk, &faults))?;
            if settled::fits(&document) || desk.step() >= MOST_SIZES {
                break document;
            }
            desk.next();
        };
        let pages = document.pages().len();
        if pages > MOST_PAGES {
            let most = MOST_PAGES;
            return Err(PrintError::TooManyPages { pages, most });
        }
        let document = if self.is_specimen {
            let template = Some(specimen::TEMPLATE);
            let desk = Desk::new(shop, self.kind, template, self.data.clone(), &[]);
            let mark = typst::compile::<PagedDocument>(&desk).output;
            specimen::marked(
                &document,
                &mark.map_err(|faults| self.refused(&desk, &faults))?,
            )
        } else {
            document
        };
        let missing: Vec<MissingGlyph> = glyphs::missing_on(&document);
        if !missing.is_empty() {
            return Err(PrintError::MissingGlyphs(missing));
        }
        let options = self.options()?;
        let pdf = typst_pdf::pdf(&document, &options);
        let pdf = pdf.map_err(|faults| self.refused(&desk, &faults))?;
        Ok(Printed { pdf, pages })
    }

    fn options(&self) -> Result<PdfOptions, PrintError> {
        let standards = PdfStandards::new(&[PdfStandard::A_2a]);
        let standards =
            standards.map_err(|error| PrintError::Typesetter(error.message().to_string()))?;
        Ok(PdfOptions {
            ident: Smart::Custom(self.ident.clone()),
            creator: Smart::Custom(Some("Convoke".into())),
            timestamp: midnight(self.date).map(Timestamp::new_utc),
            standards,
            ..PdfOptions::default()
        })
    }

    fn refused(&self, desk: &Desk<'_>, faults: &[SourceDiagnostic]) -> PrintError {
        let faults = faults.iter().take(MOST_FAULTS);
        let faults: Vec<_> = faults.map(|fault| located(desk, fault)).collect();
        if self.foreign.is_some() {
            return PrintError::Template(faults);
        }
        let said: Vec<_> = faults.iter().map(ToString::to_string).collect();
        PrintError::Typesetter(said.join("; "))
    }
}

/// A fault with its place in the template: where it is, or else from where it was called.
fn located(desk: &Desk<'_>, fault: &SourceDiagnostic) -> TemplateFault {
    let calls = fault.trace.iter().map(|call| call.span.into());
    let place = std::iter::once(fault.span).chain(calls).find_map(|span| {
        let id = span.id()?;
        if id.get().vpath().get_with_slash() != TEMPLATE {
            return None;
        }
        let range = desk.range(span)?;
        let source = desk.source(id).ok()?;
        source.lines().byte_to_line_column(range.start)
    });
    TemplateFault {
        line: place.map(|(line, _)| line + 1),
        column: place.map(|(_, column)| column + 1),
        message: in_short(&fault.message),
        hints: fault
            .hints
            .iter()
            .take(MOST_FAULTS)
            .map(|hint| in_short(&hint.v))
            .collect(),
    }
}

/// A template may say anything at any length.
fn in_short(said: &str) -> String {
    said.chars().take(LONGEST_FAULT).collect()
}

fn midnight(date: NaiveDate) -> Option<Datetime> {
    let month = u8::try_from(date.month()).ok()?;
    let day = u8::try_from(date.day()).ok()?;
    Datetime::from_ymd_hms(date.year(), month, day, 0, 0, 0)
}
