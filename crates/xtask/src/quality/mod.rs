//! `cargo xtask quality`: every stage against its reference implementation, in one report.
//!
//! The figures are those of the crate scatter-quality; this brings what it needs: Python packages in an environment of
//! their own, made sounds and spoken words.

mod spoken;

use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::{
    process, python,
    setup::{self, Scope},
    synth::Collection,
    workspace::Workspace,
};

/// Clips of the made collection: 50 of each class.
const SOUNDS: Collection = Collection { count: 1_000, seed: 7 };

/// Arguments of `cargo xtask quality`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Leave out the large sets, which take most of the time
    #[arg(long)]
    quick: bool,
    /// Only the small model beside YAMNet
    #[arg(long)]
    mini: bool,
}

/// Sets up, makes the sets and prints the report.
///
/// # Errors
/// When something cannot be set up or measured; a figure that is not as wanted is in the exit code.
pub fn run(workspace: &Workspace, arguments: &Arguments) -> Result<ExitCode> {
    setup::run(workspace, Scope::Demo)?;
    let python = python::references(workspace)?;
    let work = workspace.target().join("quality");
    let synth = work.join("made");
    SOUNDS.write(&synth)?;
    let spoken = spoken::words(&work.join("spoken"))?;
    process::run(process::cargo().current_dir(workspace.root()).args([
        "build",
        "--release",
        "--package=scatter-quality",
    ]))?;
    let mut measure = Command::new(workspace.target().join("release/scatter-quality"));
    measure.arg("--python").arg(python).arg("--work").arg(work.join("arrays")).arg("--synth").arg(synth);
    measure.arg("--spoken").arg(spoken);
    if arguments.quick {
        measure.arg("--quick");
    }
    if arguments.mini {
        measure.arg("--mini");
    }
    let status = measure.status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
