//! A signature by which a receiver knows that a mail came from whom it says, unchanged (RFC 6376,
//! and RFC 8463 for Ed25519).
//!
//! What is signed are the finished bytes, relaxed on both sides: servers on the way fold and trim.
//! Content-Type is not signed, since some of them write it anew; the fields by which one leaves a
//! list are, or one click would not count (RFC 8058).

use std::fmt;

use chrono::{DateTime, Utc};
use data_encoding::BASE64;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;

/// The fields that are signed, where a mail has them.
const SIGNED: &[&str] = &[
    "from",
    "reply-to",
    "to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "auto-submitted",
    "content-language",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
];

/// The fields of which nobody may add a second one: they are named once more than they are there.
const ONCE: &[&str] = &["from", "to", "subject", "date", "message-id"];

/// A key to sign with, and where its public half stands: `SELECTOR._domainkey.DOMAIN`.
pub struct Dkim {
    domain: String,
    selector: String,
    key: Key,
}

enum Key {
    Rsa(Box<RsaKeyPair>),
    Ed25519(Ed25519KeyPair),
}

/// Why a key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DkimError {
    /// Not a name in the Domain Name System.
    #[error("the domain or the selector of DKIM is not a domain name")]
    Name,
    /// Not a private key in PEM.
    #[error("the key of DKIM is not a private key in PEM (PKCS #1 or PKCS #8)")]
    NotPem,
    /// A key that is too short, or of another kind.
    #[error("the key of DKIM is neither an RSA key of 2048 bits or more nor an Ed25519 key")]
    Kind,
    /// The signature failed.
    #[error("the mail could not be signed")]
    Refused,
}

impl Dkim {
    /// Takes a private key as PEM: RSA as PKCS #1 or #8, or Ed25519 as PKCS #8.
    pub fn from_pem(domain: &str, selector: &str, pem: &str) -> Result<Self, DkimError> {
        let domain = idna::domain_to_ascii(domain)
            .map_err(|_unusable: idna::Errors| DkimError::Name)
            .and_then(named)?;
        let der = PrivateKeyDer::from_pem_slice(pem.as_bytes())
            .map_err(|_unreadable| DkimError::NotPem)?;
        let key = match &der {
            PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der())
                .ok()
                .map(|key| Key::Rsa(Box::new(key))),
            PrivateKeyDer::Pkcs8(der) => {
                let der = der.secret_pkcs8_der();
                let rsa = RsaKeyPair::from_pkcs8(der).ok();
                rsa.map(|key| Key::Rsa(Box::new(key))).or_else(|| {
                    // OpenSSL leaves the public half out.
                    let key = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der);
                    key.ok().map(Key::Ed25519)
                })
            }
            PrivateKeyDer::Sec1(_) | _ => None,
        };
        Ok(Self {
            domain,
            selector: named(selector.to_owned())?,
            key: key.ok_or(DkimError::Kind)?,
        })
    }

    /// The name of the TXT record that receivers look for.
    pub fn record_name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }

    /// What the TXT record must say.
    pub fn record(&self) -> String {
        match &self.key {
            Key::Rsa(key) => {
                let public = BASE64.encode(&public_key_info(key.public_key().as_ref()));
                format!("v=DKIM1; k=rsa; p={public}")
            }
            Key::Ed25519(key) => {
                let public = BASE64.encode(key.public_key().as_ref());
                format!("v=DKIM1; k=ed25519; p={public}")
            }
        }
    }

    /// Puts a signature before a mail.
    pub fn sign(&self, mail: &[u8], now: DateTime<Utc>) -> Result<Vec<u8>, DkimError> {
        let (header, body) = halves(mail);
        let fields = fields(header);
        let named: Vec<_> = names_to_sign(&fields);
        let algorithm = match self.key {
            Key::Rsa(_) => "rsa-sha256",
            Key::Ed25519(_) => "ed25519-sha256",
        };
        let unsigned = format!(
            "v=1; a={algorithm}; c=relaxed/relaxed; d={domain};\r\n\ts={selector}; t={time};\r\n\
             \th={names};\r\n\tbh={hash};\r\n\tb=",
            domain = self.domain,
            selector = self.selector,
            time = now.timestamp(),
            names = named.join(":\r\n\t "),
            hash = BASE64.encode(digest(&SHA256, &relaxed_body(body)).as_ref()),
        );
        let mut text = Vec::with_capacity(2048);
        for field in fields_to_sign(&fields, &named) {
            relaxed_field(&mut text, field);
        }
        relaxed_field(&mut text, ("DKIM-Signature", unsigned.as_bytes()));
        // Its own field is signed without the line break behind it.
        text.truncate(text.len().saturating_sub(2));

        let signature = BASE64.encode(&self.signature(&text)?);
        let mut signed = Vec::with_capacity(mail.len() + 1024);
        signed.extend_from_slice(b"DKIM-Signature: ");
        signed.extend_from_slice(unsigned.as_bytes());
        for (index, piece) in signature.as_bytes().chunks(70).enumerate() {
            if index > 0 {
                signed.extend_from_slice(b"\r\n\t ");
            }
            signed.extend_from_slice(piece);
        }
        signed.extend_from_slice(b"\r\n");
        signed.extend_from_slice(mail);
        Ok(signed)
    }

    fn signature(&self, text: &[u8]) -> Result<Vec<u8>, DkimError> {
        match &self.key {
            Key::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                // PKCS #1 v1.5 is deterministic: the random numbers blind the computation.
                key.sign(
                    &RSA_PKCS1_SHA256,
                    &SystemRandom::new(),
                    text,
                    &mut signature,
                )
                .map_err(|_unspecified| DkimError::Refused)?;
                Ok(signature)
            }
            // What Ed25519 signs is the hash (RFC 8463, 3).
            Key::Ed25519(key) => {
                let hash = digest(&SHA256, text);
                Ok(key.sign(hash.as_ref()).as_ref().to_vec())
            }
        }
    }
}

