//! What can be wrong with a set of points.

use std::ops::RangeInclusive;

use ndarray::ArrayView2;

use crate::Neighbours;

/// Dimensions that a map may have.
pub const MAP_DIMENSIONS: RangeInclusive<usize> = 2..=3;

/// Why points could not be mapped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MapError {
    /// There is nothing to place.
    #[error("there are no points to map")]
    NoPoints,
    /// The points have no coordinates.
    #[error("the points to map have no dimensions")]
    NoDimensions,
    /// A coordinate is NaN or infinite.
    #[error(
        "point {point} has the value {value} in dimension {dimension}: a map needs finite numbers, so the embedding \
         of that point is damaged"
    )]
    NotFinite {
        /// Row of the first such point.
        point: usize,
        /// Its first such column.
        dimension: usize,
        /// What was found there.
        value: f32,
    },
    /// A parameter lies outside its range.
    #[error("{name} is {value}, but must be {allowed}")]
    Parameter {
        /// The parameter as users know it.
        name: &'static str,
        /// What was given.
        value: String,
        /// What would do.
        allowed: String,
    },
    /// Two inputs which describe the same points differ in number.
    #[error("{what} describes {found} points where {expected} were given")]
    Mismatch {
        /// The input at fault.
        what: &'static str,
        /// Its number of points.
        found: usize,
        /// The number expected.
        expected: usize,
    },
    /// The eigenvalue solver did not converge.
    #[error(
        "the principal components could not be computed: the eigenvalue solver did not converge ({detail})"
    )]
    Eigen {
        /// The solver's own word.
        detail: String,
    },
    /// The approximate search for neighbours failed.
    #[error("the nearest neighbours could not be searched for")]
    Search {
        /// The library's reason.
        #[source]
        source: ann_search_rs::errors::AnnSearchErrors,
    },
    /// UMAP failed.
    #[error("UMAP could not lay the points out; `pca` still works on them")]
    Umap {
        /// The library's reason.
        #[source]
        source: manifolds_rs::errors::ManifoldsError,
    },
    /// t-SNE gave coordinates which are not finite, or all the same.
    #[error("t-SNE's layout of {points} points ran off to infinity; `pca` still works on them")]
    TsneDiverged {
        /// How many points there were.
        points: usize,
    },
    /// UMAP gave coordinates which are not finite.
    #[error("UMAP's layout of {points} points ran off to infinity; `pca` still works on them")]
    UmapDiverged {
        /// How many points there were.
        points: usize,
    },
}

/// Refuses an empty array and the first coordinate that is not finite.
pub(crate) fn check_points(points: ArrayView2<'_, f32>) -> Result<(), MapError> {
    if points.nrows() == 0 {
        return Err(MapError::NoPoints);
    }
    if points.ncols() == 0 {
        return Err(MapError::NoDimensions);
    }
    match points.indexed_iter().find(|(_, value)| !value.is_finite()) {
        None => Ok(()),
        Some(((point, dimension), &value)) => Err(MapError::NotFinite { point, dimension, value }),
    }
}

/// Refuses what lies outside [`MAP_DIMENSIONS`].
pub(crate) fn check_dimensions(dims: usize) -> Result<(), MapError> {
    if MAP_DIMENSIONS.contains(&dims) {
        return Ok(());
    }
    Err(MapError::Parameter {
        name: "dims",
        value: dims.to_string(),
        allowed: format!("{} or {}", MAP_DIMENSIONS.start(), MAP_DIMENSIONS.end()),
    })
}

/// Refuses a list which does not have a row for each of `n` points.
pub(crate) fn check_neighbour_list(nearest: &Neighbours, n: usize) -> Result<(), MapError> {
    let found = nearest.indices.nrows();
    if found == n {
        return Ok(());
    }
    Err(MapError::Mismatch { what: "the neighbour list", found, expected: n })
}
