//! Where samples lie in a FLAC file, found in its seek table (RFC 9639, section 8.5) by reading as few of its points as can be.

use std::ops::Range;

use super::head::{Head, POINT};
use super::sparse::{Lack, Sparse};

/// Steps of a search that guess where a point lies if the sound is even; then it halves.
const GUESSES: usize = 4;
/// Most bytes that are fetched for one stretch of sound: a minute at the worst.
pub const MOST_BYTES: u64 = 8 << 20;
/// A file whose points are further apart than these bytes or samples, on average, is fetched whole.
const WIDEST: u64 = 1 << 20;

/// Whole frames in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The samples that they hold.
    pub samples: Range<u64>,
    /// Where they lie in the file.
    pub bytes: Range<u64>,
}

/// Whether a clip of a file of `length` bytes and `samples` can be found without reading much more than the clip.
pub fn serves(head: &Head, length: u64, samples: u64) -> bool {
    let longest = length.saturating_sub(head.frames).max(samples);
    head.table.is_some_and(|(_, points)| longest / points <= WIDEST)
}

/// The frames that hold the samples `wanted` of a file with `samples` in all; more than them where there is no point.
///
/// # Errors
/// What is to be fetched first, or that the table leads nowhere.
pub fn stretch(file: &Sparse, head: &Head, samples: u64, wanted: Range<u64>) -> Result<Stretch, Lack> {
    let Some((_, points)) = head.table else { return Err(Lack::Broken("has no seek table")) };
    let table = Table { file, head, points, samples };
    let after = table.first_from(0, wanted.start.saturating_add(1))?;
    // The frames before the first point begin with the file's first sample.
    let (from, start) = match after.checked_sub(1) {
        Some(point) => table.point(point)?.ok_or(LOST)?,
        None => (0, head.frames),
    };
    let end = table.first_from(after, wanted.end)?;
    let (to, end) = match table.point(end)? {
        Some((sample, at)) if sample < samples => (sample, at),
        _ => (samples, file.length()),
    };
    let found = Stretch { samples: from..to, bytes: start..end };
    match from <= wanted.start && wanted.start < to && start < end && end - start <= MOST_BYTES {
        true => Ok(found),
        false => Err(LOST),
    }
}

const LOST: Lack = Lack::Broken("has a seek table that leads nowhere");

struct Table<'a> {
    file: &'a Sparse,
    head: &'a Head,
    points: u64,
    samples: u64,
}

