//! The registrar makes the documents of what was issued: sets them in type, signs them, and puts them on
//! file.
//!
//! What a document says, its number and its code were put down when it was issued. So it can be made by
//! any number of registrars, and made again if one died over it: by the same look, key and fonts it is the
//! same, to the byte.
#![warn(missing_docs)]

mod compose;
mod programme;
mod proof;

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use credentials::{SignatureFacts, SigningKey, sign_pdf};
use documents::{Press, PrintError};
use domain::Site;
use domain::id::EventId;
use persistence::{Fault, Store, ToPrint, Tried};
use tokio::task::JoinSet;
use tokio::time::timeout;

pub use compose::document;

/// What documents are made with.
#[derive(Clone)]
pub struct Office {
    /// Fonts and templates.
    pub press: Press,
    /// What the address of the verification begins with.
    pub site: Arc<Site>,
    /// The key that documents are signed with; without it, they are not.
    pub key: Option<Arc<SigningKey>>,
}

impl std::fmt::Debug for Office {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Office")
            .field("site", &self.site)
            .field("signs", &self.key.is_some())
            .finish_non_exhaustive()
    }
}

impl Office {
    /// The document of something that was issued, signed if there is a key.
    ///
    /// # Errors
    ///
    /// Why there is none, for people.
    pub fn make(&self, of: &ToPrint) -> Result<Vec<u8>, Unmade> {
        let document = document(&of.credential, &of.look, &self.site);
        let printed = self.press.print(&document);
        let pdf = printed.map_err(|error| Unmade {
            is_of_template: matches!(error, PrintError::RunsAway(_) | PrintError::Exhausted(_)),
            tried: if matches!(error, PrintError::Busy) {
                Tried::NotYet
            } else {
                Tried::Fully
            },
            why: error.to_string(),
        })?;
        let pdf = pdf.pdf;
        let Some(key) = &self.key else {
            return Ok(pdf);
        };
        let facts = SignatureFacts {
            name: of.office.clone(),
            reason: Some(of.credential.number.clone()),
            location: None,
            // Made again, it is the same.
            at: of.credential.issued_at,
        };
        sign_pdf(&pdf, key, &facts).map_err(|error| Unmade {
            is_of_template: false,
            tried: Tried::Fully,
            why: error.to_string(),
        })
    }
}

/// Why a document was not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmade {
    /// For people.
    pub why: String,
    /// Whether it was tried at all.
    pub tried: Tried,
    /// Whether its template does not end, or takes too much: so would any other document by it.
    pub is_of_template: bool,
}

/// What became of documents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// They are on file.
    pub made: u64,
    /// They could not be made this time.
    pub failed: u64,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.made += other.made;
        self.failed += other.failed;
    }
}

/// Who makes the documents of an installation. There may be any number of them on one database.
#[derive(Debug, Clone)]
pub struct Registrar {
    store: Store,
    office: Office,
    lease: TimeDelta,
    threads: usize,
}

/// What one thread made of its share of a claim, and of what it could not, why.
#[derive(Default)]
struct Share {
    made: Vec<(ToPrint, Vec<u8>)>,
    failed: Vec<(ToPrint, Unmade)>,
}

/// How many documents each thread makes of one claim: what is lost if it dies over them.
const EACH: usize = 8;
/// How often it is looked whether something waits.
const LOOK: Duration = Duration::from_secs(1);

