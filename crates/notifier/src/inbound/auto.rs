//! Machines that answer mail (RFC 3834): some say so, each in its own way.

use mail_parser::Message;

/// Whether a machine wrote it.
pub(super) fn is_automatic(message: &Message<'_>) -> bool {
    let says = |name: &'static str| message.header_raw(name).map(str::trim);
    let submitted = says("Auto-Submitted").is_some_and(|value| {
        let kind = value.split(';').next().unwrap_or_default();
        !kind.trim().eq_ignore_ascii_case("no")
    });
    let precedence = says("Precedence").is_some_and(|value| {
        let value = value.to_ascii_lowercase();
        ["bulk", "junk", "auto_reply", "auto-reply", "list"].contains(&value.as_str())
    });
    let marked = MARKS.iter().any(|mark| says(mark).is_some());
    let from_a_machine = message
        .from()
        .and_then(|from| from.first())
        .and_then(|from| from.address())
        .and_then(|address| address.split('@').next())
        .is_some_and(|local| {
            MACHINES
                .iter()
                .any(|machine| local.eq_ignore_ascii_case(machine))
        });
    let subject = message.subject().unwrap_or_default().trim().to_lowercase();
    submitted
        || precedence
        || marked
        || from_a_machine
        || SUBJECTS.iter().any(|start| subject.starts_with(start))
}

/// Fields that nothing but a machine sets.
const MARKS: &[&str] = &[
    "X-Autoreply",
    "X-Auto-Reply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Auto-Reply-From",
    "X-AutoReply-From",
    "X-Mail-Autoreply",
    "X-FC-MachineGenerated",
];

const MACHINES: &[&str] = &[
    "mailer-daemon",
    "postmaster",
    "noreply",
    "no-reply",
    "donotreply",
];

/// How the subjects begin with which clients answer for those who are away.
const SUBJECTS: &[&str] = &[
    "automatic reply:",
    "auto reply:",
    "auto-reply:",
    "autoreply:",
    "auto:",
    "out of office",
    "out-of-office",
    "automatische antwort:",
    "réponse automatique",
    "respuesta automática:",
    "自动回复",
    "自動回覆",
    "自動返信",
    "[自动回复]",
    "【自动回复】",
];
