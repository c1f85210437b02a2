//! From a file to an embedding, against other libraries all the way, and against the reference implementation.
//!
//! `parity.py` beside this file made the embeddings in `fixtures/`: libsndfile, soxr at its best quality, numpy, ONNX
//! Runtime from Python.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise, its helpers too")]

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use ndarray::{Array1, Array2, ArrayView1, ArrayView3};
use ndarray_npy::{NpzReader, ReadNpyExt};
use scatter_audio::{ClipReader, Recording};
use scatter_embed::{Embedder, LogMel, MEL_BANDS, ModelFile, ModelSpec, PATCH_FRAMES, find_runtime};
use serde::Deserialize;

const HOP: usize = 7_680;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fixture {
    model_sha256: String,
    clips: Vec<FixtureClip>,
}

#[derive(Deserialize)]
struct FixtureClip {
    root: String,
    file: String,
    rate: u32,
    start: f64,
}

fn folder(test: &str, variable: &str) -> Option<PathBuf> {
    let folder = std::env::var_os(variable).map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: {test}: {variable} is not set");
    }
    folder
}

/// The model of this SHA-256, ready to run.
fn embedder(test: &str, sha256: &str) -> Option<Embedder> {
    let model = ModelFile::identify(&folder(test, "SCATTER_MODELS")?.join("yamnet.onnx")).unwrap();
    if model.sha256 != sha256 {
        println!(
            "skipped: {test}: the embeddings were made with another model than {}",
            model.path.display()
        );
        return None;
    }
    match find_runtime(None) {
        Ok(runtime) => Some(Embedder::load(&runtime, &model, &ModelSpec::yamnet(), 1).unwrap()),
        Err(error) => {
            println!("skipped: {test}: {error}");
            None
        }
    }
}

fn embed(embedder: &mut Embedder, log_mel: &mut LogMel, window: &[f32]) -> Array1<f32> {
    let patch = log_mel.patch(window);
    let patches = ArrayView3::from_shape((1, PATCH_FRAMES, MEL_BANDS), &patch).unwrap();
    embedder.embed(patches).unwrap().embeddings.row(0).to_owned()
}

fn cosine(a: ArrayView1<'_, f32>, b: ArrayView1<'_, f32>) -> f64 {
    let dot = |a: ArrayView1<'_, f32>, b: ArrayView1<'_, f32>| -> f64 {
        a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
    };
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

/// Windows of `samples` at 16 kHz, as a recording gives them.
fn windows(samples: &[f32]) -> Vec<Vec<f32>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recording.wav");
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 16_000,
        bits_per_sample: 32,
        sample_format: hound::SampleFormat::Float,
    };
    let mut writer = hound::WavWriter::create(&path, spec).unwrap();
    samples.iter().for_each(|&x| writer.write_sample(x).unwrap());
    writer.finalize().unwrap();
    let mut recording = Recording::open(&path, HOP).unwrap();
    std::iter::from_fn(|| recording.next_window(&mut |_| {}).unwrap()).map(|window| window.samples).collect()
}

