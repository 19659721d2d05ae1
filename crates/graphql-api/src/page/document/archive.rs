//! Many documents in one file, which is made while it is sent: however many there are, a few are held at a
//! time.

use std::collections::HashSet;
use std::io::{self, Write};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use domain::access::Actor;
use domain::credential::Credential;
use persistence::{DocumentsOf, Fault, Store};
use poem::Body;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tracing::Instrument as _;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use crate::http::file_name;

/// Where those are listed whose documents are not made yet.
const UNMADE: &str = "not-made-yet.txt";
/// How many are read at a time.
const AT_ONCE: u64 = 50;

/// The documents, of which the first few are at hand.
pub(super) struct Archive {
    store: Store,
    actor: Actor,
    of: DocumentsOf,
    first: Vec<(Credential, Option<Vec<u8>>)>,
}

impl Archive {
    /// None, if nothing was issued that the actor sees.
    pub(super) async fn open(
        store: Store,
        actor: Actor,
        of: DocumentsOf,
    ) -> Result<Option<Self>, Fault> {
        let first = store.documents_of(&actor, of, None, AT_ONCE).await?;
        Ok((!first.is_empty()).then_some(Self {
            store,
            actor,
            of,
            first,
        }))
    }

    /// All of them. If anything breaks the answer is broken off, so that nobody takes a part for the whole.
    pub(super) fn into_body(self) -> Body {
        let (sender, receiver) = mpsc::channel(1);
        let written = async move {
            if let Err(error) = self.write(&sender).await {
                tracing::error!(error = %error, "documents could not be handed out");
                // Who has gone away does not hear it.
                drop(sender.send(Err(io::Error::other("broken off"))).await);
            }
        };
        tokio::spawn(written.in_current_span());
        Body::from_async_read(Pieces {
            receiver,
            piece: Vec::new(),
            read: 0,
        })
    }

    async fn write(self, to: &Sender<io::Result<Vec<u8>>>) -> Result<(), Broken> {
        let out = Drain::default();
        let mut zip = ZipWriter::new_stream(out.clone());
        let mut names = HashSet::new();
        let mut unmade = Vec::new();
        let mut some = self.first;
        while let Some(last) = some.last().map(|(credential, _)| credential.id) {
            for (credential, bytes) in some {
                let Some(bytes) = bytes else {
                    unmade.push(credential);
                    continue;
                };
                put(&mut zip, &mut names, &credential, &bytes)?;
                if to.send(Ok(out.take())).await.is_err() {
                    // Nobody reads on.
                    return Ok(());
                }
            }
            let next = self
                .store
                .documents_of(&self.actor, self.of, Some(last), AT_ONCE);
            some = next.await?;
        }
        if !unmade.is_empty() {
            tell(&mut zip, &unmade)?;
        }
        zip.finish()?;
        // If nobody reads on, so be it.
        drop(to.send(Ok(out.take())).await);
        Ok(())
    }
}

#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error(transparent)]
    Fault(#[from] Fault),
    #[error(transparent)]
    Zip(#[from] zip::result::ZipError),
    #[error(transparent)]
    Io(#[from] io::Error),
}

fn put(
    zip: &mut ZipWriter<StreamWriter<Drain>>,
    names: &mut HashSet<String>,
    of: &Credential,
    bytes: &[u8],
) -> Result<(), Broken> {
    let holder = of.paper.holder.main_text();
    let plain = format!("{} {}", file_name(&of.number), file_name(holder));
    // Other numbers may be alike as names of files.
    let mut name = format!("{plain}.pdf");
    let mut another = 1_u32;
    while !names.insert(name.to_lowercase()) {
        another = another.saturating_add(1);
        name = format!("{plain} ({another}).pdf");
    }
    // A document is as small as it gets.
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let options = match moment(of.issued_at) {
        Some(moment) => options.last_modified_time(moment),
        None => options,
    };
    zip.start_file(name, options)?;
    zip.write_all(bytes)?;
    Ok(())
}

/// What is not among them, so that nobody takes the part for the whole.
fn tell(zip: &mut ZipWriter<StreamWriter<Drain>>, unmade: &[Credential]) -> Result<(), Broken> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    zip.start_file(UNMADE, options)?;
    writeln!(zip, "尚未生成的文件 · Documents that are not made yet\n")?;
    for one in unmade {
        writeln!(zip, "{} {}", one.number, one.paper.holder.main_text())?;
    }
    Ok(())
}

fn moment(at: DateTime<Utc>) -> Option<zip::DateTime> {
    let small = |number: u32| u8::try_from(number).ok();
    zip::DateTime::from_date_and_time(
        u16::try_from(at.year()).ok()?,
        small(at.month())?,
        small(at.day())?,
        small(at.hour())?,
        small(at.minute())?,
        small(at.second())?,
    )
    .ok()
}

/// What was written and not sent yet.
#[derive(Clone, Default)]
struct Drain(Arc<Mutex<Vec<u8>>>);

impl Drain {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Drain {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is sent, as it comes.
struct Pieces {
    receiver: Receiver<io::Result<Vec<u8>>>,
    piece: Vec<u8>,
    read: usize,
}

impl AsyncRead for Pieces {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            let rest = this.piece.get(this.read..).unwrap_or_default();
            if !rest.is_empty() {
                let some = rest.len().min(into.remaining());
                into.put_slice(rest.get(..some).unwrap_or_default());
                this.read = this.read.saturating_add(some);
                return Poll::Ready(Ok(()));
            }
            match this.receiver.poll_recv(context) {
                Poll::Ready(Some(Ok(piece))) => (this.piece, this.read) = (piece, 0),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Err(error)),
                Poll::Ready(None) => return Poll::Ready(Ok(())),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}
