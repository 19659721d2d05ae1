//! A name is written in many ways and looked for in others; folded, they are one text.

use unicode_normalization::UnicodeNormalization;

/// Texts as search keeps them, one a line. What a thing is called in the first place comes first:
/// that is the name by which it ranks before others.
///
/// Case, accents, the width of letters and their compatibility forms make no difference; nor do
/// the kinds of apostrophes, dashes and dots between names, what is invisible, and the white space
/// that pads a name of two ideographs to the width of one of three.
pub fn folded<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let lines = texts.into_iter().map(|text| {
        let words = words(text);
        let is_padded = words.iter().all(|word| is_one_ideograph(word));
        words.join(if is_padded { "" } else { " " })
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The words of a text, each folded.
pub fn words(text: &str) -> Vec<String> {
    let mut folded = String::with_capacity(text.len());
    for character in text.nfkd().filter(|character| !is_left_out(*character)) {
        // Down, up and down again: so `ß`, `ẞ` and `SS` meet, and both kinds of the small sigma.
        let cases = character
            .to_lowercase()
            .flat_map(char::to_uppercase)
            .flat_map(char::to_lowercase);
        for letter in cases {
            match plain(letter) {
                Some(text) => folded.push_str(text),
                None => folded.push(letter),
            }
        }
    }
    // What was taken apart and is no accent goes together again: Hangul, kana, vowel signs.
    let folded: String = folded.nfkc().collect();
    folded
        .split(|character: char| character.is_whitespace() || character.is_control())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Accents, and what nobody sees: direction marks, joiners, soft hyphens, variation selectors.
fn is_left_out(character: char) -> bool {
    matches!(
        character,
        '\u{300}'..='\u{36f}'
            | '\u{1ab0}'..='\u{1aff}'
            | '\u{1dc0}'..='\u{1dff}'
            | '\u{20d0}'..='\u{20ff}'
            | '\u{fe20}'..='\u{fe2f}'
            | '\u{ad}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}

/// Letters with a stroke and letters that grew together, which Unicode does not take apart; and
/// the signs between the parts of a name, which keyboards and fonts do not agree on.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'æ' => "ae",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ł' => "l",
        'ø' => "o",
        'œ' => "oe",
        'ŧ' => "t",
        'þ' => "th",
        '‘' | '’' | 'ʼ' | 'ʻ' => "'",
        '‐' | '–' | '—' => "-",
        '•' | '‧' | '・' => "·",
        _ => return None,
    })
}

fn is_one_ideograph(word: &str) -> bool {
    let mut characters = word.chars();
    let first = characters.next();
    characters.next().is_none()
        && first.is_some_and(|one| {
            matches!(one, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
        })
}

#[cfg(test)]
mod tests {
    use super::{folded, words};

    #[test]
    fn one_name_in_many_writings_is_one_text() {
        for (writings, text) in [
            (
                &["José", "JOSE\u{301}", "ｊｏｓｅ", "jos\u{200b}e"][..],
                "jose",
            ),
            (&["Straße", "STRASSE", "STRAẞE"], "strasse"),
            (&["ΟΔΟΣ", "οδος", "οδοσ"], "οδοσ"),
            (&["İstanbul", "ISTANBUL", "ıstanbul"], "istanbul"),
            (&["Łukasz Ødegård", "lukasz  odegard "], "lukasz odegard"),
            (&["O’Brien", "O'Brien"], "o'brien"),
            (
                &["约翰•史密斯", "约翰・史密斯", "约翰·史密斯"],
                "约翰·史密斯",
            ),
            (&["张三", "张　三", "张 三"], "张三"),
            (&["ｶﾞﾝﾀﾞﾑ", "ガンダム"], "ガンダム"),
            (&["ＡＢＣ２０２４", "abc2024"], "abc2024"),
            (
                &["한국", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}"],
                "한국",
            ),
            (&["❤️", "❤"], "❤"),
        ] {
            for writing in writings {
                assert_eq!(folded([*writing]), text, "{writing}");
            }
        }
    }

    #[test]
    fn names_are_lines_and_their_words_stay_apart() {
        assert_eq!(folded(["杨 Yáng\tLì", "a\nb\0c"]), "杨 yang li\na b c");
        assert_eq!(folded(["产教 融合"]), "产教 融合");
        assert_eq!(words("张　三"), ["张", "三"]);
        assert!(words(" \u{200b}\u{301}").is_empty());
        // Kana with a sound mark and Arabic with a hamza are letters of their own.
        assert_ne!(folded(["ガ"]), folded(["カ"]));
        assert_ne!(folded(["أ"]), folded(["ا"]));
    }

    #[test]
    fn what_is_folded_stays_as_it_is() {
        // Every character that is assigned, beside a letter that it might join.
        for character in (0..0x32000)
            .chain(0xe_0000..0xe_0200)
            .filter_map(char::from_u32)
        {
            let once = folded([format!("a{character}b {character}").as_str()]);
            let twice: Vec<_> = once.split('\n').map(|line| folded([line])).collect();
            assert_eq!(twice.join("\n"), once, "{character:?}");
        }
    }
}
