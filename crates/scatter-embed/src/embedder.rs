//! Patches to embeddings through ONNX Runtime.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ndarray::{Array2, ArrayView2, ArrayView3, ArrayViewMut2, Axis, Ix2};
use ort::environment::Environment;
use ort::session::{Session, SessionOutputs};
use ort::value::{Outlet, TensorElementType, TensorRef, ValueType};

use crate::{CLASSES, EMBEDDING, EmbedError, MEL_BANDS, ModelFile, PATCH_FRAMES};

/// Patches given to the model at once: larger batches are no faster on a CPU, and take memory.
const BATCH: usize = 16;
const INPUT: &str = "patches";
const EMBEDDINGS_OUTPUT: &str = "embeddings";
const SCORES_OUTPUT: &str = "scores";

/// The one ONNX Runtime of this process and the file it came from. Kept to the end: the library cannot be unloaded.
static RUNTIME: Mutex<Option<(PathBuf, Environment)>> = Mutex::new(None);

/// What the model makes of a number of patches, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedded {
    /// `[patches, 1024]`, each value 0 or more.
    pub embeddings: Array2<f32>,
    /// `[patches, 521]`, AudioSet scores, `0.0..=1.0`.
    pub scores: Array2<f32>,
}

/// A loaded model. For several threads make several: two sessions of one thread beat one session of two.
pub struct Embedder {
    session: Session,
    path: PathBuf,
}

impl Embedder {
    /// Opens the `runtime` library (once per process) and loads `model`, which will run on `threads` threads (at least 1).
    ///
    /// # Errors
    /// [`EmbedError::RuntimeUnusable`], [`EmbedError::RuntimeAlreadyLoaded`], [`EmbedError::ModelUnreadable`],
    /// [`EmbedError::ModelShape`] when inputs or outputs are not YAMNet's.
    pub fn load(runtime: &Path, model: &ModelFile, threads: usize) -> Result<Self, EmbedError> {
        let environment = environment(runtime)?;
        let session = open(&environment, &model.path, threads.max(1))
            .map_err(|source| EmbedError::ModelUnreadable { path: model.path.clone(), source })?;
        check_outlets(&session)
            .map_err(|problem| EmbedError::ModelShape { path: model.path.clone(), problem })?;
        Ok(Self { session, path: model.path.clone() })
    }

    /// Embeds `patches` `[n, 96, 64]` of natural-log mel energies, frame-major; the result has a row for each.
    ///
    /// `n` may be any number, 0 included; the model gets 16 at a time. A patch's result does not depend on the others
    /// beyond rounding (1e-5).
    ///
    /// # Errors
    /// [`EmbedError::PatchShape`], [`EmbedError::Inference`], [`EmbedError::ModelShape`] when the model's results are
    /// not as large as it declared.
    pub fn embed(&mut self, patches: ArrayView3<'_, f32>) -> Result<Embedded, EmbedError> {
        if patches.shape()[1..] != [PATCH_FRAMES, MEL_BANDS] {
            return Err(EmbedError::PatchShape { shape: patches.shape().to_vec() });
        }
        let n = patches.shape()[0];
        let mut embedded =
            Embedded { embeddings: Array2::zeros((n, EMBEDDING)), scores: Array2::zeros((n, CLASSES)) };
        let chunks = patches
            .axis_chunks_iter(Axis(0), BATCH)
            .zip(embedded.embeddings.axis_chunks_iter_mut(Axis(0), BATCH))
            .zip(embedded.scores.axis_chunks_iter_mut(Axis(0), BATCH));
        for ((batch, embeddings), scores) in chunks {
            let batch = batch.as_standard_layout();
            let inference =
                |source| EmbedError::Inference { path: self.path.clone(), patches: batch.shape()[0], source };
            let input = TensorRef::from_array_view(&batch).map_err(inference)?;
            let outputs = self.session.run(ort::inputs![INPUT => input]).map_err(inference)?;
            for (name, to) in [(EMBEDDINGS_OUTPUT, embeddings), (SCORES_OUTPUT, scores)] {
                copy_output(&outputs, name, to)
                    .map_err(|problem| EmbedError::ModelShape { path: self.path.clone(), problem })?;
            }
        }
        Ok(embedded)
    }
}

