//! Sound that lies in a file as a plain row of frames or of blocks of one size.

use std::io::Read;
use std::num::NonZero;

use symphonia::core::audio::Channels;
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::well_known as codecs;
use symphonia::core::codecs::audio::{AudioCodecId, AudioCodecParameters};
use symphonia::core::errors::{Result, SeekErrorKind, seek_error};
use symphonia::core::formats::well_known::FORMAT_ID_WAVE;
use symphonia::core::formats::{FormatInfo, FormatReader, MediaInfo, SeekMode, SeekTo, SeekedTo, Track};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::{Metadata, MetadataLog};
use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, Timestamp};

use super::stitched::Stitched;
use crate::error::AudioErrorKind;
use crate::shape::Shape;

/// Frames that are read at a time, and bytes of them: more does not fit a processor's cache with all that is made of them.
const FRAMES: u64 = 8_192;
const BYTES: u64 = 1 << 16;

/// How samples are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Encoding {
    codec: AudioCodecId,
    /// Bytes of a block of all channels, and frames in it.
    block: (u64, u64),
}

impl Encoding {
    /// Integers of 1 to 4 bytes, signed; a narrower sample is left-justified, as all the formats want it.
    pub(crate) fn signed(bytes: u16, big_endian: bool, channels: u16) -> Option<Self> {
        let codec = match (bytes, big_endian) {
            (1, _) => codecs::CODEC_ID_PCM_S8,
            (2, false) => codecs::CODEC_ID_PCM_S16LE,
            (2, true) => codecs::CODEC_ID_PCM_S16BE,
            (3, false) => codecs::CODEC_ID_PCM_S24LE,
            (3, true) => codecs::CODEC_ID_PCM_S24BE,
            (4, false) => codecs::CODEC_ID_PCM_S32LE,
            (4, true) => codecs::CODEC_ID_PCM_S32BE,
            _ => return None,
        };
        Some(Self::frames(codec, bytes, channels))
    }

    /// Unsigned bytes.
    pub(crate) fn bytes(channels: u16) -> Self {
        Self::frames(codecs::CODEC_ID_PCM_U8, 1, channels)
    }

    /// Floats of 32 or 64 bits.
    pub(crate) fn float(bits: u16, big_endian: bool, channels: u16) -> Option<Self> {
        let codec = match (bits, big_endian) {
            (32, false) => codecs::CODEC_ID_PCM_F32LE,
            (32, true) => codecs::CODEC_ID_PCM_F32BE,
            (64, false) => codecs::CODEC_ID_PCM_F64LE,
            (64, true) => codecs::CODEC_ID_PCM_F64BE,
            _ => return None,
        };
        Some(Self::frames(codec, bits / 8, channels))
    }

    /// ITU-T G.711 A-law.
    pub(crate) fn a_law(channels: u16) -> Self {
        Self::frames(codecs::CODEC_ID_PCM_ALAW, 1, channels)
    }

    /// ITU-T G.711 µ-law.
    pub(crate) fn mu_law(channels: u16) -> Self {
        Self::frames(codecs::CODEC_ID_PCM_MULAW, 1, channels)
    }

    /// Microsoft's ADPCM in blocks of `block` bytes: two samples a channel in its head of 7 bytes, then 4 bits each.
    pub(crate) fn microsoft_adpcm(block: u16, channels: u16) -> Option<Self> {
        Self::adpcm(codecs::CODEC_ID_ADPCM_MS, block, channels, 7, 2)
    }

    /// IMA's ADPCM as in WAV: one sample a channel in a block's head of 4 bytes, then 4 bits each.
    pub(crate) fn ima_adpcm(block: u16, channels: u16) -> Option<Self> {
        Self::adpcm(codecs::CODEC_ID_ADPCM_IMA_WAV, block, channels, 4, 1)
    }

    fn adpcm(codec: AudioCodecId, block: u16, channels: u16, head: u16, in_head: u64) -> Option<Self> {
        if channels == 0 || channels > 2 {
            return None;
        }
        let coded = u64::from(block.checked_sub(head * channels)?);
        Some(Self { codec, block: (u64::from(block), 2 * coded / u64::from(channels) + in_head) })
    }

