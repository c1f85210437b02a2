//! What a FLAC file holds, read from its heads: sound is not unpacked before it is known to be no longer than it should be.
//!
//! A second of silence takes a few bytes, so a small file may hold days. RFC 9639, sections 8 and 9.

/// What the stream says of itself, and how long its frames really are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlacFacts {
    /// Rate in Hz.
    pub rate: u32,
    /// Number of channels.
    pub channels: u8,
    /// Samples of one channel, summed over all frame heads that are found: never less than what a decoder finds.
    pub samples: u64,
}

/// Reads a file piece by piece.
#[derive(Debug, Default)]
pub struct FlacScan {
    head: Vec<u8>,
    /// Bytes at the end of the last piece, where a frame's head may have begun.
    tail: Vec<u8>,
    samples: u64,
}

/// `fLaC`, a block's head and STREAMINFO up to its sample count.
const HEAD: usize = 26;
/// Longest frame head: sync and codes 4, number 7, block size 2, rate 2, checksum 1.
const FRAME_HEAD: usize = 16;

impl FlacScan {
    /// Takes the next piece.
    pub fn push(&mut self, piece: &[u8]) {
        let missing = HEAD.saturating_sub(self.head.len()).min(piece.len());
        self.head.extend_from_slice(&piece[..missing]);
        self.tail.extend_from_slice(piece);
        let searched = self.tail.len().saturating_sub(FRAME_HEAD - 1);
        self.count(searched);
        self.tail.drain(..searched);
    }

    /// What was found; `None` where it is no FLAC.
    pub fn finish(mut self) -> Option<FlacFacts> {
        self.count(self.tail.len());
        let info = self.head.strip_prefix(b"fLaC")?;
        // The first block is STREAMINFO, whose type is 0.
        let &[kind, ..] = info.first_chunk::<22>()?;
        if kind & 0x7f != 0 {
            return None;
        }
        let rate = u32::from_be_bytes([0, info[14], info[15], info[16]]) >> 4;
        let channels = (info[16] >> 1 & 7) + 1;
        Some(FlacFacts { rate, channels, samples: self.samples })
    }

    /// Adds up the frames whose heads begin in the first `until` bytes of the tail.
    fn count(&mut self, until: usize) {
        self.samples += samples_in(&self.tail, until);
    }
}

/// Samples of the frames whose heads begin in the first `until` bytes of `bytes`: never less than what a decoder finds.
pub fn samples_in(bytes: &[u8], until: usize) -> u64 {
    let (mut from, mut samples) = (0, 0u64);
    while let Some(at) = bytes[from..until].iter().position(|&b| b == 0xff) {
        from += at + 1;
        samples += frame_head(&bytes[from - 1..]).map_or(0, |frame| frame.samples);
    }
    samples
}

/// What the head of a frame says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameHead {
    /// Samples of one channel.
    pub samples: u64,
    /// The number of its first sample where the file's blocks vary, else that of the frame.
    pub number: u64,
    /// Whether the file's blocks vary.
    pub varies: bool,
}

/// The head of the frame that `bytes` begin with; `None` where no frame does.
pub fn frame_head(bytes: &[u8]) -> Option<FrameHead> {
    let &[0xff, sync, sizes, channels] = bytes.first_chunk()? else { return None };
    let (size, rate) = (sizes >> 4, sizes & 15);
    if sync & 0xfe != 0xf8 || size == 0 || rate == 15 || channels >> 4 > 10 || channels & 1 != 0 {
        return None;
    }
    let mut at = 4;
    let mut take = |count: usize| {
        let taken = bytes.get(at..at + count)?;
        at += count;
        Some(taken)
    };
    // The number of the frame or of its first sample, as UTF-8 would write it, but of up to 36 bits.
    let first = *take(1)?.first()?;
    let (low, more) = match first.leading_ones() {
        0 => (first, 0),
        ones @ 2..=7 => ((u32::from(first) & (0x7f >> ones)) as u8, ones as usize - 1),
        _ => return None,
    };
    let number = take(more)?.iter().fold(u64::from(low), |sum, &byte| sum << 6 | u64::from(byte & 0x3f));
    let mut integer = |count| Some(take(count)?.iter().fold(0u64, |sum, &byte| sum << 8 | u64::from(byte)));
    let samples = match size {
        1 => 192,
        2..=5 => 144 << size,
        6 => integer(1)? + 1,
        7 => integer(2)? + 1,
        _ => 1 << size,
    };
    integer(match rate {
        12 => 1,
        13 | 14 => 2,
        _ => 0,
    })?;
    let sum = bytes[..at].iter().fold(0, |sum, &byte| crc8(sum ^ byte));
    (bytes.get(at) == Some(&sum)).then_some(FrameHead { samples, number, varies: sync & 1 == 1 })
}

/// One byte through the polynomial x^8 + x^2 + x + 1.
pub(crate) fn crc8(byte: u8) -> u8 {
    (0..8).fold(byte, |sum, _| if sum & 0x80 == 0 { sum << 1 } else { sum << 1 ^ 7 })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SOUND: &[u8] = include_bytes!("../tests/browser/fixture/audio.flac");

    fn facts(file: &[u8], piece: usize) -> Option<FlacFacts> {
        let mut scan = FlacScan::default();
        file.chunks(piece).for_each(|piece| scan.push(piece));
        scan.finish()
    }

    #[test]
    fn the_frames_of_a_real_file_add_up_to_its_samples() {
        let wanted = FlacFacts { rate: 16_000, channels: 1, samples: 16 * 15_360 };
        for piece in [1, 7, 1_000, SOUND.len()] {
            assert_eq!(facts(SOUND, piece), Some(wanted), "pieces of {piece}");
        }
        // Half of it has about half, whatever its head says.
        let half = facts(&SOUND[..SOUND.len() / 2], 64).unwrap();
        assert!((80_000..170_000).contains(&half.samples), "{}", half.samples);
    }

    #[test]
    fn a_short_file_that_unpacks_to_days_is_seen_through() {
        // A frame of 65,535 equal samples: head, one constant subframe, checksum.
        let mut frame = vec![0xff, 0xf8, 0x70, 0x00, 0x00, 0xff, 0xfe];
        frame.push(frame.iter().fold(0, |sum, &byte| crc8(sum ^ byte)));
        frame.extend([0, 0, 0, 0, 0]);
        let bomb = [&SOUND[..42], &frame.repeat(100_000)].concat();
        assert_eq!(facts(&bomb, 60_000).unwrap().samples, 6_553_500_000);
    }

    #[test]
    fn frames_are_numbered_in_their_order() {
        let heads: Vec<FrameHead> = (0..SOUND.len()).filter_map(|at| frame_head(&SOUND[at..])).collect();
        assert_eq!(heads.len(), 64);
        assert!(
            (0..).zip(&heads).all(|(number, h)| *h == FrameHead { samples: 3_840, number, varies: false })
        );
    }

    #[test]
    fn what_is_no_flac_is_none() {
        for other in [&b""[..], b"<!doctype html>", b"OggS", b"fLaC", &SOUND[..20]] {
            assert_eq!(facts(other, 3), None);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_can_be_scanned(bytes: Vec<u8>, piece in 1usize..40) {
            let _ = facts(&[b"fLaC", &bytes[..]].concat(), piece);
            let frames: Vec<u8> = bytes.iter().flat_map(|&b| [0xff, 0xf8, b, 0x70]).collect();
            let _ = facts(&frames, piece);
        }
    }
}
