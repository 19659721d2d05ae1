//! Writes every mail into a folder, to be looked at and to be checked: as HTML and text, and whole
//! and signed (`.eml`), with the public keys for those who verify. `just check-mail` runs it.

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use chrono::DateTime;
use notifier::dkim::Dkim;
use notifier::mail::{AutoSubmitted, CalendarMethod, CalendarPart, List, Mail, Mailbox, compose};
use notifier::template::{Kind, Templates, samples};
use notifier::words::Language;

const CALENDAR: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Convoke//sample//EN\r\n\
    METHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:sample@example.org\r\nDTSTAMP:20260601T000000Z\r\n\
    DTSTART:20260723T010000Z\r\nDTEND:20260723T023000Z\r\nSUMMARY:Sample\r\nSEQUENCE:0\r\n\
    ORGANIZER:mailto:rsvp+t0k3n@example.org\r\nATTENDEE;RSVP=TRUE:mailto:wang@example.com\r\n\
    END:VEVENT\r\nEND:VCALENDAR\r\n";

fn main() -> Result<(), Box<dyn Error>> {
    let folder: PathBuf = std::env::args_os().nth(1).ok_or("name a folder")?.into();
    fs::create_dir_all(&folder)?;
    let keys = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/keys");
    let dkim =
        [("rsa", "dkim-rsa.pem"), ("ed25519", "dkim-ed25519.pem")].map(|(selector, file)| {
            let pem = fs::read_to_string(keys.join(file))?;
            Ok::<_, Box<dyn Error>>(Dkim::from_pem("example.org", selector, &pem)?)
        });
    let [rsa, ed25519] = dkim;
    let (rsa, ed25519) = (rsa?, ed25519?);
    let records: Vec<_> = [&rsa, &ed25519]
        .iter()
        .map(|key| format!("{}\t{}\n", key.record_name(), key.record()))
        .collect();
    fs::write(folder.join("records.tsv"), records.concat())?;

    let templates = Templates::new();
    for language in Language::ALL {
        for kind in Kind::ALL {
            for (message, size) in samples(kind, language).iter().zip(["full", "bare"]) {
                let rendered = templates.render(message, language)?;
                let name = format!("{}.{}.{size}", kind.as_str(), language.tag());
                fs::write(folder.join(format!("{name}.html")), &rendered.html)?;
                fs::write(folder.join(format!("{name}.txt")), &rendered.text)?;
                let mail = Mail {
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
                    list: (size == "full").then(|| List {
                        id: "evt-sample.example.org".to_owned(),
                        unsubscribe_url: "https://events.example.org/leave/Kq3vX8".to_owned(),
                        unsubscribe_mailto: None,
                    }),
                    auto_submitted: AutoSubmitted::Generated,
                    language: language.tag().parse()?,
                };
                for (key, suffix) in [(&rsa, "rsa"), (&ed25519, "ed25519")] {
                    let bytes = compose(&mail, Some(key))?;
                    fs::write(folder.join(format!("{name}.{suffix}.eml")), bytes)?;
                }
            }
        }
    }
    Ok(())
}

fn mailbox(name: &str, address: &str) -> Result<Mailbox, Box<dyn Error>> {
    Ok(Mailbox {
        name: name.to_owned(),
        address: address.parse()?,
    })
}
