//! The page on which somebody says that they want no more mail, and takes it back. The programs of
//! providers say it for them, in one go (RFC 8058).

use domain::access::Guest;
use domain::message::SuppressionReason;
use persistence::{Fault, Leaving, MailSecret, Store};
use poem::http::{StatusCode, header};
use poem::{Request, Response, Result};
use serde::Serialize;
use words::Language;

use super::html::{Reader, broken, form, go_on, page, said, unknown};
use super::{Pages, say};

/// Shows the page. Mail goes on: programs look at links that nobody has pressed.
pub(super) async fn show(pages: Pages, request: Request) -> Result<Response> {
    let secret: String = request.path_params()?;
    let reader = Reader::of(request.headers());
    Ok(match asked(&pages.store, &secret).await {
        Ok(Some((_, leaving))) => shown(StatusCode::OK, &leaving, &secret, &reader),
        Ok(None) => unknown(&reader),
        Err(fault) => broken(&reader, &fault),
    })
}

/// No more mail, or mail again.
pub(super) async fn take(pages: Pages, mut request: Request) -> Result<Response> {
    let secret: String = request.path_params()?;
    let reader = Reader::of(request.headers());
    let (guest, leaving) = match asked(&pages.store, &secret).await {
        Ok(Some(asked)) => asked,
        Ok(None) => return Ok(unknown(&reader)),
        Err(fault) => return Ok(broken(&reader, &fault)),
    };
    let sent = form(&mut request).await.unwrap_or_default();
    let wish = Wish::in_form(&sent);
    let done = match wish {
        Some(Wish::NoMore | Wish::NoMoreAtOnce) => pages.store.leave(&guest).await,
        Some(Wish::Again) => pages.store.come_back(&guest).await,
        None => return Ok(shown(StatusCode::BAD_REQUEST, &leaving, &secret, &reader)),
    };
    Ok(match (done, wish) {
        (Err(fault), _) => broken(&reader, &fault),
        // A program asked: it wants to hear that it is done, and goes nowhere (RFC 8058, 3.1).
        (Ok(()), Some(Wish::NoMoreAtOnce)) => Response::builder()
            .header(header::CACHE_CONTROL, "no-store")
            .content_type("text/plain; charset=utf-8")
            .body("No more mail.\n"),
        (Ok(()), _) => go_on(&secret),
    })
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    /// By a person.
    NoMore,
    /// By a program.
    NoMoreAtOnce,
    /// Mail again.
    Again,
}

impl Wish {
    /// What a form asks for: ours, or that of a program, which may come in parts as well
    /// (`multipart/form-data`).
    fn in_form(form: &[u8]) -> Option<Self> {
        match said(form, "mail").as_deref() {
            Some("none") => return Some(Self::NoMore),
            Some("again") => return Some(Self::Again),
            _ => {}
        }
        let text = String::from_utf8_lossy(form);
        let is_one_click = text.contains("List-Unsubscribe") && text.contains("One-Click");
        is_one_click.then_some(Self::NoMoreAtOnce)
    }
}

async fn asked(store: &Store, secret: &str) -> Result<Option<(Guest, Leaving)>, Fault> {
    let Some(guest) = store.holder_of(secret, MailSecret::Leave).await? else {
        return Ok(None);
    };
    let leaving = store.leaving(&guest).await?;
    Ok(leaving.map(|leaving| (guest, leaving)))
}

#[derive(Serialize)]
struct LeavePage<'a> {
    title: &'static str,
    more: String,
    form: Option<LeaveForm<'a>>,
}

#[derive(Serialize)]
struct LeaveForm<'a> {
    action: &'a str,
    value: &'static str,
    is_main: bool,
    words: &'static str,
}

fn shown(status: StatusCode, leaving: &Leaving, secret: &str, reader: &Reader) -> Response {
    let language = Language::best_for(&reader.wishes(&leaving.language));
    let office = &leaving.office;
    let form = |value, is_main, words| {
        Some(LeaveForm {
            action: secret,
            value,
            is_main,
            words,
        })
    };
    let written = match (&leaving.address, leaving.suppressed) {
        (None, _) => LeavePage {
            title: say::left(language),
            more: say::no_address(language, office),
            form: None,
        },
        (Some(address), None) => LeavePage {
            title: say::leave(language),
            more: say::what_leaving_does(language, office, &hidden(address)),
            form: form("none", true, say::leave_button(language)),
        },
        (Some(address), Some(reason)) => LeavePage {
            title: say::left(language),
            more: say::what_left_means(language, office, &hidden(address)),
            form: match reason {
                SuppressionReason::Unsubscribed => form("again", false, say::come_back(language)),
                // That is not theirs to take back.
                SuppressionReason::Unknown
                | SuppressionReason::Bounced
                | SuppressionReason::Organiser => None,
            },
        },
    };
    page(status, language, "leave.html", &written)
}

/// An address that the one whose it is knows again, and nobody else learns.
fn hidden(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((name, domain)) => {
            let first: String = name.chars().take(1).collect();
            format!("{first}…@{domain}")
        }
        None => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_ask_in_two_ways_and_people_by_buttons() {
        let parts = "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\n\
                     One-Click\r\n--b--\r\n";
        for (form, wish) in [
            ("List-Unsubscribe=One-Click", Some(Wish::NoMoreAtOnce)),
            (parts, Some(Wish::NoMoreAtOnce)),
            ("mail=none", Some(Wish::NoMore)),
            ("mail=again", Some(Wish::Again)),
            ("mail=", None),
            ("", None),
        ] {
            assert_eq!(Wish::in_form(form.as_bytes()), wish, "{form}");
        }
    }

    #[test]
    fn an_address_is_not_given_away() {
        assert_eq!(hidden("ada@example.org"), "a…@example.org");
        assert_eq!(hidden("nothing"), "…");
    }
}
