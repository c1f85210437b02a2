//! The approximate search against the exact one, on made points of several structures.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod made;

use made::on_threads;
use ndarray::{Array2, ArrayView2, Axis, concatenate};
use proptest::prelude::*;
use scatter_map::quality::recall;
use scatter_map::{
    EXACT_UP_TO, MapError, Metric, Neighbours, approximate_neighbours, exact_neighbours, neighbours,
};

/// Numbers in `-1.0..1.0`, near enough to normal when three are added.
fn numbers(seed: u32) -> impl FnMut() -> f32 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    }
}

/// Clusters from half of all points down to a handful, each of a width of its own.
fn unequal_clusters(n: usize, dimensions: usize) -> Array2<f32> {
    let mut next = numbers(1);
    let centres = Array2::from_shape_simple_fn((60, dimensions), || 2.0 * next());
    Array2::from_shape_fn((n, dimensions), |(i, j)| {
        let cluster = (((i * 7_919) % n) as f32 / n as f32).powi(3) * 60.0;
        let width = 0.05 + 0.01 * cluster;
        centres[[cluster as usize, j]] + width * (next() + next() + next())
    })
}

fn uniform(n: usize, dimensions: usize) -> Array2<f32> {
    Array2::from_shape_simple_fn((n, dimensions), numbers(2))
}

/// A rolled sheet, bent through all dimensions: two degrees of freedom, and a little noise.
fn rolled_sheet(n: usize, dimensions: usize) -> Array2<f32> {
    let mut next = numbers(3);
    let places: Vec<(f32, f32)> = (0..n).map(|_| (next(), next())).collect();
    Array2::from_shape_fn((n, dimensions), |(i, j)| {
        let (along, across) = places[i];
        let frequency = 1.0 + j as f32 / 4.0;
        (frequency * along + 0.3 * j as f32).sin() + 0.5 * (across * (j % 5) as f32).cos() + 0.002 * next()
    })
}

/// Two crowds of equal points, of vectors of zeros for one, among clusters, in mixed order.
fn duplicates_by_the_thousand() -> Array2<f32> {
    let mut points = unequal_clusters(9_000, 12);
    for (point, mut row) in points.rows_mut().into_iter().enumerate() {
        match point % 9 {
            0..3 => row.fill(0.0),
            3..5 => row.fill(0.25),
            _ => {}
        }
    }
    points
}

/// A crowd of points which differ in their last digits alone, among clusters.
fn hardly_different(n: usize) -> Array2<f32> {
    let mut points = unequal_clusters(n, 12);
    let mut next = numbers(4);
    for mut row in points.rows_mut().into_iter().step_by(2) {
        row.mapv_inplace(|_| 0.25 + 1e-7 * next());
    }
    points
}

/// Recall of the approximate search; panics where a list is not a list of neighbours.
fn recall_of(points: ArrayView2<'_, f32>, k: usize, metric: Metric) -> f64 {
    let exact = exact_neighbours(points, k, metric).unwrap();
    let found = approximate_neighbours(points, k, metric).unwrap();
    check_lists(&found, points.nrows());
    recall(&found, &exact).unwrap()
}

fn check_lists(found: &Neighbours, n: usize) {
    for (point, (indices, distances)) in
        found.indices.rows().into_iter().zip(found.distances.rows()).enumerate()
    {
        assert!(distances.windows(2).into_iter().all(|pair| pair[0] <= pair[1]), "not in order: {distances}");
        let mut once = indices.to_vec();
        once.sort_unstable();
        once.dedup();
        assert!(once.len() == indices.len() && !once.contains(&(point as u32)), "{point}: {indices}");
        assert!(once.iter().all(|&index| (index as usize) < n));
    }
}

#[test]
fn nearly_all_neighbours_are_found_whatever_the_points_structure() {
    let everywhere = [(Metric::Euclidean, 15), (Metric::Cosine, 15)];
    let short_and_long = [(Metric::Euclidean, 1), (Metric::Cosine, 40)];
    for (what, points, least, searches) in [
        ("unequal clusters", unequal_clusters(6_000, 20), 0.99, [everywhere, short_and_long].concat()),
        ("a rolled sheet", rolled_sheet(6_000, 30), 0.99, everywhere.to_vec()),
        ("uniform in few dimensions", uniform(6_000, 8), 0.99, everywhere.to_vec()),
        (
            "duplicates by the thousand",
            duplicates_by_the_thousand(),
            0.99,
            [everywhere, short_and_long].concat(),
        ),
        // The order of these is rounding in the first place.
        ("hardly different", hardly_different(6_000), 0.95, everywhere.to_vec()),
    ] {
        for (metric, k) in searches {
            let found = recall_of(points.view(), k, metric);
            println!("{what}, {metric:?}, {k} neighbours: recall {found:.4}");
            assert!(found >= least, "{what}, {metric:?}, {k} neighbours: {found}");
        }
    }
}

