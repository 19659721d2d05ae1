//! Signing: what is added behind a PDF, which itself stays as it is to the byte.

use std::collections::BTreeMap;
use std::fmt::Write;

use chrono::{DateTime, Utc};
use data_encoding::HEXUPPER;
use sha2::{Digest, Sha256};

use super::PdfFault;
use super::lexer::Item;
use super::structure::{Document, Form};
use crate::certificate::Certificate;
use crate::cms;
use crate::key::{KeyFault, SigningKey};

/// What is said about a signature, in the document and covered by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureFacts {
    /// Who signs, as people say it.
    pub name: String,
    /// What for.
    pub reason: Option<String>,
    /// Where.
    pub location: Option<String>,
    /// When, as we say: nobody else confirms it.
    pub at: DateTime<Utc>,
}

/// Signs a PDF. What comes out begins with what went in, and adds one invisible signature on the first
/// page. The same key, facts and document make the same bytes.
pub fn sign_pdf(pdf: &[u8], key: &SigningKey, facts: &SignatureFacts) -> Result<Vec<u8>, PdfFault> {
    if key.public_key().is_ed25519() {
        return Err(PdfFault::Ed25519);
    }
    let certificate = key.certificate().ok_or(KeyFault::NoCertificate)?;
    certificate.good_at(facts.at)?;
    let document = Document::read(pdf)?;
    let mut addition = Addition::new(pdf);
    let blank = addition.write(&document, key, facts)?;
    addition.seal(&blank, key)
}

/// The document, and behind it what is being added.
struct Addition {
    bytes: Vec<u8>,
    /// Of the document as it was, the first half.
    digest: Vec<u8>,
    /// Where the objects begin that are new or otherwise, by their numbers, with their generations.
    places: BTreeMap<u32, (usize, u16)>,
}

/// What is not known before the rest is written: where each of them begins, and how long it is.
struct Blank {
    ranges: usize,
    contents: usize,
    length: usize,
}

/// As many characters as the ranges of a file with ten digits take.
const RANGES: usize = 40;

impl Addition {
    fn new(pdf: &[u8]) -> Self {
        let mut bytes = pdf.to_vec();
        if !matches!(bytes.last(), Some(b'\n' | b'\r')) {
            bytes.push(b'\n');
        }
        let digest = Sha256::digest(pdf).iter().copied().take(16).collect();
        Self {
            bytes,
            digest,
            places: BTreeMap::new(),
        }
    }

    fn object(&mut self, number: u32, generation: u16, content: &[u8]) {
        self.places.insert(number, (self.bytes.len(), generation));
        self.text(&format!("{number} {generation} obj\n"));
        self.bytes.extend_from_slice(content);
        self.text("\nendobj\n");
    }

