//! Rain, wind, sea, thunder and water drops.

use super::{Take, signal::*};

/// A steady hiss with single drops that ring in front of it.
pub fn rain(take: &mut Take) -> Vec<f64> {
    let density = take.random.log_between(25.0, 250.0);
    let hiss = take.random.between(0.15, 0.5);
    let mut bright = Biquad::high_pass(take.rate, take.random.log_between(700.0, 2500.0), 0.6);
    let mut soft = Biquad::low_pass(take.rate, take.random.log_between(4000.0, 9000.0), 0.6);
    let mut roofs =
        [1.0; 4].map(|_| Biquad::band_pass(take.rate, take.random.log_between(900.0, 5000.0), 4.0));
    let mut swell = 0.0;
    take.render(|_, random, rate| {
        swell += (random.noise() - swell) / (0.15 * rate);
        let body = soft.pass(bright.pass(random.noise())) * hiss * (1.0 + 30.0 * swell).clamp(0.3, 1.7);
        let hit = if random.unit() < density / rate { random.between(1.0, 9.0) } else { 0.0 };
        let which = random.whole(0, roofs.len() - 1);
        let drops: f64 =
            roofs.iter_mut().enumerate().map(|(k, roof)| roof.pass(if k == which { hit } else { 0.0 })).sum();
        body + drops
    })
}

/// Noise through a narrow band whose place and strength wander in gusts.
pub fn wind(take: &mut Take) -> Vec<f64> {
    let centre = take.random.log_between(220.0, 800.0);
    let whistle = take.random.between(2.0, 9.0);
    let gusts = [take.random.between(0.15, 0.5), take.random.between(0.5, 1.3)];
    let turn = [take.random.unit(), take.random.unit()];
    let rate = take.rate;
    let mut band = Biquad::band_pass(rate, centre, whistle);
    let mut rumble = Biquad::low_pass(rate, 0.7 * centre, 0.7);
    let mut count = 0_u32;
    take.render(|t, random, rate| {
        let gust = 0.5 + 0.3 * sine(gusts[0] * t + turn[0]) + 0.2 * sine(gusts[1] * t + turn[1]);
        // The band moves slowly: retuning it every 32 samples is inaudible.
        if count.is_multiple_of(32) {
            band.retune(&Biquad::band_pass(rate, centre * (0.6 + 0.9 * gust), whistle));
        }
        count = count.wrapping_add(1);
        let noise = random.noise();
        (0.15 + gust) * (band.pass(noise) * libm::sqrt(whistle) + 0.35 * rumble.pass(noise))
    })
}

/// Waves that draw near, break bright and run out.
pub fn sea(take: &mut Take) -> Vec<f64> {
    let every = take.random.between(1.6, 3.5);
    let turn = take.random.unit();
    let bright = take.random.log_between(2500.0, 6000.0);
    let rate = take.rate;
    let mut surf = Biquad::low_pass(rate, bright, 0.6);
    let mut depth = Biquad::low_pass(rate, take.random.log_between(120.0, 320.0), 0.7);
    let mut foam = Biquad::high_pass(rate, 300.0, 0.6);
    let mut count = 0_u32;
    take.render(|t, random, rate| {
        let along = (t / every + turn).fract();
        let swell = if along < 0.4 { rise(along, 0.4) } else { decay(along - 0.4, 1.3) };
        if count.is_multiple_of(32) {
            surf.retune(&Biquad::low_pass(rate, 400.0 + bright * swell * swell, 0.6));
        }
        count = count.wrapping_add(1);
        let noise = random.noise();
        (0.08 + swell) * foam.pass(surf.pass(noise)) + 1.5 * (0.4 + swell) * depth.pass(random.noise()) * 0.8
    })
}

/// A crack, then rolls of low noise that overlap.
pub fn thunder(take: &mut Take) -> Vec<f64> {
    let crack = take.random.between(0.0, 0.6);
    let rolls: Vec<[f64; 3]> = (0..take.random.whole(3, 7))
        .map(|k| {
            let start = if k == 0 { 0.0 } else { take.random.between(0.0, 0.75 * take.seconds) };
            [start, take.random.between(0.25, 1.2), take.random.between(0.4, 1.0)]
        })
        .collect();
    let colour = take.random.log_between(90.0, 220.0);
    let mut low = [Biquad::low_pass(take.rate, colour, 0.8), Biquad::low_pass(take.rate, 2.0 * colour, 0.6)];
    let mut edge = Biquad::band_pass(take.rate, take.random.log_between(900.0, 2200.0), 0.6);
    take.render(|t, random, _| {
        let strength: f64 = rolls
            .iter()
            .map(|[start, length, level]| {
                let since = t - start;
                if since < 0.0 { 0.0 } else { level * rise(since, 0.06) * decay(since, 2.5 * length) }
            })
            .sum();
        let noise = random.noise();
        let rumble = low.iter_mut().fold(noise, |x, filter| filter.pass(x));
        6.0 * rumble * strength + crack * edge.pass(noise) * decay(t, 0.35) * rise(t, 0.004)
    })
}

/// Bubbles: sines that rise as they shrink.
pub fn water_drops(take: &mut Take) -> Vec<f64> {
    let drops: Vec<[f64; 4]> = (0..take.random.whole(2, 3 + (5.0 * take.seconds) as usize))
        .map(|k| {
            let start = if k == 0 { 0.01 } else { take.random.between(0.01, 0.9 * take.seconds) };
            let hz = take.random.log_between(500.0, 2200.0);
            [start, hz, take.random.between(0.05, 0.18), take.random.between(0.3, 1.0)]
        })
        .collect();
    let climb = take.random.between(3.0, 14.0);
    let cave = take.random.between(0.0, 0.35);
    let echo = (take.random.between(0.05, 0.16) * take.rate) as usize;
    let mut wave = take.render(|t, _, _| {
        drops
            .iter()
            .map(|[start, hz, length, level]| {
                let since = t - start;
                if since < 0.0 || since > 2.0 * length {
                    return 0.0;
                }
                level * rise(since, 0.003) * decay(since, *length) * sine(hz * since * (1.0 + climb * since))
            })
            .sum()
    });
    for k in echo..wave.len() {
        wave[k] += cave * wave[k - echo];
    }
    wave
}
