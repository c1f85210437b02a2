//! ONNX Runtime, opened as a library while the program runs.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ort::environment::Environment;
use ort::session::Session;
use ort::value::{Outlet as Declared, TensorElementType, TensorRef, ValueType};

use super::{Backend, BackendError, Loaded, Outlet, OutletKind, Request, Tensor};
use crate::{EmbedError, Model};

/// The one ONNX Runtime of this process and the file it came from. Kept to the end: the library cannot be unloaded.
static RUNTIME: Mutex<Option<(PathBuf, Environment)>> = Mutex::new(None);

struct OnnxRuntime(Session);

/// Opens `library`, once per process, and loads `model`; the inner error is one of the model.
///
/// # Errors
/// [`EmbedError::RuntimeUnusable`], [`EmbedError::RuntimeAlreadyLoaded`].
pub fn load(
    library: &Path,
    model: &Model,
    threads: usize,
) -> Result<Result<Loaded, BackendError>, EmbedError> {
    let environment = environment(library)?;
    Ok(open(&environment, model, threads).map_err(Into::into).map(|session| {
        let inputs = session.inputs().iter().map(outlet).collect();
        let outputs = session.outputs().iter().map(outlet).collect();
        Loaded { backend: Box::new(OnnxRuntime(session)), inputs, outputs }
    }))
}

impl Backend for OnnxRuntime {
    fn run(&mut self, request: Request<'_>) -> Result<Vec<Tensor>, BackendError> {
        let Request { input, shape, values, outputs } = request;
        let given = TensorRef::from_array_view((shape.to_vec(), values))?;
        let found = self.0.run(ort::inputs![input => given])?;
        outputs
            .iter()
            .map(|&name| {
                let value = found.get(name).ok_or_else(|| format!("it gave no output `{name}`"))?;
                let (shape, values) = value.try_extract_tensor::<f32>()?;
                let shape = shape.iter().map(|&axis| usize::try_from(axis).unwrap_or(0)).collect();
                Ok(Tensor { shape, values: values.to_vec() })
            })
            .collect()
    }
}

fn outlet(declared: &Declared) -> Outlet {
    let kind = match declared.dtype() {
        ValueType::Tensor { ty: TensorElementType::Float32, shape, .. } => {
            OutletKind::Float32(shape.to_vec())
        }
        other => OutletKind::Other(other.to_string()),
    };
    Outlet { name: declared.name().to_owned(), kind }
}

/// The process's ONNX Runtime, opened from `library` if none is yet.
fn environment(library: &Path) -> Result<Environment, EmbedError> {
    let unusable = |source: BackendError| EmbedError::RuntimeUnusable { path: library.to_owned(), source };
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

fn open(environment: &Environment, model: &Model, threads: usize) -> ort::Result<Session> {
    // Spinning threads burn the time that decoding needs.
    let mut builder = Session::builder(environment)?
        .with_intra_threads(threads)?
        .with_inter_threads(1)?
        .with_intra_op_spinning(false)?;
    match model {
        Model::File(file) => builder.commit_from_file(&file.path),
        Model::Mini => builder.commit_from_memory(crate::mini::MODEL),
    }
}
