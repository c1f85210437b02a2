//! The released programs that are measured, and where they find what they need.

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::{process, setup, workspace::Workspace};

/// Released programs, and where they find what they need.
#[derive(Debug)]
pub struct Programs {
    /// The checkout.
    root: PathBuf,
    /// `scatter-prep`.
    pub prep: PathBuf,
    /// `scatter-speed`.
    speed: PathBuf,
    /// YAMNet, where `scatter-prep` finds it.
    pub model: PathBuf,
    /// ONNX Runtime's library.
    pub runtime: PathBuf,
    /// Where sets, maps and what is heard go.
    pub folder: PathBuf,
    /// Held to the end: two measurements at once would spoil each other, and share these folders.
    _lock: File,
}

/// What `scatter-speed probe` prints.
#[derive(Deserialize)]
struct Probed {
    setting: String,
}

impl Programs {
    /// Builds both programs, and finds model and runtime.
    ///
    /// # Errors
    /// When that fails; a missing model with the remedy.
    pub fn build(workspace: &Workspace) -> Result<Self> {
        let folder = workspace.target().join("bench");
        let lock = lock(&folder)?;
        println!("bench: building scatter-prep and scatter-speed");
        // Apart, so that neither changes the features that the other is built with.
        for [package, binary] in [["scatter-prep", "scatter-prep"], ["scatter-quality", "scatter-speed"]] {
            let build = ["build", "--quiet", "--release", "--package", package, "--bin", binary];
            process::run(process::cargo().current_dir(workspace.root()).args(build))?;
        }
        let released = workspace.target().join("release");
        let prep = released.join("scatter-prep");
        let found =
            process::output(Command::new(&prep).args(["model", "path"]).current_dir(workspace.root()))
                .context("the speed of a map is measured with YAMNet, and it is not installed")?;
        Ok(Self {
            root: workspace.root().clone(),
            speed: released.join("scatter-speed"),
            prep,
            model: found.into(),
            runtime: setup::onnxruntime()?,
            folder,
            _lock: lock,
        })
    }

    /// The fastest setting of the model's runtime on this machine.
    ///
    /// # Errors
    /// When the model does not run.
    pub fn probe(&self, sounds: &Path) -> Result<String> {
        let mut command = self.speed();
        Ok(json::<Probed>(command.arg("probe").arg("--sounds").arg(sounds))?.setting)
    }

    /// The program that times the model and the maps.
    pub fn speed(&self) -> Command {
        let mut command = Command::new(&self.speed);
        command.current_dir(&self.root).env("ORT_DYLIB_PATH", &self.runtime);
        if let Some(folder) = self.model.parent() {
            command.env("SCATTER_MODELS", folder);
        }
        command
    }

    /// `scatter-prep` on a folder or a recording, its map and what it hears in folders of this task's.
    pub fn prepare(&self, option: &str, sounds: &Path) -> Command {
        let mut command = Command::new(&self.prep);
        command.current_dir(&self.folder).stdin(Stdio::null());
        command.arg(option).arg(sounds).args(["--json", "--name", "measured"]);
        command.arg("--output").arg(self.maps()).arg("--cache").arg(self.heard());
        command.arg("--model").arg(&self.model).arg("--onnxruntime").arg(&self.runtime);
        command
    }

    /// Forgets maps and what was heard.
    ///
    /// # Errors
    /// When they cannot be removed.
    pub fn forget(&self) -> Result<()> {
        for folder in [self.maps(), self.heard()] {
            if folder.exists() {
                fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
            }
        }
        Ok(())
    }

    fn maps(&self) -> PathBuf {
        self.folder.join("maps")
    }

    fn heard(&self) -> PathBuf {
        self.folder.join("heard")
    }
}

/// Makes the folder, and keeps other measurements out of it while the result lives.
fn lock(folder: &Path) -> Result<File> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let path = folder.join("lock");
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            bail!("another measurement is under way in {}; wait for its end", folder.display())
        }
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", path.display()))
        }
    }
}

/// The seconds that `command` takes, from start to end, what it says thrown away.
///
/// # Errors
/// When it fails.
pub fn seconds(command: &mut Command) -> Result<f64> {
    let start = Instant::now();
    process::run(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()))?;
    Ok(start.elapsed().as_secs_f64())
}

/// What `command` prints, as JSON.
///
/// # Errors
/// When it fails or prints something else.
pub fn json<T: for<'a> Deserialize<'a>>(command: &mut Command) -> Result<T> {
    let said = process::output(command)?;
    serde_json::from_str(&said).with_context(|| format!("`{}` printed `{said}`", process::line(command)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_measurement_waits_for_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("bench");
        let held = lock(&below).unwrap();
        assert!(lock(&below).unwrap_err().to_string().contains("another measurement is under way"));
        drop(held);
        assert!(lock(&below).is_ok());
    }
}
