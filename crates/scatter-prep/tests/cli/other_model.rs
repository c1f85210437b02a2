//! Models that are not YAMNet: what they are given is the sound at its own rate, what they give is on the map.

use std::fs;

use scatter_dataset::Classes;
use scatter_embed::onnx::GraphBuilder;

use crate::support::{Dataset, Workspace, complaint, report};

const RATE: usize = 48_000;
/// 3 s, in six blocks of half a second.
const SAMPLES: usize = 144_000;
const BLOCK: usize = 24_000;
const NAMES: [&str; 6] = ["Wren", "Robin", "Rook", "Crow", "Owl", "Swift"];

/// Writes a model that gives the mean of each block, as embedding and as scores.
fn block_means(workspace: &Workspace, description: &str) {
    let mut graph = GraphBuilder::new("means", "");
    let x = graph.input("samples", &[SAMPLES]);
    let weights = graph.constant_from_fn("w", &[SAMPLES, 6], |i| {
        if i / 6 / BLOCK == i % 6 { 1.0 / BLOCK as f32 } else { 0.0 }
    });
    let bias = graph.constant_from_fn("b", &[6], |_| 0.0);
    let means = graph.gemm(&x, &weights, &bias);
    graph.output("means", &means, &[6]);
    graph.output("again", &means, &[6]);
    fs::write(workspace.path().join("birds.onnx"), graph.finish()).unwrap();
    fs::write(workspace.path().join("birds.txt"), NAMES.join("\n")).unwrap();
    fs::write(workspace.path().join("birds.toml"), description).unwrap();
}

const DESCRIPTION: &str = "name = \"Birds 1\"\ninput = \"waveform\"\nsample_rate = 48000\nwindow = 3\n\
                           embedding = \"means\"\nscores = \"again\"\nclasses = \"birds.txt\"\n";

/// Samples of half-second steps, each at a level of its own, with one loud sample at `peak`.
fn steps(seconds: usize, peak: Option<usize>) -> Vec<f32> {
    let level = |at: usize| 0.01 + 0.03 * ((at / BLOCK * 7) % 23) as f32;
    (0..seconds * RATE).map(|at| if Some(at) == peak { 0.9 } else { level(at) }).collect()
}

fn write(workspace: &Workspace, file: &str, samples: &[f32]) {
    let path = workspace.path().join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE as u32,
        bits_per_sample: 32,
        sample_format: hound::SampleFormat::Float,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    samples.iter().for_each(|&sample| writer.write_sample(sample).unwrap());
    writer.finalize().unwrap();
}

/// Means of the six blocks of the 3 s from `start` on, silence beyond the end.
fn means(samples: &[f32], start: usize) -> Vec<f32> {
    let sample = |at: usize| samples.get(at).copied().unwrap_or(0.0);
    let mean = |block: usize| {
        let from = start + block * BLOCK;
        (from..from + BLOCK).map(|at| f64::from(sample(at))).sum::<f64>() / BLOCK as f64
    };
    (0..6).map(|block| mean(block) as f32).collect()
}

/// Checks the best five scores of a point against the means.
fn assert_heard(classes: &Classes, point: usize, means: &[f32]) {
    for (class, score) in classes.top[point].iter().zip(&classes.scores[point]) {
        let wanted = means[*class as usize];
        assert!((score - wanted).abs() < 0.0011, "point {point}: {score}, not {wanted}");
        assert_eq!(classes.names[class], NAMES[*class as usize]);
    }
    assert_eq!(classes.top[point].len(), 5);
}

fn prepare(workspace: &Workspace, input: &[&str]) -> (serde_json::Value, Dataset) {
    let report = report(&workspace.run(&[input, &["--model", "birds.onnx", "--json"]].concat()));
    let dataset = workspace.dataset(report["name"].as_str().unwrap());
    (report, dataset)
}

