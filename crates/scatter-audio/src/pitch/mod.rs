//! The fundamental frequency of a clip, by probabilistic YIN.
//!
//! YIN's difference function (de Cheveigné and Kawahara, 2002) gives candidates with probabilities, a hidden Markov
//! model chooses among them (pYIN: Mauch and Dixon, 2014). Two things differ from pYIN, both for speed: the model's
//! states are a frame's candidates, not 800 bins of pitch, and the lags are searched at half samples, which keeps
//! 4 kHz in reach of a rate of 16 kHz.

mod path;
mod yin;

use path::likeliest;
use serde::{Deserialize, Serialize};
use yin::{Candidates, FRAME, Yin};

/// Samples between frames: 32 ms.
const HOP: usize = 512;
/// Least share of voiced frames in a clip that has a pitch: less is a chance likeness.
const LEAST_VOICED: f64 = 0.1;

/// How a clip is pitched.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Pitch {
    /// Median fundamental frequency of the voiced frames, 40 to 4,000 Hz; `None` where fewer than a tenth are voiced.
    pub f0_hz: Option<f64>,
    /// Share of frames that are voiced, 0 to 1.
    pub voiced: f64,
}

/// Finds the [`Pitch`] of clips; holds the FFT's plans and buffers.
///
/// From 40 Hz (the low E of a bass guitar is 41 Hz) to 4,000 Hz, a quarter of the rate: what is periodic above that is
/// not told from noise, and counts as unvoiced.
#[derive(Default)]
pub struct PitchTracker {
    yin: Yin,
    frames: Vec<Candidates>,
}

impl PitchTracker {
    /// A tracker.
    pub fn new() -> Self {
        Self::default()
    }

    /// The pitch of `samples`, one channel of finite samples at [`crate::SAMPLE_RATE`], of any length.
    ///
    /// Frames of 1,024 samples each 512; what is shorter than one is padded with silence.
    pub fn track(&mut self, samples: &[f32]) -> Pitch {
        let mut padded = Vec::new();
        let samples = if samples.len() < FRAME {
            padded.extend_from_slice(samples);
            padded.resize(FRAME, 0.0);
            &padded
        } else {
            samples
        };
        let count = 1 + (samples.len() - FRAME) / HOP;
        self.frames.resize_with(count, Candidates::default);
        for (frame, candidates) in samples.windows(FRAME).step_by(HOP).zip(&mut self.frames) {
            self.yin.candidates(frame, candidates);
        }
        let mut pitches = likeliest(&self.frames);
        pitches.sort_by(f64::total_cmp);
        let voiced = pitches.len() as f64 / count as f64;
        Pitch { f0_hz: pitches.get(pitches.len() / 2).copied().filter(|_| voiced >= LEAST_VOICED), voiced }
    }
}
