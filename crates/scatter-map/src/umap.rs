//! UMAP to two or three dimensions.

use std::ops::RangeInclusive;

use manifolds_rs::data::init::spectral_layout;
use manifolds_rs::data::structures::CoordinateList;
use ndarray::{Array2, ArrayView2, Axis};

use crate::error::check_points;
use crate::fuzzy_graph::fuzzy_graph;
use crate::layout::{Curve, optimize};
use crate::{MapError, Metric, Neighbours, neighbours, pca};

/// Dimensions that a map may have.
pub const MAP_DIMENSIONS: RangeInclusive<usize> = 2..=3;
/// Below this number of points [`umap`] gives the PCA layout: so few have no neighbourhoods to be kept, and one more
/// than the map has dimensions fit into it exactly.
pub const FEWEST_POINTS_FOR_UMAP: usize = 8;

/// Distance scale of the map, as in umap-learn.
const SPREAD: f64 = 1.0;
/// umap-learn's rule: 500 epochs up to 10,000 points, 200 above.
const SMALL_SET: usize = 10_000;

/// What a person may choose about UMAP.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UmapParams {
    /// Dimensions of the map, 2 or 3.
    pub dims: usize,
    /// Neighbours of each point that the layout tries to keep near, 1 or more; small shows detail, large the whole.
    pub neighbours: usize,
    /// Least distance between neighbours on the map, `0.0..=1.0`: small packs clusters tightly.
    pub min_dist: f32,
    /// Seed of the layout's random choices.
    pub seed: u64,
}

impl Default for UmapParams {
    fn default() -> Self {
        Self { dims: 3, neighbours: 15, min_dist: 0.1, seed: 42 }
    }
}

/// Lays `points` `[points, dimensions]` out on a map, `[points, dims]`, centred on the origin.
///
/// McInnes, Healy & Melville (2018): exact neighbours, manifolds-rs' spectral start, stochastic gradient descent. Any
/// number of points from 1 on works: fewer than [`FEWEST_POINTS_FOR_UMAP`], or points which all coincide, get the PCA
/// layout, at its own scale. With fewer than `neighbours` others, all others count as neighbours.
///
/// # Errors
/// [`MapError::NoPoints`], [`MapError::NoDimensions`], [`MapError::NotFinite`]; [`MapError::Parameter`] for a parameter
/// outside its range; [`MapError::Umap`] and [`MapError::UmapDiverged`] when the optimiser fails.
pub fn umap(points: ArrayView2<'_, f32>, params: &UmapParams) -> Result<Array2<f32>, MapError> {
    check_parameters(params)?;
    let nearest = neighbours(points, params.neighbours, Metric::Euclidean)?;
    umap_from_neighbours(points, &nearest, params)
}

/// [`umap`] on neighbours found before by [`neighbours`] on the same `points`, in either metric: saves the search.
///
/// Uses the first `params.neighbours` columns of `nearest`, or all where there are fewer.
///
/// # Errors
/// As [`umap`]; [`MapError::Mismatch`] when `nearest` has another number of points.
pub fn umap_from_neighbours(
    points: ArrayView2<'_, f32>,
    nearest: &Neighbours,
    params: &UmapParams,
) -> Result<Array2<f32>, MapError> {
    check_points(points)?;
    check_parameters(params)?;
    let n = points.nrows();
    if nearest.indices.nrows() != n {
        let found = nearest.indices.nrows();
        return Err(MapError::Mismatch { what: "the neighbour list", found, expected: n });
    }
    let all_coincide = points.rows().into_iter().all(|row| row == points.row(0));
    if n < FEWEST_POINTS_FOR_UMAP || all_coincide {
        return Ok(pca(points, params.dims)?.points);
    }
    let epochs = if n <= SMALL_SET { 500 } else { 200 };
    let graph = fuzzy_graph(nearest, params.neighbours, epochs);
    let mut map = match params.dims {
        2 => laid_out::<2>(points, &graph, epochs, params)?,
        _ => laid_out::<3>(points, &graph, epochs, params)?,
    };
    centre(&mut map);
    if map.iter().all(|value| value.is_finite()) {
        Ok(map)
    } else {
        Err(MapError::UmapDiverged { points: n })
    }
}

/// Spectral start and gradient descent in `D` dimensions.
fn laid_out<const D: usize>(
    points: ArrayView2<'_, f32>,
    graph: &CoordinateList<f32>,
    epochs: usize,
    params: &UmapParams,
) -> Result<Array2<f32>, MapError> {
    let flat: Vec<f32> = points.iter().copied().collect();
    let features = faer::MatRef::from_row_major_slice(&flat, points.nrows(), points.ncols());
    // The library adds point numbers to the seed.
    let start = spectral_layout(graph, D, params.seed >> 1, None, Some(features))
        .map_err(|source| MapError::Umap { source })?;
    let mut places: Vec<[f32; D]> =
        start.iter().map(|place| std::array::from_fn(|axis| place[axis])).collect();
    optimize(&mut places, graph, Curve::fit(f64::from(params.min_dist), SPREAD), epochs, params.seed);
    Ok(Array2::from_shape_fn((points.nrows(), D), |(point, axis)| places[point][axis]))
}

fn check_parameters(params: &UmapParams) -> Result<(), MapError> {
    check_dimensions(params.dims)?;
    if params.neighbours == 0 {
        return Err(MapError::Parameter {
            name: "neighbours",
            value: "0".to_owned(),
            allowed: "1 or more".to_owned(),
        });
    }
    if !(0.0..=SPREAD).contains(&f64::from(params.min_dist)) {
        return Err(MapError::Parameter {
            name: "min-dist",
            value: params.min_dist.to_string(),
            allowed: format!("from 0 to {SPREAD}"),
        });
    }
    Ok(())
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

fn centre(map: &mut Array2<f32>) {
    for mut axis in map.axis_iter_mut(Axis(1)) {
        let mean = axis.iter().map(|&value| f64::from(value)).sum::<f64>() / axis.len().max(1) as f64;
        axis.mapv_inplace(|value| (f64::from(value) - mean) as f32);
    }
}
