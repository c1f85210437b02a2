use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    AudioLayout, CONFIG_FILE, ColumnInfo, DatasetName, FORMAT_VERSION, FormatError, MAX_POINTS, PointsTable,
    SpriteLayout, json, name::plain_name,
};

/// `config.json`: written last, so a folder that has one is whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Config {
    /// [`FORMAT_VERSION`].
    pub format_version: u32,
    /// The dataset's name.
    pub name: DatasetName,
    /// A folder of clips or one recording.
    pub kind: Kind,
    /// Number of points.
    pub count: usize,
    /// Base name of the audio sprite; `None` only in the original project's datasets that lack one.
    pub audio_file: Option<String>,
    /// Base name of the first sprite page; `None` likewise.
    pub sprite_file: Option<String>,
    /// Base name of the projections.
    pub projections_file: String,
    /// Tile width in pixels, under the original project's key.
    pub img_dim: u32,
    /// Where each clip lies in the audio sprite.
    pub audio: AudioLayout,
    /// Where each tile lies in the sprite pages.
    pub sprite: SpriteLayout,
    /// The model that made the embeddings; `None` where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelInfo>,
    /// What `projections.json` holds: first its `projections`, then `further` in this order.
    pub projections: Vec<ProjectionInfo>,
    /// The columns of `metadata`, in the order to show them.
    pub columns: Vec<ColumnInfo>,
    /// The same as an Arrow file, and where in it each column lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<PointsTable>,
    /// Size and SHA-256 of the other files, by base name.
    #[serde(default, deserialize_with = "json::unique")]
    pub files: BTreeMap<String, FileFacts>,
    /// What wrote the dataset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<Created>,
}

/// What a dataset was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// One clip of each file.
    Clips,
    /// Overlapping windows of one file.
    Recording,
}

/// The embedding model, so that datasets can be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// Short name, such as `yamnet`.
    pub name: String,
    /// SHA-256 of its file, in hexadecimal.
    pub sha256: String,
}

/// One projection: how it was made, and in how many dimensions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProjectionInfo {
    /// Short name, such as `umap`.
    pub name: String,
    /// Numbers a point.
    pub dims: u32,
    /// The method's parameters.
    #[serde(default, deserialize_with = "json::unique")]
    pub params: BTreeMap<String, Value>,
}

/// What a whole file must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFacts {
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// The tool that wrote a dataset. No time stands here: the same input gives the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    /// Name of the tool.
    pub tool: String,
    /// Its version.
    pub version: String,
    /// A number for the folder or file that the dataset was made of, which tells maps of other sounds from it and says
    /// nothing of where they are: 16 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Config {
    /// Reads and checks `config.json`.
    ///
    /// # Errors
    /// [`FormatError`] when it is not JSON of this shape, of another version, names a path where a base name
    /// belongs, or holds numbers that cannot be.
    pub fn from_json(json: &[u8]) -> Result<Self, FormatError> {
        // The version first: a later format may differ in everything else.
        json::read::<Version>(CONFIG_FILE, json)?.check(CONFIG_FILE)?;
        let config: Self = json::read(CONFIG_FILE, json)?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), FormatError> {
        let refuse =
            |what: &str, value: String, rule| Err(FormatError::value(CONFIG_FILE, what, value, rule));
        let files = [self.audio_file.as_deref(), self.sprite_file.as_deref(), Some(&self.projections_file)];
        for file in files.into_iter().flatten().chain(self.files.keys().map(String::as_str)) {
            plain_name(CONFIG_FILE, file)?;
        }
        if !(1..=MAX_POINTS).contains(&self.count) {
            return refuse("count", self.count.to_string(), "1 to 10000000 points");
        }
        if !(1..=16_384).contains(&self.img_dim) {
            return refuse("imgDim", self.img_dim.to_string(), "1 to 16384 pixels");
        }
        if self.projections.is_empty() {
            return FormatError::length(CONFIG_FILE, "projections", 0, 1);
        }
        if self.projections.len() > 64 {
            return refuse("projections", self.projections.len().to_string(), "at most 64 of them");
        }
        let mut names = BTreeSet::new();
        for (k, info) in self.projections.iter().enumerate() {
            let what = format!("projections[{k}]");
            if !(1..=3).contains(&info.dims) {
                return refuse(&format!("{what}.dims"), info.dims.to_string(), "1 to 3 dimensions");
            }
            if info.name.is_empty() || !names.insert(&info.name) {
                return refuse(&format!("{what}.name"), format!("“{}”", info.name), "a name of its own");
            }
        }
        let mut names = BTreeSet::new();
        for (k, info) in self.columns.iter().enumerate() {
            if info.name.is_empty() || !names.insert(&info.name) {
                let what = format!("columns[{k}].name");
                return refuse(&what, format!("“{}”", info.name), "a name of its own");
            }
        }
        if let Some(points) = &self.points {
            points.check(self)?;
        }
        self.audio.check(self.count)?;
        self.sprite.check(self.count, self.sprite_file.as_deref())
    }
}

/// All that every version of a file must hold.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Version {
    format_version: u32,
}

impl Version {
    /// Whether this version is read here.
    pub fn check(&self, file: &str) -> Result<(), FormatError> {
        match self.format_version {
            FORMAT_VERSION => Ok(()),
            found => Err(FormatError::Version { file: file.to_owned(), found, known: FORMAT_VERSION }),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Found by fuzzing: the prefix that is taken off in the original's files was let through here, and stayed.
    #[test]
    fn a_file_named_with_a_folder_is_refused_whatever_the_folder() {
        let config = |audio: &str, page: &str| {
            let sprite = SpriteLayout { pages: vec![page.to_owned()], ..SpriteLayout::log_mel(1, -7.0, 1.0) };
            let json = json!({
                "formatVersion": FORMAT_VERSION, "name": "a", "kind": "clips", "count": 1, "audioFile": audio,
                "spriteFile": page, "projectionsFile": "projections.json", "imgDim": 96,
                "audio": AudioLayout::clips(15_360), "sprite": sprite,
                "projections": [{"name": "pca", "dims": 3}], "columns": [],
            });
            Config::from_json(json.to_string().as_bytes())
        };
        assert!(config("audio.flac", "sprite.jpg").is_ok());
        let refused = [config("./data/audio.flac", "sprite.jpg"), config("audio.flac", "./data/sprite.jpg")];
        assert!(
            refused.iter().all(|found| matches!(found, Err(FormatError::FileName { .. }))),
            "{refused:?}"
        );
    }
}
