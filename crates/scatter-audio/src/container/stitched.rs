use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use symphonia::core::io::MediaSource;

/// A range of a file behind a head of our own making: what a demuxer is shown in place of the file itself.
pub(crate) struct Stitched {
    head: Vec<u8>,
    file: File,
    /// Offset in the file of the first byte after the head.
    start: u64,
    /// Bytes of the file from there on.
    present: u64,
    /// Bytes that there would be if the file were whole. Reading what is missing is reading at the file's end, but
    /// a demuxer that compares lengths before it begins sees no fault.
    promised: u64,
    seekable: bool,
    position: u64,
}

impl Stitched {
    /// `head`, then `present` bytes of `file` from `start` on.
    pub(crate) fn new(head: Vec<u8>, file: File, start: u64, present: u64) -> Self {
        Self { head, file, start, present, promised: present, seekable: true, position: 0 }
    }

    /// The same, claiming to be as long as if `promised` bytes followed the head.
    pub(crate) fn promising(self, promised: u64) -> Self {
        Self { promised: promised.max(self.present), ..self }
    }

    /// The same, to be read from front to back without a word on its length.
    pub(crate) fn streaming(self) -> Self {
        Self { seekable: false, ..self }
    }

    /// Bytes after the head.
    pub(crate) fn present(&self) -> u64 {
        self.present
    }

    fn length(&self) -> u64 {
        self.promised.saturating_add(self.head.len() as u64)
    }
}

impl Read for Stitched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let head = self.head.len() as u64;
        let read = if self.position < head {
            let mut rest = self.head.get(self.position as usize..).unwrap_or_default();
            rest.read(buffer)?
        } else {
            let offset = self.position - head;
            let left = self.present.saturating_sub(offset).min(buffer.len() as u64) as usize;
            self.file.seek(SeekFrom::Start(self.start.saturating_add(offset)))?;
            self.file.read(&mut buffer[..left])?
        };
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for Stitched {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
            SeekFrom::End(by) => self.length().checked_add_signed(by),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

impl MediaSource for Stitched {
    fn is_seekable(&self) -> bool {
        self.seekable
    }

    fn byte_len(&self) -> Option<u64> {
        self.seekable.then(|| self.length())
    }
}
