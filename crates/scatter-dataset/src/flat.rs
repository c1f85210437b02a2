//! The original project's flat files: `data/<name>_config.json` and what it names.

use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

use crate::projections::{Point, Projected};
use crate::{
    AudioLayout, Column, ColumnInfo, Config, DatasetName, FORMAT_VERSION, FormatError, Kind, MAX_POINTS,
    ProjectionInfo, Projections, SpriteLayout, base_name, columns, json,
};

/// `<name>_config.json` of the original project: four keys.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FlatConfig {
    audio_file: Option<String>,
    sprite_file: Option<String>,
    projections_file: String,
    img_dim: u32,
}

#[derive(Deserialize)]
struct FlatProjections {
    #[serde(default, deserialize_with = "json::unique")]
    metadata: BTreeMap<String, Vec<Value>>,
    projections: Vec<Point>,
    #[serde(default)]
    spherical: Vec<Point>,
}

impl FlatConfig {
    /// File name of a flat dataset's configuration.
    pub fn file_name(name: &DatasetName) -> String {
        format!("{name}_config.json")
    }

    /// Reads `<name>_config.json`; the paths in it become base names.
    ///
    /// # Errors
    /// [`FormatError`] when it is not JSON of this shape, or names anything but a file of the data folder.
    pub fn from_json(name: &DatasetName, json: &[u8]) -> Result<Self, FormatError> {
        let file = Self::file_name(name);
        let raw: Self = json::read(&file, json)?;
        let plain = |value: Option<String>| {
            value.filter(|v| !v.is_empty()).map(|v| base_name(&file, &v).map(str::to_owned)).transpose()
        };
        if !(1..=1_024).contains(&raw.img_dim) {
            return Err(FormatError::value(&file, "imgDim", raw.img_dim, "1 to 1024 pixels"));
        }
        Ok(Self {
            audio_file: plain(raw.audio_file)?,
            sprite_file: plain(raw.sprite_file)?,
            projections_file: base_name(&file, &raw.projections_file)?.to_owned(),
            img_dim: raw.img_dim,
        })
    }

    /// Base name of the sound, where it has any.
    pub fn audio_file(&self) -> Option<&str> {
        self.audio_file.as_deref()
    }

    /// Base name of the spectrograms, where it has any.
    pub fn sprite_file(&self) -> Option<&str> {
        self.sprite_file.as_deref()
    }

    /// Base name of the projections to read next.
    pub fn projections_file(&self) -> &str {
        &self.projections_file
    }

    /// The dataset in today's terms, from the projections that the configuration names, with a sentence for
    /// each fault that was mended.
    ///
    /// The first projection is called `umap`, the only one that the original made. Points without a row of
    /// metadata are left out (the original's recordings have one point too many).
    ///
    /// # Errors
    /// [`FormatError`] when the projections are not JSON of this shape, there is no point, or one that cannot be drawn.
    pub fn read(
        self,
        name: &DatasetName,
        projections: &[u8],
    ) -> Result<(Config, Projections, Vec<String>), FormatError> {
        let file = self.projections_file.clone();
        let flat: FlatProjections = json::read(&file, projections)?;
        let mut notes = Vec::new();
        let recording = is_recording(&flat.metadata);
        let mut metadata: BTreeMap<String, Column> = flat
            .metadata
            .into_iter()
            .filter(|(_, values)| !values.is_empty())
            .map(|(name, values)| (name, column(values)))
            .collect();
        let points = flat.projections.len();
        let rows = metadata.values().map(Column::len).min().unwrap_or(points);
        let count = points.min(rows);
        if !(1..=MAX_POINTS).contains(&count) {
            return Err(FormatError::value(
                &file,
                "projections",
                format!("{count} points"),
                "1 to 10000000 points",
            ));
        }
        if points != rows {
            notes.push(format!("{points} points and {rows} rows of metadata: {count} are shown"));
        }
        for column in metadata.values_mut() {
            column.truncate(count);
        }
        let mut cartesian = flat.projections;
        cartesian.truncate(count);
        let mut spherical = flat.spherical;
        spherical.truncate(count);
        if spherical.len() < count {
            notes.push("it has no spherical shape".to_owned());
            spherical.clone_from(&cartesian);
        }
        let config = self.config(name, recording, count, &metadata);
        let projections = Projections {
            idx: (0..count as u64).collect(),
            metadata,
            first: Projected { points: cartesian, spherical },
            further: BTreeMap::new(),
            neighbours: Vec::new(),
            classes: None,
        };
        projections.check(&config.projections_file, &config)?;
        Ok((config, projections, notes))
    }

