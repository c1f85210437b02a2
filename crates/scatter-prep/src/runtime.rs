//! What runs the model.

use std::path::Path;

use scatter_embed::{EmbedError, Runtime, find_runtime};

use crate::shown;

/// The runtime of a run.
#[derive(Debug)]
pub struct Running {
    /// What it is.
    pub runtime: Runtime,
    /// Why it is not ONNX Runtime, and what to do.
    pub advice: Option<String>,
}

/// ONNX Runtime, from `library` if that is given; where there is none, rten, which is said on standard error at once, since
/// the run will take longer.
///
/// # Errors
/// [`find_runtime`]'s for a library that is named, and not there.
pub fn choose(library: Option<&Path>) -> anyhow::Result<Running> {
    match find_runtime(library) {
        Ok(runtime) => Ok(Running { runtime, advice: None }),
        Err(missing @ EmbedError::RuntimeNotFound { .. }) => {
            let advice = format!(
                "{missing}\nrten takes its place, which is part of this program and five times slower."
            );
            eprintln!("scatter-prep: {}", shown::lines(&advice));
            Ok(Running { runtime: Runtime::Rten, advice: Some(advice) })
        }
        Err(error) => Err(error.into()),
    }
}
