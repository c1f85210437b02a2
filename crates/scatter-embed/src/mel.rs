//! The mel filter bank.

use ndarray::Array2;

use crate::MEL_BANDS;
use crate::log_mel::{FFT_SIZE, SAMPLE_RATE};

/// Bins of one magnitude spectrum, DC to Nyquist.
pub const SPECTRUM_BINS: usize = FFT_SIZE / 2 + 1;

/// Edges of the filter bank in Hz (YAMNet's parameters).
const LOWEST_HZ: f64 = 125.0;
const HIGHEST_HZ: f64 = 7_500.0;

/// HTK's mel scale (Young et al., The HTK Book): 1127 ln(1 + f / 700).
fn hz_to_mel(hz: f64) -> f64 {
    1_127.0 * (1.0 + hz / 700.0).ln()
}

/// Weights from magnitude spectrum to mel bands, `[257 bins, 64 bands]`, each `0.0..=1.0`.
///
/// Triangles over 66 edges evenly spaced in mel between 125 and 7,500 Hz, straight on the mel scale (not in Hz), none of
/// them normalised, the DC bin left out: the definition of TensorFlow's `linear_to_mel_weight_matrix`.
pub fn mel_matrix() -> Array2<f64> {
    let (low, high) = (hz_to_mel(LOWEST_HZ), hz_to_mel(HIGHEST_HZ));
    let edge = |i: usize| low + (high - low) * i as f64 / (MEL_BANDS + 1) as f64;
    let bin_hz = f64::from(SAMPLE_RATE) / FFT_SIZE as f64;
    Array2::from_shape_fn((SPECTRUM_BINS, MEL_BANDS), |(bin, band)| {
        if bin == 0 {
            return 0.0;
        }
        let mel = hz_to_mel(bin as f64 * bin_hz);
        let (lower, centre, upper) = (edge(band), edge(band + 1), edge(band + 2));
        let rising = (mel - lower) / (centre - lower);
        let falling = (upper - mel) / (upper - centre);
        rising.min(falling).max(0.0)
    })
}
