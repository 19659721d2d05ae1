//! What the program says: results on standard output, everything else on standard error. A reader
//! who has gone away (a closed pipe) is no reason to fail; a result that could not be written is.

use std::io::{ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
/// Whether a part of the result was lost.
static LOST: AtomicBool = AtomicBool::new(false);

/// Says a line of the result.
pub(crate) fn say(line: &str) {
    print(&format!("{line}\n"));
}

/// Says a text of many lines as it is.
pub(crate) fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            LOST.store(true, Ordering::Relaxed);
            complain(&format!("cannot write the result: {error}"));
        }
        Ok(()) | Err(_) => {}
    }
}

/// Whether all that was said as a result has arrived.
pub(crate) fn is_complete() -> bool {
    !LOST.load(Ordering::Relaxed)
}

/// Says something besides the result.
pub(crate) fn note(line: &str) {
    drop(writeln!(std::io::stderr().lock(), "{line}"));
}

/// How far something has come that takes a while: shown on a terminal, and nowhere else.
pub(crate) fn progress_bar(length: u64, template: &str) -> ProgressBar {
    let bar = ProgressBar::new(length);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// Says what went wrong.
pub(crate) fn complain(line: &str) {
    drop(writeln!(std::io::stderr().lock(), "error: {line}"));
}
