//! Neighbours and quality figures against plain double loops.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use ndarray::{Array2, ArrayView2, Axis, array};
use proptest::prelude::*;
use scatter_map::quality::{knn_accuracy, trustworthiness};
use scatter_map::{MapError, Metric, Neighbours, neighbours};

fn squared_distance(points: ArrayView2<'_, f32>, a: usize, b: usize) -> f64 {
    points.row(a).iter().zip(points.row(b)).map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2)).sum()
}

/// All others by (distance, index).
fn naive_order(points: ArrayView2<'_, f32>, point: usize) -> Vec<usize> {
    let mut others: Vec<usize> = (0..points.nrows()).filter(|&other| other != point).collect();
    others.sort_by(|&a, &b| {
        squared_distance(points, point, a).total_cmp(&squared_distance(points, point, b)).then(a.cmp(&b))
    });
    others
}

fn naive_neighbours(points: ArrayView2<'_, f32>, k: usize) -> Neighbours {
    let (n, k) = (points.nrows(), k.min(points.nrows() - 1));
    let orders: Vec<Vec<usize>> = (0..n).map(|point| naive_order(points, point)).collect();
    Neighbours {
        indices: Array2::from_shape_fn((n, k), |(point, place)| orders[point][place] as u32),
        distances: Array2::from_shape_fn((n, k), |(point, place)| {
            squared_distance(points, point, orders[point][place]).sqrt() as f32
        }),
    }
}

/// Trustworthiness by the formula of Venna & Kaski (2001), eq. 1.
fn naive_trustworthiness(high: ArrayView2<'_, f32>, low: ArrayView2<'_, f32>, k: usize) -> f64 {
    let n = high.nrows();
    let mut penalty = 0.0;
    for point in 0..n {
        let ranks = naive_order(high, point);
        for &other in naive_order(low, point).iter().take(k) {
            let rank = ranks.iter().position(|&candidate| candidate == other).unwrap() + 1;
            penalty += rank.saturating_sub(k) as f64;
        }
    }
    let (n, k) = (n as f64, k as f64);
    1.0 - 2.0 / (n * k * (2.0 * n - 3.0 * k - 1.0)) * penalty
}

/// One minus the cosine, by its textbook formula; a vector of zeros is at 0 from its like and at 1 from others.
fn cosine_distance(points: ArrayView2<'_, f32>, a: usize, b: usize) -> f64 {
    let dot = |a: usize, b: usize| -> f64 {
        points.row(a).iter().zip(points.row(b)).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
    };
    let (a2, b2) = (dot(a, a), dot(b, b));
    if a2 == 0.0 && b2 == 0.0 {
        0.0
    } else if a2 == 0.0 || b2 == 0.0 {
        1.0
    } else {
        1.0 - dot(a, b) / a2.sqrt() / b2.sqrt()
    }
}

