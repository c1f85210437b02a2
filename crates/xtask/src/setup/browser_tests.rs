//! The JavaScript packages that drive the browser in the page's tests.

use std::{fs, path::Path, process::Command, time::SystemTime};

use anyhow::{Context, Result};

use super::Outcome;
use crate::process;

/// Runs `npm ci` where the installed packages are missing or older than the lock file.
pub fn ensure(folder: &Path) -> Result<Outcome> {
    // npm writes this file last, and changes it only when it installs.
    let installed = changed(&folder.join("node_modules/.package-lock.json"));
    let Some(locked) = changed(&folder.join("package-lock.json")) else {
        return Ok(Outcome::InPlace);
    };
    if installed.is_some_and(|installed| installed >= locked) {
        return Ok(Outcome::InPlace);
    }
    println!("setup: installing the browser tests' packages (npm ci)");
    process::run(
        Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder),
    )
    .with_context(|| format!("could not install the packages of {}", folder.display()))?;
    Ok(Outcome::Installed)
}

fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}