impl Table<'_> {
    /// Sample and place of point `k`; `None` behind the last, where placeholders may stand.
    fn point(&self, k: u64) -> Result<Option<(u64, u64)>, Lack> {
        let Some((at, _)) = self.head.table.filter(|_| k < self.points) else { return Ok(None) };
        let bytes = self.file.read::<{ POINT as usize }>(at + k * POINT)?;
        let number = |bytes: &[u8]| bytes.iter().fold(0u64, |sum, &byte| sum << 8 | u64::from(byte));
        let sample = number(&bytes[..8]);
        if sample == u64::MAX {
            return Ok(None);
        }
        let at = self.head.frames.checked_add(number(&bytes[8..16])).filter(|&at| at < self.file.length());
        Ok(Some((sample, at.ok_or(LOST)?)))
    }

    /// The first point from `low` on whose sample is not before `sample`; the number of points where there is none.
    fn first_from(&self, mut low: u64, sample: u64) -> Result<u64, Lack> {
        let mut high = self.points;
        // Samples of the points before `low` and at `high`.
        let (mut before, mut behind) = (0, self.samples);
        if let Some(k) = low.checked_sub(1) {
            before = self.point(k)?.map_or(self.samples, |(sample, _)| sample);
        }
        let mut step = 0;
        while low < high {
            let room = behind.saturating_sub(before).max(1);
            let share = sample.saturating_sub(before).min(room);
            let guess = (u128::from(high - low) * u128::from(share) / u128::from(room)) as u64;
            let guess = if step < GUESSES { low + guess } else { low.midpoint(high) }.min(high - 1);
            let found = self.point(guess)?.map_or(u64::MAX, |(sample, _)| sample);
            if found < sample {
                (low, before) = (guess + 1, found);
            } else {
                (high, behind) = (guess, found.min(self.samples));
            }
            step += 1;
        }
        Ok(low)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::head;
    use super::super::head::tests::{file, stream_info};
    use super::super::sparse::tests::served;
    use super::*;

    /// A file with a point for each of `points` (sample, offset), `frames` bytes of frames, and its head.
    struct Made {
        head: Vec<u8>,
        length: u64,
        read: Head,
    }

    fn made(samples: u64, points: &[(u64, u64)], frames: u64) -> Made {
        let table: Vec<u8> = points
            .iter()
            .flat_map(|(sample, offset)| {
                [&sample.to_be_bytes()[..], &offset.to_be_bytes(), &[15, 0]].concat()
            })
            .collect();
        let head = file(&[(0, &stream_info(samples)), (3, &table)]);
        let length = head.len() as u64 + frames;
        let read = served(&mut Sparse::new(length), bytes(&head), head::read).0.unwrap();
        Made { head, length, read }
    }

    /// The head's bytes, and zeros behind.
    fn bytes(head: &[u8]) -> impl Fn(Range<u64>) -> Vec<u8> + '_ {
        |range| range.map(|at| head.get(at as usize).copied().unwrap_or(0)).collect()
    }

    fn find(made: &Made, samples: u64, wanted: Range<u64>) -> (Result<Stretch, &'static str>, usize) {
        let mut sparse = Sparse::new(made.length);
        let (found, fetched) =
            served(&mut sparse, bytes(&made.head), |s| stretch(s, &made.read, samples, wanted.clone()));
        (found, fetched.len())
    }

    #[test]
    fn a_clip_of_a_million_is_found_by_one_piece_of_the_table_and_lies_beyond_four_gigabytes() {
        let (clips, size) = (932_067, 30_749);
        let points: Vec<_> = (0..clips).map(|k| (k * 15_360, k * size)).collect();
        let made = made(clips * 15_360, &points, clips * size);
        for clip in [0, 1, 3_000, 500_000, 700_001, clips - 1] {
            let (found, fetched) = find(&made, clips * 15_360, clip * 15_360..(clip + 1) * 15_360);
            let at = made.read.frames + clip * size;
            let wanted = Stretch { samples: clip * 15_360..(clip + 1) * 15_360, bytes: at..at + size };
            assert_eq!(found, Ok(wanted), "clip {clip}");
            // Two where its points lie on the edge of a piece.
            assert!(fetched <= 2, "{fetched} pieces for clip {clip}");
        }
        assert!(made.read.frames + 700_001 * size > 1 << 34);
    }

    #[test]
    fn placeholders_and_points_that_are_far_apart_are_as_good() {
        let none = (u64::MAX, 0);
        let made = made(100_000, &[(0, 0), (50_000, 700), none, none], 1_500);
        let at = made.read.frames;
        let of = |wanted| find(&made, 100_000, wanted).0.unwrap();
        assert_eq!(of(10..20), Stretch { samples: 0..50_000, bytes: at..at + 700 });
        assert_eq!(of(40_000..60_000), Stretch { samples: 0..100_000, bytes: at..at + 1_500 });
        assert_eq!(of(99_999..100_000), Stretch { samples: 50_000..100_000, bytes: at + 700..at + 1_500 });
        assert!(serves(&made.read, made.length, 100_000));
    }

    #[test]
    fn a_table_that_leads_nowhere_is_told_of() {
        for points in [&[(0, 9_999)][..], &[(0, 500), (50, 400)], &[(0, u64::MAX)], &[(0, 7), (50, 7)]] {
            let made = made(100, points, 1_000);
            assert_eq!(find(&made, 100, 0..30).0, Err("has a seek table that leads nowhere"), "{points:?}");
        }
        let far = made(1 << 30, &[(0, 0)], 1 << 30);
        assert!(find(&far, 1 << 30, 0..9).0.is_err() && !serves(&far.read, far.length, 1 << 30));
    }

    proptest! {
        #[test]
        fn the_nearest_points_around_what_is_wanted_are_found(
            steps in prop::collection::vec((1u64..90_000, 1u64..9_000), 1..400), last in 1u64..9_000, place: prop::sample::Index,
            count in 1u64..40_000,
        ) {
            let mut points = vec![(0, 0)];
            for (samples, size) in &steps {
                let &(sample, at) = points.last().unwrap();
                points.push((sample + samples, at + size));
            }
            let samples = points.last().unwrap().0 + 3_840;
            let made = made(samples, &points, points.last().unwrap().1 + last);
            let start = place.index(samples as usize) as u64;
            let wanted = start..(start + count).min(samples);
            let (found, _) = find(&made, samples, wanted.clone());
            let from = points.iter().rev().find(|p| p.0 <= wanted.start).unwrap();
            let end = (samples, made.length - made.read.frames);
            let to = points.iter().find(|p| p.0 >= wanted.end).unwrap_or(&end);
            let at = made.read.frames;
            prop_assert_eq!(found, Ok(Stretch { samples: from.0..to.0, bytes: at + from.1..at + to.1 }));
        }

        #[test]
        fn no_table_makes_a_search_endless_or_leads_out_of_the_file(
            points in prop::collection::vec((0u64..200, 0u64..300), 1..60), wild: Vec<(u64, u64)>, start in 0u64..200, count in 1u64..50,
        ) {
            let points = [points, wild].concat();
            let made = made(200, &points, 250);
            if let Ok(found) = find(&made, 200, start..start + count).0 {
                prop_assert!(found.bytes.start >= made.read.frames && found.bytes.end <= made.length);
                prop_assert!(found.bytes.start < found.bytes.end && found.samples.start <= start);
            }
        }
    }
}
