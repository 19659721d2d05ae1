//! The size of a GraphQL document as text: how many tokens, and how deep its brackets nest.
//!
//! It runs before the parser, which recurses on brackets and is slow on long documents. It takes one
//! pass and no memory, and reads strings and comments exactly as the parser does, so that nothing
//! can hide in them; a string that does not end is refused here.

/// What one pass over the text finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) tokens: usize,
    pub(super) nesting: usize,
}

/// A string begins and does not end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unterminated;

pub(super) fn shape(text: &str) -> Result<Shape, Unterminated> {
    let mut found = Shape::default();
    let mut open = 0_usize;
    let mut rest = text.as_bytes();

    while let Some((&byte, after)) = rest.split_first() {
        rest = match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => {
                rest = after;
                continue;
            }
            b'#' => {
                rest = skip_while(after, |byte| byte != b'\n' && byte != b'\r');
                continue;
            }
            b'"' => after
                .strip_prefix(b"\"\"")
                .map_or_else(|| end_of_string(after), end_of_block)
                .ok_or(Unterminated)?,
            b'.' => after.strip_prefix(b"..").unwrap_or(after),
            b'-' | b'0'..=b'9' => end_of_number(after),
            b'_' | b'A'..=b'Z' | b'a'..=b'z' => skip_while(after, is_name),
            b'(' | b'[' | b'{' => {
                open = open.saturating_add(1);
                found.nesting = found.nesting.max(open);
                after
            }
            b')' | b']' | b'}' => {
                open = open.saturating_sub(1);
                after
            }
            // One character beyond ASCII is one token: the parser will say what it thinks of it.
            0x80.. => skip_while(after, |byte| byte & 0xC0 == 0x80),
            _ => after,
        };
        found.tokens = found.tokens.saturating_add(1);
    }
    Ok(found)
}

fn is_name(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

fn skip_while(bytes: &[u8], skips: impl Fn(u8) -> bool) -> &[u8] {
    let length = bytes.iter().take_while(|&&byte| skips(byte)).count();
    bytes.get(length..).unwrap_or_default()
}

fn end_of_number(bytes: &[u8]) -> &[u8] {
    let mut rest = skip_while(bytes, |byte| byte.is_ascii_digit());
    if let [b'.', b'0'..=b'9', after @ ..] = rest {
        rest = skip_while(after, |byte| byte.is_ascii_digit());
    }
    match rest {
        [b'e' | b'E', b'+' | b'-', after @ ..] | [b'e' | b'E', after @ ..] => {
            skip_while(after, |byte| byte.is_ascii_digit())
        }
        _ => rest,
    }
}

/// What follows the closing quote.
fn end_of_string(mut bytes: &[u8]) -> Option<&[u8]> {
    while let Some((byte, after)) = bytes.split_first() {
        bytes = match byte {
            b'"' => return Some(after),
            b'\n' | b'\r' => return None,
            b'\\' => after.get(1..)?,
            _ => after,
        };
    }
    None
}

/// What follows the three closing quotes.
fn end_of_block(mut bytes: &[u8]) -> Option<&[u8]> {
    while let Some((_, after)) = bytes.split_first() {
        if let Some(after) = bytes.strip_prefix(b"\"\"\"") {
            return Some(after);
        }
        bytes = bytes.strip_prefix(b"\\\"\"\"").unwrap_or(after);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(text: &str) -> (usize, usize) {
        let shape = shape(text).expect("every string ends");
        (shape.tokens, shape.nesting)
    }

    #[test]
    fn tokens_are_counted_as_the_specification_counts_them() {
        assert_eq!(sizes(""), (0, 0));
        assert_eq!(sizes("{ a, b # c d e\n }"), (4, 1));
        assert_eq!(
            sizes("query Q($a: [Int!]! = [1, -2.5e+3]) { f(a: $a) ...F @x }"),
            (30, 2)
        );
        assert_eq!(
            sizes(r#"{ a(b: "x { \" y", c: """ { "q" \""" """) }"#),
            (11, 2)
        );
        assert_eq!(sizes("\u{feff}{a}"), (4, 1));
    }

    #[test]
    fn strings_that_do_not_end_are_refused_rather_than_guessed_at() {
        for text in ["{ a(b: \"x\n\") }", "{ a(b: \"\"\"x) }", "\"", "\"\\"] {
            assert_eq!(shape(text), Err(Unterminated), "{text}");
        }
    }
}
