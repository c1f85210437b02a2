//! Apple's Core Audio Format.

use std::fs::File;

use symphonia::core::formats::FormatOptions;
use symphonia::default::formats::CafReader;

use super::bytes::{self, array, u32_be};
use super::chunks::{Chunk, Chunks, Layout};
use super::linear::Encoding;
use super::sound::Sound;
use super::stitched::Stitched;
use super::{Container, Promise, opened, stream};
use crate::error::AudioErrorKind;

/// Bytes of a file's head, and of the description of its sound.
const HEAD: u64 = 8;
const DESCRIPTION: u64 = 32;
/// Most bytes of a packet table and a decoder's configuration: a day of AAC has 3.7 million packets, in two bytes
/// each, which the demuxer keeps in 32.
const MOST: u64 = 8 << 20;
/// Bytes before the sound in its chunk: a count of edits.
const EDITS: u64 = 4;

/// Opens `file`, of `length` bytes; `None` if it is no CAF.
pub(crate) fn open(mut file: File, length: u64) -> Result<Option<Container>, AudioErrorKind> {
    if !bytes::at(&mut file, 0, 4).map_err(AudioErrorKind::Open)?.starts_with(b"caff") {
        return Ok(None);
    }
    let mut description = None;
    let mut data = None;
    // What a demuxer needs beside the description, as it stands in the file.
    let mut tables = Vec::new();
    let mut has_packets = false;
    let mut chunks = Chunks::new(Layout::CAF, length);
    while let Some(chunk) = chunks.next(&mut file).map_err(AudioErrorKind::Open)? {
        match &chunk.id {
            b"desc" => description = Some(chunk.read(&mut file, DESCRIPTION).map_err(AudioErrorKind::Open)?),
            b"kuki" | b"chan" | b"pakt"
                if chunk.size <= MOST.saturating_sub(tables.len() as u64) && chunk.ends_in(length) =>
            {
                let contents = chunk.read(&mut file, MOST).map_err(AudioErrorKind::Open)?;
                push_chunk(&mut tables, chunk.id, &contents);
                has_packets |= chunk.id == *b"pakt";
            }
            b"data" => data = Some(chunk),
            _ => {}
        }
    }
    let (description, data) = match (description, data) {
        (Some(description), Some(data)) => (description, data),
        (None, _) => return Err(fault("it describes no sound")),
        (_, None) => {
            return Err(fault(&chunks.overrun().unwrap_or_else(|| "no sound follows it".to_owned())));
        }
    };
    if let Some(sound) = linear(&description, data)? {
        return sound.open(file, length).map(Some);
    }
    if !has_packets && u32_be(&description, 16) == Some(0) {
        return Err(AudioErrorKind::CutShort {
            missing: "the table of its packets, which follows the sound,",
        });
    }
    let start = data.start + EDITS;
    let there = length.saturating_sub(start);
    let present = if unknown(data) { there } else { data.size.saturating_sub(EDITS).min(there) };
    let mut head = bytes::at(&mut file, 0, HEAD).map_err(AudioErrorKind::Open)?;
    push_chunk(&mut head, *b"desc", &description);
    head.extend(tables);
    // The demuxer goes by the table of packets, so the length of what is promised does no harm.
    let promised = if unknown(data) { there } else { data.size.saturating_sub(EDITS) };
    head.extend(b"data");
    head.extend(promised.saturating_add(EDITS).min(i64::MAX as u64).to_be_bytes());
    head.extend([0; EDITS as usize]);
    let source = Stitched::new(head, file, start, present).promising(promised);
    let promise = Promise::of_bytes(present, promised);
    Ok(Some(Container {
        promise,
        ..Container::of(opened("CAF", CafReader::try_new(stream(source), FormatOptions::default()))?)
    }))
}

fn unknown(data: Chunk) -> bool {
    data.size > i64::MAX as u64
}

fn push_chunk(to: &mut Vec<u8>, id: [u8; 4], contents: &[u8]) {
    to.extend(id);
    to.extend((contents.len() as u64).to_be_bytes());
    to.extend(contents);
}

/// The sound, where its description says that it is linear.
fn linear(description: &[u8], data: Chunk) -> Result<Option<Sound>, AudioErrorKind> {
    let cut_short = || fault("the description of its sound is cut short");
    let (Some(rate), Some(kind), Some(flags), Some(packet), Some(channels), Some(bits)) = (
        array(description, 0).map(f64::from_be_bytes),
        array::<4>(description, 8),
        u32_be(description, 12),
        u32_be(description, 16),
        u32_be(description, 24),
        u32_be(description, 28),
    ) else {
        return Err(cut_short());
    };
    let Ok(channels) = u16::try_from(channels) else {
        return Err(fault(&format!("it says {channels} channels")));
    };
    let (float, little_endian) = (flags & 1 != 0, flags & 2 != 0);
    let encoding = match &kind {
        b"lpcm" if float => Encoding::float(bits as u16, !little_endian, channels),
        b"lpcm" => {
            let room = packet.checked_div(u32::from(channels)).unwrap_or(0);
            Encoding::signed(room as u16, !little_endian, channels).filter(|_| room <= 4 && bits <= 8 * room)
        }
        b"ulaw" => Some(Encoding::mu_law(channels)),
        b"alaw" => Some(Encoding::a_law(channels)),
        _ => return Ok(None),
    };
    let Some(encoding) = encoding else {
        return Err(fault(&format!("it says {channels} channel(s) of {bits}-bit samples in {packet} bytes")));
    };
    let bytes = if unknown(data) { None } else { Some(data.size.saturating_sub(EDITS)) };
    // A rate that is no whole number is none that a sound card has; a float saturates.
    Ok(Some(Sound { encoding, rate: rate.round() as u32, channels, start: data.start + EDITS, bytes }))
}

fn fault(fault: &str) -> AudioErrorKind {
    AudioErrorKind::Header { fault: fault.to_owned() }
}
