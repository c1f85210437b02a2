//! What a model is given and what it gives.

use std::path::{Path, PathBuf};

use crate::error::axes;
use crate::{CLASS_ATTRIBUTION, CLASSES, EMBEDDING, MEL_BANDS, PATCH_FRAMES, class_name};

/// How to speak to a model: chosen once, where the model is chosen, and handed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelSpec {
    /// Name for people; `None` leaves it to the file's.
    pub name: Option<String>,
    /// What it is given.
    pub input: ModelInput,
    /// Name of its input; `None` where it has only one.
    pub input_name: Option<String>,
    /// Name of the output `[batch, dimensions]`.
    pub embedding: String,
    /// Values of one embedding; `None` takes what the model gives.
    pub dimensions: Option<usize>,
    /// Name of the output `[batch, classes]`, `0.0..=1.0` each; `None` where it has none.
    pub scores: Option<String>,
    /// Names of the classes.
    pub classes: ClassNames,
    /// The file that says all this; `None` for YAMNet.
    pub described_in: Option<PathBuf>,
}

/// What a model is given for each point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelInput {
    /// A patch `[96, 64]` of natural-log mel energies, as [`LogMel`](crate::LogMel) makes it.
    LogMel,
    /// Mono samples, full scale ±1.
    Waveform {
        /// Rate in Hz.
        sample_rate: u32,
        /// How many.
        samples: usize,
    },
}

/// Names of a model's classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClassNames {
    /// The 521 of AudioSet.
    AudioSet,
    /// The model's own, by index.
    Own(Vec<String>),
    /// None: numbers stand for them.
    Unnamed,
}

impl ModelSpec {
    /// YAMNet, as [`convert_yamnet`](crate::convert_yamnet) writes it.
    #[must_use]
    pub fn yamnet() -> Self {
        Self {
            name: None,
            input: ModelInput::LogMel,
            input_name: Some("patches".to_owned()),
            embedding: "embeddings".to_owned(),
            dimensions: Some(EMBEDDING),
            scores: Some("scores".to_owned()),
            classes: ClassNames::AudioSet,
            described_in: None,
        }
    }

    /// The small model inside this program.
    #[must_use]
    pub fn mini() -> Self {
        Self::yamnet()
    }

    /// The same in words, for those whose model differs.
    pub(crate) fn needed(&self) -> String {
        let item = axes(&self.input.shape());
        let input = self.input_name.as_deref().unwrap_or("any name");
        let length =
            |known: Option<usize>, open: &str| known.map_or_else(|| open.to_owned(), |n| n.to_string());
        let embedding = format!("`{} [batch, {}]`", self.embedding, length(self.dimensions, "dimensions"));
        let outputs = match &self.scores {
            Some(scores) => {
                let classes = length(self.classes.count(), "classes");
                format!("outputs {embedding} and `{scores} [batch, {classes}]`")
            }
            None => format!("output {embedding}"),
        };
        format!("input `{input} [batch, {item}]`, {outputs}, all float32")
    }

    /// Which key of the file says something, in brackets; nothing for YAMNet, which no file describes.
    pub(crate) fn key(&self, key: &str) -> String {
        let file = self.described_in.as_deref().and_then(Path::file_name);
        file.map_or_else(String::new, |file| format!(" (`{key}` in {})", file.display()))
    }
}

impl ModelInput {
    /// Shape of what one point gives.
    #[must_use]
    pub fn shape(self) -> Vec<usize> {
        match self {
            Self::LogMel => vec![PATCH_FRAMES, MEL_BANDS],
            Self::Waveform { samples, .. } => vec![samples],
        }
    }

    /// Number of values that one point gives.
    #[must_use]
    pub fn values(self) -> usize {
        self.shape().iter().product()
    }
}

impl ClassNames {
    /// Name of the class at `index`.
    #[must_use]
    pub fn name(&self, index: usize) -> String {
        let name = match self {
            Self::AudioSet => class_name(index),
            Self::Own(names) => names.get(index).map(String::as_str),
            Self::Unnamed => None,
        };
        name.map_or_else(|| format!("class {index}"), str::to_owned)
    }

    /// Source and licence of the names; empty where there is none to pass on.
    #[must_use]
    pub fn attribution(&self) -> &'static str {
        match self {
            Self::AudioSet => CLASS_ATTRIBUTION,
            Self::Own(_) | Self::Unnamed => "",
        }
    }

    /// How many there are; `None` where the model alone knows.
    #[must_use]
    pub fn count(&self) -> Option<usize> {
        match self {
            Self::AudioSet => Some(CLASSES),
            Self::Own(names) => Some(names.len()),
            Self::Unnamed => None,
        }
    }
}
