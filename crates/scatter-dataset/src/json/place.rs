//! Where in a JSON text something stands, as a person writes it: `projections[3][1]`.

use std::fmt;

/// A way down from the top of a JSON text.
#[derive(Debug, Default, PartialEq)]
pub struct Place {
    steps: Vec<Step>,
    line: usize,
    column: usize,
    offset: usize,
    in_text: bool,
}

#[derive(Debug, PartialEq)]
enum Step {
    Item(usize),
    /// The raw key; empty before the first.
    Key(String),
}

/// Steps that are shown at most.
const SHOWN: usize = 8;

impl Place {
    /// The place of `line` and `column`, both from 1 as serde_json counts them, in bytes.
    ///
    /// The text need not be valid: what cannot be followed is passed over.
    pub fn find(json: &[u8], line: usize, column: usize) -> Self {
        let begin = match line.checked_sub(2) {
            None => 0,
            Some(nth) => {
                json.iter().enumerate().filter(|(_, b)| **b == b'\n').nth(nth).map_or(0, |(k, _)| k + 1)
            }
        };
        let offset = (begin + column).saturating_sub(1).min(json.len().saturating_sub(1));
        let mut place = Self { line, column, offset, ..Self::default() };
        let mut in_key = false;
        let mut k = 0;
        while k <= offset && k < json.len() {
            match json[k] {
                b'"' => {
                    let end = end_of_text(json, k);
                    place.in_text = end >= offset;
                    if let (true, Some(Step::Key(key))) = (in_key, place.steps.last_mut()) {
                        *key = String::from_utf8_lossy(&json[k + 1..end.max(k + 1)]).into_owned();
                    }
                    k = end;
                }
                b'[' => {
                    place.steps.push(Step::Item(0));
                    in_key = false;
                }
                b'{' => {
                    place.steps.push(Step::Key(String::new()));
                    in_key = true;
                }
                // A complaint at a closing bracket is about what it closes.
                b']' | b'}' => {
                    place.steps.pop();
                }
                b':' => in_key = false,
                b',' => match place.steps.last_mut() {
                    Some(Step::Item(number)) => *number += 1,
                    Some(Step::Key(key)) => {
                        key.clear();
                        in_key = true;
                    }
                    None => {}
                },
                _ => {}
            }
            k += 1;
        }
        place
    }

    /// `NaN` or one of its kin, where it stands in this place.
    pub fn no_number<'a>(&self, json: &'a [u8]) -> Option<&'a str> {
        let part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'+' | b'.');
        if self.in_text || !json.get(self.offset).is_some_and(part) {
            return None;
        }
        let begin = json[..self.offset].iter().rposition(|b| !part(b)).map_or(0, |k| k + 1);
        let end = json[self.offset..].iter().position(|b| !part(b)).map_or(json.len(), |k| self.offset + k);
        let word = std::str::from_utf8(&json[begin..end]).ok()?;
        let bare = word.trim_start_matches(['-', '+']).to_ascii_lowercase();
        matches!(bare.as_str(), "nan" | "inf" | "infinity").then_some(word)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = self.steps.iter().filter(|step| !matches!(step, Step::Key(key) if key.is_empty()));
        let mut shown = 0;
        for step in named {
            match step {
                _ if shown == SHOWN => {
                    f.write_str("…")?;
                    break;
                }
                Step::Item(number) => write!(f, "[{number}]")?,
                Step::Key(key) => {
                    let dot = if shown > 0 { "." } else { "" };
                    let key: String = key.chars().take(60).collect();
                    write!(f, "{dot}{}", crate::Shown(&key))?;
                }
            }
            shown += 1;
        }
        if shown == 0 {
            f.write_str("the top")?;
        }
        write!(f, " (line {}, column {})", self.line, self.column)
    }
}

/// The closing quote of the text that begins at `open`, or the last byte where there is none.
fn end_of_text(json: &[u8], open: usize) -> usize {
    let mut k = open + 1;
    while k < json.len() && json[k] != b'"' {
        k += if json[k] == b'\\' { 2 } else { 1 };
    }
    k.min(json.len() - 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn brackets_and_commas_in_text_do_not_count() {
        let json = br#"{"a":{"b,[\"":[0,"]}",{"c":7}]}}"#;
        let column = json.iter().position(|&b| b == b'7').unwrap() + 1;
        assert_eq!(
            Place::find(json, 1, column).to_string(),
            format!("a.b,[\\\"[2].c (line 1, column {column})")
        );
    }

    proptest! {
        #[test]
        fn any_place_of_any_bytes_can_be_said(bytes: Vec<u8>, line in 0usize..9, column in 0usize..99) {
            let place = Place::find(&bytes, line, column);
            prop_assert!(!place.to_string().is_empty());
            let _ = place.no_number(&bytes);
        }

        #[test]
        fn near_json_too(text in r#"[\[\]{}",:\\nN1a -]{0,60}"#, column in 0usize..70) {
            let place = Place::find(text.as_bytes(), 1, column);
            prop_assert!(!place.to_string().is_empty());
            let _ = place.no_number(text.as_bytes());
        }
    }
}
