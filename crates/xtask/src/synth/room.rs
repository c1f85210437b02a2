//! The last step of a clip: a room around the sound, one or two channels, level, and clean ends.

use super::{random::Random, signal::*};

/// A finished clip: one or two channels of the same length, within ±1.
pub type Channels = Vec<Vec<f64>>;

/// Sets a mono sound into a small room, removes its offset, sets its peak between -12 and -3 dBFS and fades its ends.
pub fn finish(wave: &[f64], rate: f64, channels: usize, random: &mut Random) -> Channels {
    let wet = random.between(0.02, 0.22);
    let size = random.between(0.7, 1.5);
    let side = random.between(-0.6, 0.6);
    let peak = libm::pow(10.0, random.between(-12.0, -3.0) / 20.0);
    let mut finished: Channels = (0..channels)
        .map(|channel| {
            // Each ear hears the room a little differently, and the source nearer to one side.
            let ear = if channel == 0 { 1.0 } else { 1.07 };
            let near = if channels == 1 { 1.0 } else { 1.0 + if channel == 0 { -side } else { side } };
            let mut block = Biquad::high_pass(rate, 20.0, 0.7);
            let echoes = reverberate(wave, rate, size * ear);
            let dry = wave.iter().map(|x| x * near);
            dry.zip(echoes).map(|(dry, echo)| block.pass(dry + wet * echo)).collect()
        })
        .collect();
    let loudest = finished.iter().flatten().fold(0.0_f64, |loudest, x| loudest.max(x.abs()));
    let gain = if loudest > 0.0 { peak / loudest } else { 0.0 };
    for channel in &mut finished {
        let last = channel.len().saturating_sub(1);
        for (k, x) in channel.iter_mut().enumerate() {
            *x *= gain * rise(k as f64 / rate, 0.002) * rise((last - k) as f64 / rate, 0.03);
        }
    }
    finished
}

/// Four feedback combs and an all-pass (M. R. Schroeder, 1962).
fn reverberate(wave: &[f64], rate: f64, size: f64) -> Vec<f64> {
    let mut out = vec![0.0; wave.len()];
    for (seconds, feedback) in [(0.0297, 0.66), (0.0371, 0.62), (0.0411, 0.58), (0.0437, 0.54)] {
        let mut line = vec![0.0; (seconds * size * rate) as usize + 1];
        let mut at = 0;
        for (x, sum) in wave.iter().zip(&mut out) {
            let echo = line[at];
            line[at] = x + feedback * echo;
            *sum += 0.5 * echo;
            at = (at + 1) % line.len();
        }
    }
    let mut line = vec![0.0; (0.005 * size * rate) as usize + 1];
    let mut at = 0;
    for x in &mut out {
        let held = line[at];
        line[at] = *x + 0.6 * held;
        *x = held - 0.6 * line[at];
        at = (at + 1) % line.len();
    }
    out
}
