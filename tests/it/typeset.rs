//! Templates of workspaces are set in processes of the program, which are bounded.

use std::ffi::OsString;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use documents::{
    Document, FontSettings, Kind, Languages, Press, PrintError, Printed, Template, WorkerSettings,
};
use tests::binary;

/// A press whose workers are those of the program that was built.
fn press(patience: Duration) -> Press {
    let fonts = FontSettings::default();
    let workers = WorkerSettings {
        program: binary().to_owned(),
        arguments: vec![OsString::from("typeset")],
        patience,
    };
    Press::with_workers(&fonts, workers)
}

fn set(press: &Press, source: &str) -> Result<Printed, PrintError> {
    press.print(&Document {
        template: Template::new(format!("#import \"/house.typ\": *\n{source}")),
        ..Document::sample(Kind::Plaque, Languages::Both)
    })
}

const LONG: Duration = Duration::from_mins(1);
const ENDLESS: &str = "#{ for a in range(9000) { for b in range(9000) { for c in range(9000) { let d = a * b * c } } } }";

#[test]
fn a_template_is_set_as_it_would_be_here() {
    let own = Kind::Plaque.template();
    let there = press(LONG);
    let sample = Document::sample(Kind::Plaque, Languages::Both);
    let ours = there.print(&sample).expect("a plaque");
    let theirs = there.print(&Document {
        template: Template::new(own),
        ..sample.clone()
    });
    let here = Press::new(&FontSettings::default()).print(&Document {
        template: Template::new(own),
        ..sample
    });
    assert_eq!(theirs, here);
    assert_eq!(theirs.expect("a plaque").pages, ours.pages);
}

#[test]
fn what_is_wrong_with_a_template_is_told_from_afar() {
    let error = set(&press(LONG), "#let a = 1\n#panic(\"no\")").expect_err("a fault");
    let PrintError::Template(faults) = error else {
        panic!("{error}");
    };
    assert_eq!(faults.first().and_then(|fault| fault.line), Some(3));
    let error = set(&press(LONG), "\u{13000}").expect_err("no such glyph");
    assert!(matches!(error, PrintError::MissingGlyphs(_)), "{error}");
}

#[test]
fn one_that_does_not_end_is_ended_and_others_go_on() {
    let program = press(Duration::from_secs(10));
    at_once(4, || {
        let error = set(&program, ENDLESS).expect_err("an end");
        assert!(matches!(error, PrintError::RunsAway(_)), "{error}");
    });
    // All four places are free again, and more wait for them.
    at_once(9, || {
        set(&program, "Short").expect("a page");
    });
}

#[test]
fn a_page_that_never_settles_is_set_all_the_same() {
    let never =
        "[#metadata(1pt)<settled-from>]\n#block(height: 5cm)[x]\n[#metadata(none)<settled-to>]";
    let never = never.replace("[#", "#").replace(">]", ">");
    set(&press(LONG), &never).expect("a page");
}

#[test]
fn what_is_wrong_is_told_in_short() {
    let error = set(&press(LONG), "#panic(\"a\" * 200000000)").expect_err("a fault");
    assert!(error.to_string().len() < 10_000);
}

/// However many cores a machine has, what a worker begins with is not counted as what a template takes.
#[cfg(unix)]
#[test]
fn what_surrounds_a_worker_does_not_matter() {
    let fonts = FontSettings::default();
    let workers = WorkerSettings {
        program: PathBuf::from("env"),
        arguments: [
            OsString::from("TOKIO_WORKER_THREADS=64"),
            binary().into(),
            OsString::from("typeset"),
        ]
        .into(),
        patience: LONG,
    };
    let press = Press::with_workers(&fonts, workers);
    set(&press, "A #pagebreak() B").expect("two pages");
}

#[cfg(unix)]
#[test]
fn a_program_that_cannot_begin_or_does_something_else_is_no_fault_of_the_template() {
    for program in ["/nowhere/at/all", "false", "true"] {
        let workers = WorkerSettings {
            program: PathBuf::from(program),
            arguments: Vec::new(),
            patience: LONG,
        };
        let press = Press::with_workers(&FontSettings::default(), workers);
        let error = set(&press, "Short").expect_err("no worker");
        assert!(matches!(error, PrintError::Typesetter(_)), "{error}");
    }
}

fn at_once(many: usize, what: impl Fn() + Sync) {
    thread::scope(|scope| {
        for _ in 0..many {
            scope.spawn(&what);
        }
    });
}

#[cfg(target_os = "linux")]
#[test]
fn one_that_takes_more_memory_than_there_is_harms_nobody() {
    let press = press(LONG);
    for greedy in [
        "#{ let a = \"a\" * 100000000000 }",
        "#{ let a = (0,) * 4000000000 }",
    ] {
        let error = set(&press, greedy).expect_err("too much");
        assert!(
            matches!(error, PrintError::Exhausted(_)),
            "{greedy}: {error}"
        );
    }
    set(&press, "Short").expect("a page");
}
