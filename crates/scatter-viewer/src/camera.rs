//! A camera that turns around the cloud: orbit, pan, zoom, and framing of all points.
//!
//! World units are the dataset's; screen units are CSS pixels from the upper left corner, y down.

use cgmath::{EuclideanSpace, InnerSpace, Matrix4, Point3, Vector3, Vector4};

/// Vertical angle of view, in radians: that of a 50 mm lens on film, rounded, so perspective stays calm.
const FIELD_OF_VIEW: f32 = 0.66;
/// Steepest look from above or below, in radians; straight down has no "up".
const STEEPEST: f32 = 1.5;
/// How far from above the cloud is looked at first, in radians.
const FROM_ABOVE: f32 = 0.35;
/// Radians a dragged pixel turns.
const TURN_PER_PIXEL: f32 = 0.006;
/// Sides that [`Camera::face`] tries around the upright axis, and points that it looks at.
const SIDES: usize = 24;
const SIDES_SAMPLE: usize = 2_000;
/// Nearest and farthest that the camera goes, in half diameters of the cloud.
const NEAREST: f32 = 0.02;
const FARTHEST: f32 = 20.0;
/// Share of the free area that the framed cloud fills.
const FILL: f32 = 0.88;

/// A rectangle on the screen, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f32,
    /// Upper edge.
    pub y: f32,
    /// Width, not negative.
    pub width: f32,
    /// Height, not negative.
    pub height: f32,
}

impl Rect {
    /// The rectangle with two opposite corners.
    pub fn between(a: [f32; 2], b: [f32; 2]) -> Self {
        Self { x: a[0].min(b[0]), y: a[1].min(b[1]), width: (a[0] - b[0]).abs(), height: (a[1] - b[1]).abs() }
    }

    /// Whether `(x, y)` lies inside or on the edge.
    pub fn contains(&self, x: f32, y: f32) -> bool {
        (self.x..=self.x + self.width).contains(&x) && (self.y..=self.y + self.height).contains(&y)
    }
}

/// Where the camera is and how it looks. The point it turns around is its target.
#[derive(Debug, Clone, PartialEq)]
pub struct Camera {
    target: Point3<f32>,
    yaw: f32,
    pitch: f32,
    distance: f32,
    radius: f32,
    width: f32,
    height: f32,
    free: Rect,
}

/// Where a camera is, apart from its screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pose {
    /// What it turns around, in world units.
    pub target: [f32; 3],
    /// Turn about the upright axis, in radians.
    pub yaw: f32,
    /// Look from above, in radians.
    pub pitch: f32,
    /// Distance from the target, in world units.
    pub distance: f32,
    /// Half the diameter of the cloud that is looked at, in world units.
    pub radius: f32,
}

/// A point on the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OnScreen {
    /// CSS pixels from the left.
    pub x: f32,
    /// CSS pixels from the top.
    pub y: f32,
    /// Distance from the camera along its axis, in world units; always positive.
    pub depth: f32,
}

/// The camera at one moment, for drawing and picking.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lens {
    /// World to clip space.
    pub clip: Matrix4<f32>,
    /// CSS pixels that a world unit covers at depth 1.
    pub scale: f32,
    /// Width and height of the screen, in CSS pixels.
    pub(crate) width: f32,
    pub(crate) height: f32,
    /// Least depth at which anything is seen.
    pub(crate) near: f32,
}

impl Camera {
    /// A camera at the origin for a screen of `width` by `height` CSS pixels.
    pub fn new(width: f32, height: f32) -> Self {
        let (width, height) = (width.max(1.0), height.max(1.0));
        Self {
            target: Point3::origin(),
            yaw: 0.6,
            pitch: FROM_ABOVE,
            distance: 3.0,
            radius: 1.0,
            width,
            height,
            free: Rect { x: 0.0, y: 0.0, width, height },
        }
    }

    /// Takes a new screen size, and the part of it that no panel covers.
    pub fn resize(&mut self, width: f32, height: f32, free: Rect) {
        self.width = width.max(1.0);
        self.height = height.max(1.0);
        self.free = free;
    }

    /// The part of the screen that no panel covers.
    pub fn free(&self) -> Rect {
        self.free
    }

    /// Turns by a drag of `dx`, `dy` pixels.
    pub fn orbit(&mut self, dx: f32, dy: f32) {
        self.yaw = (self.yaw - dx * TURN_PER_PIXEL) % std::f32::consts::TAU;
        self.pitch = (self.pitch + dy * TURN_PER_PIXEL).clamp(-STEEPEST, STEEPEST);
    }

    /// Moves sideways, so that what lies at the target's depth follows a drag of `dx`, `dy` pixels.
    pub fn pan(&mut self, dx: f32, dy: f32) {
        let (right, up, _) = self.axes();
        let unit = self.distance / self.scale();
        self.target += (up * dy - right * dx) * unit;
    }

