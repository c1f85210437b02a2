//! A recording along time: a helix whose turns take a round time, or a spiral from pole to pole.

use std::f32::consts::TAU;

use scatter_dataset::SPHERE_RADIUS;

/// Seconds that a turn may take, and what they are called.
const TURNS: [(f64, &str); 11] = [
    (5.0, "5 s"),
    (10.0, "10 s"),
    (30.0, "30 s"),
    (60.0, "1 min"),
    (300.0, "5 min"),
    (600.0, "10 min"),
    (1_800.0, "30 min"),
    (3_600.0, "1 h"),
    (21_600.0, "6 h"),
    (86_400.0, "24 h"),
    (604_800.0, "7 days"),
];
/// Turns at most, where a round time allows it: more lie too close to tell apart.
const MOST_TURNS: f64 = 18.0;
/// Length of the helix over its radius: wide as a screen is.
const STRETCH: f32 = 4.4;

/// The path of a recording.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimePath {
    /// Length in seconds, from the first start to the last.
    length: f64,
    /// Seconds of a turn.
    turn: f64,
    /// The same in words.
    pub turn_words: &'static str,
}

impl TimePath {
    /// The path of starts from 0 to `length` seconds.
    pub fn new(length: f64) -> Self {
        let length = if length.is_finite() { length.max(0.0) } else { 0.0 };
        let fits = |(seconds, _): &&(f64, &str)| length / seconds <= MOST_TURNS;
        let (turn, turn_words) = *TURNS.iter().find(fits).unwrap_or(&TURNS[TURNS.len() - 1]);
        Self { length, turn, turn_words }
    }

    /// Where a start at `seconds` lies: along x from left to right, a turn about that axis from the top on.
    pub fn helix(&self, seconds: f64) -> [f32; 3] {
        let (share, angle) = self.along(seconds);
        let (sin, cos) = angle.sin_cos();
        [(share - 0.5) * STRETCH * SPHERE_RADIUS, cos * SPHERE_RADIUS, sin * SPHERE_RADIUS]
    }

    /// The same on a sphere: from its upper pole to the lower one, the same turns about the upright axis.
    pub fn spiral(&self, seconds: f64) -> [f32; 3] {
        let (share, angle) = self.along(seconds);
        let height = 1.0 - 2.0 * share;
        let (sin, cos) = angle.sin_cos();
        let around = (1.0 - height * height).max(0.0).sqrt();
        [around * sin * SPHERE_RADIUS, height * SPHERE_RADIUS, around * cos * SPHERE_RADIUS]
    }

    /// Share of the length, and the angle.
    fn along(&self, seconds: f64) -> (f32, f32) {
        let share = if self.length > 0.0 { (seconds / self.length).clamp(0.0, 1.0) } else { 0.5 };
        ((share as f32), ((seconds / self.turn).fract() as f32) * TAU)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn apart(a: [f32; 3], b: [f32; 3]) -> f32 {
        (0..3).map(|k| (a[k] - b[k]).powi(2)).sum::<f32>().sqrt()
    }

    proptest! {
        #[test]
        fn later_lies_farther_right_and_lower_and_all_keep_to_their_radius(length in 0.1f64..1e6) {
            let path = TimePath::new(length);
            let times: Vec<f64> = (0..=50).map(|k| length * f64::from(k) / 50.0).collect();
            let helix: Vec<_> = times.iter().map(|&t| path.helix(t)).collect();
            let spiral: Vec<_> = times.iter().map(|&t| path.spiral(t)).collect();
            prop_assert!(helix.windows(2).all(|w| w[0][0] < w[1][0]));
            prop_assert!(spiral.windows(2).all(|w| w[0][1] > w[1][1]));
            prop_assert!(helix.iter().all(|p| (p[1].hypot(p[2]) - SPHERE_RADIUS).abs() < 1e-3));
            prop_assert!(spiral.iter().all(|&p| (apart(p, [0.0; 3]) - SPHERE_RADIUS).abs() < 1e-3));
        }
    }

    #[test]
    fn a_turn_takes_a_round_time_and_what_is_a_turn_apart_lies_side_by_side() {
        for (length, words) in
            [(0.0, "5 s"), (60.0, "5 s"), (222.0, "30 s"), (960.0, "1 min"), (36_000.0, "1 h")]
        {
            assert_eq!(TimePath::new(length).turn_words, words, "{length} s");
        }
        let path = TimePath::new(960.0);
        let (here, next, half) = (path.helix(300.0), path.helix(360.0), path.helix(330.0));
        assert!(apart(here, next) < apart(here, half) / 2.0);
    }

    #[test]
    fn a_recording_of_one_window_or_of_no_length_has_a_place() {
        for length in [0.0, f64::NAN, f64::INFINITY, -1.0] {
            let path = TimePath::new(length);
            assert!(path.helix(0.0).iter().chain(&path.spiral(0.0)).all(|v| v.is_finite()));
        }
    }
}
