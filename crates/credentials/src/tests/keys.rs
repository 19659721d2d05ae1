//! Keys come from files that people make, and say what is wrong with them.

use der::pem;

use super::samples::{P256, RSA, demo, key, now};
use crate::{Certificate, KeyFault, NotAPublicKey, PublicKey, SigningKey, jwks};

const RSA_P12: &[u8] = include_bytes!("../../tests/keys/rsa.p12");
const LEGACY_P12: &[u8] = include_bytes!("../../tests/keys/p256-legacy.p12");
const NO_MAC_P12: &[u8] = include_bytes!("../../tests/keys/rsa-nomac.p12");
const ED25519: &str = include_str!("../../tests/keys/ed25519.pem");

fn fault(pem: &str) -> KeyFault {
    SigningKey::from_pem(pem, now()).unwrap_err()
}

#[test]
fn a_key_comes_with_those_who_vouch_for_it() {
    for (pem, algorithm) in [(RSA, "RS256"), (P256, "ES256")] {
        let key = key(pem);
        let subjects: Vec<_> = key.chain().iter().map(Certificate::subject).collect();
        assert_eq!(subjects.len(), 2);
        assert!(
            subjects[0].contains("Example University Seal"),
            "{subjects:?}"
        );
        assert!(subjects[1].contains("Example Authority"), "{subjects:?}");
        assert_eq!(key.public_key().algorithm(), algorithm);
        assert_eq!(
            SigningKey::from_pem(&key.to_pem(), now()).unwrap().chain(),
            key.chain()
        );
    }
}

#[test]
fn the_order_of_a_pem_file_does_not_matter() {
    let parts: Vec<_> = RSA.split_inclusive("-----\n").collect();
    // Begin and end of a block each; the last block first.
    let mut pairs: Vec<String> = parts.chunks(2).map(<[&str]>::concat).collect();
    pairs.reverse();
    let other = key(&pairs.concat());
    assert_eq!(other.chain(), key(RSA).chain());
}

#[test]
fn a_key_comes_as_pkcs12() {
    let modern = SigningKey::from_pkcs12(RSA_P12, "example", now()).unwrap();
    assert_eq!(modern.kid(), key(RSA).kid());
    assert_eq!(modern.chain(), key(RSA).chain());
    let legacy = SigningKey::from_pkcs12(LEGACY_P12, "example", now()).unwrap();
    assert_eq!(legacy.chain(), key(P256).chain());
    let without_mac = SigningKey::from_pkcs12(NO_MAC_P12, "例子", now()).unwrap();
    assert_eq!(without_mac.kid(), key(RSA).kid());
}

#[test]
fn what_is_wrong_with_a_pkcs12_file_is_said() {
    for (file, wrong) in [(RSA_P12, "Example"), (LEGACY_P12, ""), (NO_MAC_P12, "例")] {
        let fault = SigningKey::from_pkcs12(file, wrong, now()).unwrap_err();
        assert_eq!(fault, KeyFault::WrongPassword);
    }
    let mut longer = RSA_P12.to_vec();
    longer.extend(b"garbage");
    for file in [&longer, &RSA_P12[..100], b"", RSA.as_bytes()] {
        let fault = SigningKey::from_pkcs12(file, "example", now()).unwrap_err();
        assert!(matches!(fault, KeyFault::Container(_)), "{fault}");
    }
}

#[test]
fn what_is_wrong_with_a_pem_file_is_said() {
    let mismatched = fault(include_str!("../../tests/keys/mismatched.pem"));
    assert!(
        matches!(&mismatched, KeyFault::DoesNotFit(name) if name.contains("p256")),
        "{mismatched}"
    );
    assert_eq!(
        fault(include_str!("../../tests/keys/small.pem")),
        KeyFault::Size
    );
    assert_eq!(
        fault(include_str!("../../tests/keys/p384.pem")),
        KeyFault::Unsupported
    );
    assert_eq!(
        fault(include_str!("../../tests/keys/rsa-only.pem")),
        KeyFault::NoKey
    );
    assert_eq!(fault(""), KeyFault::NoKey);
    let short = fault(include_str!("../../tests/keys/short.pem"));
    assert!(
        short
            .to_string()
            .starts_with("the certificate was good until 2026-12-01T"),
        "{short}"
    );
    let early = SigningKey::from_pem(RSA, "2020-01-01T00:00:00Z".parse().unwrap()).unwrap_err();
    assert!(matches!(early, KeyFault::NotYet(_)), "{early}");
    let traditional = fault(include_str!("../../tests/keys/rsa-traditional.pem"));
    assert!(
        traditional.to_string().contains("`RSA PRIVATE KEY`"),
        "{traditional}"
    );
    let lines = RSA.lines().count();
    assert_eq!(
        fault(&format!("{RSA}garbage\n")),
        KeyFault::Garbage { line: lines + 1 }
    );
    let cut: String = RSA.lines().take(lines - 1).collect::<Vec<_>>().join("\n");
    assert!(matches!(fault(&cut), KeyFault::Block { .. }));
    assert_eq!(fault(&format!("{RSA}{P256}")), KeyFault::SeveralKeys(2));
    let bare: String = P256
        .split_inclusive("-----END PRIVATE KEY-----\n")
        .take(1)
        .collect();
    assert_eq!(fault(&bare), KeyFault::NoCertificate);
}

