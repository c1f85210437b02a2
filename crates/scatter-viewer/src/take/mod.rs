//! What a person takes away from the map: tables, lists, label tracks, clips. Pure: bytes in, bytes out.

mod csv;
mod json;
mod names;
mod tracks;
mod wav;
mod zip;

use scatter_dataset::{Config, Kind, Projections, columns};

use crate::tags::Tags;

pub use csv::csv;
pub use json::json;
pub use names::clip_name;
pub use tracks::{audacity, raven};
pub use wav::wav;
pub use zip::{Zip, ZipError};

/// The points that are taken, and what is known of them.
#[derive(Debug, Clone, Copy)]
pub struct Taken<'a> {
    /// The dataset.
    pub config: &'a Config,
    /// Its table.
    pub data: &'a Projections,
    /// Which points, in the order in which to list them.
    pub points: &'a [usize],
    /// Name of the layout that is shown, and where it puts each point of the dataset.
    pub layout: (&'a str, &'a [[f32; 3]]),
    /// What the person called them.
    pub tags: &'a Tags,
}

impl Taken<'_> {
    /// What column `name` says of `point`, empty where it says nothing.
    fn text(&self, name: &str, point: usize) -> String {
        self.data.metadata.get(name).map(|column| column.text(point)).unwrap_or_default()
    }

    /// Name of the column of tags: none that the dataset has already.
    fn tag_column(&self) -> &'static str {
        let taken = self.config.columns.iter().any(|info| info.name == "tags");
        if taken { "own tags" } else { "tags" }
    }

    /// The source file of `point`.
    fn path(&self, point: usize) -> String {
        self.text(columns::FILE_NAMES, point)
    }

    /// What the model heard in `point`, best first, with its score.
    fn classes(&self, point: usize) -> impl Iterator<Item = (&str, f32)> + '_ {
        let found =
            self.data.classes.as_ref().and_then(|classes| {
                let (top, scores) = (classes.top.get(point)?, classes.scores.get(point)?);
                Some(top.iter().zip(scores).filter_map(|(class, &score)| {
                    classes.names.get(class).map(|name| (name.as_str(), score))
                }))
            });
        found.into_iter().flatten()
    }

    /// Whether the points are windows of one recording.
    fn is_recording(&self) -> bool {
        self.config.kind == Kind::Recording
    }
}

/// The source files, one a line, each once, in the order of the points. A line break within a name is written `\n`, so
/// that a line is a file.
pub fn paths(taken: &Taken<'_>) -> String {
    let mut seen = std::collections::HashSet::new();
    let mut list = String::new();
    for path in taken.points.iter().map(|&point| taken.path(point)) {
        if !path.is_empty() && seen.insert(path.clone()) {
            list.push_str(&path.replace('\r', "\\r").replace('\n', "\\n"));
            list.push('\n');
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use scatter_dataset::{AudioLayout, Classes, Column, Projected, SpriteLayout};

    use super::*;

    /// A dataset of as many points as `files`, with whatever else a test adds.
    pub fn dataset(kind: Kind, files: &[&str]) -> (Config, Projections) {
        let count = files.len();
        let audio = match kind {
            Kind::Clips => AudioLayout::clips(count as u64 * 15_360),
            Kind::Recording => AudioLayout::recording(7_680, 7_680 * (count as u64 + 1)),
        };
        let json = serde_json::json!({
            "formatVersion": 1, "name": "a", "kind": kind, "count": count, "audioFile": "a.flac",
            "spriteFile": "sprite.jpg", "projectionsFile": "p.json", "imgDim": 96, "audio": audio,
            "sprite": SpriteLayout::log_mel(count, -7.0, 1.0), "projections": [{"name": "umap", "dims": 3}],
            "columns": [{"name": "filenames", "type": "text"}],
        });
        let config = Config::from_json(json.to_string().as_bytes()).unwrap();
        let names = Column::Text(files.iter().map(|&f| f.to_owned()).collect());
        let metadata: BTreeMap<_, _> = [(columns::FILE_NAMES.to_owned(), names)].into_iter().collect();
        let first = Projected { points: Vec::new(), spherical: Vec::new() };
        let (further, neighbours) = (BTreeMap::new(), Vec::new());
        let data = Projections { idx: Vec::new(), metadata, first, further, neighbours, classes: None };
        (config, data)
    }

    /// Adds a column.
    pub fn with(config: &mut Config, data: &mut Projections, name: &str, column: Column) {
        let info = scatter_dataset::ColumnInfo { name: name.to_owned(), kind: column.kind(), unit: None };
        config.columns.push(info);
        data.metadata.insert(name.to_owned(), column);
    }

    /// Adds one class a point.
    pub fn hears(data: &mut Projections, names: &[(&str, f32)]) {
        data.classes = Some(Classes {
            attribution: String::new(),
            names: names.iter().enumerate().map(|(k, (name, _))| (k as u32, (*name).to_owned())).collect(),
            top: (0..names.len()).map(|k| vec![k as u32]).collect(),
            scores: names.iter().map(|(_, score)| vec![*score]).collect(),
        });
    }

    #[test]
    fn a_line_is_a_file_and_each_stands_once() {
        let (config, data) = dataset(Kind::Clips, &["a/b.wav", "c\nd.wav", "", "a/b.wav", "e.wav"]);
        let taken = Taken {
            config: &config,
            data: &data,
            points: &[0, 1, 2, 3],
            tags: &Tags::default(),
            layout: ("umap", &[]),
        };
        assert_eq!(paths(&taken), "a/b.wav\nc\\nd.wav\n");
    }
}