/// Says which key it is, and nothing of the key.
impl fmt::Debug for Dkim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Dkim").field(&self.record_name()).finish()
    }
}

fn named(name: String) -> Result<String, DkimError> {
    let label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if name.split('.').all(label) && name.len() <= 200 {
        Ok(name)
    } else {
        Err(DkimError::Name)
    }
}

/// A field: its name, and all behind the colon but the last line break.
type Field<'a> = (&'a str, &'a [u8]);

/// The header with its last line break, and the body.
fn halves(mail: &[u8]) -> (&[u8], &[u8]) {
    let blank = mail.windows(4).position(|four| four == b"\r\n\r\n");
    blank
        .and_then(|at| Some((mail.get(..at + 2)?, mail.get(at + 4..)?)))
        .unwrap_or((mail, &[]))
}

fn fields(header: &[u8]) -> Vec<Field<'_>> {
    let mut fields = Vec::new();
    let mut rest = header;
    while !rest.is_empty() {
        // A field ends at the first line break that no white space follows.
        let end = (0..rest.len())
            .find(|at| {
                rest.get(*at..at + 2) == Some(b"\r\n")
                    && !matches!(rest.get(at + 2), Some(b' ' | b'\t'))
            })
            .unwrap_or(rest.len());
        let (field, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        rest = after.get(2..).unwrap_or_default();
        let mut halves = field.splitn(2, |byte| *byte == b':');
        if let (Some(name), Some(value)) = (halves.next(), halves.next())
            && let Ok(name) = str::from_utf8(name)
        {
            fields.push((name.trim_end(), value));
        }
    }
    fields
}

fn names_to_sign(fields: &[Field<'_>]) -> Vec<&'static str> {
    let mut names = Vec::new();
    for signed in SIGNED {
        let times = fields
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case(signed))
            .count();
        let once_more = usize::from(ONCE.contains(signed));
        names.extend(std::iter::repeat_n(*signed, times + once_more));
    }
    names
}

/// The fields in the order in which they are named, of several of one name the last first.
fn fields_to_sign<'a>(fields: &[Field<'a>], names: &[&str]) -> Vec<Field<'a>> {
    let mut left = fields.to_vec();
    let mut found = Vec::new();
    for wanted in names {
        let last = left
            .iter()
            .rposition(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.extend(last.map(|at| left.remove(at)));
    }
    found
}

/// RFC 6376, 3.4.2.
fn relaxed_field(out: &mut Vec<u8>, (name, value): Field<'_>) {
    out.extend(name.to_ascii_lowercase().into_bytes());
    out.push(b':');
    let words = value
        .split(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
        .filter(|word| !word.is_empty());
    for (index, word) in words.enumerate() {
        if index > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(word);
    }
    out.extend_from_slice(b"\r\n");
}

/// RFC 6376, 3.4.4.
fn relaxed_body(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut blank = false;
    let mut bytes = body.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b' ' | b'\t' => blank = true,
            b'\r' if bytes.peek() == Some(&b'\n') => {
                bytes.next();
                blank = false;
                out.extend_from_slice(b"\r\n");
            }
            other => {
                if std::mem::take(&mut blank) {
                    out.push(b' ');
                }
                out.push(other);
            }
        }
    }
    // White space at the very end, without a line break: a line's end all the same.
    while out.ends_with(b"\r\n") {
        out.truncate(out.len() - 2);
    }
    if !out.is_empty() {
        out.extend_from_slice(b"\r\n");
    }
    out
}

