//! `convoke receive`: mail that comes in, by a pipe or by LMTP.
//!
//! As a pipe it is called once a mail by a mail server, which goes by the exit code: 0 is taken, 75
//! (`EX_TEMPFAIL`) is to be tried again, whatever was wrong with us; 65 (`EX_DATAERR`) is a mail that will
//! not be taken however often it comes.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use notifier::inbound::{Delivered, Sender};
use notifier::lmtp::{Limits, Listener, serve};
use notifier::receive::{MOST_BYTES, receive};
use tokio::io::AsyncReadExt as _;

use crate::cli::{DatabaseSettings, ReceiveArguments};
use crate::command::open_existing;
use crate::command::serve::told_to_stop;
use crate::failure::Failure;
use crate::output::say;

/// Where mail servers connect: an address of the network, or a socket of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LmtpAddress {
    /// An address and a port.
    Network(SocketAddr),
    /// The path of a socket.
    Socket(PathBuf),
}

/// The port where nobody says another (RFC 2033 leaves it open; many use this one).
const PORT: u16 = 24;

impl FromStr for LmtpAddress {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let path = text
            .strip_prefix("unix:")
            .or(text.contains('/').then_some(text));
        if let Some(path) = path.filter(|path| !path.is_empty()) {
            return Ok(Self::Socket(path.into()));
        }
        if let Ok(address) = text.parse() {
            return Ok(Self::Network(address));
        }
        let bare = text.trim_start_matches('[').trim_end_matches(']');
        match bare.parse::<IpAddr>() {
            Ok(address) => Ok(Self::Network(SocketAddr::new(address, PORT))),
            Err(_not_an_address) => {
                Err("is no address such as 127.0.0.1:24, and no path such as /run/convoke/lmtp")
            }
        }
    }
}

pub(crate) async fn run(
    settings: &DatabaseSettings,
    arguments: ReceiveArguments,
) -> Result<(), Failure> {
    match arguments {
        ReceiveArguments {
            lmtp: Some(address),
            ..
        } => listen(settings, address).await,
        ReceiveArguments {
            recipient, sender, ..
        } => {
            let piped = pipe(settings, recipient.as_deref(), sender.as_deref());
            piped.await.map_err(|failure| {
                if matches!(failure, Failure::TooLarge { .. }) {
                    failure
                } else {
                    Failure::TryAgain(Box::new(failure))
                }
            })
        }
    }
}

/// Takes the one mail that is piped in.
async fn pipe(
    settings: &DatabaseSettings,
    recipient: Option<&str>,
    sender: Option<&str>,
) -> Result<(), Failure> {
    let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
    let mut mail = Vec::new();
    let mut input = tokio::io::stdin().take(most.saturating_add(1));
    let read = input.read_to_end(&mut mail).await;
    read.map_err(Failure::io("cannot read the mail"))?;
    if mail.len() > MOST_BYTES {
        return Err(Failure::TooLarge { most: MOST_BYTES });
    }
    let store = open_existing(settings).await?;
    let delivered = Delivered {
        recipient,
        sender: match sender.map(|address| address.trim().trim_matches(['<', '>'])) {
            None => Sender::Unknown,
            // What Postfix calls nobody.
            Some("" | "MAILER-DAEMON") => Sender::Null,
            Some(address) => Sender::Address(address),
        },
    };
    let received = receive(&store, &mail, &delivered).await?;
    say(&format!(
        "{} {} {}",
        received.id, received.kind, received.outcome
    ));
    Ok(())
}

/// Takes mail from those who connect until the program is told to stop.
async fn listen(settings: &DatabaseSettings, address: LmtpAddress) -> Result<(), Failure> {
    let store = open_existing(settings).await?;
    let failed = |address: &str| Failure::io(format!("cannot listen on {address} (--lmtp)"));
    let listener = match &address {
        LmtpAddress::Network(address) => {
            let shown = address.to_string();
            let bound = tokio::net::TcpListener::bind(address).await;
            let bound = bound.map_err(failed(&shown))?;
            let address = bound.local_addr().map_err(failed(&shown))?;
            say(&format!("listening on {address}"));
            Listener::Tcp(bound)
        }
        #[cfg(unix)]
        LmtpAddress::Socket(path) => {
            let shown = path.display().to_string();
            let bound = bind(path).await.map_err(failed(&shown))?;
            say(&format!("listening on {shown}"));
            Listener::Unix(bound)
        }
        #[cfg(not(unix))]
        LmtpAddress::Socket(_) => {
            return Err(Failure::Setting {
                setting: "--lmtp",
                reason: "there are no such sockets on this system".to_owned(),
            });
        }
    };
    let served = serve(store, listener, Limits::default(), told_to_stop()).await;
    if let LmtpAddress::Socket(path) = &address {
        // It is in nobody's way if it stays.
        drop(std::fs::remove_file(path));
    }
    served.map_err(Failure::io("the listener broke"))
}

/// Takes a path for a socket, also where one lies that nobody listens at any more.
#[cfg(unix)]
async fn bind(path: &std::path::Path) -> std::io::Result<tokio::net::UnixListener> {
    use std::io::ErrorKind;
    use std::os::unix::fs::FileTypeExt as _;

    match tokio::net::UnixListener::bind(path) {
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            let is_socket = std::fs::symlink_metadata(path)?.file_type().is_socket();
            if !is_socket || tokio::net::UnixStream::connect(path).await.is_ok() {
                return Err(error);
            }
            std::fs::remove_file(path)?;
            tokio::net::UnixListener::bind(path)
        }
        bound => bound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_servers_connect_at_an_address_or_a_path() {
        let address = |text: &str| text.parse::<LmtpAddress>();
        let network = |text: &str| Ok(LmtpAddress::Network(text.parse().unwrap()));
        assert_eq!(address("127.0.0.1"), network("127.0.0.1:24"));
        assert_eq!(address("127.0.0.1:2424"), network("127.0.0.1:2424"));
        assert_eq!(address("[::1]"), network("[::1]:24"));
        let path = Ok(LmtpAddress::Socket("/run/lmtp".into()));
        assert_eq!(address("/run/lmtp"), path);
        assert_eq!(address("unix:/run/lmtp"), path);
        for wrong in ["", "unix:", "localhost", "example.org:24", "127.0.0.1:x"] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }
}
