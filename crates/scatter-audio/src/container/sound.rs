use std::fs::File;

use super::linear::{Encoding, Linear};
use super::stitched::Stitched;
use super::{Container, Promise};
use crate::error::AudioErrorKind;

/// What the header of a file with linear sound says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sound {
    pub(crate) encoding: Encoding,
    pub(crate) rate: u32,
    pub(crate) channels: u16,
    /// Offset of the first frame in the file.
    pub(crate) start: u64,
    /// Bytes of sound; `None` where the header does not know, as in a file that was written to a pipe.
    pub(crate) bytes: Option<u64>,
}

impl Sound {
    /// The sound in `file`, which is `length` bytes long.
    pub(crate) fn open(self, file: File, length: u64) -> Result<Container, AudioErrorKind> {
        let there = length.saturating_sub(self.start);
        let present = self.bytes.unwrap_or(there).min(there);
        let source = Stitched::new(Vec::new(), file, self.start, present);
        let format = Linear::new(source, self.encoding, self.rate, self.channels)?;
        let seconds = |bytes| self.encoding.seconds(bytes, self.rate);
        let promise = match self.bytes {
            Some(bytes) if bytes > present => Promise::Seconds(seconds(bytes)),
            _ => Promise::Kept,
        };
        Ok(Container { promise, ..Container::of(Box::new(format)) })
    }
}
