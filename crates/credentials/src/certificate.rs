//! Certificates: who says that a public key is whose, and for how long.

use chrono::{DateTime, Utc};
use der::{Decode, Encode};

use crate::public_key::{NotAPublicKey, PublicKey};

/// A certificate (X.509).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    parsed: x509_cert::Certificate,
}

/// Why bytes are no certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a certificate (X.509, DER), or has something behind it")]
pub struct NotACertificate;

impl Certificate {
    /// Reads one, which must be all there is.
    pub fn from_der(der: &[u8]) -> Result<Self, NotACertificate> {
        match x509_cert::Certificate::from_der(der) {
            Ok(parsed) => Ok(Self {
                der: der.to_vec(),
                parsed,
            }),
            Err(_) => Err(NotACertificate),
        }
    }

    /// The bytes of it.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Whom it speaks of: `CN=Example University,O=Example`.
    pub fn subject(&self) -> String {
        self.parsed.tbs_certificate().subject().to_string()
    }

    /// Who made it; the same as the subject where nobody else vouches.
    pub fn issuer(&self) -> String {
        self.parsed.tbs_certificate().issuer().to_string()
    }

    /// From when it is good.
    pub fn not_before(&self) -> DateTime<Utc> {
        moment(self.parsed.tbs_certificate().validity().not_before)
    }

    /// Until when it is good.
    pub fn not_after(&self) -> DateTime<Utc> {
        moment(self.parsed.tbs_certificate().validity().not_after)
    }

    /// The key that it speaks of.
    pub fn public_key(&self) -> Result<PublicKey, NotAPublicKey> {
        match self
            .parsed
            .tbs_certificate()
            .subject_public_key_info()
            .to_der()
        {
            Ok(der) => PublicKey::from_der(&der),
            Err(_) => Err(NotAPublicKey::Unreadable),
        }
    }

    pub(crate) fn parsed(&self) -> &x509_cert::Certificate {
        &self.parsed
    }

    /// How long the name of its issuer is, in bytes.
    pub(crate) fn issuer_length(&self) -> usize {
        let issuer = self.parsed.tbs_certificate().issuer().to_der();
        issuer.map_or(self.der.len(), |issuer| issuer.len())
    }

    /// Whether another one says of itself what this one says of its issuer.
    pub(crate) fn names_as_issuer(&self, other: &Self) -> bool {
        self.parsed.tbs_certificate().issuer() == other.parsed.tbs_certificate().subject()
    }
}

fn moment(time: x509_cert::time::Time) -> DateTime<Utc> {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