#[test]
fn the_same_lists_come_from_any_number_of_threads() {
    for points in [unequal_clusters(7_000, 10), duplicates_by_the_thousand()] {
        let found = |threads| {
            on_threads(threads, || approximate_neighbours(points.view(), 15, Metric::Euclidean).unwrap())
        };
        let one = found(1);
        assert_eq!(found(2), one);
        assert_eq!(found(3), one);
    }
}

#[test]
fn distances_are_those_of_the_exact_search() {
    let points = unequal_clusters(5_000, 10);
    let exact = exact_neighbours(points.view(), 15, Metric::Cosine).unwrap();
    let found = approximate_neighbours(points.view(), 15, Metric::Cosine).unwrap();
    let mut shared = 0;
    for point in 0..5_000 {
        for (index, distance) in found.indices.row(point).iter().zip(found.distances.row(point)) {
            if let Some(place) = exact.indices.row(point).iter().position(|other| other == index) {
                assert_eq!(*distance, exact.distances[[point, place]]);
                shared += 1;
            }
        }
    }
    assert!(shared > 5_000 * 14);
}

#[test]
fn equal_points_alone_are_neighbours_by_rising_number() {
    let points = Array2::from_elem((6_000, 8), -0.5_f32);
    for metric in [Metric::Euclidean, Metric::Cosine] {
        let found = approximate_neighbours(points.view(), 15, metric).unwrap();
        assert_eq!(found, exact_neighbours(points.view(), 15, metric).unwrap());
    }
}

#[test]
fn above_the_limit_the_search_is_approximate_and_below_it_exact() {
    // Pairs in a row: cheap to make, and their neighbours are known.
    let line = Array2::from_shape_fn((EXACT_UP_TO + 1, 1), |(i, _)| (i / 2 * 10 + i % 2) as f32);
    let found = neighbours(line.view(), 1, Metric::Euclidean).unwrap();
    let expected = approximate_neighbours(line.view(), 1, Metric::Euclidean).unwrap();
    assert_eq!(found, expected);
    let right = (0..EXACT_UP_TO).filter(|&i| found.indices[[i, 0]] == (i ^ 1) as u32).count();
    assert!(right as f64 > 0.999 * EXACT_UP_TO as f64, "{right}");
    let few = unequal_clusters(3_000, 6);
    assert_eq!(
        neighbours(few.view(), 15, Metric::Euclidean).unwrap(),
        exact_neighbours(few.view(), 15, Metric::Euclidean).unwrap()
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Too few points for cells, with duplicates, negative zeros and more neighbours asked for than there are.
    #[test]
    fn few_points_get_their_exact_neighbours(
        values in prop::collection::vec(prop_oneof![Just(0.0_f32), Just(-0.0), Just(1.0), -1.0..1.0_f32], 1..120),
        copies in 1..4_usize, k in 1..50_usize,
    ) {
        let few = Array2::from_shape_vec((values.len(), 1), values).unwrap();
        let points = concatenate(Axis(0), &vec![few.view(); copies]).unwrap();
        for metric in [Metric::Euclidean, Metric::Cosine] {
            let exact = exact_neighbours(points.view(), k, metric).unwrap();
            prop_assert_eq!(approximate_neighbours(points.view(), k, metric).unwrap(), exact);
        }
    }
}

#[test]
fn recall_counts_what_was_found_once_and_equal_distances_as_found() {
    let lists = |indices: [[u32; 2]; 2], distances: [[f32; 2]; 2]| Neighbours {
        indices: ndarray::arr2(&indices),
        distances: ndarray::arr2(&distances),
    };
    let exact = lists([[1, 2], [0, 3]], [[0.1, 0.2], [0.1, 0.3]]);
    assert_eq!(recall(&exact, &exact).unwrap(), 1.0);
    assert_eq!(recall(&lists([[1, 9], [0, 3]], [[0.1, 0.4], [0.1, 0.3]]), &exact).unwrap(), 0.75);
    assert_eq!(recall(&lists([[1, 9], [0, 3]], [[0.1, 0.2], [0.1, 0.3]]), &exact).unwrap(), 1.0);
    assert_eq!(recall(&lists([[1, 1], [3, 3]], [[0.1, 0.1], [0.3, 0.3]]), &exact).unwrap(), 0.5);
    let short = Neighbours { indices: ndarray::arr2(&[[1], [9]]), distances: ndarray::arr2(&[[0.1], [0.4]]) };
    assert_eq!(recall(&short, &exact).unwrap(), 0.25);
    let one = Neighbours { indices: Array2::zeros((1, 2)), distances: Array2::zeros((1, 2)) };
    assert!(matches!(recall(&one, &exact), Err(MapError::Mismatch { found: 1, expected: 2, .. })));
}

#[test]
fn what_cannot_be_searched_is_refused() {
    let mut damaged = uniform(3_000, 3);
    damaged[[7, 1]] = f32::NAN;
    let error = approximate_neighbours(damaged.view(), 3, Metric::Cosine).unwrap_err();
    assert!(matches!(error, MapError::NotFinite { point: 7, dimension: 1, .. }));
    let zero = approximate_neighbours(uniform(9, 3).view(), 0, Metric::Cosine).unwrap_err();
    assert!(matches!(zero, MapError::Parameter { name: "k", .. }));
}
