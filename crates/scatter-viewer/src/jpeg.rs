//! The size of a JPEG and its colour profiles, read from its head: a picture is not unpacked before it is known to be as
//! large as it should be.

use std::ops::Range;

/// What an embedded ICC profile begins with (ICC.1, annex B.4), and the marker of the segment it stands in.
const PROFILE: (u8, &[u8]) = (0xe2, b"ICC_PROFILE\0");

/// Width and height in pixels; `None` where the bytes are no JPEG.
pub fn jpeg_size(file: &[u8]) -> Option<(u32, u32)> {
    let is_frame = |marker: u8| matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
    let (_, frame) = segments(file).find(|&(marker, _)| is_frame(marker))?;
    let &[_, h1, h0, w1, w0] = frame.first_chunk::<5>()?;
    let size = (u16::from_be_bytes([w1, w0]).into(), u16::from_be_bytes([h1, h0]).into());
    (size.0 > 0 && size.1 > 0).then_some(size)
}

/// Where colour profiles stand in `file`, in order: parts of it that a picture can do without.
pub fn jpeg_profiles(file: &[u8]) -> Vec<Range<usize>> {
    let is_profile = |marker: u8, data: &[u8]| marker == PROFILE.0 && data.starts_with(PROFILE.1);
    let found = segments(file).filter(|&(marker, data)| is_profile(marker, data));
    // Before the data stand the marker and the length, which counts itself.
    let place = |data: &[u8]| {
        let at = file.len() - data.len();
        let length = usize::from(u16::from_be_bytes([file[at - 2], file[at - 1]]));
        at - 4..at - 2 + length.max(2)
    };
    found.map(|(_, data)| place(data)).collect()
}

/// Marker and data of each segment before the pixels; the data go on behind the segment.
///
/// ITU-T T.81, annex B: segments of a marker and a length follow one another.
fn segments(file: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = file.strip_prefix(&[0xff, 0xd8]);
    std::iter::from_fn(move || {
        loop {
            let (&[0xff, marker], after) = rest.take()?.split_first_chunk()? else { return None };
            match marker {
                // Fill bytes.
                0xff => rest = file.get(file.len() - after.len() - 1..),
                // Pixels, or the end; or a marker that has no length.
                0x00 | 0x01 | 0xd0..=0xda => return None,
                _ => {
                    let (length, data) = after.split_first_chunk()?;
                    rest = after.get(usize::from(u16::from_be_bytes(*length)).max(2)..);
                    return Some((marker, data));
                }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SPRITE: &[u8] = include_bytes!("../tests/browser/fixture/sprite.jpg");

    #[test]
    fn the_size_stands_in_the_frame_header() {
        assert_eq!(jpeg_size(SPRITE), Some((384, 256)));
        for other in
            [&b""[..], b"<!doctype html>", b"\x89PNG\r\n\x1a\n", b"GIF89a", &SPRITE[..20], &SPRITE[1..]]
        {
            assert_eq!(jpeg_size(other), None);
        }
    }

    #[test]
    fn profiles_are_found_before_and_behind_the_frame_header_and_what_is_left_is_the_picture() {
        assert!(jpeg_profiles(SPRITE).is_empty() && jpeg_profiles(b"").is_empty());
        let profile = [&[0xff, 0xe2, 0, 16][..], b"ICC_PROFILE\0\x01\x01"].concat();
        let with = |at: usize, file: &[u8]| [&file[..at], &profile, &file[at..]].concat();
        let scan = SPRITE.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap();
        let mut file = with(2, &with(scan, SPRITE));
        assert_eq!(jpeg_size(&file), Some((384, 256)));
        let found = jpeg_profiles(&file);
        assert_eq!(found, [2..20, scan + 18..scan + 36]);
        found.into_iter().rev().for_each(|range| drop(file.drain(range)));
        assert!(file == SPRITE);
        // Among the pixels it means nothing.
        assert!(jpeg_profiles(&with(scan + 20, SPRITE)).is_empty());
    }

    proptest! {
        #[test]
        fn any_bytes_have_a_size_or_none(bytes: Vec<u8>, at in 0usize..700, value: u8) {
            let any = [&[0xff, 0xd8, 0xff][..], &bytes].concat();
            let _ = (jpeg_size(&any), jpeg_profiles(&any));
            let mut near = SPRITE.to_vec();
            near[at % SPRITE.len()] = value;
            let _ = (jpeg_size(&near), jpeg_profiles(&near));
        }
    }
}
