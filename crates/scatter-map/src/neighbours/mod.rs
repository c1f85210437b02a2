//! Each point's nearest others.

mod exact;
mod nearest;
mod space;

use ndarray::{Array2, ArrayView2};

use crate::MapError;
use crate::error::check_points;

pub use exact::exact_neighbours;

/// What is meant by near.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Metric {
    /// The length of the difference.
    #[default]
    Euclidean,
    /// One minus the cosine of the angle, `0.0..=2.0`: the length of the vectors does not count.
    ///
    /// A vector of zeros has no direction: it is at 0 from another such vector and at 1 from all others.
    Cosine,
}

/// Each point's nearest others.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbours {
    /// `[points, k]`, row numbers of the nearest other points, nearest first; of two at the same distance the lower
    /// number comes first. The point itself is not among them.
    pub indices: Array2<u32>,
    /// `[points, k]`, their distances in the metric of the search, never decreasing along a row.
    pub distances: Array2<f32>,
}

/// Finds the `k` nearest others of every point of `points` `[points, dimensions]`.
///
/// As [`exact_neighbours`].
///
/// # Errors
/// [`MapError::NoPoints`], [`MapError::NoDimensions`], [`MapError::NotFinite`]; [`MapError::Parameter`] when `k` is 0.
pub fn neighbours(points: ArrayView2<'_, f32>, k: usize, metric: Metric) -> Result<Neighbours, MapError> {
    exact_neighbours(points, k, metric)
}

fn check(points: ArrayView2<'_, f32>, k: usize) -> Result<(), MapError> {
    check_points(points)?;
    if k == 0 {
        return Err(MapError::Parameter {
            name: "k",
            value: "0".to_owned(),
            allowed: "1 or more".to_owned(),
        });
    }
    Ok(())
}
