//! How a download goes, on standard error: a bar on a terminal, a few lines elsewhere.

use std::io::{self, IsTerminal};
use std::time::Duration;

use super::download::Watch;
use crate::events::Events;
use crate::progress::{Progress, StageBar};

/// Tells of one download.
pub struct Telling {
    address: String,
    terminal: bool,
    bar: Option<StageBar>,
}

impl Telling {
    /// Of the download of `address`.
    pub fn new(address: &str) -> Self {
        Self { address: address.to_owned(), terminal: io::stderr().is_terminal(), bar: None }
    }
}

impl Watch for Telling {
    fn begin(&mut self, at: u64, total: Option<u64>) {
        let size = total.map_or_else(String::new, |total| format!(", {}", megabytes(total)));
        match at {
            0 => eprintln!("downloading {}{size}", self.address),
            at => eprintln!("going on with {} from {}{size}", self.address, megabytes(at)),
        }
        if self.terminal {
            let bar = Progress::new(Events::Untold).bytes("download", total);
            bar.advance(at);
            self.bar = Some(bar);
        }
    }

    fn advance(&mut self, bytes: u64) {
        if let Some(bar) = &self.bar {
            bar.advance(bytes);
        }
    }

    fn broke(&mut self, reason: &str, wait: Duration) {
        // The bar goes first, or it would be drawn over the line.
        self.bar = None;
        eprintln!("{reason}; trying again in {} s", wait.as_secs());
    }
}

/// Bytes for people.
pub fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
