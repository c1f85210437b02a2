use std::ops::Range;

use crate::error::AudioErrorKind;
use crate::resample::RateConverter;
use crate::rolling::Rolling;
use crate::vectors::{Kernel, widest};

/// Finds the loudest region of a signal that streams by.
///
/// The region is `window` samples centred on the sample of greatest absolute amplitude (the first of equals),
/// moved inside the signal; a shorter signal is one region, padded with silence at its end. Only the surroundings
/// of the loudest sample so far and the last samples are kept: memory does not grow with the signal.
pub struct LoudestRegion {
    window: usize,
    margin: usize,
    peak: f32,
    peak_at: u64,
    /// What the region needs, `window + margin` to either side of the peak, once all of it went by.
    around_peak: Rolling,
    /// Whether it did.
    held: bool,
    /// The same before the peak, until it is held there, and before whatever peak may follow.
    latest: Rolling,
}

/// The region with its margins.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cut {
    /// `margin + window + margin` samples, silence beyond the signal's ends.
    pub samples: Vec<f32>,
    /// Samples before the region.
    pub margin: usize,
    /// Position of the region (not of the margin before it) in the signal.
    pub start: u64,
    /// Length of the signal.
    pub total: u64,
}

impl LoudestRegion {
    /// Looks for `window` samples, and keeps `margin` more at either side.
    pub fn new(window: usize, margin: usize) -> Self {
        let (around_peak, latest) = (Rolling::default(), Rolling::default());
        Self { window, margin, peak: NO_PEAK, peak_at: 0, around_peak, held: false, latest }
    }

    /// Begins another signal, in the buffers of the last.
    pub fn restart(&mut self, window: usize, margin: usize) {
        (self.window, self.margin) = (window, margin);
        (self.peak, self.peak_at, self.held) = (NO_PEAK, 0, false);
        self.latest.clear();
    }

    fn reach(&self) -> u64 {
        (self.window + self.margin) as u64
    }

    /// Takes the next samples.
    pub fn push(&mut self, block: &[f32]) {
        let block_start = self.latest.end();
        self.latest.push(block);
        let loudest = widest(Loudest(block));
        if loudest > self.peak {
            let first = block.iter().position(|sample| sample.abs() == loudest).unwrap_or(0);
            self.peak = loudest;
            self.peak_at = block_start + first as u64;
            self.held = false;
        }
        let end = self.latest.end();
        // A sound that swells has a new peak in each block: to copy its surroundings each time would cost more than to
        // decode it.
        if !self.held && end >= self.peak_at + self.reach() {
            self.around_peak.copy(&self.latest, self.surroundings());
            self.held = true;
        }
        let needed = if self.held { end } else { self.peak_at };
        self.latest.forget_before(needed.saturating_sub(self.reach()));
    }

    /// What the region could come to need, whichever way it is moved.
    fn surroundings(&self) -> Range<u64> {
        self.peak_at.saturating_sub(self.reach())..self.peak_at + self.reach()
    }

    /// The region of what was pushed.
    pub fn finish(&self) -> Cut {
        let mut cut = Cut::default();
        self.finish_into(&mut cut);
        cut
    }

    /// The same, in the buffer of another.
    pub fn finish_into(&self, cut: &mut Cut) {
        let (window, margin, total) = (self.window as u64, self.margin as u64, self.latest.end());
        let centred = self.peak_at.saturating_sub(window / 2);
        let start = centred.min(total.saturating_sub(window));
        // Positions before the signal are negative: shift by the silence that stands for them.
        let silence = margin.saturating_sub(start);
        let around_peak = if self.held { &self.around_peak } else { &self.latest };
        cut.samples.clear();
        cut.samples.resize(silence as usize, 0.0);
        around_peak.append_padded(start + silence - margin..start + window + margin, &mut cut.samples);
        (cut.margin, cut.start, cut.total) = (self.margin, start, total);
    }
}

/// Below any sample, so that the first one is a peak even in silence.
const NO_PEAK: f32 = -1.0;

