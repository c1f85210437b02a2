//! From an audio file to what can be analysed and heard.
//!
//! In: a path to any audio file of the formats in [`is_audio_extension`], of any rate and channel count.
//! Out: either the loudest [`Clip`] of it, or all of it as overlapping [`Window`]s of a [`Recording`], each as
//! 15,360 samples at 16 kHz mono with the [`Descriptors`] of the source and its [`Pitch`]; and, on the way back to a file, the
//! [`AudioSprite`], one FLAC stream that holds every clip.
//!
//! Everything streams: memory grows with neither the length of a file nor with what its header claims. A file
//! that cannot be used is an [`AudioError`] that a person understands, whatever its decoder does; one that is cut short
//! gives what is there, and says so.
//!
//! This crate imports no other crate of the workspace.

mod blocks;
mod clip;
mod container;
mod converters;
mod descriptors;
mod energy;
mod error;
mod excerpt;
mod extension;
mod guard;
mod limits;
mod mixdown;
mod pitch;
mod reader;
mod real_spectrum;
mod recording;
mod region;
mod resample;
mod rolling;
mod shape;
mod sprite;
mod stream;
mod vectors;

pub use blocks::BlockSource;
pub use clip::{Clip, ClipReader};
pub use descriptors::{DescriptorAnalyzer, Descriptors};
pub use error::{AudioError, AudioErrorKind};
pub use excerpt::Excerpt;
pub use extension::{is_audio_extension, undecodable_format};
pub use limits::Limits;
pub use pitch::{Pitch, PitchTracker};
pub use reader::AudioReader;
pub use recording::{Recording, Window};
pub use sprite::{Arranged, AudioSprite, AudioSpriteSummary, pcm16};

/// Steps that the benches measure by themselves; no promise is made about them.
#[doc(hidden)]
pub mod kernels {
    pub use crate::region::{Cut, LoudestRegion};
    pub use crate::resample::{Margin, RateConverter};
}

/// Rate of everything that leaves this crate for analysis, in Hz.
pub const SAMPLE_RATE: u32 = 16_000;

/// Samples in a clip or window at [`SAMPLE_RATE`]: 0.96 s, the length of a YAMNet patch's hop-aligned span.
pub const WINDOW_SAMPLES: usize = 15_360;

/// Samples in a FLAC frame of the audio sprite: 0.24 s. It divides window and hop, so that each clip begins on a
/// frame, and stays within the streamable subset (at most 4,608 up to 48 kHz; RFC 9639, section 7).
pub const BLOCK_SAMPLES: usize = 3_840;

/// Length of a window in samples at `rate` Hz, rounded.
fn window_at(rate: u32) -> usize {
    let scaled = WINDOW_SAMPLES as u64 * u64::from(rate) + u64::from(SAMPLE_RATE / 2);
    (scaled / u64::from(SAMPLE_RATE)) as usize
}
