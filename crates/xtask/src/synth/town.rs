//! Engine, siren, telephone, clock, footsteps and a voice.

use super::{Take, signal::*};

/// Pulses at the firing rate through the resonances of an exhaust.
pub fn engine(take: &mut Take) -> Vec<f64> {
    let idle = take.random.log_between(22.0, 75.0);
    let throttle = take.random.between(0.0, 1.2);
    let revs = take.random.between(0.2, 0.7);
    let uneven = take.random.between(0.05, 0.3);
    let mut pipes = [(90.0, 180.0, 3.0), (240.0, 600.0, 4.0), (900.0, 2200.0, 3.0)]
        .map(|(low, high, q)| Biquad::band_pass(take.rate, take.random.log_between(low, high), q));
    let mut hiss = Biquad::low_pass(take.rate, 1800.0, 0.7);
    let mut phase = Phase::default();
    let (mut last, mut stroke) = (0.0, 1.0);
    take.render(|t, random, rate| {
        let hz = idle * (1.0 + throttle * hump(t * revs, 1.6));
        let p = phase.advance(hz, rate);
        if p < last {
            stroke = 1.0 - uneven * random.unit();
        }
        last = p;
        let pulse = stroke * libm::exp(-9.0 * p);
        let x = pulse - 0.11 + 0.12 * hiss.pass(random.noise()) * (0.3 + pulse);
        let [a, b, c] = &mut pipes;
        1.4 * a.pass(x) + b.pass(x) + 0.5 * c.pass(x)
    })
}

/// A rich tone that wails slowly, yelps quickly or steps between two notes.
pub fn siren(take: &mut Take) -> Vec<f64> {
    let low = take.random.log_between(400.0, 700.0);
    let high = low * take.random.between(1.35, 2.3);
    let style = take.random.pick(["wail", "yelp", "two-tone"]);
    let speed = match style {
        "wail" => take.random.between(0.25, 0.6),
        "yelp" => take.random.between(2.2, 4.5),
        _ => take.random.between(0.7, 1.3),
    };
    let turn = take.random.unit();
    let edge = take.random.between(0.3, 0.9);
    let mut horn = Biquad::band_pass(take.rate, take.random.log_between(900.0, 1800.0), 0.7);
    let mut phase = Phase::default();
    let mut pitch = low;
    take.render(|t, _, rate| {
        let sweep = match style {
            "two-tone" => f64::from((t * speed + turn).fract() < 0.5),
            _ => 0.5 + 0.5 * sine(t * speed + turn),
        };
        pitch += (low + (high - low) * sweep - pitch) * (120.0 / rate).min(1.0);
        let p = phase.advance(pitch, rate);
        let tone: f64 = (1..=9)
            .filter(|k| f64::from(*k) * pitch < 0.45 * rate)
            .map(|k| sine(f64::from(k) * p) * if k == 1 { 1.0 } else { edge / f64::from(k) })
            .sum();
        horn.pass(tone) + 0.3 * tone
    })
}

/// An electronic ringer: two notes warbling in bursts, or the two tones of a key pressed.
pub fn telephone(take: &mut Take) -> Vec<f64> {
    let keys = take.random.unit() < 0.5;
    // ITU-T Q.23: the row and column tones of push-button telephones.
    let (rows, columns) = ([697.0, 770.0, 852.0, 941.0], [1209.0, 1336.0, 1477.0]);
    let dialled: Vec<[f64; 2]> =
        (0..16).map(|_| [take.random.pick(rows), take.random.pick(columns)]).collect();
    let notes = [take.random.log_between(700.0, 1000.0), take.random.log_between(1050.0, 1500.0)];
    let warble = take.random.between(12.0, 25.0);
    let every = if keys { take.random.between(0.16, 0.3) } else { take.random.between(0.8, 1.6) };
    let sounding = every * take.random.between(0.5, 0.75);
    let mut phase = Phase::default();
    take.render(|t, _, rate| {
        let turn = (t / every) as usize;
        let since = t - turn as f64 * every;
        let envelope = rise(since, 0.005) * rise(sounding - since, 0.008);
        let tone = if keys {
            let [a, b] = dialled[turn % dialled.len()];
            0.5 * (sine(a * t) + sine(b * t))
        } else {
            let p = phase.advance(notes[usize::from((t * warble).fract() < 0.5)], rate);
            0.7 * sine(p) + 0.2 * sine(3.0 * p)
        };
        envelope * tone
    })
}

