//! The time that a run takes to get going, and that a map takes by itself.

use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::{
    inputs,
    programs::{self, Programs},
};

/// How often each start is timed; the best counts, since what disturbs only ever makes slower.
const HELPS: usize = 20;
const FEW: usize = 5;

/// A figure that may take so long.
#[derive(Debug, Clone)]
pub struct Timed {
    /// What was timed.
    pub what: &'static str,
    /// How long it took, in `unit`.
    pub took: f64,
    /// How long it may take, likewise.
    pub target: f64,
    /// Seconds or milliseconds.
    pub unit: &'static str,
}

impl Timed {
    /// Whether it took no longer than it may.
    pub fn is_as_wanted(&self) -> bool {
        self.took <= self.target
    }

    /// The figure in words.
    pub fn words(&self, figure: f64) -> String {
        if self.unit == "ms" { format!("{figure:.1} ms") } else { format!("{figure:.2} s") }
    }
}

/// Help, and a folder of ten clips, heard for the first time.
///
/// # Errors
/// When a run fails.
pub fn start(programs: &Programs) -> Result<Vec<Timed>> {
    let help = best(HELPS, || programs::seconds(Command::new(&programs.prep).arg("--help")))?;
    let few = inputs::few(&programs.folder)?;
    let heard = best(FEW, || {
        programs.forget()?;
        programs::seconds(&mut programs.prepare("-d", &few))
    })?;
    programs.forget()?;
    Ok(vec![
        Timed { what: "scatter-prep --help", took: 1_000.0 * help, target: 20.0, unit: "ms" },
        Timed { what: "a folder of 10 clips", took: heard, target: 1.5, unit: "s" },
    ])
}

#[derive(Deserialize)]
struct MapTimes {
    total: f64,
    pca: f64,
}

/// Maps of generated points: preparation, neighbours and UMAP, and PCA.
///
/// # Errors
/// When one cannot be made.
pub fn maps(programs: &Programs) -> Result<Vec<Timed>> {
    let times: Vec<MapTimes> = programs::json(programs.speed().args(["maps", "2000", "20000"]))?;
    let [small, large] = &times[..] else { bail!("two maps were to be timed") };
    Ok(vec![
        Timed { what: "UMAP of 2000 × 1024", took: small.total, target: 0.8, unit: "s" },
        Timed { what: "UMAP of 20000 × 1024", took: large.total, target: 8.0, unit: "s" },
        Timed { what: "PCA of 20000 × 1024", took: large.pca, target: 2.0, unit: "s" },
    ])
}

fn best(times: usize, mut measure: impl FnMut() -> Result<f64>) -> Result<f64> {
    let mut best: Option<f64> = None;
    for _ in 0..times {
        let seconds = measure()?;
        best = Some(best.map_or(seconds, |best| best.min(seconds)));
    }
    best.context("nothing was timed")
}
