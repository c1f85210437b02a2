//! Which files a folder holds, in the order that they will have on the map.

use std::path::{Path, PathBuf};

use scatter_audio::{is_audio_extension, is_undecodable_audio_extension};
use walkdir::{DirEntry, WalkDir};

use crate::report::Skipped;

/// A folder's files.
#[derive(Debug, Default)]
pub struct Listing {
    /// Files to read, sorted by [`SourceFile::relative`].
    pub files: Vec<SourceFile>,
    /// What looks like audio but cannot be read, and folders that cannot be entered.
    pub skipped: Vec<Skipped>,
    /// Number of files without an audio extension.
    pub others: usize,
}

/// A file of the collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its path below the folder, with `/` between parts; what people see.
    pub relative: String,
}

/// Lists the audio files below `folder`, links followed, hidden files left out.
pub fn list(folder: &Path) -> Listing {
    let mut listing = Listing::default();
    let visible =
        |entry: &DirEntry| entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".");
    for entry in WalkDir::new(folder).follow_links(true).into_iter().filter_entry(visible) {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) if is_undecodable_audio_extension(entry.path()) => listing.skipped.push(Skipped {
                file: relative(entry.path(), folder),
                reason: "is in an audio format that cannot be read; convert it, for example to FLAC"
                    .to_owned(),
            }),
            Ok(entry) if !is_audio_extension(entry.path()) => listing.others += 1,
            Ok(entry) => {
                let relative = relative(entry.path(), folder);
                if entry.file_type().is_file() {
                    listing.files.push(SourceFile { path: entry.into_path(), relative });
                } else {
                    listing.skipped.push(Skipped { file: relative, reason: "not a regular file".to_owned() });
                }
            }
            Err(error) => listing.skipped.push(Skipped {
                file: relative(error.path().unwrap_or(folder), folder),
                reason: match error.loop_ancestor() {
                    Some(_) => "a link back to a folder that holds it".to_owned(),
                    None => error.io_error().map_or_else(|| error.to_string(), ToString::to_string),
                },
            }),
        }
    }
    listing.files.sort_by(|a, b| a.relative.cmp(&b.relative));
    listing
}

fn relative(path: &Path, folder: &Path) -> String {
    let below = path.strip_prefix(folder).unwrap_or(path);
    let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    if parts.is_empty() { path.to_string_lossy().into_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_in_every_folder_and_sorted_by_path() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["b/2.wav", "a.WAV", "b/1.flac", "notes.txt", ".hidden.wav", ".git/x.wav", "c.wma"] {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, b"").unwrap();
        }
        let listing = list(folder.path());
        let names: Vec<_> = listing.files.iter().map(|f| f.relative.as_str()).collect();
        assert_eq!(names, ["a.WAV", "b/1.flac", "b/2.wav"]);
        assert_eq!((listing.others, listing.skipped.len()), (1, 1));
        assert_eq!(listing.skipped[0].file, "c.wma");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_back_is_listed_and_the_rest_is_read() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.wav"), b"").unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("loop")).unwrap();
        let listing = list(folder.path());
        assert_eq!((listing.files.len(), listing.skipped.len()), (1, 1));
        assert_eq!(listing.skipped[0].file, "loop");
    }
}
