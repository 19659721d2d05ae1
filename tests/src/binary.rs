//! The `convoke` binary, for tests that run it as people do.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use cargo_metadata::{Message, TargetKind};

use crate::environment;

/// Its path. The first call builds it, into the target folder this test came from, in the same
/// profile and with the same features: the whole workspace's. So it compiles no library anew.
pub fn binary() -> &'static Path {
    static BINARY: LazyLock<PathBuf> = LazyLock::new(build);
    &BINARY
}

fn build() -> PathBuf {
    let output = command().output().expect("cargo runs");
    let executable = Message::parse_stream(output.stdout.as_slice())
        .filter_map(Result::ok)
        .find_map(|message| match message {
            Message::CompilerArtifact(artifact)
                if artifact.target.name == "convoke"
                    && artifact.target.kind == [TargetKind::Bin] =>
            {
                artifact.executable
            }
            _ => None,
        });
    match executable {
        Some(path) if output.status.success() => path.into_std_path_buf(),
        _ => panic!(
            "convoke does not build:\n{}",
            String::from_utf8_lossy(&output.stderr)
        ),
    }
}

fn command() -> Command {
    // …/target/[triple/]<profile>/deps/it-<hash>
    let test = std::env::current_exe().expect("the path of this test");
    let profile = test.ancestors().nth(2).expect("the profile's folder");
    let triple = env!("CONVOKE_TEST_TARGET");
    let mut target = profile.parent().expect("the target folder");

    let mut command = Command::new(env!("CARGO"));
    command
        .current_dir(crate::root())
        .args(["build", "--workspace", "--bin", "convoke"])
        .arg("--message-format=json-render-diagnostics");
    if target.ends_with(triple) {
        target = target.parent().expect("the target folder");
        command.args(["--target", triple]);
    }
    command.arg("--target-dir").arg(target);
    match profile
        .file_name()
        .and_then(|name| name.to_str())
        .expect("a profile's name")
    {
        "debug" => {}
        name => {
            command.args(["--profile", name]);
        }
    }
    // What cargo tells a test about its own package would make the build scripts run again that ask
    // for variables of the same names, and everything after them compile again.
    let about_this_package = [
        "CARGO_PKG_",
        "CARGO_MANIFEST_",
        "CARGO_BIN_",
        "CARGO_CRATE_",
        "OUT_DIR",
    ];
    for name in environment::names() {
        if about_this_package
            .iter()
            .any(|prefix| name.starts_with(prefix))
        {
            command.env_remove(name);
        }
    }
    command
}
