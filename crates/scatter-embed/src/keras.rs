//! Named arrays out of a Keras weights file (HDF5).

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::EmbedError;

/// Most bytes that a weights file may have. Google's has 15 MB; with an optimiser's state it would have three times that.
pub const WEIGHTS_MAX_BYTES: u64 = 64 << 20;

/// Group that holds the layers in a file of a whole model; a file of weights holds them at its root.
const WHOLE_MODEL: &str = "model_weights";
/// Attribute of a layer's group that lists its weights by their path below the group.
const WEIGHT_NAMES: &str = "weight_names";

/// A Keras weights file, held in memory.
pub struct KerasWeights {
    path: PathBuf,
    file: hdf5_pure::File,
    /// What stands before the name of each layer.
    root: &'static str,
}

impl KerasWeights {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// [`EmbedError::Read`]; [`EmbedError::WeightsTooLarge`]; [`EmbedError::NotHdf5`].
    pub fn open(path: &Path) -> Result<Self, EmbedError> {
        let unreadable = |source| EmbedError::Read { path: path.to_owned(), source };
        let mut bytes = Vec::new();
        File::open(path)
            .and_then(|file| file.take(WEIGHTS_MAX_BYTES + 1).read_to_end(&mut bytes))
            .map_err(unreadable)?;
        if bytes.len() as u64 > WEIGHTS_MAX_BYTES {
            return Err(EmbedError::WeightsTooLarge { path: path.to_owned(), limit: WEIGHTS_MAX_BYTES });
        }
        let file = hdf5_pure::File::from_bytes(bytes)
            .map_err(|source| EmbedError::NotHdf5 { path: path.to_owned(), source: source.into() })?;
        let root = if file.group(WHOLE_MODEL).is_ok() { "model_weights/" } else { "" };
        Ok(Self { path: path.to_owned(), file, root })
    }

    /// Whether the file has a layer of this name.
    pub fn has_layer(&self, layer: &str) -> bool {
        self.file.group(&self.group(layer)).is_ok()
    }

    /// The weight `name` of `layer`, row-major.
    ///
    /// It stands where the layer's attribute `weight_names` says, as Keras itself reads it; without one, at
    /// `layer/layer/name:0`, which is also where it is in the file that Google publishes.
    ///
    /// # Errors
    /// [`EmbedError::WeightsUnreadable`] when it is missing or damaged; [`EmbedError::WeightsUnfit`] when it has another
    /// shape or type than float32 `shape`, or a value that is no finite number.
    pub fn array(&self, layer: &str, name: &str, shape: &[usize]) -> Result<Vec<f32>, EmbedError> {
        let dataset = self.dataset(layer, name);
        let unreadable = |source: hdf5_pure::Error| EmbedError::WeightsUnreadable {
            path: self.path.clone(),
            dataset: dataset.clone(),
            source: source.into(),
        };
        let unfit = |problem| Err(self.unfit(layer, name, problem));
        let array = self.file.dataset(&dataset).map_err(unreadable)?;
        // Both are known before a value is read, so a hostile file cannot ask for memory.
        let found = array.shape().map_err(unreadable)?;
        if !found.iter().copied().eq(shape.iter().map(|&axis| axis as u64)) {
            return unfit(format!("has the shape {found:?}, not {shape:?}"));
        }
        let kind = array.dtype().map_err(unreadable)?;
        if kind != hdf5_pure::DType::F32 {
            return unfit(format!("holds {kind:?}, not F32"));
        }
        let values = array.read_f32().map_err(unreadable)?;
        if values.len() != shape.iter().product::<usize>() {
            return unfit(format!("holds {} values, not {shape:?}", values.len()));
        }
        if !values.iter().all(|value| value.is_finite()) {
            return unfit("holds a value that is no finite number".to_owned());
        }
        Ok(values)
    }

    /// The error for an array that is there, but is not YAMNet's.
    pub fn unfit(&self, layer: &str, name: &str, problem: String) -> EmbedError {
        EmbedError::WeightsUnfit { path: self.path.clone(), dataset: self.dataset(layer, name), problem }
    }

    fn group(&self, layer: &str) -> String {
        format!("{}{layer}", self.root)
    }

    fn dataset(&self, layer: &str, name: &str) -> String {
        let group = self.group(layer);
        let attributes = self.file.group(&group).and_then(|group| group.attrs()).unwrap_or_default();
        let listed = attributes.get(WEIGHT_NAMES).and_then(|names| names.as_strings()).unwrap_or_default();
        let is_it =
            |path: &&String| path.rsplit('/').next().and_then(|last| last.split(':').next()) == Some(name);
        match listed.iter().find(is_it) {
            Some(path) => format!("{group}/{path}"),
            None => format!("{group}/{layer}/{name}:0"),
        }
    }
}
