//! Points made for measuring.

use ndarray::Array2;

/// Dimensions of a YAMNet embedding.
const DIMENSIONS: usize = 1_024;
/// Kinds of sound among the points.
const KINDS: usize = 50;

/// `[count, 1024]`, like embeddings after a ReLU: heaps of points, most values zero.
pub fn embeddings(count: usize) -> Array2<f32> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    let centres = Array2::from_shape_simple_fn((KINDS, DIMENSIONS), &mut next);
    Array2::from_shape_fn((count, DIMENSIONS), |(point, axis)| {
        (centres[[point % KINDS, axis]] + 0.25 * (next() + next() + next()) - 0.6).max(0.0)
    })
}
