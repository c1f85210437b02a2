//! Letters without case and diacritics, so that "Vogel" is found whether a file is called VÖGEL or Vögel.

/// What the letters from U+00C0 and from U+0100 on are without their marks.
const LATIN_1: &str = "aaaaaaaceeeeiiiidnooooo×ouuuuytsaaaaaaaceeeeiiiidnooooo÷ouuuuyty";
const LATIN_A: &str = "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnooooooo\
                       orrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/// `text` in small letters without diacritics. Letters beyond Latin lose their marks where the text is decomposed (Unicode
/// normalisation form D or KD).
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let bases: Vec<char> =
        if text.is_ascii() { Vec::new() } else { LATIN_1.chars().chain(LATIN_A.chars()).collect() };
    for letter in text.chars() {
        if letter.is_ascii() {
            folded.push(letter.to_ascii_lowercase());
            continue;
        }
        match letter {
            'Æ' | 'æ' => folded.push_str("ae"),
            'Œ' | 'œ' => folded.push_str("oe"),
            'Þ' | 'þ' => folded.push_str("th"),
            'ß' | 'ẞ' => folded.push_str("ss"),
            'Ĳ' | 'ĳ' => folded.push_str("ij"),
            '\u{c0}'..='\u{17f}' => folded.extend(bases.get(letter as usize - 0xc0)),
            _ => folded.extend(letter.to_lowercase().filter(|&c| !is_mark(c))),
        }
    }
    folded
}

/// Whether `c` is a mark above or below another letter (the blocks of combining diacritical marks).
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_and_marks_are_gone_whether_composed_or_not() {
        assert_eq!(fold("VÖGEL Vo\u{308}gel"), "vogel vogel");
        assert_eq!(
            fold("Łódź, Čeština, Ýmir, Ÿ, Žluťoučký, İstanbul ısı, ſ"),
            "lodz, cestina, ymir, y, zlutoucky, istanbul isi, s"
        );
        assert_eq!(fold("Straße Ærø Œuvre Þór ĳs"), "strasse aero oeuvre thor ijs");
        assert_eq!(fold("ΠΟΥΛΙ\u{301} И\u{306}"), "πουλι и");
        assert_eq!(fold("2 × 4 ÷ 鳥"), "2 × 4 ÷ 鳥");
    }

    #[test]
    fn each_letter_has_its_base() {
        assert_eq!((LATIN_1.chars().count(), LATIN_A.chars().count()), (64, 128));
        let of = |c: char| fold(&c.to_string());
        assert_eq!(
            ['Đ', 'ħ', 'ŉ', 'Ŕ', 'Ŝ', 'Ŵ', 'ÿ', 'Ð', 'ø'].map(of),
            ["d", "h", "n", "r", "s", "w", "y", "d", "o"]
        );
    }

    proptest! {
        #[test]
        fn what_is_folded_stays_as_it_is_and_case_makes_no_difference(text in "[a-zA-Z\u{c0}-\u{17f}\u{391}-\u{3a9}0-9 ]{0,40}") {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded.clone());
            prop_assert_eq!(fold(&text.to_uppercase()).replace('\u{3c2}', "σ"), fold(&text.to_lowercase().to_uppercase()).replace('\u{3c2}', "σ"));
        }

        #[test]
        fn any_text_can_be_folded(text in "\\PC{0,60}") {
            prop_assert!(!fold(&text).chars().any(|c| c.is_ascii_uppercase() || is_mark(c)));
        }
    }
}
