//! Reads native FLAC files past metadata that the demuxer refuses.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use symphonia::core::io::MediaSource;

use crate::flac_frame::FrameShape;

/// `fLaC` and STREAMINFO with its header (RFC 9639, sections 6 and 8.2).
const HEAD: u64 = 42;
/// Most bytes of a frame header (section 9.1).
const FRAME_HEADER: usize = 16;
/// A FLAC file with STREAMINFO as its only metadata: tags, pictures and cue sheets are often malformed, may be
/// huge, and are nothing to us.
pub(crate) struct BareFlac {
    head: [u8; HEAD as usize],
    file: File,
    /// Offset of the first frame.
    start: u64,
    /// Bytes from there to the file's end.
    frame_bytes: u64,
    position: u64,
}

/// `file` without its metadata, or `None` when it does not begin as a sound native FLAC file does.
pub(crate) fn bare(mut file: File) -> io::Result<Option<BareFlac>> {
    let length = file.metadata()?.len();
    let mut head = [0; HEAD as usize];
    file.rewind()?;
    if length < HEAD || file.read_exact(&mut head).is_err() || !head.starts_with(b"fLaC") {
        return Ok(None);
    }
    let stream_info_is_first = head[4] & 0x7f == 0 && head[5..8] == [0, 0, 34];
    if !stream_info_is_first {
        return Ok(None);
    }
    let mut last = head[4] & 0x80 != 0;
    let mut start = HEAD;
    while !last {
        let mut block = [0; 4];
        file.seek(SeekFrom::Start(start))?;
        if file.read_exact(&mut block).is_err() {
            return Ok(None);
        }
        last = block[0] & 0x80 != 0;
        start += 4 + u64::from(u32::from_be_bytes([0, block[1], block[2], block[3]]));
    }
    // A damaged length leads somewhere else than to a frame.
    let mut first_frame = Vec::with_capacity(FRAME_HEADER);
    file.seek(SeekFrom::Start(start))?;
    file.by_ref().take(FRAME_HEADER as u64).read_to_end(&mut first_frame)?;
    if FrameShape::of(&first_frame).is_none() {
        return Ok(None);
    }
    head[4] |= 0x80;
    Ok(Some(BareFlac { head, file, start, frame_bytes: length.saturating_sub(start), position: 0 }))
}

impl BareFlac {
    /// Bytes of all frames.
    pub(crate) fn frame_bytes(&self) -> u64 {
        self.frame_bytes
    }

    fn length(&self) -> u64 {
        HEAD + self.frame_bytes
    }
}

impl Read for BareFlac {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match self.head.get(self.position.min(HEAD) as usize..) {
            Some(mut head) if !head.is_empty() => head.read(buffer)?,
            _ => {
                self.file.seek(SeekFrom::Start(self.start + (self.position - HEAD)))?;
                self.file.read(buffer)?
            }
        };
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for BareFlac {
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

impl MediaSource for BareFlac {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.length())
    }
}
