//! Prints the descriptors and pitch of each file's loudest region, as JSON lines.

use std::io::Write;
use std::path::PathBuf;

use scatter_audio::ClipReader;
use serde_json::json;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut reader = ClipReader::new();
    let mut out = std::io::stdout().lock();
    for path in std::env::args_os().skip(1).map(PathBuf::from) {
        let clip = reader.read(&path)?;
        let row = json!({
            "file": path.display().to_string(),
            "start_s": clip.start_seconds,
            "duration_s": clip.source_seconds,
            "centroid_hz": clip.descriptors.centroid_hz,
            "rolloff_hz": clip.descriptors.rolloff_hz,
            "bandwidth_hz": clip.descriptors.bandwidth_hz,
            "flatness": clip.descriptors.flatness,
            "zero_crossing_rate": clip.descriptors.zero_crossing_rate,
            "rms_dbfs": clip.descriptors.rms_dbfs,
            "peak_dbfs": clip.descriptors.peak_dbfs,
            "f0_hz": clip.pitch.f0_hz,
            "voiced": clip.pitch.voiced,
        });
        writeln!(out, "{row}")?;
    }
    Ok(())
}
