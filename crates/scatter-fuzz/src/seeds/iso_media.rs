//! The ISO base media file format (MP4, M4A): AAC and PCM, whole and in fragments.

use super::mpeg::{AAC_CONFIG, AAC_SILENCE};
use super::tone::{RATE, coded};
use crate::Seed;

fn boxed(name: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    [&(body.len() as u32 + 8).to_be_bytes()[..], name, &body].concat()
}

fn numbers(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// A track's samples: how they are coded, and how many there are of which size.
struct Track {
    rate: u32,
    /// The entry of `stsd`.
    entry: Vec<u8>,
    /// Duration of a sample.
    duration: u32,
    sizes: Vec<u32>,
}

impl Track {
    fn aac() -> Self {
        // ES_Descriptor { DecoderConfigDescriptor { DecoderSpecificInfo }, SLConfigDescriptor } (ISO/IEC 14496-1).
        let specific = [&[5, 2][..], &AAC_CONFIG].concat();
        let decoder = [&[4, 13 + specific.len() as u8, 0x40, 0x15][..], &[0; 11], &specific].concat();
        let stream = [&[3, 3 + decoder.len() as u8 + 3, 0, 1, 0][..], &decoder, &[6, 1, 2]].concat();
        let esds = boxed(b"esds", &[&[0; 4], &stream]);
        Self { rate: 44_100, entry: entry(b"mp4a", 44_100, &esds), duration: 1_024, sizes: vec![4; 12] }
    }

    fn pcm() -> Self {
        Self { rate: RATE, entry: entry(b"sowt", RATE, &[]), duration: 1, sizes: vec![2; 800] }
    }

    /// `moov`; `offset` is where the samples begin in the file. In a fragmented file the tables are empty.
    fn movie(&self, offset: u32, fragmented: bool) -> Vec<u8> {
        let sizes: &[u32] = if fragmented { &[] } else { &self.sizes };
        let count = sizes.len() as u32;
        let per: &[u32] = if fragmented { &[0, 0] } else { &[0, 1, count, self.duration] };
        let chunks: &[u32] = if fragmented { &[0, 0] } else { &[0, 1, 1, count, 1] };
        let offsets: &[u32] = if fragmented { &[0, 0] } else { &[0, 1, offset] };
        let table = boxed(
            b"stbl",
            &[
                &boxed(b"stsd", &[&numbers(&[0, 1]), &self.entry]),
                &boxed(b"stts", &[&numbers(per)]),
                &boxed(b"stsc", &[&numbers(chunks)]),
                &boxed(b"stsz", &[&numbers(&[0, 0, count]), &numbers(sizes)]),
                &boxed(b"stco", &[&numbers(offsets)]),
            ],
        );
        let length = self.duration * count;
        let media = boxed(
            b"mdia",
            &[
                &boxed(b"mdhd", &[&numbers(&[0, 0, 0, self.rate, length, 0x55c4_0000])]),
                &boxed(b"hdlr", &[&numbers(&[0, 0]), b"soun", &[0; 12], b"\0"]),
                &boxed(b"minf", &[&boxed(b"smhd", &[&[0; 8]]), &table]),
            ],
        );
        let matrix = numbers(&[0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000]);
        let header =
            boxed(b"tkhd", &[&numbers(&[7, 0, 0, 1, 0, length, 0, 0, 0, 0x100_0000]), &matrix, &[0; 8]]);
        let extends =
            boxed(b"mvex", &[&boxed(b"trex", &[&numbers(&[0, 1, 1, self.duration, self.sizes[0], 0])])]);
        boxed(
            b"moov",
            &[
                &boxed(
                    b"mvhd",
                    &[
                        &numbers(&[0, 0, 0, self.rate, length, 0x1_0000, 0x100_0000, 0, 0]),
                        &matrix,
                        &[0; 24],
                        &numbers(&[2]),
                    ],
                ),
                &boxed(b"trak", &[&header, &media]),
                if fragmented { &extends } else { &[] },
            ],
        )
    }

    fn file(&self, data: &[u8]) -> Vec<u8> {
        let brand = boxed(b"ftyp", &[b"M4A \0\0\0\0M4A isom"]);
        let before = brand.len() + self.movie(0, false).len() + 8;
        [brand, self.movie(before as u32, false), boxed(b"mdat", &[data])].concat()
    }

    fn fragmented_file(&self, data: &[u8]) -> Vec<u8> {
        let brand = boxed(b"ftyp", &[b"iso5\0\0\0\0iso5dash"]);
        let fragment = |offset: u32| {
            // tfhd: offsets count from the fragment; trun: data offset and a size for each sample.
            let run = numbers(&[0x201, self.sizes.len() as u32, offset]);
            let track = [
                boxed(b"tfhd", &[&numbers(&[0x2_0000, 1])]),
                boxed(b"tfdt", &[&numbers(&[0, 0])]),
                boxed(b"trun", &[&run, &numbers(&self.sizes)]),
            ];
            boxed(b"moof", &[&boxed(b"mfhd", &[&numbers(&[0, 1])]), &boxed(b"traf", &[&track.concat()])])
        };
        let offset = fragment(0).len() as u32 + 8;
        [brand, self.movie(0, true), fragment(offset), boxed(b"mdat", &[data])].concat()
    }
}

/// An AudioSampleEntry: mono, 16 bit.
fn entry(name: &[u8; 4], rate: u32, further: &[u8]) -> Vec<u8> {
    boxed(name, &[&[0; 6], &[0, 1], &[0; 8], &[0, 1, 0, 16], &[0; 4], &(rate << 16).to_be_bytes(), further])
}

pub(super) fn files() -> Vec<Seed> {
    let silence = AAC_SILENCE.repeat(12);
    vec![
        Seed::new("m4a-aac", Track::aac().file(&silence)),
        Seed::new("m4a-aac-fragmented", Track::aac().fragmented_file(&silence)),
        Seed::new("mov-pcm", Track::pcm().file(&coded(i16::to_le_bytes))),
    ]
}
