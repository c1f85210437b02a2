//! The head of a FLAC file: what is in it, where its seek table lies, where its frames begin (RFC 9639, section 8).

use super::sparse::{Lack, Sparse};

/// Types of metadata blocks.
const STREAMINFO: u8 = 0;
const SEEKTABLE: u8 = 3;
/// Most blocks that are walked over; encoders write a handful.
const MOST_BLOCKS: usize = 64;
/// Bytes of a seek point.
pub const POINT: u64 = 18;

/// What the head says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Rate in Hz.
    pub rate: u32,
    /// Number of channels.
    pub channels: u8,
    /// Samples of one channel; 0 where the file does not say.
    pub samples: u64,
    /// Samples in every frame but the last; `None` where they vary.
    pub block: Option<u16>,
    /// Where the first frame begins.
    pub frames: u64,
    /// Where the seek table's points begin, and how many there are.
    pub table: Option<(u64, u64)>,
    stream_info: [u8; 34],
}

/// Reads the head of `file`.
///
/// # Errors
/// What is to be fetched first, or that it is no FLAC file.
pub fn read(file: &Sparse) -> Result<Head, Lack> {
    const NONE: Lack = Lack::Broken("is no FLAC file");
    let [mark @ .., kind, _, _, size] = file.read::<8>(0)?;
    if &mark != b"fLaC" || kind & 0x7f != STREAMINFO || size != 34 {
        return Err(NONE);
    }
    let stream_info = file.read::<34>(8)?;
    let [a, b, c, d, ..] = stream_info;
    let (least, most) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
    let number = stream_info[10..18].iter().fold(0u64, |sum, &byte| sum << 8 | u64::from(byte));
    let mut head = Head {
        rate: (number >> 44) as u32,
        channels: (number >> 41 & 7) as u8 + 1,
        samples: number & 0xf_ffff_ffff,
        block: (least == most && most > 0).then_some(most),
        frames: 0,
        table: None,
        stream_info,
    };
    let (mut at, mut last) = (42, kind & 0x80 != 0);
    for _ in 0..MOST_BLOCKS {
        if last {
            head.frames = at;
            return if at < file.length() { Ok(head) } else { Err(Lack::Broken("ends with its head")) };
        }
        let [kind, size @ ..] = file.read::<4>(at)?;
        let size = size.iter().fold(0u64, |sum, &byte| sum << 8 | u64::from(byte));
        at += 4;
        if kind & 0x7f == SEEKTABLE && head.table.is_none() {
            head.table = Some((at, size / POINT)).filter(|(_, points)| *points > 0);
        }
        (at, last) = (at + size, kind & 0x80 != 0);
    }
    Err(Lack::Broken("has more in its head than a sound needs"))
}

impl Head {
    /// A head for some of the frames alone, `samples` in all: marker and STREAMINFO, without a checksum.
    pub fn alone(&self, samples: u64) -> [u8; 42] {
        let mut head = [0; 42];
        head[..8].copy_from_slice(b"fLaC\x80\0\0\x22");
        head[8..].copy_from_slice(&self.stream_info);
        // 36 bits of length; where they do not suffice, it is not known.
        let samples = if samples < 1 << 36 { samples } else { 0 };
        let [.., b, c, d, e] = samples.to_be_bytes();
        head[21] = head[21] & 0xf0 | (samples >> 32) as u8;
        head[22..26].copy_from_slice(&[b, c, d, e]);
        head[26..].fill(0);
        head
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::super::sparse::tests::{of, served};
    use super::*;

    /// Clips of 15,360 samples, each in four frames.
    const SOUND: &[u8] = include_bytes!("../../tests/browser/fixture/audio.flac");

    /// `fLaC` and blocks of these kinds and contents.
    pub(crate) fn file(blocks: &[(u8, &[u8])]) -> Vec<u8> {
        let mut file = b"fLaC".to_vec();
        for (k, (kind, content)) in blocks.iter().enumerate() {
            file.push(kind | if k + 1 == blocks.len() { 0x80 } else { 0 });
            file.extend(&(content.len() as u32).to_be_bytes()[1..]);
            file.extend(*content);
        }
        file
    }

    pub(crate) fn stream_info(samples: u64) -> Vec<u8> {
        let mut info = [3_840u16.to_be_bytes(), 3_840u16.to_be_bytes()].concat();
        info.extend([0; 6]);
        info.extend((16_000u64 << 44 | 15 << 36 | samples).to_be_bytes());
        info.extend([9; 16]);
        info
    }

    /// [`SOUND`] with a point for each clip.
    pub(crate) fn sound() -> Vec<u8> {
        let starts: Vec<usize> =
            (0..SOUND.len()).filter(|&at| crate::flac::frame_head(&SOUND[at..]).is_some()).collect();
        let point = |k: usize| {
            [&(k as u64 * 3_840).to_be_bytes()[..], &((starts[k] - starts[0]) as u64).to_be_bytes(), &[15, 0]]
                .concat()
        };
        let table: Vec<u8> = (0..starts.len()).step_by(4).flat_map(point).collect();
        [file(&[(0, &SOUND[8..42]), (3, &table)]), SOUND[starts[0]..].to_vec()].concat()
    }

    fn found(file: &[u8]) -> Result<Head, &'static str> {
        served(&mut Sparse::new(file.len() as u64), of(file), read).0
    }

