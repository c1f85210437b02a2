/// How much of a file is read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Seconds of sound; what a file holds beyond them is left out, with a note. At least one sample is read.
    ///
    /// The default is 7 days: a constant FLAC frame says 65,535 samples in 12 bytes, and no file may keep a worker
    /// busy for ever.
    pub max_seconds: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_seconds: 7.0 * 24.0 * 3600.0 }
    }
}

impl Limits {
    /// Samples of one channel that may be read at `rate` Hz.
    pub(crate) fn samples_at(self, rate: u32) -> u64 {
        // The conversion saturates, and takes what is no number for 0.
        ((self.max_seconds * f64::from(rate)).round() as u64).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_whole_samples_and_at_least_one() {
        let samples = |max_seconds| Limits { max_seconds }.samples_at(48_000);
        assert_eq!([samples(1.5), samples(1e-9), samples(0.0), samples(-3.0)], [72_000, 1, 1, 1]);
        assert_eq!([samples(f64::NAN), samples(f64::INFINITY)], [1, u64::MAX]);
    }
}
