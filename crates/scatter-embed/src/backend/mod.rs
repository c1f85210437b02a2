//! What runs a model: one trait, and behind it ONNX Runtime or, as the last resort, rten.

mod onnx_runtime;
#[cfg(feature = "rten")]
mod rten;

use std::error::Error;

use crate::{EmbedError, Model, Runtime};

/// Why a backend could not do something, in its own words.
pub type BackendError = Box<dyn Error + Send + Sync>;

/// A model's input or output, as the model declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlet {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: OutletKind,
}

/// What an input or output is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutletKind {
    /// A float32 tensor with these axes, −1 for an open one.
    Float32(Vec<i64>),
    /// Anything else, in words.
    Other(String),
}

/// An output's values.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    /// Length of each axis.
    pub shape: Vec<usize>,
    /// The values, row-major.
    pub values: Vec<f32>,
}

/// A loaded model.
pub trait Backend: Send {
    /// Its inputs, in order.
    fn inputs(&self) -> &[Outlet];

    /// Its outputs, in order.
    fn outputs(&self) -> &[Outlet];

    /// Runs it on one input of `shape` with its row-major `values`, for the outputs named.
    fn run(
        &mut self,
        input: &str,
        shape: &[usize],
        values: &[f32],
        outputs: &[&str],
    ) -> Result<Vec<Tensor>, BackendError>;
}

/// Loads `model` to run on `threads` threads.
///
/// # Errors
/// [`EmbedError::RuntimeUnusable`], [`EmbedError::RuntimeAlreadyLoaded`], [`EmbedError::ModelUnreadable`].
pub fn load(runtime: &Runtime, model: &Model, threads: usize) -> Result<Box<dyn Backend>, EmbedError> {
    let loaded: Result<Box<dyn Backend>, BackendError> = match runtime {
        Runtime::OnnxRuntime(library) => onnx_runtime::load(library, model, threads)?,
        #[cfg(feature = "rten")]
        Runtime::Rten => rten::load(model, threads),
    };
    loaded.map_err(|source| EmbedError::ModelUnreadable {
        runtime: runtime.name(),
        path: model.shown().to_owned(),
        source,
    })
}
