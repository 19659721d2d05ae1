//! The house rules a compiler does not know: which crate may name which, and how a file begins.
//!
//! `docs/architecture.md` says why; `deny.toml` repeats the libraries' half for the whole tree.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

/// Our crates from the inside out, and which of ours each may name. The tests may name all.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("migrations", &[]),
    ("persistence", &["domain", "migrations", "words"]),
    ("interchange", &["domain"]),
    ("calendar", &["domain"]),
    ("words", &["domain"]),
    ("credentials", &[]),
    ("documents", &["domain", "words"]),
    ("wording", &["domain", "persistence", "words"]),
    (
        "notifier",
        &[
            "domain",
            "persistence",
            "calendar",
            "documents",
            "words",
            "wording",
        ],
    ),
    (
        "registrar",
        &["domain", "persistence", "documents", "credentials", "words"],
    ),
    (
        "graphql-api",
        &[
            "domain",
            "persistence",
            "interchange",
            "calendar",
            "credentials",
            "documents",
            "words",
            "wording",
        ],
    ),
    (
        "convoke",
        &[
            "domain",
            "migrations",
            "persistence",
            "interchange",
            "calendar",
            "documents",
            "credentials",
            "registrar",
            "notifier",
            "graphql-api",
        ],
    ),
    ("tests", &[]),
];

/// Libraries that belong to somebody; those that begin with the name are meant as well. Whatever
/// is not here, anyone but `domain` may name.
const OWNERS: &[(&str, &[&str])] = &[
    // The tests migrate the template databases, and do nothing else with it.
    ("sea-orm-migration", &["migrations", "tests"]),
    ("sea-orm", &["persistence"]),
    ("sqlx", &["persistence"]),
    ("async-graphql", &["graphql-api"]),
    ("poem", &["graphql-api", "convoke", "tests"]),
    ("clap", &["convoke"]),
    ("lettre", &["notifier", "tests"]),
    ("ics", &["calendar"]),
    ("calcard", &["calendar"]),
    ("typst", &["documents"]),
    ("p256", &["credentials"]),
    ("x509-cert", &["credentials"]),
    ("p12-keystore", &["credentials"]),
    ("quick-xml", &["interchange"]),
    ("calamine", &["interchange"]),
];

/// All that the domain may name: no I/O, no runtime, no wire format.
const DOMAIN: &[&str] = &["chrono", "chrono-tz", "thiserror", "uuid"];

/// Files longer than [`LONG`], each with its reason.
const LONG_FILES: &[(&str, &str)] = &[
    (
        "crates/graphql-api/src/event.rs",
        "one field beside the next: nearly everything belongs to an event",
    ),
    (
        "crates/domain/src/event_document/check.rs",
        "one rule beside the next, in the order in which a document is written",
    ),
    (
        "crates/domain/src/event_document/merge.rs",
        "one way of merging for each kind of entry, and nothing else",
    ),
    (
        "crates/graphql-api/src/word.rs",
        "one closed set of words beside the next, and nothing else",
    ),
    (
        "crates/persistence/src/event_document/export.rs",
        "one function for each kind of entry, and nothing else",
    ),
    (
        "tests/it/event_document.rs",
        "what holds for every document, in one list",
    ),
    ("tests/it/store.rs", "every race, in one list"),
];
const LONG: usize = 600;

#[test]
fn crates_name_only_what_lies_further_in() {
    let ours: BTreeMap<_, _> = ARROWS.iter().copied().collect();
    let mut found = Vec::new();
    for (name, dependency, _) in dependencies() {
        match ours.get(name.as_str()) {
            None => found.push(format!("{name} is not in ARROWS: where does it stand?")),
            Some(may_name) if ours.contains_key(dependency.as_str()) => {
                if name != "tests" && !may_name.contains(&dependency.as_str()) {
                    found.push(format!("{name} names {dependency}"));
                }
            }
            Some(_) => {}
        }
    }
    nothing(&found);
}

#[test]
fn a_library_is_named_by_its_owners_alone() {
    let found: Vec<_> = dependencies()
        .into_iter()
        .filter(|(name, library, _)| {
            owners(library).is_some_and(|all| !all.contains(&name.as_str()))
        })
        .map(|(name, library, _)| format!("{name} names {library}"))
        .collect();
    nothing(&found);
}

#[test]
fn the_domain_names_values_alone() {
    let found: Vec<_> = dependencies()
        .into_iter()
        .filter(|(name, _, kind)| name == "domain" && *kind != DependencyKind::Development)
        .map(|(_, library, _)| library)
        .filter(|library| !DOMAIN.contains(&library.as_str()))
        .collect();
    nothing(&found);
}

#[test]
fn cargo_deny_is_told_the_same() {
    let text = read(&tests::root().join("deny.toml"));
    let mut found = Vec::new();
    let mut compared = 0;
    for line in text.lines().filter(|line| line.contains("wrappers")) {
        let words: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
        let (library, wrappers) = words.split_first().expect("a crate and its wrappers");
        // The library's own family wraps it too: sea-orm-migration names sea-orm.
        let wrappers: BTreeSet<_> = wrappers
            .iter()
            .filter(|name| owners(name).is_none())
            .collect();
        let expected: BTreeSet<_> = owners(library).unwrap_or_default().iter().collect();
        compared += 1;
        if wrappers != expected {
            found.push(format!(
                "{library}: deny.toml says {wrappers:?}, OWNERS {expected:?}"
            ));
        }
    }
    assert!(compared > 0, "deny.toml holds no wrappers");
    nothing(&found);
}

