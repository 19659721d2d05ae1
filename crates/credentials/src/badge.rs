//! Badges: what somebody was awarded, in a form that wallets keep and anybody verifies (Open Badges 3.0,
//! as a JWT of the W3C's Verifiable Credentials 2.0).

use chrono::{DateTime, SecondsFormat, Utc};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::jws::{self, JwsFault};
use crate::key::{KeyFault, SigningKey};
use crate::public_key::PublicKey;

pub(crate) const CREDENTIALS: &str = "https://www.w3.org/ns/credentials/v2";
const BADGES: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";

/// A badge, before it is signed. Whatever is called an id is an address, or a name such as
/// `urn:uuid:…`, which stays the same for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    /// Its id: best where it can be fetched.
    pub id: String,
    /// Who awards it.
    pub issuer: Issuer,
    /// Who has it.
    pub recipient: Recipient,
    /// What for.
    pub achievement: Achievement,
    /// From when it is good.
    pub valid_from: DateTime<Utc>,
    /// Until when it is good, where that is limited.
    pub valid_until: Option<DateTime<Utc>>,
    /// Where it is said when it is revoked, where that is said.
    pub status: Option<BadgeStatus>,
}

/// Who awards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// The id of it.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Its page.
    pub url: Option<String>,
    /// Its address for questions.
    pub email: Option<String>,
}

/// Who was awarded. The badge does not say: it lets whoever knows the address of mail check it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The id of them, which says nothing of them.
    pub id: String,
    /// Their address of mail, where known. It goes into the badge as a hash.
    pub email: Option<String>,
    /// What makes the hash another for each badge: random, kept nowhere else.
    pub salt: String,
}

/// What somebody is awarded a badge for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Achievement {
    /// The id of it, the same for all who have it.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub description: String,
    /// What one has to do for it, in words (Markdown).
    pub criteria: String,
    /// The address of a picture.
    pub image: Option<String>,
}

/// Where it is said whether a badge is revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadgeStatus {
    /// The address of the status list.
    pub list: String,
    /// Which entry of the list is the badge's.
    pub index: usize,
}

/// A badge that was signed by one of our keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedBadge {
    /// Its id.
    pub id: String,
    /// The name of the key that signed it.
    pub kid: String,
    /// Where it is said whether it is revoked: still to be looked up.
    pub status: Option<BadgeStatus>,
    /// All that it says.
    pub credential: Value,
}

/// Why a badge is not good.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadgeFault {
    /// The token is not to be believed.
    #[error(transparent)]
    Token(#[from] JwsFault),
    /// Signed by us, and something else.
    #[error("is signed, and is not a badge")]
    NotABadge,
    /// Not good yet.
    #[error("is not good before {}", .0.to_rfc3339_opts(SecondsFormat::Secs, true))]
    NotYet(DateTime<Utc>),
    /// Not good any more.
    #[error("was good until {}", .0.to_rfc3339_opts(SecondsFormat::Secs, true))]
    Expired(DateTime<Utc>),
}

impl Badge {
    /// Signs it. What comes out is the badge: one line, to be kept and handed on by whoever has it.
    pub fn issue(&self, key: &SigningKey) -> Result<String, KeyFault> {
        jws::sign(key, &self.credential())
    }

    /// What the badge says.
    pub fn credential(&self) -> Value {
        let mut achievement = json!({
            "id": self.achievement.id,
            "type": ["Achievement"],
            "name": self.achievement.name,
            "description": self.achievement.description,
            "criteria": { "narrative": self.achievement.criteria },
        });
        let image = self.achievement.image.as_ref();
        put(
            &mut achievement,
            "image",
            image.map(|id| json!({ "id": id, "type": "Image" })),
        );
        let mut subject = json!({
            "id": self.recipient.id,
            "type": ["AchievementSubject"],
            "achievement": achievement,
        });
        let identity = self.recipient.email.as_ref().map(|email| {
            json!([{
                "type": "IdentityObject",
                "hashed": true,
                "identityHash": identity(email, &self.recipient.salt),
                "identityType": "emailAddress",
                "salt": self.recipient.salt,
            }])
        });
        put(&mut subject, "identifier", identity);
        let mut credential = json!({
            "@context": [CREDENTIALS, BADGES],
            "id": self.id,
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": self.achievement.name,
            "issuer": self.issuer.profile(),
            "credentialSubject": subject,
        });
        let status = self.status.as_ref().map(|status| {
            json!({
                "id": format!("{}#{}", status.list, status.index),
                "type": "BitstringStatusListEntry",
                "statusPurpose": "revocation",
                "statusListIndex": status.index.to_string(),
                "statusListCredential": status.list,
            })
        });
        put(&mut credential, "credentialStatus", status);
        let term = Term {
            from: self.valid_from,
            until: self.valid_until,
        };
        term.put(&mut credential);
        registered(
            &mut credential,
            &self.issuer.id,
            &self.id,
            &self.recipient.id,
        );
        credential
    }
}

