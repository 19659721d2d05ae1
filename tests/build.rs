//! Looks for PostgreSQL. Without it the PostgreSQL half of the suite is compiled as ignored
//! (`cfg(no_postgres)`), so that cargo counts it and says why.

#[path = "src/postgres/binaries.rs"]
mod binaries;

use std::path::Path;

#[expect(
    clippy::disallowed_methods,
    reason = "so cargo speaks to a build script"
)]
fn main() {
    println!("cargo::rustc-check-cfg=cfg(no_postgres)");
    let target = std::env::var("TARGET").expect("cargo sets TARGET");
    println!("cargo::rustc-env=CONVOKE_TEST_TARGET={target}");

    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/postgres/binaries.rs");
    println!("cargo::rerun-if-env-changed=PATH");
    println!("cargo::rerun-if-env-changed={}", binaries::URL_VARIABLE);
    if std::env::var_os(binaries::URL_VARIABLE).is_some() {
        return;
    }
    if let Some(folder) = binaries::find() {
        println!(
            "cargo::rerun-if-changed={}",
            folder.join("initdb").display()
        );
        return;
    }

    println!("cargo::rustc-cfg=no_postgres");
    // A path that does not exist would run this script, and compile the tests, every time. So:
    // look again when the system's packages change. (Elsewhere: `touch tests/build.rs`.)
    let packages = Path::new("/var/lib/dpkg/status");
    if packages.exists() {
        println!("cargo::rerun-if-changed={}", packages.display());
    }
}
