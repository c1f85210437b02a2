//! Principal axes by their properties and against power iteration.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use ndarray::{Array1, Array2, ArrayView2, Axis, array};
use proptest::prelude::*;
use scatter_map::{MapError, Metric, Prepare, neighbours, pca, prepare};

fn points(rows: std::ops::Range<usize>) -> impl Strategy<Value = Array2<f32>> {
    (rows, 1..24_usize).prop_flat_map(|(n, d)| {
        prop::collection::vec(-1.0..1.0_f32, n * d).prop_map(move |values| {
            // Axes of unequal spread, so that each principal axis is well defined.
            let mut points = Array2::from_shape_vec((n, d), values).unwrap();
            for (axis, mut column) in points.columns_mut().into_iter().enumerate() {
                column *= 1.0 + axis as f32;
            }
            points
        })
    })
}

fn covariance(points: ArrayView2<'_, f32>) -> Array2<f64> {
    let points = points.mapv(f64::from);
    let centred = &points - &points.mean_axis(Axis(0)).unwrap();
    centred.t().dot(&centred) / (points.nrows() as f64 - 1.0).max(1.0)
}

fn distances(points: ArrayView2<'_, f32>) -> Vec<f64> {
    let n = points.nrows();
    (0..n * n)
        .map(|i| {
            points
                .row(i / n)
                .iter()
                .zip(points.row(i % n))
                .map(|(&a, &b)| f64::from(a - b).powi(2))
                .sum::<f64>()
                .sqrt()
        })
        .collect()
}

