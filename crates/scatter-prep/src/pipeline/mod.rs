//! Source → clip → patch → embedding, of everything that was not heard before.
//!
//! Processes decode, workers analyse, one thread collects their results in the order of the files, sessions of the model
//! embed, and each batch is kept as soon as it is done. All queues are bounded, and what comes out does not depend on who
//! finishes first.

mod analysis;
mod collect;
mod embedding;
mod feed;
mod keep;
pub mod listing;
mod plan;

use std::thread;

use anyhow::{Context, anyhow};
use crossbeam_channel::bounded;
use scatter_embed::{Model, ModelSpec, Runtime};

use crate::heard::{RecordingEnd, Store};
use crate::isolation::ReaderSettings;
use crate::progress::StageBar;
use crate::report::Skipped;
use crate::settings::Input;
use crate::stage::StageClock;

pub use plan::{Plan, PlannedPoint};

use analysis::Analyst;
use collect::collect;
use embedding::{Batcher, run_session};
use feed::Feed;
use keep::keep;

/// Tasks under way at once beyond those the workers hold: a slow file does not stop the others, and what waits
/// for it stays small (90 KB each).
const AHEAD: usize = 128;
/// Bytes of what a model is given that may wait likewise: fewer tasks where each is large.
const AHEAD_BYTES: usize = 64 << 20;

/// What the pipeline needs beside its input.
pub struct Tools<'a> {
    /// What runs the model.
    pub runtime: &'a Runtime,
    /// The embedding model.
    pub model: &'a Model,
    /// What it is given, and gives.
    pub spec: &'a ModelSpec,
    /// Threads for reading, and sessions.
    pub jobs: usize,
    /// How decoders are run.
    pub readers: &'a ReaderSettings,
    /// Counts the time.
    pub clock: &'a StageClock,
}

/// What was found on the way.
#[derive(Debug, Default)]
pub struct Found {
    /// Files that made no point.
    pub skipped: Vec<Skipped>,
    /// What is known of a recording at its end.
    pub end: Option<RecordingEnd>,
}

/// Hears everything of `plan` that `store` lacks.
///
/// # Errors
/// The first error that is not one file's own: a full disk, a model that does not run, a recording that cannot
/// be opened. What was heard until then stays in the store.
pub fn run(
    input: &Input,
    plan: &Plan,
    tools: &Tools<'_>,
    store: &mut Store,
    bar: &StageBar,
) -> anyhow::Result<Found> {
    if let Plan::Recording(recording) = plan
        && let Some(end) = store.end(recording.file)
    {
        return Ok(Found { skipped: Vec::new(), end: Some(end) });
    }
    let found = hear(input, plan, tools, store, bar)?;
    if let (Plan::Recording(recording), Some(end)) = (plan, &found.end) {
        // One that ended early may have done so for a reason that is gone next time.
        if !end.partial {
            store.put_end(recording.file, end)?;
        }
    }
    Ok(found)
}

fn hear(
    input: &Input,
    plan: &Plan,
    tools: &Tools<'_>,
    store: &mut Store,
    bar: &StageBar,
) -> anyhow::Result<Found> {
    let (tasks_in, tasks) = bounded(2 * tools.jobs);
    let (analysed_in, analysed) = bounded(2 * tools.jobs);
    let (batches_in, batches) = bounded(tools.jobs);
    let (results_in, results) = bounded(tools.jobs);
    // A task takes a ticket and gives it back when its result is in order.
    let ahead = AHEAD.min(AHEAD_BYTES / (size_of::<f32>() * tools.spec.input.values()));
    let (tickets_in, tickets) = bounded(ahead + 2 * tools.jobs);
    let heard = store.keys();

    thread::scope(|scope| {
        let feed = Feed { tasks: tasks_in, tickets: tickets_in, tools };
        let feeder = scope.spawn(move || feed.run(plan, |key| heard.contains(key)));
        for _ in 0..tools.jobs {
            let (tasks, analysed_in) = (tasks.clone(), analysed_in.clone());
            scope.spawn(move || {
                let mut analyst = Analyst::new(tools);
                for (number, task) in tasks {
                    let source = task.source.clone();
                    if analysed_in.send((number, source, analyst.analyse(task))).is_err() {
                        return;
                    }
                }
            });
            let (batches, results_in) = (batches.clone(), results_in.clone());
            scope.spawn(move || run_session(tools, &batches, &results_in));
        }
        // Only the threads hold these from here on: a queue ends when its writers have.
        drop((tasks, analysed_in, batches, results_in));
        let keeper = scope.spawn(move || keep(&results, store, input, bar));

        let collected = collect(&analysed, &tickets, Batcher::new(batches_in), bar);
        // The feeder may be waiting to write into any of these.
        drop((analysed, tickets));
        let fed = feeder.join().map_err(|_| anyhow!("reading stopped unexpectedly"))?;
        // The first that failed stopped the others.
        keeper.join().map_err(|_| anyhow!("keeping stopped unexpectedly"))??;
        let (skipped, end) = (collected?, fed?);
        let found = Found { skipped, end };
        match plan {
            Plan::Recording(_) => {
                found.end.is_some().then_some(found).context("the recording was not read to its end")
            }
            Plan::Files(_) => Ok(found),
        }
    })
}
