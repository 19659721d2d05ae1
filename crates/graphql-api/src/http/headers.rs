//! What the headers of a request say: which media type is wanted, which languages are read, who calls.

use std::cmp::Reverse;

use poem::http::header::{self, HeaderMap, HeaderName};

/// The media types an answer can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/graphql-response+json`: the status tells whether anything was executed.
    GraphqlResponse,
    /// `application/json`, for clients from before: 200 for whatever was well-formed.
    Json,
}

impl Media {
    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    /// The media type to answer with, or none if the client takes neither.
    ///
    /// Who says nothing, or takes anything, gets `application/json`; who names the newer type and
    /// likes it no less gets that.
    pub(super) fn negotiate(headers: &HeaderMap) -> Option<Self> {
        let ranges = weighted(headers, header::ACCEPT);
        if ranges.is_empty() {
            return joined(headers, header::ACCEPT)
                .trim()
                .is_empty()
                .then_some(Self::Json);
        }
        let (graphql, named) = liking(&ranges, "application/graphql-response+json");
        let (json, _) = liking(&ranges, "application/json");
        if graphql > json || (graphql == json && graphql > 0 && named) {
            Some(Self::GraphqlResponse)
        } else {
            (json > 0).then_some(Self::Json)
        }
    }
}

/// Whether a program asks for JSON where people get a page: it says so by name, and likes no page better.
pub(crate) fn wants_json(headers: &HeaderMap) -> bool {
    let ranges = weighted(headers, header::ACCEPT);
    let named = |media: &str| {
        let mut named = ranges.iter().filter(|range| range.item == media);
        named.next().map_or(0, |range| range.weight)
    };
    let json = named("application/json");
    json > 0 && json > named("text/html")
}

/// How much a media type is liked, in thousandths, and whether it was named in full. The most exact
/// of the ranges that cover it decides.
fn liking(ranges: &[Weighted], media: &str) -> (u16, bool) {
    ranges
        .iter()
        .filter_map(|range| {
            let exactness = match range.item.as_str() {
                "*/*" => 0_u8,
                "application/*" => 1,
                named if named == media => 2,
                _ => return None,
            };
            Some((exactness, range.weight))
        })
        .max()
        .map_or((0, false), |(exactness, weight)| (weight, exactness == 2))
}

/// Whether a body is JSON in UTF-8, not compressed: the only body that is read.
///
/// This is also what keeps other sites out: a browser sends this content type across origins only
/// after asking, and is told no.
pub(super) fn has_json_body(headers: &HeaderMap) -> bool {
    let mut content_types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(content_type), None) = (content_types.next(), content_types.next()) else {
        return false;
    };
    let Ok(content_type) = content_type.to_str() else {
        return false;
    };
    let mut parts = content_type.split(';').map(str::trim);
    parts
        .next()
        .is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"))
        && parts.all(is_utf8_parameter)
        && headers
            .get_all(header::CONTENT_ENCODING)
            .iter()
            .all(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// Whether a parameter of a JSON media type is harmless: any but another character set.
fn is_utf8_parameter(parameter: &str) -> bool {
    match parameter.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
            let value = value.trim().trim_matches('"');
            value.eq_ignore_ascii_case("utf-8") || value.eq_ignore_ascii_case("utf8")
        }
        _ => true,
    }
}

/// An `Authorization` header that holds no bearer token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// The bearer token, if there is an `Authorization` header at all.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Malformed> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = match (values.next(), values.next()) {
        (None, _) => return Ok(None),
        (Some(value), None) => value,
        (Some(_), Some(_)) => return Err(Malformed),
    };
    // A header that is not text has no token in it either: both are the same to the client.
    let text = value.to_str().unwrap_or_default().trim();
    let (scheme, token) = text.split_once(' ').ok_or(Malformed)?;
    let token = token.trim_start();
    let is_token = (1..=512).contains(&token.len())
        && token
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte));
    if scheme.eq_ignore_ascii_case("bearer") && is_token {
        Ok(Some(token))
    } else {
        Err(Malformed)
    }
}

/// The languages of the reader, the dearest first: what `Accept-Language` says. In the data of every
/// GraphQL request; empty if the reader has not said, or takes any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AcceptLanguage(pub Vec<String>);

impl AcceptLanguage {
    /// Nobody reads more languages than this, and each is a question to ask of every title.
    const AT_MOST: usize = 10;

    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut languages = weighted(headers, header::ACCEPT_LANGUAGE);
        languages.retain(|language| {
            language.weight > 0
                && (1..=35).contains(&language.item.len())
                && language
                    .item
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        });
        languages.sort_by_key(|language| Reverse(language.weight));
        Self(
            languages
                .into_iter()
                .take(Self::AT_MOST)
                .map(|language| language.item)
                .collect(),
        )
    }
}

/// Whether an answer may come packed by gzip (RFC 9110, 12.5.3).
pub(super) fn accepts_gzip(headers: &HeaderMap) -> bool {
    let accepted = weighted(headers, header::ACCEPT_ENCODING);
    let weight = |name: &str| {
        let named = accepted.iter().find(|one| one.item == name);
        named.map(|one| one.weight)
    };
    let weight = weight("gzip")
        .or_else(|| weight("x-gzip"))
        .or_else(|| weight("*"));
    weight.is_some_and(|weight| weight > 0)
}

