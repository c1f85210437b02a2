//! One target at work: its folder, its seeds, its processes.

use std::{
    ffi::OsString,
    fs::{self, File},
    path::PathBuf,
    process::Command,
    time::Instant,
};

use anyhow::{Context, Result};

use super::{
    build::Programs,
    inputs,
    log::{Fault, Figures},
    target::Target,
};
use crate::{process, workspace::Workspace};

/// Longest time for one input, in seconds: beyond, the input is a find.
const INPUT_SECONDS: u64 = 10;
/// Resident memory in MiB at which the input is a find; the heap has its own, lower ceiling in the target.
const MEMORY_MIB: u64 = 512;
/// A process that finds something ends, and is started again so often.
const STARTS: usize = 40;

/// A target about to run.
#[derive(Debug)]
pub struct Session {
    target: &'static Target,
    program: PathBuf,
    folder: PathBuf,
    /// Inputs to begin from, the corpus of earlier runs left out.
    pub seeds: usize,
}

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    pub target: &'static str,
    pub executions: u64,
    pub seconds: f64,
    pub corpus: usize,
    pub coverage: u64,
    pub features: u64,
    pub finds: Vec<Find>,
}

/// An input that broke something.
#[derive(Debug)]
pub struct Find {
    /// The input.
    pub path: PathBuf,
    /// What it did.
    pub fault: Fault,
    /// Command that does it again.
    pub again: String,
}

impl Outcome {
    /// This and what another process of the same target did meanwhile.
    pub fn and(mut self, other: Self) -> Self {
        self.executions += other.executions;
        self.seconds = self.seconds.max(other.seconds);
        self.corpus = self.corpus.max(other.corpus);
        self.coverage = self.coverage.max(other.coverage);
        self.features = self.features.max(other.features);
        for find in other.finds {
            if self.finds.iter().all(|known| known.fault.what != find.fault.what) {
                self.finds.push(find);
            }
        }
        self
    }
}

impl Session {
    /// Makes the target's folder with its seeds.
    ///
    /// # Errors
    /// When a seed cannot be made or written.
    pub fn begin(workspace: &Workspace, programs: &Programs, target: &'static Target) -> Result<Self> {
        let folder = workspace.target().join("fuzz").join(target.name);
        let program = programs.of(target.name);
        for name in ["seeds", "real"] {
            inputs::empty(&folder.join(name))?;
        }
        for name in ["corpus", "finds"] {
            inputs::make(&folder.join(name))?;
        }
        process::output(Command::new(&program).env("SCATTER_FUZZ_SEEDS", &folder))?;
        inputs::copy_real_files(target, &folder.join("real"))?;
        let seeds = inputs::count(&folder.join("seeds")) + inputs::count(&folder.join("real"));
        Ok(Self { target, program, folder, seeds })
    }

    /// Where process `number` writes what libFuzzer says.
    pub fn log(&self, number: usize) -> PathBuf {
        self.folder.join(format!("log-{number}.txt"))
    }

    /// Runs one process until then, and again after each find.
    ///
    /// # Errors
    /// When it cannot be started, or ends without having found or finished anything.
    pub fn run(&self, until: Instant, number: usize) -> Result<Outcome> {
        let (start, log) = (Instant::now(), self.log(number));
        let mut outcome = Outcome {
            target: self.target.name,
            executions: 0,
            seconds: 0.0,
            corpus: 0,
            coverage: 0,
            features: 0,
            finds: Vec::new(),
        };
        for _ in 0..STARTS {
            let Some(mut command) = self.command(until) else { break };
            let output = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
            command.stderr(output.try_clone()?).stdout(output);
            let status =
                command.status().with_context(|| format!("cannot start {}", self.program.display()))?;
            let said = fs::read(&log).with_context(|| format!("cannot read {}", log.display()))?;
            let said = String::from_utf8_lossy(&said);
            let figures = Figures::read(&said);
            outcome.executions += figures.executions;
            outcome.coverage = outcome.coverage.max(figures.coverage);
            outcome.features = outcome.features.max(figures.features);
            if status.success() {
                break;
            }
            self.keep_find(&said, &mut outcome.finds)?;
        }
        outcome.seconds = start.elapsed().as_secs_f64();
        outcome.corpus = inputs::count(&self.corpus());
        Ok(outcome)
    }

    fn corpus(&self) -> PathBuf {
        self.folder.join("corpus")
    }

    /// `None` when the time is over.
    fn command(&self, until: Instant) -> Option<Command> {
        let left = until.saturating_duration_since(Instant::now()).as_secs();
        if left == 0 {
            return None;
        }
        let mut command = Command::new(&self.program);
        command.arg(format!("-max_total_time={left}"));
        let mut finds = OsString::from("-artifact_prefix=");
        finds.push(self.folder.join("finds").join(""));
        let mut words = OsString::from("-dict=");
        words.push(self.folder.join("dictionary"));
        command.args([
            format!("-max_len={}", self.target.longest),
            format!("-timeout={INPUT_SECONDS}"),
            format!("-rss_limit_mb={MEMORY_MIB}"),
            "-print_final_stats=1".to_owned(),
        ]);
        command.args([finds, words]).arg(self.corpus());
        command.args(["seeds", "real"].map(|name| self.folder.join(name)));
        command.env("RUST_BACKTRACE", "1");
        Some(command)
    }

    /// Adds what a process ended on to the finds, unless one of them did the same.
    fn keep_find(&self, said: &str, finds: &mut Vec<Find>) -> Result<()> {
        let fault = Fault::read(said);
        let path = said.lines().find_map(|line| line.split_once("Test unit written to "));
        let path = PathBuf::from(path.map(|(_, path)| path.trim()).with_context(|| {
            format!("the target {} stopped with no input to blame: {fault}", self.target.name)
        })?);
        if finds.iter().all(|known| known.fault.what != fault.what) {
            let again = format!("{} {}", self.program.display(), path.display());
            finds.push(Find { path, fault, again });
        } else {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
        Ok(())
    }
}
