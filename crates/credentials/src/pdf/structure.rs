//! Where the objects of a PDF are: tables and streams of cross-references, and streams of objects
//! (ISO 32000-2, 7.5).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use flate2::read::ZlibDecoder;

use super::PdfFault;
use super::lexer::{Item, Lexer};

/// The most that a stream of cross-references or objects may unfold to.
const LARGEST: u64 = 64 * 1024 * 1024;
/// How many times a document may have been added to.
const SECTIONS: usize = 256;
/// How deep pages may lie in each other.
const DEEPEST: usize = 64;

/// A PDF, as far as it must be known to add something to it.
pub(super) struct Document<'a> {
    bytes: &'a [u8],
    places: BTreeMap<u32, Place>,
    /// The newest trailer.
    pub(super) trailer: Item,
    /// Where the newest cross-references begin.
    pub(super) start: usize,
    /// How they are written; what is added must be written likewise.
    pub(super) form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Table,
    Stream,
}

#[derive(Debug, Clone, Copy)]
enum Place {
    Free,
    At(usize),
    In { stream: u32, index: usize },
}

/// An object, and the bytes that it stands in: those of the document, or of a stream of objects.
pub(super) struct Found<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    pub(super) item: Item,
}

impl Found<'_> {
    /// The object as it is written, with something put before its last so many bytes.
    pub(super) fn with(&self, item: &Item, tail: usize, addition: &str) -> Vec<u8> {
        let at = item.end.saturating_sub(tail);
        let part = |from, to| self.bytes.get(from..to).unwrap_or_default();
        let mut written = part(self.item.start, at).to_vec();
        written.extend_from_slice(addition.as_bytes());
        written.extend_from_slice(part(at, self.item.end));
        written
    }
}

const BROKEN: PdfFault = PdfFault::Unreadable("its cross-references are broken");

impl<'a> Document<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, PdfFault> {
        if !bytes.starts_with(b"%PDF-") {
            return Err(PdfFault::Unreadable("it does not begin as one"));
        }
        let start = start(bytes).ok_or(PdfFault::Unreadable("it does not end as one"))?;
        let mut places = BTreeMap::new();
        let (form, trailer) = section(bytes, start, &mut places).ok_or(BROKEN)?;
        let mut seen = BTreeSet::from([start]);
        let mut waiting = before(&trailer);
        while let Some(next) = waiting.pop() {
            if !seen.insert(next) || seen.len() > SECTIONS {
                return Err(BROKEN);
            }
            let (_, older) = section(bytes, next, &mut places).ok_or(BROKEN)?;
            waiting.extend(before(&older));
        }
        Ok(Self {
            bytes,
            places,
            trailer,
            start,
            form,
        })
    }

    /// The first number that no object has.
    pub(super) fn next_number(&self) -> Result<u32, PdfFault> {
        let size = self.trailer.get(b"Size").and_then(Item::size);
        let size = size.and_then(|size| u32::try_from(size).ok());
        let last = self.places.keys().next_back().copied().unwrap_or(0);
        let next = size.unwrap_or(0).max(last.saturating_add(1));
        // PDF/A allows 8,388,607 objects.
        if next < 8_388_000 {
            Ok(next)
        } else {
            Err(BROKEN)
        }
    }

    /// An object.
    pub(super) fn object(&self, number: u32) -> Option<Found<'a>> {
        match self.places.get(&number)? {
            Place::Free => None,
            Place::At(at) => Some(Found {
                item: indirect(self.bytes, *at, Some(number))?.1,
                bytes: Cow::Borrowed(self.bytes),
            }),
            Place::In { stream, index } => {
                let Some(Place::At(at)) = self.places.get(stream) else {
                    return None;
                };
                let (mut lexer, head) = indirect(self.bytes, *at, Some(*stream))?;
                let length = self.length(&head)?;
                let data = data(self.bytes, &mut lexer, &head, length)?;
                let at = within(&data, &head, number, *index)?;
                let item = Lexer::new(&data, at).item()?;
                Some(Found {
                    bytes: Cow::Owned(data),
                    item,
                })
            }
        }
    }

    /// The length of a stream, which may be an object of its own, outside of streams.
    fn length(&self, head: &Item) -> Option<usize> {
        let length = head.get(b"Length")?;
        match length.reference() {
            None => length.size(),
            Some((number, _)) => match self.places.get(&number)? {
                Place::At(at) => indirect(self.bytes, *at, Some(number))?.1.size(),
                Place::Free | Place::In { .. } => None,
            },
        }
    }

    /// The first page: its number, its generation and itself.
    pub(super) fn first_page(&self, catalog: &Item) -> Option<(u32, u16, Found<'a>)> {
        let mut next = catalog.get(b"Pages")?.reference()?;
        for _ in 0..DEEPEST {
            let found = self.object(next.0)?;
            match found.item.get(b"Kids") {
                None => {
                    return found
                        .item
                        .is_dictionary()
                        .then_some((next.0, next.1, found));
                }
                Some(kids) => {
                    let kids = match kids.reference() {
                        Some((number, _)) => self.object(number)?.item,
                        None => kids.clone(),
                    };
                    next = kids.array()?.first()?.reference()?;
                }
            }
        }
        None
    }
}

