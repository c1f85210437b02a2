//! ONNX Runtime's shared library, which scatter-prep loads when it runs.
//!
//! It is taken from the Python package of the same name, without Python having to load it: the wheel is an archive
//! that holds the library.

use std::{
    env, fs,
    io::Read,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use super::{Outcome, programs};
use crate::{process, workspace};

/// Its minor version must be at least the `api-N` feature of `ort` in scatter-embed.
const VERSION: &str = "1.24.1";

/// SHA-256 of the library in the wheel for 64-bit Intel Linux, where most of us are. pip checks the wheel itself.
const SHA256_LINUX_X86_64: &str = "94ac52f650e195b784587e1cb7d25b4bf074048b50fa9a7127795b2ed34db22e";

/// No build of it is smaller than this.
const LEAST_BYTES: u64 = 5 << 20;

/// Where the library is, or will be.
pub fn library() -> Result<PathBuf> {
    let named = env::var_os("ORT_DYLIB_PATH").map(PathBuf::from).filter(|path| path.is_file());
    match named {
        Some(path) => Ok(path),
        None => Ok(workspace::cache()?.join("onnxruntime").join(VERSION).join(library_name())),
    }
}

/// Fetches the library into the user's cache, unless it is there.
pub fn ensure() -> Result<Outcome> {
    let library = library()?;
    if library.is_file() {
        return Ok(Outcome::InPlace);
    }
    let folder = workspace::cache()?.join("onnxruntime").join(VERSION);
    println!("setup: fetching ONNX Runtime {VERSION} (pip download) into {}", folder.display());
    fs::create_dir_all(&folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let temporary = folder.join(format!(".fetching-{}", std::process::id()));
    let fetched = fetch(&temporary, &library);
    // Whatever happened, what was fetched besides the library is of no use; a leftover does no harm.
    let _ = fs::remove_dir_all(&temporary);
    fetched.with_context(|| {
        format!(
            "could not fetch ONNX Runtime; get version {VERSION} or newer from https://onnxruntime.ai and set \
             ORT_DYLIB_PATH to its {}",
            library_name()
        )
    })?;
    Ok(Outcome::Installed)
}

fn library_name() -> &'static str {
    if cfg!(target_os = "macos") {
        "libonnxruntime.dylib"
    } else if cfg!(windows) {
        "onnxruntime.dll"
    } else {
        "libonnxruntime.so"
    }
}

fn fetch(temporary: &Path, library: &Path) -> Result<()> {
    let python = python()?;
    // Any Python's wheel holds the same library: name one that has wheels, whatever Python runs here.
    process::run(
        Command::new(python)
            .args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"])
            .args([
                "--only-binary=:all:",
                "--implementation=cp",
                "--python-version=3.12",
                "--abi=cp312",
                "--dest",
            ])
            .arg(temporary)
            .arg(format!("onnxruntime=={VERSION}")),
    )?;
    let wheel = entries(temporary)?
        .into_iter()
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
        .context("pip left no wheel")?;
    let unpacked = temporary.join("wheel");
    process::run(Command::new(python).args(["-m", "zipfile", "-e"]).args([&wheel, &unpacked]))?;
    let found = entries(&unpacked.join("onnxruntime/capi"))?
        .into_iter()
        .find(|path| path.file_name().is_some_and(|name| is_library(&name.to_string_lossy())))
        .with_context(|| format!("no library in {}", wheel.display()))?;
    verify(&found)?;
    fs::rename(&found, library).with_context(|| format!("cannot write {}", library.display()))
}

/// A Python with pip; installed where missing.
fn python() -> Result<&'static str> {
    if !process::works("python3", &["-m", "pip", "--version"]) {
        programs::install(&[&programs::PYTHON])?;
    }
    Ok("python3")
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = || fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>();
    let mut paths = read().with_context(|| format!("cannot read {}", folder.display()))?;
    paths.sort();
    Ok(paths)
}

/// The library itself, not its helper `…_providers_shared` nor Python's own module.
fn is_library(name: &str) -> bool {
    let stem = name.strip_prefix("lib").unwrap_or(name);
    ["onnxruntime.so", "onnxruntime.dylib", "onnxruntime.dll"].contains(&stem)
        || stem.starts_with("onnxruntime.so.")
        || (stem.starts_with("onnxruntime.") && stem.ends_with(".dylib"))
}

/// Checks that a file is the pinned library, or on other machines at least a library of plausible size.
fn verify(path: &Path) -> Result<()> {
    let mut file = fs::File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let bytes = file.metadata()?.len();
    let mut start = [0; 4];
    file.read_exact(&mut start).with_context(|| format!("cannot read {}", path.display()))?;
    // ELF, Mach-O (one or several architectures), Windows.
    let plausible =
        matches!(start, [0x7f, b'E', b'L', b'F'] | [0xcf, 0xfa, 0xed, 0xfe] | [0xca, 0xfe, 0xba, 0xbe])
            || start.starts_with(b"MZ");
    if !plausible || bytes < LEAST_BYTES {
        bail!("what was fetched is no shared library ({bytes} bytes)");
    }
    if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        let sum = hex(&Sha256::digest(fs::read(path)?));
        if sum != SHA256_LINUX_X86_64 {
            bail!("the library's SHA-256 is {sum}, expected {SHA256_LINUX_X86_64}");
        }
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_is_told_from_its_helpers() {
        for name in [
            "libonnxruntime.so.1.24.1",
            "libonnxruntime.1.24.1.dylib",
            "onnxruntime.dll",
            "libonnxruntime.so",
        ] {
            assert!(is_library(name), "{name}");
        }
        for name in [
            "libonnxruntime_providers_shared.so",
            "onnxruntime_pybind11_state.so",
            "onnxruntime_validation.py",
        ] {
            assert!(!is_library(name), "{name}");
        }
    }

    #[test]
    fn a_page_saved_in_place_of_the_library_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("libonnxruntime.so");
        fs::write(&path, "<html>404</html>").unwrap();
        assert!(verify(&path).unwrap_err().to_string().contains("no shared library"));
    }
}
