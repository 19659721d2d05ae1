//! Mail that another program hands over: `POST /mail/inbound`, raw, signed with a secret that both know.
//!
//! The body is the mail as it came (`message/rfc822`), `Convoke-Recipient` the address that it was
//! delivered to, `Convoke-Sender` the address that sent it, by the envelope (`<>` or empty: nobody who
//! could be answered). `Convoke-Signature: t=SECONDS,v1=HEX` proves it: an HMAC-SHA-256 over SECONDS, a
//! dot, the recipient, a line feed, the sender, a line feed, and the body. What is signed with another
//! secret while one is being replaced may stand beside it as a further `v1`.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER_PERMISSIVE;
use hmac::{Hmac, KeyInit as _, Mac as _};
use poem::error::ReadBodyError;
use poem::http::header::{self, HeaderMap};
use poem::http::{Method, StatusCode};
use poem::{Endpoint, Request, Response, Result};
use serde_json::json;
use sha2::Sha256;

use super::{Host, Service};

/// How far the moment of a signature may be from now, in seconds.
const TOLERANCE: u64 = 300;
/// The largest mail that is taken, in bytes.
const MOST_BYTES: usize = 10 * 1024 * 1024;
/// How long one may take to come in.
const WITHIN: Duration = Duration::from_mins(1);
/// How many proofs of a signature are looked at.
const PROOFS: usize = 4;

/// What mail that is handed over is signed with.
#[derive(Clone)]
pub struct InboundSecret(Arc<str>);

/// Why a text is no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is shorter than 32 characters")]
pub struct InboundSecretRefused;

impl std::str::FromStr for InboundSecret {
    type Err = InboundSecretRefused;

    fn from_str(text: &str) -> Result<Self, InboundSecretRefused> {
        let text = text.trim();
        let is_long = text.len() >= 32;
        is_long
            .then(|| Self(text.into()))
            .ok_or(InboundSecretRefused)
    }
}

impl std::fmt::Debug for InboundSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Nobody wants it in a log.
        f.write_str("InboundSecret(…)")
    }
}

/// What it takes to be let in.
#[derive(Debug, Clone)]
pub struct Gate {
    /// What mail is signed with.
    pub secret: InboundSecret,
    /// What time it is.
    pub now: DateTime<Utc>,
}

/// A mail that was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedMail {
    /// Whom it was delivered to.
    pub recipient: String,
    /// Who sent it, by the envelope: nothing, if that was not said; empty, if nobody.
    pub sender: Option<String>,
    /// All of it.
    pub mail: Vec<u8>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenMail {
    /// Its id.
    pub id: String,
    /// What it is.
    pub kind: String,
    /// What became of it.
    pub outcome: String,
}

/// Why it could not be taken now. For the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotTaken(pub Cow<'static, str>);

/// The endpoint at `/mail/inbound`.
pub(super) struct Inbound<E, H> {
    service: Arc<Service<E, H>>,
}

impl<E, H> Inbound<E, H> {
    pub(super) fn new(service: Arc<Service<E, H>>) -> Self {
        Self { service }
    }
}

