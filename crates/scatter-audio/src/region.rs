use std::ops::Range;

use crate::error::AudioErrorKind;
use crate::resample::RateConverter;
use crate::rolling::Rolling;

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
    /// What the region needs, `window + margin` to either side of the peak, once all of it went by; none before.
    around_peak: Option<Rolling>,
    /// The same before the peak, until it is held there, and before whatever peak may follow.
    latest: Rolling,
}

/// The region with its margins.
#[derive(Debug, Clone, PartialEq)]
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
        // Below any sample, so that the first one is a peak even in silence.
        Self { window, margin, peak: -1.0, peak_at: 0, around_peak: None, latest: Rolling::default() }
    }

    fn reach(&self) -> u64 {
        (self.window + self.margin) as u64
    }

    /// Takes the next samples.
    pub fn push(&mut self, block: &[f32]) {
        let block_start = self.latest.end();
        self.latest.push(block);
        let loudest = loudest(block);
        if loudest > self.peak {
            let first = block.iter().position(|sample| sample.abs() == loudest).unwrap_or(0);
            self.peak = loudest;
            self.peak_at = block_start + first as u64;
            self.around_peak = None;
        }
        let end = self.latest.end();
        // A sound that swells has a new peak in each block: to copy its surroundings each time would cost more than to
        // decode it.
        if self.around_peak.is_none() && end >= self.peak_at + self.reach() {
            self.around_peak = Some(self.latest.copy(self.surroundings()));
        }
        let needed = if self.around_peak.is_none() { self.peak_at } else { end };
        self.latest.forget_before(needed.saturating_sub(self.reach()));
    }

    /// What the region could come to need, whichever way it is moved.
    fn surroundings(&self) -> Range<u64> {
        self.peak_at.saturating_sub(self.reach())..self.peak_at + self.reach()
    }

    /// The region of what was pushed.
    pub fn finish(&self) -> Cut {
        let (window, margin, total) = (self.window as u64, self.margin as u64, self.latest.end());
        let centred = self.peak_at.saturating_sub(window / 2);
        let start = centred.min(total.saturating_sub(window));
        // Positions before the signal are negative: shift by the silence that stands for them.
        let silence = margin.saturating_sub(start);
        let around_peak = self.around_peak.as_ref().unwrap_or(&self.latest);
        let held = around_peak.padded(start + silence - margin..start + window + margin);
        let mut samples = vec![0.0; silence as usize];
        samples.extend_from_slice(&held);
        Cut { samples, margin: self.margin, start, total }
    }
}

/// Greatest absolute value, below 0 where there is none.
fn loudest(block: &[f32]) -> f32 {
    // Numbers that are not negative are ordered as their bits are, whose greatest is found in vector registers.
    block
        .iter()
        .map(|sample| sample.abs().to_bits() as i32)
        .max()
        .map_or(-1.0, |bits| f32::from_bits(bits as u32))
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
            let mut region = LoudestRegion::new(window, margin);
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
                    + region.around_peak.as_ref().map_or(0, Rolling::held_samples);
                prop_assert!(held <= 6 * (window + margin + block), "{held}");
            }
        }
    }
}
