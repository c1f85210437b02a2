//! Kick, snare and hi-hat.

use super::{Take, signal::*};

/// A sine that falls in pitch, with the beater's click in front.
pub fn kick(take: &mut Take) -> Vec<f64> {
    let floor = take.random.log_between(38.0, 62.0);
    let sweep = take.random.log_between(80.0, 260.0);
    let fall = take.random.between(0.015, 0.05);
    let ring = take.random.between(0.25, 0.7).min(take.seconds);
    let drive = take.random.between(1.0, 3.0);
    let click = take.random.between(0.1, 0.6);
    let mut phase = Phase::default();
    let mut beater = Biquad::low_pass(take.rate, take.random.log_between(1500.0, 5000.0), 0.7);
    take.render(|t, random, rate| {
        let body = sine(phase.advance(floor + sweep * libm::exp(-t / fall), rate)) * decay(t, ring);
        let attack = beater.pass(random.noise()) * decay(t, 0.012) * click;
        libm::tanh(drive * body) + attack
    })
}

/// Two modes of the drum head under a burst of wires.
pub fn snare(take: &mut Take) -> Vec<f64> {
    let low = take.random.log_between(150.0, 240.0);
    let high = low * take.random.between(1.5, 1.9);
    let ring = take.random.between(0.08, 0.2);
    let rattle = take.random.between(0.15, 0.45);
    let wires = take.random.between(0.6, 1.4);
    let mut brightness = Biquad::high_pass(take.rate, take.random.log_between(900.0, 2500.0), 0.7);
    let mut second = take.random.between(0.0, 1.0) > 0.6;
    second &= take.seconds > 0.7;
    let (again, softer) = (take.seconds * take.random.between(0.4, 0.55), take.random.between(0.3, 0.8));
    take.render(|t, random, _| {
        let hit = |t: f64| {
            if t < 0.0 {
                return (0.0, 0.0);
            }
            let head = (sine(low * t) + 0.6 * sine(high * t)) * decay(t, ring);
            (head * rise(t, 0.001), decay(t, rattle))
        };
        let (mut head, mut snares) = hit(t);
        if second {
            let (h, s) = hit(t - again);
            (head, snares) = (head + softer * h, snares + softer * s);
        }
        0.7 * head + wires * brightness.pass(random.noise()) * snares
    })
}

/// Six detuned square waves, as drum machines make them, through a high-pass; several strokes, one perhaps open.
pub fn hi_hat(take: &mut Take) -> Vec<f64> {
    let base = take.random.log_between(280.0, 460.0);
    // Ratios of the six oscillators of the classic analogue circuit.
    let partials = [1.0, 1.342, 1.2312, 1.6532, 1.9523, 2.1523].map(|ratio| base * ratio * 2.0);
    let strokes = take.random.whole(1, 1 + (take.seconds * 4.0) as usize);
    let step = take.seconds / strokes as f64;
    let open = take.random.whole(0, strokes * 2);
    let (short, long) = (take.random.between(0.04, 0.12), take.random.between(0.3, 0.9));
    let air = take.random.between(0.2, 0.9);
    let corner = take.random.log_between(5000.0, 8000.0).min(0.4 * take.rate);
    let mut filters = [Biquad::high_pass(take.rate, corner, 0.9), Biquad::high_pass(take.rate, corner, 0.7)];
    take.render(|t, random, _| {
        let stroke = (t / step) as usize;
        let since = t - stroke as f64 * step;
        let envelope = decay(since, if stroke == open { long } else { short }) * rise(since, 0.0008);
        let metal: f64 = partials.iter().map(|hz| if (hz * t).fract() < 0.5 { 1.0 } else { -1.0 }).sum();
        filters.iter_mut().fold(metal / 6.0 + air * random.noise(), |x, filter| filter.pass(x)) * envelope
    })
}
