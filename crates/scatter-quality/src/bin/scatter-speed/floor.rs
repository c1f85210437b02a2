//! The time that inference alone takes: what a run cannot go below.

use std::path::PathBuf;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use ndarray::{Array3, Axis, Slice};
use ort::environment::Environment;
use ort::session::Session;
use ort::value::TensorRef;
use scatter_quality::hearing::Ear;
use serde::Serialize;

use crate::setting::Setting;

/// Patches that a setting is tried with.
const TRIAL: usize = 256;
/// How often; the best counts, since what disturbs only ever makes slower.
const TRIALS: usize = 5;

/// The model and its opened runtime.
pub struct Model {
    environment: Environment,
    path: PathBuf,
}

/// What a measurement gave.
#[derive(Debug, Serialize)]
pub struct Measured {
    setting: Setting,
    patches: usize,
    seconds: f64,
}

impl Model {
    /// Opens the runtime that `ear` found, for the model that it found.
    ///
    /// # Errors
    /// When the library cannot be used.
    pub fn new(ear: &Ear) -> Result<Self> {
        let library = ear.runtime.library().context("ONNX Runtime was not found")?;
        let library = library.canonicalize().context("the library of ONNX Runtime is gone")?;
        let environment = ort::init_from(&library)?.with_telemetry(false).build()?;
        Ok(Self { environment, path: ear.model.shown().to_owned() })
    }

    fn session(&self, setting: Setting) -> Result<Session> {
        self.open(setting).with_context(|| format!("{} cannot be loaded", self.path.display()))
    }

    fn open(&self, setting: Setting) -> ort::Result<Session> {
        Session::builder(&self.environment)?
            .with_intra_threads(setting.threads)?
            .with_inter_threads(1)?
            .with_intra_op_spinning(setting.spinning)?
            .commit_from_file(&self.path)
    }
}

/// The fastest of the settings that this machine's cores allow.
///
/// Settings take turns, so that what else the machine does meets all of them.
///
/// # Errors
/// When the model does not run.
pub fn probe(model: &Model, patches: &Array3<f32>) -> Result<Measured> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let settings = Setting::candidates(cores);
    let mut best: Option<Measured> = None;
    for _ in 0..TRIALS {
        for &setting in &settings {
            let measured = measure(model, setting, patches, TRIAL)?;
            if best.as_ref().is_none_or(|best| measured.seconds < best.seconds) {
                best = Some(measured);
            }
        }
    }
    best.context("there is no setting to try")
}

/// Embeds `count` patches, those of `patches` `[n, 96, 64]` over and over.
///
/// The clock starts when every session is loaded and has run once, and stops when the last is done.
///
/// # Errors
/// When the model does not run.
pub fn measure(model: &Model, setting: Setting, patches: &Array3<f32>, count: usize) -> Result<Measured> {
    let next = AtomicUsize::new(0);
    let ready = Barrier::new(setting.sessions + 1);
    let seconds = thread::scope(|scope| {
        let workers: Vec<_> = (0..setting.sessions)
            .map(|_| {
                scope.spawn(|| -> Result<()> {
                    let warm = model.session(setting).and_then(|mut session| {
                        embed(&mut session, patches, 0, setting.batch)?;
                        Ok(session)
                    });
                    // Reached whatever happened, or the others would wait for ever.
                    ready.wait();
                    let mut session = warm?;
                    loop {
                        let first = next.fetch_add(setting.batch, Ordering::Relaxed);
                        if first >= count {
                            return Ok(());
                        }
                        embed(&mut session, patches, first, setting.batch.min(count - first))?;
                    }
                })
            })
            .collect();
        ready.wait();
        let start = Instant::now();
        for worker in workers {
            worker.join().map_err(|_| anyhow!("a session stopped unexpectedly"))??;
        }
        Ok::<Duration, anyhow::Error>(start.elapsed())
    })?;
    Ok(Measured { setting, patches: count, seconds: seconds.as_secs_f64() })
}

/// Runs the model on `count` patches, from the `first` on where they lie side by side.
fn embed(session: &mut Session, patches: &Array3<f32>, first: usize, count: usize) -> Result<()> {
    let held = patches.len_of(Axis(0));
    let count = count.min(held);
    let start = first % (held - count + 1);
    let batch = patches.slice_axis(Axis(0), Slice::from(start..start + count));
    session.run(ort::inputs![TensorRef::from_array_view(batch)?])?;
    Ok(())
}
