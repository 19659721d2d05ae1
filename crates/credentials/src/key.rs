//! Keys that sign: of a workspace, or of the installation.

mod container;
mod self_signed;

use chrono::{DateTime, SecondsFormat, Utc};
use der::{Encode, pem};
use p256::ecdsa::signature::Signer;
use p256::pkcs8::PrivateKeyInfoRef;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};

use crate::certificate::{Certificate, NotACertificate};
use crate::public_key::{EC, ED25519_OID, P256, PublicKey, RSA};

/// A key that signs, with the certificates that say whose it is: its own first, then those that vouch
/// for the one before. An Ed25519 key may have none; it signs badges and no PDFs.
pub struct SigningKey {
    secret: Secret,
    public: PublicKey,
    /// PKCS #8, as it came.
    pkcs8: Vec<u8>,
    chain: Vec<Certificate>,
}

enum Secret {
    Rsa(Box<RsaKeyPair>),
    P256(Box<p256::ecdsa::SigningKey>),
    Ed25519(Box<Ed25519KeyPair>),
}

/// Why a key cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// The password opens nothing.
    #[error("the password does not open the PKCS#12 file")]
    WrongPassword,
    /// Not a PKCS#12 file, or not all of it is.
    #[error("is not a PKCS#12 file, or has something behind it: {0}")]
    Container(String),
    /// Something in a PEM file that is neither key nor certificate.
    #[error("has in line {line} what is no block of PEM; nothing may stand behind the last block")]
    Garbage {
        /// Where, counted from 1.
        line: usize,
    },
    /// A block of PEM that cannot be read.
    #[error("has in line {line} a block of PEM that cannot be read")]
    Block {
        /// Where it begins, counted from 1.
        line: usize,
    },
    /// A block of PEM that is not wanted here.
    #[error(
        "has in line {line} a block `{label}`; use PRIVATE KEY (PKCS #8, not encrypted: `openssl pkcs8 -topk8 -nodes`) and CERTIFICATE, or a PKCS#12 file"
    )]
    Label {
        /// Where it begins, counted from 1.
        line: usize,
        /// What it is called.
        label: String,
    },
    /// No private key.
    #[error("holds no private key")]
    NoKey,
    /// Several.
    #[error("holds {0} private keys; one is wanted")]
    SeveralKeys(usize),
    /// Not the structure of a key.
    #[error("the private key cannot be read (PKCS #8), or has something behind it")]
    Unreadable,
    /// Another kind of key.
    #[error("the key is of another kind than RSA, ECDSA on P-256 and Ed25519")]
    Unsupported,
    /// An RSA key that is not safe, or one that nobody could use.
    #[error("an RSA key must have 2048 to 4096 bits")]
    Size,
    /// A certificate that cannot be read.
    #[error("a certificate {0}")]
    Certificate(#[from] NotACertificate),
    /// Nobody says whose key it is.
    #[error("has no certificate for the key")]
    NoCertificate,
    /// The certificates speak of other keys.
    #[error("the key does not belong to the certificate of {0}")]
    DoesNotFit(String),
    /// The certificate is not good yet.
    #[error("the certificate is not good before {}", .0.to_rfc3339_opts(SecondsFormat::Secs, true))]
    NotYet(DateTime<Utc>),
    /// The certificate is not good any more.
    #[error("the certificate was good until {}", .0.to_rfc3339_opts(SecondsFormat::Secs, true))]
    Expired(DateTime<Utc>),
    /// A name that no certificate can bear.
    #[error("the name cannot stand in a certificate")]
    Name,
    /// The library refuses, and says no more.
    #[error("the key refuses to sign")]
    Refused,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid())
            .field("certificate", &self.certificate().map(Certificate::subject))
            .finish_non_exhaustive()
    }
}

impl SigningKey {
    /// Reads a PEM file: a private key (PKCS #8) and its certificates, in any order.
    pub fn from_pem(text: &str, now: DateTime<Utc>) -> Result<Self, KeyFault> {
        let (key, certificates) = container::pem(text)?;
        Self::of(key, certificates, now)
    }

    /// Reads a PKCS#12 file (`.p12`, `.pfx`).
    pub fn from_pkcs12(bytes: &[u8], password: &str, now: DateTime<Utc>) -> Result<Self, KeyFault> {
        let (key, certificates) = container::pkcs12(bytes, password)?;
        Self::of(key, certificates, now)
    }

    /// A key for badges alone, of 32 random bytes (Ed25519).
    pub fn ed25519(random: &[u8; 32]) -> Result<Self, KeyFault> {
        // RFC 8410: a key without attributes is the seed behind a constant.
        const HEAD: [u8; 16] = [
            0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20,
        ];
        let mut pkcs8 = HEAD.to_vec();
        pkcs8.extend_from_slice(random);
        let (secret, public) = secret(&pkcs8)?;
        Ok(Self {
            secret,
            public,
            pkcs8,
            chain: Vec::new(),
        })
    }

    /// A key of 32 random bytes, with a certificate that it gives itself for ten years: for
    /// demonstrations. It says so itself: whoever looks sees that nobody vouches for it.
    pub fn self_signed(
        name: &str,
        now: DateTime<Utc>,
        random: &[u8; 32],
    ) -> Result<Self, KeyFault> {
        let (key, certificate) = self_signed::make(name, now, random)?;
        Self::of(key, vec![certificate], now)
    }

