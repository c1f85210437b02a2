//! Which model, and where its file is.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::{EmbedError, ModelSpec, cache_dir, mini};

/// File name under which a model is looked for.
pub const MODEL_FILE: &str = "yamnet.onnx";
/// Size of the known YAMNet file in bytes.
pub const YAMNET_BYTES: u64 = 14_925_167;
/// SHA-256 of the known YAMNet file.
pub const YAMNET_SHA256: &str = "e878806535471a9439a1c8ebc5c6ae475d3b73e3bd7d3e80a8e2fd72eacfe9c5";
/// Name of the model inside this program.
pub const MINI_NAME: &str = "scatter-mini";
/// Its size in bytes.
pub const MINI_BYTES: u64 = mini::MODEL.len() as u64;
/// Models known by their content, as (SHA-256, name).
const KNOWN: [(&str, &str); 1] = [(YAMNET_SHA256, "yamnet")];

/// A model file which exists and was read once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFile {
    /// Where it is.
    pub path: PathBuf,
    /// `yamnet` when its content is a known one, else the file's name without extension.
    pub name: String,
    /// SHA-256 of its content, 64 lower-case hexadecimal digits.
    pub sha256: String,
}

impl ModelFile {
    /// Reads the file at `path` and names it by its content.
    ///
    /// # Errors
    /// [`EmbedError::Read`].
    pub fn identify(path: &Path) -> Result<Self, EmbedError> {
        let sha256 = sha256(path).map_err(|source| EmbedError::Read { path: path.to_owned(), source })?;
        let stem =
            || path.file_stem().map_or_else(|| "model".into(), |stem| stem.to_string_lossy().into_owned());
        let name =
            KNOWN.iter().find(|(hash, _)| *hash == sha256).map_or_else(stem, |(_, name)| (*name).to_owned());
        Ok(Self { path: path.to_owned(), name, sha256 })
    }
}

/// A model to be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Model {
    /// A file's.
    File(ModelFile),
    /// The small one inside this program: in place of YAMNet where that is not at hand, and close to it.
    Mini,
}

impl Model {
    /// What a map calls it where its [`ModelSpec`] has no name for it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::File(file) => &file.name,
            Self::Mini => MINI_NAME,
        }
    }

    /// SHA-256 of its content, 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn sha256(&self) -> String {
        match self {
            Self::File(file) => file.sha256.clone(),
            Self::Mini => hexadecimal(&Sha256::digest(mini::MODEL)),
        }
    }

    /// How to speak to it.
    ///
    /// # Errors
    /// [`ModelSpec::of`]'s.
    pub fn spec(&self) -> Result<ModelSpec, EmbedError> {
        match self {
            Self::File(file) => ModelSpec::of(&file.path),
            Self::Mini => Ok(ModelSpec::mini()),
        }
    }

    /// Its path, for people.
    #[must_use]
    pub fn shown(&self) -> &Path {
        match self {
            Self::File(file) => &file.path,
            Self::Mini => Path::new(MINI_NAME),
        }
    }
}

impl From<ModelFile> for Model {
    fn from(file: ModelFile) -> Self {
        Self::File(file)
    }
}

impl From<&ModelFile> for Model {
    fn from(file: &ModelFile) -> Self {
        Self::File(file.clone())
    }
}

impl From<&Model> for Model {
    fn from(model: &Model) -> Self {
        model.clone()
    }
}

/// Finds the model: `explicit` if given, else `$SCATTER_MODELS/yamnet.onnx`, `models/yamnet.onnx` in the working folder,
/// `models/yamnet.onnx` in [`cache_dir`].
///
/// # Errors
/// [`EmbedError::NotAFile`] when `explicit` leads to none; [`EmbedError::ModelNotFound`], whose message lists every
/// place and says what is needed; [`EmbedError::Read`].
pub fn find_model(explicit: Option<&Path>) -> Result<ModelFile, EmbedError> {
    match explicit {
        Some(path) if path.is_file() => ModelFile::identify(path),
        Some(path) => Err(EmbedError::NotAFile { given_by: "--model", path: path.to_owned() }),
        None => first_of(usual_places(std::env::var_os("SCATTER_MODELS").map(PathBuf::from), cache_dir())),
    }
}

fn usual_places(models_variable: Option<PathBuf>, cache: Option<PathBuf>) -> Vec<PathBuf> {
    let folders = [models_variable, Some(PathBuf::from("models")), cache.map(|cache| cache.join("models"))];
    folders.into_iter().flatten().map(|folder| folder.join(MODEL_FILE)).collect()
}

fn first_of(places: Vec<PathBuf>) -> Result<ModelFile, EmbedError> {
    match places.iter().find(|place| place.is_file()) {
        Some(path) => ModelFile::identify(path),
        None => Err(EmbedError::ModelNotFound { looked_in: places }),
    }
}

fn sha256(path: &Path) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        match io::Read::read(&mut file, &mut buffer)? {
            0 => break,
            read => hasher.update(&buffer[..read]),
        }
    }
    Ok(hexadecimal(&hasher.finalize()))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_place_that_has_the_file_wins_and_an_unknown_file_is_named_by_its_stem() {
        let folder = tempfile::tempdir().unwrap();
        let cache = folder.path().join("cache");
        std::fs::create_dir_all(cache.join("models")).unwrap();
        std::fs::write(cache.join("models/yamnet.onnx"), b"abc").unwrap();
        let variable = folder.path().join("variable");
        let places = || usual_places(Some(variable.clone()), Some(cache.clone()));

        let found = first_of(places()).unwrap();
        assert_eq!(found.path, cache.join("models/yamnet.onnx"));
        assert_eq!(found.name, "yamnet");
        // FIPS 180-2, appendix B.1.
        assert_eq!(found.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

        std::fs::create_dir(&variable).unwrap();
        std::fs::write(variable.join("yamnet.onnx"), b"").unwrap();
        assert_eq!(first_of(places()).unwrap().path, variable.join("yamnet.onnx"));

        let other = folder.path().join("projection.onnx");
        std::fs::write(&other, b"").unwrap();
        assert_eq!(find_model(Some(&other)).unwrap().name, "projection");
    }

    #[test]
    fn a_missing_model_is_reported_with_every_place_and_what_is_needed() {
        let places = usual_places(Some("/nowhere/a".into()), Some("/nowhere/b".into()));
        let message = first_of(places).unwrap_err().to_string();
        for part in [
            "/nowhere/a/yamnet.onnx",
            "models/yamnet.onnx",
            "/nowhere/b/models/yamnet.onnx",
            "`scatter-prep model fetch`",
            crate::YAMNET_H5_URL,
        ] {
            assert!(message.contains(part), "{part} is missing in:\n{message}");
        }
        let given = find_model(Some(Path::new("/nowhere/x.onnx"))).unwrap_err();
        assert_eq!(given.to_string(), "--model names /nowhere/x.onnx, which is not a file");
    }

    #[test]
    fn the_known_model_is_recognised_by_its_hash() {
        let Some(models) = std::env::var_os("SCATTER_MODELS") else {
            println!("skipped: the_known_model_is_recognised_by_its_hash: SCATTER_MODELS is not set");
            return;
        };
        let folder = tempfile::tempdir().unwrap();
        let renamed = folder.path().join("anything.onnx");
        std::fs::copy(Path::new(&models).join(MODEL_FILE), &renamed).unwrap();
        assert_eq!(std::fs::metadata(&renamed).unwrap().len(), YAMNET_BYTES);
        assert_eq!(find_model(Some(&renamed)).unwrap().name, "yamnet");
    }
}
