//! Any amount of sound, fast: pieces of the collection's clips, each faster or slower, louder or softer than the last.

use super::{CLASSES, Random, Take};

/// Clips of each class that pieces are cut from.
const CLIPS_OF_A_CLASS: usize = 4;
/// Amplitude of the noise below every piece: no two pieces are alike, not even in their silence.
const NOISE: f64 = 1e-3;

/// A source of sound without end, the same for the same seed.
#[derive(Debug)]
pub struct Scraps {
    rate: f64,
    waves: Vec<Vec<f64>>,
    random: Random,
}

impl Scraps {
    /// Renders what pieces are cut from, for sound of `rate` Hz.
    pub fn new(seed: u64, rate: u32) -> Self {
        let rate = f64::from(rate);
        let waves = CLASSES.iter().flat_map(|class| {
            (1..=CLIPS_OF_A_CLASS).map(move |number| {
                let mut random = Random::for_clip(seed, class.name, number);
                let seconds = random.between(class.seconds[0], class.seconds[1]);
                let mut wave = (class.voice)(&mut Take { random, rate, seconds });
                let peak = wave.iter().fold(1e-9_f64, |peak, sample| peak.max(sample.abs()));
                wave.iter_mut().for_each(|sample| *sample /= peak);
                wave
            })
        });
        Self { rate, waves: waves.collect(), random: Random::for_clip(seed, "scraps", 0) }
    }

    /// The next piece, between two lengths in seconds: 16-bit samples.
    pub fn clip(&mut self, [shortest, longest]: [f64; 2]) -> Vec<i16> {
        let Self { rate, waves, random } = self;
        let count = (random.between(shortest, longest) * *rate) as usize;
        let wave = &waves[random.whole(0, waves.len() - 1)];
        let (speed, gain) = (random.log_between(0.5, 2.0), random.log_between(0.05, 0.7));
        let start = random.between(0.0, wave.len() as f64 / 2.0);
        (0..count)
            .map(|k| {
                let place = start + speed * k as f64;
                let (whole, part) = (place as usize, place.fract());
                // Round and round where the clip is shorter than the piece.
                let at = |index: usize| wave[index % wave.len()];
                let sample = at(whole) + (at(whole + 1) - at(whole)) * part;
                ((gain * sample + NOISE * random.noise()) * f64::from(i16::MAX)) as i16
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_of_the_length_asked_for_audible_and_repeat_with_the_seed_alone() {
        let (mut one, mut same, mut other) =
            (Scraps::new(1, 8_000), Scraps::new(1, 8_000), Scraps::new(2, 8_000));
        for _ in 0..50 {
            let piece = one.clip([0.3, 1.0]);
            assert!((2_400..=8_000).contains(&piece.len()), "{}", piece.len());
            assert!(piece.iter().any(|sample| sample.unsigned_abs() > 16), "silence");
            assert!(piece == same.clip([0.3, 1.0]) && piece != other.clip([0.3, 1.0]));
        }
    }
}
