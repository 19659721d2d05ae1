//! The schedule of a real conference, where it lies beside the checkout: it holds the names of real
//! people, so it is no part of this repository.

use std::path::{Path, PathBuf};

use domain::event_document::check;

use crate::schedule::{Choices, Format, OddityKind, import};

/// The file, if it is there.
fn published() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = std::env::var_os("CONVOKE_SHARED_DATA");
    let folder = folder.map_or_else(|| root.join("../shared/data"), PathBuf::from);
    let file = folder.join("fosdem-2024.xml");
    file.is_file().then_some(file)
}

#[test]
fn a_published_schedule_loses_nothing() {
    let Some(file) = published() else {
        println!("left out: there is no fosdem-2024.xml (CONVOKE_SHARED_DATA)");
        return;
    };
    let text = std::fs::read_to_string(file).unwrap();
    let lowered = import(&text, Format::Xml, &Choices::default()).unwrap();
    let document = &lowered.document;
    assert_eq!(check(document), []);
    assert_eq!(document.key.as_str(), "fosdem-2024");
    assert_eq!(document.agenda.len(), 674);
    assert_eq!(document.people.len(), 738);
    assert_eq!(document.venues.len(), 1);
    assert_eq!(document.venues[0].rooms.len(), 32);
    assert_eq!(lowered.oddities.count(OddityKind::RoomOverlap), 2);
    assert_eq!(lowered.oddities.count(OddityKind::PersonInTwoPlaces), 2);
}
