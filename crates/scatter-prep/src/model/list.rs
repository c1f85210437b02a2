//! `model list` and `model path`: what is installed.

use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;

use scatter_embed::{EmbedError, MINI_BYTES, MINI_NAME, Model, find_model};
use serde::Serialize;

use super::receipt::{Origin, Receipt, Weights};
use super::telling::megabytes;
use crate::cli::ListArgs;

/// The model that is installed.
const YAMNET: &str = "yamnet";

/// A known model.
#[derive(Debug, Serialize)]
struct Entry {
    name: &'static str,
    installed: Option<Installed>,
    /// What this program carries of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    inside: Option<Inside>,
}

/// A model inside this program.
#[derive(Debug, Serialize)]
struct Inside {
    bytes: u64,
    sha256: String,
}

/// Where a known model is, and what.
#[derive(Debug, Serialize)]
struct Installed {
    path: PathBuf,
    bytes: u64,
    sha256: String,
    origin: Origin,
    weights: Option<Weights>,
}

/// Prints each known model.
///
/// # Errors
/// When a model is there that cannot be read.
pub fn list(args: &ListArgs) -> anyhow::Result<()> {
    let entries = [
        Entry { name: YAMNET, installed: installed()?, inside: None },
        Entry {
            name: MINI_NAME,
            installed: None,
            inside: Some(Inside { bytes: MINI_BYTES, sha256: Model::Mini.sha256() }),
        },
    ];
    let text = match args.json {
        true => serde_json::to_string_pretty(&entries)?,
        false => entries.iter().map(Entry::to_string).collect::<Vec<_>>().join("\n"),
    };
    let _ = writeln!(io::stdout(), "{text}");
    Ok(())
}

/// Prints the path of the model that the next run uses.
///
/// # Errors
/// When there is none: what to do.
pub fn path() -> anyhow::Result<()> {
    let path = std::path::absolute(find_model(None)?.path)?;
    let _ = writeln!(io::stdout(), "{}", path.display());
    Ok(())
}

fn installed() -> anyhow::Result<Option<Installed>> {
    let model = match find_model(None) {
        Ok(model) => model,
        Err(EmbedError::ModelNotFound { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let receipt = Receipt::beside(&model.path)?;
    Ok(Some(Installed {
        path: std::path::absolute(&model.path)?,
        bytes: std::fs::metadata(&model.path)?.len(),
        origin: Origin::of(&model, receipt.as_ref()),
        weights: receipt.map(|receipt| receipt.weights),
        sha256: model.sha256,
    }))
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Inside { bytes, sha256 }) = &self.inside {
            writeln!(f, "{}  inside this program, {}", self.name, megabytes(*bytes))?;
            return write!(
                f,
                "  SHA-256 {sha256}\n  used with --model mini, and where YAMNet is not installed"
            );
        }
        let Some(installed) = &self.installed else {
            return write!(f, "{}  not installed: scatter-prep model fetch", self.name);
        };
        writeln!(f, "{}  {}, {}", self.name, installed.path.display(), megabytes(installed.bytes))?;
        writeln!(f, "  SHA-256 {}", installed.sha256)?;
        write!(f, "  {}", installed.origin.words())?;
        match &installed.weights {
            Some(weights) => write!(f, "\n  weights from {}, SHA-256 {}", weights.source, weights.sha256),
            None => Ok(()),
        }
    }
}
