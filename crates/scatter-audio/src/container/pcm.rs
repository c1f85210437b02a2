//! Plain samples, decoded straight to `f32`: symphonia's decoder reads them one at a time, which takes longer than all that
//! is done with them.

use symphonia::core::audio::{
    AsGenericAudioBufferRef, Audio, AudioBuffer, AudioMut, AudioSpec, GenericAudioBufferRef,
};
use symphonia::core::codecs::CodecInfo;
use symphonia::core::codecs::audio::well_known as codecs;
use symphonia::core::codecs::audio::{
    AudioCodecId, AudioCodecParameters, AudioDecoder, AudioDecoderOptions, FinalizeResult,
};
use symphonia::core::codecs::registry::{RegisterableAudioDecoder, SupportedAudioCodec};
use symphonia::core::errors::{Result, unsupported_error};
use symphonia::core::packet::PacketRef;

use crate::vectors::{Kernel, widest};

/// Decodes interleaved integers and floats of either byte order.
pub(crate) struct PcmDecoder {
    parameters: AudioCodecParameters,
    info: CodecInfo,
    layout: Layout,
    buffer: AudioBuffer<f32>,
}

/// How one sample is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    U8,
    S8,
    S16 { big_endian: bool },
    S24 { big_endian: bool },
    S32 { big_endian: bool },
    F32 { big_endian: bool },
    F64 { big_endian: bool },
}

struct Decode<'a> {
    layout: Layout,
    data: &'a [u8],
    channel: usize,
    channels: usize,
    plane: &'a mut [f32],
}

impl Kernel for Decode<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { layout, data, channel, channels, plane } = self;
        layout.decode(data, channel, channels, plane);
    }
}

/// A value of full scale 1 from a sample's bytes.
macro_rules! number {
    ($little:expr, $big:expr, $big_endian:expr) => {
        |bytes| if $big_endian { $big(bytes) } else { $little(bytes) }
    };
}

impl Layout {
    fn of(codec: AudioCodecId) -> Option<Self> {
        Some(match codec {
            codecs::CODEC_ID_PCM_U8 => Self::U8,
            codecs::CODEC_ID_PCM_S8 => Self::S8,
            codecs::CODEC_ID_PCM_S16LE => Self::S16 { big_endian: false },
            codecs::CODEC_ID_PCM_S16BE => Self::S16 { big_endian: true },
            codecs::CODEC_ID_PCM_S24LE => Self::S24 { big_endian: false },
            codecs::CODEC_ID_PCM_S24BE => Self::S24 { big_endian: true },
            codecs::CODEC_ID_PCM_S32LE => Self::S32 { big_endian: false },
            codecs::CODEC_ID_PCM_S32BE => Self::S32 { big_endian: true },
            codecs::CODEC_ID_PCM_F32LE => Self::F32 { big_endian: false },
            codecs::CODEC_ID_PCM_F32BE => Self::F32 { big_endian: true },
            codecs::CODEC_ID_PCM_F64LE => Self::F64 { big_endian: false },
            codecs::CODEC_ID_PCM_F64BE => Self::F64 { big_endian: true },
            _ => return None,
        })
    }

    fn bytes(self) -> usize {
        match self {
            Self::U8 | Self::S8 => 1,
            Self::S16 { .. } => 2,
            Self::S24 { .. } => 3,
            Self::S32 { .. } | Self::F32 { .. } => 4,
            Self::F64 { .. } => 8,
        }
    }

    /// Writes channel `channel` of the frames in `data`, of `channels` channels, to `plane`.
    #[inline(always)]
    fn decode(self, data: &[u8], channel: usize, channels: usize, plane: &mut [f32]) {
        match self {
            Self::U8 => fill(data, channel, channels, plane, |[x]| (f32::from(x) - 128.0) / 128.0),
            Self::S8 => fill(data, channel, channels, plane, |[x]| f32::from(x as i8) / 128.0),
            Self::S16 { big_endian } => {
                let number = number!(i16::from_le_bytes, i16::from_be_bytes, big_endian);
                fill(data, channel, channels, plane, |bytes| f32::from(number(bytes)) / 32_768.0);
            }
            Self::S24 { big_endian } => {
                let number = |[a, b, c]: [u8; 3]| match big_endian {
                    true => i32::from_be_bytes([a, b, c, 0]),
                    false => i32::from_le_bytes([0, a, b, c]),
                };
                fill(data, channel, channels, plane, |bytes| number(bytes) as f32 / 2_147_483_648.0);
            }
            Self::S32 { big_endian } => {
                let number = number!(i32::from_le_bytes, i32::from_be_bytes, big_endian);
                // 2^31 is a power of two: nothing but the one rounding to 24 bits.
                fill(data, channel, channels, plane, |bytes| number(bytes) as f32 / 2_147_483_648.0);
            }
            Self::F32 { big_endian } => {
                let number = number!(f32::from_le_bytes, f32::from_be_bytes, big_endian);
                fill(data, channel, channels, plane, number);
            }
            Self::F64 { big_endian } => {
                let number = number!(f64::from_le_bytes, f64::from_be_bytes, big_endian);
                fill(data, channel, channels, plane, |bytes| number(bytes) as f32);
            }
        }
    }
}

#[inline(always)]
fn fill<const N: usize>(
    data: &[u8],
    channel: usize,
    channels: usize,
    plane: &mut [f32],
    value: impl Fn([u8; N]) -> f32,
) {
    let (samples, _) = data.as_chunks::<N>();
    let own = samples.get(channel..).unwrap_or_default();
    // Steps that are known when this is compiled: one or two channels are read in vector registers.
    match channels {
        1 => plane.iter_mut().zip(own).for_each(|(to, &bytes)| *to = value(bytes)),
        2 => plane.iter_mut().zip(own.chunks(2)).for_each(|(to, frame)| *to = value(frame[0])),
        _ => plane.iter_mut().zip(own.iter().step_by(channels)).for_each(|(to, &bytes)| *to = value(bytes)),
    }
}

