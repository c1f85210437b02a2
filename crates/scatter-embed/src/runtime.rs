//! What runs a model, and where the ONNX Runtime library is.

use std::cmp::Reverse;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::{EmbedError, cache_dir};

/// File name of the ONNX Runtime library on this system.
pub const RUNTIME_FILE: &str = if cfg!(windows) {
    "onnxruntime.dll"
} else if cfg!(target_os = "macos") {
    "libonnxruntime.dylib"
} else {
    "libonnxruntime.so"
};

/// What runs a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Runtime {
    /// ONNX Runtime, from this library.
    OnnxRuntime(PathBuf),
    /// rten, which is part of this program: for where there is no ONNX Runtime, since it takes five times as long.
    #[cfg(feature = "rten")]
    Rten,
}

impl Runtime {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::OnnxRuntime(_) => "ONNX Runtime",
            #[cfg(feature = "rten")]
            Self::Rten => "rten",
        }
    }

    /// The library that is opened; none where the runtime is part of this program.
    #[must_use]
    pub fn library(&self) -> Option<&Path> {
        match self {
            Self::OnnxRuntime(path) => Some(path),
            #[cfg(feature = "rten")]
            Self::Rten => None,
        }
    }
}

/// What may tell where the library is, taken from the process once so that tests need not change it.
struct Surroundings {
    library_variable: Option<OsString>,
    executable_folder: Option<PathBuf>,
    cache: Option<PathBuf>,
    loader_folders: Vec<PathBuf>,
}

/// Finds the ONNX Runtime library: `explicit` if given, else `$ORT_DYLIB_PATH`, beside the executable, in [`cache_dir`]
/// under `onnxruntime/<version>/` (the highest version), in the system loader's usual folders.
///
/// A folder's file without a version in its name goes before `libonnxruntime.so.1.24.1` and the like. Whether the library
/// fits this program is seen when [`Embedder::load`](crate::Embedder::load) opens it.
///
/// # Errors
/// [`EmbedError::NotAFile`] when `explicit` or `$ORT_DYLIB_PATH` leads to none; [`EmbedError::RuntimeNotFound`], whose
/// message lists every place and says how to get the library.
pub fn find_runtime(explicit: Option<&Path>) -> Result<Runtime, EmbedError> {
    let executable = std::env::current_exe().ok();
    search(
        explicit,
        Surroundings {
            library_variable: std::env::var_os("ORT_DYLIB_PATH").filter(|value| !value.is_empty()),
            executable_folder: executable.and_then(|path| path.parent().map(Path::to_owned)),
            cache: cache_dir().map(|cache| cache.join("onnxruntime")),
            loader_folders: loader_folders(),
        },
    )
    .map(Runtime::OnnxRuntime)
}

fn search(explicit: Option<&Path>, around: Surroundings) -> Result<PathBuf, EmbedError> {
    let given = [
        ("--onnxruntime", explicit.map(Path::to_owned)),
        ("ORT_DYLIB_PATH", around.library_variable.map(PathBuf::from)),
    ];
    for (given_by, path) in given {
        match path {
            Some(path) if path.is_file() => return Ok(path),
            Some(path) => return Err(EmbedError::NotAFile { given_by, path }),
            None => {}
        }
    }
    let mut looked_in = Vec::new();
    if let Some(folder) = around.executable_folder {
        looked_in.push(folder);
    }
    if let Some(cache) = around.cache {
        let versions = versions_in(&cache);
        if versions.is_empty() { looked_in.push(cache) } else { looked_in.extend(versions) }
    }
    looked_in.extend(around.loader_folders);
    match looked_in.iter().find_map(|folder| library_in(folder)) {
        Some(path) => Ok(path),
        None => Err(EmbedError::RuntimeNotFound { looked_in }),
    }
}

/// Folders of `cache`, highest version first.
fn versions_in(cache: &Path) -> Vec<PathBuf> {
    let mut folders = entries(cache);
    folders.retain(|folder| folder.is_dir());
    folders.sort_by_key(|folder| Reverse(version_of(folder)));
    folders
}

