//! How far a map can be trusted.

use ndarray::ArrayView2;
use rayon::prelude::*;

use crate::error::check_points;
use crate::{MapError, Metric, exact_neighbours, neighbours};

/// Trustworthiness of the map `low` `[points, dimensions]` of the points `high` `[points, dimensions]`, `0.0..=1.0`.
///
/// 1 when each point's `k` nearest on the map are its `k` nearest in `high` too; each stranger among them costs as much
/// as the number of places by which it missed. Venna & Kaski (2001), as scikit-learn computes it. Time grows with the
/// square of the number of points.
///
/// # Errors
/// [`MapError::NoPoints`], [`MapError::NoDimensions`], [`MapError::NotFinite`]; [`MapError::Mismatch`];
/// [`MapError::Parameter`] unless `1 ≤ k < points / 2`, outside of which the figure is not defined.
pub fn trustworthiness(
    high: ArrayView2<'_, f32>,
    low: ArrayView2<'_, f32>,
    k: usize,
) -> Result<f64, MapError> {
    check_points(high)?;
    check_points(low)?;
    let n = high.nrows();
    if low.nrows() != n {
        return Err(MapError::Mismatch { what: "the map", found: low.nrows(), expected: n });
    }
    if k == 0 || 2 * k >= n {
        return Err(MapError::Parameter {
            name: "k",
            value: k.to_string(),
            allowed: format!("at least 1 and below half of the {n} points"),
        });
    }
    let on_map = exact_neighbours(low, k, Metric::Euclidean)?;
    let d = high.ncols();
    let high: Vec<f32> = high.iter().copied().collect();
    let penalty: u64 = (0..n)
        .into_par_iter()
        .map(|point| {
            let own = &high[point * d..(point + 1) * d];
            let distances: Vec<f64> = high.chunks_exact(d).map(|row| squared_distance(row, own)).collect();
            on_map
                .indices
                .row(point)
                .iter()
                .map(|&other| missed_by(&distances, point, other as usize, k))
                .sum::<u64>()
        })
        .sum();
    let (n, k) = (n as f64, k as f64);
    Ok(1.0 - 2.0 / (n * k * (2.0 * n - 3.0 * k - 1.0)) * penalty as f64)
}

/// Places by which `other` missed the k nearest of `point`.
fn missed_by(distances: &[f64], point: usize, other: usize, k: usize) -> u64 {
    let nearer = distances
        .iter()
        .enumerate()
        .filter(|&(i, &distance)| i != point && (distance, i) < (distances[other], other))
        .count();
    (nearer + 1).saturating_sub(k) as u64
}

fn squared_distance(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2)).sum()
}

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
