//! The whole way from waveform to embedding, through a real ONNX Runtime.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use std::fs::File;
use std::path::{Path, PathBuf};

use ndarray::{Array1, Array2, Array3, ArrayView1, Axis, concatenate};
use ndarray_npy::NpzReader;
use scatter_embed::onnx::{GraphBuilder, projection_model};
use scatter_embed::{
    CLASSES, EMBEDDING, EmbedError, Embedded, Embedder, LogMel, MEL_BANDS, ModelFile, ModelSpec,
    PATCH_FRAMES, Runtime, class_name, find_runtime, top_classes,
};

/// The runtime of this machine, or a line that says why the test is skipped.
fn runtime(test: &str) -> Option<Runtime> {
    match find_runtime(None) {
        Ok(path) => Some(path),
        Err(error) => {
            println!("skipped: {test}: {error}");
            None
        }
    }
}

fn folder(test: &str, variable: &str) -> Option<PathBuf> {
    let folder = std::env::var_os(variable).map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: {test}: {variable} is not set");
    }
    folder
}

fn yamnet(models: &Path) -> ModelFile {
    ModelFile::identify(&models.join("yamnet.onnx")).unwrap()
}

fn saved(folder: &Path, bytes: &[u8]) -> ModelFile {
    let path = folder.join("model.onnx");
    std::fs::write(&path, bytes).unwrap();
    ModelFile::identify(&path).unwrap()
}

fn cosine(a: ArrayView1<'_, f32>, b: ArrayView1<'_, f32>) -> f64 {
    let dot = |a: ArrayView1<'_, f32>, b: ArrayView1<'_, f32>| -> f64 {
        a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
    };
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

fn largest_difference(a: &Array2<f32>, b: &Array2<f32>) -> f32 {
    assert_eq!(a.dim(), b.dim());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// A tone whose pitch rises with `step`, as a patch.
fn tone(front_end: &mut LogMel, step: usize) -> Array3<f32> {
    let hz = 200.0 * 1.05_f32.powi(step as i32);
    let wave: Vec<f32> =
        (0..15_360).map(|n| 0.5 * (std::f32::consts::TAU * hz * n as f32 / 16_000.0).sin()).collect();
    Array3::from_shape_vec((1, PATCH_FRAMES, MEL_BANDS), front_end.patch(&wave)).unwrap()
}

fn tones(count: usize) -> Array3<f32> {
    let mut front_end = LogMel::new();
    let patches: Vec<Array3<f32>> = (0..count).map(|step| tone(&mut front_end, step)).collect();
    concatenate(Axis(0), &patches.iter().map(|patch| patch.view()).collect::<Vec<_>>()).unwrap()
}

fn in_batches(size: usize, embedder: &mut Embedder, patches: &Array3<f32>) -> Embedded {
    let rows: Vec<Embedded> =
        patches.axis_chunks_iter(Axis(0), size).map(|patch| embedder.embed(patch).unwrap()).collect();
    let stack = |of: fn(&Embedded) -> &Array2<f32>| {
        concatenate(Axis(0), &rows.iter().map(|row| of(row).view()).collect::<Vec<_>>()).unwrap()
    };
    Embedded { embeddings: stack(|row| &row.embeddings), scores: stack(|row| &row.scores) }
}

#[test]
fn embeddings_and_scores_equal_the_reference_implementation() {
    const TEST: &str = "embeddings_and_scores_equal_the_reference_implementation";
    let (Some(runtime), Some(models), Some(reference)) =
        (runtime(TEST), folder(TEST, "SCATTER_MODELS"), folder(TEST, "SCATTER_TEST_REFERENCE"))
    else {
        return;
    };
    let mut embedder = Embedder::load(&runtime, yamnet(&models), &ModelSpec::yamnet(), 1).unwrap();
    let mut front_end = LogMel::new();
    let mut paths: Vec<PathBuf> = std::fs::read_dir(reference)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension().is_some_and(|e| e == "npz") && !path.ends_with("frontend_constants.npz")
        })
        .collect();
    paths.sort();
    assert!(paths.len() >= 14, "only {} clips", paths.len());
    for path in paths {
        let name = path.file_stem().unwrap().to_string_lossy();
        let mut clip = NpzReader::new(File::open(&path).unwrap()).unwrap();
        let waveform: Array1<f32> = clip.by_name("waveform").unwrap();
        let embeddings: Array2<f32> = clip.by_name("embeddings").unwrap();
        let scores: Array2<f32> = clip.by_name("scores").unwrap();
        let found = embedder.embed(front_end.patches(waveform.as_slice().unwrap()).view()).unwrap();
        assert_eq!(found.embeddings.dim(), embeddings.dim(), "{name}");
        let worst = found
            .embeddings
            .rows()
            .into_iter()
            .zip(embeddings.rows())
            .map(|(found, expected)| cosine(found, expected))
            .fold(1.0, f64::min);
        let off = largest_difference(&found.scores, &scores);
        println!("{name}: lowest cosine {worst:.8}, largest score difference {off:.1e}");
        assert!(worst >= 0.99999, "{name}: cosine {worst}");
        assert!(off <= 1e-4, "{name}: scores differ by {off}");
        if name == "syn_sine440_1s" {
            let top = top_classes(found.scores.row(0).as_slice().unwrap(), 4);
            let names: Vec<&str> = top.iter().map(|&(index, _)| class_name(index).unwrap()).collect();
            // Google's published order for 440 Hz, with .990, .984, .973 and .924.
            assert_eq!(names, ["Telephone", "Dial tone", "Busy signal", "Alarm"]);
        }
    }
}

