//! Matroska and WebM (RFC 9559).

use std::fs::File;

use symphonia::core::formats::FormatOptions;
use symphonia::default::formats::MkvReader;

use super::bytes;
use super::stitched::Stitched;
use super::{Container, Promise, opened, stream};
use crate::error::AudioErrorKind;

const EBML: [u8; 4] = [0x1a, 0x45, 0xdf, 0xa3];
const SEGMENT: [u8; 4] = [0x18, 0x53, 0x80, 0x67];
/// Bytes in which the segment must have begun.
const HEAD: u64 = 4_096;

/// Opens `file`, of `length` bytes; `None` if it is no Matroska.
pub(crate) fn open(mut file: File, length: u64) -> Result<Option<Container>, AudioErrorKind> {
    let head = bytes::at(&mut file, 0, HEAD).map_err(AudioErrorKind::Open)?;
    if !head.starts_with(&EBML) {
        return Ok(None);
    }
    let end = end_of_segment(&head);
    let source = Stitched::new(Vec::new(), file, 0, length);
    if end.is_some_and(|end| end <= length) {
        return Ok(Some(Container::of(opened(
            "Matroska",
            MkvReader::try_new(stream(source), FormatOptions::default()),
        )?)));
    }
    // Read as a stream: the demuxer looks for an index at the end, which a file that is cut short lacks, before it
    // gives the first packet.
    let promise = end.map_or(Promise::Kept, |end| Promise::of_bytes(length, end));
    let format =
        opened("Matroska", MkvReader::try_new(stream(source.streaming()), FormatOptions::default()))?;
    Ok(Some(Container { promise, ends_with_file: true, ..Container::of(format) }))
}

/// Where the segment says that it ends; a live recording does not know.
fn end_of_segment(head: &[u8]) -> Option<u64> {
    let (header, width) = size(head.get(4..)?)?;
    let segment = 4 + width + usize::try_from(header?).ok()?;
    let rest = head.get(segment..)?.strip_prefix(&SEGMENT)?;
    let (bytes, width) = size(rest)?;
    bytes?.checked_add((segment + 4 + width) as u64)
}

/// An element's size (section 4.4 of RFC 8794) and the bytes in which it is written; all ones are an unknown one.
fn size(bytes: &[u8]) -> Option<(Option<u64>, usize)> {
    let first = *bytes.first()?;
    let width = first.leading_zeros() as usize + 1;
    let whole = bytes.get(..width.min(8))?.iter().fold(0, |whole, byte| whole << 8 | u64::from(*byte));
    if width > 8 {
        return None;
    }
    let mask = (1 << (7 * width)) - 1;
    let size = whole & mask;
    Some(((size != mask).then_some(size), width))
}

#[cfg(test)]
mod tests {
    use super::end_of_segment;

    #[test]
    fn a_segments_end_is_read_and_may_be_unknown() {
        let head = |size: &[u8]| [b"\x1a\x45\xdf\xa3\x83abc\x18\x53\x80\x67", size, b"......"].concat();
        assert_eq!(end_of_segment(&head(&[0x85])), Some(8 + 4 + 1 + 5));
        assert_eq!(end_of_segment(&head(&[0x40, 0x90])), Some(8 + 4 + 2 + 0x90));
        assert_eq!(end_of_segment(&head(&[0x01, 0, 0, 1, 0, 0, 0, 0])), Some(8 + 4 + 8 + (1 << 32)));
        assert_eq!(end_of_segment(&head(&[0x01, 255, 255, 255, 255, 255, 255, 255])), None);
        assert_eq!(end_of_segment(&head(&[0])), None);
        assert_eq!(end_of_segment(b"\x1a\x45\xdf\xa3"), None);
    }
}
