//! Trustworthiness: are neighbours on the map neighbours in truth?

use ndarray::ArrayView2;
use rayon::prelude::*;

use crate::error::check_points;
use crate::neighbours::{Space, products};
use crate::{MapError, Metric, exact_neighbours};

/// Squared distances held at a time by one task (32 MB of f32), and the most rows of a block.
const BLOCK_VALUES: usize = 8 << 20;
const BLOCK_ROWS: usize = 128;

/// Trustworthiness of the map `low` `[points, dimensions]` of the points `high` `[points, dimensions]`, `0.0..=1.0`.
///
/// 1 when each point's `k` nearest on the map are its `k` nearest in `high` too; each stranger among them costs as much
/// as the number of places by which it missed. Venna & Kaski (2001), as scikit-learn computes it, Euclidean in both
/// spaces. Places are exact: they are counted by distances from a matrix product in f32, and where its known error
/// leaves a doubt, by distances in f64. Time grows with the square of the number of points: 20,000 points of 1,024
/// dimensions take half a CPU-minute.
///
/// # Errors
/// [`MapError::NoPoints`], [`MapError::NoDimensions`], [`MapError::NotFinite`]; [`MapError::Mismatch`];
/// [`MapError::Parameter`] unless `1 ≤ k < points / 2`, outside of which the figure is not defined.
pub fn trustworthiness(
    high: ArrayView2<'_, f32>,
    low: ArrayView2<'_, f32>,
    k: usize,
) -> Result<f64, MapError> {
    check_points(high)?;
    check_points(low)?;
    let n = high.nrows();
    if low.nrows() != n {
        return Err(MapError::Mismatch { what: "the map", found: low.nrows(), expected: n });
    }
    if k == 0 || 2 * k >= n {
        return Err(MapError::Parameter {
            name: "k",
            value: k.to_string(),
            allowed: format!("at least 1 and below half of the {n} points"),
        });
    }
    let on_map = exact_neighbours(low, k, Metric::Euclidean)?;
    let space = Space::over(high, Metric::Euclidean);
    let rows = (BLOCK_VALUES / n).clamp(1, BLOCK_ROWS);
    let penalty: u64 = (0..n.div_ceil(rows))
        .into_par_iter()
        .map_init(
            || (Vec::new(), Places::new(n)),
            |(block_products, places), block| {
                let first = block * rows;
                let all = space.scaled();
                products(all.subrows(first, rows.min(n - first)), all, block_products);
                let mut penalty = 0;
                for (offset, products) in block_products.chunks_exact(n).enumerate() {
                    let point = first + offset;
                    places.look_from(&space, point, products);
                    for &other in on_map.indices.row(point) {
                        let place = places.of(&space, point, other as usize);
                        penalty += place.saturating_sub(k) as u64;
                    }
                }
                penalty
            },
        )
        .sum();
    let (n, k) = (n as f64, k as f64);
    Ok(1.0 - 2.0 / (n * k * (2.0 * n - 3.0 * k - 1.0)) * penalty as f64)
}

/// The others in the order of their distance from one point, as far as it is asked for.
struct Places {
    low: Vec<f32>,
    high: Vec<f32>,
    /// Exact ranks measured so far; NaN where not yet.
    exact: Vec<f64>,
}

impl Places {
    fn new(n: usize) -> Self {
        Self { low: vec![0.0; n], high: vec![0.0; n], exact: vec![f64::NAN; n] }
    }

    fn look_from(&mut self, space: &Space<'_>, point: usize, products: &[f32]) {
        for (other, &product) in products.iter().enumerate() {
            (self.low[other], self.high[other]) = space.bounds(point, other, product);
        }
        // The point is no neighbour of its own: neither nearer than another nor in doubt.
        (self.low[point], self.high[point]) = (f32::INFINITY, f32::INFINITY);
        self.exact.fill(f64::NAN);
    }

    /// Place of `other`, from 1 for the nearest; of equally near ones the lower number comes first.
    fn of(&mut self, space: &Space<'_>, point: usize, other: usize) -> usize {
        let (low, high) = (self.low[other], self.high[other]);
        let surely_nearer = self.high.iter().map(|&upper| u32::from(upper < low)).sum::<u32>() as usize;
        let not_surely_further = self.low.iter().map(|&lower| u32::from(lower <= high)).sum::<u32>() as usize;
        // `other` itself is always among those in doubt.
        if not_surely_further == surely_nearer + 1 {
            return surely_nearer + 1;
        }
        let own = self.rank(space, point, other);
        let mut nearer = surely_nearer;
        for i in 0..self.low.len() {
            let in_doubt = self.high[i] >= low && self.low[i] <= high;
            if in_doubt && i != other && (self.rank(space, point, i), i) < (own, other) {
                nearer += 1;
            }
        }
        nearer + 1
    }

    fn rank(&mut self, space: &Space<'_>, point: usize, other: usize) -> f64 {
        if self.exact[other].is_nan() {
            self.exact[other] = space.rank(point, other);
        }
        self.exact[other]
    }
}