impl PcmDecoder {
    fn new(parameters: &AudioCodecParameters) -> Result<Self> {
        let supported = Self::supported_codecs().iter().find(|codec| codec.id == parameters.codec);
        let (Some(layout), Some(supported)) = (Layout::of(parameters.codec), supported) else {
            return unsupported_error("pcm: not plain samples");
        };
        let (Some(rate), Some(channels)) = (parameters.sample_rate, &parameters.channels) else {
            return unsupported_error("pcm: rate or channels are missing");
        };
        let buffer = AudioBuffer::new(AudioSpec::new(rate, channels.clone()), 0);
        Ok(Self { parameters: parameters.clone(), info: supported.info, layout, buffer })
    }
}

impl AudioDecoder for PcmDecoder {
    fn reset(&mut self) {}

    fn codec_info(&self) -> &CodecInfo {
        &self.info
    }

    fn codec_params(&self) -> &AudioCodecParameters {
        &self.parameters
    }

    fn decode_ref(&mut self, packet: &PacketRef<'_>) -> Result<GenericAudioBufferRef<'_>> {
        let Self { layout, buffer, .. } = self;
        let channels = buffer.num_planes();
        let frames = packet.data.len() / (layout.bytes() * channels).max(1);
        buffer.clear();
        buffer.grow_capacity(frames);
        buffer.resize_uninit(frames);
        for (channel, plane) in buffer.iter_planes_mut().enumerate() {
            widest(Decode { layout: *layout, data: packet.data, channel, channels, plane });
        }
        Ok(self.buffer.as_generic_audio_buffer_ref())
    }

    fn finalize(&mut self) -> FinalizeResult {
        FinalizeResult::default()
    }

    fn last_decoded(&self) -> GenericAudioBufferRef<'_> {
        self.buffer.as_generic_audio_buffer_ref()
    }
}

/// What is decoded, by a name for messages.
macro_rules! plain {
    ($($codec:ident),*) => {
        &[$(SupportedAudioCodec {
            id: codecs::$codec,
            info: CodecInfo { short_name: "pcm", long_name: "plain samples", profiles: &[] },
        }),*]
    };
}

impl RegisterableAudioDecoder for PcmDecoder {
    fn try_registry_new(
        parameters: &AudioCodecParameters,
        _: &AudioDecoderOptions,
    ) -> Result<Box<dyn AudioDecoder>> {
        Ok(Box::new(Self::new(parameters)?))
    }

    fn supported_codecs() -> &'static [SupportedAudioCodec] {
        plain![
            CODEC_ID_PCM_U8,
            CODEC_ID_PCM_S8,
            CODEC_ID_PCM_S16LE,
            CODEC_ID_PCM_S16BE,
            CODEC_ID_PCM_S24LE,
            CODEC_ID_PCM_S24BE,
            CODEC_ID_PCM_S32LE,
            CODEC_ID_PCM_S32BE,
            CODEC_ID_PCM_F32LE,
            CODEC_ID_PCM_F32BE,
            CODEC_ID_PCM_F64LE,
            CODEC_ID_PCM_F64BE
        ]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use symphonia::core::audio::Channels;
    use symphonia::core::packet::Packet;
    use symphonia::core::units::{Duration, Timestamp};

    use super::*;

    /// Planes of `data`, as `decoder` gives them.
    fn planes(mut decoder: Box<dyn AudioDecoder>, data: &[u8]) -> Vec<Vec<u32>> {
        let packet = Packet::new(0, Timestamp::from(0), Duration::from(1_u64), data);
        let mut planes: Vec<Vec<f32>> = Vec::new();
        decoder.decode(&packet).unwrap().copy_to_vecs_planar(&mut planes);
        planes.into_iter().map(|plane| plane.into_iter().map(f32::to_bits).collect()).collect()
    }

    proptest! {
        #[test]
        fn samples_are_bit_by_bit_those_of_symphonias_decoder(
            codec in prop::sample::select(PcmDecoder::supported_codecs().iter().map(|codec| codec.id).collect::<Vec<_>>()),
            channels in 1_u16..5,
            data in prop::collection::vec(any::<u8>(), 0..2_000),
        ) {
            let mut parameters = AudioCodecParameters::new();
            parameters.for_codec(codec).with_sample_rate(44_100).with_channels(Channels::Discrete(channels));
            let options = AudioDecoderOptions::default();
            let theirs = symphonia::default::get_codecs().make_audio_decoder(&parameters, &options).unwrap();
            let ours = PcmDecoder::try_registry_new(&parameters, &options).unwrap();
            // Symphonia's fails where a frame is cut short, which whoever feeds it sees to.
            let frame = Layout::of(codec).unwrap().bytes() * usize::from(channels);
            let data = &data[..data.len() / frame * frame];
            let (ours, theirs) = (planes(ours, data), planes(theirs, data));
            for (ours, theirs) in ours.iter().zip(&theirs) {
                for (&ours, &theirs) in ours.iter().zip(theirs) {
                    // No number is as good as any other.
                    let both = f32::from_bits(ours).is_nan() && f32::from_bits(theirs).is_nan();
                    prop_assert!(both || ours == theirs, "{ours:x} {theirs:x}");
                }
            }
            prop_assert_eq!(ours.iter().map(Vec::len).collect::<Vec<_>>(), theirs.iter().map(Vec::len).collect::<Vec<_>>());
        }
    }
}
