//! How many letters a second and core, how large, and whether memory stays flat.
//!
//! `just bench-letters`. Each letter is to somebody else, with a number and an address of its own. What is
//! printed is read by `checks/documents/bench.py`; given a file's name, it writes one letter there.

use std::error::Error;
use std::fs;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use chrono::{DateTime, Utc};
use credentials::{SignatureFacts, SigningKey, sign_pdf};
use documents::{Document, FontSettings, Kind, Languages, Paper, Press};
use domain::LocalizedText;
use mimalloc::MiMalloc;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

type Failed = Box<dyn Error + Send + Sync>;

/// Letters of the measured run.
const MANY: usize = 1_000;
/// Letters before, which fill the caches.
const FEW: usize = 50;

fn main() -> Result<(), Failed> {
    let arguments: Vec<_> = std::env::args()
        .skip(1)
        .filter(|one| one != "--bench")
        .collect();
    let press = Press::new(&FontSettings {
        system: false,
        ..FontSettings::default()
    });
    if let [file] = arguments.as_slice() {
        fs::write(file, press.print(&letter(0)?)?.pdf)?;
    }
    let key = Arc::new(SigningKey::self_signed("Example", issued_at()?, &[7; 32])?);
    run(&press, None, 0, FEW)?;
    let (memory, began) = (most_memory(), Instant::now());
    let bytes = run(&press, None, FEW, MANY)?;
    let plain = rate(MANY, began);
    tell(&format!("letters/s, not signed, one thread: {plain:.1}"));
    tell(&format!("bytes/letter, not signed: {}", bytes / MANY));
    let began = Instant::now();
    let bytes = run(&press, Some(&key), FEW + MANY, MANY)?;
    let alone = rate(MANY, began);
    tell(&format!("letters/s, signed, one thread: {alone:.1}"));
    tell(&format!("bytes/letter, signed: {}", bytes / MANY));
    tell(&format!(
        "VmHWM after {FEW}: {memory} kB, after {} more: {} kB",
        2 * MANY,
        most_memory()
    ));

    let began = Instant::now();
    let threads = [0, 1].map(|which| {
        let (press, key) = (press.clone(), Arc::clone(&key));
        thread::spawn(move || run(&press, Some(&key), (3 + which) * MANY, MANY))
    });
    for thread in threads {
        thread.join().map_err(|_panic| "a thread broke down")??;
    }
    let together = rate(2 * MANY, began);
    tell(&format!("letters/s, signed, two threads: {together:.1}"));
    tell(&format!(
        "VmHWM after {} more: {} kB",
        2 * MANY,
        most_memory()
    ));
    Ok(())
}

fn run(
    press: &Press,
    key: Option<&SigningKey>,
    first: usize,
    many: usize,
) -> Result<usize, Failed> {
    (first..first + many).try_fold(0, |bytes, index| {
        let printed = press.print(&letter(index)?)?.pdf;
        let Some(key) = key else {
            return Ok(bytes + printed.len());
        };
        let facts = SignatureFacts {
            name: "Example University".to_owned(),
            reason: Some(format!("HY-2027-{index:06}")),
            location: None,
            at: issued_at()?,
        };
        Ok(bytes + sign_pdf(&printed, key, &facts)?.len())
    })
}

fn issued_at() -> Result<DateTime<Utc>, Failed> {
    Ok("2027-03-01T08:00:00Z".parse()?)
}

/// The letter of the sample to another person, in another number.
fn letter(index: usize) -> Result<Document, Failed> {
    const GIVEN: [&str; 10] = [
        "示例", "范例", "样本", "举例", "例如", "示范", "模范", "标本", "样例", "试样",
    ];
    const FAMILY: [&str; 8] = ["王", "李", "陈", "赵", "孙", "周", "吴", "郑"];
    let mut document = Document::sample(Kind::AppointmentLetter, Languages::Chinese);
    if let Paper::AppointmentLetter(letter) = &mut document.paper {
        let family = FAMILY
            .iter()
            .cycle()
            .nth(index)
            .copied()
            .unwrap_or_default();
        let given = GIVEN
            .iter()
            .cycle()
            .nth(index / 8)
            .copied()
            .unwrap_or_default();
        letter.appointee.name =
            LocalizedText::single("zh-Hans".parse()?, format!("{family}{given}"));
        letter.imprint.number = Some(format!("HY-2027-{index:06}"));
        letter.imprint.verification =
            Some(format!("https://convoke.example.org/verify/{index:010}"));
    }
    Ok(document)
}

#[expect(clippy::cast_precision_loss, reason = "some thousands of letters")]
fn rate(many: usize, began: Instant) -> f64 {
    many as f64 / began.elapsed().as_secs_f64()
}

/// The most memory that this process has had at once, in kB; 0 where the system does not say.
fn most_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or_default()
}

#[expect(clippy::print_stdout, reason = "it is what it is run for")]
fn tell(line: &str) {
    println!("{line}");
}
