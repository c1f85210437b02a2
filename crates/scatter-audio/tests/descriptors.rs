//! Descriptors are librosa's. `librosa_descriptors.py` beside this file made the expected numbers (librosa 0.11.0).

use std::f64::consts::TAU;

use scatter_audio::{DescriptorAnalyzer, Descriptors};

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

#[test]
fn descriptors_are_those_of_librosa() {
    let cases = [
        ("noise", noise(21_168), 22_050, [5512.772707, 9373.864746, 3188.054126]),
        ("tone", tone(44_100, 42_336, 440.0), 44_100, [466.415575, 486.183405, 128.362277]),
        ("glide", glide(48_000, 46_080), 48_000, [2050.763112, 2114.268544, 146.954166]),
        ("half silent", half_silent(15_360), 16_000, [2198.211525, 3754.536290, 1277.590784]),
        ("short", noise(700), 8_000, [1975.729960, 3394.531250, 1158.019028]),
        ("one sample", vec![1.0], 44_100, [11025.000010, 18755.419922, 6371.499789]),
        ("silence", vec![0.0; 7_680], 8_000, [0.0; 3]),
    ];
    let mut analyzer = DescriptorAnalyzer::new();
    for (name, samples, rate, expected) in cases {
        let Descriptors { centroid_hz, rolloff_hz, bandwidth_hz } = analyzer.analyze(&samples, rate);
        for (ours, theirs) in [centroid_hz, rolloff_hz, bandwidth_hz].into_iter().zip(expected) {
            assert!((ours - theirs).abs() <= 1e-4 * theirs, "{name}: {ours} is not {theirs}");
        }
    }
}

#[test]
fn nothing_at_all_is_silence() {
    assert_eq!(DescriptorAnalyzer::new().analyze(&[], 16_000), Descriptors::default());
}
