use audioadapter_buffers::direct::SequentialSlice;
use rubato::{Fft, FixedSync, Resampler};

use crate::SAMPLE_RATE;
use crate::error::AudioErrorKind;

/// Least FFT lengths in source samples and at 16 kHz: the pass band is then flat to 7 kHz at any rate, and the stop
/// band below -141 dB.
const LEAST_FFT: (usize, usize) = (1_024, 480);

/// FFT length in source samples from which a converter takes tens of megabytes: rates that share no large divisor
/// with 16 kHz.
const LARGE: usize = 1 << 17;

/// Converts a stream of one rate to another, mostly 16 kHz, piece by piece, reusable for further streams of that rate.
///
/// Output sample `j` lies at source position `j · rate / target`; the filter's delay is taken out. A stream at the
/// target's rate passes through bit for bit.
pub struct RateConverter {
    rate: u32,
    target: u32,
    /// `None` where nothing needs converting.
    engine: Option<Engine>,
    consumed: u64,
    produced: u64,
}

/// The FFT resampler with the input it still waits for.
struct Engine {
    fft: Fft<f32>,
    /// Less than a chunk.
    pending: Vec<f32>,
    chunk_in: usize,
    output: Vec<f32>,
    /// Output samples that are still the filter's delay.
    delay: usize,
}

impl RateConverter {
    /// A converter from `rate` Hz to 16 kHz.
    pub fn new(rate: u32) -> Result<Self, AudioErrorKind> {
        Self::between(rate, SAMPLE_RATE)
    }

    /// A converter from `rate` Hz to `target` Hz.
    pub fn between(rate: u32, target: u32) -> Result<Self, AudioErrorKind> {
        let engine = if rate == target { None } else { Some(Engine::new(rate, target)?) };
        Ok(Self { rate, target, engine, consumed: 0, produced: 0 })
    }

    /// Source rate in Hz.
    pub fn rate(&self) -> u32 {
        self.rate
    }

    /// Samples that `samples` of the source become.
    pub fn converted_length(&self, samples: u64) -> u64 {
        length_between(samples, self.rate, self.target)
    }

    /// Whether it is too large to be kept without need.
    pub fn is_large(&self) -> bool {
        self.engine.as_ref().is_some_and(|engine| engine.fft.fft_size_in() > LARGE)
    }

    /// Samples around a cut that the filter looks at: at least 50 ms and half its length, in whole steps of
    /// `rate / gcd(rate, target)`, so that source and output samples coincide at either end. 0 where nothing is
    /// converted.
    pub fn margin(&self) -> Margin {
        let Some(engine) = &self.engine else { return Margin { source: 0, output: 0 } };
        let (step_in, step_out) = steps(self.rate, self.target);
        let reach = (self.rate as usize).div_ceil(20).max(engine.fft.fft_size_in().div_ceil(2));
        let steps = reach.div_ceil(step_in);
        Margin { source: steps * step_in, output: steps * step_out }
    }

    /// Forgets the last stream.
    pub fn restart(&mut self) {
        (self.consumed, self.produced) = (0, 0);
        if let Some(engine) = &mut self.engine {
            engine.restart();
        }
    }

    /// Takes samples, and appends to `output` what is ready.
    pub fn push(&mut self, samples: &[f32], output: &mut Vec<f32>) -> Result<(), AudioErrorKind> {
        let before = output.len();
        self.consumed += samples.len() as u64;
        match &mut self.engine {
            Some(engine) => engine.push(samples, output)?,
            None => output.extend_from_slice(samples),
        }
        self.produced += (output.len() - before) as u64;
        Ok(())
    }

    /// Ends the stream: appends the rest, to exactly [`length_between`] samples in all.
    pub fn finish(&mut self, output: &mut Vec<f32>) -> Result<(), AudioErrorKind> {
        let target = self.converted_length(self.consumed);
        if let Some(engine) = &mut self.engine {
            while self.produced < target {
                let before = output.len();
                engine.push_silence(output)?;
                self.produced += (output.len() - before) as u64;
            }
            let surplus = (self.produced - target) as usize;
            output.truncate(output.len() - surplus);
            self.produced = target;
        }
        Ok(())
    }
}

/// Length of the margin before and after conversion.
#[derive(Debug, Clone, Copy)]
pub struct Margin {
    /// Samples at the source's rate.
    pub source: usize,
    /// Samples at the target's rate.
    pub output: usize,
}