/// Where the newest cross-references begin, as the end of the document says.
fn start(bytes: &[u8]) -> Option<usize> {
    const WORD: &[u8] = b"startxref";
    let tail = bytes.len().saturating_sub(2_048);
    let found = bytes
        .get(tail..)?
        .windows(WORD.len())
        .rposition(|window| window == WORD)?;
    let mut lexer = Lexer::new(bytes, tail + found + WORD.len());
    let start = usize::try_from(lexer.number()?).ok()?;
    (start > 0 && start < bytes.len()).then_some(start)
}

/// Where older cross-references are; those to be read first stand last.
fn before(trailer: &Item) -> Vec<usize> {
    [&b"Prev"[..], b"XRefStm"]
        .iter()
        .filter_map(|key| trailer.get(key).and_then(Item::size))
        .collect()
}

/// Reads some cross-references, of which newer ones are known.
fn section(bytes: &[u8], start: usize, places: &mut BTreeMap<u32, Place>) -> Option<(Form, Item)> {
    let mut lexer = Lexer::new(bytes, start);
    if lexer.word(b"xref") {
        Some((Form::Table, table(&mut lexer, places)?))
    } else {
        Some((Form::Stream, stream(bytes, start, places)?))
    }
}

fn table(lexer: &mut Lexer<'_>, places: &mut BTreeMap<u32, Place>) -> Option<Item> {
    while !lexer.word(b"trailer") {
        let first = u32::try_from(lexer.number()?).ok()?;
        let many = u32::try_from(lexer.number()?).ok()?;
        for number in first..first.checked_add(many)? {
            let at = usize::try_from(lexer.number()?).ok()?;
            lexer.number()?;
            let place = if lexer.word(b"n") {
                Place::At(at)
            } else if lexer.word(b"f") {
                Place::Free
            } else {
                return None;
            };
            places.entry(number).or_insert(place);
        }
    }
    lexer.item().filter(Item::is_dictionary)
}

fn stream(bytes: &[u8], start: usize, places: &mut BTreeMap<u32, Place>) -> Option<Item> {
    let (mut lexer, head) = indirect(bytes, start, None)?;
    if !head.get(b"Type")?.is_name(b"XRef") {
        return None;
    }
    let length = head.get(b"Length")?.size()?;
    let data = data(bytes, &mut lexer, &head, length)?;
    let widths: Vec<usize> = head
        .get(b"W")?
        .array()?
        .iter()
        .filter_map(Item::size)
        .collect();
    let &[kind, middle, last] = widths.as_slice() else {
        return None;
    };
    let row = kind.checked_add(middle)?.checked_add(last)?;
    if row == 0 || [kind, middle, last].iter().any(|width| *width > 8) {
        return None;
    }
    let mut ranges = Vec::new();
    match head.get(b"Index") {
        None => ranges.push((0, head.get(b"Size")?.size()?)),
        Some(index) => {
            for pair in index.array()?.chunks(2) {
                ranges.push((pair.first()?.size()?, pair.get(1)?.size()?));
            }
        }
    }
    // There are at most as many as there are rows, whatever the ranges say.
    let numbers = ranges
        .into_iter()
        .flat_map(|(first, many)| first..first.saturating_add(many));
    for (number, row) in numbers.zip(data.chunks_exact(row)) {
        let (first, rest) = row.split_at_checked(kind)?;
        let (second, third) = rest.split_at_checked(middle)?;
        let kind = if kind == 0 { 1 } else { big_endian(first) };
        let place = match kind {
            0 => Place::Free,
            1 => Place::At(usize::try_from(big_endian(second)).ok()?),
            2 => Place::In {
                stream: u32::try_from(big_endian(second)).ok()?,
                index: usize::try_from(big_endian(third)).ok()?,
            },
            _ => continue,
        };
        places.entry(u32::try_from(number).ok()?).or_insert(place);
    }
    Some(head)
}

