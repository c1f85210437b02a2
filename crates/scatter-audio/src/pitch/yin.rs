//! Candidates for the pitch of one frame: dips of YIN's normalized difference function.

use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner};

use crate::SAMPLE_RATE;
use crate::energy::energy;
use crate::real_spectrum::RealSpectrum;
use crate::vectors::{Kernel, widest};

/// Samples in a frame: 64 ms.
pub(super) const FRAME: usize = 1_024;
/// Range of pitch in Hz.
const LOWEST_HZ: f64 = 40.0;
const HIGHEST_HZ: f64 = 4_000.0;
/// Lags to a sample: at 4 kHz a period has four samples, too few to find its dip among.
const FINENESS: usize = 2;
/// Longest lag in samples: the period of the lowest pitch, and one beyond the dip.
const LONGEST: usize = 402;
/// Samples that are compared with those a lag later: one and a half periods of the lowest pitch.
const COMPARED: usize = FRAME - LONGEST;
/// A period is measured over as many repetitions as need this many samples.
const MEASURED: f64 = 40.0;
/// Mean square below which a frame is silent: −90 dB, where 16-bit sound is nothing but its own rounding.
const SILENCE: f64 = 1e-9;
/// Energy of a frame above which products of its spectrum might leave f32: a million times full scale.
const MOST_ENERGY: f64 = 1e15;
/// pYIN: the threshold of YIN is Beta(2, 18), of mean 0.1; where no dip lies below it, the deepest has this chance.
const BETA: i32 = 18;
const NO_DIP: f32 = 0.01;
/// Share of the unvoiced probability that stands against a candidate. pYIN spreads it over all bins of pitch; a
/// hundredth finds the barks and cries that pYIN finds, and no pitch in rain or waves, where pYIN finds some.
const UNVOICED: f32 = 0.01;

/// What the pitch of one frame may be.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    /// Pitches in Hz, each with its probability.
    pub(super) pitches: Vec<(f64, f32)>,
    /// Weight of there being none.
    pub(super) unvoiced: f32,
}

/// Plans and buffers.
pub(super) struct Yin {
    /// Of a frame, and of its first samples.
    whole: RealSpectrum,
    part: RealSpectrum,
    inverse: Arc<dyn ComplexToReal<f32>>,
    inverse_scratch: Vec<Complex<f32>>,
    /// Spectrum of the correlation, zero above the frame's own bins: that is what makes lags finer than samples.
    product: Vec<Complex<f32>>,
    correlation: Vec<f32>,
    /// By sample, how much the energy of the samples that are compared grows from the lag before it.
    growth: Vec<f32>,
    /// Normalized difference by lag, in half samples.
    difference: Vec<f32>,
    dips: Vec<Dip>,
}

struct Dip {
    lag: usize,
    probability: f32,
}

impl Default for Yin {
    fn default() -> Self {
        let inverse = RealFftPlanner::new().plan_fft_inverse(FRAME * FINENESS);
        Self {
            whole: RealSpectrum::new(FRAME),
            part: RealSpectrum::new(FRAME),
            inverse_scratch: inverse.make_scratch_vec(),
            product: inverse.make_input_vec(),
            correlation: inverse.make_output_vec(),
            growth: vec![0.0; LONGEST],
            difference: vec![1.0; LONGEST * FINENESS],
            dips: Vec::new(),
            inverse,
        }
    }
}

struct Find<'a> {
    yin: &'a mut Yin,
    frame: &'a [f32],
    found: &'a mut Candidates,
}

impl Kernel for Find<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        self.yin.find(self.frame, self.found);
    }
}

impl Yin {
    /// Finds the candidates of a frame of [`FRAME`] samples.
    pub(super) fn candidates(&mut self, frame: &[f32], found: &mut Candidates) {
        widest(Find { yin: self, frame, found });
    }

