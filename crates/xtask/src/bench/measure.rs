//! One run of the released program, beside the time that the model alone takes.

use std::{
    fs::{self, File},
    io,
    path::Path,
    process::Stdio,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::{
    inputs::{Made, Set},
    programs::{Programs, json},
};
use crate::{process, watch};

/// How often memory is looked at.
const INTERVAL: Duration = Duration::from_millis(50);

/// What `scatter-prep` said at its end; `docs/json.md` has the meaning.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Points on the map.
    pub points: usize,
    points_kept: usize,
    files_skipped: Vec<Skipped>,
    /// Seconds by stage, sums over threads and processes.
    pub stages: Vec<StageSeconds>,
}

#[derive(Debug, Clone, Deserialize)]
struct Skipped {
    file: String,
    reason: String,
}

/// One stage.
#[derive(Debug, Clone, Deserialize)]
pub struct StageSeconds {
    /// Its name.
    pub stage: String,
    /// Its time.
    pub seconds: f64,
}

#[derive(Deserialize)]
struct Event {
    event: String,
    report: Option<Report>,
}

/// What `scatter-speed floor` prints.
#[derive(Deserialize)]
struct Floor {
    seconds: f64,
}

/// A run that went through.
#[derive(Debug, Clone)]
pub struct Run {
    /// What the program said.
    pub report: Report,
    /// Seconds by the clock, from start to end of the process.
    pub seconds: f64,
    /// Greatest memory of the process and all that it started, in bytes.
    pub peak: u64,
}

/// A first run on a set, a second one, and the floor around the first.
#[derive(Debug, Clone)]
pub struct Measured {
    /// The run that hears everything.
    pub run: Run,
    /// Seconds of the next, which finds everything kept.
    pub again: f64,
    /// Seconds of inference alone, right before and right after the first run.
    pub floor: [f64; 2],
}

impl Measured {
    /// Seconds by the clock over those of the floor: the mean of before and after, since a machine's other load is, on
    /// the whole, between the two while the run lasts. The lesser would hold the load against the run.
    pub fn ratio(&self) -> f64 {
        self.run.seconds * 2.0 / self.floor.iter().sum::<f64>()
    }

    /// Whether the machine was about as fast after the run as before it.
    pub fn is_steady(&self) -> bool {
        let [before, after] = self.floor;
        before.max(after) <= 1.2 * before.min(after)
    }
}

impl Programs {
    /// Measures a set, whose files lie in memory: the floor, a first run, the floor again, a second run.
    ///
    /// # Errors
    /// When a run fails or skips a file.
    pub fn measure(&self, set: Set, made: &Made, setting: &str) -> Result<Measured> {
        self.forget()?;
        hold_in_memory(&made.path)?;
        let points = made.points;
        let before = self.floor(&made.path, points, setting)?;
        let run = self.run(set.option(), &made.path)?;
        let after = self.floor(&made.path, points, setting)?;
        let again = self.run(set.option(), &made.path)?;
        self.forget()?;
        if run.report.points != points {
            bail!("{} became {} points, not {points}", made.path.display(), run.report.points);
        }
        if run.report.points_kept != 0 || again.report.points_kept != points {
            bail!("the first run on {} was to hear all, the second nothing", made.path.display());
        }
        Ok(Measured { run, again: again.seconds, floor: [before, after] })
    }

    /// Seconds that the model alone takes for so many patches of these sounds.
    fn floor(&self, sounds: &Path, patches: usize, setting: &str) -> Result<f64> {
        let mut command = self.speed();
        command.arg("floor").arg("--sounds").arg(sounds);
        command.args(["--setting", setting, "--count", &patches.to_string()]);
        Ok(json::<Floor>(&mut command)?.seconds)
    }

    /// Runs `scatter-prep` to its end and watches it.
    ///
    /// # Errors
    /// When it fails or skips a file.
    pub fn run(&self, option: &str, sounds: &Path) -> Result<Run> {
        let events = self.folder.join("events.ndjson");
        let file = File::create(&events).with_context(|| format!("cannot write {}", events.display()))?;
        let mut command = self.prepare(option, sounds);
        let child = command.stdout(file).stderr(Stdio::null()).spawn();
        let mut child = child.with_context(|| format!("cannot start {}", self.prep.display()))?;
        let watched = watch::until_it_ends(&mut child, INTERVAL)?;
        let said =
            fs::read_to_string(&events).with_context(|| format!("cannot read {}", events.display()))?;
        let last = said.lines().last().unwrap_or_default();
        let event: Event = serde_json::from_str(last)
            .with_context(|| format!("`{}` said `{last}` at its end", process::line(&command)))?;
        let Some(report) = event.report.filter(|_| watched.status.success() && event.event == "finished")
        else {
            bail!("`{}` failed ({}): {last}", process::line(&command), watched.status);
        };
        if let Some(Skipped { file, reason }) = report.files_skipped.first() {
            bail!("{} of the set were skipped, first {file}: {reason}", report.files_skipped.len());
        }
        Ok(Run { report, seconds: watched.seconds, peak: watched.peak })
    }
}

/// Reads all files below `path` once: what is measured is the program, not how fast a disk was when it came first.
fn hold_in_memory(path: &Path) -> Result<()> {
    let unread = || format!("cannot read {}", path.display());
    if path.is_dir() {
        for entry in fs::read_dir(path).with_context(unread)? {
            hold_in_memory(&entry.with_context(unread)?.path())?;
        }
        return Ok(());
    }
    let mut file = File::open(path).with_context(unread)?;
    io::copy(&mut file, &mut io::sink()).with_context(unread)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_is_to_the_mean_of_both_floors_and_a_machine_that_changes_is_told_of() {
        let report = Report { points: 1, points_kept: 0, files_skipped: Vec::new(), stages: Vec::new() };
        let measured = |floor| Measured {
            run: Run { report: report.clone(), seconds: 6.0, peak: 0 },
            again: 1.0,
            floor,
        };
        assert!((measured([3.0, 5.0]).ratio() - 1.5).abs() < 1e-12);
        assert!(!measured([3.0, 5.0]).is_steady() && measured([3.0, 3.5]).is_steady());
    }

    #[test]
    fn the_closing_event_is_read() {
        let line = r#"{"event":"finished","report":{"name":"a","points":3,"pointsKept":0,"filesSkipped":
            [{"file":"b","reason":"c"}],"stages":[{"stage":"read","seconds":0.25}],"seconds":1}}"#;
        let event: Event = serde_json::from_str(line).unwrap();
        let report = event.report.unwrap();
        assert_eq!((report.points, report.stages[0].stage.as_str()), (3, "read"));
        assert_eq!(report.files_skipped[0].reason, "c");
    }
}
