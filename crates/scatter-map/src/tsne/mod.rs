//! t-SNE to two or three dimensions.

mod affinities;
mod descent;

use barnes_hut_tree::{Dim, Morton};
use ndarray::{Array2, ArrayView2};

use crate::error::{check_dimensions, check_neighbour_list, check_points};
use crate::random::SplitMix64;
use crate::{MapError, Metric, Neighbours, neighbours, pca};
use affinities::affinities;
use descent::descend;

/// Below this number of points [`tsne`] gives the PCA layout: t-SNE needs a few times its perplexity.
pub const FEWEST_POINTS_FOR_TSNE: usize = 8;
/// Root of the mean square of the points' distances from the origin: about that of a UMAP.
pub const TSNE_RADIUS: f32 = 6.0;

/// Neighbours that count for each unit of perplexity (van der Maaten 2014, section 4.1).
const NEIGHBOURS_A_PERPLEXITY: f32 = 3.0;
/// Deviation of the first axis at the start (Kobak & Berens 2019), and the part of it by which places are jittered.
const START_DEVIATION: f64 = 1e-4;
const START_JITTER: f64 = 1e-2;

/// What a person may choose about t-SNE.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TsneParams {
    /// Dimensions of the map, 2 or 3.
    pub dims: usize,
    /// About the number of neighbours that each point tries to keep near, 1 or more.
    pub perplexity: f32,
    /// Seed of the jitter by which equal points are told apart.
    pub seed: u64,
}

impl Default for TsneParams {
    fn default() -> Self {
        Self { dims: 3, perplexity: 30.0, seed: 42 }
    }
}

impl TsneParams {
    /// Neighbours of each point that t-SNE asks for: three times the perplexity.
    pub fn neighbours(&self) -> usize {
        (NEIGHBOURS_A_PERPLEXITY * self.perplexity).ceil() as usize
    }
}

/// Lays `points` `[points, dimensions]` out on a map, `[points, dims]`, centred on the origin.
///
/// Barnes–Hut t-SNE (van der Maaten 2014) from the principal axes, with the learning rate of Belkina et al. (2019) and
/// the further advice of Kobak & Berens (2019), as in openTSNE. Its own unit of length means nothing and grows with the
/// number of points, so the map is scaled to a root mean square distance from the origin of [`TSNE_RADIUS`]. 10,000
/// points take 38 CPU-seconds in three dimensions, 23 in two: several times as long as UMAP.
///
/// Any number of points from 1 on works: fewer than [`FEWEST_POINTS_FOR_TSNE`], or points which all coincide, get the
/// PCA layout, at its own scale. Where there are fewer than three neighbours for each unit of perplexity, perplexity is
/// a third of their number.
///
/// # Errors
/// [`MapError::NoPoints`], [`MapError::NoDimensions`], [`MapError::NotFinite`]; [`MapError::Parameter`] for a parameter
/// outside its range; [`MapError::TsneDiverged`].
pub fn tsne(points: ArrayView2<'_, f32>, params: &TsneParams) -> Result<Array2<f32>, MapError> {
    check_parameters(params)?;
    let nearest = neighbours(points, params.neighbours(), Metric::Euclidean)?;
    tsne_from_neighbours(points, &nearest, params)
}

/// [`tsne`] on neighbours found before by [`neighbours`] on the same `points`, in either metric: saves the search.
///
/// Uses the first [`TsneParams::neighbours`] columns of `nearest`, or all where there are fewer.
///
/// # Errors
/// As [`tsne`]; [`MapError::Mismatch`] when `nearest` has another number of points.
pub fn tsne_from_neighbours(
    points: ArrayView2<'_, f32>,
    nearest: &Neighbours,
    params: &TsneParams,
) -> Result<Array2<f32>, MapError> {
    check_points(points)?;
    check_parameters(params)?;
    check_neighbour_list(nearest, points.nrows())?;
    let start = pca(points, params.dims)?.points;
    let all_coincide = points.rows().into_iter().all(|row| row == points.row(0));
    if points.nrows() < FEWEST_POINTS_FOR_TSNE || all_coincide {
        return Ok(start);
    }
    match params.dims {
        2 => laid_out::<2>(&start, nearest, params),
        _ => laid_out::<3>(&start, nearest, params),
    }
}

fn laid_out<const D: usize>(
    start: &Array2<f32>,
    nearest: &Neighbours,
    params: &TsneParams,
) -> Result<Array2<f32>, MapError>
where
    Dim<D>: Morton<D>,
{
    let n = start.nrows();
    let graph = affinities(nearest, params.neighbours(), f64::from(params.perplexity));
    let mut places = start_places::<D>(start, params.seed);
    descend(&mut places, &graph);
    let square = |place: &[f32; D]| place.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>();
    let radius = (places.iter().map(square).sum::<f64>() / n as f64).sqrt();
    if !(radius.is_finite() && radius > 0.0) {
        return Err(MapError::TsneDiverged { points: n });
    }
    let scale = f64::from(TSNE_RADIUS) / radius;
    Ok(Array2::from_shape_fn((n, D), |(point, axis)| (f64::from(places[point][axis]) * scale) as f32))
}

/// The principal axes, tiny and jittered: all structure has to come from the forces.
fn start_places<const D: usize>(axes: &Array2<f32>, seed: u64) -> Vec<[f32; D]> {
    let variance = axes.column(0).iter().map(|&v| f64::from(v).powi(2)).sum::<f64>() / axes.nrows() as f64;
    let scale = if variance > 0.0 { START_DEVIATION / variance.sqrt() } else { 0.0 };
    let mut random = SplitMix64(seed);
    let mut jitter =
        || START_DEVIATION * START_JITTER * (random.below(1 << 20) as f64 / f64::from(1 << 19) - 1.0);
    let place = |row: ndarray::ArrayView1<'_, f32>| {
        std::array::from_fn(|axis| (f64::from(row[axis]) * scale + jitter()) as f32)
    };
    axes.rows().into_iter().map(place).collect()
}

fn check_parameters(params: &TsneParams) -> Result<(), MapError> {
    check_dimensions(params.dims)?;
    if params.perplexity >= 1.0 && params.perplexity.is_finite() {
        return Ok(());
    }
    Err(MapError::Parameter {
        name: "perplexity",
        value: params.perplexity.to_string(),
        allowed: "1 or more".to_owned(),
    })
}