#[test]
fn a_waveform_model_hears_each_file_around_its_loudest_sample_at_its_own_rate() {
    let Some(workspace) = Workspace::new("waveform model, clips") else { return };
    block_means(&workspace, DESCRIPTION);
    // Around the peak, moved inside at either end, padded where the file is short.
    let cases = [(10, 250_000, 178_000), (10, 10_000, 0), (10, 479_000, 336_000), (2, 50_000, 0)];
    for (number, (seconds, peak, _)) in cases.iter().enumerate() {
        write(&workspace, &format!("sounds/{number}.wav"), &steps(*seconds, Some(*peak)));
    }
    let (report, dataset) = prepare(&workspace, &["-d", "sounds"]);
    assert_eq!((&report["points"], &report["model"]), (&4.into(), &"Birds 1".into()));
    assert_eq!(dataset.config.model.as_ref().unwrap().name, "Birds 1");
    let classes = dataset.projections.classes.as_ref().unwrap();
    for (number, (seconds, peak, start)) in cases.iter().enumerate() {
        let point = dataset.projections.idx.iter().position(|&file| file == number as u64).unwrap();
        assert_heard(classes, point, &means(&steps(*seconds, Some(*peak)), *start));
    }
    // What is played is the clip as ever.
    assert_eq!(dataset.config.audio.samples, Some(4 * 15_360));
}

#[test]
fn a_waveform_model_hears_a_recording_around_the_middle_of_each_window() {
    let Some(workspace) = Workspace::new("waveform model, recording") else { return };
    block_means(&workspace, DESCRIPTION);
    let samples = steps(9, None);
    write(&workspace, "dawn.wav", &samples);
    let (report, dataset) = prepare(&workspace, &["-f", "dawn.wav", "--jobs", "2"]);
    let classes = dataset.projections.classes.as_ref().unwrap();
    assert_eq!(report["points"], 18);
    for point in 0..18 {
        let middle = (0.48 * point as f64 + 0.48) * RATE as f64;
        let start = (middle as usize).saturating_sub(SAMPLES / 2).min(samples.len() - SAMPLES);
        assert_heard(classes, point, &means(&samples, start));
    }
}

#[test]
fn a_model_without_scores_makes_a_map_without_classes() {
    let Some(workspace) = Workspace::new("no scores") else { return };
    block_means(
        &workspace,
        "input = \"waveform\"\nsample_rate = 48000\nwindow = 3.0\nembedding = \"means\"\n",
    );
    workspace.tones();
    let (report, dataset) = prepare(&workspace, &["-d", "sounds"]);
    assert_eq!((&report["points"], &report["model"]), (&18.into(), &"birds".into()));
    assert!(dataset.projections.classes.is_none());
}

#[test]
fn a_description_with_a_mistake_is_named_before_any_work() {
    let Some(workspace) = Workspace::new("a wrong description") else { return };
    workspace.tones();
    for (from, to, wanted) in [
        ("window = 3", "windows = 3", "unknown field `windows`"),
        ("window = 3", "window = 2", "(`window` in birds.toml) has the shape [-1, 144000]"),
        ("birds.txt", "bees.txt", "bees.txt cannot be read"),
    ] {
        block_means(&workspace, &DESCRIPTION.replace(from, to));
        let output = workspace.run(&["-d", "sounds", "--model", "birds.onnx"]);
        assert_eq!(output.status.code(), Some(1));
        let said = complaint(&output);
        assert!(said.contains("birds.") && said.contains(wanted), "{wanted} is missing in: {said}");
        assert_eq!(fs::read_dir(workspace.path().join("data")).map_or(0, Iterator::count), 0);
    }
}

#[test]
fn audioset_labels_need_a_model_that_scores_audioset() {
    let Some(workspace) = Workspace::new("audioset labels of another model") else { return };
    block_means(&workspace, DESCRIPTION);
    workspace.tones();
    let output = workspace.run(&["-d", "sounds", "--model", "birds.onnx", "--labels", "audioset"]);
    assert_eq!(output.status.code(), Some(1));
    let said = complaint(&output);
    assert!(said.contains("Birds 1 has no AudioSet scores"), "{said}");
    assert!(!workspace.path().join("data").exists(), "refused before any work");
}
