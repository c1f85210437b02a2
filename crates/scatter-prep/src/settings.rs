//! What is to be done, resolved from what was typed: names chosen, ranges checked, paths looked at.

use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use scatter_audio::Limits;
use scatter_dataset::{DatasetName, Kind, SAMPLE_RATE};
use sha2::{Digest, Sha256};

use crate::cli::{Distance, Preparation, PrepareArgs, Reduce};
use crate::heard::StoreChoice;
use crate::labels::LabelRule;

/// One run of the main job.
#[derive(Debug)]
pub struct Settings {
    /// What to read.
    pub input: Input,
    /// Folder of the maps.
    pub output: PathBuf,
    /// Name of this one.
    pub name: DatasetName,
    /// How to make the map.
    pub map: MapSettings,
    /// Model named by hand.
    pub model: Option<ModelChoice>,
    /// Whether a missing model is downloaded without asking.
    pub fetch_model: bool,
    /// ONNX Runtime library named by hand.
    pub onnxruntime: Option<PathBuf>,
    /// Threads for reading, and sessions for the model.
    pub jobs: NonZeroUsize,
    /// Whether a bad file is an error.
    pub strict: bool,
    /// What one file may take.
    pub file: FileSettings,
    /// Where what is heard is kept.
    pub store: StoreChoice,
    /// Whether what is kept is to be heard again.
    pub afresh: bool,
    /// Whether a map of the name that was made of other sounds gives way.
    pub replace: bool,
}

/// A model named by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelChoice {
    /// The small one inside this program.
    Mini,
    /// A file.
    File(PathBuf),
}

impl From<PathBuf> for ModelChoice {
    fn from(named: PathBuf) -> Self {
        if named.as_os_str() == "mini" { Self::Mini } else { Self::File(named) }
    }
}

/// What one file may take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FileSettings {
    /// Time to decode it; of a recording, until the next part of it.
    pub timeout: Duration,
    /// Memory to decode it, in MiB.
    pub memory: u64,
    /// Seconds of it that are read.
    pub max_seconds: f64,
}

/// What to read.
#[derive(Debug)]
pub enum Input {
    /// One clip of each file below a folder.
    Folder {
        /// The folder.
        path: PathBuf,
        /// Where labels come from.
        labels: LabelRule,
    },
    /// Overlapping windows of one file.
    Recording {
        /// The file.
        path: PathBuf,
        /// Samples between windows, at 16 kHz.
        hop_samples: u32,
        /// Whether a window is labelled by what is heard in it, and not by its start.
        by_class: bool,
    },
}

/// How to make the map.
#[derive(Debug, Clone)]
pub struct MapSettings {
    /// Projections to make, in this order, none twice.
    pub projections: Vec<ProjectionChoice>,
    /// Preparation of the embeddings.
    pub prepare: Preparation,
    /// What is meant by near.
    pub metric: Distance,
    /// UMAP's neighbours.
    pub neighbors: usize,
    /// UMAP's least distance.
    pub min_dist: f32,
    /// Seed.
    pub seed: u64,
}

/// One projection to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProjectionChoice {
    /// By this method.
    pub method: Reduce,
    /// In this many dimensions, 2 or 3.
    pub dims: usize,
}

impl Input {
    /// What the dataset will be made of.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Folder { .. } => Kind::Clips,
            Self::Recording { .. } => Kind::Recording,
        }
    }

    /// Whether points are named by what the model hears.
    pub fn is_labelled_by_class(&self) -> bool {
        match self {
            Self::Folder { labels, .. } => matches!(labels, LabelRule::AudioSet),
            Self::Recording { by_class, .. } => *by_class,
        }
    }

    /// A number for the folder or file, wherever it is named from: 16 hexadecimal digits.
    ///
    /// # Errors
    /// When it is not there.
    pub fn number(&self) -> io::Result<String> {
        let whole = self.path().canonicalize()?;
        let hash = Sha256::digest(whole.as_os_str().as_encoded_bytes());
        Ok(hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect())
    }

    /// The folder or file.
    pub fn path(&self) -> &Path {
        match self {
            Self::Folder { path, .. } | Self::Recording { path, .. } => path,
        }
    }
}

