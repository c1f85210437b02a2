//! What the search field asks for: words that must be found, and words that must not.

use crate::fold::fold;

/// A question to the table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// All of these must be found, folded.
    pub wanted: Vec<String>,
    /// None of these may be.
    pub unwanted: Vec<String>,
}

/// Characters of a question that are read, and words of it.
pub const LONGEST: usize = 500;
const MOST: usize = 40;

impl Query {
    /// Reads a question: words apart by spaces, `-word` for one that must not be found, `"two words"` for ones that follow each
    /// other. A quote that is not closed reaches to the end; a lone `-` is not a word yet.
    pub fn read(text: &str) -> Self {
        let mut query = Self::default();
        let text: String = text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
        let mut rest = text.trim_start();
        while !rest.is_empty() && query.wanted.len() + query.unwanted.len() < MOST {
            let unwanted = rest.starts_with('-');
            rest = if unwanted { &rest[1..] } else { rest };
            let (word, after) = match rest.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
                None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
            };
            let word = fold(word.trim());
            if !word.is_empty() {
                if unwanted { &mut query.unwanted } else { &mut query.wanted }.push(word);
            }
            rest = after.trim_start();
        }
        query
    }

    /// Whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty() && self.unwanted.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> (Vec<String>, Vec<String>) {
        let Query { wanted, unwanted } = Query::read(text);
        (wanted, unwanted)
    }

    fn words(wanted: &[&str], unwanted: &[&str]) -> (Vec<String>, Vec<String>) {
        (wanted.iter().map(|s| s.to_string()).collect(), unwanted.iter().map(|s| s.to_string()).collect())
    }

    #[test]
    fn words_are_apart_by_spaces_and_a_dash_excludes() {
        assert_eq!(read("  Dog   bärk -Rain "), words(&["dog", "bark"], &["rain"]));
        assert_eq!(read("a-b.wav"), words(&["a-b.wav"], &[]));
    }

    #[test]
    fn quotes_keep_words_together() {
        assert_eq!(read("\"Dog bark\" -\"heavy rain\" x"), words(&["dog bark", "x"], &["heavy rain"]));
        assert_eq!(read("\"dog ba"), words(&["dog ba"], &[]));
    }

    #[test]
    fn what_is_being_typed_excludes_nothing_yet() {
        assert_eq!(read("dog -"), words(&["dog"], &[]));
        assert_eq!(read("-\"\" \"\" -"), words(&[], &[]));
        assert!(Query::read(" \u{308} ").is_empty());
    }

    proptest! {
        #[test]
        fn any_text_is_a_question_of_bounded_length(text in "([-\" a]|\\PC){0,900}") {
            let query = Query::read(&text);
            prop_assert!(query.wanted.len() + query.unwanted.len() <= MOST);
            prop_assert!(query.wanted.iter().chain(&query.unwanted).all(|w| !w.is_empty() && w.trim() == w));
        }
    }
}
