//! The points, their table, and what is known of their neighbourhood.

pub(crate) mod check;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Column, Config, FormatError, json};

/// A point of the map: x, y, z.
pub type Point = [f32; 3];

/// `projections.json`: the map's points and their table, column by column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Projections {
    /// Original order of the points.
    pub idx: Vec<u64>,
    /// Columns by name, an entry a point each.
    pub metadata: BTreeMap<String, Column>,
    /// The first projection of `config.json`, and the same on a sphere.
    #[serde(flatten)]
    pub first: Projected,
    /// The other projections, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub further: BTreeMap<String, Projected>,
    /// Nearest points in embedding space, nearest first; empty where they are not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub neighbours: Vec<Vec<u32>>,
    /// What the model heard; `None` where it has no classes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classes: Option<Classes>,
}

/// One projection in both shapes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Projected {
    /// Cartesian points.
    #[serde(rename = "projections")]
    pub points: Vec<Point>,
    /// The same points on a sphere of [`crate::SPHERE_RADIUS`].
    pub spherical: Vec<Point>,
}

/// The model's best classes of each point; YAMNet's are AudioSet's (Google, CC BY 4.0).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Classes {
    /// Source and licence of the classes; whoever shows their names passes it on.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub attribution: String,
    /// Names of the classes that occur, by index.
    #[serde(deserialize_with = "json::unique")]
    pub names: BTreeMap<u32, String>,
    /// Class indices of each point, best first.
    pub top: Vec<Vec<u32>>,
    /// Their scores, 0 to 1.
    pub scores: Vec<Vec<f32>>,
}

/// What stands in the file: the same, but read key by key. Serde's `flatten` would hold the whole file in memory as values
/// first, and could not say where in it something is wrong.
#[derive(Deserialize)]
struct File {
    idx: Vec<u64>,
    #[serde(deserialize_with = "json::unique")]
    metadata: BTreeMap<String, Column>,
    projections: Vec<Point>,
    spherical: Vec<Point>,
    #[serde(default, deserialize_with = "json::unique")]
    further: BTreeMap<String, Projected>,
    #[serde(default)]
    neighbours: Vec<Vec<u32>>,
    #[serde(default)]
    classes: Option<Classes>,
}

impl Projections {
    /// Reads `projections.json` and holds it against its configuration.
    ///
    /// # Errors
    /// [`FormatError`] when it is not JSON of this shape, when an array has not one entry a point, an index points
    /// nowhere, or a coordinate is no number that can be drawn.
    pub fn from_json(json: &[u8], config: &Config) -> Result<Self, FormatError> {
        let File { idx, metadata, projections, spherical, further, neighbours, classes } =
            json::read(&config.projections_file, json)?;
        let first = Projected { points: projections, spherical };
        let parsed = Self { idx, metadata, first, further, neighbours, classes };
        parsed.check(&config.projections_file, config)?;
        Ok(parsed)
    }
}

/// A coordinate as the file keeps it: four decimals, a hundredth of a pixel at any zoom that is useful.
pub fn round_coordinate(value: f32) -> f32 {
    round_to(f64::from(value), 4) as f32
}

/// `value` rounded to `decimals`, with no negative zero.
pub fn round_to(value: f64, decimals: i32) -> f64 {
    let scale = 10f64.powi(decimals);
    (value * scale).round() / scale + 0.0
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{AudioLayout, SpriteLayout};

    /// Found by fuzzing: one shape of a further projection could have more points than there are.
    #[test]
    fn a_further_projection_has_as_many_points_in_both_shapes_and_scores_are_numbers() {
        let config = json!({
            "formatVersion": 1, "name": "a", "kind": "clips", "count": 1, "audioFile": "a.flac",
            "spriteFile": "sprite.jpg", "projectionsFile": "p.json", "imgDim": 96, "audio": AudioLayout::clips(15_360),
            "sprite": SpriteLayout::log_mel(1, -7.0, 1.0), "columns": [],
            "projections": [{"name": "umap", "dims": 3}, {"name": "pca", "dims": 3}],
        });
        let config = Config::from_json(config.to_string().as_bytes()).unwrap();
        let read_with = |points: usize, spherical: usize, score: f64| {
            let rows = |count| vec![[1.0, 2.0, 3.0]; count];
            let json = json!({
                "classes": {"names": {"0": "Speech"}, "top": [[0]], "scores": [[score]]},
                "idx": [0], "metadata": {}, "projections": rows(1), "spherical": rows(1),
                "further": {"pca": {"projections": rows(points), "spherical": rows(spherical)}},
            });
            Projections::from_json(json.to_string().as_bytes(), &config)
        };
        let read = |points, spherical| read_with(points, spherical, 0.5);
        assert!(read(1, 1).is_ok());
        assert!(matches!(read_with(1, 1, 1e39), Err(FormatError::Value { .. })));
        for (points, spherical) in [(1, 2), (2, 1), (2, 2), (0, 1), (1, 0)] {
            assert!(
                matches!(read(points, spherical), Err(FormatError::Length { .. })),
                "{points}, {spherical}"
            );
        }
    }
}
