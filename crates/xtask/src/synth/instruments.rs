//! Plucked string, bell and flute.

use super::{Take, signal::*};

/// Karplus-Strong: a burst of noise going round a delay line with a gentle low-pass, one to four notes.
pub fn plucked_string(take: &mut Take) -> Vec<f64> {
    let root = take.random.log_between(82.0, 330.0);
    let notes = take.random.whole(1, 1 + take.seconds as usize);
    let spread = take.seconds / notes as f64 * take.random.between(0.15, 0.6);
    let ring = take.random.between(1.0, 4.0);
    let softness = take.random.between(0.15, 0.5);
    let mut wave = vec![0.0; take.samples()];
    for note in 0..notes {
        let interval = take.random.pick([0.0, 3.0, 4.0, 5.0, 7.0, 9.0, 12.0]);
        let hz = if note == 0 { root } else { root * libm::pow(2.0, interval / 12.0) };
        let start = (note as f64 * spread * take.rate) as usize;
        pluck(take, &mut wave[start..], hz, ring, softness);
    }
    wave
}

fn pluck(take: &mut Take, wave: &mut [f64], hz: f64, ring: f64, softness: f64) {
    let period = take.rate / hz;
    // The averaging filter delays by `softness` samples, the interpolation by the rest of the period.
    let length = (period - softness) as usize;
    let fraction = period - softness - length as f64;
    let mut pick = Biquad::low_pass(take.rate, take.random.log_between(1800.0, 7000.0), 0.7);
    let mut line: Vec<f64> = (0..length + 1).map(|_| pick.pass(take.random.noise())).collect();
    let mean = line.iter().sum::<f64>() / line.len() as f64;
    line.iter_mut().for_each(|x| *x -= mean);
    let loss = decay(period / take.rate, ring);
    let (mut at, mut before) = (0, 0.0);
    for sample in wave {
        let next = (at + 1) % line.len();
        let delayed = line[next] * (1.0 - fraction) + line[at] * fraction;
        *sample += delayed;
        line[at] = loss * ((1.0 - softness) * delayed + softness * before);
        before = delayed;
        at = next;
    }
}

/// Inharmonic partials of a church bell, each beating a little and dying at its own pace.
pub fn bell(take: &mut Take) -> Vec<f64> {
    let strike = take.random.log_between(180.0, 1400.0);
    let long = take.random.between(1.5, 5.0);
    // Hum, prime, tierce, quint, nominal and the upper partials of a minor-third bell.
    let ratios = [0.5, 1.0, 1.19, 1.5, 2.0, 2.51, 2.66, 3.01, 4.1, 5.43, 6.8];
    let mut partials: Vec<[f64; 4]> = Vec::new();
    for ratio in ratios {
        let hz = ratio * strike * take.random.between(0.99, 1.01);
        let beating = hz * take.random.between(1.0004, 1.003);
        let height = hz / strike;
        let level = take.random.between(0.3, 1.0) / (0.6 + height);
        if beating < 0.42 * take.rate {
            partials.push([hz, beating, long / (0.5 + height), level]);
        }
    }
    let clapper = take.random.between(0.05, 0.3);
    let mut metal = Biquad::band_pass(take.rate, 5.0 * strike, 0.8);
    take.render(|t, random, _| {
        let tone: f64 = partials
            .iter()
            .map(|[a, b, ring, level]| level * decay(t, *ring) * (sine(a * t) + 0.5 * sine(b * t)))
            .sum();
        tone * rise(t, 0.002) + clapper * metal.pass(random.noise()) * decay(t, 0.03)
    })
}

/// A few harmonics that bloom late, with vibrato and breath.
pub fn flute(take: &mut Take) -> Vec<f64> {
    let notes = take.random.whole(1, 1 + take.seconds as usize);
    let step = take.seconds / notes as f64;
    let root = take.random.log_between(330.0, 1000.0);
    let scale = [1.0, 9.0 / 8.0, 5.0 / 4.0, 3.0 / 2.0, 5.0 / 3.0, 2.0];
    let melody: Vec<f64> = (0..notes).map(|_| root * take.random.pick(scale)).collect();
    let vibrato = (take.random.between(4.0, 6.5), take.random.between(0.002, 0.008));
    let breath = take.random.between(0.03, 0.15);
    let bright = take.random.between(0.1, 0.45);
    let mut air = Biquad::band_pass(take.rate, 2.0 * root, 1.2);
    let mut phase = Phase::default();
    take.render(|t, random, rate| {
        let note = ((t / step) as usize).min(notes - 1);
        let since = t - note as f64 * step;
        let blown = rise(since, 0.06) * rise(step - since, 0.05);
        let hz = melody[note] * (1.0 + vibrato.1 * rise(since, 0.4) * sine(vibrato.0 * t));
        let p = phase.advance(hz, rate);
        let tone: f64 = [1.0, bright, 0.5 * bright, 0.2 * bright]
            .iter()
            .enumerate()
            .map(|(k, level)| (k as f64 + 1.0, level))
            .filter(|(k, _)| k * hz < 0.45 * rate)
            .map(|(k, level)| level * sine(k * p))
            .sum();
        blown * (tone + breath * (1.0 + 2.0 * decay(since, 0.15)) * air.pass(random.noise()) * 3.0)
    })
}
