//! Points in batches through the model, a session a thread.

use crossbeam_channel::{Receiver, Sender};
use ndarray::{Array2, ArrayD};
use scatter_embed::{Embedder, ModelInput, top_classes};

use super::Tools;
use crate::stage::Stage;

/// Points in one call of the model: more brings nothing (measured 1 to 64), and each batch is in memory.
const BATCH: usize = 16;
/// Classes kept of each point.
pub const TOP_CLASSES: usize = 5;

/// What the model is given for some points in a row, by the number of the first.
pub struct Batch {
    first: usize,
    values: Vec<f32>,
}

/// What the model made of a batch.
pub struct Embedded {
    first: usize,
    embeddings: Array2<f32>,
    classes: Vec<Vec<(usize, f32)>>,
}

/// Gathers points into batches, in order, and sends full ones on.
pub struct Batcher {
    batches: Sender<Batch>,
    /// Values a point.
    length: usize,
    first: usize,
    values: Vec<f32>,
}

/// The sessions are gone: one of them reports why.
pub struct Stopped;

impl Batcher {
    /// A batcher that fills `batches` with points of `length` values.
    pub fn new(batches: Sender<Batch>, length: usize) -> Self {
        Self { batches, length, first: 0, values: Vec::new() }
    }

    /// Adds the next point's values.
    pub fn push(&mut self, values: &[f32]) -> Result<(), Stopped> {
        self.values.extend_from_slice(values);
        if self.values.len() == BATCH * self.length { self.send() } else { Ok(()) }
    }

    /// Sends the rest.
    pub fn finish(mut self) -> Result<(), Stopped> {
        if self.values.is_empty() { Ok(()) } else { self.send() }
    }

    fn send(&mut self) -> Result<(), Stopped> {
        let values = std::mem::take(&mut self.values);
        let batch = Batch { first: self.first, values };
        self.first += BATCH;
        self.batches.send(batch).map_err(|_| Stopped)
    }
}

/// Runs one session of one thread until `batches` ends or the first error.
pub fn run_session(tools: &Tools, batches: &Receiver<Batch>, results: &Sender<anyhow::Result<Embedded>>) {
    let Tools { runtime, model, spec, clock, .. } = tools;
    let mut embedder = match clock.time(Stage::Embed, || Embedder::load(runtime, model, spec, 1)) {
        Ok(embedder) => embedder,
        Err(error) => {
            let _ = results.send(Err(error.into()));
            return;
        }
    };
    for batch in batches {
        let embedded = clock.time(Stage::Embed, || embed(&mut embedder, spec.input, batch));
        let failed = embedded.is_err();
        if results.send(embedded).is_err() || failed {
            return;
        }
    }
}

fn embed(embedder: &mut Embedder, input: ModelInput, batch: Batch) -> anyhow::Result<Embedded> {
    let mut shape = input.shape();
    shape.insert(0, batch.values.len() / input.values());
    let points = ArrayD::from_shape_vec(shape, batch.values)?;
    let out = embedder.embed(points.view())?;
    let classes = out.scores.outer_iter().map(|row| top_classes(&row.to_vec(), TOP_CLASSES)).collect();
    Ok(Embedded { first: batch.first, embeddings: out.embeddings, classes })
}

/// Embeddings and best classes of all points, put in order.
#[derive(Debug)]
pub struct Embeddings {
    /// `[points, dimensions]`.
    pub values: Array2<f32>,
    /// `(class, score)` of each point, best first; nothing where the model scores nothing.
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
        let dimensions = parts.first().map_or(0, |part| part.embeddings.ncols());
        let mut values = Vec::with_capacity(rows * dimensions);
        let mut classes = Vec::with_capacity(rows);
        for part in parts {
            values.extend(part.embeddings.iter());
            classes.extend(part.classes);
        }
        Ok(Self { values: Array2::from_shape_vec((rows, dimensions), values)?, classes })
    }
}
