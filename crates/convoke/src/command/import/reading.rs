//! Reading what is to be imported: an event document, or a schedule with all that is odd about it.

use std::path::Path;

use domain::Problem;
use domain::event_document::EventDocument;
use interchange::schedule::{self, Choices, Lowered, Oddities};
use persistence::ImportStage;

use crate::cli::{ImportArguments, ImportFormat};
use crate::output::note;

/// Reads a file: the document, and what was odd about it.
pub(super) fn read(
    file: &Path,
    text: &str,
    arguments: &ImportArguments,
) -> Result<(EventDocument, Oddities), Vec<Problem>> {
    let format = match arguments.format.unwrap_or_else(|| guessed(file, text)) {
        ImportFormat::EventDocument => {
            let document = interchange::event_document::read(text)?;
            return Ok((document, Oddities::default()));
        }
        ImportFormat::ScheduleXml => schedule::Format::Xml,
        ImportFormat::ScheduleJson => schedule::Format::Json,
    };
    let choices = Choices {
        slug: arguments.slug.clone(),
        time_zone: arguments.time_zone,
        language: arguments.language.clone(),
    };
    let lowered = schedule::import(text, format, &choices)?;
    let Lowered { document, oddities } = lowered;
    Ok((document, oddities))
}

/// What a file looks like. Event documents are written by hand and have a key of their own;
/// schedules are XML, or JSON whose object holds a schedule.
fn guessed(file: &Path, text: &str) -> ImportFormat {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let is_xml = file
        .extension()
        .is_some_and(|one| one.eq_ignore_ascii_case("xml"));
    if is_xml || text.starts_with('<') {
        return ImportFormat::ScheduleXml;
    }
    if text.starts_with('{') && schedule::is_json(text) {
        return ImportFormat::ScheduleJson;
    }
    ImportFormat::EventDocument
}

/// Tells what was odd: how much of each kind, with the first of it; or all of it.
pub(super) fn tell_oddities(file: &str, oddities: &Oddities, verbose: bool) {
    if verbose {
        for oddity in oddities.told() {
            note(&format!("{file}: {oddity} [{}]", oddity.kind));
        }
    }
    let told = oddities.told().len();
    for (kind, count) in oddities.counts() {
        let meaning = kind.meaning();
        note(&format!("{file}: {count} × {kind}: {meaning}"));
        let first = oddities.told().iter().find(|oddity| oddity.kind == *kind);
        if let Some(first) = first.filter(|_| !verbose) {
            note(&format!("    {first}"));
        }
    }
    if told > 0 && !verbose {
        note(&format!("{file}: --verbose tells all of them one by one"));
    }
}

/// A stage of an import, in a word.
pub(super) fn stage(stage: ImportStage) -> &'static str {
    match stage {
        ImportStage::Reading => "reading what is known",
        ImportStage::Comparing => "comparing",
        ImportStage::Writing => "writing",
        ImportStage::Ending => "ending",
    }
}
