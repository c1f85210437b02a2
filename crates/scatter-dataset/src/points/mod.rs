//! The columnar twin of `projections.json`: an Arrow file, and where in it each column lies.
//!
//! JSON of a million points takes 600 MB and must be read to its end before anything is seen. The Arrow file takes a
//! quarter of that, opens in pandas, polars and DuckDB as it is, and has the places of the points first: the page draws
//! them while the rest is on its way. `config.json` says where each column's bytes lie, so that a reader of this crate needs
//! none of Arrow's own metadata.

#[cfg(feature = "write")]
mod locate;
mod parts;
mod stored;
mod stream;
#[cfg(test)]
mod tests;
#[cfg(feature = "write")]
mod write;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use parts::Parts;
pub use stored::{Span, Stored, Values};
pub use stream::PointsStream;
#[cfg(feature = "write")]
pub use write::{WriteError, write_points};

use crate::{CONFIG_FILE, Config, FormatError, json, name::plain_name};

/// An Arrow file of all that `projections.json` holds, and its map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PointsTable {
    /// Its base name.
    pub file: String,
    /// Its columns, in the order in which they lie in it.
    pub columns: Vec<StoredColumn>,
    /// Source and licence of the classes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub attribution: String,
    /// Names of the classes that occur, by index.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "json::unique")]
    pub classes: BTreeMap<u32, String>,
}

/// One column of the Arrow file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredColumn {
    /// What it is of the dataset.
    pub part: Part,
    /// Its values, an entry a point.
    pub values: Stored,
}

/// What a stored column is of the dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// Points of the projection of this name.
    Projection(String),
    /// The same on a sphere.
    Sphere(String),
    /// A column of the table.
    Column(String),
    /// Original order of the points.
    Order,
    /// Mean shade of each point's tile, 0 to 255: its colour until the tile is there.
    Level,
    /// Nearest points.
    Neighbours,
    /// Class indices, best first.
    Classes,
    /// Their scores.
    Scores,
}

/// Most columns of a table: a dataset's own and a user's.
const MOST_COLUMNS: usize = 4_096;

impl PointsTable {
    /// Holds the map against the dataset: every column has room for every point, and none lies in another.
    pub(crate) fn check(&self, config: &Config) -> Result<(), FormatError> {
        plain_name(CONFIG_FILE, &self.file)?;
        if self.columns.len() > MOST_COLUMNS {
            return FormatError::length(CONFIG_FILE, "points.columns", self.columns.len(), MOST_COLUMNS);
        }
        for (k, column) in self.columns.iter().enumerate() {
            column.values.check(&format!("points.columns[{k}]"), config.count)?;
        }
        let mut spans: Vec<Span> = self.columns.iter().flat_map(|column| column.values.spans()).collect();
        spans.sort_unstable_by_key(|span| span.start);
        let bytes = config.files.get(&self.file).map_or(u64::MAX, |facts| facts.bytes);
        let ends = spans.iter().map(|span| span.start.checked_add(span.bytes));
        let next = spans.iter().skip(1).map(|span| span.start).chain([bytes]);
        match ends.zip(next).any(|(end, next)| end.is_none_or(|end| end > next)) {
            true => Err(FormatError::value(
                CONFIG_FILE,
                "points.columns",
                "one that reaches into another",
                "places of their own within the file",
            )),
            false => Ok(()),
        }
    }

    /// Where the columns end that a picture of the map needs: its points, their labels, the shade of their tiles.
    pub fn drawable(&self) -> usize {
        let needed = |column: &StoredColumn| match &column.part {
            Part::Projection(_) | Part::Level => true,
            Part::Column(name) => {
                [crate::columns::LABELS, crate::columns::LABEL_NAMES].contains(&name.as_str())
            }
            _ => false,
        };
        self.columns.iter().take_while(|column| needed(column)).count()
    }
}
