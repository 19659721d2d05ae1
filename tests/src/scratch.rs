//! One folder per test process for everything that must not outlive it: the throwaway cluster and
//! every SQLite file.
//!
//! Statics are never dropped and a killed process runs no destructor, so the folder is in the care
//! of a small shell that waits for the end of its standard input. The test process holds the other
//! end of that pipe and never writes: when the process ends, in whatever way, the operating system
//! closes it, and the shell stops PostgreSQL and removes the folder.

use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::LazyLock;

use crate::environment;

/// Where PostgreSQL keeps its data inside the folder. The shell looks there for its process id.
pub(crate) const CLUSTER: &str = "cluster";

/// The memory that must be free for the folder to be in it. (A container often has 64 MB.)
const ROOM: u64 = 4 << 30;

const WATCH: &str = r#"
folder=$1
trap '' HUP INT TERM
cat > /dev/null
lock=$folder/cluster/postmaster.pid
if server=$(head -n 1 "$lock" 2> /dev/null) && [ -n "$server" ]; then
    kill -QUIT "$server"
    tries=0
    while [ -e "$lock" ] && [ "$tries" -lt 100 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
fi
rm -rf "$folder"
"#;

struct Scratch {
    folder: PathBuf,
    /// Held, never written to. See the module's documentation.
    _pipe: Option<ChildStdin>,
}

/// The folder. It is made when first asked for.
pub(crate) fn folder() -> &'static Path {
    static SCRATCH: LazyLock<Scratch> = LazyLock::new(|| {
        let folder = tempfile::Builder::new()
            .prefix("convoke-test-")
            .tempdir_in(parent())
            .expect("a temporary folder for test databases");
        let pipe = cfg!(unix).then(|| watch(folder.path()));
        Scratch {
            folder: folder.keep(),
            _pipe: pipe,
        }
    });
    &SCRATCH.folder
}

/// TMPDIR if it is set; else memory, where a PostgreSQL database is made in a fifth of the time;
/// else the system's folder for temporary files.
fn parent() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if environment::variable("TMPDIR").is_none() && free_bytes(memory) > ROOM {
        memory.to_path_buf()
    } else {
        std::env::temp_dir()
    }
}

/// What `df` says; 0 where there is no such folder, or no `df`.
fn free_bytes(folder: &Path) -> u64 {
    let Ok(output) = Command::new("df")
        .arg("-Pk")
        .arg(folder)
        .stderr(Stdio::null())
        .output()
    else {
        return 0;
    };
    let table = String::from_utf8_lossy(&output.stdout);
    let available = table
        .lines()
        .nth(1)
        .and_then(|line| line.split_whitespace().nth(3));
    available
        .and_then(|kilobytes| kilobytes.parse::<u64>().ok())
        .unwrap_or(0)
        * 1024
}

#[expect(
    clippy::zombie_processes,
    reason = "the shell outlives this process: that is its use"
)]
fn watch(folder: &Path) -> ChildStdin {
    let mut command = Command::new("sh");
    command
        .args(["-c", WATCH, "sh"])
        .arg(folder)
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    // Ctrl-C is for the tests; the shell follows when they are gone.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut shell = command.spawn().expect("`sh` to clean up after the tests");
    shell.stdin.take().expect("its standard input is a pipe")
}
