//! The parts sounds are made of: oscillators, filters, envelopes.
//!
//! Transcendental functions come from `libm` (the crate), not from the system's C library: the same seed then gives
//! the same bytes on every machine.

use std::f64::consts::{LN_10, PI, TAU};

/// The sine of a phase given in cycles.
pub fn sine(cycles: f64) -> f64 {
    libm::sin(TAU * cycles)
}

/// Exponential decay that has lost 60 dB after `seconds`.
pub fn decay(t: f64, seconds: f64) -> f64 {
    libm::exp(-3.0 * LN_10 * t / seconds)
}

/// A rise from 0 at `t = 0` to 1 at `seconds` without a corner.
pub fn rise(t: f64, seconds: f64) -> f64 {
    if t >= seconds { 1.0 } else { 0.5 - 0.5 * libm::cos(PI * t.max(0.0) / seconds) }
}

/// A hump from 0 through 1 at the middle back to 0 over `seconds`, 0 outside.
pub fn hump(t: f64, seconds: f64) -> f64 {
    if t <= 0.0 || t >= seconds { 0.0 } else { 0.5 - 0.5 * libm::cos(TAU * t / seconds) }
}

/// A phase that advances by a frequency which may change from sample to sample.
#[derive(Debug, Default)]
pub struct Phase {
    cycles: f64,
}

impl Phase {
    /// Advances by one sample and gives the phase in cycles, in [0, 1).
    pub fn advance(&mut self, hz: f64, rate: f64) -> f64 {
        self.cycles += hz / rate;
        self.cycles -= libm::floor(self.cycles);
        self.cycles
    }
}

/// A second-order filter (R. Bristow-Johnson, Audio EQ Cookbook), transposed direct form II.
#[derive(Debug, Clone)]
pub struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
    memory: [f64; 2],
}

impl Biquad {
    /// Passes what lies below `hz`; `q` 0.7 is flat, more rings.
    pub fn low_pass(rate: f64, hz: f64, q: f64) -> Self {
        let (cos, alpha) = Self::corner(rate, hz, q);
        Self::normalised([(1.0 - cos) / 2.0, 1.0 - cos, (1.0 - cos) / 2.0], cos, alpha)
    }

    /// Passes what lies above `hz`.
    pub fn high_pass(rate: f64, hz: f64, q: f64) -> Self {
        let (cos, alpha) = Self::corner(rate, hz, q);
        Self::normalised([(1.0 + cos) / 2.0, -1.0 - cos, (1.0 + cos) / 2.0], cos, alpha)
    }

    /// Passes a band around `hz`, `hz / q` wide, with gain 1 at its centre.
    pub fn band_pass(rate: f64, hz: f64, q: f64) -> Self {
        let (cos, alpha) = Self::corner(rate, hz, q);
        Self::normalised([alpha, 0.0, -alpha], cos, alpha)
    }

    /// Filters one sample.
    pub fn pass(&mut self, x: f64) -> f64 {
        let y = self.b[0] * x + self.memory[0];
        self.memory[0] = self.b[1] * x - self.a[0] * y + self.memory[1];
        self.memory[1] = self.b[2] * x - self.a[1] * y;
        y
    }

    /// Takes the corner of another filter and keeps its own memory: for filters that move.
    pub fn retune(&mut self, other: &Self) {
        self.b = other.b;
        self.a = other.a;
    }

    fn corner(rate: f64, hz: f64, q: f64) -> (f64, f64) {
        // A corner above the band would make the filter unstable.
        let angle = TAU * hz.clamp(1.0, 0.45 * rate) / rate;
        (libm::cos(angle), libm::sin(angle) / (2.0 * q))
    }

    fn normalised(b: [f64; 3], cos: f64, alpha: f64) -> Self {
        let a0 = 1.0 + alpha;
        Self { b: b.map(|v| v / a0), a: [-2.0 * cos / a0, (1.0 - alpha) / a0], memory: [0.0; 2] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gain(filter: &mut Biquad, hz: f64, rate: f64) -> f64 {
        let mut peak: f64 = 0.0;
        for k in 0..rate as usize {
            let y = filter.pass(sine(hz * k as f64 / rate));
            if k > rate as usize / 2 {
                peak = peak.max(y.abs());
            }
        }
        peak
    }

    #[test]
    fn filters_pass_their_band_and_stop_the_rest() {
        let rate = 16_000.0;
        assert!((gain(&mut Biquad::low_pass(rate, 1000.0, 0.7), 100.0, rate) - 1.0).abs() < 0.02);
        assert!(gain(&mut Biquad::low_pass(rate, 1000.0, 0.7), 6000.0, rate) < 0.02);
        assert!((gain(&mut Biquad::high_pass(rate, 1000.0, 0.7), 6000.0, rate) - 1.0).abs() < 0.02);
        assert!(gain(&mut Biquad::high_pass(rate, 1000.0, 0.7), 100.0, rate) < 0.02);
        assert!((gain(&mut Biquad::band_pass(rate, 1000.0, 5.0), 1000.0, rate) - 1.0).abs() < 0.02);
        assert!(gain(&mut Biquad::band_pass(rate, 1000.0, 5.0), 100.0, rate) < 0.05);
    }

    #[test]
    fn decay_has_lost_60_db_after_its_time() {
        assert!((decay(0.5, 0.5) - 0.001).abs() < 1e-12);
    }
}
