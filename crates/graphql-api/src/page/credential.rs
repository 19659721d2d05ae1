//! The page of whoever was given a letter or a certificate: what it says, its document, and for an
//! appointment a button by which they accept it. Without an account; whoever has the secret may.

use domain::credential::{CredentialKind, CredentialState};
use persistence::{Error, Verification};
use poem::http::StatusCode;
use poem::{Request, Response, Result};
use words::Language;

use super::html::{Notice, Reader, broken, form, go_on, page, said, unknown};
use super::paper::{Link, facts, standing, title};
use super::say::credential as say;
use super::verify::{AcceptForm, PaperPage};
use super::{Pages, document};

/// Shows the page, or the document itself. Nothing is accepted by that: programs look at links that nobody
/// has pressed.
pub(super) async fn show(pages: Pages, request: Request) -> Result<Response> {
    let file: String = request.path_params()?;
    let reader = Reader::of(request.headers());
    let (secret, is_document) = match file.strip_suffix(".pdf") {
        Some(secret) => (secret, true),
        None => (file.as_str(), false),
    };
    let found = match pages.store.held(secret).await {
        Ok(Some(found)) => found,
        Ok(None) => return Ok(unknown(&reader)),
        Err(fault) => return Ok(broken(&reader, &fault)),
    };
    if !is_document {
        return Ok(shown(StatusCode::OK, &found, secret, &reader, None));
    }
    match document::pdf(&pages.store, &found.credential, request.headers()).await {
        Ok(Some(document)) => Ok(document),
        Ok(None) => Ok(not_made(&found, &reader)),
        Err(fault) => Ok(broken(&reader, &fault)),
    }
}

/// They accept. Done again, it stays as it was. Whoever has the secret may, from wherever the form comes:
/// who does not have it cannot forge the request.
pub(super) async fn accept(pages: Pages, mut request: Request) -> Result<Response> {
    let secret: String = request.path_params()?;
    let reader = Reader::of(request.headers());
    let found = match pages.store.held(&secret).await {
        Ok(Some(found)) => found,
        Ok(None) => return Ok(unknown(&reader)),
        Err(fault) => return Ok(broken(&reader, &fault)),
    };
    let sent = form(&mut request).await.unwrap_or_default();
    let again = |status, found: &Verification, says: fn(Language) -> &'static str| {
        Ok(shown(status, found, &secret, &reader, Some(says)))
    };
    if said(&sent, "accept").as_deref() != Some("yes") {
        return again(StatusCode::BAD_REQUEST, &found, say::not_pressed);
    }
    if !is_appointment_in_force(&found) {
        return again(StatusCode::CONFLICT, &found, say::not_accepted);
    }
    if found.credential.accepted_at.is_some() {
        return Ok(go_on(&secret));
    }
    match Box::pin(pages.store.accept_credential(found.credential.id)).await {
        Ok(()) => Ok(go_on(&secret)),
        // It was taken back in the meantime.
        Err(Error::Refused(_)) => match pages.store.held(&secret).await {
            Ok(Some(now)) => again(StatusCode::CONFLICT, &now, say::not_accepted),
            Ok(None) => Ok(unknown(&reader)),
            Err(fault) => Ok(broken(&reader, &fault)),
        },
        Err(Error::Denied(_)) => Ok(unknown(&reader)),
        Err(Error::Fault(fault)) => Ok(broken(&reader, &fault)),
    }
}

fn is_appointment_in_force(found: &Verification) -> bool {
    found.credential.kind == CredentialKind::AppointmentLetter
        && found.state == CredentialState::Valid
}

fn language(found: &Verification, reader: &Reader) -> Language {
    let main = found.credential.paper.event.main_language();
    Language::best_for(&reader.wishes(main))
}

fn shown(
    status: StatusCode,
    found: &Verification,
    secret: &str,
    reader: &Reader,
    problem: Option<fn(Language) -> &'static str>,
) -> Response {
    let language = language(found, reader);
    let credential = &found.credential;
    let mut standing = standing(found, language);
    standing.accepted = credential.accepted_at.map(|at| {
        let moment = words::moment(found.zone, at, language);
        say::accepted(language, &moment)
    });
    standing.link = found.superseded_by.as_ref().map(|(number, code)| Link {
        href: format!("../verify/{code}"),
        words: say::successor(language, number),
    });
    let is_asked = is_appointment_in_force(found) && credential.accepted_at.is_none();
    let is_made = credential.document.is_some();
    // Relative to the page, wherever the installation is reached.
    let document = Link {
        href: format!("{secret}.pdf"),
        words: say::read_document(language).to_owned(),
    };
    let wishes = reader.wishes(credential.paper.event.main_language());
    let name = credential.paper.holder.best_for(&wishes);
    let written = PaperPage {
        badge: found.office.clone(),
        title: title(credential.kind, language),
        problem: problem.map(|says| says(language)),
        note: (!is_made).then(|| say::not_made(language)),
        standing,
        form: is_asked.then(|| AcceptForm {
            action: secret,
            question: say::question(language),
            button: say::accept(language),
        }),
        facts: facts(found, language),
        links: is_made.then_some(document).into_iter().collect(),
        foot: Some(say::theirs_alone(language, name, credential.kind)),
    };
    page(status, language, "paper.html", &written)
}

fn not_made(found: &Verification, reader: &Reader) -> Response {
    let language = language(found, reader);
    let notice = Notice {
        title: words::credential(found.credential.kind, language),
        more: say::not_made(language),
    };
    page(StatusCode::NOT_FOUND, language, "notice.html", &notice)
}
