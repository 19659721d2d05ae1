//! Templates of workspaces are set in processes of the program, which are bounded.

use std::ffi::OsString;
use std::thread;
use std::time::{Duration, Instant};

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
    let press = press(Duration::from_secs(2));
    let begun = Instant::now();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let error = set(&press, ENDLESS).expect_err("an end");
                assert!(matches!(error, PrintError::RunsAway(_)), "{error}");
            });
        }
    });
    // All places are free again.
    for _ in 0..5 {
        set(&press, "Short").expect("a page");
    }
    assert!(begun.elapsed() < LONG);
}

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