#[test]
fn original_files_have_the_embeddings_of_a_high_quality_chain_of_other_libraries() {
    const TEST: &str = "original_files_have_the_embeddings";
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let Fixture { model_sha256, clips } =
        serde_json::from_reader(File::open(fixtures.join("parity.json")).unwrap()).unwrap();
    let expected = Array2::<f32>::read_npy(File::open(fixtures.join("parity.npy")).unwrap()).unwrap();
    assert_eq!(expected.nrows(), clips.len());
    assert!(clips.len() >= 30);
    let Some(mut embedder) = embedder(TEST, &model_sha256) else { return };
    let (Some(audio), Some(stress)) =
        (folder(TEST, "SCATTER_TEST_AUDIO"), folder(TEST, "SCATTER_TEST_STRESS"))
    else {
        return;
    };
    let roots = BTreeMap::from([("audio", audio), ("stress", stress)]);
    let (mut reader, mut log_mel) = (ClipReader::new(), LogMel::new());
    let mut cosines = Vec::new();
    for (clip, expected) in clips.iter().zip(expected.rows()) {
        let found = reader.read(&roots[clip.root.as_str()].join(&clip.file)).unwrap();
        assert_eq!(found.source_rate, clip.rate, "{}", clip.file);
        assert!((found.start_seconds - clip.start).abs() < 1e-5, "{}: another region", clip.file);
        let cosine = cosine(embed(&mut embedder, &mut log_mel, &found.samples).view(), expected);
        println!("{cosine:.6} {} Hz {}", clip.rate, clip.file);
        cosines.push((cosine, &clip.file));
    }
    let mean = cosines.iter().map(|(cosine, _)| cosine).sum::<f64>() / cosines.len() as f64;
    let (lowest, file) = cosines.iter().min_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
    println!("{} clips: cosine at least {lowest:.6} ({file}), mean {mean:.6}", cosines.len());
    // 0.999 is promised; decoders and resamplers agree far better.
    assert!(*lowest >= 0.9999, "{file}: cosine {lowest}");
}

#[test]
fn a_recording_has_the_references_patches_but_for_a_last_one_that_is_nearly_all_padding() {
    let mut log_mel = LogMel::new();
    // Around each length where the reference adds a patch (15,600 and every 7,680 on), or we add a window.
    for edge in [15_360, 15_600, 16_896, 23_040, 23_280, 24_576, 30_720, 30_960, 32_256] {
        for samples in edge - 2..=edge + 2_usize {
            let wave: Vec<f32> = (0..samples).map(|n| 0.1 * (n as f32 * 0.3).sin()).collect();
            let theirs = log_mel.patches(&wave);
            let ours = windows(&wave);
            let patches = theirs.dim().0;
            let left_out = patches > 1 && samples < (patches - 2) * HOP + 15_360 + 1_536;
            assert_eq!(ours.len(), patches - usize::from(left_out), "{samples} samples");
            for (window, patch) in ours.iter().zip(theirs.outer_iter()) {
                assert!(patch.iter().eq(&log_mel.patch(window)), "{samples} samples: another patch");
            }
        }
    }
}

#[test]
fn each_window_of_a_recording_has_the_embedding_of_the_reference_the_padded_last_one_too() {
    const TEST: &str = "each_window_of_a_recording";
    let Some(reference) = folder(TEST, "SCATTER_TEST_REFERENCE") else { return };
    let Some(mut embedder) = embedder(TEST, scatter_embed::YAMNET_SHA256) else { return };
    let mut log_mel = LogMel::new();
    let (mut lowest, mut count, mut padded) = (1.0_f64, 0, 0);
    for name in [
        "baby_5000ms",
        "esc10_baby_cry",
        "esc10_chainsaw",
        "esc10_dog_bark",
        "esc10_rain",
        "esc10_rooster",
        "speech_whistling2",
        "syn_short_5000",
        "syn_uniform_noise_3s",
    ] {
        let mut clip = NpzReader::new(File::open(reference.join(format!("{name}.npz"))).unwrap()).unwrap();
        let wave: Array1<f32> = clip.by_name("waveform").unwrap();
        let expected: Array2<f32> = clip.by_name("embeddings").unwrap();
        let windows = windows(wave.as_slice().unwrap());
        padded += usize::from(wave.len() < (windows.len() - 1) * HOP + 15_360);
        for (k, window) in windows.iter().enumerate() {
            let cosine = cosine(embed(&mut embedder, &mut log_mel, window).view(), expected.row(k));
            assert!(cosine >= 0.99999, "{name}, window {k}: cosine {cosine}");
            lowest = lowest.min(cosine);
            count += 1;
        }
    }
    println!("{count} windows, {padded} of them padded: cosine at least {lowest:.8}");
    assert!(padded >= 3, "only {padded} padded windows");
}
