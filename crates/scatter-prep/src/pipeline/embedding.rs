//! Patches in batches through the model, a session a thread.

use std::path::Path;

use crossbeam_channel::{Receiver, Sender};
use ndarray::{Array2, Array3};
use scatter_embed::{EMBEDDING, Embedder, MEL_BANDS, ModelFile, PATCH_FRAMES, top_classes};

use crate::stage::{Stage, StageClock};

/// Patches in one call of the model: more brings nothing (measured 1 to 64), and each batch is in memory.
const BATCH: usize = 16;
/// Classes kept of each point.
pub const TOP_CLASSES: usize = 5;

/// Some patches in a row, by the number of the first.
pub struct Batch {
    first: usize,
    patches: Vec<f32>,
}

/// What the model made of a batch.
pub struct Embedded {
    first: usize,
    embeddings: Array2<f32>,
    classes: Vec<Vec<(usize, f32)>>,
}

/// Gathers patches into batches, in order, and sends full ones on.
pub struct Batcher {
    batches: Sender<Batch>,
    first: usize,
    patches: Vec<f32>,
}

/// The sessions are gone: one of them reports why.
pub struct Stopped;

impl Batcher {
    /// A batcher that fills `batches`.
    pub fn new(batches: Sender<Batch>) -> Self {
        Self { batches, first: 0, patches: Vec::new() }
    }

    /// Adds the next point's patch.
    pub fn push(&mut self, patch: &[f32]) -> Result<(), Stopped> {
        self.patches.extend_from_slice(patch);
        if self.patches.len() == BATCH * PATCH_FRAMES * MEL_BANDS { self.send() } else { Ok(()) }
    }

    /// Sends the rest.
    pub fn finish(mut self) -> Result<(), Stopped> {
        if self.patches.is_empty() { Ok(()) } else { self.send() }
    }

    fn send(&mut self) -> Result<(), Stopped> {
        let patches = std::mem::take(&mut self.patches);
        let batch = Batch { first: self.first, patches };
        self.first += BATCH;
        self.batches.send(batch).map_err(|_| Stopped)
    }
}

/// Runs one session of one thread until `batches` ends or the first error.
pub fn run_session(
    runtime: &Path,
    model: &ModelFile,
    batches: &Receiver<Batch>,
    results: &Sender<anyhow::Result<Embedded>>,
    clock: &StageClock,
) {
    let mut embedder = match clock.time(Stage::Embed, || Embedder::load(runtime, model, 1)) {
        Ok(embedder) => embedder,
        Err(error) => {
            let _ = results.send(Err(error.into()));
            return;
        }
    };
    for batch in batches {
        let embedded = clock.time(Stage::Embed, || embed(&mut embedder, batch));
        let failed = embedded.is_err();
        if results.send(embedded).is_err() || failed {
            return;
        }
    }
}

fn embed(embedder: &mut Embedder, batch: Batch) -> anyhow::Result<Embedded> {
    let count = batch.patches.len() / (PATCH_FRAMES * MEL_BANDS);
    let patches = Array3::from_shape_vec((count, PATCH_FRAMES, MEL_BANDS), batch.patches)?;
    let out = embedder.embed(patches.view())?;
    let classes = out.scores.outer_iter().map(|row| top_classes(&row.to_vec(), TOP_CLASSES)).collect();
    Ok(Embedded { first: batch.first, embeddings: out.embeddings, classes })
}

/// Embeddings and best classes of all points, put in order.
#[derive(Debug)]
pub struct Embeddings {
    /// `[points, 1024]`.
    pub values: Array2<f32>,
    /// `(class, score)` of each point, best first.
    pub classes: Vec<Vec<(usize, f32)>>,
}

impl Embeddings {
    /// Gathers all `results`; batches may come in any order.
    ///
    /// # Errors
    /// The first session's error.
    pub fn gather(results: &Receiver<anyhow::Result<Embedded>>) -> anyhow::Result<Self> {
        let mut parts = results.iter().collect::<anyhow::Result<Vec<_>>>()?;
        parts.sort_by_key(|part| part.first);
        let rows: usize = parts.iter().map(|part| part.embeddings.nrows()).sum();
        let mut values = Vec::with_capacity(rows * EMBEDDING);
        let mut classes = Vec::with_capacity(rows);
        for part in parts {
            values.extend(part.embeddings.iter());
            classes.extend(part.classes);
        }
        Ok(Self { values: Array2::from_shape_vec((rows, EMBEDDING), values)?, classes })
    }
}
