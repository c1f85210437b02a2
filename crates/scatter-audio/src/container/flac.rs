//! Native FLAC (RFC 9639), read past metadata and headers that the demuxer refuses.

use std::fs::File;
use std::io;

use symphonia::core::formats::FormatOptions;
use symphonia::default::formats::FlacReader;

use super::bytes::{self, u32_be, u64_be};
use super::flac_frame::FrameShape;
use super::stitched::Stitched;
use super::{Container, Promise, opened, stream};
use crate::error::AudioErrorKind;

/// `fLaC` and STREAMINFO with its header (sections 6 and 8.2).
const HEAD: usize = 42;
/// Most bytes of a frame header (section 9.1).
const FRAME_HEADER: usize = 16;
/// Blocks of metadata that are passed over.
const MOST_BLOCKS: u32 = 10_000;
/// Bytes that are searched for a first frame where the metadata do not lead to one: a picture may come before it.
const SEARCHED: u64 = 4 << 20;

/// What STREAMINFO says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct StreamInfo {
    rate: u32,
    channels: u32,
    bits: u32,
    /// Samples of a channel; 0 where it is not known.
    samples: u64,
}

impl StreamInfo {
    /// Of the 8 bytes that hold all this, 18 bytes into a file.
    fn of(fields: u64) -> Self {
        Self {
            rate: (fields >> 44) as u32,
            channels: (fields >> 41 & 0x7) as u32 + 1,
            bits: (fields >> 36 & 0x1f) as u32 + 1,
            samples: fields & 0xf_ffff_ffff,
        }
    }

    /// A head with this as its only metadata, without bounds of blocks and frames and without a count: those of
    /// faulty files are wrong, and a demuxer refuses frames for them.
    fn head(self, counts_frames: bool) -> Vec<u8> {
        // Blocks of one size are told from others by equal bounds.
        let least: u16 = if counts_frames { u16::MAX } else { 16 };
        let fields =
            u64::from(self.rate) << 44 | u64::from(self.channels - 1) << 41 | u64::from(self.bits - 1) << 36;
        let mut head = b"fLaC\x80\x00\x00\x22".to_vec();
        head.extend(least.to_be_bytes());
        head.extend(u16::MAX.to_be_bytes());
        head.extend([0; 6]);
        head.extend(fields.to_be_bytes());
        head.resize(HEAD, 0);
        head
    }
}

/// Opens `file`, of `length` bytes, from `begin` on; `None` if it is no native FLAC, nor named `.flac` and a part of one.
pub(crate) fn open(
    mut file: File,
    begin: u64,
    length: u64,
    named: bool,
) -> Result<Option<Container>, AudioErrorKind> {
    let start = bytes::at(&mut file, begin, HEAD as u64).map_err(AudioErrorKind::Open)?;
    let marked = start.starts_with(b"fLaC");
    if !marked && !named {
        return Ok(None);
    }
    // Nothing else can be made of a FLAC file that does not begin with STREAMINFO.
    let said = u64_be(&start, 18).filter(|_| marked && start.get(4..8).is_some_and(is_stream_info_head));
    let said = said.map(StreamInfo::of).filter(|said| said.rate > 0);
    let Some((first, shape)) = first_frame(&mut file, begin, marked).map_err(AudioErrorKind::Open)? else {
        return if marked { Err(no_frame(said, length)) } else { Ok(None) };
    };
    let Some(held) = held(said, shape) else {
        return Err(AudioErrorKind::Header {
            fault: "it has no STREAMINFO, and its sound does not tell its own rate and depth".to_owned(),
        });
    };
    let source = Stitched::new(held.head(shape.counts_frames), file, first, length.saturating_sub(first));
    let flac_bytes = Some(source.present());
    let promise = if held.samples > 0 { Promise::Samples(held.samples, held.rate) } else { Promise::Kept };
    let notes = difference(said, held);
    Ok(Some(Container {
        flac_bytes,
        promise,
        notes,
        ..Container::of(opened("FLAC", FlacReader::try_new(stream(source), FormatOptions::default()))?)
    }))
}

fn is_stream_info_head(head: &[u8]) -> bool {
    matches!(head, [0 | 0x80, 0, 0, 34])
}

/// What the stream holds: as the first frame says, and where it says nothing, as STREAMINFO does.
fn held(said: Option<StreamInfo>, shape: FrameShape) -> Option<StreamInfo> {
    Some(StreamInfo {
        rate: shape.rate.or(said.map(|said| said.rate))?,
        channels: shape.channels as u32,
        bits: shape.bits.or(said.map(|said| said.bits))?,
        samples: said.map_or(0, |said| said.samples),
    })
}

/// Where the metadata end, or else the first place that looks like a frame, and what is there.
fn first_frame(file: &mut File, begin: u64, marked: bool) -> io::Result<Option<(u64, FrameShape)>> {
    if marked && let Some(end) = end_of_metadata(file, begin)? {
        let header = bytes::at(file, end, FRAME_HEADER as u64)?;
        if let Some(shape) = FrameShape::of(&header) {
            return Ok(Some((end, shape)));
        }
    }
    // A damaged length leads somewhere else than to a frame.
    let searched = bytes::at(file, begin, SEARCHED)?;
    let places = searched.windows(FRAME_HEADER).enumerate();
    let mut frames =
        places.filter_map(|(at, bytes)| FrameShape::of(bytes).map(|shape| (begin + at as u64, shape)));
    Ok(frames.next())
}

fn end_of_metadata(file: &mut File, begin: u64) -> io::Result<Option<u64>> {
    let mut at = begin + 4;
    for _ in 0..MOST_BLOCKS {
        let block = bytes::at(file, at, 4)?;
        let Some(block) = u32_be(&block, 0) else { return Ok(None) };
        at += 4 + u64::from(block & 0xff_ffff);
        if block >> 31 == 1 {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

fn no_frame(said: Option<StreamInfo>, length: u64) -> AudioErrorKind {
    match said {
        Some(StreamInfo { rate, samples, .. }) if samples > 0 => {
            AudioErrorKind::NoSound { promised: Some(samples as f64 / f64::from(rate)), length }
        }
        _ => AudioErrorKind::NoSound { promised: None, length },
    }
}

/// What the header says otherwise than the sound.
fn difference(said: Option<StreamInfo>, held: StreamInfo) -> Vec<String> {
    let Some(said) = said else {
        return vec![
            "it does not begin as a FLAC file does; what it holds was taken from its sound".to_owned(),
        ];
    };
    let pairs = [
        (said.channels, held.channels, "channels"),
        (said.bits, held.bits, "bits a sample"),
        (said.rate, held.rate, "Hz"),
    ];
    let differences = pairs.iter().filter(|(said, held, _)| said != held);
    differences
        .map(|(said, held, what)| format!("its header claims {said} {what}, its sound has {held}"))
        .collect()
}
