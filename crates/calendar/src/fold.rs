//! Long lines, broken as other programs expect them (RFC 5545, section 3.1).

/// The longest physical line in octets, without its line break.
pub(crate) const LONGEST: usize = 75;

/// The same content lines, folded anew: no physical line is longer than [`LONGEST`] octets, the space
/// that a continued line begins with counted in, and no character is torn apart. (`ics` folds too, but
/// its continued lines have an octet too many.)
pub(crate) fn fold(printed: &str) -> String {
    let mut folded = String::with_capacity(printed.len() + printed.len() / 32);
    // A line break and a space are a fold and nothing else: no value holds a line break.
    for line in printed.replace("\r\n ", "").split_terminator("\r\n") {
        let mut length = 0;
        for character in line.chars() {
            if length + character.len_utf8() > LONGEST {
                folded.push_str("\r\n ");
                length = 1;
            }
            folded.push(character);
            length += character.len_utf8();
        }
        folded.push_str("\r\n");
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_between_characters() {
        let line = format!("SUMMARY:{}", "会".repeat(60));
        let folded = fold(&format!("{line}\r\nEND:VEVENT\r\n"));
        let lengths: Vec<_> = folded.split_terminator("\r\n").map(str::len).collect();
        // 8 octets and 22 characters; a space and 24 characters; a space and the rest.
        assert_eq!(lengths, [74, 73, 43, 10]);
        assert_eq!(
            folded.replace("\r\n ", ""),
            format!("{line}\r\nEND:VEVENT\r\n")
        );
    }

    #[test]
    fn what_fits_is_left_alone() {
        let line = format!("{}\r\n", "x".repeat(LONGEST));
        assert_eq!(fold(&line), line);
    }
}
