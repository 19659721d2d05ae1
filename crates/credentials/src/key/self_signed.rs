//! Keys for demonstrations, which nobody vouches for and which say so.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use der::asn1::{ObjectIdentifier, SetOfVec, Utf8StringRef};
use der::{Any, DateTime as DerDateTime, Decode, Encode};
use p256::pkcs8::{EncodePrivateKey, EncodePublicKey};
use sha2::{Digest, Sha256};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder, CertificateBuilder};
use x509_cert::certificate::TbsCertificate;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage, KeyUsages, SubjectKeyIdentifier};
use x509_cert::ext::{Extension, ToExtension};
use x509_cert::name::{Name, RdnSequence};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};
use x509_cert::time::{Time, Validity};

use super::KeyFault;
use crate::certificate::Certificate;

/// What stands in the certificate, beside the name, wherever it is shown.
const WARNING: &str = "Self-signed demonstration, proves nothing";
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const UNIT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.11");
/// Longer names are cut (RFC 5280, upper bounds).
const LONGEST_NAME: usize = 64;

/// A key on P-256 (PKCS #8), and the certificate that it gives itself.
pub(super) fn make(
    name: &str,
    now: DateTime<Utc>,
    random: &[u8; 32],
) -> Result<(Vec<u8>, Certificate), KeyFault> {
    let key = scalar(random).ok_or(KeyFault::Unreadable)?;
    let certificate = certificate(name, now, random, &key).ok_or(KeyFault::Name)?;
    match key.to_pkcs8_der() {
        Ok(pkcs8) => Ok((pkcs8.as_bytes().to_vec(), certificate)),
        Err(_) => Err(KeyFault::Unreadable),
    }
}

/// One of 2³² random numbers is none of the curve; then the next is tried.
fn scalar(random: &[u8; 32]) -> Option<p256::ecdsa::SigningKey> {
    (0..=u8::MAX).find_map(|attempt| {
        let bytes = hash(&[b"key", &[attempt], random]);
        p256::ecdsa::SigningKey::from_slice(&bytes).ok()
    })
}

fn certificate(
    name: &str,
    now: DateTime<Utc>,
    random: &[u8; 32],
    key: &p256::ecdsa::SigningKey,
) -> Option<Certificate> {
    let spki = key.verifying_key().to_public_key_der().ok()?;
    let spki = SubjectPublicKeyInfoOwned::from_der(spki.as_bytes()).ok()?;
    // Positive, and of the same length each time.
    let mut serial = hash(&[b"serial", random]).get(..16)?.to_vec();
    let first = serial.first_mut()?;
    *first = (*first & 0x7f) | 0x40;
    let serial = SerialNumber::new(&serial).ok()?;
    // Clocks differ.
    let validity = Validity::new(
        time(now - TimeDelta::days(1))?,
        time(now + TimeDelta::days(3_653))?,
    );
    let profile = Demonstration {
        subject: subject(name)?,
    };
    let builder = CertificateBuilder::new(profile, serial, validity, spki).ok()?;
    let made = builder
        .build::<_, p256::ecdsa::DerSignature>(key)
        .ok()?
        .to_der()
        .ok()?;
    Certificate::from_der(&made).ok()
}

struct Demonstration {
    subject: Name,
}

impl BuilderProfile for Demonstration {
    fn get_issuer(&self, subject: &Name) -> Name {
        subject.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        key: SubjectPublicKeyInfoRef<'_>,
        _issuer: SubjectPublicKeyInfoRef<'_>,
        certificate: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        let subject = certificate.subject();
        let mut extensions = Vec::new();
        let identifier = SubjectKeyIdentifier::try_from(key)?;
        extensions.push(identifier.to_extension(subject, &extensions)?);
        let constraints = BasicConstraints {
            ca: false,
            path_len_constraint: None,
        };
        extensions.push(constraints.to_extension(subject, &extensions)?);
        let usage = KeyUsage(KeyUsages::DigitalSignature | KeyUsages::NonRepudiation);
        extensions.push(usage.to_extension(subject, &extensions)?);
        Ok(extensions)
    }
}

fn subject(name: &str) -> Option<Name> {
    let name: String = name.trim().chars().take(LONGEST_NAME).collect();
    if name.is_empty() || name.chars().any(char::is_control) {
        return None;
    }
    let mut sequence = RdnSequence::default();
    for (oid, text) in [(COMMON_NAME, name.as_str()), (UNIT, WARNING)] {
        let value = Any::encode_from(&Utf8StringRef::new(text).ok()?).ok()?;
        let set = SetOfVec::try_from(vec![AttributeTypeAndValue { oid, value }]).ok()?;
        sequence.push(set.into());
    }
    Name::from_der(&sequence.to_der().ok()?).ok()
}

fn time(moment: DateTime<Utc>) -> Option<Time> {
    let seconds = u64::try_from(moment.timestamp()).ok()?;
    let moment = DerDateTime::from_unix_duration(Duration::from_secs(seconds)).ok()?;
    Some(Time::GeneralTime(moment.into()))
}

fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part);
    }
    digest.finalize().into()
}
