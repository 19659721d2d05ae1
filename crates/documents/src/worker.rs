//! Processes of their own, in which templates that are not ours are set.
//!
//! Typst stops a `while` after 10,000 turns and calls that are 80 deep, but it counts neither steps nor
//! bytes, and a thread cannot be stopped. A process can, and takes its memory along. It is begun when it is
//! first needed and stays for the next document; it ends by itself when its time is over, or when whoever began
//! it is gone.

use std::ffi::OsString;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Condvar, Mutex, PoisonError};
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
/// The memory that a worker may have, as addresses, in bytes: what it reads and reserves counts as well.
const MEMORY: u64 = 2 * 1024 * 1024 * 1024;
/// How a worker ends whose time is over.
const OUT_OF_TIME: i32 = 75;

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
    pub const PATIENCE: Duration = Duration::from_secs(20);
}

/// The workers of a press.
pub(crate) struct Workers {
    settings: WorkerSettings,
    idle: Mutex<Vec<Worker>>,
    /// How many are at work.
    busy: Mutex<usize>,
    freed: Condvar,
}

impl Workers {
    pub(crate) fn new(settings: WorkerSettings) -> Self {
        Self {
            settings,
            idle: Mutex::default(),
            busy: Mutex::default(),
            freed: Condvar::new(),
        }
    }

    /// Has a worker do a job.
    pub(crate) fn done(&self, job: &Job) -> Result<Printed, PrintError> {
        let _place = self.place().ok_or(PrintError::Busy)?;
        let idle = locked(&self.idle).pop();
        // One that has waited may have been ended by somebody else meanwhile.
        if let Some(worker) = idle
            && let Ok(done) = self.asked(worker, job)
        {
            return done;
        }
        let worker = Worker::begun(&self.settings).map_err(|error| {
            let program = self.settings.program.display();
            PrintError::Typesetter(format!("cannot begin {program}: {error}"))
        })?;
        let broken = |_| PrintError::Exhausted(MEMORY / (1024 * 1024));
        self.asked(worker, job).map_err(broken)?
    }

    /// What a worker made of a job, and itself back among the idle; an error where it died over it.
    fn asked(&self, mut worker: Worker, job: &Job) -> io::Result<Result<Printed, PrintError>> {
        match worker.ask(job, self.settings.patience) {
            Ok(done) => {
                locked(&self.idle).push(worker);
                Ok(done)
            }
            Err(_) if worker.out_of_time() => Ok(Err(PrintError::RunsAway(self.settings.patience))),
            Err(error) => Err(error),
        }
    }

    /// A place at work; none where there was none for as long as a document may take.
    fn place(&self) -> Option<Place<'_>> {
        let full = |busy: &mut usize| *busy >= MOST;
        let waited =
            self.freed
                .wait_timeout_while(locked(&self.busy), self.settings.patience, full);
        let (mut busy, result) = waited.unwrap_or_else(PoisonError::into_inner);
        if result.timed_out() {
            return None;
        }
        *busy += 1;
        Some(Place(self))
    }
}

/// Nobody panics while one of these is held, so what is behind it is whole.
fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A place at work, given back when it is dropped.
struct Place<'a>(&'a Workers);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        *locked(&self.0.busy) -= 1;
        self.0.freed.notify_one();
    }
}

/// A process that sets documents, as whoever began it sees it.
struct Worker {
    process: Child,
    tasks: BufWriter<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Worker {
    fn begun(settings: &WorkerSettings) -> io::Result<Self> {
        let mut command = Command::new(&settings.program);
        command
            .args(&settings.arguments)
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

    fn ask(&mut self, job: &Job, patience: Duration) -> io::Result<Result<Printed, PrintError>> {
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
        send(&mut self.tasks, &task, &parts)?;
        let (answer, parts) = receive(&mut self.answers)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        let answer: Result<usize, PrintError> = answer;
        Ok(answer.map(|pages| Printed {
            pdf: parts.into_iter().next().unwrap_or_default(),
            pages,
        }))
    }

    /// Whether it ended because its time was over.
    fn out_of_time(&mut self) -> bool {
        let status = self.process.wait();
        status.is_ok_and(|status| status.code() == Some(OUT_OF_TIME))
    }
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
/// program of [`WorkerSettings`] does. It bounds its own memory, and ends when a document takes too long.
///
/// # Errors
///
/// Where either end of it breaks.
pub fn work(fonts: &FontSettings) -> io::Result<()> {
    #[cfg(unix)]
    bound_memory()?;
    let watch = Watch::begun();
    let shop = Shop::new(Fonts::new(fonts));
    let (mut tasks, mut answers) = (BufReader::new(io::stdin()), BufWriter::new(io::stdout()));
    thread::scope(|scope| {
        let work = move || -> io::Result<()> {
            while let Some((task, parts)) = receive::<Task>(&mut tasks)? {
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

/// What asks for more is ended by the allocator.
#[cfg(unix)]
fn bound_memory() -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let now = getrlimit(Resource::As);
    let most = now.maximum.map_or(MEMORY, |most| most.min(MEMORY));
    let bound = Rlimit {
        current: Some(most),
        maximum: Some(most),
    };
    Ok(setrlimit(Resource::As, bound)?)
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

/// Reads a message, or nothing at the end.
fn receive<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<(T, Vec<Vec<u8>>)>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let exactly = |from: &mut dyn Read, length: usize| -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        from.read_exact(&mut bytes)?;
        Ok(bytes)
    };
    let length = usize::try_from(u32::from_be_bytes(length)).map_err(io::Error::other)?;
    let head = exactly(from, length)?;
    let (head, lengths): (T, Vec<usize>) = serde_json::from_slice(&head)?;
    let parts = lengths.into_iter().map(|length| exactly(from, length));
    Ok(Some((head, parts.collect::<io::Result<_>>()?)))
}
