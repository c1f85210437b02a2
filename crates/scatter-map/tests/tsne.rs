//! t-SNE, on crowds large and tiny.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod made;

use made::{heaps, on_threads};
use ndarray::{Array2, Axis};
use scatter_map::quality::{knn_accuracy, trustworthiness};
use scatter_map::{
    FEWEST_POINTS_FOR_TSNE, MapError, Metric, TSNE_RADIUS, TsneParams, neighbours, pca, tsne,
    tsne_from_neighbours,
};

#[test]
fn neighbourhoods_are_kept_as_well_as_by_scikit_learn() {
    let (points, labels) = heaps(600, 8, 20);
    // scikit-learn 1.9.1 on these very points: TSNE(n_components=dims, init="pca"); openTSNE 1.0 in 2-D: 0.9819.
    for (dims, reference) in [(2, 0.9818), (3, 0.9847)] {
        let map = tsne(points.view(), &TsneParams { dims, ..TsneParams::default() }).unwrap();
        assert_eq!(map.dim(), (600, dims));
        let trust = trustworthiness(points.view(), map.view(), 15).unwrap();
        let vote = knn_accuracy(map.view(), &labels, 15).unwrap();
        println!("{dims} dimensions: trustworthiness {trust:.4}, 15-NN vote {vote:.4}");
        assert!(vote > 0.99);
        assert!(trust > reference - 0.003, "{dims} dimensions: {trust}");
        let radius = (map.mapv(|v| v * v).sum() / 600.0).sqrt();
        assert!((radius - TSNE_RADIUS).abs() < 1e-3);
        assert!(map.mean_axis(Axis(0)).unwrap().iter().all(|mean| mean.abs() < 1e-3));
    }
}

#[test]
fn the_same_bytes_come_from_any_number_of_threads_and_another_map_from_another_seed() {
    for dims in [2, 3] {
        let points = heaps(400, 5, 6).0;
        let params = TsneParams { dims, ..TsneParams::default() };
        let first = on_threads(1, || tsne(points.view(), &params).unwrap());
        for threads in [2, 3] {
            assert_eq!(
                on_threads(threads, || tsne(points.view(), &params).unwrap()),
                first,
                "{dims}, {threads}"
            );
        }
        assert_ne!(tsne(points.view(), &TsneParams { seed: 7, ..params }).unwrap(), first);
    }
}

#[test]
fn any_number_of_points_gets_finite_places() {
    for n in (1..12).chain([15, 40, 100]) {
        for (what, points) in [
            ("scattered", heaps(n, 3, 10).0),
            ("one-dimensional", heaps(n, 2, 1).0),
            ("equal", Array2::from_elem((n, 4), 0.7)),
            ("two places", Array2::from_shape_fn((n, 4), |(i, _)| (i % 2) as f32)),
            ("one far away", Array2::from_shape_fn((n, 2), |(i, _)| if i == 0 { 1e15 } else { i as f32 })),
            ("tiny", heaps(n, 3, 4).0 * 1e-25),
        ] {
            for (dims, perplexity) in [(2, 1.0), (2, 30.0), (3, 30.0), (3, 1e6)] {
                let params = TsneParams { dims, perplexity, ..TsneParams::default() };
                let map = tsne(points.view(), &params)
                    .unwrap_or_else(|error| panic!("{n} {what} points, {params:?}: {error}"));
                assert_eq!(map.dim(), (n, dims));
                assert!(map.iter().all(|v| v.is_finite()), "{n} {what} points, {params:?}");
                if n < FEWEST_POINTS_FOR_TSNE {
                    assert_eq!(map, pca(points.view(), dims).unwrap().points);
                }
            }
        }
    }
}

#[test]
fn a_crowd_of_duplicates_stays_finite_and_together() {
    let mut mostly_silence = heaps(700, 4, 8).0;
    mostly_silence.slice_axis_mut(Axis(0), ndarray::Slice::from(200..)).fill(0.0);
    for dims in [2, 3] {
        let map = tsne(mostly_silence.view(), &TsneParams { dims, ..TsneParams::default() }).unwrap();
        assert!(map.iter().all(|v| v.is_finite()));
        // Most of the silent points' neighbours on the map are silent.
        let silent: Vec<bool> = (0..700).map(|point| point >= 200).collect();
        assert!(knn_accuracy(map.view(), &silent, 15).unwrap() > 0.95);
    }
}

#[test]
fn neighbours_found_before_give_the_same_map() {
    let points = heaps(200, 4, 12).0;
    let params = TsneParams { perplexity: 12.0, ..TsneParams::default() };
    let more = neighbours(points.view(), params.neighbours() + 10, Metric::Euclidean).unwrap();
    assert_eq!(params.neighbours(), 36);
    let map = tsne(points.view(), &params).unwrap();
    assert_eq!(tsne_from_neighbours(points.view(), &more, &params).unwrap(), map);
    let by_angle = neighbours(points.view(), 36, Metric::Cosine).unwrap();
    assert_ne!(tsne_from_neighbours(points.view(), &by_angle, &params).unwrap(), map);
    let others = neighbours(points.select(Axis(0), &[0, 1, 2]).view(), 2, Metric::Euclidean).unwrap();
    let error = tsne_from_neighbours(points.view(), &others, &params).unwrap_err();
    assert_eq!(error.to_string(), "the neighbour list describes 3 points where 200 were given");
}

#[test]
fn parameters_out_of_range_are_refused() {
    let points = heaps(20, 2, 3).0;
    for params in [
        TsneParams { dims: 1, ..TsneParams::default() },
        TsneParams { dims: 4, ..TsneParams::default() },
        TsneParams { perplexity: 0.5, ..TsneParams::default() },
        TsneParams { perplexity: f32::NAN, ..TsneParams::default() },
        TsneParams { perplexity: f32::INFINITY, ..TsneParams::default() },
    ] {
        assert!(matches!(tsne(points.view(), &params), Err(MapError::Parameter { .. })), "{params:?}");
    }
}
