//! Python environments: of the reference implementations, and of what the original project was made with.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{
    process,
    setup::programs,
    workspace::{self, Workspace},
};

/// The Python that has the reference implementations.
///
/// # Errors
/// When Python or a package cannot be installed.
pub fn references(workspace: &Workspace) -> Result<PathBuf> {
    environment("quality-python", &workspace.root().join("crates/scatter-quality/oracle/requirements.txt"))
}

/// The Python that has the libraries of the original project.
///
/// # Errors
/// When Python or a package cannot be installed.
pub fn original(workspace: &Workspace) -> Result<PathBuf> {
    environment("baseline-python", &workspace.root().join("crates/xtask/python/requirements.txt"))
}

/// Makes the environment `name` in the user's cache, or takes the one made before for the same `requirements`.
fn environment(name: &str, requirements: &Path) -> Result<PathBuf> {
    let wanted = fs::read_to_string(requirements)
        .with_context(|| format!("cannot read {}", requirements.display()))?;
    let folder = workspace::cache()?.join(name);
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    // Written when all packages are there, so that half an environment is made again.
    let receipt = folder.join("installed.txt");
    if python.is_file() && fs::read_to_string(&receipt).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    println!("python: installing what {} names (pip) into {}", requirements.display(), folder.display());
    if !process::works("python3", &["-m", "venv", "--help"])
        || !process::works("python3", &["-c", "import ensurepip"])
    {
        programs::install(&[&programs::PYTHON_VENV])?;
    }
    process::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    process::run(Command::new(&python).args(pip).arg(requirements))?;
    fs::write(&receipt, wanted).with_context(|| format!("cannot write {}", receipt.display()))?;
    Ok(python)
}
