//! File names as text: for the table, which must keep them apart, and for the terminal, which must not obey them.

use std::ffi::OsStr;
use std::fmt::Write as _;

use scatter_dataset::Shown;

/// A file's name as text, a different one for each name.
///
/// A name that is UTF-8 stays as it is. Of one that is not, each wrong byte becomes `\xNN`; so that no two names come out
/// alike, its backslashes are doubled, as are those of a name that holds such an escape by itself.
pub fn path_text(name: &OsStr) -> String {
    let bytes = name.as_encoded_bytes();
    if let Some(text) = name.to_str().filter(|text| !holds_escape(text)) {
        return text.to_owned();
    }
    let mut text = String::with_capacity(bytes.len() * 2);
    for chunk in bytes.utf8_chunks() {
        text.push_str(&chunk.valid().replace('\\', "\\\\"));
        for byte in chunk.invalid() {
            // Writing into a String cannot fail.
            let _ = write!(text, "\\x{byte:02X}");
        }
    }
    text
}

/// Whether the text holds what [`path_text`] writes for a wrong byte.
fn holds_escape(text: &str) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_digit() || (b'A'..=b'F').contains(byte);
    text.as_bytes().windows(4).any(|w| w[0] == b'\\' && w[1] == b'x' && is_digit(&w[2]) && is_digit(&w[3]))
}

/// `text`, of one line or several, for the terminal: what a file's name may hold beside letters is seen, not obeyed.
pub fn lines(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\t' => c.to_string(),
        c if Shown::escapes(c) => c.escape_debug().to_string(),
        c => c.to_string(),
    };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_message_keeps_its_lines_and_shows_the_rest() {
        assert_eq!(lines("a:\n\tb\u{1b}[2J\r\u{202e}c"), "a:\n\tb\\u{1b}[2J\\r\\u{202e}c");
    }

    #[cfg(unix)]
    proptest! {
        #[test]
        fn no_two_names_become_one_text(
            a in proptest::collection::vec(prop::sample::select(b"\\xF\xff\xc3\xa9a".to_vec()), 0..7),
            b in proptest::collection::vec(prop::sample::select(b"\\xF\xff\xc3\xa9a".to_vec()), 0..7),
        ) {
            use std::os::unix::ffi::OsStrExt;
            let same = path_text(OsStr::from_bytes(&a)) == path_text(OsStr::from_bytes(&b));
            prop_assert_eq!(same, a == b);
        }
    }
}
