//! Lines of a text mail, as long as one reads them well.
//!
//! Between two Chinese characters a line may end anywhere, but for marks that do not begin or end
//! one; a web address never breaks, or nobody could follow it.

/// How many columns a line has at most; a Chinese character takes two.
const COLUMNS: usize = 76;

/// Wraps each line of a text by itself. What follows on is indented like the line it belongs to,
/// past the mark of a list.
pub(super) fn wrap(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 50);
    let mut blank = 0;
    for line in text.lines() {
        let line = line.trim_end();
        // Parts that a template leaves out leave gaps.
        blank = if line.is_empty() { blank + 1 } else { 0 };
        if blank > 1 || (line.is_empty() && out.is_empty()) {
            continue;
        }
        wrap_line(&mut out, line);
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn wrap_line(out: &mut String, line: &str) {
    let indent = indent(line);
    let mut column = 0;
    let mut rest = line;
    while !rest.is_empty() {
        let (piece, after) = piece(rest);
        let visible: usize = piece.trim_end().chars().map(width).sum();
        if column > indent && column + visible > COLUMNS {
            out.truncate(out.trim_end_matches(' ').len());
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent));
            column = indent;
        }
        out.push_str(piece);
        column += piece.chars().map(width).sum::<usize>();
        rest = after;
    }
}

/// Where the text of a line begins: behind the mark of a list, or behind a word with a colon.
fn indent(line: &str) -> usize {
    let columns = |text: &str| text.chars().map(width).sum::<usize>();
    let marks = line.len() - line.trim_start_matches([' ', '-', '·', '*']).len();
    let label = line
        .find([':', '：'])
        .and_then(|colon| Some((line.get(..colon)?, line.get(colon..)?)))
        .filter(|(word, rest)| {
            columns(word) <= 10 && !word.contains(' ') && !rest.starts_with("://")
        })
        .map(|(word, rest)| {
            word.len() + rest.len() - rest.trim_start_matches([':', '：', ' ']).len()
        });
    line.get(..label.unwrap_or(marks).max(marks))
        .map_or(0, columns)
}

/// What must stay together at the beginning of a text, with the spaces behind it, and the rest.
fn piece(text: &str) -> (&str, &str) {
    let mut characters = text.char_indices().peekable();
    while let Some((_, character)) = characters.next() {
        let Some(&(at, next)) = characters.peek() else {
            break;
        };
        let breaks = (character == ' ' && next != ' ')
            || ((is_wide(character) || is_wide(next))
                && character != ' '
                && next != ' '
                && !begins_no_line(next)
                && !ends_no_line(character));
        if breaks {
            return text.split_at_checked(at).unwrap_or((text, ""));
        }
    }
    (text, "")
}

fn width(character: char) -> usize {
    if is_wide(character) { 2 } else { 1 }
}

/// Whether a character is as wide as two letters: those of Chinese, Japanese and Korean, their
/// marks, and pictures.
fn is_wide(character: char) -> bool {
    matches!(character,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{303e}' | '\u{3041}'..='\u{33ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{a000}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}')
}

fn begins_no_line(character: char) -> bool {
    "，。、；：？！）】》」』〉〕…—–～·,.;:?!)]}%”’".contains(character)
}

fn ends_no_line(character: char) -> bool {
    "（【《「『〈〔([{“‘–—".contains(character)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn english_breaks_between_words() {
        let text = "We would be very glad to welcome you to the Straits Forum on Healthy Ageing in Xiamen.";
        assert_eq!(
            wrap(text),
            "We would be very glad to welcome you to the Straits Forum on Healthy Ageing\nin Xiamen.\n"
        );
    }

    #[test]
    fn chinese_breaks_between_characters_but_not_before_a_comma() {
        let text = "诚挚邀请您出席将于今年夏天在厦门举行的海峡两岸健康老龄化论坛暨老年医学年会开幕式，并作主旨报告。";
        let wrapped = wrap(text);
        let lines: Vec<_> = wrapped.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(
            lines
                .iter()
                .all(|line| line.chars().map(width).sum::<usize>() <= 78)
        );
        assert!(!lines[1].starts_with('，'));
        assert_eq!(wrapped.replace('\n', ""), text);
    }

    #[test]
    fn addresses_never_break_and_lists_hang() {
        let url = format!("https://example.org/{}", "a".repeat(120));
        assert_eq!(wrap(&format!("Yes: {url}")), format!("Yes: {url}\n"));
        assert_eq!(wrap(&format!("参加：{url}")), format!("参加：{url}\n"));
        let when = format!("When:  {}", "word ".repeat(20));
        assert!(
            wrap(&when)
                .lines()
                .nth(1)
                .unwrap()
                .starts_with("       word")
        );
        let item = format!("- {}", "word ".repeat(20));
        let wrapped = wrap(&item);
        assert!(wrapped.starts_with("- word"));
        assert!(wrapped.lines().nth(1).unwrap().starts_with("  word"));
    }

    #[test]
    fn gaps_are_one_line() {
        assert_eq!(wrap("\n\na\n\n\n\nb  \n\n"), "a\n\nb\n");
    }

    proptest! {
        /// Nothing is lost but blanks.
        #[test]
        fn every_character_stays(text in "[a-z一-龥，。（） -]{0,300}") {
            let bare = |text: &str| text.replace([' ', '\n'], "");
            let wrapped = wrap(&text);
            prop_assert_eq!(bare(&wrapped), bare(&text));
        }
    }
}
