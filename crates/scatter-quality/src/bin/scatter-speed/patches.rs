//! Real patches of a set of sounds.

use std::path::Path;

use anyhow::{Result, bail};
use ndarray::Array3;
use scatter_audio::{ClipReader, Recording};
use scatter_embed::{LogMel, MEL_BANDS, PATCH_FRAMES};
use scatter_quality::hearing::{HOP_SAMPLES, files_below};

/// Different patches that are taken; a longer run goes round and round.
const PATCHES: usize = 512;

/// Patches `[n, 96, 64]` of a folder's clips, evenly picked, or of a recording's beginning: at most 512.
///
/// # Errors
/// When a file cannot be read, or there is none.
pub fn of(sounds: &Path) -> Result<Array3<f32>> {
    let mut log_mel = LogMel::new();
    let mut values = Vec::new();
    if sounds.is_dir() {
        let files = files_below(sounds)?;
        let mut reader = ClipReader::new();
        for file in files.iter().step_by(files.len().div_ceil(PATCHES).max(1)) {
            values.extend(log_mel.patch(&reader.read(file)?.samples));
        }
    } else {
        let mut recording = Recording::open(sounds, HOP_SAMPLES)?;
        for _ in 0..PATCHES {
            let Some(window) = recording.next_window(&mut |_| {})? else { break };
            values.extend(log_mel.patch(&window.samples));
        }
    }
    if values.is_empty() {
        bail!("{} holds no sound", sounds.display());
    }
    let count = values.len() / (PATCH_FRAMES * MEL_BANDS);
    Ok(Array3::from_shape_vec((count, PATCH_FRAMES, MEL_BANDS), values)?)
}
