//! How many mails a second are rendered, composed, signed and, where a server is named, sent; or
//! every mail written into a folder, to be looked at and checked.
//!
//! `just bench-mails [smtp+plaintext://…]`; `just check-mail` has it write the folder, and send from
//! it. What is sent is the sample of every kind in both languages, with much to say and with little.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::DateTime;
use domain::Word as _;
use notifier::dkim::Dkim;
use notifier::mail::{AutoSubmitted, CalendarMethod, CalendarPart, List, Mail, Mailbox, compose};
use notifier::template::{Kind, Message, Rendered, Templates, samples};
use notifier::transport::{Envelope, Outcome, Transport, TransportSettings};
use notifier::words::Language;

type Failed = Box<dyn Error + Send + Sync>;

/// How long each thing is done over and over.
const TIME: Duration = Duration::from_secs(3);
/// How many mails are sent.
const SENT: usize = 4_000;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    // What cargo adds is no argument of ours.
    let arguments: Vec<_> = std::env::args()
        .skip(1)
        .filter(|one| one != "--bench")
        .collect();
    match arguments.as_slice() {
        [] => measure(),
        [server] if server.contains("://") => {
            measure()?;
            measure_sending(server).await
        }
        [folder] => write(Path::new(folder)).map(drop),
        [folder, server] => send_all(server, write(Path::new(folder))?).await,
        _ => Err("mails [FOLDER] [SERVER]".into()),
    }
}

#[expect(clippy::print_stdout, reason = "it is what it is run for")]
fn tell(line: &str) {
    println!("{line}");
}

fn measure() -> Result<(), Failed> {
    let templates = Templates::new();
    let messages: Vec<_> = messages().collect();
    let mails = mails(&templates)?;
    let [rsa, ed25519] = keys()?;
    let sizes = mails
        .iter()
        .map(|made| Ok(compose(&made.mail, None)?.len()));
    let bytes = sizes.sum::<Result<usize, Failed>>()? / mails.len();
    tell(&format!(
        "{} mails, {bytes} bytes on average, on one thread:",
        mails.len()
    ));
    rate("rendered", messages.iter(), |(_, message, language)| {
        Ok(templates.render(message, *language)?.html.len())
    })?;
    for (what, key) in [
        ("composed", None),
        ("composed and signed, Ed25519", Some(&ed25519)),
        ("composed and signed, RSA of 2048 bits", Some(&rsa)),
    ] {
        rate(what, mails.iter(), |made| {
            Ok(compose(&made.mail, key)?.len())
        })?;
    }
    Ok(())
}

fn rate<T>(
    what: &str,
    things: impl Iterator<Item = T> + Clone,
    act: impl Fn(T) -> Result<usize, Failed>,
) -> Result<(), Failed> {
    let start = Instant::now();
    let mut times = 0_u32;
    for thing in things.cycle() {
        std::hint::black_box(act(thing)?);
        times += 1;
        if times.is_multiple_of(64) && start.elapsed() > TIME {
            break;
        }
    }
    let each = start.elapsed() / times;
    tell(&format!(
        "  {what}: {:.0} a second",
        1.0 / each.as_secs_f64()
    ));
    Ok(())
}

async fn measure_sending(server: &str) -> Result<(), Failed> {
    let mails = mails(&Templates::new())?;
    let composed = mails
        .iter()
        .map(|made| Ok((envelope(&made.mail), compose(&made.mail, None)?)));
    let composed = Arc::new(composed.collect::<Result<Vec<_>, Failed>>()?);
    for connections in [1, 4, 16] {
        let mark = if server.contains('?') { '&' } else { '?' };
        let line = format!("{server}{mark}connections={connections}");
        let transport = Arc::new(Transport::new(line.parse::<TransportSettings>()?)?);
        let start = Instant::now();
        let mut tasks = Vec::new();
        for task in 0..connections {
            let (transport, composed) = (Arc::clone(&transport), Arc::clone(&composed));
            tasks.push(tokio::spawn(async move {
                let mine = composed.iter().cycle().skip(task).take(SENT / connections);
                for (envelope, mail) in mine {
                    accepted(&transport.send(envelope, mail).await, envelope)?;
                }
                Ok::<_, Failed>(())
            }));
        }
        for task in tasks {
            task.await??;
        }
        let each = start.elapsed() / u32::try_from(SENT)?;
        tell(&format!(
            "  sent over {connections} connections: {:.0} a second",
            1.0 / each.as_secs_f64()
        ));
        transport.close().await;
    }
    Ok(())
}

async fn send_all(server: &str, mails: Vec<(Envelope, Vec<u8>)>) -> Result<(), Failed> {
    let transport = Transport::new(server.parse::<TransportSettings>()?)?;
    for (envelope, mail) in &mails {
        accepted(&transport.send(envelope, mail).await, envelope)?;
    }
    transport.close().await;
    tell(&format!("{} sent", mails.len()));
    Ok(())
}

