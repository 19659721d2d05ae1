//! HTML as plain text: paragraphs and lists stay readable, addresses stay, all else goes.
//!
//! One pass over the text, that builds no tree, wraps no lines and cannot be made slow. The names of
//! characters are those of HTML.

use std::fmt::Write as _;

use quick_xml::escape::resolve_html5_entity;

/// The elements that people write in abstracts. A text that has none of them is no HTML, whatever
/// `<` stand in it.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "article",
    "b",
    "blockquote",
    "br",
    "center",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "iframe",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
];

/// Whether a text is HTML.
pub(super) fn is_html(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once('<') {
        let name = behind.strip_prefix('/').unwrap_or(behind);
        let end = name.find(|one: char| !one.is_ascii_alphanumeric());
        let (name, after) = name.split_at(end.unwrap_or(name.len()));
        let closed = after.starts_with(['>', '/', ' ', '\n', '\t', '\r']);
        // Names are short: what is longer is none, and need not be made small.
        if closed && name.len() <= 10 && ELEMENTS.contains(&name.to_ascii_lowercase().as_str()) {
            return true;
        }
        rest = behind;
    }
    false
}

/// The plain text.
pub(super) fn plain(html: &str) -> String {
    let mut writer = Writer::default();
    let mut rest = html;
    while !rest.is_empty() {
        let Some(start) = rest.find('<') else {
            writer.text(rest);
            break;
        };
        let (before, tag) = rest.split_at(start);
        writer.text(before);
        if !begins_tag(tag) {
            writer.text("<");
            rest = tag.strip_prefix('<').unwrap_or_default();
            continue;
        }
        // What never ends is no tag, and nothing behind it is one: so no text is read twice.
        let Some((tag, behind)) = Tag::read(tag) else {
            writer.text(tag);
            break;
        };
        writer.tag(&tag);
        rest = if tag.is_hidden() {
            behind_end(behind, &tag.name)
        } else {
            behind
        };
    }
    writer.finish()
}

/// Whether a `<` begins anything.
fn begins_tag(text: &str) -> bool {
    let inner = text.strip_prefix('<').unwrap_or_default();
    let name = inner.strip_prefix('/').unwrap_or(inner);
    inner.starts_with(['!', '?']) || name.starts_with(|first: char| first.is_ascii_alphabetic())
}

/// What stands behind the end of an element whose contents nobody reads.
fn behind_end<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once("</") {
        let here = behind.get(..name.len());
        if here.is_some_and(|here| here.eq_ignore_ascii_case(name)) {
            return behind.split_once('>').map_or("", |(_, behind)| behind);
        }
        rest = behind;
    }
    ""
}

/// A tag or a comment.
struct Tag {
    /// The name in small letters; empty for a comment.
    name: String,
    ends: bool,
    /// The address that it refers to.
    address: Option<String>,
    /// What stands for a picture.
    label: Option<String>,
}

impl Tag {
    /// The tag at the beginning of a text, and what stands behind it.
    fn read(text: &str) -> Option<(Self, &str)> {
        let nothing = Self {
            name: String::new(),
            ends: false,
            address: None,
            label: None,
        };
        let inner = text.strip_prefix('<')?;
        if let Some(comment) = inner.strip_prefix("!--") {
            let behind = comment.split_once("-->").map_or("", |(_, behind)| behind);
            return Some((nothing, behind));
        }
        if inner.starts_with(['!', '?']) {
            let (_, behind) = inner.split_once('>')?;
            return Some((nothing, behind));
        }
        let (ends, inner) = match inner.strip_prefix('/') {
            Some(inner) => (true, inner),
            None => (false, inner),
        };
        let end = inner.find(|one: char| one.is_whitespace() || matches!(one, '/' | '>'))?;
        let (name, mut rest) = inner.split_at(end);
        let mut tag = Self {
            name: name.to_ascii_lowercase(),
            ends,
            ..nothing
        };
        loop {
            rest = rest.trim_start_matches(|one: char| one.is_whitespace() || one == '/');
            if let Some(behind) = rest.strip_prefix('>') {
                return Some((tag, behind));
            }
            let (name, value, behind) = attribute(rest)?;
            match name {
                "href" | "src" => tag.address = Some(characters(value)),
                "alt" => tag.label = Some(characters(value)),
                _ => {}
            }
            rest = behind;
        }
    }

