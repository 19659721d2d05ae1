//! What an outcome makes of a mail.

use chrono::{DateTime, TimeDelta, Utc};
use domain::message::{DeliveryState, SuppressionReason};
use persistence::{Claim, Outgoing, Settled};

use crate::address::Address;
use crate::answer::{Class, Gone, Unwanted, classify};
use crate::backoff::{GaveUp, Next, Tried, next};
use crate::transport::Outcome;
use crate::writer::NotSent;

/// What became of a mail, and whether its domain said that it is too much.
pub(super) struct Told {
    pub(super) settled: Settled,
    pub(super) slower: bool,
}

/// A mail that was not even tried.
pub(super) fn not_sent(outgoing: &Outgoing, why: &NotSent, now: DateTime<Utc>) -> Settled {
    let state = why.state();
    Settled {
        state,
        again_at: (state == DeliveryState::Deferred).then(|| now + TimeDelta::minutes(5)),
        reason: Some(why.to_string()),
        ..begun(outgoing)
    }
}

/// A mail that was being handed over when something broke: it may have arrived.
pub(super) fn broke(claim: Claim, now: DateTime<Utc>) -> Settled {
    Settled {
        claim,
        state: DeliveryState::Uncertain,
        again_at: Some(now + TimeDelta::minutes(5)),
        unsure: true,
        answer: None,
        reason: Some("the program broke while it was handed over".to_owned()),
        suppress: None,
    }
}

fn begun(outgoing: &Outgoing) -> Settled {
    Settled {
        claim: outgoing.claim,
        state: DeliveryState::Failed,
        again_at: None,
        unsure: false,
        answer: None,
        reason: None,
        suppress: None,
    }
}

/// A mail that was handed over, or was to be.
pub(super) fn settled(
    outgoing: &Outgoing,
    to: &Address,
    outcome: &Outcome,
    now: DateTime<Utc>,
) -> Told {
    let class = classify(outcome);
    let delivery = &outgoing.delivery;
    let unsure = class == Class::Unsure;
    let count = |number: i32| u32::try_from(number).unwrap_or_default();
    let tried = Tried {
        attempts: count(delivery.attempts),
        unsure: count(delivery.unsure) + u32::from(unsure),
        first: outgoing.first_tried_at,
        useful_until: outgoing.useful_until,
    };
    // The tail of an id is random, and another number each time it is mixed with the attempt.
    let (_, random) = delivery.id.uuid().as_u64_pair();
    let random = random.rotate_left(tried.attempts.wrapping_mul(11));
    let (answer, broke) = match outcome {
        Outcome::Accepted(reply) | Outcome::Deferred(reply) | Outcome::Refused(reply) => {
            (Some(reply.to_string()), None)
        }
        Outcome::Unreachable(said) | Outcome::Uncertain(said) => (None, Some(said.clone())),
    };
    let mut settled = Settled {
        unsure,
        answer,
        reason: broke,
        ..begun(outgoing)
    };
    match (class, next(class, &tried, now, random)) {
        (Class::Sent, _) => {
            settled.state = DeliveryState::Sent;
        }
        (Class::Suppress(gone), _) => {
            let said = match gone {
                Gone::NoMailbox => "there is no such mailbox",
                Gone::Closed => "the mailbox was closed",
                Gone::NoDomain => "the domain takes no mail",
            };
            settled.reason = Some(said.to_owned());
            settled.suppress = Some((to.to_string(), SuppressionReason::Unknown));
        }
        (Class::Stop(unwanted), _) => {
            let said = match unwanted {
                Unwanted::Content => "it is refused for what it says, or looks like",
                Unwanted::Size => "it is too large for them",
                Unwanted::Policy => "a rule of the recipient's house refuses it",
                Unwanted::Unknown => "it is refused",
            };
            settled.reason = Some(said.to_owned());
        }
        (_, Next::Again(at)) => {
            settled.again_at = Some(at);
            settled.state = if unsure {
                DeliveryState::Uncertain
            } else {
                DeliveryState::Deferred
            };
        }
        (_, Next::GiveUp(why)) => {
            let said = match why {
                GaveUp::TooOften if unsure => "it may have arrived, and is not sent once more",
                GaveUp::TooOften => "it was tried often enough",
                GaveUp::TooLong => "it was tried for long enough",
                GaveUp::TooLate => "it would come too late",
            };
            settled.reason = Some(match settled.reason {
                Some(broke) => format!("{said}: {broke}"),
                None => said.to_owned(),
            });
        }
        // Such a class is never `Nothing`: what it stands for is above.
        (_, Next::Nothing) => {}
    }
    // Of an address that takes no mail, how this one was worded is no news.
    if settled.suppress.is_none() {
        let said = [settled.reason.take(), outgoing.remark.clone()];
        let said: Vec<_> = said.into_iter().flatten().collect();
        settled.reason = (!said.is_empty()).then(|| said.join("; "));
    }
    if class == Class::OurFault {
        let answer = settled.answer.as_deref().unwrap_or_default();
        tracing::error!(answer, "the mail server refuses us, not the recipient");
    }
    Told {
        settled,
        slower: class == Class::Slower,
    }
}
