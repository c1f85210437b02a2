use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    AudioLayout, CONFIG_FILE, ColumnInfo, DatasetName, FORMAT_VERSION, FormatError, SpriteLayout,
    name::plain_name,
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
    /// Size and SHA-256 of the other files, by base name.
    #[serde(default)]
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
    #[serde(default)]
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
}

impl Config {
    /// Reads and checks `config.json`.
    ///
    /// # Errors
    /// [`FormatError`] when it is not JSON of this shape, of another version, names a path where a base name
    /// belongs, or holds numbers that cannot be.
    pub fn from_json(json: &[u8]) -> Result<Self, FormatError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Version {
            format_version: u32,
        }
        let broken = |error: serde_json::Error| FormatError::Json {
            file: CONFIG_FILE.to_owned(),
            reason: error.to_string(),
        };
        // The version first: a later format may differ in everything else.
        let found = serde_json::from_slice::<Version>(json).map_err(broken)?.format_version;
        if found != FORMAT_VERSION {
            return Err(FormatError::Version { found, known: FORMAT_VERSION });
        }
        let config: Self = serde_json::from_slice(json).map_err(broken)?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), FormatError> {
        let files = [self.audio_file.as_deref(), self.sprite_file.as_deref(), Some(&self.projections_file)];
        for file in files.into_iter().flatten() {
            plain_name(CONFIG_FILE, file)?;
        }
        if self.projections.is_empty() {
            return Err(FormatError::Length { what: "projections".to_owned(), found: 0, expected: 1 });
        }
        self.audio.check()?;
        self.sprite.check(self.count)
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
