//! Schedules as they are published, with invented names.

mod liberal;
mod properties;
mod writer;

/// Every kind of oddity is explained where people look for it.
#[test]
fn every_oddity_is_documented() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schedules.md");
    let text = std::fs::read_to_string(file).unwrap();
    for kind in super::OddityKind::ALL {
        let row = format!("| `{kind}` | {} |", kind.meaning());
        assert!(text.contains(&row), "docs/schedules.md has no row {row}");
    }
}
