//! Descriptors are librosa's. `librosa_descriptors.py` beside this file made the expected numbers (librosa 0.11.0).

// Helpers of tests stop at the first surprise too.
#![allow(clippy::unwrap_used)]

mod librosa;

use std::f64::consts::TAU;

use scatter_audio::{ClipReader, DescriptorAnalyzer, Descriptors};

fn noise(count: usize) -> Vec<f32> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (f64::from(state >> 8) / 8_388_608.0 - 1.0) as f32
    };
    (0..count).map(|_| next()).collect()
}

fn tone(rate: u32, count: usize, hertz: f64) -> Vec<f32> {
    (0..count).map(|index| (TAU * hertz * index as f64 / f64::from(rate)).sin() as f32).collect()
}

fn glide(rate: u32, count: usize) -> Vec<f32> {
    let seconds = (0..count).map(|index| index as f64 / f64::from(rate));
    seconds.map(|seconds| (0.3 * (TAU * (100.0 + 2000.0 * seconds) * seconds).sin()) as f32).collect()
}

fn half_silent(count: usize) -> Vec<f32> {
    let mut samples = noise(count);
    samples[count / 2..].fill(0.0);
    samples
}

/// Each descriptor by its name in the fixture, with the relative difference from librosa's.
fn differences(ours: &Descriptors, theirs: &librosa::Row) -> Vec<(&'static str, f64)> {
    let ratio = |name: &'static str, ours: f64| {
        let theirs = theirs.number(name).unwrap();
        (name, if theirs == 0.0 { ours.abs() } else { (ours / theirs - 1.0).abs() })
    };
    // Levels are logarithms: what differs is the amplitude.
    let level = |name: &'static str, ours: Option<f64>| match (ours, theirs.number(name)) {
        (Some(ours), Some(theirs)) => (name, (10_f64.powf((ours - theirs) / 20.0) - 1.0).abs()),
        (ours, theirs) => (name, if ours == theirs { 0.0 } else { f64::INFINITY }),
    };
    vec![
        ratio("centroid_hz", ours.centroid_hz),
        ratio("rolloff_hz", ours.rolloff_hz),
        ratio("bandwidth_hz", ours.bandwidth_hz),
        ratio("flatness", ours.flatness),
        ratio("zero_crossing_rate", ours.zero_crossing_rate),
        level("rms_dbfs", ours.rms_dbfs),
        level("peak_dbfs", ours.peak_dbfs),
    ]
}

#[test]
fn descriptors_of_made_signals_are_those_of_librosa() {
    let cases = [
        ("noise", noise(21_168), 22_050),
        ("tone", tone(44_100, 42_336, 440.0), 44_100),
        ("glide", glide(48_000, 46_080), 48_000),
        ("half silent", half_silent(15_360), 16_000),
        ("short", noise(700), 8_000),
        ("one sample", vec![1.0], 44_100),
        ("silence", vec![0.0; 7_680], 8_000),
    ];
    let expected = librosa::made();
    assert_eq!(expected.len(), cases.len());
    let mut analyzer = DescriptorAnalyzer::new();
    for (name, samples, rate) in cases {
        let ours = analyzer.analyze(&samples, rate);
        for (descriptor, difference) in differences(&ours, &expected[name]) {
            // Of a tone without any noise, the far bins hold what an FFT of 32 bits rounds; even 16-bit samples hold more.
            let pure = ["tone", "glide"].contains(&name);
            let limit = if pure && descriptor == "bandwidth_hz" { 0.03 } else { 1e-4 };
            assert!(difference <= limit, "{name}: {descriptor} differs by {difference:e}: {ours:?}");
        }
    }
}

#[test]
fn descriptors_of_real_clips_are_those_of_librosa_within_half_a_per_cent() {
    let Some(clips) = librosa::clips("descriptors_of_real_clips") else { return };
    assert!(clips.len() >= 60, "only {} clips", clips.len());
    let mut reader = ClipReader::new();
    let mut worst = std::collections::BTreeMap::new();
    for (path, expected) in &clips {
        let clip = reader.read(path).unwrap();
        for (descriptor, difference) in differences(&clip.descriptors, expected) {
            let entry = worst.entry(descriptor).or_insert((0.0, path));
            if difference > entry.0 {
                *entry = (difference, path);
            }
        }
    }
    for (descriptor, (difference, path)) in &worst {
        println!(
            "{descriptor}: at most {:.4} % off over {} clips, {path:?}",
            100.0 * difference,
            clips.len()
        );
    }
    for (descriptor, (difference, path)) in worst {
        assert!(difference <= 5e-3, "{descriptor} of {path:?} differs by {:.3} %", 100.0 * difference);
    }
}

#[test]
fn nothing_at_all_is_silence() {
    let mut analyzer = DescriptorAnalyzer::new();
    assert_eq!(analyzer.analyze(&[], 8_000), analyzer.analyze(&[0.0; 400], 8_000));
}

#[test]
fn a_full_scale_sine_has_0_dbfs_and_silence_no_level() {
    let sine = DescriptorAnalyzer::new().analyze(&tone(16_000, 16_000, 1_000.0), 16_000);
    assert!(sine.rms_dbfs.unwrap().abs() < 1e-3 && sine.peak_dbfs.unwrap().abs() < 1e-3, "{sine:?}");
    let quiet: Vec<f32> = tone(16_000, 16_000, 1_000.0).iter().map(|x| x * 0.01).collect();
    assert!((DescriptorAnalyzer::new().analyze(&quiet, 16_000).rms_dbfs.unwrap() + 40.0).abs() < 1e-3);
    let silence = DescriptorAnalyzer::new().analyze(&[0.0; 16_000], 16_000);
    assert_eq!((silence.rms_dbfs, silence.peak_dbfs), (None, None));
}

#[test]
fn flatness_holds_for_samples_far_beyond_full_scale() {
    let loud: Vec<f32> = noise(8_192).iter().map(|x| x * 1e15).collect();
    let (loud, plain) = (
        DescriptorAnalyzer::new().analyze(&loud, 16_000),
        DescriptorAnalyzer::new().analyze(&noise(8_192), 16_000),
    );
    assert!((loud.flatness / plain.flatness - 1.0).abs() < 1e-6, "{} {}", loud.flatness, plain.flatness);
}
