use proptest::prelude::*;

use super::*;
use crate::camera::{Camera, Pose};

const FOOTPRINT: Footprint = Footprint { world: 0.2, smallest: 10.0, largest: 200.0, shape: 0.667 };

fn pick(lens: &Lens, points: &[[f32; 3]], footprint: &Footprint, at: [f32; 2]) -> Option<usize> {
    Cloud { points, growth: &[], shown: &PointSet::all(points.len()), tree: None }.pick(lens, footprint, at)
}

fn within(lens: &Lens, points: &[[f32; 3]], area: &Rect) -> Vec<usize> {
    let shown = PointSet::all(points.len());
    Cloud { points, growth: &[], shown: &shown, tree: None }.within(lens, area).iter().collect()
}

fn framed(points: &[[f32; 3]]) -> Lens {
    let mut camera = Camera::new(900.0, 700.0);
    camera.frame(points);
    camera.lens()
}

fn cloud() -> impl Strategy<Value = Vec<[f32; 3]>> {
    prop::collection::vec(prop::array::uniform3(-5f32..5.0), 1..80)
}

proptest! {
    #[test]
    fn a_point_or_one_in_front_of_it_is_picked_at_its_place(points in cloud(), which in any::<prop::sample::Index>()) {
        let lens = framed(&points);
        let index = which.index(points.len());
        let seen = lens.project(points[index]).unwrap();
        let picked = pick(&lens, &points, &FOOTPRINT, [seen.x, seen.y]).unwrap();
        prop_assert!(lens.project(points[picked]).unwrap().depth <= seen.depth);
    }

    #[test]
    fn a_box_around_the_screen_holds_every_point_and_a_box_beside_it_none(points in cloud()) {
        let lens = framed(&points);
        let all = within(&lens, &points, &Rect { x: 0.0, y: 0.0, width: 900.0, height: 700.0 });
        prop_assert_eq!(all, (0..points.len()).collect::<Vec<_>>());
        let beside = Rect { x: 901.0, y: 0.0, width: 10.0, height: 700.0 };
        prop_assert!(within(&lens, &points, &beside).is_empty());
    }
}

proptest! {
    #[test]
    fn what_is_hidden_is_met_by_no_pointer_and_no_box(
        points in cloud(), hidden in prop::collection::vec(0usize..80, 0..40), which in any::<prop::sample::Index>(),
    ) {
        let lens = framed(&points);
        let mut shown = PointSet::all(points.len());
        shown.take(&PointSet::of(points.len(), hidden));
        let cloud = Cloud { points: &points, growth: &[], shown: &shown, tree: None };
        let screen = Rect { x: 0.0, y: 0.0, width: 900.0, height: 700.0 };
        prop_assert_eq!(&cloud.within(&lens, &screen), &shown);
        let seen = lens.project(points[which.index(points.len())]).unwrap();
        prop_assert!(cloud.pick(&lens, &FOOTPRINT, [seen.x, seen.y]).is_none_or(|k| shown.contains(k)));
    }
}

#[test]
fn a_point_that_is_drawn_larger_answers_farther_from_its_centre() {
    let points = [[0.0, 0.0, 0.0]];
    let lens = framed(&points);
    let seen = lens.project(points[0]).unwrap();
    let footprint = Footprint { smallest: 40.0, largest: 40.0, ..FOOTPRINT };
    let met = |growth: &[f32]| {
        let shown = PointSet::all(1);
        Cloud { points: &points, growth, shown: &shown, tree: None }.pick(
            &lens,
            &footprint,
            [seen.x + 30.0, seen.y],
        )
    };
    assert_eq!((met(&[]), met(&[1.0]), met(&[1.9])), (None, None, Some(0)));
}

/// Found by the tests above.
#[test]
fn points_in_a_row_with_the_camera_are_both_before_it() {
    let points = [[1.310_168_3, -0.887_068_1, 1.033_100_5], [2.288_063, -0.782_662_4, 2.294_875_9]];
    let lens = framed(&points);
    assert_eq!(within(&lens, &points, &Rect { x: 0.0, y: 0.0, width: 900.0, height: 700.0 }), [0, 1]);
}

#[test]
fn nothing_is_picked_beside_the_cloud() {
    let points = [[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]];
    assert_eq!(pick(&framed(&points), &points, &FOOTPRINT, [2.0, 2.0]), None);
    assert_eq!(pick(&framed(&points), &[], &FOOTPRINT, [450.0, 350.0]), None);
}

#[test]
fn a_wide_picture_answers_beside_its_centre_but_not_as_far_above() {
    let points = [[0.0, 0.0, 0.0]];
    let lens = framed(&points);
    let seen = lens.project(points[0]).unwrap();
    let footprint = Footprint { smallest: 60.0, largest: 60.0, ..FOOTPRINT };
    assert_eq!(pick(&lens, &points, &footprint, [seen.x + 28.0, seen.y]), Some(0));
    assert_eq!(pick(&lens, &points, &footprint, [seen.x, seen.y + 28.0]), None);
}

