//! Exact search: every point against every other.

use ndarray::{Array2, ArrayView2, Axis};
use rayon::prelude::*;

use super::nearest::Nearest;
use super::space::{Space, products};
use super::{Metric, Neighbours, check};
use crate::MapError;

/// Squared distances held at a time by one task (32 MB of f32).
const BLOCK_VALUES: usize = 8 << 20;
/// Rows of one block: enough to keep the matrix product busy, few enough to share among threads.
const BLOCK_ROWS: usize = 128;

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
    let n = points.nrows();
    let k = k.min(n - 1);
    let mut found = Neighbours { indices: Array2::zeros((n, k)), distances: Array2::zeros((n, k)) };
    if k == 0 {
        return Ok(found);
    }
    let space = Space::over(points, metric);
    let rows = (BLOCK_VALUES / n).clamp(1, BLOCK_ROWS);
    found
        .indices
        .axis_chunks_iter_mut(Axis(0), rows)
        .into_par_iter()
        .zip(found.distances.axis_chunks_iter_mut(Axis(0), rows))
        .enumerate()
        .for_each_init(Vec::new, |block_products, (block, (mut indices, mut distances))| {
            let first = block * rows;
            let all = space.scaled();
            products(all.subrows(first, indices.nrows()), all, block_products);
            for (offset, (mut indices, mut distances)) in
                indices.rows_mut().into_iter().zip(distances.rows_mut()).enumerate()
            {
                let products = &block_products[offset * n..(offset + 1) * n];
                let nearest = nearest_of(&space, k, first + offset, products);
                for ((rank, index), (to_index, to_distance)) in
                    nearest.into_iter().zip(indices.iter_mut().zip(distances.iter_mut()))
                {
                    *to_index = index as u32;
                    *to_distance = space.distance(rank);
                }
            }
        });
    Ok(found)
}

/// Rank and number of the k nearest others of `point`, by rank, then number. `products` `[n]` are its dot products.
fn nearest_of(space: &Space, k: usize, point: usize, products: &[f32]) -> Vec<(f64, usize)> {
    let mut upper = Nearest::new(k);
    for other in (0..space.n).filter(|&other| other != point) {
        let (_, high) = space.bounds(point, other, products[other]);
        upper.offer(f64::from(high), other);
    }
    let reach = upper.furthest();
    let mut nearest = Nearest::new(k);
    for other in (0..space.n).filter(|&other| other != point) {
        let (low, _) = space.bounds(point, other, products[other]);
        if f64::from(low) <= reach {
            nearest.offer(space.rank(point, other), other);
            // Points are offered by rising number: nothing later can beat k equal points.
            if nearest.furthest() == 0.0 {
                break;
            }
        }
    }
    nearest.into_sorted()
}