#[test]
fn a_key_for_badges_needs_no_certificate() {
    let key = SigningKey::from_pem(ED25519, now()).unwrap();
    assert_eq!(key.certificate(), None);
    assert_eq!(key.public_key().algorithm(), "EdDSA");
    assert!(!key.signs_documents());
    assert!(demo().signs_documents());
    let made = SigningKey::ed25519(&[1; 32]).unwrap();
    let again = SigningKey::from_pem(&made.to_pem(), now()).unwrap();
    assert_eq!(again.kid(), made.kid());
}

#[test]
fn a_self_signed_key_says_so() {
    let key = demo();
    let certificate = key.certificate().unwrap();
    assert_eq!(
        certificate.subject(),
        "OU=Self-signed demonstration\\, proves nothing,CN=Example University"
    );
    assert_eq!(certificate.subject(), certificate.issuer());
    assert!(certificate.not_before() < now());
    // The same of the same, another of another.
    assert_eq!(demo().to_pem(), key.to_pem());
    let other = SigningKey::self_signed("Example University", now(), &[8; 32]).unwrap();
    assert_ne!(other.kid(), key.kid());
    // Far behind what two digits of a year can say.
    let late = "2045-01-01T00:00:00Z".parse().unwrap();
    let late = SigningKey::self_signed(&"长".repeat(100), late, &[9; 32]).unwrap();
    let until = late.certificate().unwrap().not_after();
    assert_eq!(until.to_rfc3339(), "2055-01-02T00:00:00+00:00");
    assert_eq!(
        SigningKey::self_signed(" ", now(), &[9; 32]).unwrap_err(),
        KeyFault::Name
    );
}

#[test]
fn a_key_is_named_by_its_thumbprint() {
    // The example of RFC 8037, A.3.
    let key = PublicKey::ed25519(&[
        0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07,
        0x3a, 0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07,
        0x51, 0x1a,
    ])
    .unwrap();
    assert_eq!(key.kid(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

#[test]
fn a_key_that_was_in_use_is_read_from_what_everybody_may_see() {
    let key = demo();
    let block = |label, der: &[u8]| pem::encode_string(label, pem::LineEnding::LF, der).unwrap();
    let certificate = block("CERTIFICATE", key.certificate().unwrap().der());
    let public = block("PUBLIC KEY", &key.public_key().to_der());
    for text in [
        certificate.clone(),
        public.clone(),
        format!("subject=CN = Example\r\n{certificate}{certificate}"),
        public.trim_end().to_owned(),
    ] {
        assert_eq!(
            &PublicKey::from_pem(&text).unwrap(),
            key.public_key(),
            "{text}"
        );
    }
    assert_eq!(
        PublicKey::from_pem(&key.to_pem()),
        Err(NotAPublicKey::Private)
    );
    let cut = certificate.get(..200).unwrap().to_owned();
    for text in ["", "-----BEGIN ", "-----END CERTIFICATE-----", cut.as_str()] {
        assert_eq!(
            PublicKey::from_pem(text),
            Err(NotAPublicKey::NotPem),
            "{text}"
        );
    }
}

#[test]
fn a_set_of_keys_holds_nothing_secret() {
    let keys = [key(RSA), demo(), SigningKey::ed25519(&[1; 32]).unwrap()];
    let set = jwks(keys.iter().map(SigningKey::public_key));
    for (key, jwk) in keys.iter().zip(set["keys"].as_array().unwrap()) {
        assert_eq!(jwk["kid"], key.kid());
        assert_eq!(jwk["alg"], key.public_key().algorithm());
        for secret in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            assert!(jwk.get(secret).is_none());
        }
        let read = PublicKey::from_der(&key.public_key().to_der()).unwrap();
        assert_eq!(&read, key.public_key());
        assert!(!format!("{key:?}").contains("secret"));
    }
}
