//! Where clips come from.

use std::ops::Range;

use js_sys::ArrayBuffer;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AudioBuffer, AudioBufferOptions, OfflineAudioContext};

/// Where clips come from.
///
/// The whole sprite is decoded once. Reading ranges instead needs another variant here and nothing elsewhere:
/// voices are given a buffer with one clip in it.
#[derive(Default)]
pub enum Clips {
    /// Not loaded, or there is none.
    #[default]
    None,
    /// All samples.
    Whole(AudioBuffer),
}

impl Clips {
    /// Decodes a whole file at `rate` Hz.
    pub async fn decode(file: &ArrayBuffer, rate: u32) -> Result<Self, JsValue> {
        // An offline context decodes without asking for the loudspeakers, which a page may not before a click.
        let context =
            OfflineAudioContext::new_with_number_of_channels_and_length_and_sample_rate(1, 1, rate as f32)?;
        let buffer: AudioBuffer = JsFuture::from(context.decode_audio_data(file)?).await?.dyn_into()?;
        Ok(Self::Whole(buffer))
    }

    /// Number of samples.
    pub fn samples(&self) -> u64 {
        self.whole().map_or(0, |whole| u64::from(whole.length()))
    }

    /// All of it, where it is at hand.
    pub fn whole(&self) -> Option<&AudioBuffer> {
        match self {
            Self::None => None,
            Self::Whole(buffer) => Some(buffer),
        }
    }

    /// The samples of `range`, -1 to 1, cut at the end of what there is; `None` when nothing is left.
    pub fn read(&self, range: Range<u64>) -> Option<Vec<f32>> {
        let whole = self.whole()?;
        let end = range.end.min(u64::from(whole.length()));
        let length = end.checked_sub(range.start).and_then(|n| usize::try_from(n).ok()).filter(|&n| n > 0)?;
        let mut samples = vec![0.0; length];
        whole.copy_from_channel_with_start_in_channel(&mut samples, 0, range.start as u32).ok()?;
        Some(samples)
    }

    /// `samples` as something that a voice can play.
    pub fn buffer(&self, samples: &[f32]) -> Option<AudioBuffer> {
        let rate = self.whole()?.sample_rate();
        let clip = AudioBuffer::new(&AudioBufferOptions::new(samples.len() as u32, rate)).ok()?;
        clip.copy_to_channel(samples, 0).ok()?;
        Some(clip)
    }
}
