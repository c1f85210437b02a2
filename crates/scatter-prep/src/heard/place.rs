//! Where what was heard is kept, and for how long.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, bail};
use scatter_dataset::{DatasetName, Kind};
use scatter_embed::{ModelSpec, cache_dir};
use sha2::{Digest, Sha256};

use super::kept::{remove, stores};
use super::log::Log;
use super::store::Store;
use crate::lock::{FileLock, Taken};

/// To be raised whenever the same file gives another point: by another region, descriptor, patch, or form on disk.
const HEARING_VERSION: u32 = 3;
/// Ends the names of stores.
pub(super) const EXTENSION: &str = "heard";
/// Stores that no run has used for so long are removed: about a season of field work.
const KEEP_FOR: Duration = Duration::from_secs(90 * 24 * 3600);
/// Name of a store that is not kept, in the dataset's folder in the making.
const SCRATCH: &str = ".heard";

/// Where to keep what is heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreChoice {
    /// In the user's cache folder, where there is one.
    Usual,
    /// In this folder.
    Folder(PathBuf),
    /// Nowhere: it is gone when the run is over.
    Nowhere,
}

impl StoreChoice {
    /// The folder, where there is one.
    pub fn folder(&self) -> Option<PathBuf> {
        match self {
            Self::Usual => Some(cache_dir()?.join("heard")),
            Self::Folder(folder) => Some(folder.clone()),
            Self::Nowhere => None,
        }
    }
}

/// All that decides what is heard of a file, beside the file.
#[derive(Debug)]
pub struct Hearing<'a> {
    /// The folder or the recording.
    pub input: &'a Path,
    /// Which of both.
    pub kind: Kind,
    /// Samples between windows; 0 for clips.
    pub hop_samples: u32,
    /// How much of a file is read, in seconds.
    pub max_seconds: f64,
    /// SHA-256 of the model.
    pub model: &'a str,
    /// What the model is given, and gives.
    pub spec: &'a ModelSpec,
}

/// Opens the store of `hearing`, which no other process then opens; or one in `working`, the dataset's folder in the
/// making. With `afresh` it has nothing in it. Gives why nothing will be kept, where that was not asked for.
///
/// # Errors
/// When another process has the store, or a place that was asked for cannot be written.
pub fn open(
    choice: &StoreChoice,
    hearing: &Hearing<'_>,
    afresh: bool,
    working: &Path,
) -> anyhow::Result<(Store, Option<String>)> {
    let asked_for = matches!(choice, StoreChoice::Folder(_));
    let Some(folder) = choice.folder() else {
        let why = matches!(choice, StoreChoice::Usual).then(|| "there is no cache folder here".to_owned());
        return Ok((scratch(working)?, why));
    };
    match open_in(&folder, hearing, afresh) {
        Ok(Ok(store)) => Ok((store, None)),
        Ok(Err(Taken(owner))) => bail!(
            "{} is being heard by another scatter-prep (process {owner}): wait for it, or use --no-cache",
            hearing.input.display()
        ),
        Err(error) if asked_for => {
            Err(error).with_context(|| format!("nothing can be kept in {} (--cache)", folder.display()))
        }
        Err(error) => {
            Ok((scratch(working)?, Some(format!("{} cannot be written: {error}", folder.display()))))
        }
    }
}

fn open_in(folder: &Path, hearing: &Hearing<'_>, afresh: bool) -> io::Result<Result<Store, Taken>> {
    fs::create_dir_all(folder)?;
    let name = name(hearing)?;
    let lock = match FileLock::take(&folder.join(format!("{name}.lock")))? {
        Ok(lock) => lock,
        Err(taken) => return Ok(Err(taken)),
    };
    let path = folder.join(format!("{name}.{EXTENSION}"));
    sweep(folder, &path);
    let log = if afresh { Log::begin(&path)? } else { Log::open(&path)? };
    // So that a store that is only read counts as used.
    File::options().append(true).open(&path)?.set_modified(SystemTime::now())?;
    Ok(Ok(Store { log, path, kept: true, _lock: Some(lock) }))
}

fn scratch(working: &Path) -> anyhow::Result<Store> {
    let path = working.join(SCRATCH);
    let log = Log::begin(&path).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(Store { log, path, kept: false, _lock: None })
}

