//! Pitch: made sounds against the truth, real ones against librosa's pYIN.

// Helpers of tests stop at the first surprise too.
#![allow(clippy::unwrap_used)]

mod librosa;
mod wav;

use std::f64::consts::TAU;

use scatter_audio::{ClipReader, Pitch, PitchTracker};

const CLIP: usize = 15_360;

/// Harmonics 1, 2, … of `hertz` with `weight` each, and noise of `noise` times their RMS.
fn harmonics(hertz: f64, noise: f64, weight: impl Fn(u32) -> f64) -> Vec<f32> {
    let highest = (7_500.0 / hertz) as u32;
    let sound = |n: usize| -> f64 {
        let turn = TAU * hertz * n as f64 / 16_000.0;
        (1..=highest).map(|k| weight(k) * (turn * f64::from(k) + f64::from(k)).sin()).sum()
    };
    let sound: Vec<f64> = (0..CLIP).map(sound).collect();
    let rms = (sound.iter().map(|x| x * x).sum::<f64>() / CLIP as f64).sqrt();
    // Uniform noise of RMS 1 lies within ±√3.
    let noise = wav::noise(CLIP).into_iter().map(|x| noise * rms * 3_f64.sqrt() * f64::from(x));
    sound.iter().zip(noise).map(|(sound, noise)| (0.2 * (sound + noise) / rms) as f32).collect()
}

/// `steps` frequencies from `low` to `high`, in equal ratios.
fn scale(low: f64, high: f64, steps: u32) -> impl Iterator<Item = f64> {
    (0..steps).map(move |step| low * (high / low).powf(f64::from(step) / f64::from(steps - 1)))
}

fn cents(a: f64, b: f64) -> f64 {
    1_200.0 * (a / b).log2().abs()
}

#[test]
fn tones_from_40_to_4000_hz_are_found_within_2_cents() {
    let mut tracker = PitchTracker::new();
    for hertz in scale(41.0, 3_950.0, 60) {
        let Pitch { f0_hz, voiced } = tracker.track(&harmonics(hertz, 0.0, |k| f64::from(u8::from(k == 1))));
        assert!(cents(f0_hz.unwrap(), hertz) < 2.0 && voiced == 1.0, "{hertz}: {f0_hz:?} {voiced}");
    }
}

#[test]
fn the_period_counts_whatever_harmonics_are_strong_or_missing() {
    let mut tracker = PitchTracker::new();
    for hertz in scale(41.0, 900.0, 30) {
        for (name, noise, weight) in [
            ("saw", 0.0, (|k| 1.0 / f64::from(k)) as fn(u32) -> f64),
            ("saw in noise 10 dB below", 0.316, |k| 1.0 / f64::from(k)),
            ("no fundamental", 0.0, |k| f64::from(u8::from((2..9).contains(&k)))),
            ("odd harmonics", 0.0, |k| f64::from(k % 2) / f64::from(k)),
            ("strong second", 0.0, |k| if k == 2 { 3.0 } else { f64::from(u8::from(k == 1)) }),
        ] {
            let Pitch { f0_hz, voiced } = tracker.track(&harmonics(hertz, noise, weight));
            let off = cents(f0_hz.unwrap(), hertz);
            assert!(off < 10.0 && voiced > 0.9, "{name}, {hertz} Hz: {f0_hz:?}, {voiced} voiced");
        }
    }
}

#[test]
fn a_gliding_tone_has_its_middle_pitch() {
    // One octave up over the clip, 300 to 600 Hz: half-way it is at 424 Hz.
    let mut phase = 0.0;
    let glide = |n: usize| {
        phase += TAU * 300.0 * 2_f64.powf(n as f64 / CLIP as f64) / 16_000.0;
        (0.5 * phase.sin()) as f32
    };
    let glide: Vec<f32> = (0..CLIP).map(glide).collect();
    let Pitch { f0_hz, voiced } = PitchTracker::new().track(&glide);
    assert!(cents(f0_hz.unwrap(), 300.0 * 2_f64.sqrt()) < 40.0 && voiced == 1.0, "{f0_hz:?} {voiced}");
}

#[test]
fn noise_clicks_silence_and_whistles_above_the_range_are_unvoiced() {
    let white = wav::noise(CLIP);
    let mut brown = 0.0;
    let brown: Vec<f32> = white
        .iter()
        .map(|x| {
            brown = 0.995 * brown + 0.1 * x;
            brown
        })
        .collect();
    let mut click = vec![0.0; CLIP];
    click[7_000] = 1.0;
    let whistle = |hertz: f64| harmonics(hertz, 0.0, |k| f64::from(u8::from(k == 1)));
    let huge = vec![f32::MAX; CLIP];
    let mut sounds = vec![white, brown, click, vec![0.0; CLIP], vec![0.5; CLIP], huge, Vec::new()];
    sounds.extend(scale(4_300.0, 7_400.0, 12).map(whistle));
    let mut tracker = PitchTracker::new();
    for (number, sound) in sounds.iter().enumerate() {
        let pitch = tracker.track(sound);
        assert!(pitch.f0_hz.is_none() && pitch.voiced < 0.1, "sound {number}: {pitch:?}");
    }
}

#[test]
fn half_a_tone_is_half_voiced_and_a_clip_shorter_than_a_frame_is_heard() {
    let mut tracker = PitchTracker::new();
    let tone = harmonics(220.0, 0.0, |k| 1.0 / f64::from(k));
    let mut half = tone.clone();
    half[CLIP / 2..].fill(0.0);
    let pitch = tracker.track(&half);
    assert!(cents(pitch.f0_hz.unwrap(), 220.0) < 2.0 && (0.4..0.6).contains(&pitch.voiced), "{pitch:?}");
    let pitch = tracker.track(&tone[..900]);
    assert!(cents(pitch.f0_hz.unwrap(), 220.0) < 20.0, "{pitch:?}");
}

#[test]
fn real_clips_have_the_pitch_that_pyin_finds_and_rain_and_waves_none() {
    let Some(clips) = librosa::clips("real_clips_have_the_pitch_that_pyin_finds") else { return };
    let mut reader = ClipReader::new();
    let (mut both, mut near) = (0, 0);
    for (path, expected) in &clips {
        let pitch = reader.read(path).unwrap().pitch;
        let name = path.to_string_lossy();
        if name.contains("Rain") || name.contains("Sea waves") {
            assert_eq!(pitch.f0_hz, None, "{name}: {pitch:?}");
        }
        let theirs = expected.number("f0_hz");
        if name.contains("spoken") {
            let off = pitch.f0_hz.zip(theirs).map(|(ours, theirs)| cents(ours, theirs));
            assert!(off.is_some_and(|off| off < 50.0), "{name}: {pitch:?} is not {theirs:?}");
        }
        let clearly = pitch.voiced > 0.5 && expected.number("voiced").is_some_and(|voiced| voiced > 0.5);
        if let Some((ours, theirs)) = pitch.f0_hz.zip(theirs).filter(|_| clearly) {
            both += 1;
            near += usize::from(cents(ours, theirs) < 50.0);
        }
    }
    println!("pitch: {near} of {both} clips that both hear as voiced lie within 50 cents of librosa's pYIN");
    assert!(both >= 40 && near * 100 >= both * 85, "{near} of {both}");
}
