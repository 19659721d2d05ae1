//! Mails that go nowhere: for tests, which look at them and decide what became of them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Envelope, Outcome, Reply, Stage};

/// Keeps what it is given. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Memory(Arc<Mutex<Contents>>);

#[derive(Debug, Default)]
struct Contents {
    sent: Vec<Sent>,
    outcomes: VecDeque<Outcome>,
}

/// A mail that was handed over, whatever became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Who it went to.
    pub envelope: Envelope,
    /// The mail.
    pub mail: Vec<u8>,
    /// What was said to have become of it.
    pub outcome: Outcome,
}

impl Memory {
    /// Says what becomes of the next mails, in order. Those after them are accepted.
    pub fn answer(&self, outcomes: impl IntoIterator<Item = Outcome>) {
        self.with(|contents| contents.outcomes.extend(outcomes));
    }

    /// Everything that was handed over, in order.
    pub fn sent(&self) -> Vec<Sent> {
        self.with(|contents| contents.sent.clone())
    }

    pub(super) fn send(&self, envelope: &Envelope, mail: &[u8]) -> Outcome {
        self.with(|contents| {
            let outcome = contents.outcomes.pop_front().unwrap_or_else(|| {
                Outcome::Accepted(Reply {
                    stage: Stage::Content,
                    code: 250,
                    text: "2.0.0 kept in memory".to_owned(),
                })
            });
            contents.sent.push(Sent {
                envelope: envelope.clone(),
                mail: mail.to_vec(),
                outcome: outcome.clone(),
            });
            outcome
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut Contents) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
