//! Puts a model where every later run finds it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use scatter_embed::{MODEL_FILE, ModelFile, cache_dir};

use super::receipt::{Receipt, Weights, receipt_path};

/// Where a model is installed when no other place is named.
///
/// # Errors
/// When the system tells of no cache folder.
pub fn default_place() -> anyhow::Result<PathBuf> {
    let cache = cache_dir().context("there is no cache folder here: name a file with --output")?;
    Ok(cache.join("models").join(MODEL_FILE))
}

/// Writes the bytes of a model to `place` with a receipt beside it, and identifies what was written.
///
/// # Errors
/// When either cannot be written; a model that stood there before then stays.
pub fn install(place: &Path, model: &[u8], weights: Weights) -> anyhow::Result<ModelFile> {
    let receipt = receipt_path(place);
    let unwritten = |path: &Path| format!("{} cannot be written", path.display());
    // Without its receipt a model is merely unknown; with another's it would seem damaged.
    match fs::remove_file(&receipt) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(error).with_context(|| unwritten(&receipt));
        }
        _ => write_whole(place, model).with_context(|| unwritten(place))?,
    }
    let installed = ModelFile::identify(place)?;
    Receipt::new(installed.sha256.clone(), weights)
        .to_json()
        .and_then(|json| write_whole(&receipt, &json))
        .with_context(|| unwritten(&receipt))?;
    Ok(installed)
}

/// Writes beside the place and renames, so that no run ever finds half a file.
fn write_whole(place: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut working = place.as_os_str().to_owned();
    working.push(format!(".{}", std::process::id()));
    let working = PathBuf::from(working);
    let write = || -> io::Result<()> {
        let mut file = File::create(&working)?;
        file.write_all(bytes)?;
        // A renamed file whose content is still on its way would be empty after a power cut.
        file.sync_all()?;
        fs::rename(&working, place)
    };
    let written = write();
    if written.is_err() {
        // Nothing more can be done about a file that cannot be removed.
        let _ = fs::remove_file(&working);
    }
    written
}
