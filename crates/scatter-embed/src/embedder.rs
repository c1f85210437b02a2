//! Points to embeddings.

use std::path::{Path, PathBuf};

use ndarray::{Array2, ArrayView, Axis, Dimension, RemoveAxis};

use crate::backend::{self, Backend, Loaded, Request, Tensor};
use crate::outlets::{Batch, Outlets};
use crate::{EmbedError, Model, ModelSpec, Runtime};

/// Points given to the model at once: larger batches are no faster on a CPU, and take memory.
const BATCH: usize = 16;

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
    backend: Box<dyn Backend>,
    path: PathBuf,
    spec: ModelSpec,
    outlets: Outlets,
}

impl Embedder {
    /// Loads `model`, which `spec` describes, to run on `threads` threads (at least 1). ONNX Runtime's library is opened
    /// once per process.
    ///
    /// # Errors
    /// [`EmbedError::RuntimeUnusable`], [`EmbedError::RuntimeAlreadyLoaded`], [`EmbedError::ModelUnreadable`],
    /// [`EmbedError::ModelShape`] when inputs or outputs are not those of `spec`.
    pub fn load(
        runtime: &Runtime,
        model: impl Into<Model>,
        spec: &ModelSpec,
        threads: usize,
    ) -> Result<Self, EmbedError> {
        let model = model.into();
        let Loaded { backend, inputs, outputs } = backend::load(runtime, &model, threads.max(1))?;
        let path = model.shown().to_owned();
        let outlets = Outlets::of(&inputs, &outputs, spec).map_err(|problem| unfit(&path, spec, problem))?;
        Ok(Self { backend, path, spec: spec.clone(), outlets })
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
        let Self { backend, path, spec, outlets } = self;
        let wanted: Vec<&str> =
            std::iter::once(&spec.embedding).chain(&spec.scores).map(String::as_str).collect();
        let n = points.shape()[0];
        let mut embeddings = Rows::new(&spec.embedding, outlets.dimensions, n);
        let mut scores = spec.scores.as_deref().map(|name| Rows::new(name, outlets.classes, n));
        for batch in points.axis_chunks_iter(Axis(0), at_once) {
            let count = batch.shape()[0];
            let shape = if bare { item.clone() } else { batch.shape().to_vec() };
            let values = batch.as_standard_layout();
            let values = values.as_slice().unwrap_or_default();
            let request = Request { input: &outlets.input, shape: &shape, values, outputs: &wanted };
            let outputs = backend.run(request).map_err(|source| EmbedError::Inference {
                path: path.clone(),
                points: count,
                source,
            })?;
            for (rows, output) in std::iter::once(&mut embeddings).chain(&mut scores).zip(outputs) {
                rows.take(&output, count).map_err(|problem| unfit(path, spec, problem))?;
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
    fn take(&mut self, output: &Tensor, count: usize) -> Result<(), String> {
        let found = match output.shape[..] {
            [rows, length] if rows == count => Some(length),
            [length] if count == 1 => Some(length),
            _ => None,
        };
        let wanted = self.length.or(found).filter(|&length| length > 0);
        match wanted {
            Some(length) if found == Some(length) => {
                self.length = wanted;
                self.values.extend_from_slice(&output.values);
                Ok(())
            }
            _ => Err(format!(
                "its output `{}` came with the shape {:?} for {count} points{}",
                self.output,
                output.shape,
                self.length.map_or_else(String::new, |length| format!(" of {length} values"))
            )),
        }
    }

    fn finish(self, rows: usize) -> Result<Array2<f32>, String> {
        Array2::from_shape_vec((rows, self.length.unwrap_or(0)), self.values)
            .map_err(|error| error.to_string())
    }
}