impl Settings {
    /// Resolves what was typed.
    ///
    /// # Errors
    /// A sentence for the first argument that cannot be followed.
    pub fn resolve(args: PrepareArgs) -> anyhow::Result<Self> {
        if !(0.0..=0.99).contains(&args.min_dist) {
            bail!("--min-dist is {}: choose a distance from 0 to 0.99", args.min_dist);
        }
        let input = match (args.directory, args.file) {
            (Some(path), _) => {
                let rule = args.labels.as_deref().unwrap_or("filename");
                Input::Folder { labels: LabelRule::parse(rule)?, path }
            }
            (None, Some(path)) => Input::Recording {
                path,
                hop_samples: hop_samples(args.hop)?,
                by_class: by_class(args.labels.as_deref())?,
            },
            (None, None) => bail!("name a folder with -d or a recording with -f"),
        };
        let name = match &args.name {
            Some(name) => DatasetName::new(name).context("--name cannot be used")?,
            None => default_name(&input)?,
        };
        let file = FileSettings {
            timeout: Duration::from_secs_f64(seconds("--timeout-per-file", args.timeout_per_file)?),
            memory: args.memory_per_file.into(),
            max_seconds: match args.max_duration {
                Some(duration) => seconds("--max-duration", duration)?,
                None => Limits::default().max_seconds,
            },
        };
        let store = match args.cache {
            _ if args.no_cache => StoreChoice::Nowhere,
            Some(folder) => StoreChoice::Folder(folder),
            None => StoreChoice::Usual,
        };
        let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Ok(Self {
            input,
            output: args.output,
            name,
            map: MapSettings {
                projections: projections(&args.reduce, &args.dims),
                prepare: args.prepare,
                metric: args.metric,
                neighbors: args.neighbors as usize,
                min_dist: args.min_dist,
                seed: args.seed,
            },
            model: args.model.map(ModelChoice::from),
            fetch_model: args.fetch_model,
            onnxruntime: args.onnxruntime,
            jobs: args.jobs.and_then(|jobs| NonZeroUsize::new(jobs.into())).unwrap_or(cores),
            strict: args.strict,
            file,
            store,
            afresh: args.force,
            replace: args.replace,
        })
    }
}

/// Each method in each number of dimensions, in the order typed.
fn projections(methods: &[Reduce], dims: &[u8]) -> Vec<ProjectionChoice> {
    let mut choices = Vec::new();
    for (&method, &dims) in methods.iter().flat_map(|method| dims.iter().map(move |dims| (method, dims))) {
        let choice = ProjectionChoice { method, dims: dims.into() };
        if !choices.contains(&choice) {
            choices.push(choice);
        }
    }
    choices
}

/// A time that can pass: at least a millisecond, at most a year.
fn seconds(option: &str, seconds: f64) -> anyhow::Result<f64> {
    if !(0.001..=366.0 * 24.0 * 3600.0).contains(&seconds) {
        bail!("{option} is {seconds}: choose 0.001 seconds to a year");
    }
    Ok(seconds)
}

fn hop_samples(seconds: f64) -> anyhow::Result<u32> {
    // Below 10 ms neighbouring windows are the same spectrogram frame; above an hour nothing is a hop.
    if !(0.01..=3_600.0).contains(&seconds) {
        bail!("--hop is {seconds}: choose 0.01 to 3600 seconds");
    }
    Ok((seconds * f64::from(SAMPLE_RATE)).round() as u32)
}

/// Whether the rule names windows by class; the others read names of files, of which a recording has one.
fn by_class(rule: Option<&str>) -> anyhow::Result<bool> {
    match rule {
        None => Ok(false),
        Some("audioset") => Ok(true),
        Some(other) => bail!(
            "--labels {other} is for the files of a folder: with -f choose audioset, or nothing for start times"
        ),
    }
}

fn default_name(input: &Input) -> anyhow::Result<DatasetName> {
    let path = input.path();
    // `.` and `..` have a name only once they are resolved.
    let whole = path.canonicalize().with_context(|| format!("{} cannot be opened", path.display()))?;
    let part = match input {
        Input::Folder { .. } => whole.file_name(),
        Input::Recording { .. } => whole.file_stem(),
    };
    Ok(DatasetName::nearest(&part.unwrap_or_default().to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_hop_is_half_a_window_exactly() {
        assert_eq!(hop_samples(0.48).unwrap(), scatter_dataset::HOP_SAMPLES);
        assert!(hop_samples(0.0).is_err() && hop_samples(f64::NAN).is_err());
    }

    #[test]
    fn each_method_comes_in_each_number_of_dimensions_and_none_twice() {
        let made = projections(&[Reduce::Pca, Reduce::Umap, Reduce::Pca], &[3, 2]);
        let wanted = [(Reduce::Pca, 3), (Reduce::Pca, 2), (Reduce::Umap, 3), (Reduce::Umap, 2)];
        assert_eq!(made, wanted.map(|(method, dims)| ProjectionChoice { method, dims }));
    }

    #[test]
    fn a_recordings_map_is_named_after_it_without_its_extension() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Dawn chorus 05.flac");
        std::fs::write(&path, b"").unwrap();
        let input = Input::Recording { path, hop_samples: 1, by_class: false };
        assert_eq!(default_name(&input).unwrap().as_str(), "Dawn-chorus-05");
    }
}
