//! The spectrum of real samples, in half the transform that complex ones need.
//!
//! As realfft does it, which is used wherever time does not count: there the step after the transform goes through complex
//! numbers one by one, and takes as long as the transform. Here real and imaginary parts lie apart, in vector registers.

use std::f64::consts::TAU;
use std::sync::Arc;

use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};

/// Plan and buffers for frames of one even length.
pub(crate) struct RealSpectrum {
    fft: Arc<dyn Fft<f32>>,
    /// Even samples as real parts, odd ones as imaginary parts: `[length / 2]`.
    packed: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
    /// Its transform, whose first value stands at the end once more: `[length / 2 + 1]` each.
    halves: [Vec<f32>; 2],
    /// `exp(−i·τ·bin / length)`, likewise.
    twiddles: [Vec<f32>; 2],
    /// The spectrum, likewise.
    parts: [Vec<f32>; 2],
}

impl RealSpectrum {
    /// For frames of `length` samples, an even number.
    pub(crate) fn new(length: usize) -> Self {
        let half = length / 2;
        let fft = FftPlanner::new().plan_fft_forward(half);
        let turn = |bin: usize| -TAU * bin as f64 / length as f64;
        let twiddles =
            [f64::cos, f64::sin].map(|part| (0..=half).map(|bin| part(turn(bin)) as f32).collect());
        Self {
            packed: vec![Complex::default(); half],
            scratch: vec![Complex::default(); fft.get_inplace_scratch_len()],
            halves: [(); 2].map(|()| vec![0.0; half + 1]),
            parts: [(); 2].map(|()| vec![0.0; half + 1]),
            twiddles,
            fft,
        }
    }

    /// Real and imaginary parts of the spectrum of the samples that `samples` gives two by two, `[length / 2 + 1]` each.
    ///
    /// To be called where code is compiled for the processor's vectors.
    #[inline(always)]
    pub(crate) fn of(&mut self, samples: impl Iterator<Item = [f32; 2]>) -> [&[f32]; 2] {
        let Self { fft, packed, scratch, halves, twiddles, parts } = self;
        packed.iter_mut().zip(samples).for_each(|(to, [re, im])| *to = Complex { re, im });
        fft.process_with_scratch(packed, scratch);
        let [re, im] = halves;
        for ((re, im), bin) in re.iter_mut().zip(&mut *im).zip(&*packed) {
            (*re, *im) = (bin.re, bin.im);
        }
        if let (Some(first), Some(re), Some(im)) = (packed.first(), re.last_mut(), im.last_mut()) {
            (*re, *im) = (first.re, first.im);
        }
        let [to_re, to_im] = parts;
        let opposite = re.iter().rev().zip(im.iter().rev());
        let halves = re.iter().zip(&*im).zip(opposite);
        let places = to_re.iter_mut().zip(&mut *to_im).zip(twiddles[0].iter().zip(&twiddles[1]));
        for (((to_re, to_im), (cos, sin)), ((a, b), (c, d))) in places.zip(halves) {
            // Spectra of the even and of the odd samples, the latter half a sample later.
            let (even_re, even_im) = (0.5 * (a + c), 0.5 * (b - d));
            let (odd_re, odd_im) = (0.5 * (b + d), 0.5 * (c - a));
            *to_re = even_re + (cos * odd_re - sin * odd_im);
            *to_im = even_im + (cos * odd_im + sin * odd_re);
        }
        [to_re, to_im]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use realfft::RealFftPlanner;

    use super::*;

    proptest! {
        #[test]
        fn it_is_that_of_realfft(samples in prop::collection::vec(-1.0_f32..1.0, 1..40), length in 1_usize..33) {
            let length = 2 * length;
            let mut frame = samples;
            frame.resize(length, 0.0);
            let (pairs, _) = frame.as_chunks::<2>();
            let mut spectrum = RealSpectrum::new(length);
            let [re, im] = spectrum.of(pairs.iter().copied());
            let theirs = RealFftPlanner::<f64>::new().plan_fft_forward(length);
            let mut expected = theirs.make_output_vec();
            let mut input: Vec<f64> = frame.iter().copied().map(f64::from).collect();
            theirs.process(&mut input, &mut expected).unwrap();
            prop_assert_eq!(expected.len(), re.len());
            for ((re, im), expected) in re.iter().zip(im).zip(expected) {
                let off = (f64::from(*re) - expected.re).hypot(f64::from(*im) - expected.im);
                prop_assert!(off < 1e-5, "{re} {im} {expected}");
            }
        }
    }
}
