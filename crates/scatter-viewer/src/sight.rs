//! Where on the screen the points of a box can be seen, whatever their places in it.

use crate::camera::{Lens, Rect};

/// Ranges that hold what [`Lens::project`] finds for every point of a box that lies before the camera, rounding included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sight {
    /// CSS pixels from the left, least and most.
    pub x: [f32; 2],
    /// CSS pixels from the top, least and most.
    pub y: [f32; 2],
    /// Depth, least and most; positive.
    pub depth: [f32; 2],
}

/// A box with its sides along the axes: lowest and highest coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Lowest coordinates.
    pub low: [f32; 3],
    /// Highest coordinates.
    pub high: [f32; 3],
}

impl Bounds {
    /// The smallest box around both.
    pub fn around(self, other: Self) -> Self {
        Self {
            low: std::array::from_fn(|k| self.low[k].min(other.low[k])),
            high: std::array::from_fn(|k| self.high[k].max(other.high[k])),
        }
    }

    /// Its middle.
    pub fn middle(&self) -> [f32; 3] {
        std::array::from_fn(|k| self.low[k] / 2.0 + self.high[k] / 2.0)
    }
}

/// How far rounding may take a sum of four products in `f32`, of the sum of their sizes: half a unit in the last place for
/// each of seven steps, doubled.
const ROUNDING: f64 = 7.0 * f32::EPSILON as f64;

impl Lens {
    /// Where the points of `bounds` are seen; `None` where all of them are behind the camera.
    ///
    /// Seen in perspective, a box before the camera lies within its corners. One that the camera stands in is everywhere.
    pub fn sight(&self, bounds: &Bounds) -> Option<Sight> {
        let clip: [[f32; 4]; 4] = self.clip.into();
        let m = clip.map(|column| column.map(f64::from));
        let (low, high) = (bounds.low.map(f64::from), bounds.high.map(f64::from));
        let most: [f64; 3] = std::array::from_fn(|k| low[k].abs().max(high[k].abs()));
        // Row `r` of the matrix: x, y and w are rows 0, 1 and 3.
        let error =
            |r: usize| ROUNDING * ((0..3).map(|k| m[k][r].abs() * most[k]).sum::<f64>() + m[3][r].abs());
        let (error_x, error_y, error_w) = (error(0), error(1), error(3));
        let (mut x, mut y, mut w) = (NOTHING, NOTHING, NOTHING);
        for corner in 0..8 {
            let p: [f64; 3] = std::array::from_fn(|k| if corner >> k & 1 == 0 { low[k] } else { high[k] });
            let row = |r: usize| (0..3).map(|k| m[k][r] * p[k]).sum::<f64>() + m[3][r];
            let depth = row(3);
            (x, y, w) = (widen(x, row(0) / depth), widen(y, row(1) / depth), widen(w, depth));
        }
        let near = f64::from(self.near);
        if w[1] + error_w <= near {
            return None;
        }
        let least = w[0] - error_w;
        let depth = [least.max(near) as f32, (w[1] + error_w) as f32];
        // The rounding to `f32` must not narrow it.
        let depth = [depth[0].next_down().max(self.near), depth[1].next_up()];
        if least <= near {
            return Some(Sight { x: EVERYWHERE, y: EVERYWHERE, depth });
        }
        let on_screen = |[from, to]: [f64; 2], error: f64, side: f64, turned: bool| {
            let size = from.abs().max(to.abs());
            let slack = (error + size * error_w) / least + (size + 1.0) * ROUNDING;
            let at = |v: f64| if turned { (1.0 - v) / 2.0 * side } else { (v + 1.0) / 2.0 * side };
            let (a, b) = (at(from), at(to));
            let slack = slack * side + 1e-3;
            [(a.min(b) - slack) as f32, (a.max(b) + slack) as f32]
        };
        Some(Sight {
            x: on_screen(x, error_x, self.width.into(), false),
            y: on_screen(y, error_y, self.height.into(), true),
            depth,
        })
    }
}

const NOTHING: [f64; 2] = [f64::INFINITY, f64::NEG_INFINITY];
const EVERYWHERE: [f32; 2] = [f32::NEG_INFINITY, f32::INFINITY];

