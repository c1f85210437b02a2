//! A set of points, a bit each: which are shown, which are selected.

/// Bits of a word.
const WORD: usize = 64;

/// A set of points `0..len`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PointSet {
    words: Vec<u64>,
    len: usize,
}

impl PointSet {
    /// None of `len` points.
    pub fn none(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(WORD)], len }
    }

    /// All of `len` points.
    pub fn all(len: usize) -> Self {
        let mut set = Self { words: vec![u64::MAX; len.div_ceil(WORD)], len };
        set.trim();
        set
    }

    /// Those of `points` that are among the `len`.
    pub fn of(len: usize, points: impl IntoIterator<Item = usize>) -> Self {
        let mut set = Self::none(len);
        points.into_iter().for_each(|point| set.insert(point));
        set
    }

    /// The points `start..=end` of each range, cut to the `len` that there are.
    pub fn of_ranges(len: usize, ranges: &[(usize, usize)]) -> Self {
        let mut sorted = ranges.to_vec();
        sorted.sort_unstable();
        let (mut set, mut next) = (Self::none(len), 0);
        // Each point once, however often ranges say it.
        for (start, end) in sorted {
            let end = end.saturating_add(1).min(len);
            (start.max(next)..end).for_each(|point| set.insert(point));
            next = next.max(end);
        }
        set
    }

    /// Number of points that could be in it.
    pub fn capacity(&self) -> usize {
        self.len
    }

    /// Adds `point`, if there is such a one.
    pub fn insert(&mut self, point: usize) {
        if point < self.len {
            self.words[point / WORD] |= 1 << (point % WORD);
        }
    }

    /// Takes `point` out.
    pub fn remove(&mut self, point: usize) {
        if point < self.len {
            self.words[point / WORD] &= !(1 << (point % WORD));
        }
    }

    /// Whether `point` is in it.
    pub fn contains(&self, point: usize) -> bool {
        point < self.len && self.words[point / WORD] >> (point % WORD) & 1 == 1
    }

    /// Number of points in it.
    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether no point is in it.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    /// The points in it, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(k, &word)| {
            let rest = |w: u64| (w & (w - 1) != 0).then_some(w & w.wrapping_sub(1));
            std::iter::successors((word != 0).then_some(word), move |&w| rest(w))
                .map(move |w| k * WORD + w.trailing_zeros() as usize)
        })
    }

    /// Runs of points that follow each other, first and last of each, ascending.
    pub fn ranges(&self) -> Vec<(usize, usize)> {
        let mut ranges: Vec<(usize, usize)> = Vec::new();
        for point in self.iter() {
            match ranges.last_mut() {
                Some((_, end)) if *end + 1 == point => *end = point,
                _ => ranges.push((point, point)),
            }
        }
        ranges
    }

    /// Adds the points of `other`.
    pub fn add(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a |= b);
        self.trim();
    }

    /// Takes the points of `other` out.
    pub fn take(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= !b);
    }

    /// Keeps what is in `other` as well.
    pub fn keep(&mut self, other: &Self) {
        let others = other.words.iter().copied().chain(std::iter::repeat(0));
        self.words.iter_mut().zip(others).for_each(|(a, b)| *a &= b);
    }

    /// Turns in and out around.
    pub fn invert(&mut self) {
        self.words.iter_mut().for_each(|word| *word = !*word);
        self.trim();
    }

    /// Takes out what lies beyond the last point.
    fn trim(&mut self) {
        if let Some(last) = self.words.last_mut().filter(|_| !self.len.is_multiple_of(WORD)) {
            *last &= (1 << (self.len % WORD)) - 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_does_what_a_tree_of_numbers_does(
            len in 0usize..300,
            a in prop::collection::vec(0usize..320, 0..80),
            b in prop::collection::vec(0usize..320, 0..80),
        ) {
            let tree = |points: &[usize]| points.iter().copied().filter(|&p| p < len).collect::<BTreeSet<_>>();
            let (x, y) = (tree(&a), tree(&b));
            let (s, t) = (PointSet::of(len, a.iter().copied()), PointSet::of(len, b.iter().copied()));
            let same = |set: &PointSet, tree: BTreeSet<usize>| {
                set.iter().eq(tree.iter().copied()) && set.count() == tree.len() && set.is_empty() == tree.is_empty()
                    && (0..len + 70).all(|p| set.contains(p) == tree.contains(&p))
            };
            let with = |act: fn(&mut PointSet, &PointSet)| {
                let mut set = s.clone();
                act(&mut set, &t);
                set
            };
            prop_assert!(same(&s, x.clone()));
            prop_assert!(same(&with(PointSet::add), &x | &y));
            prop_assert!(same(&with(PointSet::take), &x - &y));
            prop_assert!(same(&with(PointSet::keep), &x & &y));
            let mut turned = s.clone();
            turned.invert();
            prop_assert!(same(&turned, &(0..len).collect() - &x));
            prop_assert_eq!(PointSet::of_ranges(len, &s.ranges()), s);
            prop_assert!(same(&PointSet::all(len), (0..len).collect()));
        }
    }

    #[test]
    fn ranges_are_as_few_as_can_be_and_beyond_the_end_there_is_nothing() {
        assert_eq!(PointSet::of(200, [5, 3, 4, 63, 64, 199, 200]).ranges(), [(3, 5), (63, 64), (199, 199)]);
        assert_eq!(
            PointSet::of_ranges(4, &[(2, usize::MAX), (9, 3), (2, 2), (0, 0)]).ranges(),
            [(0, 0), (2, 3)]
        );
        let often = vec![(0, usize::MAX); 100_000];
        assert_eq!(PointSet::of_ranges(1_000_000, &often).count(), 1_000_000);
    }
}
