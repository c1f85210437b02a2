use std::fs::File;
use std::io::Read;
use std::path::Path;

use symphonia::core::codecs::audio::well_known::CODEC_ID_FLAC;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::codecs::{CodecParameters, audio::well_known as codecs};
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::meta::MetadataOptions;

use crate::error::AudioErrorKind;
use crate::flac;
use crate::foreign::foreign_format;

/// Share and bytes of a FLAC file's data without packets that are more than trailing tags.
const MUCH: (f64, u64) = (0.02, 4_096);

/// An open container.
pub(crate) struct Container {
    /// Its demuxer.
    pub(crate) format: Box<dyn FormatReader>,
    /// Bytes of its frames, when it is native FLAC.
    pub(crate) flac_bytes: Option<u64>,
}

impl Container {
    /// Opens the file at `path` and finds its format.
    pub(crate) fn open(path: &Path) -> Result<Self, AudioErrorKind> {
        let metadata = std::fs::metadata(path).map_err(AudioErrorKind::Open)?;
        // Opening a pipe would wait for ever.
        if !metadata.is_file() {
            return Err(AudioErrorKind::NotAFile);
        }
        if metadata.len() == 0 {
            return Err(AudioErrorKind::NoBytes);
        }
        let open = || File::open(path).map_err(AudioErrorKind::Open);
        let mut head = Vec::new();
        open()?.take(16).read_to_end(&mut head).map_err(AudioErrorKind::Open)?;
        if let Some(format) = foreign_format(&head) {
            return Err(AudioErrorKind::Foreign { format });
        }
        let (source, flac_bytes): (Box<dyn MediaSource>, _) =
            match flac::bare(open()?).map_err(AudioErrorKind::Open)? {
                Some(bare) => {
                    let bytes = bare.frame_bytes();
                    (Box::new(bare), Some(bytes))
                }
                None => (Box::new(open()?), None),
            };
        let mut hint = Hint::new();
        if let Some(extension) = path.extension().and_then(|extension| extension.to_str()) {
            hint.with_extension(&extension.to_ascii_lowercase());
        }
        let source = MediaSourceStream::new(source, Default::default());
        let format = symphonia::default::get_probe()
            .probe(&hint, source, FormatOptions::default(), MetadataOptions::default())
            .map_err(AudioErrorKind::Format)?;
        Ok(Self { format, flac_bytes })
    }

    /// Share of a native FLAC file's data that `packet_bytes` of packets leave out, when it is much: the demuxer
    /// passes over damaged frames without a word.
    pub(crate) fn left_out(&self, packet_bytes: u64) -> Option<f64> {
        let bytes = self.flac_bytes?;
        let left = bytes.saturating_sub(packet_bytes);
        let share = left as f64 / bytes.max(1) as f64;
        (share > MUCH.0 && left > MUCH.1).then_some(share)
    }
}

/// The audio track to be read, and a decoder for it.
pub(crate) fn decoder_for(format: &dyn FormatReader) -> Result<(u32, Box<dyn AudioDecoder>), AudioErrorKind> {
    let track = format.default_track(TrackType::Audio).ok_or(AudioErrorKind::NoAudioTrack)?;
    let Some(CodecParameters::Audio(parameters)) = &track.codec_params else {
        return Err(AudioErrorKind::NoAudioTrack);
    };
    if is_wide_flac(parameters) {
        return Err(AudioErrorKind::Foreign { format: "stereo FLAC of 32 bits" });
    }
    let decoder = symphonia::default::get_codecs()
        .make_audio_decoder(parameters, &AudioDecoderOptions::default())
        .map_err(|source| AudioErrorKind::Codec { codec: codec_name(parameters), source })?;
    Ok((track.id, decoder))
}

/// The side channel of 32-bit stereo has 33 bits, which the decoder (symphonia 0.6.1) turns into noise.
fn is_wide_flac(parameters: &AudioCodecParameters) -> bool {
    let stereo = parameters.channels.as_ref().is_some_and(|channels| channels.count() == 2);
    parameters.codec == CODEC_ID_FLAC && parameters.bits_per_sample == Some(32) && stereo
}

fn codec_name(parameters: &AudioCodecParameters) -> &'static str {
    match parameters.codec {
        codecs::CODEC_ID_OPUS => "Opus",
        codecs::CODEC_ID_SPEEX => "Speex",
        codecs::CODEC_ID_AC3 | codecs::CODEC_ID_EAC3 => "Dolby Digital",
        codecs::CODEC_ID_DCA => "DTS",
        codecs::CODEC_ID_WMA => "Windows Media",
        codecs::CODEC_ID_AAC => "AAC of this kind, perhaps HE-AAC",
        codecs::CODEC_ID_MP1 | codecs::CODEC_ID_MP2 => "MPEG layer I or II",
        _ => "not known",
    }
}
