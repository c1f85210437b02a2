//! ID3v2 tags (id3.org, "ID3 tag version 2.4.0", section 3.1) before a file's sound.

use std::fs::File;

use super::bytes;
use crate::error::AudioErrorKind;

/// Bytes of a tag's head; its end may have as many.
const HEAD: u64 = 10;
/// Tags that are passed over; careless programs leave two or three.
const MOST_TAGS: u32 = 100;

/// Where the tags end with which `file`, of `length` bytes, begins: 0 where it begins with none.
///
/// # Errors
/// When nothing follows them, or too many of them.
pub(crate) fn end(file: &mut File, length: u64) -> Result<u64, AudioErrorKind> {
    let mut end = 0;
    for _ in 0..MOST_TAGS {
        let head = bytes::at(file, end, HEAD).map_err(AudioErrorKind::Open)?;
        // Sizes have 7 bits a byte, so that none looks like the start of a frame of MPEG audio.
        let &[b'I', b'D', b'3', _, _, flags, ref sizes @ ..] = head.as_slice() else { return Ok(end) };
        if sizes.len() != 4 || sizes.iter().any(|&byte| byte > 0x7f) {
            return Ok(end);
        }
        let size = sizes.iter().fold(0, |size, &byte| size << 7 | u64::from(byte));
        let footer = if flags & 0x10 != 0 { HEAD } else { 0 };
        end += HEAD + size + footer;
        if end >= length {
            return Err(AudioErrorKind::TagAlone { tag: end, length });
        }
    }
    let fault = format!("more than {MOST_TAGS} tags (ID3) stand before any sound");
    Err(AudioErrorKind::Header { fault })
}
