use crate::SAMPLE_RATE;
use crate::converters::Converters;
use crate::error::AudioErrorKind;
use crate::region::LoudestRegion;
use crate::resample::{RateConverter, length_between};
use crate::rolling::Rolling;

/// What a model hears that takes samples of its own length and rate: they come from the source's own rate, never by
/// way of 16 kHz.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Excerpt {
    /// Rate in Hz.
    pub sample_rate: u32,
    /// Samples at that rate, at least 1.
    pub samples: usize,
}

impl Excerpt {
    /// Its length at another rate, rounded.
    fn length_at(self, rate: u32) -> usize {
        length_between(self.samples as u64, self.sample_rate, rate) as usize
    }
}

/// Cuts one excerpt out of each file: centred on the sample of greatest absolute amplitude, moved inside the file;
/// what a shorter file lacks is silence at the end.
pub(crate) struct ExcerptCutter {
    excerpt: Excerpt,
    converters: Converters,
    /// Rate of the file at hand.
    rate: u32,
    region: LoudestRegion,
}

impl ExcerptCutter {
    pub(crate) fn new(excerpt: Excerpt) -> Self {
        let converters = Converters::to(excerpt.sample_rate);
        Self { excerpt, converters, rate: excerpt.sample_rate, region: LoudestRegion::new(0, 0) }
    }

    /// The same without what a broken file left behind.
    pub(crate) fn renewed(self) -> Self {
        Self::new(self.excerpt)
    }

    /// Begins a file of `rate` Hz.
    pub(crate) fn begin(&mut self, rate: u32) -> Result<(), AudioErrorKind> {
        let margin = self.converters.from(rate)?.margin().source;
        self.rate = rate;
        self.region.restart(self.excerpt.length_at(rate), margin);
        Ok(())
    }

    /// Takes the next samples of the file.
    pub(crate) fn push(&mut self, block: &[f32]) {
        self.region.push(block);
    }

    /// The excerpt of the file.
    pub(crate) fn finish(&mut self) -> Result<Vec<f32>, AudioErrorKind> {
        let converter = self.converters.from(self.rate)?;
        let mut samples = self.region.finish().convert(converter, self.excerpt.samples)?;
        samples.resize(self.excerpt.samples, 0.0);
        Ok(samples)
    }
}

/// Excerpts of a recording that streams by, of which only the surroundings are kept.
pub(crate) struct ExcerptStream {
    excerpt: Excerpt,
    converter: RateConverter,
    converted: Rolling,
    ready: Vec<f32>,
}

impl ExcerptStream {
    pub(crate) fn new(excerpt: Excerpt, rate: u32) -> Result<Self, AudioErrorKind> {
        let converter = RateConverter::between(rate, excerpt.sample_rate)?;
        Ok(Self { excerpt, converter, converted: Rolling::default(), ready: Vec::new() })
    }

    /// Takes the next samples of the recording.
    pub(crate) fn push(&mut self, block: &[f32]) -> Result<(), AudioErrorKind> {
        self.ready.clear();
        self.converter.push(block, &mut self.ready)?;
        self.converted.push(&self.ready);
        Ok(())
    }

    /// Ends the recording.
    pub(crate) fn finish(&mut self) -> Result<(), AudioErrorKind> {
        self.ready.clear();
        self.converter.finish(&mut self.ready)?;
        self.converted.push(&self.ready);
        Ok(())
    }

    /// Whether the excerpt around `middle`, a 16 kHz position, could be cut without the recording's end.
    pub(crate) fn reaches(&self, middle: u64) -> bool {
        self.start(middle) + self.excerpt.samples as u64 <= self.converted.end()
    }

    /// The excerpt around `middle`, moved inside what there is.
    pub(crate) fn around(&self, middle: u64) -> Vec<f32> {
        let start = self.inside(self.start(middle));
        self.converted.padded(start..start + self.excerpt.samples as u64)
    }

    /// Gives up what neither the excerpt around `middle` nor a later one can need, should the recording end here.
    pub(crate) fn forget_before(&mut self, middle: u64) {
        self.converted.forget_before(self.inside(self.start(middle)));
    }

    /// Where the excerpt around `middle` begins, moved behind the recording's beginning.
    fn start(&self, middle: u64) -> u64 {
        let scaled = u128::from(middle) * u128::from(self.excerpt.sample_rate) + u128::from(SAMPLE_RATE / 2);
        ((scaled / u128::from(SAMPLE_RATE)) as u64).saturating_sub(self.excerpt.samples as u64 / 2)
    }

    fn inside(&self, start: u64) -> u64 {
        start.min(self.converted.end().saturating_sub(self.excerpt.samples as u64))
    }
}
