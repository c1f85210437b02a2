//! The camera on its way from one place to another.

use crate::camera::Pose;
use crate::transition::{Clock, ratio};

/// One flight.
#[derive(Debug, Clone, PartialEq)]
pub struct Flight {
    clock: Clock,
    from: Pose,
    /// Where it ends.
    pub to: Pose,
}

impl Flight {
    /// A flight between two poses, the short way around.
    pub fn new(from: Pose, to: Pose) -> Self {
        Self { clock: Clock::default(), from, to }
    }

    /// The pose at `now` milliseconds, and whether the flight goes on.
    pub fn at(&mut self, now: f64) -> (Pose, bool) {
        let t = self.clock.progress(now);
        // The end itself, without what rounding makes of it.
        if t < 1.0 { (between(&self.from, &self.to, t), true) } else { (self.to, false) }
    }
}

fn between(from: &Pose, to: &Pose, t: f32) -> Pose {
    let line = |a: f32, b: f32| a + (b - a) * t;
    let half = std::f32::consts::PI;
    let turn = (to.yaw - from.yaw + half).rem_euclid(2.0 * half) - half;
    Pose {
        target: std::array::from_fn(|k| line(from.target[k], to.target[k])),
        yaw: from.yaw + turn * t,
        pitch: line(from.pitch, to.pitch),
        distance: ratio(from.distance, to.distance, t),
        radius: ratio(from.radius, to.radius, t),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transition::MILLISECONDS;

    #[test]
    fn it_takes_the_short_way_around_and_ends_where_it_was_meant_to() {
        let from = Pose { target: [0.0; 3], yaw: 3.0, pitch: 0.3, distance: 1.0, radius: 1.0 };
        let to = Pose { target: [2.0, 0.0, 0.0], yaw: -3.0, pitch: -0.3, distance: 4.0, radius: 1.0 };
        let mut flight = Flight::new(from, to);
        assert_eq!(flight.at(50.0), (from, true));
        let (middle, goes_on) = flight.at(50.0 + MILLISECONDS / 2.0);
        assert!(goes_on && (middle.yaw - std::f32::consts::PI).abs() < 0.01, "{middle:?}");
        assert!((middle.distance - 2.0).abs() < 1e-4 && middle.target[0] == 1.0);
        assert_eq!(flight.at(50.0 + MILLISECONDS), (to, false));
    }
}
