//! A file of records that only grows: whatever breaks off, what was written before stays readable.
//!
//! The file begins with [`HEAD`]. A record is its payload's length (`u32`), the CRC-32 of all that follows, key, payload;
//! numbers are little-endian. Opening reads every record: the file ends before the first that is not whole.

use std::collections::{HashMap, HashSet};
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::identity::{KEY_BYTES, Key};

/// What the file begins with.
const HEAD: &[u8; 16] = b"scatter heard 1\n";
/// Bytes of a record before its payload.
const FRAME: usize = 8 + KEY_BYTES;
/// No point is larger: a length beyond is not one.
const LONGEST: u32 = 1 << 30;

/// Where a payload lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    offset: u64,
    length: u32,
}

/// The open file, with the place of each key's latest payload.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    file: File,
    end: u64,
    index: HashMap<Key, Span>,
}

impl Log {
    /// Opens the log at `path`, or begins one.
    ///
    /// # Errors
    /// When it cannot be read or written. A file that is no log is begun anew.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let mut log = Self { path: path.to_owned(), file, end: 0, index: HashMap::new() };
        log.scan()?;
        Ok(log)
    }

    /// A log at `path` without a record, whatever was there.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(path)?;
        let mut log = Self { path: path.to_owned(), file, end: 0, index: HashMap::new() };
        log.start_over()?;
        Ok(log)
    }

    fn scan(&mut self) -> io::Result<()> {
        let mut reader = BufReader::with_capacity(1 << 18, &self.file);
        let mut head = [0; HEAD.len()];
        if reader.read_exact(&mut head).is_err() || head != *HEAD {
            return self.start_over();
        }
        let mut end = HEAD.len() as u64;
        let mut payload = Vec::new();
        while let Some(key) = read_record(&mut reader, &mut payload)? {
            let span = Span { offset: end + FRAME as u64, length: payload.len() as u32 };
            self.index.insert(key, span);
            end = span.offset + payload.len() as u64;
        }
        self.end = end;
        // What a killed run had begun to write.
        self.file.set_len(end)
    }

    fn start_over(&mut self) -> io::Result<()> {
        self.index.clear();
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(HEAD)?;
        self.end = HEAD.len() as u64;
        Ok(())
    }

    /// Whether there is a record of `key`.
    pub fn contains(&self, key: &Key) -> bool {
        self.index.contains_key(key)
    }

    /// All keys.
    pub fn keys(&self) -> HashSet<Key> {
        self.index.keys().copied().collect()
    }

    /// Where the payload of `key` is.
    pub fn span(&self, key: &Key) -> Option<Span> {
        self.index.get(key).copied()
    }

    /// Bytes on disk.
    pub fn bytes(&self) -> u64 {
        self.end
    }

    /// Adds a record, in place of an earlier one of the key.
    ///
    /// # Errors
    /// When it cannot be written; the log is then as it was.
    pub fn append(&mut self, key: Key, payload: &[u8]) -> io::Result<()> {
        let record = record(key, payload)?;
        let end = self.end;
        let written = self.file.seek(SeekFrom::Start(end)).and_then(|_| self.file.write_all(&record));
        if let Err(error) = written {
            // If even this fails, opening finds the half record.
            let _ = self.file.set_len(end);
            return Err(error);
        }
        let span = Span { offset: end + FRAME as u64, length: payload.len() as u32 };
        self.index.insert(key, span);
        self.end += record.len() as u64;
        Ok(())
    }

    /// Forgets the records that `wanted` refuses. Their bytes stay until they are half of the file, and more than
    /// `spare`: then the rest is written anew.
    ///
    /// # Errors
    /// When the new file cannot be written; the old one stays.
    pub fn retain(&mut self, wanted: impl Fn(&Key) -> bool, spare: u64) -> io::Result<()> {
        self.index.retain(|key, _| wanted(key));
        let live: u64 = self.index.values().map(|span| FRAME as u64 + u64::from(span.length)).sum();
        let dead = (self.end - HEAD.len() as u64).saturating_sub(live);
        if dead <= spare || dead < live {
            return Ok(());
        }
        let mut kept: Vec<(Key, Span)> = self.index.iter().map(|(&key, &span)| (key, span)).collect();
        kept.sort_by_key(|(_, span)| span.offset);
        let aside = self.path.with_extension("new");
        let mut anew = Self::begin(&aside)?;
        let rewritten = kept.into_iter().try_for_each(|(key, span)| {
            let payload = read_span(&mut &self.file, span)?;
            anew.append(key, &payload)
        });
        if let Err(error) = rewritten.and_then(|()| std::fs::rename(&aside, &self.path)) {
            // Nothing more can be done about a file that cannot be removed; the next run overwrites it.
            let _ = std::fs::remove_file(&aside);
            return Err(error);
        }
        *self = Self { path: std::mem::take(&mut self.path), ..anew };
        Ok(())
    }

    /// A handle of its own to read with.
    ///
    /// # Errors
    /// When the file cannot be opened once more.
    pub fn reader(&self) -> io::Result<LogReader> {
        Ok(LogReader(File::open(&self.path)?))
    }
}

/// Reads payloads of a [`Log`].
#[derive(Debug)]
pub struct LogReader(File);

impl LogReader {
    /// The first `most` bytes of the payload at `span`, or all of it if it is shorter.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(&mut self, span: Span, most: usize) -> io::Result<Vec<u8>> {
        let length = span.length.min(most.try_into().unwrap_or(u32::MAX));
        read_span(&mut self.0, Span { length, ..span })
    }

    /// `length` bytes of the payload at `span` from its byte `from` on.
    ///
    /// # Errors
    /// When it cannot be read, or the payload is shorter.
    pub fn read_part(&mut self, span: Span, from: usize, length: usize) -> io::Result<Vec<u8>> {
        if from + length > span.length as usize {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        read_span(&mut self.0, Span { offset: span.offset + from as u64, length: length as u32 })
    }
}

