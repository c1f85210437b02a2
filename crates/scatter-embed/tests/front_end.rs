//! The front end against a naive twin and against the reference implementation.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use std::f64::consts::TAU;
use std::fs::File;
use std::path::PathBuf;

use ndarray::{Array1, Array2};
use ndarray_npy::NpzReader;
use scatter_embed::{LogMel, MEL_BANDS, PATCH_FRAMES, PATCH_SAMPLES, SPECTRUM_BINS, mel_matrix};

fn folder(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("SCATTER_TEST_REFERENCE").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: {test}: SCATTER_TEST_REFERENCE is not set");
    }
    folder
}

/// Reference clips, as (file stem, contents).
fn clips(folder: &PathBuf) -> Vec<(String, NpzReader<File>)> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension().is_some_and(|e| e == "npz") && !path.ends_with("frontend_constants.npz")
        })
        .collect();
    paths.sort();
    assert!(paths.len() >= 14, "only {} clips in {}", paths.len(), folder.display());
    let open = |path: PathBuf| {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        (stem, NpzReader::new(File::open(path).unwrap()).unwrap())
    };
    paths.into_iter().map(open).collect()
}

/// Mel weight by its definition, written without regard to the crate's code: height of the triangle over edges
/// `low + i·(high − low)/65` on the scale 2595·log10(1 + f/700), which is 1127·ln(1 + f/700) to five digits.
fn naive_mel_weight(bin: usize, band: usize) -> f64 {
    let mel = |hz: f64| 1127.0 * (hz / 700.0).ln_1p();
    let step = (mel(7500.0) - mel(125.0)) / 65.0;
    let position = (mel(bin as f64 * 31.25) - mel(125.0)) / step - band as f64;
    match position {
        _ if bin == 0 => 0.0,
        p if (0.0..=1.0).contains(&p) => p,
        p if (1.0..=2.0).contains(&p) => 2.0 - p,
        _ => 0.0,
    }
}

/// One frame by the sums of the definitions: f64, a plain discrete Fourier transform.
fn naive_frame(frame: &[f32]) -> Vec<f64> {
    let magnitude = |bin: usize| {
        let (mut re, mut im) = (0.0, 0.0);
        for (n, &sample) in frame.iter().enumerate() {
            let hann = (TAU * n as f64 / 800.0).sin().powi(2);
            let angle = TAU * ((bin * n) % 512) as f64 / 512.0;
            re += f64::from(sample) * hann * angle.cos();
            im -= f64::from(sample) * hann * angle.sin();
        }
        re.hypot(im)
    };
    let magnitudes: Vec<f64> = (0..SPECTRUM_BINS).map(magnitude).collect();
    let energy =
        |band| (0..SPECTRUM_BINS).map(|bin| naive_mel_weight(bin, band) * magnitudes[bin]).sum::<f64>();
    (0..MEL_BANDS).map(|band| (energy(band) + 0.001).ln()).collect()
}

fn test_signal(samples: usize) -> Vec<f32> {
    // A sweep, a quiet tone and a click: structure in every band, and near-silence in some.
    (0..samples)
        .map(|n| {
            let t = n as f64 / 16_000.0;
            let sweep = 0.4 * (TAU * (100.0 * t + 3_000.0 * t * t)).sin();
            let tone = 1e-3 * (TAU * 6_000.0 * t).sin();
            let click = if n == 7_000 { 0.5 } else { 0.0 };
            (sweep + tone + click) as f32
        })
        .collect()
}

#[test]
fn log_mel_equals_a_naive_f64_transform() {
    let wave = test_signal(15_360);
    let patch = LogMel::new().patch(&wave);
    assert_eq!(patch.len(), PATCH_FRAMES * MEL_BANDS);
    let padded: Vec<f32> = wave.iter().copied().chain(std::iter::repeat(0.0)).take(PATCH_SAMPLES).collect();
    for frame in (0..PATCH_FRAMES).step_by(7).chain([94, 95]) {
        let expected = naive_frame(&padded[frame * 160..frame * 160 + 400]);
        for (band, expected) in expected.iter().enumerate() {
            let found = f64::from(patch[frame * MEL_BANDS + band]);
            assert!((found - expected).abs() < 1e-6, "frame {frame} band {band}: {found} against {expected}");
        }
    }
}

#[test]
fn silence_and_a_window_without_samples_give_the_floor_everywhere() {
    let floor = 0.001_f64.ln() as f32;
    let mut front_end = LogMel::new();
    assert!(front_end.patch(&[]).iter().all(|&value| value == floor));
    assert!(front_end.patch(&[0.0; 20_000]).iter().all(|&value| value == floor));
}

#[test]
fn a_patch_does_not_depend_on_what_was_analyzed_before() {
    let wave = test_signal(15_360);
    let mut used = LogMel::new();
    used.patch(&vec![1.0; 15_600]);
    assert_eq!(used.patch(&wave), LogMel::new().patch(&wave));
}

#[test]
fn whole_waveforms_are_padded_as_the_reference_pads_them() {
    let mut front_end = LogMel::new();
    // (samples, frames, patches): the rule of the reference, worked out by hand.
    for (samples, frames, patches) in [
        (0, 96, 1),
        (5_000, 96, 1),
        (15_600, 96, 1),
        (15_601, 144, 2),
        (16_000, 144, 2),
        (23_280, 144, 2),
        (23_281, 192, 3),
        (80_000, 528, 10),
    ] {
        let wave = test_signal(samples);
        assert_eq!(front_end.spectrogram(&wave).dim(), (frames, MEL_BANDS), "{samples} samples");
        assert_eq!(front_end.patches(&wave).dim(), (patches, PATCH_FRAMES, MEL_BANDS), "{samples} samples");
    }
}

#[test]
fn the_mel_matrix_equals_tensorflows() {
    let Some(folder) = folder("the_mel_matrix_equals_tensorflows") else { return };
    let mut constants = NpzReader::new(File::open(folder.join("frontend_constants.npz")).unwrap()).unwrap();
    let expected: Array2<f32> = constants.by_name("mel_matrix").unwrap();
    let found = mel_matrix();
    assert_eq!(found.dim(), expected.dim());
    // TensorFlow computes it in f32, where one mel of 2,840 has a rounding of 1e-4 of a band's width.
    for ((place, &found), &expected) in found.indexed_iter().zip(&expected) {
        assert!((found - f64::from(expected)).abs() < 1e-4, "{place:?}: {found} against {expected}");
    }
}

#[test]
fn log_mel_equals_the_reference_implementation() {
    let Some(folder) = folder("log_mel_equals_the_reference_implementation") else { return };
    let mut front_end = LogMel::new();
    for (name, mut clip) in clips(&folder) {
        let waveform: Array1<f32> = clip.by_name("waveform").unwrap();
        let expected: Array2<f32> = clip.by_name("log_mel").unwrap();
        let found = front_end.spectrogram(waveform.as_slice().unwrap());
        assert_eq!(found.dim(), expected.dim(), "{name}");
        let worst = found.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        // In pure tones most bands hold next to nothing, and the logarithm magnifies the reference's f32 rounding.
        let tonal = ["syn_sine", "syn_tones", "syn_short"].iter().any(|start| name.starts_with(start));
        let tolerance = if tonal { 2.5e-3 } else { 3e-4 };
        println!("{name}: largest log-mel difference {worst:.1e}");
        assert!(worst <= tolerance, "{name}: log-mel differs by {worst}");
    }
}
