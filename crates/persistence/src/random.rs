//! Where random numbers come from: the operating system, or a test's that repeat.

use crate::error::Fault;

/// A source of random bytes.
pub trait Random: Send + Sync + std::fmt::Debug {
    /// Fills the bytes, or says why it cannot.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Fault>;
}
