//! Orders in which to play a selection: shuffled, or along a short way through it.

/// Points that a short way is looked for through; beyond them it would take too long.
pub const MOST: usize = 10_000;
/// Pairs of edges that are tried, and points that are turned around, at most: a fraction of a second in a browser.
const BUDGET: usize = 60_000_000;

/// Where a point lies.
pub type Point = [f32; 3];

/// `order` shuffled, the same way for the same `seed` (Fisher and Yates; numbers by SplitMix64, Steele et al. 2014).
pub fn shuffled(mut order: Vec<usize>, seed: u64) -> Vec<usize> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    for k in (1..order.len()).rev() {
        order.swap(k, (next() % (k as u64 + 1)) as usize);
    }
    order
}

/// A short way through `points`, as indices into them: from one to its nearest, then with crossings undone (2-opt, Croes 1958).
/// Of more than [`MOST`] points the rest follows as it stands.
pub fn short_way(points: &[Point]) -> Vec<usize> {
    let (near, rest) = points.split_at(points.len().min(MOST));
    let mut way = greedy(near);
    uncross(near, &mut way, BUDGET);
    way.extend(near.len()..near.len() + rest.len());
    way
}

/// From the point farthest from the middle always to the nearest that was not met yet.
pub fn greedy(points: &[Point]) -> Vec<usize> {
    let count = points.len() as f32;
    let middle: Point = std::array::from_fn(|axis| points.iter().map(|p| p[axis] / count).sum());
    let far = |k: usize| squared(points[k], middle);
    let mut left: Vec<usize> = (0..points.len()).collect();
    let mut here = (0..left.len()).max_by(|&a, &b| far(a).total_cmp(&far(b)));
    let mut way = Vec::with_capacity(points.len());
    while let Some(place) = here {
        let point = left.swap_remove(place);
        way.push(point);
        let away = |place: &usize| squared(points[left[*place]], points[point]);
        here = (0..left.len()).min_by(|a, b| away(a).total_cmp(&away(b)));
    }
    way
}

/// Turns parts of the way around while that makes it shorter, at most `budget` steps of work.
fn uncross(points: &[Point], way: &mut [usize], budget: usize) {
    let (count, mut spent) = (way.len(), 0);
    loop {
        let mut shorter = false;
        for i in 0..count.saturating_sub(1) {
            for j in i + 1..count {
                spent += 1;
                // The part from i to j is turned around; its ends may be ends of the way.
                let [a, b, c, d] = [i.checked_sub(1), Some(i), Some(j), Some(j + 1).filter(|&d| d < count)]
                    .map(|k| k.map(|k| points[way[k]]));
                let edge = |p: Option<Point>, q: Option<Point>| p.zip(q).map_or(0.0, |(p, q)| apart(p, q));
                let gain = edge(a, b) + edge(c, d) - edge(a, c) - edge(b, d);
                // Less than rounding would turn it around for ever.
                if gain > 1e-4 * (1.0 + edge(a, b) + edge(c, d)) {
                    way[i..=j].reverse();
                    spent += j - i;
                    shorter = true;
                }
                if spent >= budget {
                    return;
                }
            }
        }
        if !shorter {
            return;
        }
    }
}

/// Length of a way.
pub fn length(points: &[Point], way: &[usize]) -> f32 {
    way.windows(2).map(|pair| apart(points[pair[0]], points[pair[1]])).sum()
}

fn squared(a: Point, b: Point) -> f32 {
    (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2) + (a[2] - b[2]).powi(2)
}

fn apart(a: Point, b: Point) -> f32 {
    squared(a, b).sqrt()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn points(most: usize) -> impl Strategy<Value = Vec<Point>> {
        prop::collection::vec(prop::array::uniform3(-9f32..9.0), 0..most)
    }

    proptest! {
        #[test]
        fn a_short_way_meets_each_point_once_and_is_never_longer_than_the_greedy_one(points in points(60)) {
            let (way, first) = (short_way(&points), greedy(&points));
            let mut all = way.clone();
            all.sort_unstable();
            prop_assert!(all.into_iter().eq(0..points.len()));
            prop_assert!(length(&points, &way) <= length(&points, &first) * (1.0 + 1e-5));
        }

        /// The oracle tries all ways.
        #[test]
        fn of_a_few_points_it_is_nearly_the_shortest(points in points(7)) {
            let mut best = f32::INFINITY;
            let mut way: Vec<usize> = (0..points.len()).collect();
            permutations(&mut way, 0, &mut |way| best = best.min(length(&points, way)));
            let found = length(&points, &short_way(&points));
            prop_assert!(points.len() < 2 || found <= best * 1.35 + 1e-4, "{found} where {best} will do");
        }

        #[test]
        fn shuffling_loses_nothing_and_is_the_same_for_the_same_seed(count in 0usize..200, seed in any::<u64>()) {
            let shuffle = || shuffled((0..count).collect(), seed);
            let mut all = shuffle();
            prop_assert_eq!(&all, &shuffle());
            all.sort_unstable();
            prop_assert!(all.into_iter().eq(0..count));
        }
    }

    fn permutations(way: &mut Vec<usize>, from: usize, see: &mut impl FnMut(&[usize])) {
        if from + 1 >= way.len() {
            return see(way);
        }
        for k in from..way.len() {
            way.swap(from, k);
            permutations(way, from + 1, see);
            way.swap(from, k);
        }
    }

    #[test]
    fn each_seed_shuffles_otherwise_and_every_place_is_as_likely() {
        assert_ne!(shuffled((0..20).collect(), 1), shuffled((0..20).collect(), 2));
        let first = |seed| shuffled((0..4).collect(), seed)[0];
        let counts = (0..4_000u64).fold([0; 4], |mut counts, seed| {
            counts[first(seed)] += 1;
            counts
        });
        assert!(counts.iter().all(|n| (850..1_150).contains(n)), "{counts:?}");
    }

    #[test]
    fn a_ring_is_walked_around_and_thousands_take_no_time() {
        let ring: Vec<Point> = (0..40usize)
            .map(|k| (k * 7 % 40) as f32 / 40.0 * std::f32::consts::TAU)
            .map(|a| [a.sin(), a.cos(), 0.0])
            .collect();
        let step = 2.0 * (std::f32::consts::PI / 40.0).sin();
        assert!((length(&ring, &short_way(&ring)) - 39.0 * step).abs() < 1e-3);
        let started = std::time::Instant::now();
        let many: Vec<Point> = shuffled((0..12_000).collect(), 5)
            .into_iter()
            .map(|k| [(k % 113) as f32, (k * 31 % 97) as f32, (k % 7) as f32])
            .collect();
        let way = short_way(&many);
        assert!(way.len() == many.len() && way[MOST..].iter().copied().eq(MOST..12_000));
        // A debug build on a busy machine; an order of magnitude more than it takes.
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    }
}
