use serde::{Deserialize, Serialize};

use crate::config::Version;
use crate::{DatasetName, FORMAT_VERSION, FormatError, INDEX_FILE, Kind, json};

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

    /// Reads `index.json`; it comes out sorted, and no name twice, whatever it was.
    ///
    /// # Errors
    /// [`FormatError`] when it is not JSON of this shape, or of another version.
    pub fn from_json(json: &[u8]) -> Result<Self, FormatError> {
        let version = json::read::<Version>(INDEX_FILE, json)?;
        version.check(INDEX_FILE)?;
        Ok(Self::new(json::read::<Self>(INDEX_FILE, json)?.datasets))
    }

    /// The entry of `name`.
    pub fn find(&self, name: &DatasetName) -> Option<&IndexEntry> {
        self.datasets.iter().find(|entry| entry.name == *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_out_of_order_with_a_name_twice_is_put_in_order() {
        let json =
            br#"{"formatVersion":1,"datasets":[{"name":"b","layout":"flat"},{"name":"b","layout":"folder"},
            {"name":"a","layout":"flat"}]}"#;
        let names: Vec<_> = Index::from_json(json).unwrap().datasets;
        let names: Vec<_> = names.iter().map(|e| (e.name.as_str(), e.layout)).collect();
        assert_eq!(names, [("a", Layout::Flat), ("b", Layout::Folder)]);
    }

    #[test]
    fn a_name_that_is_a_path_is_said_with_its_place() {
        let json = br#"{"formatVersion":1,"datasets":[{"name":"a","layout":"flat"},{"name":"../x","layout":"flat"}]}"#;
        let said = Index::from_json(json).unwrap_err().to_string();
        assert!(
            said.starts_with("index.json cannot be read: at datasets[1].name (line 1, column "),
            "{said}"
        );
        assert!(said.contains("\u{201c}../x\u{201d} is not a dataset name"), "{said}");
    }
}
