//! Whether fetched frames are those that were asked for, before the browser unpacks them.

use super::head::Head;
use super::seek::Stretch;
use crate::flac::{frame_head, samples_in};

/// Most samples that are unpacked at once, of all channels: 32 MB.
const MOST_SAMPLES: u64 = 1 << 23;

/// Why frames are not unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No frame begins where the seek table says so, or another one.
    Elsewhere,
    /// They hold so many samples.
    TooLong(u64),
}

/// Whether `bytes` begin with the first frame of `stretch`, and hold no more than can be unpacked. Whether each frame is
/// whole the decoder finds out, by their checksums.
///
/// # Errors
/// What speaks against it.
pub fn check(head: &Head, stretch: &Stretch, bytes: &[u8]) -> Result<(), Fault> {
    let first = frame_head(bytes).ok_or(Fault::Elsewhere)?;
    let sample = match head.block.filter(|_| !first.varies) {
        Some(block) => first.number.saturating_mul(block.into()),
        None => first.number,
    };
    if sample != stretch.samples.start {
        return Err(Fault::Elsewhere);
    }
    let samples = samples_in(bytes, bytes.len());
    match samples.saturating_mul(head.channels.into()) <= MOST_SAMPLES {
        true => Ok(()),
        false => Err(Fault::TooLong(samples)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::head;
    use super::super::head::tests::sound;
    use super::super::seek::stretch;
    use super::super::sparse::Sparse;
    use super::super::sparse::tests::{of, served};
    use super::*;
    use crate::flac::crc8;

    #[test]
    fn the_frames_of_a_real_file_are_those_that_its_table_names() {
        let sound = sound();
        let mut sparse = Sparse::new(sound.len() as u64);
        let head = served(&mut sparse, of(&sound), head::read).0.unwrap();
        let found =
            served(&mut sparse, of(&sound), |s| stretch(s, &head, 245_760, 30_720..46_080)).0.unwrap();
        let bytes = &sound[found.bytes.start as usize..found.bytes.end as usize];
        assert_eq!(found.samples, 30_720..46_080);
        assert_eq!(check(&head, &found, bytes), Ok(()));
        assert_eq!(samples_in(bytes, bytes.len()), 15_360);
        assert_eq!(check(&head, &found, &bytes[1..]), Err(Fault::Elsewhere));
        let other = Stretch { samples: 15_360..46_080, ..found };
        assert_eq!(check(&head, &other, bytes), Err(Fault::Elsewhere));
    }

    #[test]
    fn days_of_silence_are_seen_through() {
        let sound = sound();
        let head = served(&mut Sparse::new(sound.len() as u64), of(&sound), head::read).0.unwrap();
        let mut frame = vec![0xff, 0xf8, 0x70, 0x08, 0x00, 0xff, 0xfe];
        frame.push(frame.iter().fold(0, |sum, &byte| crc8(sum ^ byte)));
        frame.extend([0, 0, 0, 0, 0]);
        let bytes = frame.repeat(1_000);
        let stretch = Stretch { samples: 0..15_360, bytes: 0..bytes.len() as u64 };
        assert_eq!(check(&head, &stretch, &bytes), Err(Fault::TooLong(65_535_000)));
        assert_eq!(check(&head, &stretch, &frame), Ok(()));
    }
}
