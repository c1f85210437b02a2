//! UMAP's graph: how strongly each point is tied to its neighbours.

use manifolds_rs::data::graph::{filter_weak_edges, knn_to_coo, symmetrise_graph};
use manifolds_rs::data::structures::CoordinateList;

use crate::Neighbours;

/// Steps of the search for a point's distance scale, and the deviation at which it ends (umap-learn's values).
const BISECTIONS: usize = 64;
const TOLERANCE: f64 = 1e-5;
/// A point's distance scale is at least this part of its mean neighbour distance (umap-learn's value).
const LEAST_SCALE: f64 = 1e-3;

/// The symmetric graph of the `k` nearest of `nearest`, weights in `0.0..=1.0` (McInnes et al. 2018, algorithms 2 and 3).
///
/// Edges so weak that `epochs` of sampling would never reach them are left out.
pub fn fuzzy_graph(nearest: &Neighbours, k: usize, epochs: usize) -> CoordinateList<f32> {
    let indices: Vec<Vec<usize>> = nearest
        .indices
        .rows()
        .into_iter()
        .map(|row| row.iter().take(k).map(|&i| i as usize).collect())
        .collect();
    let distances: Vec<Vec<f32>> =
        nearest.distances.rows().into_iter().map(|row| row.iter().take(k).copied().collect()).collect();
    let overall = mean(distances.iter().flatten());
    let scales: Vec<f32> = distances.iter().map(|row| distance_scale(row, overall)).collect();
    let nearest_distances: Vec<f32> = distances.iter().map(|row| nearest_distance(row)).collect();
    let directed = knn_to_coo(&indices, &distances, &scales, &nearest_distances);
    filter_weak_edges(symmetrise_graph(directed, 1.0), epochs, 0)
}

/// Distance to the nearest point that is not a duplicate; 0 when all are.
fn nearest_distance(distances: &[f32]) -> f32 {
    distances.iter().copied().find(|&distance| distance > 0.0).unwrap_or(0.0)
}

/// The scale at which the ties `exp(−(distance − nearest) / scale)` add up to log2(k + 1).
///
/// `k + 1`, since the algorithm counts a point among its own neighbours.
fn distance_scale(distances: &[f32], overall: f64) -> f32 {
    let target = (distances.len() as f64 + 1.0).log2();
    let nearest = f64::from(nearest_distance(distances));
    let ties = |scale: f64| {
        distances.iter().map(|&d| (-(f64::from(d) - nearest).max(0.0) / scale).exp()).sum::<f64>()
    };
    let (mut low, mut high, mut scale) = (0.0, f64::INFINITY, 1.0);
    for _ in 0..BISECTIONS {
        let excess = ties(scale) - target;
        if excess.abs() < TOLERANCE {
            break;
        }
        if excess > 0.0 {
            high = scale;
        } else {
            low = scale;
        }
        scale = if high.is_finite() { (low + high) / 2.0 } else { scale * 2.0 };
    }
    let own = mean(distances);
    scale.max(LEAST_SCALE * if nearest > 0.0 { own } else { overall }) as f32
}

fn mean<'a>(values: impl IntoIterator<Item = &'a f32>) -> f64 {
    let (sum, count) = values.into_iter().fold((0.0, 0), |(sum, count), &v| (sum + f64::from(v), count + 1));
    sum / f64::from(count.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_points_ties_add_up_to_the_logarithm_of_its_neighbourhood() {
        let distances = [0.5, 0.7, 0.9, 1.6, 2.0, 2.1, 2.2, 3.0, 3.0, 3.5, 4.0, 4.1, 5.0, 6.0, 9.0_f32];
        let scale = f64::from(distance_scale(&distances, 1.0));
        let ties: f64 = distances.iter().map(|&d| (-(f64::from(d) - 0.5) / scale).exp()).sum();
        assert!((ties - 4.0).abs() < 1e-4, "{ties}");
    }

    #[test]
    fn duplicates_get_a_finite_positive_scale() {
        assert!(distance_scale(&[0.0; 15], 2.0) >= 1e-3);
        assert!(distance_scale(&[3.0; 15], 2.0) > 0.0);
        assert_eq!(nearest_distance(&[0.0, 0.0, 0.2]), 0.2);
    }
}
