use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

/// Samples in a frame and between frames, librosa's defaults.
const FRAME: usize = 2_048;
const HOP: usize = 512;
/// Share of a frame's magnitude that lies at or below the roll-off frequency, librosa's default.
const ROLLOFF: f64 = 0.85;

/// Spectral descriptors as librosa defines them, each the mean over frames.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Descriptors {
    /// Mean frequency, weighted by magnitude, in Hz.
    pub centroid_hz: f64,
    /// Frequency at or below which 85 % of the magnitude lies, in Hz.
    pub rolloff_hz: f64,
    /// Standard deviation of frequency around the centroid, weighted by magnitude, in Hz.
    pub bandwidth_hz: f64,
}

/// Computes [`Descriptors`]; holds the FFT's plan and buffers.
///
/// In 64 bits: bandwidth weighs a bin by the square of its distance, which lifts the rounding noise of a 32-bit FFT
/// to 2 % of a pure tone's.
pub struct DescriptorAnalyzer {
    fft: Arc<dyn RealToComplex<f64>>,
    window: Vec<f64>,
    frame: Vec<f64>,
    spectrum: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
    magnitudes: Vec<f64>,
}

impl Default for DescriptorAnalyzer {
    fn default() -> Self {
        Self::new()
    }
}

impl DescriptorAnalyzer {
    /// An analyzer.
    pub fn new() -> Self {
        let fft = RealFftPlanner::new().plan_fft_forward(FRAME);
        let turn = std::f64::consts::TAU / FRAME as f64;
        // Periodic Hann, as for every STFT.
        let window = (0..FRAME).map(|n| 0.5 - 0.5 * (turn * n as f64).cos()).collect();
        let (frame, spectrum) = (fft.make_input_vec(), fft.make_output_vec());
        let scratch = fft.make_scratch_vec();
        Self { fft, window, frame, magnitudes: vec![0.0; spectrum.len()], spectrum, scratch }
    }

    /// Descriptors of `mono`, one channel at `rate` Hz, of any length.
    ///
    /// Frames of 2,048 samples each 512, centred, with silence beyond the ends (librosa 0.10 and later). A frame
    /// of silence counts as 0 Hz in each, as it does there.
    pub fn analyze(&mut self, mono: &[f32], rate: u32) -> Descriptors {
        let frames = 1 + mono.len() / HOP;
        let bin_hz = f64::from(rate) / FRAME as f64;
        let mut sum = Descriptors::default();
        for index in 0..frames {
            self.transform(mono, index);
            let frame = describe(&self.magnitudes, bin_hz);
            sum.centroid_hz += frame.centroid_hz;
            sum.rolloff_hz += frame.rolloff_hz;
            sum.bandwidth_hz += frame.bandwidth_hz;
        }
        let frames = frames as f64;
        Descriptors {
            centroid_hz: sum.centroid_hz / frames,
            rolloff_hz: sum.rolloff_hz / frames,
            bandwidth_hz: sum.bandwidth_hz / frames,
        }
    }

    /// Magnitudes of the frame centred on sample `index * HOP`.
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
        for (magnitude, bin) in self.magnitudes.iter_mut().zip(&self.spectrum) {
            *magnitude = (bin.re * bin.re + bin.im * bin.im).sqrt();
        }
    }
}

/// Descriptors of one frame.
fn describe(magnitudes: &[f64], bin_hz: f64) -> Descriptors {
    let mut total = 0.0;
    let mut moment = 0.0;
    for (bin, magnitude) in magnitudes.iter().enumerate() {
        total += magnitude;
        moment += bin as f64 * magnitude;
    }
    // librosa leaves a frame below the least normal number as it is, which is 0 in all that follows.
    if total < f64::from(f32::MIN_POSITIVE) {
        return Descriptors::default();
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
    Descriptors {
        centroid_hz: centroid * bin_hz,
        rolloff_hz: rolloff.unwrap_or(0) as f64 * bin_hz,
        bandwidth_hz: (spread / total).sqrt() * bin_hz,
    }
}