/// Points of all kinds: far from the origin, on a coarse grid (many ties and duplicates), of wild scales.
fn points() -> impl Strategy<Value = Array2<f32>> {
    let shape = (1..40_usize, 1..20_usize);
    let value = prop_oneof![(-3..3_i32).prop_map(|v| v as f32).boxed(), (-1.0..1.0_f32).boxed(),];
    (shape, prop_oneof![Just(1.0_f32), Just(1e-20), Just(1e18)], prop_oneof![Just(0.0_f32), Just(1e4)])
        .prop_flat_map(move |((n, d), scale, offset)| {
            prop::collection::vec(value.clone(), n * d).prop_map(move |values| {
                let moved = values.iter().map(|v| (v + offset) * scale).collect();
                Array2::from_shape_vec((n, d), moved).unwrap()
            })
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn neighbours_equal_a_double_loop(points in points(), k in 1..45_usize) {
        prop_assert_eq!(neighbours(points.view(), k, Metric::Euclidean).unwrap(), naive_neighbours(points.view(), k));
    }

    /// Within rounding of the formula, which decides between equal angles by chance.
    #[test]
    fn cosine_neighbours_equal_a_double_loop(points in points(), k in 1..45_usize) {
        let n = points.nrows();
        let found = neighbours(points.view(), k, Metric::Cosine).unwrap();
        prop_assert_eq!(found.indices.dim(), (n, k.min(n - 1)));
        for (point, (indices, distances)) in found.indices.rows().into_iter().zip(found.distances.rows()).enumerate() {
            let others = (0..n).filter(|&other| other != point);
            let mut all: Vec<f64> = others.map(|other| cosine_distance(points.view(), point, other)).collect();
            all.sort_by(f64::total_cmp);
            for ((&index, &distance), expected) in indices.iter().zip(distances).zip(all) {
                let own = cosine_distance(points.view(), point, index as usize);
                prop_assert!((own - expected).abs() < 1e-12, "{point} to {index}: {own}, nearest {expected}");
                prop_assert!((f64::from(distance) - expected).abs() < 1e-6 * expected + 1e-12);
            }
            let mut once = indices.to_vec();
            once.sort_unstable();
            once.dedup();
            prop_assert!(once.len() == indices.len() && !once.contains(&(point as u32)));
        }
    }

    /// Lengths in steps of two: rounding-free, so not a bit may change.
    #[test]
    fn lengths_do_not_count_in_the_cosine(points in points(), k in 1..45_usize) {
        let mut stretched = points.clone();
        for (point, mut row) in stretched.rows_mut().into_iter().enumerate() {
            row *= [0.25, 1.0, 8.0][point % 3];
        }
        let expected = neighbours(points.view(), k, Metric::Cosine).unwrap();
        prop_assert_eq!(neighbours(stretched.view(), k, Metric::Cosine).unwrap(), expected);
    }

    #[test]
    fn trustworthiness_equals_its_formula(high in points(), seed in any::<u64>()) {
        let n = high.nrows();
        let low = Array2::from_shape_fn((n, 2), |(i, j)| ((i as u64 * 7 + j as u64 * 3 + seed % 1_000) % 11) as f32);
        for k in (1..n).take_while(|k| 2 * k < n) {
            let found = trustworthiness(high.view(), low.view(), k).unwrap();
            prop_assert!((found - naive_trustworthiness(high.view(), low.view(), k)).abs() < 1e-12);
        }
    }
}

/// Enough points for several blocks and threads, in groups of duplicates, on a grid full of ties.
fn crowd() -> Array2<f32> {
    Array2::from_shape_fn((700, 6), |(point, axis)| ((point % 233) * (axis + 3) % 7) as f32)
}

#[test]
fn neighbours_over_many_blocks_equal_a_double_loop_on_one_thread_and_on_three() {
    let points = crowd();
    let expected = naive_neighbours(points.view(), 15);
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert_eq!(
            pool.install(|| neighbours(points.view(), 15, Metric::Euclidean)).unwrap(),
            expected,
            "{threads} threads"
        );
    }
}

#[test]
fn trustworthiness_over_many_blocks_equals_its_formula_among_ties_and_near_duplicates() {
    let mut points = crowd();
    // Copies which f32 products cannot tell from the original, and distances that differ in the last digits.
    for (point, mut row) in points.rows_mut().into_iter().enumerate().filter(|(point, _)| point % 3 == 0) {
        row[point % 6] += 1e-6 * (point % 50) as f32;
    }
    let low = points.select(Axis(1), &[1, 4]);
    let expected = naive_trustworthiness(points.view(), low.view(), 15);
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let found = pool.install(|| trustworthiness(points.view(), low.view(), 15)).unwrap();
        assert!((found - expected).abs() < 1e-12, "{found} against {expected} on {threads} threads");
        assert!(found < 0.99, "the map must err for the comparison to mean anything");
    }
}

#[test]
fn cosine_distances_keep_their_digits_however_small_the_angle() {
    // At an angle of 1e-6, 1 − cos in f32 would be zero.
    let points = array![[1.0_f32, 0.0], [1.0, 1e-6], [0.0, 0.0], [3.0, 0.0], [0.0, 0.0], [-2.0, 0.0]];
    let found = neighbours(points.view(), 5, Metric::Cosine).unwrap();
    assert_eq!(found.indices.row(0).to_vec(), [3, 1, 2, 4, 5]);
    assert_eq!(found.distances[[0, 0]], 0.0);
    assert!((found.distances[[0, 1]] / 0.5e-12 - 1.0).abs() < 1e-5);
    assert_eq!(found.distances.row(0).to_vec()[2..], [1.0, 1.0, 2.0]);
    assert_eq!(found.indices.row(2).to_vec(), [4, 0, 1, 3, 5]);
    assert_eq!(found.distances.row(2).to_vec(), [0.0, 1.0, 1.0, 1.0, 1.0]);
}

