//! Documents name only what exists: files, crates, recipes, settings, fields of the schema.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::MetadataCommand;
use serde_json::json;
use tests::{Backend, TestApp, both};

/// Paths that documents may name although a fresh checkout does not hold them.
const MADE_LATER: &[&str] = &["target/", "assets/graphiql"];

#[test]
fn every_file_they_name_exists() {
    let mut found = Vec::new();
    for document in documents() {
        for span in document.code.iter().filter(|span| looks_like_a_path(span)) {
            if !exists(tests::root(), span) {
                found.push(format!("{}: `{span}`", document.name));
            }
        }
        let folder = document.path.parent().expect("a folder");
        for link in &document.links {
            if !exists(folder, link) {
                found.push(format!("{}: ({link})", document.name));
            }
        }
    }
    nothing(&found);
}

#[test]
fn every_recipe_they_name_exists() {
    let recipes = recipes();
    assert!(
        recipes.contains("default"),
        "the justfile is not read rightly: {recipes:?}"
    );
    let mut found = Vec::new();
    for document in documents() {
        for span in &document.code {
            let Some(recipe) = span.strip_prefix("just ") else {
                continue;
            };
            let recipe = recipe.split_whitespace().next().unwrap_or_default();
            if !recipe.starts_with(['-', '<']) && !recipes.contains(recipe) {
                found.push(format!("{}: `just {recipe}`", document.name));
            }
        }
    }
    nothing(&found);
}

#[test]
fn every_crate_they_name_exists() {
    let (ours, all) = crates();
    let mut found = Vec::new();
    for document in documents() {
        for name in &document.crates {
            if !ours.contains(name) {
                found.push(format!(
                    "{}: a table of crates lists `{name}`",
                    document.name
                ));
            }
        }
        for span in &document.code {
            let mut words = span.split_whitespace();
            while let Some(word) = words.next() {
                let named = match word {
                    "-p" | "--package" => words.next(),
                    _ => None,
                };
                if named.is_some_and(|name| !name.starts_with('<') && !ours.contains(name)) {
                    found.push(format!("{}: `{span}`", document.name));
                }
            }
            if let Some((path, _)) = span.split_once("::")
                && path
                    .chars()
                    .all(|letter| letter.is_ascii_lowercase() || "_-".contains(letter))
                && !all.contains(&path.replace('_', "-"))
                && !["std", "core", "clippy", "rustdoc", "crate", "cfg"].contains(&path)
            {
                found.push(format!("{}: `{span}`", document.name));
            }
        }
    }
    nothing(&found);
}

#[test]
fn every_setting_they_name_exists() {
    let mut sources = String::new();
    for folder in ["crates", "tests", ".ci"] {
        collect(&tests::root().join(folder), &mut |path| {
            if let Ok(text) = fs::read_to_string(path) {
                sources.push_str(&text);
            }
        });
    }
    let known = settings(&sources);
    let mut found = Vec::new();
    for document in documents() {
        for setting in settings(&document.text).difference(&known) {
            found.push(format!("{}: {setting}", document.name));
        }
    }
    nothing(&found);
}

both!(every_operation_they_show_is_one_of_the_schema);

async fn every_operation_they_show_is_one_of_the_schema(backend: Backend) {
    let app = TestApp::new(backend).await;
    let client = app.anonymous();
    let mut shown = 0;
    let mut found = Vec::new();
    for document in documents() {
        let blocks = document.text.split("```graphql\n").skip(1);
        for block in blocks.filter_map(|rest| rest.split("```").next()) {
            shown += 1;
            // That a stranger may not, or that there is no such thing, is no fault of what is shown.
            let answer = client.ask(block, json!({})).await;
            for error in answer.errors() {
                if error["extensions"]["code"] == "BAD_REQUEST" {
                    found.push(format!("{}: {}", document.name, error["message"]));
                }
            }
        }
    }
    assert!(shown > 2, "hardly anything is shown");
    nothing(&found);
}

struct Document {
    /// The path from the root.
    name: String,
    path: PathBuf,
    text: String,
    /// What stands between backticks, and the lines of code blocks.
    code: Vec<String>,
    /// Where links lead, inside the repository.
    links: Vec<String>,
    /// The first column of tables whose first heading is "crate".
    crates: Vec<String>,
}

