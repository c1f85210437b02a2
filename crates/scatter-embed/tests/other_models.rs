//! Models that are not YAMNet, described by a file beside them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use std::path::Path;

use ndarray::{Array2, Array3};
use scatter_embed::onnx::{BatchAxis, GraphBuilder};
use scatter_embed::{EmbedError, Embedded, Embedder, ModelFile, ModelSpec, Runtime, find_runtime};

const SAMPLES: usize = 800;
const BLOCKS: usize = 5;
const DESCRIPTION: &str =
    "input = \"waveform\"\nsample_rate = 8000\nwindow = 0.1\nembedding = \"sums\"\nscores = \"means\"\n";

fn runtime(test: &str) -> Option<Runtime> {
    match find_runtime(None) {
        Ok(path) => Some(path),
        Err(error) => {
            println!("skipped: {test}: {error}");
            None
        }
    }
}

/// A model of 800 samples: the sums of five blocks of 160, and their means.
fn blocks(batch: BatchAxis) -> Vec<u8> {
    let mut graph = GraphBuilder::new("blocks", "").with_batch(batch);
    let x = graph.input("samples", &[SAMPLES]);
    let rows = graph.reshape(&x, &[-1, SAMPLES as i64]);
    for (name, weight) in [("sums", 1.0), ("means", (BLOCKS as f32) / SAMPLES as f32)] {
        let weights = graph.constant_from_fn("weights", &[SAMPLES, BLOCKS], |i| {
            if i / BLOCKS / (SAMPLES / BLOCKS) == i % BLOCKS { weight } else { 0.0 }
        });
        let bias = graph.constant_from_fn("bias", &[BLOCKS], |_| 0.0);
        let sums = graph.gemm(&rows, &weights, &bias);
        let axes: &[i64] = if batch == BatchAxis::Absent { &[BLOCKS as i64] } else { &[-1, BLOCKS as i64] };
        let sums = graph.reshape(&sums, axes);
        graph.output(name, &sums, &[BLOCKS]);
    }
    graph.finish()
}

fn load(runtime: &Runtime, folder: &Path, model: &[u8], description: &str) -> Result<Embedder, EmbedError> {
    let path = folder.join("blocks.onnx");
    std::fs::write(&path, model).unwrap();
    std::fs::write(folder.join("blocks.toml"), description).unwrap();
    Embedder::load(runtime, ModelFile::identify(&path)?, &ModelSpec::of(&path)?, 1)
}

/// Whole numbers below 64, whose sums are exact.
fn points(count: usize) -> Array2<f32> {
    Array2::from_shape_fn((count, SAMPLES), |(point, sample)| ((point * 37 + sample * sample) % 64) as f32)
}

#[test]
fn samples_reach_the_model_in_order_whether_it_takes_many_points_or_one() {
    const TEST: &str = "samples_reach_the_model_in_order_whether_it_takes_many_points_or_one";
    let Some(runtime) = runtime(TEST) else { return };
    let folder = tempfile::tempdir().unwrap();
    let points = points(37);
    let sums = Array2::from_shape_fn((37, BLOCKS), |(point, block)| {
        points.row(point).iter().skip(block * 160).take(160).sum::<f32>()
    });
    for batch in [BatchAxis::Open, BatchAxis::One, BatchAxis::Absent] {
        let mut embedder = load(&runtime, folder.path(), &blocks(batch), DESCRIPTION).unwrap();
        let Embedded { embeddings, scores } = embedder.embed(points.view()).unwrap();
        assert_eq!(embeddings, sums, "{batch:?}");
        assert!((scores * 160.0 - &sums).iter().all(|off| off.abs() < 1e-2), "{batch:?}");
        let none = embedder.embed(Array2::zeros((0, SAMPLES)).view()).unwrap();
        assert_eq!((none.embeddings.dim(), none.scores.dim()), ((0, BLOCKS), (0, BLOCKS)));
        let wrong = embedder.embed(Array2::zeros((37, 799)).view()).unwrap_err();
        assert_eq!(wrong.to_string(), "points must have the shape [n, 800], not [37, 799]");
        let without = DESCRIPTION.replace("scores = \"means\"\n", "");
        let mut embedder = load(&runtime, folder.path(), &blocks(batch), &without).unwrap();
        assert_eq!(embedder.embed(points.view()).unwrap().scores.dim(), (37, 0));
    }
}

#[test]
fn a_log_mel_model_may_have_names_and_dimensions_of_its_own() {
    const TEST: &str = "a_log_mel_model_may_have_names_and_dimensions_of_its_own";
    let Some(runtime) = runtime(TEST) else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut graph = GraphBuilder::new("corner", "");
    let x = graph.input("picture", &[96, 64]);
    let flat = graph.flatten(&x);
    // The value of frame 7, band 11.
    let weights = graph.constant_from_fn("w", &[96 * 64, 1], |i| f32::from(u8::from(i == 7 * 64 + 11)));
    let bias = graph.constant_from_fn("b", &[1], |_| 0.0);
    let y = graph.gemm(&flat, &weights, &bias);
    graph.output("corner", &y, &[1]);
    let description = "name = \"Corner\"\ninput = \"log-mel\"\nembedding = \"corner\"\n";
    let mut embedder = load(&runtime, folder.path(), &graph.finish(), description).unwrap();
    let patches =
        Array3::from_shape_fn((3, 96, 64), |(p, frame, band)| (p * 10_000 + frame * 64 + band) as f32);
    let embedded = embedder.embed(patches.view()).unwrap();
    assert_eq!(embedded.embeddings, ndarray::array![[459.0], [10_459.0], [20_459.0]]);
}

#[test]
fn a_model_that_is_not_as_described_is_refused_with_the_key_to_mend() {
    const TEST: &str = "a_model_that_is_not_as_described_is_refused_with_the_key_to_mend";
    let Some(runtime) = runtime(TEST) else { return };
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("three.txt"), "a\nb\nc\n").unwrap();
    let model = blocks(BatchAxis::Open);
    for (from, to, wanted) in [
        (
            "window = 0.1",
            "window = 0.2",
            "its input `samples` (`window` in blocks.toml) has the shape [-1, 800]",
        ),
        (
            "input = \"waveform\"",
            "input = \"waveform\"\ninput_name = \"x\"",
            "no input `x` (`input_name` in blocks.toml)",
        ),
        ("\"sums\"", "\"sum\"", "no output `sum` (`embedding` in blocks.toml) (it has: sums, means)"),
        ("\"means\"", "\"probabilities\"", "no output `probabilities` (`scores` in blocks.toml)"),
        (
            "\"means\"\n",
            "\"means\"\nclasses = \"three.txt\"\n",
            "its output `means` (`scores` in blocks.toml) has the shape [-1, 5]",
        ),
    ] {
        let error = match load(&runtime, folder.path(), &model, &DESCRIPTION.replace(from, to)) {
            Err(error) => error.to_string(),
            Ok(_) => panic!("{to} was accepted"),
        };
        assert!(error.contains(wanted) && error.contains("blocks.onnx"), "{wanted} is missing in: {error}");
    }
}
