//! Files made for measuring.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Rate of the files in Hz.
pub const RATE: u32 = 44_100;
/// Length of a clip's file in seconds.
const SECONDS: usize = 5;

/// Notes in noise, swelling and fading, `count` samples within ±1 at `rate` Hz, the same each time.
pub fn sound(count: usize, rate: u32) -> Vec<f32> {
    let mut state = 3_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    };
    let sample = |index: usize| {
        let seconds = index as f32 / rate as f32;
        let note = 220.0 * (1.0 + seconds.floor());
        let swell = (seconds * std::f32::consts::PI / SECONDS as f32).sin().abs();
        swell * (0.7 * (std::f32::consts::TAU * note * seconds).sin() + 0.2 * noise())
    };
    (0..count).map(sample).collect()
}

/// The same as 16-bit mono WAV.
pub fn wave(folder: &Path, count: usize, rate: u32) -> PathBuf {
    let data: Vec<u8> =
        sound(count, rate).iter().flat_map(|x| ((x * 32_767.0) as i16).to_le_bytes()).collect();
    let mut file = b"RIFF".to_vec();
    file.extend((36 + data.len() as u32).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(rate.to_le_bytes());
    file.extend((2 * rate).to_le_bytes());
    file.extend(b"\x02\0\x10\0data");
    file.extend((data.len() as u32).to_le_bytes());
    file.extend(data);
    let path = folder.join(format!("{rate}.wav"));
    std::fs::write(&path, file).unwrap();
    path
}

/// A clip's file in `folder` for each format that can be made here: WAV always, the others by ffmpeg where it is
/// installed.
pub fn clips(folder: &Path) -> Vec<(&'static str, PathBuf)> {
    let whole = wave(folder, SECONDS * RATE as usize, RATE);
    let mut clips = vec![("wav", whole.clone())];
    for format in ["flac", "ogg", "mp3"] {
        let path = folder.join("clip").with_extension(format);
        match encode(&whole, &path) {
            true => clips.push((format, path)),
            false => println!("skipped: {format} (no ffmpeg that makes it)"),
        }
    }
    clips
}

fn encode(from: &Path, to: &Path) -> bool {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-y", "-i"]).arg(from).arg(to).stdin(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
