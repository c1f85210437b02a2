//! A Python environment with the reference implementations.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{process, setup::programs, workspace};

/// Makes the environment in the user's cache, or takes the one made before for the same `requirements`.
///
/// Returns its Python.
///
/// # Errors
/// When Python or a package cannot be installed.
pub fn environment(requirements: &Path) -> Result<PathBuf> {
    let wanted = fs::read_to_string(requirements)
        .with_context(|| format!("cannot read {}", requirements.display()))?;
    let folder = workspace::cache()?.join("quality-python");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    // Written when all packages are there, so that half an environment is made again.
    let receipt = folder.join("installed.txt");
    if python.is_file() && fs::read_to_string(&receipt).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    println!("quality: installing the reference implementations (pip) into {}", folder.display());
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