    fn frames(codec: AudioCodecId, bytes: u16, channels: u16) -> Self {
        Self { codec, block: (u64::from(bytes) * u64::from(channels), 1) }
    }

    /// Seconds in `bytes` bytes at `rate` Hz.
    pub(crate) fn seconds(self, bytes: u64, rate: u32) -> f64 {
        let blocks = bytes as f64 / self.block.0.max(1) as f64;
        blocks * self.block.1 as f64 / f64::from(rate.max(1))
    }
}

/// Reads such sound from a source that holds nothing else.
pub(crate) struct Linear {
    source: Stitched,
    info: MediaInfo,
    tracks: [Track; 1],
    metadata: MetadataLog,
    block: NonZero<u64>,
    blocks_per_packet: u64,
    frames_per_block: u64,
    blocks_left: u64,
    frames_done: u64,
}

impl Linear {
    /// `source` as sound of `rate` Hz and `channels` channels; what is left of a block at its end is dropped.
    pub(crate) fn new(
        source: Stitched,
        encoding: Encoding,
        rate: u32,
        channels: u16,
    ) -> std::result::Result<Self, AudioErrorKind> {
        Shape { rate, channels: usize::from(channels) }.check()?;
        let (bytes, frames_per_block) = encoding.block;
        let Some(block) = NonZero::new(bytes).filter(|_| frames_per_block > 0) else {
            return Err(AudioErrorKind::Header {
                fault: "it says that blocks of sound hold nothing".to_owned(),
            });
        };
        let blocks_per_packet = (FRAMES / frames_per_block).min(BYTES / block).max(1);
        let mut parameters = AudioCodecParameters::new();
        parameters
            .for_codec(encoding.codec)
            .with_sample_rate(rate)
            .with_channels(Channels::Discrete(channels))
            .with_max_frames_per_packet(blocks_per_packet * frames_per_block)
            .with_frames_per_block(frames_per_block);
        let mut track = Track::new(0);
        track.with_codec_params(CodecParameters::Audio(parameters));
        Ok(Self {
            blocks_left: source.present() / block,
            source,
            info: MediaInfo::from_track(&track),
            tracks: [track],
            metadata: MetadataLog::default(),
            block,
            blocks_per_packet,
            frames_per_block,
            frames_done: 0,
        })
    }
}

impl FormatReader for Linear {
    fn format_info(&self) -> &FormatInfo {
        &FormatInfo { format: FORMAT_ID_WAVE, short_name: "linear", long_name: "frames of one size" }
    }

    fn media_info(&self) -> &MediaInfo {
        &self.info
    }

    fn metadata(&mut self) -> Metadata<'_> {
        self.metadata.metadata()
    }

    fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    fn seek(&mut self, _: SeekMode, _: SeekTo) -> Result<SeekedTo> {
        seek_error(SeekErrorKind::Unseekable)
    }

    fn next_packet(&mut self) -> Result<Option<Packet>> {
        let blocks = self.blocks_left.min(self.blocks_per_packet);
        if blocks == 0 {
            return Ok(None);
        }
        // The file may have shrunk since it was opened; whole blocks alone are handed on.
        let wanted = blocks * self.block.get();
        let mut data = Vec::with_capacity(wanted as usize);
        self.source.by_ref().take(wanted).read_to_end(&mut data)?;
        let blocks = data.len() as u64 / self.block;
        data.truncate((blocks * self.block.get()) as usize);
        self.blocks_left = if blocks == 0 { 0 } else { self.blocks_left - blocks };
        let frames = blocks * self.frames_per_block;
        let at = Timestamp::from(self.frames_done.min(i64::MAX as u64) as i64);
        self.frames_done = self.frames_done.saturating_add(frames);
        Ok(Some(Packet::new(0, at, Duration::from(frames), data)))
    }

    fn into_inner<'s>(self: Box<Self>) -> MediaSourceStream<'s>
    where
        Self: 's,
    {
        MediaSourceStream::new(Box::new(self.source), Default::default())
    }
}
