//! Sound in, embedding out: the log-mel front end, the model file and its runtime.
//!
//! Goes in: mono samples at 16 kHz. Comes out: `[96, 64]` patches of log-mel energies ([`LogMel`]), and for each patch
//! YAMNet's 1,024 embedding values and 521 AudioSet scores ([`Embedder`]), or what another model gives that a
//! [`ModelSpec`] describes. [`find_model`] and [`find_runtime`] look for
//! the model file and the ONNX Runtime library on this machine and, where they find none, say what is missing and how
//! to get it. [`convert_yamnet`] makes the model file from the weights that Google publishes; [`onnx`] writes model files.
//!
//! This crate reads model files and opens one library; it downloads nothing. It must never import `scatter-audio`,
//! `scatter-map`, `scatter-dataset` or `scatter-prep`.

mod backend;
mod bands;
mod cache;
mod classes;
mod convert;
mod embedder;
mod error;
mod keras;
mod log_mel;
mod logarithm;
mod mel;
mod mini;
mod model;
pub mod onnx;
mod outlets;
mod runtime;
mod spec;
mod spec_file;

pub use cache::cache_dir;
pub use classes::{CLASS_ATTRIBUTION, class_mid, class_name, is_kind_of, naming_class, top_classes};
pub use convert::{YAMNET_H5_BYTES, YAMNET_H5_SHA256, YAMNET_H5_URL, convert_yamnet};
pub use embedder::{Embedded, Embedder};
pub use error::EmbedError;
pub use keras::WEIGHTS_MAX_BYTES;
pub use log_mel::{LogMel, PATCH_SAMPLES, SAMPLE_RATE};
pub use mel::{SPECTRUM_BINS, mel_matrix};
pub use model::{
    MINI_BYTES, MINI_NAME, MODEL_FILE, Model, ModelFile, YAMNET_BYTES, YAMNET_SHA256, find_model,
};
pub use runtime::{RUNTIME_FILE, Runtime, find_runtime};
pub use spec::{ClassNames, ModelInput, ModelSpec};

/// Spectra in one patch, 10 ms apart.
pub const PATCH_FRAMES: usize = 96;
/// Mel bands of one spectrum.
pub const MEL_BANDS: usize = 64;
/// Values of one embedding.
pub const EMBEDDING: usize = 1024;
/// AudioSet classes scored for each patch.
pub const CLASSES: usize = 521;
