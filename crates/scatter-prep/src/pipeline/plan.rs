//! Which points there are to be, and by which keys they are known.

use std::collections::HashSet;
use std::path::PathBuf;

use anyhow::Context;

use super::listing::Listing;
use crate::heard::{FileIdentity, Key, RecordingEnd, Store};
use crate::settings::Input;
use crate::shown::path_text;

/// What is to be heard.
#[derive(Debug)]
pub enum Plan {
    /// Files, a point each, in the order that they will have on the map.
    Files(Vec<PlannedFile>),
    /// A recording, whose windows show as it is read.
    Recording(SourceRecording),
}

/// A file that gives one point.
#[derive(Debug)]
pub struct PlannedFile {
    /// Where it is.
    pub path: PathBuf,
    /// The file, for people.
    pub source: String,
    /// Its point.
    pub key: Key,
}

/// A recording.
#[derive(Debug)]
pub struct SourceRecording {
    /// Where it is.
    pub path: PathBuf,
    /// Its name, for people.
    pub name: String,
    /// Samples between windows, at 16 kHz.
    pub hop_samples: u32,
    /// The file as it is now.
    pub file: FileIdentity,
}

/// A point of the dataset.
#[derive(Debug, Clone)]
pub struct PlannedPoint {
    /// Path of its file below the folder, or the recording's file name.
    pub source: String,
    /// What it is known by.
    pub key: Key,
}

impl Plan {
    /// Looks at the files of `listing`, or at the recording.
    ///
    /// # Errors
    /// When the recording is not there.
    pub fn new(input: &Input, listing: &Listing) -> anyhow::Result<Self> {
        match input {
            Input::Folder { path: folder, .. } => {
                let planned = |file: &super::listing::SourceFile| {
                    let below = file.path.strip_prefix(folder).unwrap_or(&file.path);
                    // A file that is gone is listed when it is read.
                    let metadata =
                        std::fs::metadata(&file.path).or_else(|_| std::fs::metadata(folder)).ok()?;
                    let key = FileIdentity::new(below, &metadata).clip();
                    Some(PlannedFile { path: file.path.clone(), source: file.relative.clone(), key })
                };
                Ok(Self::Files(listing.files.iter().filter_map(planned).collect()))
            }
            Input::Recording { path, hop_samples, .. } => {
                let metadata = std::fs::metadata(path)
                    .with_context(|| format!("{} cannot be opened", path.display()))?;
                let name = path.file_name().unwrap_or_default();
                let file = FileIdentity::new(name.as_ref(), &metadata);
                let name = path_text(name);
                Ok(Self::Recording(SourceRecording {
                    path: path.clone(),
                    name,
                    hop_samples: *hop_samples,
                    file,
                }))
            }
        }
    }

    /// The files that there are, as they are now.
    pub fn files(&self) -> HashSet<FileIdentity> {
        match self {
            Self::Files(files) => files.iter().map(|file| file.key.file).collect(),
            Self::Recording(recording) => HashSet::from([recording.file]),
        }
    }

    /// Points that `store` has already.
    pub fn heard_before(&self, store: &Store) -> u64 {
        match self {
            Self::Files(files) => files.iter().filter(|file| store.contains(&file.key)).count() as u64,
            Self::Recording(recording) => {
                (0..).take_while(|&number| store.contains(&recording.file.window(number))).count() as u64
            }
        }
    }

    /// All points that were heard, in order; `end` is a recording's.
    pub fn points(&self, store: &Store, end: Option<&RecordingEnd>) -> Vec<PlannedPoint> {
        match self {
            Self::Files(files) => files
                .iter()
                .filter(|file| store.contains(&file.key))
                .map(|file| PlannedPoint { source: file.source.clone(), key: file.key })
                .collect(),
            Self::Recording(recording) => (0..end.map_or(0, |end| end.windows))
                .map(|number| PlannedPoint {
                    source: recording.name.clone(),
                    key: recording.file.window(number),
                })
                .collect(),
        }
    }
}