/// The library in `folder`: the plain name, else the highest versioned one.
fn library_in(folder: &Path) -> Option<PathBuf> {
    let plain = folder.join(RUNTIME_FILE);
    if plain.is_file() {
        return Some(plain);
    }
    let versioned = format!("{RUNTIME_FILE}.");
    let is_versioned = |path: &PathBuf| {
        path.is_file() && path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&versioned))
    };
    entries(folder).into_iter().filter(is_versioned).max_by_key(|path| version_of(path))
}

/// Unreadable folders count as empty: they are among the places reported.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// The numbers in a file name, in order: `1.24.1` before `1.9`, by number and not by letter.
fn version_of(path: &Path) -> Vec<u64> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

#[cfg(all(unix, not(target_os = "macos")))]
fn loader_folders() -> Vec<PathBuf> {
    let multiarch = format!("{}-linux-gnu", std::env::consts::ARCH);
    let mut folders: Vec<PathBuf> = std::env::var_os("LD_LIBRARY_PATH")
        .iter()
        .flat_map(std::env::split_paths)
        .filter(|p| p.is_absolute())
        .collect();
    for root in ["/usr/local/lib", "/usr/lib", "/lib"] {
        folders.extend([
            Path::new(root).join(&multiarch),
            PathBuf::from(root),
            PathBuf::from(format!("{root}64")),
        ]);
    }
    folders
}

#[cfg(target_os = "macos")]
fn loader_folders() -> Vec<PathBuf> {
    ["/opt/homebrew/lib", "/usr/local/lib", "/usr/lib"].map(PathBuf::from).into()
}

// Windows carries an old onnxruntime.dll of its own in System32, which must not be taken.
#[cfg(not(unix))]
fn loader_folders() -> Vec<PathBuf> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing_around() -> Surroundings {
        Surroundings {
            library_variable: None,
            executable_folder: None,
            cache: None,
            loader_folders: Vec::new(),
        }
    }

    fn put(folder: &Path, name: &str) -> PathBuf {
        std::fs::create_dir_all(folder).unwrap();
        let path = folder.join(name);
        std::fs::write(&path, b"").unwrap();
        path
    }

    #[test]
    fn places_are_tried_in_the_documented_order() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        let around = || Surroundings {
            executable_folder: Some(at("bin")),
            cache: Some(at("cache")),
            loader_folders: vec![at("lib")],
            ..nothing_around()
        };
        assert!(
            matches!(search(None, around()), Err(EmbedError::RuntimeNotFound { looked_in }) if looked_in.len() == 3)
        );
        let system = put(&at("lib"), &format!("{RUNTIME_FILE}.1.24.1"));
        assert_eq!(search(None, around()).unwrap(), system);
        put(&at("cache/1.9.0"), RUNTIME_FILE);
        let newer = put(&at("cache/1.24.1"), RUNTIME_FILE);
        assert_eq!(search(None, around()).unwrap(), newer);
        let beside = put(&at("bin"), RUNTIME_FILE);
        assert_eq!(search(None, around()).unwrap(), beside);
        let variable = put(&at("variable"), "any.so");
        let with_variable = || Surroundings { library_variable: Some(variable.clone().into()), ..around() };
        assert_eq!(search(None, with_variable()).unwrap(), variable);
        let explicit = put(&at("explicit"), "other.so");
        assert_eq!(search(Some(&explicit), with_variable()).unwrap(), explicit);
    }

    #[test]
    fn a_given_path_that_is_no_file_is_an_error_and_not_passed_over() {
        let around = Surroundings { library_variable: Some("/nowhere/lib.so".into()), ..nothing_around() };
        let message = search(None, around).unwrap_err().to_string();
        assert_eq!(message, "ORT_DYLIB_PATH names /nowhere/lib.so, which is not a file");
    }

    #[test]
    fn a_missing_runtime_is_reported_with_the_remedy() {
        let around = Surroundings { loader_folders: vec!["/nowhere/lib".into()], ..nothing_around() };
        let message = search(None, around).unwrap_err().to_string();
        for part in ["/nowhere/lib", "cargo xtask setup", "ORT_DYLIB_PATH"] {
            assert!(message.contains(part), "{part} is missing in:\n{message}");
        }
    }
}
