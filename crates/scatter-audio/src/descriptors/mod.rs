//! What can be said of a sound in numbers, at the source's own rate.

mod bins;
mod flatness;
mod level;
mod spectrum;

use level::Level;
use serde::{Deserialize, Serialize};
use spectrum::{SpectrumAnalyzer, SpectrumShape};

/// Samples in a frame and between frames, librosa's defaults.
const FRAME: usize = 2_048;
const HOP: usize = 512;

/// Descriptors of one channel. Those by frame are the mean over frames of 2,048 samples each 512, centred, as
/// librosa defines them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Descriptors {
    /// Mean frequency, weighted by magnitude, in Hz.
    pub centroid_hz: f64,
    /// Frequency at or below which 85 % of the magnitude lies, in Hz.
    pub rolloff_hz: f64,
    /// Standard deviation of frequency around the centroid, weighted by magnitude, in Hz.
    pub bandwidth_hz: f64,
    /// Geometric over arithmetic mean of the power spectrum: near 0 for tones, 0.56 for white noise, 1 for silence.
    pub flatness: f64,
    /// Changes of sign in each sample, 0 to 1.
    pub zero_crossing_rate: f64,
    /// Root mean square over the whole, in dBFS: a sine that just reaches full scale has 0 (AES17). `None` in silence.
    pub rms_dbfs: Option<f64>,
    /// Greatest absolute sample in dBFS: full scale is 0. `None` in silence.
    pub peak_dbfs: Option<f64>,
}

/// Computes [`Descriptors`]; holds the FFT's plan and buffers.
#[derive(Default)]
pub struct DescriptorAnalyzer {
    spectrum: SpectrumAnalyzer,
}

impl DescriptorAnalyzer {
    /// An analyzer.
    pub fn new() -> Self {
        Self::default()
    }

    /// Descriptors of `mono`, one channel of finite samples at `rate` Hz, of any length.
    ///
    /// The spectrum's frames see silence beyond the ends (librosa 0.10 and later), the zero-crossing rate's the first
    /// and last sample held. A silent frame counts as 0 Hz, and as flat, as it does there.
    pub fn analyze(&mut self, mono: &[f32], rate: u32) -> Descriptors {
        let SpectrumShape { centroid_hz, rolloff_hz, bandwidth_hz, flatness } =
            self.spectrum.mean_shape(mono, rate);
        let Level { zero_crossing_rate, rms_dbfs, peak_dbfs } = Level::of(mono);
        Descriptors {
            centroid_hz,
            rolloff_hz,
            bandwidth_hz,
            flatness,
            zero_crossing_rate,
            rms_dbfs,
            peak_dbfs,
        }
    }
}
