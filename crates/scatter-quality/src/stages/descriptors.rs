//! Descriptors against librosa's, whose numbers `scatter-audio/tests/librosa_descriptors.py` wrote down.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use scatter_audio::{ClipReader, Descriptors};
use serde::Deserialize;

use crate::fixture;
use crate::table::Table;

/// Largest relative difference wanted.
const ALLOWED: f64 = 5e-3;

/// A descriptor: its name in the fixture, whether it is a level in decibels, and ours.
type Descriptor = (&'static str, bool, fn(&Descriptors) -> Option<f64>);

const DESCRIPTORS: [Descriptor; 7] = [
    ("centroid_hz", false, |d| Some(d.centroid_hz)),
    ("rolloff_hz", false, |d| Some(d.rolloff_hz)),
    ("bandwidth_hz", false, |d| Some(d.bandwidth_hz)),
    ("flatness", false, |d| Some(d.flatness)),
    ("zero_crossing_rate", false, |d| Some(d.zero_crossing_rate)),
    ("rms_dbfs", true, |d| d.rms_dbfs),
    ("peak_dbfs", true, |d| d.peak_dbfs),
];

#[derive(Deserialize)]
struct Fixture {
    clips: BTreeMap<String, BTreeMap<String, Option<f64>>>,
}

/// Measures every descriptor of every clip of the fixture, and how many pitches agree.
///
/// # Errors
/// When the fixture or a clip cannot be read.
pub fn measure(audio: &Path) -> Result<Table> {
    let Fixture { clips } = fixture::json("scatter-audio/tests/fixtures/librosa_descriptors.json")?;
    let mut reader = ClipReader::new();
    let mut worst = [0.0_f64; DESCRIPTORS.len()];
    let (mut both_voiced, mut agreeing) = (0, 0);
    for (file, theirs) in &clips {
        let clip = reader.read(&audio.join(file))?;
        for ((name, is_level, ours), worst) in DESCRIPTORS.iter().zip(&mut worst) {
            let theirs = theirs.get(*name).with_context(|| format!("{file} has no {name} in the fixture"))?;
            *worst = worst.max(difference(ours(&clip.descriptors), *theirs, *is_level));
        }
        let pitch = theirs.get("f0_hz").copied().flatten();
        if let (Some(ours), Some(theirs)) = (clip.pitch.f0_hz, pitch) {
            both_voiced += 1;
            agreeing += usize::from((ours / theirs).log2().abs() <= 50.0 / 1_200.0);
        }
    }
    let mut table = Table::new(
        &format!("Descriptors of {} real clips", clips.len()),
        &["descriptor", "largest difference", "reference", "allowed", "as wanted"],
    );
    for ((name, _, _), worst) in DESCRIPTORS.iter().zip(worst) {
        let cells = [*name, &format!("{:.4} %", 100.0 * worst), "librosa 0.11", "≤ 0.5 %"];
        table.checked(&cells.map(str::to_owned), worst <= ALLOWED);
    }
    let cells = [
        "f0 within half a semitone",
        &format!("{agreeing} of {both_voiced} voiced in both"),
        "librosa's pYIN",
        "≥ 80 %",
    ];
    table.checked(&cells.map(str::to_owned), 5 * agreeing >= 4 * both_voiced);
    Ok(table)
}

/// Relative difference; of levels, that of their amplitudes.
fn difference(ours: Option<f64>, theirs: Option<f64>, is_level: bool) -> f64 {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) if is_level => (10_f64.powf((ours - theirs) / 20.0) - 1.0).abs(),
        (Some(ours), Some(0.0)) => ours.abs(),
        (Some(ours), Some(theirs)) => (ours / theirs - 1.0).abs(),
        (None, None) => 0.0,
        _ => f64::INFINITY,
    }
}
