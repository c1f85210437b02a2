//! Headers of FLAC frames (RFC 9639, section 9.1), as far as they say what a stream holds.

/// Rates by code; 0 stands for "as in STREAMINFO".
const RATES: [u32; 12] =
    [0, 88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000];
/// Bits of a sample by code; 0 stands for "as in STREAMINFO", 3 is reserved.
const BITS: [u32; 8] = [0, 8, 12, 0, 16, 20, 24, 32];

/// What a frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FrameShape {
    /// In Hz, where the header says it.
    pub(crate) rate: Option<u32>,
    /// Channels.
    pub(crate) channels: usize,
    /// Bits of a sample, where the header says it.
    pub(crate) bits: Option<u32>,
    /// Whether frames are counted, as in streams whose blocks have one size, and not samples.
    pub(crate) counts_frames: bool,
}

impl FrameShape {
    /// The shape of the frame that `bytes` begin with, if they begin with a frame whose header checks out.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        let &[0xff, strategy @ (0xf8 | 0xf9), sizes, layout, first_of_number, ..] = bytes else {
            return None;
        };
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
        let rate_bytes = match rate_code {
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
        let before_rate = 4 + number + block_size;
        let length = before_rate + rate_bytes;
        let written = bytes.get(before_rate..length)?;
        let rate = match rate_code {
            12 => written.iter().map(|&kilohertz| u32::from(kilohertz) * 1_000).next(),
            13 | 14 => written.first_chunk().map(|&rate| u32::from(u16::from_be_bytes(rate))),
            code => RATES.get(usize::from(code)).copied(),
        };
        let rate = rate.map(|rate| if rate_code == 14 { 10 * rate } else { rate }).filter(|&rate| rate > 0);
        let bits = BITS.get(usize::from(layout >> 1 & 7)).copied().filter(|&bits| bits > 0);
        // A header with its checksum leaves none over.
        let sound = crc8(bytes.get(..=length)?) == 0;
        sound.then_some(Self { rate, channels, bits, counts_frames: strategy == 0xf8 })
    }

    /// Whether the two cannot be of one stream.
    fn differs(&self, other: &Self) -> bool {
        let differ = |a: Option<u32>, b: Option<u32>| a.zip(b).is_some_and(|(a, b)| a != b);
        self.channels != other.channels || differ(self.rate, other.rate) || differ(self.bits, other.bits)
    }
}

/// A frame of another rate, channel count or depth inside `packet`, which should be one frame.
///
/// The demuxer (symphonia 0.6.1) takes such frames for the rest of the frame before, since checksums of whole
/// frames add up, and the decoder then leaves them out without a word.
pub(crate) fn other_frame(packet: &[u8]) -> Option<(FrameShape, FrameShape)> {
    let first = FrameShape::of(packet)?;
    let mut from = 1;
    let mut checked = 0;
    let mut checksum = 0;
    while let Some(found) = packet.get(from..)?.iter().position(|&byte| byte == 0xff) {
        let at = from + found;
        let shape = FrameShape::of(packet.get(at..)?).filter(|shape| first.differs(shape));
        // What comes before must be whole frames, or this is sound that looks like a header.
        if let Some(shape) = shape {
            checksum = crc16(checksum, packet.get(checked..at)?);
            checked = at;
            if checksum == 0 {
                return Some((first, shape));
            }
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

/// The checksum of what had the checksum `before`, and `bytes`.
fn crc16(before: u16, bytes: &[u8]) -> u16 {
    bytes.iter().fold(before, |crc: u16, byte| {
        (0..8).fold(
            crc ^ u16::from(*byte) << 8,
            |crc, _| if crc & 0x8000 != 0 { crc << 1 ^ 0x8005 } else { crc << 1 },
        )
    })
}
