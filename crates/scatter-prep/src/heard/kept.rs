//! The stores of a folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::place::EXTENSION;
use crate::lock::FileLock;

/// A store on disk.
#[derive(Debug)]
pub struct KeptStore {
    /// Name of its input, and a number.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// Size.
    pub bytes: u64,
    /// Time since it was last used, where the system tells.
    pub unused: Option<Duration>,
}

/// The stores in `folder`, by name; none where there is no such folder.
///
/// # Errors
/// When it cannot be read.
pub fn stores(folder: &Path) -> io::Result<Vec<KeptStore>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut stores = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != EXTENSION) {
            continue;
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        // One that has just gone is none.
        let Ok(metadata) = path.metadata() else { continue };
        let unused = metadata.modified().ok().and_then(|time| time.elapsed().ok());
        stores.push(KeptStore { name, path, bytes: metadata.len(), unused });
    }
    stores.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(stores)
}

/// Removes a store, unless a run is at work with it: then this gives `false`.
///
/// # Errors
/// When it cannot be removed.
pub fn remove(store: &KeptStore) -> io::Result<bool> {
    match FileLock::take(&store.path.with_extension("lock"))? {
        Ok(_lock) => fs::remove_file(&store.path).map(|()| true),
        Err(_) => Ok(false),
    }
}