#[test]
fn results_do_not_depend_on_batches_threads_or_runs() {
    const TEST: &str = "results_do_not_depend_on_batches_threads_or_runs";
    let Some(runtime) = runtime(TEST) else { return };
    let temporary = tempfile::tempdir().unwrap();
    let model = match folder(TEST, "SCATTER_MODELS") {
        Some(models) => yamnet(&models),
        None => saved(temporary.path(), &projection_model(1)),
    };
    let patches = tones(35);
    let mut single = Embedder::load(&runtime, &model, &ModelSpec::yamnet(), 1).unwrap();
    let together = single.embed(patches.view()).unwrap();
    assert_eq!(single.embed(patches.view()).unwrap(), together, "a second run differs");
    for size in [1, 3, 7, 16] {
        // Bit by bit: a run that goes on after a break has other batches than one that goes through.
        assert_eq!(in_batches(size, &mut single, &patches), together, "in batches of {size}");
    }
    let mut double = Embedder::load(&runtime, &model, &ModelSpec::yamnet(), 2).unwrap();
    let other = double.embed(patches.view()).unwrap();
    assert!(largest_difference(&other.embeddings, &together.embeddings) <= 1e-5);
    assert!(largest_difference(&other.scores, &together.scores) <= 1e-5);
}

#[test]
fn no_patches_give_no_rows_and_strange_strides_do_no_harm() {
    const TEST: &str = "no_patches_give_no_rows_and_strange_strides_do_no_harm";
    let Some(runtime) = runtime(TEST) else { return };
    let temporary = tempfile::tempdir().unwrap();
    let mut embedder =
        Embedder::load(&runtime, saved(temporary.path(), &projection_model(1)), &ModelSpec::yamnet(), 0)
            .unwrap();
    let none = embedder.embed(Array3::zeros((0, PATCH_FRAMES, MEL_BANDS)).view()).unwrap();
    assert_eq!((none.embeddings.dim(), none.scores.dim()), ((0, EMBEDDING), (0, CLASSES)));

    let patches = tones(3);
    let mut transposed = Array3::zeros((3, MEL_BANDS, PATCH_FRAMES));
    transposed.assign(&patches.view().permuted_axes([0, 2, 1]));
    let strided = embedder.embed(transposed.view().permuted_axes([0, 2, 1])).unwrap();
    assert_eq!(strided, embedder.embed(patches.view()).unwrap());
    let wrong = embedder.embed(transposed.view()).unwrap_err();
    assert_eq!(wrong.to_string(), "points must have the shape [n, 96, 64], not [3, 64, 96]");
}

#[test]
fn the_projection_model_keeps_like_sounds_together() {
    const TEST: &str = "the_projection_model_keeps_like_sounds_together";
    let bytes = projection_model(7);
    assert_eq!(bytes, projection_model(7), "the same seed gave another model");
    assert_ne!(bytes, projection_model(8));
    let Some(runtime) = runtime(TEST) else { return };
    let temporary = tempfile::tempdir().unwrap();
    let model = saved(temporary.path(), &bytes);
    assert_eq!(model.name, "model");
    let found =
        Embedder::load(&runtime, &model, &ModelSpec::yamnet(), 1).unwrap().embed(tones(60).view()).unwrap();
    assert!(found.embeddings.iter().all(|&value| value >= 0.0 && value.is_finite()));
    assert!(found.scores.iter().all(|&value| (0.0..=1.0).contains(&value)));
    let distance = |a: usize, b: usize| -> f32 {
        (&found.embeddings.row(a) - &found.embeddings.row(b)).mapv(|v| v * v).sum().sqrt()
    };
    // Neighbours are a semitone apart, the others two octaves and more.
    for step in 1..28 {
        assert!(distance(step, step - 1) < distance(step, step + 31), "tone {step}");
        assert!(distance(step, step - 1) > 0.0, "tones {step} and {} coincide", step - 1);
    }
}

