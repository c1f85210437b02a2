//! One process at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::interrupt::InTheMaking;

/// A lock on a file made for it, which the system lets go of when the process ends, however it ends. The file holds the
/// process's number, for whoever comes second; it is removed when this is dropped.
#[derive(Debug)]
pub struct FileLock {
    path: PathBuf,
    _locked: File,
    _removed_on_interrupt: InTheMaking,
}

/// Number of the process that has the lock, as its file says.
#[derive(Debug, PartialEq, Eq)]
pub struct Taken(pub String);

impl FileLock {
    /// Takes the lock at `path`, or tells who has it.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn take(path: &Path) -> io::Result<Result<Self, Taken>> {
        let own = std::process::id().to_string();
        loop {
            let mut file =
                OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => {
                    let owner = fs::read_to_string(path).unwrap_or_default();
                    return Ok(Err(Taken(owner.trim().to_owned())));
                }
                // Where files cannot be locked, runs have to keep apart by themselves.
                Err(TryLockError::Error(_)) | Ok(()) => {}
            }
            file.set_len(0)?;
            file.seek(SeekFrom::Start(0))?;
            file.write_all(own.as_bytes())?;
            // The owner before may have removed the file between opening and locking: then it is nobody's, and not
            // this one.
            let mut there = String::new();
            match File::open(path).and_then(|mut file| file.read_to_string(&mut there)) {
                Ok(_) if there == own => {
                    let _removed_on_interrupt = InTheMaking::new(path);
                    return Ok(Ok(Self { path: path.to_owned(), _locked: file, _removed_on_interrupt }));
                }
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // Nothing more can be done about a file that cannot be removed, and it keeps nobody out.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_taken_once_at_a_time_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.lock");
        let first = FileLock::take(&path).unwrap().unwrap();
        let refused = FileLock::take(&path).unwrap().unwrap_err();
        assert_eq!(refused, Taken(std::process::id().to_string()));
        drop(first);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        // A killed process's lock is a file that nobody holds.
        fs::write(&path, "77").unwrap();
        assert!(FileLock::take(&path).unwrap().is_ok());
    }
}
