//! Prints samples: `print KIND LANGUAGES FILE.pdf`, or `print all FOLDER` for every one. `print values FOLDER` writes what
//! their templates see.
//!
//! `just check-documents` has other people's programs judge what it writes.

use std::error::Error;
use std::fs;
use std::path::Path;

use documents::{Document, FontSettings, Kind, Languages, Orientation, Paper, Press, Template};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    // With our own fonts alone, so that it shows what a bare machine prints.
    let press = Press::new(&FontSettings {
        system: false,
        ..FontSettings::default()
    });
    match arguments.as_slice() {
        [all, folder] if all == "all" => {
            fs::create_dir_all(folder)?;
            for kind in Kind::ALL {
                for languages in Languages::ALL {
                    let name = format!("{}-{}", kind.name(), name(languages));
                    let document = Document::sample(kind, languages);
                    print(&press, &document, &Path::new(folder).join(name + ".pdf"))?;
                }
            }
            for languages in Languages::ALL {
                let mut document = Document::sample(Kind::AppointmentLetter, languages);
                if let Paper::AppointmentLetter(letter) = &mut document.paper {
                    letter.orientation = Orientation::Landscape;
                }
                let name = format!("appointment-letter-landscape-{}.pdf", name(languages));
                print(&press, &document, &Path::new(folder).join(name))?;
            }
            print(&press, &specimen(), &Path::new(folder).join("specimen.pdf"))
        }
        [values, folder] if values == "values" => {
            fs::create_dir_all(folder)?;
            for kind in Kind::ALL {
                for languages in Languages::ALL {
                    let name = format!("{}-{}.json", kind.name(), name(languages));
                    let values = Document::sample(kind, languages).values()?;
                    fs::write(Path::new(folder).join(name), values.to_string())?;
                }
            }
            Ok(())
        }
        [kind, languages, file] => {
            let kind = Kind::ALL.into_iter().find(|one| one.name() == kind);
            let languages = Languages::ALL
                .into_iter()
                .find(|one| name(*one) == languages);
            let (Some(kind), Some(languages)) = (kind, languages) else {
                return Err("no such kind or language".into());
            };
            print(&press, &Document::sample(kind, languages), Path::new(file))
        }
        _ => Err("print KIND zh|en|zh-en FILE.pdf, or: print all|values FOLDER".into()),
    }
}

/// A specimen by a template that covers the whole page with something of its own.
fn specimen() -> Document {
    let own = "#import \"/house.typ\": *\n#set page(foreground: rect(width: 100%, height: 100%, fill: white))\n\
        #pagebreak()\nOf its own";
    Document {
        template: Template::new(own),
        is_specimen: true,
        ..Document::sample(Kind::AppointmentLetter, Languages::English)
    }
}

fn print(press: &Press, document: &Document, file: &Path) -> Result<(), Box<dyn Error>> {
    fs::write(file, press.print(document)?.pdf)?;
    Ok(())
}

fn name(languages: Languages) -> &'static str {
    match languages {
        Languages::Chinese => "zh",
        Languages::English => "en",
        Languages::Both => "zh-en",
    }
}
