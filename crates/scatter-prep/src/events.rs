//! What `--json` prints: one event a line, while it happens. docs/json.md is for those who read it.

use std::io::{self, Write};

use scatter_dataset::{DatasetName, Kind};
use serde::Serialize;

use crate::report::Report;

/// Version of the events: raised when one changes its meaning or loses a field, not when there are more of either.
pub const EVENTS_VERSION: u32 = 1;

/// Something that happened.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Event<'a> {
    /// The first: what will be done.
    Started {
        /// [`EVENTS_VERSION`].
        version: u32,
        /// Name of the dataset.
        name: &'a DatasetName,
        /// What it is made of.
        kind: Kind,
        /// Files to be read; missing for a recording.
        #[serde(skip_serializing_if = "Option::is_none")]
        files: Option<usize>,
        /// Points that an earlier run heard.
        kept: u64,
    },
    /// A stage begins.
    Stage {
        /// Its name.
        stage: &'a str,
    },
    /// A file was heard, and its point is kept whatever comes.
    File {
        /// Path below the folder.
        file: &'a str,
        /// Decoded length in seconds.
        seconds: f64,
        /// Whether only a part of it could be read.
        partial: bool,
        /// What was odd about it.
        notes: &'a [String],
    },
    /// A file gives no point.
    Skipped {
        /// Path below the folder.
        file: &'a str,
        /// Why.
        reason: &'a str,
    },
    /// So far is the stage.
    Progress {
        /// Points heard, or files passed.
        done: u64,
        /// Of how many; missing where that is not known.
        #[serde(skip_serializing_if = "Option::is_none")]
        of: Option<u64>,
    },
    /// The last, when a map was made.
    Finished {
        /// The closing report.
        report: &'a Report,
    },
    /// The last, when none was.
    Failed {
        /// Why.
        error: &'a str,
        /// Exit code of the process.
        exit_code: u8,
    },
}

/// Where events go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Events {
    /// To standard output.
    Printed,
    /// Nowhere.
    Untold,
}

impl Events {
    /// Tells one.
    pub fn tell(self, event: &Event<'_>) {
        if self == Self::Printed
            && let Ok(mut line) = serde_json::to_vec(event)
        {
            line.push(b'\n');
            // The map is made, whether or not anybody reads on.
            let _ = io::stdout().lock().write_all(&line);
        }
    }
}
