//! Listening, and the loop around each conversation.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use persistence::Store;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::net::UnixListener;
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, timeout, timeout_at};

use super::{Handed, Limits, Session, Step, Verdict};
use crate::inbound::{Delivered, Sender};
use crate::receive::receive;

/// How long nobody is let in when somebody could not be.
const PAUSE: Duration = Duration::from_millis(100);

/// Where mail servers connect.
#[derive(Debug)]
pub enum Listener {
    /// At an address of the network.
    Tcp(TcpListener),
    /// At a socket of this machine.
    #[cfg(unix)]
    Unix(UnixListener),
}

/// Somebody who connected.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

impl Listener {
    async fn accept(&self) -> io::Result<Box<dyn Stream>> {
        Ok(match self {
            Self::Tcp(listener) => Box::new(listener.accept().await?.0),
            #[cfg(unix)]
            Self::Unix(listener) => Box::new(listener.accept().await?.0),
        })
    }
}

/// Takes mail for the store until it is told to stop; what was begun by then is finished.
pub async fn serve(
    store: Store,
    listener: Listener,
    limits: Limits,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let places = Arc::new(Semaphore::new(limits.connections));
    let (stopping, _) = watch::channel(());
    tokio::pin!(stop);
    let outcome = loop {
        // Who finds no place waits before the door.
        let place = tokio::select! {
            () = &mut stop => break Ok(()),
            place = Arc::clone(&places).acquire_owned() => place,
        };
        let Ok(place) = place else { break Ok(()) };
        let stream = tokio::select! {
            () = &mut stop => break Ok(()),
            stream = listener.accept() => stream,
        };
        let stream = match stream {
            Ok(stream) => stream,
            // They were gone again, or there are no more file descriptors: others may come.
            Err(error) => {
                tracing::warn!(error = %error, "a mail server could not be let in");
                drop(timeout(PAUSE, std::future::pending::<()>()).await);
                continue;
            }
        };
        let store = store.clone();
        let told = stopping.subscribe();
        tokio::spawn(async move {
            if let Err(error) = converse(stream, limits, told, store).await {
                tracing::debug!(error = %error, "a mail server went away");
            }
            drop(place);
        });
    };
    stopping.send_replace(());
    let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
    drop(timeout(limits.grace, places.acquire_many(all)).await);
    outcome
}

/// Who takes mail.
pub(super) trait Takes {
    /// Takes a mail for each of its recipients.
    fn take(&self, handed: &Handed) -> impl Future<Output = Vec<Verdict>> + Send;
}

impl Takes for Store {
    async fn take(&self, handed: &Handed) -> Vec<Verdict> {
        let sender = match handed.sender.as_str() {
            "" => Sender::Null,
            address => Sender::Address(address),
        };
        let mut verdicts = Vec::with_capacity(handed.recipients.len());
        for recipient in &handed.recipients {
            let delivered = Delivered {
                recipient: Some(recipient),
                sender,
            };
            verdicts.push(match receive(self, &handed.mail, &delivered).await {
                Ok(_) => Verdict::Taken,
                Err(fault) => {
                    tracing::error!(error = %fault, "a mail could not be kept: it comes again");
                    Verdict::TryAgain
                }
            });
        }
        verdicts
    }
}

/// One conversation.
pub(super) async fn converse(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    limits: Limits,
    mut stop: watch::Receiver<()>,
    takes: impl Takes,
) -> io::Result<()> {
    let mut session = Session::new(limits);
    let mut buffer = vec![0; 16 * 1024];
    let mut mail_by: Option<Instant> = None;
    say(&mut stream, limits, &Session::greeting()).await?;
    loop {
        match session.step() {
            Step::Say(text) => say(&mut stream, limits, &text).await?,
            Step::Take(handed) => {
                mail_by = None;
                let verdicts = takes.take(&handed).await;
                let text = session.settle(&verdicts);
                say(&mut stream, limits, &text).await?;
            }
            Step::Close => return stream.shutdown().await,
            Step::Wait => {
                if session.is_receiving() {
                    mail_by.get_or_insert_with(|| Instant::now() + limits.mail_within);
                } else {
                    mail_by = None;
                }
                let silent = Instant::now() + limits.silence;
                let until = mail_by.map_or(silent, |by| by.min(silent));
                let heard = tokio::select! {
                    heard = timeout_at(until, stream.read(&mut buffer)) => heard,
                    _ = stop.changed(), if session.is_idle() => {
                        say(&mut stream, limits, &Session::farewell()).await?;
                        return stream.shutdown().await;
                    }
                };
                let Ok(heard) = heard else {
                    say(&mut stream, limits, "421 4.4.2 that takes too long\r\n").await?;
                    return stream.shutdown().await;
                };
                match buffer.get(..heard?) {
                    None | Some([]) => return Ok(()),
                    Some(bytes) => session.hear(bytes),
                }
            }
        }
    }
}

async fn say(stream: &mut (impl AsyncWrite + Unpin), limits: Limits, text: &str) -> io::Result<()> {
    let written = timeout(limits.silence, async {
        stream.write_all(text.as_bytes()).await?;
        stream.flush().await
    });
    match written.await {
        Ok(written) => written,
        Err(_elapsed) => Err(io::ErrorKind::TimedOut.into()),
    }
}
