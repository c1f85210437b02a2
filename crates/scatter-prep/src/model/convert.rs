//! `model convert`: weights at hand become the model.

use std::io::{self, Write};

use scatter_embed::{ModelFile, YAMNET_H5_SHA256, convert_yamnet};

use super::receipt::Weights;
use super::store;
use crate::cli::ConvertArgs;

/// Converts any weights laid out like Google's, and says whether they are Google's.
///
/// # Errors
/// When the file cannot be read, is not YAMNet's, or the model cannot be written.
pub fn run(args: &ConvertArgs) -> anyhow::Result<()> {
    let weights = ModelFile::identify(&args.weights)?;
    let model = convert_yamnet(&args.weights)?;
    let place = args.output.clone().map_or_else(store::default_place, Ok)?;
    let source = args.weights.display().to_string();
    let origin = match weights.sha256 == YAMNET_H5_SHA256 {
        true => "the file that Google publishes",
        false => "not the file that Google publishes, though laid out like it",
    };
    let installed = store::install(&place, &model, Weights { source, sha256: weights.sha256 })?;
    // The model is written, whether or not anybody reads this.
    let _ = writeln!(
        io::stdout(),
        "{} is {origin}\nwrote {}\nSHA-256 {}",
        args.weights.display(),
        installed.path.display(),
        installed.sha256
    );
    Ok(())
}