/// The process's ONNX Runtime, opened from `library` if none is yet.
fn environment(library: &Path) -> Result<Environment, EmbedError> {
    let unusable = |source: Box<dyn std::error::Error + Send + Sync>| EmbedError::RuntimeUnusable {
        path: library.to_owned(),
        source,
    };
    // A relative path would be looked for beside the executable, a link could hide that two paths are one file.
    let library = library.canonicalize().map_err(|error| unusable(error.into()))?;
    let mut runtime = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((loaded, environment)) = runtime.as_ref() {
        if *loaded != library {
            return Err(EmbedError::RuntimeAlreadyLoaded { loaded: loaded.clone(), asked: library });
        }
        return Ok(environment.clone());
    }
    let environment = ort::init_from(&library)
        .map_err(|error| unusable(error.to_string().into()))?
        .with_telemetry(false)
        .build()
        .map_err(|error| unusable(error.into()))?;
    *runtime = Some((library, environment.clone()));
    Ok(environment)
}

fn open(environment: &Environment, model: &Path, threads: usize) -> ort::Result<Session> {
    // Spinning threads burn the time that decoding needs.
    Session::builder(environment)?
        .with_intra_threads(threads)?
        .with_inter_threads(1)?
        .with_intra_op_spinning(false)?
        .commit_from_file(model)
}

fn check_outlets(session: &Session) -> Result<(), String> {
    if session.inputs().len() != 1 {
        return Err(format!("it has {} inputs", session.inputs().len()));
    }
    check_outlet("input", session.inputs(), INPUT, &[PATCH_FRAMES, MEL_BANDS])?;
    check_outlet("output", session.outputs(), EMBEDDINGS_OUTPUT, &[EMBEDDING])?;
    check_outlet("output", session.outputs(), SCORES_OUTPUT, &[CLASSES])
}

/// Finds the outlet `name` and compares its shape with `[batch, …expected]`; the batch must be open.
fn check_outlet(kind: &str, outlets: &[Outlet], name: &str, expected: &[usize]) -> Result<(), String> {
    let Some(outlet) = outlets.iter().find(|outlet| outlet.name() == name) else {
        let names: Vec<&str> = outlets.iter().map(Outlet::name).collect();
        return Err(format!("it has no {kind} `{name}` (it has: {})", names.join(", ")));
    };
    match outlet.dtype() {
        ValueType::Tensor { ty: TensorElementType::Float32, shape, .. } => {
            let open = |dimension: i64| dimension < 0;
            let fits = shape.len() == expected.len() + 1
                && open(shape[0])
                && shape[1..]
                    .iter()
                    .zip(expected)
                    .all(|(&found, &wanted)| open(found) || found == wanted as i64);
            if fits { Ok(()) } else { Err(format!("its {kind} `{name}` has the shape {:?}", &shape[..])) }
        }
        other => Err(format!("its {kind} `{name}` is {other}")),
    }
}

fn copy_output(
    outputs: &SessionOutputs<'_>,
    name: &str,
    mut to: ArrayViewMut2<'_, f32>,
) -> Result<(), String> {
    let value = outputs.get(name).ok_or_else(|| format!("it gave no output `{name}`"))?;
    let array = value.try_extract_array::<f32>().map_err(|error| error.to_string())?;
    let shape = array.shape().to_vec();
    match array.into_dimensionality::<Ix2>() {
        Ok(array) if array.dim() == to.dim() => {
            to.assign(&ArrayView2::from(&array));
            Ok(())
        }
        _ => Err(format!(
            "its output `{name}` came with the shape {shape:?} where {:?} was expected",
            to.dim()
        )),
    }
}
