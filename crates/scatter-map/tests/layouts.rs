//! UMAP and the sphere, on crowds large and tiny.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use ndarray::{Array2, ArrayView2, Axis, array};
use proptest::prelude::*;
use scatter_map::quality::{knn_accuracy, trustworthiness};
use scatter_map::{
    FEWEST_POINTS_FOR_UMAP, MapError, Metric, SPHERE_RADIUS, UmapParams, neighbours, pca, spherical, umap,
    umap_from_neighbours,
};

/// `clusters` Gaussian-like heaps in `dimensions` dimensions, as (points, cluster of each).
fn heaps(n: usize, clusters: usize, dimensions: usize) -> (Array2<f32>, Vec<usize>) {
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

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

#[test]
fn umap_keeps_heaps_apart_and_neighbours_together() {
    let (points, labels) = heaps(600, 8, 20);
    // The means of umap-learn 0.5.12 with the same parameters on these very points; its three seeds differ by 0.0005.
    for (dims, reference) in [(2, 0.9738), (3, 0.9777)] {
        let map = umap(points.view(), &UmapParams { dims, ..UmapParams::default() }).unwrap();
        assert_eq!(map.dim(), (600, dims));
        let trust = trustworthiness(points.view(), map.view(), 15).unwrap();
        let vote = knn_accuracy(map.view(), &labels, 15).unwrap();
        println!("{dims} dimensions: trustworthiness {trust:.4}, 15-NN vote {vote:.4}");
        assert!(vote > 0.99);
        assert!(trust > reference - 0.003, "{dims} dimensions: {trust}");
    }
}

#[test]
fn umap_gives_the_same_bytes_on_any_number_of_threads_and_another_map_for_another_seed() {
    // The last is large enough for the parallel parts of the spectral start.
    for (dims, n, clusters) in [(2, 300, 5), (3, 300, 5), (3, 9_000, 1)] {
        let params = UmapParams { dims, ..UmapParams::default() };
        let points = heaps(n, clusters, 5).0;
        let first = on_threads(1, || umap(points.view(), &params).unwrap());
        for threads in [2, 3] {
            assert_eq!(
                on_threads(threads, || umap(points.view(), &params).unwrap()),
                first,
                "{n} points, {dims} dimensions, {threads} threads"
            );
        }
    }
    let params = UmapParams::default();
    let points = heaps(300, 5, 5).0;
    let other = umap(points.view(), &UmapParams { seed: u64::MAX, ..params }).unwrap();
    assert_ne!(other, umap(points.view(), &params).unwrap());
}

#[test]
fn any_number_of_points_gets_finite_places() {
    for n in (1..12).chain([15, 16, 17, 40, 100]) {
        for (what, points) in [
            ("scattered", heaps(n, 3, 10).0),
            ("one-dimensional", heaps(n, 2, 1).0),
            ("equal", Array2::from_elem((n, 4), 0.7)),
            ("two places", Array2::from_shape_fn((n, 4), |(i, _)| (i % 2) as f32)),
            ("one far away", Array2::from_shape_fn((n, 2), |(i, _)| if i == 0 { 1e15 } else { i as f32 })),
        ] {
            for (dims, neighbours) in [(2, 1), (2, 15), (3, 1), (3, 15), (3, 100)] {
                let params = UmapParams { dims, neighbours, ..UmapParams::default() };
                let map = umap(points.view(), &params)
                    .unwrap_or_else(|error| panic!("{n} {what} points, {params:?}: {error}"));
                assert_eq!(map.dim(), (n, dims));
                assert!(map.iter().all(|v| v.is_finite()), "{n} {what} points, {params:?}");
            }
        }
    }
}

#[test]
fn many_isolated_pairs_and_duplicates_get_finite_places() {
    // Hundreds of components, which the spectral start must place one by one.
    let pairs = Array2::from_shape_fn((800, 3), |(i, j)| ((i / 2) * (j + 1) * 100) as f32);
    let map = umap(pairs.view(), &UmapParams { neighbours: 1, ..UmapParams::default() }).unwrap();
    assert!(map.iter().all(|v| v.is_finite()));
    let mut mostly_silence = heaps(500, 4, 8).0;
    mostly_silence.slice_axis_mut(Axis(0), ndarray::Slice::from(100..)).fill(0.0);
    let map = umap(mostly_silence.view(), &UmapParams::default()).unwrap();
    assert!(map.iter().all(|v| v.is_finite()));
}

#[test]
fn too_few_points_for_umap_keep_their_true_distances() {
    let points = array![[0.0_f32, 0.0], [3.0, 4.0], [6.0, 0.0]];
    assert!(points.nrows() < FEWEST_POINTS_FOR_UMAP);
    let map = umap(points.view(), &UmapParams::default()).unwrap();
    assert_eq!(map, pca(points.view(), 3).unwrap().points);
    let flat = umap(points.view(), &UmapParams { dims: 2, ..UmapParams::default() }).unwrap();
    assert_eq!(flat, map.select(Axis(1), &[0, 1]));
    let distance = |a: usize, b: usize| (&map.row(a) - &map.row(b)).mapv(|v| v * v).sum().sqrt();
    assert!((distance(0, 1) - 5.0).abs() < 1e-5 && (distance(0, 2) - 6.0).abs() < 1e-5);
    assert_eq!(
        umap(array![[4.0_f32, 2.0]].view(), &UmapParams::default()).unwrap(),
        Array2::<f32>::zeros((1, 3))
    );
}

#[test]
fn neighbours_found_before_give_the_same_map() {
    let points = heaps(200, 4, 12).0;
    let params = UmapParams::default();
    let more = neighbours(points.view(), 30, Metric::Euclidean).unwrap();
    assert_eq!(
        umap_from_neighbours(points.view(), &more, &params).unwrap(),
        umap(points.view(), &params).unwrap()
    );
    let by_angle = neighbours(points.view(), 15, Metric::Cosine).unwrap();
    let other = umap_from_neighbours(points.view(), &by_angle, &params).unwrap();
    assert!(other.iter().all(|v| v.is_finite()) && other != umap(points.view(), &params).unwrap());
    let fewer = neighbours(points.select(Axis(0), &[0, 1, 2]).view(), 2, Metric::Euclidean).unwrap();
    let error = umap_from_neighbours(points.view(), &fewer, &params).unwrap_err();
    assert_eq!(error.to_string(), "the neighbour list describes 3 points where 200 were given");
}

#[test]
fn parameters_out_of_range_are_refused() {
    let points = heaps(20, 2, 3).0;
    for params in [
        UmapParams { dims: 1, ..UmapParams::default() },
        UmapParams { dims: 4, ..UmapParams::default() },
        UmapParams { neighbours: 0, ..UmapParams::default() },
        UmapParams { min_dist: -0.1, ..UmapParams::default() },
        UmapParams { min_dist: f32::NAN, ..UmapParams::default() },
        UmapParams { min_dist: 1.5, ..UmapParams::default() },
    ] {
        assert!(matches!(umap(points.view(), &params), Err(MapError::Parameter { .. })), "{params:?}");
    }
    for min_dist in [0.0, 0.01, 0.5, 1.0] {
        assert!(umap(points.view(), &UmapParams { min_dist, ..UmapParams::default() }).is_ok());
    }
}

fn lengths(points: ArrayView2<'_, f32>) -> Vec<f32> {
    points.rows().into_iter().map(|row| row.dot(&row).sqrt()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_flat_map_is_wrapped_by_distance_and_azimuth(
        values in prop::collection::vec(-1.0..1.0_f32, 4..60), shift in -2.0..2.0_f32, scale in 0.5..50.0_f32,
    ) {
        let n = values.len() / 2;
        let points = Array2::from_shape_vec((n, 2), values[..n * 2].to_vec()).unwrap();
        let offset = &points - &points.mean_axis(Axis(0)).unwrap();
        let far = lengths(offset.view());
        let furthest = far.iter().copied().fold(0.0, f32::max);
        prop_assume!(furthest > 0.1);
        let sphere = spherical((&points * scale + shift).view());
        prop_assert_eq!(sphere.dim(), (n, 3));
        for (point, length) in lengths(sphere.view()).into_iter().enumerate() {
            prop_assert!((length - SPHERE_RADIUS).abs() < 1e-4);
            // Both read off the sphere: along the meridian, and around the axis.
            let polar = (sphere[[point, 2]] / SPHERE_RADIUS).clamp(-1.0, 1.0).acos();
            prop_assert!((polar - std::f32::consts::PI * far[point] / furthest).abs() < 5e-3);
            if far[point] > 0.05 && far[point] < 0.95 * furthest {
                let around = sphere[[point, 1]].atan2(sphere[[point, 0]]);
                let azimuth = offset[[point, 1]].atan2(offset[[point, 0]]);
                prop_assert!((around - azimuth).sin().abs() < 5e-3 && (around - azimuth).cos() > 0.0);
            }
        }
    }

    #[test]
    fn the_sphere_keeps_directions_from_the_mean_wherever_the_map_lies(
        values in prop::collection::vec(-1.0..1.0_f32, 3..90), shift in -2.0..2.0_f32, scale in 0.5..50.0_f32,
    ) {
        let n = values.len() / 3;
        let points = Array2::from_shape_vec((n, 3), values[..n * 3].to_vec()).unwrap();
        let sphere = spherical(points.view());
        for length in lengths(sphere.view()) {
            prop_assert!((length - SPHERE_RADIUS).abs() < 1e-4);
        }
        let offset = &points - &points.mean_axis(Axis(0)).unwrap();
        let far = lengths(offset.view());
        let moved = spherical((&points * scale + shift).view());
        for point in (0..n).filter(|&point| far[point] > 0.05) {
            for axis in 0..3 {
                prop_assert!((sphere[[point, axis]] / SPHERE_RADIUS - offset[[point, axis]] / far[point]).abs() < 1e-3);
                prop_assert!((sphere[[point, axis]] - moved[[point, axis]]).abs() < 0.05);
            }
        }
    }
}

#[test]
fn points_on_the_mean_go_to_one_fixed_place_on_the_sphere() {
    let fixed = [SPHERE_RADIUS, 0.0, 0.0];
    assert_eq!(spherical(array![[5.0, 6.0, 7.0]].view()), array![fixed]);
    assert_eq!(spherical(Array2::from_elem((4, 3), 0.1).view()), array![fixed, fixed, fixed, fixed]);
    let row = spherical(array![[-1.0, 0.0, 0.0], [0.0, 0.0, 0.0], [1.0, 0.0, 0.0]].view());
    assert_eq!(row, array![[-SPHERE_RADIUS, 0.0, 0.0], fixed, fixed]);
    assert_eq!(spherical(Array2::zeros((0, 3)).view()).dim(), (0, 3));
    let pole = [0.0, 0.0, SPHERE_RADIUS];
    assert_eq!(spherical(array![[5.0, 6.0]].view()), array![pole]);
    assert_eq!(spherical(Array2::from_elem((3, 2), 0.1).view()), array![pole, pole, pole]);
    assert_eq!(spherical(Array2::zeros((0, 2)).view()).dim(), (0, 3));
    assert_eq!(spherical(array![[-4.0], [4.0]].view()), array![[-SPHERE_RADIUS, 0.0, 0.0], fixed]);
}
