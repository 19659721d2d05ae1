//! A mail server of a test's own: it takes mails and remembers them, or fails as it is told to.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the server does with one mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It takes it.
    None,
    /// It wants it later, at the recipient.
    Later,
    /// It refuses the recipient.
    NoSuchMailbox,
    /// It refuses what it says.
    Refused,
    /// The connection breaks while the mail is handed over.
    CutInData,
    /// It takes it, and the connection breaks before that is said.
    CutBeforeAnswer,
    /// It takes its time.
    Slow,
}

/// A mail that the server has, whatever the client knows of that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) message_id: String,
    pub(crate) mail: Vec<u8>,
}

/// The server. It listens until the test is over.
#[derive(Clone)]
pub(crate) struct Sink {
    pub(crate) address: SocketAddr,
    stored: Arc<Mutex<Vec<Stored>>>,
    faults: Arc<Mutex<dyn FnMut() -> Fault + Send>>,
}

impl Sink {
    /// One that asks before each mail what to do with it.
    pub(crate) fn start(faults: impl FnMut() -> Fault + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let sink = Self {
            address: listener.local_addr().expect("an address"),
            stored: Arc::default(),
            faults: Arc::new(Mutex::new(faults)),
        };
        let server = sink.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = server.clone();
                // A client that is killed breaks the conversation, which is no failure of the test.
                std::thread::spawn(move || drop(server.converse(stream)));
            }
        });
        sink
    }

    /// The setting that leads here.
    pub(crate) fn setting(&self) -> String {
        format!("smtp+plaintext://{}", self.address)
    }

    /// Everything that was taken so far.
    pub(crate) fn stored(&self) -> Vec<Stored> {
        self.stored.lock().expect("a lock").clone()
    }

    fn converse(&self, mut stream: TcpStream) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut line = String::new();
        let mut fault = Fault::None;
        write!(stream, "220 sink.example.org\r\n")?;
        loop {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let command = line.trim_end().to_ascii_uppercase();
            match command.split([' ', ':']).next().unwrap_or_default() {
                "EHLO" => write!(stream, "250-sink.example.org\r\n250 8BITMIME\r\n")?,
                "MAIL" => {
                    fault = (self.faults.lock().expect("a lock"))();
                    write!(stream, "250 2.1.0 ok\r\n")?;
                }
                "RCPT" => match fault {
                    Fault::Later => write!(stream, "451 4.7.1 greylisted, try again later\r\n")?,
                    Fault::NoSuchMailbox => write!(stream, "550 5.1.1 no such user here\r\n")?,
                    _ => write!(stream, "250 2.1.5 ok\r\n")?,
                },
                "DATA" => {
                    write!(stream, "354 go on\r\n")?;
                    if fault == Fault::CutInData {
                        reader.read_line(&mut line)?;
                        return Ok(());
                    }
                    let mail = data(&mut reader)?;
                    if fault == Fault::Slow {
                        std::thread::park_timeout(Duration::from_millis(30));
                    }
                    if fault == Fault::Refused {
                        write!(stream, "554 5.6.0 we do not like it\r\n")?;
                        continue;
                    }
                    self.store(mail);
                    if fault == Fault::CutBeforeAnswer {
                        return Ok(());
                    }
                    write!(stream, "250 2.0.0 taken\r\n")?;
                }
                "QUIT" => return write!(stream, "221 2.0.0 bye\r\n"),
                "RSET" | "NOOP" => write!(stream, "250 2.0.0 ok\r\n")?,
                _ => write!(stream, "500 5.5.1 what?\r\n")?,
            }
        }
    }

    fn store(&self, mail: Vec<u8>) {
        let text = String::from_utf8_lossy(&mail);
        let line = text.lines().find(|line| line.starts_with("Message-ID:"));
        let message_id = line.map(|line| line.trim_start_matches("Message-ID:").trim().to_owned());
        let message_id = message_id.expect("every mail has a Message-ID");
        let stored = Stored { message_id, mail };
        self.stored.lock().expect("a lock").push(stored);
    }
}

/// What is handed over up to the dot, which is doubled where a line begins with one.
fn data(reader: &mut impl std::io::BufRead) -> std::io::Result<Vec<u8>> {
    let mut mail = Vec::new();
    loop {
        let mut line = Vec::new();
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == b".\r\n" {
            return Ok(mail);
        }
        let line = line.strip_prefix(b".").unwrap_or(&line);
        mail.extend_from_slice(line);
    }
}
