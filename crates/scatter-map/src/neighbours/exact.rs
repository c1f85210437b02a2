//! Exact search: every point against every other.

use ndarray::ArrayView2;
use rayon::prelude::*;

use super::lists::{Lists, fill};
use super::nearest::Nearest;
use super::space::{Space, products};
use super::{Metric, Neighbours, check};
use crate::MapError;

/// Squared distances held at a time by one task (32 MB of f32).
const BLOCK_VALUES: usize = 8 << 20;
/// Rows of one block: enough to keep the matrix product busy, few enough to share among threads.
const BLOCK_ROWS: usize = 128;
/// Points passed over at once where none of them is near: most are not, and so many fill the vector registers.
const RUN: usize = 64;

/// Finds the `k` nearest others of every point of `points` `[points, dimensions]`, exactly.
///
/// With fewer than `k` others, all of them are listed: the result has `min(k, points − 1)` columns.
///
/// A matrix product in f32 gives all distances with a known bound of error; every point that could be among the `k`
/// nearest within that bound is then measured again in f64. So the result is that of a plain double loop in f64, and
/// depends neither on blocks nor on threads. Time grows with the square of the number of points: 20,000 points of 50
/// dimensions take about 2 CPU-seconds.
///
/// # Errors
/// [`MapError::NoPoints`], [`MapError::NoDimensions`], [`MapError::NotFinite`]; [`MapError::Parameter`] when `k` is 0.
pub fn exact_neighbours(
    points: ArrayView2<'_, f32>,
    k: usize,
    metric: Metric,
) -> Result<Neighbours, MapError> {
    check(points, k)?;
    let space = Space::over(points, metric);
    Ok(exact_lists(&space, k.min(space.n - 1)).neighbours(&space))
}

/// The `k` nearest of each point, `k < n`.
pub(super) fn exact_lists(space: &Space<'_>, k: usize) -> Lists {
    let n = space.n;
    let mut lists = Lists::new(n, k);
    let rows = (BLOCK_VALUES / n).clamp(1, BLOCK_ROWS);
    lists.blocks_mut(rows).enumerate().for_each_init(Vec::new, |block_products, (block, mut lists)| {
        let first = block * rows;
        let all = space.scaled();
        products(all.subrows(first, lists.len()), all, block_products);
        for (offset, (list, products)) in lists.iter_mut().zip(block_products.chunks_exact(n)).enumerate() {
            fill(list, &nearest_of(space, k, first + offset, products));
        }
    });
    lists
}

/// Rank and number of the `k` nearest of `point`, by rank, then number. `products` `[n]` are its dot products.
fn nearest_of(space: &Space<'_>, k: usize, point: usize, products: &[f32]) -> Vec<(f64, usize)> {
    let mut upper = Nearest::new(k);
    // The reach only shrinks: who is beyond it once is beyond it at the end.
    let mut within = Vec::with_capacity(8 * k);
    for (run, products) in products.chunks(RUN).enumerate() {
        let first = run * RUN;
        // A bound was an f32 before, and is one again.
        if space.all_beyond(point, first, products, upper.furthest() as f32) {
            continue;
        }
        for (other, &product) in (first..).zip(products).filter(|&(other, _)| other != point) {
            let (low, high) = space.bounds(point, other, product);
            if f64::from(low) <= upper.furthest() {
                within.push((f64::from(low), other));
                upper.offer(f64::from(high), other);
            }
        }
    }
    let reach = upper.furthest();
    let mut nearest = Nearest::new(k);
    for &(_, other) in within.iter().filter(|&&(low, _)| low <= reach) {
        nearest.offer(space.rank(point, other), other);
        // Others are offered by rising number: nothing later can beat k equal points.
        if nearest.furthest() == 0.0 {
            break;
        }
    }
    nearest.into_sorted()
}
