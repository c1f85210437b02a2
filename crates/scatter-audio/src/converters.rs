use crate::error::AudioErrorKind;
use crate::resample::RateConverter;

/// Converters kept. Collections have one to three rates.
const KEPT: usize = 4;

/// Converters to one rate, kept for the next file of theirs.
pub(crate) struct Converters {
    target: u32,
    /// Most recently used first.
    kept: Vec<RateConverter>,
}

impl Converters {
    /// Converters to `target` Hz.
    pub(crate) fn to(target: u32) -> Self {
        Self { target, kept: Vec::new() }
    }

    /// The one from `rate` Hz.
    pub(crate) fn from(&mut self, rate: u32) -> Result<&mut RateConverter, AudioErrorKind> {
        match self.kept.iter().position(|converter| converter.rate() == rate) {
            Some(index) => self.kept[..=index].rotate_right(1),
            None => {
                self.kept.retain(|converter| !converter.is_large());
                self.kept.insert(0, RateConverter::between(rate, self.target)?);
                self.kept.truncate(KEPT);
            }
        }
        Ok(&mut self.kept[0])
    }

    /// Gives them all up: one may have stopped half-way.
    pub(crate) fn clear(&mut self) {
        self.kept.clear();
    }
}
