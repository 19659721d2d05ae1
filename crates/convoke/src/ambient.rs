//! The machine's clock and its random numbers: the one place where the program takes them.

use chrono::{DateTime, Utc};
use domain::time::Clock;
use persistence::{Fault, Random};

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the clock is read"
    )]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// The operating system's random numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Fault> {
        getrandom::fill(bytes).map_err(|error| Fault::Random(error.to_string()))
    }
}

/// A name for a request that came without one.
pub(crate) fn request_id() -> String {
    let mut random = [0; 10];
    // Without random numbers two requests of one millisecond share a name: a nuisance, no danger.
    drop(SystemRandom.fill(&mut random));
    let millis = u64::try_from(SystemClock.now().timestamp_millis()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &random)
        .into_uuid()
        .to_string()
}
