//! How many neighbours were found.

use crate::{MapError, Neighbours};

/// Part of the true neighbours `exact` that `found` has, `0.0..=1.0`; what a shorter list lacks is missed.
///
/// The exact list's length counts, so that longer lists in `found` are cut. A neighbour not in the exact list is as
/// good if it lies no further than the last of it: where distances are equal, the choice is arbitrary. Both must come
/// from the same points in the same metric. 1 when there are no neighbours to be found.
///
/// # Errors
/// [`MapError::Mismatch`] when the numbers of points differ.
pub fn recall(found: &Neighbours, exact: &Neighbours) -> Result<f64, MapError> {
    let (n, k) = exact.indices.dim();
    if found.indices.nrows() != n {
        let found = found.indices.nrows();
        return Err(MapError::Mismatch { what: "the list of neighbours found", found, expected: n });
    }
    if n * k == 0 {
        return Ok(1.0);
    }
    let hits: usize = (0..n)
        .map(|point| {
            let furthest = exact.distances[[point, k - 1]];
            let mut good: Vec<u32> = found
                .indices
                .row(point)
                .iter()
                .zip(found.distances.row(point))
                .take(k)
                .filter(|&(index, &distance)| {
                    distance <= furthest || exact.indices.row(point).iter().any(|true_one| true_one == index)
                })
                .map(|(&index, _)| index)
                .collect();
            // The same neighbour twice is one.
            good.sort_unstable();
            good.dedup();
            good.len()
        })
        .sum();
    Ok(hits as f64 / (n * k) as f64)
}
