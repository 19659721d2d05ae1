//! What the program says: results on standard output, everything else on standard error. A reader
//! who has gone away (a closed pipe) is no reason to fail.

use std::io::Write;

/// Says a line of the result.
pub(crate) fn say(line: &str) {
    drop(writeln!(std::io::stdout().lock(), "{line}"));
}

/// Says something besides the result.
pub(crate) fn note(line: &str) {
    drop(writeln!(std::io::stderr().lock(), "{line}"));
}

/// Says what went wrong.
pub(crate) fn complain(line: &str) {
    drop(writeln!(std::io::stderr().lock(), "error: {line}"));
}

/// Says a text of many lines as it is.
pub(crate) fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    drop(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
}