fn read_span(file: &mut (impl Read + Seek), span: Span) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(span.offset))?;
    let mut bytes = vec![0; span.length as usize];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn record(key: Key, payload: &[u8]) -> io::Result<Vec<u8>> {
    let length = u32::try_from(payload.len()).ok().filter(|&length| length <= LONGEST);
    let length = length.ok_or_else(|| io::Error::other("a point is too large to be kept"))?;
    let key = key.to_bytes();
    let mut record = Vec::with_capacity(FRAME + payload.len());
    record.extend_from_slice(&length.to_le_bytes());
    record.extend_from_slice(&checksum(&key, payload).to_le_bytes());
    record.extend_from_slice(&key);
    record.extend_from_slice(payload);
    Ok(record)
}

/// The next record's key, its payload in `payload`; `None` where none is whole.
fn read_record(reader: &mut impl Read, payload: &mut Vec<u8>) -> io::Result<Option<Key>> {
    let mut frame = [0; FRAME];
    match reader.read_exact(&mut frame) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let (mut length, mut sum, mut key) = ([0; 4], [0; 4], [0; KEY_BYTES]);
    length.copy_from_slice(&frame[..4]);
    sum.copy_from_slice(&frame[4..8]);
    key.copy_from_slice(&frame[8..]);
    let length = u32::from_le_bytes(length);
    if length > LONGEST {
        return Ok(None);
    }
    payload.clear();
    let read = reader.take(length.into()).read_to_end(payload)?;
    let whole = read == length as usize && checksum(&key, payload) == u32::from_le_bytes(sum);
    Ok(whole.then(|| Key::from_bytes(key)))
}

fn checksum(key: &[u8], payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(key);
    hasher.update(payload);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(number: u64) -> Key {
        let mut bytes = [7; KEY_BYTES];
        bytes[16..].copy_from_slice(&number.to_le_bytes());
        Key::from_bytes(bytes)
    }

    fn contents(log: &Log) -> Vec<(u64, Vec<u8>)> {
        let mut reader = log.reader().unwrap();
        let mut all: Vec<_> = log
            .index
            .iter()
            .map(|(key, &span)| (key.number, reader.read(span, usize::MAX).unwrap()))
            .collect();
        all.sort();
        all
    }

    proptest! {
        #[test]
        fn a_log_cut_anywhere_keeps_every_record_before_the_cut(
            payloads in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..12),
            cut in any::<prop::sample::Index>(),
            flip in prop::option::of((any::<prop::sample::Index>(), 1_u8..)),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("log");
            let mut log = Log::open(&path).unwrap();
            let mut ends = vec![log.bytes()];
            for (number, payload) in payloads.iter().enumerate() {
                log.append(key(number as u64), payload).unwrap();
                ends.push(log.bytes());
            }
            drop(log);
            let mut bytes = std::fs::read(&path).unwrap();
            prop_assert_eq!(bytes.len() as u64, *ends.last().unwrap());
            let cut = cut.index(bytes.len() + 1);
            bytes.truncate(cut);
            // Damage as a power cut leaves it: everything from there on is given up.
            let damaged = flip.filter(|_| cut > HEAD.len()).map(|(at, by)| {
                let at = HEAD.len() + at.index(cut - HEAD.len());
                bytes[at] ^= by;
                at
            });
            std::fs::write(&path, &bytes).unwrap();
            let good = damaged.unwrap_or(cut) as u64;
            let whole = if cut < HEAD.len() { 0 } else { ends.iter().filter(|&&end| end <= good).count() - 1 };
            let mut log = Log::open(&path).unwrap();
            let expected: Vec<_> = (0..).zip(payloads.iter().take(whole).cloned()).collect();
            prop_assert_eq!(contents(&log), expected);
            // And it goes on from there.
            log.append(key(99), b"next").unwrap();
            drop(log);
            let log = Log::open(&path).unwrap();
            prop_assert_eq!(contents(&log).pop().unwrap(), (99, b"next".to_vec()));
            prop_assert_eq!(log.index.len(), whole + 1);
        }
    }

    #[test]
    fn what_is_not_wanted_goes_when_it_is_most_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let mut log = Log::open(&path).unwrap();
        for number in 0..10 {
            log.append(key(number), &[number as u8; 1_000]).unwrap();
        }
        let before = log.bytes();
        log.retain(|key| key.number != 3, 0).unwrap();
        assert_eq!((log.bytes(), log.contains(&key(3))), (before, false), "a tenth is not worth it");
        log.retain(|key| key.number >= 8, 1_000_000).unwrap();
        assert_eq!(log.bytes(), before, "nor are 8 KB where a megabyte is to spare");
        log.retain(|key| key.number >= 8, 0).unwrap();
        assert!(log.bytes() < before / 4);
        log.append(key(11), b"new").unwrap();
        let expected = vec![(8, vec![8; 1_000]), (9, vec![9; 1_000]), (11, b"new".to_vec())];
        assert_eq!(contents(&log), expected);
        drop(log);
        assert_eq!(contents(&Log::open(&path).unwrap()), expected);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_of_another_kind_is_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        std::fs::write(&path, b"an older format that nobody reads any more").unwrap();
        let log = Log::open(&path).unwrap();
        assert_eq!((log.index.len(), log.bytes()), (0, HEAD.len() as u64));
    }
}