    fn is_hidden(&self) -> bool {
        !self.ends && matches!(self.name.as_str(), "script" | "style" | "template")
    }
}

/// An attribute, and what stands behind it. There is none if the tag never ends.
fn attribute(text: &str) -> Option<(&str, &str, &str)> {
    let end = text.find(|one: char| one.is_whitespace() || matches!(one, '=' | '>'))?;
    // A name has a character at least: so that every turn of the reader takes something.
    let end = end.max(text.chars().next()?.len_utf8());
    let (name, rest) = text.split_at_checked(end)?;
    let Some(rest) = rest.trim_start().strip_prefix('=') else {
        return Some((name, "", rest));
    };
    let rest = rest.trim_start();
    for quote in ['"', '\''] {
        if let Some(quoted) = rest.strip_prefix(quote) {
            let (value, behind) = quoted.split_once(quote)?;
            return Some((name, value, behind));
        }
    }
    let end = rest.find(|one: char| one.is_whitespace() || one == '>')?;
    let (value, behind) = rest.split_at(end);
    Some((name, value, behind))
}

/// A text with its named and numbered characters read.
fn characters(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('&') {
        plain.push_str(before);
        // The longest name has 31 letters.
        let end = behind.bytes().take(40).position(|byte| byte == b';');
        let name = end.and_then(|end| behind.get(..end));
        let found = name.and_then(|name| Some((character(name)?, name.len() + 1)));
        if let Some((text, length)) = found {
            plain.push_str(&text);
            rest = behind.get(length..).unwrap_or_default();
        } else {
            plain.push('&');
            rest = behind;
        }
    }
    plain.push_str(rest);
    plain
}

fn character(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let number = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        let character = char::from_u32(number.ok()?)?;
        return (character != '\0').then(|| character.to_string());
    }
    resolve_html5_entity(name).map(ToOwned::to_owned)
}

/// What was written so far, and what is to come before the next word.
#[derive(Default)]
struct Writer {
    out: String,
    /// Line feeds that are due before the next text.
    feeds: usize,
    /// Whether a blank is.
    blank: bool,
    /// What begins the next line: the sign of a list's entry.
    sign: String,
    /// The lists that are open: the number of the last entry, or none.
    lists: Vec<Option<usize>>,
    /// Whether every character counts.
    verbatim: usize,
    /// The addresses of the links that are open, and where their texts begin.
    links: Vec<(Option<String>, usize)>,
}

/// Lists in lists are set in so deep at most.
const DEEPEST_LIST: usize = 8;

impl Writer {
    fn text(&mut self, html: &str) {
        let text = characters(html);
        if self.verbatim > 0 {
            for (index, line) in text.split('\n').enumerate() {
                if index > 0 {
                    self.feed(1);
                    // An empty line in a program is one.
                    if line.trim().is_empty() {
                        self.feeds += 1;
                    }
                }
                self.word(line.trim_end());
            }
            return;
        }
        self.blank |= text.starts_with(is_blank);
        for (index, word) in text
            .split(is_blank)
            .filter(|word| !word.is_empty())
            .enumerate()
        {
            self.blank |= index > 0;
            self.word(word);
        }
        self.blank |= text.ends_with(is_blank);
    }

    fn word(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        if self.out.is_empty() {
            self.feeds = 0;
        }
        if self.feeds > 0 || self.out.is_empty() {
            for _ in 0..self.feeds.min(2) {
                self.out.push('\n');
            }
            self.out.push_str(&std::mem::take(&mut self.sign));
        } else if self.blank {
            self.out.push(' ');
        }
        (self.feeds, self.blank) = (0, false);
        self.out.push_str(word);
    }

    fn feed(&mut self, lines: usize) {
        self.feeds = self.feeds.max(lines);
        self.blank = false;
    }