/// Greatest absolute value, [`NO_PEAK`] where there is none.
struct Loudest<'a>(&'a [f32]);

impl Kernel for Loudest<'_> {
    type Output = f32;

    #[inline(always)]
    fn run(self) -> f32 {
        // Numbers that are not negative are ordered as their bits are, whose greatest is found in vector registers.
        let greatest = self.0.iter().map(|sample| sample.abs().to_bits() as i32).max();
        greatest.map_or(NO_PEAK, |bits| f32::from_bits(bits as u32))
    }
}

impl Cut {
    /// The region without margins, and without the silence that pads a short signal.
    pub fn region(&self) -> &[f32] {
        let length = usize::try_from(self.total).unwrap_or(self.window()).min(self.window());
        self.samples.get(self.margin..self.margin + length).unwrap_or_default()
    }

    /// The region at the rate of `converter`, `samples` of them, as if the whole signal had been converted and then cut;
    /// of a signal shorter than the region as much as there is.
    pub fn convert(&self, converter: &mut RateConverter, samples: usize) -> Result<Vec<f32>, AudioErrorKind> {
        let margin = converter.margin().output;
        let mut converted = Vec::with_capacity(samples + 3 * margin);
        converter.restart();
        converter.push(&self.samples, &mut converted)?;
        converter.finish(&mut converted)?;
        converted.drain(..margin);
        // Beyond the end of a short signal is silence, not the filter's ringing.
        let length = match self.total < self.window() as u64 {
            true => (converter.converted_length(self.total) as usize).min(samples),
            false => samples,
        };
        converted.resize(length, 0.0);
        Ok(converted)
    }

    fn window(&self) -> usize {
        self.samples.len().saturating_sub(2 * self.margin)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition, with the whole signal at hand.
    fn cut_of_whole(signal: &[f32], window: usize, margin: usize) -> Cut {
        let mut peak = 0;
        for (index, sample) in signal.iter().enumerate() {
            if sample.abs() > signal[peak].abs() {
                peak = index;
            }
        }
        let start = peak.saturating_sub(window / 2).min(signal.len().saturating_sub(window));
        let from = start as isize - margin as isize;
        let samples = (from..from + (window + 2 * margin) as isize)
            .map(|at| usize::try_from(at).ok().and_then(|at| signal.get(at)).copied().unwrap_or(0.0));
        let total = signal.len() as u64;
        Cut { samples: samples.collect(), margin, start: start as u64, total }
    }

    proptest! {
        #[test]
        fn streamed_region_is_that_of_the_whole_signal(
            // Few levels, so that peaks tie.
            signal in prop::collection::vec((-4_i8..=4).prop_map(f32::from), 1..600),
            window in 1_usize..120,
            margin in 0_usize..40,
            blocks in prop::collection::vec(1_usize..90, 1..8),
            spike in prop::option::of((any::<prop::sample::Index>(), -9_i8..=9)),
        ) {
            let mut signal = signal;
            if let Some((at, level)) = spike {
                let at = at.index(signal.len());
                signal[at] = f32::from(level);
            }
            // In the buffers of another signal.
            let mut region = LoudestRegion::new(margin, window);
            region.push(&signal);
            region.restart(window, margin);
            let (mut rest, mut sizes) = (&signal[..], blocks.iter().cycle());
            while !rest.is_empty() {
                let (block, after) = rest.split_at(rest.len().min(*sizes.next().unwrap()));
                region.push(block);
                rest = after;
            }
            prop_assert_eq!(region.finish(), cut_of_whole(&signal, window, margin));
        }

        #[test]
        fn memory_does_not_grow_with_the_signal(window in 1_usize..200, margin in 0_usize..50, block in 1_usize..64) {
            let mut region = LoudestRegion::new(window, margin);
            // Ever louder, so that the region moves all the time.
            for index in 0..2_000_usize {
                region.push(&vec![(index / 3) as f32; block]);
                let held = region.latest.held_samples()
                    + if region.held { region.around_peak.held_samples() } else { 0 };
                prop_assert!(held <= 6 * (window + margin + block), "{held}");
            }
        }
    }
}
