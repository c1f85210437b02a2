//! Google's weights file, laid out as published, becomes the model that the weights are known to make.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use std::error::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use ndarray::{Array1, Array2, Array3, ArrayView3};
use ndarray_npy::NpzReader;
use scatter_embed::{
    EmbedError, Embedder, LogMel, MEL_BANDS, ModelFile, ModelSpec, PATCH_FRAMES, Runtime, convert_yamnet,
    find_runtime,
};

const STAND_IN: &str = "yamnet_standin.h5";

fn folder(test: &str, variable: &str) -> Option<PathBuf> {
    let folder = std::env::var_os(variable).map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: {test}: {variable} is not set");
    }
    folder
}

/// Numbers without pattern, between 0 and 1.
fn numbers(seed: u32) -> impl FnMut() -> f32 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 24) as f32
    }
}

fn largest_difference(a: &Array2<f32>, b: &Array2<f32>) -> f32 {
    assert_eq!(a.dim(), b.dim());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// An error's message with those of its causes.
fn chain(error: &EmbedError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[test]
fn converted_weights_give_the_embeddings_of_the_known_model() {
    const TEST: &str = "converted_weights_give_the_embeddings_of_the_known_model";
    let Some(models) = folder(TEST, "SCATTER_MODELS") else { return };
    let bytes = convert_yamnet(&models.join(STAND_IN)).unwrap();
    assert_eq!(bytes, convert_yamnet(&models.join(STAND_IN)).unwrap(), "a second conversion differs");
    let runtime = match find_runtime(None) {
        Ok(path) => path,
        Err(error) => return println!("skipped: {TEST}: {error}"),
    };
    let temporary = tempfile::tempdir().unwrap();
    let converted = temporary.path().join("yamnet.onnx");
    fs::write(&converted, bytes).unwrap();
    let mut known = load(&runtime, &models.join("yamnet.onnx"));
    let mut converted = load(&runtime, &converted);

    let mut compare = |name: &str, patches: ArrayView3<'_, f32>| {
        let (known, converted) = (known.embed(patches).unwrap(), converted.embed(patches).unwrap());
        let embeddings = largest_difference(&known.embeddings, &converted.embeddings);
        let scores = largest_difference(&known.scores, &converted.scores);
        println!("{name}: embeddings differ by {embeddings:.1e} at most, scores by {scores:.1e}");
        assert!(embeddings <= 1e-5 && scores <= 1e-5, "{name}: {embeddings}, {scores}");
    };
    // Log-mel energies run from −6.9 (silence) to about 3.
    let mut number = numbers(3);
    let random = Array3::from_shape_fn((16, PATCH_FRAMES, MEL_BANDS), |_| 10.0 * number() - 7.0);
    compare("random patches", random.view());

    let Some(reference) = folder(TEST, "SCATTER_TEST_REFERENCE") else { return };
    let mut front_end = LogMel::new();
    let mut clips: Vec<PathBuf> = fs::read_dir(reference)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension().is_some_and(|e| e == "npz") && !path.ends_with("frontend_constants.npz")
        })
        .collect();
    clips.sort();
    assert!(!clips.is_empty());
    for clip in clips {
        let waveform: Array1<f32> =
            NpzReader::new(File::open(&clip).unwrap()).unwrap().by_name("waveform").unwrap();
        let patches = front_end.patches(waveform.as_slice().unwrap());
        compare(&clip.file_stem().unwrap().to_string_lossy(), patches.view());
    }
}

fn load(runtime: &Runtime, model: &Path) -> Embedder {
    Embedder::load(runtime, ModelFile::identify(model).unwrap(), &ModelSpec::yamnet(), 1).unwrap()
}

#[test]
fn a_file_that_is_not_yamnets_weights_is_refused_by_name() {
    let temporary = tempfile::tempdir().unwrap();
    let refused = |name: &str, bytes: &[u8]| {
        let path = temporary.path().join(name);
        fs::write(&path, bytes).unwrap();
        let error = convert_yamnet(&path).unwrap_err();
        assert!(error.to_string().contains(name), "{error}");
        error
    };
    assert!(matches!(refused("empty.h5", b""), EmbedError::NotHdf5 { .. }));
    assert!(matches!(refused("page.h5", b"<html>404</html>"), EmbedError::NotHdf5 { .. }));
    assert!(matches!(refused("zeros.h5", &[0; 4_096]), EmbedError::NotHdf5 { .. }));
    assert!(matches!(refused("signature.h5", b"\x89HDF\r\n\x1a\n"), EmbedError::NotHdf5 { .. }));
    let missing = convert_yamnet(&temporary.path().join("missing.h5")).unwrap_err();
    assert!(matches!(missing, EmbedError::Read { .. }));
    let huge = temporary.path().join("huge.h5");
    File::create(&huge).unwrap().set_len(1 << 30).unwrap();
    assert!(matches!(convert_yamnet(&huge), Err(EmbedError::WeightsTooLarge { .. })));
}

#[test]
fn a_damaged_weights_file_is_an_error_or_harmless_but_never_a_panic() {
    const TEST: &str = "a_damaged_weights_file_is_an_error_or_harmless_but_never_a_panic";
    let Some(models) = folder(TEST, "SCATTER_MODELS") else { return };
    let whole = fs::read(models.join(STAND_IN)).unwrap();
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("damaged.h5");
    for cut in [1, 8, 100, 2_000, 50_000, 1_000_000, whole.len() / 2, whole.len() - 1] {
        fs::write(&path, &whole[..cut]).unwrap();
        let error = convert_yamnet(&path).unwrap_err();
        println!("cut at {cut}: {}", chain(&error));
    }
    // The names and shapes lie between the weights; damage in the first pages hits mostly them.
    let mut number = numbers(11);
    for _ in 0..40 {
        let mut damaged = whole.clone();
        for _ in 0..4 {
            let place = (number() * 65_536.0) as usize;
            damaged[place] = (number() * 256.0) as u8;
        }
        fs::write(&path, damaged).unwrap();
        let _ = convert_yamnet(&path);
    }
}
