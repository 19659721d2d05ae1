//! A mail server that takes mails on (RFC 5321), over connections that are kept.
//!
//! Small packets leave at once (`TCP_NODELAY`): the library writes a mail and the dot behind it
//! apart, and would wait 40 ms for each otherwise. The commands are given one by one, so that it is
//! known where a conversation broke: before the mail was begun nothing was sent, after it one
//! cannot know.

mod wire;

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;

use super::{Envelope, Outcome, Reply, Security, SmtpSettings, Stage};
use wire::Wire;

/// How many connections, how many mails over each, and how long to wait for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections at once.
    pub connections: usize,
    /// Mails over one connection, after which a new one is made.
    pub mails_per_connection: u32,
    /// How long a connection may stand idle to be used again.
    pub idle: Duration,
    /// After how long it is first asked whether it is still there.
    pub unasked: Duration,
    /// The longest wait for a connection, with TLS and login.
    pub connect: Duration,
    /// The longest wait for the answer to a command.
    pub command: Duration,
    /// The longest wait while a mail is handed over.
    pub content: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4,
            mails_per_connection: 100,
            idle: Duration::from_secs(30),
            unasked: Duration::from_secs(5),
            connect: Duration::from_secs(20),
            command: Duration::from_mins(1),
            content: Duration::from_mins(4),
        }
    }
}

/// A mail server. One value is shared by all who send.
pub struct Smtp {
    settings: SmtpSettings,
    tls: TlsConnector,
    turns: Semaphore,
    kept: Mutex<Vec<Kept>>,
}

/// A connection that stands idle.
struct Kept {
    connection: AsyncSmtpConnection,
    mails: u32,
    since: Instant,
}

