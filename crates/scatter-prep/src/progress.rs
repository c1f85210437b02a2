//! Progress on a terminal: a line a stage, on standard error; nothing in a pipe.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Draws progress. On anything but a terminal it draws nothing.
#[derive(Debug, Default)]
pub struct Progress;

/// One stage's line; left standing when the stage is over.
#[derive(Debug)]
pub struct StageBar(ProgressBar);

impl Progress {
    /// A stage with a known number of steps.
    pub fn steps(&self, name: &'static str, unit: &str, count: u64) -> StageBar {
        let template = format!("{{prefix:>12}} {{wide_bar:.cyan/black}} {{pos}}/{{len}} {unit}  {{eta}}");
        self.bar(name, Some(count), &template)
    }

    /// A stage whose end is not known.
    pub fn open_end(&self, name: &'static str, unit: &str) -> StageBar {
        self.bar(name, None, &format!("{{prefix:>12}} {{spinner:.cyan}} {{pos}} {unit}  {{elapsed}}"))
    }

    fn bar(&self, name: &'static str, count: Option<u64>, template: &str) -> StageBar {
        // Standard error as target draws nothing by itself when it is no terminal.
        let bar = ProgressBar::with_draw_target(count, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━╸━"));
        }
        bar.set_prefix(name);
        bar.enable_steady_tick(Duration::from_millis(100));
        StageBar(bar)
    }
}

impl StageBar {
    /// One step done.
    pub fn step(&self) {
        self.0.inc(1);
    }
}

impl Drop for StageBar {
    fn drop(&mut self) {
        self.0.abandon();
    }
}
