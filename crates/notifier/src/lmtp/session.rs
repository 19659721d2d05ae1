//! What is said to one who connects, whatever they say.

use super::Limits;

/// A conversation.
#[derive(Debug)]
pub struct Session {
    limits: Limits,
    /// What came in and was not looked at yet.
    waiting: Vec<u8>,
    greeted: bool,
    sender: Option<String>,
    recipients: Vec<String>,
    data: Option<Data>,
    /// How many are still to be told what became of a mail.
    handed: usize,
    errors: u32,
    is_over: bool,
}

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Say this.
    Say(String),
    /// A mail is to be taken; then [`Session::settle`].
    Take(Handed),
    /// Wait for more.
    Wait,
    /// It is over.
    Close,
}

/// A mail that is handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    /// Who sent it; empty, if it is not to be answered.
    pub sender: String,
    /// Whom it is for.
    pub recipients: Vec<String>,
    /// All of it.
    pub mail: Vec<u8>,
}

/// What became of a mail, of one of its recipients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is kept.
    Taken,
    /// It could not be kept now.
    TryAgain,
}

impl Session {
    /// Begins one. The greeting comes first.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            waiting: Vec::new(),
            greeted: false,
            sender: None,
            recipients: Vec::new(),
            data: None,
            handed: 0,
            errors: 0,
            is_over: false,
        }
    }

    /// What is said first.
    pub fn greeting() -> String {
        reply("220 Convoke LMTP")
    }

    /// What is said to one who is sent away because the program stops.
    pub fn farewell() -> String {
        reply("421 4.3.2 stopping; come again later")
    }

    /// Whether nothing was begun that would be cut off.
    pub fn is_idle(&self) -> bool {
        self.data.is_none() && self.handed == 0 && self.waiting.is_empty()
    }

    /// Whether a mail is coming in.
    pub fn is_receiving(&self) -> bool {
        self.data.is_some()
    }

    /// Something came in.
    pub fn hear(&mut self, bytes: &[u8]) {
        if !self.is_over {
            self.waiting.extend_from_slice(bytes);
        }
    }

    /// What comes next. After [`Step::Take`], nothing before [`Session::settle`].
    pub fn step(&mut self) -> Step {
        if self.handed > 0 {
            return Step::Wait;
        }
        if self.is_over {
            return Step::Close;
        }
        if let Some(data) = &mut self.data {
            let ended = data.hear(&mut self.waiting, self.limits.mail);
            return if ended { self.ended() } else { Step::Wait };
        }
        let end = self.waiting.iter().position(|byte| *byte == b'\n');
        let length = end.unwrap_or(self.waiting.len());
        if length > self.limits.command {
            self.is_over = true;
            return Step::Say(reply("500 5.5.6 the line is too long"));
        }
        let Some(end) = end else { return Step::Wait };
        let mut line: Vec<u8> = self.waiting.drain(..=end).collect();
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        let said = self.command(&line);
        if said.starts_with('5') {
            self.errors = self.errors.saturating_add(1);
            if self.errors > self.limits.errors {
                self.is_over = true;
                return Step::Say(reply("421 4.7.0 too much that makes no sense"));
            }
        }
        Step::Say(said)
    }

    /// What became of the mail, by recipient. What is to be said.
    pub fn settle(&mut self, verdicts: &[Verdict]) -> String {
        let handed = std::mem::take(&mut self.handed);
        // Of whom nothing is said, nothing was kept.
        let verdicts = verdicts.iter().copied();
        let all = verdicts.chain(std::iter::repeat(Verdict::TryAgain));
        all.take(handed)
            .map(|verdict| match verdict {
                Verdict::Taken => reply("250 2.0.0 taken"),
                Verdict::TryAgain => reply("450 4.3.0 it cannot be kept now; try again"),
            })
            .collect()
    }

    /// A mail came to its end.
    fn ended(&mut self) -> Step {
        let sender = self.sender.take().unwrap_or_default();
        let recipients = std::mem::take(&mut self.recipients);
        let Some(data) = self.data.take() else {
            return Step::Wait;
        };
        if data.is_too_large {
            let each = recipients
                .iter()
                .map(|_| reply("552 5.3.4 the mail is too large"));
            return Step::Say(each.collect());
        }
        self.handed = recipients.len();
        Step::Take(Handed {
            sender,
            recipients,
            mail: data.mail,
        })
    }

    fn command(&mut self, line: &[u8]) -> String {
        let Ok(line) = std::str::from_utf8(line) else {
            return reply("501 5.5.2 that is not UTF-8");
        };
        if line.chars().any(char::is_control) {
            return reply("501 5.5.2 there is a control character in it");
        }
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "LHLO" if rest.trim().is_empty() => reply("501 5.5.4 say who you are"),
            "LHLO" => {
                self.greeted = true;
                self.reset();
                format!(
                    "250-Convoke\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n\
                     250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE {}\r\n",
                    self.limits.mail
                )
            }
            // RFC 2033, 4.1: whoever says so takes this for SMTP.
            "HELO" | "EHLO" => reply("500 5.5.1 this is LMTP: say LHLO"),
            "NOOP" => reply("250 2.0.0 yes"),
            "RSET" => {
                self.reset();
                reply("250 2.0.0 forgotten")
            }
            "VRFY" => reply("252 2.1.5 send it, and you will hear"),
            "QUIT" => {
                self.is_over = true;
                reply("221 2.0.0 good bye")
            }
            "MAIL" | "RCPT" | "DATA" if !self.greeted => reply("503 5.5.1 say LHLO first"),
            "MAIL" => self.mail(rest),
            "RCPT" => self.rcpt(rest),
            "DATA" if self.recipients.is_empty() => reply("503 5.5.1 there is no recipient"),
            "DATA" => {
                self.data = Some(Data::default());
                reply("354 go on, to a line that is a dot")
            }
            _ => reply("500 5.5.1 unknown command"),
        }
    }

    fn mail(&mut self, rest: &str) -> String {
        if self.sender.is_some() {
            return reply("503 5.5.1 there is a sender already");
        }
        let Some((sender, parameters)) = path(rest, "FROM:") else {
            return reply("501 5.5.4 MAIL FROM:<address>");
        };
        for parameter in parameters.split_whitespace() {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let name = name.to_ascii_uppercase();
            match (name.as_str(), value.to_ascii_uppercase().as_str()) {
                ("SIZE", size) => match size.parse::<usize>() {
                    Ok(size) if size <= self.limits.mail => {}
                    Ok(_) => return reply("552 5.3.4 the mail is too large"),
                    Err(_) => return reply("501 5.5.4 SIZE is a number"),
                },
                ("BODY", "7BIT" | "8BITMIME") | ("SMTPUTF8", "") => {}
                _ => return reply("555 5.5.4 unknown parameter"),
            }
        }
        self.sender = Some(sender.to_owned());
        reply("250 2.1.0 go on")
    }

    fn rcpt(&mut self, rest: &str) -> String {
        if self.sender.is_none() {
            return reply("503 5.5.1 say MAIL first");
        }
        let Some((recipient, _parameters)) = path(rest, "TO:") else {
            return reply("501 5.5.4 RCPT TO:<address>");
        };
        if !recipient.contains('@') {
            return reply("550 5.1.3 that is no address");
        }
        if self.recipients.len() >= self.limits.recipients {
            return reply("452 4.5.3 too many recipients");
        }
        self.recipients.push(recipient.to_owned());
        reply("250 2.1.5 go on")
    }

    fn reset(&mut self) {
        self.sender = None;
        self.recipients.clear();
    }
}

