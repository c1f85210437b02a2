use crate::error::AudioErrorKind;

/// Rates in Hz that are read: from below telephone quality to the highest of bat recorders.
const MIN_RATE: u32 = 1_000;
const MAX_RATE: u32 = 768_000;
/// Seventh-order ambisonics have 64 channels; more is a damaged header.
const MAX_CHANNELS: usize = 128;

/// Rate in Hz and channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) rate: u32,
    pub(crate) channels: usize,
}

impl Shape {
    /// Refuses what no sound has.
    pub(crate) fn check(self) -> Result<(), AudioErrorKind> {
        if !(MIN_RATE..=MAX_RATE).contains(&self.rate) {
            return Err(AudioErrorKind::Rate { rate: self.rate, min: MIN_RATE, max: MAX_RATE });
        }
        if !(1..=MAX_CHANNELS).contains(&self.channels) {
            return Err(AudioErrorKind::Channels { channels: self.channels, max: MAX_CHANNELS });
        }
        Ok(())
    }
}
