//! `cargo xtask viewer-bench`: frames a second of the page, beside those of scatter-gl, the original project's renderer.
//!
//! Builds the page, runs `benches/viewer` in Chromium, with WebGL in software or by the graphics card, and adds the results
//! to `docs/bench.md`.

use std::{
    process::{Command, ExitCode},
    str::FromStr,
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::{LEDGER, ledger::Ledger, machine};
use crate::{process, setup, table::aligned, web, workspace::Workspace};

/// The page is to have more frames than scatter-gl in each row, and this many times as many from [`MANY`] points on.
const RATIO_OF_MANY: f64 = 2.0;
const MANY: u64 = 100_000;

/// Arguments of `cargo xtask viewer-bench`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Numbers of points
    #[arg(long, value_name = "N", value_delimiter = ',', default_value = "2000,20000,100000,1000000")]
    points: Vec<usize>,
    /// Seconds that each row is looked at
    #[arg(long, value_name = "S", default_value_t = 5)]
    seconds: u32,
    /// Draw by the graphics card, which ANGLE reaches by this interface: vulkan, gl-egl, metal, d3d11
    #[arg(long, value_name = "INTERFACE", num_args = 0..=1, default_missing_value = "vulkan")]
    gpu: Option<String>,
    /// Only print the table: nothing is held against the targets, nor added to docs/bench.md
    #[arg(long)]
    quick: bool,
}

/// Measures, prints the table and adds to the ledger. Fails when a target is missed.
///
/// # Errors
/// When the page cannot be built, or the browser does not run.
pub fn run(workspace: &Workspace, arguments: &Arguments) -> Result<ExitCode> {
    web::build(workspace)?;
    let folder = workspace.root().join("benches/viewer");
    setup::packages(&folder)?;
    let Some(browser) = setup::chromium() else {
        bail!("no Chromium on the search path; `cargo xtask setup` installs it, or set CHROMIUM to one");
    };
    let machine = machine::describe(workspace, None)?;
    let sizes: Vec<String> = arguments.points.iter().map(ToString::to_string).collect();
    let mut node = Command::new("node");
    node.current_dir(&folder).args(["run.mjs", "--json"]).env("CHROMIUM", browser);
    node.env("SIZES", sizes.join(",")).env("SECONDS", arguments.seconds.to_string());
    if let Some(interface) = &arguments.gpu {
        node.env("GPU", interface);
    }
    let mut last = String::new();
    let status = process::stream(&mut node, |line| line.clone_into(&mut last))?;
    if !status.success() {
        bail!("`{}` failed: {status}", process::line(&node));
    }
    let rows: Vec<Row> = serde_json::from_str::<Vec<Value>>(&last)
        .context("the bench printed no table")?
        .into_iter()
        .map(Row)
        .collect();
    let Some(first) = rows.first() else { bail!("the bench measured nothing") };

    println!("\n{}", aligned(std::iter::once(first.names()).chain(rows.iter().map(Row::cells))));
    if arguments.quick {
        return Ok(ExitCode::SUCCESS);
    }
    let mut ledger = Ledger::open(workspace.root().join(LEDGER), &machine)?;
    for row in &rows {
        ledger.add(&row.heading(arguments.gpu.is_some()), &row.names()[3..], &row.cells()[3..]);
    }
    ledger.save()?;
    // Drawn by a card, both reach the display's own rate.
    let wanted = arguments.gpu.is_some() || rows.iter().all(Row::is_as_wanted);
    Ok(if wanted { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// One line of the bench's table: cells by name.
#[derive(Debug)]
struct Row(Value);

/// Names of a row's cells, in order: what was drawn, then the figures.
const NAMES: [&str; 11] = [
    "points",
    "drawn as",
    "camera",
    "frames/s",
    "median ms",
    "cpu ms",
    "scatter-gl frames/s",
    "its median ms",
    "its cpu ms",
    "ratio",
    "points drawn",
];

impl Row {
    fn names(&self) -> Vec<String> {
        NAMES.map(str::to_owned).to_vec()
    }

    fn cell(&self, name: &str) -> String {
        match self.0.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) | None => String::new(),
            Some(other) => other.to_string(),
        }
    }

    fn cells(&self) -> Vec<String> {
        NAMES.map(|name| self.cell(name)).to_vec()
    }

    fn number<T: FromStr>(&self, name: &str) -> Option<T> {
        self.cell(name).parse().ok()
    }

    fn heading(&self, gpu: bool) -> String {
        let by = if gpu { " by a graphics card" } else { "" };
        format!(
            "The page{by}: {} {}, camera {}",
            self.cell("points"),
            self.cell("drawn as"),
            self.cell("camera")
        )
    }

    /// Whether it is ahead far enough; where nothing is beside it, there is nothing to be ahead of.
    fn is_as_wanted(&self) -> bool {
        let Some(ratio) = self.number::<f64>("ratio") else { return true };
        let many = self.number::<u64>("points").is_some_and(|points| points >= MANY);
        if many { ratio >= RATIO_OF_MANY } else { ratio > 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ahead_is_enough_for_few_points_and_twice_as_many_frames_are_wanted_of_many() {
        let row = |points: u64, ratio: &str| {
            Row(json!({"points": points, "drawn as": "sprites", "camera": "at rest", "ratio": ratio}))
        };
        let wanted = [(2_000, "1.01"), (2_000, "0.99"), (100_000, "1.9"), (100_000, "2.0"), (1_000_000, "")];
        assert_eq!(
            wanted.map(|(points, ratio)| row(points, ratio).is_as_wanted()),
            [true, false, false, true, true]
        );
        assert_eq!(row(2_000, "1").heading(false), "The page: 2000 sprites, camera at rest");
        assert_eq!(
            row(2_000, "1").heading(true),
            "The page by a graphics card: 2000 sprites, camera at rest"
        );
        assert_eq!(row(2_000, "1").cells()[..4], ["2000", "sprites", "at rest", ""]);
    }
}
