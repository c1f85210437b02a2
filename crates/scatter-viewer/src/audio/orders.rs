//! What is fetched next: what is wanted now before what may be wanted soon, never too much at once, neighbours together.

use std::collections::HashSet;
use std::ops::Range;

/// Most requests under way at once: browsers open six to a host, and pictures want some.
const MOST: usize = 4;
/// Most of them for what may be wanted soon, and none while something wanted is on its way: that has the line for itself.
const MOST_AHEAD: usize = 2;
/// Samples that one request brings at most, where more than a tile is asked for: 8 s.
const JOINED: u64 = 1 << 17;
/// Tiles that are remembered as broken; a file with more is asked for them again.
const MOST_BROKEN: usize = 10_000;

/// What is under way, and what need not be tried again.
#[derive(Debug, Default)]
pub struct Orders {
    under_way: Vec<Range<u64>>,
    broken: HashSet<u64>,
}

impl Orders {
    /// The tiles to fetch now, if any: `wanted` come first, in their order, then those `near`. `size` is a tile's, in
    /// samples. They are under way from now on.
    pub fn next(
        &mut self,
        wanted: &[u64],
        near: &[u64],
        size: u64,
        at_hand: impl Fn(u64) -> bool,
    ) -> Option<Range<u64>> {
        let open = |tile: &u64| !at_hand(*tile) && !self.is_under_way(*tile) && !self.broken.contains(tile);
        let first = |tiles: &[u64]| tiles.iter().copied().find(open);
        let busy = self.under_way.len();
        let (tile, among) = match first(wanted) {
            Some(tile) => (Some(tile).filter(|_| busy < MOST)?, wanted),
            None if wanted.iter().any(|&tile| self.is_under_way(tile)) => return None,
            None => (first(near).filter(|_| busy < MOST_AHEAD)?, near),
        };
        let most = (JOINED / size.max(1)).max(1);
        let among: HashSet<u64> = among.iter().copied().filter(open).collect();
        let mut run = tile..tile + 1;
        while run.end - run.start < most && among.contains(&run.end) {
            run.end += 1;
        }
        while run.end - run.start < most && run.start > 0 && among.contains(&(run.start - 1)) {
            run.start -= 1;
        }
        self.under_way.push(run.clone());
        Some(run)
    }

    /// Whether `tile` is on its way.
    pub fn is_under_way(&self, tile: u64) -> bool {
        self.under_way.iter().any(|run| run.contains(&tile))
    }

    /// `run` has come, or will not.
    pub fn over(&mut self, run: &Range<u64>) {
        self.under_way.retain(|other| other != run);
    }

    /// What lies in `run` is broken: trying again would not help.
    pub fn broken(&mut self, run: Range<u64>) {
        if self.broken.len() < MOST_BROKEN {
            self.broken.extend(run);
        }
    }

    /// Whether one of `tiles` is broken.
    pub fn is_broken(&self, mut tiles: Range<u64>) -> bool {
        tiles.any(|tile| self.broken.contains(&tile))
    }
}

/// `tiles`, ascending, in runs of at most `most` samples: one tile that is not among them is brought along rather than asked for
/// around. `size` is a tile's, in samples.
pub fn runs(tiles: impl IntoIterator<Item = u64>, size: u64, most: u64) -> Vec<Range<u64>> {
    let most = (most / size.max(1)).max(1);
    let mut runs: Vec<Range<u64>> = Vec::new();
    for tile in tiles {
        match runs.last_mut() {
            Some(run) if tile <= run.end + 1 && tile + 1 - run.start <= most => {
                run.end = run.end.max(tile + 1);
            }
            _ => runs.push(tile..tile + 1),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CLIP: u64 = 15_360;

    #[test]
    fn what_is_wanted_goes_first_and_alone() {
        let mut orders = Orders::default();
        let near = [8, 9, 7, 10, 40];
        assert_eq!(orders.next(&[8], &near, CLIP, |_| false), Some(8..9));
        assert_eq!(orders.next(&[8], &near, CLIP, |_| false), None);
        // What is near it comes then, in one piece, but does not take all of the line.
        orders.over(&(8..9));
        assert_eq!(orders.next(&[8], &near, CLIP, |tile| tile == 8), Some(9..11));
        assert_eq!(orders.next(&[8], &near, CLIP, |tile| tile == 8), Some(7..8));
        assert_eq!(orders.next(&[8], &near, CLIP, |tile| tile == 8), None);
        assert_eq!(orders.next(&[90], &near, CLIP, |_| false), Some(90..91));
        assert_eq!(orders.next(&[91], &near, CLIP, |_| false), Some(91..92));
        assert_eq!(orders.next(&[92], &near, CLIP, |_| false), None);
        orders.over(&(90..91));
        assert_eq!(orders.next(&[92], &near, CLIP, |_| false), Some(92..93));
    }

    #[test]
    fn a_run_is_one_request_of_so_much_at_most() {
        let mut orders = Orders::default();
        let wanted: Vec<u64> = (100..160).collect();
        assert_eq!(orders.next(&wanted, &[], CLIP, |tile| tile == 100), Some(101..109));
        assert_eq!(orders.next(&wanted, &[], CLIP, |tile| tile == 100), Some(109..117));
        // A tile longer than that comes by itself.
        assert_eq!(Orders::default().next(&wanted, &[], 1 << 20, |_| false), Some(100..101));
    }

    #[test]
    fn runs_bring_single_gaps_along_and_stay_short() {
        assert_eq!(runs([1, 2, 4, 7, 8], CLIP, 1 << 20), [1..5, 7..9]);
        assert_eq!(runs(0..10, CLIP, 4 * CLIP), [0..4, 4..8, 8..10]);
        assert_eq!(runs([5, 5, 6], 1 << 30, 1), [5..6, 6..7]);
        assert!(runs([], CLIP, 9).is_empty());
    }

    #[test]
    fn what_is_broken_is_not_tried_again() {
        let mut orders = Orders::default();
        let run = orders.next(&[3], &[], CLIP, |_| false).unwrap();
        orders.over(&run);
        orders.broken(run);
        assert!(orders.is_broken(2..4) && !orders.is_broken(4..9));
        assert_eq!(orders.next(&[3], &[2, 3, 4], CLIP, |_| false), Some(2..3));
    }

    proptest! {
        #[test]
        fn nothing_is_fetched_twice_or_unasked_and_all_that_is_wanted_comes(
            wanted in prop::collection::vec(0u64..60, 0..30), near in prop::collection::vec(0u64..60, 0..30), size in 1u64..100_000,
        ) {
            let mut orders = Orders::default();
            let mut at_hand = HashSet::new();
            let mut flying: Vec<Range<u64>> = Vec::new();
            loop {
                while let Some(run) = orders.next(&wanted, &near, size, |tile| at_hand.contains(&tile)) {
                    for tile in run.clone() {
                        prop_assert!(wanted.contains(&tile) || near.contains(&tile));
                        prop_assert!(!at_hand.contains(&tile) && flying.iter().all(|r| !r.contains(&tile)));
                    }
                    flying.push(run);
                    prop_assert!(flying.len() <= MOST);
                }
                let Some(run) = flying.pop() else { break };
                orders.over(&run);
                at_hand.extend(run);
            }
            prop_assert!(wanted.iter().chain(&near).all(|tile| at_hand.contains(tile)));
        }
    }
}
