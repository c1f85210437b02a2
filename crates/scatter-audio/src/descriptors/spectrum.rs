//! The shape of the spectrum, frame by frame.

use super::bins::{Bins, PADDED_BINS};
use super::flatness::flatness;
use super::{FRAME, HOP};
use crate::real_spectrum::RealSpectrum;
use crate::vectors::{Kernel, widest};

/// What the spectrum says, the units as in [`super::Descriptors`].
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SpectrumShape {
    pub(super) centroid_hz: f64,
    pub(super) rolloff_hz: f64,
    pub(super) bandwidth_hz: f64,
    pub(super) flatness: f64,
}

struct Mean<'a> {
    analyzer: &'a mut SpectrumAnalyzer,
    mono: &'a [f32],
    rate: u32,
}

impl Kernel for Mean<'_> {
    type Output = SpectrumShape;

    #[inline(always)]
    fn run(self) -> SpectrumShape {
        self.analyzer.mean(self.mono, self.rate)
    }
}

/// Computes [`SpectrumShape`]; holds the FFT's plan and buffers.
///
/// In 32 bits, as librosa has it with numpy 2. What that rounds adds up to 2 % to the bandwidth of a tone that holds no
/// other sound at all; 16-bit samples hold more noise by themselves.
pub(super) struct SpectrumAnalyzer {
    spectrum: RealSpectrum,
    window: Vec<f32>,
    frame: Vec<f32>,
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
        let turn = std::f64::consts::TAU / FRAME as f64;
        // Periodic Hann, as for every STFT.
        let window = (0..FRAME).map(|n| (0.5 - 0.5 * (turn * n as f64).cos()) as f32).collect();
        Self {
            spectrum: RealSpectrum::new(FRAME),
            window,
            frame: vec![0.0; FRAME],
            powers: vec![0.0; FRAME / 2 + 1],
            magnitudes: vec![0.0; PADDED_BINS],
        }
    }

    /// The mean over all frames of `mono`, at `rate` Hz.
    pub(super) fn mean_shape(&mut self, mono: &[f32], rate: u32) -> SpectrumShape {
        widest(Mean { analyzer: self, mono, rate })
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
        let (pairs, _) = self.frame.as_chunks::<2>();
        let [re, im] = self.spectrum.of(pairs.iter().copied());
        let places = self.powers.iter_mut().zip(&mut self.magnitudes).zip(re.iter().zip(im));
        for ((power, magnitude), (re, im)) in places {
            *power = re * re + im * im;
            *magnitude = power.sqrt();
        }
    }
}
