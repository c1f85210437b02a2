//! What tells one point's sound from every other's, and a changed file from the one that was heard.

use std::fs::Metadata;
use std::path::Path;
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};

/// Bytes of a [`Key`] as it is stored.
pub const KEY_BYTES: usize = 24;

/// A file as it was when it was listed: path, size, and time of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileIdentity([u8; 16]);

/// One point of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// The file.
    pub file: FileIdentity,
    /// Number of the window; 0 for a clip.
    pub number: u64,
}

impl FileIdentity {
    /// The file at `path` below the input's folder, of which the system says `metadata`.
    pub fn new(path: &Path, metadata: &Metadata) -> Self {
        let modified = metadata.modified().ok().map(|time| match time.duration_since(UNIX_EPOCH) {
            Ok(after) => after.as_nanos() as i128,
            Err(before) => -(before.duration().as_nanos() as i128),
        });
        let mut hash = Sha256::new();
        hash.update(metadata.len().to_le_bytes());
        hash.update(modified.unwrap_or(i128::MIN).to_le_bytes());
        hash.update(path.as_os_str().as_encoded_bytes());
        let mut short = [0; 16];
        short.copy_from_slice(&hash.finalize()[..16]);
        Self(short)
    }

    /// The point of a file that gives one.
    pub fn clip(self) -> Key {
        Key { file: self, number: 0 }
    }

    /// Window `number` of a recording.
    pub fn window(self, number: u64) -> Key {
        Key { file: self, number }
    }

    /// What is known at a recording's end; no recording has as many windows.
    pub fn end(self) -> Key {
        Key { file: self, number: u64::MAX }
    }
}

impl Key {
    /// As stored.
    pub fn to_bytes(self) -> [u8; KEY_BYTES] {
        let mut bytes = [0; KEY_BYTES];
        bytes[..16].copy_from_slice(&self.file.0);
        bytes[16..].copy_from_slice(&self.number.to_le_bytes());
        bytes
    }

    /// From what is stored.
    pub fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        let (mut file, mut number) = ([0; 16], [0; 8]);
        file.copy_from_slice(&bytes[..16]);
        number.copy_from_slice(&bytes[16..]);
        Self { file: FileIdentity(file), number: u64::from_le_bytes(number) }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_file_that_changes_in_size_or_time_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        let write = |bytes: &[u8], seconds| {
            fs::write(&path, bytes).unwrap();
            let time = UNIX_EPOCH + Duration::from_secs(seconds);
            File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
            FileIdentity::new("a.wav".as_ref(), &fs::metadata(&path).unwrap())
        };
        let first = write(b"one", 1_000);
        assert_eq!(
            first,
            write(b"two", 1_000),
            "what rsync would not see, neither do we: --force is for that"
        );
        assert_ne!(first, write(b"three", 1_000));
        assert_ne!(first, write(b"one", 1_001));
        let elsewhere = FileIdentity::new("b.wav".as_ref(), &fs::metadata(&path).unwrap());
        assert_ne!(write(b"one", 1_001), elsewhere);
    }

    #[test]
    fn a_key_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let file = FileIdentity::new("a".as_ref(), &fs::metadata(folder.path()).unwrap());
        for key in [file.clip(), file.window(7), file.end()] {
            assert_eq!(Key::from_bytes(key.to_bytes()), key);
        }
    }
}
