//! A badge is verified, and one that somebody touched is not.

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD as BASE64URL;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::samples::{RSA, demo, key, now};
use crate::{
    Achievement, Badge, BadgeFault, BadgeStatus, Issuer, JwsFault, PublicKey, Recipient,
    SMALLEST_STATUS_LIST, SigningKey, StatusList, StatusListFault, verify_badge,
};

const LIST: &str = "https://events.example.org/status/1";

fn issuer() -> Issuer {
    Issuer {
        id: "https://events.example.org/issuers/1".to_owned(),
        name: "Example University".to_owned(),
        url: Some("https://www.example.org".to_owned()),
        email: None,
    }
}

fn badge() -> Badge {
    Badge {
        id: "https://events.example.org/badges/1".to_owned(),
        issuer: issuer(),
        recipient: Recipient {
            id: "urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057".to_owned(),
            email: Some("Ann@example.org".to_owned()),
            salt: "pepper".to_owned(),
        },
        achievement: Achievement {
            id: "https://events.example.org/achievements/1".to_owned(),
            name: "Speaker".to_owned(),
            description: "Spoke at the Example Forum".to_owned(),
            criteria: "Whoever gave a talk.".to_owned(),
            image: Some("https://events.example.org/badge.png".to_owned()),
        },
        valid_from: now(),
        valid_until: Some(now() + TimeDelta::days(365)),
        status: Some(BadgeStatus {
            list: LIST.to_owned(),
            index: 94_567,
        }),
    }
}

fn keys() -> Vec<SigningKey> {
    vec![key(RSA), demo(), SigningKey::ed25519(&[1; 32]).unwrap()]
}

fn public(keys: &[SigningKey]) -> Vec<PublicKey> {
    keys.iter().map(|key| key.public_key().clone()).collect()
}

fn later() -> DateTime<Utc> {
    now() + TimeDelta::hours(1)
}

#[test]
fn a_badge_is_verified() {
    let keys = keys();
    for key in &keys {
        let token = badge().issue(key).unwrap();
        assert_eq!(badge().issue(key).unwrap(), token);
        let read = verify_badge(&token, &public(&keys), later()).unwrap();
        assert_eq!(read.id, badge().id);
        assert_eq!(read.kid, key.kid());
        assert_eq!(read.status, badge().status);
        assert!(read.is_of("ann@example.org") && !read.is_of("bob@example.org"));
        assert!(!read.credential.to_string().to_lowercase().contains("ann@"));
        let head = token.split('.').next().unwrap();
        let head: Value =
            serde_json::from_slice(&BASE64URL.decode(head.as_bytes()).unwrap()).unwrap();
        assert_eq!(head["kid"], key.kid());
        assert_eq!(head["jwk"], key.public_key().jwk());
    }
}

#[test]
fn a_badge_says_what_open_badges_want() {
    let expected = json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "https://events.example.org/badges/1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Speaker",
        "issuer": {
            "id": "https://events.example.org/issuers/1",
            "type": ["Profile"],
            "name": "Example University",
            "url": "https://www.example.org",
        },
        "credentialSubject": {
            "id": "urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057",
            "type": ["AchievementSubject"],
            "identifier": [{
                "type": "IdentityObject",
                "hashed": true,
                // printf 'ann@example.orgpepper' | sha256sum
                "identityHash": "sha256$22bb0f0c8dd8d92704f1222e84f39148dd007e0d50b97d6a2d187982e4b6d13b",
                "identityType": "emailAddress",
                "salt": "pepper",
            }],
            "achievement": {
                "id": "https://events.example.org/achievements/1",
                "type": ["Achievement"],
                "name": "Speaker",
                "description": "Spoke at the Example Forum",
                "criteria": { "narrative": "Whoever gave a talk." },
                "image": { "id": "https://events.example.org/badge.png", "type": "Image" },
            },
        },
        "validFrom": "2027-03-01T09:30:00Z",
        "validUntil": "2028-02-29T09:30:00Z",
        "credentialStatus": {
            "id": "https://events.example.org/status/1#94567",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "94567",
            "statusListCredential": "https://events.example.org/status/1",
        },
        "iss": "https://events.example.org/issuers/1",
        "jti": "https://events.example.org/badges/1",
        "sub": "urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057",
        "nbf": 1_803_893_400,
        "exp": 1_835_429_400,
    });
    assert_eq!(badge().credential(), expected);
}

