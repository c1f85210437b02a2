//! Where clips come from.

use std::ops::Range;
use std::rc::Rc;

use js_sys::ArrayBuffer;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AudioBuffer, AudioBufferOptions, OfflineAudioContext};

use super::supply::Supply;

/// Where clips come from.
#[derive(Default)]
pub enum Clips {
    /// Not loaded, or there is none.
    #[default]
    None,
    /// All samples: of a small file.
    Whole(AudioBuffer),
    /// Those that were wanted lately; the others are fetched when they are.
    Parts(Rc<Supply>),
}

impl Clips {
    /// Decodes a whole file at `rate` Hz.
    pub async fn decode(file: &ArrayBuffer, rate: u32) -> Result<Self, JsValue> {
        let buffer: AudioBuffer =
            JsFuture::from(decoder(rate)?.decode_audio_data(file)?).await?.dyn_into()?;
        Ok(Self::Whole(buffer))
    }

    /// Number of samples, at hand or not.
    pub fn samples(&self) -> u64 {
        match self {
            Self::None => 0,
            Self::Whole(buffer) => u64::from(buffer.length()),
            Self::Parts(supply) => supply.samples(),
        }
    }

    /// Rate in Hz.
    pub fn rate(&self) -> Option<f32> {
        match self {
            Self::None => None,
            Self::Whole(buffer) => Some(buffer.sample_rate()),
            Self::Parts(supply) => Some(supply.rate() as f32),
        }
    }

    /// All of it, where it is at hand.
    pub fn whole(&self) -> Option<&AudioBuffer> {
        match self {
            Self::Whole(buffer) => Some(buffer),
            Self::None | Self::Parts(_) => None,
        }
    }

    /// What fetches the sound part by part, where it is not all at hand.
    pub fn supply(&self) -> Option<&Rc<Supply>> {
        match self {
            Self::Parts(supply) => Some(supply),
            Self::None | Self::Whole(_) => None,
        }
    }

    /// Whether `range` has to be fetched first.
    pub fn lacks(&self, range: &Range<u64>) -> bool {
        self.supply().is_some_and(|supply| supply.lacks(range))
    }

    /// The samples of `range`, -1 to 1, cut at the end of what there is; `None` when nothing is left, or it is not at hand.
    pub fn read(&self, range: Range<u64>) -> Option<Vec<f32>> {
        let whole = match self {
            Self::None => return None,
            Self::Parts(supply) => return supply.read(&range),
            Self::Whole(buffer) => buffer,
        };
        let end = range.end.min(u64::from(whole.length()));
        let length = end.checked_sub(range.start).and_then(|n| usize::try_from(n).ok()).filter(|&n| n > 0)?;
        let mut samples = vec![0.0; length];
        whole.copy_from_channel_with_start_in_channel(&mut samples, 0, range.start as u32).ok()?;
        Some(samples)
    }

    /// `samples` as something that a voice can play.
    pub fn buffer(&self, samples: &[f32]) -> Option<AudioBuffer> {
        let clip = AudioBuffer::new(&AudioBufferOptions::new(samples.len() as u32, self.rate()?)).ok()?;
        clip.copy_to_channel(samples, 0).ok()?;
        Some(clip)
    }
}

/// What unpacks sound at `rate` Hz: an offline context does not ask for the loudspeakers, which a page may not before a click.
pub fn decoder(rate: u32) -> Result<OfflineAudioContext, JsValue> {
    OfflineAudioContext::new_with_number_of_channels_and_length_and_sample_rate(1, 1, rate as f32)
}