/// Tick and tock: two short knocks of wood and metal, evenly spaced.
pub fn clock(take: &mut Take) -> Vec<f64> {
    let every = take.random.between(0.18, 0.5);
    let pitch = take.random.log_between(1500.0, 3600.0);
    let tock = take.random.between(0.72, 0.9);
    let wood = take.random.log_between(300.0, 800.0);
    let ring = take.random.between(0.015, 0.06);
    let room = take.random.between(0.1, 0.5);
    let mut knock = Biquad::band_pass(take.rate, 1.5 * pitch, 1.5);
    take.render(|t, random, _| {
        let turn = (t / every) as usize;
        let since = t - turn as f64 * every - 0.004;
        if since < 0.0 {
            return 0.0;
        }
        let tune = if turn.is_multiple_of(2) { 1.0 } else { tock };
        let metal = sine(pitch * tune * since)
            + 0.5 * sine(2.71 * pitch.min(3000.0) * tune * since) * decay(since, ring);
        let case = room * sine(wood * tune * since) * decay(since, 3.0 * ring);
        let scrape = knock.pass(random.noise()) * decay(since, 0.006);
        rise(since, 0.0006) * (metal * decay(since, ring) + case + 1.5 * scrape)
    })
}

/// Heel and toe on gravel or boards.
pub fn footsteps(take: &mut Take) -> Vec<f64> {
    let every = take.random.between(0.32, 0.62);
    let gravel = take.random.between(0.0, 1.0);
    let thump = take.random.log_between(65.0, 130.0);
    let roll = take.random.between(0.06, 0.11);
    let mut sole = Biquad::low_pass(take.rate, take.random.log_between(350.0, 1000.0), 0.8);
    let mut grit = Biquad::band_pass(take.rate, take.random.log_between(1800.0, 4200.0), 0.9);
    let (mut turn_before, mut weight, mut grain) = (usize::MAX, 1.0, 0.0);
    take.render(|t, random, rate| {
        let turn = (t / every) as usize;
        if turn != turn_before {
            (turn_before, weight) = (turn, random.between(0.6, 1.0));
        }
        let heel = t - turn as f64 * every - 0.01;
        if heel < 0.0 {
            return 0.0;
        }
        let toe = (heel - roll).max(0.0);
        let press =
            rise(heel, 0.003) * decay(heel, 0.12) + if toe > 0.0 { 0.7 * decay(toe, 0.14) } else { 0.0 };
        // Stones give way one by one: sparse noise, not a hiss.
        grain = if random.unit() < 900.0 / rate { random.noise() * 3.0 } else { 0.6 * grain };
        let body = 0.8 * sine(thump * heel) * decay(heel, 0.1) * rise(heel, 0.004);
        weight * (body + press * (2.0 * sole.pass(random.noise()) + gravel * 2.0 * grit.pass(grain)))
    })
}

/// A sung vowel: glottal pulses through five formants, gliding from one vowel to another.
pub fn voice(take: &mut Take) -> Vec<f64> {
    // Formants of sung vowels (bass to alto averages): a, e, i, o, u.
    let vowels = [
        [650.0, 1080.0, 2650.0, 2900.0],
        [400.0, 1700.0, 2600.0, 3200.0],
        [290.0, 1870.0, 2800.0, 3250.0],
        [400.0, 800.0, 2600.0, 2800.0],
        [350.0, 600.0, 2700.0, 2900.0],
    ];
    let (from, to) = (take.random.pick(vowels), take.random.pick(vowels));
    let pitch = take.random.log_between(95.0, 330.0);
    // Smaller people have higher voices and shorter throats.
    let throat = libm::pow(pitch / 120.0, 0.18) * take.random.between(0.95, 1.05);
    let glide = take.random.between(-0.15, 0.15);
    let vibrato = (take.random.between(4.5, 6.5), take.random.between(0.003, 0.02));
    let breath = take.random.between(0.01, 0.08);
    let (rate, seconds) = (take.rate, take.seconds);
    let at = |along: f64, k: usize| {
        let hz = (from[k] + (to[k] - from[k]) * along) * throat;
        Biquad::band_pass(rate, hz, hz / (60.0 + 0.035 * hz))
    };
    let mut formants = [0, 1, 2, 3].map(|k| at(0.0, k));
    let mut tilt = Biquad::low_pass(rate, 900.0, 0.6);
    let mut phase = Phase::default();
    let (mut count, mut drift) = (0_u32, 0.0);
    take.render(|t, random, rate| {
        let along = rise(t - 0.2 * seconds, 0.6 * seconds);
        if count.is_multiple_of(64) {
            for (k, formant) in formants.iter_mut().enumerate() {
                formant.retune(&at(along, k));
            }
        }
        count = count.wrapping_add(1);
        drift += (random.noise() - drift) / (0.02 * rate);
        let hz = pitch * (1.0 + glide * along + vibrato.1 * sine(vibrato.0 * t) + 0.02 * drift);
        let p = phase.advance(hz, rate);
        // Rosenberg's glottal pulse, differentiated: opens slowly, closes fast.
        let pulse = if p < 0.4 { hump(p, 0.8) } else { (1.0 - (p - 0.4) / 0.16).max(0.0) };
        let x = tilt.pass(pulse - 0.28) * 0.3 + (pulse - 0.28) * 0.7 + breath * random.noise();
        let levels = [1.0, 0.6, 0.3, 0.2];
        let sung: f64 = formants.iter_mut().zip(levels).map(|(formant, level)| level * formant.pass(x)).sum();
        sung * rise(t, 0.05) * rise(seconds - t, 0.12)
    })
}
