//! Signed JSON in one line (JWS, RFC 7515, compact).

use data_encoding::BASE64URL_NOPAD as BASE64URL;
use serde_json::{Value, json};

use crate::key::{KeyFault, SigningKey};
use crate::public_key::PublicKey;

/// The longest token that is read, in bytes.
const LONGEST: usize = 24 * 1024 * 1024;

/// Why a token is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JwsFault {
    /// Not three parts, or not what belongs in them.
    #[error("is not a signed token (JWS, compact)")]
    Malformed,
    /// Signed by a key that is not ours.
    #[error("is signed by a key that is not known here")]
    UnknownKey,
    /// Signed in another way than the key signs.
    #[error("names an algorithm that is not that of its key")]
    Algorithm,
    /// Changed, or signed by another.
    #[error("has a signature that does not fit: it was changed, or signed by another")]
    Signature,
}

/// Signs some JSON. The head names the key, by which it is found in a set of keys, and has the key
/// itself, as Open Badges want it where the name is no address.
pub(crate) fn sign(key: &SigningKey, payload: &Value) -> Result<String, KeyFault> {
    let public = key.public_key();
    let head = json!({
        "alg": public.algorithm(),
        "typ": "JWT",
        "kid": public.kid(),
        "jwk": public.jwk(),
    });
    let part = |value: &Value| BASE64URL.encode(value.to_string().as_bytes());
    let signed = format!("{}.{}", part(&head), part(payload));
    let signature = key.sign_for_jws(signed.as_bytes())?;
    Ok(format!("{signed}.{}", BASE64URL.encode(&signature)))
}

/// The JSON that one of these keys signed, and which. The key that comes with a token is not looked at.
pub(crate) fn verify<'a>(
    token: &str,
    keys: &'a [PublicKey],
) -> Result<(Value, &'a PublicKey), JwsFault> {
    if token.len() > LONGEST {
        return Err(JwsFault::Malformed);
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(JwsFault::Malformed)?;
    let (head, payload) = signed.split_once('.').ok_or(JwsFault::Malformed)?;
    let head = json(head)?;
    let kid = head.get("kid").and_then(Value::as_str);
    // Nobody has asked us to understand more than we do.
    if head.get("crit").is_some() {
        return Err(JwsFault::Malformed);
    }
    let key = keys
        .iter()
        .find(|key| Some(key.kid().as_str()) == kid)
        .ok_or(JwsFault::UnknownKey)?;
    if head.get("alg").and_then(Value::as_str) != Some(key.algorithm()) {
        return Err(JwsFault::Algorithm);
    }
    let Ok(signature) = BASE64URL.decode(signature.as_bytes()) else {
        return Err(JwsFault::Malformed);
    };
    if !key.accepts_in_jws(signed.as_bytes(), &signature) {
        return Err(JwsFault::Signature);
    }
    Ok((json(payload)?, key))
}

fn json(part: &str) -> Result<Value, JwsFault> {
    let bytes = BASE64URL.decode(part.as_bytes()).ok();
    let value = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    value.filter(Value::is_object).ok_or(JwsFault::Malformed)
}