/// The object that stands at a place, and what comes behind it.
fn indirect(bytes: &[u8], at: usize, number: Option<u32>) -> Option<(Lexer<'_>, Item)> {
    let mut lexer = Lexer::new(bytes, at);
    let head = lexer.head()?;
    if number.is_some_and(|number| number != head.0) {
        return None;
    }
    let item = lexer.item()?;
    Some((lexer, item))
}

/// What a stream holds, unfolded.
fn data(bytes: &[u8], lexer: &mut Lexer<'_>, head: &Item, length: usize) -> Option<Vec<u8>> {
    let at = lexer.stream()?;
    let raw = bytes.get(at..at.checked_add(length)?)?;
    let filter = match head.get(b"Filter") {
        None => return Some(raw.to_vec()),
        Some(filter) => match filter.array() {
            None => filter,
            Some([one]) => one,
            Some(_) => return None,
        },
    };
    if !filter.is_name(b"FlateDecode") {
        return None;
    }
    let mut data = Vec::new();
    let mut decoder = ZlibDecoder::new(raw).take(LARGEST + 1);
    decoder.read_to_end(&mut data).ok()?;
    if u64::try_from(data.len()).ok()? > LARGEST {
        return None;
    }
    let parameters = head.get(b"DecodeParms").map(|all| match all.array() {
        Some([one]) => one,
        _ => all,
    });
    let number = |key: &[u8], usual| {
        let value = parameters.and_then(|all| all.get(key));
        value.map_or(Some(usual), Item::size)
    };
    match number(b"Predictor", 1)? {
        1 => Some(data),
        10..=15 if number(b"Colors", 1)? == 1 && number(b"BitsPerComponent", 8)? == 8 => {
            unpredicted(&data, number(b"Columns", 1)?)
        }
        _ => None,
    }
}

/// Undoes what PNG does to rows, which makes columns of numbers smaller.
fn unpredicted(data: &[u8], columns: usize) -> Option<Vec<u8>> {
    if columns == 0 || columns > 4_096 {
        return None;
    }
    let mut above = vec![0; columns];
    let mut all = Vec::with_capacity(data.len());
    for row in data.chunks_exact(columns + 1) {
        let (kind, row) = row.split_first()?;
        let (mut left, mut corner) = (0_u8, 0_u8);
        for (byte, up) in row.iter().zip(above.iter_mut()) {
            let predicted = match kind {
                0 => 0,
                1 => left,
                2 => *up,
                3 => left.midpoint(*up),
                4 => paeth(left, *up, corner),
                _ => return None,
            };
            corner = *up;
            left = byte.wrapping_add(predicted);
            *up = left;
            all.push(left);
        }
    }
    Some(all)
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let estimate = i16::from(left) + i16::from(up) - i16::from(corner);
    let far = |from: u8| (estimate - i16::from(from)).abs();
    if far(left) <= far(up) && far(left) <= far(corner) {
        left
    } else if far(up) <= far(corner) {
        up
    } else {
        corner
    }
}

/// Where in a stream of objects one of them begins.
fn within(data: &[u8], head: &Item, number: u32, index: usize) -> Option<usize> {
    let first = head.get(b"First")?.size()?;
    let mut lexer = Lexer::new(data.get(..first)?, 0);
    for _ in 0..index {
        lexer.number()?;
        lexer.number()?;
    }
    let found = lexer.number()?;
    let offset = usize::try_from(lexer.number()?).ok()?;
    (found == u64::from(number))
        .then(|| first.checked_add(offset))
        .flatten()
}

fn big_endian(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0, |number, byte| (number << 8) | u64::from(*byte))
}
