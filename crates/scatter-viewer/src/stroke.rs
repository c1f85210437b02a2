//! A stroke through the cloud: which points it meets, in order, each once.

use std::collections::HashSet;

use crate::camera::{Lens, OnScreen, Rect};
use crate::gesture::Place;
use crate::picking::{Cloud, Footprint};

/// Pixels between the places at which a stroke looks for points.
const STEP: f32 = 2.0;
/// Places looked at along one straight piece at most; longer ones are looked at less closely.
const MOST_PLACES: usize = 2_000;
/// Corners of the drawn line at most: beyond them the stroke goes on, its line does not.
const MOST_CORNERS: usize = 4_000;

/// A stroke that is being drawn.
#[derive(Debug, Default)]
pub struct Stroke {
    line: Vec<Place>,
    met: HashSet<usize>,
}

impl Stroke {
    /// A stroke that begins at `at`.
    pub fn new(at: Place) -> Self {
        Self { line: vec![at], met: HashSet::new() }
    }

    /// Goes on to `at`. The points met on the way that were not met before, in order.
    pub fn extend(&mut self, lens: &Lens, cloud: &Cloud<'_>, footprint: &Footprint, at: Place) -> Vec<usize> {
        let from = self.line.last().copied().unwrap_or(at);
        if self.line.len() < MOST_CORNERS {
            self.line.push(at);
        } else if let Some(last) = self.line.last_mut() {
            *last = at;
        }
        along(lens, cloud, footprint, from, at).into_iter().filter(|&point| self.met.insert(point)).collect()
    }

    /// Number of points met so far.
    pub fn met(&self) -> usize {
        self.met.len()
    }

    /// The line as an SVG polyline's `points`.
    pub fn svg(&self) -> String {
        let corners: Vec<String> = self.line.iter().map(|[x, y]| format!("{x:.1},{y:.1}")).collect();
        corners.join(" ")
    }
}

/// A point whose picture may lie under the line.
struct Near {
    index: usize,
    x: f32,
    y: f32,
    depth: f32,
    reach: [f32; 2],
}

/// The points that a pointer would meet on a straight way, in order: at each place the one nearest to the camera.
pub fn along(lens: &Lens, cloud: &Cloud<'_>, footprint: &Footprint, from: Place, to: Place) -> Vec<usize> {
    let near = |(index, seen): (usize, OnScreen)| {
        let reach = cloud.reach(lens, footprint, index, seen.depth);
        Near { index, x: seen.x, y: seen.y, depth: seen.depth, reach }
    };
    let touched = cloud.touching(lens, footprint, &Rect::between(from, to));
    let near: Vec<Near> = touched.into_iter().map(near).collect();
    let length = (to[0] - from[0]).hypot(to[1] - from[1]);
    let places = ((length / STEP).ceil().max(1.0) as usize).min(MOST_PLACES);
    let mut found: Vec<usize> = Vec::new();
    for k in 0..=places {
        let t = k as f32 / places as f32;
        let (x, y) = (from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t);
        let under = near.iter().filter(|p| (p.x - x).abs() <= p.reach[0] && (p.y - y).abs() <= p.reach[1]);
        let front = under.min_by(|a, b| a.depth.total_cmp(&b.depth)).map(|p| p.index);
        found.extend(front.filter(|_| found.last().copied() != front));
    }
    let mut seen = HashSet::new();
    found.retain(|&index| seen.insert(index));
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::camera::Camera;
    use crate::point_set::PointSet;

    const FOOTPRINT: Footprint = Footprint { world: 0.2, smallest: 10.0, largest: 200.0, shape: 0.667 };

    fn framed(points: &[[f32; 3]]) -> Lens {
        let mut camera = Camera::new(900.0, 700.0);
        camera.frame(points);
        camera.lens()
    }

    #[test]
    fn a_stroke_through_a_row_meets_its_points_in_order_each_once() {
        let row: Vec<[f32; 3]> = (0..6u8).map(|k| [f32::from(k), 0.0, 0.0]).collect();
        let lens = framed(&row);
        let at = |k: usize| lens.project(row[k]).map(|s| [s.x, s.y]).unwrap();
        let mut stroke = Stroke::new(at(5));
        let shown = PointSet::all(row.len());
        let row = Cloud { points: &row, growth: &[], shown: &shown, tree: None };
        assert_eq!(stroke.extend(&lens, &row, &FOOTPRINT, at(2)), [5, 4, 3, 2]);
        assert!(stroke.extend(&lens, &row, &FOOTPRINT, at(4)).is_empty());
        assert_eq!(stroke.extend(&lens, &row, &FOOTPRINT, at(0)), [1, 0]);
        assert_eq!(stroke.met(), 6);
        assert_eq!(stroke.svg().split(' ').count(), 4);
    }

    proptest! {
        #[test]
        fn each_place_of_a_stroke_meets_what_a_pointer_would(
            points in prop::collection::vec(prop::array::uniform3(-5f32..5.0), 1..60),
            from in prop::array::uniform2(0f32..900.0), to in prop::array::uniform2(0f32..700.0),
        ) {
            let lens = framed(&points);
            let shown = PointSet::all(points.len());
            let cloud = Cloud { points: &points, growth: &[], shown: &shown, tree: None };
            let met = along(&lens, &cloud, &FOOTPRINT, from, to);
            let distinct: HashSet<_> = met.iter().collect();
            prop_assert_eq!(distinct.len(), met.len());
            for k in 0u8..=20 {
                let t = f32::from(k) / 20.0;
                let at = [from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t];
                // A place between two that were looked at may just touch another point's edge.
                let close = |index: usize| lens.project(points[index]).is_some_and(|s| {
                    let reach = cloud.reach(&lens, &FOOTPRINT, index, s.depth);
                    ((s.x - at[0]).abs() - reach[0]).abs() < STEP || ((s.y - at[1]).abs() - reach[1]).abs() < STEP
                });
                if let Some(index) = cloud.pick(&lens, &FOOTPRINT, at)
                    && !(0..points.len()).any(close)
                {
                    prop_assert!(met.contains(&index));
                }
            }
        }

        #[test]
        fn the_line_of_a_stroke_without_end_stays_short(steps in 1usize..9_000) {
            let lens = framed(&[[0.0; 3]]);
            let mut stroke = Stroke::new([0.0, 0.0]);
            let shown = PointSet::none(0);
            let none = Cloud { points: &[], growth: &[], shown: &shown, tree: None };
            for k in 0..steps {
                stroke.extend(&lens, &none, &FOOTPRINT, [k as f32, 1.0]);
            }
            prop_assert!(stroke.svg().split(' ').count() <= MOST_CORNERS);
        }
    }
}