    /// The key of some bytes, and the certificates that go with it. Those of others are left out.
    fn of(
        pkcs8: Vec<u8>,
        mut certificates: Vec<Certificate>,
        now: DateTime<Utc>,
    ) -> Result<Self, KeyFault> {
        let (secret, public) = secret(&pkcs8)?;
        let own = certificates
            .iter()
            .position(|one| one.public_key().as_ref() == Ok(&public));
        let mut chain = Vec::new();
        match (own, certificates.first()) {
            (Some(own), _) => {
                let mut last = certificates.remove(own);
                last.good_at(now)?;
                // Whoever vouches, and whoever vouches for them; each once.
                while let Some(next) = certificates
                    .iter()
                    .position(|other| last.names_as_issuer(other))
                {
                    chain.push(std::mem::replace(&mut last, certificates.remove(next)));
                }
                chain.push(last);
            }
            (None, Some(other)) => return Err(KeyFault::DoesNotFit(other.subject())),
            (None, None) if public.is_ed25519() => {}
            (None, None) => return Err(KeyFault::NoCertificate),
        }
        Ok(Self {
            secret,
            public,
            pkcs8,
            chain,
        })
    }

    /// The key and its certificates, for `from_pem` to read again. A secret.
    pub fn to_pem(&self) -> String {
        let block = |label, bytes: &[u8]| {
            pem::encode_string(label, pem::LineEnding::LF, bytes).unwrap_or_default()
        };
        let mut text = block("PRIVATE KEY", &self.pkcs8);
        for certificate in &self.chain {
            text.push_str(&block("CERTIFICATE", certificate.der()));
        }
        text
    }

    /// The public half.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// The name of the key (RFC 7638).
    pub fn kid(&self) -> String {
        self.public.kid()
    }

    /// Whether documents can be signed by it, and not badges alone.
    pub fn signs_documents(&self) -> bool {
        !matches!(self.secret, Secret::Ed25519(_)) && self.certificate().is_some()
    }

    /// The certificate of the key. Keep it: documents are verified by it when the key is long gone.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.chain.first()
    }

    /// The certificate of the key, and those that vouch for the one before.
    pub fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    /// A signature as a CMS holds it.
    pub(crate) fn sign_for_cms(&self, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        match &self.secret {
            Secret::Rsa(key) => sign_rsa(key, message),
            Secret::P256(key) => {
                let signature: Result<p256::ecdsa::DerSignature, _> = key.try_sign(message);
                match signature {
                    Ok(signature) => Ok(signature.as_bytes().to_vec()),
                    Err(_) => Err(KeyFault::Refused),
                }
            }
            Secret::Ed25519(_) => Err(KeyFault::Unsupported),
        }
    }

    /// A signature as a JWS holds it.
    pub(crate) fn sign_for_jws(&self, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        match &self.secret {
            Secret::Rsa(key) => sign_rsa(key, message),
            Secret::P256(key) => {
                let signature: Result<p256::ecdsa::Signature, _> = key.try_sign(message);
                match signature {
                    Ok(signature) => Ok(signature.to_bytes().to_vec()),
                    Err(_) => Err(KeyFault::Refused),
                }
            }
            Secret::Ed25519(key) => Ok(key.sign(message).as_ref().to_vec()),
        }
    }
}

impl Certificate {
    /// Whether something may be signed by its key at a moment.
    pub(crate) fn good_at(&self, moment: DateTime<Utc>) -> Result<(), KeyFault> {
        if moment < self.not_before() {
            Err(KeyFault::NotYet(self.not_before()))
        } else if moment > self.not_after() {
            Err(KeyFault::Expired(self.not_after()))
        } else {
            Ok(())
        }
    }
}

fn sign_rsa(key: &RsaKeyPair, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
    let mut signature = vec![0; key.public().modulus_len()];
    // This padding has nothing random in it (RFC 8017, 8.2); the library asks all the same.
    match key.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        message,
        &mut signature,
    ) {
        Ok(()) => Ok(signature),
        Err(_) => Err(KeyFault::Refused),
    }
}

fn secret(pkcs8: &[u8]) -> Result<(Secret, PublicKey), KeyFault> {
    let Ok(info) = PrivateKeyInfoRef::try_from(pkcs8) else {
        return Err(KeyFault::Unreadable);
    };
    let oid = info.algorithm.oid.to_der().unwrap_or_default();
    let is = |other: der::asn1::ObjectIdentifier| other.to_der().is_ok_and(|other| other == oid);
    let (secret, public) = if is(RSA) {
        let key =
            RsaKeyPair::from_pkcs8(pkcs8).map_err(|fault| match fault.to_string().as_str() {
                "TooSmall" | "TooLarge" => KeyFault::Size,
                _ => KeyFault::Unreadable,
            })?;
        let public = PublicKey::rsa(key.public_key().as_ref());
        (Secret::Rsa(Box::new(key)), public)
    } else if is(EC) {
        if info.algorithm.parameters_oid().ok() != Some(P256) {
            return Err(KeyFault::Unsupported);
        }
        let Ok(key) = p256::ecdsa::SigningKey::try_from(info) else {
            return Err(KeyFault::Unreadable);
        };
        let public = PublicKey::p256(key.verifying_key().to_sec1_point(false).as_bytes());
        (Secret::P256(Box::new(key)), public)
    } else if is(ED25519_OID) {
        let Ok(key) = Ed25519KeyPair::from_pkcs8_maybe_unchecked(pkcs8) else {
            return Err(KeyFault::Unreadable);
        };
        let public = PublicKey::ed25519(key.public_key().as_ref());
        (Secret::Ed25519(Box::new(key)), public)
    } else {
        return Err(KeyFault::Unsupported);
    };
    match public {
        Ok(public) => Ok((secret, public)),
        Err(_) => Err(KeyFault::Unreadable),
    }
}
