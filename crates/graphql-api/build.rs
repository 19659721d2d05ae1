//! Embeds the files of GraphiQL, if somebody fetched them before this build.
//!
//! `just graphiql` puts them into `assets/graphiql/`, which is never committed; without them the
//! list is empty and the server shows its own console instead.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script its folder in this way alone"
)]
fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/graphiql");
    println!("cargo::rerun-if-changed=build.rs");
    // Cargo takes a path that does not exist for one that changed, and would build this crate anew
    // each time. So an absent folder is not watched; `just graphiql` touches this file instead.
    if folder.is_dir() {
        println!("cargo::rerun-if-changed={}", folder.display());
    }

    let mut list = String::from("&[\n");
    for file in files(&folder)? {
        let name = file.file_name().and_then(|name| name.to_str());
        let (Some(name), Some(path)) = (name, file.to_str()) else {
            return Err(format!("{} is not UTF-8", file.display()).into());
        };
        writeln!(list, "    ({name:?}, include_bytes!({path:?}) as &[u8]),")?;
    }
    list.push_str("]\n");

    let out = env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    fs::write(Path::new(&out).join("graphiql_embedded.rs"), list)?;
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}
