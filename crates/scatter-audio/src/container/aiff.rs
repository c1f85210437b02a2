//! AIFF and AIFF-C, and the AU files of Sun and NeXT, whose samples are big-endian likewise.

use std::fs::File;

use super::bytes::{self, array, u16_be, u32_be};
use super::chunks::{Chunks, Layout};
use super::linear::Encoding;
use super::sound::Sound;
use crate::error::AudioErrorKind;

/// Bytes of a `COMM` chunk up to the name of its compression.
const COMMON_BYTES: u64 = 22;

/// Reads the header of `file`, of `length` bytes; `None` if it is no AIFF.
pub(crate) fn read(file: &mut File, length: u64) -> Result<Option<Sound>, AudioErrorKind> {
    let head = bytes::at(file, 0, 12).map_err(AudioErrorKind::Open)?;
    if !head.starts_with(b"FORM") || !matches!(head.get(8..), Some(b"AIFF" | b"AIFC")) {
        return Ok(None);
    }
    let mut common = None;
    let mut sound = None;
    let mut chunks = Chunks::new(Layout::AIFF, length);
    while let Some(chunk) = chunks.next(file).map_err(AudioErrorKind::Open)? {
        match &chunk.id {
            b"COMM" => common = Some(chunk.read(file, COMMON_BYTES).map_err(AudioErrorKind::Open)?),
            b"SSND" => {
                let offset = chunk.read(file, 4).map_err(AudioErrorKind::Open)?;
                sound = Some((chunk, u64::from(u32_be(&offset, 0).unwrap_or(0))));
            }
            _ => {}
        }
        if common.is_some() && sound.is_some() {
            break;
        }
    }
    let (common, (chunk, offset)) = match (common, sound) {
        (Some(common), Some(sound)) => (common, sound),
        (common, _) => {
            let missing = if common.is_none() { "describes no sound" } else { "no sound follows it" };
            return Err(fault(chunks.overrun().unwrap_or_else(|| missing.to_owned())));
        }
    };
    let start = chunk.start + 8 + offset;
    // A program that cannot go back to the header writes 0, or a part without sound in it.
    let bytes = chunk.size.checked_sub(8 + offset).filter(|&bytes| bytes > 0 || length <= start);
    let (encoding, rate, channels) = description(&common)?;
    Ok(Some(Sound { encoding, rate, channels, start, bytes }))
}

fn description(common: &[u8]) -> Result<(Encoding, u32, u16), AudioErrorKind> {
    let cut_short = || fault("the description of its sound is cut short".to_owned());
    let (Some(channels), Some(bits), Some(rate)) =
        (u16_be(common, 0), u16_be(common, 6), array(common, 8).map(extended))
    else {
        return Err(cut_short());
    };
    let compression = array(common, 18).unwrap_or(*b"NONE").map(|byte| byte.to_ascii_lowercase());
    let bytes = bits.div_ceil(8);
    let encoding = match &compression {
        b"none" | b"twos" => Encoding::signed(bytes, true, channels),
        b"sowt" => Encoding::signed(bytes, false, channels),
        b"raw " => Some(Encoding::bytes(channels)).filter(|_| bits <= 8),
        b"in24" => Encoding::signed(3, true, channels),
        b"in32" => Encoding::signed(4, true, channels),
        b"42ni" => Encoding::signed(3, false, channels),
        b"23ni" => Encoding::signed(4, false, channels),
        b"fl32" => Encoding::float(32, true, channels),
        b"fl64" => Encoding::float(64, true, channels),
        b"alaw" => Some(Encoding::a_law(channels)),
        b"ulaw" => Some(Encoding::mu_law(channels)),
        _ => return Err(AudioErrorKind::Foreign { format: "AIFF with a compressed sound inside" }),
    };
    let Some(encoding) = encoding else {
        let kind = String::from_utf8_lossy(&compression).into_owned();
        return Err(fault(format!("it says {bits}-bit samples of the kind `{kind}`")));
    };
    Ok((encoding, rate, channels))
}

/// Reads the header of an AU file; `None` if it is none.
pub(crate) fn read_au(file: &mut File) -> Result<Option<Sound>, AudioErrorKind> {
    let head = bytes::at(file, 0, 24).map_err(AudioErrorKind::Open)?;
    if !head.starts_with(b".snd") {
        return Ok(None);
    }
    let (Some(start), Some(size), Some(kind), Some(rate), Some(channels)) =
        (u32_be(&head, 4), u32_be(&head, 8), u32_be(&head, 12), u32_be(&head, 16), u32_be(&head, 20))
    else {
        return Err(fault("it is cut short".to_owned()));
    };
    let Ok(channels) = u16::try_from(channels) else {
        return Err(fault(format!("it says {channels} channels")));
    };
    let encoding = match kind {
        1 => Some(Encoding::mu_law(channels)),
        2..=5 => Encoding::signed(kind as u16 - 1, true, channels),
        6 => Encoding::float(32, true, channels),
        7 => Encoding::float(64, true, channels),
        27 => Some(Encoding::a_law(channels)),
        _ => None,
    };
    let encoding =
        encoding.ok_or(AudioErrorKind::Foreign { format: "Sun AU with a compressed sound inside" })?;
    let bytes = Some(u64::from(size)).filter(|&size| size != u64::from(u32::MAX));
    Ok(Some(Sound { encoding, rate, channels, start: u64::from(start), bytes }))
}

/// An 80-bit float (IEEE 754 double extended) as a whole number; 0 where it is none that a rate could be.
fn extended(bytes: [u8; 10]) -> u32 {
    let [sign, exponent, mantissa @ ..] = bytes;
    let mantissa = u64::from_be_bytes(mantissa);
    // 2^0 has the exponent 16383, and the mantissa its point after the first of 64 bits.
    match u16::from_be_bytes([sign, exponent]) {
        exponent @ 16_383..=16_414 => {
            let shift = 63 - (exponent - 16_383);
            let rounded = (mantissa >> (shift - 1)).wrapping_add(1) >> 1;
            u32::try_from(rounded).unwrap_or(0)
        }
        _ => 0,
    }
}

fn fault(fault: String) -> AudioErrorKind {
    AudioErrorKind::Header { fault }
}

#[cfg(test)]
mod tests {
    use super::extended;

    #[test]
    fn rates_are_read_from_eighty_bits() {
        let rate = |exponent: u16, mantissa: u64| {
            let mut bytes = [0; 10];
            bytes[..2].copy_from_slice(&exponent.to_be_bytes());
            bytes[2..].copy_from_slice(&mantissa.to_be_bytes());
            extended(bytes)
        };
        assert_eq!(rate(0x400e, 0xac44_0000_0000_0000), 44_100);
        assert_eq!(rate(0x400c, 0xac44_0000_0000_0000), 11_025);
        assert_eq!(rate(0x3fff, 0x8000_0000_0000_0000), 1);
        // 22,254.545… Hz, which early Macintosh computers played at.
        assert_eq!(rate(0x400d, 0xaddd_1745_d174_5d17), 22_255);
        assert_eq!([rate(0x7fff, 1 << 63), rate(0, 0), rate(0xc00e, 1 << 63)], [0, 0, 0]);
    }
}
