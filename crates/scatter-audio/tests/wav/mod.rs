//! Writes WAV files for tests.

// Each test file is a crate of its own, and none uses all of this.
#![allow(dead_code)]

use std::path::Path;

/// A header that claims `frames` frames of 32-bit floats.
pub fn header(rate: u32, channels: u16, frames: u32) -> Vec<u8> {
    let bytes = frames * 4 * u32::from(channels);
    let mut wav = b"RIFF".to_vec();
    wav.extend((36 + bytes).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x03\0");
    wav.extend(channels.to_le_bytes());
    wav.extend(rate.to_le_bytes());
    wav.extend((rate * 4 * u32::from(channels)).to_le_bytes());
    wav.extend((4 * channels).to_le_bytes());
    wav.extend(b"\x20\0data");
    wav.extend(bytes.to_le_bytes());
    wav
}

/// Writes interleaved samples.
pub fn write(path: &Path, rate: u32, channels: u16, samples: &[f32]) {
    let mut wav = header(rate, channels, samples.len() as u32 / u32::from(channels));
    wav.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    std::fs::write(path, wav).unwrap();
}

/// White noise within ±0.5, the same each time.
pub fn noise(count: usize) -> Vec<f32> {
    let mut state = 3_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 16_777_216.0 - 0.5
    };
    (0..count).map(|_| next()).collect()
}
