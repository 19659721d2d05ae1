//! The page on which anybody asks what a letter or a certificate is worth, by the code on it or by its
//! document; and the same for programs.

use std::io;
use std::net::IpAddr;
use std::time::Duration;

use data_encoding::HEXLOWER;
use domain::credential::VerificationCode;
use persistence::{Fault, Verification};
use poem::http::{HeaderMap, StatusCode, header};
use poem::web::Multipart;
use poem::{Body, FromRequest as _, Request, Response, Result};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use words::Language;

use super::html::{Notice, Reader, broken, go_on, page, said};
use super::paper::{Fact, Link, Standing, Told, facts, standing, title};
use super::say::credential as say;
use super::{Pages, failed, problem};
use crate::http::{RetryAfter, insert, wants_json};
use crate::misses::Misses;

/// No document of ours is as large, whatever pictures are on it.
const LARGEST: u64 = 32 * 1024 * 1024;
/// How long one may take to come in.
const WITHIN: Duration = Duration::from_mins(1);

/// Asks for a code or a document. With a code behind `?`, goes on to what it stands for.
pub(super) async fn ask(pages: Pages, request: Request) -> Result<Response> {
    let asked = Asked::of(&pages.misses, &request, "verify", false);
    let query = request.uri().query().unwrap_or_default();
    let Some(typed) = said(query.as_bytes(), "code") else {
        return Ok(asked.form(StatusCode::OK, None, ""));
    };
    match typed.parse::<VerificationCode>() {
        Ok(code) => Ok(go_on(&format!("verify/{code}"))),
        Err(_no_code) => {
            if let Some(seconds) = pages.misses.wait(asked.from, pages.store.now()) {
                return asked.too_often(seconds);
            }
            pages.misses.count(asked.from, pages.store.now());
            asked.unknown(&typed)
        }
    }
}

/// Says what the code in the address stands for.
pub(super) async fn show(pages: Pages, request: Request) -> Result<Response> {
    let file: String = request.path_params()?;
    let (typed, is_json) = match file.strip_suffix(".json") {
        Some(typed) => (typed, true),
        None => (file.as_str(), false),
    };
    let asked = Asked::of(&pages.misses, &request, "../verify", is_json);
    let found = match typed.parse() {
        Ok(code) => pages.store.verify(code).await,
        Err(_no_code) => Ok(None),
    };
    match found {
        Ok(Some(found)) => Ok(asked.told(&pages, found, None)),
        Ok(None) => {
            // Who has a paper learns what it is worth, whoever else asks from the same address.
            if let Some(seconds) = pages.misses.wait(asked.from, pages.store.now()) {
                return asked.too_often(seconds);
            }
            pages.misses.count(asked.from, pages.store.now());
            asked.unknown(typed)
        }
        Err(fault) => asked.broken(fault),
    }
}

/// Says of which paper a file is the document, if it is that of any, byte for byte.
pub(super) async fn compare(pages: Pages, request: Request) -> Result<Response> {
    let asked = Asked::of(&pages.misses, &request, "verify", false);
    if let Some(seconds) = pages.misses.wait(asked.from, pages.store.now()) {
        return asked.too_often(seconds);
    }
    let sent = tokio::time::timeout(WITHIN, sent(request)).await;
    let hash = match sent.unwrap_or(Err(NoFile::Slow)) {
        Ok(hash) => hash,
        Err(why) => return asked.no_file(why),
    };
    match pages.store.verify_document(&hash).await {
        Ok(Some(found)) => Ok(asked.told(&pages, found, Some(hash))),
        Ok(None) => {
            pages.misses.count(asked.from, pages.store.now());
            asked.unknown_file()
        }
        Err(fault) => asked.broken(fault),
    }
}

/// Why there is no file to compare.
#[derive(Debug, Clone, Copy)]
enum NoFile {
    /// It comes as something else.
    Other,
    /// None was chosen, or it did not come in whole.
    Missing,
    Large,
    Slow,
}

/// The SHA-256 of the file that was sent: as the body, or by a form.
async fn sent(request: Request) -> Result<String, NoFile> {
    let media = request.content_type().unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim();
    let (is_file, is_form) = (
        ["application/pdf", "application/octet-stream"],
        "multipart/form-data",
    );
    if is_file.iter().any(|file| media.eq_ignore_ascii_case(file)) {
        return hashed(request.into_body().into_async_read()).await;
    }
    if !media.eq_ignore_ascii_case(is_form) {
        return Err(NoFile::Other);
    }
    let (request, mut body) = request.split();
    let parts = Multipart::from_request(&request, &mut body).await;
    let mut parts = parts.map_err(|_unreadable| NoFile::Missing)?;
    loop {
        match parts.next_field().await {
            Ok(Some(part)) if part.name() == Some("file") => {
                return hashed(part.into_async_read()).await;
            }
            Ok(Some(_other)) => {}
            Ok(None) | Err(_) => return Err(NoFile::Missing),
        }
    }
}

/// Read piece by piece: nothing of it is kept.
async fn hashed(bytes: impl AsyncRead) -> Result<String, NoFile> {
    let mut bytes = std::pin::pin!(bytes);
    let mut piece = vec![0; 16 * 1024];
    let (mut hash, mut length) = (Sha256::new(), 0_u64);
    loop {
        let read: io::Result<usize> = bytes.read(&mut piece).await;
        let read = read.map_err(|_broken_off| NoFile::Missing)?;
        if read == 0 {
            break;
        }
        length = length.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        if length > LARGEST {
            return Err(NoFile::Large);
        }
        hash.update(piece.get(..read).unwrap_or_default());
    }
    if length == 0 {
        return Err(NoFile::Missing);
    }
    Ok(HEXLOWER.encode(&hash.finalize()))
}

