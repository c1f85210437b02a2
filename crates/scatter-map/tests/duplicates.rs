//! Duplicates planted among other points.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod made;

use made::heaps;
use ndarray::{Array2, Axis, concatenate};
use scatter_map::{
    DuplicateKind, DuplicateParams, Duplicates, MapError, Metric, Neighbours, duplicates, neighbours,
};

fn found_among(points: &Array2<f32>) -> Duplicates {
    let nearest = neighbours(points.view(), 15, Metric::Euclidean).unwrap();
    duplicates(&nearest, &DuplicateParams::default()).unwrap()
}

/// Copies of the `rows` of `points`, each coordinate moved by up to `by`.
fn copies(points: &Array2<f32>, rows: &[usize], by: f32) -> Array2<f32> {
    let mut moved = points.select(Axis(0), rows);
    for (place, value) in moved.iter_mut().enumerate() {
        *value += by * if place % 2 == 0 { 1.0 } else { -1.0 };
    }
    moved
}

#[test]
fn planted_copies_are_found_with_their_kind_and_group_and_nothing_else_is() {
    let crowd = heaps(400, 6, 20).0;
    let exact = copies(&crowd, &[5, 17], 0.0);
    let rounded = copies(&crowd, &[40], 1e-6);
    let near = copies(&crowd, &[60, 61, 5], 0.05);
    let points = concatenate![Axis(0), crowd, exact, rounded, near];
    let found = found_among(&points);
    use DuplicateKind::{Exact, Near};
    let expected = [
        (5, Exact, 0),
        (17, Exact, 1),
        (40, Exact, 2),
        (60, Near, 3),
        (61, Near, 4),
        (400, Exact, 0),
        (401, Exact, 1),
        (402, Exact, 2),
        (403, Near, 3),
        (404, Near, 4),
        (405, Near, 0),
    ];
    let listed: Vec<(usize, DuplicateKind, u32)> = (0..points.nrows())
        .filter_map(|point| found.groups[point].map(|group| (point, found.kinds[point], group)))
        .collect();
    assert_eq!(listed, expected);
    let unique = found.kinds.iter().filter(|&&kind| kind == DuplicateKind::Unique).count();
    assert_eq!(unique, points.nrows() - expected.len());
}

#[test]
fn what_is_near_depends_on_how_crowded_the_place_is() {
    // The same step is a copy among sparse points and a neighbour among dense ones.
    let sparse = heaps(300, 1, 10).0 * 4.0;
    let dense = heaps(300, 1, 10).0 + 1_000.0;
    let points = concatenate![Axis(0), sparse, dense, copies(&sparse, &[7], 0.2), copies(&dense, &[7], 0.2)];
    let found = found_among(&points);
    assert_eq!(found.groups[600], found.groups[7]);
    assert_eq!((found.kinds[7], found.kinds[600]), (DuplicateKind::Near, DuplicateKind::Near));
    assert_eq!((found.kinds[307], found.kinds[601]), (DuplicateKind::Unique, DuplicateKind::Unique));
}

#[test]
fn a_crowd_of_copies_is_one_group_though_no_list_holds_it() {
    let crowd = heaps(300, 5, 12).0;
    for (by, kind) in [(0.0, DuplicateKind::Exact), (0.01, DuplicateKind::Near)] {
        let mut same = copies(&crowd, &[3; 200], 0.0);
        for (point, mut row) in same.rows_mut().into_iter().enumerate() {
            row[point % 12] += by * (1.0 + point as f32 / 200.0);
        }
        let found = found_among(&concatenate![Axis(0), crowd, same]);
        for point in (300..500).chain([3]) {
            assert_eq!((found.groups[point], found.kinds[point]), (Some(0), kind), "{point} moved by {by}");
        }
        assert_eq!(found.groups.iter().flatten().count(), 201);
    }
}

#[test]
fn the_order_of_the_points_does_not_matter() {
    let crowd = heaps(200, 4, 10).0;
    let points = concatenate![Axis(0), crowd, copies(&crowd, &[1, 2, 3], 0.01), copies(&crowd, &[1], 0.0)];
    let forwards = found_among(&points);
    let backwards = found_among(&points.slice_axis(Axis(0), ndarray::Slice::new(0, None, -1)).to_owned());
    let last = points.nrows() - 1;
    for a in 0..=last {
        assert_eq!(forwards.kinds[a], backwards.kinds[last - a]);
        for b in 0..a {
            let together = |found: &Duplicates, a: usize, b: usize| {
                found.groups[a].is_some() && found.groups[a] == found.groups[b]
            };
            assert_eq!(together(&forwards, a, b), together(&backwards, last - a, last - b));
        }
    }
}

#[test]
fn few_points_and_equal_points_are_no_trouble() {
    for n in 1..6 {
        let apart = found_among(&Array2::from_shape_fn((n, 2), |(i, j)| (i * i * (j + 1)) as f32));
        assert!(apart.groups.iter().all(Option::is_none), "{n}");
        let equal = found_among(&Array2::from_elem((n, 2), 0.4));
        let expected = if n == 1 { DuplicateKind::Unique } else { DuplicateKind::Exact };
        assert!(equal.kinds.iter().all(|&kind| kind == expected), "{n}");
    }
}

#[test]
fn parameters_out_of_range_are_refused() {
    let none = Neighbours { indices: Array2::zeros((1, 0)), distances: Array2::zeros((1, 0)) };
    for params in [
        DuplicateParams { near: 1.1, ..DuplicateParams::default() },
        DuplicateParams { near: f32::NAN, ..DuplicateParams::default() },
        DuplicateParams { exact: -0.1, ..DuplicateParams::default() },
    ] {
        assert!(matches!(duplicates(&none, &params), Err(MapError::Parameter { .. })), "{params:?}");
    }
    let short = neighbours(heaps(20, 2, 3).0.view(), 14, Metric::Euclidean).unwrap();
    let error = duplicates(&short, &DuplicateParams::default()).unwrap_err();
    assert_eq!(error.to_string(), "neighbours is 14, but must be 15 or more to find duplicates");
    assert_eq!(duplicates(&none, &DuplicateParams::default()).unwrap().groups, [None]);
}
