//! WAV (Microsoft's and IBM's RIFF) with each sample format that the decoder knows.

use super::tone::{RATE, coded};
use crate::Seed;

/// The chunk `fmt `, without what a format adds to it.
struct Format {
    tag: u16,
    channels: u16,
    bits: u16,
    /// Bytes of a block: a frame, or what an ADPCM block has.
    block: u16,
    further: Vec<u8>,
}

impl Format {
    fn pcm(tag: u16, bits: u16) -> Self {
        Self { tag, channels: 1, bits, block: bits / 8, further: Vec::new() }
    }

    /// Eight bits, with the empty extension that all but PCM must have.
    fn law(tag: u16) -> Self {
        Self { further: vec![0, 0], ..Self::pcm(tag, 8) }
    }

    fn file(&self, before_data: &[u8], data: &[u8]) -> Vec<u8> {
        let mut format = Vec::new();
        format.extend(self.tag.to_le_bytes());
        format.extend(self.channels.to_le_bytes());
        format.extend(RATE.to_le_bytes());
        format.extend((RATE * u32::from(self.block)).to_le_bytes());
        format.extend(self.block.to_le_bytes());
        format.extend(self.bits.to_le_bytes());
        format.extend(&self.further);
        let mut body = b"WAVE".to_vec();
        body.extend(chunk(b"fmt ", &format));
        body.extend(before_data);
        body.extend(chunk(b"data", data));
        chunk(b"RIFF", &body)
    }
}

fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut chunk = name.to_vec();
    chunk.extend((body.len() as u32).to_le_bytes());
    chunk.extend(body);
    chunk.resize(chunk.len().next_multiple_of(2), 0);
    chunk
}

pub(super) fn files() -> Vec<Seed> {
    let list =
        chunk(b"LIST", &[b"INFO".as_slice(), &chunk(b"INAM", b"tone\0"), &chunk(b"IART", b"us\0")].concat());
    let sixteen = coded(i16::to_le_bytes);
    // Stereo, named by GUID: 16 valid bits, left and right, PCM.
    let extensible = Format {
        channels: 2,
        block: 4,
        further: [
            &[22, 0, 16, 0, 3, 0, 0, 0, 1, 0][..],
            &[0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71],
        ]
        .concat(),
        ..Format::pcm(0xfffe, 16)
    };
    // ADPCM: a block of silence is its header and zeros.
    let samples_of_a_block = 505_u16.to_le_bytes();
    let ima =
        Format { block: 256, further: [&[2, 0][..], &samples_of_a_block].concat(), ..Format::pcm(0x11, 4) };
    let coefficients: [i16; 14] = [256, 0, 512, -256, 0, 0, 192, 64, 240, 0, 460, -208, 392, -232];
    let microsoft_further: Vec<u8> = [32_u16.to_le_bytes(), 500_u16.to_le_bytes(), 7_u16.to_le_bytes()]
        .into_iter()
        .chain(coefficients.map(i16::to_le_bytes))
        .flatten()
        .collect();
    let microsoft = Format { block: 256, further: microsoft_further, ..Format::pcm(2, 4) };
    let eight = |sample: i16| [(sample / 256 + 128) as u8];
    let float = |sample: i16| (f32::from(sample) / 32_768.0).to_le_bytes();
    let double = |sample: i16| (f64::from(sample) / 32_768.0).to_le_bytes();
    let three = |sample: i16| [0, sample.to_le_bytes()[0], sample.to_le_bytes()[1]];
    vec![
        Seed::new("wav-16", Format::pcm(1, 16).file(&list, &sixteen)),
        Seed::new("wav-8", Format::pcm(1, 8).file(&[], &coded(eight))),
        Seed::new("wav-24", Format::pcm(1, 24).file(&[], &coded(three))),
        Seed::new("wav-32", Format::pcm(1, 32).file(&[], &coded(|x| (i32::from(x) << 16).to_le_bytes()))),
        Seed::new(
            "wav-float",
            Format::pcm(3, 32).file(&chunk(b"fact", &800_u32.to_le_bytes()), &coded(float)),
        ),
        Seed::new("wav-double", Format::pcm(3, 64).file(&[], &coded(double))),
        Seed::new("wav-a-law", Format::law(6).file(&[], &coded(eight))),
        Seed::new("wav-mu-law", Format::law(7).file(&[], &coded(eight))),
        Seed::new("wav-extensible", extensible.file(&[], &sixteen)),
        Seed::new("wav-ima-adpcm", ima.file(&chunk(b"fact", &1_010_u32.to_le_bytes()), &[0; 512])),
        Seed::new("wav-ms-adpcm", microsoft.file(&chunk(b"fact", &1_000_u32.to_le_bytes()), &[0; 512])),
    ]
}