fn accepted(outcome: &Outcome, envelope: &Envelope) -> Result<(), Failed> {
    match outcome {
        Outcome::Accepted(_) => Ok(()),
        Outcome::Deferred(_)
        | Outcome::Refused(_)
        | Outcome::Unreachable(_)
        | Outcome::Uncertain(_) => Err(format!("{}: {outcome:?}", envelope.message_id).into()),
    }
}

/// Every mail as HTML and text, whole and signed by either key, and the records of the keys.
fn write(folder: &Path) -> Result<Vec<(Envelope, Vec<u8>)>, Failed> {
    fs::create_dir_all(folder)?;
    let keys = keys()?;
    let records = keys
        .iter()
        .map(|key| format!("{}\t{}\n", key.record_name(), key.record()));
    fs::write(folder.join("records.tsv"), records.collect::<String>())?;
    let mut written = Vec::new();
    for Made { name, mail } in mails(&Templates::new())? {
        fs::write(folder.join(format!("{name}.html")), &mail.html)?;
        fs::write(folder.join(format!("{name}.txt")), &mail.text)?;
        for (key, suffix) in keys.iter().zip(["rsa", "ed25519"]) {
            let bytes = compose(&mail, Some(key))?;
            fs::write(folder.join(format!("{name}.{suffix}.eml")), &bytes)?;
            written.push((envelope(&mail), bytes));
        }
    }
    Ok(written)
}

struct Made {
    name: String,
    mail: Mail,
}

fn messages() -> impl Iterator<Item = (String, Message, Language)> {
    let all = Language::ALL
        .into_iter()
        .flat_map(|language| Kind::ALL.iter().map(move |kind| (*kind, language)));
    all.flat_map(|(kind, language)| {
        let sized = samples(kind, language).into_iter().zip(["full", "bare"]);
        sized.map(move |(message, size)| {
            let name = format!("{}.{}.{size}", kind.as_str().to_lowercase(), language.tag());
            (name, message, language)
        })
    })
}

fn mails(templates: &Templates) -> Result<Vec<Made>, Failed> {
    let made = messages().map(|(name, message, language)| {
        let rendered = templates.render(&message, language)?;
        let mail = mail(&name, message.kind(), rendered, language)?;
        Ok(Made { name, mail })
    });
    made.collect()
}

fn mail(name: &str, kind: Kind, rendered: Rendered, language: Language) -> Result<Mail, Failed> {
    Ok(Mail {
        message_id: format!("{name}@example.org"),
        date: DateTime::from_timestamp(1_780_300_800, 0).ok_or("no such date")?,
        from: mailbox("海峡论坛组委会 Forum", "forum@example.org")?,
        reply_to: Some(mailbox("", "rsvp+t0k3n@example.org")?),
        to: mailbox("王 \"Wang\" O'Neil", "wang@example.com")?,
        envelope_from: "bounce+t0k3n@example.org".parse()?,
        subject: rendered.subject,
        text: rendered.text,
        html: rendered.html,
        calendar: (kind == Kind::Invitation).then(|| CalendarPart {
            method: CalendarMethod::Request,
            bytes: CALENDAR.as_bytes().to_vec(),
        }),
        attachments: Vec::new(),
        list: name.ends_with("full").then(|| List {
            id: "evt-sample.example.org".to_owned(),
            unsubscribe_url: "https://events.example.org/leave/Kq3vX8".to_owned(),
            unsubscribe_mailto: None,
        }),
        auto_submitted: AutoSubmitted::Generated,
        language: language.tag().parse()?,
    })
}

const CALENDAR: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Convoke//sample//EN\r\n\
    METHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:sample@example.org\r\nDTSTAMP:20260601T000000Z\r\n\
    DTSTART:20260723T010000Z\r\nDTEND:20260723T023000Z\r\nSUMMARY:Sample\r\nSEQUENCE:0\r\n\
    ORGANIZER:mailto:rsvp+t0k3n@example.org\r\nATTENDEE;RSVP=TRUE:mailto:wang@example.com\r\n\
    END:VEVENT\r\nEND:VCALENDAR\r\n";

fn envelope(mail: &Mail) -> Envelope {
    Envelope {
        message_id: mail.message_id.clone(),
        from: mail.envelope_from.clone(),
        to: mail.to.address.clone(),
    }
}

fn mailbox(name: &str, address: &str) -> Result<Mailbox, Failed> {
    Ok(Mailbox {
        name: name.to_owned(),
        address: address.parse()?,
    })
}

/// The keys of the tests.
fn keys() -> Result<[Dkim; 2], Failed> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/keys");
    let key = |selector: &str| -> Result<Dkim, Failed> {
        let pem = fs::read_to_string(folder.join(format!("dkim-{selector}.pem")))?;
        Ok(Dkim::from_pem("example.org", selector, &pem)?)
    };
    Ok([key("rsa")?, key("ed25519")?])
}