    #[inline(always)]
    fn find(&mut self, frame: &[f32], found: &mut Candidates) {
        found.pitches.clear();
        found.unvoiced = 1.0;
        let energy = energy(frame);
        if !(SILENCE * FRAME as f64..MOST_ENERGY).contains(&energy) {
            return;
        }
        self.correlate(frame);
        self.normalize(frame);
        self.find_dips();
        let (mut all, mut beyond) = (0.0, 0.0);
        for Dip { lag, probability } in &self.dips {
            all += probability;
            let hz = f64::from(SAMPLE_RATE) * FINENESS as f64 / self.period(*lag);
            if hz > HIGHEST_HZ {
                beyond += probability;
            } else if hz >= LOWEST_HZ {
                found.pitches.push((hz, *probability));
            }
        }
        // A period too short to be a pitch here speaks against its multiples, whose dips are as deep.
        found.unvoiced = UNVOICED * (1.0 - all).max(0.0) + beyond;
    }

    /// Correlation of the first [`COMPARED`] samples with the frame, lag by lag.
    #[inline(always)]
    fn correlate(&mut self, frame: &[f32]) {
        let bins = FRAME / 2 + 1;
        let (pairs, _) = frame.as_chunks::<2>();
        let [whole_re, whole_im] = self.whole.of(pairs.iter().copied());
        let silence = std::iter::repeat([0.0; 2]);
        let [part_re, part_im] = self.part.of(pairs[..COMPARED / 2].iter().copied().chain(silence));
        self.product[bins..].fill(Complex::default());
        let spectra = whole_re.iter().zip(whole_im).zip(part_re.iter().zip(part_im));
        for (to, ((a, b), (c, d))) in self.product.iter_mut().zip(spectra) {
            // The conjugate of the part's times the whole's.
            *to = Complex { re: c * a + d * b, im: c * b - d * a };
        }
        // The bin at half the frame's rate is both edges of its spectrum, of which the finer one has two.
        self.product[bins - 1] *= 0.5;
        let back = self.inverse.process_with_scratch(
            &mut self.product,
            &mut self.correlation,
            &mut self.inverse_scratch,
        );
        // Lengths are the plan's own, and the bins at both ends are real.
        debug_assert!(back.is_ok());
    }

    /// YIN's steps 2 and 3: squared difference by lag, over its mean at all shorter lags.
    ///
    /// Step by step over all lags: each step but the sums is then done in vector registers.
    #[inline(always)]
    fn normalize(&mut self, frame: &[f32]) {
        let Self { growth, difference, correlation, .. } = self;
        let moving = frame[COMPARED..].iter().zip(frame);
        growth.iter_mut().zip(moving).for_each(|(to, (entering, leaving))| {
            *to = entering * entering - leaving * leaving;
        });
        // In 64 bits: hundreds of steps add up, and the difference may be small beside what is subtracted.
        let still = energy(&frame[..COMPARED]);
        let mut both = 2.0 * still;
        let (lags, _) = difference[1..].as_chunks_mut::<FINENESS>();
        for ([between, whole], growth) in lags.iter_mut().zip(&*growth) {
            // Half a sample further on, half of the change in energy.
            let growth = f64::from(*growth);
            *between = (both + growth / 2.0) as f32;
            both += growth;
            *whole = both as f32;
        }
        let last = difference.len() - 1;
        difference[last] = (both + f64::from(growth[LONGEST - 1]) / 2.0) as f32;
        let scale = 2.0 / FRAME as f32;
        for (to, correlation) in difference.iter_mut().zip(&*correlation).skip(1) {
            *to = (*to - scale * correlation).max(0.0);
        }
        // The correlation has been used: its place is free for the sums.
        running_sums(&difference[1..], &mut correlation[1..]);
        for (lag, (to, sum)) in difference.iter_mut().zip(&*correlation).enumerate().skip(1) {
            let share = *to * lag as f32 / sum;
            *to = if *sum > 0.0 { share } else { 1.0 };
        }
    }

    /// Dips deeper than all before them, with the chance that YIN's threshold lies between the two depths.
    #[inline(always)]
    fn find_dips(&mut self) {
        self.dips.clear();
        let mut deepest = 1.0;
        for (lag, around) in self.difference.windows(3).enumerate().skip(FINENESS) {
            // What is nearly always so comes first.
            if around[1] >= deepest || around[1] >= around[0] || around[1] > around[2] {
                continue;
            }
            let depth = lowest(around).1.clamp(0.0, around[1]);
            let probability = chance_below(deepest) - chance_below(depth);
            self.dips.push(Dip { lag: lag + 1, probability });
            deepest = depth;
        }
        if let Some(dip) = self.dips.last_mut() {
            dip.probability += NO_DIP * chance_below(deepest);
        }
    }

