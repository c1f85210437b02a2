//! From an original file, through our decoder and resampler, to its embedding: against soxr at its best quality.
//!
//! `scatter-prep/tests/parity.py` wrote the reference's embeddings down.

use std::path::Path;

use anyhow::{Result, ensure};
use serde::Deserialize;

use crate::fixture;
use crate::hearing::{Ear, cosine};
use crate::table::Table;

/// Lowest cosine wanted.
const ALLOWED: f64 = 0.999;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fixture {
    model_sha256: String,
    clips: Vec<Clip>,
}

#[derive(Deserialize)]
struct Clip {
    root: String,
    file: String,
}

/// Measures the cosine between our embedding and the reference's of each original below `audio`.
///
/// # Errors
/// When a clip cannot be read, or the fixture is of another model.
pub fn measure(ear: &Ear, audio: &Path) -> Result<Table> {
    let Fixture { model_sha256, clips } = fixture::json("scatter-prep/tests/fixtures/parity.json")?;
    ensure!(model_sha256 == ear.model.sha256(), "the reference embeddings were made with another model");
    let reference = fixture::array("scatter-prep/tests/fixtures/parity.npy")?;
    let (files, theirs): (Vec<_>, Vec<_>) = clips
        .iter()
        .zip(reference.rows())
        .filter(|(clip, _)| clip.root == "audio")
        .map(|(clip, row)| (audio.join(&clip.file), row))
        .unzip();
    let ours = ear.hear_files(&files)?.embeddings;
    let cosines: Vec<f64> = ours.rows().into_iter().zip(theirs).map(|(a, b)| cosine(a, b)).collect();
    let lowest = cosines.iter().copied().fold(1.0, f64::min);
    let mean = cosines.iter().sum::<f64>() / cosines.len().max(1) as f64;
    let mut table = Table::new(
        "Original files, decoded and resampled",
        &["what", "on", "lowest", "mean", "reference", "allowed", "as wanted"],
    );
    let cells = [
        "embedding, cosine",
        &format!("{} files", files.len()),
        &format!("{lowest:.6}"),
        &format!("{mean:.6}"),
        "libsndfile, soxr VHQ",
        "≥ 0.999",
    ];
    table.checked(&cells.map(str::to_owned), lowest >= ALLOWED);
    Ok(table)
}
