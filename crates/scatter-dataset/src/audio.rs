use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::{BLOCK_SAMPLES, CONFIG_FILE, FormatError, HOP_SAMPLES, SAMPLE_RATE, WINDOW_SAMPLES};

/// Where each point's clip lies in the audio sprite. All counts are in samples of one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AudioLayout {
    /// Rate in Hz.
    pub sample_rate: u32,
    /// Length of a clip.
    pub window_samples: u32,
    /// Distance between the beginnings of two clips that follow each other.
    pub hop_samples: u32,
    /// Samples in a FLAC frame.
    pub block_size: u32,
    /// Length of the whole; `None` where it is not known before decoding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub samples: Option<u64>,
}

impl AudioLayout {
    /// Clips back to back, `samples` in all.
    pub fn clips(samples: u64) -> Self {
        Self::recording(WINDOW_SAMPLES, samples)
    }

    /// A recording of `samples` with a window each `hop_samples`.
    pub fn recording(hop_samples: u32, samples: u64) -> Self {
        Self {
            sample_rate: SAMPLE_RATE,
            window_samples: WINDOW_SAMPLES,
            hop_samples,
            block_size: BLOCK_SAMPLES,
            samples: Some(samples),
        }
    }

    /// The layout of the original project's sound: hop 0.48 s for a recording, 0.96 s for a folder.
    pub(crate) fn flat(recording: bool) -> Self {
        let hop = if recording { HOP_SAMPLES } else { WINDOW_SAMPLES };
        Self { samples: None, ..Self::recording(hop, 0) }
    }

    /// Samples of point `index`'s clip, cut at the sprite's end when that is known.
    pub fn clip(&self, index: usize) -> Range<u64> {
        let start = (index as u64).saturating_mul(self.hop_samples.into());
        let end = start.saturating_add(self.window_samples.into());
        match self.samples {
            Some(samples) => start.min(samples)..end.min(samples),
            None => start..end,
        }
    }

    /// The same in seconds.
    pub fn clip_seconds(&self, index: usize) -> Range<f64> {
        let clip = self.clip(index);
        let rate = f64::from(self.sample_rate);
        clip.start as f64 / rate..clip.end as f64 / rate
    }

    /// Whether `count` clips can lie so.
    pub(crate) fn check(&self, count: usize) -> Result<(), FormatError> {
        let refuse = |what: &str, value: u64, rule| {
            Err(FormatError::value(CONFIG_FILE, format!("audio.{what}"), value, rule))
        };
        let rate = self.sample_rate;
        // The range every browser must accept for an AudioContext (Web Audio API, section 1.1).
        if !(8_000..=96_000).contains(&rate) {
            return refuse("sampleRate", rate.into(), "a rate from 8000 to 96000 Hz");
        }
        for (what, samples) in [("windowSamples", self.window_samples), ("hopSamples", self.hop_samples)] {
            if samples == 0 || samples > rate * LONGEST_SECONDS {
                return refuse(what, samples.into(), "one sample to an hour of them");
            }
        }
        // RFC 9639, section 8.2: block sizes have 16 bits, and 16 at least.
        if !(16..=65_535).contains(&self.block_size) {
            return refuse("blockSize", self.block_size.into(), "16 to 65535 samples");
        }
        let Some(samples) = self.samples else { return Ok(()) };
        if samples >= 1 << 36 {
            return refuse("samples", samples, "what a FLAC file can count, less than 2^36");
        }
        let last = (count as u64).saturating_sub(1).saturating_mul(self.hop_samples.into());
        if samples <= last {
            return refuse("samples", samples, "enough for the last point's clip to begin");
        }
        Ok(())
    }
}

/// Longest window and hop; `scatter-prep` offers no longer hop.
const LONGEST_SECONDS: u32 = 3_600;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clips_lie_back_to_back_and_begin_on_a_flac_frame() {
        let layout = AudioLayout::clips(3 * 15_360);
        assert_eq!(layout.clip(0), 0..15_360);
        assert_eq!(layout.clip(2), 30_720..46_080);
        assert!((0..3).all(|k| layout.clip(k).start.is_multiple_of(u64::from(layout.block_size))));
    }

    #[test]
    fn windows_overlap_by_half_and_the_last_ends_with_the_recording() {
        let layout = AudioLayout::recording(HOP_SAMPLES, 20_000);
        assert_eq!(layout.clip(1), 7_680..20_000);
        assert_eq!(layout.clip_seconds(1), 0.48..1.25);
        assert_eq!(layout.clip(9), 20_000..20_000);
    }

    #[test]
    fn a_clip_beyond_all_numbers_is_empty() {
        let layout = AudioLayout { hop_samples: u32::MAX, samples: None, ..AudioLayout::clips(0) };
        assert_eq!(layout.clip(1 << 34), u64::MAX..u64::MAX);
    }
}
