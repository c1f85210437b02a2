use std::fmt;

/// Text from a file or a person as a line of a message can hold it: nothing in it is obeyed by a terminal, and nothing
/// reorders what stands beside it.
///
/// Control characters, line breaks and the marks that turn the direction of writing (Unicode Standard Annex 9) are
/// written as Rust escapes them; everything else stays as it is. What is longer than [`Shown::LENGTH`] is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown<'a>(pub &'a str);

impl Shown<'_> {
    /// Characters that are shown at most: the longest file name of common file systems, and a little more.
    pub const LENGTH: usize = 300;

    /// Whether `c` is written as an escape.
    pub fn escapes(c: char) -> bool {
        c.is_control()
            || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}')
            || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (k, c) in self.0.chars().enumerate() {
            if k == Self::LENGTH {
                return f.write_str("…");
            }
            match Self::escapes(c) {
                true => write!(f, "{}", c.escape_debug())?,
                false => write!(f, "{c}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn marks_and_controls_are_seen_and_ordinary_names_are_left_alone() {
        for (text, shown) in [
            ("it's \"fine\" ~/x\\y.wav", "it's \"fine\" ~/x\\y.wav"),
            ("a\u{202e}vaw.exe", "a\\u{202e}vaw.exe"),
            ("a\nb\u{1b}[2J", "a\\nb\\u{1b}[2J"),
            ("سلام می\u{200c}خواهم", "سلام می\u{200c}خواهم"),
            ("👩\u{200d}🎤.wav", "👩\u{200d}🎤.wav"),
        ] {
            assert_eq!(Shown(text).to_string(), shown);
        }
        let long = Shown(&"x".repeat(100_000)).to_string();
        assert_eq!(long.chars().count(), Shown::LENGTH + 1);
    }

    proptest! {
        #[test]
        fn nothing_shown_is_obeyed(text in any::<String>()) {
            prop_assert!(!Shown(&text).to_string().chars().any(Shown::escapes));
        }
    }
}
