//! The points in the two forms in which they are compared: fast, with a known error, and exactly.

use std::borrow::Cow;

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use ndarray::ArrayView2;

use super::Metric;

/// Cosine distances below this are rounding of vectors which differ in length alone.
const NEGLIGIBLE_COSINE: f64 = 1e-28;

/// Points and their metric.
pub(crate) struct Space<'a> {
    /// Number of points.
    pub n: usize,
    d: usize,
    metric: Metric,
    /// `[n, d]`, the points as given.
    exact: Cow<'a, [f32]>,
    /// What a point is multiplied by before it is compared: 1, or the inverse of its length (0 for the zero vector).
    factors: Vec<f64>,
    /// `[n, width]`, the points times their factors, centred and scaled to a longest norm of 1.
    ///
    /// Unit vectors have the distance √(2 · cosine distance). To keep that true, the zero vector takes the unit along
    /// an axis of its own.
    scaled: Vec<f32>,
    width: usize,
    /// Squared norms of `scaled`.
    norms: Vec<f32>,
    /// Bound of the error of a squared distance, as a part of the sum of both squared norms.
    relative_error: f32,
}

impl<'a> Space<'a> {
    pub fn over(points: ArrayView2<'a, f32>, metric: Metric) -> Self {
        let (n, d) = points.dim();
        let exact =
            points.to_slice().map_or_else(|| Cow::Owned(points.iter().copied().collect()), Cow::Borrowed);
        let factors: Vec<f64> = match metric {
            Metric::Euclidean => vec![1.0; n],
            Metric::Cosine => exact.chunks_exact(d).map(inverse_length).collect(),
        };
        let width = d + usize::from(factors.contains(&0.0));
        let compared = |point: usize, axis: usize| match exact[point * d..(point + 1) * d].get(axis) {
            Some(&value) => f64::from(value) * factors[point],
            None => f64::from(u8::from(factors[point] == 0.0)),
        };
        let mut mean = vec![0.0_f64; width];
        for point in 0..n {
            mean.iter_mut().enumerate().for_each(|(axis, mean)| *mean += compared(point, axis) / n as f64);
        }
        let centred = |point: usize| mean.iter().enumerate().map(move |(axis, m)| compared(point, axis) - m);
        let norm = |point: usize| centred(point).map(|v| v * v).sum::<f64>().sqrt();
        let longest = (0..n).map(norm).fold(0.0, f64::max);
        let scale = if longest > 0.0 { longest.recip() } else { 0.0 };
        let mut scaled = Vec::with_capacity(n * width);
        for point in 0..n {
            scaled.extend(centred(point).map(|value| (value * scale) as f32));
        }
        let norms = scaled
            .chunks_exact(width)
            .map(|row| row.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>() as f32)
            .collect();
        // A dot product of length w errs by at most w·2^-24 of |a||b| ≤ (|a|² + |b|²)/2; rounding the inputs, the norms
        // and the sums adds less than 16 more units.
        let relative_error = (width + 16) as f32 * f32::EPSILON / 2.0;
        Self { n, d, metric, exact, factors, scaled, width, norms, relative_error }
    }

    /// `[width]`, a point in the scaled space: Euclidean distances there rise with those of the metric.
    pub fn scaled_row(&self, point: usize) -> &[f32] {
        &self.scaled[point * self.width..(point + 1) * self.width]
    }

    /// Columns of the scaled space.
    pub fn width(&self) -> usize {
        self.width
    }

    /// `[n, width]`, what matrix products work on.
    pub fn scaled(&self) -> MatRef<'_, f32> {
        MatRef::from_row_major_slice(&self.scaled, self.n, self.width)
    }

    /// Squared distance of `a` and `b` by their `product`, in the scaled space: low and high bound.
    ///
    /// Bounds compare among themselves only; they are no distances of the metric.
    pub fn bounds(&self, a: usize, b: usize, product: f32) -> (f32, f32) {
        let both = self.norms[a] + self.norms[b];
        // The constant covers squares too small for f32's normal range.
        let slack = both * self.relative_error + f32::MIN_POSITIVE * self.width as f32;
        let squared = both - 2.0 * product;
        (squared - slack, squared + slack)
    }

    /// Whether the low bounds of `a` with the points from `first` on, of these `products`, are all above `reach`: tells
    /// what [`bounds`](Self::bounds) tells, several points at a time.
    pub fn all_beyond(&self, a: usize, first: usize, products: &[f32], reach: f32) -> bool {
        let (of_a, least) = (self.norms[a], f32::MIN_POSITIVE * self.width as f32);
        let norms = &self.norms[first..first + products.len()];
        let pairs = norms.iter().zip(products);
        let lows = pairs.map(|(norm, product)| {
            let both = of_a + norm;
            both - 2.0 * product - (both * self.relative_error + least)
        });
        // Counting, unlike stopping at the first, is done in vector registers.
        lows.map(|low| u32::from(low <= reach)).sum::<u32>() == 0
    }

    /// Orders pairs as their distance does, exactly: the squared distance, or the cosine distance itself.
    pub fn rank(&self, a: usize, b: usize) -> f64 {
        let row = |i: usize| &self.exact[i * self.d..(i + 1) * self.d];
        let pairs = row(a).iter().zip(row(b));
        match self.metric {
            Metric::Euclidean => pairs.map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2)).sum(),
            Metric::Cosine => match (self.factors[a], self.factors[b]) {
                (0.0, 0.0) => 0.0,
                (0.0, _) | (_, 0.0) => 1.0,
                // Half the squared distance of unit vectors: 1 − a·b would lose near duplicates to rounding.
                (of_a, of_b) => {
                    let difference = |(&a, &b): (&f32, &f32)| f64::from(a) * of_a - f64::from(b) * of_b;
                    let distance = pairs.map(|pair| difference(pair).powi(2)).sum::<f64>() / 2.0;
                    if distance < NEGLIGIBLE_COSINE { 0.0 } else { distance }
                }
            },
        }
    }

    /// The distance in the metric that a [`rank`](Self::rank) stands for.
    pub fn distance(&self, rank: f64) -> f32 {
        match self.metric {
            Metric::Euclidean => rank.sqrt() as f32,
            Metric::Cosine => rank as f32,
        }
    }
}

fn inverse_length(row: &[f32]) -> f64 {
    let length = row.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>().sqrt();
    if length > 0.0 { length.recip() } else { 0.0 }
}

/// Dot products of the rows of `some` with those of `all`, into `[some, all]` row-major, on this thread alone.
pub(crate) fn products(some: MatRef<'_, f32>, all: MatRef<'_, f32>, out: &mut Vec<f32>) {
    out.clear();
    out.resize(some.nrows() * all.nrows(), 0.0);
    // Column-major `[all, some]` is row-major `[some, all]`.
    let out = MatMut::from_column_major_slice_mut(out, all.nrows(), some.nrows());
    matmul(out, Accum::Replace, all, some.transpose(), 1.0, Par::Seq);
}
