//! Public keys: what verifies, and may be shown to everybody.

use data_encoding::BASE64URL_NOPAD as BASE64URL;
use der::asn1::{Any, BitString, ObjectIdentifier, UintRef};
use der::{Decode, Encode, Sequence, pem};
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    UnparsedPublicKey,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use crate::certificate::Certificate;

pub(crate) const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
pub(crate) const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
pub(crate) const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
pub(crate) const ED25519_OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// The public half of a key: RSA, ECDSA on P-256, or Ed25519.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    kind: Kind,
    /// What the kind of key has for its bits: an RSA key of PKCS #1, a point, 32 bytes.
    bits: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Rsa { modulus: Vec<u8>, exponent: Vec<u8> },
    P256 { x: Vec<u8>, y: Vec<u8> },
    Ed25519,
}

/// Why bytes are no public key that is of use here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAPublicKey {
    /// Not the structure of one.
    #[error("is not a public key (SubjectPublicKeyInfo, DER)")]
    Unreadable,
    /// Another kind of key.
    #[error("is a key of another kind than RSA, ECDSA on P-256 and Ed25519")]
    Unsupported,
    /// No file of public keys.
    #[error("is no PEM file of public keys or certificates")]
    NotPem,
    /// What is to be kept secret, where only what everybody may see is asked for.
    #[error(
        "holds a private key: of a key that was in use, its certificate or its public half is enough"
    )]
    Private,
}

#[derive(Sequence)]
struct RsaPublicKey<'a> {
    modulus: UintRef<'a>,
    exponent: UintRef<'a>,
}

impl PublicKey {
    /// Reads the key of a file, which it holds as itself or as a certificate; of several certificates, that
    /// of the first, as those follow it that vouch for it.
    pub fn from_pem(text: &str) -> Result<Self, NotAPublicKey> {
        let begin = text.find("-----BEGIN ").ok_or(NotAPublicKey::NotPem)?;
        let block = text.get(begin..).unwrap_or_default();
        // Where the first block ends: its last line, whole.
        let end = block.find("-----END ").ok_or(NotAPublicKey::NotPem)?;
        let last = block.get(end..).unwrap_or_default();
        let length = end + last.find('\n').unwrap_or(last.len());
        let block = block.get(..length).unwrap_or_default();
        let Ok((label, der)) = pem::decode_vec(block.trim_end().as_bytes()) else {
            return Err(NotAPublicKey::NotPem);
        };
        match label {
            "PUBLIC KEY" => Self::from_der(&der),
            "CERTIFICATE" => {
                let certificate = Certificate::from_der(&der);
                certificate
                    .map_err(|_no_certificate| NotAPublicKey::NotPem)?
                    .public_key()
            }
            label if label.ends_with("PRIVATE KEY") => Err(NotAPublicKey::Private),
            _ => Err(NotAPublicKey::NotPem),
        }
    }

    /// Reads a key as certificates hold it (`SubjectPublicKeyInfo`).
    pub fn from_der(der: &[u8]) -> Result<Self, NotAPublicKey> {
        let Ok(info) = SubjectPublicKeyInfoOwned::from_der(der) else {
            return Err(NotAPublicKey::Unreadable);
        };
        let bits = info
            .subject_public_key
            .as_bytes()
            .ok_or(NotAPublicKey::Unreadable)?;
        let parameters = info.algorithm.parameters.as_ref();
        if info.algorithm.oid == RSA {
            Self::rsa(bits)
        } else if info.algorithm.oid == EC {
            let curve = parameters.and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
            if curve == Some(P256) {
                Self::p256(bits)
            } else {
                Err(NotAPublicKey::Unsupported)
            }
        } else if info.algorithm.oid == ED25519_OID {
            Self::ed25519(bits)
        } else {
            Err(NotAPublicKey::Unsupported)
        }
    }

    pub(crate) fn rsa(bits: &[u8]) -> Result<Self, NotAPublicKey> {
        match RsaPublicKey::from_der(bits) {
            Ok(key) => Ok(Self {
                kind: Kind::Rsa {
                    modulus: key.modulus.as_bytes().to_vec(),
                    exponent: key.exponent.as_bytes().to_vec(),
                },
                bits: bits.to_vec(),
            }),
            Err(_) => Err(NotAPublicKey::Unreadable),
        }
    }

    pub(crate) fn p256(point: &[u8]) -> Result<Self, NotAPublicKey> {
        // Not compressed: 4, x, y.
        match point
            .strip_prefix(&[4])
            .and_then(|rest| rest.split_at_checked(32))
        {
            Some((x, y)) if y.len() == 32 => Ok(Self {
                kind: Kind::P256 {
                    x: x.to_vec(),
                    y: y.to_vec(),
                },
                bits: point.to_vec(),
            }),
            _ => Err(NotAPublicKey::Unreadable),
        }
    }

