//! `cargo xtask baseline`: the original project's way with the same clips, stage by stage, beside ours.

use std::{
    collections::BTreeMap,
    path::Path,
    process::{Command, ExitCode},
    time::Instant,
};

use anyhow::{Result, bail};
use serde::Deserialize;

use super::{
    LEDGER,
    inputs::{self, Set},
    ledger::Ledger,
    machine,
    measure::Run,
    programs::{self, Programs},
};
use crate::{python, table::aligned, workspace::Workspace};

/// How many times as long the original must take.
const TARGET: f64 = 20.0;

/// Stages of the original, and of ours, that do the same.
const STAGES: [(&str, &[&str], &[&str]); 8] = [
    ("start", &["imports, model", "compiling"], &[]),
    ("read, describe, resample", &["read", "region", "descriptors", "resample"], &["read"]),
    ("log-mel", &["log-mel"], &["log-mel"]),
    ("embed", &["embed"], &["embed"]),
    ("map", &["umap"], &["neighbours", "project"]),
    ("audio sprite", &["audio sprite"], &["audio sprite"]),
    ("sprite", &["sprite"], &["sprite"]),
    ("write", &["json"], &["write"]),
];

/// Arguments of `cargo xtask baseline`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A tenth of the clips: to try it out. Nothing is held against the target, nor added to docs/bench.md
    #[arg(long)]
    quick: bool,
}

/// What the original's way took.
#[derive(Deserialize)]
struct Original {
    points: usize,
    stages: BTreeMap<String, f64>,
}

/// Measures both, prints the table and adds to the ledger. Fails when ours is not fast enough.
///
/// # Errors
/// When something cannot be built or made, or a run fails.
pub fn run(workspace: &Workspace, arguments: &Arguments) -> Result<ExitCode> {
    let python = python::original(workspace)?;
    let programs = Programs::build(workspace)?;
    let parts = if arguments.quick { 10 } else { 1 };
    let made = Set::Wav.make(workspace, &programs.folder, parts)?;
    let machine = machine::describe(workspace, Some(&programs.runtime))?;
    let way = |clips: &Path| {
        let mut command = Command::new(&python);
        command.arg(workspace.root().join("crates/xtask/python/baseline.py"));
        command.arg(clips).arg(&programs.model).arg(programs.folder.join("baseline"));
        command
    };
    println!(
        "baseline: the original's way once without a clock, since Python and numba keep what they compile"
    );
    programs::json::<Original>(&mut way(&inputs::few(&programs.folder)?))?;
    println!("baseline: {}, ours", made.label);
    let before = ours(&programs, &made.path)?;
    println!("baseline: {}, the original's way", made.label);
    let start = Instant::now();
    let original: Original = programs::json(&mut way(&made.path))?;
    let theirs = start.elapsed().as_secs_f64();
    // Once more, so that both ways meet what else the machine does.
    println!("baseline: {}, ours again", made.label);
    let after = ours(&programs, &made.path)?;
    let ours = if after.seconds < before.seconds { &after } else { &before };
    if original.points != ours.report.points {
        bail!("the original's way made {} points, ours {}", original.points, ours.report.points);
    }

    println!("\nThe original's stages by themselves:\n");
    let head = ["stage", "seconds"].map(str::to_owned);
    let stages = original.stages.iter().map(|(stage, seconds)| [stage.clone(), format!("{seconds:.2}")]);
    println!("{}", aligned(std::iter::once(head).chain(stages)));
    let mean = (before.seconds + after.seconds) / 2.0;
    let ratio = theirs / mean;
    let wanted = ratio >= TARGET;
    println!("{}", aligned(comparison(&original, theirs, ours, mean)));
    println!(
        "The original's way takes {ratio:.1} times as long (wanted: {TARGET}); of ours, the mean of two runs around it,"
    );
    println!(
        "stages of the faster, as sums over threads and processes: they may add up to more than the clock."
    );
    if arguments.quick {
        return Ok(ExitCode::SUCCESS);
    }
    let mut ledger = Ledger::open(workspace.root().join(LEDGER), &machine)?;
    let mut head: Vec<String> = ["whose", "total s", "ratio", "as wanted"].map(str::to_owned).into();
    head.extend(STAGES.iter().map(|(stage, ..)| (*stage).to_owned()));
    let row = |first: [String; 4], column: usize| -> Vec<String> {
        let stages = comparison(&original, theirs, ours, mean).into_iter().skip(1).take(STAGES.len());
        first.into_iter().chain(stages.map(|cells| cells[column].clone())).collect()
    };
    let heading = format!("The original's way with {}", made.label);
    let verdict = if wanted { "yes" } else { "NO" };
    ledger.add(&heading, &head, &row(["ours".into(), format!("{mean:.2}"), "1".into(), String::new()], 2));
    let first = ["the original".into(), format!("{theirs:.2}"), format!("{ratio:.1}"), verdict.into()];
    ledger.add(&heading, &head, &row(first, 1));
    ledger.save()?;
    Ok(if wanted { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn ours(programs: &Programs, clips: &Path) -> Result<Run> {
    programs.forget()?;
    let run = programs.run(Set::Wav.option(), clips)?;
    programs.forget()?;
    Ok(run)
}

/// A line a stage: its name, the original's seconds, ours.
fn comparison(original: &Original, theirs: f64, ours: &Run, mean: f64) -> Vec<[String; 3]> {
    let seconds = |found: Vec<f64>| {
        if found.is_empty() { "–".to_owned() } else { format!("{:.2}", found.iter().sum::<f64>()) }
    };
    let mut rows = vec![["stage", "the original's way, s", "ours, s"].map(str::to_owned)];
    for (stage, of_original, of_ours) in STAGES {
        let original = of_original.iter().filter_map(|name| original.stages.get(*name)).copied().collect();
        let all = ours.report.stages.iter().filter(|other| of_ours.contains(&other.stage.as_str()));
        rows.push([stage.to_owned(), seconds(original), seconds(all.map(|stage| stage.seconds).collect())]);
    }
    rows.push(["by the clock".to_owned(), format!("{theirs:.2}"), format!("{mean:.2}")]);
    rows
}
