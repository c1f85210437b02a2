use thiserror::Error;

/// Why a dataset cannot be read, in words for the person who opens it.
#[derive(Debug, Error, Clone, PartialEq)]
pub enum FormatError {
    /// A dataset's name breaks the rule of [`crate::DatasetName`].
    #[error(
        "{0:?} is not a dataset name: use 1 to 64 letters, digits, '.', '_' or '-', beginning with a letter or digit"
    )]
    Name(String),
    /// A file named in a configuration is a path, a URL or nothing.
    #[error("{file} names {value:?}, which is not a plain file name")]
    FileName {
        /// The file that holds the name.
        file: String,
        /// What it holds.
        value: String,
    },
    /// A file is not JSON of the expected shape.
    #[error("{file} cannot be read: {reason}")]
    Json {
        /// The broken file.
        file: String,
        /// The parser's complaint, with line and column.
        reason: String,
    },
    /// A file was written by a later version of the tool.
    #[error(
        "this dataset has format version {found}, and this page reads version {known}: prepare it again, or use a newer page"
    )]
    Version {
        /// Version in the file.
        found: u32,
        /// Version read here.
        known: u32,
    },
    /// Two parts that must be of one length are not.
    #[error("{what} holds {found} entries where {expected} are expected")]
    Length {
        /// The array or table in question.
        what: String,
        /// Its length.
        found: usize,
        /// The length it should have.
        expected: usize,
    },
    /// A number makes no sense where it stands.
    #[error("{what} is {value}, which cannot be: {rule}")]
    Value {
        /// The field in question.
        what: String,
        /// What it holds.
        value: String,
        /// What it should hold.
        rule: &'static str,
    },
}