impl Issuer {
    pub(crate) fn profile(&self) -> Value {
        let mut profile = json!({ "id": self.id, "type": ["Profile"], "name": self.name });
        put(&mut profile, "url", self.url.clone().map(Value::from));
        put(&mut profile, "email", self.email.clone().map(Value::from));
        profile
    }
}

impl VerifiedBadge {
    /// Whether it was awarded to whoever has an address of mail.
    pub fn is_of(&self, email: &str) -> bool {
        let identities = self.credential.pointer("/credentialSubject/identifier");
        let identities = identities.and_then(Value::as_array);
        identities.into_iter().flatten().any(|one| {
            let text = |key| one.get(key).and_then(Value::as_str);
            text("salt").is_some_and(|salt| text("identityHash") == Some(&identity(email, salt)))
        })
    }
}

/// Reads a badge that one of these keys signed, where it is good at a moment. Whether it is revoked
/// is in its status list.
pub fn verify_badge(
    token: &str,
    keys: &[PublicKey],
    now: DateTime<Utc>,
) -> Result<VerifiedBadge, BadgeFault> {
    let (credential, key) = jws::verify(token, keys)?;
    if !is_a(&credential, "OpenBadgeCredential") {
        return Err(BadgeFault::NotABadge);
    }
    let text = |pointer| credential.pointer(pointer).and_then(Value::as_str);
    let id = text("/id").ok_or(BadgeFault::NotABadge)?.to_owned();
    let term = Term::of(&credential).ok_or(BadgeFault::NotABadge)?;
    if now < term.from {
        return Err(BadgeFault::NotYet(term.from));
    }
    if let Some(until) = term.until.filter(|until| now > *until) {
        return Err(BadgeFault::Expired(until));
    }
    let mut status = None;
    if credential.get("credentialStatus").is_some() {
        let list = text("/credentialStatus/statusListCredential");
        let index = text("/credentialStatus/statusListIndex");
        let index = index.and_then(|index| index.parse().ok());
        let (Some(list), Some(index)) = (list, index) else {
            return Err(BadgeFault::NotABadge);
        };
        status = Some(BadgeStatus {
            list: list.to_owned(),
            index,
        });
    }
    Ok(VerifiedBadge {
        id,
        kid: key.kid(),
        status,
        credential,
    })
}

/// The hash of an address of mail. Addresses are the same however they are written: they are hashed
/// in small letters.
fn identity(email: &str, salt: &str) -> String {
    let hash = Sha256::digest(format!("{}{salt}", email.trim().to_lowercase()));
    format!("sha256${}", HEXLOWER.encode(&hash))
}

/// From when until when a credential is good, in whole seconds.
pub(crate) struct Term {
    pub(crate) from: DateTime<Utc>,
    pub(crate) until: Option<DateTime<Utc>>,
}

impl Term {
    /// In the words of credentials, and in those of tokens.
    pub(crate) fn put(&self, credential: &mut Value) {
        let text = |moment: DateTime<Utc>| moment.to_rfc3339_opts(SecondsFormat::Secs, true);
        put(credential, "validFrom", Some(text(self.from).into()));
        put(credential, "nbf", Some(self.from.timestamp().into()));
        put(
            credential,
            "validUntil",
            self.until.map(|until| text(until).into()),
        );
        put(
            credential,
            "exp",
            self.until.map(|until| until.timestamp().into()),
        );
    }

    fn of(credential: &Value) -> Option<Self> {
        let moment = |key| {
            let text = credential.get(key)?.as_str()?;
            Some(DateTime::parse_from_rfc3339(text).ok()?.to_utc())
        };
        let until = moment("validUntil");
        if until.is_none() && credential.get("validUntil").is_some() {
            return None;
        }
        Some(Self {
            from: moment("validFrom")?,
            until,
        })
    }
}

/// What a token repeats of the credential that it is.
pub(crate) fn registered(credential: &mut Value, issuer: &str, id: &str, subject: &str) {
    for (key, value) in [("iss", issuer), ("jti", id), ("sub", subject)] {
        put(credential, key, Some(value.into()));
    }
}

pub(crate) fn is_a(credential: &Value, kind: &str) -> bool {
    let kinds = credential.get("type").and_then(Value::as_array);
    kinds.is_some_and(|kinds| kinds.iter().any(|one| one == kind))
}

fn put(object: &mut Value, key: &str, value: Option<Value>) {
    if let (Some(members), Some(value)) = (object.as_object_mut(), value) {
        members.insert(key.to_owned(), value);
    }
}
