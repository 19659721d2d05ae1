//! What is read again and again and seldom changes, sent so that it costs little: with a strong `ETag`, small
//! to who takes it small, and not at all to who has it (RFC 9110, 8.8 and 13).

use std::io::Write as _;

use chrono::{DateTime, Utc};
use data_encoding::BASE64URL_NOPAD;
use flate2::Compression;
use flate2::write::GzEncoder;
use poem::http::header::{self, HeaderMap};
use poem::http::{HeaderValue, StatusCode};
use poem::{Body, Response};
use sha2::{Digest as _, Sha256};

use super::headers::accepts_gzip;

/// Under this it is not worth the while.
const WORTH_PACKING: usize = 1_000;

/// A thing as it is sent.
#[derive(Debug)]
pub(crate) struct Representation {
    /// All of it.
    pub(crate) bytes: Vec<u8>,
    /// What it is.
    pub(crate) content_type: &'static str,
    /// When it was changed last. Told, and never asked for: what changes within a second, or without
    /// anybody noting when, would be missed by it, and the `ETag` misses nothing.
    pub(crate) modified: Option<DateTime<Utc>>,
    /// Who may keep it, and for how long.
    pub(crate) cache: &'static str,
    /// Under which name it is saved, if it is to be: letters, digits, hyphens and points.
    pub(crate) saved_as: Option<String>,
}

impl Representation {
    /// The answer to whoever asks for it with these headers.
    pub(crate) fn answer(self, asked: &HeaderMap) -> Response {
        let digest = Sha256::digest(&self.bytes);
        let digest = digest.iter().copied().take(16).collect::<Vec<_>>();
        let digest = BASE64URL_NOPAD.encode(&digest);
        let packed = (self.bytes.len() >= WORTH_PACKING && accepts_gzip(asked))
            .then(|| packed(&self.bytes))
            .flatten();
        // Other bytes have another strong tag.
        let tags = [format!("\"{digest}\""), format!("\"{digest}.gz\"")];
        let [plain, small] = &tags;
        let tag = if packed.is_some() { small } else { plain };
        let is_known = is_known(asked, &tags);

        let mut answer = Response::builder()
            .header(header::ETAG, tag)
            .header(header::CACHE_CONTROL, self.cache)
            .header(header::VARY, "Accept-Encoding")
            .finish();
        let headers = answer.headers_mut();
        if let Some(modified) = self.modified {
            let modified = modified.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
            insert(headers, header::LAST_MODIFIED, &modified);
        }
        if is_known {
            answer.set_status(StatusCode::NOT_MODIFIED);
            return answer;
        }
        insert(headers, header::CONTENT_TYPE, self.content_type);
        if let Some(name) = self.saved_as {
            let saved = format!("attachment; filename=\"{name}\"");
            insert(headers, header::CONTENT_DISPOSITION, &saved);
        }
        if packed.is_some() {
            insert(headers, header::CONTENT_ENCODING, "gzip");
        }
        let bytes = packed.unwrap_or(self.bytes);
        // Also of an answer to HEAD, which is sent without them.
        insert(headers, header::CONTENT_LENGTH, &bytes.len().to_string());
        answer.set_body(Body::from_vec(bytes));
        answer
    }
}

/// What is no header is left out: it never is.
pub(crate) fn insert(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// Whether the client has what goes by one of these tags.
pub(crate) fn is_known(asked: &HeaderMap, tags: &[String]) -> bool {
    known(asked).any(|one| one == "*" || tags.iter().any(|tag| one == *tag))
}

/// The tags of what the client has. Weak ones are good for this as well (RFC 9110, 13.1.2).
fn known(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let values = headers.get_all(header::IF_NONE_MATCH).iter();
    let values = values.filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(','))
        .map(|tag| tag.trim().trim_start_matches("W/"))
}

fn packed(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).ok()?;
    packed.finish().ok()
}
