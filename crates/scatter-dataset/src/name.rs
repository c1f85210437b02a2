use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{FormatError, INDEX_FILE, Shown};

/// A dataset's name, which is its folder's name and its `?dataset=`: `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`.
///
/// The rule leaves no way to write a path, a parent folder or a URL. Nor may it be a name that no folder can have
/// everywhere: one of Windows' devices (`con`, `nul.x`…), one that ends in a dot, or that of the list of datasets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DatasetName(String);

const MAX_LENGTH: usize = 64;

impl DatasetName {
    /// Checks `name` against the rule.
    ///
    /// # Errors
    /// [`FormatError::Name`] when it breaks it.
    pub fn new(name: &str) -> Result<Self, FormatError> {
        let begins = name.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
        let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
        if begins && plain && name.len() <= MAX_LENGTH && !is_kept(name) {
            Ok(Self(name.to_owned()))
        } else {
            Err(FormatError::Name(name.to_owned()))
        }
    }

    /// The nearest valid name to a file's or folder's: other characters become `-`, an empty rest `sounds`.
    pub fn nearest(text: &str) -> Self {
        let mut name = String::new();
        for c in text.chars() {
            if c.is_ascii_alphanumeric() || (matches!(c, '.' | '_' | '-') && !name.is_empty()) {
                name.push(c);
            } else if !name.is_empty() && !name.ends_with('-') {
                name.push('-');
            }
            if name.len() == MAX_LENGTH {
                break;
            }
        }
        let name = name.trim_end_matches(['-', '.']);
        Self(match name {
            "" => "sounds".to_owned(),
            kept if is_kept(kept) => format!("sounds-{kept}").chars().take(MAX_LENGTH).collect(),
            free => free.to_owned(),
        })
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DatasetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for DatasetName {
    type Error = FormatError;

    fn try_from(name: String) -> Result<Self, FormatError> {
        Self::new(&name)
    }
}

impl From<DatasetName> for String {
    fn from(name: DatasetName) -> Self {
        name.0
    }
}

/// The plain file name in `value`, a field of `file`.
///
/// The original project wrote `./data/x.flac`; that one prefix is taken off, everything else with a
/// separator, a scheme or a parent folder is refused, and so is what no file can be called everywhere.
///
/// # Errors
/// [`FormatError::FileName`] when what is left is not a plain name.
pub fn base_name<'a>(file: &str, value: &'a str) -> Result<&'a str, FormatError> {
    let name = value.strip_prefix("./data/").unwrap_or(value);
    plain_name(file, name)
        .map(|()| name)
        .map_err(|_| FormatError::FileName { file: file.to_owned(), value: value.to_owned() })
}

/// Refuses what is no plain name; today's files have no prefix.
pub(crate) fn plain_name(file: &str, name: &str) -> Result<(), FormatError> {
    let hostile = |c: char| {
        Shown::escapes(c) || matches!(c, '/' | '\\' | ':' | '?' | '#' | '%' | '*' | '"' | '<' | '>' | '|')
    };
    let bad_end = name.starts_with('.') || name.ends_with(['.', ' ']);
    if name.is_empty() || bad_end || name.len() > 255 || name.contains(hostile) || is_device(name) {
        return Err(FormatError::FileName { file: file.to_owned(), value: name.to_owned() });
    }
    Ok(())
}

/// Whether a folder cannot have this name everywhere.
fn is_kept(name: &str) -> bool {
    name.ends_with('.') || name.eq_ignore_ascii_case(INDEX_FILE) || is_device(name)
}

/// Whether Windows keeps the name for a device, with whatever extension.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    let numbered = |stem: &str| {
        let (device, number) = stem.split_at_checked(3).unwrap_or((stem, ""));
        ["com", "lpt"].iter().any(|d| device.eq_ignore_ascii_case(d))
            && matches!(number.as_bytes(), [b'0'..=b'9'])
    };
    ["con", "prn", "aux", "nul"].iter().any(|d| stem.eq_ignore_ascii_case(d)) || numbered(stem)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_that_could_leave_the_folder_are_refused() {
        for bad in [
            "",
            ".",
            "..",
            "../x",
            "a/b",
            "a\\b",
            ".x",
            "-x",
            "a b",
            "ä",
            "%2e%2e",
            "http://x",
            "a\0",
            "con",
            "NUL.x",
            "lpt1",
            "a.",
            "Index.json",
        ] {
            assert!(DatasetName::new(bad).is_err(), "{bad:?}");
            assert!(serde_json::from_value::<DatasetName>(bad.into()).is_err(), "{bad:?}");
        }
        for good in ["a", "esc-50", "ESC_50.v2", "0", "cons", "com", "com10", "index", &"x".repeat(64)] {
            assert_eq!(DatasetName::new(good).unwrap().as_str(), good);
        }
        assert!(DatasetName::new(&"x".repeat(65)).is_err());
    }

    #[test]
    fn the_original_projects_prefix_is_taken_off_and_no_other_path_passes() {
        assert_eq!(base_name("c", "./data/fold1.flac").unwrap(), "fold1.flac");
        assert_eq!(base_name("c", "audio.flac").unwrap(), "audio.flac");
        for bad in [
            "",
            "../a",
            "./data/../a",
            "/a",
            "//h/a",
            "http:x",
            "a%2fb",
            "a?b",
            "./data//a",
            "..",
            "%2e%2e",
            "javascript:x",
            "data:x",
            ".hidden",
            "a\u{202e}gpj.flac",
            "a\nb",
            "a\0",
            "<b>",
            "nul",
            "COM1.jpg",
            "aux .json",
            "a.",
            "a ",
            "\u{feff}a",
        ] {
            assert!(base_name("c", bad).is_err(), "{bad:?}");
        }
        assert!(base_name("c", &"x".repeat(256)).is_err());
        for good in ["Vögel am Morgen (2).flac", "it's.jpg", "console.json", "com.jpg", &"x".repeat(255)] {
            assert_eq!(base_name("c", good).unwrap(), good);
        }
    }

    proptest! {
        #[test]
        fn any_text_has_a_nearest_valid_name(text in "\\PC{0,100}|(con|nul|lpt1|index)(\\.[a-z]{0,80})?\\.*") {
            let near = DatasetName::nearest(&text);
            prop_assert_eq!(DatasetName::new(near.as_str()).unwrap(), near);
        }

        #[test]
        fn a_valid_name_is_its_own_nearest(text in "[A-Za-z0-9][A-Za-z0-9._]{0,63}") {
            prop_assume!(DatasetName::new(&text).is_ok());
            prop_assert_eq!(String::from(DatasetName::nearest(&text)), text);
        }
    }
}
