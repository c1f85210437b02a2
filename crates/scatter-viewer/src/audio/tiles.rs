//! Unpacked sound in tiles of equal length, of which the last used are kept.

use std::cell::Cell;
use std::collections::HashMap;
use std::ops::Range;

/// Bytes of unpacked sound that are kept: nine minutes at 16 kHz, or 546 clips.
pub const KEPT: usize = 32 << 20;
/// Least and most samples of a tile: a frame, and four seconds.
const SIZES: (u64, u64) = (3_840, 1 << 16);

/// The tiles of one sound.
#[derive(Debug)]
pub struct Tiles {
    size: u64,
    samples: u64,
    most: usize,
    bytes: usize,
    kept: HashMap<u64, Tile>,
    turn: Cell<u64>,
}

#[derive(Debug)]
struct Tile {
    samples: Vec<f32>,
    used: Cell<u64>,
}

impl Tiles {
    /// No tiles yet of a sound of `samples`, to be kept up to `most` bytes. A tile is about as long as `step`: a hop, so that a
    /// clip takes no more than it needs, or a clip, where hops are longer.
    pub fn new(step: u64, samples: u64, most: usize) -> Self {
        let size = step.clamp(SIZES.0, SIZES.1);
        Self { size, samples, most, bytes: 0, kept: HashMap::new(), turn: Cell::new(0) }
    }

    /// Samples of a tile.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Samples of the whole sound.
    pub fn samples(&self) -> u64 {
        self.samples
    }

    /// The tiles that hold `samples`.
    pub fn of(&self, samples: &Range<u64>) -> Range<u64> {
        let end = samples.end.min(self.samples);
        if samples.start < end { samples.start / self.size..end.div_ceil(self.size) } else { 0..0 }
    }

    /// The samples of `tiles`.
    pub fn span(&self, tiles: &Range<u64>) -> Range<u64> {
        let edge = |tile: u64| tile.saturating_mul(self.size).min(self.samples);
        edge(tiles.start)..edge(tiles.end)
    }

    /// Whether `tile` is at hand.
    pub fn has(&self, tile: u64) -> bool {
        self.kept.contains_key(&tile)
    }

    /// Whether all of `samples` that the sound has is at hand.
    pub fn covers(&self, samples: &Range<u64>) -> bool {
        self.of(samples).all(|tile| self.has(tile))
    }

    /// The end of what is at hand from sample `from` on, `most` samples at most.
    pub fn reach(&self, from: u64, most: u64) -> u64 {
        let until = from.saturating_add(most).min(self.samples);
        let missing = self.of(&(from..until)).find(|&tile| !self.has(tile));
        missing.map_or(until, |tile| tile.saturating_mul(self.size).clamp(from.min(until), until))
    }

    /// Keeps `samples`, which begin with sample `from` of the sound, as far as they fill `tiles`. A tile that they do not
    /// reach is kept as it is: shorter, or empty.
    pub fn put(&mut self, tiles: Range<u64>, from: u64, samples: &[f32]) {
        for tile in tiles {
            let span = self.span(&(tile..tile + 1));
            let at = |sample: u64| {
                usize::try_from(sample.saturating_sub(from)).unwrap_or(usize::MAX).min(samples.len())
            };
            let part = samples[at(span.start)..at(span.end).max(at(span.start))].to_vec();
            self.bytes += part.len() * size_of::<f32>();
            let used = Cell::new(self.next_turn());
            if let Some(before) = self.kept.insert(tile, Tile { samples: part, used }) {
                self.bytes -= before.samples.len() * size_of::<f32>();
            }
        }
        while self.bytes > self.most && self.kept.len() > 1 {
            let oldest = self.kept.iter().min_by_key(|(_, tile)| tile.used.get()).map(|(&tile, _)| tile);
            let Some(gone) = oldest.and_then(|tile| self.kept.remove(&tile)) else { return };
            self.bytes -= gone.samples.len() * size_of::<f32>();
        }
    }

    /// The samples of `range`, cut at the end of what there is; `None` when nothing is left, or not all is at hand.
    pub fn read(&self, range: &Range<u64>) -> Option<Vec<f32>> {
        let range = range.start..range.end.min(self.samples);
        let mut samples = Vec::new();
        let mut place = range.start;
        for tile in self.of(&range) {
            let kept = self.kept.get(&tile)?;
            kept.used.set(self.next_turn());
            let first = tile * self.size;
            let (from, to) = ((place - first) as usize, (range.end - first).min(self.size) as usize);
            let to = to.min(kept.samples.len());
            samples.extend_from_slice(kept.samples.get(from..to).unwrap_or_default());
            place = first + self.size;
            // What comes behind a gap would be at another time.
            if (to as u64) < self.size {
                break;
            }
        }
        (!samples.is_empty()).then_some(samples)
    }

    fn next_turn(&self) -> u64 {
        self.turn.set(self.turn.get() + 1);
        self.turn.get()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sound(samples: Range<u64>) -> Vec<f32> {
        samples.map(|k| k as f32).collect()
    }

    proptest! {
        #[test]
        fn what_is_read_is_the_sound_whatever_came_in_what_pieces(
            hop in 1u64..20_000, samples in 1u64..100_000, pieces in prop::collection::vec((0u64..30, 0u64..6, 0u64..5_000), 0..30),
            start in 0u64..100_000, count in 1u64..30_000,
        ) {
            let mut tiles = Tiles::new(hop, samples, KEPT);
            let all = tiles.of(&(0..samples)).end;
            for (first, more, early) in pieces {
                let run = first.min(all)..(first + more).min(all).max(first.min(all));
                let span = tiles.span(&run);
                let from = span.start.saturating_sub(early);
                tiles.put(run, from, &sound(from..span.end + 7));
            }
            let range = start..start + count;
            let found = tiles.read(&range);
            let known = tiles.covers(&range) && start < samples;
            prop_assert_eq!(found, known.then(|| sound(start..(start + count).min(samples))));
            let reach = tiles.reach(start.min(samples), count);
            prop_assert!(tiles.covers(&(start.min(samples)..reach)));
            prop_assert!(reach == (start.min(samples) + count).min(samples) || !tiles.has(reach / tiles.size()));
        }
    }

    #[test]
    fn the_tiles_used_last_are_kept() {
        let mut tiles = Tiles::new(15_360, 100 * 15_360, 10 * 15_360 * 4);
        for tile in 0..10 {
            tiles.put(tile..tile + 1, tile * 15_360, &sound(tile * 15_360..(tile + 1) * 15_360));
        }
        assert!(tiles.read(&(0..10)).is_some());
        tiles.put(50..53, 50 * 15_360, &sound(50 * 15_360..53 * 15_360));
        assert!(
            tiles.has(0) && !tiles.has(1) && !tiles.has(2) && !tiles.has(3) && tiles.has(4) && tiles.has(52)
        );
        assert_eq!((tiles.kept.len(), tiles.bytes), (10, 10 * 15_360 * 4));
        tiles.put(50..51, 50 * 15_360, &sound(0..15_360));
        assert_eq!((tiles.kept.len(), tiles.bytes), (10, 10 * 15_360 * 4));
    }

    #[test]
    fn sound_that_ends_too_early_is_cut_there_and_not_asked_for_again() {
        let mut tiles = Tiles::new(10_000, 30_000, KEPT);
        tiles.put(0..3, 0, &sound(0..12_000));
        assert!(tiles.covers(&(0..30_000)));
        assert_eq!(tiles.read(&(9_000..25_000)), Some(sound(9_000..12_000)));
        assert_eq!(tiles.read(&(20_000..25_000)), None);
    }
}
