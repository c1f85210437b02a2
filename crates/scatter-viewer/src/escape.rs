//! Percent escapes (RFC 3986, section 2.1).

/// `text` with every byte escaped that is not unreserved (RFC 3986, section 2.3).
pub fn escape(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(b).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// What was escaped; `None` where an escape is none, or the bytes are no text.
pub fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                (digit()? * 16 + digit()?) as u8
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_comes_back_and_nothing_of_it_can_end_a_part_of_an_address(text in any::<String>()) {
            let escaped = escape(&text);
            prop_assert!(!escaped.contains(['&', '=', '#', '?', ':', ',', '/', ' ']));
            prop_assert_eq!(unescape(&escaped), Some(text));
        }

        #[test]
        fn no_text_is_too_broken(text in "[%0-9a-fA-Fxé]{0,12}") {
            let _ = unescape(&text);
        }
    }

    #[test]
    fn broken_escapes_are_no_text() {
        for broken in ["%", "%4", "%zz", "%ff", "a%+1"] {
            assert_eq!(unescape(broken), None, "{broken}");
        }
        assert_eq!(unescape("%e2%82%ac").as_deref(), Some("€"));
    }
}