/// An RSA public key as DKIM publishes it (RFC 5280, 4.1), of one as PKCS #1 has it.
fn public_key_info(pkcs1: &[u8]) -> Vec<u8> {
    const RSA_ENCRYPTION: &[u8] = &[
        0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
    ];
    let mut bits = vec![0x00];
    bits.extend_from_slice(pkcs1);
    let mut sequence = RSA_ENCRYPTION.to_vec();
    der(&mut sequence, 0x03, &bits);
    let mut info = Vec::new();
    der(&mut info, 0x30, &sequence);
    info
}

/// A value with its tag and length (X.690, 8.1.3).
fn der(out: &mut Vec<u8>, tag: u8, value: &[u8]) {
    out.push(tag);
    let length = value.len().to_be_bytes();
    let significant = length.iter().copied().skip_while(|byte| *byte == 0);
    let significant: Vec<_> = significant.collect();
    match significant.as_slice() {
        [short] if *short < 0x80 => out.push(*short),
        [] => out.push(0),
        long => {
            out.push(0x80 | u8::try_from(long.len()).unwrap_or_default());
            out.extend_from_slice(long);
        }
    }
    out.extend_from_slice(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    const RSA: &str = include_str!("../tests/keys/dkim-rsa.pem");
    const RSA_PKCS1: &str = include_str!("../tests/keys/dkim-rsa-pkcs1.pem");
    const ED25519: &str = include_str!("../tests/keys/dkim-ed25519.pem");

    #[test]
    fn takes_the_keys_that_openssl_writes() {
        for (pem, kind) in [(RSA, "rsa"), (RSA_PKCS1, "rsa"), (ED25519, "ed25519")] {
            let dkim = Dkim::from_pem("example.org", "s1", pem).unwrap();
            assert_eq!(dkim.record_name(), "s1._domainkey.example.org");
            assert!(dkim.record().starts_with(&format!("v=DKIM1; k={kind}; p=")));
            assert_eq!(format!("{dkim:?}"), "Dkim(\"s1._domainkey.example.org\")");
        }
        let refused = |domain, selector, pem| Dkim::from_pem(domain, selector, pem).unwrap_err();
        assert_eq!(refused("example.org", "s1", "nothing"), DkimError::NotPem);
        assert_eq!(refused("example.org", "a b", RSA), DkimError::Name);
        assert_eq!(refused("a;b", "s1", RSA), DkimError::Name);
    }

    #[test]
    fn both_halves_are_relaxed_as_the_rfc_shows() {
        // RFC 6376, 3.4.5.
        let mail = b"A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n";
        let (header, body) = halves(mail);
        let mut out = Vec::new();
        for field in fields(header) {
            relaxed_field(&mut out, field);
        }
        assert_eq!(String::from_utf8(out).unwrap(), "a:X\r\nb:Y Z\r\n");
        assert_eq!(relaxed_body(body), b" C\r\nD E\r\n");
        assert_eq!(relaxed_body(b""), b"");
        assert_eq!(relaxed_body(b"\r\n\r\n"), b"");
        assert_eq!(relaxed_body(b"no end"), b"no end\r\n");
    }

    #[test]
    fn a_second_sender_cannot_be_added() {
        let dkim = Dkim::from_pem("example.org", "s1", ED25519).unwrap();
        let mail = b"From: a@example.org\r\nSubject: x\r\n\r\nHello\r\n";
        let signed = dkim.sign(mail, DateTime::UNIX_EPOCH).unwrap();
        let signed = String::from_utf8(signed).unwrap();
        let head = signed
            .split("h=")
            .nth(1)
            .unwrap()
            .split(';')
            .next()
            .unwrap();
        let names: Vec<_> = head.split(':').map(str::trim).collect();
        assert_eq!(
            names,
            [
                "from",
                "from",
                "to",
                "subject",
                "subject",
                "date",
                "message-id"
            ]
        );
        assert!(signed.ends_with(str::from_utf8(mail).unwrap()));
        assert_eq!(
            dkim.sign(mail, DateTime::UNIX_EPOCH).unwrap(),
            signed.as_bytes()
        );
    }
}