#[test]
fn every_dependency_says_what_it_is_for() {
    let text = read(&tests::root().join("Cargo.toml"));
    let section = text
        .split("[workspace.dependencies]")
        .nth(1)
        .expect("the section");
    let mut found = Vec::new();
    let mut explained = false;
    for line in section.lines().take_while(|line| !line.starts_with('[')) {
        if line.starts_with('#') {
            explained = true;
        } else if let Some((name, value)) = line.split_once('=') {
            if !explained {
                found.push(name.trim().to_owned());
            }
            // Our own crates stand in one block, under one line.
            explained = explained && value.contains("path =");
        } else {
            explained = false;
        }
    }
    nothing(&found);
}

#[test]
fn every_module_says_what_it_is_about() {
    let found: Vec<_> = sources()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(path, _)| path)
        .collect();
    nothing(&found);
}

#[test]
fn every_file_is_a_module_of_the_one_above() {
    let sources: BTreeMap<_, _> = sources().into_iter().collect();
    let mut found = Vec::new();
    for path in sources.keys() {
        let file = Path::new(path);
        let folder = file.parent().expect("a folder");
        let stem = file
            .file_stem()
            .and_then(|stem| stem.to_str())
            .expect("a name");
        let is_root = folder.ends_with("src") || folder == Path::new("tests/it");
        // Each of these is a target of its own.
        if folder.ends_with("benches")
            || folder.ends_with("examples")
            || folder.ends_with("documents/tests")
        {
            continue;
        }
        let (module, above) = match stem {
            "lib" | "main" | "build" if is_root || stem == "build" => continue,
            "mod" => {
                let module = folder
                    .file_name()
                    .and_then(|name| name.to_str())
                    .expect("a name");
                (module, folder.parent().expect("a folder"))
            }
            _ => (stem, folder),
        };
        let parents = [
            above.join("lib.rs"),
            above.join("main.rs"),
            above.join("mod.rs"),
            above.with_extension("rs"),
        ];
        let is_declared = parents
            .iter()
            .filter_map(|parent| sources.get(parent.to_str()?))
            .flat_map(|text| text.lines())
            .any(|line| line.ends_with(&format!("mod {module};")));
        if !is_declared {
            found.push(format!(
                "{path}: no `mod {module};` reaches it, so it is not compiled"
            ));
        }
    }
    nothing(&found);
}

#[test]
fn a_lint_is_expected_never_allowed() {
    // In two parts, so that this file passes.
    let forbidden = [concat!("#[", "allow("), concat!("#![", "allow(")];
    let found: Vec<_> = sources()
        .into_iter()
        .filter(|(_, text)| forbidden.iter().any(|attribute| text.contains(attribute)))
        .map(|(path, _)| path)
        .collect();
    nothing(&found);
}

#[test]
fn a_long_file_gives_its_reason() {
    let listed: BTreeMap<_, _> = LONG_FILES.iter().copied().collect();
    let mut found = Vec::new();
    let sources = sources();
    for (path, text) in &sources {
        let lines = text.lines().count();
        match (lines > LONG, listed.contains_key(path.as_str())) {
            (true, false) => found.push(format!("{path} has {lines} lines; at most {LONG}")),
            (false, true) => found.push(format!("{path} is short again: it need not be listed")),
            _ => {}
        }
    }
    for path in listed.keys() {
        if !sources.iter().any(|(source, _)| source == path) {
            found.push(format!("{path} is listed and does not exist"));
        }
    }
    nothing(&found);
}

fn owners(library: &str) -> Option<&'static [&'static str]> {
    OWNERS
        .iter()
        .find(|(owned, _)| {
            library
                .strip_prefix(owned)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        })
        .map(|(_, owners)| *owners)
}

/// Each crate of ours with each dependency it declares.
fn dependencies() -> Vec<(String, String, DependencyKind)> {
    let Metadata { packages, .. } = MetadataCommand::new()
        .manifest_path(tests::root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo metadata");
    packages
        .into_iter()
        .flat_map(|package| {
            let name = package.name.to_string();
            package
                .dependencies
                .into_iter()
                .map(move |dependency| (name.clone(), dependency.name, dependency.kind))
        })
        .collect()
}

/// Every file of Rust in the workspace, by its path from the root.
fn sources() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for folder in ["crates", "migrations", "tests"] {
        collect(&tests::root().join(folder), &mut files);
    }
    assert!(files.len() > 10, "the sources are not where they were");
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let path = file.strip_prefix(tests::root()).expect("inside the root");
            (path.to_str().expect("a plain path").to_owned(), read(&file))
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[track_caller]
fn nothing(found: &[impl std::fmt::Display]) {
    let lines: Vec<_> = found.iter().map(|line| format!("  {line}")).collect();
    assert!(
        found.is_empty(),
        "against the architecture:\n{}",
        lines.join("\n")
    );
}
