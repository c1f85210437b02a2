//! The shape of the spectrum, frame by frame.

use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

use super::lanes::sum;
use super::{FRAME, HOP};

/// Share of a frame's magnitude that lies at or below the roll-off frequency, librosa's default.
const ROLLOFF: f64 = 0.85;
/// Least power of a bin in the flatness, librosa's default.
const LEAST_POWER: f64 = 1e-10;
/// Bins whose powers are multiplied before a logarithm is taken: as many of the least power, or of 10^19, fit f64.
const BINS_A_LOGARITHM: usize = 16;

/// Bins that are passed over at once on the way to the roll-off.
const BINS_A_RUN: usize = 64;

/// What the spectrum says, the units as in [`super::Descriptors`].
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SpectrumShape {
    pub(super) centroid_hz: f64,
    pub(super) rolloff_hz: f64,
    pub(super) bandwidth_hz: f64,
    pub(super) flatness: f64,
}

/// Computes [`SpectrumShape`]; holds the FFT's plan and buffers.
///
/// In 64 bits: bandwidth weighs a bin by the square of its distance, which lifts the rounding noise of a 32-bit FFT
/// to 2 % of a pure tone's.
pub(super) struct SpectrumAnalyzer {
    fft: Arc<dyn RealToComplex<f64>>,
    window: Vec<f64>,
    frame: Vec<f64>,
    spectrum: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
    powers: Vec<f64>,
    magnitudes: Vec<f64>,
}

impl Default for SpectrumAnalyzer {
    fn default() -> Self {
        Self::new()
    }
}

impl SpectrumAnalyzer {
    fn new() -> Self {
        let fft = RealFftPlanner::new().plan_fft_forward(FRAME);
        let turn = std::f64::consts::TAU / FRAME as f64;
        // Periodic Hann, as for every STFT.
        let window = (0..FRAME).map(|n| 0.5 - 0.5 * (turn * n as f64).cos()).collect();
        let (frame, spectrum) = (fft.make_input_vec(), fft.make_output_vec());
        let scratch = fft.make_scratch_vec();
        let (powers, magnitudes) = (vec![0.0; spectrum.len()], vec![0.0; spectrum.len()]);
        Self { fft, window, frame, powers, magnitudes, spectrum, scratch }
    }

    /// The mean over all frames of `mono`, at `rate` Hz.
    pub(super) fn mean_shape(&mut self, mono: &[f32], rate: u32) -> SpectrumShape {
        let frames = 1 + mono.len() / HOP;
        let bin_hz = f64::from(rate) / FRAME as f64;
        let mut sum = SpectrumShape::default();
        for index in 0..frames {
            self.transform(mono, index);
            let (centroid, rolloff, bandwidth) = moments(&self.magnitudes);
            sum.centroid_hz += centroid * bin_hz;
            sum.rolloff_hz += rolloff * bin_hz;
            sum.bandwidth_hz += bandwidth * bin_hz;
            sum.flatness += flatness(&self.powers);
        }
        let frames = frames as f64;
        SpectrumShape {
            centroid_hz: sum.centroid_hz / frames,
            rolloff_hz: sum.rolloff_hz / frames,
            bandwidth_hz: sum.bandwidth_hz / frames,
            flatness: sum.flatness / frames,
        }
    }

    /// Powers and magnitudes of the frame centred on sample `index * HOP`.
    fn transform(&mut self, mono: &[f32], index: usize) {
        let centre = index * HOP;
        let silence = (FRAME / 2).saturating_sub(centre);
        let from = (centre + silence - FRAME / 2).min(mono.len());
        let until = (centre + FRAME / 2).min(mono.len());
        self.frame.fill(0.0);
        let held = mono.get(from..until).unwrap_or_default();
        let places = self.frame.iter_mut().zip(&self.window).skip(silence);
        for ((place, weight), sample) in places.zip(held) {
            *place = weight * f64::from(*sample);
        }
        // Lengths are the plan's own, so this cannot fail; a spectrum left over would be the last frame's.
        let done = self.fft.process_with_scratch(&mut self.frame, &mut self.spectrum, &mut self.scratch);
        debug_assert!(done.is_ok());
        for (power, bin) in self.powers.iter_mut().zip(&self.spectrum) {
            *power = bin.re * bin.re + bin.im * bin.im;
        }
        for (magnitude, power) in self.magnitudes.iter_mut().zip(&self.powers) {
            // Each root is rounded for itself, not as a part of the loudest bin: f32's will do, in half the time.
            *magnitude = f64::from((*power as f32).sqrt());
        }
    }
}

