use thiserror::Error;

use crate::Shown;

/// Why a dataset cannot be read, in words for the person who opens it. What a file holds is shown through [`Shown`].
#[derive(Debug, Error, Clone, PartialEq)]
pub enum FormatError {
    /// A dataset's name breaks the rule of [`crate::DatasetName`].
    #[error(
        "“{}” is not a dataset name: use 1 to 64 letters, digits, '.', '_' or '-', beginning with a letter or digit, \
         and no name that systems keep for themselves",
        Shown(&brief(.0))
    )]
    Name(String),
    /// A file named in a configuration is a path, a URL or nothing.
    #[error("{file} names “{}”, which is not a plain file name", Shown(&brief(.value)))]
    FileName {
        /// The file that holds the name.
        file: String,
        /// What it holds.
        value: String,
    },
    /// A file is not JSON of the expected shape.
    #[error("{file} cannot be read: {}", Shown(.reason))]
    Json {
        /// The broken file.
        file: String,
        /// Where, and what is wrong there.
        reason: String,
    },
    /// A file holds `NaN` or `Infinity`, which Python's `json` writes although JSON has neither.
    #[error("{file} holds {value} at {at}, which is no JSON: the program that wrote it had no number there")]
    NoNumber {
        /// The file.
        file: String,
        /// What stands there.
        value: String,
        /// The place.
        at: String,
    },
    /// A file was written by a later version of the tool.
    #[error(
        "{file} has format version {found}, and this page reads version {known}: prepare the dataset again, or use a newer page"
    )]
    Version {
        /// The file.
        file: String,
        /// Version in the file.
        found: u32,
        /// Version read here.
        known: u32,
    },
    /// Two parts that must be of one length are not.
    #[error("{file}: {} holds {found} entries where {expected} are expected", Shown(.what))]
    Length {
        /// The file.
        file: String,
        /// The array or table in question.
        what: String,
        /// Its length.
        found: usize,
        /// The length it should have.
        expected: usize,
    },
    /// A value makes no sense where it stands.
    #[error("{file}: {} is {}, where {rule} is expected", Shown(.what), Shown(&brief(.value)))]
    Value {
        /// The file.
        file: String,
        /// The field in question.
        what: String,
        /// What it holds.
        value: String,
        /// What it should hold.
        rule: &'static str,
    },
}

/// As much of a value as tells what it is.
fn brief(value: &str) -> String {
    match value.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

impl FormatError {
    /// `what` of `file` is `value`, where `rule` is expected.
    pub(crate) fn value(
        file: &str,
        what: impl Into<String>,
        value: impl ToString,
        rule: &'static str,
    ) -> Self {
        Self::Value { file: file.to_owned(), what: what.into(), value: value.to_string(), rule }
    }

    /// `what` of `file` has one length where it should have another.
    pub(crate) fn length(
        file: &str,
        what: impl Into<String>,
        found: usize,
        expected: usize,
    ) -> Result<(), Self> {
        match found == expected {
            true => Ok(()),
            false => Err(Self::Length { file: file.to_owned(), what: what.into(), found, expected }),
        }
    }
}
