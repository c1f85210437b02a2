//! Candidates for the pitch of one frame: dips of YIN's normalized difference function.

use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

use crate::SAMPLE_RATE;

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
const SILENCE: f32 = 1e-9;
/// Energy of a frame above which products of its spectrum might leave f32: a million times full scale.
const MOST_ENERGY: f32 = 1e15;
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
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    forward_scratch: Vec<Complex<f32>>,
    inverse_scratch: Vec<Complex<f32>>,
    samples: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    /// Spectrum of the correlation, zero above the frame's own bins: that is what makes lags finer than samples.
    product: Vec<Complex<f32>>,
    correlation: Vec<f32>,
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
        let mut planner = RealFftPlanner::new();
        let forward = planner.plan_fft_forward(FRAME);
        let inverse = planner.plan_fft_inverse(FRAME * FINENESS);
        Self {
            forward_scratch: forward.make_scratch_vec(),
            inverse_scratch: inverse.make_scratch_vec(),
            samples: forward.make_input_vec(),
            spectrum: forward.make_output_vec(),
            product: inverse.make_input_vec(),
            correlation: inverse.make_output_vec(),
            difference: vec![1.0; LONGEST * FINENESS],
            dips: Vec::new(),
            forward,
            inverse,
        }
    }
}

impl Yin {
    /// Finds the candidates of a frame of [`FRAME`] samples.
    pub(super) fn candidates(&mut self, frame: &[f32], found: &mut Candidates) {
        found.pitches.clear();
        found.unvoiced = 1.0;
        let energy: f32 = frame.iter().map(|x| x * x).sum();
        if !(SILENCE * FRAME as f32..MOST_ENERGY).contains(&energy) {
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
    fn correlate(&mut self, frame: &[f32]) {
        let bins = self.spectrum.len();
        self.samples.copy_from_slice(frame);
        let whole = self.forward.process_with_scratch(
            &mut self.samples,
            &mut self.spectrum,
            &mut self.forward_scratch,
        );
        self.samples[..COMPARED].copy_from_slice(&frame[..COMPARED]);
        self.samples[COMPARED..].fill(0.0);
        self.product[bins..].fill(Complex::default());
        let part = self.forward.process_with_scratch(
            &mut self.samples,
            &mut self.product[..bins],
            &mut self.forward_scratch,
        );
        for (part, whole) in self.product.iter_mut().zip(&self.spectrum) {
            *part = part.conj() * whole;
        }
        // The bin at half the frame's rate is both edges of its spectrum, of which the finer one has two.
        self.product[bins - 1] *= 0.5;
        let back = self.inverse.process_with_scratch(
            &mut self.product,
            &mut self.correlation,
            &mut self.inverse_scratch,
        );
        // Lengths are the plans' own, and the bins at both ends are real.
        debug_assert!(whole.is_ok() && part.is_ok() && back.is_ok());
    }

    /// YIN's steps 2 and 3: squared difference by lag, over its mean at all shorter lags.
    fn normalize(&mut self, frame: &[f32]) {
        let square = |at: usize| f64::from(frame[at]) * f64::from(frame[at]);
        let still: f64 = (0..COMPARED).map(square).sum();
        let mut moved = still;
        let scale = 2.0 / FRAME as f32;
        let mut sum = 0.0;
        for lag in 1..self.difference.len() {
            // Half a sample further on, half of the change in energy.
            let sample = (lag - 1) / FINENESS;
            moved += (square(COMPARED + sample) - square(sample)) / FINENESS as f64;
            let difference = ((still + moved) as f32 - scale * self.correlation[lag]).max(0.0);
            sum += difference;
            self.difference[lag] = if sum > 0.0 { difference * lag as f32 / sum } else { 1.0 };
        }
    }

    /// Dips deeper than all before them, with the chance that YIN's threshold lies between the two depths.
    fn find_dips(&mut self) {
        self.dips.clear();
        let mut deepest = 1.0;
        for (lag, around) in self.difference.windows(3).enumerate().skip(FINENESS) {
            if around[1] >= around[0] || around[1] > around[2] || around[1] >= deepest {
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
