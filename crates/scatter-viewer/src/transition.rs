//! Points on their way from one layout to the next, so that the eye can follow them.

/// Milliseconds that a change of layout takes.
pub const MILLISECONDS: f64 = 600.0;

/// Share of the way that lies behind at share `t` of the time: slow at both ends (cubic).
pub fn ease(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    if t < 0.5 { 4.0 * t * t * t } else { 1.0 - (2.0 - 2.0 * t).powi(3) / 2.0 }
}

/// A clock that starts at the first frame it hears of, so that a long wait for it skips nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Clock {
    began: Option<f64>,
}

impl Clock {
    /// Share of the way, eased, at `now` milliseconds; 1 when it is over.
    pub fn progress(&mut self, now: f64) -> f32 {
        let began = *self.began.get_or_insert(now);
        ease(((now - began) / MILLISECONDS) as f32)
    }
}

/// How large a cloud is and how close its points lie, in world units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    /// Half its diameter.
    pub extent: f32,
    /// Distance between neighbouring points.
    pub spacing: f32,
}

impl Measure {
    /// Between two clouds, by ratio.
    pub fn between(self, to: Self, t: f32) -> Self {
        Self { extent: ratio(self.extent, to.extent, t), spacing: ratio(self.spacing, to.spacing, t) }
    }
}

/// Between two sizes in even ratios, where both are sizes.
pub fn ratio(from: f32, to: f32, t: f32) -> f32 {
    match from > 0.0 && to > 0.0 {
        true => from * (to / from).powf(t),
        false => from + (to - from) * t,
    }
}

/// All points between two layouts.
#[derive(Debug, Clone)]
pub struct Travel {
    clock: Clock,
    from: Vec<[f32; 3]>,
    now: Vec<[f32; 3]>,
    measures: [Measure; 2],
    progress: f32,
}

impl Travel {
    /// A journey that begins at the places `from`.
    pub fn new(from: Vec<[f32; 3]>, measures: [Measure; 2]) -> Self {
        Self { clock: Clock::default(), now: from.clone(), from, measures, progress: 0.0 }
    }

    /// Moves the points towards `to`, where they are at `now` milliseconds. True while they are on their way.
    pub fn advance(&mut self, to: &[[f32; 3]], now: f64) -> bool {
        let t = self.clock.progress(now);
        self.progress = t;
        self.now.truncate(to.len());
        for ((place, from), to) in self.now.iter_mut().zip(&self.from).zip(to) {
            // The sum that the shader's mix makes.
            *place = std::array::from_fn(|k| from[k] * (1.0 - t) + to[k] * t);
        }
        t < 1.0
    }

    /// Where the points are.
    pub fn places(&self) -> &[[f32; 3]] {
        &self.now
    }

    /// Share of the way that lies behind.
    pub fn progress(&self) -> f32 {
        self.progress
    }

    /// How large the cloud is now.
    pub fn measure(&self) -> Measure {
        self.measures[0].between(self.measures[1], self.progress)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MEASURES: [Measure; 2] =
        [Measure { extent: 1.0, spacing: 0.1 }, Measure { extent: 4.0, spacing: 0.0 }];

    proptest! {
        #[test]
        fn points_keep_to_the_line_between_their_places_and_arrive(
            ends in prop::collection::vec((prop::array::uniform3(-1e3f32..1e3), prop::array::uniform3(-1e3f32..1e3)), 1..40),
            start in 0f64..1e7, steps in prop::collection::vec(1f64..200.0, 1..12),
        ) {
            let (from, to): (Vec<_>, Vec<_>) = ends.into_iter().unzip();
            let mut travel = Travel::new(from.clone(), MEASURES);
            prop_assert!(travel.advance(&to, start));
            prop_assert_eq!(travel.places(), &from[..]);
            let (mut now, mut before) = (start, 0.0);
            for step in steps {
                now += step;
                travel.advance(&to, now);
                let t = travel.progress();
                prop_assert!(t >= before && t <= 1.0);
                before = t;
                for ((p, a), b) in travel.places().iter().zip(&from).zip(&to) {
                    prop_assert!((0..3).all(|k| (p[k] - (a[k] + (b[k] - a[k]) * t)).abs() < 1e-3));
                }
            }
            prop_assert!(!travel.advance(&to, start + MILLISECONDS));
            prop_assert_eq!(travel.places(), &to[..]);
        }
    }

    #[test]
    fn it_starts_and_ends_slowly_and_half_the_time_is_half_the_way() {
        assert_eq!([ease(0.0), ease(0.5), ease(1.0)], [0.0, 0.5, 1.0]);
        assert!(ease(0.1) < 0.02 && ease(0.9) > 0.98);
    }

    #[test]
    fn sizes_change_by_ratio() {
        let between = MEASURES[0].between(MEASURES[1], 0.5);
        assert!((between.extent - 2.0).abs() < 1e-6 && (between.spacing - 0.05).abs() < 1e-6);
        assert_eq!(MEASURES[0].between(MEASURES[1], 1.0).extent, 4.0);
    }
}
