//! The table of points: its columns, and the names of those that every dataset has.
//!
//! The names are the original project's.

mod read;

use serde::{Deserialize, Serialize};

/// Class identifier of each point (text, though often a number).
pub const LABELS: &str = "labels";
/// Class name of each point; for a recording the start time of its window, unless windows are named by class.
pub const LABEL_NAMES: &str = "labelnames";
/// Path of the source file, relative to the collection's folder, with `/` between folders.
pub const FILE_NAMES: &str = "filenames";
/// Spectral centroid in Hz.
pub const CENTROID: &str = "s_centroid";
/// Spectral roll-off (85 % of the magnitude lies below) in Hz.
pub const ROLLOFF: &str = "s_rolloff";
/// Spectral bandwidth in Hz.
pub const BANDWIDTH: &str = "s_bandwidth";
/// Spectral flatness (geometric over arithmetic mean of the power spectrum), 0 to 1.
pub const FLATNESS: &str = "s_flatness";
/// Root mean square in dBFS: a full-scale sine has 0 (AES17). Missing in silence.
pub const RMS: &str = "rms";
/// Greatest absolute sample in dBFS: full scale is 0. Missing in silence.
pub const PEAK: &str = "peak";
/// Changes of sign a sample, 0 to 1.
pub const ZERO_CROSSINGS: &str = "zcr";
/// Fundamental frequency in Hz: the median of the voiced frames. Missing where the clip is unvoiced.
pub const F0: &str = "f0";
/// Share of voiced frames, 0 to 1.
pub const VOICED: &str = "voiced";
/// Start of the clip in its source file, in seconds.
pub const START: &str = "start";
/// Decoded length of the source file, in seconds.
pub const DURATION: &str = "duration";
/// `exact` or `near` where another point holds the same sound; empty for a unique one.
pub const DUPLICATE: &str = "duplicate";
/// Number of the group of duplicates that a point belongs to; missing for a unique one.
pub const DUPLICATE_GROUP: &str = "duplicate_group";
/// All of them: names that a user's own column cannot take.
pub const RESERVED: [&str; 16] = [
    LABELS,
    LABEL_NAMES,
    FILE_NAMES,
    CENTROID,
    ROLLOFF,
    BANDWIDTH,
    FLATNESS,
    RMS,
    PEAK,
    ZERO_CROSSINGS,
    F0,
    VOICED,
    START,
    DURATION,
    DUPLICATE,
    DUPLICATE_GROUP,
];

/// One column of the table of points: an entry a point.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Column {
    /// Text, empty where missing.
    Text(Vec<String>),
    /// Numbers, `null` where missing.
    Number(Vec<Option<f64>>),
}

impl Column {
    /// Number of entries.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(values) => values.len(),
            Self::Number(values) => values.len(),
        }
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the column holds.
    pub fn kind(&self) -> ColumnType {
        match self {
            Self::Text(_) => ColumnType::Text,
            Self::Number(_) => ColumnType::Number,
        }
    }

    /// Entry `row` in words; empty where it is missing.
    pub fn text(&self, row: usize) -> String {
        match self {
            Self::Text(values) => values.get(row).cloned().unwrap_or_default(),
            Self::Number(values) => {
                values.get(row).copied().flatten().map(|v| v.to_string()).unwrap_or_default()
            }
        }
    }

    /// Keeps the first `count` entries.
    pub(crate) fn truncate(&mut self, count: usize) {
        match self {
            Self::Text(values) => values.truncate(count),
            Self::Number(values) => values.truncate(count),
        }
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnType {
    /// Text.
    Text,
    /// Numbers.
    Number,
}

/// A column as `config.json` announces it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnInfo {
    /// Key in the `metadata` of `projections.json`.
    pub name: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// Unit of its numbers, such as `Hz` or `s`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}
