//! The maps the browser tests look at, made by scatter-prep itself; making each of them is a test of its own.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use super::{cargo, tally::Tally};
use crate::{process, synth::Collection, workspace::Workspace};

const CLIPS: Collection = Collection { count: 60, seed: 1 };

/// The maps, and the program that made them.
#[derive(Debug)]
pub struct Maps {
    /// The scatter-prep to test.
    pub program: PathBuf,
    /// The folder of the maps.
    pub data: PathBuf,
    root: PathBuf,
    model: Option<PathBuf>,
}

/// Builds scatter-prep and makes the maps anew.
///
/// # Errors
/// When scatter-prep cannot be built, or the folder cannot be written.
pub fn make(workspace: &Workspace, tally: &mut Tally) -> Result<Maps> {
    // With examples, and the whole workspace, it is the same build that `cargo test` made: nothing is built twice.
    process::run(&mut cargo(workspace, &["build", "--quiet", "--workspace", "--bins", "--examples"]))?;
    let built = workspace.target().join("debug");
    let folder = workspace.target().join("test-data");
    let data = folder.join("data");
    if data.exists() {
        fs::remove_dir_all(&data).with_context(|| format!("cannot empty {}", data.display()))?;
    }
    fs::create_dir_all(&data).with_context(|| format!("cannot make the folder {}", data.display()))?;
    let (program, root) = (built.join("scatter-prep"), workspace.root().clone());
    let maps = Maps { program, data, root, model: model(workspace, &built, &folder)? };

    let sounds = folder.join("sounds");
    tally.check("scatter-prep -d: synth", || {
        CLIPS.write(&sounds)?;
        maps.prepare("-d", &sounds, &["--labels", "folder", "--name", "synth"])
    });
    let recording = sounds.join("sea-waves/sea-waves-001.wav");
    tally.check("scatter-prep -f: waves", || maps.prepare("-f", &recording, &["--name", "waves"]));
    match folder_of("SCATTER_TEST_AUDIO") {
        Some(audio) => {
            tally.check("scatter-prep -d: esc10", || {
                maps.prepare("-d", &audio.join("esc10"), &["--labels", "folder", "--name", "esc10"])
            });
            tally.check("scatter-prep -f: city", || {
                maps.prepare("-f", &audio.join("long/city_sound.flac"), &["--name", "city"])
            });
        }
        None => tally.skip("skipped: maps of real sounds: SCATTER_TEST_AUDIO is not set"),
    }
    match folder_of("SCATTER_TEST_LEGACY") {
        Some(legacy) => copy_flat(&legacy, &maps.data)?,
        None => tally.skip("skipped: maps in the original's format: SCATTER_TEST_LEGACY is not set"),
    }
    Ok(maps)
}

impl Maps {
    fn prepare(&self, kind: &str, input: &Path, further: &[&str]) -> Result<()> {
        let mut command = Command::new(&self.program);
        command
            .current_dir(&self.root)
            .arg(kind)
            .arg(input)
            .args(further)
            .arg("-o")
            .arg(&self.data)
            .arg("--no-cache");
        if let Some(model) = &self.model {
            command.arg("--model").arg(model);
        }
        process::run(&mut command)
    }
}

/// The model to name: none where scatter-prep finds YAMNet, else one without training that any checkout can make.
fn model(workspace: &Workspace, built: &Path, folder: &Path) -> Result<Option<PathBuf>> {
    if workspace.yamnet().is_some() {
        return Ok(None);
    }
    let path = folder.join("projection.onnx");
    println!("test: no YAMNet here: the maps are made with a random projection, {}", path.display());
    process::run(Command::new(built.join("examples/projection_model")).arg(&path))?;
    Ok(Some(path))
}

/// Copies the files directly in a folder.
fn copy_flat(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), &target).with_context(|| format!("cannot write {}", target.display()))?;
        }
    }
    Ok(())
}

/// The folder an environment variable names, if it is set.
fn folder_of(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}
