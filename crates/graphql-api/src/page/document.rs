//! The documents of what was issued, for those who may see it: one, or all of an event in one file.

mod archive;

use domain::credential::{Credential, CredentialKind};
use domain::id::{CredentialId, EventId};
use persistence::{DocumentsOf, Fault, Store};
use poem::error::NotFoundError;
use poem::http::{HeaderMap, Method, StatusCode, header};
use poem::{Body, Request, Response, Result};

use self::archive::Archive;
use super::html::said;
use super::{Pages, failed, named, problem};
use crate::http::{Shown, disposition, file_name, insert, is_known};

/// Kept by whoever read it, and asked for anew each time: they may not be to see it any longer.
const CACHE: &str = "private, no-cache";

/// The document of one credential.
pub(super) async fn one(pages: Pages, request: Request) -> Result<Response> {
    let file: String = request.path_params()?;
    let id: CredentialId = named(file.strip_suffix(".pdf").ok_or(NotFoundError)?)?;
    let actor = pages.actor(request.headers()).await?;
    let found = pages.store.credentials(&actor, &[id]).await;
    let found = found.map_err(failed)?.pop().ok_or(NotFoundError)?;
    let document = pdf(&pages.store, &found, request.headers()).await;
    Ok(document.map_err(failed)?.ok_or(NotFoundError)?)
}

/// The document of a credential, for somebody who may see it; nothing, until it is made.
pub(super) async fn pdf(
    store: &Store,
    of: &Credential,
    asked: &HeaderMap,
) -> Result<Option<Response>, Fault> {
    let Some(hash) = &of.document else {
        return Ok(None);
    };
    let tag = format!("\"{hash}\"");
    let mut answer = Response::builder()
        .header(header::ETAG, &tag)
        .header(header::CACHE_CONTROL, CACHE)
        // The address may be a secret.
        .header(header::REFERRER_POLICY, "no-referrer")
        .header(header::HeaderName::from_static("x-robots-tag"), "noindex")
        .finish();
    if is_known(asked, &[tag]) {
        answer.set_status(StatusCode::NOT_MODIFIED);
        return Ok(Some(answer));
    }
    let Some(bytes) = store.document_of(of).await? else {
        return Ok(None);
    };
    let headers = answer.headers_mut();
    let name = format!("{}.pdf", file_name(&of.number));
    insert(headers, header::CONTENT_TYPE, "application/pdf");
    insert(
        headers,
        header::CONTENT_DISPOSITION,
        &disposition(Shown::Inline, &name),
    );
    // Also of an answer to HEAD, which is sent without them.
    insert(headers, header::CONTENT_LENGTH, &bytes.len().to_string());
    answer.set_body(Body::from_vec(bytes));
    Ok(Some(answer))
}

/// All documents of an event that hold, or those of one kind, or those that concern one organization.
pub(super) async fn of_event(pages: Pages, request: Request) -> Result<Response> {
    let file: String = request.path_params()?;
    let event: EventId = named(file.strip_suffix(".zip").ok_or(NotFoundError)?)?;
    let query = request.uri().query().unwrap_or_default();
    let of = DocumentsOf {
        event,
        kind: given(query, "kind", "one of the kinds of credentials")?,
        organization: given(query, "organization", "the id of an organization")?,
    };
    let actor = pages.actor(request.headers()).await?;
    let archive = Archive::open(pages.store.clone(), actor.clone(), of).await;
    let archive = archive.map_err(failed)?.ok_or(NotFoundError)?;
    let events = pages.store.events(&actor, &[event]).await.map_err(failed)?;
    let slug = events.first().map_or("event", |event| event.slug.as_str());
    let kind = match of.kind {
        None => "documents",
        Some(CredentialKind::AppointmentLetter) => "letters",
        Some(CredentialKind::AwardCertificate) => "certificates",
        Some(CredentialKind::Plaque) => "plaques",
        Some(CredentialKind::AttendanceCertificate) => "attendance",
    };
    let name = format!("{slug}-{kind}.zip");
    let mut answer = Response::builder()
        .content_type("application/zip")
        .header(header::CACHE_CONTROL, "private, no-store")
        .header(
            header::CONTENT_DISPOSITION,
            disposition(Shown::Saved, &name),
        )
        .finish();
    if request.method() != Method::HEAD {
        answer.set_body(archive.into_body());
    }
    Ok(answer)
}

/// What an address says behind `?`, if it says so.
fn given<T: std::str::FromStr>(query: &str, name: &str, what: &str) -> Result<Option<T>> {
    match said(query.as_bytes(), name).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => {
            let bad =
                |_no_such_thing| problem(StatusCode::BAD_REQUEST, format!("{name} is {what}"));
            text.parse().map(Some).map_err(bad)
        }
    }
}