    pub(crate) fn ed25519(bits: &[u8]) -> Result<Self, NotAPublicKey> {
        if bits.len() == 32 {
            Ok(Self {
                kind: Kind::Ed25519,
                bits: bits.to_vec(),
            })
        } else {
            Err(NotAPublicKey::Unreadable)
        }
    }

    /// The key as certificates hold it, to be kept: `from_der` reads it again.
    pub fn to_der(&self) -> Vec<u8> {
        let algorithm = match &self.kind {
            Kind::Rsa { .. } => AlgorithmIdentifierOwned {
                oid: RSA,
                parameters: Some(Any::null()),
            },
            Kind::P256 { .. } => AlgorithmIdentifierOwned {
                oid: EC,
                parameters: Some(Any::from(P256)),
            },
            Kind::Ed25519 => AlgorithmIdentifierOwned {
                oid: ED25519_OID,
                parameters: None,
            },
        };
        let info = BitString::from_bytes(&self.bits).and_then(|subject_public_key| {
            SubjectPublicKeyInfoOwned {
                algorithm,
                subject_public_key,
            }
            .to_der()
        });
        info.unwrap_or_default()
    }

    /// The name of the key: its thumbprint (RFC 7638). Another key has another, whoever holds it.
    pub fn kid(&self) -> String {
        // Members in the order of the alphabet, without white space.
        let members = match &self.kind {
            Kind::Rsa { modulus, exponent } => format!(
                r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#,
                BASE64URL.encode(exponent),
                BASE64URL.encode(modulus)
            ),
            Kind::P256 { x, y } => format!(
                r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#,
                BASE64URL.encode(x),
                BASE64URL.encode(y)
            ),
            Kind::Ed25519 => format!(
                r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#,
                BASE64URL.encode(&self.bits)
            ),
        };
        BASE64URL.encode(&Sha256::digest(members.as_bytes()))
    }

    /// The algorithm that a JWS by this key names: `RS256`, `ES256` or `EdDSA`.
    pub fn algorithm(&self) -> &'static str {
        match &self.kind {
            Kind::Rsa { .. } => "RS256",
            Kind::P256 { .. } => "ES256",
            Kind::Ed25519 => "EdDSA",
        }
    }

    /// The key as JSON (RFC 7517), with its name.
    pub fn jwk(&self) -> Value {
        let mut key = match &self.kind {
            Kind::Rsa { modulus, exponent } => json!({
                "kty": "RSA",
                "n": BASE64URL.encode(modulus),
                "e": BASE64URL.encode(exponent),
            }),
            Kind::P256 { x, y } => json!({
                "kty": "EC",
                "crv": "P-256",
                "x": BASE64URL.encode(x),
                "y": BASE64URL.encode(y),
            }),
            Kind::Ed25519 => json!({
                "kty": "OKP",
                "crv": "Ed25519",
                "x": BASE64URL.encode(&self.bits),
            }),
        };
        if let Some(members) = key.as_object_mut() {
            members.insert("kid".to_owned(), self.kid().into());
            members.insert("alg".to_owned(), self.algorithm().into());
            members.insert("use".to_owned(), "sig".into());
        }
        key
    }

    pub(crate) fn is_ed25519(&self) -> bool {
        matches!(self.kind, Kind::Ed25519)
    }

    pub(crate) fn is_rsa(&self) -> bool {
        matches!(self.kind, Kind::Rsa { .. })
    }

    /// Whether a signature as a CMS holds it is this key's.
    pub(crate) fn accepts_in_cms(&self, message: &[u8], signature: &[u8]) -> bool {
        let verified = match &self.kind {
            Kind::Rsa { .. } => UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.bits)
                .verify(message, signature),
            Kind::P256 { .. } => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &self.bits)
                .verify(message, signature),
            Kind::Ed25519 => return false,
        };
        verified.is_ok()
    }

    /// Whether a signature as a JWS holds it is this key's.
    pub(crate) fn accepts_in_jws(&self, message: &[u8], signature: &[u8]) -> bool {
        let verified = match &self.kind {
            Kind::Rsa { .. } => UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.bits)
                .verify(message, signature),
            Kind::P256 { .. } => UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &self.bits)
                .verify(message, signature),
            Kind::Ed25519 => {
                UnparsedPublicKey::new(&ED25519, &self.bits).verify(message, signature)
            }
        };
        verified.is_ok()
    }
}

/// The keys by which everybody may verify our badges (RFC 7517): those in use, and those that were.
pub fn jwks<'a>(keys: impl IntoIterator<Item = &'a PublicKey>) -> Value {
    let keys: Vec<_> = keys.into_iter().map(PublicKey::jwk).collect();
    json!({ "keys": keys })
}