fn reply(line: &str) -> String {
    format!("{line}\r\n")
}

/// The address between < and >, and what stands behind it.
fn path<'a>(text: &'a str, keyword: &str) -> Option<(&'a str, &'a str)> {
    let said = text.trim_start().get(..keyword.len())?;
    if !said.eq_ignore_ascii_case(keyword) {
        return None;
    }
    let rest = text.trim_start().get(keyword.len()..)?;
    let rest = rest.trim_start().strip_prefix('<')?;
    let mut quoted = false;
    let mut escaped = false;
    let end = rest.char_indices().find(|(_, character)| {
        let ends = *character == '>' && !quoted;
        if escaped {
            escaped = false;
        } else if *character == '\\' {
            escaped = quoted;
        } else if *character == '"' {
            quoted = !quoted;
        }
        ends
    });
    let (end, _) = end?;
    let (address, rest) = (rest.get(..end)?, rest.get(end + 1..)?);
    // A route, which nobody goes any more (RFC 5321, appendix C).
    let address = match address.strip_prefix('@') {
        Some(route) => route.split_once(':')?.1,
        None => address,
    };
    let parameters = rest.strip_prefix(' ').or(rest.is_empty().then_some(""))?;
    Some((address, parameters))
}

/// A mail that is coming in. Its end is a dot between CR LF and CR LF, and nothing else: whoever takes
/// something else for it can be made to see two mails where there is one.
#[derive(Debug, Default)]
struct Data {
    mail: Vec<u8>,
    at: At,
    is_too_large: bool,
}

/// Where in a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum At {
    #[default]
    Start,
    Dot,
    DotCr,
    Inside,
    Cr,
}

impl Data {
    /// Takes what is waiting, up to the end of the mail. Whether that was there.
    fn hear(&mut self, waiting: &mut Vec<u8>, most: usize) -> bool {
        let mut heard = 0;
        let mut ended = false;
        for byte in waiting.iter().copied() {
            heard += 1;
            self.at = match (self.at, byte) {
                (At::DotCr, b'\n') => {
                    ended = true;
                    break;
                }
                (At::Start, b'.') => At::Dot,
                (At::Dot, b'\r') => At::DotCr,
                (At::Cr, b'\n') => {
                    self.keep(b"\r\n", most);
                    At::Start
                }
                (At::Start | At::Inside, b'\r') => At::Cr,
                // A dot at the beginning of a line is not of the mail, whatever follows it.
                (At::DotCr | At::Cr, b'\r') => {
                    self.keep(b"\r", most);
                    At::Cr
                }
                (At::DotCr | At::Cr, other) => {
                    self.keep(&[b'\r', other], most);
                    At::Inside
                }
                (At::Start | At::Dot | At::Inside, other) => {
                    self.keep(&[other], most);
                    At::Inside
                }
            };
        }
        waiting.drain(..heard);
        ended
    }

    fn keep(&mut self, bytes: &[u8], most: usize) {
        if self.mail.len() + bytes.len() > most {
            self.is_too_large = true;
            self.mail = Vec::new();
        }
        if !self.is_too_large {
            self.mail.extend_from_slice(bytes);
        }
    }
}
