//! Numbers that reference implementations gave, kept beside the tests that hold us to them.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use ndarray::Array2;
use ndarray_npy::ReadNpyExt;
use serde::de::DeserializeOwned;

/// A fixture in JSON, by its path below `crates/`.
///
/// # Errors
/// When it cannot be read.
pub fn json<T: DeserializeOwned>(path: &str) -> Result<T> {
    let (path, file) = open(path)?;
    serde_json::from_reader(file).with_context(|| format!("cannot read {}", path.display()))
}

/// A fixture of numbers, by its path below `crates/`.
///
/// # Errors
/// When it cannot be read.
pub fn array(path: &str) -> Result<Array2<f32>> {
    let (path, file) = open(path)?;
    Array2::read_npy(file).with_context(|| format!("cannot read {}", path.display()))
}

fn open(path: &str) -> Result<(PathBuf, File)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name(path);
    let file = File::open(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok((path, file))
}
