//! Processes of their own, in which templates that are not ours are set.
//!
//! Typst stops a `while` after 10,000 turns and calls that are 80 deep, but it counts neither steps nor
//! bytes, and a thread cannot be stopped. A process can, and takes its memory along. It is begun when it is
//! first needed and stays for the next document; it ends by itself when its time is over, or when whoever began
//! it is gone.

use std::ffi::OsString;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel, sync_channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use typst::foundations::Bytes;

use crate::document::Kind;
use crate::error::PrintError;
use crate::fonts::{FontSettings, Fonts};
use crate::press::{Job, Printed, STACK};
use crate::world::Shop;

/// Workers at the same time; who comes later waits.
const MOST: usize = 4;
/// How many wait at the most: each of them keeps a thread.
const MOST_WAITING: usize = 16;
/// The addresses that a worker may have beyond those that it begins with, in bytes.
const MEMORY: u64 = 2 * 1024 * 1024 * 1024;
/// The longest answer, but for the document, and the longest document, in bytes.
const LONGEST_ANSWER: usize = 1024 * 1024;
const LARGEST_DOCUMENT: usize = 256 * 1024 * 1024;
/// How a worker ends whose time is over.
const OUT_OF_TIME: i32 = 75;
/// How long after that it is ended by whoever began it: it has begun late, or hangs.
const GRACE: Duration = Duration::from_secs(20);
/// What a worker is told of its surroundings: where the fonts of a user are. Secrets are not for it.
const SURROUNDINGS: [&str; 8] = [
    "HOME",
    "XDG_",
    "FONTCONFIG_",
    "RUST_BACKTRACE",
    "USERPROFILE",
    "LOCALAPPDATA",
    "SYSTEMROOT",
    "WINDIR",
];

/// How a worker is begun: by a program that does nothing but [`work`], with the fonts of the press.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerSettings {
    /// The program.
    pub program: PathBuf,
    /// What it is called with.
    pub arguments: Vec<OsString>,
    /// How long it may take for one document.
    pub patience: Duration,
}

impl WorkerSettings {
    /// How long a template of a workspace may usually take for one document.
    pub const PATIENCE: Duration = Duration::from_secs(10);
}

/// The workers of a press.
pub(crate) struct Workers {
    settings: WorkerSettings,
    idle: Mutex<Vec<Worker>>,
    places: Mutex<Places>,
    freed: Condvar,
}

/// How many are at work, and how many wait for that.
#[derive(Default)]
struct Places {
    busy: usize,
    waiting: usize,
}

impl Workers {
    pub(crate) fn new(settings: WorkerSettings) -> Self {
        Self {
            settings,
            idle: Mutex::default(),
            places: Mutex::default(),
            freed: Condvar::new(),
        }
    }

    /// Has a worker do a job.
    pub(crate) fn done(&self, job: &Job) -> Result<Printed, PrintError> {
        let _place = self.place().ok_or(PrintError::Busy)?;
        let idle = locked(&self.idle).pop();
        let mut worker = match idle.and_then(Worker::if_alive) {
            Some(worker) => worker,
            None => Worker::begun(&self.settings).map_err(|error| {
                let program = self.settings.program.display();
                PrintError::Typesetter(format!("cannot begin {program}: {error}"))
            })?,
        };
        let done = match worker.ask(job, self.settings.patience) {
            Ok(done) => done,
            Err(error) => return Err(self.why_it_died(worker, &error)),
        };
        // One that broke down may be broken for good.
        if !matches!(done, Err(PrintError::Typesetter(_))) {
            locked(&self.idle).push(worker);
        }
        done
    }

    fn why_it_died(&self, worker: Worker, error: &io::Error) -> PrintError {
        if error.kind() == io::ErrorKind::TimedOut {
            return PrintError::RunsAway(self.settings.patience);
        }
        match worker.ended() {
            Ok(status) if status.code() == Some(OUT_OF_TIME) => {
                PrintError::RunsAway(self.settings.patience)
            }
            Ok(status) if broke_down(status) => PrintError::Exhausted(MEMORY / (1024 * 1024)),
            Ok(status) => PrintError::Typesetter(format!("a worker ended ({status}): {error}")),
            Err(error) => PrintError::Typesetter(error.to_string()),
        }
    }

    /// A place at work; none where too many wait already, or none is free within half as long again as a
    /// document may take.
    fn place(&self) -> Option<Place<'_>> {
        let mut places = locked(&self.places);
        if places.busy >= MOST {
            if places.waiting >= MOST_WAITING {
                return None;
            }
            places.waiting += 1;
            let patience = self.settings.patience * 3 / 2;
            let full = |places: &mut Places| places.busy >= MOST;
            let waited = self.freed.wait_timeout_while(places, patience, full);
            places = waited.unwrap_or_else(PoisonError::into_inner).0;
            places.waiting -= 1;
            if places.busy >= MOST {
                return None;
            }
        }
        places.busy += 1;
        Some(Place(self))
    }
}

