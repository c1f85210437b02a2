//! Progress on a terminal: a line for the stage at hand, on standard error; nothing in a pipe.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Draws progress. On anything but a terminal it draws nothing.
#[derive(Debug, Default)]
pub struct Progress;

/// One stage's line; gone when the stage is over, since the report tells its time.
#[derive(Debug)]
pub struct StageBar(ProgressBar);

impl Progress {
    /// A stage of `count` things called `unit`.
    pub fn counted(&self, name: &'static str, unit: &str, count: u64) -> StageBar {
        let template = format!("{{prefix:>12}} {{wide_bar:.cyan/black}} {{pos}}/{{len}} {unit}  {{eta}}");
        self.line(name, Some(count), &template)
    }

    /// A stage of few steps that take long, each with a name of its own.
    pub fn steps(&self, name: &'static str, count: u64) -> StageBar {
        self.line(name, Some(count), "{prefix:>12} {wide_bar:.cyan/black} {pos}/{len} {msg}")
    }

    /// A stage whose end is not known.
    pub fn open_end(&self, name: &'static str, unit: &str) -> StageBar {
        self.line(name, None, &format!("{{prefix:>12}} {{spinner:.cyan}} {{pos}} {unit}  {{elapsed}}"))
    }

    /// A stage of `total` bytes, or of as many as come.
    pub fn bytes(&self, name: &'static str, total: Option<u64>) -> StageBar {
        let rest = if total.is_some() { "{bytes}/{total_bytes}  {eta}" } else { "{bytes}" };
        self.line(name, total, &format!("{{prefix:>12}} {{wide_bar:.cyan/black}} {rest}"))
    }

    fn line(&self, name: &'static str, count: Option<u64>, template: &str) -> StageBar {
        // Both draw on standard error, and nothing where that is no terminal.
        let bar = count.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━╸━"));
        }
        bar.set_prefix(name);
        bar.enable_steady_tick(Duration::from_millis(100));
        StageBar(bar)
    }
}

impl StageBar {
    /// One thing done.
    pub fn step(&self) {
        self.0.inc(1);
    }

    /// `count` things done.
    pub fn advance(&self, count: u64) {
        self.0.inc(count);
    }

    /// The step that begins now.
    pub fn begin(&self, step: &'static str) {
        self.0.set_message(step);
    }
}

impl Drop for StageBar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
