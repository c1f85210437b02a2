//! Points to embeddings through ONNX Runtime.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ndarray::{Array2, ArrayView, Axis, Dimension, RemoveAxis};
use ort::environment::Environment;
use ort::session::{Session, SessionOutputs};
use ort::value::TensorRef;

use crate::outlets::{Batch, Outlets};
use crate::{EmbedError, ModelFile, ModelSpec};

/// Points given to the model at once: larger batches are no faster on a CPU, and take memory.
const BATCH: usize = 16;

/// The one ONNX Runtime of this process and the file it came from. Kept to the end: the library cannot be unloaded.
static RUNTIME: Mutex<Option<(PathBuf, Environment)>> = Mutex::new(None);

/// What the model makes of a number of points, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedded {
    /// `[points, dimensions]`; YAMNet's 1,024 are each 0 or more.
    pub embeddings: Array2<f32>,
    /// `[points, classes]`, `0.0..=1.0`; YAMNet's 521 are AudioSet's. No columns where the model scores nothing.
    pub scores: Array2<f32>,
}

/// A loaded model. For several threads make several: two sessions of one thread beat one session of two.
pub struct Embedder {
    session: Session,
    path: PathBuf,
    spec: ModelSpec,
    outlets: Outlets,
}

impl Embedder {
    /// Opens the `runtime` library (once per process) and loads `model`, which `spec` describes and which will run on
    /// `threads` threads (at least 1).
    ///
    /// # Errors
    /// [`EmbedError::RuntimeUnusable`], [`EmbedError::RuntimeAlreadyLoaded`], [`EmbedError::ModelUnreadable`],
    /// [`EmbedError::ModelShape`] when inputs or outputs are not those of `spec`.
    pub fn load(
        runtime: &Path,
        model: &ModelFile,
        spec: &ModelSpec,
        threads: usize,
    ) -> Result<Self, EmbedError> {
        let environment = environment(runtime)?;
        let path = model.path.clone();
        let session = open(&environment, &path, threads.max(1))
            .map_err(|source| EmbedError::ModelUnreadable { path: path.clone(), source })?;
        let outlets = Outlets::of(&session, spec).map_err(|problem| unfit(&path, spec, problem))?;
        Ok(Self { session, path, spec: spec.clone(), outlets })
    }

    /// Embeds `points` `[n, …]`, each of the shape of the spec's input: `[n, 96, 64]` natural-log mel energies,
    /// frame-major, or `[n, samples]`. The result has a row for each.
    ///
    /// `n` may be any number, 0 included; the model gets 16 at a time, or 1 if it takes no more. A point's result does
    /// not depend on the others, bit by bit (as tested, with one thread).
    ///
    /// # Errors
    /// [`EmbedError::InputShape`], [`EmbedError::Inference`], [`EmbedError::ModelShape`] when the model's results are
    /// not as large as it declared.
    pub fn embed<D: Dimension + RemoveAxis>(
        &mut self,
        points: ArrayView<'_, f32, D>,
    ) -> Result<Embedded, EmbedError> {
        let item = self.spec.input.shape();
        if points.shape()[1..] != item {
            return Err(EmbedError::InputShape { item, shape: points.shape().to_vec() });
        }
        let (bare, at_once) = match self.outlets.batch {
            Batch::Open => (false, BATCH),
            Batch::One => (false, 1),
            Batch::Bare => (true, 1),
        };
        let Self { session, path, spec, outlets } = self;
        let n = points.shape()[0];
        let mut embeddings = Rows::new(&spec.embedding, outlets.dimensions, n);
        let mut scores = spec.scores.as_deref().map(|name| Rows::new(name, outlets.classes, n));
        for batch in points.axis_chunks_iter(Axis(0), at_once) {
            let count = batch.shape()[0];
            let shape = if bare { item.clone() } else { batch.shape().to_vec() };
            let values = batch.as_standard_layout();
            let values = values.as_slice().unwrap_or_default();
            let inference = |source| EmbedError::Inference { path: path.clone(), points: count, source };
            let input = TensorRef::from_array_view((shape, values)).map_err(inference)?;
            let outputs = session.run(ort::inputs![outlets.input.as_str() => input]).map_err(inference)?;
            for rows in std::iter::once(&mut embeddings).chain(&mut scores) {
                rows.take(&outputs, count).map_err(|problem| unfit(path, spec, problem))?;
            }
        }
        let whole = |rows: Rows<'_>| rows.finish(n).map_err(|problem| unfit(path, spec, problem));
        Ok(Embedded {
            embeddings: whole(embeddings)?,
            scores: scores.map_or_else(|| Ok(Array2::zeros((n, 0))), whole)?,
        })
    }
}

fn unfit(path: &Path, spec: &ModelSpec, problem: String) -> EmbedError {
    EmbedError::ModelShape { path: path.to_owned(), problem, needed: spec.needed() }
}

/// Rows of one output, as they come.
struct Rows<'a> {
    output: &'a str,
    /// Values a row; known from the first batch on at the latest.
    length: Option<usize>,
    values: Vec<f32>,
}

impl<'a> Rows<'a> {
    fn new(output: &'a str, length: Option<usize>, rows: usize) -> Self {
        Self { output, length, values: Vec::with_capacity(rows * length.unwrap_or(0)) }
    }

    /// Takes the rows of a batch of `count`.
    fn take(&mut self, outputs: &SessionOutputs<'_>, count: usize) -> Result<(), String> {
        let name = self.output;
        let value = outputs.get(name).ok_or_else(|| format!("it gave no output `{name}`"))?;
        let (shape, values) = value.try_extract_tensor::<f32>().map_err(|error| error.to_string())?;
        let found = match shape[..] {
            [rows, length] if rows == count as i64 => usize::try_from(length).ok(),
            [length] if count == 1 => usize::try_from(length).ok(),
            _ => None,
        };
        let wanted = self.length.or(found).filter(|&length| length > 0);
        match wanted {
            Some(length) if found == Some(length) => {
                self.length = wanted;
                self.values.extend_from_slice(values);
                Ok(())
            }
            _ => Err(format!(
                "its output `{name}` came with the shape {:?} for {count} points{}",
                &shape[..],
                self.length.map_or_else(String::new, |length| format!(" of {length} values"))
            )),
        }
    }

    fn finish(self, rows: usize) -> Result<Array2<f32>, String> {
        Array2::from_shape_vec((rows, self.length.unwrap_or(0)), self.values)
            .map_err(|error| error.to_string())
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
