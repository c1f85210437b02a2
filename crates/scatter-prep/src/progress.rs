//! Progress: a line on a terminal for the stage at hand, or events for a program.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::events::{Event, Events};

/// Shows progress. On anything but a terminal it draws nothing.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    events: Events,
}

/// One stage's line; gone when the stage is over, since the report tells its time.
#[derive(Debug)]
pub struct StageBar {
    bar: ProgressBar,
    events: Events,
}

impl Progress {
    /// Tells `events` beside.
    pub fn new(events: Events) -> Self {
        Self { events }
    }

    /// Tells an event.
    pub fn tell(&self, event: &Event<'_>) {
        self.events.tell(event);
    }

    /// A stage of `count` things called `unit`, `done` of which were done before.
    pub fn counted(&self, name: &'static str, unit: &str, count: u64, done: u64) -> StageBar {
        let template = format!("{{prefix:>12}} {{wide_bar:.cyan/black}} {{pos}}/{{len}} {unit}  {{eta}}");
        let stage = self.line(name, Some(count), &template);
        stage.bar.set_position(done);
        stage.bar.reset_eta();
        self.tell(&Event::Stage { stage: name });
        stage
    }

    /// A stage of few steps that take long, each with a name of its own.
    pub fn steps(&self, name: &'static str, count: u64) -> StageBar {
        self.line(name, Some(count), "{prefix:>12} {wide_bar:.cyan/black} {pos}/{len} {msg}")
    }

    /// A stage whose end is not known.
    pub fn open_end(&self, name: &'static str, unit: &str) -> StageBar {
        let stage =
            self.line(name, None, &format!("{{prefix:>12}} {{spinner:.cyan}} {{pos}} {unit}  {{elapsed}}"));
        self.tell(&Event::Stage { stage: name });
        stage
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
        StageBar { bar, events: self.events }
    }
}

impl StageBar {
    /// One thing done.
    pub fn step(&self) {
        self.bar.inc(1);
    }

    /// `count` things done.
    pub fn advance(&self, count: u64) {
        self.bar.inc(count);
    }

    /// The step that begins now.
    pub fn begin(&self, step: &'static str) {
        self.bar.set_message(step);
        self.tell(&Event::Stage { stage: &step.to_lowercase() });
    }

    /// Tells an event.
    pub fn tell(&self, event: &Event<'_>) {
        self.events.tell(event);
    }

    /// Tells how far it is.
    pub fn tell_progress(&self) {
        self.tell(&Event::Progress { done: self.bar.position(), of: self.bar.length() });
    }
}

impl Drop for StageBar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
