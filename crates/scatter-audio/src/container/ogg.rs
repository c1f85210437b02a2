//! Ogg (RFC 3533), as far as it can be told what a file holds and whether it is whole.

use std::fs::File;

use super::bytes;
use super::stitched::Stitched;
use super::{Container, Promise, probe};
use crate::error::AudioErrorKind;

/// A page has at most 27 bytes of head, 255 of a table and 255 · 255 of data.
const PAGE: u64 = 65_307;
const HEAD: usize = 27;

/// Names of codecs that are not decoded, by the first bytes of their streams.
const FOREIGN: &[(&[u8], &str)] = &[(b"Speex   ", "Speex"), (b"CELT    ", "CELT"), (b"PCM     ", "OggPCM")];

/// Opens `file`, of `length` bytes; `None` if it is no Ogg.
pub(crate) fn open(mut file: File, length: u64) -> Result<Option<Container>, AudioErrorKind> {
    let head = bytes::at(&mut file, 0, 512).map_err(AudioErrorKind::Open)?;
    if !head.starts_with(b"OggS") {
        return Ok(None);
    }
    if let Some(format) = foreign(&head) {
        return Err(AudioErrorKind::Foreign { format });
    }
    // Tags may follow the last page.
    let from = length.saturating_sub(2 * PAGE);
    let tail = bytes::at(&mut file, from, 2 * PAGE).map_err(AudioErrorKind::Open)?;
    let promise = if ends(&tail) { Promise::Kept } else { Promise::NoEnd };
    let format = probe(Stitched::new(Vec::new(), file, 0, length), "ogg", "Ogg")?;
    Ok(Some(Container { promise, ..Container::of(format) }))
}

/// The codec that the first page names, where it is not decoded.
fn foreign(head: &[u8]) -> Option<&'static str> {
    let segments = usize::from(*head.get(HEAD - 1)?);
    let packet = head.get(HEAD + segments..)?;
    FOREIGN.iter().find(|(magic, _)| packet.starts_with(magic)).map(|(_, name)| *name)
}

/// Whether the last page that begins in `tail` is whole and marked as the last of its stream.
fn ends(tail: &[u8]) -> bool {
    let page = tail.windows(4).rposition(|magic| magic == b"OggS").and_then(|at| tail.get(at..));
    let Some(page) = page else { return false };
    let (Some(&flags), Some(&segments)) = (page.get(5), page.get(HEAD - 1)) else { return false };
    let segments = usize::from(segments);
    let Some(table) = page.get(HEAD..HEAD + segments) else { return false };
    let data: usize = table.iter().map(|&bytes| usize::from(bytes)).sum();
    page.len() >= HEAD + segments + data && flags & 4 != 0
}
