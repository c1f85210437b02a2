//! An outline on the screen, drawn by hand, and what lies in it; and the disc of a brush on its way.

use crate::camera::Rect;
use crate::gesture::Place;

/// Pixels that the pointer must have moved for another corner, and corners at most.
const STEP: f32 = 2.0;
const MOST_CORNERS: usize = 4_000;

/// A closed outline.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Polygon {
    corners: Vec<Place>,
}

impl Polygon {
    /// An outline that begins at `at`.
    pub fn new(at: Place) -> Self {
        Self { corners: vec![at] }
    }

    /// The outline goes on to `at`.
    pub fn extend(&mut self, at: Place) {
        let full = self.corners.len() >= MOST_CORNERS;
        match self.corners.last_mut() {
            Some(last) if full => *last = at,
            Some(last) if (last[0] - at[0]).hypot(last[1] - at[1]) < STEP => {}
            _ => self.corners.push(at),
        }
    }

    /// Whether `at` lies inside by the even-odd rule: a ray from it crosses the outline an odd number of times (Shimrat 1962,
    /// "Position of point relative to polygon").
    pub fn contains(&self, [x, y]: Place) -> bool {
        let mut inside = false;
        let Some(mut from) = self.corners.last() else { return false };
        for to in &self.corners {
            if (from[1] > y) != (to[1] > y) {
                // In f64: a point is on the same side of an edge from whichever end that is seen.
                let [x0, y0, x1, y1] = if from[1] < to[1] {
                    [from[0], from[1], to[0], to[1]]
                } else {
                    [to[0], to[1], from[0], from[1]]
                };
                let [x0, y0, x1, y1] = [x0, y0, x1, y1].map(f64::from);
                if f64::from(x) < x0 + (f64::from(y) - y0) * (x1 - x0) / (y1 - y0) {
                    inside = !inside;
                }
            }
            from = to;
        }
        inside
    }

    /// The smallest rectangle around it.
    pub fn bounds(&self) -> Rect {
        let first = self.corners.first().copied().unwrap_or_default();
        let (low, high) = self.corners.iter().fold((first, first), |(low, high), corner| {
            ([low[0].min(corner[0]), low[1].min(corner[1])], [high[0].max(corner[0]), high[1].max(corner[1])])
        });
        Rect::between(low, high)
    }

    /// The outline as an SVG polygon's `points`.
    pub fn svg(&self) -> String {
        let corners: Vec<String> = self.corners.iter().map(|[x, y]| format!("{x:.1},{y:.1}")).collect();
        corners.join(" ")
    }
}

impl FromIterator<Place> for Polygon {
    fn from_iter<I: IntoIterator<Item = Place>>(corners: I) -> Self {
        Self { corners: corners.into_iter().collect() }
    }
}

/// Where a disc of `radius` is on its straight way from `from` to `to`.
pub fn brushed_area(from: Place, to: Place, radius: f32) -> Rect {
    let Rect { x, y, width, height } = Rect::between(from, to);
    Rect { x: x - radius, y: y - radius, width: width + 2.0 * radius, height: height + 2.0 * radius }
}

