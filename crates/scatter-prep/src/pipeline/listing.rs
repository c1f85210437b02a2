//! Which files a folder holds, in the order that they will have on the map.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use scatter_audio::{is_audio_extension, undecodable_format};
use walkdir::{DirEntry, WalkDir};

use crate::report::Skipped;
use crate::shown::path_text;

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
    /// Its path below the folder, with `/` between parts; what people see. No two files have the same
    /// ([`path_text`]).
    pub relative: String,
}

/// Lists the audio files below `folder`, hidden ones left out. Links are followed, also out of the folder, but no folder
/// is read twice: links among folders could otherwise be woven into more paths than there is time for.
pub fn list(folder: &Path) -> Listing {
    let mut listing = Listing::default();
    let mut linked = LinkedFolders::new(folder);
    // Sorted, so that of several links to one folder it is always the same that is followed.
    let mut walk = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter();
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(folder);
                if !is_hidden(path, folder) {
                    listing.skipped.push(Skipped { file: relative(path, folder), reason: reason(&error) });
                }
                continue;
            }
        };
        let is_folder = entry.file_type().is_dir();
        if is_hidden(entry.path(), folder) {
            if is_folder {
                walk.skip_current_dir();
            }
        } else if is_folder {
            if let Err(reason) = linked.enter(&entry) {
                walk.skip_current_dir();
                listing.skip(&entry, folder, reason);
            }
        } else if let Some(format) = undecodable_format(entry.path()) {
            let reason =
                format!("is {format}, which cannot be decoded; convert the file, for example to FLAC");
            listing.skip(&entry, folder, &reason);
        } else if !is_audio_extension(entry.path()) {
            listing.others += 1;
        } else if !entry.file_type().is_file() {
            listing.skip(&entry, folder, "not a regular file (a pipe, a socket or a device)");
        } else {
            let relative = relative(entry.path(), folder);
            listing.files.push(SourceFile { path: entry.into_path(), relative });
        }
    }
    listing.files.sort_by(|a, b| a.relative.cmp(&b.relative));
    listing
}

impl Listing {
    fn skip(&mut self, entry: &DirEntry, folder: &Path, reason: &str) {
        self.skipped.push(Skipped { file: relative(entry.path(), folder), reason: reason.to_owned() });
    }
}

/// The folders that are reached through links.
struct LinkedFolders<'a> {
    folder: &'a Path,
    /// The same, resolved; `None` where it cannot be.
    home: Option<PathBuf>,
    entered: HashSet<PathBuf>,
}

impl<'a> LinkedFolders<'a> {
    fn new(folder: &'a Path) -> Self {
        Self { folder, home: folder.canonicalize().ok(), entered: HashSet::new() }
    }

    /// Whether a folder is to be read at this place, or else why not.
    fn enter(&mut self, entry: &DirEntry) -> Result<(), &'static str> {
        let (Some(home), Ok(real)) = (&self.home, entry.path().canonicalize()) else { return Ok(()) };
        let below = entry.path().strip_prefix(self.folder).unwrap_or(entry.path());
        if entry.depth() == 0 || real == home.join(below) {
            Ok(())
        } else if real.starts_with(home) {
            Err("a link to a folder that is read in its own place")
        } else if self.entered.insert(real) {
            Ok(())
        } else {
            Err("a folder that is read already, through another link")
        }
    }
}

fn is_hidden(path: &Path, folder: &Path) -> bool {
    let below = path.strip_prefix(folder).unwrap_or(path);
    below.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

fn reason(error: &walkdir::Error) -> String {
    match error.io_error() {
        None if error.loop_ancestor().is_some() => "a link back to a folder that holds it".to_owned(),
        Some(io) if io.kind() == std::io::ErrorKind::NotFound => "a link to nothing".to_owned(),
        Some(io) => io.to_string(),
        None => error.to_string(),
    }
}

fn relative(path: &Path, folder: &Path) -> String {
    let below = path.strip_prefix(folder).unwrap_or(path);
    let parts: Vec<_> = below.components().map(|part| path_text(part.as_os_str())).collect();
    if parts.is_empty() { path_text(path.as_os_str()) } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(listing: &Listing) -> Vec<&str> {
        listing.files.iter().map(|f| f.relative.as_str()).collect()
    }

    #[test]
    fn files_are_found_in_every_folder_and_sorted_by_path() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["b/2.wav", "a.WAV", "b/1.flac", "notes.txt", ".hidden.wav", ".git/x.wav", "c.wma"] {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, b"").unwrap();
        }
        let listing = list(folder.path());
        assert_eq!(names(&listing), ["a.WAV", "b/1.flac", "b/2.wav"]);
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

    #[cfg(unix)]
    #[test]
    fn folders_woven_together_by_links_are_each_read_once() {
        use std::os::unix::fs::symlink;
        let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        // Thirty floors with two ways up from each: a thousand million paths to the top.
        for floor in 0..30 {
            let here = outside.path().join(format!("{floor}"));
            std::fs::create_dir(&here).unwrap();
            std::fs::write(here.join("x.wav"), b"").unwrap();
            for way in ["left", "right"] {
                symlink(outside.path().join(format!("{}", floor + 1)), here.join(way)).unwrap();
            }
        }
        symlink(outside.path().join("0"), folder.path().join("tower")).unwrap();
        std::fs::create_dir(folder.path().join("own")).unwrap();
        std::fs::write(folder.path().join("own/y.wav"), b"").unwrap();
        symlink(folder.path().join("own"), folder.path().join("again")).unwrap();
        let listing = list(folder.path());
        assert_eq!(listing.files.len(), 31);
        let again = listing.skipped.iter().find(|s| s.file == "again").unwrap();
        assert_eq!(again.reason, "a link to a folder that is read in its own place");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn names_that_are_no_text_stay_apart() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        let all: [&[u8]; 4] = [b"a\xff.wav", b"a\xfe.wav", b"a\\xFF.wav", "a\u{fffd}.wav".as_bytes()];
        for name in all {
            std::fs::write(folder.path().join(std::ffi::OsStr::from_bytes(name)), b"").unwrap();
        }
        let listing = list(folder.path());
        assert_eq!(names(&listing), ["a\\\\xFF.wav", "a\\xFE.wav", "a\\xFF.wav", "a\u{fffd}.wav"]);
    }
}
