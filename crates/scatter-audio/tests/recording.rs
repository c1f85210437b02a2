//! A recording as windows: how many, where, and what the audio sprite is given.

// Helpers of tests stop at the first surprise too.
#![allow(clippy::unwrap_used)]

mod wav;

use proptest::prelude::*;
use scatter_audio::{AudioReader, Recording, Window};

const WINDOW: usize = 15_360;
/// A window and the 15 ms after it.
const HEARD: usize = 15_600;

fn windows(rate: u32, samples: &[f32], hop: usize) -> (Vec<Window>, Vec<f32>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.wav");
    wav::write(&path, rate, 1, samples);
    let mut recording = Recording::open(&path, hop).unwrap();
    let (mut windows, mut tapped) = (Vec::new(), Vec::new());
    while let Some(window) = recording.next_window(&mut |samples| tapped.extend_from_slice(samples)).unwrap()
    {
        windows.push(window);
    }
    assert_eq!(recording.seconds(), samples.len() as f64 / f64::from(rate));
    (windows, tapped)
}

/// The rule, in words of the definition.
fn expected_count(samples: usize, hop: usize) -> usize {
    if samples < WINDOW {
        return 1;
    }
    let whole = 1 + (samples - WINDOW) / hop;
    let covered = (whole - 1) * hop + WINDOW;
    let uncovered = samples.saturating_sub(covered.max(whole * hop));
    whole + usize::from(uncovered >= WINDOW / 10)
}

fn padded(samples: &[f32], start: usize, length: usize) -> Vec<f32> {
    (start..start + length).map(|at| samples.get(at).copied().unwrap_or(0.0)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn windows_are_slices_of_the_recording_and_the_tap_gets_it_whole(
        count in 1_usize..120_000,
        hop in prop_oneof![Just(7_680_usize), Just(15_360), 900_usize..40_000],
    ) {
        let samples = wav::noise(count);
        let (windows, tapped) = windows(16_000, &samples, hop);
        prop_assert_eq!(&tapped, &samples);
        prop_assert_eq!(windows.len(), expected_count(count, hop));
        for (index, window) in windows.iter().enumerate() {
            prop_assert_eq!(&window.samples, &padded(&samples, index * hop, HEARD));
            prop_assert_eq!(window.inside, WINDOW.min(count - index * hop));
            prop_assert_eq!(&window.source[..], &window.samples[..window.inside]);
            prop_assert_eq!(window.start_seconds, (index * hop) as f64 / 16_000.0);
        }
    }

    #[test]
    fn at_another_rate_windows_are_slices_of_the_converted_recording(
        count in 1_usize..150_000,
        rate in prop::sample::select(vec![8_000_u32, 22_050, 44_100, 48_000]),
    ) {
        let samples = wav::noise(count);
        let (windows, tapped) = windows(rate, &samples, 7_680);
        let length = ((count as f64 * 16_000.0 / f64::from(rate)).round() as usize).max(1);
        prop_assert_eq!(tapped.len(), length);
        prop_assert_eq!(windows.len(), expected_count(length, 7_680));
        for (index, window) in windows.iter().enumerate() {
            prop_assert_eq!(&window.samples, &padded(&tapped, index * 7_680, HEARD));
            let scaled = |samples: usize| (samples as f64 * f64::from(rate) / 16_000.0).round() as usize;
            let (start, end) = (scaled(index * 7_680), scaled(index * 7_680) + scaled(WINDOW));
            prop_assert_eq!(&window.source[..], &samples[start..end.min(count)]);
        }
    }
}

#[test]
fn the_tail_counts_from_a_tenth_of_a_window() {
    for (samples, count) in
        [(1, 1), (15_359, 1), (15_360, 1), (16_895, 1), (16_896, 2), (23_039, 2), (23_040, 2)]
    {
        assert_eq!(windows(16_000, &wav::noise(samples), 7_680).0.len(), count, "{samples}");
    }
}

#[test]
fn a_hop_of_nothing_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.wav");
    wav::write(&path, 16_000, 1, &[0.1; 100]);
    assert!(Recording::open(&path, 0).is_err());
}

#[test]
fn real_recording_is_read_whole() {
    let Some(folder) = std::env::var_os("SCATTER_TEST_AUDIO").map(std::path::PathBuf::from) else {
        println!("skipped: real_recording_is_read_whole: SCATTER_TEST_AUDIO is not set");
        return;
    };
    let path = folder.join("long/city_sound.flac");
    let mut reader = AudioReader::open(&path).unwrap();
    while reader.next_block().unwrap().is_some() {}
    let mut recording = Recording::open(&path, 7_680).unwrap();
    let (mut count, mut tapped) = (0, 0);
    while recording.next_window(&mut |samples| tapped += samples.len()).unwrap().is_some() {
        count += 1;
    }
    let exact = reader.samples() as f64 * 16_000.0 / f64::from(reader.sample_rate());
    assert_eq!(tapped, exact.round() as usize);
    assert_eq!(count, expected_count(tapped, 7_680));
    assert!(recording.warnings().is_empty(), "{:?}", recording.warnings());
}
