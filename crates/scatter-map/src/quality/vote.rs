//! Do labels agree with neighbourhoods?

use ndarray::ArrayView2;

use crate::{MapError, Metric, neighbours};

/// Part of the points `[points, dimensions]` whose label wins the vote among their `k` nearest others, `0.0..=1.0`.
///
/// Of labels with equally many votes the one whose voter is nearest wins.
///
/// # Errors
/// As [`neighbours`]; [`MapError::Mismatch`] when there are not as many `labels` as points.
pub fn knn_accuracy<L: PartialEq + Sync>(
    points: ArrayView2<'_, f32>,
    labels: &[L],
    k: usize,
) -> Result<f64, MapError> {
    if labels.len() != points.nrows() {
        return Err(MapError::Mismatch {
            what: "the label list",
            found: labels.len(),
            expected: points.nrows(),
        });
    }
    let nearest = neighbours(points, k, Metric::Euclidean)?;
    let right = nearest.indices.rows().into_iter().zip(labels).filter(|(voters, own)| {
        let votes = |label: &L| voters.iter().filter(|&&voter| labels[voter as usize] == *label).count();
        let winner = voters.iter().map(|&voter| &labels[voter as usize]).fold(
            None,
            |best: Option<(&L, usize)>, label| {
                let count = votes(label);
                if best.is_some_and(|(_, most)| most >= count) { best } else { Some((label, count)) }
            },
        );
        winner.is_some_and(|(label, _)| label == *own)
    });
    Ok(right.count() as f64 / labels.len() as f64)
}