    fn text(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn write(
        &mut self,
        document: &Document<'_>,
        key: &SigningKey,
        facts: &SignatureFacts,
    ) -> Result<Blank, PdfFault> {
        let broken = || PdfFault::Unreadable("it has no catalog, or no page");
        if document.trailer.get(b"Encrypt").is_some() {
            return Err(PdfFault::Encrypted);
        }
        let root = document.trailer.get(b"Root").and_then(Item::reference);
        let root = root.ok_or_else(broken)?;
        let catalog = document
            .object(root.0)
            .filter(|found| found.item.is_dictionary())
            .ok_or_else(broken)?;
        if catalog.item.get(b"AcroForm").is_some() {
            return Err(PdfFault::HasForm);
        }
        let (page, generation, found) = document.first_page(&catalog.item).ok_or_else(broken)?;
        let field = document.next_number()?;
        let signature = field + 1;

        let form = format!(" /AcroForm << /Fields [{field} 0 R] /SigFlags 3 >> ");
        self.object(root.0, root.1, &catalog.with(&catalog.item, 2, &form));

        let addition = format!(" {field} 0 R");
        match found.item.get(b"Annots") {
            None => {
                let addition = format!(" /Annots [{field} 0 R] ");
                self.object(page, generation, &found.with(&found.item, 2, &addition));
            }
            Some(annotations) if annotations.array().is_some() => {
                self.object(page, generation, &found.with(annotations, 1, &addition));
            }
            Some(annotations) => {
                let (number, generation) = annotations.reference().ok_or_else(broken)?;
                let found = document.object(number).ok_or_else(broken)?;
                if found.item.array().is_none() {
                    return Err(broken());
                }
                self.object(number, generation, &found.with(&found.item, 1, &addition));
            }
        }

        // Field and widget in one. It has no size, so that PDF/A wants no appearance of it; it prints
        // (as PDF/A wants of all) and is locked.
        let widget = format!(
            "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature) /Rect [0 0 0 0] /F 132 \
             /P {page} {generation} R /V {signature} 0 R >>"
        );
        self.object(field, 0, widget.as_bytes());

        let blank = self.signature(signature, key, facts);
        self.cross_references(document)?;
        Ok(blank)
    }

    /// The dictionary of the signature, with room for what is put in at last.
    fn signature(&mut self, number: u32, key: &SigningKey, facts: &SignatureFacts) -> Blank {
        // Besides certificates and issuer there are some 400 bytes, and a signature of at most 512.
        let issuer = key.certificate().map_or(0, Certificate::issuer_length);
        let certificates: usize = key.chain().iter().map(|one| one.der().len()).sum();
        let room = (certificates + issuer + 1_024).next_multiple_of(64) * 2;
        let mut head =
            "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached".to_owned();
        let _ = write!(head, " /M (D:{})", facts.at.format("%Y%m%d%H%M%SZ"));
        let texts = [
            ("Name", Some(&facts.name)),
            ("Reason", facts.reason.as_ref()),
            ("Location", facts.location.as_ref()),
        ];
        for (key, text) in texts {
            if let Some(text) = text {
                let _ = write!(head, " /{key} <{}>", utf16(text));
            }
        }
        head.push_str(" /ByteRange [");
        let begin = self.bytes.len() + format!("{number} 0 obj\n").len();
        let ranges = begin + head.len();
        let middle = format!("{}] /Contents ", " ".repeat(RANGES));
        let contents = ranges + middle.len();
        let content = format!("{head}{middle}<{}> >>", "0".repeat(room));
        self.object(number, 0, content.as_bytes());
        Blank {
            ranges,
            contents,
            length: room + 2,
        }
    }

    /// The end of the document, in the form that it had.
    fn cross_references(&mut self, document: &Document<'_>) -> Result<(), PdfFault> {
        let start = self.bytes.len();
        let mut size = document.next_number()? + 2;
        if document.form == Form::Stream {
            self.places.insert(size, (start, 0));
            size += 1;
        }
        let mut trailer = format!("/Size {size} /Prev {}", document.start).into_bytes();
        for key in ["Root", "Info"] {
            let object = document.trailer.get(key.as_bytes());
            if let Some((number, generation)) = object.and_then(Item::reference) {
                trailer.extend(format!(" /{key} {number} {generation} R").into_bytes());
            }
        }
        // The first half stays for ever, the second is of this version of the document.
        let new = format!("<{}>", HEXUPPER.encode(&self.digest));
        let old = document.trailer.get(b"ID").and_then(Item::array);
        let old = old.and_then(|halves| halves.first());
        let old = old.and_then(|old| self.bytes.get(old.start..old.end));
        trailer.extend_from_slice(b" /ID [");
        trailer.extend_from_slice(old.unwrap_or(new.as_bytes()));
        trailer.extend(format!(" {new}]").into_bytes());
        match document.form {
            Form::Table => self.table(&trailer)?,
            Form::Stream => self.stream(size - 1, &trailer)?,
        }
        self.text(&format!("startxref\n{start}\n%%EOF\n"));
        Ok(())
    }

    fn table(&mut self, trailer: &[u8]) -> Result<(), PdfFault> {
        let mut table = "xref\n".to_owned();
        for (first, entries) in runs(&self.places) {
            let _ = writeln!(table, "{first} {}", entries.len());
            for (at, generation) in entries {
                if at > 9_999_999_999 {
                    return Err(TOO_LONG);
                }
                let _ = writeln!(table, "{at:010} {generation:05} n ");
            }
        }
        table.push_str("trailer\n<< ");
        self.text(&table);
        self.bytes.extend_from_slice(trailer);
        self.text(" >>\n");
        Ok(())
    }

    fn stream(&mut self, number: u32, trailer: &[u8]) -> Result<(), PdfFault> {
        let mut index = String::new();
        let mut data = Vec::new();
        for (first, entries) in runs(&self.places) {
            let _ = write!(index, "{first} {} ", entries.len());
            for (at, generation) in entries {
                let Ok(at) = u32::try_from(at) else {
                    return Err(TOO_LONG);
                };
                data.push(1);
                data.extend_from_slice(&at.to_be_bytes());
                data.extend_from_slice(&generation.to_be_bytes());
            }
        }
        self.text(&format!(
            "{number} 0 obj\n<< /Type /XRef /W [1 4 2] /Index [{}] /Length {} ",
            index.trim_end(),
            data.len()
        ));
        self.bytes.extend_from_slice(trailer);
        self.text(" >>\nstream\n");
        self.bytes.extend_from_slice(&data);
        self.text("\nendstream\nendobj\n");
        Ok(())
    }

    /// Writes down what is covered, and signs it.
    fn seal(mut self, blank: &Blank, key: &SigningKey) -> Result<Vec<u8>, PdfFault> {
        let behind = blank.contents + blank.length;
        let rest = self.bytes.len().saturating_sub(behind);
        let ranges = format!("0 {} {behind} {rest}", blank.contents);
        if ranges.len() > RANGES {
            return Err(TOO_LONG);
        }
        put(&mut self.bytes, blank.ranges, ranges.as_bytes());
        let mut digest = Sha256::new();
        digest.update(self.bytes.get(..blank.contents).unwrap_or_default());
        digest.update(self.bytes.get(behind..).unwrap_or_default());
        let signature = HEXUPPER.encode(&cms::sign(key, &digest.finalize())?);
        if signature.len() + 2 > blank.length {
            return Err(KeyFault::Refused.into());
        }
        put(&mut self.bytes, blank.contents + 1, signature.as_bytes());
        Ok(self.bytes)
    }
}

const TOO_LONG: PdfFault = PdfFault::Unreadable("it is too long");

/// Writes over what is there.
fn put(bytes: &mut [u8], at: usize, text: &[u8]) {
    for (place, byte) in bytes.iter_mut().skip(at).zip(text) {
        *place = *byte;
    }
}

/// The entries whose numbers follow each other, with the first number.
fn runs(places: &BTreeMap<u32, (usize, u16)>) -> Vec<(u32, Vec<(usize, u16)>)> {
    let mut runs: Vec<(u32, Vec<(usize, u16)>)> = Vec::new();
    let mut next = None;
    for (number, place) in places {
        match runs.last_mut() {
            Some((_, run)) if next == Some(*number) => run.push(*place),
            _ => runs.push((*number, vec![*place])),
        }
        next = Some(number + 1);
    }
    runs
}

/// A text as every reader of PDFs understands it, in hexadecimal: nothing in it can be taken for a
/// part of the document.
fn utf16(text: &str) -> String {
    let mut hexadecimal = "FEFF".to_owned();
    for unit in text.encode_utf16() {
        let _ = write!(hexadecimal, "{unit:04X}");
    }
    hexadecimal
}
