//! The signature itself: a `SignedData` of CMS (RFC 5652) as `PAdES` wants it (ETSI EN 319 142-1, level
//! B-B), in the one form that we write.
//!
//! Its signed attributes are the kind of content, the digest of the content and that of the signer's
//! certificate (RFC 5035). When it was signed is not among them: `PAdES` has that in the document.

use der::asn1::{Any, ObjectIdentifier, OctetString, SetOfVec};
use der::{Decode, Encode, Sequence};
use sha2::{Digest, Sha256};
use x509_cert::attr::Attribute;
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::certificate::Certificate;
use crate::key::{KeyFault, SigningKey};

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}
const DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.1");
const SIGNED_DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = oid("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = oid("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.47");
const SHA256: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.1");
const RSA_WITH_SHA256: ObjectIdentifier = oid("1.2.840.113549.1.1.11");
const ECDSA_WITH_SHA256: ObjectIdentifier = oid("1.2.840.10045.4.3.2");

#[derive(Sequence)]
struct ContentInfo {
    content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    content: SignedData,
}

#[derive(Sequence)]
struct SignedData {
    version: u8,
    digest_algorithms: SetOfVec<AlgorithmIdentifierOwned>,
    content: Content,
    #[asn1(
        context_specific = "0",
        tag_mode = "IMPLICIT",
        constructed = "true",
        optional = "true"
    )]
    certificates: Option<SetOfVec<Any>>,
    signers: SetOfVec<Any>,
}

/// The content is not here: it is the document around it.
#[derive(Sequence)]
struct Content {
    content_type: ObjectIdentifier,
}

#[derive(Sequence)]
struct SignerInfo {
    version: u8,
    signer: IssuerAndSerialNumber,
    digest_algorithm: AlgorithmIdentifierOwned,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", constructed = "true")]
    attributes: SetOfVec<Attribute>,
    signature_algorithm: AlgorithmIdentifierOwned,
    signature: OctetString,
}

#[derive(Sequence)]
struct IssuerAndSerialNumber {
    issuer: Any,
    serial_number: Any,
}

#[derive(Sequence)]
struct SigningCertificateV2 {
    certificates: Vec<EssCertificateId>,
}

/// With SHA-256, which goes without saying.
#[derive(Sequence)]
struct EssCertificateId {
    hash: OctetString,
}

/// What a signature says, once read.
pub(crate) struct Signature {
    /// Who signed.
    pub(crate) signer: Certificate,
    /// Who else is named in it, as they stand there.
    others: Vec<Any>,
    /// The digest of what was signed.
    pub(crate) digest: Vec<u8>,
    by_key: Vec<u8>,
}

/// Signs a digest.
pub(crate) fn sign(key: &SigningKey, digest: &[u8]) -> Result<Vec<u8>, KeyFault> {
    let (signer, others) = key.chain().split_first().ok_or(KeyFault::NoCertificate)?;
    let attributes = attributes(signer, digest).and_then(|all| all.to_der());
    let Ok(attributes) = attributes else {
        return Err(KeyFault::Unreadable);
    };
    let signature = key.sign_for_cms(&attributes)?;
    let others: Result<Vec<_>, _> = others.iter().map(|one| Any::from_der(one.der())).collect();
    let made = others.and_then(|others| {
        write(&Signature {
            signer: signer.clone(),
            others,
            digest: digest.to_vec(),
            by_key: signature,
        })
    });
    match made {
        Ok(made) => Ok(made),
        Err(_) => Err(KeyFault::Unreadable),
    }
}

