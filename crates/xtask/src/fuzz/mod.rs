//! `cargo xtask fuzz MINUTES`: hostile bytes for the readers, guided by the code that they reach.
//!
//! libFuzzer drives the targets of `scatter-fuzz`. Everything lies in `target/fuzz`: the build, with coverage counters and
//! apart from every other, and a folder a target with its seeds, corpus (kept between runs), finds and logs.

mod build;
mod inputs;
mod log;
mod session;
mod table;
mod target;

use std::{
    num::NonZero,
    process::ExitCode,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, bail};

use crate::workspace::Workspace;
use build::Programs;
use build::is_supported;
use session::{Outcome, Session};
use target::{TARGETS, Target};

/// Arguments of `cargo xtask fuzz`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// How long the targets run, side by side, in minutes
    #[arg(value_name = "MINUTES")]
    minutes: f64,
    /// Run this target alone: decode, dataset or hdf5
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
}

/// Builds the targets, runs them for the time given, and prints what came of it.
///
/// # Errors
/// When a target cannot be built or started. A find is in the table and the exit code.
pub fn run(workspace: &Workspace, arguments: &Arguments) -> Result<ExitCode> {
    let time = Duration::try_from_secs_f64(60.0 * arguments.minutes).ok().filter(|time| !time.is_zero());
    let time = time.with_context(|| format!("cannot fuzz for {} minutes", arguments.minutes))?;
    let targets: Vec<&Target> = match &arguments.target {
        Some(name) => vec![Target::named(name)?],
        None => TARGETS.iter().collect(),
    };
    if !is_supported() {
        bail!("the fuzzing engine needs Linux or macOS");
    }
    println!("fuzz: building the targets with coverage counters");
    let programs = Programs::build(workspace)?;
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let processes = (cores / targets.len()).max(1);
    let start = Instant::now();
    let runs = targets.iter().map(|target| {
        let session = Session::begin(workspace, &programs, target)?;
        println!(
            "fuzz: {} begins from {} seeds; log: {}",
            target.name,
            session.seeds,
            session.log(0).display()
        );
        Ok((session, start + time, processes))
    });
    let outcomes = side_by_side(&runs.collect::<Result<Vec<_>>>()?)?;
    print!("{}", table::table(&outcomes));
    for find in outcomes.iter().flat_map(|outcome| &outcome.finds) {
        println!("\nfind: {}\n  {}\n  again: {}", find.path.display(), find.fault, find.again);
    }
    let clean = outcomes.iter().all(|outcome| outcome.finds.is_empty());
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn side_by_side(runs: &[(Session, Instant, usize)]) -> Result<Vec<Outcome>> {
    thread::scope(|scope| {
        let started: Vec<Vec<_>> = runs
            .iter()
            .map(|(session, until, processes)| {
                (0..*processes).map(|number| scope.spawn(move || session.run(*until, number))).collect()
            })
            .collect();
        let target = |processes: Vec<thread::ScopedJoinHandle<'_, Result<Outcome>>>| {
            let mut outcomes = processes.into_iter().map(|thread| {
                thread.join().map_err(|_| anyhow!("a thread that watches a target stopped"))?
            });
            let first = outcomes.next().context("a target without a process")??;
            outcomes.try_fold(first, |all, outcome| Ok(all.and(outcome?)))
        };
        started.into_iter().map(target).collect()
    })
}
