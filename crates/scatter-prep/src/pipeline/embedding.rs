//! Points in batches through the model, a session a thread.

use crossbeam_channel::{Receiver, Sender};
use ndarray::{ArrayD, ArrayView1};
use scatter_embed::{Embedder, ModelInput, top_classes};

use super::Tools;
use super::analysis::Analysed;
use crate::heard::{Facts, Heard, Key};
use crate::output::tiles::levels;
use crate::stage::Stage;

/// Points in one call of the model: more brings nothing (measured 1 to 64), each batch is in memory, and a batch is what
/// a killed run loses of its work.
const BATCH: usize = 16;
/// Classes kept of each point.
pub const TOP_CLASSES: usize = 5;

/// A point that is done.
pub struct Done {
    /// The point.
    pub key: Key,
    /// The file, for people.
    pub source: String,
    /// All that is kept of it.
    pub heard: Heard,
}

/// Gathers points into batches, in order, and sends full ones on.
pub struct Batcher {
    batches: Sender<Vec<Analysed>>,
    waiting: Vec<Analysed>,
}

/// The sessions are gone: one of them reports why.
pub struct Stopped;

impl Batcher {
    /// A batcher that fills `batches`.
    pub fn new(batches: Sender<Vec<Analysed>>) -> Self {
        Self { batches, waiting: Vec::with_capacity(BATCH) }
    }

    /// Adds the next point.
    pub fn push(&mut self, point: Analysed) -> Result<(), Stopped> {
        self.waiting.push(point);
        if self.waiting.len() == BATCH { self.send() } else { Ok(()) }
    }

    /// Sends the rest.
    pub fn finish(mut self) -> Result<(), Stopped> {
        if self.waiting.is_empty() { Ok(()) } else { self.send() }
    }

    fn send(&mut self) -> Result<(), Stopped> {
        self.batches.send(std::mem::take(&mut self.waiting)).map_err(|_| Stopped)
    }
}

/// Runs one session of one thread until `batches` ends or the first error.
pub fn run_session(
    tools: &Tools<'_>,
    batches: &Receiver<Vec<Analysed>>,
    results: &Sender<anyhow::Result<Vec<Done>>>,
) {
    let Tools { runtime, model, spec, clock, .. } = tools;
    // A run that has all it needs loads no model.
    let mut loaded = None;
    for batch in batches {
        let embedded = clock.time(Stage::Embed, || {
            let mut embedder = match loaded.take() {
                Some(embedder) => embedder,
                None => Embedder::load(runtime, *model, spec, 1)?,
            };
            let done = embed(&mut embedder, spec.input, batch);
            loaded = Some(embedder);
            done
        });
        let failed = embedded.is_err();
        if results.send(embedded).is_err() || failed {
            return;
        }
    }
}

fn embed(embedder: &mut Embedder, input: ModelInput, batch: Vec<Analysed>) -> anyhow::Result<Vec<Done>> {
    let mut values = Vec::with_capacity(batch.len() * input.values());
    for Analysed { clip, .. } in &batch {
        values.extend_from_slice(if clip.excerpt.is_empty() { &clip.patch } else { &clip.excerpt });
    }
    let mut shape = input.shape();
    shape.insert(0, batch.len());
    let points = ArrayD::from_shape_vec(shape, values)?;
    let out = embedder.embed(points.view())?;
    let rows = out.embeddings.outer_iter().zip(out.scores.outer_iter());
    Ok(batch
        .into_iter()
        .zip(rows)
        .map(|(point, (embedding, scores))| done(point, embedding, scores))
        .collect())
}

fn done(point: Analysed, embedding: ArrayView1<'_, f32>, scores: ArrayView1<'_, f32>) -> Done {
    let Analysed { key, source, clip } = point;
    let facts = Facts {
        start_seconds: clip.start_seconds,
        source_seconds: clip.source_seconds,
        descriptors: clip.descriptors,
        pitch: clip.pitch,
        notes: clip.notes,
        partial: clip.partial,
        embedding: embedding.to_vec(),
        classes: top_classes(&scores.to_vec(), TOP_CLASSES),
    };
    Done { key, source, heard: Heard { facts, tile: levels(&clip.patch), sound: clip.sound } }
}