/// Reads a signature; nothing where it is none, or is written in a way that is not ours to read.
pub(crate) fn read(der: &[u8]) -> Option<Signature> {
    let info = ContentInfo::from_der(der).ok()?;
    if info.content_type != SIGNED_DATA {
        return None;
    }
    let [signer_info] = info.content.signers.as_slice() else {
        return None;
    };
    let signer_info: SignerInfo = signer_info.decode_as().ok()?;
    let mut signer = None;
    let mut others = Vec::new();
    for any in info.content.certificates?.into_vec() {
        let read = any
            .to_der()
            .ok()
            .and_then(|der| Certificate::from_der(&der).ok());
        match read {
            Some(one) if signer.is_none() && signer_info.signer.names(&one) => signer = Some(one),
            _ => others.push(any),
        }
    }
    let attribute = signer_info
        .attributes
        .iter()
        .find(|attribute| attribute.oid == MESSAGE_DIGEST)?;
    let digest: OctetString = attribute.values.get(0)?.decode_as().ok()?;
    Some(Signature {
        signer: signer?,
        others,
        digest: digest.as_bytes().to_vec(),
        by_key: signer_info.signature.as_bytes().to_vec(),
    })
}

impl Signature {
    /// Whether it is the signature of the signer, and these bytes are all that it says: there is one
    /// way of writing it, and whatever else stands in them was put there by another.
    pub(crate) fn is_good(&self, der: &[u8]) -> bool {
        let Ok(key) = self.signer.public_key() else {
            return false;
        };
        let Ok(signed) = attributes(&self.signer, &self.digest).and_then(|all| all.to_der()) else {
            return false;
        };
        key.accepts_in_cms(&signed, &self.by_key) && write(self).is_ok_and(|written| written == der)
    }
}

impl IssuerAndSerialNumber {
    fn of(certificate: &Certificate) -> der::Result<Self> {
        let certificate = certificate.parsed().tbs_certificate();
        Ok(Self {
            issuer: Any::from_der(&certificate.issuer().to_der()?)?,
            serial_number: Any::from_der(&certificate.serial_number().to_der()?)?,
        })
    }

    fn names(&self, certificate: &Certificate) -> bool {
        Self::of(certificate).is_ok_and(|other| {
            other.issuer == self.issuer && other.serial_number == self.serial_number
        })
    }
}

fn write(signature: &Signature) -> der::Result<Vec<u8>> {
    let digest_algorithm = AlgorithmIdentifierOwned {
        oid: SHA256,
        parameters: None,
    };
    let is_rsa = signature.signer.public_key().is_ok_and(|key| key.is_rsa());
    let signer_info = SignerInfo {
        version: 1,
        signer: IssuerAndSerialNumber::of(&signature.signer)?,
        digest_algorithm: digest_algorithm.clone(),
        attributes: attributes(&signature.signer, &signature.digest)?,
        signature_algorithm: AlgorithmIdentifierOwned {
            oid: if is_rsa {
                RSA_WITH_SHA256
            } else {
                ECDSA_WITH_SHA256
            },
            parameters: is_rsa.then(Any::null),
        },
        signature: OctetString::new(signature.by_key.as_slice())?,
    };
    let mut certificates = vec![Any::from_der(signature.signer.der())?];
    certificates.extend(signature.others.iter().cloned());
    ContentInfo {
        content_type: SIGNED_DATA,
        content: SignedData {
            version: 1,
            digest_algorithms: SetOfVec::try_from(vec![digest_algorithm])?,
            content: Content { content_type: DATA },
            certificates: Some(SetOfVec::try_from(certificates)?),
            signers: SetOfVec::try_from(vec![Any::encode_from(&signer_info)?])?,
        },
    }
    .to_der()
}

/// What is signed: the kind of the content, its digest, and which certificate goes with the signature.
fn attributes(signer: &Certificate, digest: &[u8]) -> der::Result<SetOfVec<Attribute>> {
    let certificate = SigningCertificateV2 {
        certificates: vec![EssCertificateId {
            hash: OctetString::new(Sha256::digest(signer.der()).to_vec())?,
        }],
    };
    let values = [
        (CONTENT_TYPE, Any::from(DATA)),
        (
            MESSAGE_DIGEST,
            Any::encode_from(&OctetString::new(digest)?)?,
        ),
        (SIGNING_CERTIFICATE_V2, Any::encode_from(&certificate)?),
    ];
    let mut attributes = SetOfVec::new();
    for (oid, value) in values {
        attributes.insert(Attribute {
            oid,
            values: SetOfVec::try_from(vec![value])?,
        })?;
    }
    Ok(attributes)
}
