//! The small model that `scatter-prep` carries beside YAMNet, and beside log-mel statistics, which need no model.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;
use ndarray::{Array3, ArrayView2, Axis, Slice};
use scatter_embed::{LogMel, MEL_BANDS, PATCH_FRAMES};
use scatter_map::quality::knn_accuracy;
use scatter_map::{Prepare, UmapParams, prepare, umap};
use scatter_quality::hearing::{Ear, Heard, cosine, files_by_folder};

use crate::table::Table;

/// Neighbours asked.
const K: usize = 15;
const DIMS: usize = 3;
/// Layouts of which the mean is taken.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=3;
/// What the small model must reach of YAMNet's vote.
const SHARE: f64 = 0.85;
/// How much sooner it must be done.
const FASTER: f64 = 4.0;
/// Classes of ESC-10 that its training never saw, by the number at the start of their folders' names
/// (`models/train/recordings.py`).
const HELD_OUT: [&str; 5] = ["001", "003", "005", "007", "009"];
/// Patches a trial of speed, and trials; they take turns, and the fastest counts.
const PATCHES: usize = 256;
const TRIALS: usize = 5;

/// Where sounds lie; those that are missing are left out.
#[derive(Debug)]
pub struct Folders {
    /// `esc10/` and `spoken-numbers/` lie in it.
    pub audio: Option<PathBuf>,
    /// Made sounds, a class a folder.
    pub made: Option<PathBuf>,
    /// Spoken digits, a digit a folder.
    pub spoken: Option<PathBuf>,
}

/// Tables of quality and of speed.
///
/// # Errors
/// When a sound cannot be read, or a model does not run.
pub fn measure(yamnet: &Ear, folders: &Folders) -> Result<Vec<Table>> {
    let mini = yamnet.mini();
    let mut table = Table::new(
        &format!(
            "The small model: label vote of the {K} nearest in the prepared space, and in the 3-D map (mean of 3 seeds)"
        ),
        &[
            "set",
            "points",
            "classes",
            "cosine",
            "same best class",
            "YAMNet",
            "scatter-mini",
            "share",
            "log-mel statistics",
            "as wanted",
        ],
    );
    let esc10 = folders.audio.as_ref().map(|audio| audio.join("esc10"));
    let set = |name, folder: &Option<PathBuf>, extension, classes| {
        folder.clone().map(|folder| Set { name, folder, extension, classes })
    };
    let sets = [
        set("ESC-10, classes held out", &esc10, "ogg", &HELD_OUT[..]),
        set("ESC-10, half of its classes trained on", &esc10, "ogg", &[]),
        set("made sounds", &folders.made, "wav", &[]),
        set("spoken digits", &folders.spoken, "wav", &[]),
    ];
    for Set { name, folder, extension, classes } in sets.into_iter().flatten() {
        eprintln!("small model: {name}");
        let mut files = files_by_folder(&folder, extension)?;
        files.retain(|(_, label)| classes.is_empty() || classes.iter().any(|class| label.starts_with(class)));
        let (files, labels): (Vec<_>, Vec<_>) = files.into_iter().unzip();
        let (theirs, ours) = (yamnet.hear_files(&files)?, mini.hear_files(&files)?);
        let [reference, small, plain] =
            [theirs.embeddings.view(), ours.embeddings.view(), theirs.statistics.view()]
                .map(|space| votes(space, &labels));
        let (reference, small, plain) = (reference?, small?, plain?);
        let share = small.space / reference.space;
        let kinds = labels.iter().collect::<std::collections::BTreeSet<_>>().len();
        table.checked(
            &[
                name.to_owned(),
                files.len().to_string(),
                kinds.to_string(),
                format!("{:.3}", mean_cosine(&theirs, &ours)),
                format!("{:.0} %", 100.0 * agreement(&theirs, &ours)),
                reference.shown(),
                small.shown(),
                format!("{share:.2}"),
                plain.shown(),
            ],
            // Where statistics tell classes apart better than YAMNet itself, they are no measure of either.
            share >= SHARE && (small.space > plain.space || reference.space <= plain.space),
        );
    }
    Ok(vec![table, speed(yamnet, &mini)?])
}

/// Clips in a folder a class.
struct Set {
    name: &'static str,
    folder: PathBuf,
    extension: &'static str,
    /// Beginnings of the names of classes; all where there are none.
    classes: &'static [&'static str],
}

/// Label votes.
struct Votes {
    space: f64,
    map: f64,
}

impl Votes {
    fn shown(&self) -> String {
        format!("{:.3}, {:.3}", self.space, self.map)
    }
}

fn votes(embeddings: ArrayView2<'_, f32>, labels: &[String]) -> Result<Votes> {
    let space = prepare(embeddings, Prepare::default())?;
    let mut map = 0.0;
    for seed in SEEDS {
        let layout = umap(space.view(), &UmapParams { dims: DIMS, seed, ..UmapParams::default() })?;
        map += knn_accuracy(layout.view(), labels, K)?;
    }
    Ok(Votes { space: knn_accuracy(space.view(), labels, K)?, map: map / SEEDS.count() as f64 })
}

fn mean_cosine(a: &Heard, b: &Heard) -> f64 {
    let rows = a.embeddings.outer_iter().zip(b.embeddings.outer_iter());
    rows.map(|(a, b)| cosine(a, b)).sum::<f64>() / a.embeddings.nrows().max(1) as f64
}

fn agreement(a: &Heard, b: &Heard) -> f64 {
    let same = a.best.iter().zip(&b.best).filter(|(a, b)| a == b).count();
    same as f64 / a.best.len().max(1) as f64
}

/// Patches a second on one thread, as `scatter-prep` gives them to either model.
fn speed(yamnet: &Ear, mini: &Ear) -> Result<Table> {
    let mut log_mel = LogMel::new();
    let sound: Vec<f32> = (0..PATCHES * 16_000).map(|n| (n as f32 * n as f32 * 1e-7).sin()).collect();
    let patches: Array3<f32> = log_mel.patches(&sound);
    let patches = patches.slice_axis(Axis(0), Slice::from(..PATCHES));
    debug_assert_eq!(patches.dim(), (PATCHES, PATCH_FRAMES, MEL_BANDS));
    let mut embedders = [yamnet.embedder()?, mini.embedder()?];
    let mut fastest = [f64::INFINITY; 2];
    for _ in 0..TRIALS {
        for (embedder, fastest) in embedders.iter_mut().zip(&mut fastest) {
            let began = Instant::now();
            embedder.embed(patches)?;
            *fastest = fastest.min(began.elapsed().as_secs_f64());
        }
    }
    let [theirs, ours] = fastest.map(|seconds| PATCHES as f64 / seconds);
    let mut table = Table::new(
        "The small model: patches a second, one thread, ONNX Runtime",
        &["YAMNet", "scatter-mini", "times", "as wanted"],
    );
    let times = ours / theirs;
    table.checked(&[format!("{theirs:.0}"), format!("{ours:.0}"), format!("{times:.1}")], times >= FASTER);
    Ok(table)
}
