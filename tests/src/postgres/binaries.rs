//! Where PostgreSQL's server binaries are. Read by the harness and by `build.rs`, so it names
//! nothing but the standard library.

use std::path::{Path, PathBuf};

/// The variable that names a running server to use in place of a throwaway cluster.
pub(crate) const URL_VARIABLE: &str = "CONVOKE_TEST_POSTGRES_URL";

/// Where Debian keeps the binaries of each version, outside of PATH.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The folder that holds `initdb` and `postgres`: the first on PATH, else the newest of Debian's.
#[expect(clippy::disallowed_methods, reason = "PATH is no setting of ours")]
pub(crate) fn find() -> Option<PathBuf> {
    // The throwaway cluster needs a POSIX shell to outlive the tests.
    if !cfg!(unix) {
        return None;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .filter(|folder| folder.is_absolute())
        .chain(debian_newest_first(Path::new(DEBIAN)))
        .find(|folder| {
            ["initdb", "postgres"]
                .iter()
                .all(|binary| folder.join(binary).is_file())
        })
}

fn debian_newest_first(root: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(root) else {
        return Vec::new();
    };
    let mut versions: Vec<(u32, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort_by(|left, right| right.cmp(left));
    versions.into_iter().map(|(_, folder)| folder).collect()
}
