//! The targets' programs, with coverage counters.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::{process, workspace::Workspace};

/// What libFuzzer needs to see where an input leads: LLVM's own pass, which stable compilers take too (the flags are
/// those of cargo-fuzz, without the sanitizers, which they do not).
const COVERAGE: [&str; 5] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/// Whether libFuzzer runs on this system.
pub const fn is_supported() -> bool {
    cfg!(any(target_os = "linux", target_os = "macos"))
}

/// The programs that were built.
#[derive(Debug)]
pub struct Programs {
    folder: PathBuf,
}

impl Programs {
    /// Builds them into `target/fuzz/build`, which no other build uses.
    ///
    /// # Errors
    /// When cargo fails.
    pub fn build(workspace: &Workspace) -> Result<Self> {
        let version = process::output(process::rustc().arg("-vV"))?;
        let host = version.lines().find_map(|line| line.strip_prefix("host: "));
        let host = host.context("`rustc -vV` names no host")?;
        let target = workspace.target().join("fuzz/build");
        let mut build = process::cargo();
        build.current_dir(workspace.root()).args(["build", "--quiet", "--package=scatter-fuzz", "--bins"]);
        // Naming the host as target keeps the counters out of build scripts and macros.
        build.args(["--features=engine", "--profile=fuzz", "--target", host, "--target-dir"]).arg(&target);
        build.env("CARGO_ENCODED_RUSTFLAGS", COVERAGE.join("\x1f"));
        process::run(&mut build)?;
        Ok(Self { folder: target.join(host).join("fuzz") })
    }

    /// The program of the target `name`.
    pub fn of(&self, name: &str) -> PathBuf {
        self.folder.join(format!("fuzz-{name}"))
    }
}