/// One member of a header such as `Accept`, in lower case, with its weight in thousandths.
#[derive(Debug)]
struct Weighted {
    item: String,
    weight: u16,
}

/// The members of such a header that can be understood.
fn weighted(headers: &HeaderMap, name: HeaderName) -> Vec<Weighted> {
    joined(headers, name)
        .split(',')
        .filter_map(|member| {
            let mut parts = member.split(';').map(str::trim);
            let item = parts.next()?.to_ascii_lowercase();
            let mut weight = Some(1_000);
            for parameter in parts {
                match parameter.split_once('=') {
                    Some(("q" | "Q", value)) => weight = thousandths(value.trim()),
                    _ if is_utf8_parameter(parameter) => {}
                    _ => return None,
                }
            }
            (!item.is_empty()).then_some(Weighted {
                item,
                weight: weight?,
            })
        })
        .collect()
}

/// `0`, `1`, `0.5`, `1.000`: at most three digits after the point, and not above one.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction = format!("{fraction:0<3}").parse::<u16>().ok()?;
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(1_000),
        _ => None,
    }
}

fn joined(headers: &HeaderMap, name: HeaderName) -> String {
    let values: Vec<_> = headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    values.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &HeaderName, values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name.clone(), value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn the_media_type_that_is_liked_best_is_chosen() {
        use Media::{GraphqlResponse, Json};
        for (accept, expected) in [
            ("", Some(Json)),
            ("*/*", Some(Json)),
            ("application/*", Some(Json)),
            ("application/json", Some(Json)),
            ("Application/JSON; charset=UTF-8", Some(Json)),
            ("application/graphql-response+json", Some(GraphqlResponse)),
            (
                "application/graphql-response+json; charset=utf-8",
                Some(GraphqlResponse),
            ),
            (
                "application/graphql-response+json, application/json;q=0.9",
                Some(GraphqlResponse),
            ),
            (
                "application/json, application/graphql-response+json",
                Some(GraphqlResponse),
            ),
            (
                "application/json, application/graphql-response+json;q=0.9",
                Some(Json),
            ),
            (
                "application/graphql-response+json;q=0.2, */*;q=0.1",
                Some(GraphqlResponse),
            ),
            ("*/*, application/json;q=0", Some(GraphqlResponse)),
            ("text/html, */*;q=0.8", Some(Json)),
            ("application/json;q=0", None),
            ("application/json; charset=latin1", None),
            ("text/html", None),
            ("text/event-stream", None),
        ] {
            assert_eq!(
                Media::negotiate(&headers(&header::ACCEPT, &[accept])),
                expected,
                "{accept}"
            );
        }
        assert_eq!(Media::negotiate(&HeaderMap::new()), Some(Json));
        let two = headers(
            &header::ACCEPT,
            &["text/html", "application/graphql-response+json"],
        );
        assert_eq!(Media::negotiate(&two), Some(GraphqlResponse));
    }

    #[test]
    fn who_asks_for_json_says_so() {
        for (accept, expected) in [
            ("", false),
            ("*/*", false),
            ("application/json", true),
            ("application/json;q=0", false),
            ("application/json, text/plain, */*", true),
            ("text/html, application/json;q=0.9", false),
            ("text/html;q=0.8, application/json", true),
            (
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                false,
            ),
        ] {
            let headers = headers(&header::ACCEPT, &[accept]);
            assert_eq!(wants_json(&headers), expected, "{accept}");
        }
    }

    #[test]
    fn languages_are_ordered_by_how_well_they_are_read() {
        let said = headers(
            &header::ACCEPT_LANGUAGE,
            &["fr;q=0.5, en-GB, *;q=0.1", "de;q=0.8, x;q=0, <b>"],
        );
        assert_eq!(AcceptLanguage::of(&said).0, ["en-gb", "de", "fr"]);
        assert_eq!(
            AcceptLanguage::of(&HeaderMap::new()),
            AcceptLanguage::default()
        );
    }

    #[test]
    fn only_a_bearer_token_is_a_credential() {
        let of = |values: &[&str]| {
            bearer(&headers(&header::AUTHORIZATION, values)).map(|token| token.map(str::to_owned))
        };
        assert_eq!(of(&[]), Ok(None));
        assert_eq!(of(&["Bearer a.b-c_1="]), Ok(Some("a.b-c_1=".to_owned())));
        assert_eq!(of(&["bearer   a"]), Ok(Some("a".to_owned())));
        for bad in [
            "",
            "Bearer",
            "Bearer ",
            "Basic YTpi",
            "Bearer a b",
            "Bearer \"a\"",
            "a",
        ] {
            assert_eq!(of(&[bad]), Err(Malformed), "{bad}");
        }
        assert_eq!(of(&["Bearer a", "Bearer b"]), Err(Malformed));
    }
}