fn widen([least, most]: [f64; 2], value: f64) -> [f64; 2] {
    [least.min(value), most.max(value)]
}

impl Sight {
    /// Whether something in it may lie within `reach` of `at`, sideways and up.
    pub fn meets(&self, at: [f32; 2], reach: [f32; 2]) -> bool {
        let [x, y] = at;
        x >= self.x[0] - reach[0]
            && x <= self.x[1] + reach[0]
            && y >= self.y[0] - reach[1]
            && y <= self.y[1] + reach[1]
    }

    /// Whether something in it may lie in `area`.
    pub fn touches(&self, area: &Rect) -> bool {
        self.x[0] <= area.x + area.width
            && self.x[1] >= area.x
            && self.y[0] <= area.y + area.height
            && self.y[1] >= area.y
    }

    /// No point in it is seen nearer to `at` than this, in CSS pixels.
    pub fn distance(&self, at: [f32; 2]) -> f32 {
        let aside = |range: [f32; 2], v: f32| (range[0] - v).max(v - range[1]).max(0.0);
        // A little less, for the rounding of the root.
        aside(self.x, at[0]).hypot(aside(self.y, at[1])) * 0.999_999
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::camera::{Camera, Pose};
    use crate::morton::bounds;

    proptest! {
        #[test]
        fn every_point_of_a_box_is_seen_within_its_sight(
            points in prop::collection::vec(prop::array::uniform3(-3f32..3.0), 1..40),
            offset in prop::array::uniform3(-1e5f32..1e5), scale in 1e-3f32..1e4,
            turn in (-3f32..3.0, -1.4f32..1.4, 0.03f32..15.0), aside in prop::array::uniform3(-2f32..2.0),
            share in prop::array::uniform3(0f32..1.0),
        ) {
            let points: Vec<[f32; 3]> = points.iter().map(|p| std::array::from_fn(|k| p[k] * scale + offset[k])).collect();
            let mut camera = Camera::new(900.0, 700.0);
            camera.frame(&points);
            let pose = camera.pose();
            camera.set_pose(Pose {
                target: std::array::from_fn(|k| pose.target[k] + aside[k] * pose.radius),
                yaw: turn.0, pitch: turn.1, distance: turn.2 * pose.radius, ..pose
            });
            let lens = camera.lens();
            let (low, high) = bounds(&points);
            let sight = lens.sight(&Bounds { low, high });
            let within = std::array::from_fn(|k| low[k] + (high[k] - low[k]) * share[k]);
            for point in points.iter().copied().chain([within]) {
                let point: [f32; 3] = std::array::from_fn(|k| point[k].clamp(low[k], high[k]));
                let Some(seen) = lens.project(point) else { continue };
                let sight = sight.unwrap();
                prop_assert!(seen.depth >= sight.depth[0] && seen.depth <= sight.depth[1], "{seen:?} {sight:?}");
                prop_assert!(sight.meets([seen.x, seen.y], [0.0; 2]), "{seen:?} {sight:?}");
                prop_assert!(sight.distance([seen.x, seen.y]) == 0.0);
            }
        }
    }

    #[test]
    fn a_box_far_from_the_camera_is_small_on_the_screen_and_one_behind_it_is_nowhere() {
        let mut camera = Camera::new(800.0, 600.0);
        camera.face_front();
        let lens = camera.lens();
        let at = |z: f32| Bounds { low: [-0.1, -0.1, z - 0.1], high: [0.1, 0.1, z + 0.1] };
        let sight = lens.sight(&at(0.0)).unwrap();
        assert!(sight.x[1] - sight.x[0] < 70.0 && sight.x[0] < 400.0 && sight.x[1] > 400.0, "{sight:?}");
        assert!((sight.depth[0] - 2.9).abs() < 1e-3 && (sight.depth[1] - 3.1).abs() < 1e-3, "{sight:?}");
        assert_eq!(lens.sight(&at(4.0)), None);
        assert_eq!(lens.sight(&at(3.0)).unwrap().x, EVERYWHERE);
    }
}