/// Whether a disc of `radius` on its straight way from `from` to `to` passes over `at`.
pub fn brushed(from: Place, to: Place, radius: f32, at: Place) -> bool {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { ((at[0] - from[0]) * dx + (at[1] - from[1]) * dy) / length } else { 0.0 };
    let along = along.clamp(0.0, 1.0);
    (at[0] - from[0] - along * dx).hypot(at[1] - from[1] - along * dy) <= radius
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn place() -> impl Strategy<Value = Place> {
        prop::array::uniform2(-100f32..100.0)
    }

    /// Which side of the edge from `a` to `b` the point lies on.
    fn side(a: Place, b: Place, p: Place) -> f64 {
        let [ax, ay, bx, by, px, py] = [a[0], a[1], b[0], b[1], p[0], p[1]].map(f64::from);
        (bx - ax) * (py - ay) - (by - ay) * (px - ax)
    }

    #[test]
    fn a_star_drawn_in_one_line_has_a_hole_in_its_middle() {
        let corner = |k: f32| {
            let angle = k * 4.0 * std::f32::consts::PI / 5.0;
            [angle.sin() * 100.0, angle.cos() * 100.0]
        };
        let star: Polygon = (0..5u8).map(|k| corner(f32::from(k))).collect();
        assert!(!star.contains([0.0, 0.0]));
        assert!(star.contains([0.0, 70.0]) && !star.contains([0.0, -70.0]));
    }

    #[test]
    fn an_outline_without_area_holds_nothing_and_a_shaking_hand_makes_few_corners() {
        assert!(!Polygon::default().contains([0.0, 0.0]));
        assert!(![[0.0, 0.0], [9.0, 0.0]].into_iter().collect::<Polygon>().contains([4.0, 0.0]));
        let mut drawn = Polygon::new([0.0, 0.0]);
        (0..100_000).for_each(|k| drawn.extend([(k % 2) as f32, 0.0]));
        assert_eq!(drawn.corners.len(), 1);
        (0..100_000).for_each(|k| drawn.extend([k as f32 * 3.0, (k % 7) as f32]));
        assert_eq!(drawn.corners.len(), MOST_CORNERS);
    }

    proptest! {
        #[test]
        fn a_triangle_holds_what_is_on_one_side_of_its_three_edges(a in place(), b in place(), c in place(), p in place()) {
            let sides = [side(a, b, p), side(b, c, p), side(c, a, p)];
            // What lies on an edge may count either way.
            prop_assume!(sides.iter().all(|s| s.abs() > 1e-2));
            let inside = sides.iter().all(|s| *s > 0.0) || sides.iter().all(|s| *s < 0.0);
            prop_assert_eq!([a, b, c].into_iter().collect::<Polygon>().contains(p), inside);
        }

        #[test]
        fn where_it_begins_and_which_way_round_it_goes_makes_no_difference(
            corners in prop::collection::vec(place(), 3..20), p in place(), turn in any::<prop::sample::Index>(),
        ) {
            let inside = corners.iter().copied().collect::<Polygon>().contains(p);
            let mut other = corners.clone();
            other.rotate_left(turn.index(corners.len()));
            prop_assert_eq!(other.iter().copied().collect::<Polygon>().contains(p), inside);
            prop_assert_eq!(other.into_iter().rev().collect::<Polygon>().contains(p), inside);
        }

        /// Each point of the plane is in just one of two outlines that share an edge.
        #[test]
        fn a_square_cut_in_two_loses_and_doubles_nothing(cut in -99f32..99.0, lean in -99f32..99.0, p in place()) {
            let (top, bottom) = ([cut, -100.0], [lean, 100.0]);
            let left: Polygon = [[-100.0, -100.0], top, bottom, [-100.0, 100.0]].into_iter().collect();
            let right: Polygon = [top, [100.0, -100.0], [100.0, 100.0], bottom].into_iter().collect();
            prop_assert!(left.contains(p) != right.contains(p));
        }

        #[test]
        fn a_brush_takes_what_it_passes(from in place(), to in place(), radius in 1f32..50.0, t in 0f32..=1.0, angle in 0f32..7.0) {
            let on_way = [from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t];
            let off = |r: f32| [on_way[0] + r * angle.cos(), on_way[1] + r * angle.sin()];
            prop_assert!(brushed(from, to, radius, off(radius * 0.99)));
            let nearest = (0..=1_000).map(|k| k as f32 / 1_000.0)
                .map(|s| [from[0] + (to[0] - from[0]) * s, from[1] + (to[1] - from[1]) * s])
                .map(|q| (q[0] - off(60.0)[0]).hypot(q[1] - off(60.0)[1])).fold(f32::MAX, f32::min);
            prop_assume!((nearest - radius).abs() > 0.5);
            prop_assert_eq!(brushed(from, to, radius, off(60.0)), nearest < radius);
        }
    }
}
