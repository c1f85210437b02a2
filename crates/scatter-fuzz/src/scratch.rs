//! A file for bytes, since the readers read paths.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// One file, overwritten again and again; gone with its owner.
pub(crate) struct Scratch {
    /// `None` where no folder could be made.
    folder: Option<TempDir>,
}

impl Scratch {
    /// A place for the file: in memory where the system has such a folder.
    pub(crate) fn new() -> Self {
        let memory = Path::new("/dev/shm");
        let folder = tempfile::tempdir_in(memory).or_else(|_| tempfile::tempdir());
        Self { folder: folder.ok() }
    }

    /// Writes the file.
    ///
    /// # Panics
    /// When it cannot be written: a target that reads nothing would find nothing.
    pub(crate) fn write(&self, bytes: &[u8]) -> PathBuf {
        let path = self.folder.as_ref().map(|folder| folder.path().join("input"));
        let written = path.as_ref().map(|path| fs::write(path, bytes));
        assert!(matches!(written, Some(Ok(()))), "cannot write an input for the reader: {written:?}");
        path.unwrap_or_default()
    }
}
