use crate::error::AudioError;
use crate::reader::AudioReader;

/// Where a recording's sound comes from: blocks of one channel at one rate, in order.
///
/// [`AudioReader`] decodes a file; a program that decodes in another process gives what comes from there.
pub trait BlockSource {
    /// Rate in Hz.
    fn sample_rate(&self) -> u32;

    /// Channels before mixing down.
    fn channels(&self) -> usize;

    /// Next block; `None` at the end. Samples are finite, full scale is ±1.
    ///
    /// # Errors
    /// When the sound cannot be read any further, and what was read is not to be used.
    fn next_block(&mut self) -> Result<Option<&[f32]>, AudioError>;

    /// What was odd so far, one sentence each.
    fn warnings(&self) -> Vec<String>;

    /// Whether the end came before all was read; certain only at the end.
    fn is_partial(&self) -> bool;
}

impl BlockSource for AudioReader {
    fn sample_rate(&self) -> u32 {
        Self::sample_rate(self)
    }

    fn channels(&self) -> usize {
        Self::channels(self)
    }

    fn next_block(&mut self) -> Result<Option<&[f32]>, AudioError> {
        Self::next_block(self)
    }

    fn warnings(&self) -> Vec<String> {
        Self::warnings(self)
    }

    fn is_partial(&self) -> bool {
        Self::is_partial(self)
    }
}
