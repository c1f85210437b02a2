use serde::{Deserialize, Serialize};

use crate::{DatasetName, FORMAT_VERSION, FormatError, INDEX_FILE, Kind};

/// `data/index.json`: the datasets beside each other in a data folder, sorted by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Index {
    /// [`FORMAT_VERSION`].
    pub format_version: u32,
    /// One entry a dataset.
    pub datasets: Vec<IndexEntry>,
}

/// A dataset as the selector lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexEntry {
    /// The dataset's name.
    pub name: DatasetName,
    /// Where its files are.
    pub layout: Layout,
    /// What it was made of, where that is known without opening it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Number of points, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<usize>,
}

/// How a dataset's files are laid out below the data folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// `data/<name>/config.json` and its files beside it.
    Folder,
    /// `data/<name>_config.json`, as the original project wrote.
    Flat,
}

impl Index {
    /// The list of `datasets`, sorted by name; of two with one name, the folder hides the flat one.
    pub fn new(mut datasets: Vec<IndexEntry>) -> Self {
        datasets.sort_by(|a, b| (&a.name, a.layout).cmp(&(&b.name, b.layout)));
        datasets.dedup_by(|later, earlier| later.name == earlier.name);
        Self { format_version: FORMAT_VERSION, datasets }
    }

    /// Reads `index.json`.
    ///
    /// # Errors
    /// [`FormatError::Json`] when it is not JSON of this shape.
    pub fn from_json(json: &[u8]) -> Result<Self, FormatError> {
        serde_json::from_slice(json)
            .map_err(|error| FormatError::Json { file: INDEX_FILE.to_owned(), reason: error.to_string() })
    }

    /// The entry of `name`.
    pub fn find(&self, name: &DatasetName) -> Option<&IndexEntry> {
        self.datasets.iter().find(|entry| entry.name == *name)
    }
}
