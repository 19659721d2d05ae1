//! Badges: what somebody was given, in a form that their wallet keeps and anybody verifies; the keys by which
//! they do, and the lists that say which are taken back.
//!
//! A badge is as good as the paper to whoever has it. So it is given to whoever has the holder's secret, and
//! to nobody by its code.

use credentials::{
    Achievement, Badge, BadgeStatus, Issuer, PublicKey, Recipient, SigningKey, StatusList, jwks,
};
use data_encoding::HEXLOWER;
use domain::credential::PaperLanguages;
use domain::workspace::Workspace;
use domain::{LanguageTag, LocalizedText, Slug};
use persistence::{BadgeFacts, Fault};
use poem::error::NotFoundError;
use poem::http::StatusCode;
use poem::{Request, Response, Result};
use sha2::{Digest as _, Sha256};
use words::Language;

use super::Pages;
use crate::http::Representation;

/// A credential of the W3C as a JWT.
const CREDENTIAL: &str = "application/vc+jwt";

/// What badges are signed by.
#[derive(Debug)]
pub struct BadgeKeys {
    /// The key in use.
    pub current: SigningKey,
    /// Those that were in use: what was signed by them stays good.
    pub former: Vec<PublicKey>,
}

/// The keys by which badges are verified (RFC 7517).
pub(super) async fn keys(pages: Pages, request: Request) -> Result<Response> {
    let keys = pages.keys.as_ref().ok_or(NotFoundError)?;
    let all = std::iter::once(keys.current.public_key()).chain(&keys.former);
    let bytes = jwks(all).to_string().into_bytes();
    let cache = "public, max-age=3600";
    Ok(answered(
        &request,
        bytes,
        "application/jwk-set+json",
        cache,
        None,
    ))
}

/// Which badges of an office are taken back.
pub(super) async fn statuses(pages: Pages, request: Request) -> Result<Response> {
    let keys = pages.keys.as_ref().ok_or(NotFoundError)?;
    let found = pages.store.badge_statuses(&office(&request)?).await;
    let found = found.map_err(failed)?.ok_or(NotFoundError)?;
    let list = StatusList::of(found.entries, found.revoked).map_err(broken)?;
    let id = pages.site.badge_statuses(&found.office.slug);
    let issuer = issued_by(&pages, &found.office);
    let now = pages.store.now();
    let list = list
        .issue(&id, &issuer, now, &keys.current)
        .map_err(broken)?;
    let cache = "public, max-age=300";
    Ok(answered(
        &request,
        list.into_bytes(),
        CREDENTIAL,
        cache,
        None,
    ))
}

/// An office as badges name it.
pub(super) async fn issuer(pages: Pages, request: Request) -> Result<Response> {
    pages.keys.as_ref().ok_or(NotFoundError)?;
    let found = pages.store.badge_statuses(&office(&request)?).await;
    let found = found.map_err(failed)?.ok_or(NotFoundError)?;
    let profile = serde_json::json!({
        "id": pages.site.badge_issuer(&found.office.slug),
        "type": ["Profile"],
        "name": found.office.name,
    });
    let bytes = profile.to_string().into_bytes();
    let cache = "public, max-age=3600";
    Ok(answered(&request, bytes, "application/json", cache, None))
}

/// The badge of whoever has this secret.
pub(super) async fn one(pages: Pages, request: Request) -> Result<Response> {
    let keys = pages.keys.as_ref().ok_or(NotFoundError)?;
    let secret: String = request.path_params()?;
    let id = pages.store.opened_credential(&secret).await;
    let id = id.map_err(failed)?.ok_or(NotFoundError)?;
    // What is in force no longer is not given out: who has it has it, and the list says so.
    let facts = pages.store.badge(id).await.map_err(failed)?;
    let facts = facts.ok_or(NotFoundError)?;
    let name = format!("badge-{}.jwt", facts.credential.code.compact());
    let signed = badge(&pages, &facts, &secret).issue(&keys.current);
    let bytes = signed.map_err(broken)?.into_bytes();
    let cache = "private, no-cache";
    Ok(answered(&request, bytes, CREDENTIAL, cache, Some(name)))
}

/// What a badge says. Whoever asks again gets the same: what hides the address comes from the secret.
fn badge(pages: &Pages, facts: &BadgeFacts, secret: &str) -> Badge {
    let (credential, said) = (&facts.credential, &facts.credential.paper);
    let hidden = |what: &str| {
        let hash = Sha256::digest(format!("{what} {secret}"));
        HEXLOWER.encode(&hash).chars().take(32).collect::<String>()
    };
    let language = match credential.languages {
        PaperLanguages::English => Language::English,
        PaperLanguages::Chinese | PaperLanguages::Bilingual => Language::Chinese,
    };
    let text = |text: &LocalizedText| {
        let wished: Option<LanguageTag> = language.tag().parse().ok();
        text.best_for(wished.as_slice()).to_owned()
    };
    let what = words::credential(credential.kind, language);
    let by: Vec<_> = said.issuers.iter().map(text).collect();
    let (title, event) = (text(&said.title), text(&said.event));
    let (name, criteria) = match (language, &said.body) {
        (Language::Chinese, Some(body)) => (format!("{}{title}", text(body)), by.join("、")),
        (Language::English, Some(body)) => (format!("{title}, {}", text(body)), by.join("; ")),
        (Language::Chinese, None) => (title, by.join("、")),
        (Language::English, None) => (title, by.join("; ")),
    };
    let said_of = match language {
        Language::Chinese => format!("{what}：{event}"),
        Language::English => format!("{what}: {event}"),
    };
    Badge {
        id: pages.site.verify(&credential.code),
        issuer: issued_by(pages, &facts.office),
        recipient: Recipient {
            id: format!("urn:sha256:{}", hidden("recipient")),
            email: facts.email.clone(),
            salt: hidden("salt"),
        },
        achievement: Achievement {
            id: format!("urn:uuid:{}", facts.achievement),
            name,
            description: match &said.citation {
                Some(citation) => text(citation),
                None => said_of.clone(),
            },
            criteria: if criteria.is_empty() {
                said_of
            } else {
                criteria
            },
            image: None,
        },
        valid_from: credential.issued_at,
        valid_until: facts.until,
        status: usize::try_from(credential.status_index)
            .ok()
            .map(|index| BadgeStatus {
                list: pages.site.badge_statuses(&facts.office.slug),
                index,
            }),
    }
}

fn issued_by(pages: &Pages, office: &Workspace) -> Issuer {
    Issuer {
        id: pages.site.badge_issuer(&office.slug),
        name: office.name.clone(),
        url: None,
        email: None,
    }
}

/// The office that a path names.
fn office(request: &Request) -> Result<Slug> {
    let slug: String = request.path_params()?;
    Ok(slug.parse().map_err(|_no_slug| NotFoundError)?)
}

fn answered(
    request: &Request,
    bytes: Vec<u8>,
    content_type: &'static str,
    cache: &'static str,
    saved_as: Option<String>,
) -> Response {
    let representation = Representation {
        bytes,
        content_type,
        modified: None,
        cache,
        saved_as,
    };
    representation.answer(request.headers())
}

fn failed(fault: Fault) -> poem::Error {
    poem::Error::new(fault, StatusCode::INTERNAL_SERVER_ERROR)
}

/// What cannot be signed or listed, which is a fault of ours.
fn broken(error: impl std::error::Error + Send + Sync + 'static) -> poem::Error {
    poem::Error::new(error, StatusCode::INTERNAL_SERVER_ERROR)
}
