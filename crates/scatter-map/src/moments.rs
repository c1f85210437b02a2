//! Mean and principal axes of a set of points, in f64 and in a fixed order of summation.
//!
//! A transform is applied to each value before anything else is computed: a type of its own, not a function's address, so
//! that it is done in vector registers.

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::evd::{ComputeEigenvectors, self_adjoint_evd, self_adjoint_evd_scratch};
use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par};
use ndarray::{Array2, ArrayView2, Axis};
use rayon::prelude::*;

use crate::MapError;

/// Rows converted to f64 at a time: 8 MB at 1,024 dimensions.
const ROW_BLOCK: usize = 1_024;
/// Rows converted by one task at least.
const TASK_ROWS: usize = 64;
/// Columns of the covariance computed by one task. Fixed, so that no sum depends on the number of threads.
const COLUMN_TILE: usize = 128;
/// Axes whose variance is below this part of the largest are rounding noise of f32 input (relative variance 2^-46),
/// not structure.
const NEGLIGIBLE_VARIANCE: f64 = 1e-12;
/// What rounding makes of a mean, as a part of it: points which all coincide come to lie this far from their mean.
const MEAN_ROUNDING: f64 = 1e-12;

/// Applied to each value before anything else is computed.
pub(crate) trait Transform: Fn(f32) -> f64 + Copy + Sync {}

impl<F: Fn(f32) -> f64 + Copy + Sync> Transform for F {}

/// The leading principal axes of a set of points.
pub(crate) struct PrincipalAxes {
    /// `[dimensions]`, mean of the transformed values.
    mean: Vec<f64>,
    /// `[dimensions, axes]`, orthonormal columns, largest variance first; in each, the loading of greatest size is
    /// positive.
    axes: Mat<f64>,
    /// `[axes]`, variance along each axis (divisor `points − 1`).
    pub variances: Vec<f64>,
    /// Sum of the variances of all dimensions.
    pub total_variance: f64,
}

impl PrincipalAxes {
    /// At most `limit` axes of `points` `[points, dimensions]`; fewer where the points span fewer.
    pub fn of(
        points: ArrayView2<'_, f32>,
        transform: impl Transform,
        limit: usize,
    ) -> Result<Self, MapError> {
        let mean = mean(points, transform);
        let (n, d) = points.dim();
        let divisor = n.saturating_sub(1).max(1) as f64;
        let rounding = (MEAN_ROUNDING * mean.iter().fold(0.0_f64, |most, mean| most.max(mean.abs()))).powi(2);
        // The smaller of the two symmetric products has the same nonzero eigenvalues.
        let (mut axes, variances, total_variance) = if n < d {
            let centred = Centred::of(points, transform, &mean);
            let centred = centred.as_ref();
            let gram = product(centred, centred.transpose(), 1.0 / divisor);
            let (mut vectors, variances) = leading_eigenpairs(gram.as_ref(), limit, rounding)?;
            for (mut vector, variance) in vectors.col_iter_mut().zip(&variances) {
                vector /= faer::Scale((variance * divisor).sqrt());
            }
            (product(centred.transpose(), vectors.as_ref(), 1.0), variances, trace(&gram))
        } else {
            let covariance = covariance(points, transform, &mean, divisor);
            let (vectors, variances) = leading_eigenpairs(covariance.as_ref(), limit, rounding)?;
            (vectors, variances, trace(&covariance))
        };
        for axis in axes.col_iter_mut() {
            let largest =
                axis.as_ref().iter().fold(0.0_f64, |best, &v| if v.abs() > best.abs() { v } else { best });
            if largest < 0.0 {
                axis.iter_mut().for_each(|loading| *loading = -*loading);
            }
        }
        Ok(Self { mean, axes, variances, total_variance })
    }

    /// Coordinates of `points` on the axes, `[points, axes]`, each multiplied by its `scale`.
    pub fn coordinates(
        &self,
        points: ArrayView2<'_, f32>,
        transform: impl Transform,
        scale: &[f64],
    ) -> Array2<f32> {
        let mut out = Array2::zeros((points.nrows(), self.variances.len()));
        out.axis_chunks_iter_mut(Axis(0), ROW_BLOCK)
            .into_par_iter()
            .zip(points.axis_chunks_iter(Axis(0), ROW_BLOCK))
            .for_each(|(mut out, rows)| {
                let centred = Centred::of(rows, transform, &self.mean);
                let block = product(centred.as_ref(), self.axes.as_ref(), 1.0);
                for ((row, axis), to) in out.indexed_iter_mut() {
                    *to = (block[(row, axis)] * scale[axis]) as f32;
                }
            });
        out
    }
}