/// A name for people with a number for everything that decides what is heard.
fn name(hearing: &Hearing<'_>) -> io::Result<String> {
    let whole = hearing.input.canonicalize()?;
    let Hearing { input: _, kind, hop_samples, max_seconds, model, spec } = hearing;
    let ModelSpec { input, input_name, embedding, dimensions, scores, .. } = spec;
    let mut hash = Sha256::new();
    hash.update(format!(
        "{HEARING_VERSION} {} {kind:?} {hop_samples} {max_seconds} {model} {:?}",
        env!("CARGO_PKG_VERSION"),
        (input, input_name, embedding, dimensions, scores),
    ));
    hash.update(whole.as_os_str().as_encoded_bytes());
    let number: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let last = whole.file_name().unwrap_or_default().to_string_lossy();
    Ok(format!("{}-{number}", DatasetName::nearest(&last)))
}

/// Removes the stores in `folder` but `own` that nobody has used for [`KEEP_FOR`].
fn sweep(folder: &Path, own: &Path) {
    let Ok(stores) = stores(folder) else { return };
    for store in stores.iter().filter(|store| store.path != own) {
        if store.unused.is_some_and(|time| time > KEEP_FOR) {
            // A store that cannot be removed is no reason to stop.
            let _ = remove(store);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hearing<'a>(input: &'a Path, spec: &'a ModelSpec) -> Hearing<'a> {
        Hearing { input, kind: Kind::Clips, hop_samples: 0, max_seconds: 60.0, model: "abc", spec }
    }

    #[test]
    fn another_model_or_input_is_another_store_and_the_same_is_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let spec = ModelSpec::yamnet();
        let base = name(&hearing(folder.path(), &spec)).unwrap();
        assert_eq!(base, name(&hearing(&folder.path().join("."), &spec)).unwrap());
        let other_model = Hearing { model: "abd", ..hearing(folder.path(), &spec) };
        let other_limit = Hearing { max_seconds: 61.0, ..hearing(folder.path(), &spec) };
        let other_spec = ModelSpec { embedding: "logits".to_owned(), ..ModelSpec::yamnet() };
        let names = [
            name(&other_model).unwrap(),
            name(&other_limit).unwrap(),
            name(&hearing(folder.path(), &other_spec)).unwrap(),
        ];
        assert!(names.iter().all(|name| *name != base), "{base} {names:?}");
    }

    #[test]
    fn only_stores_that_nobody_used_for_a_season_are_swept_away() {
        let folder = tempfile::tempdir().unwrap();
        let long_ago = SystemTime::now() - KEEP_FOR - Duration::from_secs(60);
        for (name, time) in [
            ("old.heard", long_ago),
            ("own.heard", long_ago),
            ("new.heard", SystemTime::now()),
            ("old.txt", long_ago),
        ] {
            let file = File::create(folder.path().join(name)).unwrap();
            file.set_modified(time).unwrap();
        }
        sweep(folder.path(), &folder.path().join("own.heard"));
        let mut left: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        assert_eq!(left, ["new.heard", "old.txt", "own.heard"]);
    }

    #[test]
    fn a_place_that_cannot_be_written_is_an_error_only_where_it_was_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, b"").unwrap();
        let spec = ModelSpec::yamnet();
        let hearing = hearing(folder.path(), &spec);
        let refused = open(&StoreChoice::Folder(file), &hearing, false, folder.path()).unwrap_err();
        assert!(format!("{refused:#}").contains("--cache"), "{refused:#}");
        let (store, why) = open(&StoreChoice::Nowhere, &hearing, false, folder.path()).unwrap();
        assert!(!store.is_kept() && why.is_none());
    }

    #[test]
    fn a_store_has_one_user_at_a_time() {
        let (folder, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let spec = ModelSpec::yamnet();
        let choice = StoreChoice::Folder(cache.path().to_owned());
        let open = || open(&choice, &hearing(folder.path(), &spec), false, folder.path());
        let (first, _) = open().unwrap();
        let refused = open().unwrap_err().to_string();
        assert!(refused.contains(&format!("process {}", std::process::id())), "{refused}");
        assert!(refused.contains("--no-cache"), "{refused}");
        drop(first);
        assert!(open().is_ok());
    }
}
