//! A mail server for tests, which does as it is told.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// What it does at a moment: the greeting, a command, the middle of a mail, its end.
#[derive(Debug, Clone)]
pub(super) enum Act {
    Say(&'static [u8]),
    Cut,
    Silence,
}

/// When it does it: on which connection (from 0), at which command.
pub(super) type Script = HashMap<(usize, &'static str), Act>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Plain,
    Tls,
    StartTls,
}

/// What it has heard.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// Commands, each with the number of its connection.
    pub(super) commands: Vec<(usize, String)>,
    pub(super) mails: Vec<Vec<u8>>,
    pub(super) connections: usize,
}

pub(super) struct Fake {
    pub(super) port: u16,
    pub(super) heard: Arc<Mutex<Heard>>,
}

pub(super) const AUTHORITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/tls-ca.pem");

impl Fake {
    pub(super) async fn start(mode: Mode, script: Script) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(Heard::default()));
        let shared = Arc::clone(&heard);
        let script = Arc::new(script);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).unwrap();
                let mut heard = shared.lock().unwrap();
                let session = Session {
                    connection: heard.connections,
                    script: Arc::clone(&script),
                    heard: Arc::clone(&shared),
                    mode,
                };
                heard.connections += 1;
                drop(heard);
                tokio::spawn(session.run(stream));
            }
        });
        Self { port, heard }
    }

    pub(super) fn commands(&self) -> Vec<String> {
        let heard = self.heard.lock().unwrap();
        let all = heard.commands.iter();
        all.map(|(connection, command)| format!("{connection} {command}"))
            .collect()
    }

    pub(super) fn mails(&self) -> Vec<Vec<u8>> {
        self.heard.lock().unwrap().mails.clone()
    }
}

struct Session {
    connection: usize,
    script: Arc<Script>,
    heard: Arc<Mutex<Heard>>,
    mode: Mode,
}

/// The connection is to be closed.
struct Over;

impl Session {
    async fn run(self, stream: TcpStream) {
        if self.mode == Mode::Tls {
            if let Ok(stream) = acceptor().accept(stream).await {
                let _over = self.serve(BufReader::new(stream), true).await;
            }
            return;
        }
        let Ok(stream) = self.serve(BufReader::new(stream), true).await else {
            return;
        };
        if let Ok(stream) = acceptor().accept(stream.into_inner()).await {
            let _over = self.serve(BufReader::new(stream), false).await;
        }
    }

    /// Serves until the end, or until TLS is to begin.
    async fn serve<S>(&self, mut stream: BufReader<S>, greets: bool) -> Result<BufReader<S>, Over>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        if greets {
            self.act(&mut stream, "greeting", b"220 fake ESMTP\r\n")
                .await?;
        }
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.unwrap_or_default() == 0 {
                return Err(Over);
            }
            let line = line.trim_end().to_owned();
            let heard = (self.connection, line.clone());
            self.heard.lock().unwrap().commands.push(heard);
            let verb = line.split(' ').next().unwrap_or_default();
            match verb {
                "EHLO" => {
                    let offers = b"250-fake\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME\r\n";
                    self.act(&mut stream, "EHLO", offers).await?;
                }
                "STARTTLS" if self.mode == Mode::StartTls => {
                    self.act(&mut stream, "STARTTLS", b"220 2.0.0 go on\r\n")
                        .await?;
                    return Ok(stream);
                }
                "STARTTLS" => say(&mut stream, b"502 5.5.1 not here\r\n").await?,
                "AUTH" => {
                    self.act(&mut stream, "AUTH", b"235 2.7.0 hello\r\n")
                        .await?;
                }
                "MAIL" => self.act(&mut stream, "MAIL", b"250 2.1.0 ok\r\n").await?,
                "RCPT" => self.act(&mut stream, "RCPT", b"250 2.1.5 ok\r\n").await?,
                "NOOP" => self.act(&mut stream, "NOOP", b"250 2.0.0 ok\r\n").await?,
                "RSET" => self.act(&mut stream, "RSET", b"250 2.0.0 ok\r\n").await?,
                "QUIT" => {
                    say(&mut stream, b"221 2.0.0 bye\r\n").await?;
                    return Err(Over);
                }
                "DATA" => {
                    self.act(&mut stream, "DATA", b"354 go on\r\n").await?;
                    if !self.script.contains_key(&(self.connection, "DATA")) {
                        self.content(&mut stream).await?;
                    }
                }
                _ => say(&mut stream, b"500 5.5.2 what?\r\n").await?,
            }
        }
    }

    async fn content<S>(&self, stream: &mut BufReader<S>) -> Result<(), Over>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let mut mail = Vec::new();
        while !mail.ends_with(b"\r\n.\r\n") {
            if stream
                .read_until(b'\n', &mut mail)
                .await
                .unwrap_or_default()
                == 0
            {
                return Err(Over);
            }
            if self.script.contains_key(&(self.connection, "middle")) {
                return Err(Over);
            }
        }
        mail.truncate(mail.len() - 3);
        self.heard.lock().unwrap().mails.push(mail);
        self.act(stream, "content", b"250 2.0.0 queued as 1\r\n")
            .await
    }

    async fn act<S>(
        &self,
        stream: &mut BufReader<S>,
        moment: &'static str,
        usual: &'static [u8],
    ) -> Result<(), Over>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        match self.script.get(&(self.connection, moment)) {
            None => say(stream, usual).await,
            Some(Act::Say(reply)) => say(stream, reply).await,
            Some(Act::Cut) => Err(Over),
            Some(Act::Silence) => std::future::pending().await,
        }
    }
}

async fn say<S: AsyncWrite + Unpin>(stream: &mut S, reply: &[u8]) -> Result<(), Over> {
    let written = stream.write_all(reply).await;
    written.map_err(|_gone| Over)?;
    stream.flush().await.map_err(|_gone| Over)
}

fn acceptor() -> TlsAcceptor {
    let certificate =
        CertificateDer::from_pem_slice(include_bytes!("../../../tests/keys/tls-server.pem"));
    let key =
        PrivateKeyDer::from_pem_slice(include_bytes!("../../../tests/keys/tls-server-key.pem"));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.unwrap()], key.unwrap())
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}
