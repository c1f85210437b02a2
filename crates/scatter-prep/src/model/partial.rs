//! What has been downloaded so far, kept so that a broken download goes on where it ended.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// A note is an address and a tag; more is another file.
const MOST_NOTE_BYTES: u64 = 1 << 14;

/// The first bytes of a file at an address.
#[derive(Debug)]
pub struct Partial {
    path: PathBuf,
    file: File,
    bytes: u64,
    note: Note,
}

/// What the bytes are part of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    address: String,
    /// The server's mark of this version of the file: an ETag, or else the time of its last change.
    version: Option<String>,
}

impl Partial {
    /// Opens `path`, and keeps its bytes if they are of the file at `address`; else it begins empty.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn open(path: &Path, address: &str) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let bytes = file.metadata()?.len();
        let mut partial = match read_note(path).filter(|note| note.address == address) {
            Some(note) => Self { path: path.to_owned(), file, bytes, note },
            None => {
                let note = Note { address: address.to_owned(), version: None };
                let mut partial = Self { path: path.to_owned(), file, bytes, note };
                partial.restart(None)?;
                partial
            }
        };
        partial.file.seek(SeekFrom::Start(partial.bytes))?;
        Ok(partial)
    }

    /// Bytes that are here.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Where they are.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The server's mark of the version they are of.
    pub fn version(&self) -> Option<&str> {
        self.note.version.as_deref()
    }

    /// Begins again from nothing, with a file of `version`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn restart(&mut self, version: Option<String>) -> io::Result<()> {
        // Emptied first: bytes of one version must never stand under the mark of another.
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.bytes = 0;
        self.note.version = version;
        fs::write(note_path(&self.path), serde_json::to_vec(&self.note)?)
    }

    /// Adds the next bytes.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    /// Removes it.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn remove(self) -> io::Result<()> {
        drop(self.file);
        fs::remove_file(&self.path)?;
        fs::remove_file(note_path(&self.path))
    }
}

fn note_path(partial: &Path) -> PathBuf {
    partial.with_added_extension("json")
}

/// The note beside `partial`; one that cannot be read counts as none, since it only saves a download.
fn read_note(partial: &Path) -> Option<Note> {
    let mut json = Vec::new();
    File::open(note_path(partial)).ok()?.take(MOST_NOTE_BYTES).read_to_end(&mut json).ok()?;
    serde_json::from_slice(&json).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_the_same_address_are_kept_and_those_of_another_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("yamnet.h5.part");
        let mut partial = Partial::open(&path, "http://a/").unwrap();
        partial.restart(Some("\"1\"".to_owned())).unwrap();
        partial.push(b"abc").unwrap();
        drop(partial);
        let mut again = Partial::open(&path, "http://a/").unwrap();
        assert_eq!((again.bytes(), again.version()), (3, Some("\"1\"")));
        again.push(b"d").unwrap();
        drop(again);
        assert_eq!(fs::read(&path).unwrap(), b"abcd");
        let other = Partial::open(&path, "http://b/").unwrap();
        assert_eq!((other.bytes(), other.version()), (0, None));
        other.remove().unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn bytes_without_a_readable_note_are_not_trusted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("yamnet.h5.part");
        fs::write(&path, b"abc").unwrap();
        assert_eq!(Partial::open(&path, "http://a/").unwrap().bytes(), 0);
        fs::write(&path, b"abc").unwrap();
        fs::write(note_path(&path), b"{").unwrap();
        assert_eq!(Partial::open(&path, "http://a/").unwrap().bytes(), 0);
    }
}
