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
        let mut from = 0;
        while let Some(at) = self.tail[from..until].iter().position(|&b| b == 0xff) {
            from += at + 1;
            self.samples += frame_samples(&self.tail[from - 1..]).unwrap_or(0);
        }
    }
}

/// Samples of the frame that begins with `head`; `None` where no frame does.
fn frame_samples(head: &[u8]) -> Option<u64> {
    let &[0xff, sync, sizes, channels] = head.first_chunk()? else { return None };
    let (size, rate) = (sizes >> 4, sizes & 15);
    if sync & 0xfe != 0xf8 || size == 0 || rate == 15 || channels >> 4 > 10 || channels & 1 != 0 {
        return None;
    }
    // The number of the frame or of its first sample, as UTF-8 would write it.
    let number = match head.get(4)?.leading_ones() {
        0 => 1,
        ones @ 2..=7 => ones as usize,
        _ => return None,
    };
    let mut at = 4 + number;
    let mut take = |bytes: usize| {
        let taken = head.get(at..at + bytes)?;
        at += bytes;
        Some(taken.iter().fold(0u64, |sum, &byte| sum << 8 | u64::from(byte)))
    };
    let samples = match size {
        1 => 192,
        2..=5 => 144 << size,
        6 => take(1)? + 1,
        7 => take(2)? + 1,
        _ => 1 << size,
    };
    take(match rate {
        12 => 1,
        13 | 14 => 2,
        _ => 0,
    })?;
    let sum = head[..at].iter().fold(0, |sum, &byte| crc8(sum ^ byte));
    (head.get(at) == Some(&sum)).then_some(samples)
}

/// One byte through the polynomial x^8 + x^2 + x + 1.
fn crc8(byte: u8) -> u8 {
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
