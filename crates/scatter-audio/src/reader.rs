use std::path::{Path, PathBuf};

use crate::error::AudioError;
use crate::guard::guard;
use crate::limits::Limits;
use crate::stream::Stream;

/// Streams a file as mono blocks at its own rate.
///
/// Memory stays that of one packet. A panic of a decoder is returned as an error.
pub struct AudioReader {
    path: PathBuf,
    stream: Stream,
    /// The block that opening the file had to decode, to know rate and channels, is not handed over yet.
    first_block: bool,
}

impl AudioReader {
    /// Opens a file and decodes its first block.
    ///
    /// # Errors
    /// When the file cannot be opened, is in no known format, holds no audio track or no sample, or has a rate
    /// outside 1 kHz to 768 kHz or more than 128 channels.
    pub fn open(path: &Path) -> Result<Self, AudioError> {
        Self::open_with(path, Limits::default())
    }

    /// The same, reading no further than `limits` allow; what lies beyond is left out, and [`Self::is_partial`] says so.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(path: &Path, limits: Limits) -> Result<Self, AudioError> {
        guard(path, || {
            let stream = Stream::open(path, limits).map_err(|kind| kind.at(path))?;
            Ok(Self { path: path.to_owned(), stream, first_block: true })
        })
    }

    /// Rate in Hz, as decoded.
    pub fn sample_rate(&self) -> u32 {
        self.stream.shape.rate
    }

    /// Channels before mixing down.
    pub fn channels(&self) -> usize {
        self.stream.shape.channels
    }

    /// Samples of one channel decoded so far.
    pub fn samples(&self) -> u64 {
        self.stream.samples
    }

    /// Next decoded block, mixed down to mono (mean of the channels); `None` at the end, never an empty block.
    ///
    /// Samples are finite; full scale is ±1 for integer formats.
    ///
    /// # Errors
    /// When rate or channels change, when more packets fail than can be decoded, or when the decoder panics.
    pub fn next_block(&mut self) -> Result<Option<&[f32]>, AudioError> {
        let Self { path, stream, first_block } = self;
        let more = if std::mem::take(first_block) {
            true
        } else {
            guard(path, || stream.advance().map_err(|kind| kind.at(path)))
                .inspect_err(|_| stream.ended = true)?
        };
        Ok(more.then(|| stream.mixdown.mono()))
    }

    /// Whether the file has turned out to hold, or to promise, more than could be read: it is cut short, its end is
    /// damaged, or it is longer than the [`Limits`]. Certain only once [`Self::next_block`] has given `None`.
    pub fn is_partial(&self) -> bool {
        self.stream.early_end.is_some()
    }

    /// What was odd so far, one sentence each: an early end (`partial: …`), packets that failed, samples that were no
    /// numbers.
    pub fn warnings(&self) -> Vec<String> {
        self.stream.warnings()
    }
}
