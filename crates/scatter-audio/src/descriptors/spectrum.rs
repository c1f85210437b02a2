//! The shape of the spectrum, frame by frame.

use std::sync::Arc;

use pulp::Arch;
use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

use super::bins::{Bins, PADDED_BINS};
use super::flatness::flatness;
use super::{FRAME, HOP};

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
/// In 32 bits, as librosa has it with numpy 2. What that rounds adds up to 2 % to the bandwidth of a tone that holds no
/// other sound at all; 16-bit samples hold more noise by themselves.
pub(super) struct SpectrumAnalyzer {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    frame: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
    powers: Vec<f32>,
    magnitudes: Vec<f32>,
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
        let window = (0..FRAME).map(|n| (0.5 - 0.5 * (turn * n as f64).cos()) as f32).collect();
        let (frame, spectrum) = (fft.make_input_vec(), fft.make_output_vec());
        let scratch = fft.make_scratch_vec();
        let powers = vec![0.0; spectrum.len()];
        Self { fft, window, frame, powers, magnitudes: vec![0.0; PADDED_BINS], spectrum, scratch }
    }

    /// The mean over all frames of `mono`, at `rate` Hz.
    pub(super) fn mean_shape(&mut self, mono: &[f32], rate: u32) -> SpectrumShape {
        Arch::new().dispatch(|| self.mean(mono, rate))
    }

    #[inline(always)]
    fn mean(&mut self, mono: &[f32], rate: u32) -> SpectrumShape {
        let frames = 1 + mono.len() / HOP;
        let bin_hz = f64::from(rate) / FRAME as f64;
        let mut sum = SpectrumShape::default();
        for index in 0..frames {
            self.transform(mono, index);
            let bins = Bins::of(&self.magnitudes);
            let (centroid, bandwidth) = bins.moments();
            sum.centroid_hz += centroid * bin_hz;
            sum.rolloff_hz += bins.rolloff(&self.magnitudes) as f64 * bin_hz;
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
    #[inline(always)]
    fn transform(&mut self, mono: &[f32], index: usize) {
        let centre = index * HOP;
        let silence = (FRAME / 2).saturating_sub(centre);
        let from = (centre + silence - FRAME / 2).min(mono.len());
        let until = (centre + FRAME / 2).min(mono.len());
        let held = mono.get(from..until).unwrap_or_default();
        let (before, rest) = self.frame.split_at_mut(silence);
        let (inside, after) = rest.split_at_mut(held.len());
        before.fill(0.0);
        after.fill(0.0);
        for ((place, weight), sample) in inside.iter_mut().zip(&self.window[silence..]).zip(held) {
            *place = weight * sample;
        }
        // Lengths are the plan's own, so this cannot fail; a spectrum left over would be the last frame's.
        let done = self.fft.process_with_scratch(&mut self.frame, &mut self.spectrum, &mut self.scratch);
        debug_assert!(done.is_ok());
        let places = self.powers.iter_mut().zip(&mut self.magnitudes).zip(&self.spectrum);
        for ((power, magnitude), bin) in places {
            *power = bin.re * bin.re + bin.im * bin.im;
            *magnitude = power.sqrt();
        }
    }
}
