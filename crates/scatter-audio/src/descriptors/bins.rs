//! Sums over the bins of a spectrum, from which its moments follow.

use super::FRAME;

/// Share of a frame's magnitude that lies at or below the roll-off frequency, librosa's default.
const ROLLOFF: f64 = 0.85;
/// Bins that are summed up in 32 bits, around their middle: few enough for the sums to lose nothing.
const RUN: usize = 32;
/// Sums that grow side by side.
const LANES: usize = 16;
/// Runs that hold all bins.
const RUNS: usize = (FRAME / 2 + 1).div_ceil(RUN);
/// Length of a spectrum with zeros behind it, so that it is whole runs.
pub(super) const PADDED_BINS: usize = RUNS * RUN;

/// Where a run's bins lie from its middle, and the squares of that.
const OFFSETS: [[f32; RUN]; 2] = {
    let mut offsets = [[0.0; RUN]; 2];
    let mut bin = 0;
    while bin < RUN {
        let offset = bin as f32 - MIDDLE as f32;
        (offsets[0][bin], offsets[1][bin]) = (offset, offset * offset);
        bin += 1;
    }
    offsets
};
const MIDDLE: f64 = (RUN - 1) as f64 / 2.0;

/// Of each run of bins the sums of magnitude, of magnitude times offset, and of magnitude times offset squared.
pub(super) struct Bins([[f32; 3]; RUNS]);

impl Bins {
    /// Of the magnitudes of one frame, `[PADDED_BINS]`.
    #[inline(always)]
    pub(super) fn of(magnitudes: &[f32]) -> Self {
        let (runs, _) = magnitudes.as_chunks::<RUN>();
        let mut sums = [[0.0; 3]; RUNS];
        for (sum, run) in sums.iter_mut().zip(runs) {
            let [mut plain, mut first, mut second] = [[0.0; LANES]; 3];
            for part in 0..RUN / LANES {
                for lane in 0..LANES {
                    let bin = part * LANES + lane;
                    plain[lane] += run[bin];
                    first[lane] += run[bin] * OFFSETS[0][bin];
                    second[lane] += run[bin] * OFFSETS[1][bin];
                }
            }
            *sum = [plain, first, second].map(across);
        }
        Self(sums)
    }

    fn total(&self) -> f64 {
        self.0.iter().map(|[plain, ..]| f64::from(*plain)).sum()
    }

    /// Centroid and bandwidth, in bins: mean, and standard deviation around it, weighted by magnitude.
    pub(super) fn moments(&self) -> (f64, f64) {
        let total = self.total();
        // librosa leaves a frame below the least normal number as it is, which is 0 in all that follows.
        if total < f64::from(f32::MIN_POSITIVE) {
            return (0.0, 0.0);
        }
        let runs = || {
            let middle = |run: usize| (run * RUN) as f64 + MIDDLE;
            self.0.iter().enumerate().map(move |(run, sums)| (middle(run), sums.map(f64::from)))
        };
        let centroid = runs().map(|(middle, [plain, first, _])| middle * plain + first).sum::<f64>() / total;
        let spread: f64 = runs()
            .map(|(middle, [plain, first, second])| {
                let far = middle - centroid;
                second + far * (2.0 * first + far * plain)
            })
            .sum();
        (centroid, (spread / total).max(0.0).sqrt())
    }

    /// First bin up to which `magnitudes`, those that these are the sums of, add up to their share; 0 in silence.
    pub(super) fn rolloff(&self, magnitudes: &[f32]) -> usize {
        let total = self.total();
        if total < f64::from(f32::MIN_POSITIVE) {
            return 0;
        }
        let threshold = ROLLOFF * total;
        let (mut below, mut first) = (0.0, 0);
        // Whole runs are passed over first: to add bin after bin would take as long as all the other sums.
        for [plain, ..] in &self.0 {
            let next = below + f64::from(*plain);
            if next >= threshold {
                break;
            }
            (below, first) = (next, first + RUN);
        }
        let bins = magnitudes.get(first..).unwrap_or_default();
        let reached = bins.iter().position(|&magnitude| {
            below += f64::from(magnitude);
            below >= threshold
        });
        // Rounding may leave the last run's bins a little short of its sum.
        reached.map_or(FRAME / 2, |after| first + after)
    }
}

/// Sum of all lanes, halves onto halves.
#[inline(always)]
fn across(mut lanes: [f32; LANES]) -> f32 {
    let mut width = LANES / 2;
    while width > 0 {
        for lane in 0..width {
            lanes[lane] += lanes[lane + width];
        }
        width /= 2;
    }
    lanes[0]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definitions, one bin after the other.
    fn plain(magnitudes: &[f32]) -> (f64, f64, usize) {
        let bins =
            || magnitudes.iter().enumerate().map(|(bin, &magnitude)| (bin as f64, f64::from(magnitude)));
        let total: f64 = bins().map(|(_, magnitude)| magnitude).sum();
        let centroid = bins().map(|(bin, magnitude)| bin * magnitude).sum::<f64>() / total;
        let spread = bins().map(|(bin, magnitude)| (bin - centroid).powi(2) * magnitude).sum::<f64>() / total;
        let mut below = 0.0;
        let rolloff = bins().position(|(_, magnitude)| {
            below += magnitude;
            below >= ROLLOFF * total
        });
        (centroid, spread.sqrt(), rolloff.unwrap())
    }

    proptest! {
        #[test]
        fn moments_and_rolloff_are_those_of_a_sum_over_one_bin_after_the_other(
            mut magnitudes in prop::collection::vec(0.0_f32..1.0, FRAME / 2 + 1),
            // From a single line to a flat spectrum.
            centre in 0.0_f32..1_024.0,
            width in 0.5_f32..2_000.0,
        ) {
            for (bin, magnitude) in magnitudes.iter_mut().enumerate() {
                *magnitude *= (-((bin as f32 - centre) / width).powi(2)).exp();
            }
            prop_assume!(magnitudes.iter().sum::<f32>() > 1e-3);
            magnitudes.resize(PADDED_BINS, 0.0);
            let bins = Bins::of(&magnitudes);
            let (centroid, bandwidth, rolloff) = plain(&magnitudes);
            let (ours, width) = bins.moments();
            prop_assert!((ours - centroid).abs() < 1e-6 * (1.0 + centroid), "{ours} {centroid}");
            prop_assert!((width - bandwidth).abs() < 3e-5 * (1e-2 + bandwidth), "{width} {bandwidth}");
            // Where the share falls on the edge of a bin, rounding decides.
            prop_assert!(bins.rolloff(&magnitudes).abs_diff(rolloff) <= 1);
        }
    }

    #[test]
    fn silence_has_no_moments() {
        let bins = Bins::of(&[0.0; PADDED_BINS]);
        assert_eq!((bins.moments(), bins.rolloff(&[0.0; PADDED_BINS])), ((0.0, 0.0), 0));
    }
}