/// Why TLS cannot be spoken.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file of certificates cannot be read.
    #[error("the file of certificates to trust cannot be read")]
    Authorities(#[source] rustls::pki_types::pem::Error),
    /// It has something in it that is no certificate of an authority.
    #[error("the file of certificates to trust has one that cannot be used")]
    Authority(#[source] rustls::Error),
    /// The library refuses.
    #[error("TLS is not available")]
    Unavailable(#[source] rustls::Error),
}

/// Why a conversation did not end with a mail taken on.
enum Failure {
    /// The server said no. The connection may still be used.
    Said(Reply),
    /// The connection broke, or nothing came for too long, before the mail was begun.
    Before(String),
    /// The same, after it.
    After(String),
}

impl Smtp {
    /// A mail server, to which no connection is made yet.
    pub fn new(settings: SmtpSettings) -> Result<Self, TlsError> {
        Ok(Self {
            tls: connector(&settings)?,
            turns: Semaphore::new(settings.limits.connections),
            kept: Mutex::default(),
            settings,
        })
    }

    /// Hands one mail over, when it is its turn.
    pub(super) async fn send(&self, envelope: &Envelope, mail: &[u8]) -> Outcome {
        let Ok(_turn) = self.turns.acquire().await else {
            return Outcome::Unreachable("the transport was closed".to_owned());
        };
        if let Some(kept) = self.take_kept().await {
            match self.converse(kept, envelope, mail).await {
                // The server had taken leave meanwhile, which says nothing about this mail.
                Err(Failure::Before(_)) => {}
                Err(Failure::Said(reply)) if reply.code == 421 && reply.stage != Stage::Content => {
                }
                other => return outcome(other),
            }
        }
        match self.connect().await {
            Ok(fresh) => outcome(self.converse(fresh, envelope, mail).await),
            Err(failure) => outcome(Err(failure)),
        }
    }

    /// Takes leave on connections that have been idle for too long to be used again.
    pub(super) async fn tidy(&self) {
        let limit = self.settings.limits.idle;
        let old: Vec<_> = self
            .lock()
            .extract_if(.., |kept| kept.since.elapsed() > limit)
            .collect();
        for kept in old {
            kept.quit().await;
        }
    }

    /// Takes leave on all idle connections.
    pub(super) async fn close(&self) {
        let kept = std::mem::take(&mut *self.lock());
        for kept in kept {
            kept.quit().await;
        }
    }

    /// A mail over a connection, which is kept if it is good for another.
    async fn converse(
        &self,
        mut kept: Kept,
        envelope: &Envelope,
        mail: &[u8],
    ) -> Result<Reply, Failure> {
        let result = self.transaction(&mut kept.connection, envelope, mail).await;
        let usable = match &result {
            Ok(_) => true,
            Err(Failure::Said(reply)) if reply.code == 421 => false,
            Err(Failure::Said(_)) => self.command(&mut kept.connection, "RSET").await.is_ok(),
            Err(Failure::Before(_) | Failure::After(_)) => false,
        };
        kept.mails += 1;
        kept.since = Instant::now();
        if usable && kept.mails < self.settings.limits.mails_per_connection {
            self.lock().push(kept);
        } else if usable {
            kept.quit().await;
        }
        result
    }

    async fn transaction(
        &self,
        connection: &mut AsyncSmtpConnection,
        envelope: &Envelope,
        mail: &[u8],
    ) -> Result<Reply, Failure> {
        let stages = [
            (Stage::Sender, format!("MAIL FROM:<{}>", envelope.from)),
            (Stage::Recipient, format!("RCPT TO:<{}>", envelope.to)),
        ];
        for (stage, command) in stages {
            self.command(connection, &command)
                .await
                .map_err(|failed| failed.at(stage))?;
        }
        let go_ahead = self
            .command(connection, "DATA")
            .await
            .map_err(|failed| failed.at(Stage::Content))?;
        if !go_ahead.has_code(354) {
            return Err(Failure::Before(format!(
                "DATA was answered with {}",
                go_ahead.code()
            )));
        }

        // The library ends the last line itself.
        let mail = mail.strip_suffix(b"\r\n").unwrap_or(mail);
        let content = self.settings.limits.content;
        match timeout(content, connection.message(mail)).await {
            Ok(Ok(response)) => Ok(reply(Stage::Content, &response)),
            Ok(Err(error)) => Err(match said(Stage::Content, &error) {
                Some(reply) => Failure::Said(reply),
                None => Failure::After(error.to_string()),
            }),
            Err(_elapsed) => Err(Failure::After("the server took too long".to_owned())),
        }
    }

    async fn command(
        &self,
        connection: &mut AsyncSmtpConnection,
        command: &str,
    ) -> Result<Response, CommandError> {
        let command = format!("{command}\r\n");
        let answer = timeout(self.settings.limits.command, connection.command(command)).await;
        answer
            .map_err(|_elapsed| CommandError::TooLong)?
            .map_err(CommandError::Smtp)
    }

    /// The connection that was used last, if it is still there.
    async fn take_kept(&self) -> Option<Kept> {
        loop {
            let mut kept = self.lock().pop()?;
            let idle = kept.since.elapsed();
            if idle > self.settings.limits.idle {
                kept.quit().await;
            } else if idle <= self.settings.limits.unasked
                || self.command(&mut kept.connection, "NOOP").await.is_ok()
            {
                return Some(kept);
            }
        }
    }

    async fn connect(&self) -> Result<Kept, Failure> {
        let connecting = timeout(self.settings.limits.connect, self.connection());
        let connection = connecting
            .await
            .map_err(|_elapsed| Failure::Before("no connection in time".to_owned()))??;
        Ok(Kept {
            connection,
            mails: 0,
            since: Instant::now(),
        })
    }

    async fn connection(&self) -> Result<AsyncSmtpConnection, Failure> {
        let (host, port) = (self.settings.host.as_str(), self.settings.port);
        let stream = TcpStream::connect((host, port)).await?;
        stream.set_nodelay(true)?;
        let wire = match self.settings.security {
            Security::Plaintext => Wire::plain(stream)?,
            Security::Tls => Wire::tls(stream, &self.tls, self.server_name()?).await?,
            Security::StartTls => self.started_tls(stream).await?,
        };
        let hello = ClientId::Domain(self.settings.hello.clone());
        let mut connection = AsyncSmtpConnection::connect_with_transport(Box::new(wire), &hello)
            .await
            .map_err(|error| CommandError::Smtp(error).at(Stage::Connection))?;
        if let Some(login) = &self.settings.login {
            let credentials = Credentials::new(login.user.clone(), login.password.clone());
            connection
                .auth(&[Mechanism::Plain, Mechanism::Login], &credentials)
                .await
                .map_err(|error| CommandError::Smtp(error).at(Stage::Connection))?;
        }
        Ok(connection)
    }

    async fn started_tls(&self, stream: TcpStream) -> Result<Wire, Failure> {
        let mut wire = Wire::plain(stream)?;
        let greeting = wire.reply().await?;
        agreed(greeting)?;
        let hello = format!("EHLO {}", self.settings.hello);
        agreed(wire.ask(&hello).await?)?;
        // Whether it is on offer need not be known: if not, this is refused.
        agreed(wire.ask("STARTTLS").await?)?;
        let host = self.server_name()?;
        Ok(wire.start_tls(&self.tls, host).await?)
    }

    fn server_name(&self) -> Result<ServerName<'static>, Failure> {
        ServerName::try_from(self.settings.host.clone())
            .map_err(|_invalid| Failure::Before("the server has no name for TLS".to_owned()))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    async fn quit(mut self) {
        // Politeness has a limit.
        let _either_way = timeout(Duration::from_secs(2), self.connection.quit()).await;
    }
}

/// Why a command was not answered with yes.
enum CommandError {
    TooLong,
    Smtp(SmtpError),
}

impl CommandError {
    /// What follows, for a command before the mail itself.
    fn at(self, stage: Stage) -> Failure {
        match self {
            Self::TooLong => Failure::Before("the server took too long".to_owned()),
            Self::Smtp(error) => match said(stage, &error) {
                Some(reply) => Failure::Said(reply),
                None => Failure::Before(error.to_string()),
            },
        }
    }
}

fn outcome(result: Result<Reply, Failure>) -> Outcome {
    match result {
        Ok(reply) => Outcome::Accepted(reply),
        Err(Failure::Said(reply)) if reply.code < 500 => Outcome::Deferred(reply),
        Err(Failure::Said(reply)) => Outcome::Refused(reply),
        Err(Failure::Before(why)) => Outcome::Unreachable(why),
        Err(Failure::After(why)) => Outcome::Uncertain(why),
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Before(error.to_string())
    }
}

fn agreed((code, text): wire::RawReply) -> Result<(), Failure> {
    if (200..300).contains(&code) {
        return Ok(());
    }
    Err(Failure::Said(Reply {
        stage: Stage::Connection,
        code,
        text,
    }))
}

fn reply(stage: Stage, response: &Response) -> Reply {
    let text: Vec<_> = response.message().map(str::trim).collect();
    Reply {
        stage,
        code: response.code().into(),
        text: joined(text),
    }
}

/// What the server said, where it was it that said no.
fn said(stage: Stage, error: &SmtpError) -> Option<Reply> {
    let code = error.status()?;
    let text = std::error::Error::source(error).map(ToString::to_string);
    let text = text.unwrap_or_default();
    Some(Reply {
        stage,
        code: code.into(),
        text: joined(text.lines().map(str::trim).collect()),
    })
}

/// The lines of a reply as one: a status code that each begins with stands once.
fn joined(lines: Vec<&str>) -> String {
    let status = lines
        .first()
        .and_then(|line| line.split_whitespace().next())
        .filter(|word| word.parse::<super::EnhancedStatus>().is_ok());
    let mut text = String::new();
    for (index, line) in lines.into_iter().enumerate() {
        let again = status.filter(|_| index > 0);
        let line = again
            .and_then(|status| line.strip_prefix(status))
            .unwrap_or(line);
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(line.trim());
    }
    text.chars().take(1_000).collect()
}

fn connector(settings: &SmtpSettings) -> Result<TlsConnector, TlsError> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    if let Some(file) = &settings.authorities {
        let certificates = CertificateDer::pem_file_iter(file).map_err(TlsError::Authorities)?;
        for certificate in certificates {
            let certificate = certificate.map_err(TlsError::Authorities)?;
            roots.add(certificate).map_err(TlsError::Authority)?;
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(TlsError::Unavailable)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod fake;
#[cfg(test)]
mod tests;
