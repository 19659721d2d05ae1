//! Verifying: whether a PDF that a stranger hands in is one that we signed, and unchanged.
//!
//! The structure of the document is of no concern: a signature of ours covers every byte but its own
//! place, which holds one row of hexadecimal digits and nothing else. So there is nothing to be
//! misunderstood, and nothing to be put where it is not looked at.

use std::ops::Range;

use data_encoding::{HEXUPPER, HEXUPPER_PERMISSIVE};
use sha2::{Digest, Sha256};

use super::lexer::{Lexer, is_space};
use crate::certificate::Certificate;
use crate::cms;

/// What is to be said of a PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// There is no signature in it.
    NotSigned,
    /// Signed by a key of ours, and since then unchanged.
    Whole {
        /// The certificate that the signature names.
        signer: Certificate,
    },
    /// Signed by a key of ours; since then something was put behind it, or otherwise. So it is as well
    /// where somebody puts a signature of ours into another document.
    Changed {
        /// The certificate that the signature names.
        signer: Certificate,
    },
    /// Signed by somebody whom we do not know. Whether it is whole was not looked at.
    SomebodyElse {
        /// The certificate that the signature names; anybody can make one with any name.
        signer: Certificate,
    },
    /// There is a signature, and it cannot be read: damaged, or of a kind that we do not write.
    Unreadable,
}

/// The most signatures that are looked at, from the last one on.
const SIGNATURES: usize = 16;
/// The longest signature, in hexadecimal digits.
const LONGEST: usize = 1 << 20;

/// Says whether a PDF is signed by one of the keys that these certificates speak of, and unchanged.
/// Give all that were ever in use: that a certificate has expired does not matter. The certificates of
/// those who vouch for the signer come with the signature, are not covered by it, and prove nothing here.
pub fn verify_pdf(pdf: &[u8], trusted: &[Certificate]) -> Verdict {
    const WORD: &[u8] = b"/ByteRange";
    let found = pdf
        .windows(WORD.len())
        .enumerate()
        .rev()
        .filter(|(_, window)| *window == WORD)
        .take(SIGNATURES)
        .map(|(at, _)| judge(pdf, at + WORD.len(), trusted));
    // The best that can be said of any.
    found
        .max_by_key(|verdict| match verdict {
            Verdict::NotSigned => 0,
            Verdict::Unreadable => 1,
            Verdict::SomebodyElse { .. } => 2,
            Verdict::Changed { .. } => 3,
            Verdict::Whole { .. } => 4,
        })
        .unwrap_or(Verdict::NotSigned)
}

/// Judges by the signature whose ranges stand at a place.
fn judge(pdf: &[u8], at: usize, trusted: &[Certificate]) -> Verdict {
    let ranges = ranges(pdf, at);
    let contents = match &ranges {
        Some(ranges) => pdf.get(ranges.gap.clone()),
        None => contents_behind(pdf, at),
    };
    let Some((der, is_plain)) = contents.and_then(decode) else {
        return Verdict::Unreadable;
    };
    let Some(signature) = cms::read(&der) else {
        return Verdict::Unreadable;
    };
    let key = signature.signer.public_key();
    let is_ours = key.is_ok() && trusted.iter().any(|one| one.public_key() == key);
    if !is_ours {
        return Verdict::SomebodyElse {
            signer: signature.signer,
        };
    }
    let is_whole = is_plain
        && ranges.is_some_and(|ranges| ranges.cover(pdf, &signature.digest))
        && signature.is_good(&der);
    let signer = signature.signer;
    if is_whole {
        Verdict::Whole { signer }
    } else {
        Verdict::Changed { signer }
    }
}

/// What a signature says that it covers.
struct Ranges {
    /// What is left out: the value of one key.
    gap: Range<usize>,
    /// Where that which is covered ends.
    end: usize,
}

/// The ranges that stand at a place, where they begin with the document and leave out the contents of
/// a signature.
fn ranges(pdf: &[u8], at: usize) -> Option<Ranges> {
    let mut lexer = Lexer::new(pdf, at);
    if !lexer.word(b"[") {
        return None;
    }
    let mut next = || usize::try_from(lexer.number()?).ok();
    let (zero, before, behind, rest) = (next()?, next()?, next()?, next()?);
    if !lexer.word(b"]") || zero != 0 || before >= behind || behind > pdf.len() {
        return None;
    }
    let head = pdf.get(..before)?;
    let spaces = head.iter().rev().take_while(|byte| is_space(**byte));
    let head = head.get(..before.checked_sub(spaces.count())?)?;
    head.ends_with(b"/Contents").then_some(Ranges {
        gap: before..behind,
        end: behind.checked_add(rest)?,
    })
}

impl Ranges {
    /// Whether all of the document is covered, and has this digest.
    fn cover(&self, pdf: &[u8], digest: &[u8]) -> bool {
        let mut covered = Sha256::new();
        covered.update(pdf.get(..self.gap.start).unwrap_or_default());
        covered.update(pdf.get(self.gap.end..).unwrap_or_default());
        self.end == pdf.len() && covered.finalize().as_slice() == digest
    }
}

/// The contents of a signature whose ranges cannot be believed: what was put behind them.
fn contents_behind(pdf: &[u8], at: usize) -> Option<&[u8]> {
    const WORD: &[u8] = b"/Contents";
    let near = pdf.get(at..)?;
    let near = near.get(..near.len().min(512))?;
    let found = near.windows(WORD.len()).position(|window| window == WORD)?;
    let rest = pdf.get(at + found + WORD.len()..)?.trim_ascii_start();
    let end = rest.iter().take(LONGEST).position(|byte| *byte == b'>')?;
    rest.get(..=end)
}

/// The bytes between the angle brackets, without the nothing that fills them up; and whether they are
/// written as we write them.
fn decode(contents: &[u8]) -> Option<(Vec<u8>, bool)> {
    let digits = contents.strip_prefix(b"<")?.strip_suffix(b">")?;
    if digits.len() > LONGEST {
        return None;
    }
    let mut der = HEXUPPER_PERMISSIVE.decode(digits).ok()?;
    let is_plain = HEXUPPER.encode(&der).as_bytes() == digits;
    let length = length(&der)?;
    let is_filled_up = der.get(length..)?.iter().all(|byte| *byte == 0);
    der.truncate(length);
    Some((der, is_plain && is_filled_up))
}

/// How long a sequence says that it is (X.690, 8.1), with what says so.
fn length(der: &[u8]) -> Option<usize> {
    let (tag, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    if *tag != 0x30 {
        return None;
    }
    let first = usize::from(*first);
    if first < 0x80 {
        return first.checked_add(2);
    }
    let many = first - 0x80;
    if many == 0 || many > 4 {
        return None;
    }
    let content = rest
        .get(..many)?
        .iter()
        .fold(0_usize, |length, byte| (length << 8) | usize::from(*byte));
    content.checked_add(2 + many)
}
