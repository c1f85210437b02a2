//! A short tone for each point: one pitch a group, and lower the farther from its middle.

use std::f32::consts::TAU;
use std::path::Path;

use scatter_audio::{AudioSprite, BLOCK_SAMPLES, SAMPLE_RATE};
use scatter_dataset::WINDOW_SAMPLES;

use super::cloud::{Cloud, GROUPS};

/// Tones of a group.
const STEPS: usize = 16;

/// Writes the audio sprite, and gives the number of its samples.
pub fn write(cloud: &Cloud, path: &Path) -> anyhow::Result<u64> {
    let tones: Vec<Vec<i16>> =
        (0..GROUPS * STEPS).map(|k| tone(hertz(k / STEPS, (k % STEPS) as f32 / STEPS as f32))).collect();
    let mut sprite = AudioSprite::create(path, WINDOW_SAMPLES)?;
    for (&group, &depth) in cloud.groups.iter().zip(&cloud.depths) {
        let step = ((depth * STEPS as f32) as usize).min(STEPS - 1);
        sprite.push(&tones[usize::from(group) * STEPS + step])?;
    }
    Ok(sprite.finish()?.samples)
}

/// Pitch of a point in Hz: groups are a third of an octave apart, and its points less than one.
pub fn hertz(group: usize, depth: f32) -> f32 {
    110.0 * ((group % 18) as f32 / 3.0 - depth / 6.0).exp2()
}

/// It fades within the first frame: the others are silent, and take a dozen bytes.
fn tone(hertz: f32) -> Vec<i16> {
    let sample = |k: usize| {
        let fade = (1.0 - k as f32 / BLOCK_SAMPLES as f32).max(0.0);
        (8_000.0 * fade * (TAU * hertz * k as f32 / SAMPLE_RATE as f32).sin()) as i16
    };
    (0..WINDOW_SAMPLES as usize).map(sample).collect()
}