/// A cloud with a tree, hidden points and growth, and a camera somewhere about it, in it at times.
fn scenes() -> impl Strategy<Value = (Vec<[f32; 3]>, Vec<f32>, PointSet, Lens)> {
    let points = prop::collection::vec(prop::array::uniform3(-5f32..5.0), 1..700);
    let hidden = prop::collection::vec(0usize..700, 0..60);
    let grown = prop::option::of(any::<u64>());
    let pose = (-3f32..3.0, -1.4f32..1.4, 0.03f32..6.0, prop::array::uniform3(-0.8f32..0.8));
    (points, hidden, grown, pose, any::<bool>()).prop_map(|(mut points, hidden, grown, pose, doubled)| {
        if doubled {
            // Points in one place are met in the order of their numbers.
            points.extend_from_within(..);
        }
        let mut shown = PointSet::all(points.len());
        shown.take(&PointSet::of(points.len(), hidden));
        let growth = |seed: u64| {
            let share = |k: u64| (seed.wrapping_mul(k | 1) >> 40) as f32 / (1u64 << 24) as f32;
            (0..points.len() as u64).map(|k| GROWTH[0] + (GROWTH[1] - GROWTH[0]) * share(k)).collect()
        };
        let growth = grown.map_or(Vec::new(), growth);
        let mut camera = Camera::new(900.0, 700.0);
        camera.frame(&points);
        let framed = camera.pose();
        let target = std::array::from_fn(|k| framed.target[k] + pose.3[k] * framed.radius);
        camera.set_pose(Pose {
            yaw: pose.0,
            pitch: pose.1,
            distance: pose.2 * framed.radius,
            target,
            ..framed
        });
        (points, growth, shown, camera.lens())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    #[test]
    fn with_a_tree_the_same_is_met_touched_enclosed_and_near_as_with_a_look_at_all(
        (points, growth, shown, lens) in scenes(),
        world in 0.001f32..1.0, smallest in 1f32..12.0, shape in 0.4f32..1.5,
        places in prop::collection::vec((-50f32..950.0, -50f32..750.0), 1..12), count in 0usize..20,
    ) {
        let footprint = Footprint { world, smallest, largest: 200.0, shape };
        let tree = Tree::new(&points);
        let plain = Cloud { points: &points, growth: &growth, shown: &shown, tree: None };
        let quick = Cloud { tree: Some(&tree), ..plain };
        for pair in places.windows(2) {
            let [at, to] = [pair[0], pair[1]].map(|(x, y)| [x, y]);
            prop_assert_eq!(quick.pick(&lens, &footprint, at), plain.pick(&lens, &footprint, at));
            let area = Rect::between(at, to);
            prop_assert_eq!(quick.within(&lens, &area), plain.within(&lens, &area));
            prop_assert_eq!(quick.touching(&lens, &footprint, &area), plain.touching(&lens, &footprint, &area));
            prop_assert_eq!(quick.near(&lens, at, count), plain.near(&lens, at, count));
        }
        // Where pictures are, too: their edges are where a mistake would show.
        for index in (0..points.len()).step_by(7) {
            let Some(seen) = lens.project(points[index]) else { continue };
            let [x, y] = plain.reach(&lens, &footprint, index, seen.depth);
            for at in [[seen.x + x, seen.y], [seen.x - x, seen.y + y], [seen.x, seen.y]] {
                prop_assert_eq!(quick.pick(&lens, &footprint, at), plain.pick(&lens, &footprint, at));
            }
        }
    }
}

#[test]
fn a_pointer_over_a_hundred_thousand_points_looks_at_few() {
    /// Counts what a pick looks at.
    struct Counted<'a>(Pick<'a>, usize);
    impl Search for Counted<'_> {
        fn enters(&self, sight: &Sight) -> bool {
            self.0.enters(sight)
        }
        fn looks(&mut self, block: &[u32]) {
            self.1 += block.len();
            self.0.looks(block);
        }
    }
    let turn = |k: u32, step: f32| (k as f32 * step).sin() * 3.0;
    let points: Vec<[f32; 3]> =
        (0..100_000).map(|k| [turn(k, 12.9898), turn(k, 78.233), turn(k, 37.719)]).collect();
    let (lens, tree, shown) = (framed(&points), Tree::new(&points), PointSet::all(points.len()));
    let cloud = Cloud { points: &points, growth: &[], shown: &shown, tree: Some(&tree) };
    let footprint = Footprint { world: 0.02, smallest: 4.0, largest: 200.0, shape: 0.667 };
    let mut most = 0;
    for k in 0..200u32 {
        let at = [450.0 + turn(k, 1.7) * 100.0, 350.0 + turn(k, 2.3) * 80.0];
        let pick = Pick { cloud: &cloud, lens: &lens, footprint: &footprint, at, nearest: None };
        let mut counted = Counted(pick, 0);
        tree.search(&lens, &mut counted);
        most = most.max(counted.1);
    }
    assert!(most < 3_000, "{most} points were looked at");
    assert_eq!(Cloud { tree: None, ..cloud }.pick(&lens, &footprint, [450.0, 350.0]), None);
}
