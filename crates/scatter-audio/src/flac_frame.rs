//! Headers of FLAC frames (RFC 9639, section 9.1), as far as they say that a stream changes.

/// Rates by code; 0 stands for "as in STREAMINFO".
const RATES: [u32; 12] =
    [0, 88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000];

/// What a frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FrameShape {
    /// In Hz, where the header says it by a code.
    pub(crate) rate: Option<u32>,
    /// Channels.
    pub(crate) channels: usize,
}

impl FrameShape {
    /// The shape of the frame that `bytes` begin with, if they begin with a frame whose header checks out.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        let &[0xff, 0xf8 | 0xf9, sizes, layout, first_of_number, ..] = bytes else { return None };
        let number = match first_of_number.leading_ones() as usize {
            0 => 1,
            1 | 8 => return None,
            length => length,
        };
        let block_size = match sizes >> 4 {
            0 => return None,
            6 => 1,
            7 => 2,
            _ => 0,
        };
        let rate_code = sizes & 0x0f;
        let rate = match rate_code {
            12 => 1,
            13 | 14 => 2,
            15 => return None,
            _ => 0,
        };
        let channels = match layout >> 4 {
            // Left and side, side and right, mid and side.
            8..=10 => 2,
            11.. => return None,
            channels => usize::from(channels) + 1,
        };
        let length = 4 + number + block_size + rate;
        // A header with its checksum leaves none over.
        let sound = crc8(bytes.get(..=length)?) == 0;
        let rate = RATES.get(usize::from(rate_code)).copied().filter(|&rate| rate > 0);
        sound.then_some(Self { rate, channels })
    }
}

/// A frame of another rate or channel count inside `packet`, which should be one frame of `rate` and `channels`.
///
/// The demuxer (symphonia 0.6.1) takes such frames for the rest of the frame before, since checksums of whole
/// frames add up, and the decoder then leaves them out without a word.
pub(crate) fn other_frame(packet: &[u8], rate: u32, channels: usize) -> Option<FrameShape> {
    let mut from = 1;
    while let Some(found) = packet.get(from..)?.iter().position(|&byte| byte == 0xff) {
        let at = from + found;
        let shape = FrameShape::of(packet.get(at..)?);
        let other =
            shape.filter(|shape| shape.channels != channels || shape.rate.is_some_and(|other| other != rate));
        // What comes before must be whole frames, or this is sound that looks like a header.
        if other.is_some() && crc16(packet.get(..at)?) == 0 {
            return other;
        }
        from = at + 1;
    }
    None
}

fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ byte, |crc, _| if crc & 0x80 != 0 { crc << 1 ^ 0x07 } else { crc << 1 })
    })
}

fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc: u16, byte| {
        (0..8).fold(
            crc ^ u16::from(*byte) << 8,
            |crc, _| if crc & 0x8000 != 0 { crc << 1 ^ 0x8005 } else { crc << 1 },
        )
    })
}
