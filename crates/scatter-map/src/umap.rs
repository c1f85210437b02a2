//! UMAP to three dimensions.

use manifolds_rs::data::init::spectral_layout;
use ndarray::{Array2, ArrayView2, Axis};

use crate::error::check_points;
use crate::fuzzy_graph::fuzzy_graph;
use crate::layout::{Curve, optimize};
use crate::{MapError, Neighbours, neighbours, pca};

/// Dimensions of the map.
pub const MAP_DIMENSIONS: usize = 3;
/// Below this number of points [`umap`] gives the PCA layout: so few have no neighbourhoods to be kept, and up to four
/// fit into three dimensions exactly.
pub const FEWEST_POINTS_FOR_UMAP: usize = 8;

/// Distance scale of the map, as in umap-learn.
const SPREAD: f64 = 1.0;
/// umap-learn's rule: 500 epochs up to 10,000 points, 200 above.
const SMALL_SET: usize = 10_000;

/// What a person may choose about UMAP.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UmapParams {
    /// Neighbours of each point that the layout tries to keep near, 1 or more; small shows detail, large the whole.
    pub neighbours: usize,
    /// Least distance between neighbours on the map, `0.0..=1.0`: small packs clusters tightly.
    pub min_dist: f32,
    /// Seed of the layout's random choices.
    pub seed: u64,
}

impl Default for UmapParams {
    fn default() -> Self {
        Self { neighbours: 15, min_dist: 0.1, seed: 42 }
    }
}

/// Lays `points` `[points, dimensions]` out in three dimensions, `[points, 3]`, centred on the origin.
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
    let nearest = neighbours(points, params.neighbours)?;
    umap_from_neighbours(points, &nearest, params)
}

/// [`umap`] on neighbours found before by [`neighbours`] on the same `points`: saves the search.
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
        return Ok(pca(points, MAP_DIMENSIONS)?.points);
    }
    let epochs = if n <= SMALL_SET { 500 } else { 200 };
    let graph = fuzzy_graph(nearest, params.neighbours, epochs);
    let flat: Vec<f32> = points.iter().copied().collect();
    let features = faer::MatRef::from_row_major_slice(&flat, n, points.ncols());
    // The library adds point numbers to the seed.
    let start = spectral_layout(&graph, MAP_DIMENSIONS, params.seed >> 1, None, Some(features))
        .map_err(|source| MapError::Umap { source })?;
    let mut places: Vec<[f32; MAP_DIMENSIONS]> =
        start.iter().map(|place| std::array::from_fn(|axis| place[axis])).collect();
    optimize(&mut places, &graph, Curve::fit(f64::from(params.min_dist), SPREAD), epochs, params.seed);
    let mut map = Array2::from_shape_fn((n, MAP_DIMENSIONS), |(point, axis)| places[point][axis]);
    centre(&mut map);
    if map.iter().all(|value| value.is_finite()) {
        Ok(map)
    } else {
        Err(MapError::UmapDiverged { points: n })
    }
}

fn check_parameters(params: &UmapParams) -> Result<(), MapError> {
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

fn centre(map: &mut Array2<f32>) {
    for mut axis in map.axis_iter_mut(Axis(1)) {
        let mean = axis.iter().map(|&value| f64::from(value)).sum::<f64>() / axis.len().max(1) as f64;
        axis.mapv_inplace(|value| (f64::from(value) - mean) as f32);
    }
}
