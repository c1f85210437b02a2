//! The front end: samples to log-mel patches.

use std::f64::consts::TAU;
use std::sync::Arc;

use ndarray::{Array2, Array3};
use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

use crate::bands::{Bands, PADDED_BINS};
use crate::logarithm::ln;
use crate::{MEL_BANDS, PATCH_FRAMES};

/// Sample rate of everything in this crate, in Hz.
pub const SAMPLE_RATE: u32 = 16_000;
/// Samples under one patch of 96 frames: 95 hops and one frame.
pub const PATCH_SAMPLES: usize = (PATCH_FRAMES - 1) * FRAME_HOP + FRAME;

/// Samples of one frame (25 ms) and between frames (10 ms).
const FRAME: usize = 400;
const FRAME_HOP: usize = 160;
/// The frame is padded with zeros to this length.
pub(crate) const FFT_SIZE: usize = 512;
/// Frames between the starts of two patches of one waveform.
const PATCH_HOP_FRAMES: usize = PATCH_FRAMES / 2;
const PATCH_HOP_SAMPLES: usize = PATCH_HOP_FRAMES * FRAME_HOP;
/// Added before the logarithm: silence becomes ln(0.001) ≈ −6.9.
const LOG_OFFSET: f32 = 0.001;

/// Turns 16 kHz samples into the log-mel energies that YAMNet was trained on.
///
/// Frame 400 samples, hop 160, FFT 512, periodic Hann window, magnitude (not power), 64 HTK mel bands from 125 to
/// 7,500 Hz, ln(mel + 0.001). The transform is computed in f64: for pure tones the logarithm magnifies the rounding of an
/// f32 FFT, which is a part of the tone in every bin. What follows it rounds each value by itself, and f32 will do.
///
/// Holds the FFT plan and its buffers: make one for each worker and keep it. Samples must be finite, full scale ±1.
pub struct LogMel {
    window: Vec<f64>,
    bands: Bands,
    fft: Arc<dyn RealToComplex<f64>>,
    frame: Vec<f64>,
    spectrum: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
    magnitudes: Vec<f32>,
}

impl LogMel {
    /// Plans the transform and computes window and filter bank.
    #[must_use]
    pub fn new() -> Self {
        let fft = RealFftPlanner::<f64>::new().plan_fft_forward(FFT_SIZE);
        Self {
            window: (0..FRAME).map(|i| 0.5 - 0.5 * (TAU * i as f64 / FRAME as f64).cos()).collect(),
            bands: Bands::new(),
            frame: fft.make_input_vec(),
            spectrum: fft.make_output_vec(),
            scratch: fft.make_scratch_vec(),
            magnitudes: vec![0.0; PADDED_BINS],
            fft,
        }
    }

    /// Log-mel energies of a whole waveform, `[frames, 64]`.
    ///
    /// The waveform is padded with zeros as the reference does it, so that whole patches cover it: to 15,600 samples at
    /// least, beyond that in steps of 7,680.
    pub fn spectrogram(&mut self, wave: &[f32]) -> Array2<f32> {
        self.padded_spectrogram(wave, padded_length(wave.len()))
    }

    /// All patches of a whole waveform, `[patches, 96, 64]`, each 48 frames (0.48 s) after the one before.
    pub fn patches(&mut self, wave: &[f32]) -> Array3<f32> {
        let spectrogram = self.spectrogram(wave);
        let count = 1 + (spectrogram.nrows() - PATCH_FRAMES) / PATCH_HOP_FRAMES;
        Array3::from_shape_fn((count, PATCH_FRAMES, MEL_BANDS), |(patch, frame, band)| {
            spectrogram[[patch * PATCH_HOP_FRAMES + frame, band]]
        })
    }

    /// The one patch of a window, frame-major `[96 × 64]` natural-log mel energies.
    ///
    /// Takes a window of 15,360 samples (0.96 s), padded with zeros to the 15,600 which a patch needs; a shorter one is
    /// padded likewise, of a longer one the first 15,600 samples count.
    pub fn patch(&mut self, window: &[f32]) -> Vec<f32> {
        let window = &window[..window.len().min(PATCH_SAMPLES)];
        self.padded_spectrogram(window, PATCH_SAMPLES).into_raw_vec_and_offset().0
    }

    fn padded_spectrogram(&mut self, wave: &[f32], padded: usize) -> Array2<f32> {
        let frames = 1 + (padded - FRAME) / FRAME_HOP;
        let mut out = Array2::zeros((frames, MEL_BANDS));
        for (index, mut row) in out.rows_mut().into_iter().enumerate() {
            let samples = wave.get(index * FRAME_HOP..).unwrap_or_default();
            self.analyze_frame(&samples[..samples.len().min(FRAME)]);
            if let Some(row) = row.as_slice_mut() {
                self.bands.energies(&self.magnitudes, row);
                row.iter_mut().for_each(|value| *value = ln(*value + LOG_OFFSET));
            }
        }
        out
    }

    /// Magnitudes of one frame of at most 400 samples.
    fn analyze_frame(&mut self, samples: &[f32]) {
        self.frame.fill(0.0);
        for ((to, &sample), weight) in self.frame.iter_mut().zip(samples).zip(&self.window) {
            *to = f64::from(sample) * weight;
        }
        // Fails only for buffers of another length than the plan's; these were made by the plan.
        let done = self.fft.process_with_scratch(&mut self.frame, &mut self.spectrum, &mut self.scratch);
        debug_assert!(done.is_ok());
        for (to, value) in self.magnitudes.iter_mut().zip(&self.spectrum) {
            // Not `norm`: its hypot is slow, and guards against an overflow that samples cannot cause here.
            *to = (value.norm_sqr() as f32).sqrt();
        }
    }
}

impl Default for LogMel {
    fn default() -> Self {
        Self::new()
    }
}

/// Length of a waveform of `samples` after the reference's padding.
fn padded_length(samples: usize) -> usize {
    PATCH_SAMPLES + samples.saturating_sub(PATCH_SAMPLES).div_ceil(PATCH_HOP_SAMPLES) * PATCH_HOP_SAMPLES
}
