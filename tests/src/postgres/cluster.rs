//! A PostgreSQL cluster for one test process, in the scratch folder. `scratch` stops it.
//!
//! It listens on 127.0.0.1 alone, on a port the operating system chose, and wants a password:
//! others on the machine must not be able to use a superuser of ours. What makes a database
//! durable is switched off here, and nowhere else.

use std::fs::{self, File, Permissions};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::scratch;

const USER: &str = "convoke";
const PATIENCE: Duration = Duration::from_mins(2);

const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    // The folder may be in memory.
    "max_wal_size=256MB",
    // Small, because dropping a database looks through all of them.
    "shared_buffers=32MB",
    "autovacuum=off",
    "jit=off",
    "timezone=UTC",
    "log_min_messages=warning",
];

/// A user to run as, when we are root: PostgreSQL refuses to.
#[derive(Clone, Copy)]
struct Unprivileged {
    user: u32,
    group: u32,
}

/// Makes and starts the cluster; gives the URL of its maintenance database.
pub(super) fn start(binaries: &Path) -> Result<String, String> {
    let folder = scratch::folder();
    let owner = fs::metadata(folder).expect("the scratch folder").uid();
    let run_as = (owner == 0).then(unprivileged);
    let data = folder.join(scratch::CLUSTER);
    fs::DirBuilder::new()
        .mode(0o700)
        .create(&data)
        .expect("a folder for the cluster");
    if let Some(Unprivileged { user, group }) = run_as {
        chown(&data, Some(user), Some(group)).expect("to give the cluster's folder away");
        // What lies above the data must let its owner through.
        fs::set_permissions(folder, Permissions::from_mode(0o711))
            .expect("to open the scratch folder");
    }

    let password = random_hexadecimal();
    initialise(binaries, &data, &password, run_as)?;
    for _ in 0..5 {
        let port = free_port();
        if serve(binaries, &data, port, run_as) {
            return Ok(format!(
                "postgres://{USER}:{password}@127.0.0.1:{port}/postgres"
            ));
        }
    }
    Err(format!("it does not start:\n{}", log(&data)))
}

fn initialise(
    binaries: &Path,
    data: &Path,
    password: &str,
    run_as: Option<Unprivileged>,
) -> Result<(), String> {
    let password_file = data.with_extension("password");
    let mut file = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&password_file)
        .expect("a file for the password");
    file.write_all(password.as_bytes())
        .expect("to write the password");
    if let Some(Unprivileged { user, group }) = run_as {
        chown(&password_file, Some(user), Some(group)).expect("to give the password away");
    }

    // macOS has no C.UTF-8; its C sorts alike.
    let locale = if cfg!(target_os = "macos") {
        "C"
    } else {
        "C.UTF-8"
    };
    let output = command(&binaries.join("initdb"), data, run_as)
        .args([
            "--no-sync",
            "--auth=password",
            "--encoding=UTF8",
            "--pgdata=.",
        ])
        .arg(format!("--locale={locale}"))
        .arg(format!("--username={USER}"))
        .arg(format!("--pwfile={}", password_file.display()))
        .stdin(Stdio::null())
        .output()
        .expect("initdb runs");
    fs::remove_file(password_file).expect("to remove the password");
    if output.status.success() {
        Ok(())
    } else {
        Err(format!(
            "initdb: {}",
            String::from_utf8_lossy(&output.stderr)
        ))
    }
}

/// Whether the server came up. It does not when somebody else was faster to take the port.
fn serve(binaries: &Path, data: &Path, port: u16, run_as: Option<Unprivileged>) -> bool {
    let log = File::create(data.with_extension("log")).expect("a file for PostgreSQL's log");
    let mut command = command(&binaries.join("postgres"), data, run_as);
    command
        .args(["-D", "."])
        .args(["-p", &port.to_string()])
        .args(SETTINGS.iter().flat_map(|setting| ["-c", setting]))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        // Ctrl-C is for the tests.
        .process_group(0);
    let mut server = command.spawn().expect("postgres runs");
    wait_until_ready(&mut server, data)
}

fn wait_until_ready(server: &mut Child, data: &Path) -> bool {
    let begun = Instant::now();
    loop {
        // The server's own account of itself: its eighth line is its state. (pg_ctl reads it too.)
        let state = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
        if state
            .lines()
            .nth(7)
            .is_some_and(|line| line.trim() == "ready")
        {
            return true;
        }
        if server.try_wait().expect("to ask after postgres").is_some() {
            return false;
        }
        assert!(
            begun.elapsed() < PATIENCE,
            "PostgreSQL is not ready:\n{}",
            log(data)
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A server program in the cluster's folder, without the caller's `PG…` variables.
fn command(binary: &Path, data: &Path, run_as: Option<Unprivileged>) -> Command {
    let mut command = Command::new(binary);
    command
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("LC_ALL", "C")
        .current_dir(data);
    if let Some(Unprivileged { user, group }) = run_as {
        command.gid(group).uid(user);
    }
    command
}

/// `postgres` where there is such a user, else `nobody`.
fn unprivileged() -> Unprivileged {
    let users = fs::read_to_string("/etc/passwd").expect("/etc/passwd");
    ["postgres", "nobody"]
        .iter()
        .find_map(|name| {
            let line = users
                .lines()
                .find(|line| line.split(':').next() == Some(name))?;
            let mut ids = line.split(':').skip(2).map_while(|id| id.parse().ok());
            Some(Unprivileged {
                user: ids.next()?,
                group: ids.next()?,
            })
        })
        .expect("PostgreSQL does not run as root, and there is neither `postgres` nor `nobody`")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}

fn random_hexadecimal() -> String {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")
        .and_then(|mut file| file.read_exact(&mut bytes))
        .expect("randomness");
    format!("{:032x}", u128::from_ne_bytes(bytes))
}

fn log(data: &Path) -> String {
    fs::read_to_string(data.with_extension("log")).unwrap_or_default()
}
