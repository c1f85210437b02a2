//! What is known of a model file's origin, kept beside it.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use scatter_dataset::Created;
use scatter_embed::{ModelFile, YAMNET_H5_SHA256, YAMNET_SHA256};
use serde::{Deserialize, Serialize};

/// A receipt is a few hundred bytes; more is another file.
const MOST_BYTES: u64 = 1 << 16;

/// Where a model came from. No time stands in it: the same weights give the same receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// SHA-256 of the model file it belongs to.
    pub sha256: String,
    /// What the model was made from.
    pub weights: Weights,
    /// What made it.
    pub created: Created,
}

/// The file that a model was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weights {
    /// Address or path it was taken from.
    pub source: String,
    /// SHA-256 of its content.
    pub sha256: String,
}

impl Receipt {
    /// The receipt of a model with checksum `sha256`, made from `weights` by this program.
    pub fn new(sha256: String, weights: Weights) -> Self {
        let tool = env!("CARGO_PKG_NAME").to_owned();
        let created = Created { tool, version: env!("CARGO_PKG_VERSION").to_owned(), source: None };
        Self { sha256, weights, created }
    }

    /// The receipt beside `model`; `None` where there is none.
    ///
    /// # Errors
    /// When there is one that cannot be read.
    pub fn beside(model: &Path) -> anyhow::Result<Option<Self>> {
        let path = receipt_path(model);
        let shown = path.display();
        let mut json = Vec::new();
        match File::open(&path).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut json)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            read => read.with_context(|| format!("{shown} cannot be read"))?,
        };
        if json.len() as u64 > MOST_BYTES {
            bail!("{shown} is no receipt of a model: it has more than {MOST_BYTES} bytes");
        }
        let receipt = serde_json::from_slice(&json).with_context(|| {
            format!("{shown} is no receipt of a model; remove it, or install the model again")
        })?;
        Ok(Some(receipt))
    }

    /// The receipt as the bytes of its file.
    pub fn to_json(&self) -> io::Result<Vec<u8>> {
        let mut json = serde_json::to_vec_pretty(self)?;
        json.push(b'\n');
        Ok(json)
    }
}

/// Where the receipt of `model` stands: `yamnet.onnx.json` beside `yamnet.onnx`.
pub fn receipt_path(model: &Path) -> PathBuf {
    let mut path = model.as_os_str().to_owned();
    path.push(".json");
    path.into()
}

/// What checksum and receipt say of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Converted from the weights that Google publishes.
    Official,
    /// The development copy, known by its checksum.
    Known,
    /// Converted from other weights, which its receipt names.
    OtherWeights,
    /// Not the file that its receipt belongs to.
    Changed,
    /// No receipt, and a checksum that is not known.
    Unknown,
}

impl Origin {
    /// Judges `model` by its checksum and its `receipt`.
    pub fn of(model: &ModelFile, receipt: Option<&Receipt>) -> Self {
        match receipt {
            _ if model.sha256 == YAMNET_SHA256 => Self::Known,
            None => Self::Unknown,
            Some(receipt) if receipt.sha256 != model.sha256 => Self::Changed,
            Some(receipt) if receipt.weights.sha256 == YAMNET_H5_SHA256 => Self::Official,
            Some(_) => Self::OtherWeights,
        }
    }

    /// Whether the file is the one that was installed.
    pub fn fits(self) -> bool {
        matches!(self, Self::Official | Self::Known | Self::OtherWeights)
    }

    /// The same in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Official => "genuine: converted from the weights that Google publishes",
            Self::Known => "known: the development copy, put together from public copies of Google's weights",
            Self::OtherWeights => {
                "not genuine: converted from other weights than those that Google publishes"
            }
            Self::Changed => "changed since it was installed: its checksum is not that of its receipt",
            Self::Unknown => "unknown: no receipt, and a checksum that is not known",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(sha256: &str) -> Weights {
        Weights { source: "yamnet.h5".to_owned(), sha256: sha256.to_owned() }
    }

    #[test]
    fn a_model_is_judged_by_its_own_checksum_and_by_that_of_its_weights() {
        let model = |sha256: &str| ModelFile { path: "m".into(), name: "m".into(), sha256: sha256.into() };
        let official = Receipt::new("aa".to_owned(), weights(YAMNET_H5_SHA256));
        assert_eq!(Origin::of(&model("aa"), Some(&official)), Origin::Official);
        assert_eq!(Origin::of(&model("bb"), Some(&official)), Origin::Changed);
        let other = Receipt::new("aa".to_owned(), weights("cc"));
        assert_eq!(Origin::of(&model("aa"), Some(&other)), Origin::OtherWeights);
        assert_eq!(Origin::of(&model("aa"), None), Origin::Unknown);
        assert_eq!(Origin::of(&model(YAMNET_SHA256), None), Origin::Known);
    }

    #[test]
    fn a_receipt_is_read_as_it_was_written_and_a_damaged_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let model = folder.path().join("yamnet.onnx");
        assert_eq!(Receipt::beside(&model).unwrap(), None);
        let receipt = Receipt::new("aa".to_owned(), weights("bb"));
        std::fs::write(receipt_path(&model), receipt.to_json().unwrap()).unwrap();
        assert_eq!(Receipt::beside(&model).unwrap(), Some(receipt));
        std::fs::write(receipt_path(&model), b"{}").unwrap();
        let error = Receipt::beside(&model).unwrap_err().to_string();
        assert!(error.contains("yamnet.onnx.json") && error.contains("install the model again"), "{error}");
    }
}
