//! Where a number lies on its column's scale, for a colour, a size or a slider.

/// The scale of a column of numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// Smallest and greatest value.
    pub ends: [f32; 2],
    /// The values between which colours change: a few outliers must not make all others alike.
    soft: [f32; 2],
    /// Equal ratios look equal, not equal differences.
    log: bool,
}

/// Shares of the values at which the soft ends lie.
const SOFT: [f64; 2] = [0.02, 0.98];

impl Scale {
    /// The scale of `values`, of which those that are no number do not count; `None` where fewer than two differ.
    pub fn of(values: &[f32]) -> Option<Self> {
        let mut found: Vec<f32> = values.iter().copied().filter(|v| v.is_finite()).collect();
        let last = found.len().checked_sub(1)?;
        let mut at = |share: f64| {
            let place = (share * last as f64).round() as usize;
            *found.select_nth_unstable_by(place, f32::total_cmp).1
        };
        let [low, first, middle, end, high] = [0.0, SOFT[0], 0.5, SOFT[1], 1.0].map(&mut at);
        if low >= high {
            return None;
        }
        // Hertz and the like pile up at their lower end: three times as far from the middle to the top as to the bottom.
        let log = low > 0.0 && end - middle > 3.0 * (middle - first) && high / low > 8.0;
        let soft = if first < end { [first, end] } else { [low, high] };
        Some(Self { ends: [low, high], soft, log })
    }

    /// Where `value` lies between the ends, 0 to 1.
    pub fn place(&self, value: f32) -> f32 {
        self.between(self.ends, value)
    }

    /// The value at `place`, 0 to 1 between the ends.
    pub fn value(&self, place: f32) -> f32 {
        let [low, high] = self.ends;
        // The ends themselves, so that a slider at its stop leaves nothing out.
        match place {
            p if p <= 0.0 => low,
            p if p >= 1.0 => high,
            p if self.log => (low.ln() + (high.ln() - low.ln()) * p).exp().clamp(low, high),
            p => (f64::from(low) + (f64::from(high) - f64::from(low)) * f64::from(p)) as f32,
        }
    }

    /// Where the colour of `value` lies on a ramp, 0 to 1.
    pub fn tone(&self, value: f32) -> f32 {
        self.between(self.soft, value)
    }

    fn between(&self, [low, high]: [f32; 2], value: f32) -> f32 {
        let bend = |v: f32| if self.log { f64::from(v).max(f64::MIN_POSITIVE).ln() } else { f64::from(v) };
        let (low, high) = (bend(low), bend(high));
        ((bend(value) - low) / (high - low)).clamp(0.0, 1.0) as f32
    }
}

/// How many of `values` lie in each of `bins` equal stretches of the scale.
pub fn histogram(scale: &Scale, values: &[f32], bins: usize) -> Vec<u32> {
    let mut counts = vec![0; bins.max(1)];
    for value in values.iter().filter(|v| v.is_finite()) {
        let bin = (scale.place(*value) * counts.len() as f32) as usize;
        let last = counts.len() - 1;
        counts[bin.min(last)] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_place_leads_back_to_its_value_and_greater_values_never_lie_lower(
            values in prop::collection::vec(-1e30f32..1e30, 2..60), place in 0f32..=1.0,
        ) {
            let Some(scale) = Scale::of(&values) else {
                prop_assert!(values.windows(2).all(|w| w[0] == w[1]));
                return Ok(());
            };
            let value = scale.value(place);
            prop_assert!((scale.place(value) - place).abs() < 1e-3, "{value}");
            let mut sorted = values.clone();
            sorted.sort_by(f32::total_cmp);
            for f in [Scale::place as fn(&Scale, f32) -> f32, Scale::tone] {
                prop_assert!(sorted.windows(2).all(|w| f(&scale, w[0]) <= f(&scale, w[1])));
                prop_assert!(sorted.iter().all(|&v| (0.0..=1.0).contains(&f(&scale, v))));
            }
            prop_assert_eq!([scale.value(0.0), scale.value(1.0)], [sorted[0], sorted[sorted.len() - 1]]);
            let total: u32 = histogram(&scale, &values, 7).iter().sum();
            prop_assert_eq!(total as usize, values.len());
        }
    }

    #[test]
    fn an_outlier_does_not_make_all_others_alike() {
        let mut values: Vec<f32> = (0..100u8).map(f32::from).collect();
        values.push(-1e6);
        let scale = Scale::of(&values).unwrap();
        assert!(scale.tone(75.0) - scale.tone(25.0) > 0.4);
        assert!(scale.place(75.0) - scale.place(25.0) < 0.01);
    }

    #[test]
    fn frequencies_are_told_apart_by_ratio_and_levels_by_difference() {
        let hertz: Vec<f32> = (0..80u8).map(|k| 60.0 * 1.09f32.powi(k.into())).collect();
        let scale = Scale::of(&hertz).unwrap();
        assert!((scale.place(hertz[40]) - 40.0 / 79.0).abs() < 0.01);
        let decibels: Vec<f32> = (0..80u8).map(|k| -f32::from(k)).collect();
        assert!((Scale::of(&decibels).unwrap().place(-39.5) - 0.5).abs() < 0.01);
    }

    #[test]
    fn missing_values_do_not_count_and_one_value_is_no_scale() {
        assert_eq!(Scale::of(&[f32::NAN, 3.0, 3.0]), None);
        assert_eq!(Scale::of(&[]), None);
        assert_eq!(Scale::of(&[f32::NAN, 1.0, 2.0, f32::INFINITY]).unwrap().ends, [1.0, 2.0]);
    }
}