impl<E: Send + Sync, H: Host> Endpoint for Inbound<E, H> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let Some(gate) = self.service.host.inbound() else {
            // As of any other address at which there is nothing.
            return Err(poem::error::NotFoundError.into());
        };
        if request.method() != Method::POST {
            let mut response = refusal(
                StatusCode::METHOD_NOT_ALLOWED,
                "mail is handed over by POST",
            );
            let allow = header::HeaderValue::from_static("POST");
            response.headers_mut().insert(header::ALLOW, allow);
            return Ok(response);
        }
        let signed = match Signed::of(request.headers()) {
            Ok(signed) => signed,
            Err((status, said)) => return Ok(refusal(status, said)),
        };
        // Before anything is read that a stranger sends.
        if !signed.is_of(gate.now) {
            return Ok(unsigned());
        }
        let body = request.take_body().into_bytes_limit(MOST_BYTES);
        let mail = match tokio::time::timeout(WITHIN, body).await {
            Ok(Ok(mail)) => mail,
            Ok(Err(ReadBodyError::PayloadTooLarge)) => {
                let said = format!("the mail is larger than {MOST_BYTES} bytes");
                return Ok(refusal(StatusCode::PAYLOAD_TOO_LARGE, &said));
            }
            Ok(Err(
                ReadBodyError::BodyHasBeenTaken | ReadBodyError::Utf8(_) | ReadBodyError::Io(_),
            )) => {
                let said = "the mail could not be read to its end";
                return Ok(refusal(StatusCode::BAD_REQUEST, said));
            }
            Err(_elapsed) => {
                let said = "the mail took too long to arrive";
                return Ok(refusal(StatusCode::REQUEST_TIMEOUT, said));
            }
        };
        if !signed.is_proved_for(&mail, &gate.secret) {
            return Ok(unsigned());
        }
        let handed = HandedMail {
            recipient: signed.recipient,
            sender: signed.sender,
            mail: mail.to_vec(),
        };
        Ok(match self.service.host.take_mail(handed).await {
            Ok(taken) => {
                let told = json!({
                    "id": taken.id,
                    "kind": taken.kind,
                    "outcome": taken.outcome,
                });
                answer(StatusCode::OK, &told)
            }
            Err(why) => {
                tracing::error!(error = %why, "a mail could not be kept: it comes again");
                let said = "the mail could not be kept: hand it over again";
                refusal(StatusCode::SERVICE_UNAVAILABLE, said)
            }
        })
    }
}

/// What the header of a request says.
struct Signed {
    recipient: String,
    sender: Option<String>,
    /// The sender as it was written.
    written: String,
    /// The moment, as it was written.
    seconds: String,
    proofs: Vec<Vec<u8>>,
}

impl Signed {
    fn of(headers: &HeaderMap) -> Result<Self, (StatusCode, &'static str)> {
        let text = |name: &str| {
            let value = headers.get(name)?;
            std::str::from_utf8(value.as_bytes()).ok()
        };
        let media = text("content-type").unwrap_or_default();
        let media = media.split(';').next().unwrap_or_default().trim();
        if !media.eq_ignore_ascii_case("message/rfc822") {
            let said = "the body is a mail: message/rfc822";
            return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, said));
        }
        let Some(recipient) = text("convoke-recipient").filter(|text| text.contains('@')) else {
            let said = "Convoke-Recipient says whom the mail was delivered to";
            return Err((StatusCode::BAD_REQUEST, said));
        };
        let Some(signature) = text("convoke-signature") else {
            return Err((StatusCode::UNAUTHORIZED, NOT_SIGNED));
        };
        let mut seconds = String::new();
        let mut proofs = Vec::new();
        for part in signature.split(',') {
            match part.trim().split_once('=') {
                Some(("t", number)) => number.clone_into(&mut seconds),
                Some(("v1", proof)) if proofs.len() < PROOFS => {
                    proofs.extend(HEXLOWER_PERMISSIVE.decode(proof.as_bytes()));
                }
                // What a later version may say besides.
                _ => {}
            }
        }
        let written = text("convoke-sender");
        let bare = |text: &str| text.trim().trim_matches(['<', '>']).to_owned();
        Ok(Self {
            recipient: recipient.to_owned(),
            sender: written.map(bare),
            written: written.unwrap_or_default().to_owned(),
            seconds,
            proofs,
        })
    }

    /// Whether it was signed about now.
    fn is_of(&self, now: DateTime<Utc>) -> bool {
        let is_number = self.seconds.bytes().all(|byte| byte.is_ascii_digit());
        let seconds = self.seconds.parse::<i64>();
        is_number && seconds.is_ok_and(|at| now.timestamp().abs_diff(at) <= TOLERANCE)
    }

    /// Whether one of the proofs is right. Compared in constant time.
    fn is_proved_for(&self, mail: &[u8], secret: &InboundSecret) -> bool {
        let Ok(mut expected) = Hmac::<Sha256>::new_from_slice(secret.0.as_bytes()) else {
            return false;
        };
        expected.update(self.seconds.as_bytes());
        expected.update(b".");
        expected.update(self.recipient.as_bytes());
        expected.update(b"\n");
        expected.update(self.written.as_bytes());
        expected.update(b"\n");
        expected.update(mail);
        let mut proofs = self.proofs.iter();
        proofs.any(|proof| expected.clone().verify_slice(proof).is_ok())
    }
}

