//! The order that people expect of names: "clip 2" before "clip 10", whatever language the browser speaks.

use crate::fold::fold;

/// A key whose bytes are in the order of the texts: letters without case and marks, runs of digits by value. Texts that differ
/// only in case, marks or leading zeros are told apart by what stands there.
pub fn natural_key(text: &str) -> Vec<u8> {
    let folded = fold(text);
    let bytes = folded.as_bytes();
    let mut key = Vec::with_capacity(bytes.len() + text.len() + 8);
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            key.push(bytes[at]);
            at += 1;
            continue;
        }
        let end = bytes[at..].iter().position(|b| !b.is_ascii_digit()).map_or(bytes.len(), |n| at + n);
        let first = bytes[at..end].iter().position(|&b| b != b'0').map_or(end, |n| at + n);
        // Where digits stand among letters; then the longer number is the greater one.
        key.push(b'0');
        key.extend(((end - first) as u32).to_be_bytes());
        key.extend(&bytes[first..end]);
        at = end;
    }
    key.push(0);
    key.extend(text.as_bytes());
    key
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sorted(mut texts: Vec<&str>) -> Vec<&str> {
        texts.sort_by_key(|text| natural_key(text));
        texts
    }

    #[test]
    fn numbers_in_names_count() {
        let texts = vec!["clip 10.wav", "clip 2.wav", "Clip 1.wav", "clip.wav", "clip 2b.wav", "clip 02.wav"];
        assert_eq!(
            sorted(texts),
            ["clip 1.wav", "clip 02.wav", "clip 2.wav", "clip 2b.wav", "clip 10.wav", "clip.wav"]
                .map(|t| if t == "clip 1.wav" { "Clip 1.wav" } else { t })
        );
        assert_eq!(
            sorted(vec!["zebra", "Äpfel", "apfel", "Birne", ""]),
            ["", "apfel", "Äpfel", "Birne", "zebra"]
        );
    }

    proptest! {
        #[test]
        fn two_names_with_numbers_are_in_the_order_of_their_numbers(a in any::<u64>(), b in any::<u64>(), name in "[a-z ]{0,5}") {
            let key = |n: u64| natural_key(&format!("{name}{n}x"));
            prop_assert_eq!(key(a).cmp(&key(b)), a.cmp(&b));
        }

        #[test]
        fn different_texts_are_never_equal(a in "\\PC{0,12}", b in "\\PC{0,12}") {
            prop_assert_eq!(natural_key(&a) == natural_key(&b), a == b);
        }
    }
}
