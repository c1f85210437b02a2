use symphonia::core::audio::GenericAudioBufferRef;

use crate::vectors::{Kernel, widest};

/// Largest amplitude that is taken for sound. Float files scaled like 32-bit integers stay below it; what lies
/// above would overflow in the power spectrum.
const MAX_AMPLITUDE: f32 = 4_294_967_296.0;

/// Mixes decoded blocks down to mono, and takes out what is no number.
#[derive(Debug, Default)]
pub(crate) struct Mixdown {
    planes: Vec<Vec<f32>>,
    mono: Vec<f32>,
    /// Samples that were no number, or no sound, and became silence.
    pub(crate) silenced: u64,
}

impl Mixdown {
    /// The last block.
    pub(crate) fn mono(&self) -> &[f32] {
        &self.mono
    }

    /// Mean of the channels of `buffer`.
    pub(crate) fn mix(&mut self, buffer: &GenericAudioBufferRef<'_>) {
        buffer.copy_to_vecs_planar(&mut self.planes);
        let channels = self.planes.len();
        let Some((first, others)) = self.planes.split_first_mut() else {
            self.mono.clear();
            return;
        };
        std::mem::swap(&mut self.mono, first);
        for plane in others {
            for (sum, sample) in self.mono.iter_mut().zip(plane.iter()) {
                *sum += sample;
            }
        }
        if channels > 1 {
            let share = 1.0 / channels as f32;
            self.mono.iter_mut().for_each(|sum| *sum *= share);
        }
        self.silence_non_numbers();
    }

    /// Keeps the first `samples` of the last block.
    pub(crate) fn truncate(&mut self, samples: usize) {
        self.mono.truncate(samples);
    }

    /// Takes up to `samples` off the front of the last block; how many it had.
    pub(crate) fn drop_first(&mut self, samples: u64) -> u64 {
        let dropped = samples.min(self.mono.len() as u64);
        self.mono.drain(..dropped as usize);
        dropped
    }

    fn silence_non_numbers(&mut self) {
        let unsound = widest(Unsound(&self.mono));
        if unsound > 0 {
            self.silenced += u64::from(unsound);
            self.mono.iter_mut().filter(|sample| !is_sound(**sample)).for_each(|sample| *sample = 0.0);
        }
    }
}

#[inline(always)]
fn is_sound(sample: f32) -> bool {
    // NaN compares false.
    sample.abs() <= MAX_AMPLITUDE
}

/// How many samples are no sound.
struct Unsound<'a>(&'a [f32]);

impl Kernel for Unsound<'_> {
    type Output = u32;

    #[inline(always)]
    fn run(self) -> u32 {
        // Of 32 bits, as samples are: so they are counted in vector registers.
        self.0.iter().map(|&sample| u32::from(!is_sound(sample))).sum()
    }
}