impl Registrar {
    /// One that makes what waits in a store.
    pub fn new(store: Store, office: Office) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            store,
            office,
            lease: TimeDelta::minutes(5),
            threads,
        }
    }

    /// The same, with leases of another length: so long after a registrar died, another takes over.
    #[must_use]
    pub fn with_lease(self, lease: TimeDelta) -> Self {
        Self { lease, ..self }
    }

    /// Makes documents until it is told to stop; those that are being made are finished.
    pub async fn run(&self, stop: impl Future<Output = ()>) -> Tally {
        let mut stop = std::pin::pin!(stop);
        let mut tally = Tally::default();
        loop {
            let made = self.round().await;
            tally.add(made);
            let pause = if made == Tally::default() {
                LOOK
            } else {
                Duration::ZERO
            };
            if timeout(pause, &mut stop).await.is_ok() {
                return tally;
            }
        }
    }

    /// Makes all that waits.
    pub async fn drain(&self) -> Tally {
        let mut tally = Tally::default();
        loop {
            let made = self.round().await;
            if made == Tally::default() {
                return tally;
            }
            tally.add(made);
        }
    }

    /// Makes the documents of an event until there is nothing left to make, whoever has claimed it: what another
    /// is at is waited for, and taken over if that one is not heard of any more. `told` hears how far it has
    /// come.
    ///
    /// # Errors
    ///
    /// The database does not do what it needs.
    pub async fn finish(
        &self,
        event: EventId,
        told: impl Fn(Tally) + Send + Sync,
    ) -> Result<Tally, Fault> {
        let mut tally = Tally::default();
        loop {
            let made = self.claim_and_make(Some(event)).await?;
            tally.add(made);
            told(tally);
            if made == Tally::default() {
                if self.store.open_prints(event).await? == 0 {
                    return Ok(tally);
                }
                // Another process is at it, which tells nobody when it is done.
                drop(timeout(LOOK, std::future::pending::<()>()).await);
            }
        }
    }

    async fn round(&self) -> Tally {
        match self.claim_and_make(None).await {
            Ok(tally) => tally,
            Err(fault) => {
                tracing::error!(error = %fault, "the database does not do what making documents needs");
                Tally::default()
            }
        }
    }

    async fn claim_and_make(&self, event: Option<EventId>) -> Result<Tally, Fault> {
        let most = u64::try_from(self.threads * EACH).unwrap_or(u64::MAX);
        let mut claimed = self.store.claim_prints(event, most, self.lease).await?;
        let mut tally = Tally::default();
        if claimed.is_empty() {
            return Ok(tally);
        }
        let share = claimed.len().div_ceil(self.threads).max(1);
        let mut at_work = JoinSet::new();
        while !claimed.is_empty() {
            let rest = claimed.split_off(share.min(claimed.len()));
            let some = std::mem::replace(&mut claimed, rest);
            let office = self.office.clone();
            // It is work for the processor.
            at_work.spawn_blocking(move || {
                let mut share = Share::default();
                // One template that does not end costs its office the rest of its documents this time,
                // and nobody else their turn.
                let mut endless: HashMap<_, Unmade> = HashMap::new();
                for one in some {
                    let by = (one.credential.workspace_id, one.credential.kind);
                    if let Some(why) = endless.get(&by) {
                        share.failed.push((one, why.clone()));
                        continue;
                    }
                    match office.make(&one) {
                        Ok(pdf) => share.made.push((one, pdf)),
                        Err(why) => {
                            if why.is_of_template {
                                endless.insert(by, why.clone());
                            }
                            share.failed.push((one, why));
                        }
                    }
                }
                share
            });
        }
        // What one share comes to is kept, whatever becomes of another.
        let mut first_fault = None;
        while let Some(joined) = at_work.join_next().await {
            let Share { made, failed } = match joined {
                Ok(done) => done,
                Err(broke) => {
                    // What was claimed is made when the claim has run out.
                    tracing::error!(error = %broke, "making documents broke");
                    continue;
                }
            };
            match self.store.keep_prints(&made).await {
                Ok(kept) => tally.made += kept,
                Err(fault) => {
                    let why = fault.to_string();
                    first_fault = first_fault.or(Some(fault));
                    for (one, _) in &made {
                        self.store.print_failed(one, &why, Tried::NotYet).await?;
                    }
                }
            }
            for (one, unmade) in failed {
                let number = one.credential.number.as_str();
                let why = unmade.why;
                tracing::warn!(number, %why, "a document could not be made");
                self.store.print_failed(&one, &why, unmade.tried).await?;
                tally.failed += 1;
            }
        }
        match first_fault {
            Some(fault) => Err(fault),
            None => Ok(tally),
        }
    }
}
