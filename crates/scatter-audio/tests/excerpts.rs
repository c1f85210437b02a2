//! What a model hears that takes samples of its own rate: the right ones, from the source's own rate.

// Helpers of tests stop at the first surprise too.
#![allow(clippy::unwrap_used)]

mod wav;

use std::f64::consts::TAU;
use std::path::PathBuf;

use scatter_audio::{ClipReader, Excerpt, Recording};

struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn wav(&self, rate: u32, samples: &[f32]) -> PathBuf {
        let path = self.0.path().join("sound.wav");
        wav::write(&path, rate, 1, samples);
        path
    }
}

fn excerpt_of(rate: u32, samples: &[f32], excerpt: Excerpt) -> Vec<f32> {
    let path = Files::new();
    ClipReader::with_excerpts(excerpt).read(&path.wav(rate, samples)).unwrap().excerpt
}

#[test]
fn at_the_sources_own_rate_it_is_the_source_bit_for_bit() {
    let excerpt = Excerpt { sample_rate: 48_000, samples: 144_000 };
    for peak in [300_000, 20_000, 479_999] {
        let mut samples = wav::noise(480_000);
        samples[peak] = 0.9;
        let start = (peak as i64 - 72_000).clamp(0, 480_000 - 144_000) as usize;
        assert_eq!(excerpt_of(48_000, &samples, excerpt), samples[start..start + 144_000], "peak at {peak}");
    }
    let short = wav::noise(100_000);
    let heard = excerpt_of(48_000, &short, excerpt);
    assert_eq!(heard[..100_000], short);
    assert_eq!(heard[100_000..], [0.0; 44_000]);
}

#[test]
fn a_tone_above_8_khz_arrives_whole_and_in_its_place() {
    // 13 kHz cannot pass by way of 16 kHz.
    let tone = |index: f64, rate: u32| 0.4 * (TAU * 13_000.0 * index / f64::from(rate)).sin();
    for (rate, target) in [(44_100, 48_000), (48_000, 32_000), (96_000, 48_000)] {
        let peak = 3 * rate as usize;
        let mut samples: Vec<f32> = (0..6 * rate as usize).map(|i| tone(i as f64, rate) as f32).collect();
        samples[peak] = 0.9;
        let excerpt = Excerpt { sample_rate: target, samples: 2 * target as usize };
        let heard = excerpt_of(rate, &samples, excerpt);
        // One second before the peak, that is at 2 s.
        for (index, found) in heard.iter().enumerate().take(target as usize - 2_000) {
            let wanted = tone(index as f64 + 2.0 * f64::from(target), target);
            assert!(
                (f64::from(*found) - wanted).abs() < 2e-3,
                "{rate} → {target}: {found} {wanted} at {index}"
            );
        }
    }
}

#[test]
fn the_clip_is_the_same_with_an_excerpt_and_without() {
    let files = Files::new();
    let mut with = ClipReader::with_excerpts(Excerpt { sample_rate: 32_000, samples: 32_000 });
    for rate in [8_000, 44_100, 48_000, 44_100] {
        let path = files.wav(rate, &wav::noise(90_000));
        let (plain, both) = (ClipReader::new().read(&path).unwrap(), with.read(&path).unwrap());
        assert_eq!((both.samples, both.start_seconds), (plain.samples, plain.start_seconds));
        assert_eq!((plain.excerpt.len(), both.excerpt.len()), (0, 32_000));
        // A reader that has broken on a file goes on with the next.
        assert!(with.read(&files.0.path().join("missing.wav")).is_err());
    }
}

#[test]
fn each_window_of_a_recording_has_its_excerpt_around_its_middle() {
    let files = Files::new();
    for seconds in [20.3, 3.0, 2.0, 0.4] {
        let length = (48_000.0 * seconds) as usize;
        let samples = wav::noise(length);
        let path = files.wav(48_000, &samples);
        let excerpt = Excerpt { sample_rate: 48_000, samples: 144_000 };
        let mut recording = Recording::open(&path, 7_680).unwrap().with_excerpts(excerpt).unwrap();
        let mut plain = Recording::open(&path, 7_680).unwrap();
        let mut number = 0_usize;
        let (mut tapped, mut plain_tapped) = (Vec::new(), Vec::new());
        while let Some(window) = recording.next_window(&mut |s| tapped.extend_from_slice(s)).unwrap() {
            let same = plain.next_window(&mut |s| plain_tapped.extend_from_slice(s)).unwrap().unwrap();
            assert_eq!((&window.samples, window.start_seconds), (&same.samples, same.start_seconds));
            // The middle, 0.48 s into the window, at 48 kHz.
            let middle = (number * 7_680 + 7_680) * 3;
            let start = middle.saturating_sub(72_000).min(length.saturating_sub(144_000));
            let wanted = (start..start + 144_000).map(|at| samples.get(at).copied().unwrap_or(0.0));
            assert!(window.excerpt.iter().copied().eq(wanted), "window {number} of {seconds} s");
            number += 1;
        }
        assert!(plain.next_window(&mut |s| plain_tapped.extend_from_slice(s)).unwrap().is_none());
        assert_eq!(tapped, plain_tapped);
        assert!(number > 0);
    }
}