    #[test]
    fn a_real_files_head_is_read_from_its_beginning_alone() {
        let (found, fetched) = served(&mut Sparse::new(SOUND.len() as u64), of(SOUND), read);
        let head = found.unwrap();
        assert_eq!((head.rate, head.channels, head.samples, head.block), (16_000, 1, 245_760, Some(3_840)));
        let first = 0..(SOUND.len() as u64).min(1 << 16);
        assert!(fetched.iter().eq([&first]));
        let frames = &SOUND[head.frames as usize..];
        assert_eq!(crate::flac::frame_head(frames).map(|frame| frame.number), Some(0));
        assert_eq!(head.alone(245_760)[..26], [b"fLaC\x80\0\0\x22", &SOUND[8..26]].concat()[..]);
    }

    #[test]
    fn blocks_before_and_behind_the_table_are_stepped_over_without_being_fetched() {
        let (info, picture) = (stream_info(7), vec![1; 900_000]);
        let bytes = file(&[(0, &info), (6, &picture), (3, &[0; 41]), (1, &picture)]);
        let bytes = [&bytes[..], &[0xff; 9]].concat();
        let (found, fetched) = served(&mut Sparse::new(bytes.len() as u64), of(&bytes), read);
        let head = found.unwrap();
        assert_eq!((head.table, head.frames), (Some((900_050, 2)), bytes.len() as u64 - 9));
        assert_eq!(fetched, [0..65_536, 851_968..917_504]);
    }

    #[test]
    fn what_is_no_flac_or_nothing_but_a_head_is_told_of() {
        for other in [
            &b""[..],
            b"<!doctype html><html>",
            b"OggS",
            b"fLaC\0\0\0\x22",
            &SOUND[..40],
            b"fLaC\x03\0\0\x22",
        ] {
            assert!(found(other).is_err(), "{other:?}");
        }
        assert_eq!(found(&file(&[(0, &stream_info(7))])), Err("ends with its head"));
        let many: Vec<(u8, &[u8])> = vec![(1, &[]); 80];
        let many = file(&[&[(0, &stream_info(7)[..])], &many[..]].concat());
        assert_eq!(found(&many), Err("has more in its head than a sound needs"));
    }

    proptest! {
        #[test]
        fn any_bytes_can_be_read(bytes: Vec<u8>, cut in any::<prop::sample::Index>(), flip in any::<(prop::sample::Index, u8)>()) {
            let _ = found(&[b"fLaC", &bytes[..]].concat());
            let mut damaged = SOUND[..cut.index(SOUND.len())].to_vec();
            if !damaged.is_empty() {
                let at = flip.0.index(damaged.len().min(90));
                damaged[at] ^= flip.1;
            }
            if let Ok(head) = found(&damaged) {
                prop_assert!(head.frames < damaged.len() as u64);
            }
        }

        #[test]
        fn a_head_for_some_frames_says_how_many_samples_they_have(samples: u64) {
            let head = found(&[&file(&[(0, &stream_info(5))])[..], &[0]].concat()).unwrap();
            let alone = head.alone(samples).to_vec();
            let again = found(&[&alone[..], &[0]].concat()).unwrap();
            prop_assert_eq!(again.samples, if samples < 1 << 36 { samples } else { 0 });
            prop_assert_eq!((again.rate, again.channels, again.block), (16_000, 1, Some(3_840)));
        }
    }
}
