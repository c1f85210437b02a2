//! A Rust compiler that can build the page.
//!
//! The ordinary route is `rustup target add`. Where that cannot be had, Debian's compiler for the web is unpacked into
//! the user's cache and used for the page alone (see [`super::debian_rustc`]).

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result, bail};

use super::{Outcome, apt, debian_rustc};
use crate::{process, workspace};

const TARGET: &str = "wasm32-unknown-unknown";

/// rustup retries for long on a line that is down.
const RUSTUP_LIMIT: Duration = Duration::from_secs(300);

/// The compiler to build the page with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WasmCompiler {
    /// The machine's own, which has the target.
    Own,
    /// The one in this folder.
    Unpacked(PathBuf),
}

impl WasmCompiler {
    /// Finds the compiler, or installs one.
    ///
    /// # Errors
    /// When neither route works; the message holds both reasons.
    pub fn ensure() -> Result<(Self, Outcome)> {
        let sysroot = PathBuf::from(process::output(process::rustc().args(["--print", "sysroot"]))?);
        if has_target(&sysroot) {
            return Ok((Self::Own, Outcome::InPlace));
        }
        let folder = workspace::cache()?.join("wasm-rustc");
        if debian_rustc::is_whole(&folder) {
            return Ok((Self::Unpacked(folder), Outcome::InPlace));
        }
        println!("setup: adding the target {TARGET} (rustup)");
        let added = process::run_within(Command::new("rustup").args(["target", "add", TARGET]), RUSTUP_LIMIT);
        if added.is_ok() && has_target(&sysroot) {
            return Ok((Self::Own, Outcome::Installed));
        }
        let reason = added
            .err()
            .map_or("rustup added it to another toolchain".to_owned(), |error| format!("{error:#}"));
        if !apt::is_here() {
            bail!(
                "no compiler for {TARGET}: {reason}; install that target's standard library, then run this again"
            );
        }
        println!("setup: {reason}");
        debian_rustc::build(&folder, &sysroot).with_context(|| {
            format!("no compiler for {TARGET}: {reason}; and Debian's could not be set up")
        })?;
        Ok((Self::Unpacked(folder), Outcome::Installed))
    }

    /// Cargo for the page: `cargo <task> --target wasm32-unknown-unknown` with this compiler and a target folder of its
    /// own, since switching compilers in one folder would rebuild everything each time.
    pub fn cargo(&self, task: &str, target: &Path) -> Command {
        let mut command = process::cargo();
        if let Self::Unpacked(folder) = self {
            command.env("RUSTC", folder.join("bin/rustc"));
        }
        command.args([task, "--target", TARGET, "--target-dir"]).arg(target);
        command
    }

    /// As [`Self::cargo`] for clippy, which belongs to its compiler.
    pub fn clippy(&self, target: &Path) -> Command {
        match self {
            Self::Own => self.cargo("clippy", target),
            Self::Unpacked(folder) => {
                // What `cargo clippy` does with its own driver.
                let mut command = self.cargo("check", target);
                command.env("RUSTC_WORKSPACE_WRAPPER", folder.join("bin/clippy-driver"));
                command
            }
        }
    }

    /// Makes a command of [`Self::clippy`] fail on any warning; the last words of its command line.
    pub fn deny_warnings(&self, clippy: &mut Command) {
        match self {
            Self::Own => clippy.args(["--", "-D", "warnings"]),
            Self::Unpacked(_) => clippy.env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__"),
        };
    }

    /// Where cargo leaves what it built with a profile.
    pub fn output(target: &Path, profile: &str) -> PathBuf {
        target.join(TARGET).join(profile)
    }
}

fn has_target(sysroot: &Path) -> bool {
    sysroot.join("lib/rustlib").join(TARGET).join("lib").is_dir()
}