/// Samples at `target` Hz of a stream of `samples` at `rate` Hz: rounded, and at least one where there is one.
pub fn length_between(samples: u64, rate: u32, target: u32) -> u64 {
    let rate = u128::from(rate);
    let length = (u128::from(samples) * u128::from(target) + rate / 2) / rate;
    (length as u64).max(samples.min(1))
}

impl Engine {
    fn new(rate: u32, target: u32) -> Result<Self, AudioErrorKind> {
        let fft = Fft::new(rate as usize, target as usize, chunk(rate, target), 1, FixedSync::Both)
            .map_err(|error| AudioErrorKind::Resample { reason: error.to_string() })?;
        let chunk_in = fft.input_frames_next();
        let output = vec![0.0; fft.output_frames_max()];
        let delay = fft.output_delay();
        Ok(Self { fft, pending: Vec::with_capacity(chunk_in), chunk_in, output, delay })
    }

    fn restart(&mut self) {
        self.fft.reset();
        self.pending.clear();
        self.delay = self.fft.output_delay();
    }

    fn push(&mut self, mut samples: &[f32], output: &mut Vec<f32>) -> Result<(), AudioErrorKind> {
        if !self.pending.is_empty() {
            let (head, rest) = samples.split_at(samples.len().min(self.chunk_in - self.pending.len()));
            self.pending.extend_from_slice(head);
            samples = rest;
            if self.pending.len() < self.chunk_in {
                return Ok(());
            }
            self.convert_pending(output)?;
        }
        let chunks = samples.chunks_exact(self.chunk_in);
        self.pending.extend_from_slice(chunks.remainder());
        for chunk in chunks {
            self.convert(chunk, output)?;
        }
        Ok(())
    }

    /// Fills the pending chunk with silence and converts it.
    fn push_silence(&mut self, output: &mut Vec<f32>) -> Result<(), AudioErrorKind> {
        self.pending.resize(self.chunk_in, 0.0);
        self.convert_pending(output)
    }

    fn convert_pending(&mut self, output: &mut Vec<f32>) -> Result<(), AudioErrorKind> {
        let mut pending = std::mem::take(&mut self.pending);
        let converted = self.convert(&pending, output);
        pending.clear();
        self.pending = pending;
        converted
    }

    /// Converts one chunk.
    fn convert(&mut self, chunk: &[f32], output: &mut Vec<f32>) -> Result<(), AudioErrorKind> {
        let reason = |reason: String| AudioErrorKind::Resample { reason };
        let length = self.output.len();
        let input = SequentialSlice::new(chunk, 1, chunk.len()).map_err(|error| reason(error.to_string()))?;
        let mut converted = SequentialSlice::new_mut(&mut self.output, 1, length)
            .map_err(|error| reason(error.to_string()))?;
        let (_, produced) = self
            .fft
            .process_into_buffer(&input, &mut converted, None)
            .map_err(|error| reason(error.to_string()))?;
        let skipped = self.delay.min(produced);
        self.delay -= skipped;
        output.extend_from_slice(self.output.get(skipped..produced).unwrap_or_default());
        Ok(())
    }
}

/// FFT length in source samples: even, as is its counterpart at the target's rate. The filter's centre lies between two
/// samples of an odd length, and everything would be late by half a sample.
fn chunk(rate: u32, target: u32) -> usize {
    let (step_in, step_out) = steps(rate, target);
    let blocks = LEAST_FFT.0.div_ceil(step_in).max(LEAST_FFT.1.div_ceil(step_out));
    blocks.next_multiple_of(2) * step_in
}