#[test]
fn memory_order_of_the_points_does_not_matter() {
    let points = crowd();
    let mut turned = Array2::zeros((6, 700));
    turned.assign(&points.t());
    assert_eq!(
        neighbours(turned.t(), 5, Metric::Euclidean).unwrap(),
        neighbours(points.view(), 5, Metric::Euclidean).unwrap()
    );
}

#[test]
fn ten_thousand_equal_points_are_neighbours_at_once() {
    let points = Array2::from_elem((10_000, 50), 0.3_f32);
    let found = neighbours(points.view(), 15, Metric::Euclidean).unwrap();
    assert!(found.distances.iter().all(|&distance| distance == 0.0));
    assert_eq!(found.indices.row(9_999).to_vec(), (0..15).collect::<Vec<u32>>());
    assert_eq!(found.indices.row(3).to_vec(), (0..16).filter(|&i| i != 3).collect::<Vec<u32>>());
}

#[test]
fn one_point_has_no_neighbours() {
    assert_eq!(neighbours(array![[1.0, 2.0]].view(), 15, Metric::Euclidean).unwrap().indices.dim(), (1, 0));
}

#[test]
fn quality_figures_equal_scikit_learns() {
    // scikit-learn 1.9.1: manifold.trustworthiness(high, low, n_neighbors=3) on these very numbers.
    let high = Array2::from_shape_fn((20, 3), |(i, j)| {
        ((i * i * (j + 2) + 3 * i + j) % 17) as f32 + 0.01 * i as f32
    });
    let low = high.select(Axis(1), &[0]);
    let found = trustworthiness(high.view(), low.view(), 3).unwrap();
    assert!((found - 0.733_333_333_333_333_4).abs() < 1e-12, "{found}");
    assert_eq!(trustworthiness(high.view(), high.view(), 3).unwrap(), 1.0);
}

#[test]
fn the_label_vote_is_won_by_number_then_by_nearness() {
    let line = array![[0.0_f32], [1.0], [2.1], [3.3], [10.0], [11.0]];
    // Point by point, the two nearest and their labels: 0: b,a; 1: a,a; 2: b,b; 3: a,b; 4: b,b; 5: b,b.
    let labels = ["a", "b", "a", "b", "b", "b"];
    assert_eq!(knn_accuracy(line.view(), &labels, 2).unwrap(), 2.0 / 6.0);
    assert_eq!(knn_accuracy(line.view(), &["x"; 6], 2).unwrap(), 1.0);
}

#[test]
fn what_cannot_be_measured_is_refused_with_the_reason() {
    let points = crowd();
    let mut damaged = points.clone();
    damaged[[12, 3]] = f32::NAN;
    assert!(matches!(
        neighbours(damaged.view(), 3, Metric::Euclidean),
        Err(MapError::NotFinite { point: 12, dimension: 3, .. })
    ));
    assert!(matches!(
        neighbours(points.view(), 0, Metric::Euclidean),
        Err(MapError::Parameter { name: "k", .. })
    ));
    assert!(matches!(
        neighbours(Array2::zeros((0, 5)).view(), 3, Metric::Euclidean),
        Err(MapError::NoPoints)
    ));
    assert!(matches!(
        neighbours(Array2::zeros((5, 0)).view(), 3, Metric::Euclidean),
        Err(MapError::NoDimensions)
    ));
    assert!(matches!(
        trustworthiness(points.view(), points.view(), 350),
        Err(MapError::Parameter { name: "k", .. })
    ));
    let message = knn_accuracy(points.view(), &[1, 2], 3).unwrap_err().to_string();
    assert_eq!(message, "the label list describes 2 points where 700 were given");
}
