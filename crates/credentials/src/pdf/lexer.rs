//! The objects that a PDF is written in (ISO 32000-2, 7.2 and 7.3), and where each of them stands.

/// How deep arrays and dictionaries may lie in each other.
const DEEPEST: usize = 64;

/// An object, with its place in the bytes that it was read from.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) value: Value,
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Debug, Clone)]
pub(super) enum Value {
    Integer(i64),
    Name(Vec<u8>),
    Reference(u32, u16),
    Array(Vec<Item>),
    Dictionary(Vec<(Vec<u8>, Item)>),
    /// Texts, truth values, other numbers: nothing here depends on what they are.
    Other,
}

impl Item {
    /// What a dictionary has under a key.
    pub(super) fn get(&self, key: &[u8]) -> Option<&Self> {
        let Value::Dictionary(entries) = &self.value else {
            return None;
        };
        let mut entries = entries.iter();
        Some(&entries.find(|(name, _)| name == key)?.1)
    }

    pub(super) fn array(&self) -> Option<&[Self]> {
        let Value::Array(items) = &self.value else {
            return None;
        };
        Some(items)
    }

    pub(super) fn reference(&self) -> Option<(u32, u16)> {
        let Value::Reference(number, generation) = self.value else {
            return None;
        };
        Some((number, generation))
    }

    /// A number that is no less than nothing.
    pub(super) fn size(&self) -> Option<usize> {
        let Value::Integer(number) = self.value else {
            return None;
        };
        usize::try_from(number).ok()
    }

    pub(super) fn is_name(&self, wanted: &[u8]) -> bool {
        matches!(&self.value, Value::Name(name) if name == wanted)
    }

    pub(super) fn is_dictionary(&self) -> bool {
        matches!(self.value, Value::Dictionary(_))
    }
}

/// Reads one object after the other.
#[derive(Debug)]
pub(super) struct Lexer<'a> {
    bytes: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// White space and comments.
    pub(super) fn skip(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                while self
                    .peek()
                    .is_some_and(|byte| byte != b'\n' && byte != b'\r')
                {
                    self.at += 1;
                }
            } else if is_space(byte) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    /// Whether this word comes next; if so, it is passed.
    pub(super) fn word(&mut self, word: &[u8]) -> bool {
        self.skip();
        let found = self.rest().starts_with(word);
        if found {
            self.at += word.len();
        }
        found
    }

    /// A number without sign and point.
    pub(super) fn number(&mut self) -> Option<u64> {
        self.skip();
        let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit());
        let digits = self.rest().get(..digits.count())?;
        let number = std::str::from_utf8(digits).ok()?.parse().ok()?;
        self.at += digits.len();
        Some(number)
    }

    /// The head of an indirect object: `12 0 obj`.
    pub(super) fn head(&mut self) -> Option<(u32, u16)> {
        let number = u32::try_from(self.number()?).ok()?;
        let generation = u16::try_from(self.number()?).ok()?;
        self.word(b"obj").then_some((number, generation))
    }

    /// Where the data of a stream begin, if they do here.
    pub(super) fn stream(&mut self) -> Option<usize> {
        if !self.word(b"stream") {
            return None;
        }
        if self.peek() == Some(b'\r') {
            self.at += 1;
        }
        if self.peek() == Some(b'\n') {
            self.at += 1;
        }
        Some(self.at)
    }

    /// The next object.
    pub(super) fn item(&mut self) -> Option<Item> {
        self.item_within(DEEPEST)
    }

    fn item_within(&mut self, depth: usize) -> Option<Item> {
        let depth = depth.checked_sub(1)?;
        self.skip();
        let start = self.at;
        let value = match self.peek()? {
            b'/' => Value::Name(self.name()),
            b'(' => self.text()?,
            b'<' if self.rest().starts_with(b"<<") => self.dictionary(depth)?,
            b'<' => self.hexadecimal()?,
            b'[' => self.items(depth)?,
            b'0'..=b'9' | b'+' | b'-' | b'.' => self.numeral()?,
            byte if byte.is_ascii_alphabetic() => {
                while self.peek().is_some_and(|byte| byte.is_ascii_alphabetic()) {
                    self.at += 1;
                }
                match self.bytes.get(start..self.at)? {
                    b"true" | b"false" | b"null" => Value::Other,
                    _ => return None,
                }
            }
            _ => return None,
        };
        Some(Item {
            value,
            start,
            end: self.at,
        })
    }

    fn name(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut name = Vec::new();
        while let Some(byte) = self.peek() {
            if is_space(byte) || is_delimiter(byte) {
                break;
            }
            let escaped = (byte == b'#')
                .then(|| self.rest().get(1..3))
                .flatten()
                .and_then(|digits| std::str::from_utf8(digits).ok())
                .and_then(|digits| u8::from_str_radix(digits, 16).ok());
            name.push(escaped.unwrap_or(byte));
            self.at += if escaped.is_some() { 3 } else { 1 };
        }
        name
    }

    fn text(&mut self) -> Option<Value> {
        let mut open = 0_usize;
        loop {
            let byte = self.peek()?;
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'(' => open += 1,
                b')' => open -= 1,
                _ => {}
            }
            if open == 0 {
                return Some(Value::Other);
            }
        }
    }

    fn hexadecimal(&mut self) -> Option<Value> {
        loop {
            self.at += 1;
            match self.peek()? {
                b'>' => break,
                byte if byte.is_ascii_hexdigit() || is_space(byte) => {}
                _ => return None,
            }
        }
        self.at += 1;
        Some(Value::Other)
    }

    fn dictionary(&mut self, depth: usize) -> Option<Value> {
        self.at += 2;
        let mut entries = Vec::new();
        while !self.word(b">>") {
            if self.peek()? != b'/' {
                return None;
            }
            let name = self.name();
            entries.push((name, self.item_within(depth)?));
        }
        Some(Value::Dictionary(entries))
    }

    fn items(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut items = Vec::new();
        while !self.word(b"]") {
            items.push(self.item_within(depth)?);
        }
        Some(Value::Array(items))
    }

    /// A number; or, where another and an R follow, a reference.
    fn numeral(&mut self) -> Option<Value> {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.'))
        {
            self.at += 1;
        }
        let text = std::str::from_utf8(self.bytes.get(start..self.at)?).ok()?;
        let Ok(number) = text.parse::<i64>() else {
            return Some(Value::Other);
        };
        let end = self.at;
        if let Ok(object) = u32::try_from(number)
            && let Some(generation) = self.number()
            && let Ok(generation) = u16::try_from(generation)
            && self.word(b"R")
            && !self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric())
        {
            return Some(Value::Reference(object, generation));
        }
        self.at = end;
        Some(Value::Integer(number))
    }
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}
