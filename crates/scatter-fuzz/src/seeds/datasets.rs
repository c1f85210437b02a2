//! Datasets of a few points: today's, the original project's, and the list of both.

use anyhow::Result;
use scatter_dataset::{AudioLayout, FORMAT_VERSION, SpriteLayout};
use serde_json::{Value, json};

use crate::Seed;
use crate::dataset::SEPARATOR;

/// Points of each dataset.
const POINTS: usize = 3;

pub(crate) fn datasets() -> Result<Vec<Seed>> {
    let clips = AudioLayout::clips(POINTS as u64 * 15_360);
    let windows = AudioLayout::recording(7_680, 2 * 15_360);
    let flat = json!({"audioFile": "./data/a.flac", "spriteFile": "./data/a.jpg", "projectionsFile": "./data/a.json",
        "imgDim": 150});
    let silent = json!({"audioFile": null, "spriteFile": "", "projectionsFile": "a.json", "imgDim": 96});
    let index = json!({"formatVersion": FORMAT_VERSION, "datasets": [
        {"name": "a", "layout": "folder", "kind": "clips", "count": POINTS},
        {"name": "b", "layout": "flat"},
    ]});
    let table = json!({"labels": ["1", "1", "2"], "labelnames": ["0.00 sec", "0.48 sec", "0.96 sec"],
        "filenames": ["a.wav", "a.wav", "a.wav"], "s_centroid": [1_200.5, null, 9e2]});
    let few = json!({"labels": [], "labelnames": ["x", 7, null]});
    Ok(vec![
        Seed::new("clips", pair(&config("clips", &clips)?, &projections(&table))?),
        Seed::new("recording", pair(&config("recording", &windows)?, &projections(&table))?),
        Seed::new("config", serde_json::to_vec(&config("clips", &clips)?)?),
        Seed::new("flat", pair(&flat, &projections(&table))?),
        Seed::new("flat-silent", pair(&silent, &projections(&few))?),
        Seed::new("index", serde_json::to_vec(&index)?),
    ])
}

fn pair(config: &Value, projections: &Value) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(config)?;
    bytes.push(SEPARATOR);
    bytes.extend(serde_json::to_vec(projections)?);
    Ok(bytes)
}

fn config(kind: &str, audio: &AudioLayout) -> Result<Value> {
    let sprite = SpriteLayout::log_mel(POINTS, -6.9, 3.0);
    let facts = json!({"bytes": 1_000, "sha256": "0".repeat(64)});
    Ok(json!({
        "formatVersion": FORMAT_VERSION, "name": "a-1", "kind": kind, "count": POINTS,
        "audioFile": "audio.flac", "spriteFile": "sprite.jpg", "projectionsFile": "projections.json",
        "imgDim": 96, "audio": serde_json::to_value(audio)?, "sprite": serde_json::to_value(sprite)?,
        "model": {"name": "yamnet", "sha256": "1".repeat(64)},
        "projections": [
            {"name": "umap", "dims": 3, "params": {"neighbours": 15, "minDist": 0.1}},
            {"name": "pca-2d", "dims": 2},
        ],
        "columns": [{"name": "labels", "type": "text"}, {"name": "s_centroid", "type": "number", "unit": "Hz"}],
        "files": {"audio.flac": facts, "sprite.jpg": facts, "projections.json": facts},
        "created": {"tool": "scatter-prep", "version": "0.1.0"},
    }))
}

fn projections(metadata: &Value) -> Value {
    let (points, sphere) =
        ([[1.5, -2.0, 0.25], [0.0, 1e-3, 3.0], [-4.0, 2.0, 1.0]], [[10.0, 0.0, 0.0]; POINTS]);
    json!({
        "idx": [0, 1, 2], "metadata": metadata, "projections": points, "spherical": sphere,
        "further": {"pca-2d": {"projections": points, "spherical": sphere}},
        "neighbours": [[1, 2], [0, 2], [1]],
        "classes": {"attribution": "x", "names": {"0": "Speech", "132": "Music"}, "top": [[0, 132], [0], []],
            "scores": [[0.9, 0.1], [0.5], []]},
    })
}

#[cfg(test)]
mod tests {
    use scatter_dataset::{Config, Projections};

    use super::*;

    #[test]
    fn a_seed_is_a_dataset_that_the_page_would_open() {
        let seeds = datasets().unwrap();
        let accepted = seeds.iter().filter(|seed| {
            let mut files = seed.bytes.split(|&byte| byte == SEPARATOR);
            let config = files.next().and_then(|json| Config::from_json(json).ok());
            let (Some(config), Some(json)) = (config, files.next()) else { return false };
            Projections::from_json(json, &config).is_ok()
        });
        let accepted: Vec<&str> = accepted.map(|seed| seed.name.as_str()).collect();
        assert_eq!(accepted, ["clips", "recording"]);
    }
}
