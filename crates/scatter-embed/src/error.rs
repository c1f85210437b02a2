//! Why a patch could not be embedded.

use std::path::PathBuf;

/// What can go wrong between a sound and its embedding.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbedError {
    /// No model file in any of the usual places. The message says what to put where.
    #[error(
        "no model file found. Looked in:\n{}\nTo get YAMNet:\n  - `scatter-prep model fetch` downloads and installs it \
         (15 MB; with --fetch-model a run does so by itself)\n  - without a connection, download {} elsewhere and run `scatter-prep model fetch --from FILE`\nOr \
         give the path of another ONNX model with --model.",
        list(looked_in),
        crate::YAMNET_H5_URL
    )]
    ModelNotFound {
        /// Every place that was looked in, in order.
        looked_in: Vec<PathBuf>,
    },
    /// No ONNX Runtime library in any of the usual places.
    #[error(
        "the ONNX Runtime library was not found. Looked in:\n{}\nIn this program's source folder `cargo xtask \
         setup` fetches it; elsewhere `pip download --no-deps onnxruntime==1.24.1` does: unzip the file, and set \
         ORT_DYLIB_PATH to the {}* in its onnxruntime/capi.",
        list(looked_in),
        crate::RUNTIME_FILE
    )]
    RuntimeNotFound {
        /// Every folder or file that was looked in, in order.
        looked_in: Vec<PathBuf>,
    },
    /// A path given by the user leads to no file.
    #[error("{given_by} names {}, which is not a file", path.display())]
    NotAFile {
        /// The option or variable that held the path.
        given_by: &'static str,
        /// The path as given.
        path: PathBuf,
    },
    /// A file could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        #[source]
        source: std::io::Error,
    },
    /// A weights file is larger than any that is known.
    #[error("{} is no weights file of YAMNet: it has more than {limit} bytes", path.display())]
    WeightsTooLarge {
        /// The file.
        path: PathBuf,
        /// Most bytes that are read.
        limit: u64,
    },
    /// A weights file is no HDF5.
    #[error("{} is not a Keras weights file (HDF5), or it is damaged", path.display())]
    NotHdf5 {
        /// The file.
        path: PathBuf,
        /// The reader's reason.
        #[source]
        source: Box<hdf5_pure::Error>,
    },
    /// An array that YAMNet needs is missing or damaged.
    #[error("cannot read the array `{dataset}` of {}: the file is damaged or not YAMNet's weights", path.display())]
    WeightsUnreadable {
        /// The weights file.
        path: PathBuf,
        /// The array's path inside it.
        dataset: String,
        /// The reader's reason.
        #[source]
        source: Box<hdf5_pure::Error>,
    },
    /// An array is there, but is not YAMNet's.
    #[error("the array `{dataset}` of {} does not fit YAMNet: it {problem}", path.display())]
    WeightsUnfit {
        /// The weights file.
        path: PathBuf,
        /// The array's path inside it.
        dataset: String,
        /// What differs.
        problem: String,
    },
    /// The library is there but cannot be used.
    #[error(
        "cannot use {} as ONNX Runtime (version 1.24 or newer for this machine's processor is needed; `cargo xtask \
         setup` fetches one)",
        path.display()
    )]
    RuntimeUnusable {
        /// The library.
        path: PathBuf,
        /// The loader's reason.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A process can hold one ONNX Runtime only.
    #[error("ONNX Runtime is already loaded from {}; {} cannot be loaded too", loaded.display(), asked.display())]
    RuntimeAlreadyLoaded {
        /// The library in use.
        loaded: PathBuf,
        /// The one asked for.
        asked: PathBuf,
    },
    /// The file is not a model that the runtime can read.
    #[error("{runtime} cannot load the model {}: the file is damaged or not an ONNX model", path.display())]
    ModelUnreadable {
        /// What was to run it.
        runtime: &'static str,
        /// The model file.
        path: PathBuf,
        /// The runtime's reason.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The model is valid, but has other inputs or outputs than it is said to have.
    #[error("the model {} does not fit: {problem}. Needed: {needed}", path.display())]
    ModelShape {
        /// The model file.
        path: PathBuf,
        /// What differs.
        problem: String,
        /// Inputs and outputs that are needed.
        needed: String,
    },
    /// The description of a model cannot be followed.
    #[error("{} does not describe a model: {problem}", path.display())]
    Described {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// Points of another shape than the model's input.
    #[error("points must have the shape [n, {}], not {shape:?}", axes(item))]
    InputShape {
        /// The shape of one point.
        item: Vec<usize>,
        /// The shape given.
        shape: Vec<usize>,
    },
    /// The model failed while running.
    #[error("the model {} failed on a batch of {points} points", path.display())]
    Inference {
        /// The model file.
        path: PathBuf,
        /// Points in the batch.
        points: usize,
        /// The runtime's reason.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

fn list(places: &[PathBuf]) -> String {
    places.iter().map(|place| format!("  {}", place.display())).collect::<Vec<_>>().join("\n")
}

pub(crate) fn axes(lengths: &[usize]) -> String {
    lengths.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