/// Centroid, roll-off and bandwidth of one frame, in bins.
fn moments(magnitudes: &[f64]) -> (f64, f64, f64) {
    let total = sum(magnitudes, |_, magnitude| magnitude);
    // librosa leaves a frame below the least normal number as it is, which is 0 in all that follows.
    if total < f64::from(f32::MIN_POSITIVE) {
        return (0.0, 0.0, 0.0);
    }
    let centroid = sum(magnitudes, |bin, magnitude| bin * magnitude) / total;
    let spread = sum(magnitudes, |bin, magnitude| (bin - centroid) * (bin - centroid) * magnitude);
    let rolloff = rolloff(magnitudes, ROLLOFF * total);
    (centroid, rolloff as f64, (spread / total).sqrt())
}

/// First bin up to which the magnitudes add up to `threshold`.
fn rolloff(magnitudes: &[f64], threshold: f64) -> usize {
    let mut below = 0.0;
    let mut first = 0;
    // Whole runs are passed over first: to add bin after bin would take as long as all the other sums.
    for run in magnitudes.chunks(BINS_A_RUN) {
        let next = below + sum(run, |_, magnitude| magnitude);
        if next >= threshold {
            break;
        }
        below = next;
        first += run.len();
    }
    let reached = magnitudes[first..].iter().position(|magnitude| {
        below += magnitude;
        below >= threshold
    });
    reached.map_or(0, |after| first + after)
}

/// Geometric over arithmetic mean of the powers of one frame, each raised to [`LEAST_POWER`].
fn flatness(powers: &[f64]) -> f64 {
    let (mut sum, mut logarithm) = (0.0, 0.0);
    for bins in powers.chunks(BINS_A_LOGARITHM) {
        let raised = || bins.iter().map(|power| power.max(LEAST_POWER));
        sum += raised().sum::<f64>();
        let product: f64 = raised().product();
        // Float files may hold samples far above full scale.
        logarithm += if product.is_finite() { product.ln() } else { raised().map(f64::ln).sum() };
    }
    let count = powers.len() as f64;
    (logarithm / count).exp() / (sum / count)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definitions, one bin after the other.
    fn plain_moments(magnitudes: &[f64]) -> (f64, f64, f64) {
        let bins = || magnitudes.iter().enumerate().map(|(bin, &magnitude)| (bin as f64, magnitude));
        let total: f64 = magnitudes.iter().sum();
        let centroid = bins().map(|(bin, magnitude)| bin * magnitude).sum::<f64>() / total;
        let spread = bins().map(|(bin, magnitude)| (bin - centroid).powi(2) * magnitude).sum::<f64>() / total;
        let mut below = 0.0;
        let rolloff = magnitudes.iter().position(|magnitude| {
            below += magnitude;
            below >= ROLLOFF * total
        });
        (centroid, rolloff.unwrap() as f64, spread.sqrt())
    }

    #[test]
    fn moments_are_those_of_a_sum_over_one_bin_after_the_other() {
        for seed in 1..200_u32 {
            let mut state = seed;
            let mut next = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                f64::from(state >> 8) / f64::from(1 << 24)
            };
            let tilt = 1.0 + 200.0 * next();
            let magnitudes: Vec<f64> =
                (0..=FRAME / 2).map(|bin| next() * (-(bin as f64) / tilt).exp()).collect();
            let (ours, plain) = (moments(&magnitudes), plain_moments(&magnitudes));
            assert!((ours.0 - plain.0).abs() < 1e-9 && (ours.2 - plain.2).abs() < 1e-9, "{ours:?} {plain:?}");
            assert_eq!(ours.1, plain.1, "seed {seed}");
        }
    }
}