/// A fixed orthonormal matrix: products of plane rotations.
fn rotation(d: usize) -> Array2<f64> {
    let mut turned = Array2::eye(d);
    for i in 1..d {
        let (sin, cos) = (0.7 * i as f64).sin_cos();
        for row in 0..d {
            let (a, b) = (turned[[row, i - 1]], turned[[row, i]]);
            turned[[row, i - 1]] = cos * a - sin * b;
            turned[[row, i]] = sin * a + cos * b;
        }
    }
    turned
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    /// Covers both ways of computing: more points than dimensions, and fewer.
    #[test]
    fn all_components_together_keep_every_distance(points in points(2..40)) {
        let all = pca(points.view(), points.ncols()).unwrap();
        for (before, after) in distances(points.view()).iter().zip(distances(all.points.view())) {
            prop_assert!((before - after).abs() < 1e-4, "{before} became {after}");
        }
    }

    #[test]
    fn components_are_uncorrelated_with_the_variances_they_claim(points in points(2..40)) {
        let total: f64 = covariance(points.view()).diag().sum();
        let found = pca(points.view(), points.ncols()).unwrap();
        let covariance = covariance(found.points.view());
        for ((row, column), &value) in covariance.indexed_iter() {
            let expected = if row == column { found.explained[row] * total } else { 0.0 };
            prop_assert!((value - expected).abs() < 1e-4 * total.max(1e-3), "{row},{column}: {value} against {expected}");
        }
        prop_assert!(found.explained.windows(2).all(|pair| pair[0] >= pair[1]));
        prop_assert!((found.explained.iter().sum::<f64>() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn moving_turning_and_reordering_the_points_leaves_the_explained_variance(points in points(3..40)) {
        let expected = pca(points.view(), 3).unwrap();
        let moved = &points + 5.0;
        let turned = points.mapv(f64::from).dot(&rotation(points.ncols())).mapv(|v| v as f32);
        let reversed = points.slice_axis(Axis(0), ndarray::Slice::new(0, None, -1)).to_owned();
        for other in [&moved, &turned, &reversed] {
            for (a, b) in pca(other.view(), 3).unwrap().explained.iter().zip(&expected.explained) {
                prop_assert!((a - b).abs() < 1e-5);
            }
        }
        // Order does not change the axes either, signs included.
        let back = pca(reversed.view(), 1).unwrap().points;
        let tells = expected.explained[0] - expected.explained[1] > 0.05;
        if tells {
            for (i, row) in back.rows().into_iter().enumerate() {
                let original = expected.points[[points.nrows() - 1 - i, 0]];
                prop_assert!((row[0] - original).abs() < 1e-3 || (row[0] + original).abs() < 1e-3);
            }
        }
    }
}

#[test]
fn the_axis_of_a_line_points_along_its_largest_loading() {
    let line = Array2::from_shape_fn((9, 3), |(i, j)| i as f32 * [1.0, -4.0, 2.0][j]);
    let found = pca(line.view(), 3).unwrap();
    // Along the line −4 is the largest loading; made positive, the axis points against it.
    assert!(found.points.column(0).windows(2).into_iter().all(|pair| pair[0] > pair[1]));
    assert!((found.points[[0, 0]] - 4.0 * 21.0_f32.sqrt()).abs() < 1e-4);
    assert!((found.explained[0] - 1.0).abs() < 1e-12);
    assert!(found.points.column(1).iter().chain(found.points.column(2)).all(|&v| v == 0.0));
}

#[test]
fn power_iteration_finds_the_same_first_axis_on_both_sides_of_square() {
    for (n, d) in [(300, 40), (40, 300)] {
        let points = Array2::from_shape_fn((n, d), |(i, j)| {
            ((i * 31 + j * 17) % 101) as f32 / 101.0 + (i as f32 / n as f32) * (1.0 + (j % 5) as f32)
        });
        let covariance = covariance(points.view());
        let mut axis = Array1::from_elem(d, 1.0);
        for _ in 0..200 {
            axis = covariance.dot(&axis);
            axis /= axis.dot(&axis).sqrt();
        }
        let points64 = points.mapv(f64::from);
        let expected = (&points64 - &points64.mean_axis(Axis(0)).unwrap()).dot(&axis);
        let found = pca(points.view(), 1).unwrap().points;
        for (found, expected) in found.iter().zip(&expected) {
            assert!((f64::from(*found) - expected).abs() < 1e-4, "{found} against {expected}");
        }
    }
}

/// Embeddings like YAMNet's: sparse, nonnegative, two groups.
fn embeddings(n: usize) -> Array2<f32> {
    Array2::from_shape_fn((n, 80), |(i, j)| {
        let noise = ((i * 37 + j * 101 + i * j) % 97) as f32 / 97.0;
        if (j % 2 == 0) == (i % 2 == 0) { 3.0 * noise * noise } else { 0.0 }
    })
}

#[test]
fn preparation_is_a_root_a_rotation_a_scale_for_each_axis_and_a_common_length() {
    let embeddings = embeddings(200);
    let rotated = pca(embeddings.mapv(f32::cbrt).view(), 20).unwrap();
    let variances = covariance(rotated.points.view()).diag().to_owned();
    let found = prepare(embeddings.view(), Prepare::Whitened { components: 20 }).unwrap();
    assert_eq!(found.dim(), (200, 20));
    for (found, rotated) in found.rows().into_iter().zip(rotated.points.rows()) {
        let scaled: Vec<f64> =
            rotated.iter().zip(&variances).map(|(&x, v)| f64::from(x) / v.powf(0.375)).collect();
        let length = scaled.iter().map(|x| x * x).sum::<f64>().sqrt();
        for (&found, scaled) in found.iter().zip(&scaled) {
            assert!((f64::from(found) - scaled / length).abs() < 1e-4, "{found} against {}", scaled / length);
        }
    }
}

#[test]
fn there_are_never_more_components_than_the_points_span() {
    let whitened = |points: &Array2<f32>| prepare(points.view(), Prepare::default()).unwrap();
    assert_eq!(whitened(&embeddings(5)).dim(), (5, 4));
    assert_eq!(whitened(&embeddings(200)).dim(), (200, 80));
    assert_eq!(whitened(&Array2::from_elem((7, 1024), 0.4)).dim(), (7, 1));
    assert!(whitened(&Array2::from_elem((7, 1024), 0.4)).iter().all(|&v| v == 0.0));
    assert_eq!(whitened(&array![[0.2, 0.0]]), array![[0.0]]);
    let mut twice = embeddings(6);
    for i in 3..6 {
        let row = twice.row(i - 3).to_owned();
        twice.row_mut(i).assign(&row);
    }
    let prepared = whitened(&twice);
    assert_eq!(prepared.dim(), (6, 2));
    assert_eq!(
        neighbours(prepared.view(), 1, Metric::Euclidean).unwrap().indices.column(0).to_vec(),
        [3, 4, 5, 0, 1, 2]
    );
}

#[test]
fn raw_embeddings_can_be_kept_and_those_with_values_below_zero_get_no_root() {
    let embeddings = embeddings(60);
    assert_eq!(prepare(embeddings.view(), Prepare::None).unwrap(), embeddings);
    let whitened =
        |points: &Array2<f32>| prepare(points.view(), Prepare::Whitened { components: 4 }).unwrap();
    // Without a root the place of zero does not count: a shift changes nothing.
    let (below, far_below) = (whitened(&(&embeddings - 1.0)), whitened(&(&embeddings - 5.0)));
    for (a, b) in below.iter().zip(&far_below) {
        assert!((a - b).abs() < 1e-4, "{a} became {b}");
    }
    let rooted = whitened(&embeddings);
    assert!(rooted.iter().zip(&below).any(|(a, b)| (a - b).abs() > 1e-2));
}

#[test]
fn threads_do_not_change_a_bit() {
    let embeddings = embeddings(2_500);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            (prepare(embeddings.view(), Prepare::default()).unwrap(), pca(embeddings.view(), 3).unwrap())
        })
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn damaged_or_missing_embeddings_are_refused() {
    let mut damaged = embeddings(9);
    damaged[[4, 7]] = f32::INFINITY;
    for how in [Prepare::None, Prepare::default()] {
        let message = prepare(damaged.view(), how).unwrap_err().to_string();
        assert!(message.starts_with("point 4 has the value inf in dimension 7"), "{message}");
    }
    assert!(matches!(pca(damaged.view(), 3), Err(MapError::NotFinite { .. })));
    assert!(matches!(pca(embeddings(9).view(), 0), Err(MapError::Parameter { .. })));
    let none = Prepare::Whitened { components: 0 };
    assert!(matches!(prepare(embeddings(9).view(), none), Err(MapError::Parameter { .. })));
    assert!(matches!(prepare(Array2::zeros((0, 3)).view(), none), Err(MapError::NoPoints)));
}
