//! `cargo xtask synth-map N`: a map of any size without sounds or a model, for seeing how the page bears it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::{process, workspace::Workspace};

/// Arguments of `cargo xtask synth-map`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Number of points
    #[arg(value_name = "N")]
    count: u32,
    /// Folder of maps to write it in
    #[arg(long, value_name = "DIR", default_value = "data")]
    output: PathBuf,
    /// The map's name; made-N by default
    #[arg(long)]
    name: Option<String>,
    /// Neither sound nor tiles, which take 3 KB a point
    #[arg(long)]
    points_only: bool,
}

/// Builds the generator and runs it.
///
/// # Errors
/// When it cannot be built, or fails.
pub fn run(workspace: &Workspace, arguments: &Arguments) -> Result<()> {
    let build = ["build", "--quiet", "--release", "--package=scatter-quality", "--bin=scatter-made-map"];
    println!("synth-map: building the generator");
    process::run(process::cargo().current_dir(workspace.root()).args(build))?;
    let name = arguments.name.clone().unwrap_or_else(|| format!("made-{}", arguments.count));
    let folder = workspace.root().join(&arguments.output).join(name);
    let mut generator = Command::new(workspace.target().join("release/scatter-made-map"));
    generator.arg(arguments.count.to_string()).arg(&folder);
    if arguments.points_only {
        generator.arg("--points-only");
    }
    process::run(&mut generator)?;
    println!("synth-map: {} holds {} points", folder.display(), arguments.count);
    Ok(())
}
