//! Where the groups of points have their middles, so that a name can float there.

use crate::point_set::PointSet;

/// A group that lies together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cluster {
    /// Index of the group.
    pub group: usize,
    /// Shown points in it.
    pub count: usize,
    /// Where most of them are.
    pub centre: [f32; 3],
}

/// Clusters at most: more names nobody reads at once.
const MOST: usize = 40;
/// Points of the smallest cluster.
const LEAST: usize = 3;
/// Points of a group that are looked at.
const SAMPLE: usize = 300;
/// How far a point draws the middle towards it, of half the cloud's diameter, and how often the middle moves.
const REACH: f32 = 0.16;
const STEPS: usize = 8;
/// Share of a group that must lie around its middle: the name of a scattered group would be a lie.
const TOGETHER: f32 = 0.34;

/// The clusters of `points`, an entry of `of_point` each, that are `shown`, largest first; `extent` is half the cloud's
/// diameter. Groups without a name are left out by `named`.
pub fn clusters(
    points: &[[f32; 3]],
    of_point: &[u32],
    shown: &PointSet,
    extent: f32,
    named: impl Fn(usize) -> bool,
) -> Vec<Cluster> {
    let groups = of_point.iter().max().map_or(0, |&most| most as usize + 1);
    let mut counts = vec![0usize; groups];
    let members = || shown.iter().filter_map(|k| Some((points.get(k)?, *of_point.get(k)? as usize)));
    members().for_each(|(_, group)| counts[group] += 1);
    let mut largest: Vec<usize> = (0..groups).filter(|&g| counts[g] >= LEAST && named(g)).collect();
    largest.sort_by_key(|&group| std::cmp::Reverse(counts[group]));
    largest.truncate(MOST);
    let mut place = vec![usize::MAX; groups];
    largest.iter().enumerate().for_each(|(k, &group)| place[group] = k);
    let mut samples: Vec<Vec<[f32; 3]>> = vec![Vec::new(); largest.len()];
    let mut seen = vec![0usize; largest.len()];
    for (&point, group) in members() {
        let Some(sample) = samples.get_mut(place[group]) else { continue };
        let k = &mut seen[place[group]];
        // Evenly over the group.
        if k.is_multiple_of(counts[group].div_ceil(SAMPLE)) {
            sample.push(point);
        }
        *k += 1;
    }
    let reach = extent * REACH;
    let found = largest.iter().zip(&samples);
    found
        .filter_map(|(&group, sample)| {
            let centre = middle(sample, reach)?;
            let near = sample.iter().filter(|p| squared(p, &centre) < (2.0 * reach).powi(2)).count();
            let together = near as f32 >= sample.len() as f32 * TOGETHER;
            together.then_some(Cluster { group, count: counts[group], centre })
        })
        .collect()
}

/// Where `points` are densest: their median, moved uphill (mean shift with a Gaussian of width `reach`).
fn middle(points: &[[f32; 3]], reach: f32) -> Option<[f32; 3]> {
    if points.is_empty() {
        return None;
    }
    let mut centre: [f32; 3] = std::array::from_fn(|axis| {
        let mut values: Vec<f32> = points.iter().map(|p| p[axis]).collect();
        let half = values.len() / 2;
        *values.select_nth_unstable_by(half, f32::total_cmp).1
    });
    for _ in 0..STEPS {
        let (mut sum, mut weights) = ([0f32; 3], 0f32);
        for point in points {
            let weight = (-squared(point, &centre) / (2.0 * reach * reach)).exp();
            (0..3).for_each(|k| sum[k] += point[k] * weight);
            weights += weight;
        }
        let moved = sum.map(|v| v / weights);
        // Far from all points no weight is left; the median stays.
        if !moved.iter().all(|v| v.is_finite()) {
            break;
        }
        centre = moved;
    }
    Some(centre)
}

fn squared(a: &[f32; 3], b: &[f32; 3]) -> f32 {
    (0..3).map(|k| (a[k] - b[k]).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Points in a ball around `centre`, the same each time.
    fn ball(centre: [f32; 3], count: usize) -> impl Iterator<Item = [f32; 3]> {
        (0..count).map(move |k| {
            let turn = |step: f32| (k as f32 * step).sin() * 0.3;
            [centre[0] + turn(2.4), centre[1] + turn(3.7), centre[2] + turn(5.1)]
        })
    }

    #[test]
    fn a_name_stands_over_the_greater_part_of_its_group_and_not_between_its_parts() {
        let points: Vec<_> = ball([0.0; 3], 60).chain(ball([8.0, 0.0, 0.0], 25)).collect();
        let found = clusters(&points, &vec![0; 85], &PointSet::all(85), 5.0, |_| true);
        assert_eq!((found.len(), found[0].count), (1, 85));
        assert!(squared(&found[0].centre, &[0.0; 3]) < 0.3, "{found:?}");
    }

    #[test]
    fn small_hidden_scattered_and_nameless_groups_have_no_name() {
        let mut points: Vec<_> = ball([0.0; 3], 20).chain(ball([5.0, 5.0, 0.0], 30)).collect();
        let mut groups = [vec![0; 20], vec![1; 30]].concat();
        // Two points, points all over the place, and a group that the caller does not name.
        points.extend(ball([9.0, 0.0, 0.0], 2));
        groups.extend([2, 2]);
        points.extend((0..40u8).map(|k| {
            let at = |step: f32| (f32::from(k) * step).sin() * 30.0;
            [at(1.3), at(2.9), at(4.7)]
        }));
        groups.extend([3; 40]);
        points.extend(ball([-9.0, 0.0, 0.0], 50));
        groups.extend([4; 50]);
        let of = |shown: &PointSet| -> Vec<usize> {
            clusters(&points, &groups, shown, 10.0, |group| group != 4).iter().map(|c| c.group).collect()
        };
        assert_eq!(of(&PointSet::all(points.len())), [1, 0]);
        assert_eq!(of(&PointSet::of(points.len(), 0..21)), [0]);
        assert!(of(&PointSet::none(points.len())).is_empty());
    }

    proptest! {
        #[test]
        fn middles_lie_among_their_points_whatever_these_are(
            points in prop::collection::vec((prop::array::uniform3(-1e9f32..1e9), 0u32..4), 0..60), extent in 1e-9f32..1e9,
        ) {
            let (points, groups): (Vec<[f32; 3]>, Vec<u32>) = points.into_iter().unzip();
            for cluster in clusters(&points, &groups, &PointSet::all(points.len()), extent, |_| true) {
                let own = points.iter().zip(&groups).filter(|(_, g)| **g as usize == cluster.group);
                for axis in 0..3 {
                    let of = own.clone().map(|(p, _)| p[axis]);
                    let (low, high) = of.fold((f32::MAX, f32::MIN), |(l, h), v| (l.min(v), h.max(v)));
                    let slack = (high - low).abs() * 1e-4 + high.abs() * 1e-5 + 1e-20;
                    prop_assert!((low - slack..=high + slack).contains(&cluster.centre[axis]));
                }
            }
        }
    }
}