/// Who asks, and how they are answered.
struct Asked {
    reader: Reader,
    from: IpAddr,
    is_program: bool,
    /// Where the form is, relative to this page.
    form: &'static str,
}

impl Asked {
    fn of(misses: &Misses, request: &Request, form: &'static str, is_json: bool) -> Self {
        Self {
            reader: Reader::of(request.headers()),
            from: misses.address(request),
            is_program: is_json || wants_json(request.headers()),
            form,
        }
    }

    /// What stands on the paper, and what it is worth.
    fn told(&self, pages: &Pages, found: Verification, hash: Option<String>) -> Response {
        if self.is_program {
            let told = Told::of(found, &pages.site, hash);
            return varied(json(&told));
        }
        let main = found.credential.paper.event.main_language();
        let language = Language::best_for(&self.reader.wishes(main));
        let kind = found.credential.kind;
        let mut standing = standing(&found, language);
        standing.link = found.superseded_by.as_ref().map(|(number, code)| Link {
            href: format!("{}/{code}", self.form),
            words: say::successor(language, number),
        });
        let written = PaperPage {
            badge: say::verification(language).to_owned(),
            title: title(kind, language),
            problem: None,
            note: hash.map(|_| say::file_is_genuine(language)),
            standing,
            form: None,
            facts: facts(&found, language),
            links: vec![Link {
                href: self.form.to_owned(),
                words: say::another(language).to_owned(),
            }],
            foot: Some(say::all_must_agree(language).to_owned()),
        };
        varied(page(StatusCode::OK, language, "paper.html", &written))
    }

    fn form(&self, status: StatusCode, problem: Option<&str>, typed: &str) -> Response {
        let language = self.reader.language();
        let written = AskPage {
            badge: say::verification(language),
            title: say::verify(language),
            problem,
            action: self.form,
            typed,
            code: say::code(language),
            look_up: say::look_up(language),
            file: say::file(language),
            compare: say::compare(language),
        };
        varied(page(status, language, "verify.html", &written))
    }

    /// Nothing: for people the form again, for a program an error.
    fn nothing(
        &self,
        status: StatusCode,
        says: fn(Language) -> &'static str,
        typed: &str,
    ) -> Result<Response> {
        if self.is_program {
            return Err(problem(status, says(Language::English)));
        }
        let says = says(self.reader.language());
        Ok(self.form(status, Some(says), typed))
    }

    fn unknown(&self, typed: &str) -> Result<Response> {
        self.nothing(StatusCode::NOT_FOUND, say::unknown_code, typed)
    }

    fn unknown_file(&self) -> Result<Response> {
        self.nothing(StatusCode::NOT_FOUND, say::unknown_file, "")
    }

    fn no_file(&self, why: NoFile) -> Result<Response> {
        let (status, says): (_, fn(Language) -> &'static str) = match why {
            NoFile::Other => (StatusCode::UNSUPPORTED_MEDIA_TYPE, say::no_file),
            NoFile::Missing => (StatusCode::BAD_REQUEST, say::no_file),
            NoFile::Slow => (StatusCode::REQUEST_TIMEOUT, say::no_file),
            NoFile::Large => (StatusCode::PAYLOAD_TOO_LARGE, say::large_file),
        };
        self.nothing(status, says, "")
    }

    fn too_often(&self, seconds: u64) -> Result<Response> {
        let language = self.reader.language();
        let (title, more) = say::too_often(language);
        let status = StatusCode::TOO_MANY_REQUESTS;
        if self.is_program {
            let mut error = problem(status, say::too_often(Language::English).1);
            error.set_data(RetryAfter(seconds));
            return Err(error);
        }
        let mut shown = page(status, language, "notice.html", &Notice { title, more });
        insert(
            shown.headers_mut(),
            header::RETRY_AFTER,
            &seconds.to_string(),
        );
        Ok(varied(shown))
    }

    fn broken(&self, fault: Fault) -> Result<Response> {
        if self.is_program {
            return Err(failed(fault));
        }
        Ok(broken(&self.reader, &fault))
    }
}

/// The same address has several answers.
fn varied(mut response: Response) -> Response {
    let headers: &mut HeaderMap = response.headers_mut();
    insert(headers, header::VARY, "Accept, Accept-Language");
    response
}

fn json(told: &impl Serialize) -> Response {
    let robots = header::HeaderName::from_static("x-robots-tag");
    Response::builder()
        .header(header::CACHE_CONTROL, "no-store")
        .header(robots, "noindex")
        .content_type("application/json; charset=utf-8")
        // Writing such values fails only on a map whose keys are no strings, of which there are none.
        .body(serde_json::to_vec(told).map_or_else(|_| Body::empty(), Body::from))
}

/// What a paper says, to whoever asks about it and to whoever was given it.
#[derive(Serialize)]
pub(super) struct PaperPage<'a> {
    pub(super) badge: String,
    pub(super) title: String,
    pub(super) problem: Option<&'static str>,
    pub(super) note: Option<&'static str>,
    pub(super) standing: Standing,
    pub(super) form: Option<AcceptForm<'a>>,
    pub(super) facts: Vec<Fact>,
    pub(super) links: Vec<Link>,
    pub(super) foot: Option<String>,
}

#[derive(Serialize)]
pub(super) struct AcceptForm<'a> {
    pub(super) action: &'a str,
    pub(super) question: &'static str,
    pub(super) button: &'static str,
}

#[derive(Serialize)]
struct AskPage<'a> {
    badge: &'static str,
    title: &'static str,
    problem: Option<&'a str>,
    action: &'a str,
    typed: &'a str,
    code: &'static str,
    look_up: &'static str,
    file: &'static str,
    compare: &'static str,
}
