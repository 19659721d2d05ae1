//! The pictures on the papers of an office, which no graph takes: put there, read back, taken off.

use std::time::Duration;

use documents::Picture;
use domain::Slug;
use domain::access::{Actor, Permission};
use domain::id::WorkspaceId;
use domain::letterhead::LetterheadPicture;
use persistence::Error;
use poem::error::{NotFoundError, ReadBodyError};
use poem::http::{StatusCode, header};
use poem::{Body, Request, Response, Result};
use serde_json::json;

use super::{Pages, denied, failed, problem};
use crate::http::{insert, is_known};

/// How long one may take to come in.
const WITHIN: Duration = Duration::from_mins(1);

/// Reads a picture back.
pub(super) async fn show(pages: Pages, request: Request) -> Result<Response> {
    let at = Place::of(&pages, &request).await?;
    let found = pages
        .store
        .letterhead_picture(&at.actor, at.workspace, at.which);
    let found = found.await.map_err(failed)?.ok_or(NotFoundError)?;
    let tag = format!("\"{}\"", found.hash);
    let mut answer = Response::builder()
        .header(header::ETAG, &tag)
        .header(header::CACHE_CONTROL, "private, no-cache")
        // A drawing may hold a script.
        .header(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        )
        .finish();
    if is_known(request.headers(), &[tag]) {
        answer.set_status(StatusCode::NOT_MODIFIED);
        return Ok(answer);
    }
    let headers = answer.headers_mut();
    insert(headers, header::CONTENT_TYPE, &found.media_type);
    // Also of an answer to HEAD, which is sent without them.
    insert(
        headers,
        header::CONTENT_LENGTH,
        &found.bytes.len().to_string(),
    );
    answer.set_body(Body::from_vec(found.bytes));
    Ok(answer)
}

/// Puts a picture there, in place of the one before.
pub(super) async fn set(pages: Pages, mut request: Request) -> Result<Response> {
    let at = Place::to_change(&pages, &request).await?;
    let length = request.header(header::CONTENT_LENGTH).map(str::parse);
    if length.is_some_and(|length| length.is_ok_and(|length: usize| length > Picture::LARGEST)) {
        return Err(too_large());
    }
    let body = request.take_body().into_bytes_limit(Picture::LARGEST);
    let bytes = match tokio::time::timeout(WITHIN, body).await {
        Ok(Ok(bytes)) => bytes.to_vec(),
        Ok(Err(ReadBodyError::PayloadTooLarge)) => return Err(too_large()),
        Ok(Err(
            ReadBodyError::BodyHasBeenTaken | ReadBodyError::Utf8(_) | ReadBodyError::Io(_),
        )) => {
            let said = "the picture could not be read to its end";
            return Err(problem(StatusCode::BAD_REQUEST, said));
        }
        Err(_elapsed) => {
            let said = "the picture took too long to arrive";
            return Err(problem(StatusCode::REQUEST_TIMEOUT, said));
        }
    };
    // It is unpacked to be judged, which is work for the processor.
    let judged = tokio::task::spawn_blocking(move || {
        let picture = Picture::new(bytes.clone());
        picture.map(|picture| (picture.media_type(), bytes))
    });
    let judged = judged
        .await
        .map_err(|broke| poem::Error::new(broke, StatusCode::INTERNAL_SERVER_ERROR))?;
    let (media_type, bytes) =
        judged.map_err(|why| problem(StatusCode::UNPROCESSABLE_ENTITY, why.to_string()))?;
    at.put(&pages, Some((media_type, &bytes))).await?;
    let told = json!({ "mediaType": media_type, "size": bytes.len() });
    Ok(Response::builder()
        .header(header::CACHE_CONTROL, "no-store")
        .content_type("application/json; charset=utf-8")
        .body(told.to_string()))
}

/// Takes the picture off. If there is none, that is as well.
pub(super) async fn take_off(pages: Pages, request: Request) -> Result<Response> {
    let at = Place::to_change(&pages, &request).await?;
    at.put(&pages, None).await?;
    Ok(Response::builder()
        .status(StatusCode::NO_CONTENT)
        .header(header::CACHE_CONTROL, "no-store")
        .finish())
}

fn too_large() -> poem::Error {
    let said = format!("the picture has more than {} bytes", Picture::LARGEST);
    problem(StatusCode::PAYLOAD_TOO_LARGE, said)
}

/// Which picture of which office, and who asks.
struct Place {
    actor: Actor,
    workspace: WorkspaceId,
    which: LetterheadPicture,
}

impl Place {
    async fn of(pages: &Pages, request: &Request) -> Result<Self> {
        let (workspace, picture): (String, String) = request.path_params()?;
        let which = match picture.as_str() {
            "logo" => LetterheadPicture::Logo,
            "seal" => LetterheadPicture::Seal,
            "signature" => LetterheadPicture::Signature,
            _ => return Err(NotFoundError.into()),
        };
        let slug: Slug = workspace.parse().map_err(|_no_slug| NotFoundError)?;
        let actor = pages.actor(request.headers()).await?;
        let found = pages.store.workspace_by_slug(&actor, &slug).await;
        let found = found.map_err(failed)?.ok_or(NotFoundError)?;
        Ok(Self {
            actor,
            workspace: found.id,
            which,
        })
    }

    /// The same, for who may change it: asked before anything is read that a stranger sends.
    async fn to_change(pages: &Pages, request: &Request) -> Result<Self> {
        let at = Self::of(pages, request).await?;
        let may = at.actor.may(Permission::LetterEdit, at.workspace);
        may.map_err(denied)?;
        Ok(at)
    }

    async fn put(&self, pages: &Pages, picture: Option<(&str, &[u8])>) -> Result<()> {
        let put =
            pages
                .store
                .set_letterhead_picture(&self.actor, self.workspace, self.which, picture);
        match Box::pin(put).await {
            Ok(()) => Ok(()),
            Err(Error::Denied(why)) => Err(denied(why)),
            Err(Error::Fault(fault)) => Err(failed(fault)),
            // Nothing is refused that is a picture.
            Err(Error::Refused(_)) => Err(StatusCode::CONFLICT.into()),
        }
    }
}
