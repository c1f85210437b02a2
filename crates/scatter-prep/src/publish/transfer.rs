//! Putting a file where it is published: by a second name for the same bytes where the file system knows them, else by a copy.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::plan::Content;

/// Writes `content` as the new file `to`, whose folders are made.
///
/// # Errors
/// When it cannot be read or written.
pub fn put(content: &Content, to: &Path) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    match content {
        Content::Bytes(bytes) => fs::write(to, bytes),
        Content::Of(path) => {
            // A name for a link would lead nowhere from another place.
            let path = path.canonicalize()?;
            // Maps are replaced, never changed where they are: what is published stays as it was.
            match fs::hard_link(&path, to) {
                Ok(()) => Ok(()),
                Err(_) => io::copy(&mut File::open(path)?, &mut File::create_new(to)?).map(drop),
            }
        }
    }
}
