//! The shape of the spectrum, frame by frame.

use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

use super::{FRAME, HOP};

/// Share of a frame's magnitude that lies at or below the roll-off frequency, librosa's default.
const ROLLOFF: f64 = 0.85;
/// Least power of a bin in the flatness, librosa's default.
const LEAST_POWER: f64 = 1e-10;
/// Bins whose powers are multiplied before a logarithm is taken: as many of the least power, or of 10^19, fit f64.
const BINS_A_LOGARITHM: usize = 16;

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
            *magnitude = power.sqrt();
        }
    }
}

/// Centroid, roll-off and bandwidth of one frame, in bins.
fn moments(magnitudes: &[f64]) -> (f64, f64, f64) {
    let mut total = 0.0;
    let mut moment = 0.0;
    for (bin, magnitude) in magnitudes.iter().enumerate() {
        total += magnitude;
        moment += bin as f64 * magnitude;
    }
    // librosa leaves a frame below the least normal number as it is, which is 0 in all that follows.
    if total < f64::from(f32::MIN_POSITIVE) {
        return (0.0, 0.0, 0.0);
    }
    let centroid = moment / total;
    let mut spread = 0.0;
    for (bin, magnitude) in magnitudes.iter().enumerate() {
        let deviation = bin as f64 - centroid;
        spread += deviation * deviation * magnitude;
    }
    let threshold = ROLLOFF * total;
    let mut below = 0.0;
    let rolloff = magnitudes.iter().position(|magnitude| {
        below += magnitude;
        below >= threshold
    });
    (centroid, rolloff.unwrap_or(0) as f64, (spread / total).sqrt())
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