    fn tag(&mut self, tag: &Tag) {
        match tag.name.as_str() {
            "br" => self.feeds = (self.feeds + 1).min(2),
            // The first paragraph of an entry stands on the entry's line.
            "p" | "div" | "section" | "article" | "blockquote" | "h1" | "h2" | "h3" | "h4"
            | "h5" | "h6" | "hr" | "dl" | "table" | "figure" | "center"
                if self.sign.is_empty() =>
            {
                self.feed(if self.lists.is_empty() { 2 } else { 1 });
            }
            "ul" | "ol" => self.list(tag),
            "li" => self.entry(tag.ends),
            "dt" | "dd" | "tr" | "figcaption" => self.feed(1),
            "td" | "th" if !tag.ends => self.blank = true,
            "pre" => {
                self.feed(2);
                self.verbatim = if tag.ends {
                    self.verbatim.saturating_sub(1)
                } else {
                    self.verbatim + 1
                };
            }
            "a" => self.link(tag),
            "img" | "iframe" if !tag.ends => {
                let label = tag.label.as_deref().unwrap_or_default();
                self.text(&label.replace('&', "&amp;"));
                if let Some(address) = &tag.address {
                    self.blank = true;
                    self.word(&format!("<{}>", address.trim()));
                }
            }
            _ => {}
        }
    }

    fn list(&mut self, tag: &Tag) {
        if tag.ends {
            self.lists.pop();
        } else {
            self.lists.push((tag.name == "ol").then_some(0));
        }
        self.sign.clear();
        self.feed(if self.lists.len() > usize::from(!tag.ends) {
            1
        } else {
            2
        });
    }

    fn entry(&mut self, ends: bool) {
        self.feed(1);
        self.sign.clear();
        if ends {
            return;
        }
        let deep = self.lists.len().clamp(1, DEEPEST_LIST) - 1;
        self.sign.push_str(&"  ".repeat(deep));
        match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                // A string takes all that is written to it.
                let _ = write!(self.sign, "{number}. ");
            }
            Some(None) | None => self.sign.push_str("- "),
        }
    }

    /// The address of a link stands behind its text, unless it is its text.
    fn link(&mut self, tag: &Tag) {
        if !tag.ends {
            let address = tag.address.as_deref().map(str::trim);
            let address = address.filter(|address| domain::link::is_web_address(address));
            self.links
                .push((address.map(ToOwned::to_owned), self.out.len()));
            return;
        }
        let Some((Some(address), start)) = self.links.pop() else {
            return;
        };
        let text = self.out.get(start..).unwrap_or_default().trim();
        let said = |address: &str| text.trim_end_matches('/') == address.trim_end_matches('/');
        let bare = address.split_once("://").map_or("", |(_, bare)| bare);
        if !said(&address) && !said(bare) {
            self.blank = true;
            self.word(&format!("<{address}>"));
        }
    }

    fn finish(self) -> String {
        self.out.trim().to_owned()
    }
}

/// White space that may be broken at.
fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\n' | '\t' | '\r' | '\u{c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_html_from_a_text_with_signs() {
        for html in ["<p>a</p>", "a<br/>b", "a</P>", "see <a href='x'>y</a>"] {
            assert!(is_html(html), "{html}");
        }
        for text in [
            "",
            "a < b && c > d",
            "Vec<u8>",
            "<3",
            "<alpha>",
            "a <p",
            "R&amp;D",
        ] {
            assert!(!is_html(text), "{text}");
        }
    }

    #[test]
    fn keeps_paragraphs_lists_and_addresses() {
        let html = "<h1>One &amp; two</h1>\n<p>First\n  line<br>second <em>line</em>.</p>\
            <p>See <a href=\"https://example.org/a?b=1&amp;c=2\">here</a> and \
            <a href='https://example.org/'>https://example.org</a>.</p>\
            <ul><li><p>one</p></li><li>two<ol><li>deep</li><li>deeper</li></ol></li></ul>\
            <script>alert(1)</script><!-- not this --><pre>a\n  b\n\nc</pre><p>End</p>";
        assert_eq!(
            plain(html),
            "One & two\n\nFirst line\nsecond line.\n\n\
             See here <https://example.org/a?b=1&c=2> and https://example.org.\n\n\
             - one\n- two\n  1. deep\n  2. deeper\n\na\n  b\n\nc\n\nEnd"
        );
        assert_eq!(
            plain("a < b &unknown; &eacute; &#x4e2d; &#0;"),
            "a < b &unknown; é 中 &#0;"
        );
        assert_eq!(plain("an <b unfinished"), "an <b unfinished");
        assert_eq!(plain("<p>a&nbsp;b</p>"), "a\u{a0}b");
    }
}