const NOT_SIGNED: &str = "the mail is not signed, or not rightly, or not now (Convoke-Signature)";

fn unsigned() -> Response {
    refusal(StatusCode::UNAUTHORIZED, NOT_SIGNED)
}

fn refusal(status: StatusCode, said: &str) -> Response {
    answer(status, &json!({ "error": said }))
}

fn answer(status: StatusCode, told: &serde_json::Value) -> Response {
    Response::builder()
        .status(status)
        .header(header::CACHE_CONTROL, "no-store")
        .content_type("application/json; charset=utf-8")
        .body(told.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(headers: &[(&'static str, &str)]) -> Signed {
        let headers = headers.iter().map(|(name, value)| {
            let name = header::HeaderName::from_static(name);
            (
                name,
                header::HeaderValue::from_bytes(value.as_bytes()).unwrap(),
            )
        });
        let signed = Signed::of(&headers.collect());
        signed.map_err(|(_, said)| said).unwrap()
    }

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    fn request<'a>(sender: &'a str, signature: &'a str) -> [(&'static str, &'a str); 4] {
        [
            ("content-type", "message/rfc822; charset=x"),
            ("convoke-recipient", "rsvp+abc@example.org"),
            ("convoke-sender", sender),
            ("convoke-signature", signature),
        ]
    }

    #[test]
    fn a_signature_covers_all_that_is_believed() {
        let secret: InboundSecret = SECRET.parse().unwrap();
        // printf '1735732800.rsvp+abc@example.org\n<>\nmail' | openssl dgst -sha256 -hmac SECRET
        let proof = "643508b8dc894bbc03d0b558c6b35138d58ed161b024e6bc89d721495f256b5a";
        let good = format!("t=1735732800, v1=00ff, v1={proof}, v2=later");
        let one = signed(&request("<>", &good));
        assert_eq!(one.sender.as_deref(), Some(""));
        assert!(one.is_proved_for(b"mail", &secret));
        assert!(!one.is_proved_for(b"mail.", &secret));
        assert!(!signed(&request("", &good)).is_proved_for(b"mail", &secret));
        let later = good.replace("1735732800", "1735732801");
        assert!(!signed(&request("<>", &later)).is_proved_for(b"mail", &secret));
        let cut = good.replace("256b5a", "");
        assert!(!signed(&request("<>", &cut)).is_proved_for(b"mail", &secret));
        let other: InboundSecret = SECRET.to_uppercase().parse().unwrap();
        assert!(!one.is_proved_for(b"mail", &other));
    }

    #[test]
    fn a_signature_is_good_for_some_minutes() {
        let now = DateTime::from_timestamp(1_735_732_800, 0).unwrap();
        for (seconds, good) in [
            ("1735732800", true),
            ("1735732500", true),
            ("1735733100", true),
            ("1735732499", false),
            ("1735733101", false),
            ("-1735732800", false),
            ("+1735732800", false),
            ("", false),
            ("99999999999999999999", false),
        ] {
            let one = format!("t={seconds},v1=00");
            assert_eq!(signed(&request("", &one)).is_of(now), good, "{seconds}");
        }
    }

    #[test]
    fn a_secret_that_can_be_guessed_is_none() {
        assert!("secret".parse::<InboundSecret>().is_err());
        let secret = SECRET.parse::<InboundSecret>().unwrap();
        assert!(!format!("{secret:?}").contains("0123"));
    }
}
