//! A connection to a mail server, below the protocol: bytes, perhaps within TLS.
//!
//! Some things are put right here that the SMTP library above leaves open. Replies in GB 18030, as
//! some servers give them, become UTF-8, and a code alone is a reply, where the library would take
//! the connection for broken. And what somebody in between slips in before TLS begins is never read as if it had come within.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use encoding_rs::GB18030;
use lettre::transport::smtp::client::AsyncTokioStream;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// More than a line may have (RFC 5321, 4.5.3.1.5), and than any server sends.
const LONGEST_LINE: usize = 8 * 1024;

/// A connection that gives lines of UTF-8.
pub(super) struct Wire {
    stream: Stream,
    peer: SocketAddr,
    /// The beginning of a line, as it came.
    begun: Vec<u8>,
    /// Whole lines, which nobody has read yet.
    lines: Vec<u8>,
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// A reply as it came: a code, and text of one or more lines.
pub(super) type RawReply = (u16, String);

impl Wire {
    /// Speaks in the clear.
    pub(super) fn plain(stream: TcpStream) -> io::Result<Self> {
        Ok(Self::new(stream.peer_addr()?, Stream::Plain(stream)))
    }

    /// Speaks within TLS from the beginning.
    pub(super) async fn tls(
        stream: TcpStream,
        connector: &TlsConnector,
        host: ServerName<'static>,
    ) -> io::Result<Self> {
        let peer = stream.peer_addr()?;
        let stream = connector.connect(host, stream).await?;
        Ok(Self::new(peer, Stream::Tls(Box::new(stream))))
    }

    /// Goes on within TLS, after the server has agreed (RFC 3207). Whoever reads on finds a
    /// greeting, as on a new connection.
    pub(super) async fn start_tls(
        self,
        connector: &TlsConnector,
        host: ServerName<'static>,
    ) -> io::Result<Self> {
        if !self.lines.is_empty() || !self.begun.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "something was said before TLS began: somebody is in between",
            ));
        }
        let Stream::Plain(stream) = self.stream else {
            return Ok(self);
        };
        let mut wire = Self::tls(stream, connector, host).await?;
        wire.lines = b"220 TLS\r\n".to_vec();
        Ok(wire)
    }

    /// Says a line, and reads the answer.
    pub(super) async fn ask(&mut self, line: &str) -> io::Result<RawReply> {
        self.write_all(format!("{line}\r\n").as_bytes()).await?;
        self.flush().await?;
        self.reply().await
    }

    /// Reads an answer.
    pub(super) async fn reply(&mut self) -> io::Result<RawReply> {
        let mut text = String::new();
        for _line in 0..100 {
            let mut line = Vec::new();
            while !line.ends_with(b"\n") {
                line.push(self.read_u8().await?);
            }
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end();
            let (code, rest) = line.split_at_checked(3).unwrap_or_default();
            let code = code
                .parse()
                .map_err(|_not_a_number| io::Error::from(io::ErrorKind::InvalidData))?;
            text.push_str(rest.get(1..).unwrap_or_default());
            if !rest.starts_with('-') {
                return Ok((code, text));
            }
            text.push(' ');
        }
        Err(io::ErrorKind::InvalidData.into())
    }

    fn new(peer: SocketAddr, stream: Stream) -> Self {
        Self {
            stream,
            peer,
            begun: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// Takes what has come, and makes lines of it.
    fn receive(&mut self, bytes: &[u8]) -> io::Result<()> {
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.begun.extend_from_slice(line);
            if line.ends_with(b"\n") {
                let line = std::mem::take(&mut self.begun);
                let text = match str::from_utf8(&line) {
                    Ok(text) => text.into(),
                    Err(_other) => GB18030.decode_without_bom_handling(&line).0,
                };
                let text = text.trim_end_matches(['\r', '\n']);
                self.lines.extend_from_slice(text.as_bytes());
                // A code without a text needs no space behind it, but the library wants one.
                self.lines
                    .extend_from_slice(if text.len() == 3 { b" \r\n" } else { b"\r\n" });
            }
        }
        if self.begun.len() > LONGEST_LINE {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the server's line has no end",
            ));
        }
        Ok(())
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        while self.lines.is_empty() {
            let mut bytes = [0; 2048];
            let mut read = ReadBuf::new(&mut bytes);
            ready!(self.stream.poll_read(cx, &mut read))?;
            if read.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            self.receive(read.filled())?;
        }
        let many = buf.remaining().min(self.lines.len());
        let rest = self.lines.split_off(many);
        buf.put_slice(&std::mem::replace(&mut self.lines, rest));
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Stream::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

impl Stream {
    fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.peer)
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Wire").field(&self.peer).finish()
    }
}
