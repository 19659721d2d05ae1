//! The square that a telephone reads.

use std::fmt::Write as _;

use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};

/// Modules that stay white around the code, so that a reader finds it (ISO/IEC 18004).
const QUIET: i32 = 4;

/// An address as a drawing: error correction of level M, a quiet zone of four modules. None where it
/// is too long.
pub(crate) fn drawn(address: &str) -> Option<String> {
    let segments = QrSegment::make_segments(address);
    let code = QrCode::encode_segments_advanced(
        &segments,
        QrCodeEcc::Medium,
        Version::MIN,
        Version::MAX,
        None::<Mask>,
        false,
    )
    .ok()?;
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        let mut x = 0;
        while x < size {
            let start = x;
            while x < size && code.get_module(x, y) {
                x += 1;
            }
            if x > start {
                let (left, top, run) = (start + QUIET, y + QUIET, x - start);
                // Writing to a string does not fail.
                let _ = write!(path, "M{left} {top}h{run}v1h-{run}z");
            }
            x += 1;
        }
    }
    let whole = size + 2 * QUIET;
    Some(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{whole}" viewBox="0 0 {whole} {whole}"><path d="M0 0h{whole}v{whole}h-{whole}z" fill="#fff"/><path d="{path}" fill="#000"/></svg>"##
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_none() {
        assert!(drawn("https://convoke.example.org/verify/7H3KQ2").is_some());
        assert!(drawn(&"long".repeat(1_000)).is_none());
    }
}
