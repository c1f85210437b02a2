//! Source → clip → patch → embedding, with the audio sprite and the tiles written as clips pass.
//!
//! Workers read and analyse, one thread collects their results in the order of the files, sessions of the model
//! embed. All queues are bounded, and what comes out does not depend on who finishes first.

mod analysis;
mod collect;
mod embedding;
mod feed;
pub mod listing;

use std::path::Path;
use std::thread;

use crossbeam_channel::{bounded, unbounded};
use scatter_audio::Excerpt;
use scatter_embed::{ModelFile, ModelInput, ModelSpec};

use crate::output::folder::DatasetFolder;
use crate::output::tiles::TileStore;
use crate::progress::StageBar;
use crate::report::{Note, Skipped};
use crate::settings::Input;
use crate::stage::StageClock;

pub use collect::Row;
pub use embedding::Embeddings;

use analysis::Analyst;
use collect::{Collected, Collector};
use embedding::Batcher;
use feed::Feed;
use listing::Listing;

/// Tasks under way at once beyond those the workers hold: a slow file does not stop the others, and what waits
/// for it stays small (90 KB each).
const AHEAD: usize = 128;
/// Bytes of what a model is given that may wait likewise: fewer tasks where each is large.
const AHEAD_BYTES: usize = 64 << 20;
/// Name of the tiles' store, gone before the dataset is published.
const TILE_STORE: &str = ".tiles";

/// What the pipeline needs beside its input.
pub struct Tools<'a> {
    /// ONNX Runtime's shared library.
    pub runtime: &'a Path,
    /// The embedding model.
    pub model: &'a ModelFile,
    /// What it is given, and gives.
    pub spec: &'a ModelSpec,
    /// Threads for reading, and sessions.
    pub jobs: usize,
    /// Where the audio sprite and the tiles are written.
    pub folder: &'a DatasetFolder,
    /// Counts the time.
    pub clock: &'a StageClock,
}

/// Everything about the points but the map.
pub struct Points {
    /// A row a point, in order.
    pub rows: Vec<Row>,
    /// What the model made of them, in the same order.
    pub embeddings: Embeddings,
    /// Their tiles.
    pub tiles: TileStore,
    /// Samples in the audio sprite.
    pub audio_samples: u64,
    /// Files that made no point.
    pub skipped: Vec<Skipped>,
    /// What was odd about files that did.
    pub notes: Vec<Note>,
}

/// Runs everything up to the embeddings.
///
/// # Errors
/// The first error that is not one file's own: a full disk, a model that does not run, a recording that cannot
/// be opened.
pub fn run(input: &Input, listing: Listing, tools: &Tools, bar: &StageBar) -> anyhow::Result<Points> {
    let (tasks_in, tasks) = bounded(2 * tools.jobs);
    let (analysed_in, analysed) = bounded(2 * tools.jobs);
    let (batches_in, batches) = bounded(tools.jobs);
    // As many results as batches, and each is part of the answer: no bound is needed.
    let (results_in, results) = unbounded();
    // A task takes a ticket and gives it back when its result is in order.
    let ahead = AHEAD.min(AHEAD_BYTES / (size_of::<f32>() * tools.spec.input.values()));
    let (tickets_in, tickets) = bounded(ahead + 2 * tools.jobs);
    let mut skipped = listing.skipped;

    thread::scope(|scope| {
        let feed = Feed { tasks: tasks_in, tickets: tickets_in, tools };
        let feeder = scope.spawn(move || feed.run(input, listing.files));
        for _ in 0..tools.jobs {
            let (tasks, analysed_in) = (tasks.clone(), analysed_in.clone());
            scope.spawn(move || {
                let mut analyst = Analyst::new(excerpt(tools.spec), tools.clock);
                for (number, source, task) in tasks {
                    if analysed_in.send((number, source, analyst.analyse(task))).is_err() {
                        return;
                    }
                }
            });
            let (batches, results_in) = (batches.clone(), results_in.clone());
            scope.spawn(move || {
                embedding::run_session(tools, &batches, &results_in);
            });
        }
        // Only the threads hold these from here on: a queue ends when its writers have.
        drop((tasks, analysed_in, batches, results_in));

        let collected =
            Collector::new(tools, input.kind(), Batcher::new(batches_in, tools.spec.input.values()))
                .and_then(|collector| collector.run(&analysed, &tickets, bar));
        // The feeder may be waiting to write into any of these.
        drop((analysed, tickets));
        let fed = feeder.join().map_err(|_| anyhow::anyhow!("reading stopped unexpectedly"))?;
        let embeddings = Embeddings::gather(&results)?;
        let (collected, fed) = (collected?, fed?);
        skipped.extend_from_slice(&collected.skipped);
        let Collected { mut rows, tiles, mut audio_samples, mut notes, .. } = collected;
        if let Some(recording) = fed {
            rows.iter_mut().for_each(|row| row.source_seconds = recording.seconds);
            audio_samples = recording.samples;
            notes.extend(recording.notes);
        }
        Ok(Points { rows, embeddings, tiles, audio_samples, skipped, notes })
    })
}

/// What must be cut out of the sound beside the clip; nothing for a model that hears log-mel patches.
fn excerpt(spec: &ModelSpec) -> Option<Excerpt> {
    match spec.input {
        ModelInput::LogMel => None,
        ModelInput::Waveform { sample_rate, samples } => Some(Excerpt { sample_rate, samples }),
    }
}