#[test]
fn a_model_of_another_kind_is_refused_with_what_differs() {
    const TEST: &str = "a_model_of_another_kind_is_refused_with_what_differs";
    let Some(runtime) = runtime(TEST) else { return };
    let temporary = tempfile::tempdir().unwrap();
    let load = |bytes: &[u8]| match Embedder::load(
        &runtime,
        saved(temporary.path(), bytes),
        &ModelSpec::yamnet(),
        1,
    ) {
        Err(error) => error,
        Ok(_) => panic!("the model was accepted"),
    };
    assert!(matches!(load(b"not a model"), EmbedError::ModelUnreadable { .. }));
    let whole = projection_model(1);
    assert!(matches!(load(&whole[..whole.len() / 2]), EmbedError::ModelUnreadable { .. }));

    let network = |input: (&str, &[usize]), outputs: &[&str]| {
        let mut graph = GraphBuilder::new("other", "");
        let x = graph.input(input.0, input.1);
        let y = graph.relu(&x);
        for output in outputs {
            graph.output(output, &y, input.1);
        }
        graph.finish()
    };
    for (bytes, part) in [
        (
            network(("waveform", &[96, 64]), &["embeddings", "scores"]),
            "no input `patches` (it has: waveform)",
        ),
        (network(("patches", &[64, 96]), &["embeddings", "scores"]), "`patches` has the shape [-1, 64, 96]"),
        (network(("patches", &[96, 64]), &["scores"]), "no output `embeddings` (it has: scores)"),
        (network(("patches", &[96, 64]), &["embeddings"]), "`embeddings` has the shape [-1, 96, 64]"),
    ] {
        let message = load(&bytes).to_string();
        assert!(message.contains(part), "{part} is missing in: {message}");
    }
}

#[test]
fn a_file_that_is_no_library_is_refused() {
    let temporary = tempfile::tempdir().unwrap();
    let model = saved(temporary.path(), &projection_model(1));
    let library = temporary.path().join("libonnxruntime.so");
    let runtime = Runtime::OnnxRuntime(library.clone());
    let missing = Embedder::load(&runtime, &model, &ModelSpec::yamnet(), 1);
    assert!(matches!(missing, Err(EmbedError::RuntimeUnusable { .. })));
    std::fs::write(&library, b"no library").unwrap();
    let broken = Embedder::load(&runtime, &model, &ModelSpec::yamnet(), 1);
    // Where another test of this process has loaded the real one, that is the reason given.
    assert!(matches!(
        broken,
        Err(EmbedError::RuntimeUnusable { .. } | EmbedError::RuntimeAlreadyLoaded { .. })
    ));
}

#[cfg(feature = "rten")]
#[test]
fn both_runtimes_hear_the_same() {
    use scatter_embed::Model;
    const TEST: &str = "both_runtimes_hear_the_same";
    let mut front_end = LogMel::new();
    let tones: Vec<Array3<f32>> = (0..20).map(|step| tone(&mut front_end, 3 * step)).collect();
    let tones: Vec<_> = tones.iter().map(|tone| tone.view()).collect();
    let tones = concatenate(Axis(0), &tones).unwrap();
    let Some(usual) = runtime(TEST) else { return };
    let yamnet = std::env::var_os("SCATTER_MODELS").map(|models| Model::File(yamnet(Path::new(&models))));
    for model in yamnet.into_iter().chain([Model::Mini]) {
        let spec = model.spec().unwrap();
        let heard = |runtime: &Runtime| {
            Embedder::load(runtime, &model, &spec, 1).unwrap().embed(tones.view()).unwrap()
        };
        let (usual, last) = (heard(&usual), heard(&Runtime::Rten));
        assert!(usual.embeddings.iter().any(|&value| value > 0.1), "{}", model.name());
        // The same sums in another order.
        assert!(largest_difference(&usual.embeddings, &last.embeddings) < 1e-4, "{}", model.name());
        assert!(largest_difference(&usual.scores, &last.scores) < 1e-4, "{}", model.name());
    }
}
