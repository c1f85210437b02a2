//! Which point is under the pointer, and which lie in a box: of those that are shown.

use crate::camera::{Lens, OnScreen, Rect};
use crate::point_set::PointSet;

/// How large the points are drawn. The shader and [`Cloud::pick`] follow the same rule:
/// `width = clamp(world * scale / depth, smallest, largest)`, `height = width * shape`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Footprint {
    /// Width in world units.
    pub world: f32,
    /// Smallest width, in CSS pixels.
    pub smallest: f32,
    /// Largest width, in CSS pixels.
    pub largest: f32,
    /// Height over width.
    pub shape: f32,
}

/// Half a side of the smallest area that answers to the pointer, in CSS pixels.
const REACH: f32 = 5.0;

impl Footprint {
    /// Width of a point at `depth`, in CSS pixels.
    pub fn width(&self, scale: f32, depth: f32) -> f32 {
        (self.world * scale / depth).clamp(self.smallest, self.largest)
    }
}

/// The points as they are on the map now.
#[derive(Debug, Clone, Copy)]
pub struct Cloud<'a> {
    /// Where each one is.
    pub points: &'a [[f32; 3]],
    /// Width of each one, of that of an ordinary one; empty for all alike.
    pub growth: &'a [f32],
    /// Which of them are shown.
    pub shown: &'a PointSet,
}

impl Cloud<'_> {
    /// The shown points, and where they are seen.
    pub fn seen<'a>(&'a self, lens: &'a Lens) -> impl Iterator<Item = (usize, OnScreen)> + 'a {
        let shown = self.points.iter().enumerate().filter(|(index, _)| self.shown.contains(*index));
        shown.filter_map(|(index, &point)| Some((index, lens.project(point)?)))
    }

    /// Width of point `index` at `depth`, in CSS pixels.
    pub fn width(&self, lens: &Lens, footprint: &Footprint, index: usize, depth: f32) -> f32 {
        footprint.width(lens.scale, depth) * self.growth.get(index).copied().unwrap_or(1.0)
    }

    /// How far from its centre point `index` at `depth` answers to the pointer, sideways and up, in CSS pixels.
    pub fn reach(&self, lens: &Lens, footprint: &Footprint, index: usize, depth: f32) -> [f32; 2] {
        let width = self.width(lens, footprint, index, depth);
        [(width / 2.0).max(REACH), (width * footprint.shape / 2.0).max(REACH)]
    }

    /// The point nearest to the camera among those whose picture covers the pixel `at`.
    pub fn pick(&self, lens: &Lens, footprint: &Footprint, at: [f32; 2]) -> Option<usize> {
        let mut nearest: Option<(f32, usize)> = None;
        for (index, seen) in self.seen(lens) {
            let reach = self.reach(lens, footprint, index, seen.depth);
            let covers = (seen.x - at[0]).abs() <= reach[0] && (seen.y - at[1]).abs() <= reach[1];
            if covers && nearest.is_none_or(|(depth, _)| seen.depth < depth) {
                nearest = Some((seen.depth, index));
            }
        }
        nearest.map(|(_, index)| index)
    }

    /// The points whose centres are seen in `area`.
    pub fn within(&self, lens: &Lens, area: &Rect) -> PointSet {
        self.inside(lens, |[x, y]| area.contains(x, y))
    }

    /// The points whose centres are seen where `holds` says so.
    pub fn inside(&self, lens: &Lens, holds: impl Fn([f32; 2]) -> bool) -> PointSet {
        let inside = self.seen(lens).filter(|(_, seen)| holds([seen.x, seen.y]));
        PointSet::of(self.points.len(), inside.map(|(index, _)| index))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::camera::Camera;

    const FOOTPRINT: Footprint = Footprint { world: 0.2, smallest: 10.0, largest: 200.0, shape: 0.667 };

    fn pick(lens: &Lens, points: &[[f32; 3]], footprint: &Footprint, at: [f32; 2]) -> Option<usize> {
        Cloud { points, growth: &[], shown: &PointSet::all(points.len()) }.pick(lens, footprint, at)
    }

    fn within(lens: &Lens, points: &[[f32; 3]], area: &Rect) -> Vec<usize> {
        let shown = PointSet::all(points.len());
        Cloud { points, growth: &[], shown: &shown }.within(lens, area).iter().collect()
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
            let cloud = Cloud { points: &points, growth: &[], shown: &shown };
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
            Cloud { points: &points, growth, shown: &shown }.pick(&lens, &footprint, [seen.x + 30.0, seen.y])
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
}
