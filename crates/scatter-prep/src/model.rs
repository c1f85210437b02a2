//! `scatter-prep model`: brings YAMNet to where it is looked for.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use scatter_embed::{MODEL_FILE, ModelFile, YAMNET_H5_SHA256, cache_dir, convert_yamnet};

use crate::cli::{ConvertArgs, ModelCommand};

/// Does one of the commands.
///
/// # Errors
/// When a file cannot be read, is not YAMNet's, or the model cannot be written.
pub fn run(command: &ModelCommand) -> anyhow::Result<()> {
    match command {
        ModelCommand::Convert(args) => convert(args),
    }
}

fn convert(args: &ConvertArgs) -> anyhow::Result<()> {
    let source = ModelFile::identify(&args.weights)?;
    let model = convert_yamnet(&args.weights)?;
    let output = match &args.output {
        Some(output) => output.clone(),
        None => default_output().context("there is no cache folder here: name a file with --output")?,
    };
    write_whole(&output, &model).with_context(|| format!("{} cannot be written", output.display()))?;
    let written = ModelFile::identify(&output)?;
    let origin = match source.sha256 == YAMNET_H5_SHA256 {
        true => "the file that Google publishes",
        false => "not the file that Google publishes, though laid out like it",
    };
    // The model is written, whether or not anybody reads this.
    let _ = writeln!(
        io::stdout(),
        "{} is {origin}\nwrote {}\nSHA-256 {}",
        args.weights.display(),
        written.path.display(),
        written.sha256
    );
    Ok(())
}

/// Where every later run finds it.
fn default_output() -> Option<PathBuf> {
    cache_dir().map(|cache| cache.join("models").join(MODEL_FILE))
}

/// Writes beside the place and renames, so that no run ever finds half a model.
fn write_whole(output: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = output.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut working = output.as_os_str().to_owned();
    working.push(format!(".{}", std::process::id()));
    let working = PathBuf::from(working);
    let written = fs::write(&working, bytes).and_then(|()| fs::rename(&working, output));
    if written.is_err() {
        // Nothing more can be done about a file that cannot be removed.
        let _ = fs::remove_file(&working);
    }
    written
}