/// Nobody panics while one of these is held, so what is behind it is whole.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A place at work, given back when it is dropped.
struct Place<'a>(&'a Workers);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        locked(&self.0.places).busy -= 1;
        self.0.freed.notify_one();
    }
}

/// Whether a process ended because it had no more memory, or no more room for what calls stack up: its
/// allocator aborts, or it touches what it has not.
#[cfg(unix)]
fn broke_down(status: ExitStatus) -> bool {
    use rustix::process::Signal;
    let signals = [Signal::ABORT, Signal::SEGV, Signal::BUS].map(Signal::as_raw);
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    signal.is_some_and(|signal| signals.contains(&signal))
}

#[cfg(not(unix))]
fn broke_down(status: ExitStatus) -> bool {
    !status.success()
}

/// A process that sets documents, as whoever began it sees it.
struct Worker {
    process: Child,
    tasks: BufWriter<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Worker {
    #[expect(
        clippy::disallowed_methods,
        reason = "what surrounds it is handed on, and not read as settings"
    )]
    fn begun(settings: &WorkerSettings) -> io::Result<Self> {
        let mut command = Command::new(&settings.program);
        let known = |name: &OsString| {
            let name = name.to_string_lossy().to_uppercase();
            SURROUNDINGS.iter().any(|known| name.starts_with(known))
        };
        command
            .args(&settings.arguments)
            .env_clear()
            .envs(std::env::vars_os().filter(|(name, _)| known(name)))
            // One thread sets one document, however many cores there are: each would take its addresses.
            .envs(
                [
                    "TOKIO_WORKER_THREADS",
                    "RAYON_NUM_THREADS",
                    "MALLOC_ARENA_MAX",
                ]
                .map(|name| (name, "1")),
            )
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        // Who stops the program at a terminal stops it alone: what is at work is then done in peace.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut process = command.spawn()?;
        let pipes = (process.stdin.take(), process.stdout.take());
        let (Some(tasks), Some(answers)) = pipes else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        Ok(Self {
            process,
            tasks: BufWriter::new(tasks),
            answers: BufReader::new(answers),
        })
    }

    /// One that has waited may have been ended by somebody else meanwhile.
    fn if_alive(mut self) -> Option<Self> {
        matches!(self.process.try_wait(), Ok(None)).then_some(self)
    }

    fn ask(&mut self, job: &Job, patience: Duration) -> io::Result<Result<Printed, PrintError>> {
        let Self {
            process,
            tasks,
            answers,
        } = self;
        let (sender, receiver) = sync_channel(1);
        thread::scope(|scope| {
            // A pipe cannot be read with a time limit; this ends at the latest when the process does.
            thread::Builder::new().spawn_scoped(scope, || {
                let said = said(tasks, answers, job, patience);
                // It is heard, or somebody has lost patience.
                let _ = sender.send(said);
            })?;
            let said = receiver.recv_timeout(patience + GRACE);
            said.unwrap_or_else(|_elapsed| {
                process.kill()?;
                Err(io::ErrorKind::TimedOut.into())
            })
        })
    }

    /// How it ended: by itself, as it has, or else it is told to.
    fn ended(mut self) -> io::Result<ExitStatus> {
        // It may be about to: the pipe closes before the process is gone.
        for _ in 0..50 {
            if let Some(status) = self.process.try_wait()? {
                return Ok(status);
            }
            thread::sleep(Duration::from_millis(20));
        }
        self.process.kill()?;
        self.process.wait()
    }
}

/// What a worker says to a job.
fn said(
    tasks: &mut impl Write,
    answers: &mut impl Read,
    job: &Job,
    patience: Duration,
) -> io::Result<Result<Printed, PrintError>> {
    let task = Task {
        kind: job.kind,
        template: job.foreign.clone(),
        files: job.files.iter().map(|(name, _)| name.clone()).collect(),
        date: job.date,
        ident: job.ident.clone(),
        is_specimen: job.is_specimen,
        patience,
    };
    let files = job.files.iter().map(|(_, bytes)| bytes.as_slice());
    let parts: Vec<_> = std::iter::once(job.data.as_slice()).chain(files).collect();
    send(tasks, &task, &parts)?;
    let most = (LONGEST_ANSWER, LARGEST_DOCUMENT);
    let (answer, parts) = receive(answers, most)?.ok_or(io::ErrorKind::UnexpectedEof)?;
    let answer: Result<usize, PrintError> = answer;
    Ok(answer.map(|pages| Printed {
        pdf: parts.into_iter().next().unwrap_or_default(),
        pages,
    }))
}

