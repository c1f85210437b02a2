//! MP4, M4A and QuickTime files (ISO/IEC 14496-12), as far as what they lack can be told.

use std::fs::File;
use std::io;

use symphonia::core::formats::FormatOptions;
use symphonia::core::io::ReadBytes;
use symphonia::default::formats::IsoMp4Reader;

use super::bytes::{self, array, u32_be, u64_be};
use super::stitched::Stitched;
use super::{Container, Promise, opened, stream};
use crate::error::AudioErrorKind;

/// Boxes at the outermost level that are walked over; only fragmented files have more than some dozens.
const MOST_BOXES: u32 = 100_000;
/// Packets of a track: a century of AAC has half as many.
const MOST_PACKETS: u64 = 1 << 31;
/// Bytes of the index that are searched for signs of copy protection, and of nonsense.
const SEARCHED: u64 = 4 << 20;

/// What the outermost boxes are.
struct Outline {
    /// Offset and bytes of the index (`moov`).
    index: Option<(u64, u64)>,
    /// Whether there is sound or picture (`mdat`).
    data: bool,
    /// Where the last box ends, or should.
    end: u64,
}

/// Opens `file`, of `length` bytes; `None` if it is no MP4.
pub(crate) fn open(mut file: File, length: u64) -> Result<Option<Container>, AudioErrorKind> {
    let head = bytes::at(&mut file, 0, 12).map_err(AudioErrorKind::Open)?;
    if !matches!(head.get(4..8), Some(b"ftyp" | b"moov" | b"mdat")) {
        return Ok(None);
    }
    let outline = outline(&mut file, length).map_err(AudioErrorKind::Open)?;
    let cut = outline.end > length;
    match outline.index {
        None if cut => {
            return Err(AudioErrorKind::CutShort { missing: "its index, which follows the sound," });
        }
        None if outline.data => {
            return Err(fault("it has no index (`moov`), without which nothing can be found"));
        }
        None => return Err(fault("it holds neither sound nor an index (`moov`)")),
        Some((start, size)) if start.saturating_add(size) > length => {
            let missing =
                if outline.data { "a part of its index" } else { "a part of its index, and the sound," };
            return Err(AudioErrorKind::CutShort { missing });
        }
        Some((start, size)) => {
            let index = bytes::at(&mut file, start, size.min(SEARCHED)).map_err(AudioErrorKind::Open)?;
            if is_protected(&index) {
                return Err(AudioErrorKind::Protected);
            }
            if counts_too_much(&index) {
                return Err(fault("its index counts more packets than any file can hold"));
            }
            if !outline.data {
                return Err(AudioErrorKind::CutShort {
                    missing: "the sound, of which it has the index alone,",
                });
            }
        }
    }
    let source = Stitched::new(Vec::new(), file, 0, length).promising(outline.end);
    let promise = Promise::of_bytes(length, outline.end);
    let mut source = stream(source);
    // The demuxer goes back to the box's start from behind the mark that would have led to it.
    source.ignore_bytes(4).map_err(AudioErrorKind::Open)?;
    let format = opened("MP4", IsoMp4Reader::try_new(source, FormatOptions::default())).map_err(
        |damage| match cut {
            true => AudioErrorKind::CutShort { missing: "all of the sound, or a part of its index," },
            false => damage,
        },
    )?;
    Ok(Some(Container { promise, ..Container::of(format) }))
}

fn outline(file: &mut File, length: u64) -> io::Result<Outline> {
    let mut outline = Outline { index: None, data: false, end: 0 };
    for _ in 0..MOST_BOXES {
        let head = bytes::at(file, outline.end, 16)?;
        let (Some(size), Some(kind)) = (u32_be(&head, 0), array::<4>(&head, 4)) else { break };
        // Size 1 stands for a longer one that follows, size 0 for "to the end".
        let size = match size {
            0 => length.saturating_sub(outline.end),
            1 => u64_be(&head, 8).unwrap_or(0),
            size => u64::from(size),
        };
        if size < 8 {
            break;
        }
        match &kind {
            b"moov" => outline.index = Some((outline.end, size)),
            b"mdat" | b"moof" => outline.data = true,
            _ => {}
        }
        outline.end = outline.end.saturating_add(size);
        if outline.end >= length {
            break;
        }
    }
    Ok(outline)
}

/// Whether the description of a sound (`stsd`) is that of an encrypted one.
fn is_protected(index: &[u8]) -> bool {
    let descriptions = index.windows(4).enumerate().filter(|(_, kind)| kind == b"stsd");
    // Version and flags, a count, and the size of the first entry stand before its kind.
    let mut kinds = descriptions.filter_map(|(at, _)| index.get(at + 16..at + 20));
    kinds.any(|kind| kind == b"drms" || kind == b"enca")
}

/// Whether a table of durations (`stts`) counts to where the demuxer (symphonia 0.6.1) overflows.
fn counts_too_much(index: &[u8]) -> bool {
    let mut tables = index.windows(4).enumerate().filter(|(_, kind)| kind == b"stts");
    tables.any(|(at, _)| {
        let entries = u32_be(index, at + 8).unwrap_or(0) as usize;
        let rest = index.get(at + 12..).unwrap_or_default();
        let counts = rest.chunks_exact(8).take(entries).filter_map(|entry| u32_be(entry, 0));
        counts.map(u64::from).sum::<u64>() > MOST_PACKETS
    })
}

fn fault(fault: &str) -> AudioErrorKind {
    AudioErrorKind::Header { fault: fault.to_owned() }
}
