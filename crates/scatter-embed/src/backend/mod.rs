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

/// One run of a model.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Name of the input.
    pub input: &'a str,
    /// Length of each of its axes.
    pub shape: &'a [usize],
    /// Its values, row-major.
    pub values: &'a [f32],
    /// Names of the outputs that are wanted.
    pub outputs: &'a [&'a str],
}

/// A model in the hands of a runtime.
pub trait Backend: Send {
    /// Runs it; the outputs come in the order in which they were asked for.
    fn run(&mut self, request: Request<'_>) -> Result<Vec<Tensor>, BackendError>;
}

/// A loaded model, and what it declares.
pub struct Loaded {
    /// What runs it.
    pub backend: Box<dyn Backend>,
    /// Its inputs, in order.
    pub inputs: Vec<Outlet>,
    /// Its outputs, in order.
    pub outputs: Vec<Outlet>,
}

/// Loads `model` to run on `threads` threads.
///
/// # Errors
/// [`EmbedError::RuntimeUnusable`], [`EmbedError::RuntimeAlreadyLoaded`], [`EmbedError::ModelUnreadable`].
pub fn load(runtime: &Runtime, model: &Model, threads: usize) -> Result<Loaded, EmbedError> {
    let loaded: Result<Loaded, BackendError> = match runtime {
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
