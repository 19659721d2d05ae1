//! Badges: what somebody was given, in a form that their wallet keeps and anybody verifies; the keys by which
//! they do, and the lists that say which are taken back.
//!
//! A badge is as good as the paper to whoever has it. So it is given to whoever has the holder's secret, in the
//! graph to those who issue, and to nobody by its code.

use credentials::{StatusList, jwks};
use domain::Slug;
use persistence::Fault;
use poem::error::NotFoundError;
use poem::http::StatusCode;
use poem::{Request, Response, Result};

use super::Pages;
use crate::badge::{badge, issued_by};
use crate::http::Representation;

/// A credential of the W3C as a JWT.
const CREDENTIAL: &str = "application/vc+jwt";

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
    let issuer = issued_by(&pages.site, &found.office);
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
    let signed = badge(&pages.site, &facts).issue(&keys.current);
    let bytes = signed.map_err(broken)?.into_bytes();
    let cache = "private, no-cache";
    Ok(answered(&request, bytes, CREDENTIAL, cache, Some(name)))
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
