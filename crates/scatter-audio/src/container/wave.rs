//! WAV and its relatives for long files: RF64 and BW64 (EBU Tech 3306, ITU-R BS.2088), and Sony Wave64.

use std::fs::File;
use std::io;

use super::bytes::{self, u16_le, u32_le, u64_le};
use super::chunks::{Chunk, Chunks, Layout};
use super::linear::Encoding;
use super::sound::Sound;
use super::stitched::Stitched;
use crate::error::AudioErrorKind;

/// Most bytes of a `fmt ` chunk that are looked at; the longest in use has 50.
const FORMAT_BYTES: u64 = 64;
/// Sizes that programs write which cannot go back to the header, and what they may leave out of them.
const UNKNOWN: [u64; 3] = [0x7fff_f000, 0x8000_0000, 0xffff_ffff];
const HEADS: u64 = 4_096;
/// What all subformats of WAVE_FORMAT_EXTENSIBLE end with that stand for a tag: the plain ones and ambisonics.
const SUBFORMATS: [[u8; 14]; 2] = [
    [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71],
    [0, 0, 0x21, 7, 0xd3, 0x11, 0x86, 0x44, 0xc8, 0xc1, 0xca, 0, 0, 0],
];

/// What a WAV file holds.
pub(crate) enum Wave {
    /// Linear sound.
    Sound(Sound),
    /// A stream of MPEG audio, layer II or III.
    Mpeg(Stitched),
}

/// Reads the header of `file`, of `length` bytes; `None` if it is no WAV.
pub(crate) fn read(mut file: File, length: u64) -> Result<Option<Wave>, AudioErrorKind> {
    let head = bytes::at(&mut file, 0, 40).map_err(AudioErrorKind::Open)?;
    let layout = match (head.first_chunk(), head.get(8..12)) {
        (Some(b"RIFF" | b"RF64" | b"BW64"), Some(b"WAVE")) => Layout::RIFF,
        (Some(b"riff"), _) if head.get(24..28) == Some(b"wave") => Layout::WAVE64,
        _ => return Ok(None),
    };
    let mut format = None;
    let mut long_size = None;
    let mut chunks = Chunks::new(layout, length);
    while let Some(chunk) = chunks.next(&mut file).map_err(AudioErrorKind::Open)? {
        match &chunk.id {
            b"fmt " => {
                format = Some(chunk.read(&mut file, FORMAT_BYTES).map_err(AudioErrorKind::Open)?);
            }
            // Data size in the second field of the chunk that long files have.
            b"ds64" => {
                let sizes = chunk.read(&mut file, 16).map_err(AudioErrorKind::Open)?;
                long_size = u64_le(&sizes, 8);
            }
            b"data" => {
                let format = format.ok_or_else(|| fault("its sound comes before any description of it"))?;
                let bytes = match long_size.filter(|_| chunk.size == 0xffff_ffff) {
                    Some(size) => Some(size).filter(|&size| size > 0 && size < u64::MAX),
                    None => size_of_data(chunk, &mut file, length).map_err(AudioErrorKind::Open)?,
                };
                return contents(&format, chunk.start, bytes, file, length).map(Some);
            }
            _ => {}
        }
    }
    Err(match (chunks.overrun(), format) {
        (Some(overrun), _) => fault(&overrun),
        (None, Some(_)) => fault("it describes a sound, and no sound follows (no `data` chunk)"),
        (None, None) => fault("it describes no sound (no `fmt ` chunk)"),
    })
}

/// Bytes of the `data` chunk, `None` where its size stands for an unknown one.
fn size_of_data(chunk: Chunk, file: &mut File, length: u64) -> io::Result<Option<u64>> {
    let there = length.saturating_sub(chunk.start);
    let beyond = chunk.size > there;
    let sentinel = UNKNOWN.iter().any(|&size| chunk.size <= size && chunk.size + HEADS > size);
    if beyond && sentinel {
        return Ok(None);
    }
    // A recorder that was cut off leaves a size of 0; in an empty file a further chunk or nothing follows.
    if chunk.size == 0 {
        let next = bytes::at(file, chunk.start, 8)?;
        let id_follows = next.iter().take(4).all(|byte| (b' '..=b'~').contains(byte));
        let fits = u32_le(&next, 4).is_some_and(|size| 8 + u64::from(size) <= there);
        return Ok(if there < 8 || id_follows && fits { Some(0) } else { None });
    }
    // Beyond 4 GiB, plain WAV files hold their size modulo 2^32.
    let lost = there.saturating_sub(chunk.size) >> 32;
    Ok(Some(chunk.size + (lost << 32)))
}

fn contents(
    format: &[u8],
    start: u64,
    bytes: Option<u64>,
    file: File,
    length: u64,
) -> Result<Wave, AudioErrorKind> {
    let cut_short = || fault("the description of its sound is cut short");
    let (Some(mut tag), Some(channels), Some(rate), Some(block), Some(bits)) = (
        u16_le(format, 0),
        u16_le(format, 2),
        u32_le(format, 4),
        u16_le(format, 12),
        u16_le(format, 14).or(Some(0)),
    ) else {
        return Err(cut_short());
    };
    if tag == 0xfffe {
        let known = format.get(26..40).is_some_and(|tail| SUBFORMATS.iter().any(|known| known == tail));
        tag = u16_le(format, 24).filter(|_| known).ok_or_else(cut_short)?;
    }
    let encoding = match tag {
        1 => match container_bytes(bits, block, channels) {
            1 => Some(Encoding::bytes(channels)),
            bytes => Encoding::signed(bytes, false, channels),
        },
        2 => Encoding::microsoft_adpcm(block, channels).filter(|_| bits == 4),
        3 => Encoding::float(bits, false, channels),
        6 => Some(Encoding::a_law(channels)),
        7 => Some(Encoding::mu_law(channels)),
        0x11 => Encoding::ima_adpcm(block, channels).filter(|_| bits == 4),
        0x50 | 0x55 => {
            let there = length.saturating_sub(start);
            let present = bytes.unwrap_or(there).min(there);
            return Ok(Wave::Mpeg(Stitched::new(Vec::new(), file, start, present)));
        }
        _ => return Err(AudioErrorKind::Foreign { format: codec_name(tag) }),
    };
    let Some(encoding) = encoding else {
        return Err(fault(&format!(
            "it says {channels} channel(s) of {bits}-bit samples in blocks of {block} bytes (WAV format {tag})"
        )));
    };
    Ok(Wave::Sound(Sound { encoding, rate, channels, start, bytes }))
}

/// Bytes of an integer sample: as many as the block has room for, where that holds `bits` bits.
fn container_bytes(bits: u16, block: u16, channels: u16) -> u16 {
    let needed = bits.div_ceil(8);
    let room = block.checked_div(channels).unwrap_or(0);
    let whole = channels > 0 && block.is_multiple_of(channels);
    if whole && (needed..=4).contains(&room) { room } else { needed }
}

/// Names of formats by their tag (RFC 2361).
fn codec_name(tag: u16) -> &'static str {
    match tag {
        0x31 => "WAV with GSM 6.10 inside",
        0x160..=0x163 => "WAV with Windows Media inside",
        0x2000 => "WAV with Dolby Digital (AC-3) inside",
        0x2001 => "WAV with DTS inside",
        0x674f..=0x6771 => "WAV with Vorbis inside",
        _ => "WAV with a compressed sound of an uncommon kind inside",
    }
}

fn fault(fault: &str) -> AudioErrorKind {
    AudioErrorKind::Header { fault: fault.to_owned() }
}
