//! Points made for tests.

#![allow(
    clippy::unwrap_used,
    dead_code,
    reason = "a test may stop at the first surprise, and need not use all"
)]

use ndarray::Array2;

/// `clusters` Gaussian-like heaps in `dimensions` dimensions, as (points, cluster of each).
pub fn heaps(n: usize, clusters: usize, dimensions: usize) -> (Array2<f32>, Vec<usize>) {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    let centres = Array2::from_shape_simple_fn((clusters, dimensions), &mut next);
    let points = Array2::from_shape_fn((n, dimensions), |(i, j)| {
        centres[[i % clusters, j]] + 0.25 * (next() + next() + next())
    });
    (points, (0..n).map(|i| i % clusters).collect())
}

/// Does `work` on so many threads.
pub fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}
