//! `cargo xtask memory`: whether the memory of a run is bounded, on a recording of hours and on very many clips.
//!
//! Makes both (once, in `target/memory`), runs the released scatter-prep on them, and watches the memory of the program
//! and of all that it starts.

mod inputs;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail};

use crate::{
    process, setup,
    table::aligned,
    watch::{self, Watched},
    workspace::Workspace,
};
use inputs::Input;

/// Bytes a point that an embedding and its row of the table take, and that a run may hold beside the limit.
const BYTES_A_POINT: u64 = 5_000;
/// Bytes that a run may hold beyond, however long or many its sounds.
const LIMIT: u64 = 600_000_000;
/// How often memory is looked at.
const INTERVAL: Duration = Duration::from_millis(50);

/// Arguments of `cargo xtask memory`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A tenth of it: one hour, and 10,000 clips
    #[arg(long)]
    quick: bool,
    /// Only the recording or only the clips
    #[arg(long, value_enum, value_name = "INPUT")]
    only: Option<Input>,
    /// How many clips
    #[arg(long, value_name = "N", default_value_t = inputs::CLIPS, conflicts_with = "quick")]
    clips: usize,
    /// ONNX model, where YAMNet is not found
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
}

/// Measures, and prints a line a run. Fails when one passes the limit.
///
/// # Errors
/// When scatter-prep cannot be built, an input cannot be made, or a run fails.
pub fn run(workspace: &Workspace, arguments: &Arguments) -> Result<ExitCode> {
    if !cfg!(target_os = "linux") {
        bail!("memory is read from Linux's /proc; there is none here");
    }
    println!("memory: building scatter-prep");
    let build = ["build", "--quiet", "--release", "--package=scatter-prep"];
    process::run(process::cargo().current_dir(workspace.root()).args(build))?;
    let folder = workspace.target().join("memory");
    let measure = Measure {
        program: workspace.target().join("release/scatter-prep"),
        model: model(workspace, arguments.model.as_deref(), &folder)?,
        runtime: setup::onnxruntime()?,
        folder,
    };
    let scale = if arguments.quick { 10 } else { 1 };
    let mut rows = vec![
        ["run", "points", "seconds", "peak MB", "at", "points take", "beyond them", "limit", "held"]
            .map(str::to_owned),
    ];
    let mut all_held = true;
    for input in [Input::Recording, Input::Clips] {
        if arguments.only.is_some_and(|only| only != input) {
            continue;
        }
        let (label, path) = input.make(&measure.folder, scale, arguments.clips / scale)?;
        let (points, watched) = measure.run(input, &path)?;
        let own = BYTES_A_POINT * points;
        let beyond = watched.peak.saturating_sub(own);
        all_held &= beyond <= LIMIT;
        println!(
            "memory: {label}: {} MB at most, {} beyond its points",
            megabytes(watched.peak),
            megabytes(beyond)
        );
        rows.push([
            label,
            points.to_string(),
            format!("{:.0}", watched.seconds),
            megabytes(watched.peak),
            format!("{:.0} s", watched.peak_at),
            megabytes(own),
            megabytes(beyond),
            megabytes(LIMIT),
            if beyond <= LIMIT { "yes" } else { "NO" }.to_owned(),
        ]);
    }
    println!("\nMemory of scatter-prep and all that it starts, in MB (10^6 bytes), looked at each 50 ms:\n");
    print!("{}", aligned(rows));
    Ok(if all_held { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn megabytes(bytes: u64) -> String {
    format!("{:.0}", bytes as f64 / 1e6)
}

/// Where to find what a run needs.
struct Measure {
    program: PathBuf,
    model: PathBuf,
    runtime: PathBuf,
    folder: PathBuf,
}

impl Measure {
    /// Makes a map, throws it away, and gives its points and what the run took.
    fn run(&self, input: Input, path: &Path) -> Result<(u64, Watched)> {
        // Neither an earlier map nor what an earlier run remembers may spare this one any work.
        let (data, cache) = (self.folder.join("data"), self.folder.join("cache"));
        remove(&data)?;
        remove(&cache)?;
        let mut command = Command::new(&self.program);
        command.args([input.option()]).arg(path).args(["--name", "measured", "--output"]).arg(&data);
        command.arg("--model").arg(&self.model).arg("--onnxruntime").arg(&self.runtime);
        command.env("XDG_CACHE_HOME", &cache).current_dir(&self.folder).stdin(Stdio::null());
        println!("memory: {}", process::line(&command));
        let child = command.stdout(Stdio::null()).spawn();
        let mut child = child.with_context(|| format!("cannot start {}", self.program.display()))?;
        let watched = watch::until_it_ends(&mut child, INTERVAL);
        let points = watched.and_then(|watched| {
            if !watched.status.success() {
                bail!("scatter-prep failed ({}); it said above why", watched.status);
            }
            let count = points(&data.join("measured/config.json"))?;
            Ok((count, watched))
        });
        remove(&data)?;
        remove(&cache)?;
        points
    }
}

/// The number of points that a configuration counts.
fn points(config: &Path) -> Result<u64> {
    let json = fs::read(config).with_context(|| format!("cannot read {}", config.display()))?;
    let config = scatter_dataset::Config::from_json(&json).with_context(|| config.display().to_string())?;
    Ok(config.count as u64)
}

fn model(workspace: &Workspace, given: Option<&Path>, folder: &Path) -> Result<PathBuf> {
    if let Some(path) = given {
        return fs::canonicalize(path).with_context(|| format!("cannot open {}", path.display()));
    }
    if let Some(path) = workspace.yamnet() {
        return fs::canonicalize(&path).with_context(|| format!("cannot open {}", path.display()));
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let path = folder.join("projection.onnx");
    println!("memory: no YAMNet here: measured with a random projection, {}", path.display());
    let make = ["run", "--quiet", "--release", "--package=scatter-embed", "--example=projection_model", "--"];
    process::run(process::cargo().current_dir(workspace.root()).args(make).arg(&path))?;
    Ok(path)
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}