    /// Comes closer (`factor` above 1) or goes back, towards what is under the pixel `at`.
    pub fn zoom(&mut self, factor: f32, at: [f32; 2]) {
        let (near, far) = (self.radius * NEAREST, self.radius * FARTHEST);
        let distance = (self.distance / factor).clamp(near, far);
        let (cx, cy) = self.centre();
        let shift = 1.0 - distance / self.distance;
        self.pan((cx - at[0]) * shift, (cy - at[1]) * shift);
        self.distance = distance;
    }

    /// Turns to the side from which `points` spread widest over the screen, both ways, a little from above.
    pub fn face(&mut self, points: &[[f32; 3]]) {
        self.pitch = FROM_ABOVE;
        let step = points.len().div_ceil(SIDES_SAMPLE).max(1);
        let sample: Vec<Vector3<f32>> = points.iter().step_by(step).map(|&p| p.into()).collect();
        let mut best = (f32::MIN, self.yaw);
        for side in 0..SIDES {
            self.yaw = std::f32::consts::TAU * side as f32 / SIDES as f32;
            let (right, up, _) = self.axes();
            let spread = spread(sample.iter().map(|p| [p.dot(right), p.dot(up)]));
            // The first of equal sides, so that rounding does not choose.
            if spread > best.0 * 1.001 {
                best = (spread, self.yaw);
            }
        }
        self.yaw = best.1;
    }

    /// Goes where the whole cloud is seen, centred in the free area, from where the camera looks now.
    pub fn frame(&mut self, points: &[[f32; 3]]) {
        let (right, up, back) = self.axes();
        let turned: Vec<Vector3<f32>> = points
            .iter()
            .map(|&p| {
                let p = Vector3::from(p);
                Vector3::new(p.dot(right), p.dot(up), p.dot(back))
            })
            .collect();
        let Some(&first) = turned.first() else { return };
        let (mut low, mut high) = (first, first);
        for p in &turned {
            low = low.zip(*p, f32::min);
            high = high.zip(*p, f32::max);
        }
        let mut centre = (low + high) / 2.0;
        let scale = self.scale();
        // Half the free area as a slope: how far sideways a point may lie per unit of depth.
        let (slope_x, slope_y) =
            (self.free.width * FILL / 2.0 / scale, self.free.height * FILL / 2.0 / scale);
        let needed = |centre: Vector3<f32>| {
            turned
                .iter()
                .map(|p| p - centre)
                .map(|p| p.z + (p.x.abs() / slope_x).max(p.y.abs() / slope_y))
                .fold(0.0, f32::max)
        };
        // A single point, or many in one place, has no size: a unit then stands for it.
        let radius = (high - low).magnitude() / 2.0;
        self.radius = if radius > 1e-6 { radius } else { 1.0 };
        // Points in a row with the camera need no room sideways; the first one must still lie before it.
        let front = high.z - centre.z;
        let closest = (front + self.radius * 0.25).max(self.radius * 0.05);
        let mut distance = needed(centre).max(closest);
        // Perspective moves the middle of what is seen; a few steps bring it back.
        for _ in 0..4 {
            let ([left, top], [right, bottom]) = extent(&turned, centre, distance);
            centre.x += (left + right) / 2.0 * distance;
            centre.y += (top + bottom) / 2.0 * distance;
            distance = needed(centre).max(closest);
        }
        if radius <= 1e-6 {
            distance = 3.0;
        }
        self.target = Point3::from_vec(right * centre.x + up * centre.y + back * centre.z);
        self.distance = distance;
    }

    /// The camera as it is now.
    pub fn lens(&self) -> Lens {
        let (_, _, back) = self.axes();
        let view =
            Matrix4::look_at_rh(self.target + back * self.distance, self.target, Vector3::new(0.0, 1.0, 0.0));
        let far = self.distance + self.radius * 24.0;
        let near = (self.distance * 0.02).max(far * 1e-5);
        let focal = 1.0 / (FIELD_OF_VIEW / 2.0).tan();
        let (cx, cy) = self.centre();
        // The target appears at the free area's centre: an off-axis projection, so nothing is distorted.
        let (shift_x, shift_y) = (2.0 * cx / self.width - 1.0, 1.0 - 2.0 * cy / self.height);
        let projection = Matrix4::from_cols(
            Vector4::new(focal * self.height / self.width, 0.0, 0.0, 0.0),
            Vector4::new(0.0, focal, 0.0, 0.0),
            Vector4::new(-shift_x, -shift_y, -(far + near) / (far - near), -1.0),
            Vector4::new(0.0, 0.0, -2.0 * far * near / (far - near), 0.0),
        );
        Lens { clip: projection * view, scale: self.scale(), width: self.width, height: self.height, near }
    }

    /// Where the camera is.
    pub fn pose(&self) -> Pose {
        let Self { target, yaw, pitch, distance, radius, .. } = *self;
        Pose { target: target.into(), yaw, pitch, distance, radius }
    }

