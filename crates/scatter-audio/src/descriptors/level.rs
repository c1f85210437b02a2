//! Descriptors that need no spectrum.

use super::{FRAME, HOP};
use crate::energy::energy;
use crate::vectors::{Kernel, widest};

/// Samples of no greater size count as zero, which is positive: librosa's default.
const NEAR_ZERO: f32 = 1e-10;

/// How loud a signal is, and how often it changes sign.
pub(super) struct Level {
    pub(super) zero_crossing_rate: f64,
    pub(super) rms_dbfs: Option<f64>,
    pub(super) peak_dbfs: Option<f64>,
}

struct Measure<'a>(&'a [f32]);

impl Kernel for Measure<'_> {
    type Output = Level;

    #[inline(always)]
    fn run(self) -> Level {
        Level::measure(self.0)
    }
}

impl Level {
    pub(super) fn of(mono: &[f32]) -> Self {
        widest(Measure(mono))
    }

    #[inline(always)]
    fn measure(mono: &[f32]) -> Self {
        let power = energy(mono) / mono.len().max(1) as f64;
        let peak = mono.iter().map(|x| x.abs().to_bits() as i32).max().unwrap_or(0);
        // Numbers that are not negative are ordered as their bits are, whose greatest is found in vector registers.
        let peak = f32::from_bits(peak as u32);
        Self {
            zero_crossing_rate: zero_crossing_rate(mono),
            // A full-scale sine has a mean square of 1/2.
            rms_dbfs: (power > 0.0).then(|| 10.0 * (2.0 * power).log10()),
            peak_dbfs: (peak > 0.0).then(|| 20.0 * f64::from(peak).log10()),
        }
    }
}

/// Mean over frames of the share of samples whose sign is not the one before. The first sample of a frame has none
/// before it, and beyond the ends the signal holds its first and last value.
///
/// Frame `k` is the hops `k − 2` to `k + 1`, so that crossings are counted by hop.
#[inline(always)]
fn zero_crossing_rate(mono: &[f32]) -> f64 {
    const HOPS: usize = FRAME / HOP;
    let frames = 1 + mono.len() / HOP;
    let mut counted = 0;
    for (hop, from) in (0..mono.len()).step_by(HOP).enumerate() {
        let until = (from + HOP).min(mono.len());
        let all = crossings(&mono[from.saturating_sub(1)..until]);
        let on_edge = if from > 0 { crossings(&mono[from - 1..=from]) } else { 0 };
        // The frames that hold this hop; the last of them begins with it.
        let first = (hop + 1).saturating_sub(HOPS / 2);
        let last = hop + HOPS / 2;
        counted += all * (last.min(frames - 1) + 1).saturating_sub(first);
        counted -= if last < frames { on_edge } else { 0 };
    }
    counted as f64 / (frames * FRAME) as f64
}

/// Changes of sign from a sample to the next.
#[inline(always)]
fn crossings(samples: &[f32]) -> usize {
    let negative = |x: f32| x < -NEAR_ZERO;
    let next = samples.get(1..).unwrap_or_default();
    // Counted in 32 bits, as samples are: in vector registers.
    let count: u32 = samples.iter().zip(next).map(|(&a, &b)| u32::from(negative(a) != negative(b))).sum();
    count as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// librosa's definition, one frame after the other.
    fn plain(mono: &[f32]) -> f64 {
        let at = |position: isize| mono[position.clamp(0, mono.len() as isize - 1) as usize] < -NEAR_ZERO;
        let frames = 1 + mono.len() / HOP;
        let crossings = |frame: usize| {
            let start = (frame * HOP) as isize - (FRAME / 2) as isize;
            (start + 1..start + FRAME as isize).filter(|&k| at(k) != at(k - 1)).count()
        };
        (0..frames).map(crossings).sum::<usize>() as f64 / (frames * FRAME) as f64
    }

    proptest! {
        #[test]
        fn zero_crossings_are_those_of_each_frame(
            mono in prop::collection::vec(prop::sample::select(vec![-1.0_f32, 0.0, 1.0]), 1..6_000),
        ) {
            prop_assert_eq!(zero_crossing_rate(&mono), plain(&mono));
        }
    }
}
