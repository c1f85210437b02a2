//! The size of a JPEG, read from its head: a picture is not unpacked before it is known to be as large as it should be.

/// Width and height in pixels; `None` where the bytes are no JPEG.
///
/// ITU-T T.81, annex B: segments of a marker and a length follow one another until the frame header.
pub fn jpeg_size(file: &[u8]) -> Option<(u32, u32)> {
    let mut rest = file.strip_prefix(&[0xff, 0xd8])?;
    loop {
        let (&[0xff, marker], after) = rest.split_first_chunk()? else { return None };
        match marker {
            // Fill bytes.
            0xff => rest = rest.get(1..)?,
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                let &[_, _, _, h1, h0, w1, w0] = after.first_chunk::<7>()?;
                let size = (u16::from_be_bytes([w1, w0]).into(), u16::from_be_bytes([h1, h0]).into());
                return (size.0 > 0 && size.1 > 0).then_some(size);
            }
            // Pixels, or the end, before any frame header; or a marker that has no length.
            0x00 | 0x01 | 0xd0..=0xda => return None,
            _ => {
                let length = usize::from(u16::from_be_bytes(*after.first_chunk()?));
                rest = after.get(length.max(2)..)?;
            }
        }
    }
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

    proptest! {
        #[test]
        fn any_bytes_have_a_size_or_none(bytes: Vec<u8>, at in 0usize..700, value: u8) {
            let _ = jpeg_size(&[&[0xff, 0xd8, 0xff][..], &bytes].concat());
            let mut near = SPRITE.to_vec();
            near[at % SPRITE.len()] = value;
            let _ = jpeg_size(&near);
        }
    }
}
