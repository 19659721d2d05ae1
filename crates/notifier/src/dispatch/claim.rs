//! Claiming mails and writing them, while those before them are on the way.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use persistence::{Outgoing, Settled, Written};

use super::templates::remark;
use super::{Batch, Claimed, Inner, note, settled};
use crate::writer::NotSent;

impl Inner {
    /// Claims mails that are due and writes them. Whether any is due is asked first, unless there were
    /// more the last time: asking takes no lock.
    pub(super) async fn claim(self: &Arc<Self>, look_first: bool) -> Batch {
        let (store, settings) = (&self.store, &self.settings);
        let nothing = Batch {
            is_dry: true,
            ..Batch::default()
        };
        if look_first {
            let next = match store.next_delivery_at().await {
                Ok(next) => next,
                Err(fault) => {
                    note::<()>(Err(fault));
                    None
                }
            };
            if next.is_none_or(|next| next > store.now()) {
                return nothing;
            }
        }
        let held_until = store.now() + settings.lease;
        let claimed = match store.claim_deliveries(settings.batch, settings.lease).await {
            Ok(claimed) => claimed,
            Err(fault) => {
                // Not at once again: whatever is wrong is still wrong then.
                note::<()>(Err(fault));
                return nothing;
            }
        };
        if claimed.is_empty() {
            return nothing;
        }
        let is_full = u64::try_from(claimed.len()).is_ok_and(|many| many >= settings.batch);
        let (mut claimed, not_sent) = self.write(claimed).await;
        let written = claimed
            .iter()
            .filter(|one| one.outgoing.raw.is_none())
            .map(|one| Written {
                claim: one.outgoing.claim,
                address: one.ready.to.to_string(),
                subject: one.ready.subject.clone(),
                raw: one.ready.raw.clone(),
                remark: one.outgoing.remark.clone(),
            });
        match store.keep_written(written.collect()).await {
            Ok(true) => {}
            // Somebody else has some of them by now: whoever it is sends what they have written.
            Ok(false) => {
                tracing::warn!("mails were claimed by another meanwhile");
                claimed.clear();
            }
            Err(fault) => {
                note::<()>(Err(fault));
                claimed.clear();
            }
        }
        Batch {
            claimed,
            not_sent,
            held_until,
            is_dry: false,
            is_full,
        }
    }

    /// Writes mails, on a thread of its own: it is work for the processor.
    async fn write(self: &Arc<Self>, all: Vec<Outgoing>) -> (Vec<Claimed>, Vec<Settled>) {
        let inner = Arc::clone(self);
        let written = tokio::task::spawn_blocking(move || {
            let now = inner.store.now();
            let mut claimed = Vec::with_capacity(all.len());
            let mut not_sent = Vec::new();
            for mut outgoing in all {
                let ready = if let Some(raw) = outgoing.raw.take() {
                    let again = inner.writer.again(&outgoing, raw.clone(), now);
                    outgoing.raw = Some(raw);
                    again
                } else {
                    let templates = inner.templates.of(&outgoing);
                    // One that breaks must not keep the others.
                    let write = || inner.writer.write(&outgoing, &templates, now);
                    catch_unwind(AssertUnwindSafe(write)).unwrap_or_else(|_broke| {
                        Err(NotSent::Unwritable("writing it broke".to_owned()))
                    })
                };
                match ready {
                    Ok(ready) => {
                        for fault in &ready.faults {
                            let workspace = outgoing.workspace.slug.as_str();
                            tracing::warn!(workspace, %fault, "ours was used in its place");
                        }
                        // What was written before was remarked upon then.
                        if outgoing.raw.is_none() {
                            outgoing.remark = remark(&ready.faults);
                        }
                        claimed.push(Claimed { outgoing, ready });
                    }
                    Err(why) => not_sent.push(settled::not_sent(&outgoing, &why, now)),
                }
            }
            (claimed, not_sent)
        });
        // What broke stays claimed, and is tried again when the claim has run out.
        written.await.unwrap_or_else(|broke| {
            tracing::error!(error = %broke, "writing mails broke");
            (Vec::new(), Vec::new())
        })
    }
}