fn mean(points: ArrayView2<'_, f32>, transform: impl Transform) -> Vec<f64> {
    let blocks: Vec<Vec<f64>> = points
        .axis_chunks_iter(Axis(0), ROW_BLOCK)
        .into_par_iter()
        .map(|rows| {
            let mut sum = vec![0.0; rows.ncols()];
            let rows = rows.as_standard_layout();
            for row in rows.as_slice().unwrap_or_default().chunks_exact(rows.ncols()) {
                sum.iter_mut().zip(row).for_each(|(sum, &value)| *sum += transform(value));
            }
            sum
        })
        .collect();
    let count = points.nrows().max(1) as f64;
    (0..points.ncols()).map(|axis| blocks.iter().map(|sum| sum[axis]).sum::<f64>() / count).collect()
}

/// Transformed points less their mean.
struct Centred {
    /// `[rows, dimensions]`, row-major as the points are.
    values: Vec<f64>,
    dimensions: usize,
}

impl Centred {
    fn of(rows: ArrayView2<'_, f32>, transform: impl Transform, mean: &[f64]) -> Self {
        let dimensions = mean.len();
        let mut values = vec![0.0; rows.len()];
        let rows = rows.as_standard_layout();
        let rows = rows.as_slice().unwrap_or_default().par_chunks_exact(dimensions);
        values.par_chunks_exact_mut(dimensions).zip(rows).with_min_len(TASK_ROWS).for_each(
            |(places, row)| {
                for ((place, &value), mean) in places.iter_mut().zip(row).zip(mean) {
                    *place = transform(value) - mean;
                }
            },
        );
        Self { values, dimensions }
    }

    fn as_ref(&self) -> MatRef<'_, f64> {
        MatRef::from_row_major_slice(&self.values, self.values.len() / self.dimensions, self.dimensions)
    }
}

/// `[dimensions, dimensions]`, divided by `divisor`; both triangles filled.
fn covariance(
    points: ArrayView2<'_, f32>,
    transform: impl Transform,
    mean: &[f64],
    divisor: f64,
) -> Mat<f64> {
    let d = points.ncols();
    // Each task owns the columns of one tile, from the diagonal down.
    let mut tiles: Vec<(usize, Mat<f64>)> = (0..d)
        .step_by(COLUMN_TILE)
        .map(|start| (start, Mat::zeros(d - start, COLUMN_TILE.min(d - start))))
        .collect();
    for rows in points.axis_chunks_iter(Axis(0), ROW_BLOCK) {
        let centred = Centred::of(rows, transform, mean);
        let block = centred.as_ref();
        tiles.par_iter_mut().for_each(|(start, tile)| {
            let below = block.subcols(*start, d - *start);
            let columns = block.subcols(*start, tile.ncols());
            matmul(tile.as_mut(), Accum::Add, below.transpose(), columns, 1.0, Par::Seq);
        });
    }
    let mut covariance = Mat::zeros(d, d);
    for (start, tile) in &tiles {
        for column in 0..tile.ncols() {
            for row in column..tile.nrows() {
                let value = tile[(row, column)] / divisor;
                covariance[(start + row, start + column)] = value;
                covariance[(start + column, start + row)] = value;
            }
        }
    }
    covariance
}

/// `left · right · factor`, on this thread alone.
fn product(left: MatRef<'_, f64>, right: MatRef<'_, f64>, factor: f64) -> Mat<f64> {
    let mut out = Mat::zeros(left.nrows(), right.ncols());
    matmul(out.as_mut(), Accum::Replace, left, right, factor, Par::Seq);
    out
}

fn trace(square: &Mat<f64>) -> f64 {
    (0..square.nrows()).map(|i| square[(i, i)]).sum()
}

/// Eigenvectors `[n, kept]` and eigenvalues, largest first; those of negligible variance, or of none above `rounding`, are
/// left out.
fn leading_eigenpairs(
    symmetric: MatRef<'_, f64>,
    limit: usize,
    rounding: f64,
) -> Result<(Mat<f64>, Vec<f64>), MapError> {
    let n = symmetric.nrows();
    let mut values = faer::diag::Diag::<f64>::zeros(n);
    let mut vectors = Mat::<f64>::zeros(n, n);
    // faer's convenience method takes its parallelism from a process-wide setting, and its bits with it.
    let scratch = self_adjoint_evd_scratch::<f64>(n, ComputeEigenvectors::Yes, Par::Seq, Default::default());
    self_adjoint_evd(
        symmetric,
        values.as_mut(),
        Some(vectors.as_mut()),
        Par::Seq,
        MemStack::new(&mut MemBuffer::new(scratch)),
        Default::default(),
    )
    .map_err(|error| MapError::Eigen { detail: format!("{error:?}") })?;
    let values = values.column_vector();
    let largest = (0..n).fold(0.0_f64, |largest, i| largest.max(values[i]));
    let threshold = rounding.max(largest * NEGLIGIBLE_VARIANCE);
    // faer sorts upwards.
    let kept: Vec<usize> = (0..n).rev().take_while(|&i| values[i] > threshold).take(limit).collect();
    let axes = Mat::from_fn(n, kept.len(), |row, column| vectors[(row, kept[column])]);
    Ok((axes, kept.iter().map(|&i| values[i]).collect()))
}
