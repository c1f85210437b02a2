//! Ogg (RFC 3533), as far as it can be told what a file holds and whether it is whole.

use std::fs::File;

use symphonia::core::formats::FormatOptions;
use symphonia::default::formats::OggReader;

use super::bytes;
use super::stitched::Stitched;
use super::{Container, Promise, opened, stream};
use crate::error::AudioErrorKind;

/// A page has at most 27 bytes of head, 255 of a table and 255 · 255 of data.
const PAGE: u64 = 65_307;
const HEAD: usize = 27;

/// Names of codecs that are not decoded, by the first bytes of their streams.
const FOREIGN: &[(&[u8], &str)] = &[(b"Speex   ", "Speex"), (b"CELT    ", "CELT"), (b"PCM     ", "OggPCM")];

/// How a stream of pictures begins.
const THEORA: &[u8] = b"\x80theora";

/// Opens `file`, of `length` bytes; `None` if it is no Ogg.
pub(crate) fn open(mut file: File, length: u64) -> Result<Option<Container>, AudioErrorKind> {
    let head = bytes::at(&mut file, 0, 512).map_err(AudioErrorKind::Open)?;
    if !head.starts_with(b"OggS") {
        return Ok(None);
    }
    if let Some(format) = foreign(&head) {
        return Err(AudioErrorKind::Foreign { format });
    }
    // Tags may follow the last page, or a part of one, on which the demuxer would stumble.
    let from = length.saturating_sub(2 * PAGE);
    let tail = bytes::at(&mut file, from, 2 * PAGE).map_err(AudioErrorKind::Open)?;
    let last = last_page(&tail);
    let promise = if last.is_some_and(|page| page.ends_stream) { Promise::Kept } else { Promise::NoEnd };
    let end = last.map_or(length, |page| from + page.end as u64);
    let source = Stitched::new(Vec::new(), file, 0, end);
    let format = opened("Ogg", OggReader::try_new(stream(source), FormatOptions::default()));
    let format = format.map_err(|damage| match first_packet(&head) {
        Some(packet) if packet.starts_with(THEORA) => {
            AudioErrorKind::NotSound { what: "a video (Ogg Theora)" }
        }
        _ => damage,
    })?;
    Ok(Some(Container { promise, ..Container::of(format) }))
}

/// The codec that the first page names, where it is not decoded.
fn foreign(head: &[u8]) -> Option<&'static str> {
    let packet = first_packet(head)?;
    FOREIGN.iter().find(|(magic, _)| packet.starts_with(magic)).map(|(_, name)| *name)
}

fn first_packet(head: &[u8]) -> Option<&[u8]> {
    let segments = usize::from(*head.get(HEAD - 1)?);
    head.get(HEAD + segments..)
}

/// A whole page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Page {
    end: usize,
    /// Whether it is marked as the last of its stream.
    ends_stream: bool,
}

/// The last whole page in `tail`, with its end there.
fn last_page(tail: &[u8]) -> Option<Page> {
    let starts = tail.windows(4).enumerate().rev().filter(|(_, magic)| magic == b"OggS");
    starts.into_iter().find_map(|(start, _)| page_at(tail, start))
}

fn page_at(tail: &[u8], start: usize) -> Option<Page> {
    let page = tail.get(start..)?;
    let segments = usize::from(*page.get(HEAD - 1)?);
    let table = page.get(HEAD..HEAD + segments)?;
    let bytes = HEAD + segments + table.iter().map(|&bytes| usize::from(bytes)).sum::<usize>();
    let ends_stream = page.get(5)? & 4 != 0;
    (bytes <= page.len()).then_some(Page { end: start + bytes, ends_stream })
}
