//! How a page is sent: written from a template, in which every text is escaped, and with headers that let
//! it do nothing but show itself and send its form.

use std::sync::LazyLock;

use data_encoding::BASE64;
use domain::LanguageTag;
use minijinja::value::Serde;
use minijinja::{Environment, Value, context};
use poem::http::header::{self, HeaderMap};
use poem::http::{HeaderName, StatusCode};
use poem::{Body, Request, Response};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use words::Language;

use super::say;
use crate::http::AcceptLanguage;

/// The style of every page. It stands in the page, which asks for nothing besides.
const STYLE: &str = include_str!("templates/page.css");

/// The longest body that a form of ours has.
const LONGEST_FORM: usize = 64 * 1_024;

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    for (name, text) in [
        ("layout.html", include_str!("templates/layout.html")),
        ("answer.html", include_str!("templates/answer.html")),
        ("leave.html", include_str!("templates/leave.html")),
        ("notice.html", include_str!("templates/notice.html")),
        ("paper.html", include_str!("templates/paper.html")),
        ("verify.html", include_str!("templates/verify.html")),
    ] {
        if let Err(error) = templates.add_template(name, text) {
            tracing::error!(error = %error, "the template {name} is none");
        }
    }
    templates.add_global("style", Value::from_safe_string(STYLE.to_owned()));
    templates
});

/// No origin at all but for the form, no script, the one style by its hash, nobody's frame.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = BASE64.encode(&Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    )
});

/// What one knows of a reader: the languages that they wish for.
#[derive(Debug)]
pub(super) struct Reader(Vec<LanguageTag>);

impl Reader {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let tags = AcceptLanguage::of(headers).0;
        Self(tags.iter().filter_map(|tag| tag.parse().ok()).collect())
    }

    /// All that they wish for, and the main language of what they read about at last.
    pub(super) fn wishes(&self, main: &LanguageTag) -> Vec<LanguageTag> {
        self.0.iter().chain([main]).cloned().collect()
    }

    /// The language that is spoken to them where there is nothing to read about.
    pub(super) fn language(&self) -> Language {
        Language::best_for(&self.0)
    }
}

/// A page in a language.
pub(super) fn page(
    status: StatusCode,
    language: Language,
    template: &str,
    page: &impl Serialize,
) -> Response {
    let page = context! { lang => language.tag(), ..Value::from(Serde(page)) };
    let written = TEMPLATES
        .get_template(template)
        .and_then(|template| template.render(page));
    let (status, text) = match written {
        Ok(text) => (status, text),
        Err(error) => {
            tracing::error!(error = %error, "a page could not be written");
            let (title, more) = say::broken(language);
            let text = format!("<!DOCTYPE html><title>{title}</title><p>{title}</p><p>{more}</p>");
            (StatusCode::INTERNAL_SERVER_ERROR, text)
        }
    };
    Response::builder()
        .status(status)
        .content_type("text/html; charset=utf-8")
        .header(header::CONTENT_LANGUAGE, language.tag())
        .header(header::CONTENT_SECURITY_POLICY, POLICY.as_str())
        // The address of a page is a secret.
        .header(header::REFERRER_POLICY, "no-referrer")
        .header(header::CACHE_CONTROL, "no-store")
        .header(HeaderName::from_static("x-robots-tag"), "noindex")
        .body(Body::from_string(text))
}

/// A page that says one thing.
#[derive(Debug, Serialize)]
pub(super) struct Notice {
    pub(super) title: &'static str,
    pub(super) more: &'static str,
}

/// That a secret opens nothing: whether it ever did is not told.
pub(super) fn unknown(reader: &Reader) -> Response {
    let language = reader.language();
    let (title, more) = say::unknown(language);
    let notice = Notice { title, more };
    page(StatusCode::NOT_FOUND, language, "notice.html", &notice)
}

/// That we broke. It is in the log, with the request's id.
pub(super) fn broken(reader: &Reader, fault: &dyn std::error::Error) -> Response {
    tracing::error!(error = %fault, "a page failed");
    let language = reader.language();
    let (title, more) = say::broken(language);
    let notice = Notice { title, more };
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    page(status, language, "notice.html", &notice)
}

/// Goes on to a page of which the address is relative to this one, by GET: to load it again sends no
/// form again.
pub(super) fn go_on(to: &str) -> Response {
    Response::builder()
        .status(StatusCode::SEE_OTHER)
        .header(header::LOCATION, to)
        .header(header::REFERRER_POLICY, "no-referrer")
        .header(header::CACHE_CONTROL, "no-store")
        .finish()
}

/// The bytes of a form; none, if there are too many of them.
pub(super) async fn form(request: &mut Request) -> Option<Vec<u8>> {
    let body = request.take_body().into_bytes_limit(LONGEST_FORM).await;
    body.ok().map(Into::into)
}

/// What a form, or the part of an address behind `?`, says under a name.
pub(super) fn said(form: &[u8], name: &str) -> Option<String> {
    let mut all = url::form_urlencoded::parse(form);
    let found = all.find(|(found, _)| found == name);
    found.map(|(_, value)| value.into_owned())
}
