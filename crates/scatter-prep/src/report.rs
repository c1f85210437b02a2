//! The closing report.

use std::fmt;
use std::path::PathBuf;

use scatter_dataset::{DatasetName, Kind, Shown};
use scatter_map::{DuplicateKind, Duplicates};
use serde::Serialize;

use crate::shown::lines;
use crate::stage::{STAGES, StageClock};

/// A file that made no point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// Path below the folder.
    pub file: String,
    /// Why, in words.
    pub reason: String,
}

/// What was odd about a file that did make a point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Path below the folder.
    pub file: String,
    /// What, in words.
    pub note: String,
}

/// Seconds of one stage, added up over threads.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StageSeconds {
    /// Name of the stage.
    pub stage: &'static str,
    /// Seconds.
    pub seconds: f64,
}

/// Points that hold a sound which another point holds too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DuplicateCounts {
    /// Points with an exact duplicate.
    pub exact: usize,
    /// Points with a near duplicate only.
    pub near: usize,
    /// Groups of duplicates.
    pub groups: usize,
}

impl DuplicateCounts {
    /// Counts them.
    pub fn of(duplicates: &Duplicates) -> Self {
        let count = |kind| duplicates.kinds.iter().filter(|&&other| other == kind).count();
        Self {
            exact: count(DuplicateKind::Exact),
            near: count(DuplicateKind::Near),
            groups: duplicates.groups.iter().flatten().max().map_or(0, |&last| last as usize + 1),
        }
    }
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Name of the dataset.
    pub name: DatasetName,
    /// Its folder.
    pub folder: PathBuf,
    /// What it was made of.
    pub kind: Kind,
    /// Points on the map.
    pub points: usize,
    /// Files that were read, in this run or an earlier one.
    pub files_read: usize,
    /// Points that an earlier run had heard.
    pub points_kept: u64,
    /// Files of which only a part could be read.
    pub files_partial: usize,
    /// Files that made no point.
    pub files_skipped: Vec<Skipped>,
    /// Files in the folder that are not audio.
    pub other_files: usize,
    /// Points that are not unique.
    pub duplicates: DuplicateCounts,
    /// Points without a label, where a rule other than the file's name was asked for.
    pub unlabelled: usize,
    /// What was odd about files that were read.
    pub notes: Vec<Note>,
    /// Name of the model that made the embeddings.
    pub model: String,
    /// What would make the map better or sooner: sentences for people.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub advice: Vec<String>,
    /// Seconds by stage, added up over threads.
    pub stages: Vec<StageSeconds>,
    /// Seconds by the clock.
    pub seconds: f64,
    /// Largest memory of the process, where the system tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peak_memory_bytes: Option<u64>,
    /// Bytes on disk that are kept for the next run.
    pub kept_bytes: u64,
    /// Why nothing is kept, where that was not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_kept: Option<String>,
    /// How to look at it.
    pub open: String,
}

/// Rows of a list that are shown in words; `--json` has all.
const SHOWN: usize = 20;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let made = match self.kind {
            Kind::Clips => format!("{} clips from {} files", self.points, self.files_read),
            Kind::Recording => format!("{} windows of one recording", self.points),
        };
        writeln!(f, "\n{}: {made}, embedded with {}", self.name, self.model)?;
        for advice in &self.advice {
            writeln!(f, "{}", lines(advice))?;
        }
        if self.points_kept > 0 {
            writeln!(f, "{} of them were heard by an earlier run", self.points_kept)?;
        }
        if let Some(why) = &self.not_kept {
            writeln!(f, "nothing is kept for the next run: {why}")?;
        }
        if self.other_files > 0 {
            writeln!(f, "{} other files are not audio", self.other_files)?;
        }
        let DuplicateCounts { exact, near, groups } = self.duplicates;
        if groups > 0 {
            let plural = if groups == 1 { "" } else { "s" };
            writeln!(f, "{} duplicates in {groups} group{plural}: {exact} exact, {near} near", exact + near)?;
        }
        if self.unlabelled > 0 {
            writeln!(f, "{} points have no label by the rule of --labels", self.unlabelled)?;
        }
        let skipped = self.files_skipped.iter().map(|s| (&s.file, &s.reason));
        list(f, "skipped", skipped, self.files_skipped.len())?;
        if self.files_partial > 0 {
            writeln!(f, "{} could be read only in part", self.files_partial)?;
        }
        list(f, "read, but odd", self.notes.iter().map(|n| (&n.file, &n.note)), self.notes.len())?;
        writeln!(f)?;
        for stage in &self.stages {
            writeln!(f, "{:>14} {:>8.2} s", stage.stage, stage.seconds)?;
        }
        write!(f, "{:>14} {:>8.2} s", "by the clock", self.seconds)?;
        if let Some(bytes) = self.peak_memory_bytes {
            write!(f, ", {} MB at most", bytes / 1_000_000)?;
        }
        writeln!(f, "\n\nthe map is in {}", Shown(&self.folder.to_string_lossy()))?;
        write!(f, "look at it:   {}", Shown(&self.open))
    }
}

fn list<'a>(
    f: &mut fmt::Formatter<'_>,
    title: &str,
    rows: impl Iterator<Item = (&'a String, &'a String)>,
    count: usize,
) -> fmt::Result {
    if count > 0 {
        writeln!(f, "{count} {title}:")?;
    }
    for (file, what) in rows.take(SHOWN) {
        writeln!(f, "  {}: {}", Shown(file), Shown(what))?;
    }
    if count > SHOWN {
        writeln!(f, "  … and {} more (all with --json)", count - SHOWN)?;
    }
    Ok(())
}

/// Seconds of each stage.
pub fn stage_seconds(clock: &StageClock) -> Vec<StageSeconds> {
    let seconds = |stage| (clock.spent(stage).as_secs_f64() * 1_000.0).round() / 1_000.0;
    STAGES.iter().map(|&(stage, name)| StageSeconds { stage: name, seconds: seconds(stage) }).collect()
}

/// Largest resident memory of this process so far: Linux's VmHWM.
pub fn peak_memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1_024)
}
