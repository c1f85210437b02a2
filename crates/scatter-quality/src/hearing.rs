//! Sounds to embeddings, as `scatter-prep` hears them.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use anyhow::{Context, Result, anyhow};
use ndarray::{Array2, Array3, ArrayView1, ArrayView2, Axis};
use scatter_audio::{ClipReader, Recording};
use scatter_embed::{
    EMBEDDING, EmbedError, Embedder, LogMel, MEL_BANDS, Model, ModelSpec, PATCH_FRAMES, Runtime, find_model,
    find_runtime, naming_class, top_classes,
};

/// Classes among which a clip's name is looked for, as many as `scatter-prep` keeps.
const NAMED_FROM: usize = 5;

/// Samples between a recording's windows: 0.48 s at 16 kHz.
pub const HOP_SAMPLES: usize = 7_680;

/// What YAMNet makes of some clips.
#[derive(Debug)]
pub struct Heard {
    /// `[clips, 1024]`.
    pub embeddings: Array2<f32>,
    /// The AudioSet class that names each clip.
    pub names: Vec<Option<usize>>,
    /// The AudioSet class with the highest score for each clip.
    pub best: Vec<Option<usize>>,
    /// Mean and standard deviation of each band of the clips' patches, `[clips, 128]`: what is known without a model.
    pub statistics: Array2<f32>,
}

/// What is known of one clip.
struct HeardClip {
    /// Its place in the list.
    row: usize,
    embedding: Vec<f32>,
    name: Option<usize>,
    best: Option<usize>,
    statistics: Vec<f32>,
}

/// A model and its runtime, as found on this machine.
#[derive(Debug)]
pub struct Ear {
    /// ONNX Runtime.
    pub runtime: Runtime,
    /// The model.
    pub model: Model,
}

impl Ear {
    /// Finds YAMNet and the runtime as `scatter-prep` does.
    ///
    /// # Errors
    /// When either is missing.
    pub fn find() -> Result<Self> {
        Ok(Self { model: find_model(None)?.into(), runtime: find_runtime(None)? })
    }

    /// The small model that `scatter-prep` carries, in the same runtime.
    #[must_use]
    pub fn mini(&self) -> Self {
        Self { model: Model::Mini, runtime: self.runtime.clone() }
    }

    /// The model, on one thread.
    ///
    /// # Errors
    /// When it cannot be loaded.
    pub fn embedder(&self) -> Result<Embedder> {
        Ok(self.load(&self.model)?)
    }

    /// Another model, on one thread.
    ///
    /// # Errors
    /// When it cannot be loaded.
    pub fn load(&self, model: impl Into<Model>) -> Result<Embedder, EmbedError> {
        Embedder::load(&self.runtime, model, &ModelSpec::yamnet(), 1)
    }

    /// The loudest region of each file, in the order of `files`.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn hear_files(&self, files: &[PathBuf]) -> Result<Heard> {
        let next = AtomicUsize::new(0);
        let (send, heard) = mpsc::channel();
        std::thread::scope(|scope| {
            for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
                let (next, send) = (&next, send.clone());
                scope.spawn(move || {
                    // A worker's error ends it; the receiver tells.
                    let _ = send.send(self.hear_share(files, next));
                });
            }
        });
        drop(send);
        let mut all = Heard {
            embeddings: Array2::zeros((files.len(), EMBEDDING)),
            names: vec![None; files.len()],
            best: vec![None; files.len()],
            statistics: Array2::zeros((files.len(), 2 * MEL_BANDS)),
        };
        for share in heard {
            for HeardClip { row, embedding, name, best, statistics } in share? {
                all.embeddings.row_mut(row).assign(&ArrayView1::from(&embedding));
                all.statistics.row_mut(row).assign(&ArrayView1::from(&statistics));
                (all.names[row], all.best[row]) = (name, best);
            }
        }
        Ok(all)
    }

    fn hear_share(&self, files: &[PathBuf], next: &AtomicUsize) -> Result<Vec<HeardClip>> {
        let (mut reader, mut log_mel, mut embedder) = (ClipReader::new(), LogMel::new(), self.embedder()?);
        let mut share = Vec::new();
        loop {
            let row = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = files.get(row) else { return Ok(share) };
            let clip = reader.read(file)?;
            let patch = Array3::from_shape_vec((1, PATCH_FRAMES, MEL_BANDS), log_mel.patch(&clip.samples))?;
            let embedded = embedder.embed(patch.view())?;
            let best = top_classes(&embedded.scores.row(0).to_vec(), NAMED_FROM);
            share.push(HeardClip {
                row,
                embedding: embedded.embeddings.into_raw_vec_and_offset().0,
                name: naming_class(&best),
                best: best.first().map(|&(class, _)| class),
                statistics: statistics(patch.index_axis(Axis(0), 0)),
            });
        }
    }

    /// Embeddings of a recording's windows each 0.48 s, `[windows, 1024]`, and where each begins, in seconds.
    ///
    /// # Errors
    /// When the recording cannot be read.
    pub fn hear_recording(&self, file: &Path) -> Result<(Array2<f32>, Vec<f64>)> {
        let mut recording = Recording::open(file, HOP_SAMPLES)?;
        let (mut log_mel, mut embedder) = (LogMel::new(), self.embedder()?);
        let (mut values, mut starts) = (Vec::new(), Vec::new());
        while let Some(window) = recording.next_window(&mut |_| {})? {
            let patch = Array3::from_shape_vec((1, PATCH_FRAMES, MEL_BANDS), log_mel.patch(&window.samples))?;
            values.extend(embedder.embed(patch.view())?.embeddings);
            starts.push(window.start_seconds);
        }
        Ok((Array2::from_shape_vec((starts.len(), EMBEDDING), values)?, starts))
    }
}

/// Mean, then standard deviation, of each band of `patch` `[96, 64]`.
fn statistics(patch: ArrayView2<'_, f32>) -> Vec<f32> {
    let (means, deviations) = (patch.mean_axis(Axis(0)), patch.std_axis(Axis(0), 0.0));
    means.into_iter().flatten().chain(deviations).collect()
}

/// Cosine of the angle between two embeddings.
pub fn cosine(a: ArrayView1<'_, f32>, b: ArrayView1<'_, f32>) -> f64 {
    let dot = |a: ArrayView1<'_, f32>, b: ArrayView1<'_, f32>| -> f64 {
        a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
    };
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

/// Every file below `folder` with this extension, sorted by path, with the name of the folder it lies in.
///
/// # Errors
/// When a folder cannot be read, or there is no such file.
pub fn files_by_folder(folder: &Path, extension: &str) -> Result<Vec<(PathBuf, String)>> {
    let mut found = files_below(folder)?;
    found.retain(|path| path.extension().is_some_and(|e| e.eq_ignore_ascii_case(extension)));
    if found.is_empty() {
        return Err(anyhow!("{} holds no .{extension} file", folder.display()));
    }
    let parent = |path: &Path| path.parent().and_then(Path::file_name).unwrap_or_default().to_owned();
    Ok(found
        .into_iter()
        .map(|path| {
            let label = parent(&path).to_string_lossy().into_owned();
            (path, label)
        })
        .collect())
}

/// Every file below `folder`, sorted by path.
///
/// # Errors
/// When a folder cannot be read.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries =
            std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}
