//! Status lists: which badges are revoked, a bit for each (W3C Bitstring Status List 1.0). There are
//! so many bits that to fetch the list does not tell which badge somebody asks about.

use std::io::{Read, Write};

use chrono::{DateTime, Utc};
use data_encoding::BASE64URL_NOPAD as BASE64URL;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::badge::{CREDENTIALS, Issuer, Term, is_a, registered};
use crate::jws::{self, JwsFault};
use crate::key::{KeyFault, SigningKey};
use crate::public_key::PublicKey;

/// The fewest entries that a list has.
pub const SMALLEST_STATUS_LIST: usize = 131_072;
/// The most that one may have.
const LARGEST: usize = 8 * 16 * 1024 * 1024;

/// A list of badges, each revoked or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusList {
    bytes: Vec<u8>,
}

/// Why there is no such list, or no such entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatusListFault {
    /// The token is not to be believed.
    #[error(transparent)]
    Token(#[from] JwsFault),
    /// Signed by us, and something else.
    #[error("is signed, and is not a status list of revocations")]
    NotAStatusList,
    /// Too many entries.
    #[error("a status list has at most {LARGEST} entries")]
    TooLong,
    /// No such entry.
    #[error("the status list has no entry {0}")]
    NoEntry(usize),
}

impl StatusList {
    /// A list for so many badges at least, of which none is revoked.
    pub fn new(entries: usize) -> Result<Self, StatusListFault> {
        if entries > LARGEST {
            return Err(StatusListFault::TooLong);
        }
        let bytes = entries.max(SMALLEST_STATUS_LIST).div_ceil(8);
        Ok(Self {
            bytes: vec![0; bytes],
        })
    }

    /// A list of which these are revoked.
    pub fn of(
        entries: usize,
        revoked: impl IntoIterator<Item = usize>,
    ) -> Result<Self, StatusListFault> {
        let mut list = Self::new(entries)?;
        for index in revoked {
            list.revoke(index)?;
        }
        Ok(list)
    }

    /// How many entries it has.
    pub fn entries(&self) -> usize {
        self.bytes.len() * 8
    }

    /// Revokes a badge, if it is not.
    pub fn revoke(&mut self, index: usize) -> Result<(), StatusListFault> {
        match self.bytes.get_mut(index / 8) {
            Some(byte) => {
                *byte |= mask(index);
                Ok(())
            }
            None => Err(StatusListFault::NoEntry(index)),
        }
    }

    /// Whether a badge is revoked.
    pub fn is_revoked(&self, index: usize) -> Result<bool, StatusListFault> {
        match self.bytes.get(index / 8) {
            Some(byte) => Ok(byte & mask(index) != 0),
            None => Err(StatusListFault::NoEntry(index)),
        }
    }

    /// Signs the list, as it is at a moment. Its id is the address at which it is fetched.
    pub fn issue(
        &self,
        id: &str,
        issuer: &Issuer,
        at: DateTime<Utc>,
        key: &SigningKey,
    ) -> Result<String, KeyFault> {
        let subject = format!("{id}#list");
        let mut credential = json!({
            "@context": [CREDENTIALS],
            "id": id,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": issuer.id,
            "credentialSubject": {
                "id": subject,
                "type": "BitstringStatusList",
                "statusPurpose": "revocation",
                "encodedList": self.encode(),
            },
        });
        let term = Term {
            from: at,
            until: None,
        };
        term.put(&mut credential);
        registered(&mut credential, &issuer.id, id, &subject);
        jws::sign(key, &credential)
    }

    /// Reads a list that one of these keys signed.
    pub fn read(token: &str, keys: &[PublicKey]) -> Result<Self, StatusListFault> {
        let (credential, _) = jws::verify(token, keys)?;
        let text = |pointer| credential.pointer(pointer).and_then(Value::as_str);
        let is_of_revocations = text("/credentialSubject/statusPurpose") == Some("revocation");
        let list = text("/credentialSubject/encodedList").and_then(Self::decode);
        list.filter(|_| is_a(&credential, "BitstringStatusListCredential") && is_of_revocations)
            .ok_or(StatusListFault::NotAStatusList)
    }

    /// Packed with gzip, in base64url, behind a u (multibase).
    fn encode(&self) -> String {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        // Writing to memory does not fail.
        let packed = gzip.write_all(&self.bytes).and_then(|()| gzip.finish());
        format!("u{}", BASE64URL.encode(&packed.unwrap_or_default()))
    }

    fn decode(text: &str) -> Option<Self> {
        let packed = BASE64URL.decode(text.strip_prefix('u')?.as_bytes()).ok()?;
        let mut bytes = Vec::new();
        let most = u64::try_from(LARGEST / 8).ok()?;
        let mut reader = GzDecoder::new(packed.as_slice()).take(most + 1);
        reader.read_to_end(&mut bytes).ok()?;
        let is_good = (SMALLEST_STATUS_LIST..=LARGEST).contains(&(bytes.len() * 8));
        is_good.then_some(Self { bytes })
    }
}

/// The first entry is the highest bit of the first byte.
fn mask(index: usize) -> u8 {
    0x80 >> (index % 8)
}
