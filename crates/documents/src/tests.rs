//! What comes out of the press, looked at from outside.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::thread;

use crate::{
    Document, FontSettings, Kind, Languages, MissingGlyph, Numerals, Orientation, Paper, Picture,
    Press, PrintError, Script, Signatory, Template,
};
use domain::LocalizedText;
use proptest::prelude::*;

/// With our own fonts alone, as on a bare machine.
static PRESS: LazyLock<Press> = LazyLock::new(bare);

fn bare() -> Press {
    Press::new(&FontSettings {
        system: false,
        ..FontSettings::default()
    })
}

fn fonts(file: &str) -> Press {
    let from = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/tests/fonts");
    // A folder of its own: what is in a folder is all used.
    let folder = std::env::temp_dir().join(format!("convoke-fonts-{}-{file}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::copy(from.join(file), folder.join(file)).unwrap();
    Press::new(&FontSettings {
        directories: vec![folder],
        system: false,
        ..FontSettings::default()
    })
}

fn text(chinese: &str, english: &str) -> LocalizedText {
    let texts = BTreeMap::from([
        ("zh-Hans".parse().unwrap(), chinese.to_owned()),
        ("en".parse().unwrap(), english.to_owned()),
    ]);
    LocalizedText::new("zh-Hans".parse().unwrap(), texts).unwrap()
}

fn everything() -> impl Iterator<Item = Document> {
    let kinds = Kind::ALL.into_iter();
    kinds.flat_map(|kind| Languages::ALL.map(|languages| Document::sample(kind, languages)))
}

/// A letter for somebody, with the rest as in the sample.
fn letter_for(name: &str) -> Document {
    let mut document = Document::sample(Kind::AppointmentLetter, Languages::Chinese);
    let Paper::AppointmentLetter(letter) = &mut document.paper else {
        unreachable!()
    };
    letter.appointee.name = text(name, name);
    document
}

fn contains(pdf: &[u8], part: &str) -> bool {
    pdf.windows(part.len())
        .any(|window| window == part.as_bytes())
}

#[test]
fn every_kind_prints_in_every_language() {
    for document in everything() {
        let printed = PRESS.print(&document).unwrap();
        assert!(printed.pdf.starts_with(b"%PDF-1."));
        let pages = match document.kind() {
            Kind::AgendaBooklet => 4..=6,
            Kind::SignInSheet => 2..=3,
            Kind::AppointmentLetter
            | Kind::AwardCertificate
            | Kind::Plaque
            | Kind::AttendanceCertificate => 1..=1,
        };
        assert!(
            pages.contains(&printed.pages),
            "{:?}: {}",
            document.kind(),
            printed.pages
        );
        let language = if document.languages == Languages::English {
            "en-GB"
        } else {
            "zh-CN"
        };
        assert!(
            contains(&printed.pdf, &format!("/Lang({language})")),
            "{:?}",
            document.kind()
        );
        assert!(contains(
            &printed.pdf,
            "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>"
        ));
    }
}

#[test]
fn the_same_document_is_the_same_bytes() {
    let document = Document::sample(Kind::AppointmentLetter, Languages::Both);
    let first = PRESS.print(&document).unwrap();
    assert_eq!(PRESS.print(&document).unwrap(), first);
    let others = [1, 2].map(|_| {
        let document = document.clone();
        thread::spawn(move || bare().print(&document).unwrap())
    });
    for other in others {
        assert_eq!(other.join().unwrap(), first);
    }
    let mut another = document;
    let Paper::AppointmentLetter(letter) = &mut another.paper else {
        unreachable!()
    };
    letter.imprint.number = Some("HY-2027-000124".into());
    assert_ne!(PRESS.print(&another).unwrap(), first);
}

#[test]
fn a_character_that_no_font_has_is_named_with_its_place() {
    let refused = PRESS.print(&letter_for("王𠮷龘")).unwrap_err();
    let missing = |character| MissingGlyph {
        character,
        place: "appointee.name.zh".into(),
    };
    assert_eq!(
        refused,
        PrintError::MissingGlyphs(vec![missing('龘'), missing('𠮷')])
    );
    assert_eq!(PRESS.check(&letter_for("王𠮷龘")).unwrap_err(), refused);
    assert!(
        refused
            .to_string()
            .contains("龘 U+9F98 (appointee.name.zh)")
    );
    assert_eq!(missing('𠮷').script().unwrap().package(), "fonts-noto-cjk");
    // Of what is not printed nothing is asked.
    let mut english = letter_for("王𠮷龘");
    let Paper::AppointmentLetter(letter) = &mut english.paper else {
        unreachable!()
    };
    letter.appointee.name = text("王𠮷龘", "Wang");
    english.languages = Languages::English;
    PRESS.print(&english).unwrap();
}

#[test]
fn a_character_that_a_font_of_a_folder_has_is_set_in_it() {
    for (file, name, family) in [
        ("rare.ttf", "王龘", "NotoSerifSC-Regular"),
        ("rarer.otf", "王𠮷", "NotoSerifCJKjp-Regular"),
    ] {
        let press = fonts(file);
        press.check(&letter_for(name)).unwrap();
        let printed = press.print(&letter_for(name)).unwrap();
        assert!(contains(&printed.pdf, family), "{family}");
    }
}

#[test]
fn a_font_that_draws_a_box_is_found_out() {
    let press = fonts("lying.ttf");
    assert!(!press.covers('龘'));
    let refused = press.print(&letter_for("王龘")).unwrap_err();
    assert!(
        matches!(refused, PrintError::MissingGlyphs(_)),
        "{refused:?}"
    );
    // And where only the page shows it.
    let template = Template::new("龘").unwrap();
    let document = Document {
        template: Some(template),
        ..letter_for("王")
    };
    let place = "page 1".to_owned();
    let missing = vec![MissingGlyph {
        character: '龘',
        place,
    }];
    assert_eq!(
        press.print(&document).unwrap_err(),
        PrintError::MissingGlyphs(missing.clone())
    );
    assert_eq!(
        PRESS.print(&document).unwrap_err(),
        PrintError::MissingGlyphs(missing)
    );
}

#[test]
fn what_a_bare_machine_lacks_can_be_told() {
    assert!(PRESS.covers('聘') && PRESS.covers('玥') && PRESS.covers('〇') && PRESS.covers('ǚ'));
    assert!(PRESS.families().contains(&"Noto Serif SC".to_owned()));
    let wanting = PRESS.wanting();
    assert!(!wanting.contains(&Script::Latin) && !wanting.contains(&Script::Chinese));
    assert!(wanting.contains(&Script::RareChinese) && wanting.contains(&Script::Korean));
}

/// Everything that the committed examples say can be printed by our own fonts.
#[test]
fn our_own_fonts_have_what_the_examples_say() {
    let examples = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    for entry in std::fs::read_dir(examples).unwrap() {
        let path = entry.unwrap().path();
        let Ok(said) = std::fs::read_to_string(&path) else {
            continue;
        };
        let lacking: String = said
            .chars()
            .filter(|one| !one.is_whitespace() && !PRESS.covers(*one))
            .collect();
        assert_eq!(lacking, "", "{}: cut the fonts anew", path.display());
    }
}

#[test]
fn much_and_little_to_say_stay_on_one_page() {
    let long = "Maximiliana Wilhelmina Theodora von Hohenexample-Musterhausen";
    let name = text("阿卜杜热合曼·买买提吐尔逊·艾尔肯江·努尔买买提·示例", long);
    assert!(long.len() >= 60);
    let posts = text(
        "示例大学党委常委、副校长\n示例市高校产业技术联盟理事长",
        "Vice President\nPresident of the Alliance",
    );
    for languages in Languages::ALL {
        for orientation in [Orientation::Portrait, Orientation::Landscape] {
            let mut document = Document::sample(Kind::AppointmentLetter, languages);
            let Paper::AppointmentLetter(letter) = &mut document.paper else {
                unreachable!()
            };
            letter.orientation = orientation;
            letter.appointee.name = name.clone();
            let issuer = letter.imprint.issuers.last().unwrap().clone();
            letter.imprint.issuers = vec![issuer; 8];
            letter.imprint.signatory = Some(Signatory {
                post: Some(posts.clone()),
                name: name.clone(),
                signature: None,
            });
            assert_eq!(
                PRESS.print(&document).unwrap().pages,
                1,
                "much, {languages:?} {orientation:?}"
            );

            let Paper::AppointmentLetter(letter) = &mut document.paper else {
                unreachable!()
            };
            let imprint = &mut letter.imprint;
            imprint.issuers.truncate(1);
            (imprint.signatory, imprint.logo, imprint.seal) = (None, None, None);
            (imprint.number, imprint.verification) = (None, None);
            imprint.numerals = Numerals::Figures;
            (letter.term, letter.reason, letter.body) = (None, None, None);
            assert_eq!(
                PRESS.print(&document).unwrap().pages,
                1,
                "little, {languages:?} {orientation:?}"
            );
        }
    }
}

#[test]
fn pictures_of_each_kind_are_printed() {
    let png = include_bytes!("tests/pictures/dot.png").to_vec();
    let jpeg = include_bytes!("tests/pictures/dot.jpg").to_vec();
    let mut document = letter_for("王示例");
    let Paper::AppointmentLetter(letter) = &mut document.paper else {
        unreachable!()
    };
    letter.imprint.logo = Some(Picture::new(png).unwrap());
    letter.imprint.seal = Some(Picture::new(jpeg).unwrap());
    PRESS.print(&document).unwrap();
}

#[test]
fn an_address_that_no_code_can_hold_is_refused() {
    let mut document = letter_for("王示例");
    let Paper::AppointmentLetter(letter) = &mut document.paper else {
        unreachable!()
    };
    letter.imprint.verification = Some("long".repeat(1_000));
    assert!(matches!(
        PRESS.print(&document),
        Err(PrintError::AddressTooLong(_))
    ));
}

fn with_template(source: &str) -> Result<usize, PrintError> {
    let template = Some(Template::new(source).unwrap());
    let document = Document {
        template,
        ..letter_for("王示例")
    };
    PRESS.print(&document).map(|printed| printed.pages)
}

#[test]
fn a_workspace_may_have_a_template_of_its_own() {
    let own = "#import \"/house.typ\": *\n= #words[聘书][Letter]\n#han(data.appointee.name.zh) #verification()\n#pagebreak()\n#foot(12pt)";
    assert_eq!(with_template(own), Ok(2));
    for kind in Kind::ALL {
        let template = Template::new(kind.template());
        let document = Document {
            template,
            ..Document::sample(kind, Languages::Both)
        };
        PRESS.print(&document).unwrap();
    }
}

/// A page is set at the first size that it has room for, whatever it is made of: no smaller one is tried, and
/// the last is taken whatever becomes of it.
#[test]
fn a_page_is_set_as_large_as_it_can_be() {
    let stopped_at = |parts: &str, at: u8, end: &str| {
        let source = format!(
            "#import \"/house.typ\": *\n#set page(height: 100mm, margin: 0mm)\n#settle({parts}, part => {{ \
             if part == {at} {{ panic(\"tried\") }}; block(height: part * 30mm); v(1fr); {end} }})"
        );
        with_template(&source).is_err()
    };
    // The page is 100 mm high: 90 mm and one of these have room on it.
    let ends = [
        "[End]",
        "block[End]",
        "block(height: 9mm)",
        "grid(columns: 2, align: bottom, [End], block(height: 8mm))",
        "layout(area => block(height: 8mm))",
    ];
    for end in ends {
        for tried in [5, 4, 3] {
            assert!(stopped_at("(5, 4, 3, 2)", tried, end), "{tried} {end}");
        }
        assert!(!stopped_at("(5, 4, 3, 2)", 2, end), "{end}");
        assert!(stopped_at("(9, 8)", 8, end), "{end}");
        assert!(!stopped_at("(9, 8)", 7, end), "{end}");
    }
    // 90 mm and one of these have none.
    for much in [
        "block(height: 12mm)",
        "grid(columns: 2, align: bottom, [End], block(height: 12mm))",
        "grid(columns: 1, block(height: 6mm), block(height: 6mm))",
        "block(text(size: 12mm, top-edge: \"ascender\")[End])",
    ] {
        assert!(stopped_at("(3, 2)", 2, much), "{much}");
    }
}

#[test]
fn what_is_wrong_with_a_template_is_told_with_its_line() {
    for (source, line, message) in [
        ("a\n#nothing", Some(2), "unknown variable"),
        ("#let a = (\nb", Some(1), "unclosed delimiter"),
        (
            "\n#import \"/house.typ\": *\n#said(data.nobody)",
            Some(3),
            "does not contain key",
        ),
        ("\n\n#read(\"/etc/passwd\")", Some(3), "and nothing else"),
        ("#import \"@preview/cetz:0.3.0\"", Some(1), "no packages"),
        ("#datetime.today()", Some(1), "date"),
        ("#plugin(bytes((1, 2)))", Some(1), "expected function"),
        ("#eval(\"1\")", Some(1), "expected function"),
        ("#std.eval(\"1\")", Some(1), "expected function"),
        ("#while true {}", Some(1), "always true"),
        (
            "#{ let n = 1; while n > 0 { n += 1 } }",
            Some(1),
            "infinite",
        ),
        ("#let f(n) = f(n + 1)\n#f(1)", Some(1), "depth"),
        ("#image(\"/logo.gif\")", Some(1), "and nothing else"),
    ] {
        let Err(PrintError::Template(faults)) = with_template(source) else {
            panic!("{source} is taken")
        };
        assert_eq!(faults[0].line, line, "{source}: {faults:?}");
        assert!(faults[0].message.contains(message), "{source}: {faults:?}");
    }
    assert!(Template::new("a".repeat(Template::LONGEST + 1)).is_none());
}

#[test]
fn a_template_with_too_many_pages_is_refused() {
    let refused = with_template("#for _ in range(2100) { pagebreak() }");
    assert!(
        matches!(refused, Err(PrintError::TooManyPages { .. })),
        "{refused:?}"
    );
}

/// What a paper with this name for everything comes to: printed, or a clear refusal.
fn with_name(kind: Kind, name: &str) -> Result<(), PrintError> {
    let mut document = Document::sample(kind, Languages::Both);
    let said = text(name, name);
    match &mut document.paper {
        Paper::AppointmentLetter(letter) => {
            letter.appointee.name = said.clone();
            letter.reason = Some(said.clone());
            letter.imprint.issuers = vec![said];
            letter.imprint.number = Some(name.to_owned());
        }
        Paper::AwardCertificate(award) => {
            award.recipient = said.clone();
            award.award = said;
        }
        Paper::Plaque(plaque) => plaque.title = said,
        Paper::AttendanceCertificate(attendance) => {
            attendance.attendee.name = said.clone();
            attendance.sessions = vec![said];
        }
        Paper::AgendaBooklet(booklet) => {
            booklet.event = said.clone();
            booklet.agenda[0].entries[1].title = said;
        }
        Paper::SignInSheet(sheet) => {
            sheet.rows.truncate(2);
            sheet.rows[0].name = said;
        }
    }
    PRESS.print(&document).map(drop)
}

#[test]
fn no_text_becomes_markup() {
    let name = "#panic() *a* _b_ $x$ `c` \\ ] [ } { <d> @e = f / - + // /* */ \"g\" 'h' ~ https://example.org";
    for kind in Kind::ALL {
        with_name(kind, name).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_text_prints_or_is_refused_for_its_characters(
        name in prop_oneof![
            "[ -~\\n]{1,60}",
            "[#$\\\\\\[\\]{}*_`<>@=/~\"'-]{1,30}",
            "[\\u{4e00}-\\u{9fff}，。（）\u{3000}]{1,40}",
            ".{1,40}",
            "\\PC{1,40}",
        ],
        kind in prop::sample::select(Kind::ALL.to_vec()),
    ) {
        let result = with_name(kind, &name);
        prop_assert!(
            matches!(result, Ok(()) | Err(PrintError::MissingGlyphs(_))),
            "{name:?}: {result:?}"
        );
    }
}
