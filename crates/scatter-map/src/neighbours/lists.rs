//! Lists of near points, by rank.

use ndarray::Array2;
use rayon::prelude::*;

use super::Neighbours;
use super::space::Space;

/// Rank and number.
pub(super) type Entry = (f64, u32);

/// `[points, k]` entries, nearest first; of two of the same rank the lower number comes first.
pub(super) struct Lists {
    pub n: usize,
    pub k: usize,
    entries: Vec<Entry>,
}

impl Lists {
    pub fn new(n: usize, k: usize) -> Self {
        Self { n, k, entries: vec![(f64::INFINITY, u32::MAX); n * k] }
    }

    pub fn row(&self, point: usize) -> &[Entry] {
        &self.entries[point * self.k..(point + 1) * self.k]
    }

    /// The lists of `rows` points at a time, to be filled by many threads.
    pub fn blocks_mut(&mut self, rows: usize) -> impl IndexedParallelIterator<Item = Vec<&mut [Entry]>> {
        // A chunk of length 0 is refused; with one point there is nothing to fill.
        let k = self.k.max(1);
        self.entries.par_chunks_mut(rows * k).map(move |block| block.chunks_exact_mut(k).collect())
    }

    /// In the metric's own distances.
    pub fn neighbours(&self, space: &Space<'_>) -> Neighbours {
        let entry = |(point, place): (usize, usize)| self.row(point)[place];
        Neighbours {
            indices: Array2::from_shape_fn((self.n, self.k), |at| entry(at).1),
            distances: Array2::from_shape_fn((self.n, self.k), |at| space.distance(entry(at).0)),
        }
    }
}

pub(super) fn fill(list: &mut [Entry], nearest: &[(f64, usize)]) {
    list.iter_mut().zip(nearest).for_each(|(to, &(rank, other))| *to = (rank, other as u32));
}
