//! Logos, seals and signatures as pictures.

use thiserror::Error;
use typst::foundations::Bytes;
use typst::visualize::{ExchangeFormat, RasterImage, SvgImage};

/// A logo, a seal or a signature as a picture. A picture of a seal proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Picture {
    bytes: Bytes,
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Format {
    Png,
    Jpeg,
    Svg,
}

/// Why something is not taken as a picture.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PictureError {
    /// Neither PNG nor JPEG nor SVG.
    #[error("the picture is neither PNG nor JPEG nor SVG")]
    UnknownFormat,
    /// More bytes or pixels than anyone would print.
    #[error(
        "the picture has more than {} bytes or {} pixels",
        Picture::LARGEST,
        Picture::MOST_PIXELS
    )]
    TooLarge,
    /// It has a format and cannot be read.
    #[error("the picture cannot be read: {0}")]
    Broken(String),
}

/// Whether a drawing is made of lines and words alone. Pictures and filters within it are unpacked only when
/// it is printed, without a limit, and a few bytes of them may stand for gigabytes.
fn is_plain(svg: &[u8]) -> Result<(), PictureError> {
    const REFUSED: [&str; 5] = ["image", "feImage", "filter", "foreignObject", "script"];
    let broken = |why: String| PictureError::Broken(why);
    let text = std::str::from_utf8(svg).map_err(|_not_utf8| broken("it is not UTF-8".into()))?;
    let read = roxmltree::Document::parse(text).map_err(|error| broken(error.to_string()))?;
    match read
        .descendants()
        .map(|node| node.tag_name().name())
        .find(|name| REFUSED.contains(name))
    {
        Some(name) => Err(broken(format!("<{name}> is not taken in a drawing"))),
        None => Ok(()),
    }
}

impl Picture {
    /// The most bytes that a picture may have.
    pub const LARGEST: usize = 4 * 1024 * 1024;

    /// The most pixels: a few bytes may stand for gigabytes of one colour.
    pub const MOST_PIXELS: u64 = 40_000_000;

    /// A picture from a file's bytes: PNG, JPEG or SVG.
    pub fn new(bytes: Vec<u8>) -> Result<Self, PictureError> {
        if bytes.len() > Self::LARGEST {
            return Err(PictureError::TooLarge);
        }
        let format = format(&bytes).ok_or(PictureError::UnknownFormat)?;
        if pixels(format, &bytes).is_some_and(|pixels| pixels > Self::MOST_PIXELS) {
            return Err(PictureError::TooLarge);
        }
        let bytes = Bytes::new(bytes);
        let raster = |kind| {
            RasterImage::plain(bytes.clone(), kind)
                .map_err(|error| PictureError::Broken(error.to_string()))
                .map(drop)
        };
        match format {
            Format::Png => raster(ExchangeFormat::Png)?,
            Format::Jpeg => raster(ExchangeFormat::Jpg)?,
            Format::Svg => {
                is_plain(&bytes)?;
                SvgImage::new(bytes.clone())
                    .map_err(|_unnamed| PictureError::Broken("it is no drawing".into()))?;
            }
        }
        Ok(Self { bytes, format })
    }

    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// What it is, as a media type.
    pub fn media_type(&self) -> &'static str {
        match self.format {
            Format::Png => "image/png",
            Format::Jpeg => "image/jpeg",
            Format::Svg => "image/svg+xml",
        }
    }

    pub(crate) fn extension(&self) -> &'static str {
        match self.format {
            Format::Png => "png",
            Format::Jpeg => "jpg",
            Format::Svg => "svg",
        }
    }
}

fn format(bytes: &[u8]) -> Option<Format> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some(Format::Png);
    }
    if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        return Some(Format::Jpeg);
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let looks = text.starts_with("<svg") || (text.starts_with("<?xml") && text.contains("<svg"));
    looks.then_some(Format::Svg)
}

/// How many pixels a picture says that it has.
fn pixels(format: Format, bytes: &[u8]) -> Option<u64> {
    match format {
        Format::Svg => None,
        Format::Png => {
            let side = |at| {
                let four: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
                Some(u64::from(u32::from_be_bytes(four)))
            };
            side(16)?.checked_mul(side(20)?)
        }
        Format::Jpeg => {
            let two = |at: usize| {
                let two: [u8; 2] = bytes.get(at..at + 2)?.try_into().ok()?;
                Some(u16::from_be_bytes(two))
            };
            // From segment to segment until the one that begins a frame.
            let mut at = 2;
            loop {
                let marker = two(at)?;
                if matches!(marker, 0xFFC0..=0xFFCF) && !matches!(marker, 0xFFC4 | 0xFFC8 | 0xFFCC)
                {
                    return Some(u64::from(two(at + 5)?) * u64::from(two(at + 7)?));
                }
                at += 2 + usize::from(two(at + 2)?);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_known_by_what_it_is() {
        let unknown = Picture::new(b"GIF89a".to_vec());
        assert_eq!(unknown.unwrap_err(), PictureError::UnknownFormat);
        let broken = Picture::new(b"\x89PNG\r\n\x1a\nnothing".to_vec());
        assert!(matches!(broken.unwrap_err(), PictureError::Broken(_)));
        let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>"#;
        assert_eq!(Picture::new(svg.into()).unwrap().extension(), "svg");
        assert!(Picture::new(b"<svg".to_vec()).is_err());
    }

    #[test]
    fn a_picture_of_gigabytes_is_refused_before_it_is_unpacked() {
        let mut png = include_bytes!("tests/pictures/dot.png").to_vec();
        assert_eq!(pixels(Format::Png, &png), Some(64));
        png[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
        png[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
        assert_eq!(Picture::new(png).unwrap_err(), PictureError::TooLarge);
        let jpeg = include_bytes!("tests/pictures/dot.jpg");
        assert_eq!(pixels(Format::Jpeg, jpeg), Some(64));
    }
}
