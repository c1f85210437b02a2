use std::sync::LazyLock;

use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::well_known as codecs;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::codecs::registry::CodecRegistry;
use symphonia::core::errors::Error as DecoderError;
use symphonia::core::formats::{FormatReader, TrackType};

use symphonia_adapter_libopus::OpusDecoder;

use super::Container;
use super::aac::{self, Core};
use super::pcm::PcmDecoder;
use crate::error::AudioErrorKind;

/// Codecs that are decoded: those of symphonia, plain samples by our own decoder, and Opus by libopus.
static CODECS: LazyLock<CodecRegistry> = LazyLock::new(|| {
    let mut codecs = CodecRegistry::new();
    symphonia::default::register_enabled_codecs(&mut codecs);
    codecs.register_audio_decoder::<PcmDecoder>();
    codecs.register_audio_decoder::<OpusDecoder>();
    codecs
});

/// A track and its decoder.
pub(crate) struct Decoder {
    /// The track's identifier in its container.
    pub(crate) track: u32,
    pub(crate) decoder: Box<dyn AudioDecoder>,
    /// Decoded samples of a channel to be dropped at the beginning.
    pub(crate) skip: u64,
    /// What of the sound is not decoded.
    pub(crate) note: Option<&'static str>,
}

/// What is said of AAC with an extension that is not decoded.
const LOWER_BAND: &str = "of HE-AAC, the lower half of its frequencies alone could be decoded";

/// The audio track to be read, and a decoder for it.
pub(crate) fn decoder_for(container: &Container) -> Result<Decoder, AudioErrorKind> {
    let format = container.format.as_ref();
    let track = format.default_track(TrackType::Audio);
    let Some(track) = track else { return Err(no_track(format)) };
    let Some(CodecParameters::Audio(parameters)) = &track.codec_params else { return Err(no_track(format)) };
    if is_wide_flac(parameters) {
        return Err(AudioErrorKind::WideFlac);
    }
    if parameters.codec == codecs::CODEC_ID_MP2 && !container.layer_two {
        return Err(AudioErrorKind::Foreign { format: "MPEG layer II by another name than .mp2" });
    }
    let (mut parameters, skip) = without_pre_skip(parameters);
    let refused = match make(&parameters) {
        Ok(decoder) => return Ok(Decoder { track: track.id, decoder, skip, note: None }),
        Err(decoder) => AudioErrorKind::Codec { codec: codec_name(&parameters), decoder },
    };
    let is_aac = parameters.codec == codecs::CODEC_ID_AAC;
    let core = parameters.extra_data.as_deref().filter(|_| is_aac).and_then(aac::core);
    let Some(Core { config, extended }) = core else { return Err(refused) };
    parameters.extra_data = Some(Box::new(config));
    let decoder = make(&parameters).map_err(|_| refused)?;
    Ok(Decoder { track: track.id, decoder, skip, note: extended.then_some(LOWER_BAND) })
}

/// What Opus is to drop at its beginning (RFC 7845, section 5.1), taken out of its parameters: the decoder
/// (symphonia-adapter-libopus 0.3.0) drops no more than the first packet.
fn without_pre_skip(parameters: &AudioCodecParameters) -> (AudioCodecParameters, u64) {
    let mut parameters = parameters.clone();
    let opus = parameters.codec == codecs::CODEC_ID_OPUS;
    let head = parameters.extra_data.as_deref_mut().filter(|head| opus && head.starts_with(b"OpusHead"));
    let skip = match head {
        Some([_, _, _, _, _, _, _, _, version, _, first, second, ..]) => {
            let skip = [std::mem::take(first), std::mem::take(second)];
            // MP4 has version 0, and its numbers big-endian.
            u64::from(if *version == 0 { u16::from_be_bytes(skip) } else { u16::from_le_bytes(skip) })
        }
        _ => 0,
    };
    (parameters, skip)
}

fn make(parameters: &AudioCodecParameters) -> Result<Box<dyn AudioDecoder>, DecoderError> {
    CODECS.make_audio_decoder(parameters, &AudioDecoderOptions::default())
}

fn no_track(format: &dyn FormatReader) -> AudioErrorKind {
    let has_pictures = format.default_track(TrackType::Video).is_some();
    if has_pictures {
        return AudioErrorKind::NotSound { what: "a video without a sound track that is known" };
    }
    AudioErrorKind::NoAudioTrack
}

/// The side channel of 32-bit stereo has 33 bits, which the decoder (symphonia 0.6.1) turns into noise.
fn is_wide_flac(parameters: &AudioCodecParameters) -> bool {
    let stereo = parameters.channels.as_ref().is_some_and(|channels| channels.count() == 2);
    parameters.codec == codecs::CODEC_ID_FLAC && parameters.bits_per_sample == Some(32) && stereo
}

fn codec_name(parameters: &AudioCodecParameters) -> &'static str {
    match parameters.codec {
        codecs::CODEC_ID_OPUS => "Opus of more than two channels",
        codecs::CODEC_ID_SPEEX => "Speex",
        codecs::CODEC_ID_AC3 | codecs::CODEC_ID_EAC3 => "Dolby Digital",
        codecs::CODEC_ID_DCA => "DTS",
        codecs::CODEC_ID_WMA => "Windows Media",
        codecs::CODEC_ID_AAC => "AAC of another kind than LC, or of more than two channels",
        codecs::CODEC_ID_MP1 => "MPEG layer I",
        codecs::CODEC_ID_ALAC => "ALAC of this kind",
        codecs::CODEC_ID_FLAC => "FLAC without its head",
        codecs::CODEC_ID_VORBIS => "Vorbis of this kind",
        _ => "not known",
    }
}