    fn config(
        self,
        name: &DatasetName,
        recording: bool,
        count: usize,
        metadata: &BTreeMap<String, Column>,
    ) -> Config {
        let hertz = [columns::CENTROID, columns::ROLLOFF, columns::BANDWIDTH];
        let infos = columns::RESERVED
            .iter()
            .filter_map(|name| metadata.get(*name).map(|column| (*name, column)))
            .chain(
                metadata
                    .iter()
                    .map(|(name, column)| (name.as_str(), column))
                    .filter(|(name, _)| !columns::RESERVED.contains(name)),
            )
            .map(|(name, column)| ColumnInfo {
                name: name.to_owned(),
                kind: column.kind(),
                unit: hertz.contains(&name).then(|| "Hz".to_owned()),
            })
            .collect();
        Config {
            format_version: FORMAT_VERSION,
            name: name.clone(),
            kind: if recording { Kind::Recording } else { Kind::Clips },
            count,
            audio_file: self.audio_file,
            sprite: SpriteLayout::flat(count, self.img_dim, self.sprite_file.as_deref()),
            sprite_file: self.sprite_file,
            projections_file: self.projections_file,
            img_dim: self.img_dim,
            audio: AudioLayout::flat(recording),
            model: None,
            projections: vec![ProjectionInfo { name: "umap".to_owned(), dims: 3, params: BTreeMap::new() }],
            columns: infos,
            points: None,
            files: BTreeMap::new(),
            created: None,
        }
    }
}

/// The original gave a recording's windows no class, and their start time as name: `0.48 sec`.
fn is_recording(metadata: &BTreeMap<String, Vec<Value>>) -> bool {
    let empty = |name: &str| metadata.get(name).is_none_or(Vec::is_empty);
    let timed = metadata.get(columns::LABEL_NAMES).is_some_and(|names| {
        !names.is_empty() && names.iter().all(|n| n.as_str().is_some_and(|n| n.ends_with(" sec")))
    });
    empty(columns::LABELS) && timed
}

fn column(values: Vec<Value>) -> Column {
    if values.iter().all(|v| v.is_number() || v.is_null()) {
        return Column::Number(values.iter().map(Value::as_f64).collect());
    }
    let text = |value: Value| match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    };
    Column::Text(values.into_iter().map(text).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &[u8] = br#"{"audioFile":"./data/city.flac","spriteFile":"./data/city_sprite.jpg",
        "projectionsFile":"./data/city_projections.json","imgDim":150}"#;

    fn read(projections: &str) -> (Config, Projections, Vec<String>) {
        let name = DatasetName::new("city").unwrap();
        FlatConfig::from_json(&name, CONFIG).unwrap().read(&name, projections.as_bytes()).unwrap()
    }

    #[test]
    fn a_recording_with_one_point_too_many_is_shown_without_it() {
        let (config, projections, notes) = read(
            r#"{"idx":[0,1,2],"metadata":{"labels":[],"labelnames":["0.00 sec","0.48 sec"],
                "filenames":["city","city"],"s_centroid":[2846.28,2839.46]},
                "projections":[[1,2,3],[4,5,6],[7,8,9]],"spherical":[[1,0,0],[0,1,0],[0,0,1]]}"#,
        );
        assert_eq!((config.kind, config.count), (Kind::Recording, 2));
        assert_eq!(config.audio.clip(1), 7_680..23_040);
        assert_eq!(projections.first.points.len(), 2);
        assert_eq!(notes, ["3 points and 2 rows of metadata: 2 are shown"]);
        let names: Vec<_> = config.columns.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["labelnames", "filenames", "s_centroid"]);
    }

    #[test]
    fn a_folder_plays_windows_of_a_whole_second_less_four_hundredths() {
        let (config, projections, notes) = read(
            r#"{"idx":[0],"metadata":{"labels":["2"],"labelnames":["siren"],"filenames":["a.wav"]},
                "projections":[[1,2,3]],"spherical":[[1,0,0]]}"#,
        );
        assert_eq!((config.kind, config.audio.clip(1).start), (Kind::Clips, 15_360));
        assert_eq!(projections.metadata["labels"], Column::Text(vec!["2".to_owned()]));
        assert!(notes.is_empty());
    }

    /// Found by fuzzing.
    #[test]
    fn a_coordinate_too_great_for_a_number_is_refused() {
        let name = DatasetName::new("city").unwrap();
        let json = br#"{"projections":[[1,2,3e47]]}"#;
        let read = FlatConfig::from_json(&name, CONFIG).unwrap().read(&name, json);
        assert!(matches!(read, Err(FormatError::Value { .. })), "{read:?}");
    }

    #[test]
    fn a_path_out_of_the_data_folder_is_refused() {
        let name = DatasetName::new("x").unwrap();
        let json = br#"{"audioFile":"../../etc/passwd","projectionsFile":"p.json","imgDim":150}"#;
        assert!(matches!(FlatConfig::from_json(&name, json), Err(FormatError::FileName { .. })));
    }
}