/// Least counts of samples at either rate that last equally long.
fn steps(rate: u32, target: u32) -> (usize, usize) {
    let divisor = gcd(rate, target);
    ((rate / divisor) as usize, (target / divisor) as usize)
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn noise(count: usize) -> Vec<f32> {
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 8_388_608.0 - 1.0
        };
        (0..count).map(|_| next()).collect()
    }

    fn convert(converter: &mut RateConverter, blocks: &[&[f32]]) -> Vec<f32> {
        let mut output = Vec::new();
        converter.restart();
        for block in blocks {
            converter.push(block, &mut output).unwrap();
        }
        converter.finish(&mut output).unwrap();
        output
    }

    /// rubato's own conversion of a whole clip, in the length we promise.
    fn convert_whole(samples: &[f32], rate: u32) -> Vec<f32> {
        let mut fft = Fft::<f32>::new(
            rate as usize,
            SAMPLE_RATE as usize,
            chunk(rate, SAMPLE_RATE),
            1,
            FixedSync::Both,
        )
        .unwrap();
        let input = SequentialSlice::new(samples, 1, samples.len()).unwrap();
        let mut output = vec![0.0; fft.process_all_needed_output_len(samples.len())];
        let length = output.len();
        let mut slice = SequentialSlice::new_mut(&mut output, 1, length).unwrap();
        fft.process_all_into_buffer(&input, &mut slice, samples.len(), None).unwrap();
        output.truncate(length_between(samples.len() as u64, rate, SAMPLE_RATE) as usize);
        output
    }

    #[test]
    fn sixteen_kilohertz_passes_bit_for_bit() {
        let samples = noise(5_000);
        let mut converter = RateConverter::new(16_000).unwrap();
        assert_eq!(convert(&mut converter, &[&samples[..17], &samples[17..]]), samples);
    }

    #[test]
    fn a_tone_keeps_its_pitch_its_level_and_its_place() {
        for rate in [8_000, 11_025, 22_050, 44_100, 48_000, 96_000, 192_000, 384_000, 768_000] {
            let mut converter = RateConverter::new(rate).unwrap();
            for hertz in [1_000.0, 3_000.0, 7_000.0].into_iter().filter(|hertz| hertz * 2.2 < f64::from(rate))
            {
                let sine = |index: usize, rate: u32| {
                    (std::f64::consts::TAU * hertz * index as f64 / f64::from(rate)).sin() as f32
                };
                let samples: Vec<f32> = (0..rate as usize / 2).map(|index| sine(index, rate)).collect();
                let output = convert(&mut converter, &[&samples]);
                assert!(output.len().abs_diff(8_000) <= 1, "{rate} Hz");
                // The ends ring, where the tone starts and stops.
                let inner = output.iter().enumerate().skip(2_000).take(4_000);
                let worst =
                    inner.map(|(index, sample)| (sample - sine(index, 16_000)).abs()).fold(0.0, f32::max);
                assert!(worst < 1e-3, "{hertz} Hz at {rate} Hz: {worst}");
            }
        }
    }

    #[test]
    fn a_tone_keeps_its_pitch_its_level_and_its_place_at_a_models_rate_too() {
        for (rate, target) in
            [(16_000, 48_000), (44_100, 48_000), (48_000, 32_000), (44_100, 22_050), (96_000, 48_000)]
        {
            let mut converter = RateConverter::between(rate, target).unwrap();
            let highest = f64::from(rate.min(target)) * 0.43;
            for hertz in [440.0, highest] {
                let sine = |index: usize, rate: u32| {
                    (std::f64::consts::TAU * hertz * index as f64 / f64::from(rate)).sin() as f32
                };
                let samples: Vec<f32> = (0..rate as usize).map(|index| sine(index, rate)).collect();
                let output = convert(&mut converter, &[&samples]);
                assert_eq!(output.len(), target as usize);
                let inner = output.iter().enumerate().skip(target as usize / 4).take(target as usize / 2);
                let worst =
                    inner.map(|(index, sample)| (sample - sine(index, target)).abs()).fold(0.0, f32::max);
                assert!(worst < 1e-3, "{hertz} Hz from {rate} to {target} Hz: {worst}");
            }
        }
    }

    #[test]
    fn any_rate_and_any_length_from_one_sample_gives_the_promised_length() {
        for rate in [1_000, 1_001, 7_999, 35_467, 44_056, 767_999, 768_000] {
            let mut converter = RateConverter::new(rate).unwrap();
            for count in [1, 2, 100, 3_000] {
                let output = convert(&mut converter, &[&noise(count)]);
                let exact = count as f64 * 16_000.0 / f64::from(rate);
                assert_eq!(output.len(), (exact.round() as usize).max(1), "{count} at {rate} Hz");
                assert!(output.iter().all(|sample| sample.is_finite()));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn streaming_equals_converting_the_whole(
            rate in prop::sample::select(vec![8_000_u32, 11_025, 22_050, 32_000, 44_100, 48_000, 96_000]),
            count in 1_usize..9_000,
            block in 1_usize..2_500,
        ) {
            let samples = noise(count);
            let mut converter = RateConverter::new(rate).unwrap();
            // Twice, since a converter is used again.
            for _ in 0..2 {
                let blocks: Vec<&[f32]> = samples.chunks(block).collect();
                prop_assert_eq!(convert(&mut converter, &blocks), convert_whole(&samples, rate));
            }
        }
    }
}