impl Document {
    fn read(path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).expect("a document");
        let name = path
            .strip_prefix(tests::root())
            .expect("inside the root")
            .display()
            .to_string();
        let mut document = Self {
            name,
            path,
            text: String::new(),
            code: vec![],
            links: vec![],
            crates: vec![],
        };
        let mut in_block = false;
        let mut in_table_of_crates = false;
        for line in text.lines() {
            if line.trim_start().starts_with("```") {
                in_block = !in_block;
                continue;
            }
            if in_block {
                let command = line.trim().trim_start_matches("$ ");
                document.code.push(
                    command
                        .split(" #")
                        .next()
                        .unwrap_or_default()
                        .trim()
                        .to_owned(),
                );
                continue;
            }
            let spans: Vec<_> = line
                .split('`')
                .skip(1)
                .step_by(2)
                .map(str::to_owned)
                .collect();
            let cells: Vec<_> = line.split('|').map(str::trim).collect();
            match cells.get(1) {
                Some(&"crate") => in_table_of_crates = true,
                Some(first) if in_table_of_crates && line.starts_with('|') => {
                    if let Some(name) = first.strip_prefix('`').and_then(|x| x.strip_suffix('`')) {
                        document.crates.push(name.to_owned());
                    }
                }
                _ => in_table_of_crates = false,
            }
            document.links.extend(links(line));
            document.code.extend(spans);
        }
        document.text = text;
        document
    }
}

/// Every Markdown file at the root and under `docs`.
fn documents() -> Vec<Document> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(tests::root()).expect("the root").flatten() {
        paths.push(entry.path());
    }
    collect(&tests::root().join("docs"), &mut |path| {
        paths.push(path.to_owned());
    });
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.sort();
    assert!(!paths.is_empty(), "no documents");
    paths.into_iter().map(Document::read).collect()
}

fn links(line: &str) -> impl Iterator<Item = String> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target.split('#').next().unwrap_or_default().to_owned())
        .filter(|target| !target.is_empty() && !target.contains("://"))
        .filter(|target| !target.starts_with("mailto:"))
}

/// One word that begins with a folder or a file of the root.
fn looks_like_a_path(span: &str) -> bool {
    if span.contains([' ', '…', '{', '=', '"', ':']) || span.starts_with(['/', '-', '.', '<', '@'])
    {
        return span.starts_with(".ci/") || span.starts_with("./") && !span.contains(' ');
    }
    let extension = Path::new(span)
        .extension()
        .and_then(|extension| extension.to_str());
    let file = matches!(
        extension,
        Some("rs" | "toml" | "md" | "graphql" | "json" | "mjs" | "snap")
    );
    let folders = [
        "crates",
        "migrations",
        "tests",
        "docs",
        "examples",
        "assets",
        "checks",
    ];
    let first = span.split('/').next().unwrap_or_default();
    span.contains('/') && (file || folders.contains(&first))
        || file && span.chars().next().is_some_and(char::is_uppercase)
}

/// Up to the first placeholder (`<noun>`, `*`), a path must exist.
fn exists(folder: &Path, path: &str) -> bool {
    let path = path.trim_start_matches("./");
    if MADE_LATER.iter().any(|made| path.starts_with(made)) {
        return true;
    }
    let certain = path.split(['<', '*']).next().unwrap_or_default();
    let certain = if certain.len() < path.len() {
        certain.rsplit_once('/').map_or("", |(folder, _)| folder)
    } else {
        certain
    };
    folder.join(certain).exists()
}

/// The names of the recipes: what stands at the beginning of a line, before a colon.
fn recipes() -> BTreeSet<String> {
    let text = fs::read_to_string(tests::root().join("justfile")).expect("the justfile");
    text.lines()
        .filter(|line| line.starts_with(|letter: char| letter.is_ascii_lowercase()))
        .filter(|line| !line.contains(":=") && !line.starts_with("set "))
        .filter_map(|line| line.split_once(':'))
        .filter_map(|(head, _)| head.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

/// The names of our crates, and of those with all they depend on.
fn crates() -> (BTreeSet<String>, BTreeSet<String>) {
    let metadata = MetadataCommand::new()
        .manifest_path(tests::root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo metadata");
    let ours: BTreeSet<_> = metadata
        .packages
        .iter()
        .map(|package| package.name.to_string())
        .collect();
    let mut all = ours.clone();
    for dependency in metadata
        .packages
        .into_iter()
        .flat_map(|package| package.dependencies)
    {
        all.insert(dependency.name.replace('_', "-"));
    }
    (ours, all)
}

fn settings(text: &str) -> BTreeSet<String> {
    text.match_indices("CONVOKE_")
        .map(|(start, _)| {
            text[start..]
                .chars()
                .take_while(|letter| letter.is_ascii_uppercase() || *letter == '_')
                .collect::<String>()
        })
        // `CONVOKE_*` names them all.
        .filter(|setting| setting != "CONVOKE_")
        .collect()
}

fn collect(folder: &Path, visit: &mut impl FnMut(&Path)) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, visit);
        } else {
            visit(&path);
        }
    }
}

#[track_caller]
fn nothing(found: &[String]) {
    let lines: Vec<_> = found.iter().map(|line| format!("  {line}")).collect();
    assert!(
        found.is_empty(),
        "named, and not there:\n{}",
        lines.join("\n")
    );
}
