//! Descriptors that need no spectrum.

use super::lanes::sum;
use super::{FRAME, HOP};

/// Samples of no greater size count as zero, which is positive: librosa's default.
const NEAR_ZERO: f32 = 1e-10;

/// How loud a signal is, and how often it changes sign.
pub(super) struct Level {
    pub(super) zero_crossing_rate: f64,
    pub(super) rms_dbfs: Option<f64>,
    pub(super) peak_dbfs: Option<f64>,
}

impl Level {
    pub(super) fn of(mono: &[f32]) -> Self {
        let power = sum(mono, |_, x| f64::from(x) * f64::from(x)) / mono.len().max(1) as f64;
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
fn zero_crossing_rate(mono: &[f32]) -> f64 {
    let negative = |x: f32| x < -NEAR_ZERO;
    let frames = 1 + mono.len() / HOP;
    let crossings = mono.windows(2).enumerate().filter(|(_, pair)| negative(pair[0]) != negative(pair[1]));
    // Each crossing counts in every frame that holds it: frame k in samples (512·k − 1024, 512·k + 1024).
    let counted: usize = crossings
        .map(|(before, _)| {
            let at = before + 1;
            let first = (at + 1).saturating_sub(FRAME / 2).div_ceil(HOP);
            let last = ((at + FRAME / 2 - 1) / HOP).min(frames - 1);
            (last + 1).saturating_sub(first)
        })
        .sum();
    counted as f64 / (frames * FRAME) as f64
}
