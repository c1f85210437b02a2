//! Bird, cricket and dog.

use super::{Take, signal::*};

/// Phrases of quick sweeps, each with its own curve; the same phrase comes back, as birds do.
pub fn bird(take: &mut Take) -> Vec<f64> {
    let centre = take.random.log_between(2200.0, 5200.0).min(0.28 * take.rate);
    let syllables: Vec<[f64; 4]> = (0..take.random.whole(1, 4))
        .map(|_| {
            let length = take.random.between(0.04, 0.16);
            let from = centre * take.random.between(0.75, 1.35);
            let to = centre * take.random.between(0.75, 1.35);
            [length, from, to, take.random.between(0.4, 1.0)]
        })
        .collect();
    let gap = take.random.between(0.015, 0.07);
    let rest = take.random.between(0.1, 0.5);
    let trill = (take.random.between(18.0, 45.0), take.random.pick([0.0, 0.0, 0.03, 0.08]));
    let mut phase = Phase::default();
    let phrase: f64 = syllables.iter().map(|s| s[0] + gap).sum::<f64>() + rest;
    take.render(|t, _, rate| {
        let mut since = t % phrase;
        for [length, from, to, level] in &syllables {
            if since < *length {
                let along = since / length;
                let hz = from + (to - from) * along * along * (3.0 - 2.0 * along);
                let p = phase.advance(hz * (1.0 + trill.1 * sine(trill.0 * t)), rate);
                let overtone = if 2.0 * hz < 0.45 * rate { 0.12 * sine(2.0 * p) } else { 0.0 };
                return level * hump(since, *length) * (sine(p) + overtone);
            }
            since -= length + gap;
        }
        0.0
    })
}

/// A carrier chopped into trains of short pulses.
pub fn cricket(take: &mut Take) -> Vec<f64> {
    let carrier = take.random.log_between(3800.0, 6200.0).min(0.4 * take.rate);
    let pulses = take.random.between(22.0, 60.0);
    let in_train = take.random.whole(2, 6) as f64;
    let train = in_train / pulses;
    let every = train + take.random.between(0.05, 0.35);
    let slide = take.random.between(-0.04, 0.04);
    let background = take.random.between(0.005, 0.03);
    let mut phase = Phase::default();
    let mut night = Biquad::band_pass(take.rate, 0.8 * carrier, 1.0);
    take.render(|t, random, rate| {
        let since = t % every;
        let within = (since * pulses).fract() / pulses;
        let envelope = if since < train { hump(within, 0.8 / pulses) } else { 0.0 };
        let p = phase.advance(carrier * (1.0 + slide * since / train), rate);
        envelope * sine(p) + background * night.pass(random.noise())
    })
}

/// A rough voice that jumps up and falls, through the formants of an open muzzle; one to five barks.
pub fn dog(take: &mut Take) -> Vec<f64> {
    let pitch = take.random.log_between(160.0, 520.0);
    let length = take.random.between(0.12, 0.26);
    let barks = take.random.whole(1, 1 + (take.seconds / 0.5) as usize);
    let step = take.seconds / barks as f64;
    let rough = take.random.between(0.2, 0.6);
    let size = take.random.between(0.8, 1.3);
    let mut formants = [(650.0, 4.0), (1300.0, 5.0), (2700.0, 6.0)]
        .map(|(hz, q)| Biquad::band_pass(take.rate, hz * size, q));
    let mut phase = Phase::default();
    let mut wobble = 0.0;
    take.render(|t, random, rate| {
        let bark = (t / step) as usize;
        let since = (t - bark as f64 * step) - 0.02;
        let along = (since / length).clamp(0.0, 1.0);
        wobble += 0.02 * (random.noise() - wobble);
        let curve = 0.8 + 0.5 * libm::sin(std::f64::consts::PI * libm::sqrt(along));
        let p = phase.advance(pitch * curve * (1.0 + 2.0 * rough * wobble), rate);
        let loud = if since > 0.0 { rise(since, 0.012) * decay(since, 1.7 * length) } else { 0.0 };
        let source = (1.0 - 2.0 * p) * (1.0 - rough) + rough * random.noise();
        let [a, b, c] = &mut formants;
        let x = source * loud;
        a.pass(x) + 0.8 * b.pass(x) + 0.35 * c.pass(x) + 0.08 * x
    })
}
