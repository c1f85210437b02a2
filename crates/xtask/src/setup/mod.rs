//! `cargo xtask setup`: everything a fresh machine with cargo lacks.
//!
//! Each part looks first and touches nothing when it finds what it needs, so a second run ends at once. A part that
//! fails does not keep the others from being set up.

mod apt;
mod browser_tests;
mod debian_rustc;
mod onnxruntime;
pub mod programs;
mod wasm_target;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::{web, workspace::Workspace};

pub use programs::chromium;
pub use wasm_target::WasmCompiler;

/// What is going to be done with the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Building, preparing and serving.
    Demo,
    /// That, and all tests.
    Everything,
}

/// Whether a part had to do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was there.
    InPlace,
    /// It was installed now.
    Installed,
}

/// ONNX Runtime's library, fetched where it is missing.
///
/// # Errors
/// When it is missing and cannot be fetched.
pub fn onnxruntime() -> Result<PathBuf> {
    onnxruntime::ensure()?;
    onnxruntime::library()
}

/// Sets the machine up.
///
/// # Errors
/// When a part could not be set up; each has said why.
pub fn run(workspace: &Workspace, scope: Scope) -> Result<()> {
    let mut parts: Vec<(&str, Result<Outcome>)> = vec![
        ("programs", programs::ensure(scope)),
        ("ONNX Runtime", onnxruntime::ensure()),
        ("wasm32 target", WasmCompiler::ensure().map(|(_, outcome)| outcome)),
        ("wasm-bindgen", web::check_bindgen_version(workspace).map(|()| Outcome::InPlace)),
    ];
    if scope == Scope::Everything {
        parts.push(("browser tests", browser_tests::ensure(&workspace.browser_tests())));
    }
    let failed: Vec<&str> = parts
        .iter()
        .filter_map(|(name, result)| result.as_ref().err().map(|error| (name, error)))
        .map(|(name, error)| {
            eprintln!("setup: {name}: {error:#}");
            *name
        })
        .collect();
    if !failed.is_empty() {
        bail!("setup is incomplete: {}", failed.join(", "));
    }
    let idle = parts.iter().all(|(_, result)| matches!(result, Ok(Outcome::InPlace)));
    println!("setup: {}", if idle { "everything is in place" } else { "done" });
    Ok(())
}

/// Brings the JavaScript packages that the lock file in `folder` names.
///
/// # Errors
/// When npm cannot.
pub fn packages(folder: &Path) -> Result<()> {
    browser_tests::ensure(folder).map(drop)
}