impl Drop for Worker {
    /// It waits for nothing any more.
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What a worker is to do; behind it come the values and the files in order.
#[derive(Serialize, Deserialize)]
struct Task {
    kind: Kind,
    template: Option<String>,
    files: Vec<String>,
    date: NaiveDate,
    ident: String,
    is_specimen: bool,
    patience: Duration,
}

/// Sets documents that come on standard input, and answers on standard output, until there are no more: what the
/// program of [`WorkerSettings`] does. It ends when a document takes too long and, on Linux, when it takes too much
/// memory.
///
/// # Errors
///
/// Where either end of it breaks.
pub fn work(fonts: &FontSettings) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    bound()?;
    let watch = Watch::begun();
    let shop = Shop::new(Fonts::new(fonts));
    let (mut tasks, mut answers) = (BufReader::new(io::stdin()), BufWriter::new(io::stdout()));
    thread::scope(|scope| {
        let work = move || -> io::Result<()> {
            while let Some((task, parts)) = receive::<Task>(&mut tasks, (usize::MAX, usize::MAX))? {
                watch.over(task.patience);
                let done = job(task, parts).done(&shop);
                watch.ended();
                let (answer, pdf) = match done {
                    Ok(printed) => (Ok(printed.pages), printed.pdf),
                    Err(error) => (Err(error), Vec::new()),
                };
                send(&mut answers, &answer, &[&pdf])?;
            }
            Ok(())
        };
        let thread = thread::Builder::new().stack_size(STACK);
        let done = thread.spawn_scoped(scope, work)?.join();
        done.unwrap_or_else(|_panic| Err(io::Error::other("it panicked")))
    })
}

fn job(task: Task, parts: Vec<Vec<u8>>) -> Job {
    let mut parts = parts.into_iter().map(Bytes::new);
    Job {
        kind: task.kind,
        foreign: task.template,
        data: parts.next().unwrap_or(Bytes::new([])),
        files: task.files.into_iter().zip(parts).collect(),
        date: task.date,
        ident: task.ident,
        is_specimen: task.is_specimen,
    }
}

/// What asks for more memory is ended by its allocator, and leaves nothing of what it had in a file. (Other
/// systems count what is shared as well, or bound nothing.)
#[cfg(target_os = "linux")]
fn bound() -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let pages = std::fs::read_to_string("/proc/self/statm")?;
    let pages = pages
        .split_whitespace()
        .next()
        .and_then(|pages| pages.parse().ok());
    let page = u64::try_from(rustix::param::page_size()).unwrap_or_default();
    let begun_with = pages.unwrap_or(0_u64).saturating_mul(page);
    let set = |resource, most: u64| {
        let most = getrlimit(resource)
            .maximum
            .map_or(most, |now| now.min(most));
        let bound = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        setrlimit(resource, bound)
    };
    set(Resource::As, begun_with.saturating_add(MEMORY))?;
    Ok(set(Resource::Core, 0)?)
}

/// Ends the process when a document takes too long.
struct Watch(Sender<Option<Duration>>);

impl Watch {
    fn begun() -> Self {
        let (sender, receiver) = channel::<Option<Duration>>();
        thread::spawn(move || {
            while let Ok(begun) = receiver.recv() {
                let Some(patience) = begun else { continue };
                if receiver.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
                    std::process::exit(OUT_OF_TIME);
                }
            }
        });
        Self(sender)
    }

    fn over(&self, patience: Duration) {
        // There is nobody to hear it only when the process is at its end.
        let _ = self.0.send(Some(patience));
    }

    fn ended(&self) {
        let _ = self.0.send(None);
    }
}

/// Writes a message: how long its head is, the head, and its parts, whose lengths are in the head.
fn send(to: &mut impl Write, head: &impl Serialize, parts: &[&[u8]]) -> io::Result<()> {
    let lengths: Vec<_> = parts.iter().map(|part| part.len()).collect();
    let head = serde_json::to_vec(&(head, lengths))?;
    let length = u32::try_from(head.len()).map_err(io::Error::other)?;
    to.write_all(&length.to_be_bytes())?;
    to.write_all(&head)?;
    for part in parts {
        to.write_all(part)?;
    }
    to.flush()
}

/// Reads a message, or nothing at the end. Its head and each of its parts may be so long.
fn receive<T: DeserializeOwned>(
    from: &mut impl Read,
    (head_at_most, part_at_most): (usize, usize),
) -> io::Result<Option<(T, Vec<Vec<u8>>)>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let exactly = |from: &mut dyn Read, length: usize, most: usize| -> io::Result<Vec<u8>> {
        if length > most {
            return Err(io::Error::other(format!(
                "{length} bytes are more than {most}"
            )));
        }
        let mut bytes = vec![0; length];
        from.read_exact(&mut bytes)?;
        Ok(bytes)
    };
    let length = usize::try_from(u32::from_be_bytes(length)).map_err(io::Error::other)?;
    let head = exactly(from, length, head_at_most)?;
    let (head, lengths): (T, Vec<usize>) = serde_json::from_slice(&head)?;
    let parts = lengths
        .into_iter()
        .map(|length| exactly(from, length, part_at_most));
    Ok(Some((head, parts.collect::<io::Result<_>>()?)))
}
