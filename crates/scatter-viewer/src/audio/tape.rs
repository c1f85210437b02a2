//! A long sound in pieces that follow one another without a seam.
//!
//! Each piece fades in while the one before fades out, both in a line: as they are the same sound there, their sum is that
//! sound, also where the browser begins a piece a fraction of a sample too late. And each by itself comes and goes softly,
//! should the next one be late.

use std::ops::Range;

/// Samples in which two pieces overlap.
pub const OVERLAP: u64 = 80;
/// Samples of a piece at most: 4 s at 16 kHz.
const LONGEST: u64 = 1 << 16;

/// Seconds of the clock that are handed over before they are heard: more than a piece, whose end asks for the next one where no
/// frames are drawn.
pub const SCHEDULED: f64 = 6.0;
/// Seconds that are fetched beyond them, and how few of them are left when the next are fetched.
pub const READ: f64 = 10.0;
/// See [`READ`].
pub const WAITS: f64 = 4.0;

/// A piece of a sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its samples, with what the next piece has, too.
    pub samples: Range<u64>,
    /// Where the next piece begins; `None` behind the last.
    pub next: Option<u64>,
}

/// The piece that begins with sample `from` of a sound of `whole` samples, where those before `reach` are at hand; `None` where
/// that is too little.
pub fn piece(from: u64, reach: u64, whole: u64) -> Option<Piece> {
    let end = reach.min(from.saturating_add(LONGEST)).min(whole);
    // The last piece has room for both its fades.
    let end = if end < whole { end.min(whole.saturating_sub(OVERLAP)) } else { end };
    match end {
        end if end == whole && from < end => Some(Piece { samples: from..end, next: None }),
        end if end >= from.saturating_add(2 * OVERLAP) => {
            Some(Piece { samples: from..end, next: Some(end - OVERLAP) })
        }
        _ => None,
    }
}

/// Fades a piece in and out over what it shares with those before and behind it; what begins or ends the sound, too.
pub fn fade(samples: &mut [f32]) {
    let count = samples.len();
    let overlap = (OVERLAP as usize).min(count / 2);
    for k in 0..overlap {
        // Two levels that add up to 1, sample by sample.
        samples[k] *= k as f32 / overlap as f32;
        samples[count - overlap + k] *= (overlap - k) as f32 / overlap as f32;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pieces_add_up_to_the_sound(
            sound in prop::collection::vec(-1f32..1.0, 400..4_000), steps in prop::collection::vec(1u64..900, 1..60),
        ) {
            let whole = sound.len() as u64;
            let mut sum = vec![0.0; sound.len()];
            let (mut at, mut reach) = (Some(0), 0);
            for step in steps.iter().cycle() {
                reach += step;
                let Some(from) = at else { break };
                let Some(found) = piece(from, reach, whole) else { continue };
                let range = found.samples.start as usize..found.samples.end as usize;
                let mut part = sound[range.clone()].to_vec();
                fade(&mut part);
                sum[range].iter_mut().zip(part).for_each(|(sum, v)| *sum += v);
                at = found.next;
            }
            let inner = OVERLAP as usize..sound.len() - OVERLAP as usize;
            for k in inner {
                prop_assert!((sum[k] - sound[k]).abs() < 1e-5, "sample {k}: {} of {}", sum[k], sound[k]);
            }
        }
    }

    #[test]
    fn a_piece_waits_until_enough_is_there_and_is_never_too_long() {
        assert_eq!(piece(100, 200, 9_999), None);
        assert_eq!(piece(100, 260, 9_999), Some(Piece { samples: 100..260, next: Some(180) }));
        assert_eq!(piece(9_990, 9_999, 9_999), Some(Piece { samples: 9_990..9_999, next: None }));
        assert_eq!(piece(9_999, 9_999, 9_999), None);
        let long = piece(0, 1 << 30, 1 << 30).unwrap();
        assert_eq!(long, Piece { samples: 0..LONGEST, next: Some(LONGEST - OVERLAP) });
    }
}
