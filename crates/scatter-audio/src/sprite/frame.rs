//! A frame of a FLAC stream under another number (RFC 9639, sections 9.1 and 9.3).

use crc::{CRC_8_SMBUS, CRC_16_UMTS, Crc, Table};

/// The checksums' polynomials are x⁸ + x² + x + 1 and x¹⁶ + x¹⁵ + x² + 1, each from 0.
const HEAD_SUM: Crc<u8> = Crc::<u8>::new(&CRC_8_SMBUS);
static FRAME_SUM: Crc<u16, Table<16>> = Crc::<u16, Table<16>>::new(&CRC_16_UMTS);

/// Sync code, sizes, channels.
const FIXED: usize = 4;

/// Appends `frame` to `out` as frame `number` of its stream; nothing else of it changes. `None` where it is no whole frame of
/// fixed block size.
pub(super) fn renumbered(frame: &[u8], number: u64, out: &mut Vec<u8>) -> Option<()> {
    let &[0xff, 0xf8, sizes, _] = frame.first_chunk()? else { return None };
    let coded = match frame.get(FIXED)?.leading_ones() {
        0 => 1,
        ones @ 2..=7 => ones as usize,
        _ => return None,
    };
    // Block sizes and rates that have no code stand behind the number.
    let size = match sizes >> 4 {
        6 => 1,
        7 => 2,
        _ => 0,
    };
    let rate = match sizes & 15 {
        12 => 1,
        13 | 14 => 2,
        _ => 0,
    };
    let rest = FIXED + coded;
    let body = rest + size + rate + 1;
    let sums = frame.len().checked_sub(2).filter(|&end| end >= body)?;
    let start = out.len();
    out.extend_from_slice(&frame[..FIXED]);
    push_number(number, out);
    out.extend_from_slice(&frame[rest..body - 1]);
    out.push(HEAD_SUM.checksum(&out[start..]));
    out.extend_from_slice(&frame[body..sums]);
    let sum = FRAME_SUM.checksum(&out[start..]);
    out.extend_from_slice(&sum.to_be_bytes());
    Some(())
}

/// A number as UTF-8 writes a letter, in up to seven bytes.
fn push_number(number: u64, out: &mut Vec<u8>) {
    if number < 0x80 {
        out.push(number as u8);
        return;
    }
    // n bytes hold 5n + 1 bits.
    let bits = 64 - number.leading_zeros();
    let bytes = (bits + 3) / 5;
    let lead = !(0xffu16 >> bytes) as u8;
    out.push(lead | (number >> (6 * (bytes - 1))) as u8);
    out.extend((0..bytes - 1).rev().map(|k| 0x80 | (number >> (6 * k)) as u8 & 0x3f));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_are_written_as_utf_8_writes_letters(letter in any::<char>()) {
            let mut out = Vec::new();
            push_number(u64::from(u32::from(letter)), &mut out);
            prop_assert_eq!(out, letter.to_string().into_bytes());
        }

        #[test]
        fn any_bytes_can_be_renumbered_or_not(frame: Vec<u8>, number in 0u64..1 << 31) {
            let _ = renumbered(&frame, number, &mut Vec::new());
            let _ = renumbered(&[&[0xff, 0xf8], &frame[..]].concat(), number, &mut Vec::new());
        }
    }

    #[test]
    fn numbers_beyond_letters_take_up_to_seven_bytes() {
        for (number, wanted) in [
            (0x7f, &[0x7f][..]),
            (0x80, &[0xc2, 0x80]),
            (0x1f_ffff, &[0xf7, 0xbf, 0xbf, 0xbf]),
            (0x20_0000, &[0xf8, 0x88, 0x80, 0x80, 0x80]),
            (0x7fff_ffff, &[0xfd, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf]),
            (0xf_ffff_ffff, &[0xfe, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf]),
        ] {
            let mut out = Vec::new();
            push_number(number, &mut out);
            assert_eq!(out, wanted, "{number:x}");
        }
    }
}
