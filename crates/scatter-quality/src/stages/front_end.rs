//! Sound to embedding: log-mel energies, embeddings and scores against the reference implementation, and the converted
//! weights against the known model.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use ndarray::{Array1, Array2, Zip};
use ndarray_npy::NpzReader;
use scatter_embed::{LogMel, ModelFile, convert_yamnet};

use crate::hearing::{Ear, cosine};
use crate::table::Table;

/// A clip as the reference implementation heard it.
struct Reference {
    made: bool,
    waveform: Array1<f32>,
    log_mel: Array2<f32>,
    embeddings: Array2<f32>,
    scores: Array2<f32>,
}

/// Measures everything between samples and scores on the clips of the reference folder.
///
/// # Errors
/// When a reference cannot be read or the model does not run.
pub fn measure(ear: &Ear, models: Option<&Path>, reference: &Path) -> Result<Table> {
    let mut table = Table::new("Model", &["what", "on", "worst", "reference", "allowed", "as wanted"]);
    let clips = clips(reference)?;
    let (mut front_end, mut embedder) = (LogMel::new(), ear.embedder()?);
    let mut worst_log_mel = [0.0_f64; 2];
    let (mut cosine_low, mut scores_off) = (1.0_f64, 0.0_f64);
    for clip in &clips {
        let samples = clip.waveform.as_slice().context("a reference waveform is not contiguous")?;
        let off = largest_difference(&front_end.spectrogram(samples), &clip.log_mel)?;
        let worst = &mut worst_log_mel[usize::from(clip.made)];
        *worst = worst.max(off);
        let found = embedder.embed(front_end.patches(samples).view())?;
        scores_off = scores_off.max(largest_difference(&found.scores, &clip.scores)?);
        for (ours, theirs) in found.embeddings.rows().into_iter().zip(clip.embeddings.rows()) {
            cosine_low = cosine_low.min(cosine(ours, theirs));
        }
    }
    let made = clips.iter().filter(|clip| clip.made).count();
    let mut at_most = |what: &str, on: String, found: f64, reference: &str, bound: f64| {
        let cells = [what, &on, &format!("{found:.1e}"), reference, &format!("≤ {bound:.1e}")];
        table.checked(&cells.map(str::to_owned), found <= bound);
    };
    let real = clips.len() - made;
    at_most("log-mel energy", format!("{real} real clips"), worst_log_mel[0], "yamnet.py", 3e-4);
    at_most("log-mel energy", format!("{made} made signals"), worst_log_mel[1], "yamnet.py", 2.5e-3);
    at_most("AudioSet score", format!("{} clips", clips.len()), scores_off, "yamnet.py", 1e-4);
    if let Some(weights) = models.map(|models| models.join("yamnet_standin.h5")).filter(|h5| h5.is_file()) {
        let off = conversion(ear, &weights, &clips)?;
        at_most("converted weights' output", format!("{} clips", clips.len()), off, "yamnet.onnx", 1e-5);
    }
    let cells = ["embedding, cosine", &format!("{} clips", clips.len()), &format!("{cosine_low:.7}")];
    let cells = [cells, ["yamnet.py", "≥ 0.99999", ""]].concat();
    table.checked(&cells[..5].iter().map(|&cell| cell.to_owned()).collect::<Vec<_>>(), cosine_low >= 0.99999);
    Ok(table)
}

/// Largest difference between the outputs of the weights converted here and those of the known model.
fn conversion(ear: &Ear, weights: &Path, clips: &[Reference]) -> Result<f64> {
    let path = std::env::temp_dir().join(format!("scatter-quality-{}.onnx", std::process::id()));
    std::fs::write(&path, convert_yamnet(weights)?)?;
    let converted = ModelFile::identify(&path).and_then(|model| ear.load(&model));
    std::fs::remove_file(&path)?;
    let (mut converted, mut known, mut front_end) = (converted?, ear.embedder()?, LogMel::new());
    let mut worst = 0.0_f64;
    for clip in clips {
        let patches =
            front_end.patches(clip.waveform.as_slice().context("a reference waveform is not contiguous")?);
        let (ours, theirs) = (converted.embed(patches.view())?, known.embed(patches.view())?);
        worst = worst
            .max(largest_difference(&ours.embeddings, &theirs.embeddings)?)
            .max(largest_difference(&ours.scores, &theirs.scores)?);
    }
    Ok(worst)
}

fn clips(folder: &Path) -> Result<Vec<Reference>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    paths.retain(|path| {
        path.extension().is_some_and(|e| e == "npz") && !path.ends_with("frontend_constants.npz")
    });
    paths.sort();
    paths.iter().map(|path| read(path).with_context(|| format!("cannot read {}", path.display()))).collect()
}

fn read(path: &Path) -> Result<Reference> {
    let mut npz = NpzReader::new(File::open(path)?)?;
    Ok(Reference {
        made: path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("syn_")),
        waveform: npz.by_name("waveform")?,
        log_mel: npz.by_name("log_mel")?,
        embeddings: npz.by_name("embeddings")?,
        scores: npz.by_name("scores")?,
    })
}

fn largest_difference(a: &Array2<f32>, b: &Array2<f32>) -> Result<f64> {
    anyhow::ensure!(a.dim() == b.dim(), "shapes differ: {:?} and {:?}", a.dim(), b.dim());
    Ok(Zip::from(a).and(b).fold(0.0, |worst, &a, &b| worst.max(f64::from(a - b).abs())))
}
