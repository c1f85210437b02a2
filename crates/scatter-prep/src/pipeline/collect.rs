//! Puts results in the order of their tasks, and hands them on in batches.

use std::collections::BTreeMap;

use anyhow::bail;
use crossbeam_channel::Receiver;

use super::analysis::Analysed;
use super::embedding::Batcher;
use crate::events::Event;
use crate::progress::StageBar;
use crate::report::Skipped;

/// A worker's result: task number, source, and what came of it.
pub type Outcome = (usize, String, anyhow::Result<Result<Analysed, String>>);

/// Takes results until there are no more, a ticket off for each that is in order. Gives the files that made no point.
///
/// # Errors
/// When a worker, or the model, cannot go on.
pub fn collect(
    outcomes: &Receiver<Outcome>,
    tickets: &Receiver<()>,
    mut batcher: Batcher,
    bar: &StageBar,
) -> anyhow::Result<Vec<Skipped>> {
    let mut skipped = Vec::new();
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    for (number, source, outcome) in outcomes {
        waiting.insert(number, (source, outcome));
        while let Some((source, outcome)) = waiting.remove(&next) {
            next += 1;
            // Taken before its task was sent, so there is one.
            let _ = tickets.try_recv();
            match outcome? {
                Ok(analysed) => {
                    if batcher.push(analysed).is_err() {
                        bail!("the model stopped");
                    }
                }
                Err(reason) => {
                    bar.tell(&Event::Skipped { file: &source, reason: &reason });
                    bar.step();
                    skipped.push(Skipped { file: source, reason });
                }
            }
        }
    }
    if batcher.finish().is_err() {
        bail!("the model stopped");
    }
    Ok(skipped)
}
