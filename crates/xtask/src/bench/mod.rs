//! `cargo xtask bench`: how fast the released program is, as a ratio to the model's inference alone.
//!
//! Makes sets of sounds (once, in `target/bench`: 4 GB), runs scatter-prep on each, and times the model on as many
//! patches of the same sounds right before and after. The results are added to `docs/bench.md`.

pub mod baseline;
mod inputs;
mod ledger;
mod machine;
mod measure;
mod programs;
mod sounds;
mod startup;
pub mod viewer;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::{table::aligned, workspace::Workspace};
use inputs::{Made, SETS, Set};
use ledger::Ledger;
use measure::Measured;
use programs::Programs;
use startup::Timed;

/// File that results are added to.
const LEDGER: &str = "docs/bench.md";

/// Arguments of `cargo xtask bench`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A tenth of each set: to try it out. Nothing is held against the targets, nor added to docs/bench.md
    #[arg(long)]
    quick: bool,
    /// Only these sets, separated by commas, and neither start-up nor maps by themselves
    #[arg(long, value_enum, value_name = "SET", value_delimiter = ',')]
    set: Vec<Set>,
    /// Runs on each set; the one whose ratio is in the middle counts
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..))]
    rounds: u8,
}

/// Measures, prints the table and adds to the ledger. Fails when a target is missed.
///
/// # Errors
/// When something cannot be built or made, or a run fails.
pub fn run(workspace: &Workspace, arguments: &Arguments) -> Result<ExitCode> {
    let programs = Programs::build(workspace)?;
    let parts = if arguments.quick { 10 } else { 1 };
    let sets = if arguments.set.is_empty() { SETS.to_vec() } else { arguments.set.clone() };
    let mut made = Vec::new();
    for set in sets {
        made.push((set, set.make(workspace, &programs.folder, parts)?));
    }
    let Some((_, first)) = made.first() else { bail!("name a set") };
    let setting = programs.probe(&first.path)?;
    println!("bench: the model alone is fastest as {setting} (sessions × threads × points a batch)");
    let machine = machine::describe(workspace, Some(&programs.runtime))?;

    let mut timed = Vec::new();
    if arguments.set.is_empty() {
        timed.extend(startup::start(&programs)?);
        timed.extend(startup::maps(&programs)?);
    }
    let mut results = Vec::new();
    for (set, made) in made {
        let measured = middle(arguments.rounds, || {
            println!("bench: {}", made.label);
            programs.measure(set, &made, &setting)
        })?;
        results.push(Row { set, made, measured, judged: !arguments.quick });
    }

    println!("\n{}", aligned(table(&results)));
    println!("{NOTE}\n");
    if !timed.is_empty() {
        println!("{}", aligned(timed_table(&timed)));
    }
    if !arguments.quick {
        let mut ledger = Ledger::open(workspace.root().join(LEDGER), &machine)?;
        for row in &results {
            ledger.add(&row.made.label, &row.head(), &row.cells());
        }
        let cells = |cell: fn(&Timed) -> String| timed.iter().map(cell).collect::<Vec<_>>();
        if !timed.is_empty() {
            let head = cells(|timed| format!("{}, ≤ {} {}", timed.what, timed.target, timed.unit));
            ledger.add("Start, and maps alone", &head, &cells(|timed| timed.words(timed.took)));
        }
        ledger.save()?;
    }
    let all = arguments.quick
        || results.iter().all(|row| row.is_as_wanted() != Some(false))
            && timed.iter().all(Timed::is_as_wanted);
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What the table's figures mean.
const NOTE: &str = "\
Total and `again` by the clock; `again` is the same command a second time, which finds all sounds kept. Floor: the model \
alone on as many\npatches of these sounds, before and after the run; the ratio is to their mean. Stages are sums over \
threads and processes.";

/// A set and how it went.
struct Row {
    set: Set,
    made: Made,
    measured: Measured,
    /// Whether it is held against its target.
    judged: bool,
}

impl Row {
    /// Whether the target is kept, where there is one.
    fn is_as_wanted(&self) -> Option<bool> {
        self.set.target().filter(|_| self.judged).map(|target| self.measured.ratio() <= target)
    }

    fn head(&self) -> Vec<String> {
        let columns = [
            "points",
            "total s",
            "floor s",
            "ratio",
            "target",
            "as wanted",
            "patches/s",
            "× real time",
            "peak MB",
            "again s",
        ];
        let stages = self.measured.run.report.stages.iter().map(|stage| stage.stage.clone());
        columns.into_iter().map(str::to_owned).chain(stages).collect()
    }

    fn cells(&self) -> Vec<String> {
        let Measured { run, again, floor: [before, after] } = &self.measured;
        let steady = if self.measured.is_steady() { "" } else { ", unsteady" };
        let wanted = match self.is_as_wanted() {
            Some(true) => "yes",
            Some(false) => "NO",
            None => "–",
        };
        let figures = [
            run.report.points.to_string(),
            format!("{:.2}", run.seconds),
            format!("{before:.2}, {after:.2}"),
            format!("{:.2}", self.measured.ratio()),
            self.set.target().map_or_else(|| "–".to_owned(), |target| format!("≤ {target}")),
            format!("{wanted}{steady}"),
            format!("{:.0}", run.report.points as f64 / run.seconds),
            format!("{:.0}", self.made.seconds / run.seconds),
            format!("{:.0}", run.peak as f64 / 1e6),
            format!("{again:.2}"),
        ];
        let stages = run.report.stages.iter().map(|stage| format!("{:.2}", stage.seconds));
        figures.into_iter().chain(stages).collect()
    }
}

fn table(results: &[Row]) -> Vec<Vec<String>> {
    let head = results.first().map(|row| [vec!["set".to_owned()], row.head()].concat());
    let rows = results.iter().map(|row| [vec![row.made.label.clone()], row.cells()].concat());
    head.into_iter().chain(rows).collect()
}

fn timed_table(timed: &[Timed]) -> Vec<[String; 4]> {
    let head = ["alone", "best", "target", "as wanted"].map(str::to_owned);
    let row = |timed: &Timed| {
        let wanted = if timed.is_as_wanted() { "yes" } else { "NO" };
        let target = format!("≤ {} {}", timed.target, timed.unit);
        [timed.what.to_owned(), timed.words(timed.took), target, wanted.to_owned()]
    };
    std::iter::once(head).chain(timed.iter().map(row)).collect()
}

/// Measures several times and gives the one whose ratio is in the middle, the lower one of two.
fn middle(rounds: u8, mut measure: impl FnMut() -> Result<Measured>) -> Result<Measured> {
    let mut all = (0..rounds).map(|_| measure()).collect::<Result<Vec<_>>>()?;
    all.sort_by(|a, b| a.ratio().total_cmp(&b.ratio()));
    let at = all.len().saturating_sub(1) / 2;
    if all.is_empty() { bail!("--rounds is 0: choose at least one") } else { Ok(all.swap_remove(at)) }
}
