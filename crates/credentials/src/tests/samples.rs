//! Keys, moments and documents for the tests.

use std::fmt::Write as _;
use std::io::Write as _;

use chrono::{DateTime, TimeZone, Utc};
use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::{SignatureFacts, SigningKey};

pub(super) const RSA: &str = include_str!("../../tests/keys/rsa.pem");
pub(super) const P256: &str = include_str!("../../tests/keys/p256.pem");
/// A letter that typst wrote, and the same with streams of objects.
pub(super) const LETTER: &[u8] = include_bytes!("../../tests/pdfs/letter.pdf");
pub(super) const LETTER_STREAMS: &[u8] = include_bytes!("../../tests/pdfs/letter-streams.pdf");

pub(super) fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2027, 3, 1, 9, 30, 0).unwrap()
}

pub(super) fn key(pem: &str) -> SigningKey {
    SigningKey::from_pem(pem, now()).unwrap()
}

pub(super) fn demo() -> SigningKey {
    SigningKey::self_signed("Example University", now(), &[7; 32]).unwrap()
}

pub(super) fn facts() -> SignatureFacts {
    SignatureFacts {
        name: "Example University 示例大学".to_owned(),
        reason: Some("Letter HY-2027-000123 (issued) /ByteRange [0 1 2 3]".to_owned()),
        location: None,
        at: now(),
    }
}

const CATALOG: &str = "<< /Type /Catalog /Pages 2 0 R >>";
const PAGES: &str = "<</Type/Pages/Kids[3 0 R]/Count 1>>";
const CONTENT: &str =
    "<< /Length 44 >>\nstream\nBT /F1 12 Tf 20 100 Td (To whom it concerns) Tj ET\nendstream";

/// A page, with what it has of annotations.
fn page(annotations: &str) -> String {
    format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R\n\
         /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> {annotations} >>"
    )
}

/// A small PDF with a table of cross-references, as it was in the beginning.
pub(super) fn with_table(annotations: &str, more: &[&str]) -> Vec<u8> {
    let page = page(annotations);
    let mut objects = vec![CATALOG, PAGES, &page, CONTENT];
    objects.extend(more);
    let mut pdf = "%PDF-1.4\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in (1..).zip(&objects) {
        writeln!(table, "{:010} 00000 n ", pdf.len()).unwrap();
        write!(pdf, "{number} 0 obj\n{object}\nendobj\n").unwrap();
    }
    let start = pdf.len();
    let size = objects.len() + 1;
    // Not a line feed at the end: some programs leave it out.
    write!(
        pdf,
        "{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF"
    )
    .unwrap();
    pdf.into_bytes()
}

/// The same PDF with a stream of objects, and a stream of cross-references that PNG made smaller.
pub(super) fn with_streams(annotations: &str, more: &[&str]) -> Vec<u8> {
    let page = page(annotations);
    // Those that may be within a stream; the content is a stream itself.
    let mut objects = vec![(1, CATALOG), (2, PAGES), (3, page.as_str())];
    objects.extend((5..).zip(more.iter().copied()));
    let (mut index, mut bodies) = (String::new(), String::new());
    for (number, object) in &objects {
        write!(index, "{number} {} ", bodies.len()).unwrap();
        bodies.push_str(object);
        bodies.push('\n');
    }
    let (first, many) = (index.len(), objects.len());
    let container = 5 + more.len();
    let mut pdf = b"%PDF-1.5\n".to_vec();
    let content = pdf.len();
    write!(pdf, "4 0 obj\n{CONTENT}\nendobj\n").unwrap();
    let packed = zlib(format!("{index}{bodies}").as_bytes());
    let stream = pdf.len();
    let length = packed.len();
    write!(
        pdf,
        "{container} 0 obj\n<< /Type /ObjStm /N {many} /First {first} /Length {length} /Filter /FlateDecode >>\nstream\r\n"
    )
    .unwrap();
    pdf.extend(&packed);
    pdf.extend(b"\nendstream\nendobj\n");
    let start = pdf.len();
    let size = container + 2;
    let mut rows = Vec::new();
    for number in 0..size {
        let within = objects.iter().position(|(other, _)| *other == number);
        let (kind, middle, last) = match (number, within) {
            (0, _) => (0, 0, 255),
            (_, Some(within)) => (2, container, within),
            (4, _) => (1, content, 0),
            (number, _) if number == container => (1, stream, 0),
            _ => (1, start, 0),
        };
        let middle = u16::try_from(middle).unwrap().to_be_bytes();
        rows.push([kind, middle[0], middle[1], u8::try_from(last).unwrap()]);
    }
    let mut predicted = Vec::new();
    let mut above = [0_u8; 4];
    for (kind, row) in [2, 1, 4, 3, 0].into_iter().cycle().zip(&rows) {
        predicted.push(kind);
        for column in 0..4 {
            let left = if column == 0 { 0 } else { row[column - 1] };
            let corner = if column == 0 { 0 } else { above[column - 1] };
            let up = above[column];
            let estimate = i32::from(left) + i32::from(up) - i32::from(corner);
            let nearest = [left, up, corner]
                .into_iter()
                .min_by_key(|other| (estimate - i32::from(*other)).abs())
                .unwrap();
            let guess = match kind {
                1 => left,
                2 => up,
                3 => u8::try_from(u16::midpoint(u16::from(left), u16::from(up))).unwrap(),
                4 => nearest,
                _ => 0,
            };
            predicted.push(row[column].wrapping_sub(guess));
        }
        above = *row;
    }
    let packed = zlib(&predicted);
    let number = size - 1;
    let length = packed.len();
    write!(
        pdf,
        "{number} 0 obj\n<< /Type /XRef /Size {size} /W [1 2 1] /Root 1 0 R /ID [<AB12><CD34>] /Length {length}\n\
         /Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 4 >> >>\nstream\n"
    )
    .unwrap();
    pdf.extend(&packed);
    write!(pdf, "\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").unwrap();
    pdf
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