    /// Goes to `pose`, or as near as a camera can be: whatever the numbers, the cloud can be drawn from there.
    pub fn set_pose(&mut self, pose: Pose) {
        let sound = |value: f32, other: f32| if value.is_finite() { value } else { other };
        self.radius = sound(pose.radius, 1.0).clamp(1e-30, 1e30);
        let reach = self.radius * FARTHEST;
        self.target = pose.target.map(|v| sound(v, 0.0).clamp(-1e30, 1e30)).into();
        self.yaw = sound(pose.yaw, 0.0) % std::f32::consts::TAU;
        self.pitch = sound(pose.pitch, 0.0).clamp(-STEEPEST, STEEPEST);
        self.distance = sound(pose.distance, self.radius * 3.0).clamp(self.radius * NEAREST, reach);
    }

    /// Looks from the front: a flat cloud is seen as it was laid out.
    pub fn face_front(&mut self) {
        (self.yaw, self.pitch) = (0.0, 0.0);
    }

    /// Looks nearly along z: what runs along x runs from left to right, and its turns come apart.
    pub fn face_side(&mut self) {
        (self.yaw, self.pitch) = (0.32, 0.22);
    }

    /// Half the cloud's diameter, in world units.
    pub fn radius(&self) -> f32 {
        self.radius
    }

    /// From the camera to what it turns around, in world units.
    pub fn distance(&self) -> f32 {
        self.distance
    }

    /// Where the camera's target is seen, in CSS pixels.
    pub fn centre_on_screen(&self) -> [f32; 2] {
        let (x, y) = self.centre();
        [x, y]
    }

    fn scale(&self) -> f32 {
        self.height / 2.0 / (FIELD_OF_VIEW / 2.0).tan()
    }

    fn centre(&self) -> (f32, f32) {
        (self.free.x + self.free.width / 2.0, self.free.y + self.free.height / 2.0)
    }

    /// Right, up, and back (towards the camera): unit vectors at right angles.
    fn axes(&self) -> (Vector3<f32>, Vector3<f32>, Vector3<f32>) {
        let (sin_yaw, cos_yaw) = self.yaw.sin_cos();
        let (sin_pitch, cos_pitch) = self.pitch.sin_cos();
        let back = Vector3::new(cos_pitch * sin_yaw, sin_pitch, cos_pitch * cos_yaw);
        let right = Vector3::new(cos_yaw, 0.0, -sin_yaw);
        (right, back.cross(right), back)
    }
}

impl Lens {
    /// Where `point` is seen; `None` behind the camera.
    pub fn project(&self, point: [f32; 3]) -> Option<OnScreen> {
        let p = self.clip * Point3::from(point).to_homogeneous();
        (p.w > self.near).then(|| OnScreen {
            x: (p.x / p.w + 1.0) / 2.0 * self.width,
            y: (1.0 - p.y / p.w) / 2.0 * self.height,
            depth: p.w,
        })
    }

    /// Whether what is seen at `at` lies on the screen.
    pub fn contains(&self, at: &OnScreen) -> bool {
        (0.0..=self.width).contains(&at.x) && (0.0..=self.height).contains(&at.y)
    }

    /// Depth of `point` along the camera's axis, negative behind it.
    pub fn depth(&self, point: [f32; 3]) -> f32 {
        let row = self.clip.row_w();
        row.x * point[0] + row.y * point[1] + row.z * point[2] + row.w
    }
}

trait RowW {
    fn row_w(&self) -> Vector4<f32>;
}

impl RowW for Matrix4<f32> {
    fn row_w(&self) -> Vector4<f32> {
        Vector4::new(self.x.w, self.y.w, self.z.w, self.w.w)
    }
}

/// Area that flat `points` spread over: the determinant of their covariance.
fn spread(points: impl Iterator<Item = [f32; 2]> + Clone) -> f32 {
    let count = points.clone().count().max(1) as f32;
    let mean = points.clone().fold([0.0, 0.0], |m, p| [m[0] + p[0] / count, m[1] + p[1] / count]);
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for p in points {
        let (x, y) = (p[0] - mean[0], p[1] - mean[1]);
        (xx, xy, yy) = (xx + x * x / count, xy + x * y / count, yy + y * y / count);
    }
    xx * yy - xy * xy
}

/// Lowest and highest slope (sideways per depth) at which `points` are seen from `distance`.
fn extent(points: &[Vector3<f32>], centre: Vector3<f32>, distance: f32) -> ([f32; 2], [f32; 2]) {
    let (mut low, mut high) = ([f32::MAX; 2], [f32::MIN; 2]);
    for p in points.iter().map(|p| p - centre) {
        let depth = (distance - p.z).max(distance * 1e-3);
        for (axis, value) in [p.x / depth, p.y / depth].into_iter().enumerate() {
            low[axis] = low[axis].min(value);
            high[axis] = high[axis].max(value);
        }
    }
    (low, high)
}

#[cfg(test)]
mod tests;