    /// Length of the period whose dip is at `lag`, in half samples: measured over several where it is short.
    fn period(&self, lag: usize) -> f64 {
        let vertex = |lag: usize| lag as f64 + f64::from(lowest(&self.difference[lag - 1..=lag + 1]).0);
        let (mut period, mut periods) = (vertex(lag), 1.0);
        while period * periods < MEASURED * FINENESS as f64 {
            let goal = 2.0 * periods * period;
            let middle = goal.round() as usize;
            let near = (middle - 1..=middle + 1)
                .filter(|&lag| lag + 1 < self.difference.len())
                .min_by(|&a, &b| self.difference[a].total_cmp(&self.difference[b]));
            match near.map(vertex).filter(|vertex| (vertex - goal).abs() < 1.5) {
                Some(found) => {
                    periods *= 2.0;
                    period = found / periods;
                }
                None => break,
            }
        }
        period
    }
}

/// To each of `values` the sum up to it, eight at a time: they wait for the sum before them once, not eight times.
#[inline(always)]
fn running_sums(values: &[f32], sums: &mut [f32]) {
    let mut before = 0.0_f32;
    for (values, sums) in values.chunks(8).zip(sums.chunks_mut(8)) {
        let mut own = 0.0;
        for (value, sum) in values.iter().zip(sums.iter_mut()) {
            own += value;
            *sum = before + own;
        }
        before += own;
    }
}

/// Vertex of the parabola through three values: where, from the middle one, and how low.
fn lowest(around: &[f32]) -> (f32, f32) {
    let curvature = around[0] - 2.0 * around[1] + around[2];
    if curvature <= 0.0 {
        return (0.0, around[1]);
    }
    let slope = (around[0] - around[2]) / 2.0;
    ((slope / curvature).clamp(-1.0, 1.0), around[1] - slope * slope / (2.0 * curvature))
}

/// Chance that the threshold is below `depth`: the distribution function of Beta(2, b), 1 − (1 − x)^b·(1 + b·x).
fn chance_below(depth: f32) -> f32 {
    let x = depth.clamp(0.0, 1.0);
    1.0 - (1.0 - x).powi(BETA) * (1.0 + BETA as f32 * x)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// YIN's steps 2 and 3, one lag after the other in 64 bits.
    fn plain(frame: &[f32], correlation: &[f32]) -> Vec<f64> {
        let square = |at: usize| f64::from(frame[at]).powi(2);
        let still: f64 = (0..COMPARED).map(square).sum();
        let (mut moved, mut sum) = (still, 0.0);
        let mut normalized = vec![1.0];
        for (lag, correlation) in correlation.iter().enumerate().take(LONGEST * FINENESS).skip(1) {
            let sample = (lag - 1) / FINENESS;
            moved += (square(COMPARED + sample) - square(sample)) / FINENESS as f64;
            let correlated = 2.0 / FRAME as f64 * f64::from(*correlation);
            let difference = (still + moved - correlated).max(0.0);
            sum += difference;
            normalized.push(if sum > 0.0 { difference * lag as f64 / sum } else { 1.0 });
        }
        normalized
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn lags_are_normalized_as_one_after_the_other(
            noise in prop::collection::vec(-1.0_f32..1.0, FRAME),
            period in 4.0_f32..400.0,
            level in 1e-3_f32..10.0,
            share in 0.0_f32..1.0,
        ) {
            let sample = |(at, noise): (usize, &f32)| {
                let tone = (std::f32::consts::TAU * at as f32 / period).sin();
                level * (share * noise + (1.0 - share) * tone)
            };
            let frame: Vec<f32> = noise.iter().enumerate().map(sample).collect();
            let mut yin = Yin::default();
            yin.correlate(&frame);
            let expected = plain(&frame, &yin.correlation);
            yin.normalize(&frame);
            for (lag, (ours, plain)) in yin.difference.iter().zip(expected).enumerate() {
                prop_assert!((f64::from(*ours) - plain).abs() < 2e-3 * (0.01 + plain), "lag {lag}: {ours} {plain}");
            }
        }
    }
}
