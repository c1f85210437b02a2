//! Points by their keys.

use std::collections::HashSet;
use std::path::PathBuf;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::identity::{FileIdentity, Key};
use super::log::{Log, LogReader, Span};
use super::point::{Facts, Heard, Parts};
use crate::lock::FileLock;

/// Bytes of forgotten points that may stay in the file: rewriting less is not worth the time.
const SPARE_BYTES: u64 = 16 << 20;

/// What was heard of one input by one model.
#[derive(Debug)]
pub struct Store {
    pub(super) log: Log,
    pub(super) path: PathBuf,
    /// Whether the file stays when the run is over.
    pub(super) kept: bool,
    pub(super) _lock: Option<FileLock>,
}

/// What is known of a recording at its end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordingEnd {
    /// Number of windows.
    pub windows: u64,
    /// Length in seconds.
    pub seconds: f64,
    /// What was odd about the file, one sentence each.
    pub notes: Vec<String>,
    /// Whether only a part of the file could be read.
    pub partial: bool,
}

impl Store {
    /// Whether the file stays when the run is over.
    pub fn is_kept(&self) -> bool {
        self.kept
    }

    /// Bytes on disk.
    pub fn bytes(&self) -> u64 {
        self.log.bytes()
    }

    /// Whether the point was heard.
    pub fn contains(&self, key: &Key) -> bool {
        self.log.contains(key)
    }

    /// All points that were heard, as of now.
    pub fn keys(&self) -> HashSet<Key> {
        self.log.keys()
    }

    /// Keeps a point.
    ///
    /// # Errors
    /// When it cannot be written; all before it stays.
    pub fn put(&mut self, key: Key, heard: &Heard) -> anyhow::Result<()> {
        self.append(key, &heard.to_bytes()?)
    }

    /// Keeps what is known at a recording's end.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn put_end(&mut self, file: FileIdentity, end: &RecordingEnd) -> anyhow::Result<()> {
        self.append(file.end(), &postcard::to_allocvec(end)?)
    }

    /// What was known at a recording's end, if it was heard to there.
    pub fn end(&self, file: FileIdentity) -> Option<RecordingEnd> {
        let span = self.log.span(&file.end())?;
        let bytes = self.log.reader().ok()?.read(span, usize::MAX).ok()?;
        postcard::from_bytes(&bytes).ok()
    }

    /// Forgets the points of all files but these.
    ///
    /// # Errors
    /// When the rest cannot be written anew.
    pub fn forget_all_but(&mut self, files: &HashSet<FileIdentity>) -> anyhow::Result<()> {
        let retained = self.log.retain(|key| files.contains(&key.file), SPARE_BYTES);
        retained.with_context(|| self.unwritable())
    }

    /// Reads what was kept.
    ///
    /// # Errors
    /// When the file cannot be opened once more.
    pub fn reader(&self) -> anyhow::Result<StoreReader<'_>> {
        let reader = self.log.reader().with_context(|| self.unreadable())?;
        Ok(StoreReader { store: self, reader })
    }

    fn append(&mut self, key: Key, payload: &[u8]) -> anyhow::Result<()> {
        self.log.append(key, payload).with_context(|| self.unwritable())
    }

    fn unwritable(&self) -> String {
        format!("what was heard cannot be kept in {}", self.path.display())
    }

    fn unreadable(&self) -> String {
        format!("what was heard cannot be read back from {}", self.path.display())
    }
}

/// Reads points, with a file handle of its own.
#[derive(Debug)]
pub struct StoreReader<'a> {
    store: &'a Store,
    reader: LogReader,
}

impl StoreReader<'_> {
    /// What the map is made from.
    ///
    /// # Errors
    /// When the point was not heard, or cannot be read.
    pub fn facts(&mut self, key: &Key) -> anyhow::Result<Facts> {
        let read = |reader: &mut Self| {
            let (span, parts) = reader.parts(key)?;
            let (from, length) = parts.facts();
            Facts::from_bytes(&reader.reader.read_part(span, from, length)?)
        };
        read(self).with_context(|| self.store.unreadable())
    }

    /// The tile's levels.
    ///
    /// # Errors
    /// When the point was not heard, or cannot be read.
    pub fn tile(&mut self, key: &Key) -> anyhow::Result<Vec<u16>> {
        let read = |reader: &mut Self| {
            let (span, parts) = reader.parts(key)?;
            let (from, length) = parts.tile();
            let bytes = reader.reader.read_part(span, from, length)?;
            anyhow::Ok(pairs(&bytes).map(u16::from_le_bytes).collect())
        };
        read(self).with_context(|| self.store.unreadable())
    }

    /// The tile's levels and the sound.
    ///
    /// # Errors
    /// When the point was not heard, or cannot be read.
    pub fn tile_and_sound(&mut self, key: &Key) -> anyhow::Result<(Vec<u16>, Vec<i16>)> {
        let read = |reader: &mut Self| {
            let span = reader.span(key)?;
            let bytes = reader.reader.read(span, usize::MAX)?;
            let parts = Parts::parse(&bytes).context("a point is cut short")?;
            let (tile, sound) = (parts.tile().0, parts.sound());
            let (tile, sound) =
                bytes.get(tile..sound).zip(bytes.get(sound..)).context("a point is cut short")?;
            anyhow::Ok((
                pairs(tile).map(u16::from_le_bytes).collect(),
                pairs(sound).map(i16::from_le_bytes).collect(),
            ))
        };
        read(self).with_context(|| self.store.unreadable())
    }

    fn span(&self, key: &Key) -> anyhow::Result<Span> {
        self.store.log.span(key).context("a point is missing")
    }

    fn parts(&mut self, key: &Key) -> anyhow::Result<(Span, Parts)> {
        let span = self.span(key)?;
        let head = self.reader.read(span, Parts::BYTES)?;
        Ok((span, Parts::parse(&head).context("a point is cut short")?))
    }
}

fn pairs(bytes: &[u8]) -> impl Iterator<Item = [u8; 2]> {
    bytes.chunks_exact(2).map(|pair| [pair[0], pair[1]])
}
