//! `convoke typeset`: what a server has its templates of workspaces set by. Nobody calls it by hand.

use std::ffi::OsString;

use crate::cli::FontArguments;
use crate::failure::Failure;
use crate::paper;

/// What it is called with, to have these fonts.
pub(crate) fn arguments(fonts: &FontArguments) -> Vec<OsString> {
    let folders = fonts.fonts.iter().map(|one| ("--fonts", one.into()));
    let families = &fonts.font_families;
    let families = families.iter().map(|one| ("--font-family", one.into()));
    let options = folders.chain(families);
    let options = options.flat_map(|(name, value): (_, OsString)| [name.into(), value]);
    std::iter::once("typeset".into()).chain(options).collect()
}

pub(crate) fn run(arguments: &FontArguments) -> Result<(), Failure> {
    documents::work(&paper::fonts(arguments)).map_err(Failure::io("cannot set type"))
}