#[test]
fn what_is_not_good_is_said() {
    let keys = keys();
    let all = public(&keys);
    let token = badge().issue(&keys[0]).unwrap();
    let early = now() - TimeDelta::seconds(1);
    assert_eq!(
        verify_badge(&token, &all, early),
        Err(BadgeFault::NotYet(now()))
    );
    let until = badge().valid_until.unwrap();
    let late = until + TimeDelta::seconds(1);
    assert_eq!(
        verify_badge(&token, &all, late),
        Err(BadgeFault::Expired(until))
    );
    let unknown = verify_badge(&token, &all[1..], later());
    assert_eq!(unknown, Err(JwsFault::UnknownKey.into()));
    let list = StatusList::new(0).unwrap();
    let list = list.issue(LIST, &issuer(), now(), &keys[0]).unwrap();
    assert_eq!(
        verify_badge(&list, &all, later()),
        Err(BadgeFault::NotABadge)
    );
    // Somebody says that it need not be signed, or in another way.
    let [_, payload, signature]: [&str; 3] =
        token.split('.').collect::<Vec<_>>().try_into().unwrap();
    for alg in ["none", "HS256", "EdDSA"] {
        let head = json!({ "alg": alg, "kid": keys[0].kid() }).to_string();
        let forged = format!(
            "{}.{payload}.{signature}",
            BASE64URL.encode(head.as_bytes())
        );
        assert_eq!(
            verify_badge(&forged, &all, later()),
            Err(JwsFault::Algorithm.into())
        );
    }
    // Somebody brings a key of their own.
    let stranger = SigningKey::ed25519(&[2; 32]).unwrap();
    let forged = badge().issue(&stranger).unwrap();
    assert_eq!(
        verify_badge(&forged, &all, later()),
        Err(JwsFault::UnknownKey.into())
    );
    for nothing in ["", ".", "..", "a.b.c", "e30.e30.", "e30.e30.e30.e30"] {
        let fault = verify_badge(nothing, &all, later()).unwrap_err();
        assert!(matches!(fault, BadgeFault::Token(_)), "{nothing}: {fault}");
    }
}

#[test]
fn every_character_of_a_badge_counts() {
    let keys = keys();
    let all = public(&keys);
    for key in &keys {
        let token = badge().issue(key).unwrap();
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(verify_badge(&changed, &all, later()).is_err(), "{at}");
        }
    }
}

#[test]
fn a_status_list_tells_what_is_revoked() {
    let keys = keys();
    let list = StatusList::of(10, [0, 94_567]).unwrap();
    assert_eq!(list.entries(), SMALLEST_STATUS_LIST);
    let token = list.issue(LIST, &issuer(), now(), &keys[2]).unwrap();
    assert!(token.len() < 2_000, "{}", token.len());
    let read = StatusList::read(&token, &public(&keys)).unwrap();
    assert_eq!(read, list);
    assert_eq!(read.is_revoked(94_567), Ok(true));
    assert_eq!(read.is_revoked(94_568), Ok(false));
    assert_eq!(
        read.is_revoked(SMALLEST_STATUS_LIST),
        Err(StatusListFault::NoEntry(SMALLEST_STATUS_LIST))
    );
    let payload = token.split('.').nth(1).unwrap();
    let payload: Value =
        serde_json::from_slice(&BASE64URL.decode(payload.as_bytes()).unwrap()).unwrap();
    assert_eq!(payload["type"][1], "BitstringStatusListCredential");
    assert_eq!(payload["credentialSubject"]["type"], "BitstringStatusList");
    let badge = badge().issue(&keys[0]).unwrap();
    let fault = StatusList::read(&badge, &public(&keys));
    assert_eq!(fault, Err(StatusListFault::NotAStatusList));
    assert_eq!(StatusList::new(usize::MAX), Err(StatusListFault::TooLong));
}

proptest! {
    #[test]
    fn a_status_list_holds_what_was_put_in(
        revoked in prop::collection::btree_set(0..200_000_usize, 0..50)
    ) {
        let keys = [SigningKey::ed25519(&[3; 32]).unwrap()];
        let list = StatusList::of(200_000, revoked.iter().copied()).unwrap();
        let token = list.issue(LIST, &issuer(), now(), &keys[0]).unwrap();
        let read = StatusList::read(&token, &public(&keys)).unwrap();
        let found: std::collections::BTreeSet<_> =
            (0..read.entries()).filter(|index| read.is_revoked(*index) == Ok(true)).collect();
        prop_assert_eq!(found, revoked);
    }

    #[test]
    fn no_token_is_too_strange(token in "[A-Za-z0-9_.-]{0,200}", head in "(e30|eyJhbGciOiJub25lIn0)?") {
        let all = public(&keys());
        let token = format!("{head}{token}");
        prop_assert!(verify_badge(&token, &all, now()).is_err());
        prop_assert!(StatusList::read(&token, &all).is_err());
    }
}
